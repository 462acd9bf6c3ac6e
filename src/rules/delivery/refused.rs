//! The server refused for good and gave no cause that is known.

use crate::rules::{
    Case, Findings, Wakes,
    delivery::{self, Cause},
    rule,
};

rule! {
    /// The server refused for good and gave no cause that is known.
    ///
    /// The text says nothing that this program understands, and the code has no meaning of its own. What
    /// the server meant, only its log and whoever runs it can tell.
    ///
    /// ## What to do
    /// Read the text. Ask the receiving side's postmaster, with the whole text of the reply and the time.
    ///
    /// ## Flags
    /// ```smtp
    ///   S: 220 mx.example.net ESMTP
    ///   C: EHLO client.example
    ///   S: 250 mx.example.net
    ///   C: MAIL FROM:<a@client.example>
    ///   S: 250 2.1.0 Ok
    ///   C: RCPT TO:<b@example.net>
    /// ! S: 550 not today
    ///   C: QUIT
    ///   S: 221 2.0.0 Bye
    /// ```
    /// ## Accepts
    /// ```smtp also=data-before-rcpt
    ///   S: 220 mx.example.net ESMTP
    ///   C: EHLO client.example
    ///   S: 250 mx.example.net
    ///   C: MAIL FROM:<a@client.example>
    ///   S: 250 2.1.0 Ok
    ///   C: DATA
    ///   S: 554 5.5.1 Error: no valid recipients
    ///   C: QUIT
    ///   S: 221 2.0.0 Bye
    /// ```
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
    "refused", Delivery, Error, Server,
    ["RFC 5321 §4.2.1", "RFC 821 §4.2.1"], ALL_EDITIONS,
    check, wakes: Wakes::REFUSAL
}

fn check(case: &Case<'_, '_>, findings: &mut Findings<'_, '_>) {
    delivery::raise(Cause::Refused, case, findings);
}
