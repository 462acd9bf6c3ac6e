//! Where the session stood before each command: what was greeted, offered, encrypted, authenticated, open.

use std::ops::Range;

use super::{Exchange, Keyword, Kind, Line, Offer};
use crate::{
    grammar::{Argument, ehlo},
    protocol::{
        order::{self, Body, Flags, State},
        replies::Phase,
        verbs::VerbId,
    },
    transcript::{Fact, Label, Transcript},
};

/// What was in force when a command was sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[expect(clippy::struct_excessive_bools, reason = "each is a fact of its own")]
pub struct Standing {
    /// A greeting of 2xx was seen.
    pub greeted: bool,
    /// The greeting refused the session.
    pub turned_away: bool,
    /// The HELO, EHLO or LHLO that was accepted last and is in force.
    pub hello: Option<VerbId>,
    /// The EHLO reply in force, by its place in the session's offers.
    pub offer: Option<usize>,
    /// The dialogue is encrypted.
    pub tls: bool,
    /// STARTTLS succeeded and no HELO or EHLO has been accepted since.
    pub hello_due: bool,
    /// AUTH succeeded.
    pub authenticated: bool,
    /// A MAIL was accepted and its transaction is open.
    pub mail: bool,
    /// How many recipients of the open transaction were accepted.
    pub recipients: u32,
    /// How many recipients of the open transaction were refused.
    pub refused_recipients: u32,
    /// DATA was answered 354: the message is due.
    pub data: bool,
    /// A BDAT of the open transaction was accepted.
    pub bdat: bool,
    /// BDAT LAST was sent in the transaction before.
    pub bdat_ended: bool,
    /// 221 was answered, or QUIT sent.
    pub quit: bool,
    /// 421 was answered.
    pub dismissed: bool,
    /// The record begins in the middle: what was before is not known.
    pub midway: bool,
    /// Where the session stands in the protocol's order, as far as the record shows it.
    pub state: State,
    /// What goes with the state.
    pub flags: Flags,
    /// Whether HELO or EHLO was accepted is not known: the record has a hole before this.
    pub hello_unseen: bool,
    /// What of a transaction is open is not known: the record has a hole before this.
    pub transaction_unseen: bool,
}

/// Fills in where the session stood before each exchange; returns what the server offered.
pub(super) fn run<'t>(
    transcript: &'t Transcript,
    exchanges: &mut [Exchange<'t>],
    lines: &[Line<'t>],
    fragment: Option<Range<usize>>,
) -> Vec<Offer<'t>> {
    let mut offers = Vec::new();
    let greeted = exchanges.iter().any(|exchange| exchange.kind == Kind::Greeting);
    let mut standing = Standing {
        midway: !greeted,
        state: if greeted { State::Connected } else { State::Ready },
        hello_unseen: !greeted,
        transaction_unseen: !greeted,
        ..Standing::default()
    };
    if let Some(turns) = fragment {
        let first = transcript.turns.get(turns.start).map(std::ptr::from_ref);
        let from = lines.iter().position(|line| Some(std::ptr::from_ref(line.turn)) == first);
        let lines = lines.get(from.unwrap_or(lines.len())..).unwrap_or_default();
        let keywords = keywords(transcript, turns, lines).collect();
        offers.push(Offer { exchange: None, tls: false, keywords });
        standing.offer = Some(0);
        standing.hello = Some(VerbId::Ehlo);
    }
    let mut facts = transcript.facts.iter().peekable();
    let count = exchanges.len();
    for (place, exchange) in exchanges.iter_mut().enumerate() {
        let begins = begins_at(exchange);
        while let Some((_, fact)) = facts.next_if(|(at, _)| *at <= begins) {
            standing = told(standing, fact);
        }
        standing = recovered(standing, exchange);
        exchange.standing = standing;
        let offered = offer(transcript, lines, place, exchange, standing.tls);
        if let Some(offered) = offered {
            offers.push(offered);
            standing.offer = Some(offers.len() - 1);
        }
        let last = place + 1 == count;
        standing = in_order(after(standing, exchange), exchange, last);
    }
    offers
}

