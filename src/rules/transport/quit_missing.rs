//! A client takes its leave with QUIT.

use super::evidence;
use crate::{
    rules::{Case, Findings, rule},
    session::{End, Reply},
    transcript::ClosedBy,
};

rule! {
    /// The client closed an idle session without QUIT.
    ///
    /// Nothing is lost by it, but the server cannot tell a finished client from a broken one, and some count it as a
    /// sign of spam software.
    ///
    /// ## What to do
    /// Send QUIT and wait for the 221 before closing.
    ///
    /// ## Flags
    /// ```smtp
    ///   Trying 192.0.2.25...
    ///   Connected to mail.example.net.
    ///   Escape character is '^]'.
    ///   220 mail.example.net ESMTP
    ///   helo client.example
    ///   250 mail.example.net
    ///   ^]
    ///   telnet> quit
    /// ! Connection closed.
    /// ```
    /// ## Accepts
    /// ```smtp
    ///   Trying 192.0.2.25...
    ///   Connected to mail.example.net.
    ///   Escape character is '^]'.
    ///   220 mail.example.net ESMTP
    ///   helo client.example
    ///   250 mail.example.net
    ///   quit
    ///   221 2.0.0 Bye
    ///   Connection closed by foreign host.
    /// ```
    "quit-missing", Transport, Note, Client,
    ["RFC 821 §4.1.1", "RFC 2821 §4.1.1.10", "RFC 5321 §4.1.1.10"], ALL_EDITIONS,
    check
}

fn check(case: &Case<'_, '_>, findings: &mut Findings<'_, '_>) {
    // Whom the server left, or turned away, owes it no QUIT.
    if !matches!(case.session.end, End::Closed(ClosedBy::Client | ClosedBy::Unknown)) {
        return;
    }
    let greeted = case.session.greeting().is_some_and(Reply::is_positive);
    if !greeted || evidence::outstanding(case).is_some() {
        return;
    }
    findings
        .at(evidence::closed_at(case), "the client closed the session without QUIT")
        .help("send QUIT and wait for the 221")
        .done();
}
