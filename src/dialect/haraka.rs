//! Haraka with `loglevel=PROTOCOL`: both what it receives and what it delivers.
//!
//! ```text
//! [NOTICE] [3F2504E0-4F89-41D3] [core] connect ip=192.0.2.7 port=4242 local_ip=192.0.2.1 local_port=25
//! [PROTOCOL] [3F2504E0-4F89-41D3] [core] S: 220 mx.example ESMTP Haraka ready
//! [PROTOCOL] [3F2504E0-4F89-41D3] [core] C: EHLO client.example state=1
//! [PROTOCOL] [3F2504E0-4F89-41D3.1.1] [outbound] C: EHLO mx.example
//! ```
//!
//! Traps: what the connection's state was is printed behind the client's line as if it were a part of it;
//! a transaction adds `.1` to the connection's id, and a delivery another one; the message is shown only with
//! `loglevel=DATA`. A time may stand before it all, and the line may be in logfmt or JSON.
//!
//! From Haraka's `logger.js`, `connection.js` and `outbound`.

use std::borrow::Cow;

use super::{Custom, Dialect, Reading, Record, Say, Times, Unmarked, escape, failure::has, time};
use crate::transcript::{ClosedBy, Fact, Mark, Moment};

pub(super) static DIALECT: Dialect = Dialect {
    name: "haraka",
    about: "Haraka's log at level PROTOCOL",
    client: "C: ",
    server: "S: ",
    key: "connection id",
    times: Times::Sometimes,
    record: Record::DIALOGUE,
    unmarked: Unmarked::Neither,
    custom: Custom::FirstIsClient,
    hints: &[
        "[PROTOCOL]",
        "[DATA]",
        "] [core] ",
        "level=PROTOCOL",
        "level=DATA",
        "\"PROTOCOL\"",
        "\"DATA\"",
    ],
    evidence: |line| {
        Line::of(line).is_some_and(|line| {
            matches!(line.level, b"PROTOCOL" | b"DATA") && said(line.text).is_some()
                || line.origin == b"core" && is_id(line.id)
        })
    },
    reader: || Box::new(read),
};

/// A line, taken apart.
#[derive(Debug, Clone, Copy)]
struct Line<'l> {
    at: Option<Moment>,
    level: &'l [u8],
    id: &'l [u8],
    origin: &'l [u8],
    text: &'l [u8],
}

impl<'l> Line<'l> {
    fn of(line: &'l [u8]) -> Option<Self> {
        let (at, rest) = match time::iso(line) {
            Some((at, rest)) => (Some(at), rest.strip_prefix(b" ")?),
            None => (None, line),
        };
        if rest.first() == Some(&b'{') {
            return Self::json(rest, at);
        }
        if rest.first() != Some(&b'[') {
            return Self::logfmt(rest, at);
        }
        // Where a row was broken behind its level, the rest of it tells enough.
        let (level, rest) = match bracketed(rest)? {
            (id, _) if is_id(id) => (&b"PROTOCOL"[..], rest),
            (level, rest) => (level, rest),
        };
        let (id, origin, text) = names(rest)?;
        let upper = level.iter().all(u8::is_ascii_uppercase) && !level.is_empty();
        upper.then_some(Self { at, level, id, origin, text })
    }

    /// `level=PROTOCOL uuid=… source=core message="C: QUIT"`
    fn logfmt(line: &'l [u8], at: Option<Moment>) -> Option<Self> {
        let value = |name: &str| {
            let at = memchr::memmem::find(line, name.as_bytes())?;
            line.get(at + name.len()..)?.split(|octet| *octet == b' ').next()
        };
        let level = value("level=")?;
        let id = value("uuid=")?;
        let origin = value("origin=").or_else(|| value("source=")).unwrap_or_default();
        let at_text = memchr::memmem::find(line, b"message=\"")? + 9;
        let text = line.get(at_text..)?;
        let end = memchr::memrchr(b'"', text).unwrap_or(text.len());
        Some(Self { at, level, id, origin, text: text.get(..end)? })
    }

