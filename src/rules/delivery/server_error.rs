//! Something failed inside the server.

use crate::rules::{
    Case, Findings, Wakes,
    delivery::{self, Cause},
    rule,
};

rule! {
    /// Something failed inside the server.
    ///
    /// A table, a filter, a disk, the configuration: its log tells which. It is not the sender's fault, and
    /// mostly passes.
    ///
    /// ## What to do
    /// Leave the mail in the queue. If it goes on, tell the receiving side's postmaster.
    ///
    /// ## Flags
    /// ```smtp
    ///   S: 220 mx.example.net ESMTP
    ///   C: EHLO client.example
    ///   S: 250 mx.example.net
    ///   C: MAIL FROM:<a@client.example>
    ///   S: 250 2.1.0 Ok
    ///   C: RCPT TO:<b@example.net>
    /// ! S: 451 4.3.0 <b@example.net>: Temporary lookup failure
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
    "server-error", Delivery, Warning, Server,
    ["RFC 5321 §4.2.3", "RFC 3463 §3.4"], ALL_EDITIONS,
    check, wakes: Wakes::REFUSAL
}

fn check(case: &Case<'_, '_>, findings: &mut Findings<'_, '_>) {
    delivery::raise(Cause::ServerError, case, findings);
}
