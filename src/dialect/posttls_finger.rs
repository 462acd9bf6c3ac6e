//! Postfix's `posttls-finger`: `> ` and `< ` behind the program's name.
//!
//! ```text
//! posttls-finger: < 220 mx.example.net ESMTP Postfix
//! posttls-finger: > EHLO mail.example.com
//! ```
//!
//! Never sends mail: it asks for TLS, looks at the certificate, and leaves. From recordings of Postfix 3.7 and
//! its source.

use super::{
    Custom, Dialect, Reading, Record, Say, Times, Unmarked,
    failure::{connect_failed, has},
    flow::End,
    peer,
};
use crate::transcript::{Fact, Mark};

pub(super) static DIALECT: Dialect = Dialect {
    name: "posttls-finger",
    about: "posttls-finger of Postfix, probing a server's TLS",
    client: "posttls-finger: > ",
    server: "posttls-finger: < ",
    key: "",
    times: Times::Never,
    record: Record::DIALOGUE,
    unmarked: Unmarked::Neither,
    custom: Custom::FirstIsClient,
    hints: &["posttls-finger: ", "posttls-finger["],
    evidence: |line| text(line).is_some(),
    reader: || Box::new(read),
};

/// What follows the program's name, with a logger's prefix before it or without.
fn text(line: &[u8]) -> Option<&[u8]> {
    if let Some(rest) = line.strip_prefix(b"posttls-finger: ") {
        return Some(rest);
    }
    let rest = line.get(memchr::memmem::find(line, b"/posttls-finger[")?..)?;
    rest.get(memchr::memmem::find(rest, b"]: ")? + 3..)
}

fn read(line: &[u8], say: Say<'_>) -> bool {
    let Some(text) = text(line) else { return false };
    let empty = line.get(..0).unwrap_or_default();
    match text {
        [b'>', b' ', rest @ ..] => say(Reading::said(Mark::First, rest)),
        [b'<', b' ', rest @ ..] => say(Reading::said(Mark::Second, rest)),
        _ => {
            if let Some(peer) = text.strip_prefix(b"Connected to ") {
                say(Reading::tells(line, Fact::Opening));
                if let Some((host, end)) = host_and_end(peer) {
                    peer::server(Some(host), Some(end), empty, say);
                }
                say(Reading::tells(empty, Fact::Opened));
                return true;
            }
            let fact = if has(text, "TLS connection established to ") {
                tls(text)
            } else if has(text, "certificate verification failed") {
                Some(Fact::CertificateProblem(text.to_vec()))
            } else if has(text, "subject_CN=") {
                let at = memchr::memmem::find(text, b"subject_CN=").map_or(0, |at| at + 11);
                let name =
                    text.get(at..).and_then(|rest| rest.split(|octet| *octet == b',').next());
                name.map(|name| Fact::CertificateName(name.to_vec()))
            } else if has(text, "connect to ") || has(text, "Failed to establish session") {
                Some(connect_failed(text))
            } else if has(text, "SSL_connect error") || has(text, "TLS library problem") {
                Some(Fact::TlsFailed(text.to_vec()))
            } else {
                None
            };
            say(Reading { fact, ..Reading::remark(line) });
        }
    }
    true
}

/// `mx.example.net[192.0.2.1]:25`
fn host_and_end(peer: &[u8]) -> Option<(&[u8], End<'_>)> {
    let open = memchr::memchr(b'[', peer)?;
    let (host, end) = peer.split_at_checked(open)?;
    let words = end.split(|octet| *octet == b' ').next()?;
    Some((host, End::with_colon(words)?))
}

/// `Untrusted TLS connection established to …: TLSv1.3 with cipher TLS_AES_256_GCM_SHA384 (256/256 bits)`
fn tls(text: &[u8]) -> Option<Fact> {
    let with = memchr::memmem::find(text, b" with cipher ")?;
    let (before, after) = text.split_at_checked(with)?;
    let version = before.rsplit(|octet| *octet == b' ').next()?;
    let cipher = after.get(13..)?.split(|octet| *octet == b' ').next()?;
    Some(Fact::TlsStarted { version: Some(version.to_vec()), cipher: Some(cipher.to_vec()) })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dialect::spoken::told;

    #[test]
    fn lines_are_read() {
        let record = "\
posttls-finger: Connected to mx.example.net[192.0.2.1]:25
posttls-finger: < 220 mx.example.net ESMTP
posttls-finger: > STARTTLS
posttls-finger: 192.0.2.1[192.0.2.1]:25: subject_CN=mx.example.net, issuer_CN=x
posttls-finger: Untrusted TLS connection established to 192.0.2.1[192.0.2.1]:25: TLSv1.3 with cipher TLS_AES_256_GCM_SHA384 (256/256 bits)
Nov 23 10:13:45 mx postfix/posttls-finger[12]: > QUIT
";
        assert_eq!(
            told(&DIALECT, record, true),
            "Opening Dialled ServerAddress Opened 1:220 mx.example.net ESMTP 0:STARTTLS CertificateName TlsStarted 0:QUIT"
        );
    }
}
