//! Email OAuth 2.0 Proxy with `--debug`: what a mail program and the proxy say to each other.
//!
//! ```text
//! 2026-11-23 10:13:45,769: SMTP (192.0.2.7:58644-{192.0.2.1:1587}-smtp.example.com:587) --> [ Client connected ]
//! 2026-11-23 10:13:45,790: SMTP (192.0.2.7:58644-{192.0.2.1:1587}-smtp.example.com:587)     <-- b'220 mx.example\r\n'
//! 2026-11-23 10:13:45,790: SMTP (192.0.2.7:58644-{192.0.2.1:1587}-smtp.example.com:587) <-- b'220 mx.example\r\n'
//! 2026-11-23 10:13:45,801: SMTP (192.0.2.7:58644-{192.0.2.1:1587}-smtp.example.com:587) --> b'EHLO me\r\n'
//! ```
//!
//! Traps: what the proxy says to the provider stands in the same log under the same name, indented, and only until the
//! login; the mail program's connection is there as a whole, and it is the session. A handshake may be that of either
//! connection. Once somebody has logged in, his name is added to the addresses. IMAP and POP look the same. From the
//! proxy's source and from logs in its issues.

use super::{
    Custom, Dialect, Reading, Record, Say, Times, Unmarked,
    escape::{backslash_lines, literal},
    failure::has,
    time,
};
use crate::transcript::{ClosedBy, Fact, Mark};

pub(super) static DIALECT: Dialect = Dialect {
    name: "email-oauth2-proxy",
    about: "Email OAuth 2.0 Proxy with --debug",
    client: "SMTP (addresses) --> ",
    server: "SMTP (addresses) <-- ",
    key: "the addresses",
    times: Times::Always,
    record: Record::DIALOGUE,
    unmarked: Unmarked::Neither,
    custom: Custom::FirstIsClient,
    hints: &[": SMTP ("],
    evidence: |line| Row::of(line).is_some(),
    reader: || Box::new(read),
};

/// A line about a connection.
struct Row<'l> {
    /// The addresses between the parentheses.
    key: &'l [u8],
    /// It is about the proxy's connection with the provider.
    onward: bool,
    mark: Option<Mark>,
    text: &'l [u8],
}

impl<'l> Row<'l> {
    fn of(line: &'l [u8]) -> Option<Self> {
        let at = memchr::memmem::find(line, b": SMTP (")?;
        let rest = line.get(at + 8..)?;
        let end = memchr::memmem::find(rest, b") ")?;
        let (names, rest) = (rest.get(..end)?, rest.get(end + 2..)?);
        // `…; ed@example.com`, but not `localhost:1587; 127.0.0.1:58644->smtp.example.com:587`.
        let name = memchr::memmem::rfind(names, b"; ")
            .filter(|at| names.get(*at..).is_some_and(|name| !has(name, "->")));
        let key = names.get(..name.unwrap_or(names.len()))?;
        let text = rest.trim_ascii_start();
        let onward = rest.len() - text.len() >= 2;
        let (mark, text) = match text.get(..4) {
            Some(b"--> ") => (Some(Mark::First), text.get(4..)?),
            Some(b"<-- ") => (Some(Mark::Second), text.get(4..)?),
            Some(b"<-> ") => (None, text.get(4..)?),
            _ => (None, text),
        };
        let told = text.starts_with(b"[ ") || mark.is_some() && literal(text).is_some();
        (told && key.contains(&b':')).then_some(Self { key, onward, mark, text })
    }
}

fn read(line: &[u8], say: Say<'_>) -> bool {
    let Some(row) = Row::of(line) else { return false };
    let at = time::iso(line).map(|(at, _)| at);
    let said = literal(row.text).filter(|_| !row.onward);
    if let (Some(mark), Some(literal)) = (row.mark, said) {
        for part in backslash_lines(literal.inner) {
            say(part.said(mark).at(at).of(row.key));
        }
    } else if row.text.starts_with(b"[ Client connected ]") {
        say(Reading::tells(row.text, Fact::Opening).at(at).of(row.key));
    } else if row.text.ends_with(b"disconnected ]") {
        // Whoever closes, the proxy ends both connections and logs both ends.
        say(Reading::tells(row.text, Fact::Closed(ClosedBy::Unknown)).at(at).of(row.key));
    } else {
        say(Reading::remark(row.text).at(at).of(row.key));
    }
    true
}

#[cfg(test)]
mod tests {
    use super::{
        super::shown::{check, evident},
        *,
    };

    #[test]
    fn reads_the_mail_programs_connection() {
        check(
            &DIALECT,
            "2026-11-23 10:13:45,769: SMTP (192.0.2.7:58644-{192.0.2.1:1587}-smtp.example.com:587) --> [ Client connected ]\n\
             2026-11-23 10:13:45,790: SMTP (192.0.2.7:58644-{192.0.2.1:1587}-smtp.example.com:587)     <-- b'220 mx\\r\\n'\n\
             2026-11-23 10:13:45,790: SMTP (192.0.2.7:58644-{192.0.2.1:1587}-smtp.example.com:587) <-- b'220 mx\\r\\n'\n\
             2026-11-23 10:13:45,801: SMTP (192.0.2.7:58644-{192.0.2.1:1587}-smtp.example.com:587) --> b'EHLO me\\r\\n'\n\
             2026-11-23 10:13:45,802: SMTP (192.0.2.7:58644-{192.0.2.1:1587}-smtp.example.com:587; ed@example.com) <-- b\"250 it's me\\r\\n\"\n\
             2026-11-23 10:13:46,802: SMTP (192.0.2.7:58644-{192.0.2.1:1587}-smtp.example.com:587; ed@example.com) --> [ Client disconnected ]\n\
             2026-11-23 10:13:45,769: SMTP (localhost:1587; 127.0.0.1:58644->smtp.example.com:587) <-> [ Starting TLS handshake ]",
            "[192.0.2.7:58644-{192.0.2.1:1587}-smtp.example.com:587] * = Opening
             [192.0.2.7:58644-{192.0.2.1:1587}-smtp.example.com:587] 2 220 mx
             [192.0.2.7:58644-{192.0.2.1:1587}-smtp.example.com:587] 1 EHLO me
             [192.0.2.7:58644-{192.0.2.1:1587}-smtp.example.com:587] 2 250 it's me
             [192.0.2.7:58644-{192.0.2.1:1587}-smtp.example.com:587] * = Closed(Unknown)",
        );
        evident(
            &DIALECT,
            "2026-11-23 10:13:45: IMAP (192.0.2.7:58644-{192.0.2.1:1993}-imap.example.com:993) <-- b'* OK\\r\\n'",
            false,
        );
    }
}
