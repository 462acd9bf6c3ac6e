//! The client's lines of an AUTH dialogue are base64.

use super::evidence;
use crate::{
    grammar::{Argument, AuthLine, auth_line},
    rules::{Case, Confidence, Findings, Wakes, rule},
    session::{Exchange, Kind},
    transcript::Label,
};

rule! {
    /// What the client answered in an AUTH dialogue is not base64, and the server could not decode it.
    ///
    /// User and password are sent as base64, not as they are typed. Whoever tests a login by hand forgets that
    /// first, or sends the last line with a letter missing.
    ///
    /// ## What to do
    /// Encode each answer: `printf %s user | base64`. With a blank or a line's end among the octets the login fails
    /// as well.
    ///
    /// ## Flags
    /// ```smtp also=auth-offered-without-tls,auth-failed
    ///   Trying 192.0.2.1...
    ///   Connected to mx.example.net.
    ///   Escape character is '^]'.
    ///   220 mx.example.net ESMTP
    ///   EHLO client.example
    ///   250-mx.example.net
    ///   250 AUTH LOGIN
    ///   AUTH LOGIN
    ///   334 VXNlcm5hbWU6
    /// ! ann@example.net
    ///   501 5.5.2 Cannot decode
    ///   QUIT
    ///   221 2.0.0 Bye
    /// ```
    /// ## Accepts
    /// ```smtp
    ///   S: 220 mx.example.net ESMTP
    ///   C: EHLO client.example
    ///   S: 250-mx.example.net
    ///   S: 250 AUTH CRAM-MD5
    ///   C: AUTH CRAM-MD5
    ///   S: 334 PDE4OTYuNjk3MTcwOTUyQG1haWwuZXhhbXBsZS5uZXQ+
    ///   C: *
    ///   S: 501 5.7.0 Authentication cancelled
    ///   C: QUIT
    ///   S: 221 2.0.0 Bye
    /// ```
    "auth-response-malformed", Syntax, Warning, Client,
    ["RFC 4954 §4", "RFC 4954 §8", "RFC 4648 §4"], SINCE_2821,
    check, wakes: Wakes::AUTH
}

fn check(case: &Case<'_, '_>, findings: &mut Findings<'_, '_>) {
    if !case.is_sure() {
        return;
    }
    let session = case.session;
    for exchange in &session.exchanges {
        // Where the server took it, the record shows something else than what was sent.
        if !matches!(exchange.code(), 500 | 501 | 535) {
            continue;
        }
        let Some(line) = response(case, exchange) else { continue };
        if auth_line(line) != AuthLine::Other || is_replaced(line) {
            continue;
        }
        let decoding = exchange.reply.as_ref().is_some_and(|reply| {
            let text = reply.text.to_ascii_lowercase();
            [&b"decod"[..], b"base64", b"base 64", b"malformed", b"syntax"]
                .iter()
                .any(|word| memchr::memmem::find(&text, word).is_some())
        });
        if !decoding && exchange.code() != 501 {
            continue;
        }
        findings
            .on_exchange(exchange, "the answer is not base64")
            .help("send user and password each as base64: `printf %s text | base64`")
            .party(evidence::who(case))
            .confidence(Confidence::Likely)
            .done();
    }
}

/// What the client sent: a line of the dialogue, or what stands behind the mechanism.
fn response<'t>(case: &Case<'_, 't>, exchange: &Exchange<'t>) -> Option<&'t [u8]> {
    let said = exchange.command.as_ref().filter(|_| !exchange.hidden)?;
    match (exchange.kind, &said.parsed.detail) {
        (Kind::Auth, _) => {
            let session = case.session;
            let mut lines = session.turns(said.turns.clone(), Label::Credentials);
            Some(session.transcript.text(lines.next()?).trim_ascii())
        }
        (Kind::Command, Argument::Auth(auth)) => auth.initial_response,
        _ => None,
    }
}

/// Whether somebody put something else in the place of a secret: asterisks, words in brackets, blanks.
fn is_replaced(line: &[u8]) -> bool {
    let first = line.first();
    evidence::is_redacted(&line.to_ascii_lowercase())
        || line.contains(&b' ')
        || line.iter().all(|octet| Some(octet) == first)
        || matches!(first, Some(b'<' | b'[' | b'(' | b'{' | b'*'))
}
