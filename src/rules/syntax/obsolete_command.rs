//! A verb that later editions withdrew.

use super::evidence;
use crate::rules::{Case, Findings, Wakes, quoted, rule};

rule! {
    /// The client sent a command that is obsolete.
    ///
    /// SEND, SOML and SAML wrote to a user's terminal; TURN swapped the roles, and gave waiting mail to whoever asked.
    /// Servers need not know them any more, and should not.
    ///
    /// ## What to do
    /// Use MAIL for mail, and ETRN or ATRN to fetch waiting mail.
    ///
    /// ## Flags
    /// ```smtp
    ///   S: 220 mx.example.net ESMTP
    ///   C: EHLO client.example
    ///   S: 250-mx.example.net
    ///   S: 250 SIZE 10240000
    /// ! C: TURN
    ///   S: 502 5.5.1 not implemented
    ///   C: QUIT
    ///   S: 221 2.0.0 Bye
    /// ```
    /// ## Accepts
    /// ```smtp
    ///   S: 220 mx.example.net ESMTP
    ///   C: EHLO client.example
    ///   S: 250-mx.example.net
    ///   S: 250 SIZE 10240000
    ///   C: MAIL FROM:<a@client.example>
    ///   S: 250 2.1.0 Ok
    ///   C: QUIT
    ///   S: 221 2.0.0 Bye
    /// ```
    "obsolete-command", Syntax, Note, Client,
    ["RFC 2821 §F.1", "RFC 2821 §F.6", "RFC 5321 §F.1", "RFC 5321 §F.6"], ALL_EDITIONS,
    check, wakes: Wakes::ODD_COMMAND
}

fn check(case: &Case<'_, '_>, findings: &mut Findings<'_, '_>) {
    for (exchange, said) in evidence::commands(case) {
        let Some(clause) = exchange.verb.and_then(|verb| verb.obsolete) else { continue };
        let verb = quoted(said.parsed.name());
        findings
            .on_command(said, format!("{verb} is obsolete ({clause})"))
            .help("use MAIL, or ETRN and ATRN to fetch waiting mail")
            .done();
    }
}
