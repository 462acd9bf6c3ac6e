//! An address stands in angle brackets.

use super::evidence;
use crate::{
    grammar::BracketKind,
    rules::{Case, Findings, Wakes, quoted, rule},
};

rule! {
    /// The address of MAIL or RCPT does not stand in `<` and `>`.
    ///
    /// Many servers add the brackets in their minds; strict ones answer 501 or 555, and some take the first word only.
    ///
    /// ## What to do
    /// Write `MAIL FROM:<address>` and `RCPT TO:<address>`.
    ///
    /// ## Flags
    /// ```smtp
    ///   S: 220 mx.example.net ESMTP
    ///   C: EHLO client.example
    ///   S: 250-mx.example.net
    ///   S: 250 SIZE 10240000
    ///   C: MAIL FROM:<a@client.example>
    ///   S: 250 2.1.0 Ok
    /// ! C: RCPT TO:b@example.net
    ///   S: 501 5.1.3 Bad recipient address syntax
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
    ///   C: RCPT TO:<b@example.net>
    ///   S: 250 2.1.5 Ok
    ///   C: QUIT
    ///   S: 221 2.0.0 Bye
    /// ```
    "path-brackets-missing", Syntax, Warning, Client,
    ["RFC 821 §4.1.2", "RFC 2821 §4.1.2", "RFC 5321 §4.1.2"], ALL_EDITIONS,
    check, wakes: Wakes::ODD_COMMAND
}

fn check(case: &Case<'_, '_>, findings: &mut Findings<'_, '_>) {
    for (_, said, argument) in evidence::paths(case) {
        let path = &argument.path;
        // Other brackets than these came with the copy, or have a rule of their own.
        let other = [path.opening, path.closing]
            .into_iter()
            .flatten()
            .any(|bracket| bracket.kind != BracketKind::Angle);
        if path.is_bracketed() || path.is_empty() || other || evidence::is_redacted(path.raw) {
            continue;
        }
        let message = match (path.opening, path.closing) {
            (None, None) => format!("{} does not stand in angle brackets", quoted(path.raw)),
            _ => format!("one of the angle brackets around {} is missing", quoted(path.content)),
        };
        findings
            .on_command(said, message)
            .help("write the address as <address>")
            .party(evidence::who(case))
            .done();
    }
}
