//! The server waited too long for the client and closed the session.

use crate::rules::{
    Case, Findings, Wakes,
    delivery::{self, Cause},
    rule,
};

rule! {
    /// The server waited too long for the client and closed the session.
    ///
    /// Whoever types by hand is often too slow; some servers wait less than the five minutes that the RFC
    /// wants. In the middle of a message it points at the network: path MTU, a firewall, a scanner.
    ///
    /// ## What to do
    /// Nothing, where a person typed. A program has to send its next command sooner, and QUIT when it is
    /// done.
    ///
    /// ## Flags
    /// ```smtp
    ///   S: 220 mx.example.net ESMTP
    ///   C: EHLO client.example
    ///   S: 250 mx.example.net
    /// ! S: 421 4.4.2 mx.example.net Error: timeout exceeded
    /// ```
    /// ## Accepts
    /// ```smtp
    ///   S: 220 mx.example.net ESMTP
    ///   C: EHLO client.example
    ///   S: 250 mx.example.net
    ///   C: QUIT
    ///   S: 221 2.0.0 Bye
    /// ```
    "idle-timeout", Delivery, Note, Client,
    ["RFC 5321 §4.5.3.2", "RFC 5321 §3.8"], ALL_EDITIONS,
    check, wakes: Wakes::REFUSAL
}

fn check(case: &Case<'_, '_>, findings: &mut Findings<'_, '_>) {
    delivery::raise(Cause::IdleTimeout, case, findings);
}
