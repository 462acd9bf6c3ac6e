//! Turns to sessions: demultiplex, orient the marks, attribute unmarked lines, pair, find transactions.
//!
//! *Enters*: lines of a source, one after the other ([`assemble::Assembler`]).
//! *Leaves*: a [`Transcript`] for each connection as soon as it is over, and from each transcript a
//! [`Session`]: exchanges, transactions, extensions in force, TLS and AUTH, outcome.
//!
//! The way of a line: `readers` asks the dialects what an `incoming` line says, `rows` puts together what stood in several lines, `assemble` sends each line to the draft of its session (`open`) or to
//! those that carry no key (`pending`); `attribution` finds
//! which mark is the server's and what each line is, by the cheapest path through its states; `split` cuts the record into transcripts; `pair` matches replies to commands, first in, first out;
//! `standing` runs the protocol's order over the exchanges; `outcome` says how it ended.

use std::{borrow::Cow, ops::Range};

use crate::{
    grammar::{command::Command, enhanced, reply},
    protocol::verbs::{Verb, VerbId},
    span::Span,
    transcript::{Fact, Label, Transcript, Turn},
};

pub mod assemble;
mod attribution;
mod flaws;
pub mod incoming;
mod infer;
mod leaving;
mod listed;
mod margin;
mod middle;
mod open;
mod outcome;
mod pair;
mod pending;
mod readers;
mod rows;
mod spare;
mod split;
mod standing;
mod transaction;

pub use flaws::{Flaw, Flaws};
pub use leaving::Leaving;
pub use outcome::{End, Outcome, deciding_refusal};
pub use standing::Standing;
pub use transaction::{Message, Recipient, Transaction};

/// What kind of exchange it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Kind {
    /// The reply that opens the session.
    Greeting,
    /// A command and its reply.
    Command,
    /// The client's line in an AUTH dialogue and what the server answered.
    Auth,
    /// The message, as a whole, and its reply.
    Message,
    /// A reply that answers nothing.
    Unsolicited,
}

/// What the client sent: a command line, a line of an AUTH dialogue, or the message.
#[derive(Debug, Clone)]
pub struct Said<'t> {
    /// The turns that hold it, by their indices; turns of other labels in between do not belong to it.
    pub turns: Range<usize>,
    /// The line, taken apart; of an AUTH dialogue's line and of a message the line as it stands.
    pub parsed: Command<'t>,
}

/// A reply: all its lines.
#[derive(Debug, Clone)]
pub struct Reply<'t> {
    /// The turns that hold it, by their indices; turns of other labels in between do not belong to it.
    pub turns: Range<usize>,
    /// Its lines, by their places in [`Session::lines`].
    pub lines: Range<usize>,
    /// The code of its first line; 0 where that has none.
    pub code: u16,
    /// The text of its first line, after code and separator.
    pub text: &'t [u8],
    /// The last line announces a further one, which never came.
    pub unterminated: bool,
}

impl Reply<'_> {
    /// The first digit of the code; where that is missing, of the enhanced status code, which says the
    /// same (RFC 2034 §4).
    pub fn class(&self) -> u16 {
        if self.code > 0 {
            return self.code / 100;
        }
        enhanced::enhanced_code(self.text, 0).map_or(0, |status| status.class.into())
    }

    /// Whether the first digit is 2.
    pub fn is_positive(&self) -> bool {
        self.class() == 2
    }

    /// Whether the first digit is 4 or 5.
    pub fn is_refusal(&self) -> bool {
        matches!(self.class(), 4 | 5)
    }
}

/// One line of a reply.
#[derive(Debug, Clone, Copy)]
pub struct Line<'t> {
    /// The turn that holds it.
    pub turn: &'t Turn,
    /// The line taken apart; `None` where it has no code.
    pub parsed: Option<reply::ReplyLine<'t>>,
    /// Its text after code and separator; all of it where it has no code.
    pub text: &'t [u8],
}

/// A command and its reply, or one of the two.
#[derive(Debug, Clone)]
pub struct Exchange<'t> {
    /// What kind it is.
    pub kind: Kind,
    /// What the client sent; `None` for the greeting, for what answers nothing, and where the record does
    /// not show it.
    pub command: Option<Said<'t>>,
    /// The verb, where it is known; inferred from the reply where `inferred`.
    pub verb: Option<&'static Verb>,
    /// The command is not in the record: its verb follows from the reply.
    pub inferred: bool,
    /// The message was sent, but the record does not show it.
    pub hidden: bool,
    /// The reply; `None` where none came.
    pub reply: Option<Reply<'t>>,
    /// The command was sent before the reply to the one before it came.
    pub pipelined: bool,
    /// Where the session stood before the command.
    pub standing: Standing,
    /// From the command to its reply, in microseconds.
    pub latency: Option<i64>,
}

impl Exchange<'_> {
    /// Which command it is.
    pub fn id(&self) -> Option<VerbId> {
        self.verb.map(|verb| verb.id)
    }

    /// Whether it is this command.
    pub fn is(&self, id: VerbId) -> bool {
        self.id() == Some(id) && self.kind == Kind::Command
    }

    /// The reply's code, 0 where there is none.
    pub fn code(&self) -> u16 {
        self.reply.as_ref().map_or(0, |reply| reply.code)
    }

    /// Whether the reply's first digit is 2.
    pub fn accepted(&self) -> bool {
        self.reply.as_ref().is_some_and(Reply::is_positive)
    }

    /// Whether the reply's first digit is 4 or 5.
    pub fn refused(&self) -> bool {
        self.reply.as_ref().is_some_and(Reply::is_refusal)
    }
}

