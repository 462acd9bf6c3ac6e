//! The client's address has no PTR record, or one whose name does not resolve back to the address.

use crate::rules::{
    Case, Findings, Wakes,
    delivery::{self, Cause},
    rule,
};

rule! {
    /// The client's address has no PTR record, or one whose name does not resolve back to the address.
    ///
    /// Servers take an address without a name for one that should not send mail. Over IPv6 nearly all large
    /// receivers do.
    ///
    /// ## What to do
    /// Give the address a PTR record, and its name an address record with the same address. The provider of
    /// the address does the former.
    ///
    /// ## Flags
    /// ```smtp
    ///   S: 220 mx.example.net ESMTP
    ///   C: EHLO client.example
    ///   S: 250 mx.example.net
    ///   C: MAIL FROM:<a@client.example>
    ///   S: 250 2.1.0 Ok
    ///   C: RCPT TO:<b@example.net>
    /// ! S: 550 5.7.25 Client host rejected: cannot find your reverse hostname, [192.0.2.1]
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
    "reverse-dns-missing", Delivery, Error, Client,
    ["RFC 7372 §3.3", "RFC 1912 §2.1"], ALL_EDITIONS,
    check, wakes: Wakes::REFUSAL
}

fn check(case: &Case<'_, '_>, findings: &mut Findings<'_, '_>) {
    delivery::raise(Cause::ReverseDnsMissing, case, findings);
}
