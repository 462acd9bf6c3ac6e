//! Plain text behind STARTTLS that the server may take for encrypted.

use crate::{
    protocol::verbs::VerbId,
    rules::{Case, Confidence, Findings, Party, Wakes, quoted, rule},
    transcript::{Label, Method},
};

rule! {
    /// Commands were sent in plain text in the same burst as STARTTLS, behind it.
    ///
    /// A server that keeps what it has read already takes them for commands inside TLS: whoever sits in the
    /// path puts his own commands into the client's session (CVE-2011-0411, CVE-2021-33515). RFC 3207 asks
    /// both sides to forget everything that came before the handshake.
    ///
    /// ## What to do
    /// The client waits for the reply to STARTTLS, and then begins the handshake. The server empties its
    /// buffer after the 220. Where nobody tested it on purpose, somebody is in the path.
    ///
    /// ## Flags
    /// ```smtp also=pipelining-past-barrier,reply-missing,reply-unsolicited
    ///   S: 220 mx.example.net ESMTP
    ///   C: EHLO client.example
    ///   S: 250-mx.example.net
    ///   S: 250-PIPELINING
    ///   S: 250 STARTTLS
    ///   C: STARTTLS
    /// ! C: RSET
    ///   S: 220 2.0.0 Ready to start TLS
    ///   S: 250 2.0.0 Ok
    ///   C: QUIT
    ///   S: 221 2.0.0 Bye
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
    "starttls-injection", Security, Error, Client,
    ["RFC 3207 §4.2", "RFC 2920 §3.1"], SINCE_2821,
    check, wakes: Wakes::STARTTLS
}

fn check(case: &Case<'_, '_>, findings: &mut Findings<'_, '_>) {
    let session = case.session;
    if !case.is_sure() {
        return;
    }
    // Lines that a person pasted show who spoke, but not when: there the server's answer has to tell.
    let pasted = session.transcript.method == Method::Inferred;
    let begins = |exchange: &&crate::session::Exchange<'_>| {
        exchange.id().is_some_and(VerbId::starts_tls) && exchange.code() == 220
    };
    for exchange in session.exchanges.iter().filter(begins) {
        let (Some(said), Some(reply)) = (&exchange.command, &exchange.reply) else { continue };
        let between = said.turns.end..reply.turns.start;
        let burst = session.turns(between, Label::Command).next();
        let Some(turn) = burst else { continue };
        let answered = session.exchanges.iter().any(|other| {
            let early =
                other.command.as_ref().is_none_or(|said| said.turns.end <= reply.turns.start);
            early && other.reply.as_ref().is_some_and(|late| late.turns.start == reply.turns.end)
        });
        if pasted && !answered {
            continue;
        }
        let text = session.transcript.text(turn);
        let message = if answered {
            format!(
                "{} was sent in plain text behind STARTTLS, and the server answered it after the 220",
                quoted(text)
            )
        } else {
            format!("{} was sent in plain text in the same burst as STARTTLS", quoted(text))
        };
        let party = if answered { Party::Server } else { Party::Client };
        let confidence = if answered { Confidence::Certain } else { Confidence::Likely };
        findings
            .on_turn(turn, message)
            .help("the client waits for the 220 before it goes on; the server forgets all that it read before the handshake")
            .party(party)
            .confidence(confidence)
            .done();
    }
}
