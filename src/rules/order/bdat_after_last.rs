//! No chunk follows the last one.

use super::evidence::{self, Cause};
use crate::rules::{Case, Findings, Wakes, rule};

rule! {
    /// A BDAT followed BDAT LAST without a new transaction.
    ///
    /// LAST ends the message; the server must answer a further chunk with 503.
    ///
    /// ## What to do
    /// Set LAST on the final chunk only, and open a new transaction with MAIL for the next message.
    ///
    /// ## Flags
    /// ```smtp also=header-missing
    ///   S: 220 mx.example.net ESMTP
    ///   C: EHLO client.example
    ///   S: 250-mx.example.net
    ///   S: 250 CHUNKING
    ///   C: MAIL FROM:<a@client.example>
    ///   S: 250 2.1.0 Ok
    ///   C: RCPT TO:<b@example.net>
    ///   S: 250 2.1.5 Ok
    ///   C: BDAT 7 LAST
    ///   C: hello
    ///   S: 250 2.0.0 Ok: queued as 12345
    /// ! C: BDAT 7
    ///   C: world
    ///   S: 503 5.5.1 BDAT after BDAT LAST
    ///   C: QUIT
    ///   S: 221 2.0.0 Bye
    /// ```
    /// ## Accepts
    /// ```smtp
    ///   S: 220 mx.example.net ESMTP
    ///   C: EHLO client.example
    ///   S: 250-mx.example.net
    ///   S: 250 CHUNKING
    ///   C: MAIL FROM:<a@client.example>
    ///   S: 250 2.1.0 Ok
    ///   C: RCPT TO:<b@example.net>
    ///   S: 250 2.1.5 Ok
    ///   C: BDAT 7
    ///   C: hello
    ///   S: 250 2.0.0 7 octets received
    ///   C: BDAT 0 LAST
    ///   S: 250 2.0.0 Ok: queued as 12345
    ///   C: QUIT
    ///   S: 221 2.0.0 Bye
    /// ```
    "bdat-after-last", Order, Warning, Client,
    ["RFC 3030 §2"], ALL_EDITIONS,
    check, wakes: Wakes::BREACH
}

fn check(case: &Case<'_, '_>, findings: &mut Findings<'_, '_>) {
    for breach in evidence::breaches(case).filter(|breach| breach.cause == Cause::BdatAfterLast) {
        let Some(said) = &breach.exchange.command else { continue };
        findings
            .on(said.parsed.line, "BDAT was sent after BDAT LAST had ended the message")
            .help("set LAST on the final chunk only; begin the next message with MAIL")
            .done();
    }
}
