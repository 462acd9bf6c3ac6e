//! libESMTP's monitor (`esmtp -X`, Balsa): `C: ` and `S: `, but one mark for each read from the network.
//!
//! ```text
//! C: EHLO client.example
//! S: 250-mx.example.net
//! S: 250-SIZE 10485760
//! 250-8BITMIME
//! 250 HELP
//! ```
//!
//! The marks are those of `rfc-cs`; what proves libESMTP is a line of a reply that has none behind one that
//! has, so that this dialect reads only from there on. From a recording of esmtp 1.2.

use super::{
    Custom, Dialect, Reader, Reading, Record, Say, Times, Unmarked,
    reply_rows::{self, Unfinished},
};
use crate::transcript::Mark;

pub(super) static DIALECT: Dialect = Dialect {
    name: "libesmtp",
    about: "libESMTP's protocol monitor, as in esmtp -X",
    client: "C: ",
    server: "S: ",
    key: "",
    times: Times::Never,
    record: Record::DIALOGUE,
    unmarked: Unmarked::Server,
    custom: Custom::FirstIsClient,
    hints: &["S: 250-", "S: 220-", "S: 550-"],
    evidence: |line| matches!(marked(line), Some((Mark::Second, text)) if reply_rows::goes_on(text)),
    reader: || Box::new(LibEsmtp::default()),
};

fn marked(line: &[u8]) -> Option<(Mark, &[u8])> {
    let (mark, rest) = match line.trim_ascii_start().split_at_checked(2)? {
        (b"C:", rest) => (Mark::First, rest),
        (b"S:", rest) => (Mark::Second, rest),
        _ => return None,
    };
    Some((mark, rest.strip_prefix(b" ").or_else(|| rest.is_empty().then_some(rest))?))
}

/// Whether the line begins or goes on with a reply whose next line has no mark.
pub(super) fn proves(line: &[u8], next: &[u8]) -> bool {
    let Some((Mark::Second, text)) = marked(line) else { return false };
    reply_rows::goes_on(text) && reply_rows::code(text) == reply_rows::code(next)
}

#[derive(Debug, Default)]
struct LibEsmtp {
    proved: bool,
    reply: Unfinished,
    next: Vec<u8>,
}

impl Reader for LibEsmtp {
    fn ahead(&mut self, next: &[u8]) {
        self.next.clear();
        let next = next.trim_ascii_start();
        self.next.extend_from_slice(next.get(..4.min(next.len())).unwrap_or_default());
    }

    fn read(&mut self, line: &[u8], say: Say<'_>) -> bool {
        if let Some((mark, text)) = marked(line) {
            self.reply.said(if mark == Mark::Second { text } else { b"" });
            self.proved |= proves(line, &self.next);
            if self.proved {
                say(Reading::said(mark, text));
            }
            return self.proved;
        }
        let text = line.trim_ascii_start();
        let further = self.proved && self.reply.takes(text);
        if further {
            say(Reading::said(Mark::Second, text));
        }
        further
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dialect::tests::{read, rows};

    #[test]
    fn a_bare_line_proves_it() {
        let lines =
            ["C: EHLO me", "S: 250-mx", "S: 250-SIZE", "250-8BITMIME", "250 HELP", "C: QUIT"];
        assert_eq!(
            rows(&read(&DIALECT, &lines)),
            ["-", "-", "2 250-SIZE", "2 250-8BITMIME", "2 250 HELP", "1 QUIT"]
        );
        assert_eq!(rows(&read(&DIALECT, &["S: 250-mx", "S: 250 HELP"])), ["-", "-"]);
    }
}
