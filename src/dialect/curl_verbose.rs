//! `curl -v`, and every program that sets libcurl's `CURLOPT_VERBOSE`.
//!
//! ```text
//! *   Trying 192.0.2.1:25...
//! * Connected to mx.example.net (192.0.2.1) port 25 (#0)
//! < 220 mx.example.net ESMTP
//! > EHLO client.example
//! } [117 bytes data]
//! ```
//!
//! Traps: the message is only counted (`} [n bytes data]`), and with TLS so are its records; without `-s`
//! the progress meter stands before the first line; `> ` and `< ` are Symfony's marks too, and mail's
//! quotation marks: only the `* ` lines prove curl. From curl's `tool_cb_dbg.c` and recordings of 7.88.

use super::{
    Custom, Dialect, Reader, Reading, Record, Say, Times, Unmarked,
    failure::{connect_failed, has},
    prompt, time,
};
use crate::transcript::{ClosedBy, Fact, Mark, Moment};

pub(super) static DIALECT: Dialect = Dialect {
    name: "curl-verbose",
    about: "curl -v, and programs that use libcurl",
    client: "> ",
    server: "< ",
    key: "",
    times: Times::Sometimes,
    record: Record::DIALOGUE,
    unmarked: Unmarked::Neither,
    custom: Custom::FirstIsClient,
    hints: &["* "],
    evidence: |line| prefix(line).1.strip_prefix(b"* ").is_some_and(is_about_connection),
    reader: || Box::new(CurlVerbose::default()),
};

/// Whether curl tells of a connection that it tries, has or does not get.
pub(super) fn is_about_connection(info: &[u8]) -> bool {
    let info = info.trim_ascii_start();
    (info.starts_with(b"Trying ") && info.ends_with(b"..."))
        || (info.starts_with(b"Connected to ") && has(info, " port "))
        || info.starts_with(b"Established connection to ")
        || info.starts_with(b"Could not resolve host: ")
        || info.starts_with(b"Failed to connect to ")
}

/// The time (`--trace-time`) of a line, and the line behind it, behind the transfer's and connection's
/// numbers (`--trace-ids`) and behind the progress meter.
pub(super) fn prefix(line: &[u8]) -> (Option<Moment>, &[u8]) {
    let line = without_meter(line);
    let timed = time::clock(line).or_else(|| time::iso(line));
    let timed = timed.and_then(|(at, rest)| Some((at, rest.strip_prefix(b" ")?)));
    let (at, rest) = timed.map_or((None, line), |(at, rest)| (Some(at), rest));
    (at, without_numbers(rest).unwrap_or(rest))
}

/// What stands behind `[0-0] ` or `[0-x] `.
fn without_numbers(text: &[u8]) -> Option<&[u8]> {
    let rest = text.strip_prefix(b"[")?;
    let end = rest.iter().take(24).position(|octet| *octet == b']')?;
    let (numbers, rest) = rest.split_at_checked(end)?;
    let plain = numbers.iter().all(|octet| octet.is_ascii_digit() || matches!(octet, b'-' | b'x'));
    let dashed = plain && numbers.contains(&b'-');
    rest.strip_prefix(b"] ").filter(|_| dashed)
}

/// What stands behind the progress meter, which ends in times and a speed: `--:--:-- 0:00:01 --:--:-- 40`.
fn without_meter(line: &[u8]) -> &[u8] {
    let last = memchr::memrchr(b'\r', line).and_then(|at| line.get(at + 1..)).unwrap_or(line);
    let Some(at) = memchr::memmem::rfind(last, b"--:--:-- ") else { return last };
    let rest = last.get(at + 8..).unwrap_or_default().trim_ascii_start();
    let speed = rest.iter().take_while(|octet| {
        octet.is_ascii_digit() || matches!(octet, b'.' | b':' | b'k' | b'M' | b'G')
    });
    rest.get(speed.count()..).unwrap_or_default()
}

#[derive(Debug, Default)]
struct CurlVerbose {
    connection: Connection,
    /// 354 was the last reply.
    message_due: bool,
    /// What of the message was counted so far.
    hidden: Option<u64>,
}

