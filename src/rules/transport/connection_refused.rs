//! Nothing listens there, or a firewall says no.

use super::evidence;
use crate::{
    rules::{Case, Confidence, Findings, rule},
    session::End,
    transcript::ConnectFailure,
};

rule! {
    /// The connection was refused.
    ///
    /// The host answered that nothing listens on the port, or a firewall on the way answered in its place. Either the
    /// mail server is not running, listens on another address or port, or is not to be reached from here.
    ///
    /// ## What to do
    /// On the server, see whether it runs and on which address it listens (`ss -ltn`). From the client, try the same
    /// port from another network, and the ports 25, 465 and 587.
    ///
    /// ## Flags
    /// ```smtp
    ///   $ telnet mail.example.net 25
    ///   Trying 192.0.2.25...
    /// ! telnet: Unable to connect to remote host: Connection refused
    /// ```
    /// ## Accepts
    /// ```smtp
    ///   $ telnet mail.example.net 25
    ///   Trying 192.0.2.25...
    ///   Connected to mail.example.net.
    ///   Escape character is '^]'.
    ///   220 mail.example.net ESMTP
    ///   quit
    ///   221 2.0.0 Bye
    ///   Connection closed by foreign host.
    /// ```
    "connection-refused", Transport, Error, Server,
    ["RFC 5321 §2.1", "RFC 9293 §3.5.3"], ALL_EDITIONS,
    check
}

fn check(case: &Case<'_, '_>, findings: &mut Findings<'_, '_>) {
    let (message, confidence) = match case.session.end {
        End::ConnectFailed(ConnectFailure::Refused) => ("was refused", Confidence::Certain),
        End::ConnectFailed(ConnectFailure::Other) => ("could not be made", Confidence::Likely),
        _ => return,
    };
    findings
        .at(
            evidence::failed_at(case),
            format!("the connection{} {message}", evidence::dialled(case)),
        )
        .help("see whether the server runs and listens there, and which firewall stands between")
        .confidence(confidence)
        .done();
}
