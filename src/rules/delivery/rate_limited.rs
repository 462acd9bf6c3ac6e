//! The client sends more than the server takes from it in this time.

use crate::rules::{
    Case, Findings, Wakes,
    delivery::{self, Cause},
    rule,
};

rule! {
    /// The client sends more than the server takes from it in this time.
    ///
    /// Limits are by address, account, domain or recipient, and depend on reputation. New addresses have
    /// low ones.
    ///
    /// ## What to do
    /// Send more slowly, spread mail over time, and warm a new address up. If nobody meant to send that
    /// much, look for a compromised account.
    ///
    /// ## Flags
    /// ```smtp
    ///   S: 220 mx.example.net ESMTP
    ///   C: EHLO client.example
    ///   S: 250 mx.example.net
    ///   C: MAIL FROM:<a@client.example>
    /// ! S: 450 4.7.1 Error: too much mail from 192.0.2.1
    ///   C: QUIT
    ///   S: 221 2.0.0 Bye
    /// ```
    /// ## Accepts
    /// ```smtp
    ///   S: 220 mx.example.net ESMTP
    ///   C: EHLO client.example
    ///   S: 250 mx.example.net
    ///   C: MAIL FROM:<a@client.example>
    ///   S: 250 2.1.0 Ok
    ///   C: RCPT TO:<b@example.net>
    ///   S: 450 4.2.0 Greylisted
    ///   C: QUIT
    ///   S: 221 2.0.0 Bye
    /// ```
    "rate-limited", Delivery, Warning, Client,
    ["RFC 5321 §4.2.1", "RFC 3463 §3.8"], ALL_EDITIONS,
    check, wakes: Wakes::REFUSAL
}

fn check(case: &Case<'_, '_>, findings: &mut Findings<'_, '_>) {
    delivery::raise(Cause::RateLimited, case, findings);
}
