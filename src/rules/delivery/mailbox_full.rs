//! The recipient's mailbox has no room left.

use crate::rules::{
    Case, Findings, Wakes,
    delivery::{self, Cause},
    rule,
};

rule! {
    /// The recipient's mailbox has no room left.
    ///
    /// With 452 the client tries again for some days; with 552 it gives up at once. Mailboxes that stay
    /// full are mostly abandoned.
    ///
    /// ## What to do
    /// The recipient deletes mail or gets more room. The sender tells them by other means, and stops if it
    /// lasts.
    ///
    /// ## Flags
    /// ```smtp
    ///   S: 220 mx.example.net ESMTP
    ///   C: EHLO client.example
    ///   S: 250 mx.example.net
    ///   C: MAIL FROM:<a@client.example>
    ///   S: 250 2.1.0 Ok
    ///   C: RCPT TO:<b@example.net>
    /// ! S: 452 4.2.2 <b@example.net>: mailbox is full
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
    ///   S: 452 4.3.1 Insufficient system storage
    ///   C: QUIT
    ///   S: 221 2.0.0 Bye
    /// ```
    "mailbox-full", Delivery, Error, Server,
    ["RFC 3463 §3.3", "RFC 5321 §4.2.3"], ALL_EDITIONS,
    check, wakes: Wakes::REFUSAL
}

fn check(case: &Case<'_, '_>, findings: &mut Findings<'_, '_>) {
    delivery::raise(Cause::MailboxFull, case, findings);
}
