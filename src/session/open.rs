//! The keyed sessions of a record that are not over yet: what a log of any size keeps in memory.
//!
//! A line goes to the draft of its session; the draft is attributed when the session is over. What is
//! open is bounded four ways: by how many sessions, by how many octets, by how long a session was silent on
//! the record's own clock, and by how much is said in one session. What is closed for one of these reasons
//! is reported as cut off.

use std::collections::HashMap;

use foldhash::fast::RandomState;

use super::{
    attribution::{Customs, State, attribute, plain},
    flaws::Flaws,
    middle::Middle,
    spare::{self, Room, Spare},
    split::{self, Splitter},
};
use crate::{
    dialect::Reading,
    transcript::{Draft, Fact, Mark, Moment, Transcript, Turn},
};

/// How many keyed sessions may be open at once.
pub(super) const MAX_OPEN_SESSIONS: usize = 100_000;

/// How many octets the open sessions may take together.
pub(super) const MAX_OPEN_OCTETS: usize = 32 << 20;

/// How long a session may be silent on the record's clock while the record goes on, in microseconds.
/// RFC 5321 §4.5.3.2 has no time-out longer than ten minutes.
const MAX_SILENCE: i64 = 3600 * 1_000_000;

/// How many lines one session may have, messages apart: some 10 000 commands with their replies.
pub(super) const MAX_LINES: usize = 20_000;

/// How many lines under one mark, one behind the other, are a message that is sent: of what comes behind them in it,
/// only the last line is kept.
const MESSAGE_LINES: usize = MAX_LINES / 2;

/// After how many lines silent sessions are looked for.
const LOOK_EVERY: u64 = 1 << 16;

/// Where one is too many, this part of the open sessions is closed: those that were silent longest.
const CLOSED_AT_ONCE: usize = 10;

/// What is made room for at first: enough for most sessions, and little where many are open.
const USUAL: Room = (1 << 10, 32);
const USUAL_WHERE_MANY: Room = (512, 12);
const MANY: usize = 2_048;

/// What is wrong where a session begins under the key of another one.
const REUSED: &str = "a session begins here under the key of one that had not ended: what came before \
    counts as a session whose end is missing";

/// The open sessions of one dialect, by their keys.
///
/// An empty key is none that the record has: what stands under it is kept apart from the dialogue around it.
type ByKey = HashMap<Vec<u8>, Keyed, RandomState>;

/// The sessions that are open.
#[derive(Default)]
pub(super) struct Open {
    by_dialect: Vec<(u16, ByKey)>,
    sessions: usize,
    octets: usize,
    /// Counts lines, so that the sessions that were silent longest can be found.
    clock: u64,
    /// The time of the last line that has one.
    now: Option<Moment>,
    /// Sessions that were closed because too much was open.
    evicted: u64,
    /// Sessions that were cut because too much was said in them.
    long: u64,
    /// Sessions that began under the key of one that had not ended.
    reused: Flaws,
    /// How many lines of messages were not kept.
    left_out: u64,
    /// Every line of a message is kept, however many these are.
    keeps_all: bool,
    done: Vec<Transcript>,
    spare: Spare,
}

#[derive(Default)]
struct Keyed {
    draft: Draft,
    last: u64,
    /// At how many lines it is looked at whether it is too long.
    look_at: usize,
    /// The mark of who spoke first, the server, of a session that is long.
    first: Option<Mark>,
    /// It is to be cut where the client speaks next.
    long: bool,
    /// The mark of a long message that is being sent.
    sending: Option<Mark>,
    /// What is not kept of that.
    middle: Middle,
}

/// How a long session goes on with the next line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Course {
    /// As it did.
    GoesOn,
    /// The line is one of a long message; the one before it need not be kept.
    Sends,
    /// It is cut before this line.
    Cut,
}

impl Keyed {
    fn of(draft: Draft) -> Self {
        Self {
            draft,
            last: 0,
            look_at: MAX_LINES,
            first: None,
            long: false,
            sending: None,
            middle: Middle::default(),
        }
    }

    /// Whether something was said, and nothing that announces the end (RFC 5321 §3.8: QUIT, 221 and 421).
    fn is_under_way(&self) -> bool {
        let mut spoken = self.draft.turns.iter().rev().filter(|turn| turn.mark != Mark::Tool);
        spoken.next().is_some_and(|last| {
            let said = self.draft.text(last).get(..4).unwrap_or_default().trim_ascii_end();
            !said.eq_ignore_ascii_case(b"QUIT") && !matches!(said.get(..3), Some(b"221" | b"421"))
        })
    }

