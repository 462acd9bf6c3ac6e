//! OpenSMTPD: the traces of its daemon, and its test client `smtp`.
//!
//! ```text
//! smtp: 0x55d6fa6c4de0: connected to listener 0x55d6fa6e2080 [hostname=mx.example, port=25, tag=]
//! 878b8978578d25f1 smtp connected address=192.0.2.7 host=client.example
//! smtp: 0x55d6fa6c4de0: >>> 220 mx.example ESMTP OpenSMTPD
//! smtp: 0x55d6fa6c4de0: <<< EHLO client.example
//! <<< [MSG] Subject: x
//! mta: 0x55d6fa6bfe10: >>> EHLO mx.example
//! ```
//!
//! Traps: `smtp:` receives and `mta:` and `bounce:` send, so the arrows change sides; the address that names
//! a session is used again after it; the lines of a message name no session, those of the message that is
//! sent are a mere count; changes of state are written with an arrow too. The test client marks only what
//! it sends with `mta: `.
//!
//! From recordings of OpenSMTPD 6.8 and from its `smtp_session.c`, `mta_session.c` and `smtp_client.c`.

use std::{borrow::Cow, collections::HashMap};

use super::{
    Custom, Dialect, Reader, Reading, Record, Say, Times, Unmarked,
    failure::{connect_failed, has},
    prompt,
};
use crate::transcript::{ClosedBy, ConnectFailure, Fact, Mark};

pub(super) static TRACE: Dialect = Dialect {
    name: "opensmtpd-trace",
    about: "OpenSMTPD's traces (smtpd -T smtp -T mta)",
    client: "smtp: 0x…: <<<, mta: 0x…: >>>",
    server: "smtp: 0x…: >>>, mta: 0x…: <<<",
    key: "role and address in memory",
    times: Times::Never,
    record: Record::DIALOGUE,
    unmarked: Unmarked::Neither,
    custom: Custom::FirstIsClient,
    hints: &[": <<< ", ": >>> "],
    evidence: |line| {
        Line::of(line).is_some_and(|line| line.role.is_some() && line.said().is_some())
    },
    reader: || Box::new(Trace::default()),
};

pub(super) static CLIENT: Dialect = Dialect {
    name: "opensmtpd-smtp1",
    about: "OpenSMTPD's test client, smtp -v -v",
    client: "mta: 0x…: >>> ",
    server: "0x…: <<< ",
    key: "",
    evidence: |line| {
        Line::of(line).is_some_and(|line| line.role.is_none() && line.said().is_some())
    },
    reader: || Box::new(read_client),
    ..TRACE
};

/// Which part of OpenSMTPD writes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Role {
    Receiving,
    Sending,
}

/// A line of a session: `smtp: 0x55d6fa6c4de0: text`.
#[derive(Debug, Clone, Copy)]
struct Line<'l> {
    /// `None` where the line begins with the address.
    role: Option<Role>,
    key: &'l [u8],
    text: &'l [u8],
}

impl<'l> Line<'l> {
    fn of(line: &'l [u8]) -> Option<Self> {
        let (role, start) = if line.starts_with(b"0x") {
            (None, 0)
        } else {
            let colon = line.iter().take(16).position(|octet| *octet == b':')?;
            let role = match line.get(..colon)? {
                b"smtp" | b"smtp-in" => Role::Receiving,
                b"mta" | b"bounce" | b"smtp-out" => Role::Sending,
                _ => return None,
            };
            (Some(role), colon + 2)
        };
        let digits = line.get(start..)?.strip_prefix(b"0x")?;
        let length = digits.iter().take_while(|octet| octet.is_ascii_hexdigit()).count();
        let end = start + 2 + length;
        let text = line.get(end..)?.strip_prefix(b": ")?;
        (length > 0).then_some(Self { role, key: line.get(..end)?, text })
    }

    /// Whether it was received, and the text behind the arrow.
    fn said(&self) -> Option<(bool, &'l [u8])> {
        arrow(self.text)
    }
}

fn arrow(text: &[u8]) -> Option<(bool, &[u8])> {
    let (arrow, rest) = text.split_at_checked(3)?;
    let received = match arrow {
        b"<<<" => true,
        b">>>" => false,
        _ => return None,
    };
    Some((received, rest.strip_prefix(b" ")?))
}

/// The octets of `[...227 bytes...]`.
fn bytes(text: &[u8]) -> Option<u64> {
    let number = text.strip_prefix(b"[...")?.strip_suffix(b" bytes...]")?;
    std::str::from_utf8(number).ok()?.parse().ok()
}

#[derive(Debug, Default)]
struct Trace {
    /// The addresses of the sessions, by the names that events have for them.
    keys: HashMap<Vec<u8>, Vec<u8>>,
    /// The session that was opened last, until its event names it.
    opened: Option<Vec<u8>>,
    /// The event of a connection that was made, until its address is known: name and server.
    connecting: Option<(Vec<u8>, Vec<u8>)>,
    /// The sessions that receive a message, the last one to begin last.
    receiving: Vec<Vec<u8>>,
}

