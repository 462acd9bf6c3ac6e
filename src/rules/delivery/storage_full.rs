//! The server has no room to store the message.

use crate::rules::{
    Case, Findings, Wakes,
    delivery::{self, Cause},
    rule,
};

rule! {
    /// The server has no room to store the message.
    ///
    /// Its disk is nearly full, or it is short of memory. The client tries again by itself.
    ///
    /// ## What to do
    /// Whoever runs the server frees space on the queue's disk.
    ///
    /// ## Flags
    /// ```smtp
    ///   S: 220 mx.example.net ESMTP
    ///   C: EHLO client.example
    ///   S: 250 mx.example.net
    ///   C: MAIL FROM:<a@client.example>
    /// ! S: 452 4.3.1 Insufficient system storage
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
    ///   S: 452 4.2.2 mailbox full
    ///   C: QUIT
    ///   S: 221 2.0.0 Bye
    /// ```
    "storage-full", Delivery, Warning, Server,
    ["RFC 5321 §4.2.3", "RFC 3463 §3.4"], ALL_EDITIONS,
    check, wakes: Wakes::REFUSAL
}

fn check(case: &Case<'_, '_>, findings: &mut Findings<'_, '_>) {
    delivery::raise(Cause::StorageFull, case, findings);
}
