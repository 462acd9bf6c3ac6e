//! No STARTTLS inside TLS.

use super::evidence::{self, Cause};
use crate::rules::{Case, Findings, Wakes, rule};

rule! {
    /// STARTTLS was sent although TLS was active already.
    ///
    /// TLS cannot be started inside TLS. A server must not offer it there; one that is asked answers 503 or 554.
    ///
    /// ## What to do
    /// Send STARTTLS once, and not at all on a port that begins with TLS, such as 465.
    ///
    /// ## Flags
    /// ```smtp
    ///   S: 220 mx.example.net ESMTP
    ///   C: EHLO client.example
    ///   S: 250-mx.example.net
    ///   S: 250 STARTTLS
    ///   C: STARTTLS
    ///   S: 220 2.0.0 Ready to start TLS
    ///   C: EHLO client.example
    ///   S: 250 mx.example.net
    /// ! C: STARTTLS
    ///   S: 554 5.5.1 Error: TLS already active
    ///   C: QUIT
    ///   S: 221 2.0.0 Bye
    /// ```
    /// ## Accepts
    /// ```smtp
    ///   S: 220 mx.example.net ESMTP
    ///   C: EHLO client.example
    ///   S: 250-mx.example.net
    ///   S: 250 STARTTLS
    ///   C: STARTTLS
    ///   S: 454 4.7.0 TLS not available due to local problem
    ///   C: STARTTLS
    ///   S: 220 2.0.0 Ready to start TLS
    ///   C: EHLO client.example
    ///   S: 250 mx.example.net
    ///   C: QUIT
    ///   S: 221 2.0.0 Bye
    /// ```
    "starttls-repeated", Order, Warning, Client,
    ["RFC 3207 §4.2"], ALL_EDITIONS,
    check, wakes: Wakes::BREACH
}

fn check(case: &Case<'_, '_>, findings: &mut Findings<'_, '_>) {
    for breach in evidence::breaches(case).filter(|breach| breach.cause == Cause::StarttlsRepeated)
    {
        findings
            .on_exchange(breach.exchange, "STARTTLS was sent inside TLS")
            .help("send STARTTLS once, and not on a connection that began with TLS")
            .done();
    }
}
