//! What a dialect's reader makes of a record, in one line: for the dialects' own tests.

use super::Dialect;
use crate::transcript::Mark;

/// The payload of a record: `0:` stands before what stands under the first mark, `1:` under the second,
/// `?:` under none; a line that is not of the dialect is `-`. Remarks are left out, but for those whose
/// facts `facts` names.
pub(super) fn told(dialect: &Dialect, record: &str, facts: bool) -> String {
    let mut reader = (dialect.reader)();
    let mut said: Vec<String> = Vec::new();
    let mut say = |reading: super::Reading<'_>| {
        let text = String::from_utf8_lossy(&reading.text).into_owned();
        let key = reading.key.map(|key| String::from_utf8_lossy(&key).into_owned() + "/");
        let key = key.filter(|_| facts).unwrap_or_default();
        match reading.mark {
            Mark::First => said.push(format!("{key}0:{text}")),
            Mark::Second => said.push(format!("{key}1:{text}")),
            Mark::Unmarked => said.push(format!("{key}?:{text}")),
            Mark::Tool => {}
        }
        if let Some(fact) = reading.fact.filter(|_| facts) {
            let fact = format!("{fact:?}");
            let name = fact.split([' ', '(', '{']).next().unwrap_or_default();
            said.push(format!("{key}{name}"));
        }
    };
    let mut untaken = Vec::new();
    let lines: Vec<&str> = record.lines().collect();
    for (index, line) in lines.iter().enumerate() {
        reader.ahead(lines.get(index + 1).unwrap_or(&"").as_bytes());
        if !reader.read(line.as_bytes(), &mut say) && !line.trim().is_empty() {
            untaken.push(format!("-{line}"));
        }
    }
    reader.finish(&mut say);
    said.extend(untaken);
    said.join(" ")
}

/// The payload of a record and the lines that are not of the dialect.
pub(super) fn spoken(dialect: &Dialect, record: &str) -> String {
    told(dialect, record, false)
}
