//! 500, 501, 502 and 503 each say something else.

use super::evidence;
use crate::{
    rules::{Case, Confidence, Findings, Wakes, quoted, rule},
    session::Kind,
};

rule! {
    /// The reply code says another thing than what was wrong with the command.
    ///
    /// 500 is for a verb that the server does not know, 501 for bad arguments, 502 for a verb that it knows and does
    /// not implement, 503 for a command out of order. A client that gets the wrong one gives up an extension that
    /// works, or repeats what cannot work.
    ///
    /// ## What to do
    /// Mend the server. A client can only go by the text.
    ///
    /// ## Flags
    /// ```smtp also=hello-missing
    ///   S: 220 mx.example.net ESMTP
    ///   C: MAIL FROM:<a@client.example>
    /// ! S: 502 5.5.1 say hello first
    ///   C: QUIT
    ///   S: 221 2.0.0 Bye
    /// ```
    /// ## Accepts
    /// ```smtp also=hello-missing
    ///   S: 220 mx.example.net ESMTP
    ///   C: MAIL FROM:<a@client.example>
    ///   S: 503 5.5.1 say hello first
    ///   C: QUIT
    ///   S: 221 2.0.0 Bye
    /// ```
    /// ```smtp also=path-brackets-missing,sender-rejected,rcpt-before-mail
    ///   S: 220 mx.example.net ESMTP
    ///   C: EHLO client.example
    ///   S: 250 mx.example.net
    ///   C: MAIL FROM:a@client.example
    ///   S: 550 5.7.1 not from there
    ///   C: RCPT TO:b@example.net
    ///   S: 500 5.5.1 what?
    ///   C: QUIT
    ///   S: 221 2.0.0 Bye
    /// ```
    "reply-code-misused", Reply, Warning, Server,
    ["RFC 821 §4.2.2", "RFC 2821 §4.2.4", "RFC 5321 §4.2.4", "RFC 5321 §4.3.2"], ALL_EDITIONS,
    check, wakes: Wakes::NEGATIVE
}

fn check(case: &Case<'_, '_>, findings: &mut Findings<'_, '_>) {
    for (exchange, reply) in evidence::replies(case) {
        if !matches!(reply.code, 500 | 502 | 503) || exchange.kind != Kind::Command {
            continue;
        }
        let Some(said) = &exchange.command else { continue };
        let standing = exchange.standing;
        let known = exchange.verb.filter(|verb| verb.is_smtp());
        let verb = quoted(said.parsed.name());
        let (wrong, right) = match (reply.code, known) {
            (502, Some(_))
                if evidence::is_out_of_order(case, exchange) && !standing.turned_away =>
            {
                (
                    format!(
                        "502 says that {verb} is not implemented, but it was only out of order"
                    ),
                    503,
                )
            }
            (503, None)
                if !standing.turned_away
                    && said.parsed.known.is_none()
                    && is_word(said.parsed.verb) =>
            {
                (format!("503 says that {verb} is out of order, but no such command exists"), 500)
            }
            (500, Some(verb))
                if evidence::is_misspelt(exchange)
                    && !evidence::is_long(exchange)
                    && !evidence::is_out_of_order(case, exchange) =>
            {
                (
                    format!(
                        "500 says that {} is not known, but only its argument is wrong",
                        quoted(verb.name.as_bytes())
                    ),
                    501,
                )
            }
            _ => continue,
        };
        findings
            .on_reply(reply, wrong)
            .help(format!("the code for this is {right}"))
            .confidence(Confidence::Likely)
            .done();
    }
}

/// Letters only: what a person or program meant as a verb.
fn is_word(verb: &[u8]) -> bool {
    (3..=12).contains(&verb.len()) && verb.iter().all(u8::is_ascii_alphabetic)
}
