//! The server wants TLS before it goes on.

use crate::rules::{
    Case, Findings, Wakes,
    delivery::{self, Cause},
    rule,
};

rule! {
    /// The server wants TLS before it goes on.
    ///
    /// It takes logins or mail on an encrypted connection only. Where a server wants TLS and does not offer
    /// STARTTLS, something on the way hides the offer.
    ///
    /// ## What to do
    /// Send STARTTLS, then EHLO again, then this command. If STARTTLS is not offered, look for a firewall
    /// that inspects SMTP.
    ///
    /// ## Flags
    /// ```smtp
    ///   S: 220 smtp.example.net ESMTP
    ///   C: EHLO client.example
    ///   S: 250-smtp.example.net
    ///   S: 250 STARTTLS
    ///   C: MAIL FROM:<a@client.example>
    /// ! S: 530 5.7.0 Must issue a STARTTLS command first
    ///   C: QUIT
    ///   S: 221 2.0.0 Bye
    /// ```
    /// ## Accepts
    /// ```smtp
    ///   S: 220 smtp.example.net ESMTP
    ///   C: EHLO client.example
    ///   S: 250-smtp.example.net
    ///   S: 250 AUTH PLAIN
    ///   C: MAIL FROM:<a@client.example>
    ///   S: 530 5.7.0 Authentication required
    ///   C: QUIT
    ///   S: 221 2.0.0 Bye
    /// ```
    "tls-required", Delivery, Error, Client,
    ["RFC 3207 §4", "RFC 4954 §6", "RFC 8689 §4.2.1"], ALL_EDITIONS,
    check, wakes: Wakes::REFUSAL
}

fn check(case: &Case<'_, '_>, findings: &mut Findings<'_, '_>) {
    delivery::raise(Cause::TlsRequired, case, findings);
}
