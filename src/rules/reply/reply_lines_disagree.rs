//! All lines of a reply have the same code.

use super::evidence;
use crate::rules::{Case, Findings, Wakes, rule};

rule! {
    /// The lines of one reply have different codes.
    ///
    /// Every line of a reply repeats the same code. Clients differ in which one they believe, the first or the last;
    /// so the same reply can be a success to one and a failure to another.
    ///
    /// ## What to do
    /// Mend the server, or the filter that adds lines to its replies.
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
    /// ! S: 250-2.1.5 Ok
    ///   S: 251 2.1.5 will forward
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
    ///   S: 250-2.1.5 Ok
    ///   S: 250 2.1.5 will forward
    ///   C: QUIT
    ///   S: 221 2.0.0 Bye
    /// ```
    "reply-lines-disagree", Reply, Warning, Server,
    ["RFC 821 §4.2", "RFC 2821 §4.2.1", "RFC 5321 §4.2.1"], ALL_EDITIONS,
    check, wakes: Wakes::DISAGREEING
}

fn check(case: &Case<'_, '_>, findings: &mut Findings<'_, '_>) {
    for (_, reply) in evidence::replies(case).filter(|(_, reply)| reply.turns.len() > 1) {
        let mut lines = case.session.reply_lines(reply).filter_map(|(_, line, _)| line);
        let Some(other) = lines.find(|line| line.code != reply.code) else { continue };
        findings
            .on_reply(
                reply,
                format!("one line of the reply says {}, another {}", reply.code, other.code),
            )
            .help("every line of a reply repeats the same code")
            .done();
    }
}
