//! Two ends of a TCP connection, as captures name them before each packet.
//!
//! Not a dialect: the dialects of captures ask it which connection a packet belongs to.

use std::collections::BTreeMap;

use super::{
    Reading, Say,
    octets::{Clear, Wire},
    prompt,
};
use crate::transcript::{ClosedBy, ConnectFailure, Fact, Mark, Moment};

/// One end.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct End<'l> {
    pub(super) address: &'l [u8],
    pub(super) port: Option<u16>,
}

impl<'l> End<'l> {
    /// `192.0.2.1:25`, `[2001:db8::1]:25`.
    pub(super) fn with_colon(text: &'l [u8]) -> Option<Self> {
        Self::split(text, b':')
    }

    /// `192.0.2.1.25`, `192.0.2.1.smtp`, `2001:db8::1.25`.
    pub(super) fn with_dot(text: &'l [u8]) -> Option<Self> {
        Self::split(text, b'.')
    }

    fn split(text: &'l [u8], sign: u8) -> Option<Self> {
        let at = memchr::memrchr(sign, text)?;
        let (address, port) = text.split_at_checked(at)?;
        let port = Some(prompt::port_number(port.get(1..)?)?);
        let address =
            address.strip_prefix(b"[").and_then(|rest| rest.strip_suffix(b"]")).unwrap_or(address);
        (!address.is_empty()).then_some(Self { address, port })
    }
}

/// How much a port looks like a mail server's.
pub(super) const fn serves(port: Option<u16>) -> u8 {
    match port {
        Some(24 | 25 | 465 | 587 | 2525) => 2,
        Some(1..10_000) => 1,
        _ => 0,
    }
}

/// Which connection a packet belongs to, and which end sent it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Flow {
    /// The same for both directions.
    pub(super) key: Vec<u8>,
    /// [`Mark::Second`] where the end that looks like a server sent it.
    pub(super) mark: Mark,
    /// The server's port is one that mail servers listen on.
    pub(super) mail: bool,
}

impl Flow {
    /// Of a packet from one end to the other.
    pub(super) fn new(from: End<'_>, to: End<'_>) -> Self {
        let rank = |end: End<'_>| (serves(end.port), std::cmp::Reverse(end.port));
        let from_server = (rank(from), from) > (rank(to), to);
        let (client, server) = if from_server { (to, from) } else { (from, to) };
        let mut key = Vec::with_capacity(48);
        for (end, sign) in [(client, &b" > "[..]), (server, b"")] {
            key.extend_from_slice(end.address);
            if let Some(port) = end.port {
                key.push(b':');
                key.extend_from_slice(port.to_string().as_bytes());
            }
            key.extend_from_slice(sign);
        }
        let mail = serves(server.port) > 1;
        Self { key, mail, mark: if from_server { Mark::Second } else { Mark::First } }
    }
}

/// What is known of one connection.
#[derive(Debug, Default)]
pub(super) struct Connection {
    /// The line that each direction has begun.
    wires: [Wire; 2],
    /// Whether it became TLS.
    pub(super) clear: Clear,
    /// Which ends said that they have no more to send.
    over: [bool; 2],
    /// Something was said.
    spoke: bool,
    /// Lines end with LF alone.
    pub(super) bare: bool,
}

impl Connection {
    /// The direction of a mark.
    pub(super) fn wire(&mut self, mark: Mark) -> &mut Wire {
        let [first, second] = &mut self.wires;
        if mark == Mark::Second { second } else { first }
    }
}

/// All connections that a capture has shown and that are not over.
#[derive(Debug, Default)]
pub(super) struct Connections(BTreeMap<Vec<u8>, Connection>);

/// How many connections are kept apart at a time; beyond, the lines they had begun are said.
const MOST: usize = 65_536;

