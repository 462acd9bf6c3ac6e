//! An address keeps to the grammar of a mailbox.

use super::evidence;
use crate::{
    grammar::DeviationKind,
    protocol::verbs::VerbId,
    rules::{Case, Findings, Severity, Wakes, quoted, rule},
};

rule! {
    /// The address in MAIL or RCPT is none that the grammar allows.
    ///
    /// A mailbox is a local part, one `@`, and a domain or an address literal. Spaces, a second `@`, dots at the
    /// wrong place and special characters need quotes or are not allowed at all. Servers answer 501 or 553; those that
    /// take such an address cannot deliver a bounce to it.
    ///
    /// ## What to do
    /// Correct the address; the message says what is wrong with it.
    ///
    /// ## Flags
    /// ```smtp
    ///   S: 220 mx.example.net ESMTP
    ///   C: EHLO client.example
    ///   S: 250-mx.example.net
    ///   S: 250 SIZE 10240000
    /// ! C: MAIL FROM:<a..b@client.example>
    ///   S: 501 5.1.7 Bad sender address syntax
    ///   C: QUIT
    ///   S: 221 2.0.0 Bye
    /// ```
    /// ## Accepts
    /// ```smtp
    ///   S: 220 mx.example.net ESMTP
    ///   C: EHLO client.example
    ///   S: 250-mx.example.net
    ///   S: 250 SIZE 10240000
    ///   C: MAIL FROM:<"a..b"@client.example>
    ///   S: 250 2.1.0 Ok
    ///   C: QUIT
    ///   S: 221 2.0.0 Bye
    /// ```
    "address-invalid", Syntax, Warning, Client,
    ["RFC 821 §4.1.2", "RFC 2821 §4.1.2", "RFC 5321 §4.1.2"], ALL_EDITIONS,
    check, wakes: Wakes::ODD_COMMAND
}

fn check(case: &Case<'_, '_>, findings: &mut Findings<'_, '_>) {
    for (exchange, said, argument) in evidence::paths(case) {
        let path = &argument.path;
        let redacted = || evidence::is_redacted(said.parsed.argument);
        if exchange.is(VerbId::Rcpt) && path.is_null() && exchange.refused() && !redacted() {
            findings
                .on_command(said, "the address of RCPT is empty")
                .help("name a recipient; only MAIL may have an empty address")
                .party(evidence::who(case))
                .done();
            continue;
        }
        let Some(mailbox) = path.mailbox.filter(|_| path.is_bracketed() || exchange.refused())
        else {
            continue;
        };
        if mailbox.is_postmaster() {
            continue;
        }
        let Err(deviation) = mailbox.is_strict() else { continue };
        if redacted() {
            continue;
        }
        // An underscore in a domain is common, and a lone user name is a custom of local mail; what is not
        // ASCII and what the keyboard sent unseen have rules of their own.
        let (lone, underscore) = match deviation.kind {
            DeviationKind::NonAscii | DeviationKind::ControlCharacter => continue,
            DeviationKind::AtMissing => (true, false),
            DeviationKind::LabelUnderscore => (false, true),
            _ => (false, false),
        };
        if underscore && exchange.accepted() {
            continue;
        }
        let tolerated = lone || underscore;
        let severity = if tolerated { Severity::Note } else { Severity::Warning };
        findings
            .on_command(said, format!("{} is no address: it has {deviation}", quoted(mailbox.raw)))
            .help("correct the address; quotes around the local part allow special characters")
            .severity(severity)
            .party(evidence::who(case))
            .done();
    }
}
