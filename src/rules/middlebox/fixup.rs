//! The marks that Cisco's inspection leaves: PIX `fixup protocol smtp`, ASA and FWSM `inspect esmtp`.
//!
//! It edits in place, so lengths never change. A PIX overwrites the greeting with asterisks, but lets `2`,
//! `0` and blanks stand; an ASA does the same and overwrites EHLO keywords that it does not know with `X`,
//! the last octet counting the overwritten lines: A, B, C. Commands that do not pass become `XXXX`.

use crate::{
    grammar::ehlo_line,
    protocol::verbs::VerbId,
    rules::{Of, Told},
    session::{Exchange, Keyword, Kind, Offer, Reply, Session},
    transcript::Turn,
};

/// How many asterisks a greeting needs before they are no person's redaction.
const MASKED: usize = 8;

/// Whether text behind the code of a greeting is masked: asterisks, `2`, `0` and blanks, and enough of them.
fn is_masked_text(text: &[u8], least: usize) -> bool {
    let stars = text.iter().filter(|octet| **octet == b'*').count();
    stars >= least && text.iter().all(|octet| matches!(octet, b'*' | b'2' | b'0' | b' ' | b'\t'))
}

/// The line of the greeting that is masked.
pub(super) fn masked_greeting<'t>(session: &Session<'t>) -> Option<(&'t Turn, &'t [u8])> {
    let greeting = session.greeting()?;
    // With a second clue, fewer asterisks will do.
    let least = if masked_keywords(session).next().is_some() || quoted_mask(session).is_some() {
        4
    } else {
        MASKED
    };
    session
        .reply_lines(greeting)
        .map(|(turn, _, text)| (turn, text))
        .find(|(_, text)| is_masked_text(text, least) || is_of_old_mail_guard(text))
}

/// `SMTP/cmap____…____read`: what the first versions of Mail Guard left of the greeting.
fn is_of_old_mail_guard(text: &[u8]) -> bool {
    let inside =
        text.trim_ascii().strip_prefix(b"SMTP/cmap").and_then(|rest| rest.strip_suffix(b"read"));
    inside.is_some_and(|inside| inside.len() >= MASKED && inside.iter().all(|octet| *octet == b'_'))
}

/// Which inspection it was, as far as the dialogue tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Inspection {
    /// The seven commands of RFC 821 §4.5.1 and nothing else: EHLO or AUTH did not get through.
    Fixup,
    /// EHLO gets through, and keywords that the firewall does not know are overwritten.
    Esmtp,
    /// One or the other.
    Either,
}

impl Inspection {
    /// The firewall and its command, for a sentence.
    pub(super) const fn words(self) -> &'static str {
        match self {
            Self::Fixup => "PIX `fixup protocol smtp`, or `smtp` in an inspect rule of IOS",
            Self::Esmtp => "ASA or FWSM `inspect esmtp`, or `esmtp` in an inspect rule of IOS",
            Self::Either => "PIX `fixup protocol smtp`, ASA `inspect esmtp`",
        }
    }

    /// What to type.
    pub(super) const fn remedy(self) -> &'static str {
        match self {
            Self::Fixup => REMEDY_PIX,
            Self::Esmtp => REMEDY_ASA,
            Self::Either => REMEDY,
        }
    }
}

/// Tells the kinds of inspection apart: by EHLO, which only one of them knows, and by the mask of keywords.
pub(super) fn inspection(session: &Session<'_>) -> Inspection {
    if masked_keywords(session).next().is_some() {
        return Inspection::Esmtp;
    }
    let hello = |exchange: &&Exchange<'_>| exchange.is(VerbId::Ehlo);
    let mut ehlos = session.exchanges.iter().filter(hello);
    if ehlos.clone().any(Exchange::accepted) {
        return Inspection::Esmtp;
    }
    if masked_greeting(session).is_some_and(|(_, text)| is_of_old_mail_guard(text))
        || ehlos.any(refused_as_unknown)
    {
        return Inspection::Fixup;
    }
    Inspection::Either
}

/// A keyword overwritten as `XXXXXXXA`: all X but the last octet, which is a letter.
pub(super) fn is_masked_keyword(keyword: &[u8]) -> bool {
    match keyword.split_last() {
        Some((last, rest)) => {
            rest.len() >= 2
                && rest.iter().all(|octet| *octet == b'X')
                && last.is_ascii_uppercase()
                && *last != b'X'
        }
        None => false,
    }
}

