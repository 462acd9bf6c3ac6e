//! The server ended the session after too many errors of the client.

use crate::rules::{
    Case, Findings, Wakes,
    delivery::{self, Cause},
    rule,
};

rule! {
    /// The server ended the session after too many errors of the client.
    ///
    /// It counts unknown commands, refused recipients and failed logins. The first of them is the cause;
    /// behind a firewall that masks commands all of them are consequences.
    ///
    /// ## What to do
    /// Look at the first error of the session. Clean lists that are full of dead addresses.
    ///
    /// ## Flags
    /// ```smtp also=mailbox-unknown
    ///   S: 220 mx.example.net ESMTP
    ///   C: EHLO client.example
    ///   S: 250 mx.example.net
    ///   C: MAIL FROM:<a@client.example>
    ///   S: 250 2.1.0 Ok
    ///   C: RCPT TO:<b@example.net>
    ///   S: 550 5.1.1 no such user here
    ///   C: RCPT TO:<c@example.net>
    /// ! S: 421 4.7.0 mx.example.net Error: too many errors
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
    "too-many-errors", Delivery, Error, Client,
    ["RFC 5321 §4.2.1", "RFC 5321 §4.3.2"], ALL_EDITIONS,
    check, wakes: Wakes::REFUSAL
}

fn check(case: &Case<'_, '_>, findings: &mut Findings<'_, '_>) {
    delivery::raise(Cause::TooManyErrors, case, findings);
}
