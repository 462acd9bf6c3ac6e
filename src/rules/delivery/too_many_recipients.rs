//! The transaction has more recipients than the server takes.

use crate::rules::{
    Case, Findings, Wakes,
    delivery::{self, Cause},
    rule,
};

rule! {
    /// The transaction has more recipients than the server takes.
    ///
    /// A server takes a hundred at least. The right answer is 452: the client sends the message to those
    /// that were taken, and to the rest in a further transaction. 550 or 554 instead makes clients give up
    /// on the rest.
    ///
    /// ## What to do
    /// Send to the rest in further transactions. A client that treats 452 as a failure of the whole message
    /// is broken.
    ///
    /// ## Flags
    /// ```smtp
    ///   S: 220 mx.example.net ESMTP
    ///   C: EHLO client.example
    ///   S: 250 mx.example.net
    ///   C: MAIL FROM:<a@client.example>
    ///   S: 250 2.1.0 Ok
    ///   C: RCPT TO:<b@example.net>
    /// ! S: 452 4.5.3 Error: too many recipients
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
    ///   S: 452 4.2.2 mailbox full
    ///   C: QUIT
    ///   S: 221 2.0.0 Bye
    /// ```
    "too-many-recipients", Delivery, Warning, Client,
    ["RFC 5321 §4.5.3.1.8", "RFC 5321 §4.5.3.1.10", "RFC 821 §4.5.3"], ALL_EDITIONS,
    check, wakes: Wakes::REFUSAL
}

fn check(case: &Case<'_, '_>, findings: &mut Findings<'_, '_>) {
    delivery::raise(Cause::TooManyRecipients, case, findings);
}
