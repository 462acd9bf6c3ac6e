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

/// Dialects that show what crossed the wire, so that TLS would have made it unreadable.
const WIRE: &[&str] = &[
    "telnet-unix",
    "telnet-windows",
    "nc-ncat",
    "wireshark-follow",
    "tcpflow",
    "ngrep",
    "tcpdump-a",
];

/// Whether TLS was in force when a command was sent.
pub(super) fn at(session: &Session<'_>, exchange: &Exchange<'_>) -> Encryption {
    let standing = &exchange.standing;
    let transcript = session.transcript;
    if standing.tls {
        return Encryption::InForce;
    }
    if WIRE.contains(&transcript.dialect) {
        return Encryption::Absent;
    }
    let mut port = None;
    for fact in transcript.facts() {
        match fact {
            Fact::Dialled { port: Some(number), .. }
            | Fact::ServerAddress { port: Some(number), .. } => {
                port = Some(*number);
            }
            // What was left out may have been STARTTLS; after a failure nobody knows what went on.
            Fact::Elision | Fact::TlsFailed(_) | Fact::TlsStarted { .. } => {
                return Encryption::Unknown;
            }
            _ => {}
        }
    }
    let tried = session
        .exchanges
        .iter()
        .any(|exchange| exchange.id().is_some_and(VerbId::starts_tls) && !exchange.refused());
    if standing.midway || tried || port == Some(SUBMISSIONS) {
        return Encryption::Unknown;
    }
    // A server offers STARTTLS only where TLS is not in force (RFC 3207 §4.2).
    let offered = session.offer(exchange).is_some_and(|offer| offer.has("STARTTLS"));
    let typed = transcript.method == Method::Inferred;
    if offered || port.is_some() || typed { Encryption::Absent } else { Encryption::Unknown }
}