    /// How it goes on with this turn although it is long: a session is cut between two exchanges only, and
    /// a long message is not cut for its lines.
    fn course(&mut self, turn: &Turn, text: &[u8]) -> Course {
        let turns = &self.draft.turns;
        if self.sending.is_some() && self.sending == Some(turn.mark) && text != b"." {
            return Course::Sends;
        }
        if self.sending.take().is_some() {
            self.middle.over();
            self.look_at = turns.len() + MAX_LINES;
            return Course::GoesOn;
        }
        if !self.long {
            let run = turns.iter().rev().take(MESSAGE_LINES);
            if turn.mark != Mark::Tool && run.clone().all(|said| said.mark == turn.mark) {
                self.look_at = 0;
                self.sending = Some(turn.mark);
                return Course::Sends;
            }
            self.look_at = turns.len() + MAX_LINES;
            let spoken = || turns.iter().map(|turn| turn.mark).filter(|mark| *mark != Mark::Tool);
            let changes = spoken().zip(spoken().skip(1)).filter(|(one, next)| one != next).count();
            if changes * 4 < turns.len() {
                return Course::GoesOn;
            }
            self.look_at = 0;
            self.first = self.first.or_else(|| spoken().next());
            self.long = true;
        }
        let asks = |turn: &Turn| turn.mark != Mark::Tool && Some(turn.mark) != self.first;
        if !asks(turn) || turns.last().is_none_or(asks) { Course::GoesOn } else { Course::Cut }
    }

    /// What it takes, with the room for what comes as a vector grows: counted by what is in it, since the
    /// room itself may be that of an earlier session.
    fn octets(&self) -> usize {
        let (octets, lines) = USUAL_WHERE_MANY;
        let octets = self.draft.bytes.len().next_power_of_two().max(octets);
        let lines = self.draft.turns.len().next_power_of_two().max(lines);
        octets + lines * size_of::<Turn>()
    }
}

impl Open {
    /// Takes what a dialect read in a line of the session with this key.
    pub(super) fn take(&mut self, dialect: u16, key: &[u8], reading: &mut Reading<'_>, turn: Turn) {
        let opens = reading.fact.as_ref().is_some_and(Fact::opens);
        let closes = matches!(reading.fact, Some(Fact::Closed(_)));
        if opens {
            if let Some(before) = self.by_dialect(dialect).and_then(|by_key| by_key.get(key))
                && !key.is_empty()
                && before.is_under_way()
            {
                self.reused.add(turn.place.line, REUSED.to_owned());
            }
            self.close(dialect, key);
        }
        self.now = turn.at.or(self.now);
        let clock = self.clock;
        let place = self.by_dialect.iter().position(|(known, _)| *known == dialect);
        if place.is_none() {
            self.by_dialect.push((dialect, ByKey::default()));
        }
        let place = place.unwrap_or(self.by_dialect.len() - 1);
        let Some((_, by_key)) = self.by_dialect.get_mut(place) else { return };
        if let Some(keyed) = by_key.get_mut(key) {
            keyed.last = clock;
            let course = if keyed.draft.turns.len() < keyed.look_at || self.keeps_all {
                Course::GoesOn
            } else {
                keyed.course(&turn, &reading.text)
            };
            if course == Course::Cut {
                // In what follows, the client is the first to speak.
                let draft = self.spare.take_for(key, USUAL);
                let next = Keyed { last: clock, first: keyed.first, ..Keyed::of(draft) };
                self.octets += next.octets();
                let cut = std::mem::replace(keyed, next);
                self.octets -= cut.octets();
                self.long += 1;
                attributed(cut.draft, true, &mut self.done);
            }
            let before = keyed.octets();
            if course == Course::Sends && !reading.joins {
                let Draft { bytes, turns, facts, .. } = &mut keyed.draft;
                let left_out = keyed.middle.take(&reading.text, turn, bytes, turns, facts);
                self.left_out += u64::from(left_out);
                let told = reading.fact.take().map(|fact| (turns.len().saturating_sub(1), fact));
                facts.extend(told);
            } else {
                take(&mut keyed.draft, reading, turn);
            }
            self.octets += keyed.octets();
            self.octets -= before;
        } else {
            let draft = if self.sessions < MANY {
                self.spare.take_for(key, USUAL)
            } else {
                Draft { key: Some(key.to_vec()), ..spare::fresh(USUAL_WHERE_MANY) }
            };
            let mut keyed = Keyed { last: clock, ..Keyed::of(draft) };
            take(&mut keyed.draft, reading, turn);
            self.octets += keyed.octets();
            self.sessions += 1;
            by_key.insert(key.to_vec(), keyed);
        }
        if closes {
            self.close(dialect, key);
        }
    }

