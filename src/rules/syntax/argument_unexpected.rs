//! Some verbs take no argument.

use super::evidence;
use crate::{
    grammar::Argument,
    protocol::verbs,
    rules::{Case, Findings, Wakes, quoted, rule},
};

rule! {
    /// A verb that takes no argument has one.
    ///
    /// DATA, RSET, QUIT and STARTTLS stand alone on their line. A server should answer 501; many ignore the rest.
    ///
    /// ## What to do
    /// Send the verb alone.
    ///
    /// ## Flags
    /// ```smtp
    ///   S: 220 mx.example.net ESMTP
    ///   C: EHLO client.example
    ///   S: 250-mx.example.net
    ///   S: 250 SIZE 10240000
    /// ! C: RSET now
    ///   S: 501 5.5.4 Syntax: RSET
    ///   C: QUIT
    ///   S: 221 2.0.0 Bye
    /// ```
    /// ## Accepts
    /// ```smtp
    ///   S: 220 mx.example.net ESMTP
    ///   C: EHLO client.example
    ///   S: 250-mx.example.net
    ///   S: 250 SIZE 10240000
    ///   C: NOOP now
    ///   S: 250 2.0.0 Ok
    ///   C: QUIT
    ///   S: 221 2.0.0 Bye
    /// ```
    "argument-unexpected", Syntax, Warning, Client,
    ["RFC 821 §4.1.2", "RFC 2821 §4.3.2", "RFC 5321 §4.3.2"], ALL_EDITIONS,
    check, wakes: Wakes::ODD_COMMAND
}

fn check(case: &Case<'_, '_>, findings: &mut Findings<'_, '_>) {
    for (exchange, said) in evidence::commands(case) {
        if let Argument::Bdat(bdat) = &said.parsed.detail
            && !bdat.junk.is_empty()
            && exchange.refused()
        {
            findings
                .on(bdat.junk, format!("BDAT takes a size and LAST, but has {}", quoted(bdat.junk)))
                .help("write `BDAT size` or `BDAT size LAST`")
                .party(evidence::who(case))
                .done();
            continue;
        }
        let alone = exchange.verb.is_some_and(|verb| verb.argument == verbs::Argument::None);
        if !alone || !is_argument(said.parsed.argument) || exchange.reply.is_none() {
            continue;
        }
        findings
            .on_command(
                said,
                format!(
                    "{} takes no argument, but has {}",
                    quoted(said.parsed.name()),
                    quoted(said.parsed.argument)
                ),
            )
            .help("send the verb alone")
            .party(evidence::who(case))
            .done();
    }
}

/// Whether it is an argument, and not a remark that somebody put behind the command.
fn is_argument(text: &[u8]) -> bool {
    text.first().is_some_and(|octet| octet.is_ascii_alphanumeric() || b"<\":".contains(octet))
}
