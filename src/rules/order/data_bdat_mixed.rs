//! A transaction uses DATA or BDAT, not both.

use super::evidence::{self, Cause};
use crate::{
    protocol::order::State,
    rules::{Case, Findings, Wakes, rule},
};

rule! {
    /// DATA was sent in a transaction that needs BDAT, or had begun with it.
    ///
    /// A message comes either as one DATA or as a row of BDAT chunks, and one declared as BINARYMIME only in
    /// chunks. The server must answer 503, and the transaction is lost until RSET.
    ///
    /// ## What to do
    /// Send RSET, and begin the transaction again with one of the two.
    ///
    /// ## Flags
    /// ```smtp
    ///   S: 220 mx.example.net ESMTP
    ///   C: EHLO client.example
    ///   S: 250-mx.example.net
    ///   S: 250 CHUNKING
    ///   C: MAIL FROM:<a@client.example>
    ///   S: 250 2.1.0 Ok
    ///   C: RCPT TO:<b@example.net>
    ///   S: 250 2.1.5 Ok
    ///   C: BDAT 6
    ///   C: hello
    ///   S: 250 2.0.0 6 octets received
    /// ! C: DATA
    ///   S: 503 5.5.1 DATA after BDAT
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
    "data-bdat-mixed", Order, Warning, Client,
    ["RFC 3030 §2", "RFC 3030 §3"], ALL_EDITIONS,
    check, wakes: Wakes::BREACH
}

fn check(case: &Case<'_, '_>, findings: &mut Findings<'_, '_>) {
    for breach in evidence::breaches(case).filter(|breach| breach.cause == Cause::DataBdatMixed) {
        let message = if breach.exchange.standing.state == State::Rcpt {
            "DATA was sent for a message declared as BODY=BINARYMIME"
        } else {
            "DATA was sent after BDAT in one transaction"
        };
        findings
            .on_exchange(breach.exchange, message)
            .help("send RSET and use BDAT for the whole message")
            .done();
    }
}