impl Reader for Trace {
    fn read(&mut self, line: &[u8], say: Say<'_>) -> bool {
        if let Some(inner) = Line::of(line) {
            let Some(role) = inner.role else { return false };
            self.session(&inner, role, say);
            return true;
        }
        if let Some((_, text)) = arrow(line) {
            return self.message(text, say);
        }
        self.event(line, say)
    }
}

impl Trace {
    fn session(&mut self, line: &Line<'_>, role: Role, say: Say<'_>) {
        let key = line.key;
        if let Some((received, text)) = line.said() {
            if let Some(octets) = bytes(text) {
                say(Reading::tells(text, Fact::BodyHidden(Some(octets))).of(key));
                return;
            }
            if role == Role::Receiving && !received && text.starts_with(b"354") {
                self.receiving.push(key.to_vec());
            }
            let client = received == (role == Role::Receiving);
            let mark = if client { Mark::First } else { Mark::Second };
            say(Reading::said(mark, text).of(key));
        } else if line.text.starts_with(b"connected to listener ") {
            self.opened = Some(key.to_vec());
            self.receiving.retain(|known| known != key);
            say(Reading::tells(line.text, Fact::Opening).of(key));
        } else if line.text == b"MTA_INIT -> MTA_INIT" {
            say(Reading::tells(line.text, Fact::Opening).of(key));
            if let Some((name, server)) = self.connecting.take() {
                self.keys.insert(name, key.to_vec());
                if let Some(Fact::Dialled { host, port }) = prompt::dialled(&server, None) {
                    let fact = Fact::ServerAddress { address: host, port };
                    say(Reading::tells(b"", fact).of(key));
                }
            }
        } else if line.text == b"MTA_INIT -> MTA_BANNER" {
            say(Reading::tells(line.text, Fact::Opened).of(key));
        } else if line.text.starts_with(b"session done") {
            say(Reading::tells(line.text, Fact::Closed(ClosedBy::Client)).of(key));
        }
    }

    /// A line of a message, which names no session.
    fn message(&mut self, text: &[u8], say: Say<'_>) -> bool {
        if text == b"[EOM]" {
            return true;
        }
        let Some(line) = text.strip_prefix(b"[MSG]") else { return false };
        let line = line.strip_prefix(b" ").unwrap_or(line);
        if let Some(key) = self.receiving.last() {
            say(Reading { key: Some(Cow::Borrowed(key)), ..Reading::said(Mark::First, line) });
        }
        if line == b"." {
            self.receiving.pop();
        }
        true
    }

    /// `878b8978578d25f1 smtp connected address=192.0.2.7 host=client.example`
    fn event(&mut self, line: &[u8], say: Say<'_>) -> bool {
        let digits = line.iter().take_while(|octet| octet.is_ascii_hexdigit()).count();
        let Some((name, rest)) = line.split_at_checked(digits).filter(|_| digits == 16) else {
            return false;
        };
        let Some(text) = rest.strip_prefix(b" ") else { return false };
        let value = |word: &str| {
            let at = memchr::memmem::find(text, word.as_bytes())?;
            text.get(at + word.len()..)?.split(|octet| *octet == b' ').next()
        };
        if text.starts_with(b"smtp connected ") {
            let Some(key) = self.opened.take() else { return true };
            if let Some(address) = value("address=").filter(|address| *address != b"local") {
                let fact = Fact::ClientAddress { address: address.to_vec(), port: None };
                say(Reading::tells(text, fact).of(&key));
            }
            self.keys.insert(name.to_vec(), key);
            return true;
        }
        if text.starts_with(b"mta connecting ") {
            let address = value("address=").unwrap_or_default();
            let address = address.split(|octet| *octet == b'/').next_back().unwrap_or_default();
            self.connecting = Some((name.to_vec(), address.to_vec()));
            return true;
        }
        let Some(key) = self.keys.get(name) else {
            return text.starts_with(b"smtp ") || text.starts_with(b"mta ");
        };
        let fact =
            if text.starts_with(b"smtp disconnected ") || text.starts_with(b"mta disconnected ") {
                let by = match value("reason=") {
                    Some(b"disconnect") if text.starts_with(b"smtp") => ClosedBy::Client,
                    Some(b"disconnect") => ClosedBy::Server,
                    _ => ClosedBy::Unknown,
                };
                Fact::Closed(by)
            } else if text.starts_with(b"mta error ") {
                connect_failed(text)
            } else if text.starts_with(b"smtp tls ") || text.starts_with(b"mta tls ") {
                let mut parts = value("ciphers=").unwrap_or_default().split(|octet| *octet == b':');
                let mut next = || parts.next().filter(|part| !part.is_empty()).map(<[u8]>::to_vec);
                Fact::TlsStarted { version: next(), cipher: next() }
            } else if text.starts_with(b"smtp authentication ") && has(text, "result=ok") {
                Fact::AuthenticatedAs(value("user=").unwrap_or_default().to_vec())
            } else {
                return true;
            };
        say(Reading::tells(text, fact).of(key));
        true
    }
}