/// The overwritten keywords, each with the offer that holds it.
pub(super) fn masked_keywords<'s, 't>(
    session: &'s Session<'t>,
) -> impl Iterator<Item = (&'s Offer<'t>, &'s Keyword<'t>)> {
    session.offers.iter().flat_map(|offer| {
        let masked = offer.keywords.iter().filter(|keyword| is_masked_keyword(keyword.keyword));
        masked.map(move |keyword| (offer, keyword))
    })
}

/// A run of at least three X, and nothing else, in the place of a word.
fn is_mask(word: &[u8]) -> bool {
    word.len() >= 3 && word.iter().all(|octet| *octet == b'X')
}

/// Whether a text holds a mask as a word.
fn quotes_mask(text: &[u8]) -> bool {
    memchr::memmem::find(text, b"XXX").is_some()
        && text
            .split(|octet| matches!(octet, b' ' | b'"' | b'\'' | b'`' | b'<' | b'>' | b':' | b'.'))
            .any(is_mask)
}

/// Whether a line bears any mark of the inspection.
pub(super) fn is_mark(told: &Told<'_>) -> bool {
    let masked = match told.of {
        Of::Greeting => is_masked_text(told.text, 4) || is_of_old_mail_guard(told.text),
        Of::Keyword => is_masked_keyword(ehlo_line(told.text.trim_ascii()).keyword),
        Of::Hello | Of::Other => false,
    };
    masked || (told.may_refuse() && quotes_mask(told.text))
}

/// The first refusal that quotes an overwritten command, or answers one.
pub(super) fn quoted_mask<'s, 't>(
    session: &'s Session<'t>,
) -> Option<(&'s Exchange<'t>, &'s Reply<'t>)> {
    session.exchanges.iter().find_map(|exchange| {
        let reply = exchange.reply.as_ref().filter(|reply| reply.is_refusal())?;
        let quoted = quotes_mask(reply.text);
        let sent = exchange.command.as_ref().is_some_and(|said| is_mask(said.parsed.verb));
        (exchange.kind == Kind::Command && (quoted || sent)).then_some((exchange, reply))
    })
}

/// Whether the session shows any mark of the inspection.
pub(super) fn is_inspected(session: &Session<'_>) -> bool {
    masked_greeting(session).is_some() || masked_keywords(session).next().is_some()
}

/// A command that only ESMTP has and that was answered as unknown.
pub(super) fn refused_as_unknown(exchange: &Exchange<'_>) -> bool {
    let extended = exchange.id().is_some_and(|id| {
        id == VerbId::Ehlo || id.starts_tls() || id.is_auth() || id == VerbId::Bdat
    });
    exchange.kind == Kind::Command && extended && matches!(exchange.code(), 500 | 502)
}

/// Keywords of a given length that an ASA does not know, the likeliest first, by the servers that print
/// them.
const BY_LENGTH: &[(usize, &[&str])] = &[
    (3, &["DSN"]),
    (4, &["HELP", "EXPN", "TURN", "VERB", "ONEX", "ATRN", "BURL", "PRDR", "RRVS", "MTRK"]),
    (5, &["XRDST", "XDFLG"]),
    (6, &["X-EXPS", "LIMITS", "CONNEG", "XPROXY"]),
    (7, &["XEXCH50", "XCLIENT", "XSHADOW", "CONPERM"]),
    (8, &["STARTTLS", "CHUNKING", "SMTPUTF8", "XFORWARD", "UTF8SMTP"]),
    (9, &["DELIVERBY", "SUBMITTER", "XORIGFROM", "XSYSPROBE"]),
    (10, &["BINARYMIME", "PIPELINING", "REQUIRETLS", "CHECKPOINT", "XPROXYFROM"]),
    (11, &["PIPECONNECT", "MT-PRIORITY"]),
    (12, &["X-LINK2STATE", "PIPE_CONNECT", "XREMOTEQUEUE"]),
    (13, &["FUTURERELEASE", "NO-SOLICITING"]),
    (14, &["X-ANONYMOUSTLS", "X_PIPE_CONNECT", "XSESSIONPARAMS", "XSHADOWREQUEST"]),
    (19, &["ENHANCEDSTATUSCODES"]),
];

/// Orders in which servers print their keywords.
const ORDERS: &[&[&str]] = &[
    &[
        "PIPELINING",
        "SIZE",
        "VRFY",
        "ETRN",
        "STARTTLS",
        "AUTH",
        "ENHANCEDSTATUSCODES",
        "8BITMIME",
        "DSN",
        "SMTPUTF8",
        "CHUNKING",
    ],
    &[
        "SIZE",
        "PIPELINING",
        "DSN",
        "ENHANCEDSTATUSCODES",
        "STARTTLS",
        "X-ANONYMOUSTLS",
        "AUTH",
        "X-EXPS",
        "8BITMIME",
        "BINARYMIME",
        "CHUNKING",
        "XEXCH50",
        "XRDST",
    ],
    &[
        "SIZE",
        "8BITMIME",
        "PIPELINING",
        "PIPECONNECT",
        "CHUNKING",
        "AUTH",
        "STARTTLS",
        "PRDR",
        "SMTPUTF8",
        "HELP",
    ],
    &[
        "ENHANCEDSTATUSCODES",
        "PIPELINING",
        "EXPN",
        "VERB",
        "8BITMIME",
        "SIZE",
        "DSN",
        "ETRN",
        "AUTH",
        "STARTTLS",
        "DELIVERBY",
        "HELP",
    ],
];

