//! A server answers with codes that some RFC defines.

use super::evidence;
use crate::{
    protocol::{
        codes,
        replies::{self, Allowed},
    },
    rules::{Case, Findings, Wakes, rule},
};

rule! {
    /// The server used a reply code that no RFC defines.
    ///
    /// A client acts on the first digit of a code that it does not know, so nothing breaks; but nobody can say what
    /// the server meant.
    ///
    /// ## What to do
    /// Use the defined code of the same first digit that says it best; the text is free.
    ///
    /// ## Flags
    /// ```smtp also=delayed,refused
    ///   S: 220 mx.example.net ESMTP
    ///   C: EHLO client.example
    ///   S: 250-mx.example.net
    ///   S: 250 SIZE 10240000
    ///   C: MAIL FROM:<a@client.example>
    ///   S: 250 2.1.0 Ok
    ///   C: RCPT TO:<b@example.net>
    /// ! S: 557 5.7.1 not wanted
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
    ///   S: 556 5.1.10 domain does not accept mail
    ///   C: QUIT
    ///   S: 221 2.0.0 Bye
    /// ```
    "reply-code-undefined", Reply, Warning, Server,
    ["RFC 821 §4.2.2", "RFC 2821 §4.2.3", "RFC 5321 §4.2.3", "RFC 5248 §2.4"], ALL_EDITIONS,
    check, wakes: Wakes::line(|told| !codes::find(told.code()).is_some_and(|fact| fact.status.is_defined()))
}

fn check(case: &Case<'_, '_>, findings: &mut Findings<'_, '_>) {
    for (exchange, reply) in evidence::replies(case) {
        let code = reply.code;
        let known = codes::find(code);
        if !codes::in_grammar(code) || known.is_some_and(|fact| fact.status.is_defined()) {
            continue;
        }
        // Some documents list a code for one command only, without defining it for all.
        let (verb, phase) = evidence::asked(exchange);
        let edition = case.judging.edition;
        if replies::allowed(verb, phase, edition, code) != Allowed::No {
            continue;
        }
        let seen = known
            .map_or_else(String::new, |fact| format!(" (seen elsewhere as: {})", fact.meaning));
        findings
            .on_reply(reply, format!("no RFC defines the reply code {code}{seen}"))
            .help(match code / 100 {
                4 => "451 and 450 are the usual codes of a temporary refusal",
                5 => "550 and 554 are the usual codes of a lasting refusal",
                _ => "250 is the usual code of success",
            })
            .done();
    }
}
