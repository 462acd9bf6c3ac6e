//! The server does not trust the client's address or domain, for what came from it before.

use crate::rules::{
    Case, Findings, Wakes,
    delivery::{self, Cause},
    rule,
};

rule! {
    /// The server does not trust the client's address or domain, for what came from it before.
    ///
    /// Large receivers and gateways score senders by spam, complaints and dead addresses. There is no list
    /// to be taken off; the score recovers with time.
    ///
    /// ## What to do
    /// End what harms the reputation, send less, prove the origin with SPF, DKIM and DMARC, and use the
    /// provider's tools for senders.
    ///
    /// ## Flags
    /// ```smtp also=greeting-refused
    /// ! S: 554-mx.example.net
    ///   S: 554 Your access to this mail system has been rejected due to the sending MTA's poor reputation.
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
    ///   S: 550 5.1.1 no such user here
    ///   C: QUIT
    ///   S: 221 2.0.0 Bye
    /// ```
    "reputation-poor", Delivery, Error, Client,
    ["RFC 5321 §7.9", "RFC 3463 §3.8"], ALL_EDITIONS,
    check, wakes: Wakes::REFUSAL
}

fn check(case: &Case<'_, '_>, findings: &mut Findings<'_, '_>) {
    delivery::raise(Cause::ReputationPoor, case, findings);
}
