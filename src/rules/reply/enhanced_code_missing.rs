//! A server that offers enhanced status codes gives them.

use super::evidence;
use crate::rules::{Case, Findings, Of, Told, Wakes, rule};

rule! {
    /// ENHANCEDSTATUSCODES was offered, yet a reply has no enhanced status code.
    ///
    /// A server that offers them puts one into every 2xx, 4xx and 5xx reply but the greeting and the answers to HELO
    /// and EHLO. Often a filter or a proxy wrote the reply that lacks it.
    ///
    /// ## What to do
    /// Nothing urgent. The reply that lacks the code was probably not written by the server itself.
    ///
    /// ## Flags
    /// ```smtp
    ///   S: 220 mx.example.net ESMTP
    ///   C: EHLO client.example
    ///   S: 250-mx.example.net
    ///   S: 250 ENHANCEDSTATUSCODES
    ///   C: MAIL FROM:<a@client.example>
    ///   S: 250 2.1.0 Ok
    ///   C: RCPT TO:<b@example.net>
    /// ! S: 550 not wanted here
    ///   C: QUIT
    ///   S: 221 2.0.0 Bye
    /// ```
    /// ## Accepts
    /// ```smtp
    ///   S: 220 mx.example.net ESMTP
    ///   C: EHLO client.example
    ///   S: 250-mx.example.net
    ///   S: 250 ENHANCEDSTATUSCODES
    ///   C: MAIL FROM:<a@client.example>
    ///   S: 250 2.1.0 Ok
    ///   C: RCPT TO:<b@example.net>
    ///   S: 250 2.1.5 Ok
    ///   C: DATA
    ///   S: 354 go ahead
    ///   C: From: a@client.example
    ///   C: Date: Mon, 1 Jan 2024 12:00:00 +0000
    ///   C: Subject: test
    ///   C:
    ///   C: hello
    ///   C: .
    ///   S: 250 2.0.0 Ok: queued as 12345
    ///   C: QUIT
    ///   S: 221 2.0.0 Bye
    /// ```
    "enhanced-code-missing", Reply, Note, Server,
    ["RFC 2034 §4"], ALL_EDITIONS,
    check, wakes: Wakes::line(may_lack)
}

fn may_lack(told: &Told<'_>) -> bool {
    told.of == Of::Other
        && matches!(told.code() / 100, 2 | 4 | 5)
        && told.parsed.is_some_and(|line| line.enhanced.is_none())
}

fn check(case: &Case<'_, '_>, findings: &mut Findings<'_, '_>) {
    if !case.session.offers.iter().any(|offer| offer.has("ENHANCEDSTATUSCODES")) {
        return;
    }
    for (exchange, reply) in evidence::replies(case) {
        if !matches!(reply.class(), 2 | 4 | 5) || !evidence::wants_enhanced(exchange, reply) {
            continue;
        }
        let offered =
            case.session.offer(exchange).is_some_and(|offer| offer.has("ENHANCEDSTATUSCODES"));
        let has = case
            .session
            .reply_lines(reply)
            .any(|(_, line, _)| line.is_none_or(|line| line.enhanced.is_some()));
        if !offered || has || evidence::is_redacted(reply.text) {
            continue;
        }
        findings
            .on_reply(reply, "the reply has no enhanced status code, though the server offers them")
            .help("look for a filter or proxy that wrote this reply")
            .done();
    }
}
