//! Lines read with the marks that were learnt.

use super::{AnyMarks, is_quote};
use crate::{
    dialect::{
        Reader, Reading, Say,
        escape::{backslash_lines, literal, token_lines},
        telnet_unix,
    },
    transcript::{Fact, Mark},
};

impl Reader for AnyMarks {
    fn read(&mut self, line: &[u8], say: Say<'_>) -> bool {
        let Some((mark, at)) = self.marked(line) else {
            let word = line.split(|octet| *octet == b' ').next().unwrap_or_default();
            let talks = if self.message {
                self.hides
            } else {
                self.is_command.is_some_and(|test| test(line) || test(word))
            };
            if talks {
                say(Reading::remark(line));
            }
            return talks;
        };
        let text = line.get(at..).unwrap_or_default();
        let before = line.get(..at).unwrap_or_default();
        // The mark is quoted with the text, as in a list of lines in a program's source.
        let opening = before.trim_ascii_start().first().copied().filter(|octet| is_quote(*octet));
        let text = match (opening, before.last()) {
            (Some(quote), Some(last)) if !is_quote(*last) => {
                let end = text.trim_ascii_end();
                let end = end.strip_suffix(b",").unwrap_or(end);
                end.strip_suffix(&[quote]).unwrap_or(text)
            }
            _ => text,
        };
        if telnet_unix::marked(text, say) {
            return true;
        }
        if mark == Mark::Second {
            self.message = text.starts_with(b"354");
            if self.message && self.hides {
                say(Reading::tells(text.get(..0).unwrap_or_default(), Fact::BodyHidden(None)));
            }
        }
        // Some programs log what they read, and again what they took it for.
        let again = mark == Mark::First
            && self.last.as_ref().is_some_and(|(mark, last)| mark != before && last == text);
        if again && !text.is_empty() && !self.message {
            say(Reading::remark(line));
            return true;
        }
        self.last = Some((before.to_vec(), text.to_vec()));
        if before.ends_with(b"\\\"") {
            // Quoted twice over: only the end is looked for.
            let end = memchr::memmem::find(text, b"\\\"").unwrap_or(text.len());
            say(Reading::said(mark, text.get(..end).unwrap_or(text)));
        } else if before.last().copied().is_some_and(is_quote)
            && let Some(literal) = line.get(at - 1..).and_then(literal)
        {
            if literal.inner.is_empty() {
                say(Reading::said(mark, literal.inner));
            }
            for part in backslash_lines(literal.inner) {
                say(part.said(mark));
            }
        } else if memchr::memmem::find(text, b"<CRLF>").is_some() && !tells_of_the_end(text) {
            token_lines(text, b"<CRLF>", true).for_each(|part| say(part.said(mark)));
        } else if text.ends_with(b"\\n") {
            backslash_lines(text).for_each(|part| say(part.said(mark)));
        } else {
            say(Reading::said(mark, text));
        }
        true
    }
}

/// `354 End data with <CRLF>.<CRLF>`: a reply's own words, not how the line ends.
fn tells_of_the_end(text: &[u8]) -> bool {
    text.starts_with(b"354") && memchr::memmem::find(text, b"<CRLF>.<CRLF>").is_some()
}
