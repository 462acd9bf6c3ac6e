//! Port 465 begins with TLS.

use super::evidence;
use crate::{
    grammar::Foreign,
    protocol::verbs::VerbId,
    rules::{Case, Confidence, Findings, Party, rule},
    transcript::{Fact, Label},
};

rule! {
    /// Plain text met TLS at the beginning of the connection.
    ///
    /// On port 465 the TLS handshake comes first, and the greeting inside it. A client that waits for a 220 there waits
    /// for ever; one that begins with TLS on port 25 or 587 is refused, because there TLS begins with STARTTLS.
    ///
    /// ## What to do
    /// Use `openssl s_client -connect host:465` for port 465, and `openssl s_client -starttls smtp -connect host:587`
    /// for the others. In a mail program, set "SSL/TLS" for 465 and "STARTTLS" for 587.
    ///
    /// ## Flags
    /// ```smtp
    ///   $ telnet mail.example.net 465
    ///   Trying 192.0.2.25...
    ///   Connected to mail.example.net.
    ///   Escape character is '^]'.
    /// ! ehlo client.example
    ///   Connection closed by foreign host.
    /// ```
    /// ## Accepts
    /// ```smtp
    ///   $ telnet mail.example.net 25
    ///   Trying 192.0.2.25...
    ///   Connected to mail.example.net.
    ///   Escape character is '^]'.
    ///   220 mail.example.net ESMTP
    ///   quit
    ///   221 2.0.0 Bye
    ///   Connection closed by foreign host.
    /// ```
    "implicit-tls-expected", Transport, Error, Client,
    ["RFC 8314 §3.3", "RFC 8314 §7.3", "RFC 3207 §4"], ALL_EDITIONS,
    check
}

/// The port on which TLS comes first (RFC 8314 §7.3).
const SUBMISSIONS: u16 = 465;

fn check(case: &Case<'_, '_>, findings: &mut Findings<'_, '_>) {
    let transcript = case.session.transcript;
    let agreed = case
        .session
        .exchanges
        .iter()
        .any(|exchange| exchange.id().is_some_and(VerbId::starts_tls) && exchange.accepted());
    let tls = transcript.facts().any(|fact| matches!(fact, Fact::TlsStarted { .. }));
    if agreed || tls {
        return;
    }
    let turns = if case.any_foreign() { transcript.turns.as_slice() } else { &[] };
    let hello = turns.iter().find(|turn| {
        !matches!(turn.label, Label::Message | Label::EndOfData | Label::Credentials)
            && matches!(evidence::protocol(transcript.text(turn)), Some((Foreign::Tls, _)))
    });
    if let Some(turn) = hello {
        findings
            .on_turn(turn, "TLS begins here, where SMTP has plain text")
            .help("begin with STARTTLS on ports 25 and 587; begin with TLS on port 465")
            .confidence(Confidence::Likely)
            .done();
        return;
    }
    let port = transcript.facts().find_map(|fact| match fact {
        Fact::ServerAddress { port, .. } | Fact::Dialled { port, .. } => *port,
        _ => None,
    });
    if port != Some(SUBMISSIONS) || case.session.greeting().is_some() {
        return;
    }
    let opened = transcript.facts().any(|fact| matches!(fact, Fact::Opened));
    let said = case.session.exchanges.iter().find_map(|exchange| exchange.command.as_ref());
    let message = "port 465 begins with TLS, but the client waits for plain text";
    let raised = match said {
        Some(said) => findings.on_command(said, message),
        None if opened => findings.on_end(message),
        None => return,
    };
    raised
        .help("use `openssl s_client -connect host:465`, or set SSL/TLS in the mail program")
        .party(evidence::who(case, Party::Client))
        .done();
}
