//! Groups of commands that were sent without waiting for replies (RFC 2920 §3.1).

use crate::{
    protocol::verbs::VerbId,
    rules::{Case, Party},
    session::{Exchange, Kind, Offer},
    transcript::Method,
};

/// The exchanges that were sent before the reply to the one before them came, each with that one.
pub(super) fn followers<'c, 't>(
    case: &Case<'c, 't>,
) -> impl Iterator<Item = (&'c Exchange<'t>, &'c Exchange<'t>)> + use<'c, 't> {
    let sure = case.is_sure();
    let greeting = case.session.greeting().map_or(0, |reply| reply.turns.start);
    let exchanges = &case.session.exchanges;
    exchanges.iter().zip(exchanges.iter().skip(1)).filter(move |(before, exchange)| {
        sure && exchange.pipelined
            && exchange.kind != Kind::Auth
            && is_shown(exchange)
            && is_shown(before)
            // One who talks before the greeting has a rule of his own.
            && before.command.as_ref().is_some_and(|said| said.turns.start > greeting)
            // So has what is sent behind STARTTLS.
            && !(before.id().is_some_and(VerbId::starts_tls) && before.code() == 220)
            && came_later(before, exchange)
    })
}

fn is_shown(exchange: &Exchange<'_>) -> bool {
    let said = exchange.command.as_ref();
    !exchange.inferred && !exchange.hidden && said.is_some_and(|said| !said.turns.is_empty())
}

/// Whether the reply to the first came after the second was sent: a reply that never came tells nothing.
fn came_later(before: &Exchange<'_>, exchange: &Exchange<'_>) -> bool {
    let (Some(reply), Some(said)) = (&before.reply, &exchange.command) else { return false };
    reply.turns.start >= said.turns.start && exchange.reply.is_some()
}

/// Whether the server offers PIPELINING; `None` where the record does not show it.
pub(super) fn offers_pipelining(case: &Case<'_, '_>, exchange: &Exchange<'_>) -> Option<bool> {
    let standing = exchange.standing;
    if standing.hello_unseen || case.session.transcript.method == Method::Inferred {
        return None;
    }
    let offer: Option<&Offer<'_>> = case.session.offer(exchange);
    match offer {
        Some(offer) => Some(offer.has("PIPELINING")),
        // HELO, or nothing yet: there is no offer.
        None => Some(false),
    }
}

/// Who did not wait: in a record without marks, a person's terminal.
pub(super) fn who(case: &Case<'_, '_>) -> Party {
    if case.session.transcript.method == Method::Inferred { Party::Person } else { Party::Client }
}

/// Whether the server itself says that the client did not wait: Exim's and Postfix's words.
pub(super) fn complains(text: &[u8]) -> bool {
    let has = |words: &[u8]| text.windows(words.len()).any(|part| part.eq_ignore_ascii_case(words));
    has(b"synchronization error") || has(b"use of SMTP command pipelining")
}
