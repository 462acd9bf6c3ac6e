//! aiosmtpd's log, as Python test suites and small servers leave it.
//!
//! ```text
//! 2026-11-23 10:33:35,769 mail.log INFO ('192.0.2.7', 58644) handling connection
//! 2026-11-23 10:33:35,769 mail.log DEBUG ('192.0.2.7', 58644) << b'220 mx.example Python SMTP 1.4.3'
//! 2026-11-23 10:33:35,770 mail.log INFO ('192.0.2.7', 58644) >> b'ehlo me'
//! ```
//!
//! Traps: `>>` is what the client sent, although a server writes it; each command stands there twice
//! (`_handle_client readline: …`); a line of the message names no session; a handler may print the message
//! once more. From a recording of aiosmtpd 1.4.

use super::{
    Custom, Dialect, Reader, Reading, Record, Say, Times, Unmarked,
    escape::{backslash_lines, literal},
    time,
};
use crate::transcript::{ClosedBy, Fact, Mark};

pub(super) static DIALECT: Dialect = Dialect {
    name: "aiosmtpd",
    about: "aiosmtpd's log",
    client: "('address', port) >> ",
    server: "('address', port) << ",
    key: "the client's address and port",
    times: Times::Sometimes,
    record: Record::DIALOGUE,
    unmarked: Unmarked::Neither,
    custom: Custom::FirstIsClient,
    hints: &[") >> b", ") << b"],
    evidence: |line| peer(line).is_some_and(|(_, _, text)| said(text).is_some()),
    reader: || Box::new(Log::default()),
};

/// Where `('192.0.2.7', 58644)` stands, itself, and what follows.
fn peer(line: &[u8]) -> Option<(usize, &[u8], &[u8])> {
    let start = memchr::memmem::find(line, b"('")?;
    let end = start + memchr::memchr(b')', line.get(start..)?)?;
    let key = line.get(start..=end)?;
    key.contains(&b',').then_some((start, key, line.get(end + 1..)?.trim_ascii_start()))
}

fn said(text: &[u8]) -> Option<(Mark, &[u8])> {
    let (arrow, rest) = text.split_at_checked(3)?;
    let mark = match arrow {
        b">> " => Mark::First,
        b"<< " => Mark::Second,
        _ => return None,
    };
    Some((mark, literal(rest).filter(|_| rest.starts_with(b"b"))?.inner))
}

#[derive(Debug, Default)]
struct Log {
    /// The session that was last told to send its message.
    receiving: Vec<u8>,
    /// A handler prints the message.
    printing: bool,
}

impl Reader for Log {
    fn read(&mut self, line: &[u8], say: Say<'_>) -> bool {
        if self.printing || line == b"---------- MESSAGE FOLLOWS ----------" {
            self.printing = line != b"------------ END MESSAGE ------------";
            return true;
        }
        if let Some(at) = memchr::memmem::find(line, b"DATA readline: ") {
            self.message(line, line.get(at + 15..).unwrap_or_default(), say);
            return true;
        }
        if memchr::memmem::find(line, b"_handle_client readline: ").is_some() {
            return true;
        }
        let Some((start, key, text)) = peer(line) else { return false };
        let at = time::iso(line).map(|(at, _)| at);
        if let Some((mark, inner)) = said(text) {
            if mark == Mark::Second && inner.starts_with(b"354") {
                self.receiving = key.to_vec();
            }
            for part in backslash_lines(inner) {
                say(part.said(mark).at(at).of(key));
            }
            return true;
        }
        let fact = match text {
            b"handling connection" => {
                say(Reading::tells(text, Fact::Opening).at(at).of(key));
                let mut parts = key.split(|octet| matches!(octet, b'\'' | b',' | b')'));
                let address = parts.nth(1).unwrap_or_default().to_vec();
                let port = parts.nth(1).and_then(|port| std::str::from_utf8(port).ok());
                let port = port.and_then(|port| port.trim().parse().ok());
                Fact::ClientAddress { address, port }
            }
            b"EOF received" => Fact::Closed(ClosedBy::Client),
            b"connection lost" | b"Connection lost during _handle_client()" => {
                Fact::Closed(ClosedBy::Unknown)
            }
            b"TLS handshake successful" => Fact::TlsStarted { version: None, cipher: None },
            // Another line with a pair of values in it.
            _ => return start > 0 && at.is_some(),
        };
        say(Reading::tells(b"", fact).at(at).of(key));
        true
    }
}

impl Log {
    /// A line of the message: `b'Subject: x\r\n'`.
    fn message(&self, line: &[u8], text: &[u8], say: Say<'_>) {
        let at = time::iso(line).map(|(at, _)| at);
        let Some(literal) = literal(text).filter(|_| !self.receiving.is_empty()) else { return };
        for part in backslash_lines(literal.inner) {
            say(part.said(Mark::First).at(at).of(&self.receiving));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{
        super::shown::{check, evident},
        *,
    };

    #[test]
    fn says_each_line_once() {
        check(
            &DIALECT,
            "2026-11-23 10:33:35,767 mail.log INFO Peer: ('192.0.2.7', 58632)\n\
             2026-11-23 10:33:35,767 mail.log INFO ('192.0.2.7', 58632) handling connection\n\
             2026-11-23 10:33:35,767 mail.log DEBUG ('192.0.2.7', 58632) << b'220 vm Python SMTP 1.4.3'\n\
             2026-11-23 10:33:35,769 mail.log DEBUG _handle_client readline: b'data\\r\\n'\n\
             2026-11-23 10:33:35,770 mail.log INFO ('192.0.2.7', 58632) >> b'data'\n\
             ('::1', 58633, 0, 0) >> b\"it's\"\n\
             2026-11-23 10:33:35,770 mail.log DEBUG ('192.0.2.7', 58632) << b'354 go'\n\
             2026-11-23 10:33:35,770 mail.log DEBUG DATA readline: b'Subject: \\xc3\\xa9\\r\\n'\n\
             2026-11-23 10:33:35,770 mail.log DEBUG DATA readline: b'.\\r\\n'\n\
             ---------- MESSAGE FOLLOWS ----------\n\
             Subject: x\n\
             ------------ END MESSAGE ------------\n\
             2026-11-23 10:33:35,771 mail.log INFO ('192.0.2.7', 58632) connection lost\n\
             Subject: x",
            "[('192.0.2.7', 58632)] * = Opening
             [('192.0.2.7', 58632)] * = ClientAddress { address: '192.0.2.7', port: Some(58632) }
             [('192.0.2.7', 58632)] 2 220 vm Python SMTP 1.4.3
             [('192.0.2.7', 58632)] 1 data
             [('::1', 58633, 0, 0)] 1 it's
             [('192.0.2.7', 58632)] 2 354 go
             [('192.0.2.7', 58632)] 1 Subject: é
             [('192.0.2.7', 58632)] 1 .
             [('192.0.2.7', 58632)] * = Closed(Unknown)
             ? Subject: x",
        );
        evident(&DIALECT, "INFO ('192.0.2.7', 58632) >> b'quit'", true);
        evident(&DIALECT, "('a', 1) >> bits", false);
    }
}
