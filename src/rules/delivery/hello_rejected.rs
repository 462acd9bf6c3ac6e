//! The server does not accept the name that the client gave itself in HELO or EHLO.

use crate::rules::{
    Case, Findings, Wakes,
    delivery::{self, Cause},
    rule,
};

rule! {
    /// The server does not accept the name that the client gave itself in HELO or EHLO.
    ///
    /// The name has no dot, is not in DNS, is the receiver's own, or is a bare address. Spam programs do
    /// that, so servers check it. Postfix waits with this refusal until RCPT.
    ///
    /// ## What to do
    /// Let the client introduce itself with its full host name, one that DNS knows, or with an address in
    /// brackets (`[192.0.2.1]`).
    ///
    /// ## Flags
    /// ```smtp
    ///   S: 220 mx.example.net ESMTP
    ///   C: EHLO client.example
    ///   S: 250 mx.example.net
    ///   C: MAIL FROM:<a@client.example>
    ///   S: 250 2.1.0 Ok
    ///   C: RCPT TO:<b@example.net>
    /// ! S: 550 5.7.1 <client.example>: Helo command rejected: Host not found
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
    "hello-rejected", Delivery, Error, Client,
    ["RFC 5321 §4.1.4", "RFC 5321 §4.1.1.1", "RFC 1123 §5.2.5"], ALL_EDITIONS,
    check, wakes: Wakes::REFUSAL
}

fn check(case: &Case<'_, '_>, findings: &mut Findings<'_, '_>) {
    delivery::raise(Cause::HelloRejected, case, findings);
}
