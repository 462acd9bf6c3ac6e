//! Lines of a source to transcripts: asks the dialects, keeps sessions apart, lets attribution speak.
//!
//! Lines that carry a session key go to the draft of their session, which is attributed when the session
//! is over: memory holds the open sessions and no more. All other lines stay in the order of the record in
//! one draft, which is attributed piece by piece; the state in which a piece ended is where the next begins.

use std::collections::HashMap;

use super::{
    attribute::attribute,
    split::{self, Splitter},
    states::State,
};
use crate::{
    dialect::{self, Dialect, Reader, Reading},
    grammar::shape::{self, Plausibility},
    span::Span,
    transcript::{Draft, Ending, Fact, Label, Mark, Place, Transcript, Turn},
};

/// A line on its way to the dialects.
#[derive(Debug, Clone, Copy)]
pub struct Incoming<'l> {
    /// 1-based number in the source.
    pub number: u64,
    /// Octet of the source at which the line begins.
    pub offset: u64,
    /// How many octets of the source the line takes, with its ending.
    pub octets: u32,
    /// The line without its ending and without the wrappers around it.
    pub text: &'l [u8],
    /// Octets of the line before `text`, which wrappers took.
    pub skipped: usize,
    /// Octets of the line after `text`, which wrappers took.
    pub tail: usize,
    /// How the line ends.
    pub ending: Ending,
}

impl Incoming<'_> {
    /// Whether the text has another length than its octets in the source.
    fn decoded(&self) -> bool {
        let ending = match self.ending {
            Ending::Lf | Ending::Cr => 1,
            Ending::CrLf => 2,
            Ending::CrCrLf => 3,
            Ending::None | Ending::Shown(_) => 0,
        };
        self.skipped + self.text.len() + self.tail + ending != self.octets as usize
    }
}

/// How many lines without a key wait for attribution at most; half of them are then decided.
const PENDING_LINES: usize = 8192;

/// How many octets of such lines wait at most.
const PENDING_OCTETS: usize = 8 << 20;

/// How many keyed sessions may be open at once; beyond that, the one that was silent longest is closed.
pub const MAX_OPEN_SESSIONS: usize = 100_000;

/// Reads one source's lines and hands out its transcripts.
pub struct Assembler {
    readers: Readers,
    /// Lines without a key that are not attributed yet.
    pending: Draft,
    /// Where the dialogue stood before them.
    state: State,
    splitter: Splitter,
    open: HashMap<(u16, Vec<u8>), Keyed>,
    /// Counts lines, so that the session that was silent longest can be found.
    clock: u64,
    done: Vec<Transcript>,
    /// Sessions that were closed because too many were open.
    evicted: u64,
    /// The end of the last line: no octets.
    end: Incoming<'static>,
}

#[derive(Default)]
struct Keyed {
    draft: Draft,
    last: u64,
}

impl Assembler {
    /// For one source; with a dialect, only that one reads.
    pub fn new(forced: Option<&'static Dialect>) -> Self {
        Self {
            readers: Readers::new(forced),
            pending: Draft::default(),
            state: State::Out,
            splitter: Splitter::default(),
            open: HashMap::new(),
            clock: 0,
            done: Vec::new(),
            evicted: 0,
            end: Incoming {
                number: 1,
                offset: 0,
                octets: 0,
                text: b"",
                skipped: 0,
                tail: 0,
                ending: Ending::None,
            },
        }
    }

