//! Mail transactions: from an accepted MAIL to the reply to its data, RSET, a new HELO, EHLO or STARTTLS,
//! or the end (RFC 5321 §3.3).

use std::ops::Range;

use super::{Exchange, Kind};
use crate::{
    grammar::{
        command::{Argument, Command},
        path::Path,
    },
    protocol::verbs::VerbId,
    transcript::{Fact, Label, Transcript},
};

/// One recipient of a transaction.
#[derive(Debug, Clone)]
pub struct Recipient<'t> {
    /// The forward-path's content as typed, without brackets and route.
    pub address: &'t [u8],
    /// The RCPT, by its place in the session's exchanges.
    pub exchange: usize,
    /// The reply's code; 0 where none came.
    pub code: u16,
}

impl Recipient<'_> {
    /// Whether the server took it.
    pub const fn accepted(&self) -> bool {
        self.code / 100 == 2
    }
}

/// The message of a transaction.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    /// The exchange that holds it (of kind message, or the last BDAT).
    pub exchange: usize,
    /// The turns that hold its lines, the final dot among them.
    pub turns: Range<usize>,
    /// Its size in octets as shown, each line with two for its ending, without the final dot.
    pub octets: u64,
    /// The final dot (or BDAT LAST) was sent.
    pub complete: bool,
    /// It was sent but is not in the record.
    pub hidden: bool,
}

/// One mail transaction.
#[derive(Debug, Clone)]
pub struct Transaction<'t> {
    /// The reverse-path's content as typed; empty for the null reverse-path, `None` where MAIL is not in
    /// the record.
    pub sender: Option<&'t [u8]>,
    /// The MAIL, by its place in the session's exchanges.
    pub mail: Option<usize>,
    /// The recipients in the order of their RCPTs.
    pub recipients: Vec<Recipient<'t>>,
    /// The DATA or the first BDAT.
    pub data: Option<usize>,
    /// The message, where one was sent.
    pub message: Option<Message>,
    /// Its exchanges, by their places: from MAIL up to, and without, what ended it.
    pub exchanges: Range<usize>,
    /// The code of the reply to the message; 0 where none came.
    pub final_code: u16,
}

impl Transaction<'_> {
    /// Whether the server took responsibility for the message.
    pub const fn queued(&self) -> bool {
        self.final_code / 100 == 2
    }

    /// The recipients that the server took.
    pub fn accepted(&self) -> impl Iterator<Item = &Recipient<'_>> {
        self.recipients.iter().filter(|recipient| recipient.accepted())
    }
}

/// The address of a path as people write it: what stands in the brackets, without the route.
pub(super) fn address<'t>(path: &Path<'t>) -> &'t [u8] {
    path.mailbox.as_ref().map_or(path.content, |mailbox| mailbox.raw)
}

/// The path of a MAIL or RCPT.
pub(super) fn path<'e, 't>(exchange: &'e Exchange<'t>) -> Option<&'e Path<'t>> {
    match &exchange.command.as_ref()?.parsed.detail {
        Argument::Path(argument) => Some(&argument.path),
        _ => None,
    }
}

