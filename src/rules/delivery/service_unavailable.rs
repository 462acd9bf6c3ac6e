//! The server takes no mail at the moment.

use crate::rules::{
    Case, Findings, Wakes,
    delivery::{self, Cause},
    rule,
};

rule! {
    /// The server takes no mail at the moment.
    ///
    /// It is shutting down, too busy, or not ready. Clients try again by themselves, or at the next MX.
    ///
    /// ## What to do
    /// Wait. If it goes on, tell whoever runs the server.
    ///
    /// ## Flags
    /// ```smtp also=greeting-refused,command-after-refusal,out-of-order-accepted
    /// ! S: 421 4.3.2 mx.example.net Service not available, system shutdown in progress
    ///   C: QUIT
    ///   S: 221 2.0.0 Bye
    /// ```
    /// ## Accepts
    /// ```smtp
    ///   S: 554 mx.example.net no SMTP service here
    ///   C: QUIT
    ///   S: 221 2.0.0 Bye
    /// ```
    "service-unavailable", Delivery, Warning, Server,
    ["RFC 5321 §4.2.3", "RFC 5321 §3.8"], ALL_EDITIONS,
    check, wakes: Wakes::REFUSAL
}

fn check(case: &Case<'_, '_>, findings: &mut Findings<'_, '_>) {
    delivery::raise(Cause::ServiceUnavailable, case, findings);
}
