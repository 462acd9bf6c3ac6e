//! Stalwart's log at level TRACE: what its sockets gave and took, as escaped text.
//!
//! ```text
//! 2026-11-23T12:03:49Z TRACE Raw SMTP input received (smtp.raw-input) listenerId = "smtp", localPort = 25, remoteIp = 192.0.2.7, remotePort = 59010, size = 16, contents = "EHLO client\r\n"
//! 2026-11-23T12:03:49Z TRACE Raw SMTP output sent (smtp.raw-output) listenerId = "smtp", … contents = "250 mx.example\r\n"
//! ```
//!
//! Traps: one read may hold several commands, or a part of a line; `delivery.raw-input` is what the other
//! server said; events of one moment come in any order, the handshake before the STARTTLS that it follows. From records that people published.

use std::collections::HashMap;

use super::{
    Custom, Dialect, Reader, Reading, Record, Say, Times, Unmarked, escape::literal, reads::Reads,
    time,
};
use crate::transcript::{ClosedBy, Fact, Mark, Moment};

pub(super) static DIALECT: Dialect = Dialect {
    name: "stalwart",
    about: "Stalwart's log at level TRACE",
    client: "(smtp.raw-input), (delivery.raw-output)",
    server: "(smtp.raw-output), (delivery.raw-input)",
    key: "the other side's address and port",
    times: Times::Always,
    record: Record::DIALOGUE,
    unmarked: Unmarked::Neither,
    custom: Custom::FirstIsClient,
    hints: &[".raw-input)", ".raw-output)"],
    evidence: |line| raw(line).is_some(),
    reader: || Box::new(Log::default()),
};

/// Whether it is of a delivery, whether it came in, and the escaped text.
fn raw(line: &[u8]) -> Option<(bool, bool, &[u8])> {
    let (input, at) = match memchr::memmem::find(line, b".raw-input)") {
        Some(at) => (true, at),
        None => (false, memchr::memmem::find(line, b".raw-output)")?),
    };
    let open = memchr::memrchr(b'(', line.get(..at)?)?;
    let delivers = match line.get(open + 1..at)? {
        b"smtp" => false,
        b"delivery" => true,
        _ => return None,
    };
    let contents = memchr::memmem::find(line.get(at..)?, b"contents = ")?;
    let literal = literal(line.get(at + contents + 11..)?)?;
    Some((delivers, input, literal.inner))
}

/// The value of `remoteIp = 192.0.2.7, `; it may stand in quotes.
fn value<'l>(line: &'l [u8], name: &str) -> Option<&'l [u8]> {
    let at = memchr::memmem::find(line, name.as_bytes())?;
    let rest = line.get(at + name.len()..)?;
    match literal(rest) {
        Some(literal) => Some(literal.inner),
        None => rest.split(|octet| matches!(octet, b',' | b' ')).next(),
    }
}

#[derive(Debug, Default)]
struct Log {
    reads: Reads,
    /// Reused from line to line.
    key: Vec<u8>,
    /// How far sessions came on their way to TLS, by key.
    stages: HashMap<Vec<u8>, Stage>,
}

/// How many sessions are kept in mind at once.
const MOST: usize = 16_384;

/// How far a session came on its way to TLS.
#[derive(Debug, Default)]
struct Stage {
    /// The last command was STARTTLS.
    asked: bool,
    /// A handshake that was logged before the STARTTLS that it follows.
    early: Option<Fact>,
}

impl Log {
    fn compose_key(&mut self, delivers: bool, line: &[u8]) {
        self.key.clear();
        self.key.extend_from_slice(if delivers { b"delivery " } else { b"smtp " });
        let host = value(line, "remoteIp = ").or_else(|| value(line, "hostname = "));
        self.key.extend_from_slice(host.unwrap_or_default());
        if let Some(port) = value(line, "remotePort = ") {
            self.key.push(b':');
            self.key.extend_from_slice(port);
        }
    }
}

