//! Nothing follows QUIT.

use super::evidence::{self, Cause};
use crate::{
    rules::{Case, Findings, Wakes, quoted, rule},
    transcript::Method,
};

rule! {
    /// The client went on after QUIT, or after the server had said 221.
    ///
    /// The session is over: what follows is lost, or answered by nobody. A client that sends QUIT in the middle of
    /// its commands has usually lost count of the replies.
    ///
    /// ## What to do
    /// Open a new connection for what is still to be said.
    ///
    /// ## Flags
    /// ```smtp
    ///   S: 220 mx.example.net ESMTP
    ///   C: EHLO client.example
    ///   S: 250-mx.example.net
    ///   S: 250 SIZE 10240000
    ///   C: QUIT
    ///   S: 221 2.0.0 Bye
    /// ! C: MAIL FROM:<a@client.example>
    /// ```
    /// ## Accepts
    /// ```smtp
    ///   S: 220 mx.example.net ESMTP
    ///   C: EHLO client.example
    ///   S: 250-mx.example.net
    ///   S: 250 SIZE 10240000
    ///   C: QUIT
    ///   S: 221 2.0.0 Bye
    /// ```
    "command-after-quit", Order, Warning, Client,
    ["RFC 821 §4.1.1", "RFC 2821 §4.1.1.10", "RFC 5321 §4.1.1.10"], ALL_EDITIONS,
    check, wakes: Wakes::BREACH
}

fn check(case: &Case<'_, '_>, findings: &mut Findings<'_, '_>) {
    let marked = case.session.transcript.method == Method::Marked;
    for breach in evidence::breaches(case).filter(|breach| breach.cause == Cause::AfterQuit) {
        // Without marks, an unanswered line after the end may be anybody's.
        if !marked && breach.exchange.reply.is_none() {
            continue;
        }
        let Some(said) = &breach.exchange.command else { continue };
        let verb = quoted(said.parsed.name());
        findings
            .on_command(said, format!("{verb} was sent after the session had ended"))
            .help("open a new connection for further commands")
            .done();
    }
}
