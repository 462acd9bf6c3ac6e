//! Swift Mailer's logger plugin, as in Laravel up to version 8, Drupal and `XenForo`.
//!
//! ```text
//! ++ Starting Swift_SmtpTransport
//! << 250-mx.example.net
//! 250 HELP
//!
//! >> MAIL FROM:<a@client.example>
//! ```
//!
//! Traps: a reply is marked once, its further lines stand bare; every entry carries its own line end, so that
//! blank lines follow; the message is left out but for the end: `>> `, and the dot on a line of its own; the
//! first entry may stand behind `Swift_SmtpTransport` without a break; the log may be one JSON string. From
//! Swift Mailer's `LoggerPlugin.php`.

use std::borrow::Cow;

use super::{
    Custom, Dialect, Reader, Reading, Say, Unmarked, escape,
    failure::{connect_failed, has},
    reply_rows::Unfinished,
};
use crate::transcript::{ClosedBy, Fact, Mark};

pub(super) static DIALECT: Dialect = Dialect {
    name: "swiftmailer",
    about: "Swift Mailer's logger plugin, as in Laravel up to version 8",
    client: ">> ",
    server: "<< ",
    key: "",
    times: "never",
    unmarked: Unmarked::Server,
    custom: Custom::FirstIsClient,
    hints: &["Swift_", "!! Expected ", "Log data: >> "],
    evidence: |line| {
        has(line, "++ Starting Swift_")
            || has(line, "++ Swift_")
            || has(line, "!! Expected ")
            || has(line, "Log data: >> ")
    },
    reader: || Box::new(Swift::default()),
};

#[derive(Debug, Default)]
struct Swift {
    reply: Unfinished,
    /// In an error's quotation of a reply.
    quoting: bool,
    /// `>> ` stood alone: the dot that follows is the client's.
    dot_due: bool,
}

impl Reader for Swift {
    fn read(&mut self, line: &[u8], say: Say<'_>) -> bool {
        let Some(start) = memchr::memmem::find(line, b"++ Starting Swift_") else {
            return self.entry(line, line, say);
        };
        let tail = line.get(start..).unwrap_or_default();
        if has(tail, "\\n") {
            self.string(tail, say);
            return true;
        }
        // What a page glued together.
        match memchr::memmem::find(tail, b"<< ").and_then(|at| tail.split_at_checked(at)) {
            Some((remark, reply)) => {
                self.entry(remark, remark, say) && self.entry(reply, reply, say)
            }
            None => self.entry(tail, tail, say),
        }
    }
}

impl Swift {
    /// The whole log as one string.
    fn string(&mut self, text: &[u8], say: Say<'_>) {
        for part in escape::backslash_lines(text) {
            let end = memchr::memchr(b'"', &part.text).filter(|_| part.ending.is_none());
            let bare = part.text.get(..end.unwrap_or(part.text.len())).unwrap_or_default();
            if !self.entry(bare, part.within, say) {
                say(Reading::remark(part.within));
            }
        }
    }

    /// One entry, which the record shows as `within`.
    fn entry(&mut self, text: &[u8], within: &[u8], say: Say<'_>) -> bool {
        let mark = match text.split_at_checked(2) {
            Some((b">>", rest)) => Some((Mark::First, rest)),
            Some((b"<<", rest)) => Some((Mark::Second, rest)),
            _ => None,
        };
        if let Some((mark, rest)) = mark {
            let rest = rest.strip_prefix(b" ").unwrap_or(rest).trim_ascii_end();
            self.quoting = false;
            // On one line with what comes before and behind it, the dot is its entry's only text.
            if mark == Mark::First && rest.trim_ascii() == b"." {
                self.dot_due = false;
                say(Reading::tells(b"", Fact::BodyHidden(None)));
                tell(Mark::First, b".", within, say);
                return true;
            }
            self.dot_due = mark == Mark::First && rest.is_empty();
            if self.dot_due {
                say(Reading::remark(within));
                return true;
            }
            self.reply = Unfinished::NONE;
            if mark == Mark::Second {
                self.reply.said(rest);
            }
            tell(mark, rest, within, say);
            return true;
        }
        if text == b"." && self.dot_due {
            self.dot_due = false;
            say(Reading::tells(b"", Fact::BodyHidden(None)));
            tell(Mark::First, text, within, say);
            return true;
        }
        if text.starts_with(b"++ ") || text.starts_with(b"!! ") {
            self.remark(text, within, say);
            return true;
        }
        if self.reply.takes(text) {
            if self.quoting {
                say(Reading::remark(within));
            } else {
                tell(Mark::Second, text, within, say);
            }
            return true;
        }
        false
    }

    fn remark(&mut self, text: &[u8], within: &[u8], say: Say<'_>) {
        let fact = if text.starts_with(b"++ Starting Swift_") {
            Some(Fact::Opening)
        } else if text.starts_with(b"++ Stopping Swift_") {
            None
        } else if text.starts_with(b"++ Swift_") && text.ends_with(b" stopped") {
            Some(Fact::Closed(ClosedBy::Client))
        } else if text.starts_with(b"!! Connection could not be established") {
            Some(connect_failed(text))
        } else {
            self.quoting = text.starts_with(b"!! ");
            self.reply.quoted(text);
            self.quoting.then(|| Fact::ToolError(text.to_vec()))
        };
        say(Reading { fact, ..Reading::remark(within) });
    }
}

/// Says a text that the record shows as `within`.
fn tell(mark: Mark, text: &[u8], within: &[u8], say: Say<'_>) {
    let part = memchr::memmem::find(within, text).and_then(|at| within.get(at..at + text.len()));
    say(match part {
        Some(part) => Reading { text: Cow::Borrowed(part), ..Reading::said(mark, part) },
        None => Reading::unescaped(mark, text.to_vec(), within),
    });
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dialect::tests::{read, rows};

    #[test]
    fn further_lines_are_bare() {
        let lines = [
            "++ Starting Swift_SmtpTransport<< 220 mx.example",
            "",
            ">> EHLO me",
            "",
            "<< 250-mx.example",
            "250 HELP",
            "++ Swift_SmtpTransport started",
            ">> DATA",
            "<< 354 go",
            ">> ",
            ".",
            "<< 550 no",
            "!! Expected response code 250 but got code \"550\", with message \"550-no",
            "550 no\" (code: 550)",
            "550 nobody",
        ];
        assert_eq!(
            rows(&read(&DIALECT, &lines)),
            [
                "T Opening",
                "2 220 mx.example",
                "-",
                "1 EHLO me",
                "-",
                "2 250-mx.example",
                "2 250 HELP",
                "T",
                "1 DATA",
                "2 354 go",
                "T",
                "T BodyHidden(None)",
                "1 .",
                "2 550 no",
                "T ToolError",
                "T",
                "-"
            ]
        );
    }

    #[test]
    fn a_string_holds_the_whole_log() {
        let line = r#""log": "++ Starting Swift_SmtpTransport\n<< 220 mx\r\n\n>> QUIT\r\n\n<< 221-a\r\n221 b\r\n","#;
        assert_eq!(
            rows(&read(&DIALECT, &[line])),
            ["T Opening", "2 220 mx", "T", "1 QUIT", "T", "2 221-a", "2 221 b", "T"]
        );
    }
}
