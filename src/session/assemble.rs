//! Lines of a source to transcripts: asks the dialects, keeps sessions apart, lets attribution speak.
//!
//! Lines that carry a session key go to the draft of their session, which is attributed when the session
//! is over: memory holds the open sessions and no more. All other lines stay in the order of the record in
//! one draft, which is attributed piece by piece; the state in which a piece ended is where the next begins.

use super::{
    attribution::{Customs, State, attribute, goes_on_with_message, plain},
    flaws::Flaws,
    incoming::{Incoming, Part, place, turn},
    margin,
    open::{self, Open},
    readers::Readers,
    split::{self, Splitter},
};
use crate::{
    dialect::{self, Dialect, Reading},
    grammar::shape,
    span::Span,
    transcript::{Draft, Ending, Fact, Label, Mark, Place, Transcript, Turn},
    wrapping::{self, Envelope, Joint, Peeled, Peeler, Spacing, Wrapper},
};

/// A command behind a sign that somebody typed or pasted before each of his own lines: `> EHLO x`.
fn without_prompt(text: &[u8], turn: Turn) -> (&[u8], Turn) {
    let Some(inner) = text.strip_prefix(b"> ").or(text.strip_prefix(b"$ ")) else {
        return (text, turn);
    };
    if !shape::is_command(inner) {
        return (text, turn);
    }
    let Place { line, column, offset, octets } = turn.place;
    let place = if octets as usize == text.len() {
        Place { line, column: column + 2, offset: offset + 2, octets: octets - 2 }
    } else {
        turn.place
    };
    (inner, Turn { place, ..turn })
}

/// How many lines without a key wait for attribution at most; half of them are then decided.
const PENDING_LINES: usize = 8192;

/// How many octets of such lines wait at most.
const PENDING_OCTETS: usize = 8 << 20;

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
    /// What a collector put the lines into.
    envelope: Option<Envelope>,
    /// A line that goes on in the next window's first envelope.
    begun: Option<(Incoming<'static>, Vec<u8>)>,
    /// Rows of the last window were broken over several lines.
    broken: bool,
    /// Lines without a key that are not attributed yet.
    pending: Draft,
    /// Where the dialogue stood before them.
    state: State,
    /// Whose mark was whose before them.
    customs: Customs,
    splitter: Splitter,
    open: Open,
    /// Lines that came to harm.
    damaged: Flaws,
    done: Vec<Transcript>,
    /// The end of the last line: no octets.
    end: Incoming<'static>,
}

