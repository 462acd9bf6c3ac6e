//! A client names itself by a host name or an address literal.

use super::evidence;
use crate::{
    grammar::{Argument, DeviationKind, HostName, classify},
    protocol::Edition,
    rules::{Case, Findings, Severity, Wakes, quoted, rule},
};

rule! {
    /// The name in HELO or EHLO is neither a domain name nor an address literal.
    ///
    /// A bare address needs brackets, an underscore may not stand in a host name, and `localhost` is nobody's name to
    /// another host. Servers that look at the name refuse the client, or count it as a sign of spam.
    ///
    /// ## What to do
    /// Name the client by a host name that resolves to its address, or by its address in brackets.
    ///
    /// ## Flags
    /// ```smtp
    ///   S: 220 mx.example.net ESMTP
    /// ! C: EHLO 192.0.2.1
    ///   S: 250 mx.example.net
    ///   C: QUIT
    ///   S: 221 2.0.0 Bye
    /// ```
    /// ## Accepts
    /// ```smtp
    ///   S: 220 mx.example.net ESMTP
    ///   C: EHLO [192.0.2.1]
    ///   S: 250 mx.example.net
    ///   C: QUIT
    ///   S: 221 2.0.0 Bye
    /// ```
    "hello-name-invalid", Syntax, Warning, Client,
    ["RFC 821 §4.1.1", "RFC 2821 §4.1.1.1", "RFC 5321 §4.1.1.1", "RFC 5321 §4.1.4"], ALL_EDITIONS,
    check, wakes: Wakes::ODD_COMMAND
}

fn check(case: &Case<'_, '_>, findings: &mut Findings<'_, '_>) {
    for (_, said) in evidence::commands(case) {
        let Argument::Hello { name, .. } = &said.parsed.detail else { continue };
        let (why, severity) = match classify(name) {
            HostName::BareAddress(_) => ("an address without brackets", Severity::Warning),
            HostName::Invalid(deviation) if deviation.kind == DeviationKind::NonAscii => continue,
            HostName::Invalid(deviation) => (deviation.kind.words(), Severity::Warning),
            HostName::SingleLabel if name.eq_ignore_ascii_case(b"localhost") => {
                // On the same host it is true, if not helpful.
                let away = evidence::is_loopback(case) == Some(false);
                (
                    "the name that every host has for itself",
                    if away { Severity::Warning } else { Severity::Note },
                )
            }
            HostName::SingleLabel if case.judging.edition == Edition::Rfc2821 => {
                ("one label only", Severity::Warning)
            }
            _ => continue,
        };
        if evidence::is_redacted(name) {
            continue;
        }
        findings
            .on_command(said, format!("the client calls itself {}: {why}", quoted(name)))
            .help("use the client's full host name, or its address in brackets: [192.0.2.1]")
            .severity(severity)
            .party(evidence::who(case))
            .done();
    }
}
