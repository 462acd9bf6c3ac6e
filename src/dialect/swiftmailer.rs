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
//! first entry may stand behind `Swift_SmtpTransport` without a break; the log may be one JSON string; an error's
//! words may hold a copy of the whole log so far. From Swift Mailer's `LoggerPlugin.php` and recordings of 6.3.

use std::borrow::Cow;

use super::{
    Custom, Dialect, Reader, Reading, Record, Say, Times, Unmarked, escape,
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
    times: Times::Never,
    record: Record::DIALOGUE,
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

/// Entries that are known wherever they stand in a line.
const TELLING: [&[u8]; 2] = [b"++ Starting Swift_", b"!! Connection could not be established"];

#[derive(Debug, Default)]
struct Swift {
    reply: Unfinished,
    /// In an error's quotation of a reply.
    quoting: bool,
    /// `>> ` stood alone: the dot that follows is the client's.
    dot_due: bool,
    /// A log has begun.
    started: bool,
    copies: Copies,
}

/// The log quotes itself: the words of an error may hold all of it so far (`Log data:`), with the copies that
/// stood in it by then.
#[derive(Debug, Default)]
struct Copies {
    /// How many are open, each in the one before.
    open: usize,
    /// How many of them have not begun.
    due: usize,
}

impl Copies {
    /// Whether a line of a log is a copy's.
    fn take(&mut self, line: &[u8]) -> bool {
        if line == b"Log data:" {
            self.open += 1;
            self.due += 1;
            return true;
        }
        if line.starts_with(b"++ Starting Swift_") {
            match self.due.checked_sub(1) {
                Some(due) => self.due = due,
                // The end of a copy is missing: this is another log.
                None => self.open = 0,
            }
        }
        let copied = self.open > 0;
        // Each error ends with its code, and the copy's last entry is one as well.
        self.open = self.open.saturating_sub(codes(line).saturating_sub(1));
        copied
    }
}

/// How many of `(code: 550)` a line ends with.
fn codes(mut line: &[u8]) -> usize {
    let mut count = 0;
    while let Some(rest) = line.trim_ascii_end().strip_suffix(b")") {
        let digits = rest.iter().rev().take_while(|octet| octet.is_ascii_digit()).count();
        let Some(rest) =
            rest.get(..rest.len() - digits).and_then(|rest| rest.strip_suffix(b"(code: "))
        else {
            break;
        };
        count += 1;
        line = rest;
    }
    count
}

impl Reader for Swift {
    fn read(&mut self, line: &[u8], say: Say<'_>) -> bool {
        if self.started && self.copies.take(line) {
            say(Reading::remark(line));
            return true;
        }
        let entry = |sign: &&[u8]| memchr::memmem::find(line, sign);
        let Some(start) = TELLING.iter().find_map(entry) else {
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

    fn leave(&mut self) {
        (self.started, self.copies) = (false, Copies::default());
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
            self.started = true;
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
    fn a_log_that_quotes_itself_was_said_once() {
        let lines = [
            "Log data:",
            "++ Starting Swift_SmtpTransport",
            "<< 220 mx.example",
            "!! Expected response code 250 but got code \"220\" (code: 220)",
            "!! Expected response code 250 but got code \"220\"",
            "Log data:",
            "++ Starting Swift_SmtpTransport",
            "<< 220 mx.example",
            "!! Expected response code 250 but got code \"220\" (code: 220) (code: 220)",
            ">> QUIT",
            "!! Expected",
            "Log data:",
            "++ Starting Swift_SmtpTransport",
            "<< 220 mx.example",
            "++ Starting Swift_SmtpTransport",
            "<< 220 other.example",
        ];
        let said: Vec<String> =
            rows(&read(&DIALECT, &lines)).into_iter().filter(|row| !row.starts_with('T')).collect();
        assert_eq!(said, ["-", "2 220 mx.example", "1 QUIT", "2 220 other.example"]);
    }

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