impl Reader for CurlVerbose {
    fn read(&mut self, line: &[u8], say: Say<'_>) -> bool {
        let (at, text) = prefix(line);
        match text.split_at_checked(2) {
            Some((b"* ", info)) => {
                // No reply comes to what was sent.
                if info.starts_with(b"response reading failed") {
                    self.tell_hidden(say);
                }
                self.connection.info(info, line, say);
                true
            }
            Some((b"> ", command)) => {
                self.tell_hidden(say);
                say(Reading::said(Mark::First, command).at(at));
                true
            }
            Some((b"< ", reply)) => {
                self.tell_hidden(say);
                self.message_due = reply.starts_with(b"354");
                say(Reading::said(Mark::Second, reply).at(at));
                true
            }
            Some((b"{ " | b"} ", count)) if count.ends_with(b" bytes data]") => {
                if self.message_due && text.starts_with(b"}") {
                    let octets = number(count.get(1..).unwrap_or_default());
                    self.hidden = Some(self.hidden.unwrap_or(0) + octets.unwrap_or(0));
                }
                say(Reading::remark(line));
                true
            }
            _ if matches!(text, b">" | b"<") => {
                say(Reading::said(if text == b">" { Mark::First } else { Mark::Second }, b""));
                true
            }
            _ => self.other(line, text, say),
        }
    }
}

impl CurlVerbose {
    /// Says that the message was left out, once the line behind it comes.
    fn tell_hidden(&mut self, say: Say<'_>) {
        self.message_due = false;
        if let Some(octets) = self.hidden.take() {
            // With TLS the count is of its records.
            let octets = Some(octets).filter(|_| !self.connection.encrypted);
            say(Reading::tells(b"", Fact::BodyHidden(octets)));
        }
    }

    fn other(&mut self, line: &[u8], text: &[u8], say: Say<'_>) -> bool {
        let meter = text.len() < line.len() && text.is_empty()
            || line.starts_with(b"  % Total    % Received")
            || line.trim_ascii_start().starts_with(b"Dload  Upload   Total")
            || line.starts_with(b"Warning: ");
        if meter {
            say(Reading::remark(line));
            return true;
        }
        if text.starts_with(b"curl: (") {
            let fact = if matches!(self.connection.stage, Stage::Opened | Stage::Failed) {
                Fact::ToolError(text.to_vec())
            } else {
                self.connection.stage = Stage::Failed;
                connect_failed(text)
            };
            say(Reading::tells(line, fact));
            return true;
        }
        false
    }
}

/// Digits at the start of a text.
fn number(text: &[u8]) -> Option<u64> {
    let digits = text.iter().take_while(|octet| octet.is_ascii_digit()).count();
    std::str::from_utf8(text.get(..digits)?).ok()?.parse().ok()
}

/// How far the connection came.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
enum Stage {
    /// Nothing was tried.
    #[default]
    Idle,
    /// An address is being tried: the next one belongs to the same connection.
    Trying,
    Opened,
    Failed,
}

/// What curl's remarks tell about the connection.
#[derive(Debug, Default)]
pub(super) struct Connection {
    stage: Stage,
    encrypted: bool,
    /// The server closed it where a reply was due.
    lost: bool,
    /// Why the last address failed.
    reason: Vec<u8>,
}

impl Connection {
    /// Reads what stands behind `* ` or `== Info: ` in `line`.
    pub(super) fn info(&mut self, info: &[u8], line: &[u8], say: Say<'_>) {
        let info = info.trim_ascii();
        if let Some(target) = info.strip_prefix(b"Trying ") {
            let target = target.strip_suffix(b"...").unwrap_or(target);
            if self.stage == Stage::Trying {
                say(Reading::remark(line));
            } else {
                *self = Self { stage: Stage::Trying, ..Self::default() };
                say(Reading::tells(line, Fact::Opening));
            }
            if let Some((address, port)) = address_and_port(target) {
                say(Reading::tells(b"", Fact::ServerAddress { address, port }));
            }
            return;
        }
        let opened = info.strip_prefix(b"Connected to ").or_else(|| {
            let rest = info.strip_prefix(b"Established connection to ")?;
            has(rest, " port ").then_some(rest)
        });
        if let Some(rest) = opened {
            self.stage = Stage::Opened;
            say(Reading::tells(line, Fact::Opened));
            told_by_connected(rest, say);
            return;
        }
        // Told once for each connection, before any address is tried.
        if info.starts_with(b"Could not resolve host: ") {
            *self = Self { stage: Stage::Failed, ..Self::default() };
            say(Reading::tells(line, Fact::Opening));
            say(Reading::tells(b"", connect_failed(info)));
            return;
        }
        let fact = self.fact(info);
        say(Reading { fact, ..Reading::remark(line) });
    }

