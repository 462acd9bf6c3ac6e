//! What was put around a transcript on its way into a ticket: one wrapper a file, each removed and accounted for.
//!
//! *Enters*: the lines of a source without their endings, a window of them at a time.
//! *Leaves*: for each line the text inside and how many octets stand before and behind it.
//!
//! Two kinds of wrappers: those that a line shows by itself (terminal escapes, fences, tags), and
//! those that only its neighbours prove (quoting, indentation, line numbers, a logger's prefix, a
//! page's entities). The second kind is learnt from a window of lines before its lines are peeled.

mod ansi;
mod array;
mod backspace;
mod bbcode;
mod brackets;
mod cells;
mod comment;
mod csv;
mod diagram;
mod envelope;
mod html;
mod indent;
mod joined;
mod keys;
mod likeness;
mod literal;
mod logger;
mod markdown;
mod numbering;
mod program;
mod proof;
mod putty;
mod quote;
mod remark;
mod rows;
mod runs;
mod script;
mod serial;
mod shared;
mod spacing;
mod typography;
mod wraps;

use std::borrow::Cow;

pub use csv::Table;
pub use envelope::{Content, Envelope, Key};
pub use program::{is_statement, quoted_in_programs};
pub use proof::Knows;
pub use quote::quoting;
pub use rows::broken_rows;
pub use spacing::Spacing;
pub use wraps::Joint;

/// How many lines to give to [`Peeler::learn`] at a time.
pub const WINDOW: usize = 2048;

/// A line that is wrapper as a whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wrapper {
    /// A Markdown fence.
    Fence,
    /// A tag of a page, of `BBCode` or of Jira.
    Tag,
    /// The first line of a typescript.
    ScriptStarted,
    /// The last line of a typescript.
    ScriptDone,
    /// PuTTY's header.
    Putty,
}

impl Wrapper {
    /// Whether a new capture begins behind the line, so that a session before it is over.
    pub const fn begins_capture(self) -> bool {
        matches!(self, Self::ScriptStarted | Self::Putty)
    }
}

/// A line with its wrappers taken off.
///
/// `skipped` octets, the `octets` that the text was made from, a tail and `rest` make the line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Peeled<'l> {
    /// The text: a part of the line where it stands there as it is; the whole line where it is
    /// wrapper.
    pub text: &'l [u8],
    /// Octets of the line before the text.
    pub skipped: usize,
    /// Octets of the line that the text was made from.
    pub octets: usize,
    /// How many octets at the line's end follow a line break inside it (a page's `<br>`), or are a reply that
    /// somebody wrote behind a command: they are for [`Peeler::further`]. Mostly 0.
    pub rest: usize,
    /// What the line is where it holds no text.
    pub kind: Option<Wrapper>,
    /// The time that a logger wrote before it, in the logger's own form.
    pub at: Option<&'l [u8]>,
    /// The line goes on where the one before it stopped: somebody broke a long line.
    pub joint: Option<Joint>,
    /// Somebody wrote a remark behind the text, put further lines behind it or set its signs: as it stands, the line
    /// is no recording tool's.
    pub altered: bool,
}

impl<'l> Peeled<'l> {
    /// A line that nothing is wrapped around.
    pub const fn whole(line: &'l [u8]) -> Self {
        whole(line, None)
    }
}

/// Takes wrappers off the lines of one source.
///
/// ```
/// use smtplog::wrapping::Peeler;
/// let lines: &[&[u8]] = &[b"> 220 mx.example.net", b"> QUIT", b"> 221 bye"];
/// let mut peeler = Peeler::default();
/// peeler.learn(&mut lines.iter().copied());
/// let mut scratch = Vec::new();
/// let peeled = peeler.peel(lines[0], &mut scratch);
/// assert_eq!((peeled.text, peeled.skipped), (&b"220 mx.example.net"[..], 2));
/// ```
#[derive(Debug)]
pub struct Peeler {
    knows: Knows,
    /// What wraps each line of the window; empty where nothing does.
    plan: Vec<Taken>,
    /// The next line of the window.
    next: usize,
    /// The last lines of the window before: what wraps them wraps what follows.
    before: Vec<Vec<u8>>,
    /// The window is a page's source.
    page: bool,
    /// Markdown's signs are escaped in the window.
    escapes: bool,
    /// How a copy joined lines of the window.
    joined: joined::Joined,
}

