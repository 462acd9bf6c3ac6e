//! SPF does not let this client send for the sender's domain.

use crate::rules::{
    Case, Findings, Wakes,
    delivery::{self, Cause},
    rule,
};

rule! {
    /// SPF does not let this client send for the sender's domain.
    ///
    /// The domain publishes which hosts send its mail, and the client is none of them, or nothing proves
    /// the mail's origin at all. Forwarding breaks SPF.
    ///
    /// ## What to do
    /// Add the client's address to the SPF record, or send through a host that the record names. Let
    /// forwarders rewrite the sender (SRS), and sign with DKIM.
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
    /// ! S: 550 5.7.23 The message was rejected because of Sender Policy Framework violation
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
    ///   S: 550 5.7.1 not accepted due to the domain's DMARC policy
    ///   C: QUIT
    ///   S: 221 2.0.0 Bye
    /// ```
    "spf-failed", Delivery, Error, Client,
    ["RFC 7208 §8.4", "RFC 7372 §3.2"], ALL_EDITIONS,
    check, wakes: Wakes::REFUSAL
}

fn check(case: &Case<'_, '_>, findings: &mut Findings<'_, '_>) {
    delivery::raise(Cause::SpfFailed, case, findings);
}
