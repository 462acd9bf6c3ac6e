//! The client has more connections open than the server allows.

use crate::rules::{
    Case, Findings, Wakes,
    delivery::{self, Cause},
    rule,
};

rule! {
    /// The client has more connections open than the server allows.
    ///
    /// Servers allow one address a number of connections at once. An anti-virus program on the client's own
    /// machine may have such a limit too.
    ///
    /// ## What to do
    /// Open fewer connections at once, and send several messages in each.
    ///
    /// ## Flags
    /// ```smtp also=greeting-refused,command-after-refusal,out-of-order-accepted
    /// ! S: 421 mx.example.net Too many concurrent SMTP connections; please try again later.
    ///   C: QUIT
    ///   S: 221 2.0.0 Bye
    /// ```
    /// ## Accepts
    /// ```smtp
    ///   S: 421 mx.example.net Too much load; please try again later.
    ///   C: QUIT
    ///   S: 221 2.0.0 Bye
    /// ```
    "connection-limited", Delivery, Warning, Client,
    ["RFC 5321 §4.2.1", "RFC 5321 §4.5.4.1"], ALL_EDITIONS,
    check, wakes: Wakes::REFUSAL
}

fn check(case: &Case<'_, '_>, findings: &mut Findings<'_, '_>) {
    delivery::raise(Cause::ConnectionLimited, case, findings);
}
