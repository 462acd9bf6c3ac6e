//! Reply code and enhanced code begin with the same digit.

use super::evidence;
use crate::rules::{Case, Findings, Told, Wakes, quoted, rule};

rule! {
    /// The enhanced status code begins with another digit than the reply code.
    ///
    /// 2 is success, 4 a refusal for now, 5 a refusal for good, in both. Where they differ, one program tries again
    /// and the other one bounces the same mail.
    ///
    /// ## What to do
    /// Mend the server or filter: the two first digits have to be the same.
    ///
    /// ## Flags
    /// ```smtp
    ///   S: 220 mx.example.net ESMTP
    ///   C: EHLO client.example
    ///   S: 250-mx.example.net
    ///   S: 250 SIZE 10240000
    ///   C: MAIL FROM:<a@client.example>
    ///   S: 250 2.1.0 Ok
    ///   C: RCPT TO:<b@example.net>
    /// ! S: 550 4.2.2 mailbox full
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
    ///   S: 452 4.2.2 mailbox full
    ///   C: QUIT
    ///   S: 221 2.0.0 Bye
    /// ```
    "enhanced-code-mismatch", Reply, Warning, Server,
    ["RFC 2034 §4", "RFC 3463 §3.1", "RFC 5248 §2.4"], ALL_EDITIONS,
    check, wakes: Wakes::line(disagrees)
}

fn disagrees(told: &Told<'_>) -> bool {
    told.parsed
        .and_then(|line| line.enhanced)
        .is_some_and(|code| code.wellformed && u16::from(code.class) != told.code() / 100)
}

fn check(case: &Case<'_, '_>, findings: &mut Findings<'_, '_>) {
    for (exchange, reply) in evidence::replies(case) {
        if !matches!(reply.class(), 2 | 4 | 5) || !evidence::wants_enhanced(exchange, reply) {
            continue;
        }
        let code = case
            .session
            .reply_lines(reply)
            .filter_map(|(_, line, _)| line?.enhanced)
            .find(|code| code.wellformed && u16::from(code.class) != reply.class());
        let Some(code) = code else { continue };
        findings
            .on(
                code.raw,
                format!(
                    "the reply code is {}, but the enhanced code is {}",
                    reply.code,
                    quoted(code.raw)
                ),
            )
            .help("both have to begin with the same digit: 4 for later, 5 for never")
            .done();
    }
}
