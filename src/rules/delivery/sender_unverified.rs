//! The server asked the sender's own host whether it takes mail for the sender, and got no good answer.

use crate::rules::{
    Case, Findings, Wakes,
    delivery::{self, Cause},
    rule,
};

rule! {
    /// The server asked the sender's own host whether it takes mail for the sender, and got no good answer.
    ///
    /// Servers that verify senders (callout) connect to the sender's MX and try a RCPT. If that refuses the
    /// address or the null sender, or cannot be reached, the mail is refused or put off.
    ///
    /// ## What to do
    /// Let the sender's MX accept mail for the address, also from the null sender `<>`, and be reached on
    /// port 25 from outside.
    ///
    /// ## Flags
    /// ```smtp
    ///   S: 220 mx.example.net ESMTP
    ///   C: EHLO client.example
    ///   S: 250 mx.example.net
    ///   C: MAIL FROM:<a@client.example>
    ///   S: 250 2.1.0 Ok
    ///   C: RCPT TO:<b@example.net>
    /// ! S: 550 Sender verify failed
    ///   C: QUIT
    ///   S: 221 2.0.0 Bye
    /// ```
    /// ## Accepts
    /// ```smtp
    ///   S: 220 mx.example.net ESMTP
    ///   C: EHLO client.example
    ///   S: 250 mx.example.net
    ///   C: MAIL FROM:<a@client.example>
    ///   S: 550 5.1.8 <a@client.example>: Sender address rejected: Domain not found
    ///   C: QUIT
    ///   S: 221 2.0.0 Bye
    /// ```
    "sender-unverified", Delivery, Warning, Client,
    ["RFC 5321 §3.3", "RFC 5321 §3.6.3"], ALL_EDITIONS,
    check, wakes: Wakes::REFUSAL
}

fn check(case: &Case<'_, '_>, findings: &mut Findings<'_, '_>) {
    delivery::raise(Cause::SenderUnverified, case, findings);
}
