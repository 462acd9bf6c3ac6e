//! Xeams' conversation log: columns with tabs between them.
//!
//! ```text
//! 2026-11-23 10:13:45	8812	S	220 mx.example ESMTP
//! 2026-11-23 10:13:45	8812	C	EHLO client.example
//! ```
//!
//! From the vendor's description; no recording was at hand.

use super::{
    Custom, Dialect, Reading, Record, Say, Times, Unmarked,
    reply_rows::{begins_with_verb, code},
    time,
};
use crate::transcript::{Fact, Mark};

pub(super) static DIALECT: Dialect = Dialect {
    name: "xeams",
    about: "Xeams' conversation log",
    client: "C in the third column",
    server: "S in the third column",
    key: "second column",
    times: Times::Always,
    record: Record::DIALOGUE,
    unmarked: Unmarked::Neither,
    custom: Custom::FirstIsClient,
    hints: &["\tC\t", "\tS\t"],
    evidence: |line| {
        split(line).is_some_and(|(_, mark, text)| match mark {
            Mark::First => begins_with_verb(text),
            _ => code(text).is_some(),
        })
    },
    reader: || Box::new(read),
};

fn split(line: &[u8]) -> Option<(&[u8], Mark, &[u8])> {
    let mut columns = line.splitn(4, |octet| *octet == b'\t');
    let (first, key) = (columns.next()?, columns.next()?);
    let mark = match columns.next()? {
        b"C" => Mark::First,
        b"S" => Mark::Second,
        _ => return None,
    };
    (first.first()?.is_ascii_digit() && !key.is_empty()).then_some((key, mark, columns.next()?))
}

fn read(line: &[u8], say: Say<'_>) -> bool {
    let Some((key, mark, text)) = split(line) else { return false };
    let at = time::iso(line).or_else(|| time::strokes(line)).or_else(|| time::clock(line));
    let hidden = text.starts_with(b"354") && mark == Mark::Second;
    let fact = hidden.then_some(Fact::BodyHidden(None));
    say(Reading { fact, ..Reading::said(mark, text) }.at(at.map(|(at, _)| at)).of(key));
    true
}

#[cfg(test)]
mod tests {
    use super::{
        super::shown::{check, evident},
        *,
    };

    #[test]
    fn reads_columns() {
        check(
            &DIALECT,
            "2026-11-23 10:13:45\t8812\tS\t220 mx.example\n10:13:45\t8812\tC\tEHLO a\tb\nx\ty\tC\tz",
            "[8812] 2 220 mx.example
             [8812] 1 EHLO a\tb
             ? x\ty\tC\tz",
        );
        evident(&DIALECT, "2026-11-23 10:13:45\t8812\tS\tzzz", false);
    }
}