impl Connections {
    /// The connection of a packet that carries payload; says whose it is when it is new.
    pub(super) fn speaks(
        &mut self,
        flow: &Flow,
        ends: (End<'_>, End<'_>),
        line: &[u8],
        say: Say<'_>,
    ) -> &mut Connection {
        if self.0.len() >= MOST && !self.0.contains_key(&flow.key) {
            self.finish(say);
        }
        let connection = self.0.entry(flow.key.clone()).or_default();
        if !connection.spoke {
            connection.spoke = true;
            let (client, server) = if flow.mark == Mark::Second { (ends.1, ends.0) } else { ends };
            let empty = line.get(..0).unwrap_or_default();
            let End { address, port } = client;
            let client = Fact::ClientAddress { address: address.to_vec(), port };
            let End { address, port } = server;
            let server = Fact::ServerAddress { address: address.to_vec(), port };
            say(Reading { fact: Some(client), ..Reading::remark(line) }.of(&flow.key));
            say(Reading { fact: Some(server), ..Reading::remark(empty) }.of(&flow.key));
        }
        let other = if flow.mark == Mark::Second { Mark::First } else { Mark::Second };
        let within = line.get(..0).unwrap_or_default();
        let key = flow.key.clone();
        connection.wire(other).flush(other, within, &|reading| reading.of(&key), say);
        connection
    }

    /// The same connection as before.
    pub(super) fn get(&mut self, flow: &Flow) -> Option<&mut Connection> {
        self.0.get_mut(&flow.key)
    }

    /// A connection begins: `SYN`.
    pub(super) fn opens(&mut self, flow: &Flow, line: &[u8], at: Option<Moment>, say: Say<'_>) {
        let known = self.0.insert(flow.key.clone(), Connection::default());
        // A SYN that is sent again is no other connection.
        if known.is_none_or(|connection| connection.spoke) {
            say(Reading::tells(line, Fact::Opening).at(at).of(&flow.key));
        } else {
            say(Reading::remark(line).at(at).of(&flow.key));
        }
    }

    /// One end has no more to say (`FIN`), or breaks off (`RST`).
    pub(super) fn closes(
        &mut self,
        flow: &Flow,
        reset: bool,
        line: &[u8],
        at: Option<Moment>,
        say: Say<'_>,
    ) {
        let Some(connection) = self.0.get_mut(&flow.key) else { return };
        let first = connection.over == [false, false];
        let [one, other] = &mut connection.over;
        *(if flow.mark == Mark::Second { other } else { one }) = true;
        // Whoever sent the first of the two.
        let server = (flow.mark == Mark::Second) == first;
        let by = if server { ClosedBy::Server } else { ClosedBy::Client };
        let fact = if reset && !connection.spoke && flow.mark == Mark::Second && flow.mail {
            Some(Fact::ConnectFailed(ConnectFailure::Refused))
        } else if reset || !first {
            Some(Fact::Closed(by))
        } else {
            None
        };
        if fact.is_some() {
            let within = line.get(..0).unwrap_or_default();
            for mark in [Mark::First, Mark::Second] {
                connection.wire(mark).flush(mark, within, &|reading| reading.of(&flow.key), say);
            }
            if connection.spoke || matches!(fact, Some(Fact::ConnectFailed(_))) {
                say(Reading { fact, ..Reading::remark(line).at(at) }.of(&flow.key));
            }
            self.0.remove(&flow.key);
        }
    }

    /// The capture ends: says the lines that have no end.
    pub(super) fn finish(&mut self, say: Say<'_>) {
        for (key, mut connection) in std::mem::take(&mut self.0) {
            for mark in [Mark::First, Mark::Second] {
                connection.wire(mark).flush(mark, b"", &|reading| reading.of(&key), say);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_directions_have_one_key() {
        let client = End::with_colon(b"192.0.2.1:40052").unwrap();
        let server = End::with_dot(b"192.0.2.2.smtp").unwrap();
        let there = Flow::new(client, server);
        let back = Flow::new(server, client);
        assert_eq!(there.key, back.key);
        assert_eq!((there.mark, back.mark), (Mark::First, Mark::Second));
        assert_eq!(there.key, b"192.0.2.1:40052 > 192.0.2.2:25");
    }

    #[test]
    fn ends_are_read() {
        for (end, address, port) in [
            (End::with_colon(b"[2001:db8::1]:25"), &b"2001:db8::1"[..], 25),
            (End::with_dot(b"2001:db8::1.587"), b"2001:db8::1", 587),
            (End::with_dot(b"mx.example.net.2525"), b"mx.example.net", 2525),
        ] {
            assert_eq!(end, Some(End { address, port: Some(port) }));
        }
        assert_eq!(End::with_dot(b"192.0.2.1.high"), None);
    }
}
