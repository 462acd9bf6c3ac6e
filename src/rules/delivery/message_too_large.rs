//! The message is larger than the server, or the recipient's mailbox, takes.

use crate::rules::{
    Case, Findings, Wakes,
    delivery::{self, Cause},
    rule,
};

rule! {
    /// The message is larger than the server, or the recipient's mailbox, takes.
    ///
    /// EHLO offers the limit as SIZE; base64 makes attachments a third larger. Some limits are about the
    /// header section or the number of attachments.
    ///
    /// ## What to do
    /// Make the message smaller or send a link. A client that gives `SIZE=` in MAIL learns it before it
    /// sends.
    ///
    /// ## Flags
    /// ```smtp also=reply-code-unexpected
    ///   S: 220 mx.example.net ESMTP
    ///   C: EHLO client.example
    ///   S: 250 mx.example.net
    ///   C: MAIL FROM:<a@client.example>
    ///   S: 250 2.1.0 Ok
    ///   C: RCPT TO:<b@example.net>
    ///   S: 250 2.1.5 Ok
    ///   C: DATA
    ///   S: 354 go ahead
    ///   C: From: a@client.example
    ///   C: Date: Mon, 23 Nov 2026 10:00:00 +0000
    ///   C: Subject: test
    ///   C:
    ///   C: hello
    ///   C: .
    /// ! S: 552 5.3.4 Message size exceeds fixed limit
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
    ///   S: 552 5.2.2 mailbox full
    ///   C: QUIT
    ///   S: 221 2.0.0 Bye
    /// ```
    "message-too-large", Delivery, Error, Client,
    ["RFC 1870 §6", "RFC 5321 §4.5.3.1.9", "RFC 3463 §3.4"], ALL_EDITIONS,
    check, wakes: Wakes::REFUSAL
}

fn check(case: &Case<'_, '_>, findings: &mut Findings<'_, '_>) {
    delivery::raise(Cause::MessageTooLarge, case, findings);
}