    /// A line of the record is over. Closes what was silent too long, or is too much.
    pub(super) fn tick(&mut self) {
        self.clock += 1;
        if self.sessions > MAX_OPEN_SESSIONS || self.octets > MAX_OPEN_OCTETS {
            self.evict();
        } else if self.clock.is_multiple_of(LOOK_EVERY) {
            self.close_silent();
        }
    }

    /// The room of sessions that are done with.
    pub(super) const fn spare(&mut self) -> &mut Spare {
        &mut self.spare
    }

    /// The sessions that are over.
    pub(super) fn done(&mut self) -> Vec<Transcript> {
        std::mem::take(&mut self.done)
    }

    /// How many sessions were closed early because too much was open.
    pub(super) const fn evicted(&self) -> u64 {
        self.evicted
    }

    /// How many sessions were cut because too much was said in them.
    pub(super) const fn long(&self) -> u64 {
        self.long
    }

    /// How many lines of messages were counted and not kept.
    pub(super) const fn left_out(&self) -> u64 {
        self.left_out
    }

    /// Keeps every line from now on.
    pub(super) const fn keep_all(&mut self) {
        self.keeps_all = true;
    }

    /// The record ends: closes what is open, in the order of the record.
    pub(super) fn finish(&mut self) {
        self.close_all(|_| true);
    }

    /// Where a session began under the key of one that had not ended.
    pub(super) const fn reused(&self) -> &Flaws {
        &self.reused
    }

    fn by_dialect(&self, dialect: u16) -> Option<&ByKey> {
        self.by_dialect.iter().find(|(known, _)| *known == dialect).map(|(_, by_key)| by_key)
    }

    fn close(&mut self, dialect: u16, key: &[u8]) {
        let by_key = self.by_dialect.iter_mut().find(|(known, _)| *known == dialect);
        if let Some(keyed) = by_key.and_then(|(_, by_key)| by_key.remove(key)) {
            self.sessions -= 1;
            self.octets -= keyed.octets();
            attributed(keyed.draft, false, &mut self.done);
        }
    }

    fn evict(&mut self) {
        let mut clocks: Vec<u64> = self
            .by_dialect
            .iter()
            .flat_map(|(_, by_key)| by_key.values().map(|keyed| keyed.last))
            .collect();
        let most = clocks.len() / CLOSED_AT_ONCE;
        let (_, &mut until, _) = clocks.select_nth_unstable(most);
        let before = self.sessions;
        self.close_all(|keyed| keyed.last <= until);
        self.evicted += (before - self.sessions) as u64;
    }

    fn close_silent(&mut self) {
        let Some(now) = self.now.filter(|now| now.dated) else { return };
        self.close_all(|keyed| {
            let last = keyed.draft.turns.iter().rev().find_map(|turn| turn.at);
            last.is_some_and(|last| {
                last.dated && now.micros.saturating_sub(last.micros) > MAX_SILENCE
            })
        });
    }

    /// Closes all sessions for which `is_over` holds, in the order of the record, as cut off.
    fn close_all(&mut self, is_over: impl Fn(&Keyed) -> bool) {
        let mut over = Vec::new();
        for (dialect, by_key) in &mut self.by_dialect {
            let found = by_key.extract_if(|_, keyed| is_over(keyed));
            over.extend(found.map(|(_, keyed)| (*dialect, keyed)));
        }
        over.sort_by_key(|(dialect, keyed)| {
            (keyed.draft.turns.first().map(|turn| turn.place.line), *dialect)
        });
        for (_, keyed) in over {
            self.sessions -= 1;
            self.octets -= keyed.octets();
            attributed(keyed.draft, true, &mut self.done);
        }
    }
}

