//! Code and text of a reply say the same.

use std::sync::LazyLock;

use super::evidence;
use crate::{
    grammar::Phrases,
    protocol::verbs::VerbId,
    rules::{Case, Confidence, Findings, Of, Told, Wakes, quoted, rule},
    session::{Exchange, Kind},
};

rule! {
    /// The text of a reply says something else than its code.
    ///
    /// A program goes by the code, a person by the text. `250 … rejected` makes the client believe that all is
    /// well; after `550 … try again later` it gives up although the server meant to be asked again.
    ///
    /// ## What to do
    /// Mend the server or filter: 2xx for what was done, 4xx for what may work later, 5xx for what will not.
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
    /// ! S: 550 5.7.1 Greylisted, please try again later
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
    ///   S: 450 4.7.1 Greylisted, please try again later
    ///   C: QUIT
    ///   S: 221 2.0.0 Bye
    /// ```
    "text-contradicts-code", Reply, Warning, Server,
    ["RFC 821 §4.2", "RFC 2821 §4.2.1", "RFC 5321 §4.2.1"], ALL_EDITIONS,
    check, wakes: Wakes::line(may_contradict)
}

/// Whether a line may hold words that its code contradicts; of a reply of several lines, the first of them.
fn may_contradict(told: &Told<'_>) -> bool {
    let (words, phrases) = match told.code() / 100 {
        2 => (REFUSED, &*SAYS_REFUSED),
        4 => (LASTING, &*SAYS_LASTING),
        5 => (PASSING, &*SAYS_PASSING),
        _ => return told.code() == 0,
    };
    let text = told.text.trim_ascii_end();
    let last = text.last().map(u8::to_ascii_lowercase);
    // The words of a phrase before each of its blanks, in the line before another one.
    let breaks_off = |phrase: &str| {
        memchr::memchr_iter(b' ', phrase.as_bytes())
            .filter_map(|end| phrase.as_bytes().get(..end))
            .filter(|start| start.last().copied() == last)
            .any(|start| {
                let tail = text.len().checked_sub(start.len()).and_then(|at| text.get(at..));
                tail.is_some_and(|tail| tail.eq_ignore_ascii_case(start))
            })
    };
    let goes_on = told.parsed.is_some_and(|line| line.continues());
    // A refusal may be the greeting's or the answer to EHLO as well.
    ((told.of == Of::Other || told.code() >= 400) && phrases.any(text))
        || (goes_on && words.iter().any(|it| breaks_off(it)))
}

/// Words of a refusal that no success has.
const REFUSED: &[&str] = &[
    "access denied",
    "relaying denied",
    "relay denied",
    "permission denied",
    "message rejected",
    "mail rejected",
    "message refused",
    "user unknown",
    "no such user",
    "unknown user",
    "mailbox unavailable",
    "not permitted",
    "not accepted",
];

/// Words of a refusal that will pass.
const PASSING: &[&str] = &[
    "try again later",
    "try later",
    "try again in",
    "please try again",
    "please retry",
    "retry later",
    "greylist",
    "graylist",
    "temporarily deferred",
    "temporarily rejected",
    "temporarily unavailable",
    "temporary failure",
    "temporary error",
];

/// Words of a refusal that will not.
const LASTING: &[&str] =
    &["permanently rejected", "permanent failure", "permanent error", "permanently refused"];

static SAYS_REFUSED: LazyLock<Phrases> = LazyLock::new(|| Phrases::new(REFUSED));
static SAYS_PASSING: LazyLock<Phrases> = LazyLock::new(|| Phrases::new(PASSING));
static SAYS_LASTING: LazyLock<Phrases> = LazyLock::new(|| Phrases::new(LASTING));

fn check(case: &Case<'_, '_>, findings: &mut Findings<'_, '_>) {
    for (exchange, reply) in evidence::replies(case) {
        let (words, phrases) = match reply.class() {
            2 if is_mail(exchange) => (REFUSED, &*SAYS_REFUSED),
            4 => (LASTING, &*SAYS_LASTING),
            5 => (PASSING, &*SAYS_PASSING),
            _ => continue,
        };
        let place = phrases.first(&case.session.reply_text(reply));
        let Some(found) = place.and_then(|place| words.get(place)) else { continue };
        findings
            .on_reply(
                reply,
                format!(
                    "the code is {}, but the text says {}",
                    reply.code,
                    quoted(found.as_bytes())
                ),
            )
            .help("make code and text agree: a client acts on the code alone")
            .confidence(Confidence::Likely)
            .done();
    }
}

/// Whether the reply decides about mail: banners, help and lists may hold any words.
fn is_mail(exchange: &Exchange<'_>) -> bool {
    exchange.kind == Kind::Message
        || matches!(exchange.id(), Some(VerbId::Mail | VerbId::Rcpt | VerbId::Data | VerbId::Bdat))
}