/// What a remark of the recording tool tells about where the session stands.
const fn told(standing: Standing, fact: &Fact) -> Standing {
    match fact {
        Fact::TlsStarted { .. } if !standing.tls => {
            // TLS from the first octet, or a STARTTLS that the record leaves out.
            let began = !matches!(standing.state, State::Connected);
            let flags = Flags { tls: true, ..standing.flags };
            Standing {
                flags,
                hello_unseen: standing.hello_unseen || began,
                transaction_unseen: standing.transaction_unseen || began,
                ..encrypted(standing)
            }
        }
        Fact::AuthenticatedAs(_) => {
            let flags = Flags { authenticated: true, ..standing.flags };
            Standing { authenticated: true, flags, ..standing }
        }
        Fact::Elision | Fact::LinesMissing(_) => {
            Standing { hello_unseen: true, transaction_unseen: true, ..standing }
        }
        _ => standing,
    }
}

/// A command where only message or credentials may stand: the record leaves those out.
fn recovered(standing: Standing, exchange: &Exchange<'_>) -> Standing {
    if exchange.kind != Kind::Command
        || !matches!(standing.state, State::Data | State::AuthExchange)
    {
        return standing;
    }
    Standing { state: State::Ready, transaction_unseen: true, ..standing }
}

/// Takes over what the exchange changes in the protocol's order.
fn in_order(standing: Standing, exchange: &Exchange<'_>, last: bool) -> Standing {
    let (verb, phase) = match exchange.kind {
        Kind::Greeting => (VerbId::Connect, Phase::Command),
        Kind::Message => (VerbId::Data, Phase::Data),
        Kind::Auth => (VerbId::Auth, Phase::Exchange),
        Kind::Unsolicited => {
            // What a reply answered that should not be there, nobody knows.
            let hole = exchange.accepted() || exchange.code() / 100 == 3;
            let state = if exchange.code() == 421 { State::Closing } else { standing.state };
            return Standing {
                state,
                hello_unseen: standing.hello_unseen || hole,
                transaction_unseen: standing.transaction_unseen || hole,
                ..standing
            };
        }
        Kind::Command => {
            let Some(id) = exchange.id() else { return standing };
            let last_chunk = id == VerbId::Bdat && is_last_chunk(exchange);
            (id, if last_chunk { Phase::Data } else { Phase::Command })
        }
    };
    let code = exchange.code();
    if code == 0 && verb != VerbId::Quit {
        // Commands that were sent in vain at the end of the record change nothing any more.
        if last {
            return standing;
        }
        let hello = verb.is_hello() || verb.starts_tls();
        return Standing {
            hello_unseen: standing.hello_unseen || hello,
            transaction_unseen: true,
            ..standing
        };
    }
    let effect = order::after(standing.state, standing.flags, verb, phase, code);
    let mut now = Standing { state: effect.state, flags: effect.flags, ..standing };
    let accepted = exchange.accepted();
    if accepted && (verb.is_hello() || verb.starts_tls() || verb == VerbId::Connect) {
        now.hello_unseen = false;
        now.transaction_unseen = false;
    }
    if accepted && (verb.opens_transaction() || verb == VerbId::Rset || phase == Phase::Data) {
        now.transaction_unseen = false;
    }
    if accepted && verb.opens_transaction() && is_binary(exchange) {
        now.flags.body = Body::BinaryMime;
    }
    now
}

/// Whether it is a BDAT with LAST.
fn is_last_chunk(exchange: &Exchange<'_>) -> bool {
    exchange.command.as_ref().is_some_and(
        |said| matches!(&said.parsed.detail, Argument::Bdat(bdat) if bdat.last.is_some()),
    )
}

/// Whether a MAIL declares BODY=BINARYMIME (RFC 3030 §3).
fn is_binary(exchange: &Exchange<'_>) -> bool {
    let path = exchange.command.as_ref().and_then(|said| said.parsed.path());
    path.is_some_and(|path| {
        path.params.iter().any(|param| {
            param.is("BODY")
                && param.value.is_some_and(|value| value.eq_ignore_ascii_case(b"BINARYMIME"))
        })
    })
}

/// The first turn that belongs to an exchange.
fn begins_at(exchange: &Exchange<'_>) -> usize {
    let said = exchange.command.as_ref().map(|said| said.turns.start);
    said.or_else(|| exchange.reply.as_ref().map(|reply| reply.turns.start)).unwrap_or(0)
}

