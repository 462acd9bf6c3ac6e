//! One message on its way through several sessions: by its Message-ID, and by the names that servers gave it
//! in their queues.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use super::{
    Hop, Trail,
    group::{At, Clock},
    kept::{Count, Kept},
};
use crate::{
    report::session::queue_name,
    session::{Outcome, Session, Transaction},
    transcript::{Label, Moment},
};

/// How many names of messages are followed.
const MOST: usize = 50_000;
/// How many sessions of one message are kept.
const MOST_HOPS: usize = 16;
/// Longer identifiers are none.
const LONGEST: usize = 250;
/// How many lines of a message are looked through for its Message-ID.
const MOST_LINES: usize = 200;

/// A session in which a message was seen.
#[derive(Debug, Clone)]
struct Seen {
    at: At,
    time: Option<Moment>,
    outcome: Outcome,
    client: Arc<str>,
    server: Arc<str>,
}

/// The sessions in which one name was seen.
#[derive(Debug, Default)]
struct Sightings {
    count: u64,
    /// The first ones, in the order of the record.
    hops: Vec<Seen>,
}

impl Sightings {
    fn see(&mut self, seen: Seen) {
        let place = self.hops.partition_point(|hop| hop.at < seen.at);
        // Both names of a message may be the same.
        if self.hops.get(place).is_some_and(|hop| hop.at == seen.at) {
            return;
        }
        // Most messages are seen once.
        self.hops.reserve_exact(1);
        self.hops.insert(place, seen);
        self.hops.truncate(MOST_HOPS);
    }
}

impl Count for Sightings {
    fn add(&mut self, other: Self) {
        self.count += other.count;
        other.hops.into_iter().for_each(|hop| self.see(hop));
    }

    fn weight(&self) -> u64 {
        self.count
    }
}

/// The messages of all sessions by their names.
#[derive(Debug)]
pub(super) struct Trails {
    names: Kept<Sightings>,
}

impl Default for Trails {
    fn default() -> Self {
        Self { names: Kept::new(MOST) }
    }
}

/// The names of the message of a transaction: its Message-ID, and its name in the server's queue.
pub(super) fn names<'t>(
    session: &Session<'t>,
    transaction: &Transaction<'t>,
) -> [Option<&'t [u8]>; 2] {
    let mut names = [message_id(session, transaction), None];
    let exchange =
        transaction.message.as_ref().and_then(|message| session.exchanges.get(message.exchange));
    let exchange = exchange.or_else(|| {
        let last = transaction.exchanges.end.checked_sub(1)?;
        session.exchanges.get(last).filter(|_| transaction.queued())
    });
    let reply = exchange.and_then(|exchange| exchange.reply.as_ref());
    if let Some(reply) = reply.filter(|reply| reply.is_positive()) {
        let [in_content, in_queue] = &mut names;
        *in_queue = queue_name(reply.text);
        *in_content = in_content.or_else(|| id_in_reply(reply.text));
    }
    names.map(|name| name.filter(|name| (4..LONGEST).contains(&name.len())))
}

/// `2.6.0 <id@host> [InternalId=…] Queued mail for delivery`: Exchange repeats the Message-ID.
fn id_in_reply(text: &[u8]) -> Option<&[u8]> {
    let open = memchr::memchr(b'<', text)?;
    let rest = text.get(open + 1..)?;
    let id = rest.get(..memchr::memchr(b'>', rest)?)?;
    let queued = memchr::memmem::find(text, b"InternalId").is_some()
        || memchr::memmem::find(text, b"ueued mail for delivery").is_some();
    (queued && id.contains(&b'@')).then_some(id)
}

/// The Message-ID in the header of a message that the record shows (RFC 5322 §3.6.4).
fn message_id<'t>(session: &Session<'t>, transaction: &Transaction<'t>) -> Option<&'t [u8]> {
    let message = transaction.message.as_ref().filter(|message| !message.hidden)?;
    let lines = session.turns(message.turns.clone(), Label::Message).take(MOST_LINES);
    let header =
        lines.map(|turn| session.transcript.text(turn)).take_while(|line| !line.is_empty());
    let mut header = header.skip_while(|line| field(line).is_none());
    let line = header.next()?;
    let value = field(line)?.trim_ascii();
    let value = if value.is_empty() { header.next()?.trim_ascii() } else { value };
    value.strip_prefix(b"<")?.strip_suffix(b">")
}

fn field(line: &[u8]) -> Option<&[u8]> {
    let (name, value) = line.split_at_checked(11)?;
    name.eq_ignore_ascii_case(b"message-id:").then_some(value)
}

