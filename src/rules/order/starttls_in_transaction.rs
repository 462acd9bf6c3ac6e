//! STARTTLS comes before MAIL.

use super::evidence::{self, Cause};
use crate::rules::{Case, Findings, Wakes, rule};

rule! {
    /// STARTTLS was sent inside a transaction.
    ///
    /// After the handshake both sides forget what was said before, the transaction included; STARTTLS belongs
    /// right after EHLO.
    ///
    /// ## What to do
    /// Send STARTTLS before the first MAIL, or RSET first.
    ///
    /// ## Flags
    /// ```smtp
    ///   S: 220 mx.example.net ESMTP
    ///   C: EHLO client.example
    ///   S: 250-mx.example.net
    ///   S: 250 STARTTLS
    ///   C: MAIL FROM:<a@client.example>
    ///   S: 250 2.1.0 Ok
    /// ! C: STARTTLS
    ///   S: 503 5.5.1 not inside a transaction
    ///   C: QUIT
    ///   S: 221 2.0.0 Bye
    /// ```
    /// ## Accepts
    /// ```smtp
    ///   S: 220 mx.example.net ESMTP
    ///   C: EHLO client.example
    ///   S: 250-mx.example.net
    ///   S: 250 STARTTLS
    ///   C: MAIL FROM:<a@client.example>
    ///   S: 250 2.1.0 Ok
    ///   C: RSET
    ///   S: 250 2.0.0 Ok
    ///   C: STARTTLS
    ///   S: 220 2.0.0 Ready to start TLS
    ///   C: EHLO client.example
    ///   S: 250 mx.example.net
    ///   C: QUIT
    ///   S: 221 2.0.0 Bye
    /// ```
    "starttls-in-transaction", Order, Warning, Client,
    ["RFC 3207 §4"], ALL_EDITIONS,
    check, wakes: Wakes::BREACH
}

fn check(case: &Case<'_, '_>, findings: &mut Findings<'_, '_>) {
    for breach in
        evidence::breaches(case).filter(|breach| breach.cause == Cause::StarttlsInTransaction)
    {
        findings
            .on_exchange(breach.exchange, "STARTTLS was sent inside a transaction")
            .help("start TLS right after EHLO, before MAIL")
            .done();
    }
}