    /// `{"level":"PROTOCOL","uuid":"…","source":"core","message":"C: QUIT"}`
    fn json(line: &'l [u8], at: Option<Moment>) -> Option<Self> {
        let value = |name: &str| {
            let at = memchr::memmem::find(line, name.as_bytes())?;
            let rest = line.get(at + name.len()..)?.trim_ascii_start();
            let literal = escape::literal(rest.strip_prefix(b":")?.trim_ascii_start())?;
            literal.closed.then_some(literal.inner)
        };
        let origin = value("\"origin\"").or_else(|| value("\"source\"")).unwrap_or_default();
        let (level, id, text) = (value("\"level\"")?, value("\"uuid\"")?, value("\"message\"")?);
        Some(Self { at, level, id, origin, text })
    }

    /// A delivery's id begins with that of the connection which brought the message.
    fn key(&self) -> &'l [u8] {
        if self.origin == b"outbound" {
            return self.id;
        }
        let dot = memchr::memchr(b'.', self.id).unwrap_or(self.id.len());
        self.id.get(..dot).unwrap_or(self.id)
    }
}

/// The connection's id, what the line is from, and the text. Early releases print the id without brackets and
/// nothing behind it; one that serves a single connection, or a copy cut short, has the origin alone.
fn names(text: &[u8]) -> Option<(&[u8], &[u8], &[u8])> {
    if let Some((first, rest)) = bracketed(text) {
        return Some(match bracketed(rest) {
            Some((origin, text)) => (first, origin, text),
            None => (b"", first, rest),
        });
    }
    let end = memchr::memchr(b' ', text)?;
    let (id, rest) = text.split_at_checked(end)?;
    is_id(id).then(|| (id, &b""[..], rest.trim_ascii_start()))
}

/// A UUID, with the numbers of a transaction and a delivery behind it.
fn is_id(text: &[u8]) -> bool {
    let hexadecimal = |octet: &u8| octet.is_ascii_hexdigit() || matches!(octet, b'-' | b'.');
    text.len() >= 36 && text.iter().all(hexadecimal)
}

/// What stands in brackets, and what follows the space behind them.
fn bracketed(text: &[u8]) -> Option<(&[u8], &[u8])> {
    let inner = text.strip_prefix(b"[")?;
    let close = memchr::memchr(b']', inner)?;
    Some((inner.get(..close)?, inner.get(close + 1..)?.trim_ascii_start()))
}

fn said(text: &[u8]) -> Option<(Mark, &[u8])> {
    let (mark, text) = text.split_at_checked(2)?;
    let text = text.strip_prefix(b" ").unwrap_or(text);
    match mark {
        b"C:" => Some((Mark::First, text)),
        b"S:" => Some((Mark::Second, text)),
        _ => None,
    }
}

/// Takes off ` state=1`, and line endings that stand there as text.
fn cleaned(text: &[u8]) -> &[u8] {
    let mut text = text;
    if let Some(at) = memchr::memmem::rfind(text, b" state=")
        && let Some(digits) = text.get(at + 7..)
        && !digits.is_empty()
        && digits.iter().all(u8::is_ascii_digit)
    {
        text = text.get(..at).unwrap_or(text);
    }
    let text = text.strip_suffix(b"\\n").unwrap_or(text);
    text.strip_suffix(b"\\r").unwrap_or(text)
}

