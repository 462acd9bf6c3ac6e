//! Whether TLS was in force: what the record tells, and where it cannot tell.

use crate::{
    protocol::verbs::VerbId,
    session::{Exchange, Session},
    transcript::{Fact, Method},
};

/// Whether the dialogue was encrypted at some point.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Encryption {
    /// It was.
    InForce,
    /// It was not: the record shows it.
    Absent,
    /// The record does not tell.
    Unknown,
}

/// The port of SMTP inside TLS from the first octet (RFC 8314 §3.3).
const SUBMISSIONS: u16 = 465;

/// Whether TLS was in force when a command was sent.
pub(super) fn at(session: &Session<'_>, exchange: &Exchange<'_>) -> Encryption {
    let standing = &exchange.standing;
    let transcript = session.transcript;
    if standing.flags.tls {
        return Encryption::InForce;
    }
    if standing.midway {
        return Encryption::Unknown;
    }
    if transcript.record.wire {
        return Encryption::Absent;
    }
    let mut before = session.exchanges.iter().take_while(|other| !std::ptr::eq(*other, exchange));
    // A handshake whose end the record does not show.
    if before.any(|other| other.id().is_some_and(VerbId::starts_tls) && !other.refused()) {
        return Encryption::Unknown;
    }
    let upgraded = session.exchanges.iter().any(|other| other.id().is_some_and(VerbId::starts_tls));
    let mut port = None;
    for fact in transcript.facts() {
        match fact {
            Fact::Dialled { port: Some(number), .. }
            | Fact::ServerAddress { port: Some(number), .. } => port = Some(*number),
            // What was left out may have been STARTTLS.
            Fact::Elision | Fact::LinesMissing(_) => return Encryption::Unknown,
            Fact::TlsStarted { .. } | Fact::TlsFailed(_) if !upgraded => {
                return Encryption::Unknown;
            }
            _ => {}
        }
    }
    if port == Some(SUBMISSIONS) {
        return Encryption::Unknown;
    }
    // A server offers STARTTLS only where TLS is not in force (RFC 3207 §4.2).
    let offered = upgraded || session.offers.iter().any(|offer| offer.has("STARTTLS"));
    let typed = transcript.method == Method::Inferred;
    if offered || port.is_some() || typed { Encryption::Absent } else { Encryption::Unknown }
}
