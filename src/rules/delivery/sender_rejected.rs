//! The server does not take mail from the sender's address.

use crate::rules::{
    Case, Findings, Wakes,
    delivery::{self, Cause},
    rule,
};

rule! {
    /// The server does not take mail from the sender's address.
    ///
    /// The sender's domain does not exist or takes no bounces, the account that logged in may not use the
    /// address, or the receiving side has blocked it.
    ///
    /// ## What to do
    /// Send from an address that exists, in a domain with an MX record, that belongs to whoever logs in.
    ///
    /// ## Flags
    /// ```smtp
    ///   S: 220 mx.example.net ESMTP
    ///   C: EHLO client.example
    ///   S: 250 mx.example.net
    ///   C: MAIL FROM:<a@client.example>
    /// ! S: 550 5.1.8 <a@client.example>: Sender address rejected: Domain not found
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
    "sender-rejected", Delivery, Error, Client,
    ["RFC 5321 §4.2.3", "RFC 3463 §3.2", "RFC 5321 §3.3"], ALL_EDITIONS,
    check, wakes: Wakes::REFUSAL
}

fn check(case: &Case<'_, '_>, findings: &mut Findings<'_, '_>) {
    delivery::raise(Cause::SenderRejected, case, findings);
}
