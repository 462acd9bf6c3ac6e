//! The peeling of one line: what its neighbours prove to wrap it, then what it shows by itself.

use std::borrow::Cow;

use super::{
    Knows, Peeled, Peeler, Wrapper, ansi, backspace, bbcode, html, likeness, logger, markdown,
    plan::Taken, putty, script, typography,
};

impl Peeler {
    /// Where the first of several lines on one ends, whose text begins behind `front` octets. What is behind is for
    /// [`Peeler::further`], so no more of it is looked at than the first: what a line costs is its length.
    pub(super) fn cut(&self, line: &[u8], front: usize) -> Option<usize> {
        let front = if front > 0 { front + leading_escapes(line) } else { 0 };
        let text = line.get(front..)?;
        let cut = if self.page { html::cut(text) } else { self.joined.cut(text) };
        cut.map(|at| front + at)
    }

    pub(super) fn unwrap<'l>(
        &self,
        line: &'l [u8],
        cut: Option<usize>,
        taken: Taken,
        scratch: &'l mut Vec<u8>,
    ) -> Peeled<'l> {
        let first = cut.unwrap_or_else(|| line.len().saturating_sub(taken.rest));
        let (line, behind) =
            line.split_at_checked(first).map_or((line, 0), |(line, further)| (line, further.len()));
        // What is behind the text stands behind the last of several lines.
        let back = if cut.is_none() || self.page && behind == 0 { taken.back } else { 0 };
        let mut core = Core { text: without_escapes(line), front: 0, back: 0 };
        if core.is_made() {
            core.front = leading_escapes(line);
        }
        let time =
            taken.time.and_then(|(start, end)| core.text.get(start..end)).map(<[u8]>::to_vec);
        core.cut(taken.front, back);
        if !taken.mark.is_empty() {
            core.made_of([taken.mark, &core.text].concat());
        }
        let mut blank = false;
        if self.page && memchr::memchr2(b'<', b'&', &core.text).is_some() {
            let mut text = Vec::with_capacity(core.text.len());
            let piece = html::piece(&core.text, &mut text);
            blank = piece.blank;
            core.front += piece.skipped;
            core.back += piece.end.saturating_sub(piece.skipped + piece.octets);
            core.made_of(text);
        }
        if self.escapes {
            let mut text = Vec::with_capacity(core.text.len());
            markdown::unescape(&core.text, &mut text);
            core.made_of(text);
        }
        if taken.syslog && memchr::memchr(b'#', &core.text).is_some() {
            let mut text = Vec::with_capacity(core.text.len());
            logger::unescape(&core.text, &mut text);
            core.made_of(without_escapes(&text).into_owned());
        }
        let mut set = false;
        if typography::concerns(&core.text) {
            if let Some(typed) = typography::typed(&core.text)
                && !((self.knows)(&typed) & !(self.knows)(&core.text)).is_empty()
            {
                core.made_of(typed);
                set = true;
            }
            core.cut(typography::arrow(&core.text), 0);
            let mut text = Vec::with_capacity(core.text.len());
            if typography::plain(&core.text, &mut text) {
                core.made_of(text);
            }
        }
        let tag = self.page
            && !blank
            && core.text.trim_ascii().is_empty()
            && !line.trim_ascii().is_empty();
        if let Some(kind) = kind(&core.text).or(tag.then_some(Wrapper::Tag)) {
            return Peeled { rest: behind, ..whole(line, Some(kind)) };
        }
        let (opening, closing) = tags(&core.text, self.knows);
        core.cut(opening, closing);
        let skipped = core.front.min(line.len());
        let octets = line.len().saturating_sub(skipped + core.back);
        let altered = taken.altered || cut.is_some() && !self.page || set;
        let joint = taken.joint;
        match core.text {
            Cow::Borrowed(text) => {
                let at = taken.time.and_then(|(start, end)| line.get(start..end));
                Peeled { text, skipped, octets, rest: behind, kind: None, at, joint, altered }
            }
            Cow::Owned(text) => {
                scratch.clear();
                scratch.extend_from_slice(&text);
                scratch.extend_from_slice(time.as_deref().unwrap_or_default());
                let (text, written) = scratch.split_at_checked(text.len()).unwrap_or_default();
                let at = time.is_some().then_some(written);
                Peeled { text, skipped, octets, rest: behind, kind: None, at, joint, altered }
            }
        }
    }
}

