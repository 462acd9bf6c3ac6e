//! How the record ends and what became of the mail.

use super::{Exchange, Kind, Transaction};
use crate::{
    protocol::verbs::VerbId,
    transcript::{ClosedBy, ConnectFailure, Fact, Transcript},
};

/// How the record of a session ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum End {
    /// The connection never came about.
    ConnectFailed(ConnectFailure),
    /// QUIT was sent, or 221 answered.
    Quit,
    /// The server said 421, or refused the session with its greeting.
    Dismissed,
    /// The connection ended, as a remark in the record says.
    Closed(ClosedBy),
    /// The record stops; nothing says that the connection ended.
    Cut,
}

/// What became of the mail in a session: the first that applies.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Outcome {
    /// Some transaction's data was answered 2xx.
    Queued,
    /// Mail, or the session, was refused for good.
    Rejected,
    /// Mail, or the session, was refused for now.
    Deferred,
    /// The connection ended while something was outstanding.
    Dropped,
    /// There was no connection.
    ConnectFailed,
    /// The record stops in the middle.
    Incomplete,
    /// No mail was attempted.
    NoMail,
}

impl Outcome {
    /// All outcomes, in the order in which they are asked for.
    pub const ALL: [Self; 7] = [
        Self::Queued,
        Self::Rejected,
        Self::Deferred,
        Self::Dropped,
        Self::ConnectFailed,
        Self::Incomplete,
        Self::NoMail,
    ];

    /// Its name in the report.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Queued => "queued",
            Self::Rejected => "rejected",
            Self::Deferred => "deferred",
            Self::Dropped => "dropped",
            Self::ConnectFailed => "connect-failed",
            Self::Incomplete => "incomplete",
            Self::NoMail => "no-mail",
        }
    }
}

