//! What a session tells of its two ends, borrowed from its record.

use crate::{
    grammar::greeting::host_line,
    protocol::verbs::VerbId,
    session::{Kind, Session},
    transcript::{Fact, Moment},
};

/// The two ends of a session, and when it was.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Features<'s> {
    /// The client's address.
    pub(super) client: Option<&'s [u8]>,
    /// The server's address.
    pub(super) server: Option<&'s [u8]>,
    /// The host that was asked for: the record was made by the client.
    pub(super) dialled: Option<&'s [u8]>,
    /// What the client called itself at last.
    pub(super) hello: Option<&'s [u8]>,
    /// What the server called itself in its greeting.
    pub(super) greeted: Option<&'s [u8]>,
    /// What took the connection, as the recorder calls it.
    pub(super) connector: Option<&'s [u8]>,
    /// TLS was in force, or came up by what the record tells.
    pub(super) tls: bool,
    /// The version of TLS.
    pub(super) tls_version: Option<&'s [u8]>,
    pub(super) tls_failed: bool,
    /// The recorder tells that the client had authenticated.
    pub(super) authenticated: bool,
    /// A HELO or EHLO was accepted.
    pub(super) introduced: bool,
    pub(super) started: Option<Moment>,
    pub(super) ended: Option<Moment>,
}

impl<'s> Features<'s> {
    pub(super) fn of(session: &'s Session<'_>) -> Self {
        let mut features = Self::default();
        for fact in session.transcript.facts() {
            match fact {
                Fact::ClientAddress { address, .. } => {
                    features.client.get_or_insert(address);
                }
                Fact::ServerAddress { address, .. } => features.server = Some(address),
                Fact::Dialled { host, .. } => {
                    features.dialled.get_or_insert(host);
                }
                Fact::Connector(name) => features.connector = Some(name),
                Fact::TlsStarted { version, .. } => {
                    features.tls = true;
                    features.tls_version = version.as_deref().or(features.tls_version);
                }
                Fact::TlsFailed(_) => features.tls_failed = true,
                Fact::AuthenticatedAs(_) => features.authenticated = true,
                _ => {}
            }
        }
        for exchange in &session.exchanges {
            features.tls |= exchange.standing.flags.tls;
            if exchange.kind == Kind::Greeting
                && let Some(reply) = &exchange.reply
            {
                features.greeted =
                    Some(host_line(reply.text).name).filter(|name| name.contains(&b'.'));
            }
            if exchange.kind == Kind::Command && exchange.id().is_some_and(VerbId::is_hello) {
                features.introduced |= exchange.accepted();
                let name = exchange.command.as_ref().map(|said| said.parsed.argument.trim_ascii());
                features.hello = name.filter(|name| !name.is_empty()).or(features.hello);
            }
            features.authenticated |= exchange.code() == 235;
        }
        let turns = &session.transcript.turns;
        features.started = turns.iter().find_map(|turn| turn.at);
        features.ended = turns.iter().rev().find_map(|turn| turn.at);
        features
    }

    /// The addresses of both ends.
    pub(super) fn addresses(&self) -> impl Iterator<Item = &'s [u8]> {
        [self.client, self.server].into_iter().flatten()
    }

    /// The names of both ends.
    pub(super) fn names(&self) -> impl Iterator<Item = &'s [u8]> {
        [self.hello, self.greeted, self.dialled].into_iter().flatten()
    }

    /// The client by the best that is known of it.
    pub(super) fn client(&self) -> Option<&'s [u8]> {
        self.client.or(self.hello)
    }

    /// The server by the best that is known of it.
    pub(super) fn server(&self) -> Option<&'s [u8]> {
        self.server.or(self.dialled).or(self.greeted)
    }

    /// The other end: the server where the client made the record, else the client.
    pub(super) fn peer(&self) -> Option<&'s [u8]> {
        if self.dialled.is_some() { self.server() } else { self.client().or(self.server()) }
    }
}

/// The domain of an address; empty where it has none, as where a quoted local part is all there is.
pub(super) fn domain(address: &[u8]) -> &[u8] {
    let domain = memchr::memrchr(b'@', address).and_then(|at| address.get(at + 1..));
    domain.filter(|domain| !domain.ends_with(b"\"")).unwrap_or_default()
}