/// What a masked keyword was.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Unmasked {
    /// Length and the server's own order agree on one.
    Certain(&'static str),
    /// The likeliest of its length.
    Likely(&'static str),
    /// No known keyword has this length.
    Unknown,
}

/// What a masked keyword was, from its length and its place in the list.
pub(super) fn unmask(offer: &Offer<'_>, masked: &Keyword<'_>) -> Unmasked {
    let length = masked.keyword.len();
    let of_length = BY_LENGTH.iter().find(|(of, _)| *of == length);
    let candidates = of_length.map_or(&[][..], |(_, names)| *names);
    let place = offer.keywords.iter().position(|keyword| keyword.turn == masked.turn);
    let named = |keyword: Option<&Keyword<'_>>, order: &[&str]| {
        let keyword = keyword?;
        order.iter().position(|name| keyword.keyword.eq_ignore_ascii_case(name.as_bytes()))
    };
    let before = place.and_then(|place| offer.keywords.get(..place)).unwrap_or_default();
    let after = place.and_then(|place| offer.keywords.get(place + 1..)).unwrap_or_default();
    let fitting = candidates.iter().filter(|candidate| {
        ORDERS.iter().any(|order| {
            let Some(own) = order.iter().position(|name| name == *candidate) else { return false };
            let lower = before.iter().rev().find_map(|keyword| named(Some(keyword), order));
            let upper = after.iter().find_map(|keyword| named(Some(keyword), order));
            let in_order =
                before.iter().filter_map(|keyword| named(Some(keyword), order)).is_sorted();
            lower.is_some_and(|lower| lower < own)
                && upper.is_none_or(|upper| own < upper)
                && in_order
        })
    });
    let fitting: Vec<&&'static str> = fitting.collect();
    match (fitting.as_slice(), candidates) {
        ([only], _) => Unmasked::Certain(only),
        ([first, ..], _) => Unmasked::Likely(first),
        ([], [only]) => Unmasked::Certain(only),
        ([], [first, ..]) => Unmasked::Likely(first),
        ([], []) => Unmasked::Unknown,
    }
}

/// What to type on the box.
pub(super) const REMEDY: &str = "on a PIX: `no fixup protocol smtp 25`; on an ASA or FWSM: under \
     `policy-map global_policy`, `class inspection_default`: `no inspect esmtp`, or an esmtp policy map \
     with `allow-tls` and `no mask-banner`; on IOS: take `smtp` and `esmtp` out of the inspect rule";

const REMEDY_PIX: &str = "on a PIX: `no fixup protocol smtp 25`; on IOS: take `smtp` out of the inspect rule \
     (`no ip inspect name NAME smtp`)";

const REMEDY_ASA: &str = "on an ASA or FWSM: under `policy-map global_policy`, `class inspection_default`: \
     `no inspect esmtp`, or an esmtp policy map with `allow-tls` and `no mask-banner`; on IOS: take `esmtp` out of \
     the inspect rule (`no ip inspect name NAME esmtp`)";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn remains_of_the_first_mail_guard() {
        assert!(is_of_old_mail_guard(b"SMTP/cmap________________________read"));
        assert!(!is_of_old_mail_guard(b"SMTP/cmapread"));
        assert!(!is_of_old_mail_guard(b"SMTP/cmap is what I read"));
    }

    #[test]
    fn masks_and_redactions_are_told_apart() {
        for (text, masked) in [
            (&b"****************2*0****"[..], true),
            (b"*** ESMTP ***********", false),
            (b"***", false),
            (b"xxxxxxxxxxxx", false),
        ] {
            assert_eq!(is_masked_text(text, MASKED), masked, "{}", text.escape_ascii());
        }
        for (keyword, masked) in [
            (&b"XXXXXXXA"[..], true),
            (b"XXXB", true),
            (b"XXXX", false),
            (b"XCLIENT", false),
            (b"XXA", true),
            (b"XA", false),
        ] {
            assert_eq!(is_masked_keyword(keyword), masked, "{}", keyword.escape_ascii());
        }
    }
}
