//! The recipient's domain does not exist in DNS.

use crate::rules::{
    Case, Findings, Wakes,
    delivery::{self, Cause},
    rule,
};

rule! {
    /// The recipient's domain does not exist in DNS.
    ///
    /// The server found neither an MX nor an address record for what stands behind the `@`: a typing error,
    /// or a domain that has expired.
    ///
    /// ## What to do
    /// Correct the domain. If it is right, whoever owns it publishes an MX record.
    ///
    /// ## Flags
    /// ```smtp
    ///   S: 220 mx.example.net ESMTP
    ///   C: EHLO client.example
    ///   S: 250 mx.example.net
    ///   C: MAIL FROM:<a@client.example>
    ///   S: 250 2.1.0 Ok
    ///   C: RCPT TO:<b@example.nett>
    /// ! S: 550 5.1.2 <b@example.nett>: Recipient address rejected: Domain not found
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
    ///   C: RCPT TO:<b@example.nett>
    ///   S: 450 4.1.2 <b@example.nett>: Recipient address rejected: Domain not found
    ///   C: QUIT
    ///   S: 221 2.0.0 Bye
    /// ```
    "domain-unknown", Delivery, Error, Client,
    ["RFC 3463 §3.2", "RFC 5321 §5.1"], ALL_EDITIONS,
    check, wakes: Wakes::REFUSAL
}

fn check(case: &Case<'_, '_>, findings: &mut Findings<'_, '_>) {
    delivery::raise(Cause::DomainUnknown, case, findings);
}
