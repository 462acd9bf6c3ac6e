//! TLS was agreed and did not come about.

use super::evidence;
use crate::{
    rules::{Case, Findings, quoted, rule},
    transcript::Fact,
};

rule! {
    /// The TLS handshake failed.
    ///
    /// The two have no version or cipher in common, one of them does not accept the other's certificate, or one of them
    /// did not speak TLS at all. After a failed handshake the connection is of no use any more.
    ///
    /// ## What to do
    /// Read the tool's words. "wrong version number" means that the server answered in plain text: use STARTTLS there.
    /// "no shared cipher" and "protocol version" mean that one side is too old.
    ///
    /// ## Flags
    /// ```smtp
    ///   === Trying mail.example.net:25...
    ///   === Connected to mail.example.net.
    ///   <-  220 mail.example.net ESMTP
    ///    -> EHLO client.example
    ///   <-  250-mail.example.net
    ///   <-  250 STARTTLS
    ///    -> STARTTLS
    ///   <-  220 2.0.0 Ready to start TLS
    /// ! *** TLS startup failed (connect(): error:00000000:lib(0):func(0):reason(0))
    ///   *** STARTTLS attempted but failed
    ///    -> QUIT
    ///   <-  221 2.0.0 Bye
    ///   === Connection closed with remote host.
    /// ```
    /// ## Accepts
    /// ```smtp
    ///   S: 220 mx.example.net ESMTP
    ///   C: EHLO client.example
    ///   S: 250-mx.example.net
    ///   S: 250 STARTTLS
    ///   C: STARTTLS
    ///   S: 220 2.0.0 Ready to start TLS
    ///   C: EHLO client.example
    ///   S: 250 mx.example.net
    ///   C: QUIT
    ///   S: 221 2.0.0 Bye
    /// ```
    "tls-handshake-failed", Transport, Error, Server,
    ["RFC 3207 §4.1", "RFC 8446 §6.2"], ALL_EDITIONS,
    check
}

fn check(case: &Case<'_, '_>, findings: &mut Findings<'_, '_>) {
    let failed = case.session.transcript.facts.iter().find_map(|(at, fact)| match fact {
        Fact::TlsFailed(words) => Some((*at, words.as_slice())),
        _ => None,
    });
    let Some((at, words)) = failed else { return };
    let has = |part: &[u8]| words.windows(part.len()).any(|piece| piece.eq_ignore_ascii_case(part));
    let help = if has(b"wrong version") || has(b"unknown protocol") || has(b"record layer") {
        "the server answered in plain text: begin with STARTTLS (`-starttls smtp`) on this port"
    } else if has(b"cipher") || has(b"protocol version") || has(b"unsupported protocol") {
        "the two have no version or cipher in common: bring the older one up to date"
    } else if has(b"certificate") || has(b"unknown ca") || has(b"verify") {
        "one side does not accept the other's certificate: mend its chain or its name"
    } else {
        "compare the versions, ciphers and certificates of the two sides"
    };
    findings
        .at(evidence::spot_at(case, at), format!("the TLS handshake failed: {}", quoted(words)))
        .help(help)
        .done();
}