impl Assembler {
    /// For one source; with a dialect, only that one reads.
    pub fn new(forced: Option<&'static Dialect>) -> Self {
        Self {
            readers: Readers::new(forced),
            peeler: Peeler::knowing(dialect::shown),
            unread: true,
            fenced: false,
            stretched: false,
            envelope: None,
            begun: None,
            broken: false,
            pending: Draft::default(),
            state: State::Out,
            customs: Customs::default(),
            splitter: Splitter::default(),
            open: Open::default(),
            damaged: Flaws::default(),
            done: Vec::new(),
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
        match self.opened(lines) {
            Some(opened) => self.written(&incoming(&opened)),
            None => self.written(lines),
        }
        self.done.append(&mut self.open.done());
        std::mem::take(&mut self.done)
    }

    /// The same, with each line of every message, however long that is: where the octets matter and not the memory.
    #[must_use]
    pub const fn keeping_all(mut self) -> Self {
        self.splitter.keep_all();
        self.open.keep_all();
        self
    }

    /// Takes back transcripts that nobody needs any more, for the room that they have.
    pub fn reuse(&mut self, spent: Vec<Transcript>) {
        self.open.spare().give(spent);
    }

    /// Takes lines out of the envelopes that a collector put them into; `None` where there are none.
    fn opened<'l>(&mut self, lines: &[Incoming<'l>]) -> Option<Vec<(Incoming<'l>, Vec<u8>)>> {
        if self.envelope.is_none() && (self.unread || !self.readers.is_settled()) {
            let texts: Vec<&[u8]> = lines.iter().map(|line| line.text).collect();
            self.envelope = Envelope::learn(&texts, dialect::shown);
        }
        let envelope = self.envelope?;
        let held: Vec<_> = lines.iter().map(|line| envelope.open(line.text)).collect();
        // Not every collector keeps the ends of lines, and then none of them tells anything.
        let broken = held.iter().flatten().filter(|content| content.goes_on).count();
        let tells = envelope == Envelope::Cri || broken * 2 < held.iter().flatten().count();
        let mut opened: Vec<(Incoming<'_>, Vec<u8>)> = Vec::with_capacity(lines.len());
        let mut begun = self.begun.is_some();
        opened.extend(self.begun.take());
        let mut time = None;
        for (line, content) in lines.iter().zip(held) {
            let Some(content) = content else {
                time = envelope.time(line.text).and_then(dialect::logged_at).or(time);
                if !envelope.is_empty(line.text) {
                    opened.push((*line, line.text.to_vec()));
                    begun = false;
                }
                continue;
            };
            if let Some((row, text)) = opened.last_mut().filter(|_| begun) {
                text.extend_from_slice(&content.text);
                let octets = line.offset + u64::from(line.octets) - row.offset;
                row.octets = u32::try_from(octets).unwrap_or(u32::MAX);
                (row.skipped, row.tail, row.ending) = (0, 0, line.ending);
            } else {
                let (skipped, tail) = (line.skipped + content.skipped, line.tail + content.tail);
                let at = content.time.and_then(dialect::logged_at).or_else(|| time.take());
                for text in content.text.split(|octet| *octet == b'\n') {
                    let text = text.strip_suffix(b"\r").unwrap_or(text);
                    opened.push((Incoming { skipped, tail, at, ..*line }, text.to_vec()));
                }
            }
            begun = tells && content.goes_on;
        }
        if begun && let Some((row, text)) = opened.pop() {
            self.begun = Some((Incoming { text: b"", ..row }, text));
        }
        Some(opened)
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
            let lines = incoming(&rows);
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
        if rows.is_empty() { self.spaced(lines) } else { self.spaced(&incoming(&rows)) }
    }

    /// The lines with their texts where rows among them were broken, each row in one; else nothing.
    fn whole_rows<'l>(&mut self, lines: &[Incoming<'l>]) -> Vec<(Incoming<'l>, Vec<u8>)> {
        let texts: Vec<&[u8]> = lines.iter().map(|line| line.text).collect();
        let broken = wrapping::broken_rows(&texts, dialect::rows);
        self.broken = !broken.is_empty();
        let mut rows: Vec<(Incoming<'_>, Vec<u8>)> = Vec::new();
        let mut broken = broken.into_iter().peekable();
        for (index, line) in lines.iter().enumerate().filter(|_| self.broken) {
            let joint = broken.next_if(|(at, _)| *at == index);
            if let (Some((_, joint)), Some((row, text))) = (joint, rows.last_mut()) {
                text.extend_from_slice(if joint == Joint::Blank { b" " } else { b"" });
                text.extend_from_slice(line.text);
                let octets = line.offset + u64::from(line.octets) - row.offset;
                row.octets = u32::try_from(octets).unwrap_or(u32::MAX);
                (row.tail, row.ending) = (line.tail, line.ending);
            } else {
                rows.push((*line, line.text.to_vec()));
            }
        }
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
        // A line that opens a connection may tell more, as a further turn or as none.
        let recent = self.pending.turns.len().saturating_sub(2).max(1);
        let mut told = self.pending.facts.iter().rev().take_while(|(at, _)| *at >= recent);
        if let Some(place) = told.find(|(_, fact)| fact.opens()).map(|(at, _)| *at) {
            self.opened_again(place);
        }
        if self.pending.turns.len() >= PENDING_LINES || self.pending.bytes.len() >= PENDING_OCTETS {
            let half = self.pending.turns.len() / 2;
            if !self.settle_message(half) {
                self.decide(half);
            }
        }
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
        if let Some(begun) = self.begun.take() {
            self.written(&incoming(&[begun]));
        }
        self.say_rest();
        self.decide_rest();
        self.done.extend(self.splitter.finish());
        self.open.finish();
        self.done.append(&mut self.open.done());
        std::mem::take(&mut self.done)
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
        self.open.long() + self.splitter.long()
    }

    /// How many lines of messages were counted and not kept.
    pub const fn left_out(&self) -> u64 {
        self.open.left_out() + self.splitter.left_out()
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
            && self.join(&part.text, joint, turn)
        {
            return;
        }
        let begins = part.kind.is_some_and(Wrapper::begins_capture);
        if part.kind.is_some() {
            open::add(&mut self.pending, &part.text, turn, begins.then_some(Fact::Opening));
        } else {
            let (text, turn) = without_prompt(&part.text, turn);
            self.pending.push(text, turn);
        }
    }

    /// Adds the tail of a line that somebody broke to the line right before it.
    fn join(&mut self, text: &[u8], joint: Joint, turn: Turn) -> bool {
        let before = self.pending.turns.last();
        let Some(mark) = before
            .filter(|before| before.mark != Mark::Tool && before.place.line + 1 == turn.place.line)
            .map(|before| before.mark)
        else {
            return false;
        };
        let gap: &[u8] = if joint == Joint::Blank { b" " } else { b"" };
        let joined = self.pending.join(&[gap, text].concat(), mark);
        if joined {
            self.pending.push(b"", Turn { mark: Mark::Tool, ..turn });
        }
        joined
    }

    /// Another connection is being made with this turn of what is pending. Where that was a session before,
    /// it is over: it need not wait until there is much to attribute.
    fn opened_again(&mut self, place: usize) {
        let spoken = |turn: &Turn| matches!(turn.mark, Mark::First | Mark::Second);
        if !self.pending.turns.get(..place).unwrap_or_default().iter().any(spoken) {
            return;
        }
        let opens = matches!(self.pending.facts.first(), Some((0, Fact::Opening)));
        if !opens || self.state != State::Out || !self.settle_plain(place) {
            self.decide(place);
        }
    }

    /// Attributes all that is pending: in a small record, mostly one plain session.
    fn decide_rest(&mut self) {
        let all = self.pending.turns.len();
        let opens = matches!(self.pending.facts.first(), Some((0, Fact::Opening)));
        if !opens || self.state != State::Out || !self.settle_plain(all) {
            self.decide(all);
        } else if let Some(session) = self.done.last_mut() {
            session.cut = true;
        }
    }

    /// Settles the first `count` turns of what is pending, where they are one plain session.
    fn settle_plain(&mut self, count: usize) -> bool {
        let mut session = std::mem::take(&mut self.pending);
        let turns = session.turns.split_off(count);
        let first = session.facts.partition_point(|(at, _)| *at < count);
        let facts = session.facts.split_off(first);
        let plain = plain::attribute(&mut session);
        if plain {
            self.pending = self.open.spare().take((0, 0));
            for turn in turns {
                self.pending.push(session.text(&turn), turn);
            }
            let moved = facts.into_iter().map(|(at, fact)| (at - count, fact));
            self.pending.facts.extend(moved);
            self.done.extend(self.splitter.interrupted());
            self.done.push(split::whole(session));
        } else {
            session.turns.extend(turns);
            session.facts.extend(facts);
            self.pending = session;
        }
        plain
    }

    /// Settles what is pending up to where a message without marks may end, where that is so much at least:
    /// there is nothing to weigh.
    fn settle_message(&mut self, least: usize) -> bool {
        let marked = |turn: &Turn| turn.mark != Mark::Unmarked;
        if self.state != State::Message
            || self.pending.turns.iter().any(marked)
            || !self.pending.facts.is_empty()
        {
            return false;
        }
        let goes_on = |turn| goes_on_with_message(self.pending.text(turn));
        let read: Vec<_> = self.pending.turns.iter().map_while(goes_on).collect();
        if read.len() < least {
            return false;
        }
        let draft = std::mem::take(&mut self.pending);
        for (turn, read) in draft.turns.iter().zip(&read) {
            self.splitter.take(&draft, turn, read, &[]);
        }
        for turn in draft.turns.iter().skip(read.len()) {
            self.pending.push(draft.text(turn), *turn);
        }
        true
    }

    /// Attributes what is pending and settles the first `count` lines of it.
    fn decide(&mut self, count: usize) {
        let read = attribute(&self.pending, self.state, &mut self.customs);
        let draft = std::mem::take(&mut self.pending);
        let mut facts = draft.facts.iter().peekable();
        for (index, (turn, read)) in draft.turns.iter().zip(&read).enumerate() {
            let mut told = Vec::new();
            while let Some((_, fact)) = facts.next_if(|(at, _)| *at <= index) {
                told.push(fact.clone());
            }
            if index < count {
                self.splitter.take(&draft, turn, read, &told);
                self.state = read.after;
            } else {
                let place = self.pending.turns.len();
                self.pending.push(draft.text(turn), *turn);
                self.pending.facts.extend(told.into_iter().map(|fact| (place, fact)));
            }
        }
        self.done.extend(self.splitter.done());
    }
}

/// Lines with texts of their own.
fn incoming<'r>(rows: &'r [(Incoming<'_>, Vec<u8>)]) -> Vec<Incoming<'r>> {
    rows.iter().map(|(row, text)| Incoming { text, ..*row }).collect()
}

/// Puts what a dialect read in a line where it belongs.
fn heard(
    line: &Incoming<'_>,
    dialect: u16,
    mut reading: Reading<'_>,
    pending: &mut Draft,
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
        None => open::take(pending, &mut reading, turn),
        Some(key) => open.take(dialect, &key, &mut reading, turn),
    }
}

/// Whether a page has entities in place of signs that stand in this line, and no dialect reads those itself.
fn is_escaped(line: &[u8], part: &Part<'_>, index: usize) -> bool {
    part.line == index
        && memchr::memchr(b'&', line).is_some()
        && *part.text != *line
        && dialect::shown(line) & !dialect::shown(&part.text) == 0
}
