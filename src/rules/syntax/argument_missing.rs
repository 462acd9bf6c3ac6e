//! Some verbs need an argument.

use super::evidence;
use crate::{
    grammar::Argument,
    protocol::verbs::{self, VerbId},
    rules::{Case, Findings, Wakes, quoted, rule},
    transcript::Method,
};

rule! {
    /// A verb that needs an argument has none.
    ///
    /// HELO and EHLO name the client, MAIL and RCPT an address, VRFY a mailbox. The server answers 501, or goes on
    /// with a client that has no name.
    ///
    /// ## What to do
    /// Write the argument; `smtplog explain` with the verb shows its form.
    ///
    /// ## Flags
    /// ```smtp
    ///   S: 220 mx.example.net ESMTP
    /// ! C: HELO
    ///   S: 501 Syntax: HELO hostname
    ///   C: QUIT
    ///   S: 221 2.0.0 Bye
    /// ```
    /// ## Accepts
    /// ```smtp
    ///   S: 220 mx.example.net ESMTP
    ///   C: HELO client.example
    ///   S: 250 mx.example.net
    ///   C: HELP
    ///   S: 214 2.0.0 see the manual
    ///   C: QUIT
    ///   S: 221 2.0.0 Bye
    /// ```
    "argument-missing", Syntax, Warning, Client,
    ["RFC 821 §4.1.2", "RFC 2821 §4.1.1", "RFC 5321 §4.1.1"], ALL_EDITIONS,
    check, wakes: Wakes::ODD_COMMAND
}

fn check(case: &Case<'_, '_>, findings: &mut Findings<'_, '_>) {
    let marked = case.session.transcript.method == Method::Marked;
    for (exchange, said) in evidence::commands(case) {
        let Some(verb) = exchange.verb.filter(|verb| verb.argument == verbs::Argument::Required)
        else {
            continue;
        };
        let missing = match &said.parsed.detail {
            // No server takes a RCPT without a recipient: the record lost it.
            Argument::None => !(exchange.accepted() && is_path(verb.id)),
            // A copy through a web page loses what stands in angle brackets: only a refusal tells.
            Argument::Path(argument) => {
                argument.path.is_empty()
                    && argument.params.is_empty()
                    && matches!(exchange.code(), 500 | 501 | 553 | 555)
            }
            _ => false,
        };
        if !missing || (!marked && exchange.reply.is_none()) {
            continue;
        }
        findings
            .on_command(said, format!("{} has no argument", quoted(said.parsed.name())))
            .help(format!("write `{}`", verb.syntax))
            .party(evidence::who(case))
            .done();
    }
}

const fn is_path(id: VerbId) -> bool {
    id.opens_transaction() || matches!(id, VerbId::Rcpt)
}
