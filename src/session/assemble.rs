//! Lines of a source to transcripts: asks the dialects, and keeps sessions apart.
//!
//! Lines that carry a session key go to the draft of their session, which is attributed when the session
//! is over: memory holds the open sessions and no more. All other lines wait in the order of the record.

use super::{
    flaws::Flaws,
    incoming::{Incoming, Part, place, turn},
    margin,
    open::{self, Open},
    pending::Pending,
    readers::Readers,
    rows::{self, Collector, Row},
};
use crate::{
    dialect::{self, Dialect, Reading},
    span::Span,
    transcript::{Ending, Fact, Label, Mark, Place, Transcript, Turn},
    wrapping::{self, Peeled, Peeler, Spacing, Wrapper},
};

/// Reads one source's lines and hands out its transcripts.
pub struct Assembler {
    readers: Readers,
    peeler: Peeler,
    /// The last window held lines that no dialect took as they stand.
    unread: bool,
    /// A fence or a tag opened the block that the lines stand in.
    fenced: bool,
    /// A copy had put blanks around the lines of the last window.
    stretched: bool,
    collector: Collector,
    /// Rows of the last window were broken over several lines.
    broken: bool,
    /// Lines without a key.
    pending: Pending,
    /// The sessions of lines with a key.
    open: Open,
    /// Lines that came to harm.
    damaged: Flaws,
    /// The end of the last line: no octets.
    end: Incoming<'static>,
}

impl Assembler {
    /// For one source; with a dialect, only that one reads.
    pub fn new(forced: Option<&'static Dialect>) -> Self {
        Self {
            readers: Readers::new(forced),
            peeler: Peeler::knowing(dialect::written_by_tools),
            unread: true,
            fenced: false,
            stretched: false,
            collector: Collector::default(),
            broken: false,
            pending: Pending::default(),
            open: Open::default(),
            damaged: Flaws::default(),
            end: Incoming {
                number: 1,
                offset: 0,
                octets: 0,
                text: b"",
                skipped: 0,
                tail: 0,
                ending: Ending::None,
                at: None,
            },
        }
    }

    /// For a source that was written in one dialect from its first line to its last, without any wrapper.
    pub fn certain(dialect: &'static Dialect) -> Self {
        Self { unread: false, ..Self::new(Some(dialect)) }
    }

