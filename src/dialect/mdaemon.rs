//! MDaemon's SMTP logs, inbound and outbound.
//!
//! ```text
//! Mon 2026-11-23 12:58:47: 05: [514116] Session 514116; child 0001
//! Mon 2026-11-23 12:58:47: 05: [514116] Accepting SMTP connection from [192.0.2.7:4242] to [192.0.2.1:25]
//! Mon 2026-11-23 12:58:47: 03: [514116] --> 220 mx.example ESMTP MDaemon
//! Mon 2026-11-23 12:58:47: 02: [514116] <-- EHLO client.example
//! ```
//!
//! Traps: `-->` is what MDaemon sent, so it is the server in one log and the client in the other; older
//! versions have neither the type's number nor the session's, and write one session after the other; newer
//! ones print milliseconds. `*  ` is a note. The message is not shown. POP and IMAP logs look the same.
//!
//! From logs that people published.

use std::borrow::Cow;

use super::{
    Custom, Dialect, Reading, Record, Say, Times, Unmarked,
    failure::{connect_failed, has},
    reply_rows::{begins_with_verb, code},
    time,
};
use crate::transcript::{ClosedBy, Fact, Mark, Moment};

pub(super) static DIALECT: Dialect = Dialect {
    name: "mdaemon",
    about: "MDaemon's SMTP logs",
    client: "<-- inbound, --> outbound",
    server: "--> inbound, <-- outbound",
    key: "session",
    times: Times::Always,
    record: Record::DIALOGUE,
    unmarked: Unmarked::Neither,
    custom: Custom::FirstIsClient,
    hints: &[": <-- ", ": --> ", "] <-- ", "] --> ", "SMTP connection "],
    evidence: |line| {
        Line::of(line).is_some_and(|line| match line.said() {
            Some((_, text)) => code(text).is_some() || begins_with_verb(text),
            None => has(line.text, "SMTP connection "),
        })
    },
    reader: || Box::new(read),
};

/// A line, its prefix taken apart.
#[derive(Debug, Clone, Copy)]
struct Line<'l> {
    at: Option<Moment>,
    key: Option<&'l [u8]>,
    text: &'l [u8],
}

impl<'l> Line<'l> {
    fn of(line: &'l [u8]) -> Option<Self> {
        // `Mon `; days have other names in other languages.
        let day = line.iter().take(4).position(|octet| *octet == b' ')?;
        let (at, rest) = time::iso(line.get(day + 1..)?)?;
        let mut rest = rest.strip_prefix(b": ")?;
        if let [tens, ones, b':', b' ', after @ ..] = rest
            && tens.is_ascii_digit()
            && ones.is_ascii_digit()
        {
            rest = after;
        }
        let key = rest.strip_prefix(b"[").and_then(|inner| {
            let close = memchr::memchr(b']', inner)?;
            let id = inner.get(..close)?;
            let digits = id.iter().all(|octet| octet.is_ascii_digit() || *octet == b':');
            digits.then_some(id).filter(|id| !id.is_empty())
        });
        if let Some(key) = key {
            rest = rest.get(key.len() + 2..)?;
            rest = rest.strip_prefix(b" ").unwrap_or(rest);
        }
        Some(Self { at: Some(at), key, text: rest })
    }

    /// Whether it was received, and the text behind the arrow.
    fn said(&self) -> Option<(bool, &'l [u8])> {
        let (arrow, rest) = self.text.split_at_checked(3)?;
        let received = match arrow {
            b"<--" => true,
            b"-->" => false,
            _ => return None,
        };
        Some((received, rest.strip_prefix(b" ").unwrap_or(rest)))
    }
}