/// RFC 3207 §4.2: both sides forget what they knew before TLS.
const fn encrypted(before: Standing) -> Standing {
    Standing {
        tls: true,
        hello: None,
        offer: None,
        hello_due: true,
        mail: false,
        recipients: 0,
        refused_recipients: 0,
        ..before
    }
}

const fn without_transaction(before: Standing) -> Standing {
    Standing {
        mail: false,
        recipients: 0,
        refused_recipients: 0,
        data: false,
        bdat: false,
        ..before
    }
}

/// What an exchange changes.
fn after(before: Standing, exchange: &Exchange<'_>) -> Standing {
    let code = exchange.code();
    let positive = exchange.accepted();
    let mut now = before;
    if code == 421 {
        now.dismissed = true;
    }
    if code == 221 {
        now.quit = true;
    }
    match exchange.kind {
        Kind::Greeting => {
            now.greeted = positive;
            now.turned_away = exchange.refused();
            return now;
        }
        Kind::Auth => {
            now.authenticated |= code == 235;
            return now;
        }
        Kind::Message => return Standing { bdat_ended: false, ..without_transaction(now) },
        Kind::Unsolicited => return now,
        Kind::Command => {}
    }
    let Some(id) = exchange.id() else { return now };
    match id {
        VerbId::Helo | VerbId::Ehlo | VerbId::Lhlo if positive => {
            if id == VerbId::Helo {
                now.offer = None;
            }
            without_transaction(Standing { hello: Some(id), hello_due: false, ..now })
        }
        VerbId::Mail | VerbId::Send | VerbId::Soml | VerbId::Saml if positive => {
            Standing { mail: true, bdat_ended: false, ..without_transaction(now) }
        }
        VerbId::Rcpt if positive => Standing { recipients: now.recipients + 1, ..now },
        VerbId::Rcpt if exchange.refused() => {
            Standing { refused_recipients: now.refused_recipients + 1, ..now }
        }
        VerbId::Data if code == 354 => Standing { data: true, ..now },
        VerbId::Bdat => {
            if is_last_chunk(exchange) {
                Standing { bdat_ended: true, ..without_transaction(now) }
            } else {
                Standing { bdat: true, ..now }
            }
        }
        VerbId::Rset if positive => Standing { bdat_ended: false, ..without_transaction(now) },
        VerbId::Quit => Standing { quit: true, ..now },
        id if id.starts_tls() && code == 220 => encrypted(now),
        VerbId::Xclient if code == 220 => {
            without_transaction(Standing { hello: None, offer: None, authenticated: false, ..now })
        }
        id if id.is_auth() && code == 235 => Standing { authenticated: true, ..now },
        _ => now,
    }
}

/// The keywords of an accepted EHLO or LHLO.
fn offer<'t>(
    transcript: &'t Transcript,
    lines: &[Line<'t>],
    place: usize,
    exchange: &Exchange<'t>,
    tls: bool,
) -> Option<Offer<'t>> {
    let id = exchange.id()?;
    let answer = exchange.reply.as_ref().filter(|reply| reply.is_positive())?;
    if !matches!(id, VerbId::Ehlo | VerbId::Lhlo) || exchange.kind != Kind::Command {
        return None;
    }
    let lines = lines.get(answer.lines.clone()).unwrap_or_default();
    let mut keywords_of = keywords(transcript, answer.turns.clone(), lines);
    keywords_of.next();
    let keywords = keywords_of.collect();
    Some(Offer { exchange: Some(place), tls, keywords })
}

/// The lines of a reply to EHLO, each as a keyword; of the first one, that is the server's name.
fn keywords<'t>(
    transcript: &Transcript,
    turns: Range<usize>,
    lines: &[Line<'t>],
) -> impl Iterator<Item = Keyword<'t>> {
    let of_reply = transcript.turns.get(turns.clone()).unwrap_or_default();
    of_reply
        .iter()
        .zip(turns)
        .filter(|(turn, _)| turn.label == Label::Reply)
        .zip(lines)
        .map(|((_, index), line)| {
            let keyword = ehlo::ehlo_line(line.text.trim_ascii());
            Keyword { keyword: keyword.keyword, params: keyword.params_text, turn: index }
        })
        .filter(|keyword| !keyword.keyword.is_empty())
}
