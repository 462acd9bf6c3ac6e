//! Some commands end a group.

use super::groups;
use crate::{
    protocol::verbs::Pipelining,
    rules::{Case, Findings, Wakes, quoted, rule},
    session::Kind,
};

rule! {
    /// A command that must be the last of a group was followed by another before its reply.
    ///
    /// Even with PIPELINING the client waits after EHLO, DATA, VRFY, EXPN, TURN, QUIT, NOOP, STARTTLS and AUTH: what
    /// comes next depends on the reply, or its meaning does.
    ///
    /// ## What to do
    /// Wait for the reply to these commands. After DATA, wait for the 354 before the message.
    ///
    /// ## Flags
    /// ```smtp
    ///   S: 220 mx.example.net ESMTP
    ///   C: EHLO client.example
    ///   S: 250-mx.example.net
    ///   S: 250 PIPELINING
    ///   C: MAIL FROM:<a@client.example>
    ///   S: 250 2.1.0 Ok
    ///   C: RCPT TO:<b@example.net>
    ///   S: 250 2.1.5 Ok
    ///   C: DATA
    /// ! C: RSET
    ///   S: 354 go ahead
    ///   S: 250 2.0.0 Ok
    ///   C: QUIT
    ///   S: 221 2.0.0 Bye
    /// ```
    /// ## Accepts
    /// ```smtp
    ///   S: 220 mx.example.net ESMTP
    ///   C: EHLO client.example
    ///   S: 250-mx.example.net
    ///   S: 250 PIPELINING
    ///   C: MAIL FROM:<a@client.example>
    ///   C: RCPT TO:<b@example.net>
    ///   C: DATA
    ///   S: 250 2.1.0 Ok
    ///   S: 250 2.1.5 Ok
    ///   S: 354 go ahead
    ///   C: From: a@client.example
    ///   C: Date: Mon, 1 Jan 2024 12:00:00 +0000
    ///   C:
    ///   C: hello
    ///   C: .
    ///   S: 250 2.0.0 Ok: queued as 12345
    ///   C: QUIT
    ///   S: 221 2.0.0 Bye
    /// ```
    "pipelining-past-barrier", Order, Warning, Client,
    ["RFC 2920 §3.1", "RFC 3207 §4", "RFC 4954 §4"], ALL_EDITIONS,
    check, wakes: Wakes::PIPELINED.or(Wakes::NEGATIVE)
}

fn check(case: &Case<'_, '_>, findings: &mut Findings<'_, '_>) {
    for (_, exchange) in case.exchanges().filter(|(_, exchange)| exchange.code() / 100 == 5) {
        let Some(reply) = &exchange.reply else { continue };
        if exchange.kind != Kind::Greeting && groups::complains(reply.text) {
            findings
                .on_reply(reply, "the server says that the client did not wait for its reply")
                .help("wait for the reply to EHLO, DATA and QUIT before anything else is sent")
                .done();
        }
    }
    for (before, exchange) in groups::followers(case) {
        let Some(verb) = before.verb.filter(|verb| verb.pipelining == Pipelining::Last) else {
            continue;
        };
        findings
            .on_exchange(
                exchange,
                format!(
                    "the client did not wait for the reply to {}",
                    quoted(verb.name.as_bytes())
                ),
            )
            .help(format!("wait for the reply to {} before anything else", verb.name))
            .party(groups::who(case))
            .done();
    }
}
