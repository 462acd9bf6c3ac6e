//! The server knows no mailbox of the recipient's name.

use crate::rules::{
    Case, Findings, Wakes,
    delivery::{self, Cause},
    rule,
};

rule! {
    /// The server knows no mailbox of the recipient's name.
    ///
    /// The address is misspelt, or whoever had it has gone. Servers behind a gateway may say so only after
    /// the message; some call it `mailbox unavailable`, Exchange Online calls it `Access denied` with
    /// 5.4.1.
    ///
    /// ## What to do
    /// Correct the address, or take it off the list: whoever goes on sending to dead addresses loses
    /// reputation. If the mailbox does exist, the receiving side looks at the directory that its server
    /// asks.
    ///
    /// ## Flags
    /// ```smtp
    ///   S: 220 mx.example.net ESMTP
    ///   C: EHLO client.example
    ///   S: 250 mx.example.net
    ///   C: MAIL FROM:<a@client.example>
    ///   S: 250 2.1.0 Ok
    ///   C: RCPT TO:<b@example.net>
    /// ! S: 550 5.1.1 <b@example.net>: Recipient address rejected: User unknown in local recipient table
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
    ///   S: 550 5.2.1 The mailbox is disabled
    ///   C: QUIT
    ///   S: 221 2.0.0 Bye
    /// ```
    "mailbox-unknown", Delivery, Error, Client,
    ["RFC 5321 §4.2.3", "RFC 3463 §3.2", "RFC 2821 §4.2.3", "RFC 821 §4.2.1"], ALL_EDITIONS,
    check, wakes: Wakes::REFUSAL
}

fn check(case: &Case<'_, '_>, findings: &mut Findings<'_, '_>) {
    delivery::raise(Cause::MailboxUnknown, case, findings);
}
