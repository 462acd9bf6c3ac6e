//! The server puts off a sender, recipient and address that it sees together for the first time.

use crate::rules::{
    Case, Findings, Wakes,
    delivery::{self, Cause},
    rule,
};

rule! {
    /// The server puts off a sender, recipient and address that it sees together for the first time.
    ///
    /// A mail server tries again after some minutes and gets through; most spam programs do not. This is no
    /// fault of anybody. A 4xx with `try again later` alone is no proof of greylisting.
    ///
    /// ## What to do
    /// Wait: leave the mail in the queue, and try again from the same address. A person who tests by hand
    /// comes back after five minutes or more.
    ///
    /// ## Flags
    /// ```smtp
    ///   S: 220 mx.example.net ESMTP
    ///   C: EHLO client.example
    ///   S: 250 mx.example.net
    ///   C: MAIL FROM:<a@client.example>
    ///   S: 250 2.1.0 Ok
    ///   C: RCPT TO:<b@example.net>
    /// ! S: 450 4.2.0 <b@example.net>: Recipient address rejected: Greylisted, see http://postgrey.schweikert.ch/help/example.net.html
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
    ///   S: 450 4.2.0 try again later
    ///   C: QUIT
    ///   S: 221 2.0.0 Bye
    /// ```
    "greylisted", Delivery, Warning, Client,
    ["RFC 6647 §2", "RFC 5321 §4.5.4.1"], ALL_EDITIONS,
    check, wakes: Wakes::REFUSAL
}

fn check(case: &Case<'_, '_>, findings: &mut Findings<'_, '_>) {
    delivery::raise(Cause::Greylisted, case, findings);
}
