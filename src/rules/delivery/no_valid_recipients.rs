//! DATA was refused because every RCPT had been.

use crate::rules::{
    Case, Findings, Wakes,
    delivery::{self, Cause},
    rule,
};

rule! {
    /// DATA was refused because every RCPT had been.
    ///
    /// It has no cause of its own: the replies to RCPT tell why. A client that pipelines sends DATA before
    /// it knows.
    ///
    /// ## What to do
    /// Look at the replies to RCPT.
    ///
    /// ## Flags
    /// ```smtp also=mailbox-unknown,data-before-rcpt
    ///   S: 220 mx.example.net ESMTP
    ///   C: EHLO client.example
    ///   S: 250-mx.example.net
    ///   S: 250 PIPELINING
    ///   C: MAIL FROM:<a@client.example>
    ///   C: RCPT TO:<b@example.net>
    ///   C: DATA
    ///   S: 250 2.1.0 Ok
    ///   S: 550 5.1.1 <b@example.net>: no such user
    /// ! S: 554 5.5.1 Error: no valid recipients
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
    ///   C: DATA
    ///   S: 554 5.5.1 Error: no valid recipients
    ///   C: QUIT
    ///   S: 221 2.0.0 Bye
    /// ```
    "no-valid-recipients", Delivery, Error, Client,
    ["RFC 5321 §3.3", "RFC 2033 §4.2"], ALL_EDITIONS,
    check, wakes: Wakes::REFUSAL
}

fn check(case: &Case<'_, '_>, findings: &mut Findings<'_, '_>) {
    delivery::raise(Cause::NoValidRecipients, case, findings);
}