/// What is inside a line so far.
struct Core<'l> {
    text: Cow<'l, [u8]>,
    /// Octets of the line before it.
    front: usize,
    /// Octets of the line behind it.
    back: usize,
}

impl Core<'_> {
    /// Whether the text is another than the line's own.
    const fn is_made(&self) -> bool {
        matches!(self.text, Cow::Owned(_))
    }

    /// Takes octets off the text's beginning and end.
    fn cut(&mut self, front: usize, back: usize) {
        if front + back == 0 {
            return;
        }
        let length = self.text.len();
        let (front, end) = (front.min(length), length.saturating_sub(back));
        self.front += front;
        self.back += length - end;
        match &mut self.text {
            Cow::Borrowed(text) => *text = text.get(front..end).unwrap_or_default(),
            Cow::Owned(text) => {
                text.truncate(end);
                text.drain(..front.min(end));
            }
        }
    }

    /// Replaces the text by what was made of it.
    fn made_of(&mut self, text: Vec<u8>) {
        if text != *self.text {
            self.text = Cow::Owned(text);
        }
    }
}

/// The line as it is.
pub(super) const fn whole(line: &[u8], kind: Option<Wrapper>) -> Peeled<'_> {
    Peeled {
        text: line,
        skipped: 0,
        octets: line.len(),
        rest: 0,
        kind,
        at: None,
        joint: None,
        altered: false,
    }
}

/// Whether no wrapper that a line shows by itself can be on it.
pub(super) fn is_bare(line: &[u8]) -> bool {
    memchr::memchr2(ansi::ESC, backspace::BS, line).is_none()
        && line.is_ascii()
        && !matches!(
            line.trim_ascii_start().first(),
            Some(b'`' | b'~' | b'*' | b'_' | b'[' | b'{' | b'=' | b'S')
        )
        && !matches!(line.trim_ascii_end().last(), Some(b']' | b'}'))
}

/// The line without terminal escapes and with local editing applied.
pub(super) fn without_escapes(line: &[u8]) -> Cow<'_, [u8]> {
    if memchr::memchr2(ansi::ESC, backspace::BS, line).is_none() {
        return Cow::Borrowed(line);
    }
    let mut plain = Vec::with_capacity(line.len());
    backspace::apply(line, &mut plain);
    // `ESC[?2004l CR` stands before the first line that a command prints.
    let start = plain.iter().take_while(|octet| **octet == b'\r').count();
    plain.drain(..start);
    while plain.last() == Some(&b'\r') {
        plain.pop();
    }
    Cow::Owned(plain)
}

/// How many octets of escapes (and carriage returns) stand before the first visible one.
fn leading_escapes(line: &[u8]) -> usize {
    let mut at = 0;
    while let Some(rest) = line.get(at..) {
        match rest.first() {
            Some(&ansi::ESC) if ansi::length(rest) > 0 => at += ansi::length(rest),
            Some(b'\r') => at += 1,
            _ => break,
        }
    }
    at.min(line.len())
}

/// What a line is that holds no text.
fn kind(text: &[u8]) -> Option<Wrapper> {
    if markdown::is_fence(text) {
        return Some(Wrapper::Fence);
    }
    if putty::is_header(text) {
        return Some(Wrapper::Putty);
    }
    if let Some(started) = script::boundary(text) {
        return Some(if started { Wrapper::ScriptStarted } else { Wrapper::ScriptDone });
    }
    let trimmed = text.trim_ascii();
    let opening = bbcode::opening(trimmed);
    (opening > 0 && opening == trimmed.len()).then_some(Wrapper::Tag)
}

/// How many octets of tags and emphasis stand around the text.
fn tags(text: &[u8], knows: Knows) -> (usize, usize) {
    let (opening, closing) = (bbcode::opening(text), bbcode::closing(text));
    let inner = text.get(opening..text.len().saturating_sub(closing)).unwrap_or_default();
    let emphasis = markdown::emphasis(inner);
    if emphasis > 0 {
        return (opening + emphasis, closing + emphasis);
    }
    (opening + glued(inner, knows), closing)
}

/// How many backticks of a fence, or of a code span over many lines, are glued to its first line.
fn glued(text: &[u8], knows: Knows) -> usize {
    let signs = text.iter().take(4).take_while(|octet| **octet == b'`').count();
    let rest = text.get(signs..).unwrap_or_default();
    let first = matches!(signs, 1 | 3)
        && !rest.contains(&b'`')
        && (likeness::marked(rest).is_some() || !(knows(rest) & !knows(text)).is_empty());
    if first { signs } else { 0 }
}
