//! Where the session stood before each command: what was greeted, offered, encrypted, authenticated, open.

use std::ops::Range;

use super::{Exchange, Keyword, Kind, Line, Offer};
use crate::{
    grammar::{Argument, ehlo},
    protocol::{
        order::{self, Body, Extensions, Flags, Hello, State, Transaction},
        replies::Phase,
        verbs::VerbId,
    },
    transcript::{Fact, Label, Transcript},
};

/// What was in force when a command was sent: the protocol's [`State`] and [`Flags`], and what the order of SMTP
/// does not ask for, but who explains a breach of it does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[expect(clippy::struct_excessive_bools, reason = "each is a fact of its own")]
pub struct Standing {
    /// Where the session stands in the protocol's order, as far as the record shows it.
    pub state: State,
    /// What goes with the state.
    pub flags: Flags,
    /// The EHLO reply in force, by its place in the session's offers.
    pub offer: Option<usize>,
    /// The greeting refused the session.
    pub turned_away: bool,
    /// 421 was answered.
    pub dismissed: bool,
    /// STARTTLS succeeded and no HELO or EHLO has been accepted since.
    pub hello_due: bool,
    /// How many recipients of the open transaction were refused.
    pub refused_recipients: u32,
    /// BDAT LAST was sent in the transaction before.
    pub bdat_ended: bool,
    /// The record begins in the middle: what was before is not known.
    pub midway: bool,
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
        standing.flags.hello = Hello::Ehlo;
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
        standing = after(standing, exchange, place + 1 == count);
        let tls = exchange.standing.flags.tls;
        if let Some(offered) = offer(transcript, lines, place, exchange, tls) {
            standing.offer = Some(offers.len());
            offers.push(offered);
        }
    }
    offers
}

/// What a remark of the recording tool tells about where the session stands.
const fn told(standing: Standing, fact: &Fact) -> Standing {
    match fact {
        Fact::TlsStarted { .. } if !standing.flags.tls => {
            // TLS from the first octet, or a STARTTLS that the record leaves out.
            let began = !matches!(standing.state, State::Connected);
            let flags = Flags { tls: true, ..standing.flags };
            Standing {
                flags,
                offer: None,
                hello_due: true,
                refused_recipients: 0,
                hello_unseen: standing.hello_unseen || began,
                transaction_unseen: standing.transaction_unseen || began,
                ..standing
            }
        }
        Fact::AuthenticatedAs(_) => {
            let flags = Flags { authenticated: true, ..standing.flags };
            Standing { flags, ..standing }
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

/// Takes over what an exchange changes.
fn after(standing: Standing, exchange: &Exchange<'_>, last: bool) -> Standing {
    let code = exchange.code();
    let mut now = standing;
    now.dismissed |= code == 421;
    let (verb, phase) = match exchange.kind {
        Kind::Greeting => (VerbId::Connect, Phase::Command),
        Kind::Message => (VerbId::Data, Phase::Data),
        Kind::Auth => (VerbId::Auth, Phase::Exchange),
        Kind::Unsolicited => {
            // What a reply answered that should not be there, nobody knows.
            let hole = exchange.accepted() || code / 100 == 3;
            now.hello_unseen |= hole;
            now.transaction_unseen |= hole;
            if code == 421 {
                now.state = State::Closing;
            }
            return now;
        }
        Kind::Command => {
            let Some(id) = exchange.id() else { return now };
            let last_chunk = id == VerbId::Bdat && is_last_chunk(exchange);
            now.bdat_ended |= last_chunk;
            (id, if last_chunk { Phase::Data } else { Phase::Command })
        }
    };
    let accepted = exchange.accepted();
    match exchange.kind {
        Kind::Greeting => now.turned_away = exchange.refused(),
        Kind::Message => now.bdat_ended = false,
        _ if accepted && (verb.opens_transaction() || verb == VerbId::Rset) => {
            now.bdat_ended = false;
        }
        _ => {}
    }
    if code == 0 && verb != VerbId::Quit {
        // Commands that were sent in vain at the end of the record change nothing any more.
        if !last {
            now.hello_unseen |= verb.is_hello() || verb.starts_tls();
            now.transaction_unseen = true;
        }
        return now;
    }
    let effect = order::after(standing.state, standing.flags, verb, phase, code);
    now.state = effect.state;
    now.flags = effect.flags;
    if effect.extensions == Extensions::Cleared {
        now.offer = None;
    }
    if effect.transaction != Transaction::Unchanged {
        now.refused_recipients = 0;
    }
    if verb == VerbId::Rcpt && exchange.refused() {
        now.refused_recipients += 1;
    }
    if accepted {
        let begins = verb.is_hello() || verb.starts_tls() || verb == VerbId::Connect;
        if begins {
            now.hello_unseen = false;
        }
        if begins || verb.opens_transaction() || verb == VerbId::Rset || phase == Phase::Data {
            now.transaction_unseen = false;
        }
        if verb.is_hello() || verb.starts_tls() {
            now.hello_due = verb.starts_tls();
        }
        if verb.opens_transaction() && is_binary(exchange) {
            now.flags.body = Body::BinaryMime;
        }
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