    fn fact(&mut self, info: &[u8]) -> Option<Fact> {
        if info.starts_with(b"connect to ") && has(info, " failed: ") {
            self.reason = info.to_vec();
            return Some(Fact::ToolError(info.to_vec()));
        }
        let never = info.starts_with(b"Failed to connect to ")
            || info.starts_with(b"Connection timed out after ")
            || info.starts_with(b"Connection timeout after ");
        if never && self.stage != Stage::Failed {
            self.stage = Stage::Failed;
            return Some(connect_failed(if self.reason.is_empty() { info } else { &self.reason }));
        }
        if info.starts_with(b"Closing connection") || info.starts_with(b"shutting down connection")
        {
            let by = if self.lost { ClosedBy::Server } else { ClosedBy::Client };
            return (self.stage == Stage::Opened).then_some(Fact::Closed(by));
        }
        // What curl sends to a connection that is gone still belongs to it.
        if info.starts_with(b"response reading failed") {
            self.lost = true;
            return Some(Fact::ToolError(info.to_vec()));
        }
        if info.starts_with(b"Connection #") && self.lost {
            return Some(Fact::Closed(ClosedBy::Server));
        }
        if info.starts_with(b"Operation timed out after ") && self.stage == Stage::Opened {
            return Some(Fact::TimedOut);
        }
        if let Some(rest) = info.strip_prefix(b"SSL connection using ") {
            self.encrypted = true;
            let mut parts =
                rest.split(|octet| *octet == b'/').map(|part| part.trim_ascii().to_vec());
            return Some(Fact::TlsStarted { version: parts.next(), cipher: parts.next() });
        }
        if let Some(problem) = info.strip_prefix(b"SSL certificate problem: ") {
            return Some(Fact::CertificateProblem(problem.to_vec()));
        }
        if let Some(result) = info.strip_prefix(b"SSL certificate verify result: ") {
            return Some(Fact::CertificateProblem(result.to_vec()));
        }
        if let Some(subject) = info.strip_prefix(b"subject: ") {
            let name =
                memchr::memmem::find(subject, b"CN=").and_then(|at| subject.get(at + 3..))?;
            let name = name.split(|octet| matches!(octet, b';' | b',')).next()?;
            return Some(Fact::CertificateName(name.to_vec()));
        }
        let tls =
            info.starts_with(b"OpenSSL SSL_connect") || info.starts_with(b"TLS connect error");
        if tls || info.starts_with(b"gnutls_handshake() failed") {
            return Some(Fact::TlsFailed(info.to_vec()));
        }
        if has(info, "onnection reset by peer") || info.starts_with(b"Connection died") {
            return Some(Fact::Closed(ClosedBy::Server));
        }
        let error = info.starts_with(b"RCPT failed")
            || info.starts_with(b"MAIL failed")
            || info.starts_with(b"Recv failure")
            || info.starts_with(b"Send failure")
            || info.starts_with(b"Got unexpected smtp-server response")
            || info.starts_with(b"Login denied")
            || info.starts_with(b"Access denied");
        error.then(|| Fact::ToolError(info.to_vec()))
    }
}

/// `192.0.2.1:25` or `[2001:db8::1]:25`.
fn address_and_port(target: &[u8]) -> Option<(Vec<u8>, Option<u16>)> {
    let colon = memchr::memrchr(b':', target)?;
    let (address, port) = target.split_at_checked(colon)?;
    let address = address.strip_prefix(b"[").unwrap_or(address);
    let address = address.strip_suffix(b"]").unwrap_or(address);
    Some((address.to_vec(), prompt::port_number(port.get(1..)?)))
}

