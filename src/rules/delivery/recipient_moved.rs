//! The recipient is elsewhere: 251 takes the mail and forwards it, 551 does not.

use crate::rules::{
    Case, Findings, Wakes,
    delivery::{self, Cause},
    rule,
};

rule! {
    /// The recipient is elsewhere: 251 takes the mail and forwards it, 551 does not.
    ///
    /// 251 is an acceptance; clients that treat it as a failure are wrong. 551 and 5.1.6 are refusals that
    /// may name the new address.
    ///
    /// ## What to do
    /// After 251 nothing. After 551 send to the address that the text names.
    ///
    /// ## Flags
    /// ```smtp
    ///   S: 220 mx.example.net ESMTP
    ///   C: EHLO client.example
    ///   S: 250 mx.example.net
    ///   C: MAIL FROM:<a@client.example>
    ///   S: 250 2.1.0 Ok
    ///   C: RCPT TO:<b@example.net>
    /// ! S: 251 2.1.5 User not local; will forward to <b@other.example>
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
    ///   C: QUIT
    ///   S: 221 2.0.0 Bye
    /// ```
    "recipient-moved", Delivery, Note, Client,
    ["RFC 5321 §3.4", "RFC 821 §3.2"], ALL_EDITIONS,
    check, wakes: Wakes::REFUSAL
}

fn check(case: &Case<'_, '_>, findings: &mut Findings<'_, '_>) {
    delivery::raise(Cause::RecipientMoved, case, findings);
}
