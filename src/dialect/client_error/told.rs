//! How a quoted reply is told: its host, and its lines, each with the code.

use super::quote::Quote;
use crate::{
    dialect::{
        Reading, Say, bounce,
        escape::backslash_lines,
        peer,
        reply_rows::{Code, code, joined},
    },
    transcript::{Mark, Moment},
};

impl Quote<'_> {
    /// Says which host answered, as far as that is told.
    pub(super) fn host(&self, line: &[u8], say: Say<'_>) {
        let empty = line.get(..0).unwrap_or_default();
        let Some(host) = self.host else { return };
        let (name, end) = bounce::parts(host);
        peer::server(name, end, empty, say);
    }

    /// Says the lines of the reply, of which further ones follow or not.
    pub(super) fn reply(&self, goes_on: bool, at: Option<Moment>, say: Say<'_>) {
        let Self { code, enhanced, text, escaped, .. } = *self;
        let shown = Shown { code, enhanced, text, escaped, goes_on };
        if self.held {
            let say = &mut |reading: Reading<'_>| {
                say(Reading::unescaped(Mark::Second, reading.text.to_vec(), self.sign).at(at));
            };
            lines(shown, at, say);
        } else {
            lines(shown, at, say);
        }
    }
}

/// Says the lines of a reply, each with the code: libraries take it off all lines or off the further ones.
pub(super) fn lines(reply: Shown<'_>, at: Option<Moment>, say: Say<'_>) {
    let Shown { code: own, enhanced, text, escaped, goes_on } = reply;
    let mut shown: Vec<(Vec<u8>, &[u8])> = Vec::new();
    if escaped {
        let said = backslash_lines(text).filter(|line| !line.text.trim_ascii().is_empty());
        for line in said {
            let parts = joined(&line.text, b" ");
            shown.extend(parts.map(|part| (part.trim_ascii().to_vec(), line.within)));
        }
    } else {
        let lines = joined(text, b" ").map(<[u8]>::trim_ascii_end);
        shown.extend(lines.map(|line| (line.to_vec(), line)));
    }
    if shown.is_empty() {
        shown.push((Vec::new(), text));
    }
    let own = own.or_else(|| code(&shown.first()?.0)).unwrap_or(*b"   ");
    let last = shown.len().saturating_sub(1);
    for (index, (line, within)) in shown.iter().enumerate() {
        let words = match line.strip_prefix(&own) {
            Some(rest) if code(line).is_some() => rest.get(1..).unwrap_or_default(),
            _ => line,
        };
        let mark: &[u8] = match (index == last && !goes_on, words) {
            (true, b"") => b"",
            (true, _) => b" ",
            (false, _) => b"-",
        };
        let line = match enhanced {
            Some(enhanced) => [&own, mark, enhanced, b" ", words].concat(),
            None => [&own, mark, words].concat(),
        };
        let reading = if line.as_slice() == *within {
            Reading::said(Mark::Second, within)
        } else {
            Reading::unescaped(Mark::Second, line, within)
        };
        say(reading.at(at));
    }
}

/// A reply as a quotation has it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Shown<'l> {
    /// The code, where it does not stand in the text.
    pub(super) code: Option<Code>,
    /// The enhanced code, where it does not stand in the text.
    pub(super) enhanced: Option<&'l [u8]>,
    pub(super) text: &'l [u8],
    pub(super) escaped: bool,
    /// Further lines of it follow.
    pub(super) goes_on: bool,
}

/// How many octets at the end of a quotation's last line are not the reply's: quotation marks and brackets.
pub(super) fn behind(text: &[u8]) -> usize {
    let kept = text.iter().rposition(|octet| !matches!(octet, b'"' | b'\'' | b';' | b' '));
    text.len() - kept.map_or(0, |at| at + 1)
}
