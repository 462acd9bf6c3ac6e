//! Every command gets exactly one reply.

use crate::{
    protocol::verbs::VerbId,
    rules::{Case, Confidence, Findings, Wakes, quoted, rule},
    session::Kind,
    transcript::{Fact, Method},
};

rule! {
    /// A command was never answered, and the session went on.
    ///
    /// Each command gets one reply. A client that goes on without it has lost count, or has read a later reply as
    /// the answer to this command.
    ///
    /// ## What to do
    /// See whether the server swallowed the command, or the record left the reply out.
    ///
    /// ## Flags
    /// ```smtp
    ///   S: 220 mx.example.net ESMTP
    ///   C: EHLO client.example
    ///   S: 250-mx.example.net
    ///   S: 250 SIZE 10240000
    /// ! C: NOOP
    ///   C: QUIT
    ///   S: 221 2.0.0 Bye
    /// ```
    /// ## Accepts
    /// ```smtp
    ///   S: 220 mx.example.net ESMTP
    ///   C: EHLO client.example
    ///   S: 250-mx.example.net
    ///   S: 250 SIZE 10240000
    ///   C: NOOP
    ///   S: 250 2.0.0 Ok
    ///   C: QUIT
    ///   S: 221 2.0.0 Bye
    /// ```
    "reply-missing", Reply, Warning, Server,
    ["RFC 821 §4.3", "RFC 2821 §4.3.1", "RFC 5321 §4.3.1"], ALL_EDITIONS,
    check, wakes: Wakes::UNANSWERED
}

fn check(case: &Case<'_, '_>, findings: &mut Findings<'_, '_>) {
    if !case.is_sure() || case.session.transcript.method != Method::Marked {
        return;
    }
    // The recorder leaves replies out.
    if case.session.transcript.facts().any(|fact| *fact == Fact::RepliesHidden) {
        return;
    }
    // By the log's own numbers, lines are missing: the reply may have been one of them.
    if case.session.transcript.facts().any(|fact| matches!(fact, Fact::LinesMissing(_))) {
        return;
    }
    let exchanges = &case.session.exchanges;
    let Some(answered) = exchanges.iter().rposition(|exchange| exchange.reply.is_some()) else {
        return;
    };
    for exchange in exchanges.iter().take(answered) {
        let asked = matches!(exchange.kind, Kind::Command | Kind::Auth);
        if !asked || exchange.reply.is_some() || exchange.inferred || exchange.hidden {
            continue;
        }
        let Some(said) = &exchange.command else { continue };
        // What was sent before TLS began is to be forgotten (RFC 3207 §4.2).
        let forgotten = exchanges.iter().any(|other| {
            other.id().is_some_and(VerbId::starts_tls)
                && other.code() == 220
                && other.command.as_ref().is_some_and(|asked| asked.turns.start < said.turns.start)
                && other.reply.as_ref().is_some_and(|reply| reply.turns.start > said.turns.start)
        });
        if forgotten {
            continue;
        }
        let what = match exchange.kind {
            Kind::Auth => "a line of the AUTH dialogue".to_owned(),
            _ => quoted(said.parsed.name()),
        };
        findings
            .on_command(said, format!("{what} was never answered, yet the session went on"))
            .help("find out whether the server or the record swallowed the reply")
            .confidence(Confidence::Likely)
            .done();
    }
}
