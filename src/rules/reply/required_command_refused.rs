//! Some commands every server must have.

use super::evidence;
use crate::{
    protocol::verbs::VerbId,
    rules::{Case, Findings, Severity, Wakes, quoted, rule},
    session::Kind,
};

rule! {
    /// The server does not know, or does not implement, a command that every server must have.
    ///
    /// HELO, EHLO, MAIL, RCPT, DATA, RSET, NOOP, QUIT and VRFY belong to the least that a server has to do. 500 or
    /// 502 to one of them is a very old server, a firewall that blots commands out, or a program that is no mail
    /// server.
    ///
    /// ## What to do
    /// After a refused EHLO, send HELO. Look at the path between the two: a firewall with SMTP inspection refuses
    /// EHLO in the server's name. A server that does not want to verify addresses answers VRFY with 252.
    ///
    /// ## Flags
    /// ```smtp also=esmtp-blocked
    ///   S: 220 mx.example.net ESMTP
    ///   C: HELO client.example
    ///   S: 250 mx.example.net
    ///   C: NOOP
    /// ! S: 502 5.5.1 not implemented
    ///   C: QUIT
    ///   S: 221 2.0.0 Bye
    /// ```
    /// ## Accepts
    /// ```smtp
    ///   S: 220 mx.example.net ESMTP
    ///   C: EHLO client.example
    ///   S: 250 mx.example.net
    ///   C: VRFY postmaster
    ///   S: 252 2.1.5 send some mail, I will try my best
    ///   C: QUIT
    ///   S: 221 2.0.0 Bye
    /// ```
    "required-command-refused", Reply, Warning, Server,
    ["RFC 821 §4.5.1", "RFC 2821 §4.5.1", "RFC 5321 §4.5.1"], ALL_EDITIONS,
    check, wakes: Wakes::line(|told| matches!(told.code(), 500 | 502))
}

fn check(case: &Case<'_, '_>, findings: &mut Findings<'_, '_>) {
    if case.speaks_lmtp() {
        return;
    }
    for (exchange, reply) in evidence::replies(case) {
        if !matches!(reply.code, 500 | 502) || exchange.kind != Kind::Command || exchange.inferred {
            continue;
        }
        let Some(verb) = exchange.verb else { continue };
        let required = verb.required.contains(&case.judging.edition);
        let mistyped = evidence::is_misspelt(exchange)
            || evidence::is_long(exchange)
            || evidence::is_out_of_order(case, exchange);
        if !required || mistyped || !evidence::is_plain(exchange) || !case.is_sure() {
            continue;
        }
        // Most servers hide their users from VRFY, and 502 is in its list of codes.
        let usual = verb.id == VerbId::Vrfy && reply.code == 502;
        findings
            .on_reply(
                reply,
                format!(
                    "the server answered {} to {}, which every server must have",
                    reply.code,
                    quoted(verb.name.as_bytes())
                ),
            )
            .help(match verb.id {
                VerbId::Ehlo => "send HELO instead, and look for a firewall that inspects SMTP",
                VerbId::Vrfy => "answer 252 to VRFY where users are not to be told",
                _ => "look for a firewall that inspects SMTP, or mend the server",
            })
            .severity(if usual { Severity::Note } else { Severity::Warning })
            .done();
    }
}
