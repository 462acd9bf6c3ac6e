//! Lines read with the marks that were learnt.

use std::borrow::Cow;

use super::{
    AnyMarks, apart,
    inside::{Closing, Inside},
};
use crate::{
    dialect::{
        Reader, Reading, Say,
        escape::{backslash_lines, entities, literal, token_lines},
        telnet_unix,
    },
    transcript::{Fact, Mark},
};

impl Reader for AnyMarks {
    fn read(&mut self, line: &[u8], say: Say<'_>) -> bool {
        if let Some(behind) = &self.behind {
            return self.read_behind(behind, line, say);
        }
        let Some((mark, at, texts)) = self.marked(line) else { return self.unmarked(line, say) };
        let before = line.get(..at).unwrap_or_default();
        let Inside { text, closing } = inside(line, at, texts.closed);
        if telnet_unix::marked(text, say) {
            return true;
        }
        if mark == Mark::Second {
            self.message = text.starts_with(b"354");
            if self.message && self.hides {
                say(Reading::tells(text.get(..0).unwrap_or_default(), Fact::BodyHidden(None)));
            }
            self.unfinished.said(text);
        }
        // Some programs log what they read, and again what they took it for.
        let again = mark == Mark::First
            && self.last.as_ref().is_some_and(|(mark, last)| mark != before && last == text);
        if again && !text.is_empty() && !self.message {
            say(Reading::remark(line));
            return true;
        }
        self.last = Some((before.to_vec(), text.to_vec()));
        if texts.apart && apart::say_reply(line.get(at..).unwrap_or_default(), say) {
            return true;
        }
        self.say(mark, text, closing, say);
        if closing == Closing::Quote && before.ends_with(b"[\"") {
            listed(line.get(at + text.len() + 1..).unwrap_or_default(), mark, say);
        }
        true
    }
}

impl AnyMarks {
    /// Reads a line without a mark.
    fn unmarked(&mut self, line: &[u8], say: Say<'_>) -> bool {
        let word = line.split(|octet| *octet == b' ').next().unwrap_or_default();
        let talks = if self.message {
            self.hides
        } else {
            self.is_command.is_some_and(|test| test(line) || test(word))
        };
        if talks {
            say(Reading::remark(line));
            return true;
        }
        let Some(at) = self.prefix.form.front(line) else { return false };
        if self.both {
            let text = line.get(at..).unwrap_or_default();
            if at == 0 {
                return false;
            }
            if self.unfinished.takes(text) {
                say(Reading::said(Mark::Second, text));
            } else if self.message {
                return false;
            } else {
                // What the program says itself begins like what it marks.
                say(Reading::remark(line));
            }
            return true;
        }
        let Inside { text, closing } = inside(line, at, self.prefix.texts.closed);
        let shown = self.ending.is_some_and(|ending| text.ends_with(ending.as_bytes()));
        if text.len() == line.len() && !shown {
            return false;
        }
        self.say(Mark::Unmarked, text, closing, say);
        true
    }

    /// Says the lines of a text.
    fn say(&self, mark: Mark, text: &[u8], closing: Closing, say: Say<'_>) {
        let shown = self.ending.filter(|ending| holds(text, ending));
        let shown = shown
            .or(Some("<CRLF>").filter(|ending| holds(text, ending) && !tells_of_the_end(text)));
        let token = shown.filter(|ending| !ending.starts_with('\\'));
        match closing {
            Closing::Escaped => say(Reading::said(mark, text)),
            _ if text.is_empty() => say(Reading::said(mark, text)),
            _ if token.is_some() => {
                let token = token.unwrap_or_default();
                token_lines(text, token.as_bytes(), true).for_each(|part| say(part.said(mark)));
            }
            Closing::Quote => backslash_lines(text).for_each(|part| say(part.said(mark))),
            _ if shown.is_some() || text.ends_with(b"\\n") => {
                backslash_lines(text).for_each(|part| say(part.said(mark)));
            }
            Closing::Tag => match entities(text) {
                Cow::Owned(plain) => say(Reading::unescaped(mark, plain, text)),
                Cow::Borrowed(text) => say(Reading::said(mark, text)),
            },
            Closing::Line | Closing::Sign => say(Reading::said(mark, text)),
        }
    }
}

/// The text that begins at `at`, which a sign closes where such signs were learnt.
fn inside(line: &[u8], at: usize, closed: bool) -> Inside<'_> {
    let inside = Inside::of(line, at);
    if closed || !matches!(inside.closing, Closing::Sign | Closing::Tag) {
        return inside;
    }
    Inside { text: line.get(at..).unwrap_or_default(), closing: Closing::Line }
}

/// The further strings of a list: `", "250 HELP"]`.
fn listed(mut rest: &[u8], mark: Mark, say: Say<'_>) {
    while let Some(further) = rest.strip_prefix(b", ").or_else(|| rest.strip_prefix(b",")) {
        let Some(next) = literal(further) else { return };
        backslash_lines(next.inner).for_each(|part| say(part.said(mark)));
        rest = next.rest;
    }
}

fn holds(text: &[u8], ending: &str) -> bool {
    memchr::memmem::find(text, ending.as_bytes()).is_some()
}

/// `354 End data with <CRLF>.<CRLF>`: a reply's own words, not how the line ends.
fn tells_of_the_end(text: &[u8]) -> bool {
    text.starts_with(b"354") && holds(text, "<CRLF>.<CRLF>")
}
