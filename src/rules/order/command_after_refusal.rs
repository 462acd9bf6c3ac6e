//! Only QUIT follows a refused greeting, nothing follows 421.

use super::evidence::{self, Cause};
use crate::{
    protocol::{order::State, verbs::VerbId},
    rules::{Case, Findings, Wakes, quoted, rule},
    session::Kind,
    transcript::Method,
};

rule! {
    /// The client went on after the greeting had refused the session, or after 421.
    ///
    /// After a 554 greeting the server waits for QUIT and answers everything else with 503. After 421 it closes the
    /// connection: what is sent then is lost.
    ///
    /// ## What to do
    /// Send QUIT and read the text of the refusal. After 4xx try again later, after 5xx not at all.
    ///
    /// ## Flags
    /// ```smtp also=greeting-refused
    ///   S: 554 mx.example.net no mail service here
    /// ! C: EHLO client.example
    ///   S: 503 5.5.1 bad sequence of commands
    ///   C: QUIT
    ///   S: 221 2.0.0 Bye
    /// ```
    /// ## Accepts
    /// ```smtp also=greeting-refused
    ///   S: 554 mx.example.net no mail service here
    ///   C: QUIT
    ///   S: 221 2.0.0 Bye
    /// ```
    /// ```smtp also=service-unavailable
    ///   S: 220 mx.example.net ESMTP
    ///   C: EHLO client.example
    ///   S: 250 mx.example.net
    ///   C: MAIL FROM:<a@client.example>
    ///   S: 421 4.3.2 Service shutting down, closing connection
    ///   C: QUIT
    /// ```
    "command-after-refusal", Order, Warning, Client,
    ["RFC 2821 §3.1", "RFC 5321 §3.1", "RFC 5321 §3.8", "RFC 7504 §3"], SINCE_2821,
    check, wakes: Wakes::BREACH
}

fn check(case: &Case<'_, '_>, findings: &mut Findings<'_, '_>) {
    let marked = case.session.transcript.method == Method::Marked;
    let greeting = case.session.greeting().map_or(0, |reply| reply.turns.start);
    for breach in evidence::breaches(case).filter(|breach| breach.cause == Cause::AfterRefusal) {
        let Some(said) = &breach.exchange.command else { continue };
        // What was sent before the refusal was seen cannot heed it.
        if said.turns.start < greeting || breach.exchange.pipelined {
            continue;
        }
        let dismissed = breach.exchange.standing.state == State::Closing;
        // Whoever says goodbye to a server that leaves does no harm, and does as RFC 5321 §4.1.1.10 asks.
        if dismissed && breach.exchange.is(VerbId::Quit) {
            continue;
        }
        let unasked = case
            .session
            .exchanges
            .iter()
            .take(breach.place)
            .any(|exchange| exchange.kind == Kind::Unsolicited && exchange.code() == 421);
        if dismissed && (unasked || (!marked && breach.exchange.reply.is_none())) {
            continue;
        }
        let verb = quoted(said.parsed.name());
        let (message, help) = if dismissed {
            (
                format!("{verb} was sent after the server had said 421"),
                "close the connection, and try again later",
            )
        } else {
            (
                format!("{verb} was sent although the greeting had refused the session"),
                "send QUIT and heed what the refusal says",
            )
        };
        findings.on_command(said, message).help(help).done();
    }
}
