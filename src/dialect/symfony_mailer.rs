//! Symfony Mailer's `getDebug()`, and so Laravel's since version 9.
//!
//! ```text
//! < 220 mx.example.net ESMTP
//! > EHLO client.example
//! < 250 mx.example.net
//! ```
//!
//! Traps: the message is never logged (`> DATA`, `< 354 …`, `> .`); newer releases put the time in brackets
//! before the marks; the exception that the log is attached to quotes the reply, over several lines. The
//! marks are those of `curl -v` without its `* ` lines. From Symfony's `AbstractStream.php` and recordings of 5.4.

use super::{
    Custom, Dialect, Reader, Reading, Record, Say, Times, Unmarked,
    failure::has,
    reply_rows::{self, Unfinished},
    time,
};
use crate::transcript::{Fact, Mark, Moment};

pub(super) static DIALECT: Dialect = Dialect {
    name: "symfony-mailer",
    about: "Symfony Mailer's debug log, as in Laravel since version 9",
    client: "> ",
    server: "< ",
    key: "",
    times: Times::Sometimes,
    record: Record::DIALOGUE,
    unmarked: Unmarked::Neither,
    custom: Custom::FirstIsClient,
    hints: &["< 2", "< 3", "< 4", "< 5"],
    evidence: |line| {
        split(line)
            .is_some_and(|(_, mark, text)| mark == Mark::Second && reply_rows::code(text).is_some())
    },
    reader: || Box::new(Symfony::default()),
};

/// Time, mark and text of a line.
fn split(line: &[u8]) -> Option<(Option<Moment>, Mark, &[u8])> {
    let (at, rest) = match line.strip_prefix(b"[").and_then(time::iso) {
        Some((at, rest)) => (Some(at), rest.strip_prefix(b"] ")?),
        None => (None, line),
    };
    let mark = match rest.first()? {
        b'>' => Mark::First,
        b'<' => Mark::Second,
        _ => return None,
    };
    let text = rest.get(1..)?;
    // People who set the marks by hand forget the blank here and there.
    let glued = mark == Mark::First && (text == b"." || reply_rows::begins_with_verb(text));
    let bare = text.is_empty() || glued;
    Some((at, mark, text.strip_prefix(b" ").or_else(|| bare.then_some(text))?))
}

#[derive(Debug, Default)]
struct Symfony {
    /// 354 was the last reply.
    message_due: bool,
    /// The reply that an exception quotes.
    quoted: Unfinished,
}

impl Reader for Symfony {
    fn read(&mut self, line: &[u8], say: Say<'_>) -> bool {
        if let Some((at, mark, text)) = split(line) {
            if mark == Mark::First && self.message_due && text == b"." {
                say(Reading::tells(b"", Fact::BodyHidden(None)));
            }
            self.message_due = mark == Mark::Second && text.starts_with(b"354");
            say(Reading::said(mark, text).at(at));
            return true;
        }
        if has(line, "Expected response code ") && has(line, "but got ") {
            self.quoted.quoted(line);
            say(Reading::tells(line, Fact::ToolError(line.to_vec())));
            return true;
        }
        let further = self.quoted.takes(line);
        if further {
            say(Reading::remark(line));
        }
        further
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dialect::tests::{read, rows};

    #[test]
    fn exceptions_are_remarks_and_messages_hidden() {
        let lines = [
            "Expected response code \"250\" but got code \"550\", with message \"550-5.1.1 no:",
            "550 5.1.1 User unknown\".",
            "< 220 mx.example",
            "[2026-11-23T10:13:45.123456+00:00] > DATA",
            "< 354 go",
            "> .",
            "> Subject: hi",
            ">.",
            ">quit",
            ">>> quit",
            "550 5.1.1 nobody",
        ];
        assert_eq!(
            rows(&read(&DIALECT, &lines)),
            [
                "T ToolError",
                "T",
                "2 220 mx.example",
                "1 DATA",
                "2 354 go",
                "T BodyHidden(None)",
                "1 .",
                "1 Subject: hi",
                "1 .",
                "1 quit",
                "-",
                "-"
            ]
        );
    }
}
