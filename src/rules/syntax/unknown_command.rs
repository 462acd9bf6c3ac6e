//! A verb that is defined nowhere.

use super::evidence;
use crate::{
    grammar::{Foreign, foreign},
    protocol::{
        order::State,
        verbs::{self, Verb, VerbId},
    },
    rules::{Case, Confidence, Findings, Wakes, quoted, rule},
    session::Exchange,
    transcript::Method,
};

rule! {
    /// The client sent a verb that no RFC defines.
    ///
    /// Mostly it is a slip of the fingers (`HELLO`, `RCTP`), another command's form (`MAIL TO`), or a line of the
    /// message that ran as a command because DATA had been refused. LMTP has LHLO instead of HELO and EHLO.
    ///
    /// ## What to do
    /// Send the command that was meant. If a whole message ran as commands, look at the reply to DATA.
    ///
    /// ## Flags
    /// ```smtp
    ///   S: 220 mx.example.net ESMTP
    /// ! C: HELLO client.example
    ///   S: 500 5.5.2 Error: command not recognized
    ///   C: QUIT
    ///   S: 221 2.0.0 Bye
    /// ```
    /// ## Accepts
    /// ```smtp
    ///   S: 220 mx.example.net ESMTP
    ///   C: helo client.example
    ///   S: 250 mx.example.net
    ///   C: QUIT
    ///   S: 221 2.0.0 Bye
    /// ```
    "unknown-command", Syntax, Warning, Client,
    ["RFC 821 §4.1.1", "RFC 2821 §4.1.1", "RFC 5321 §4.1.1"], ALL_EDITIONS,
    check, wakes: Wakes::ODD_COMMAND.or(Wakes::NEGATIVE)
}

fn check(case: &Case<'_, '_>, findings: &mut Findings<'_, '_>) {
    let marked = case.session.transcript.method == Method::Marked;
    if marked && case.is_sure() {
        lone_dots(case, findings);
    }
    for (exchange, said) in evidence::commands(case) {
        let parsed = &said.parsed;
        if let Some((typed, meant)) = swapped(exchange) {
            findings
                .on_command(said, format!("there is no command {}", quoted(typed.as_bytes())))
                .help(format!("`{meant}` was probably meant"))
                .party(evidence::who(case))
                .done();
            continue;
        }
        if is_hello_to_lmtp(case, exchange) {
            findings
                .on_command(said, format!("LMTP has no command {}", quoted(parsed.verb)))
                .help("send LHLO: the server speaks LMTP (RFC 2033)")
                .party(evidence::who(case))
                .done();
            continue;
        }
        // A verb of old servers that the table knows is defined nowhere all the same.
        if parsed.known.is_some_and(Verb::is_smtp) || !is_word(parsed.verb) {
            continue;
        }
        if evidence::is_redacted(parsed.line) || is_foreign(parsed.line) {
            continue;
        }
        let meant = verbs::nearest(parsed.verb);
        let refused = matches!(exchange.code(), 500..=504);
        // A private extension that the server knows is between the two of them.
        let private = parsed.verb.first().is_some_and(|octet| octet.eq_ignore_ascii_case(&b'X'));
        let taken = marked && !private && exchange.accepted() && parsed.known.is_none();
        let slip = meant.is_some() && exchange.code() > 0 && parsed.known.is_none();
        if !refused && !taken && !slip {
            continue;
        }
        let help = match meant {
            Some(verb) => format!("`{}` was probably meant", verb.name),
            None => "send a command that the server knows; HELP may list them".to_owned(),
        };
        findings
            .on_command(said, format!("there is no command {}", quoted(parsed.verb)))
            .help(help)
            .party(evidence::who(case))
            .confidence(if meant.is_some() || refused {
                Confidence::Certain
            } else {
                Confidence::Likely
            })
            .done();
    }
}

/// The end of data where no data was begun: for the server a command like any other.
fn lone_dots(case: &Case<'_, '_>, findings: &mut Findings<'_, '_>) {
    for (exchange, said) in evidence::commands(case) {
        let refused = matches!(exchange.code(), 500 | 502 | 503);
        if said.parsed.line != b"."
            || !refused
            || exchange.hidden
            || exchange.standing.state == State::Data
        {
            continue;
        }
        findings
            .on_command(said, "`.` ends data that nobody had begun; as a command there is none")
            .help("send DATA first, and the dot only behind a message")
            .party(evidence::who(case))
            .confidence(Confidence::Likely)
            .done();
    }
}

/// HELO or EHLO, refused by a server that says that it speaks LMTP (RFC 2033 §4.1).
fn is_hello_to_lmtp(case: &Case<'_, '_>, exchange: &Exchange<'_>) -> bool {
    let hello = exchange.is(VerbId::Helo) || exchange.is(VerbId::Ehlo);
    if !hello || !matches!(exchange.code(), 500..=504) {
        return false;
    }
    case.speaks_lmtp()
}

/// `MAIL TO`, `RCPT FROM`: the words of one command behind the verb of another.
fn swapped(exchange: &Exchange<'_>) -> Option<(&'static str, &'static str)> {
    let said = exchange.command.as_ref()?;
    let keyword = said.parsed.path()?.keyword;
    if said.parsed.name() == b"MAIL" && keyword.eq_ignore_ascii_case(b"TO") {
        Some(("MAIL TO", "RCPT TO"))
    } else if said.parsed.name() == b"RCPT" && keyword.eq_ignore_ascii_case(b"FROM") {
        Some(("RCPT FROM", "MAIL FROM"))
    } else {
        None
    }
}

/// Whether it begins as a word: comments and rulers do not.
fn is_word(verb: &[u8]) -> bool {
    verb.first().is_some_and(|octet| !b"#>=-*.(<".contains(octet))
}

/// A handshake of another protocol is no misspelt command.
fn is_foreign(line: &[u8]) -> bool {
    matches!(foreign::foreign(line), Some(Foreign::Tls | Foreign::Ssh))
}
