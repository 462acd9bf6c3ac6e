//! mutt's debug file (`mutt -d 4`): the number of the socket, then `>` or `<`.
//!
//! ```text
//! [2026-11-23 12:16:23] Connected to 192.0.2.1:25 on fd=4
//! [2026-11-23 12:16:23] 4< 220 mx.example.net ESMTP
//! [2026-11-23 12:16:23] 4> EHLO client.example
//! ```
//!
//! Traps: `NeoMutt` writes `]<2> mutt_socket_readln_d() 4< 220 …`; sessions of IMAP and POP stand in the same file with sockets of their own; socket numbers are
//! used again. From recordings of mutt 2.2 and its source.

use super::{Custom, Dialect, Reading, Record, Say, Times, Unmarked, flow::End, sign, time};
use crate::transcript::{ClosedBy, Fact, Mark, Moment};

pub(super) static DIALECT: Dialect = Dialect {
    name: "mutt-debug",
    about: "mutt's debug file",
    client: "fd> ",
    server: "fd< ",
    key: "the socket's number",
    times: Times::Sometimes,
    record: Record::DIALOGUE,
    unmarked: Unmarked::Neither,
    custom: Custom::FirstIsClient,
    hints: &["< 2", "< 4", "< 5", "> EHLO ", "> HELO ", "on fd="],
    evidence: |line| {
        let (_, text) = stamp(line);
        said(text).is_some_and(|(_, mark, text)| {
            (mark == Mark::Second && super::reply_rows::code(text).is_some())
                || text.starts_with(b"EHLO ")
                || text.starts_with(b"HELO ")
        }) || connected(text).is_some()
    },
    reader: || Box::new(read),
};

fn read(line: &[u8], say: Say<'_>) -> bool {
    let (at, text) = stamp(line);
    if let Some((key, mark, text)) = said(text) {
        say(Reading::said(mark, text).at(at).of(key));
        return true;
    }
    if let Some((end, key)) = connected(text) {
        let empty = line.get(..0).unwrap_or_default();
        let server = Fact::ServerAddress { address: end.address.to_vec(), port: end.port };
        say(Reading::tells(line, Fact::Opening).at(at).of(key));
        say(Reading::tells(empty, server).at(at).of(key));
        return true;
    }
    if let Some(rest) = text.strip_prefix(b"Connection to ") {
        // `Connection to 192.0.2.1:25 closed`
        let fact = rest.ends_with(b" closed").then_some(Fact::Closed(ClosedBy::Unknown));
        say(Reading { fact, ..Reading::remark(line).at(at) });
        return true;
    }
    // Whatever else mutt notes with a time.
    if at.is_some() {
        say(Reading::remark(line).at(at));
    }
    at.is_some()
}

/// `[2026-11-23 12:16:23] `, in newer versions.
fn stamp(line: &[u8]) -> (Option<Moment>, &[u8]) {
    let inner = line.strip_prefix(b"[").and_then(|rest| time::iso(rest));
    let Some((at, rest)) = inner.and_then(|(at, rest)| Some((at, rest.strip_prefix(b"]")?))) else {
        return (None, line);
    };
    // NeoMutt puts its level before the text, and the name of the function.
    let text = match rest.strip_prefix(b" ").unwrap_or(rest) {
        [b'<', _, b'>', b' ', text @ ..] => text,
        text => return (Some(at), text),
    };
    let is_name =
        |name: &[u8]| name.iter().all(|octet| octet.is_ascii_alphanumeric() || *octet == b'_');
    match sign::around(text, "() ") {
        Some((name, text)) if is_name(name) => (Some(at), text),
        _ => (Some(at), text),
    }
}

/// `4< 220 mx.example.net`
fn said(text: &[u8]) -> Option<(&[u8], Mark, &[u8])> {
    let digits = text.iter().take(5).take_while(|octet| octet.is_ascii_digit()).count();
    let (key, rest) = text.split_at_checked(digits).filter(|_| digits > 0)?;
    match rest {
        [b'>', b' ', text @ ..] => Some((key, Mark::First, text)),
        [b'<', b' ', text @ ..] => Some((key, Mark::Second, text)),
        _ => None,
    }
}

/// `Connected to 192.0.2.1:25 on fd=4`
fn connected(text: &[u8]) -> Option<(End<'_>, &[u8])> {
    let rest = text.strip_prefix(b"Connected to ")?;
    let (end, rest) = rest.split_at_checked(memchr::memchr(b' ', rest)?)?;
    Some((End::with_colon(end)?, rest.strip_prefix(b" on fd=")?))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dialect::spoken::told;

    #[test]
    fn sockets_are_kept_apart() {
        let record = "\
[2026-11-23 12:16:23] Connected to 192.0.2.1:25 on fd=4
[2026-11-23 12:16:23] 4< 220 mx
[2026-11-23 12:16:23] 5> a0001 NOOP
[2026-11-23 12:16:23] 4> EHLO x
[2026-11-23 12:16:23] mutt_free_body: unlinking
";
        assert_eq!(
            told(&DIALECT, record, true),
            "4/Opening 4/ServerAddress 4/1:220 mx 5/0:a0001 NOOP 4/0:EHLO x"
        );
        assert!((DIALECT.evidence)(b"4< 220 mx"));
        let neomutt = b"[2026-11-28 17:05:00]<2> mutt_socket_write_d() 4> EHLO vm";
        assert!((DIALECT.evidence)(neomutt));
        assert!(!(DIALECT.evidence)(b"4< * OK IMAP"));
    }
}
