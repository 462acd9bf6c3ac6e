//! The message fails the DMARC policy of its From domain.

use crate::rules::{
    Case, Findings, Wakes,
    delivery::{self, Cause},
    rule,
};

rule! {
    /// The message fails the DMARC policy of its From domain.
    ///
    /// The domain asks receivers to refuse what neither SPF nor DKIM proves for the From domain itself.
    /// Mail that is forwarded or sent through a third party fails easily.
    ///
    /// ## What to do
    /// Let the third party sign with DKIM for the From domain, or send from a domain of its own. Mailing
    /// lists rewrite From.
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
    /// ! S: 550 5.7.1 Unauthenticated email from client.example is not accepted due to the domain's DMARC policy
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
    ///   S: 550 5.7.23 SPF validation failed
    ///   C: QUIT
    ///   S: 221 2.0.0 Bye
    /// ```
    "dmarc-failed", Delivery, Error, Client,
    ["RFC 7489 §10.3", "RFC 7489 §6.6"], ALL_EDITIONS,
    check, wakes: Wakes::REFUSAL
}

fn check(case: &Case<'_, '_>, findings: &mut Findings<'_, '_>) {
    delivery::raise(Cause::DmarcFailed, case, findings);
}
