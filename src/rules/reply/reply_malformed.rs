//! A reply is three digits, a space or hyphen, and text.

use super::evidence;
use crate::{
    grammar::reply::Separator,
    protocol::codes,
    rules::{Case, Confidence, Findings, Told, Wakes, quoted, rule},
    session::Kind,
    transcript::Method,
};

rule! {
    /// A reply does not have the form of a reply.
    ///
    /// A reply begins with three digits, of which the first is 2 to 5 and the second 0 to 5, and goes on with a
    /// space, or with a hyphen where more lines follow. Clients read the first digit; what is not one, they take
    /// for a broken server, or wait for ever.
    ///
    /// ## What to do
    /// Mend the server, or the filter that writes the text of the reply.
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
    /// ! S: 571 5.7.1 delivery not authorized
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
    ///   S: 550 5.7.1 delivery not authorized
    ///   C: QUIT
    ///   S: 221 2.0.0 Bye
    /// ```
    "reply-malformed", Reply, Warning, Server,
    ["RFC 821 §4.2", "RFC 2821 §4.2", "RFC 5321 §4.2"], ALL_EDITIONS,
    check, wakes: Wakes::line(may_be_malformed)
}

fn may_be_malformed(told: &Told<'_>) -> bool {
    told.parsed.is_none_or(|line| {
        !codes::in_grammar(line.code)
            || matches!(line.separator, Separator::Missing | Separator::Tab)
    })
}

fn check(case: &Case<'_, '_>, findings: &mut Findings<'_, '_>) {
    let marked = case.session.transcript.method == Method::Marked;
    for (exchange, reply) in evidence::replies(case) {
        let asked = matches!(exchange.kind, Kind::Command | Kind::Message);
        if reply.code == 0 && marked && asked && !exchange.hidden && is_words(reply.text) {
            findings
                .on_reply(reply, "the reply has no code")
                .help("a reply is a code from 200 to 559, a space or hyphen, and text")
                .confidence(Confidence::Likely)
                .done();
            continue;
        }
        for (turn, line, text) in case.session.reply_lines(reply) {
            let Some(line) = line else { continue };
            let why = if !codes::in_grammar(line.code) {
                match line.code / 100 {
                    2..=5 => "its second digit is not 0 to 5",
                    1 => "no reply of SMTP begins with 1",
                    _ => "its first digit is not 2 to 5",
                }
            } else if line.separator == Separator::Missing && !text.is_empty() {
                "nothing parts the code from the text"
            } else if line.separator == Separator::Tab && marked {
                "a tab follows the code instead of a space"
            } else {
                continue;
            };
            let code = quoted(line.code_text);
            findings
                .on_turn(turn, format!("the reply {code} is malformed: {why}"))
                .help("a reply is a code from 200 to 559, a space or hyphen, and text")
                .done();
            break;
        }
    }
}

/// Words, and not what a recorder put in the place of a reply: `...`, `(null)`, `<timeout>`.
fn is_words(text: &[u8]) -> bool {
    let text = text.trim_ascii();
    // An enhanced code that stands alone.
    let coded = matches!(text, [b'2' | b'4' | b'5', b'.', b'0'..=b'9', ..]);
    (coded || text.first().is_some_and(u8::is_ascii_alphabetic)) && !text.contains(&b'<')
}
