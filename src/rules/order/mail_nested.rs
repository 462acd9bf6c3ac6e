//! No MAIL inside a transaction.

use super::evidence::{self, Cause};
use crate::rules::{Case, Findings, Wakes, rule};

rule! {
    /// MAIL was sent while a transaction was open.
    ///
    /// Each transaction begins with one MAIL and ends with its message, RSET, or a new EHLO. The server should
    /// answer 503; the first sender stays. RFC 821 had the second MAIL begin anew.
    ///
    /// ## What to do
    /// Send RSET before another MAIL, or finish the transaction that is open.
    ///
    /// ## Flags
    /// ```smtp
    ///   S: 220 mx.example.net ESMTP
    ///   C: EHLO client.example
    ///   S: 250-mx.example.net
    ///   S: 250 SIZE 10240000
    ///   C: MAIL FROM:<a@client.example>
    ///   S: 250 2.1.0 Ok
    /// ! C: MAIL FROM:<c@client.example>
    ///   S: 503 5.5.1 Error: nested MAIL command
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
    ///   C: RSET
    ///   S: 250 2.0.0 Ok
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
    "mail-nested", Order, Warning, Client,
    ["RFC 2821 §4.1.4", "RFC 5321 §4.1.4"], SINCE_2821,
    check, wakes: Wakes::BREACH
}

fn check(case: &Case<'_, '_>, findings: &mut Findings<'_, '_>) {
    for breach in evidence::breaches(case).filter(|breach| breach.cause == Cause::MailNested) {
        findings
            .on_exchange(breach.exchange, "MAIL was sent while a transaction was open")
            .help("send RSET first, or finish the transaction that is open")
            .done();
    }
}
