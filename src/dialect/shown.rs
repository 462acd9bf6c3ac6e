//! For tests: what a dialect reads in a record, as text that a test can hold.

use std::{borrow::Cow, fmt::Write as _};

use super::{Dialect, Reading};
use crate::{span::Span, transcript::Mark};

/// One line for each reading: its key in brackets, its mark (`1`, `2`, `-` for none, `*` for a remark), its
/// text (behind `+` where it joins the line before it), and its fact behind `=`. A line that the dialect does not read stands behind `?`.
///
/// Remarks that tell nothing are left out: what counts of them is that they are taken.
pub(super) fn shown(dialect: &Dialect, record: &str) -> String {
    let mut reader = (dialect.reader)();
    let mut all = String::new();
    let mut lines = record.lines().peekable();
    while let Some(line) = lines.next() {
        reader.ahead(lines.peek().map_or(b"", |next| next.as_bytes()));
        let taken = reader
            .read(line.as_bytes(), &mut |reading| all.push_str(&one(line.as_bytes(), &reading)));
        if !taken {
            writeln!(all, "{}", format!("? {line}").trim_end()).unwrap();
        }
    }
    reader.finish(&mut |reading| all.push_str(&one(b"", &reading)));
    all
}

/// One reading of a line; nothing for a remark that tells nothing.
fn one(line: &[u8], reading: &Reading<'_>) -> String {
    let part = match (&reading.text, reading.within) {
        (_, Some(within)) => within,
        (Cow::Borrowed(text), None) => text,
        (Cow::Owned(_), None) => line,
    };
    let place = Span::of(line, part);
    assert_eq!(place.slice(line), part, "a part of {}", String::from_utf8_lossy(line));
    let mark = match reading.mark {
        Mark::First => '1',
        Mark::Second => '2',
        Mark::Unmarked => '-',
        Mark::Tool if reading.fact.is_none() => return String::new(),
        Mark::Tool => '*',
    };
    let mut shown = String::new();
    if let Some(key) = &reading.key {
        write!(shown, "[{}] ", String::from_utf8_lossy(key)).unwrap();
    }
    write!(shown, "{mark}").unwrap();
    if mark != '*' {
        let gap = if reading.joins { "+" } else { " " };
        write!(shown, "{gap}{}", String::from_utf8_lossy(&reading.text)).unwrap();
    }
    if let Some(fact) = &reading.fact {
        // Octets read better as text.
        write!(shown, " = {}", legible(&format!("{fact:?}"))).unwrap();
    }
    shown + "\n"
}

/// Puts text for the lists of octets in a fact's debug form.
fn legible(debug: &str) -> String {
    let mut all = String::new();
    let mut rest = debug;
    while let Some((before, after)) = rest.split_once('[') {
        all.push_str(before);
        let (list, after) = after.split_once(']').unwrap_or((after, ""));
        let octets: Option<Vec<u8>> = list.split(", ").map(|octet| octet.parse().ok()).collect();
        let octets = octets.unwrap_or_default();
        write!(all, "'{}'", String::from_utf8_lossy(&octets)).unwrap();
        rest = after;
    }
    all + rest
}

/// Asserts what a dialect reads in a record; `expected` without the indentation of the test's source.
#[track_caller]
pub(super) fn check(dialect: &Dialect, record: &str, expected: &str) {
    let shown = shown(dialect, record);
    let lines: Vec<&str> = expected.trim().lines().map(str::trim_start).collect();
    let expected = lines.join("\n") + "\n";
    assert_eq!(shown, expected, "\n--- read:\n{shown}--- expected:\n{expected}");
}

/// Asserts that a line is evidence of a dialect, behind one of its hints, or that it is none.
#[track_caller]
pub(super) fn evident(dialect: &Dialect, line: &str, expected: bool) {
    let hinted = dialect.hints.iter().any(|hint| line.contains(hint));
    assert_eq!(hinted && (dialect.evidence)(line.as_bytes()), expected, "{line}");
}