/// What the neighbours of a line prove to wrap it.
#[derive(Debug, Clone, Copy, Default)]
struct Taken {
    front: usize,
    back: usize,
    time: Option<(usize, usize)>,
    syslog: bool,
    joint: Option<Joint>,
    /// Octets at the end that are a line of their own.
    rest: usize,
    altered: bool,
    /// Which side says it, as a mark.
    mark: &'static [u8],
}

impl Default for Peeler {
    fn default() -> Self {
        Self::knowing(|_| 0)
    }
}

impl Peeler {
    /// Takes wrappers off lines that are a recording tool's without them, too.
    pub fn knowing(knows: Knows) -> Self {
        Self {
            knows,
            plan: Vec::new(),
            next: 0,
            before: Vec::new(),
            page: false,
            escapes: false,
            joined: joined::Joined::default(),
        }
    }

    /// Looks at the next lines of the source before they are peeled; at most [`WINDOW`] is advised.
    pub fn learn(&mut self, lines: &mut dyn Iterator<Item = &[u8]>) {
        let before = std::mem::take(&mut self.before);
        let window: Vec<Cow<'_, [u8]>> = lines.map(without_escapes).collect();
        let mut inner: Vec<&[u8]> =
            before.iter().map(Vec::as_slice).chain(window.iter().map(AsRef::as_ref)).collect();
        self.plan.clear();
        self.next = before.len();
        let all = inner.len().saturating_sub(REMEMBERED);
        self.before =
            inner.get(all..).unwrap_or_default().iter().map(|line| line.to_vec()).collect();
        self.page = html::learn(&inner, self.knows);
        self.escapes = inner.iter().any(|line| markdown::shows_escapes(line));
        self.joined = joined::Joined::learn(&inner);
        // A quoted listing is numbered inside its quoting, and a logger may take down either: each level is
        // learnt on what is left.
        let mut logged = false;
        for level in 0..LEVELS {
            let mut any = false;
            if !logged && let Some(found) = logger::learn(&inner, self.page, self.knows) {
                (logged, any) = (true, level > 0);
                self.take_prefixes(&found, &mut inner);
            }
            if level == 0 {
                for around in literal::learn(&inner) {
                    self.shave(&mut inner, around.index, around.front, around.back);
                }
            }
            for (may_apply, learn, around_pages) in LEARNT {
                // One look at how lines begin spares most windows the closer ones.
                let applies = *around_pages || !self.page;
                if !applies || !inner.iter().any(|line| may_apply(line)) {
                    continue;
                }
                if let Some(found) = learn(&inner, self.knows) {
                    any = true;
                    self.take(&found, &mut inner);
                }
            }
            if !any {
                break;
            }
            self.page = self.page || html::learn(&inner, self.knows);
        }
        if self.page {
            return;
        }
        for (index, back) in cells::learn(&inner) {
            self.shave(&mut inner, index, 0, back);
        }
        for index in brackets::learn(&inner) {
            if let Some(taken) = self.shave(&mut inner, index, 1, 1) {
                taken.altered = true;
            }
        }
        for key in keys::learn(&inner) {
            if let Some(taken) = self.shave(&mut inner, key.index, key.front, key.back) {
                taken.altered = true;
            }
        }
        for around in diagram::learn(&inner) {
            if let Some(taken) = self.shave(&mut inner, around.index, around.front, around.back) {
                (taken.altered, taken.mark) = (true, around.mark);
            }
        }
        for behind in remark::learn(&inner) {
            self.plan.resize(inner.len(), Taken::default());
            if let Some(taken) = self.plan.get_mut(behind.index) {
                taken.front += behind.front;
                taken.back += behind.back;
                taken.rest = behind.reply;
                taken.altered = true;
            }
        }
        for (index, joint) in wraps::learn(&inner) {
            self.plan.resize(inner.len(), Taken::default());
            if let Some(taken) = self.plan.get_mut(index) {
                taken.joint = Some(joint);
            }
        }
    }

    /// Takes octets off both ends of a line of the window; what is known of that line, where there is one.
    fn shave(
        &mut self,
        inner: &mut [&[u8]],
        index: usize,
        front: usize,
        back: usize,
    ) -> Option<&mut Taken> {
        self.plan.resize(inner.len(), Taken::default());
        let (taken, line) = (self.plan.get_mut(index)?, inner.get_mut(index)?);
        taken.front += front;
        taken.back += back;
        *line = line.get(front..line.len().saturating_sub(back)).unwrap_or_default();
        Some(taken)
    }

