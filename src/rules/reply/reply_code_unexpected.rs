//! Each command has its list of codes that may answer it.

use super::evidence;
use crate::{
    protocol::{
        codes,
        order::{Outcome, outcome},
        replies::{self, Allowed},
        verbs::VerbId,
    },
    rules::{Case, Findings, Severity, Wakes, rule},
    session::Kind,
};

rule! {
    /// The reply code is defined, but not for this command.
    ///
    /// Each edition of SMTP lists the codes that may answer each command, and each extension adds its own. A client
    /// copes by the first digit; where even that is none that the command may have, such as 250 to DATA, the
    /// two sides no longer mean the same. A refusal by an unlisted code is only noted.
    ///
    /// ## What to do
    /// Look at the code that the edition lists; `smtplog explain` with the command and the code shows both.
    ///
    /// ## Flags
    /// ```smtp also=end-of-data-missing
    ///   S: 220 mx.example.net ESMTP
    ///   C: EHLO client.example
    ///   S: 250-mx.example.net
    ///   S: 250 SIZE 10240000
    ///   C: MAIL FROM:<a@client.example>
    ///   S: 250 2.1.0 Ok
    ///   C: RCPT TO:<b@example.net>
    ///   S: 250 2.1.5 Ok
    ///   C: DATA
    /// ! S: 250 2.0.0 Ok
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
    ///   S: 251 2.1.5 User not local; will forward to <b@other.example>
    ///   C: QUIT
    ///   S: 221 2.0.0 Bye
    /// ```
    "reply-code-unexpected", Reply, Warning, Server,
    ["RFC 821 §4.3", "RFC 2821 §4.3.2", "RFC 5321 §4.3.2"], ALL_EDITIONS,
    check, wakes: Wakes::UNUSUAL_CODE
}

fn check(case: &Case<'_, '_>, findings: &mut Findings<'_, '_>) {
    let edition = case.judging.edition;
    for (exchange, reply) in evidence::replies(case) {
        let code = reply.code;
        let (verb, phase) = evidence::asked(exchange);
        // What answers an unknown verb, no table says; an unasked reply and 421 have their own rules.
        let unknown = verb == VerbId::Other || exchange.kind == Kind::Unsolicited || code == 421;
        if unknown || !codes::find(code).is_some_and(|fact| fact.status.is_defined()) {
            continue;
        }
        if replies::allowed(verb, phase, edition, code) != Allowed::No {
            continue;
        }
        let broken = outcome(verb, phase, code) == Outcome::ProtocolError
            || codes::is_success(code) && verb != VerbId::Quit;
        let severity = if broken { Severity::Warning } else { Severity::Note };
        let what = evidence::name(exchange);
        let listed = evidence::listed(verb, phase, edition);
        findings
            .on_reply(reply, format!("{edition} does not list {code} as an answer to {what}"))
            .help(format!("it lists {listed}"))
            .severity(severity)
            .done();
    }
}
