//! A DNS lookup of the server failed for now.

use crate::rules::{
    Case, Findings, Wakes,
    delivery::{self, Cause},
    rule,
};

rule! {
    /// A DNS lookup of the server failed for now.
    ///
    /// The name servers of a domain did not answer in time. If it goes on for hours, the domain's DNS is
    /// broken.
    ///
    /// ## What to do
    /// Leave the mail in the queue, and check the DNS of sender's and recipient's domain if it goes on.
    ///
    /// ## Flags
    /// ```smtp
    ///   S: 220 mx.example.net ESMTP
    ///   C: EHLO client.example
    ///   S: 250 mx.example.net
    ///   C: MAIL FROM:<a@client.example>
    ///   S: 250 2.1.0 Ok
    ///   C: RCPT TO:<b@example.net>
    /// ! S: 450 4.1.2 <b@example.net>: Recipient address rejected: Domain not found
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
    ///   S: 550 5.1.2 <b@example.net>: Recipient address rejected: Domain not found
    ///   C: QUIT
    ///   S: 221 2.0.0 Bye
    /// ```
    "dns-failure", Delivery, Warning, Server,
    ["RFC 5321 §5.1", "RFC 3463 §3.5"], ALL_EDITIONS,
    check, wakes: Wakes::REFUSAL
}

fn check(case: &Case<'_, '_>, findings: &mut Findings<'_, '_>) {
    delivery::raise(Cause::DnsFailure, case, findings);
}
