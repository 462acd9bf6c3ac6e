//! FROM and TO end with a colon.

use super::evidence;
use crate::rules::{Case, Findings, Wakes, quoted, rule};

rule! {
    /// The colon after FROM or TO is missing.
    ///
    /// `MAIL FROM:` and `RCPT TO:` are written with a colon. Some servers guess what was meant; most answer 501.
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
    /// ! C: MAIL FROM <a@client.example>
    ///   S: 501 5.5.4 Syntax: MAIL FROM:<address>
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
    "colon-missing", Syntax, Warning, Client,
    ["RFC 821 §4.1.2", "RFC 2821 §4.1.1.2", "RFC 5321 §4.1.1.2", "RFC 5321 §4.1.1.3"], ALL_EDITIONS,
    check, wakes: Wakes::ODD_COMMAND
}

fn check(case: &Case<'_, '_>, findings: &mut Findings<'_, '_>) {
    for (exchange, said, argument) in evidence::paths(case) {
        let wrong = argument.colon.is_none_or(|colon| colon != b":");
        // Without anything after the verb, it is the argument that is missing.
        if !wrong || (argument.path.is_empty() && argument.keyword.is_empty()) {
            continue;
        }
        let Some(verb) = exchange.verb else { continue };
        let keyword = if verb.id.opens_transaction() { "FROM" } else { "TO" };
        let message = match argument.colon {
            Some(colon) => {
                format!("{} stands in the place of the colon after {keyword}", quoted(colon))
            }
            None if argument.keyword.is_empty() => {
                format!("{} is followed by an address without {keyword}:", verb.name)
            }
            None => format!("the colon after {keyword} is missing"),
        };
        findings
            .on_command(said, message)
            .help(format!("write `{} {keyword}:<address>`", verb.name))
            .party(evidence::who(case))
            .done();
    }
}
