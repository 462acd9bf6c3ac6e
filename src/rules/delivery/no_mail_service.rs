//! The host or the domain takes no mail at all, and says so.

use crate::rules::{
    Case, Findings, Wakes,
    delivery::{self, Cause},
    rule,
};

rule! {
    /// The host or the domain takes no mail at all, and says so.
    ///
    /// A host that answers 521, a domain with a null MX (556, 5.1.10): nobody reads mail there, and trying
    /// again is useless.
    ///
    /// ## What to do
    /// Check the address. Whoever runs the domain takes the host out of its MX records.
    ///
    /// ## Flags
    /// ```smtp
    ///   S: 220 mx.example.net ESMTP
    ///   C: EHLO client.example
    ///   S: 250 mx.example.net
    ///   C: MAIL FROM:<a@client.example>
    ///   S: 250 2.1.0 Ok
    ///   C: RCPT TO:<b@example.net>
    /// ! S: 556 5.1.10 <b@example.net>: domain does not accept mail (nullMX)
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
    ///   S: 550 5.1.1 no such user here
    ///   C: QUIT
    ///   S: 221 2.0.0 Bye
    /// ```
    "no-mail-service", Delivery, Error, Client,
    ["RFC 7504 §3", "RFC 7505 §4", "RFC 1846 §2"], ALL_EDITIONS,
    check, wakes: Wakes::REFUSAL
}

fn check(case: &Case<'_, '_>, findings: &mut Findings<'_, '_>) {
    delivery::raise(Cause::NoMailService, case, findings);
}