/// The test client: one session a run.
fn read_client(line: &[u8], say: Say<'_>) -> bool {
    if let Some(inner) = Line::of(line) {
        match inner.said() {
            Some((_, text)) if bytes(text).is_some() => {
                say(Reading::tells(text, Fact::BodyHidden(bytes(text))));
            }
            Some((received, text)) => {
                let mark = if received { Mark::Second } else { Mark::First };
                say(Reading::said(mark, text));
            }
            None => say(Reading::remark(line)),
        }
        return true;
    }
    if let Some(target) = line.strip_prefix(b"trying host ") {
        let mut words = target.split(|octet| *octet == b' ');
        let (host, port) = (words.next().unwrap_or_default(), words.nth(1));
        let port = port.map(|port| port.split(|octet| *octet == b'.').next().unwrap_or_default());
        say(Reading::tells(line, Fact::Opening));
        if let Some(fact) = prompt::dialled(host, port) {
            say(Reading::tells(b"", fact));
        }
        return true;
    }
    let fact = if line == b"connection ready..." {
        Fact::Opened
    } else if line == b"done..." {
        Fact::Closed(ClosedBy::Client)
    } else if line.starts_with(b"connection failed") {
        connect_failed(line)
    } else if line.starts_with(b"connect: ")
        && let fact = connect_failed(line)
        && fact != Fact::ConnectFailed(ConnectFailure::Other)
    {
        fact
    } else {
        return false;
    };
    say(Reading::tells(line, fact));
    true
}

#[cfg(test)]
mod tests {
    use super::{
        super::shown::{check, evident},
        *,
    };

    #[test]
    fn reads_the_daemon() {
        check(
            &TRACE,
            "smtp: 0x55d0: connected to listener 0x56e0 [hostname=vm, port=2580, tag=]\n\
             smtp: 0x55d0: STATE_NEW -> STATE_CONNECTED\n\
             878b8978578d25f1 smtp connected address=192.0.2.7 host=client.example\n\
             smtp: 0x55d0: >>> 220 vm ESMTP OpenSMTPD\n\
             smtp: 0x55d0: <<< DATA\n\
             smtp: 0x55d0: >>> 354 go\n\
             <<< [MSG] Subject: x\n\
             <<< [MSG] \n\
             <<< [MSG] .\n\
             <<< [EOM]\n\
             878b897cb3861fc7 mta connecting address=smtp://198.51.100.5:25 host=mx\n\
             mta: 0x55b0: MTA_INIT -> MTA_INIT\n\
             mta: 0x55b0: <<< 354 go\n\
             mta: 0x55b0: >>> [...227 bytes...]\n\
             mta: 0x55b0: >>> .\n\
             878b8978578d25f1 smtp disconnected reason=disconnect\n\
             debug: smtp: done",
            "[smtp: 0x55d0] * = Opening
             [smtp: 0x55d0] * = ClientAddress { address: '192.0.2.7', port: None }
             [smtp: 0x55d0] 2 220 vm ESMTP OpenSMTPD
             [smtp: 0x55d0] 1 DATA
             [smtp: 0x55d0] 2 354 go
             [smtp: 0x55d0] 1 Subject: x
             [smtp: 0x55d0] 1 \n\
             [smtp: 0x55d0] 1 .
             [mta: 0x55b0] * = Opening
             [mta: 0x55b0] * = ServerAddress { address: '198.51.100.5', port: Some(25) }
             [mta: 0x55b0] 2 354 go
             [mta: 0x55b0] * = BodyHidden(Some(227))
             [mta: 0x55b0] 1 .
             [smtp: 0x55d0] * = Closed(Client)
             ? debug: smtp: done",
        );
        evident(&TRACE, "mta: 0x55b0: >>> EHLO vm", true);
        evident(&TRACE, "0x55b0: <<< 220 vm", false);
        evident(&TRACE, "mta: 0x55b0: MTA_INIT -> MTA_INIT", false);
    }

    #[test]
    fn reads_the_test_client() {
        check(
            &CLIENT,
            "trying host 127.0.0.1 port 2526...\n\
             0x55d0: INIT -> BANNER\n\
             0x55d0: <<< 220 mx.example.net\n\
             mta: 0x55d0: >>> EHLO me\n\
             connection ready...\n\
             bad@y: RCPT: 550 no\n\
             done...",
            "* = Opening
             * = Dialled { host: '127.0.0.1', port: Some(2526) }
             2 220 mx.example.net
             1 EHLO me
             * = Opened
             ? bad@y: RCPT: 550 no
             * = Closed(Client)",
        );
        evident(&CLIENT, "0x55b0: <<< 220 vm", true);
    }
}