    /// Takes a logger's prefixes off.
    fn take_prefixes(&mut self, found: &[(usize, logger::Prefix)], inner: &mut [&[u8]]) {
        for (index, prefix) in found {
            if let Some(taken) = self.shave(inner, *index, prefix.front, 0) {
                let before = taken.front - prefix.front;
                taken.time = prefix.time.map(|(start, end)| (before + start, before + end));
                taken.syslog = true;
            }
        }
    }

    /// Takes octets off the fronts of lines, and a table's right border off their ends.
    fn take(&mut self, found: &[(usize, usize)], inner: &mut [&[u8]]) {
        for (index, front) in found {
            let line = inner.get(*index).copied().unwrap_or_default();
            let sign = line.get(..*front).unwrap_or_default();
            let text = line.get(*front..).unwrap_or_default();
            let border = if sign.contains(&b'|') { comment::border(text) } else { 0 };
            self.shave(inner, *index, *front, border);
        }
    }

    /// Whether the window is a page's source, in which signs stand as entities.
    pub const fn is_page(&self) -> bool {
        self.page
    }

    /// Peels the next line of the window.
    pub fn peel<'l>(&mut self, line: &'l [u8], scratch: &'l mut Vec<u8>) -> Peeled<'l> {
        let taken = self.plan.get(self.next).copied();
        self.next += 1;
        if taken.is_none() && !self.page && !self.escapes && !self.joined.any() && is_bare(line) {
            return whole(line, None);
        }
        let taken = taken.unwrap_or_default();
        self.unwrap(line, self.cut(line, taken.front), taken, scratch)
    }

    /// Peels the octets at the end of a line that [`Peeled::rest`] counts.
    pub fn further<'l>(&self, rest: &'l [u8], scratch: &'l mut Vec<u8>) -> Peeled<'l> {
        let cut = self.cut(rest, 0);
        // A reply out of a table's column ends with its border.
        let back = if cut.is_none() { comment::border(rest) } else { 0 };
        self.unwrap(rest, cut, Taken { back, ..Taken::default() }, scratch)
    }

    /// Where the first of several lines on one ends, whose text begins behind `front` octets. What is behind is for
    /// [`Peeler::further`], so no more of it is looked at than the first: what a line costs is its length.
    fn cut(&self, line: &[u8], front: usize) -> Option<usize> {
        let front = if front > 0 { front + leading_escapes(line) } else { 0 };
        let text = line.get(front..)?;
        let cut = if self.page { html::cut(text) } else { self.joined.cut(text) };
        cut.map(|at| front + at)
    }

    fn unwrap<'l>(
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
                && (self.knows)(&typed) & !(self.knows)(&core.text) != 0
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

/// Whether a line's beginning makes a wrapper possible.
type MayBegin = fn(&[u8]) -> bool;
/// Finds how many octets of which lines a wrapper takes.
type Learn = fn(&[&[u8]], Knows) -> Option<Vec<(usize, usize)>>;

/// What stands before each line of a block: which beginnings of lines make it possible, how it is learnt,
/// and whether a page's source stands in it, too.
const LEARNT: &[(MayBegin, Learn, bool)] = &[
    (quote::may_begin, quote::learn, true),
    (comment::may_begin, comment::learn, false),
    (serial::may_begin, serial::learn, false),
    (numbering::may_begin, numbering::learn, true),
    (array::may_begin, array::learn, true),
    (indent::may_begin, indent::learn, false),
];

/// How many lines of a window the next one is learnt with.
const REMEMBERED: usize = 16;

/// How many wrappers of one kind may stand inside each other.
const LEVELS: usize = 6;

/// The line as it is.
const fn whole(line: &[u8], kind: Option<Wrapper>) -> Peeled<'_> {
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
fn is_bare(line: &[u8]) -> bool {
    memchr::memchr2(ansi::ESC, backspace::BS, line).is_none()
        && line.is_ascii()
        && !matches!(
            line.trim_ascii_start().first(),
            Some(b'`' | b'~' | b'*' | b'_' | b'[' | b'{' | b'=' | b'S')
        )
        && !matches!(line.trim_ascii_end().last(), Some(b']' | b'}'))
}

/// The line without terminal escapes and with local editing applied.
fn without_escapes(line: &[u8]) -> Cow<'_, [u8]> {
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
        && (likeness::marked(rest).is_some() || knows(rest) & !knows(text) != 0);
    if first { signs } else { 0 }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::span::Span;

