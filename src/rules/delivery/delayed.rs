//! The server refused for now and gave no cause that is known.

use crate::rules::{
    Case, Findings, Wakes,
    delivery::{self, Cause},
    rule,
};

rule! {
    /// The server refused for now and gave no cause that is known.
    ///
    /// It may be greylisting, a limit or a fault: without a phrase that says so, nothing is proved. Clients
    /// try again by themselves, for days.
    ///
    /// ## What to do
    /// Leave the mail in the queue. If it is still there after an hour, read the text and ask the receiving
    /// side's postmaster.
    ///
    /// ## Flags
    /// ```smtp
    ///   S: 220 mx.example.net ESMTP
    ///   C: EHLO client.example
    ///   S: 250 mx.example.net
    ///   C: MAIL FROM:<a@client.example>
    ///   S: 250 2.1.0 Ok
    ///   C: RCPT TO:<b@example.net>
    /// ! S: 450 4.7.1 Try again later
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
    "delayed", Delivery, Warning, Client,
    ["RFC 5321 §4.2.1", "RFC 5321 §4.5.4.1"], ALL_EDITIONS,
    check, wakes: Wakes::REFUSAL
}

fn check(case: &Case<'_, '_>, findings: &mut Findings<'_, '_>) {
    delivery::raise(Cause::Delayed, case, findings);
}
