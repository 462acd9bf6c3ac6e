//! Transcripts on their way out of a record: handed on a batch at a time, in the order of the record.
//!
//! Sessions of a log end in another order than they began. A batch holds them until it is full and hands
//! them on by their first lines: a file of a ticket comes out in order as a whole, a log of any size
//! takes no more memory than a batch.

use std::collections::{HashSet, VecDeque};

use crate::{
    grammar::reply,
    transcript::{Fact, Label, Telling, Transcript, Turn},
};

/// How many transcripts make a batch.
const SESSIONS: usize = 512;

/// How many octets of text make one.
const OCTETS: usize = 1 << 20;

/// As how many octets of text a line counts, whatever it says.
const LINE: usize = 64;

/// Behind how many sessions an error may still repeat what one of them told.
const REPEATED_WITHIN: usize = 64;

/// The transcripts of one source that are over and not handed on.
#[derive(Debug, Default)]
pub struct Leaving {
    held: Vec<Transcript>,
    octets: usize,
    /// A session of some weight was seen: beside it a single reply is a quotation.
    weighty: bool,
    /// A session was seen that is more than the fields of a delivery status.
    told: bool,
    /// What the last sessions of earlier batches were refused.
    recent: VecDeque<Vec<Refusal>>,
}

impl Leaving {
    /// Takes transcripts that are over; returns a batch where one is full.
    pub fn take(&mut self, over: Vec<Transcript>) -> Option<Vec<Transcript>> {
        self.octets += over.iter().map(weight_in_octets).sum::<usize>();
        self.held.extend(over);
        let full = self.held.len() >= SESSIONS || self.octets >= OCTETS;
        full.then(|| self.batch())
    }

    /// Takes transcripts that are over and returns all that are held, full or not: for whoever waits for them.
    pub fn take_at_once(&mut self, over: Vec<Transcript>) -> Vec<Transcript> {
        self.held.extend(over);
        self.batch()
    }

    /// The record is over: the last batch, which may be empty.
    pub fn rest(mut self) -> Vec<Transcript> {
        self.batch()
    }

    fn batch(&mut self) -> Vec<Transcript> {
        self.octets = 0;
        let mut batch = std::mem::take(&mut self.held);
        batch.sort_by_key(Transcript::lines);
        // The fields of a delivery status repeat what the bounce's own words say.
        let repeats = |session: &Transcript| session.record.telling == Telling::DeliveryStatus;
        self.told |= !batch.iter().all(repeats);
        if self.told {
            batch.retain(|session| !repeats(session));
        }
        // So does an error that a library throws behind the dialogue that it is about.
        if batch.iter().any(is_quoted) {
            let dialogues = batch.iter().filter(|session| !is_quoted(session));
            let earlier = self.recent.iter().flatten().cloned();
            let told = Refusals(dialogues.flat_map(refusals).chain(earlier).collect());
            batch.retain(|session| !is_quoted(session) || !told.hold(session));
        }
        // And a sentence what an error quotes.
        let is_sentence = |session: &Transcript| session.record.telling == Telling::Sentence;
        if batch.iter().any(is_sentence) {
            let errors = batch.iter().filter(|session| is_quoted(session) && !is_sentence(session));
            let told = Refusals(errors.flat_map(refusals).collect());
            batch.retain(|session| !is_sentence(session) || !told.hold(session));
        }
        let last = batch.iter().rev().take(REPEATED_WITHIN).rev();
        self.recent
            .extend(last.filter(|session| !is_quoted(session)).map(|s| refusals(s).collect()));
        self.recent.drain(..self.recent.len().saturating_sub(REPEATED_WITHIN));
        // A single reply that somebody quotes beside real sessions is none.
        let mut dialogues = batch.iter().filter(|session| !is_quoted(session));
        self.weighty |= dialogues.any(|session| weight(session) >= 3);
        if self.weighty {
            batch.retain(|session| weight(session) > 1);
        }
        batch
    }
}

/// Whether it is what an error quotes, or a sentence tells.
fn is_quoted(session: &Transcript) -> bool {
    session.record.telling.is_quoted()
}

/// A reply that refuses something: its code and, where there is one, its enhanced code.
type Refusal = (u16, Option<Vec<u8>>);

/// The refusals that some sessions tell.
struct Refusals(HashSet<Refusal>);

