//! The name did not resolve.

use super::evidence;
use crate::{
    rules::{Case, Findings, rule},
    session::End,
    transcript::ConnectFailure,
};

rule! {
    /// The name of the server did not resolve to an address.
    ///
    /// The name is misspelt, the DNS has no address for it, or the resolver does not answer. A domain that takes mail
    /// need not have an address itself: its MX record names the host.
    ///
    /// ## What to do
    /// Check the spelling, and look the name up: `dig mail.example.net`, and `dig MX example.net` for a domain.
    ///
    /// ## Flags
    /// ```smtp
    ///   $ telnet mail.example.invalid 25
    /// ! telnet: could not resolve mail.example.invalid/25: Name or service not known
    /// ```
    /// ## Accepts
    /// ```smtp
    ///   $ telnet mail.example.net 25
    ///   Trying 192.0.2.25...
    ///   telnet: Unable to connect to remote host: Connection refused
    /// ```
    "host-not-found", Transport, Error, Client,
    ["RFC 5321 §5.1", "RFC 1035 §4.1.1"], ALL_EDITIONS,
    check
}

fn check(case: &Case<'_, '_>, findings: &mut Findings<'_, '_>) {
    if case.session.end != End::ConnectFailed(ConnectFailure::NotFound) {
        return;
    }
    findings
        .at(evidence::failed_at(case), "the name of the server did not resolve")
        .help("check the spelling, and ask the DNS for the name and for the domain's MX record")
        .done();
}
