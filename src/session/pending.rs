//! Lines that carry no session's key: they wait in the order of the record until attribution can say whose they are.
//!
//! They are attributed piece by piece; the state in which a piece ended is where the next begins.

use super::{
    attribution::{Customs, State, attribute, goes_on_with_message, plain},
    spare::Spare,
    split::{self, Splitter},
};
use crate::{
    grammar::shape,
    transcript::{Draft, Fact, Mark, Place, Transcript, Turn},
    wrapping::Joint,
};

/// How many lines without a key wait for attribution at most; half of them are then decided.
const PENDING_LINES: usize = 8192;

/// How many octets of such lines wait at most.
const PENDING_OCTETS: usize = 8 << 20;

/// The lines that wait, and the transcripts that came of those before them.
#[derive(Default)]
pub(super) struct Pending {
    /// Lines that are not attributed yet.
    draft: Draft,
    /// Where the dialogue stood before them.
    state: State,
    /// Whose mark was whose before them.
    customs: Customs,
    splitter: Splitter,
    done: Vec<Transcript>,
}

impl Pending {
    /// Where lines are added that a dialect read.
    pub(super) const fn draft(&mut self) -> &mut Draft {
        &mut self.draft
    }

    /// Adds a line that no dialect read.
    pub(super) fn unread(&mut self, text: &[u8], turn: Turn) {
        let (text, turn) = without_prompt(text, turn);
        self.draft.push(text, turn);
    }

    /// Keeps each line of every message, however long that is.
    pub(super) const fn keep_all(&mut self) {
        self.splitter.keep_all();
    }

    /// How many sessions were cut because too much was said in them.
    pub(super) const fn long(&self) -> u64 {
        self.splitter.long()
    }

    /// How many lines of messages were counted and not kept.
    pub(super) const fn left_out(&self) -> u64 {
        self.splitter.left_out()
    }

    /// Hands out the transcripts that are complete.
    pub(super) const fn done(&mut self) -> &mut Vec<Transcript> {
        &mut self.done
    }

    /// A line was added: attributes what need not wait any longer.
    pub(super) fn advance(&mut self, spare: &mut Spare) {
        // A line that opens a connection may tell more, as a further turn or as none.
        let recent = self.draft.turns.len().saturating_sub(2).max(1);
        let mut told = self.draft.facts.iter().rev().take_while(|(at, _)| *at >= recent);
        if let Some(place) = told.find(|(_, fact)| fact.opens()).map(|(at, _)| *at) {
            self.opened_again(place, spare);
        }
        if self.draft.turns.len() >= PENDING_LINES || self.draft.bytes.len() >= PENDING_OCTETS {
            let half = self.draft.turns.len() / 2;
            if !self.settle_message(half) {
                self.decide(half);
            }
        }
    }

    /// The source ends: attributes all.
    pub(super) fn finish(&mut self, spare: &mut Spare) {
        self.decide_rest(spare);
        self.done.extend(self.splitter.finish());
    }

    /// Adds the tail of a line that somebody broke to the line right before it.
    pub(super) fn join(&mut self, text: &[u8], joint: Joint, turn: Turn) -> bool {
        let before = self.draft.turns.last();
        let Some(mark) = before
            .filter(|before| before.mark != Mark::Tool && before.place.line + 1 == turn.place.line)
            .map(|before| before.mark)
        else {
            return false;
        };
        let gap: &[u8] = if joint == Joint::Blank { b" " } else { b"" };
        let joined = self.draft.join(&[gap, text].concat(), mark);
        if joined {
            self.draft.push(b"", Turn { mark: Mark::Tool, ..turn });
        }
        joined
    }

    /// Another connection is being made with this turn of what is pending. Where that was a session before,
    /// it is over: it need not wait until there is much to attribute.
    fn opened_again(&mut self, place: usize, spare: &mut Spare) {
        let spoken = |turn: &Turn| matches!(turn.mark, Mark::First | Mark::Second);
        if !self.draft.turns.get(..place).unwrap_or_default().iter().any(spoken) {
            return;
        }
        let opens = matches!(self.draft.facts.first(), Some((0, Fact::Opening)));
        if !opens || self.state != State::Out || !self.settle_plain(place, spare) {
            self.decide(place);
        }
    }

    /// Attributes all that is pending: in a small record, mostly one plain session.
    fn decide_rest(&mut self, spare: &mut Spare) {
        let all = self.draft.turns.len();
        let opens = matches!(self.draft.facts.first(), Some((0, Fact::Opening)));
        if !opens || self.state != State::Out || !self.settle_plain(all, spare) {
            self.decide(all);
        } else if let Some(session) = self.done.last_mut() {
            session.cut = true;
        }
    }

    /// Settles the first `count` turns of what is pending, where they are one plain session.
    fn settle_plain(&mut self, count: usize, spare: &mut Spare) -> bool {
        let mut session = std::mem::take(&mut self.draft);
        let turns = session.turns.split_off(count);
        let first = session.facts.partition_point(|(at, _)| *at < count);
        let facts = session.facts.split_off(first);
        let plain = plain::attribute(&mut session);
        if plain {
            self.draft = spare.take((0, 0));
            for turn in turns {
                self.draft.push(session.text(&turn), turn);
            }
            let moved = facts.into_iter().map(|(at, fact)| (at - count, fact));
            self.draft.facts.extend(moved);
            self.done.extend(self.splitter.interrupted());
            self.done.push(split::whole(session));
        } else {
            session.turns.extend(turns);
            session.facts.extend(facts);
            self.draft = session;
        }
        plain
    }

    /// Settles what is pending up to where a message without marks may end, where that is so much at least:
    /// there is nothing to weigh.
    fn settle_message(&mut self, least: usize) -> bool {
        let marked = |turn: &Turn| turn.mark != Mark::Unmarked;
        if self.state != State::Message
            || self.draft.turns.iter().any(marked)
            || !self.draft.facts.is_empty()
        {
            return false;
        }
        let goes_on = |turn| goes_on_with_message(self.draft.text(turn));
        let read: Vec<_> = self.draft.turns.iter().map_while(goes_on).collect();
        if read.len() < least {
            return false;
        }
        let draft = std::mem::take(&mut self.draft);
        for (turn, read) in draft.turns.iter().zip(&read) {
            self.splitter.take(&draft, turn, read, &[]);
        }
        for turn in draft.turns.iter().skip(read.len()) {
            self.draft.push(draft.text(turn), *turn);
        }
        true
    }

    /// Attributes what is pending and settles the first `count` lines of it.
    fn decide(&mut self, count: usize) {
        let read = attribute(&self.draft, self.state, &mut self.customs);
        let draft = std::mem::take(&mut self.draft);
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
                let place = self.draft.turns.len();
                self.draft.push(draft.text(turn), *turn);
                self.draft.facts.extend(told.into_iter().map(|fact| (place, fact)));
            }
        }
        self.done.extend(self.splitter.done());
    }
}

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