/// `mx.example.net (192.0.2.1) port 25 (#0)`, since 2025
/// `mx.example.net (192.0.2.1 port 25) from 192.0.2.9 port 40000`.
fn told_by_connected(rest: &[u8], say: Say<'_>) {
    let words: Vec<&[u8]> = rest
        .split(|octet| matches!(octet, b' ' | b'(' | b')'))
        .filter(|word| !word.is_empty())
        .collect();
    let behind = |word: &[u8], from: usize| {
        let at = words.iter().skip(from).position(|known| *known == word)? + from;
        Some((at, *words.get(at + 1)?))
    };
    let (place, port) =
        behind(b"port", 0).map_or((0, None), |(place, word)| (place, prompt::port_number(word)));
    let Some(host) = words.first() else { return };
    say(Reading::tells(b"", Fact::Dialled { host: host.to_vec(), port }));
    if let Some(address) = words.get(1).filter(|_| place == 2) {
        say(Reading::tells(b"", Fact::ServerAddress { address: address.to_vec(), port }));
    }
    if let Some((at, address)) = behind(b"from", place) {
        let port = behind(b"port", at).and_then(|(_, word)| prompt::port_number(word));
        say(Reading::tells(b"", Fact::ClientAddress { address: address.to_vec(), port }));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dialect::tests::{read, rows};

    #[test]
    fn a_transfer_is_read() {
        let lines = [
            "  0     0    0     0    0     0      0      0 --:--:-- --:--:-- --:--:--     0*   Trying 192.0.2.1:25...",
            "10:33:30.603749 [0-0] * Connected to mx.example (192.0.2.1) port 25 (#0)",
            "10:33:30.605185 [0-0] < 220 mx.example",
            "> DATA",
            "< 354 go",
            "} [40 bytes data]",
            "} [5 bytes data]",
            "* We are completely uploaded and fine",
            "< 250 queued",
            "* Connection #0 to host mx.example left intact",
            "* Closing connection 0",
        ];
        assert_eq!(
            rows(&read(&DIALECT, &lines)),
            [
                "T Opening",
                "T ServerAddress 192.0.2.1:25",
                "T Opened",
                "T Dialled mx.example:25",
                "T ServerAddress 192.0.2.1:25",
                "2 220 mx.example",
                "1 DATA",
                "2 354 go",
                "T",
                "T",
                "T",
                "T BodyHidden(Some(45))",
                "2 250 queued",
                "T",
                "T Closed(Client)",
            ]
        );
    }

    #[test]
    fn tls_is_told() {
        let lines = [
            "* SSL connection using TLSv1.3 / TLS_AES_256_GCM_SHA384 / x25519 / RSASSA-PSS",
            "*  subject: C=XX; CN=mx.example",
            "*  SSL certificate verify result: self-signed certificate (18), continuing anyway.",
            "* SSL certificate problem: certificate has expired",
        ];
        assert_eq!(
            rows(&read(&DIALECT, &lines)),
            [
                "T TlsStarted TLSv1.3 TLS_AES_256_GCM_SHA384",
                "T CertificateName mx.example",
                "T CertificateProblem self-signed certificate (18), continuing anyway.",
                "T CertificateProblem certificate has expired",
            ]
        );
    }

    #[test]
    fn every_address_may_fail() {
        let lines = [
            "*   Trying [2001:db8::1]:25...",
            "* connect to 2001:db8::1 port 25 failed: Connection refused",
            "*   Trying 192.0.2.1:25...",
            "* connect to 192.0.2.1 port 25 failed: Connection refused",
            "* Failed to connect to mx.example port 25 after 0 ms: Couldn't connect to server",
            "* Closing connection 0",
            "curl: (7) Failed to connect to mx.example port 25 after 0 ms",
        ];
        assert_eq!(
            rows(&read(&DIALECT, &lines)),
            [
                "T Opening",
                "T ServerAddress 2001:db8::1:25",
                "T ToolError",
                "T",
                "T ServerAddress 192.0.2.1:25",
                "T ToolError",
                "T ConnectFailed(Refused)",
                "T",
                "T ToolError",
            ]
        );
    }

    #[test]
    fn new_curls_name_both_ends() {
        let lines = [
            "* Established connection to mx.example (192.0.2.1 port 25) from 192.0.2.9 port 4000 ",
        ];
        assert_eq!(
            rows(&read(&DIALECT, &lines)),
            [
                "T Opened",
                "T Dialled mx.example:25",
                "T ServerAddress 192.0.2.1:25",
                "T ClientAddress 192.0.2.9:4000",
            ]
        );
    }
}