impl Refusals {
    /// Whether each refusal of a session is among these: by both codes, or by the reply code where one of the
    /// two does not show the other.
    fn hold(&self, session: &Transcript) -> bool {
        refusals(session).all(|refusal| match refusal {
            (code, Some(_)) => self.0.contains(&refusal) || self.0.contains(&(code, None)),
            (code, None) => self.0.iter().any(|(known, _)| *known == code),
        })
    }
}

fn refusals(session: &Transcript) -> impl Iterator<Item = Refusal> {
    let replies = session.turns.iter().filter(|turn| turn.first && turn.label == Label::Reply);
    let lines = replies.filter_map(|turn| {
        let line = reply::reply_line(turn.text.slice(&session.bytes).trim_ascii())?;
        Some((line.code, line.enhanced.map(|enhanced| enhanced.raw.to_vec())))
    });
    lines.filter(|(code, _)| *code >= 400)
}

fn weight_in_octets(transcript: &Transcript) -> usize {
    transcript.bytes.len() + transcript.turns.len() * LINE
}

/// How much speaks for a session being one: its commands and replies, and that there was a connection.
fn weight(session: &Transcript) -> usize {
    let spoken = |turn: &&Turn| {
        turn.first && matches!(turn.label, Label::Command | Label::Reply | Label::Credentials)
    };
    let connected = session.facts().any(|fact| {
        matches!(
            fact,
            Fact::Opened
                | Fact::ServerAddress { .. }
                | Fact::ClientAddress { .. }
                | Fact::ConnectFailed(_)
        )
    });
    // Nobody quotes a reply with a session's key.
    let connected = connected || session.key.is_some();
    session.turns.iter().filter(spoken).take(3).count() + if connected { 2 } else { 0 }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        session::{assemble::Assembler, incoming::Incoming},
        transcript::Ending,
    };

    /// The transcripts of a record, before anybody leaves one out.
    fn transcripts(record: &str) -> Vec<Transcript> {
        let mut assembler = Assembler::new(None);
        let lines: Vec<Incoming<'_>> = (1..)
            .zip(record.lines())
            .map(|(number, text)| Incoming {
                number,
                offset: 0,
                octets: u32::try_from(text.len()).unwrap_or(0) + 1,
                text: text.as_bytes(),
                skipped: 0,
                tail: 0,
                ending: Ending::Lf,
                at: None,
            })
            .collect();
        let mut all = assembler.window(&lines);
        all.extend(assembler.finish());
        all
    }

    const DIALOGUE: &str = "\
S: 220 mx.example ESMTP
C: EHLO client.example
S: 250 mx.example
C: MAIL FROM:<a@client.example>
S: 250 2.1.0 Ok
C: RCPT TO:<b@mx.example>
S: 550 5.1.1 no such user
C: QUIT
S: 221 2.0.0 Bye
";
    const REPEATED: &str =
        "smtplib.SMTPRecipientsRefused: {'b@mx.example': (550, b'5.1.1 no such user')}\n";
    const ANOTHER: &str =
        "smtplib.SMTPRecipientsRefused: {'b@mx.example': (552, b'5.2.2 mailbox full')}\n";

    #[test]
    fn an_error_that_repeats_a_dialogue_is_left_out_in_the_same_batch_and_in_a_later_one() {
        for (error, left) in [(REPEATED, 1), (ANOTHER, 2)] {
            let mut together = Leaving::default();
            assert!(together.take(transcripts(DIALOGUE)).is_none());
            assert!(together.take(transcripts(error)).is_none());
            assert_eq!(together.rest().len(), left, "{error}");

            let mut apart = Leaving::default();
            let first = apart.take_at_once(transcripts(DIALOGUE)).len();
            assert_eq!(first + apart.take_at_once(transcripts(error)).len(), left, "{error}");
        }
    }

    #[test]
    fn an_error_far_behind_is_one_of_its_own() {
        let other = DIALOGUE.replace("550 5.1.1 no such user", "250 2.1.5 Ok");
        let mut leaving = Leaving::default();
        leaving.take_at_once(transcripts(DIALOGUE));
        for _ in 0..REPEATED_WITHIN {
            leaving.take_at_once(transcripts(&other));
        }
        assert!(leaving.recent.len() <= REPEATED_WITHIN);
        // A single refusal beside real sessions is still a quotation of one, with its command.
        assert_eq!(leaving.take_at_once(transcripts(REPEATED)).len(), 1);
    }
}
