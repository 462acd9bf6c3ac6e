//! The server does not take the content of the message.

use crate::rules::{
    Case, Findings, Wakes,
    delivery::{self, Cause},
    rule,
};

rule! {
    /// The server does not take the content of the message.
    ///
    /// A kind of attachment, a header field that is missing or malformed, lines that end with a bare line
    /// feed, a link.
    ///
    /// ## What to do
    /// Remove or mend what the reply names.
    ///
    /// ## Flags
    /// ```smtp
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
    /// ! S: 554 5.6.0 Message content rejected: banned attachment type .exe
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
    ///   S: 250 2.1.5 Ok
    ///   C: DATA
    ///   S: 354 go ahead
    ///   C: From: a@client.example
    ///   C: Date: Mon, 23 Nov 2026 10:00:00 +0000
    ///   C: Subject: test
    ///   C:
    ///   C: hello
    ///   C: .
    ///   S: 554 5.7.1 Spam message rejected
    ///   C: QUIT
    ///   S: 221 2.0.0 Bye
    /// ```
    "content-rejected", Delivery, Error, Client,
    ["RFC 5321 §7.9", "RFC 3463 §3.7"], ALL_EDITIONS,
    check, wakes: Wakes::REFUSAL
}

fn check(case: &Case<'_, '_>, findings: &mut Findings<'_, '_>) {
    delivery::raise(Cause::ContentRejected, case, findings);
}