/// The transactions of a session.
pub(super) fn find<'t>(
    transcript: &'t Transcript,
    exchanges: &[Exchange<'t>],
) -> Vec<Transaction<'t>> {
    let mut found: Vec<Transaction<'t>> = Vec::new();
    let mut open: Option<Transaction<'t>> = None;
    let empty = |place: usize| Transaction {
        sender: None,
        mail: None,
        recipients: Vec::new(),
        data: None,
        message: None,
        exchanges: place..place,
        final_code: 0,
    };
    for (place, exchange) in exchanges.iter().enumerate() {
        let id = exchange.id().unwrap_or(VerbId::Other);
        match exchange.kind {
            Kind::Command if id.opens_transaction() => {
                // A refused MAIL opens nothing; a nested one that is refused changes nothing.
                if exchange.refused() {
                    continue;
                }
                found.extend(open.take());
                let sender = path(exchange).map(address);
                open = Some(Transaction { sender, mail: Some(place), ..empty(place) });
            }
            Kind::Command if id == VerbId::Rcpt => {
                if open.is_none() && !exchange.accepted() {
                    continue;
                }
                let transaction = open.get_or_insert_with(|| empty(place));
                transaction.recipients.push(Recipient {
                    address: path(exchange).map_or(&b""[..], address),
                    exchange: place,
                    code: exchange.code(),
                });
            }
            Kind::Command if id == VerbId::Data => {
                if let Some(transaction) = &mut open {
                    transaction.data = Some(place);
                }
            }
            Kind::Command if matches!(id, VerbId::Bdat | VerbId::Burl) => {
                let transaction = open.get_or_insert_with(|| empty(place));
                transaction.data.get_or_insert(place);
                let last = exchange.command.as_ref().is_some_and(|said| is_last(&said.parsed));
                if last {
                    // A message in one chunk; the parts of several are not put together.
                    if transaction.data == Some(place) {
                        transaction.message = message(transcript, place, exchange)
                            .filter(|message| message.octets > 0)
                            .map(|message| Message { complete: true, ..message });
                    }
                    transaction.final_code = exchange.code();
                    transaction.exchanges.end = place + 1;
                    found.extend(open.take());
                    continue;
                }
            }
            Kind::Message => {
                let mut transaction = open.take().unwrap_or_else(|| empty(place));
                // A further reply of LMTP belongs to the message before it.
                if exchange.command.is_none()
                    && transaction.mail.is_none()
                    && let Some(before) = found.last_mut()
                {
                    before.exchanges.end = place + 1;
                    if exchange.reply.is_some()
                        && (before.final_code == 353 || (exchange.accepted() && !before.queued()))
                    {
                        before.final_code = exchange.code();
                    }
                    continue;
                }
                transaction.message = message(transcript, place, exchange);
                transaction.final_code = exchange.code();
                transaction.exchanges.end = place + 1;
                found.push(transaction);
                continue;
            }
            Kind::Command
                if exchange.accepted()
                    && (id.is_hello() || id.starts_tls() || id == VerbId::Rset) =>
            {
                found.extend(open.take());
            }
            _ => {}
        }
        if let Some(transaction) = &mut open {
            transaction.exchanges.end = place + 1;
        }
    }
    found.extend(open);
    found
}

/// Whether a BDAT or BURL carries LAST (RFC 3030 §2, RFC 4468 §3.5).
fn is_last(command: &Command<'_>) -> bool {
    match &command.detail {
        Argument::Bdat(bdat) => bdat.last.is_some(),
        _ => command
            .argument
            .rsplit(|octet| *octet == b' ')
            .next()
            .is_some_and(|word| word.eq_ignore_ascii_case(b"LAST")),
    }
}

/// How many lines of these turns, and how many octets of them, were too many to be kept.
fn left_out(transcript: &Transcript, turns: &Range<usize>) -> (u64, u64) {
    let facts = &transcript.facts;
    let told = facts.iter().skip(facts.partition_point(|(at, _)| *at < turns.start));
    let told = told.take_while(|(at, _)| *at < turns.end);
    told.fold((0, 0), |(all_lines, all_octets), (_, fact)| match fact {
        Fact::MessageLeftOut { lines, octets } => (all_lines + lines, all_octets + octets),
        _ => (all_lines, all_octets),
    })
}

fn message(transcript: &Transcript, place: usize, exchange: &Exchange<'_>) -> Option<Message> {
    let said = exchange.command.as_ref()?;
    let turns = transcript.turns.get(said.turns.clone())?;
    let lines = turns.iter().filter(|turn| turn.label == Label::Message);
    let kept: u64 = lines.map(|turn| turn.text.len() as u64 + 2).sum();
    let octets = kept + left_out(transcript, &said.turns).1;
    let complete = exchange.hidden || turns.iter().any(|turn| turn.label == Label::EndOfData);
    Some(Message {
        exchange: place,
        turns: said.turns.clone(),
        octets,
        complete,
        hidden: exchange.hidden,
    })
}
