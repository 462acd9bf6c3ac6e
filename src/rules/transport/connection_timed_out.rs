//! No answer to the connection attempt.

use super::evidence;
use crate::{
    rules::{Case, Findings, rule},
    session::End,
    transcript::ConnectFailure,
};

rule! {
    /// Nobody answered the attempt to connect.
    ///
    /// A firewall threw the packets away, or the host is not there. Many internet providers and clouds block port 25 to
    /// the outside altogether, so that only their own servers can be reached.
    ///
    /// ## What to do
    /// From the same place, try another mail server on port 25: if that gets no answer either, the port is blocked here.
    /// To hand in mail, use the submission ports 587 or 465; to send directly, ask the provider to open port 25.
    ///
    /// ## Flags
    /// ```smtp
    ///   $ telnet mail.example.net 25
    ///   Trying 192.0.2.25...
    /// ! telnet: Unable to connect to remote host: Connection timed out
    /// ```
    /// ## Accepts
    /// ```smtp
    ///   $ telnet mail.example.net 25
    ///   Trying 192.0.2.25...
    ///   telnet: Unable to connect to remote host: Connection refused
    /// ```
    "connection-timed-out", Transport, Error, Client,
    ["RFC 5321 §4.5.3.2", "RFC 9293 §3.8.3", "RFC 6409 §3.1"], ALL_EDITIONS,
    check
}

fn check(case: &Case<'_, '_>, findings: &mut Findings<'_, '_>) {
    if case.session.end != End::ConnectFailed(ConnectFailure::TimedOut) {
        return;
    }
    findings
        .at(evidence::failed_at(case), format!("nobody answered the connection{}", evidence::dialled(case)))
        .help("many clouds and providers block port 25: try submission on port 587 or 465, or ask them to open it")
        .done();
}
