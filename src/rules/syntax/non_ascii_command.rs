//! Commands are ASCII, unless SMTPUTF8 says otherwise.

use super::evidence;
use crate::{
    grammar::{Foreign, foreign},
    protocol::verbs::VerbId,
    rules::{Case, Findings, Party, Severity, Wakes, quoted, rule},
};

rule! {
    /// A command holds characters that are not ASCII.
    ///
    /// Typographic quotes, dashes and no-break spaces come from a web page or a word processor that the line was copied
    /// from; the server does not take them for what they look like. Addresses with other letters need SMTPUTF8.
    ///
    /// ## What to do
    /// Type the line with plain quotes, hyphens and spaces. For international addresses, use a server that offers
    /// SMTPUTF8 and send that parameter with MAIL.
    ///
    /// ## Flags
    /// ```smtp
    ///   S: 220 mx.example.net ESMTP
    ///   C: EHLO client.example
    ///   S: 250-mx.example.net
    ///   S: 250 SIZE 10240000
    /// ! C: MAIL FROM:‹a@client.example›
    ///   S: 501 5.1.7 Bad sender address syntax
    ///   C: QUIT
    ///   S: 221 2.0.0 Bye
    /// ```
    /// ## Accepts
    /// ```smtp
    ///   S: 220 mx.example.net ESMTP
    ///   C: EHLO client.example
    ///   S: 250-mx.example.net
    ///   S: 250 SMTPUTF8
    ///   C: MAIL FROM:<ä@client.example> SMTPUTF8
    ///   S: 250 2.1.0 Ok
    ///   C: QUIT
    ///   S: 221 2.0.0 Bye
    /// ```
    "non-ascii-command", Syntax, Warning, Client,
    ["RFC 821 §4.1.2", "RFC 2821 §2.4", "RFC 5321 §2.4", "RFC 6531 §3.4"], ALL_EDITIONS,
    check, wakes: Wakes::ODD_COMMAND
}

fn check(case: &Case<'_, '_>, findings: &mut Findings<'_, '_>) {
    let mut utf8 = false;
    for (exchange, said) in evidence::commands(case) {
        let line = said.parsed.line;
        // The parameter holds for the whole transaction (RFC 6531 §3.4).
        if let Some(argument) = said.parsed.path() {
            let opens = exchange.id().is_some_and(VerbId::opens_transaction);
            let asks =
                argument.params.iter().any(|param| param.is("SMTPUTF8") || param.is("UTF8SMTP"));
            utf8 = if opens { asks } else { utf8 || asks };
        }
        if line.is_ascii() || utf8 {
            continue;
        }
        let binary = line.iter().filter(|octet| octet.is_ascii_control()).count() > 2
            || std::str::from_utf8(line).is_err()
                && line.iter().filter(|octet| !octet.is_ascii()).count() > 8;
        if foreign::foreign(line) == Some(Foreign::Tls) || binary || evidence::is_redacted(line) {
            continue;
        }
        // A server that took the line did not see this: the copy was changed, not the command.
        let copied = exchange.code() / 100 == 2 || exchange.code() / 100 == 3;
        let (severity, party, help) = if copied {
            (
                Severity::Note,
                Party::Recorder,
                "the server took the line, so the characters came with the copy and not over the wire",
            )
        } else {
            (
                Severity::Warning,
                evidence::who(case),
                "type the line with plain quotes, hyphens and spaces; addresses with other letters need SMTPUTF8",
            )
        };
        findings
            .on_command(said, format!("{} holds characters that are not ASCII", quoted(line)))
            .help(help)
            .severity(severity)
            .party(party)
            .done();
    }
}