    /// The texts of all pieces of all lines; checks that nothing is lost on the way.
    fn peeled(lines: &[&[u8]]) -> Vec<(String, Option<Wrapper>)> {
        let mut peeler = Peeler::default();
        peeler.learn(&mut lines.iter().copied());
        let mut found = Vec::new();
        for line in lines {
            let mut scratch = Vec::new();
            let mut more;
            let mut piece = peeler.peel(line, &mut scratch);
            let mut whole = *line;
            loop {
                assert!(piece.skipped + piece.octets + piece.rest <= whole.len());
                let span = Span::of(whole, piece.text);
                if !span.is_empty() {
                    assert_eq!((span.start, span.len()), (piece.skipped, piece.octets));
                }
                found.push((String::from_utf8_lossy(piece.text).into_owned(), piece.kind));
                whole = &whole[whole.len() - piece.rest..];
                if whole.is_empty() {
                    break;
                }
                more = Vec::new();
                piece = peeler.further(whole, &mut more);
            }
        }
        found
    }

    fn texts(lines: &[&str]) -> Vec<String> {
        let lines: Vec<&[u8]> = lines.iter().map(|line| line.as_bytes()).collect();
        peeled(&lines)
            .into_iter()
            .filter(|(_, kind)| kind.is_none())
            .map(|(text, _)| text)
            .collect()
    }

    #[test]
    fn wrappers_are_taken_off() {
        let session = ["220 mx ready", "HELO x", "250 mx", "QUIT", "221 bye"];
        let wrap = |wrap: &dyn Fn(usize, &str) -> String| -> Vec<String> {
            session.iter().enumerate().map(|(at, line)| wrap(at, line)).collect()
        };
        for lines in [
            wrap(&|_, line| line.to_owned()),
            wrap(&|_, line| format!("> {line}")),
            wrap(&|_, line| format!(">> {line}")),
            wrap(&|_, line| format!("> > {line}")),
            wrap(&|_, line| format!("    {line}")),
            wrap(&|_, line| format!("> \t{line}")),
            wrap(&|at, line| format!("{:>6}  {line}", at + 7)),
            wrap(&|at, line| format!("> {}. {line}", at + 1)),
            wrap(&|_, line| format!("| {line} |")),
            wrap(&|_, line| format!("**{line}**")),
            wrap(&|_, line| format!("`{line}`")),
            wrap(&|_, line| format!("[b]{line}[/b]")),
            wrap(&|_, line| format!("Nov 23 10:12:01 mx logger: {line}")),
            wrap(&|_, line| format!("10:12:01.123 {line}")),
            wrap(&|_, line| format!("<b>{line}</b><br>")),
            wrap(&|_, line| format!("\x1b[32m{line}\x1b[0m")),
            wrap(&|_, line| line.replacen(' ', "\u{a0}", 1)),
            vec![session.join("<br>")],
        ] {
            let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
            assert_eq!(texts(&lines), session, "{lines:?}");
        }
    }

    #[test]
    fn whole_lines_are_wrapper() {
        for (line, want) in [
            ("```", Some(Wrapper::Fence)),
            ("[code]", Some(Wrapper::Tag)),
            ("{noformat}", Some(Wrapper::Tag)),
            ("Script started on 2026-11-23", Some(Wrapper::ScriptStarted)),
            ("Script done on 2026-11-23", Some(Wrapper::ScriptDone)),
            ("=~=~=~=~=~=~= PuTTY log 2026.03.03 14:22:09 =~=~=~=", Some(Wrapper::Putty)),
            ("250 ok", None),
            ("", None),
        ] {
            assert_eq!(peeled(&[line.as_bytes()]), [(line.to_owned(), want)]);
        }
    }

    #[test]
    fn a_span_may_be_glued_to_the_first_line() {
        for (line, want) in [
            ("```S: 220 mx", "S: 220 mx"),
            ("`EHLO me", "EHLO me"),
            ("``EHLO me", "``EHLO me"),
            ("`EHLO me` is sent first", "`EHLO me` is sent first"),
            ("`the log`", "`the log`"),
        ] {
            assert_eq!(texts(&[line]), [want]);
        }
        let mut peeler = Peeler::knowing(|line| u128::from(line.starts_with(b"say: ")));
        peeler.learn(&mut std::iter::once(&b"`say: hello"[..]));
        assert_eq!(peeler.peel(b"`say: hello", &mut Vec::new()).text, b"say: hello");
    }

    #[test]
    fn what_wraps_a_window_wraps_the_next() {
        let session: &[&[u8]] =
            &[b"> 220 mx", b"> EHLO me", b"> 250 mx", b"> QUIT", b"> 221 2.0.0 bye"];
        let mut peeler = Peeler::default();
        peeler.learn(&mut session.iter().copied());
        peeler.learn(&mut std::iter::once(&b"> and that was all"[..]));
        let mut scratch = Vec::new();
        assert_eq!(peeler.peel(b"> and that was all", &mut scratch).text, b"and that was all");
    }