impl Log {
    /// Something was said in a session: says the handshake behind the reply to STARTTLS.
    fn passes(&mut self, mark: Mark, contents: &[u8], at: Option<Moment>, say: Say<'_>) {
        if mark == Mark::First {
            if self.stages.len() >= MOST {
                self.stages.clear();
            }
            let stage = self.stages.entry(self.key.clone()).or_default();
            stage.asked =
                contents.get(..8).is_some_and(|verb| verb.eq_ignore_ascii_case(b"STARTTLS"));
        } else if let Some(stage) = self.stages.get_mut(&self.key).filter(|stage| stage.asked)
            && let Some(fact) = stage.early.take()
        {
            say(Reading::tells(b"", fact).at(at).of(&self.key));
        }
    }
}

impl Reader for Log {
    fn read(&mut self, line: &[u8], say: Say<'_>) -> bool {
        let Some((at, _)) = time::iso(line) else { return false };
        let at = Some(at);
        if let Some((delivers, input, contents)) = raw(line) {
            self.compose_key(delivers, line);
            let mark = if input == delivers { Mark::Second } else { Mark::First };
            self.reads.say(contents, mark, at, &self.key, say);
            self.passes(mark, contents, at, say);
            return true;
        }
        let has = |words: &[u8]| memchr::memmem::find(line, words).is_some();
        let fact = if has(b"(smtp.connection-start)") {
            Fact::Opening
        } else if has(b"(smtp.connection-end)") || has(b"(network.closed)") {
            Fact::Closed(ClosedBy::Unknown)
        } else if has(b"(tls.handshake)") {
            let words = |name| value(line, name).map(<[u8]>::to_vec);
            let cipher = words("details = ").or_else(|| words("cipher = "));
            Fact::TlsStarted { version: words("version = "), cipher }
        } else {
            return true;
        };
        self.compose_key(false, line);
        let opens = fact.opens();
        if matches!(fact, Fact::Closed(_) | Fact::Opening) {
            self.reads.forget(&self.key);
            self.stages.remove(&self.key);
        }
        if matches!(fact, Fact::TlsStarted { .. })
            && let Some(stage) = self.stages.get_mut(&self.key).filter(|stage| !stage.asked)
        {
            stage.early = Some(fact);
            return true;
        }
        say(Reading::tells(b"", fact).at(at).of(&self.key));
        if opens && let Some(address) = value(line, "remoteIp = ") {
            let port = value(line, "remotePort = ");
            let port = port.and_then(|port| std::str::from_utf8(port).ok()?.parse().ok());
            let fact = Fact::ClientAddress { address: address.to_vec(), port };
            say(Reading::tells(b"", fact).of(&self.key));
        }
        true
    }
}

#[cfg(test)]
mod tests {
    use super::{
        super::shown::{check, evident},
        *,
    };

    #[test]
    fn reads_both_directions() {
        check(
            &DIALECT,
            "2026-11-23T12:03:49Z INFO SMTP connection started (smtp.connection-start) listenerId = \"smtp\", localPort = 25, remoteIp = 192.0.2.7, remotePort = 59010\n\
             2026-11-23T12:03:49Z TRACE Raw SMTP output sent (smtp.raw-output) listenerId = \"smtp\", localPort = 25, remoteIp = 192.0.2.7, remotePort = 59010, size = 9, contents = \"250-mx \\\"x\\\"\\r\\n250 HELP\\r\\n\"\n\
             2026-11-23T12:03:49Z TRACE Raw SMTP input received (smtp.raw-input) listenerId = \"smtp\", remoteIp = 192.0.2.7, remotePort = 59010, contents = \"DATA\\r\\n\"\n\
             2026-11-23T12:03:49Z TRACE Raw SMTP input received (delivery.raw-input) hostname = \"mx.example\", contents = \"220 mx\\r\\n\"\n\
             2026-11-23T12:03:49Z INFO SMTP connection ended (smtp.connection-end) remoteIp = 192.0.2.7, remotePort = 59010",
            "[smtp 192.0.2.7:59010] * = Opening
             [smtp 192.0.2.7:59010] * = ClientAddress { address: '192.0.2.7', port: Some(59010) }
             [smtp 192.0.2.7:59010] 2 250-mx \"x\"
             [smtp 192.0.2.7:59010] 2 250 HELP
             [smtp 192.0.2.7:59010] 1 DATA
             [delivery mx.example] 2 220 mx
             [smtp 192.0.2.7:59010] * = Closed(Unknown)",
        );
        evident(&DIALECT, "x (imap.raw-input) contents = \"a\"", false);
    }
}
