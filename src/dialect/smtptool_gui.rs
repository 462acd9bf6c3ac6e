//! Double arrows before each line, as small test programs for Windows show sessions.
//!
//! ```text
//! << 220 mx.example.net ESMTP
//! >> EHLO client.example
//! ```
//!
//! Traps: Swift Mailer and some MailKit logs have the same marks, and nested quotations in mail look like one
//! side of it. From a public paste.

use super::{Custom, Dialect, Reading, Record, Say, Times, Unmarked, reply_rows};
use crate::transcript::Mark;

pub(super) static DIALECT: Dialect = Dialect {
    name: "smtptool-gui",
    about: "test programs with windows that show >> and <<",
    client: ">> ",
    server: "<< ",
    key: "",
    times: Times::Never,
    record: Record::DIALOGUE,
    unmarked: Unmarked::Server,
    custom: Custom::FirstIsClient,
    hints: &["<< "],
    evidence: |line| matches!(marked(line), Some((Mark::Second, text)) if reply_rows::code(text).is_some()),
    reader: || Box::new(read),
};

fn marked(line: &[u8]) -> Option<(Mark, &[u8])> {
    let (mark, rest) = match line.split_at_checked(2)? {
        (b">>", rest) => (Mark::First, rest),
        (b"<<", rest) => (Mark::Second, rest),
        _ => return None,
    };
    Some((mark, rest.strip_prefix(b" ").or_else(|| rest.is_empty().then_some(rest))?))
}

fn read(line: &[u8], say: Say<'_>) -> bool {
    let Some((mark, text)) = marked(line) else { return false };
    say(Reading::said(mark, text));
    true
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dialect::tests::{read, rows};

    #[test]
    fn two_arrows_are_marks_and_three_are_not() {
        let lines = ["<< 220 mx", ">> QUIT", ">>", ">>> EHLO", "<<< 250 ok"];
        assert_eq!(rows(&read(&DIALECT, &lines)), ["2 220 mx", "1 QUIT", "1 ", "-", "-"]);
        assert!(!(DIALECT.evidence)(b"<< said somebody"));
    }
}
