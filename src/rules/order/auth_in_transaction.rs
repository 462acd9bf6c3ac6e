//! AUTH comes before MAIL.

use super::evidence::{self, Cause};
use crate::rules::{Case, Findings, Wakes, rule};

rule! {
    /// AUTH was sent between MAIL and the end of the message.
    ///
    /// A transaction belongs to whoever opened it, so the user cannot change inside it: the server must answer 503.
    ///
    /// ## What to do
    /// Send AUTH right after EHLO (and STARTTLS), before the first MAIL; or RSET first.
    ///
    /// ## Flags
    /// ```smtp also=auth-offered-without-tls,credentials-exposed
    ///   S: 220 mx.example.net ESMTP
    ///   C: EHLO client.example
    ///   S: 250-mx.example.net
    ///   S: 250 AUTH CRAM-MD5
    ///   C: MAIL FROM:<a@client.example>
    ///   S: 250 2.1.0 Ok
    /// ! C: AUTH CRAM-MD5
    ///   S: 503 5.5.1 MAIL transaction in progress
    ///   C: QUIT
    ///   S: 221 2.0.0 Bye
    /// ```
    /// ## Accepts
    /// ```smtp
    ///   S: 220 mx.example.net ESMTP
    ///   C: EHLO client.example
    ///   S: 250-mx.example.net
    ///   S: 250 AUTH CRAM-MD5
    ///   C: MAIL FROM:<a@client.example>
    ///   S: 250 2.1.0 Ok
    ///   C: RSET
    ///   S: 250 2.0.0 Ok
    ///   C: AUTH CRAM-MD5
    ///   S: 454 4.7.0 Temporary authentication failure
    ///   C: QUIT
    ///   S: 221 2.0.0 Bye
    /// ```
    "auth-in-transaction", Order, Warning, Client,
    ["RFC 4954 §4"], ALL_EDITIONS,
    check, wakes: Wakes::BREACH
}

fn check(case: &Case<'_, '_>, findings: &mut Findings<'_, '_>) {
    for breach in evidence::breaches(case).filter(|breach| breach.cause == Cause::AuthInTransaction)
    {
        findings
            .on_exchange(breach.exchange, "AUTH was sent inside a transaction")
            .help("authenticate before MAIL; send RSET if a transaction is open")
            .done();
    }
}
