//! Medusa, which tries logins, with `-w 10`.
//!
//! ```text
//! DEBUG [8B0FA6C0]: Data received (36): 220 mx.example.net ESMTP Postfix[0D][0A]
//! DEBUG [8B0FA6C0]: Data sent: EHLO client.example[0D][0A]
//! ```
//!
//! Traps: what was received is told twice, the second time `Formatted`; it names the password in clear before it sends
//! it; each login runs in a thread of its own, and a thread makes one connection after another. From recordings of
//! Medusa 2.2.

use super::{Custom, Dialect, Reading, Record, Say, Times, Unmarked, escape::token_lines, sign};
use crate::transcript::{ClosedBy, Fact, Mark};

pub(super) static DIALECT: Dialect = Dialect {
    name: "medusa",
    about: "Medusa with -w 10",
    client: "Data sent: ",
    server: "Data received (…): ",
    key: "[thread]",
    times: Times::Never,
    record: Record { wire: true, ..Record::DIALOGUE },
    unmarked: Unmarked::Neither,
    custom: Custom::FirstIsClient,
    hints: &["]: Data sent: ", "]: Data received ("],
    evidence: |line| entry(line).is_some_and(|(_, text)| said(text).is_some()),
    reader: || Box::new(read),
};

/// How it shows the end of a line: what cannot be printed stands in brackets.
const CRLF: &[u8] = b"[0D][0A]";

/// The thread, and what it tells.
fn entry(line: &[u8]) -> Option<(&[u8], &[u8])> {
    let rest = line.strip_prefix(b"DEBUG ")?;
    let rest = rest.strip_prefix(b"MODULE ").unwrap_or(rest);
    let (thread, text) = sign::around(rest.strip_prefix(b"[")?, "]: ")?;
    let number = !thread.is_empty() && thread.iter().all(u8::is_ascii_hexdigit);
    number.then_some((thread, text))
}

/// Whose octets a line tells, and how it shows them.
fn said(text: &[u8]) -> Option<(Mark, &[u8])> {
    if let Some(sent) = text.strip_prefix(b"Data sent: ") {
        return Some((Mark::First, sent));
    }
    let (octets, received) = sign::around(text.strip_prefix(b"Data received (")?, "): ")?;
    octets.iter().all(u8::is_ascii_digit).then_some((Mark::Second, received))
}

fn read(line: &[u8], say: Say<'_>) -> bool {
    let Some((thread, text)) = entry(line) else { return false };
    if let Some((mark, octets)) = said(text) {
        for part in token_lines(octets, CRLF, true) {
            say(part.said(mark).of(thread));
        }
        return true;
    }
    let fact = match text {
        b"Connected (internal)" => Some(Fact::Opening),
        b"Disconnect successful" => Some(Fact::Closed(ClosedBy::Client)),
        _ => None,
    };
    say(Reading { fact, ..Reading::remark(line) }.of(thread));
    true
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dialect::tests::{read, rows};

    #[test]
    fn a_row_holds_the_lines_of_a_reply() {
        let lines = [
            "DEBUG [8B0FA6C0]: Connected (internal)",
            "DEBUG MODULE [8B0FA6C0]: [smtp.mod] Retrieving SMTP banner.",
            "DEBUG [8B0FA6C0]: Data received (27): 250-mx.example[0D][0A]250 HELP[0D][0A]",
            "DEBUG [8B0FA6C0]: Formatted data received (size 10): 250 HELP[0D][0A]",
            "DEBUG [8B0FA6C0]: Data sent: EHLO me[0D][0A]",
            "DEBUG [8B0FA6C0]: Disconnect successful",
            "ERROR: Failed to match regex pattern within server's response.",
        ];
        let said = read(&DIALECT, &lines);
        assert_eq!(
            rows(&said),
            [
                "T Opening",
                "T",
                "2 250-mx.example",
                "2 250 HELP",
                "T",
                "1 EHLO me",
                "T Closed(Client)",
                "-"
            ]
        );
        assert_eq!(said.get(2).and_then(|said| said.key.as_deref()), Some(&b"8B0FA6C0"[..]));
    }
}
