//! DATA or BDAT needs an accepted recipient.

use super::evidence::{self, Cause};
use crate::rules::{Case, Confidence, Findings, Wakes, rule};

rule! {
    /// DATA or BDAT was sent although no recipient had been accepted.
    ///
    /// There is nobody to deliver to. The server may answer 503 or 554; one that answers 354 must refuse
    /// the message at its end.
    ///
    /// ## What to do
    /// Send RCPT first, and read its reply: if every RCPT was refused, send RSET or QUIT, not DATA.
    ///
    /// ## Flags
    /// ```smtp
    ///   S: 220 mx.example.net ESMTP
    ///   C: EHLO client.example
    ///   S: 250-mx.example.net
    ///   S: 250 SIZE 10240000
    ///   C: MAIL FROM:<a@client.example>
    ///   S: 250 2.1.0 Ok
    /// ! C: DATA
    ///   S: 503 5.5.1 need RCPT first
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
    ///   C: RCPT TO:<b@example.net>
    ///   S: 250 2.1.5 Ok
    ///   C: DATA
    ///   S: 354 go ahead
    ///   C: From: a@client.example
    ///   C: Date: Mon, 1 Jan 2024 12:00:00 +0000
    ///   C: Subject: test
    ///   C:
    ///   C: hello
    ///   C: .
    ///   S: 250 2.0.0 Ok: queued as 12345
    ///   C: QUIT
    ///   S: 221 2.0.0 Bye
    /// ```
    "data-before-rcpt", Order, Warning, Client,
    ["RFC 821 §4.1.1", "RFC 2821 §3.3", "RFC 5321 §3.3"], ALL_EDITIONS,
    check, wakes: Wakes::BREACH.or(Wakes::NEGATIVE)
}

fn check(case: &Case<'_, '_>, findings: &mut Findings<'_, '_>) {
    for breach in evidence::breaches(case).filter(|breach| breach.cause == Cause::RecipientMissing)
    {
        let message = if breach.exchange.standing.refused_recipients > 0 {
            "every recipient had been refused when the client sent DATA"
        } else {
            "the client sent DATA before any recipient"
        };
        findings
            .on_exchange(breach.exchange, message)
            .help("send RCPT first, and DATA only where at least one recipient was accepted")
            .done();
    }
    for exchange in evidence::told(case, Cause::RecipientMissing) {
        findings
            .on_exchange(exchange, "the client sent DATA before any recipient, as the server says")
            .help("send RCPT first, and DATA only where at least one recipient was accepted")
            .confidence(Confidence::Likely)
            .done();
    }
}