    /// Takes the next lines of the source; returns the transcripts that are complete with them.
    pub fn window(&mut self, lines: &[Incoming<'_>]) -> Vec<Transcript> {
        let new = self.unread || !self.readers.is_settled();
        match self.collector.opened(lines, new) {
            Some(opened) => self.written(&rows::lines(&opened)),
            None => self.written(lines),
        }
        self.done()
    }

    /// The same, with each line of every message, however long that is: where the octets matter and not the memory.
    #[must_use]
    pub const fn keeping_all(mut self) -> Self {
        self.pending.keep_all();
        self.open.keep_all();
        self
    }

    /// Takes back transcripts that nobody needs any more, for the room that they have.
    pub fn reuse(&mut self, spent: Vec<Transcript>) {
        self.open.spare().give(spent);
    }

    /// Takes lines as their program wrote them, whatever was put around them since.
    fn written(&mut self, lines: &[Incoming<'_>]) {
        let rows = if self.broken && !self.stretched { self.whole_rows(lines) } else { Vec::new() };
        if rows.is_empty() {
            let taken = self.settled(lines);
            let rest = lines.get(taken..).unwrap_or_default();
            if !rest.is_empty() {
                self.unsettled(rest);
            }
        } else {
            let lines = rows::lines(&rows);
            let taken = self.settled(&lines);
            let rest = lines.get(taken..).unwrap_or_default();
            if !rest.is_empty() {
                self.spaced(rest);
            }
        }
    }

    /// Where one dialect takes line after line as they stand, as in a server's log, nobody looks for
    /// wrappers or for other dialects: returns how many lines went this way.
    fn settled(&mut self, lines: &[Incoming<'_>]) -> usize {
        if self.unread || self.fenced || self.stretched || !self.readers.is_settled() {
            return 0;
        }
        for (index, line) in lines.iter().enumerate() {
            let Self { readers, pending, open, damaged, .. } = self;
            let next = lines.get(index + 1).map_or(&b""[..], |next| next.text);
            let taken = readers.read_settled(line.text, next, &mut |dialect, reading| {
                heard(line, dialect, reading, pending, open, damaged);
            });
            if !taken && !line.text.trim_ascii().is_empty() {
                return index;
            }
            if !taken {
                self.part(line, &Part::of(index, line.text, 0, &Peeled::whole(line.text)));
            }
            self.over(line);
        }
        lines.len()
    }

    /// Takes lines that may be wrapped, and of any dialect.
    fn unsettled(&mut self, lines: &[Incoming<'_>]) {
        let texts: Vec<&[u8]> = lines.iter().map(|line| line.text).collect();
        let mut quoted =
            wrapping::quoted_in_programs(&texts, dialect::shown).into_iter().peekable();
        if quoted.peek().is_none() {
            return self.heard_or_wrapped(lines);
        }
        let heard = lines.iter().enumerate().filter(|(at, _)| quoted.next_if_eq(at).is_none());
        let heard: Vec<Incoming<'_>> = heard.map(|(_, line)| *line).collect();
        self.heard_or_wrapped(&heard);
    }

    /// Takes such lines without those that a program only quotes.
    fn heard_or_wrapped(&mut self, lines: &[Incoming<'_>]) {
        let spacing = Spacing::of(lines.iter().map(|line| line.text));
        self.stretched = spacing != Spacing::default();
        if !self.stretched {
            return self.rows(lines);
        }
        let mut added = false;
        let lines: Vec<Incoming<'_>> = lines
            .iter()
            .filter(|line| !spacing.is_added(line.text, &mut added))
            .map(|line| {
                let text = spacing.unpadded(line.text);
                Incoming { text, tail: line.tail + line.text.len() - text.len(), ..*line }
            })
            .collect();
        self.rows(&lines);
    }

    /// Takes such lines with the rows of logs put together again that somebody broke.
    fn rows(&mut self, lines: &[Incoming<'_>]) {
        let mut rows = self.whole_rows(lines);
        if rows.is_empty()
            && let Some(fronts) = wrapping::quoting(lines.iter().map(|line| line.text))
        {
            let inner = lines.iter().zip(fronts).map(|(line, front)| {
                let text = line.text.get(front..).unwrap_or_default();
                Incoming { text, skipped: line.skipped + front, ..*line }
            });
            let inner: Vec<_> = inner.collect();
            rows = self.whole_rows(&inner);
        }
        if rows.is_empty() { self.spaced(lines) } else { self.spaced(&rows::lines(&rows)) }
    }

    /// The lines, each broken row in one; nothing where none is broken.
    fn whole_rows<'l>(&mut self, lines: &[Incoming<'l>]) -> Vec<Row<'l>> {
        let rows = rows::whole(lines);
        self.broken = !rows.is_empty();
        rows
    }

    /// Takes such lines without what a copy put around them.
    fn spaced(&mut self, lines: &[Incoming<'_>]) {
        let mut inner = self.peel(lines);
        margin::take_off(&mut inner);
        self.readers.learn(lines, &inner);
        self.unread = false;
        let mut wrapped = false;
        let mut inner = inner.iter().peekable();
        for (index, line) in lines.iter().enumerate() {
            self.readers.ahead(lines.get(index + 1).map_or(b"", |next| next.text), true);
            let fence = inner
                .peek()
                .filter(|part| part.line == index)
                .is_some_and(|part| matches!(part.kind, Some(Wrapper::Fence | Wrapper::Tag)));
            let closes = fence && self.fenced;
            let escaped = self.peeler.is_page()
                && inner.peek().is_some_and(|part| is_escaped(line.text, part, index));
            let altered = inner.peek().is_some_and(|part| part.line == index && part.altered);
            let taken = !closes && !escaped && !altered && self.line(line, true);
            if fence && !taken {
                self.fenced = !closes;
            }
            let (bare, blank) =
                inner.peek().filter(|part| part.line == index).map_or((true, true), |part| {
                    (part.skipped == 0, part.text.trim_ascii().is_empty())
                });
            // Behind a quoted block, somebody else speaks.
            if closes || (bare && !blank && wrapped) {
                self.readers.leave();
            }
            wrapped = if blank { wrapped } else { !bare };
            self.unread |= !taken && !blank;
            while let Some(part) = inner.next_if(|part| part.line == index) {
                if !taken {
                    self.readers.ahead(inner.peek().map_or(b"", |next| &next.text), false);
                    self.part(line, part);
                }
            }
            self.over(line);
        }
    }

    /// A line was taken.
    fn over(&mut self, line: &Incoming<'_>) {
        self.end.number = line.number;
        self.end.offset = line.offset + u64::from(line.octets);
        self.open.tick();
        self.pending.advance(self.open.spare());
    }

    /// The lines without the wrappers around them.
    fn peel<'l>(&mut self, lines: &[Incoming<'l>]) -> Vec<Part<'l>> {
        self.peeler.learn(&mut lines.iter().map(|line| line.text));
        let mut parts = Vec::with_capacity(lines.len());
        let mut scratch = Vec::new();
        for (index, line) in lines.iter().enumerate() {
            let mut peeled = self.peeler.peel(line.text, &mut scratch);
            let mut start = 0;
            loop {
                let rest = peeled.rest;
                parts.push(Part::of(index, line.text, start, &peeled));
                let next = line.text.len() - rest.min(line.text.len());
                if rest == 0 || next <= start {
                    break;
                }
                start = next;
                peeled =
                    self.peeler.further(line.text.get(start..).unwrap_or_default(), &mut scratch);
            }
        }
        parts
    }

    /// The source ends: returns the transcripts that were still open.
    pub fn finish(&mut self) -> Vec<Transcript> {
        if let Some(row) = self.collector.finish() {
            self.written(&rows::lines(&[row]));
        }
        self.say_rest();
        self.pending.finish(self.open.spare());
        self.open.finish();
        self.done()
    }

    /// The transcripts that are complete.
    fn done(&mut self) -> Vec<Transcript> {
        let mut done = std::mem::take(self.pending.done());
        done.append(&mut self.open.done());
        done
    }

    /// Takes what the readers still hold back, as said where the source ends.
    fn say_rest(&mut self) {
        let Self { readers, pending, open, damaged, end, .. } = self;
        readers
            .finish(&mut |dialect, reading| heard(end, dialect, reading, pending, open, damaged));
    }

    /// How many sessions were closed early because too much was open.
    pub const fn evicted(&self) -> u64 {
        self.open.evicted()
    }

    /// How many sessions were cut because too much was said in them.
    pub const fn long(&self) -> u64 {
        self.open.long() + self.pending.long()
    }

    /// How many lines of messages were counted and not kept.
    pub const fn left_out(&self) -> u64 {
        self.open.left_out() + self.pending.left_out()
    }

    /// What is wrong with lines that came to harm.
    pub const fn damaged(&self) -> &Flaws {
        &self.damaged
    }

    /// Where a session began under the key of one that had not ended.
    pub const fn reused(&self) -> &Flaws {
        self.open.reused()
    }

    /// Offers a line to the dialects that read lines as they stand, or without their wrappers.
    fn line(&mut self, line: &Incoming<'_>, whole: bool) -> bool {
        let Self { readers, pending, open, damaged, .. } = self;
        readers.read(line.text, whole, &mut |dialect, reading| {
            heard(line, dialect, reading, pending, open, damaged);
        })
    }

    /// Offers a line without its wrappers to the dialect that took the last line, as it stood or not.
    fn goes_on(&mut self, line: &Incoming<'_>) -> bool {
        let Self { readers, pending, open, damaged, .. } = self;
        readers.read_last(line.text, &mut |dialect, reading| {
            heard(line, dialect, reading, pending, open, damaged);
        })
    }

    /// Takes a line, or a part of one, that no dialect took as it stood.
    fn part(&mut self, line: &Incoming<'_>, part: &Part<'_>) {
        let inner = Incoming {
            text: &part.text,
            skipped: line.skipped + part.skipped,
            tail: line.text.len().saturating_sub(part.skipped + part.octets),
            at: part.at.or(line.at),
            ..*line
        };
        let unwrapped = part.is_unwrapped(line);
        if part.kind.is_none()
            && ((unwrapped && self.goes_on(&inner))
                || self.line(&inner, false)
                || (unwrapped && self.line(&inner, true)))
        {
            return;
        }
        let whole = place(&inner, 0, part.text.len());
        // A part has a place of its own where the line's octets are the source's.
        let octets = if whole.octets as usize == part.text.len() {
            u32::try_from(part.octets).unwrap_or(u32::MAX)
        } else {
            u32::MAX
        };
        let turn = Turn {
            mark: if part.kind.is_some() { Mark::Tool } else { Mark::Unmarked },
            label: Label::Prose,
            first: true,
            text: Span::default(),
            place: Place { octets: whole.octets.min(octets), ..whole },
            ending: line.ending,
            at: inner.at.filter(|_| !self.readers.tell_times()),
            dialect: None,
        };
        if let Some(joint) = part.joint
            && self.pending.join(&part.text, joint, turn)
        {
            return;
        }
        let begins = part.kind.is_some_and(Wrapper::begins_capture);
        if part.kind.is_some() {
            let fact = begins.then_some(Fact::Opening);
            open::add(self.pending.draft(), &part.text, turn, fact);
        } else {
            self.pending.unread(&part.text, turn);
        }
    }
}

/// Puts what a dialect read in a line where it belongs.
fn heard(
    line: &Incoming<'_>,
    dialect: u16,
    mut reading: Reading<'_>,
    pending: &mut Pending,
    open: &mut Open,
    damaged: &mut Flaws,
) {
    if let Some(Fact::Damaged(what)) = &mut reading.fact {
        damaged.add(line.number, std::mem::take(what));
        reading.fact = None;
        if reading.text.is_empty() {
            return;
        }
    }
    let turn = turn(line, dialect, &reading);
    match reading.key.take() {
        None => open::take(pending.draft(), &mut reading, turn),
        Some(key) => open.take(dialect, &key, &mut reading, turn),
    }
}

/// Whether a page has entities in place of signs that stand in this line, and no dialect reads those itself.
fn is_escaped(line: &[u8], part: &Part<'_>, index: usize) -> bool {
    part.line == index
        && memchr::memchr(b'&', line).is_some()
        && *part.text != *line
        && (dialect::shown(line) & !dialect::shown(&part.text)).is_empty()
}
