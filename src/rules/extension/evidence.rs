//! What the server offered when a command was sent: shared by the rules about extensions.

use crate::{
    protocol::order::Hello,
    rules::{
        Case,
        masked::{hides, is_masked},
    },
    session::{Exchange, Keyword, Kind, Offer},
};

/// What was on offer.
pub(super) enum Offered<'s, 't> {
    /// The reply to EHLO or LHLO in force.
    List(&'s Offer<'t>),
    /// HELO was accepted: nothing.
    Nothing,
    /// No HELO or EHLO was accepted yet.
    NotAsked,
}

/// What was on offer when a command was sent; `None` where the record does not show it, or not whole.
pub(super) fn offered<'s, 't>(
    case: &Case<'s, 't>,
    exchange: &Exchange<'_>,
) -> Option<Offered<'s, 't>> {
    let standing = &exchange.standing;
    if standing.hello_unseen || standing.hello_due || !case.is_sure() {
        return None;
    }
    match (standing.offer.and_then(|place| case.session.offers.get(place)), standing.flags.hello) {
        (Some(offer), _) => is_shown(case, offer).then_some(Offered::List(offer)),
        (None, Hello::Helo) => Some(Offered::Nothing),
        (None, Hello::Ehlo | Hello::Lhlo) => None,
        (None, Hello::None) => Some(Offered::NotAsked),
    }
}

/// Whether an offer has a keyword, or may have it: a masked keyword of the same length may be this one, and
/// one that a person masked may be any.
pub(super) fn may_have(offer: &Offer<'_>, name: &str) -> bool {
    offer.has(name)
        || offer.keywords.iter().any(|keyword| {
            is_masked(keyword.keyword)
                && (keyword.keyword.len() == name.len()
                    || !keyword.keyword.iter().all(u8::is_ascii_uppercase))
        })
}

/// Whether the record shows all lines of an offer.
fn is_shown(case: &Case<'_, '_>, offer: &Offer<'_>) -> bool {
    let reply = offer
        .exchange
        .and_then(|place| case.session.exchanges.get(place))
        .and_then(|exchange| exchange.reply.as_ref());
    reply.is_some_and(|reply| !reply.unterminated && reply.code == 250)
}

/// Whether the record shows all of an offer, and nobody masked any of it.
pub(super) fn is_whole(case: &Case<'_, '_>, offer: &Offer<'_>) -> bool {
    is_shown(case, offer) && !hides(offer)
}

/// The words that follow a keyword.
pub(super) fn words<'t>(keyword: &Keyword<'t>) -> impl Iterator<Item = &'t [u8]> + Clone + use<'t> {
    keyword.params.split(u8::is_ascii_whitespace).filter(|word| !word.is_empty())
}

/// The mechanisms that an offer lists, under AUTH and `AUTH=`.
pub(super) fn mechanisms<'o, 't>(
    offer: &'o Offer<'t>,
    keyword: &'o str,
) -> impl Iterator<Item = &'t [u8]> + use<'o, 't> {
    offer
        .keywords
        .iter()
        .filter(move |listed| listed.keyword.eq_ignore_ascii_case(keyword.as_bytes()))
        .flat_map(words)
}

/// The commands of a session that the record shows.
pub(super) fn commands<'s, 't>(
    case: &Case<'s, 't>,
) -> impl Iterator<Item = &'s Exchange<'t>> + use<'s, 't> {
    case.session.exchanges.iter().filter(|exchange| {
        exchange.kind == Kind::Command && !exchange.inferred && exchange.command.is_some()
    })
}
