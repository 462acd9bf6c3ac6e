//! What is kept of a session to compare it with others: little, whatever its length.

use std::sync::Arc;

use crate::{
    grammar::greeting::host_line,
    protocol::verbs::VerbId,
    rules::{Spot, findings::spot_of_turns, masked::hides},
    session::{Exchange, Kind, Outcome, Session},
    transcript::{Fact, Moment},
};

/// How many recipients and users of one session are kept.
const MOST: usize = 50;

/// One RCPT.
#[derive(Debug)]
pub(super) struct Attempt {
    pub(super) sender: String,
    pub(super) recipient: String,
    pub(super) code: u16,
    /// The refusal was meant for now only, as greylisting is: try again.
    pub(super) put_off: bool,
    /// Such a mailbox does not exist, said the server.
    pub(super) unknown: bool,
    pub(super) spot: Spot,
    pub(super) at: Option<Moment>,
}

/// A session in brief.
#[derive(Debug)]
pub(crate) struct Glance {
    /// Where it begins.
    pub(super) spot: Spot,
    /// The client's address; `None` where the record does not tell it.
    pub(super) client: Option<Arc<str>>,
    /// The server's address and name; `None` where the record does not tell the address.
    pub(super) server: Option<(Arc<str>, Arc<str>)>,
    /// The RCPTs.
    pub(super) attempts: Vec<Attempt>,
    /// The users whose AUTH failed.
    pub(super) failed_users: Vec<String>,
    /// The keywords of the first offer, sorted, where it is whole and outside TLS, and where it stands.
    pub(super) offer: Option<(String, Spot)>,
    /// Nothing was attempted: the client connected, greeted at most, and went.
    pub(super) unused: bool,
}

/// Keywords that may differ from client to client.
const PERSONAL: &[&str] = &["AUTH", "XCLIENT", "XFORWARD", "ETRN", "X-EXPS", "PIPECONNECT"];

impl Glance {
    /// What is kept of a session.
    pub(crate) fn of(session: &Session<'_>) -> Self {
        let place = |exchange: &Exchange<'_>| {
            let turns = exchange
                .command
                .as_ref()
                .map(|said| said.turns.clone())
                .or_else(|| exchange.reply.as_ref().map(|reply| reply.turns.clone()));
            turns.map(|turns| spot_of_turns(session, turns)).unwrap_or_default()
        };
        let spot = session.exchanges.first().map(place).unwrap_or_default();
        let (mut client, mut address) = (None, None);
        for fact in session.transcript.facts() {
            match fact {
                Fact::ClientAddress { address: text, .. } => client = Some(shared(text)),
                Fact::ServerAddress { address: text, .. } => address = Some(shared(text)),
                Fact::Dialled { host, .. } if address.is_none() => address = Some(shared(host)),
                _ => {}
            }
        }
        let name = session.greeting().map(|reply| shared(host_line(reply.text).name));
        Self {
            spot,
            client,
            server: address.zip(name),
            attempts: attempts(session, place),
            failed_users: crate::rules::security::failed_users(session, MOST),
            offer: offer(session),
            unused: is_unused(session),
        }
    }
}

fn shared(octets: &[u8]) -> Arc<str> {
    Arc::from(String::from_utf8_lossy(octets).to_ascii_lowercase())
}

fn attempts(session: &Session<'_>, place: impl Fn(&Exchange<'_>) -> Spot) -> Vec<Attempt> {
    let mut found = Vec::new();
    let mut sender = String::new();
    for exchange in &session.exchanges {
        let path = exchange.command.as_ref().and_then(|said| said.parsed.path());
        let Some(path) = path.filter(|_| exchange.kind == Kind::Command) else { continue };
        let mailbox = path.path.mailbox.as_ref().map_or(path.path.content, |mailbox| mailbox.raw);
        let address = String::from_utf8_lossy(mailbox).to_ascii_lowercase();
        if !exchange.is(VerbId::Rcpt) {
            sender = address;
            continue;
        }
        let Some(reply) = &exchange.reply else { continue };
        if found.len() >= MOST || address.is_empty() {
            continue;
        }
        let text = session.reply_text(reply).to_ascii_lowercase();
        let says = |words: &[&str]| {
            words.iter().any(|word| memchr::memmem::find(&text, word.as_bytes()).is_some())
        };
        let put_off = matches!(reply.code, 450 | 451 | 421)
            && says(&[
                "greylist",
                "graylist",
                "grey list",
                "try again",
                "try later",
                "4.7.1",
                "4.3.2",
                "temporarily",
            ]);
        let unknown = matches!(reply.code, 550 | 551 | 553)
            && says(&[
                "5.1.1",
                "unknown",
                "no such",
                "not exist",
                "not found",
                "no mailbox",
                "invalid",
            ]);
        let at = exchange
            .command
            .as_ref()
            .and_then(|said| session.turn(said.turns.start))
            .and_then(|turn| turn.at);
        found.push(Attempt {
            sender: sender.clone(),
            recipient: address,
            code: reply.code,
            put_off,
            unknown,
            spot: place(exchange),
            at,
        });
    }
    found
}

fn offer(session: &Session<'_>) -> Option<(String, Spot)> {
    let offer = session.offers.first().filter(|offer| !offer.tls && !hides(offer))?;
    let hello = session.exchanges.get(offer.exchange?)?;
    let reply = hello.reply.as_ref().filter(|reply| !reply.unterminated)?;
    if !hello.is(VerbId::Ehlo) || hello.standing.midway || offer.keywords.is_empty() {
        return None;
    }
    let mut names: Vec<String> = offer
        .keywords
        .iter()
        .map(|keyword| String::from_utf8_lossy(keyword.keyword).to_ascii_uppercase())
        .filter(|name| !PERSONAL.contains(&name.as_str()))
        .collect();
    names.sort_unstable();
    names.dedup();
    Some((names.join(" "), spot_of_turns(session, reply.turns.clone())))
}

/// Whether the client did nothing with the session, although the server would have let it.
fn is_unused(session: &Session<'_>) -> bool {
    let idle = session.exchanges.iter().all(|exchange| match exchange.kind {
        Kind::Greeting => exchange.accepted(),
        Kind::Unsolicited => true,
        Kind::Command => exchange.id().is_some_and(|id| id.is_hello() || id == VerbId::Quit),
        Kind::Auth | Kind::Message => false,
    });
    idle && session.greeting().is_some() && session.outcome != Outcome::Incomplete
}
