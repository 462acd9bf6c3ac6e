//! RCPT needs an accepted MAIL.

use super::evidence::{self, Cause};
use crate::{
    protocol::verbs::VerbId,
    rules::{Case, Confidence, Findings, Wakes, rule},
};

rule! {
    /// RCPT was sent although no MAIL had been accepted.
    ///
    /// A recipient belongs to a transaction, and MAIL opens it. Without one the server must answer 503. It also
    /// happens after a MAIL that was refused, when a client does not read the reply.
    ///
    /// ## What to do
    /// Send MAIL first and read its reply. If it was refused, mend what the reply says; more RCPTs will not help.
    ///
    /// ## Flags
    /// ```smtp
    ///   S: 220 mx.example.net ESMTP
    ///   C: EHLO client.example
    ///   S: 250-mx.example.net
    ///   S: 250 SIZE 10240000
    /// ! C: RCPT TO:<b@example.net>
    ///   S: 503 5.5.1 Error: need MAIL command
    ///   C: QUIT
    ///   S: 221 2.0.0 Bye
    /// ```
    /// ## Accepts
    /// A client that may send several commands at once does not know yet that the first one fails.
    /// ```smtp
    ///   S: 220 mx.example.net ESMTP
    ///   C: EHLO client.example
    ///   S: 250-mx.example.net
    ///   S: 250 PIPELINING
    ///   C: MAIL FROM:<a@client.invalid>
    ///   C: RCPT TO:<b@example.net>
    ///   S: 450 4.1.8 Sender address rejected: Domain not found
    ///   S: 503 5.5.1 Error: need MAIL command
    ///   C: QUIT
    ///   S: 221 2.0.0 Bye
    /// ```
    "rcpt-before-mail", Order, Warning, Client,
    ["RFC 821 §4.1.1", "RFC 2821 §3.3", "RFC 5321 §3.3"], ALL_EDITIONS,
    check, wakes: Wakes::BREACH.or(Wakes::NEGATIVE)
}

fn check(case: &Case<'_, '_>, findings: &mut Findings<'_, '_>) {
    for breach in evidence::breaches(case).filter(|breach| breach.cause == Cause::MailMissing) {
        let before = case.session.exchanges.iter().take(breach.place).rev();
        let refused = before
            .take_while(|exchange| !exchange.accepted())
            .any(|exchange| exchange.id().is_some_and(VerbId::opens_transaction));
        let message = if refused {
            "the client sent RCPT although its MAIL had been refused"
        } else {
            "the client sent RCPT before any MAIL"
        };
        let sure = if breach.was_accepted() { Confidence::Likely } else { Confidence::Certain };
        findings
            .on_exchange(breach.exchange, message)
            .help("send MAIL first, and RCPT only once it was accepted")
            .confidence(sure)
            .done();
    }
    for exchange in evidence::told(case, Cause::MailMissing) {
        findings
            .on_exchange(exchange, "the command came before any MAIL, as the server says")
            .help("send MAIL first, and go on only once it was accepted")
            .confidence(Confidence::Likely)
            .done();
    }
}
