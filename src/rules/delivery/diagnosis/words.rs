//! Fills the places that a sentence leaves open with what the session has there.

use super::stage;
use crate::{
    protocol::verbs::VerbId,
    rules::quoted,
    session::{Exchange, Kind, Reply, Session, Transaction},
};

/// The sentence with every `{place}` filled in.
pub(super) fn filled(sentence: &str, session: &Session<'_>, place: usize) -> String {
    let mut out = String::with_capacity(sentence.len() + 32);
    let mut rest = sentence;
    while let Some((before, after)) = rest.split_once('{') {
        out.push_str(before);
        let Some((name, behind)) = after.split_once('}') else {
            out.push('{');
            rest = after;
            continue;
        };
        let filling = word(name, session, place);
        // `of {recipient}` where nobody knows whom: `of the recipient`.
        let joined = ["of ", "for ", "to ", "recipient "].iter().any(|end| out.ends_with(end));
        let bare = filling.strip_prefix("of ").or_else(|| filling.strip_prefix("for "));
        match bare.filter(|_| joined) {
            Some(bare) => out.push_str(bare),
            None => out.push_str(&filling),
        }
        rest = behind;
    }
    out.push_str(rest);
    out
}

fn word(name: &str, session: &Session<'_>, place: usize) -> String {
    let Some(exchange) = session.exchanges.get(place) else { return String::new() };
    match name {
        "recipient" => recipient(session, exchange, place),
        "address" if exchange.is(VerbId::Rcpt) => recipient(session, exchange, place),
        "sender" | "address" => sender(session, exchange, place),
        "hello" => hello(session, place),
        "what" => what(exchange).to_owned(),
        "list" => list(session, exchange),
        "text" => exchange
            .reply
            .as_ref()
            .map(|reply| text(session, reply))
            .filter(|text| !text.is_empty())
            .map_or_else(|| "no text".to_owned(), |text| quoted(&text)),
        _ => String::new(),
    }
}

/// What a reply says, each line without the enhanced code that it begins with.
fn text(session: &Session<'_>, reply: &Reply<'_>) -> Vec<u8> {
    let lines = session.reply_lines(reply).map(|(_, line, text)| {
        let enhanced = line.and_then(|line| line.enhanced).filter(|code| code.detail.is_some());
        let told = enhanced.map_or(0, |code| code.marker.len() + code.raw.len());
        text.get(told..).unwrap_or(text).trim_ascii()
    });
    let lines: Vec<&[u8]> = lines.filter(|line| !line.is_empty()).collect();
    lines.join(&b' ')
}

/// The address in the command itself.
fn own_path<'t>(exchange: &Exchange<'t>) -> Option<&'t [u8]> {
    let path = &exchange.command.as_ref()?.parsed.path()?.path;
    Some(path.mailbox.as_ref().map_or(path.content, |mailbox| mailbox.raw))
}

/// The transaction that an exchange belongs to.
fn transaction<'s, 't>(session: &'s Session<'t>, place: usize) -> Option<&'s Transaction<'t>> {
    session.transactions.iter().find(|transaction| transaction.exchanges.contains(&place))
}

fn recipient(session: &Session<'_>, exchange: &Exchange<'_>, place: usize) -> String {
    let only = || {
        let mut accepted = transaction(session, place)?.accepted();
        accepted.next().filter(|_| accepted.next().is_none()).map(|recipient| recipient.address)
    };
    let address = if exchange.is(VerbId::Rcpt) { own_path(exchange) } else { only() };
    match address.map(<[u8]>::trim_ascii).filter(|address| !address.is_empty()) {
        Some(address) => quoted(address),
        None if exchange.is(VerbId::Rcpt) => "for this recipient".to_owned(),
        None if exchange.kind == Kind::Greeting => "by this host".to_owned(),
        None => "of the recipient".to_owned(),
    }
}

fn sender(session: &Session<'_>, exchange: &Exchange<'_>, place: usize) -> String {
    let own = exchange.id().filter(|id| id.opens_transaction()).and_then(|_| own_path(exchange));
    let address = own.or_else(|| transaction(session, place)?.sender);
    match address.map(<[u8]>::trim_ascii) {
        Some(b"") => "the null sender `<>`".to_owned(),
        Some(address) => quoted(address),
        None => "this sender".to_owned(),
    }
}

fn hello(session: &Session<'_>, place: usize) -> String {
    let before = session.exchanges.get(..=place).unwrap_or_default();
    before
        .iter()
        .rev()
        .filter(|exchange| exchange.id().is_some_and(VerbId::is_hello))
        .filter_map(|exchange| exchange.command.as_ref())
        .map(|said| said.parsed.argument.trim_ascii())
        .find(|name| !name.is_empty())
        .map_or_else(|| "what the client said".to_owned(), quoted)
}

/// What was refused.
fn what(exchange: &Exchange<'_>) -> &'static str {
    match stage::of(exchange) {
        stage::CONNECT => "the session",
        stage::HELLO => "the client's HELO or EHLO",
        stage::AUTH => "the login",
        stage::MAIL => "the sender",
        stage::RCPT => "the recipient",
        stage::DATA | stage::MESSAGE => "the message",
        _ => "the command",
    }
}

/// Before the name of a list, in lower case.
const BEFORE_LIST: &[&str] = &[
    "blocked using ",
    "blocked by ",
    "listed in ",
    "listed at ",
    "listed on ",
    "listed by ",
    "blacklisted at ",
    "blacklisted by ",
    "blacklisted in ",
    "rejected by ",
    "found in ",
];

/// The list that a text names.
fn list(session: &Session<'_>, exchange: &Exchange<'_>) -> String {
    let unnamed = || "a blocklist".to_owned();
    let Some(reply) = &exchange.reply else { return unnamed() };
    let text = session.reply_text(reply).to_ascii_lowercase();
    let named = BEFORE_LIST.iter().find_map(|words| {
        let at = memchr::memmem::find(&text, words.as_bytes())? + words.len();
        let name = text.get(at..)?.split(u8::is_ascii_whitespace).next()?;
        let name = name.trim_ascii_end();
        let end = name.iter().rposition(u8::is_ascii_alphanumeric).map_or(0, |last| last + 1);
        let name = name.get(..end)?;
        let plausible = name.contains(&b'.')
            && name.iter().any(u8::is_ascii_alphabetic)
            && name.iter().all(|octet| octet.is_ascii_alphanumeric() || b".-_".contains(octet));
        plausible.then(|| quoted(name))
    });
    named.map_or_else(unnamed, |name| format!("the list {name}"))
}
