//! The server wants the client to log in before it takes mail.

use crate::rules::{
    Case, Findings, Wakes,
    delivery::{self, Cause},
    rule,
};

rule! {
    /// The server wants the client to log in before it takes mail.
    ///
    /// This is a submission server, or one that would otherwise have to relay. If AUTH is not offered, TLS
    /// has to come first, or a firewall hides it.
    ///
    /// ## What to do
    /// Log in with AUTH after STARTTLS, on the submission port. A server that should take mail from anybody
    /// for its own domains must not want this on port 25.
    ///
    /// ## Flags
    /// ```smtp
    ///   S: 220 smtp.example.net ESMTP
    ///   C: EHLO client.example
    ///   S: 250-smtp.example.net
    ///   S: 250 AUTH CRAM-MD5
    ///   C: MAIL FROM:<a@client.example>
    /// ! S: 530 5.7.0 Authentication required
    ///   C: QUIT
    ///   S: 221 2.0.0 Bye
    /// ```
    /// ## Accepts
    /// ```smtp
    ///   S: 220 smtp.example.net ESMTP
    ///   C: EHLO client.example
    ///   S: 250-smtp.example.net
    ///   S: 250 STARTTLS
    ///   C: MAIL FROM:<a@client.example>
    ///   S: 530 5.7.0 Must issue a STARTTLS command first
    ///   C: QUIT
    ///   S: 221 2.0.0 Bye
    /// ```
    "auth-required", Delivery, Error, Client,
    ["RFC 4954 §6", "RFC 6409 §4.3"], ALL_EDITIONS,
    check, wakes: Wakes::REFUSAL
}

fn check(case: &Case<'_, '_>, findings: &mut Findings<'_, '_>) {
    delivery::raise(Cause::AuthRequired, case, findings);
}