/// One keyword of the reply to an EHLO.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Keyword<'t> {
    /// The keyword as the server wrote it.
    pub keyword: &'t [u8],
    /// What follows it.
    pub params: &'t [u8],
    /// The turn that holds it.
    pub turn: usize,
}

/// What an accepted EHLO or LHLO offered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Offer<'t> {
    /// The exchange, by its place in [`Session::exchanges`]; `None` where the record shows only the end
    /// of the reply.
    pub exchange: Option<usize>,
    /// Whether TLS was in force.
    pub tls: bool,
    /// The keywords, in the server's order.
    pub keywords: Vec<Keyword<'t>>,
}

impl Offer<'_> {
    /// The keyword of this name, in any case.
    pub fn get(&self, name: &str) -> Option<&Keyword<'_>> {
        self.keywords.iter().find(|keyword| keyword.keyword.eq_ignore_ascii_case(name.as_bytes()))
    }

    /// Whether the keyword was offered.
    pub fn has(&self, name: &str) -> bool {
        self.get(name).is_some()
    }
}

/// One connection, understood.
#[derive(Debug, Clone)]
pub struct Session<'t> {
    /// The lines that it was made from.
    pub transcript: &'t Transcript,
    /// What was said, in the order of the commands.
    pub exchanges: Vec<Exchange<'t>>,
    /// The lines of all replies, in the order of the record.
    pub lines: Vec<Line<'t>>,
    /// The mail transactions, in order.
    pub transactions: Vec<Transaction<'t>>,
    /// What the server offered, once for each accepted EHLO or LHLO.
    pub offers: Vec<Offer<'t>>,
    /// How the record ends.
    pub end: End,
    /// What became of the mail.
    pub outcome: Outcome,
}

impl<'t> Session<'t> {
    /// Understands a transcript.
    pub fn of(transcript: &'t Transcript) -> Self {
        let pair::Paired { mut exchanges, lines, fragment } = pair::pair(transcript);
        let quoted = transcript.facts().any(|fact| *fact == Fact::Elision);
        infer::infer(&mut exchanges, quoted);
        let offers = standing::run(transcript, &mut exchanges, &lines, fragment);
        let transactions = transaction::find(transcript, &exchanges);
        let end = outcome::end(transcript, &exchanges);
        let outcome = outcome::outcome(transcript, &exchanges, &transactions, end);
        Self { transcript, exchanges, lines, transactions, offers, end, outcome }
    }

    /// The greeting, where the record has it.
    pub fn greeting(&self) -> Option<&Reply<'t>> {
        self.exchanges
            .iter()
            .find(|exchange| exchange.kind == Kind::Greeting)
            .and_then(|exchange| exchange.reply.as_ref())
    }

    /// The exchanges of one verb, with their places.
    pub fn of_verb(&self, id: VerbId) -> impl Iterator<Item = (usize, &Exchange<'t>)> {
        self.exchanges.iter().enumerate().filter(move |(_, exchange)| exchange.is(id))
    }

    /// What the server had offered before this exchange.
    pub fn offer(&self, exchange: &Exchange<'_>) -> Option<&Offer<'t>> {
        self.offers.get(exchange.standing.offer?)
    }

    /// The turns of a range that carry this label.
    pub fn turns(
        &self,
        range: Range<usize>,
        label: Label,
    ) -> impl DoubleEndedIterator<Item = &'t Turn> + Clone {
        let turns = self.transcript.turns.get(range).unwrap_or_default();
        turns.iter().filter(move |turn| turn.label == label)
    }

    /// The lines of a reply, each with its turn, taken apart; a line without a code is all text.
    pub fn reply_lines(
        &self,
        reply: &Reply<'_>,
    ) -> impl DoubleEndedIterator<Item = (&'t Turn, Option<reply::ReplyLine<'t>>, &'t [u8])> {
        let lines = self.lines.get(reply.lines.clone()).unwrap_or_default();
        lines.iter().map(|line| (line.turn, line.parsed, line.text))
    }

    /// The enhanced status code of a reply's line; of a line without a reply code, the one that it begins
    /// with.
    pub fn enhanced<'l>(
        line: Option<&reply::ReplyLine<'l>>,
        text: &'l [u8],
    ) -> Option<enhanced::EnhancedCode<'l>> {
        line.map_or_else(|| enhanced::enhanced_code(text, 0), |line| line.enhanced)
    }

    /// The whole text of a reply in one piece, its lines joined by a space.
    pub fn reply_text(&self, reply: &Reply<'_>) -> Cow<'t, [u8]> {
        if let Some([line]) = self.lines.get(reply.lines.clone()) {
            return Cow::Borrowed(line.text);
        }
        let mut whole = Vec::new();
        for (_, _, text) in self.reply_lines(reply) {
            if !whole.is_empty() {
                whole.push(b' ');
            }
            whole.extend_from_slice(text);
        }
        Cow::Owned(whole)
    }

    /// The turn with this index.
    pub fn turn(&self, index: usize) -> Option<&'t Turn> {
        self.transcript.turns.get(index)
    }

    /// Where a slice of the transcript's bytes stands: its turn, and the octets within the turn's text.
    pub fn locate(&self, part: &[u8]) -> Option<(&'t Turn, Span)> {
        let span = Span::of(&self.transcript.bytes, part);
        let index = self.transcript.turns.partition_point(|turn| turn.text.end < span.start);
        let rest = self.transcript.turns.get(index..)?;
        let turn =
            rest.iter().find(|turn| turn.text.start <= span.start && span.end <= turn.text.end)?;
        let start = span.start - turn.text.start;
        Some((turn, Span::new(start, start + span.len())))
    }
}
