//! One AUTH is enough.

use super::evidence::{self, Cause};
use crate::rules::{Case, Findings, Wakes, rule};

rule! {
    /// AUTH was sent although an AUTH had succeeded already.
    ///
    /// Once it has succeeded, the server must answer every further AUTH with 503. Another user needs another
    /// connection.
    ///
    /// ## What to do
    /// Send AUTH once. A client that sends it again has not read the 235, or was told to switch users.
    ///
    /// ## Flags
    /// ```smtp also=credentials-exposed,auth-offered-without-tls
    ///   S: 220 mx.example.net ESMTP
    ///   C: EHLO client.example
    ///   S: 250-mx.example.net
    ///   S: 250 AUTH EXTERNAL
    ///   C: AUTH EXTERNAL =
    ///   S: 235 2.7.0 Authentication successful
    /// ! C: AUTH EXTERNAL =
    ///   S: 503 5.5.1 already authenticated
    ///   C: QUIT
    ///   S: 221 2.0.0 Bye
    /// ```
    /// ## Accepts
    /// ```smtp also=credentials-exposed
    ///   S: 220 mx.example.net ESMTP
    ///   C: EHLO client.example
    ///   S: 250-mx.example.net
    ///   S: 250 AUTH EXTERNAL
    ///   C: AUTH EXTERNAL =
    ///   S: 535 5.7.8 authentication failed
    ///   C: AUTH EXTERNAL =
    ///   S: 235 2.7.0 Authentication successful
    ///   C: QUIT
    ///   S: 221 2.0.0 Bye
    /// ```
    "auth-repeated", Order, Warning, Client,
    ["RFC 4954 §4"], ALL_EDITIONS,
    check, wakes: Wakes::BREACH
}

fn check(case: &Case<'_, '_>, findings: &mut Findings<'_, '_>) {
    for breach in evidence::breaches(case).filter(|breach| breach.cause == Cause::AuthRepeated) {
        findings
            .on_exchange(breach.exchange, "AUTH was sent again although it had succeeded before")
            .help("send AUTH once; open another connection for another user")
            .done();
    }
}