fn read(line: &[u8], say: Say<'_>) -> bool {
    let Some(line) = Line::of(line) else { return false };
    let of_session = |reading: Reading<'_>, say: Say<'_>| {
        say(Reading { at: line.at, key: line.key.map(Cow::Borrowed), ..reading });
    };
    if let Some((received, text)) = line.said() {
        let mark = if received { Mark::First } else { Mark::Second };
        let hidden = text.starts_with(b"354").then_some(Fact::BodyHidden(None));
        of_session(Reading { fact: hidden, ..Reading::said(mark, text) }, say);
        return true;
    }
    let text = line.text;
    let note = text.strip_prefix(b"*").map_or(text, <[u8]>::trim_ascii_start);
    let mut addresses = text.split(|octet| *octet == b'[').skip(1).map(endpoint);
    let mut further = None;
    let fact = if has(text, "Accepting SMTP connection from ") {
        further = addresses.next().map(|(address, port)| Fact::ClientAddress { address, port });
        Fact::Opening
    } else if has(text, "Attempting SMTP connection to ") {
        further = addresses.next().map(|(address, port)| Fact::ServerAddress { address, port });
        Fact::Opening
    } else if text.starts_with(b"Session ") && has(text, "; child ") {
        Fact::Opening
    } else if note.starts_with(b"Connection established") {
        Fact::Opened
    } else if has(note, "Winsock ") && !has(note, "10054") || has(note, "onnection refused") {
        connect_failed(note)
    } else if has(text, "closed by the other side")
        || has(note, "10054")
        || text.starts_with(b"SMTP session ")
            && (has(text, "terminated") || has(text, "successful") || has(text, "abnormally"))
    {
        Fact::Closed(ClosedBy::Unknown)
    } else if has(text, "SSL negotiation successful") {
        Fact::TlsStarted { version: version(text), cipher: None }
    } else if has(text, "SSL negotiation failed") {
        Fact::TlsFailed(note.to_vec())
    } else if let Some(user) = note.strip_prefix(b"Authenticated as ") {
        Fact::AuthenticatedAs(user.to_vec())
    } else {
        return true;
    };
    of_session(Reading::tells(text, fact), say);
    if let Some(fact) = further {
        of_session(Reading::tells(b"", fact), say);
    }
    true
}

/// `192.0.2.7:4242] to`, `192.0.2.7 : 4242]`, `192.0.2.7]`
fn endpoint(text: &[u8]) -> (Vec<u8>, Option<u16>) {
    let end = memchr::memchr(b']', text).unwrap_or(text.len());
    let text = text.get(..end).unwrap_or(text);
    let colons = text.iter().filter(|octet| **octet == b':').count();
    let Some(colon) = memchr::memrchr(b':', text).filter(|_| colons == 1 || colons > 7) else {
        return (text.to_vec(), None);
    };
    let port = text.get(colon + 1..).unwrap_or_default().trim_ascii();
    let port = std::str::from_utf8(port).ok().and_then(|port| port.parse().ok());
    (text.get(..colon).unwrap_or(text).trim_ascii().to_vec(), port)
}

/// `SSL negotiation successful (TLS 1.2, 256 bit key exchange, 256 bit AES encryption)`
fn version(text: &[u8]) -> Option<Vec<u8>> {
    let at = memchr::memmem::find(text, b"(TLS ")?;
    let number = text.get(at + 5..)?.split(|octet| matches!(octet, b',' | b')')).next()?;
    Some([b"TLSv", number].concat())
}

#[cfg(test)]
mod tests {
    use super::{
        super::shown::{check, evident},
        *,
    };

    #[test]
    fn reads_old_lines_and_new_ones() {
        check(
            &DIALECT,
            "Mon 2026-11-23 12:58:47.123: 05: [514116] Session 514116; child 0001\n\
             Mon 2026-11-23 12:58:47.123: 05: [514116] Accepting SMTP connection from [192.0.2.7:4242] to [192.0.2.1:25]\n\
             Mon 2026-11-23 12:58:47.123: 03: [514116] --> 220-mx.example ESMTP MDaemon\n\
             Mon 2026-11-23 12:58:47.123: 02: [514117:2] <-- EHLO client.example\n\
             Mon 2026-11-23 12:58:47.123: 05: [514116] *  SPF: none\n\
             Mon 2026-11-23 12:58:47.123: 05: [514116] SSL negotiation successful (TLS 1.2, 256 bit key exchange)\n\
             Mon 2026-11-23 12:58:47.123: 03: [514116] --> 354 Enter mail\n\
             Mon 2026-11-23 12:58:47.123: 05: [514116] SMTP session successful (Bytes in/out: 1/2)\n\
             Mon 2026-11-23 12:58:47: Attempting SMTP connection to [198.51.100.5 : 25]\n\
             Mon 2026-11-23 12:58:47: *  Winsock Error 10060 The connection timed out.\n\
             Mon 2026-11-23 12:58:47: --> RSET\n\
             ----------",
            "[514116] * = Opening
             [514116] * = Opening
             [514116] * = ClientAddress { address: '192.0.2.7', port: Some(4242) }
             [514116] 2 220-mx.example ESMTP MDaemon
             [514117:2] 1 EHLO client.example
             [514116] * = TlsStarted { version: Some('TLSv1.2'), cipher: None }
             [514116] 2 354 Enter mail = BodyHidden(None)
             [514116] * = Closed(Unknown)
             * = Opening
             * = ServerAddress { address: '198.51.100.5', port: Some(25) }
             * = ConnectFailed(TimedOut)
             2 RSET
             ? ----------",
        );
        evident(&DIALECT, "Mon 2026-11-23 12:58:47: <-- RCPT TO:<a@b>", true);
        evident(&DIALECT, "Mon 2026-11-23 12:58:47: <-- +OK", false);
        evident(&DIALECT, "--> 220 mx", false);
    }
}