    /// Takes the next lines of the source; returns the transcripts that are complete with them.
    pub fn window(&mut self, lines: &[Incoming<'_>]) -> Vec<Transcript> {
        self.readers.learn(lines);
        for line in lines {
            self.end.number = line.number;
            self.end.offset = line.offset + u64::from(line.octets);
            self.clock += 1;
            self.line(line);
            if self.pending.turns.len() >= PENDING_LINES
                || self.pending.bytes.len() >= PENDING_OCTETS
            {
                self.decide(self.pending.turns.len() / 2);
            }
        }
        std::mem::take(&mut self.done)
    }

    /// The source ends: returns the transcripts that were still open.
    pub fn finish(mut self) -> Vec<Transcript> {
        self.say_rest();
        self.decide(self.pending.turns.len());
        self.done.extend(self.splitter.finish());
        let mut open: Vec<_> = self.open.drain().collect();
        open.sort_by_key(|((dialect, _), keyed)| {
            (keyed.draft.turns.first().map(|turn| turn.place.line), *dialect)
        });
        for (_, keyed) in open {
            close(&keyed.draft, true, &mut self.done);
        }
        self.done
    }

    /// Takes what the readers still hold back, as said where the source ends.
    fn say_rest(&mut self) {
        let Self { readers, pending, open, clock, done, evicted, end, .. } = self;
        readers.finish(&mut |dialect, reading| {
            let turn = turn(end, dialect, &reading);
            match &reading.key {
                None => add(pending, &reading.text, turn, reading.fact),
                Some(key) => {
                    keyed(open, done, evicted, *clock, (dialect, key), &reading, turn);
                }
            }
        });
    }

    /// How many sessions were closed early because too many were open.
    pub const fn evicted(&self) -> u64 {
        self.evicted
    }

    fn line(&mut self, line: &Incoming<'_>) {
        let Self { readers, pending, open, clock, done, evicted, .. } = self;
        let taken = readers.read(line.text, &mut |dialect, reading| {
            let turn = turn(line, dialect, &reading);
            match &reading.key {
                None => add(pending, &reading.text, turn, reading.fact),
                Some(key) => {
                    keyed(open, done, evicted, *clock, (dialect, key), &reading, turn);
                }
            }
        });
        if !taken {
            let turn = Turn {
                mark: Mark::Unmarked,
                label: Label::Prose,
                first: true,
                text: Span::default(),
                place: place(line, 0, line.text.len()),
                ending: line.ending,
                at: None,
                dialect: None,
            };
            pending.push(line.text, turn);
        }
    }

    /// Attributes what is pending and settles the first `count` lines of it.
    fn decide(&mut self, count: usize) {
        let read = attribute(&self.pending, self.state);
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

fn place(line: &Incoming<'_>, start: usize, octets: usize) -> Place {
    // A line that was decoded: its octets are not the source's.
    if line.skipped + line.text.len() > line.octets as usize || line.decoded() {
        let Incoming { number, offset, octets, .. } = *line;
        return Place { line: number, column: 1, offset, octets };
    }
    let before = line.skipped + start;
    Place {
        line: line.number,
        column: u32::try_from(before + 1).unwrap_or(u32::MAX),
        offset: line.offset + before as u64,
        octets: u32::try_from(octets).unwrap_or(u32::MAX),
    }
}

fn turn(line: &Incoming<'_>, dialect: u16, reading: &Reading<'_>) -> Turn {
    let part = match (&reading.text, reading.within) {
        (_, Some(within)) => within,
        (std::borrow::Cow::Borrowed(text), None) => text,
        (std::borrow::Cow::Owned(_), None) => line.text,
    };
    let span = Span::of(line.text, part);
    Turn {
        mark: reading.mark,
        label: Label::Prose,
        first: true,
        text: Span::default(),
        place: place(line, span.start, span.len()),
        ending: reading.ending.unwrap_or(line.ending),
        at: reading.at,
        dialect: Some(dialect),
    }
}

/// Adds a turn; a reading without text only tells a fact about the turn before it.
fn add(draft: &mut Draft, text: &[u8], turn: Turn, fact: Option<Fact>) {
    if turn.mark != Mark::Tool || !text.is_empty() || draft.turns.is_empty() {
        draft.push(text, turn);
    }
    if let Some(fact) = fact {
        draft.facts.push((draft.turns.len().saturating_sub(1), fact));
    }
}

fn keyed(
    open: &mut HashMap<(u16, Vec<u8>), Keyed>,
    done: &mut Vec<Transcript>,
    evicted: &mut u64,
    clock: u64,
    (dialect, key): (u16, &[u8]),
    reading: &Reading<'_>,
    turn: Turn,
) {
    let opens = reading.fact.as_ref().is_some_and(Fact::opens);
    let closes = matches!(reading.fact, Some(Fact::Closed(_)));
    let id = (dialect, key.to_vec());
    if opens && let Some(keyed) = open.remove(&id) {
        close(&keyed.draft, false, done);
    }
    if open.len() >= MAX_OPEN_SESSIONS && !open.contains_key(&id) {
        let silent = open.iter().min_by_key(|(_, keyed)| keyed.last).map(|(id, _)| id.clone());
        if let Some(keyed) = silent.and_then(|id| open.remove(&id)) {
            close(&keyed.draft, true, done);
            *evicted += 1;
        }
    }
    let keyed = open.entry(id).or_default();
    keyed.last = clock;
    keyed.draft.key.get_or_insert_with(|| key.to_vec());
    add(&mut keyed.draft, &reading.text, turn, reading.fact.clone());
    if closes {
        let id = (dialect, key.to_vec());
        if let Some(keyed) = open.remove(&id) {
            close(&keyed.draft, false, done);
        }
    }
}

/// Attributes the draft of one key as a whole.
fn close(draft: &Draft, cut: bool, done: &mut Vec<Transcript>) {
    let read = attribute(draft, State::Out);
    let mut splitter = Splitter::default();
    let mut facts = draft.facts.iter().peekable();
    for (index, (turn, read)) in draft.turns.iter().zip(&read).enumerate() {
        let mut told = Vec::new();
        while let Some((_, fact)) = facts.next_if(|(at, _)| *at <= index) {
            told.push(fact.clone());
        }
        splitter.take(draft, turn, read, &told);
    }
    let sessions = splitter.finish();
    done.extend(sessions.into_iter().map(|session| Transcript { cut, ..session }));
}

/// Leaves out single replies that somebody quotes beside real sessions; for records read as a whole.
pub fn without_quotes(sessions: Vec<Transcript>) -> Vec<Transcript> {
    split::without_quotes(sessions)
}

/// The dialects that read in this source.
struct Readers {
    forced: bool,
    /// The marks of lines that no dialect takes were looked for: once, in the first lines.
    learnt: bool,
    active: Vec<(u16, Box<dyn Reader>)>,
    /// The place in `active` of the one that took the last line.
    last: usize,
}

impl Readers {
    fn new(forced: Option<&'static Dialect>) -> Self {
        let active = forced
            .and_then(|wanted| dialect::ALL.iter().position(|one| one.name == wanted.name))
            .and_then(|index| Some((u16::try_from(index).ok()?, *dialect::ALL.get(index)?)))
            .map(|(index, dialect)| (index, (dialect.reader)()));
        Self {
            forced: forced.is_some(),
            learnt: false,
            active: active.into_iter().collect(),
            last: 0,
        }
    }

    /// Wakes the dialects for which these lines hold evidence.
    fn learn(&mut self, lines: &[Incoming<'_>]) {
        if self.forced {
            return;
        }
        for (dialect, index) in dialect::ALL.iter().zip(0_u16..) {
            if self.active.iter().any(|(known, _)| *known == index) {
                continue;
            }
            let hinted = |text: &[u8]| {
                dialect
                    .hints
                    .iter()
                    .any(|hint| memchr::memmem::find(text, hint.as_bytes()).is_some())
            };
            if lines.iter().any(|line| hinted(line.text) && (dialect.evidence)(line.text)) {
                let place = self.active.partition_point(|(known, _)| *known < index);
                self.active.insert(place, (index, (dialect.reader)()));
                self.last = 0;
            }
        }
        if !self.learnt {
            self.learnt = true;
            self.learn_marks(lines);
        }
    }

    /// Learns the marks of lines that no dialect takes, once in a source.
    fn learn_marks(&mut self, lines: &[Incoming<'_>]) {
        let place = dialect::ALL.iter().position(|dialect| dialect.name == dialect::ANY_MARKS);
        let Some(index) = place.and_then(|place| u16::try_from(place).ok()) else { return };
        let mut untaken = Vec::new();
        for line in lines {
            if !self.read(line.text, &mut |_, _| {}) {
                untaken.push(line.text);
            }
        }
        let is_command = |text: &[u8]| shape::shape(text).plausible == Plausibility::Exact;
        let learnt = dialect::any_marks::learn(untaken.into_iter(), is_command);
        // Readers keep what they saw: those that looked ahead begin anew.
        for (known, reader) in &mut self.active {
            if let Some(dialect) = dialect::ALL.get(usize::from(*known)) {
                *reader = (dialect.reader)();
            }
        }
        if let Some(reader) = learnt {
            self.active.push((index, reader));
            self.active.sort_by_key(|(known, _)| *known);
        }
        self.last = 0;
    }

    /// Has the active dialects say what they still hold back.
    fn finish(&mut self, say: &mut dyn FnMut(u16, Reading<'_>)) {
        for (dialect, reader) in &mut self.active {
            reader.finish(&mut |reading| say(*dialect, reading));
        }
    }

    /// Offers a line to the active dialects; `false` where none takes it.
    fn read(&mut self, line: &[u8], say: &mut dyn FnMut(u16, Reading<'_>)) -> bool {
        if let Some((dialect, reader)) = self.active.get_mut(self.last)
            && reader.read(line, &mut |reading| say(*dialect, reading))
        {
            return true;
        }
        for (place, (dialect, reader)) in self.active.iter_mut().enumerate() {
            if place != self.last && reader.read(line, &mut |reading| say(*dialect, reading)) {
                self.last = place;
                return true;
            }
        }
        false
    }
}
