//! The `log` events of early Nodemailer, as Node prints objects.
//!
//! ```text
//! { type: 'server', message: '220 mx.example.net ESMTP' }
//! { type: 'client',
//!   message: 'EHLO client.example' }
//! ```
//!
//! Traps: a long object takes several lines; a reply is one string with `\n` in it; the quotes are those that
//! the string itself does not hold. From nodemailer 1's sources and public pastes.

use super::{
    Custom, Dialect, Reader, Reading, Record, Say, Times, Unmarked,
    escape::{backslash_lines, literal},
};
use crate::transcript::Mark;

pub(super) static DIALECT: Dialect = Dialect {
    name: "nodemailer-events",
    about: "the log events of Nodemailer 1, printed as objects",
    client: "type: 'client'",
    server: "type: 'server'",
    key: "",
    times: Times::Never,
    record: Record::DIALOGUE,
    unmarked: Unmarked::Neither,
    custom: Custom::FirstIsClient,
    hints: &["{ type: '"],
    evidence: |line| begins(line).is_some(),
    reader: || Box::new(Events::default()),
};

/// Whose event a line begins, and what stands behind.
fn begins(line: &[u8]) -> Option<(Mark, &[u8])> {
    let rest = line.trim_ascii_start().strip_prefix(b"{ type: '")?;
    let client = rest.strip_prefix(b"client',").map(|rest| (Mark::First, rest));
    client.or_else(|| Some((Mark::Second, rest.strip_prefix(b"server',")?)))
}

#[derive(Debug, Default)]
struct Events {
    /// Whose event goes on in the next line.
    open: Option<Mark>,
}

impl Reader for Events {
    fn read(&mut self, line: &[u8], say: Say<'_>) -> bool {
        let (mark, rest) = match (begins(line), self.open.take()) {
            (Some(found), _) => found,
            (None, Some(mark)) => (mark, line),
            (None, None) => return false,
        };
        let text = rest.trim_ascii_start();
        if text.is_empty() {
            self.open = Some(mark);
            say(Reading::remark(line));
            return true;
        }
        let Some(text) = text.strip_prefix(b"message: ").and_then(literal) else {
            return begins(line).is_some();
        };
        if text.inner.is_empty() {
            say(Reading::said(mark, text.inner));
        }
        for part in backslash_lines(text.inner) {
            say(part.said(mark));
        }
        true
    }

    fn leave(&mut self) {
        self.open = None;
    }
}

#[cfg(test)]
mod tests {
    use super::{
        super::shown::{check, evident},
        *,
    };

    #[test]
    fn objects_take_several_lines() {
        check(
            &DIALECT,
            "{ type: 'server', message: '220 mx.example.net ESMTP' }\n\
             { type: 'client',\n  message: 'EHLO client.example' }\n\
             { type: 'server',\n  message: '250-mx.example.net\\n250 HELP' }\n\
             { type: 'client',\nand so on",
            "2 220 mx.example.net ESMTP
             1 EHLO client.example
             2 250-mx.example.net
             2 250 HELP
             ? and so on",
        );
        evident(&DIALECT, "{ type: 'other', message: '220 mx' }", false);
    }
}
