//! A server refuses what comes out of order.

use super::evidence::{self, Cause};
use crate::{
    protocol::{
        order::{Force, State},
        verbs::VerbId,
    },
    rules::{Case, Confidence, Findings, Wakes, quoted, rule},
};

rule! {
    /// The server accepted a command that the order of SMTP forbids.
    ///
    /// A command out of order gets 503. A server that takes it leaves the client, and whoever reads the log, in
    /// doubt about what is in force.
    ///
    /// ## What to do
    /// Find out whether the server is meant to be lenient. The client should mend its order in any case.
    ///
    /// ## Flags
    /// ```smtp also=hello-missing
    ///   S: 220 mx.example.net ESMTP
    /// ! C: MAIL FROM:<a@client.example>
    ///   S: 250 2.1.0 Ok
    ///   C: QUIT
    ///   S: 221 2.0.0 Bye
    /// ```
    /// ## Accepts
    /// ```smtp
    ///   S: 220 mx.example.net ESMTP
    ///   C: EHLO client.example
    ///   S: 250-mx.example.net
    ///   S: 250 SIZE 10240000
    ///   C: MAIL FROM:<a@client.example>
    ///   S: 250 2.1.0 Ok
    ///   C: QUIT
    ///   S: 221 2.0.0 Bye
    /// ```
    /// Who says goodbye to a server that has sent it away, and is answered, is in doubt of nothing:
    /// ```smtp also=greeting-refused,service-unavailable
    ///   S: 421 4.3.2 Service shutting down, closing connection
    ///   C: QUIT
    ///   S: 221 2.0.0 Bye
    /// ```
    "out-of-order-accepted", Order, Warning, Server,
    ["RFC 821 §4.1.1", "RFC 2821 §4.1.4", "RFC 5321 §4.1.4", "RFC 4954 §4"], ALL_EDITIONS,
    check, wakes: Wakes::BREACH
}

fn check(case: &Case<'_, '_>, findings: &mut Findings<'_, '_>) {
    for breach in evidence::breaches(case) {
        let asked = matches!(breach.force, None | Some(Force::Must | Force::Should));
        if !asked || !breach.was_accepted() || breach.cause == Cause::AfterQuit {
            continue;
        }
        // A goodbye leaves nobody in doubt, not even behind a 421.
        if breach.exchange.is(VerbId::Quit) {
            continue;
        }
        // The refusal of a last chunk ends the transaction for nearly every server, whatever RFC 3030 §2 asks of
        // the client.
        let ended = breach.exchange.standing.bdat_ended && breach.exchange.is(VerbId::Mail);
        if ended && breach.exchange.standing.state == State::BdatFailed {
            continue;
        }
        let (Some(said), Some(reply)) = (&breach.exchange.command, &breach.exchange.reply) else {
            continue;
        };
        let verb = quoted(said.parsed.name());
        findings
            .on(
                said.parsed.line,
                format!("the server answered {} to {verb}, which was out of order", reply.code),
            )
            .help(match breach.expected {
                [] => format!("the server has to refuse it here ({})", breach.clause),
                [code, ..] => format!("the server should answer {code} ({})", breach.clause),
            })
            .confidence(Confidence::Likely)
            .done();
    }
}
