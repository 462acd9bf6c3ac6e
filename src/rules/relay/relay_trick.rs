//! An address that hides a second destination.

use super::tricks;
use crate::{
    grammar::Argument,
    protocol::verbs::VerbId,
    rules::{Case, Findings, Severity, Wakes, quoted, rule},
};

rule! {
    /// A recipient's address hides another destination in the first: a relay tester's trick.
    ///
    /// `user%elsewhere@server`, `elsewhere!user`, `"user@elsewhere"@server`, `@server:user@elsewhere`: a
    /// server that looks at the last domain only takes the mail for its own and then delivers it to the
    /// other one. Accepted, this is an open relay for everybody who knows the trick.
    ///
    /// ## What to do
    /// The server must refuse such addresses from strangers (RFC 5321 §3.6.1 lets it ignore or refuse
    /// source routes). Whoever tests: test with the sender's consent only.
    ///
    /// ## Flags
    /// ```smtp
    ///   S: 220 mx.example.net ESMTP
    ///   C: EHLO client.example
    ///   S: 250 mx.example.net
    ///   C: MAIL FROM:<a@client.example>
    ///   S: 250 2.1.0 Ok
    /// ! C: RCPT TO:<b%elsewhere.example@mx.example.net>
    ///   S: 550 5.7.1 Relaying denied
    ///   C: QUIT
    ///   S: 221 2.0.0 Bye
    /// ```
    /// ## Accepts
    /// ```smtp
    ///   S: 220 mx.example.net ESMTP
    ///   C: EHLO client.example
    ///   S: 250 mx.example.net
    ///   C: MAIL FROM:<a@client.example>
    ///   S: 250 2.1.0 Ok
    ///   C: RCPT TO:<100%sure@example.net>
    ///   S: 250 2.1.5 Ok
    ///   C: RSET
    ///   S: 250 2.0.0 Ok
    ///   C: QUIT
    ///   S: 221 2.0.0 Bye
    /// ```
    "relay-trick", Relay, Warning, Client,
    ["RFC 5321 §3.6.1", "RFC 5321 §7.9", "RFC 2821 §3.7", "RFC 821 §3.6"], ALL_EDITIONS,
    check, wakes: Wakes::ODD_COMMAND
}

fn check(case: &Case<'_, '_>, findings: &mut Findings<'_, '_>) {
    for (_, exchange) in case.session.of_verb(VerbId::Rcpt) {
        let Some(said) = &exchange.command else { continue };
        let Argument::Path(argument) = &said.parsed.detail else { continue };
        let Some(trick) = tricks::trick(&argument.path) else { continue };
        let shown = quoted(argument.path.raw);
        if exchange.accepted() {
            findings
                .on(
                    argument.path.raw,
                    format!(
                        "the server accepted {shown}, which hides a second destination by {}",
                        trick.words()
                    ),
                )
                .severity(Severity::Error)
                .party(crate::rules::Party::Server)
                .help(
                    "let the server refuse such addresses from clients that have not authenticated",
                )
                .done();
        } else {
            findings
                .on(argument.path.raw, format!("{shown} hides a second destination by {}", trick.words()))
                .help("write the address plainly; whoever did not mean to test relaying should look at what wrote it")
                .done();
        }
    }
}