/// How the record ends.
pub(super) fn end(transcript: &Transcript, exchanges: &[Exchange<'_>]) -> End {
    let failed = transcript.facts().find_map(|fact| match fact {
        Fact::ConnectFailed(failure) => Some(*failure),
        _ => None,
    });
    if let Some(failure) = failed
        && exchanges.iter().all(is_unanswered_quit)
    {
        return End::ConnectFailed(failure);
    }
    let quit = |exchange: &Exchange<'_>| exchange.code() == 221 || is_unanswered_quit(exchange);
    if exchanges.iter().any(quit) && !gave_up(transcript, exchanges) {
        return End::Quit;
    }
    if exchanges.iter().any(|exchange| exchange.code() == 421) {
        return End::Dismissed;
    }
    let closed = transcript.facts().find_map(|fact| match fact {
        Fact::Closed(by) => Some(*by),
        Fact::TimedOut => Some(ClosedBy::Unknown),
        _ => None,
    });
    closed.map_or(End::Cut, End::Closed)
}

/// The server hung up, or was waited for in vain, before it answered what stands before QUIT: the client takes its
/// leave of a connection that is lost already.
fn gave_up(transcript: &Transcript, exchanges: &[Exchange<'_>]) -> bool {
    let lost = |fact: &Fact| matches!(fact, Fact::Closed(ClosedBy::Server) | Fact::TimedOut);
    if !exchanges.last().is_some_and(is_unanswered_quit) || !transcript.facts().any(lost) {
        return false;
    }
    exchanges.iter().all(is_unanswered_quit)
        || exchanges.iter().any(|exchange| {
            let waits = exchange.reply.is_none() && exchange.command.is_some();
            waits && !exchange.is(VerbId::Quit) && !exchange.inferred
        })
}

/// What became of the mail.
pub(super) fn outcome(
    transcript: &Transcript,
    exchanges: &[Exchange<'_>],
    transactions: &[Transaction<'_>],
    end: End,
) -> Outcome {
    if transactions.iter().any(Transaction::queued) {
        return Outcome::Queued;
    }
    if let Some(place) = deciding_refusal(exchanges, transactions) {
        let reply = exchanges.get(place).and_then(|exchange| exchange.reply.as_ref());
        return if reply.is_some_and(|reply| reply.class() == 4) {
            Outcome::Deferred
        } else {
            Outcome::Rejected
        };
    }
    if matches!(end, End::ConnectFailed(_)) {
        return Outcome::ConnectFailed;
    }
    // The client's half alone does not tell what the server made of it.
    let replies = exchanges.iter().any(|exchange| exchange.reply.is_some());
    if !replies && exchanges.iter().filter(|exchange| exchange.command.is_some()).count() >= 2 {
        return Outcome::Incomplete;
    }
    let outstanding = exchanges.iter().any(|exchange| {
        exchange.reply.is_none()
            && !exchange.is(VerbId::Quit)
            && matches!(exchange.kind, Kind::Command | Kind::Auth | Kind::Message)
            && !exchange.inferred
    }) || exchanges.last().is_some_and(is_unfinished)
        || is_message_due(exchanges);
    let closed = match end {
        End::Closed(_) => true,
        // A server that gives up while the message is being sent drops it.
        End::Dismissed => is_message_due(exchanges),
        End::Quit | End::ConnectFailed(_) | End::Cut => false,
    };
    let tls_failed = transcript.facts().any(|fact| matches!(fact, Fact::TlsFailed(_)));
    if (closed && (outstanding || exchanges.iter().all(is_unanswered_quit)))
        || (tls_failed && end != End::Cut)
    {
        return Outcome::Dropped;
    }
    let open = transactions.last().is_some_and(|transaction| {
        transaction.final_code == 0
            && transaction.exchanges.end == exchanges.len()
            && transaction.mail.is_some()
    });
    if end == End::Cut && (outstanding || open || began(transcript, exchanges)) {
        return Outcome::Incomplete;
    }
    // Neither the message nor QUIT behind it was answered: what became of the mail is not in the record.
    if end == End::Quit
        && exchanges.last().is_some_and(is_unanswered_quit)
        && unanswered_message(exchanges)
    {
        return Outcome::Incomplete;
    }
    Outcome::NoMail
}

/// The exchange ends in the middle of something: a reply not ended, 354 or 334 not answered.
fn is_unfinished(exchange: &Exchange<'_>) -> bool {
    exchange
        .reply
        .as_ref()
        .is_some_and(|reply| reply.unterminated || matches!(reply.code, 354 | 334))
}

/// DATA was answered 354 last, and the message never reached its end.
fn is_message_due(exchanges: &[Exchange<'_>]) -> bool {
    let asked = exchanges.iter().rposition(|exchange| exchange.code() == 354);
    asked.is_some_and(|place| {
        !exchanges
            .iter()
            .skip(place + 1)
            .any(|exchange| exchange.kind == Kind::Message && exchange.reply.is_some())
    })
}

fn is_unanswered_quit(exchange: &Exchange<'_>) -> bool {
    exchange.is(VerbId::Quit) && exchange.reply.is_none()
}

/// A message was sent, and its reply is not there.
fn unanswered_message(exchanges: &[Exchange<'_>]) -> bool {
    exchanges.iter().any(|exchange| {
        exchange.kind == Kind::Message && exchange.command.is_some() && exchange.reply.is_none()
    })
}

/// A connection was tried or made, and then the record stops before anything was said.
fn began(transcript: &Transcript, exchanges: &[Exchange<'_>]) -> bool {
    exchanges.is_empty()
        && transcript.facts().any(|fact| matches!(fact, Fact::Opening | Fact::Opened))
}

fn is_rcpt(id: VerbId) -> bool {
    id == VerbId::Rcpt
}

/// Codes that refuse the way a command was written, not what it asks for (RFC 5321 §4.2.4).
const fn is_syntax_refusal(code: u16) -> bool {
    matches!(code, 400..=409 | 500 | 501 | 502 | 504 | 555)
}

/// The refusal that decided the session, by its place: where mail was attempted and not taken, or where
/// greeting, HELO or AUTH was refused and nothing later made good for it.
pub fn deciding_refusal(
    exchanges: &[Exchange<'_>],
    transactions: &[Transaction<'_>],
) -> Option<usize> {
    let refused = |place: &usize| exchanges.get(*place).is_some_and(Exchange::refused);
    // The message itself, or DATA.
    for transaction in transactions.iter().rev() {
        if let Some(message) = &transaction.message
            && refused(&message.exchange)
        {
            return Some(message.exchange);
        }
        let Some(data) = transaction.data else { continue };
        if refused(&data) {
            // DATA fails because every RCPT failed: those decided.
            let none_accepted = transaction.accepted().next().is_none();
            let recipient = transaction.recipients.iter().rev().map(|r| r.exchange).find(refused);
            return Some(recipient.filter(|_| none_accepted).unwrap_or(data));
        }
    }
    let last = |id: fn(VerbId) -> bool| {
        exchanges.iter().rposition(|exchange| {
            exchange.kind == Kind::Command && exchange.id().is_some_and(id) && exchange.refused()
        })
    };
    // Where the message was under way, a refused recipient decided nothing.
    let under_way = transactions.iter().any(|transaction| {
        transaction.message.is_some()
            || transaction.data.is_some_and(|place| {
                exchanges.get(place).is_some_and(|exchange| {
                    // DATA that was sent without waiting, for nobody, is refused once the record goes on.
                    let awaited =
                        exchange.reply.is_some() || transaction.accepted().next().is_some();
                    !exchange.refused() && awaited
                })
            })
    });
    if !under_way {
        for id in [is_rcpt as fn(VerbId) -> bool, VerbId::opens_transaction] {
            // A slip of the pen is no refusal of the mail, unless that is all that a record of what went
            // wrong shows; what was accepted afterwards makes good.
            let place = last(id).filter(|place| {
                exchanges.get(*place).is_some_and(|exchange| {
                    !is_syntax_refusal(exchange.code()) || exchange.standing.midway
                })
            });
            let Some(place) = place else { continue };
            let later = exchanges
                .iter()
                .skip(place)
                .any(|exchange| exchange.id().is_some_and(id) && exchange.accepted());
            if !later {
                return Some(place);
            }
        }
        // A record that shows no more than the end: DATA refused, of a transaction that it does not show.
        if transactions.is_empty()
            && let Some(place) = last(|id| id == VerbId::Data)
            && exchanges.get(place).is_some_and(|exchange| exchange.standing.midway)
        {
            return Some(place);
        }
    }
    let greeting = exchanges.iter().position(|exchange| exchange.kind == Kind::Greeting);
    if let Some(place) = greeting.filter(refused) {
        return Some(place);
    }
    let good = |id: fn(VerbId) -> bool| {
        exchanges.iter().any(|exchange| exchange.id().is_some_and(id) && exchange.accepted())
    };
    if !good(VerbId::is_hello)
        && let Some(place) = last(VerbId::is_hello)
    {
        return Some(place);
    }
    // Where only replies are recorded, the last word decides.
    let said = exchanges.iter().any(|exchange| exchange.command.is_some());
    if !said
        && let Some(last) = exchanges.len().checked_sub(1).filter(refused)
        && exchanges.get(last).is_some_and(|exchange| {
            // What a bounce or a log quotes is why the mail was not taken, whatever its code.
            let quoted = last == 0 && exchange.standing.midway;
            quoted || exchange.code() != 421 && !is_syntax_refusal(exchange.code())
        })
    {
        return Some(last);
    }
    let authenticated = exchanges.iter().any(|exchange| exchange.code() == 235);
    let auth = exchanges.iter().rposition(|exchange| {
        (exchange.kind == Kind::Auth || exchange.id().is_some_and(VerbId::is_auth))
            && exchange.refused()
    });
    auth.filter(|_| !authenticated)
}