    #[test]
    fn a_tools_own_lines_prove_what_wraps_them() {
        let known: Knows = |line| line.starts_with(b"=== Trying ").into();
        for lines in [
            &["> === Trying 192.0.2.1:25...", "> *** refused"][..],
            &[">> === Trying 192.0.2.1:25...", ">> *** refused"],
            &["mail-1 | === Trying 192.0.2.1:25...", "mail-1 | *** refused"],
            &["Nov 23 10:12:01 mx app: === Trying 192.0.2.1:25...", "Nov 23 10:12:01 mx app: ***"],
            &["  === Trying 192.0.2.1:25...", "  *** refused"],
            &["1: === Trying 192.0.2.1:25...", "2: *** refused", "3: the end"],
            &["# === Trying 192.0.2.1:25...", "# *** refused"],
        ] {
            let first = |knows| {
                let mut peeler = Peeler::knowing(knows);
                peeler.learn(&mut lines.iter().map(|line| line.as_bytes()));
                let mut scratch = Vec::new();
                peeler.peel(lines[0].as_bytes(), &mut scratch).text.to_vec()
            };
            assert_eq!(first(known), b"=== Trying 192.0.2.1:25...", "{lines:?}");
            assert_eq!(first(|_| 0), lines[0].as_bytes(), "{lines:?}");
            assert_eq!(first(|_| 1), lines[0].as_bytes(), "as it stands: {lines:?}");
        }
    }

    #[test]
    fn a_border_is_taken_off_the_last_of_joined_lines() {
        let line = "220 mx.example EHLO client.example 250 mx.example MAIL FROM:<a@client.example> 250 Ok DATA 354 go on . 250 Ok QUIT 221 Bye";
        let bare = texts(&[line]);
        assert_eq!(bare.len(), 11);
        let bordered = format!("| {line} |");
        let lines = [bordered.as_str(), "| EHLO client.example |", "| 250 mx.example |"];
        let found = texts(&lines);
        let trimmed = |all: &[String]| -> Vec<String> {
            all.iter().map(|text| text.trim().to_owned()).collect()
        };
        assert_eq!(trimmed(found.get(..11).unwrap()), trimmed(&bare));
        assert_eq!(found.get(11..).unwrap(), ["EHLO client.example", "250 mx.example"]);
    }

    /// That a long line of parts is read in linear time is by construction: [`Peeler::cut`] looks forward to the end of
    /// a part, or a bounded piece further, and all else is done with that part alone. Here only what follows from it
    /// is held: parts are the same whatever stands far behind them, and twice the line has twice the parts.
    #[test]
    fn a_part_does_not_depend_on_what_is_far_behind_it() {
        for unit in [
            "-> EHLO client.example <- 250 mx.example ",
            "MAIL FROM:<a@client.example> 250 Ok RCPT TO:<b@example.net> 250 Ok ",
            "C: NOOP S: 250 Ok ",
            "250 ok<br>",
            "EHLO me&lt;<br>250 <b>ok</b><br>",
            "S: 250-mx S: 250 ok C: QUIT ",
        ] {
            let parts = |times: usize| texts(&[&unit.repeat(times)]);
            let (few, many) = (parts(40), parts(80));
            let all_but_last = few.len() - 1;
            assert_eq!(few.get(..all_but_last), many.get(..all_but_last), "{unit}");
            assert!(many.len() <= 2 * few.len() + 1, "{unit}");
        }
    }

    #[test]
    fn bare_lines_are_untouched() {
        let line = b"250 mx.example.net";
        let mut scratch = Vec::new();
        let mut peeler = Peeler::default();
        assert_eq!(peeler.peel(line, &mut scratch), whole(line, None));
    }

    #[test]
    fn times_of_loggers_are_kept() {
        let lines: &[&[u8]] =
            &[b"Nov 23 10:12:01 mx logger: 220 mx#015", b"Nov 23 10:12:02 mx logger: QUIT"];
        let mut peeler = Peeler::default();
        peeler.learn(&mut lines.iter().copied());
        for (line, time, text) in [
            (lines[0], &b"Nov 23 10:12:01"[..], &b"220 mx"[..]),
            (lines[1], b"Nov 23 10:12:02", b"QUIT"),
        ] {
            let mut scratch = Vec::new();
            let peeled = peeler.peel(line, &mut scratch);
            assert_eq!((peeled.at, peeled.text), (Some(time), text));
        }
    }
}