fn read(line: &[u8], say: Say<'_>) -> bool {
    let Some(line) = Line::of(line) else { return false };
    let key = line.key();
    if let Some((mark, text)) = said(line.text) {
        if !matches!(line.level, b"PROTOCOL" | b"DATA") {
            return true;
        }
        // What came after the end is not a part of the session.
        if text.starts_with(b"(after-disconnect): ") {
            return true;
        }
        let text = if line.level == b"DATA" { text } else { cleaned(text) };
        say(Reading::said(mark, text).at(line.at).of(key));
        return true;
    }
    let value = |name: &str| {
        let at = memchr::memmem::find(line.text, name.as_bytes())?;
        line.text.get(at + name.len()..)?.split(|octet| *octet == b' ').next()
    };
    let number = |name: &str| std::str::from_utf8(value(name)?).ok()?.parse().ok();
    let mut say = |text, fact| {
        say(Reading { at: line.at, key: Some(Cow::Borrowed(key)), ..Reading::tells(text, fact) });
    };
    if line.text.starts_with(b"connect ip=") {
        say(line.text, Fact::Opening);
        if let Some(address) = value(" ip=") {
            say(b"", Fact::ClientAddress { address: address.to_vec(), port: number(" port=") });
        }
        if let Some(address) = value(" local_ip=") {
            let port = number(" local_port=");
            say(b"", Fact::ServerAddress { address: address.to_vec(), port });
        }
    } else if line.text.starts_with(b"disconnect ip=") {
        say(line.text, Fact::Closed(ClosedBy::Unknown));
    } else if line.origin == b"tls" && has(line.text, "secured: ") {
        let words = |name| value(name).map(<[u8]>::to_vec);
        let (version, cipher) = (words("version="), words("cipher="));
        say(line.text, Fact::TlsStarted { version, cipher });
    }
    true
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
            "[NOTICE] [3F25] [core] connect ip=192.0.2.7 port=4242 local_ip=192.0.2.1 local_port=25\n\
             2026-11-23T10:13:45.123Z [PROTOCOL] [3F25] [core] S: 220 mx.example ESMTP\n\
             [PROTOCOL] [3F25.1] [core] C: MAIL FROM:<a@b> size=100 state=1\n\
             [PROTOCOL] [3F25.1.1] [outbound] C: EHLO mx.example\\r\\n\n\
             [DATA] [3F25.1] [core] C: a state=1\n\
             level=PROTOCOL uuid=3F25 origin=core message=\"C: QUIT state=1\"\n\
             {\"level\":\"PROTOCOL\", \"uuid\":\"3F25\", \"source\":\"core\", \"message\":\"S: 221 bye\"}\n\
             [INFO] [3F25] [tls] secured: cipher=TLS_AES_256_GCM_SHA384 version=TLSv1.3 verified=false\n\
             [PROTOCOL] [3F25] [core] C: (after-disconnect): QUIT\n\
             [NOTICE] [3F25] [core] disconnect ip=192.0.2.7 rdns=x\n\
             [note] to myself",
            "[3F25] * = Opening
             [3F25] * = ClientAddress { address: '192.0.2.7', port: Some(4242) }
             [3F25] * = ServerAddress { address: '192.0.2.1', port: Some(25) }
             [3F25] 2 220 mx.example ESMTP
             [3F25] 1 MAIL FROM:<a@b> size=100
             [3F25.1.1] 1 EHLO mx.example
             [3F25] 1 a state=1
             [3F25] 1 QUIT
             [3F25] 2 221 bye
             [3F25] * = TlsStarted { version: Some('TLSv1.3'), cipher: Some('TLS_AES_256_GCM_SHA384') }
             [3F25] * = Closed(Unknown)
             ? [note] to myself",
        );
        evident(&DIALECT, "[PROTOCOL] [3F25] [core] S: 220 mx", true);
        check(
            &DIALECT,
            "[PROTOCOL] [core] C: EHLO client.example state=1\n\
             [PROTOCOL] 3F2504E0-4F89-41D3-9A0C-0305E82C3301 S: 250 Haraka says hi",
            "[] 1 EHLO client.example
             [3F2504E0-4F89-41D3-9A0C-0305E82C3301] 2 250 Haraka says hi",
        );
        evident(&DIALECT, "[PROTOCOL] 3F2504E0-4F89-41D3-9A0C-0305E82C3301 S: 250 hi", true);
        evident(&DIALECT, "[PROTOCOL] [x]", false);
    }
}