impl Trails {
    /// Takes note of the messages of a session.
    pub(super) fn see(
        &mut self,
        session: &Session<'_>,
        place: impl Fn(&Transaction<'_>) -> (At, Option<Moment>),
        ends: (Option<&[u8]>, Option<&[u8]>),
    ) {
        let shown = |octets: Option<&[u8]>| -> Arc<str> {
            String::from_utf8_lossy(octets.unwrap_or_default()).into()
        };
        // Both names of a message, and all messages of a session, share them.
        let mut sides: Option<(Arc<str>, Arc<str>)> = None;
        for transaction in &session.transactions {
            for name in names(session, transaction).into_iter().flatten() {
                let Some(sightings) = self.names.of(name, Sightings::default) else { continue };
                sightings.count += 1;
                let (at, time) = place(transaction);
                let (client, server) = sides.get_or_insert_with(|| (shown(ends.0), shown(ends.1)));
                let outcome = match transaction.final_code / 100 {
                    2 => Outcome::Queued,
                    4 => Outcome::Deferred,
                    5 => Outcome::Rejected,
                    _ => session.outcome,
                };
                let (client, server) = (Arc::clone(client), Arc::clone(server));
                sightings.see(Seen { at, time, outcome, client, server });
            }
        }
    }

    /// Adds what was seen elsewhere.
    pub(super) fn add(&mut self, other: Self) {
        self.names.add(other.names);
    }

    /// How many names are kept, and about how many there were.
    pub(super) fn limit(&self) -> Option<(usize, u64)> {
        self.names.limit()
    }

    /// The messages that were seen in more than one session: how many, and the first of them, those with the
    /// most sessions first.
    pub(super) fn followed(&self, clock: Clock, most: usize) -> (u64, Vec<Trail>) {
        let mut messages: Vec<Message<'_>> = Vec::new();
        let mut of_place: BTreeMap<&At, usize> = BTreeMap::new();
        // What was seen in several sessions has a name that was: all others are seldom worth a look.
        let several = self.names.counts().filter(|sightings| sightings.hops.len() > 1);
        let linked: BTreeSet<&At> =
            several.flat_map(|sightings| &sightings.hops).map(|hop| &hop.at).collect();
        let names = self.names.listed_where(|sightings| match &sightings.hops[..] {
            [only] => linked.contains(&only.at),
            _ => true,
        });
        let (by_id, by_queue): (Vec<_>, Vec<_>) =
            names.into_iter().partition(|(name, _)| name.contains(&b'@'));
        for (name, sightings) in by_id.into_iter().chain(by_queue) {
            let known: BTreeSet<usize> =
                sightings.hops.iter().filter_map(|hop| of_place.get(&hop.at).copied()).collect();
            // A name in a queue is used again: seen with two messages, it tells nothing of either.
            if known.len() > 1 {
                continue;
            }
            let number = known.first().copied().unwrap_or(messages.len());
            if known.is_empty() {
                messages.push(Message::default());
            }
            let Some(message) = messages.get_mut(number) else { continue };
            message.names.insert(name);
            message.count = message.count.max(sightings.count);
            message.has_id |= name.contains(&b'@');
            for hop in &sightings.hops {
                message.hops.insert(&hop.at, hop);
                of_place.insert(&hop.at, number);
            }
        }
        messages.retain(Message::is_followed);
        messages.sort_by(|one, other| {
            let size = |message: &Message<'_>| message.count.max(message.hops.len() as u64);
            size(other).cmp(&size(one)).then_with(|| one.names.cmp(&other.names))
        });
        let count = messages.len() as u64;
        messages.truncate(most);
        (count, messages.into_iter().map(|message| message.trail(clock)).collect())
    }
}

/// A message with all its names.
#[derive(Debug, Default)]
struct Message<'k> {
    names: BTreeSet<&'k [u8]>,
    hops: BTreeMap<&'k At, &'k Seen>,
    count: u64,
    has_id: bool,
}

impl Message<'_> {
    /// Whether it was seen in several sessions. A name in a queue alone is one server's: in one record it can
    /// only be another message of the same name.
    fn is_followed(&self) -> bool {
        let sources: BTreeSet<&str> = self.hops.keys().map(|at| &*at.source).collect();
        self.hops.len() > 1 && (self.has_id || sources.len() > 1)
    }

    fn trail(&self, clock: Clock) -> Trail {
        let time = |hop: &Seen| hop.time.map(|time| (time.dated, time.micros));
        let mut hops: Vec<&Seen> = self.hops.values().copied().collect();
        hops.sort_by(|one, other| (time(one), &one.at).cmp(&(time(other), &other.at)));
        Trail {
            names: self
                .names
                .iter()
                .map(|name| String::from_utf8_lossy(name).into_owned())
                .collect(),
            sessions: self.count.max(hops.len() as u64),
            hops: hops
                .into_iter()
                .map(|hop| Hop {
                    at: hop.at.shown(),
                    time: time(hop).and_then(|(dated, micros)| clock.time(micros, dated)),
                    client: Some(hop.client.to_string()).filter(|text| !text.is_empty()),
                    server: Some(hop.server.to_string()).filter(|text| !text.is_empty()),
                    outcome: hop.outcome.name().to_owned(),
                })
                .collect(),
        }
    }
}
