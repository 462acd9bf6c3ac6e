//! `MailHog`'s log: what its sockets gave and took, as escaped text.
//!
//! ```text
//! 2026/11/23 11:27:42 [SMTP 192.0.2.7:5555] Starting session
//! [SMTP 192.0.2.7:5555] Sent 39 bytes: '220 mailhog.example ESMTP MailHog\r\n'
//! [SMTP 192.0.2.7:5555] Received 8 bytes: 'EHLO x\r\n'
//! ```
//!
//! Traps: one read may hold several lines, or a part of one; each command is told once more by
//! `[PROTO: MAIL] Processing line`. From its `session.go` and `protocol.go`.

use super::{Custom, Dialect, Reader, Reading, Record, Say, Times, Unmarked, reads::Reads, time};
use crate::transcript::{ClosedBy, Fact, Mark};

pub(super) static DIALECT: Dialect = Dialect {
    name: "mailhog",
    about: "MailHog's log",
    client: "[SMTP address:port] Received n bytes: ",
    server: "[SMTP address:port] Sent n bytes: ",
    key: "the client's address and port",
    times: Times::Sometimes,
    record: Record::DIALOGUE,
    unmarked: Unmarked::Neither,
    custom: Custom::FirstIsClient,
    hints: &["[SMTP "],
    evidence: |line| session(line).is_some_and(|(_, text)| said(text).is_some()),
    reader: || Box::new(Log::default()),
};

/// The key of `[SMTP 192.0.2.7:5555] `, and what follows.
fn session(line: &[u8]) -> Option<(&[u8], &[u8])> {
    let start = memchr::memmem::find(line, b"[SMTP ")? + 6;
    let rest = line.get(start..)?;
    let close = memchr::memmem::find(rest, b"] ")?;
    Some((rest.get(..close)?, rest.get(close + 2..)?))
}

/// `Received 8 bytes: 'EHLO x\r\n'`
fn said(text: &[u8]) -> Option<(Mark, &[u8])> {
    let (mark, rest) = match text.strip_prefix(b"Received ") {
        Some(rest) => (Mark::First, rest),
        None => (Mark::Second, text.strip_prefix(b"Sent ")?),
    };
    let at = memchr::memmem::find(rest, b" bytes: '")?;
    let number = rest.get(..at)?.iter().all(u8::is_ascii_digit);
    let inner = rest.get(at + 9..)?;
    number.then(|| (mark, inner.strip_suffix(b"'").unwrap_or(inner)))
}

#[derive(Debug, Default)]
struct Log {
    reads: Reads,
}

impl Reader for Log {
    fn read(&mut self, line: &[u8], say: Say<'_>) -> bool {
        let Some((key, text)) = session(line) else {
            return memchr::memmem::find(line, b"[PROTO: ").is_some();
        };
        let at = time::iso(line).map(|(at, _)| at);
        if let Some((mark, inner)) = said(text) {
            self.reads.say(inner, mark, at, key, say);
        } else if text.starts_with(b"Starting session") {
            say(Reading::tells(text, Fact::Opening).at(at).of(key));
            let colon = memchr::memrchr(b':', key).unwrap_or(key.len());
            let port =
                key.get(colon + 1..).and_then(|port| std::str::from_utf8(port).ok()?.parse().ok());
            let address = key.get(..colon).unwrap_or(key);
            let inner = address.strip_prefix(b"[").and_then(|address| address.strip_suffix(b"]"));
            let address = inner.unwrap_or(address).to_vec();
            say(Reading::tells(b"", Fact::ClientAddress { address, port }).of(key));
        } else if text.starts_with(b"Connection closed by remote host") {
            self.reads.forget(key);
            say(Reading::tells(text, Fact::Closed(ClosedBy::Client)).at(at).of(key));
        } else if text.starts_with(b"Session ended") {
            self.reads.forget(key);
            say(Reading::tells(text, Fact::Closed(ClosedBy::Unknown)).at(at).of(key));
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
    fn puts_lines_together_and_takes_reads_apart() {
        check(
            &DIALECT,
            "2026/11/23 11:27:42 [SMTP 192.0.2.7:5555] Starting session\n\
             [SMTP 192.0.2.7:5555] Sent 39 bytes: '220 mailhog.example ESMTP MailHog\\r\\n'\n\
             [SMTP 192.0.2.7:5555] Received 8 bytes: 'MAIL FROM:<a@b>\\r\\nRCPT T'\n\
             [SMTP [2001:db8::1]:5555] Received 8 bytes: 'QUIT\\r\\n'\n\
             [PROTO: MAIL] Processing line: MAIL FROM:<a@b>\n\
             [SMTP 192.0.2.7:5555] Received 8 bytes: 'O:<c@d>\\r\\nDATA\\r\\n'\n\
             [SMTP 192.0.2.7:5555] Session ended",
            "[192.0.2.7:5555] * = Opening
             [192.0.2.7:5555] * = ClientAddress { address: '192.0.2.7', port: Some(5555) }
             [192.0.2.7:5555] 2 220 mailhog.example ESMTP MailHog
             [192.0.2.7:5555] 1 MAIL FROM:<a@b>
             [192.0.2.7:5555] 1 RCPT T
             [[2001:db8::1]:5555] 1 QUIT
             [192.0.2.7:5555] 1+O:<c@d>
             [192.0.2.7:5555] 1 DATA
             [192.0.2.7:5555] * = Closed(Unknown)",
        );
        evident(&DIALECT, "[SMTP 192.0.2.7:5555] Received 6 bytes: 'QUIT\\r\\n'", true);
        evident(&DIALECT, "[SMTP] sending: 'x'", false);
    }
}