/// Adds what a dialect read; text that goes on where the line before stopped joins that line's turn.
pub(super) fn take(draft: &mut Draft, reading: &mut Reading<'_>, turn: Turn) {
    if reading.joins && draft.join(&reading.text, turn.mark) {
        // The further line of the source is accounted for, but has no text of its own.
        draft.push(b"", Turn { mark: Mark::Tool, ..turn });
        return;
    }
    add(draft, &reading.text, turn, reading.fact.take());
    if let Some(number) = reading.number {
        let before = draft.number.replace(number);
        let missing = before.and_then(|before| number.checked_sub(before + 1)).unwrap_or(0);
        if missing > 0 {
            draft.facts.push((draft.turns.len().saturating_sub(1), Fact::LinesMissing(missing)));
        }
    }
}

/// Adds a turn; a reading without text only tells a fact about the turn before it.
pub(super) fn add(draft: &mut Draft, text: &[u8], turn: Turn, fact: Option<Fact>) {
    if turn.mark != Mark::Tool || !text.is_empty() || draft.turns.is_empty() {
        draft.push(text, turn);
    }
    if let Some(fact) = fact {
        draft.facts.push((draft.turns.len().saturating_sub(1), fact));
    }
}

/// Attributes the draft of one key as a whole.
fn attributed(mut draft: Draft, cut: bool, done: &mut Vec<Transcript>) {
    draft.key = draft.key.filter(|key| !key.is_empty());
    if plain::attribute(&mut draft) {
        done.push(Transcript { cut, ..split::whole(draft) });
        return;
    }
    let read = attribute(&draft, State::Out, &mut Customs::default());
    let mut splitter = Splitter::default();
    let mut facts = draft.facts.iter().peekable();
    for (index, (turn, read)) in draft.turns.iter().zip(&read).enumerate() {
        let mut told = Vec::new();
        while let Some((_, fact)) = facts.next_if(|(at, _)| *at <= index) {
            told.push(fact.clone());
        }
        splitter.take(&draft, turn, read, &told);
    }
    let sessions = splitter.finish();
    done.extend(sessions.into_iter().map(|session| Transcript { cut, ..session }));
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        span::Span,
        transcript::{ClosedBy, Ending, Label, Place},
    };

    fn turn(line: u64, seconds: i64) -> Turn {
        Turn {
            mark: Mark::Second,
            label: Label::Prose,
            first: true,
            text: Span::default(),
            place: Place { line, ..Place::default() },
            ending: Ending::Lf,
            at: Some(Moment { micros: seconds * 1_000_000, dated: true, zoned: true }),
            dialect: Some(0),
        }
    }

    fn say(open: &mut Open, key: u64, line: u64, seconds: i64) {
        let mut reading = Reading::said(Mark::Second, b"220 mx.example ESMTP");
        open.take(0, &key.to_be_bytes(), &mut reading, turn(line, seconds));
        open.tick();
    }

    fn tell(open: &mut Open, key: u64, line: u64, fact: Fact) {
        let mut reading = Reading::tells(b"", fact);
        open.take(0, &key.to_be_bytes(), &mut reading, Turn { mark: Mark::Tool, ..turn(line, 0) });
        open.tick();
    }

    #[test]
    fn a_session_is_over_when_it_closes_or_its_key_opens_again() {
        let mut open = Open::default();
        say(&mut open, 1, 1, 0);
        say(&mut open, 2, 2, 0);
        tell(&mut open, 1, 3, Fact::Closed(ClosedBy::Server));
        assert_eq!(open.done().len(), 1);
        tell(&mut open, 2, 4, Fact::Opening);
        assert_eq!(open.done().len(), 1);
        assert_eq!((open.sessions, open.evicted()), (1, 0));
        open.finish();
        assert_eq!((open.sessions, open.octets), (0, 0));
    }

    #[test]
    fn of_a_message_of_any_length_the_middle_is_counted() {
        let mut open = Open::default();
        let lines = |open: &mut Open, mark, texts: &[&[u8]]| {
            for text in texts {
                open.take(0, b"1", &mut Reading::said(mark, text), Turn { mark, ..turn(1, 0) });
                open.tick();
            }
        };
        tell(&mut open, 1, 1, Fact::Opening);
        open.close_all(|_| true);
        open.done();
        open.take(
            0,
            b"1",
            &mut Reading::tells(b"+", Fact::Opening),
            Turn { mark: Mark::Tool, ..turn(1, 0) },
        );
        for (said, answer) in [
            ("", "220 mx.example ESMTP"),
            ("EHLO a.example", "250 mx.example"),
            ("MAIL FROM:<a@a.example>", "250 ok"),
            ("RCPT TO:<b@mx.example>", "250 ok"),
            ("DATA", "354 go ahead"),
        ] {
            if !said.is_empty() {
                lines(&mut open, Mark::First, &[said.as_bytes()]);
            }
            lines(&mut open, Mark::Second, &[answer.as_bytes()]);
        }
        let all = 3 * MAX_LINES;
        for _ in 0..all {
            lines(&mut open, Mark::First, &[b"a line of the message"]);
        }
        lines(&mut open, Mark::First, &[b"."]);
        lines(&mut open, Mark::Second, &[b"250 queued"]);
        lines(&mut open, Mark::First, &[b"QUIT"]);
        lines(&mut open, Mark::Second, &[b"221 bye"]);
        open.finish();
        let done = open.done();
        let [whole] = &done[..] else { panic!("{} sessions", done.len()) };
        assert!(whole.turns.len() < MAX_LINES + 20, "{}", whole.turns.len());
        assert!(open.left_out() > MAX_LINES as u64);
        assert_eq!((open.long(), open.evicted()), (0, 0));
        let session = crate::session::Session::of(whole);
        let message = session.transactions.first().and_then(|all| all.message.as_ref());
        let message = message.expect("a message");
        assert_eq!((message.octets, message.complete), (all as u64 * 23, true));
    }

    #[test]
    fn what_is_silent_for_an_hour_of_the_record_is_closed() {
        let mut open = Open::default();
        say(&mut open, 1, 1, 0);
        for line in 2..LOOK_EVERY {
            say(&mut open, 2, line, 3601);
        }
        assert!(open.done().is_empty());
        say(&mut open, 2, LOOK_EVERY, 3601);
        let done = open.done();
        assert_eq!(done.iter().map(Transcript::lines).collect::<Vec<_>>(), [(1, 1)]);
        assert!(done.iter().all(|session| session.cut));
    }

    #[test]
    fn too_many_open_sessions_cost_the_longest_silent_ones() {
        let mut open = Open::default();
        let most = MAX_OPEN_SESSIONS as u64;
        for key in 0..=most {
            say(&mut open, key, key + 1, 0);
        }
        let done = open.done();
        assert_eq!(open.evicted(), done.len() as u64);
        assert!(open.evicted() > 0 && open.octets <= MAX_OPEN_OCTETS);
        assert_eq!(done.first().map(Transcript::lines), Some((1, 1)));
        assert!(open.sessions as u64 + open.evicted() == most + 1);
    }

    /// A session of so many NOOPs and replies that it is too long twice.
    #[test]
    fn what_is_said_in_one_session_is_bounded_and_cut_between_exchanges() {
        let mut open = Open::default();
        let mut sessions = Vec::new();
        say(&mut open, 1, 1, 0);
        for line in 2..=2 * MAX_LINES as u64 + 20 {
            let (mark, text) = match line % 2 {
                0 => (Mark::First, &b"NOOP"[..]),
                _ => (Mark::Second, &b"250 Ok"[..]),
            };
            let mut reading = Reading::said(mark, text);
            open.take(0, &1_u64.to_be_bytes(), &mut reading, Turn { mark, ..turn(line, 0) });
            open.tick();
            sessions.extend(open.done());
        }
        assert_eq!((open.long(), open.evicted(), open.sessions), (2, 0, 1));
        open.finish();
        sessions.extend(open.done());
        assert_eq!(open.octets, 0);
        let begins: Vec<_> = sessions.iter().map(|session| session.turns[0].label).collect();
        assert_eq!(begins, [Label::Reply, Label::Command, Label::Command]);
        let lines: usize = sessions.iter().map(|session| session.turns.len()).sum();
        assert_eq!(lines, 2 * MAX_LINES + 20);
        assert!(sessions.iter().all(|session| session.cut && session.turns.len() <= MAX_LINES + 1));
    }

    #[test]
    fn a_long_message_is_no_long_session() {
        let mut open = Open::default();
        say(&mut open, 1, 1, 0);
        for line in 2..=3 * MAX_LINES as u64 {
            let mut reading = Reading::said(Mark::First, b"x");
            let turn = Turn { mark: Mark::First, ..turn(line, 0) };
            open.take(0, &1_u64.to_be_bytes(), &mut reading, turn);
            open.tick();
        }
        assert_eq!((open.long(), open.done().len()), (0, 0));
    }
}
