//! Each reply answers its own command, not the one before.

use crate::{
    protocol::{
        replies::{self, Allowed, Phase},
        verbs::VerbId,
    },
    rules::{Case, Confidence, Findings, Wakes, findings::spot_of_turns, rule},
    session::{Exchange, Kind},
};

rule! {
    /// From some point on, each reply answers the command before its own.
    ///
    /// Somebody lost count: a reply too many came, or a client went on before a late one. From there on every reply
    /// is read as the answer to the wrong command, and a refusal may pass for a success.
    ///
    /// ## What to do
    /// Look at the line where it began: a second reply to one command, a proxy that answers for the server, or a
    /// client that does not read whole replies.
    ///
    /// ## Flags
    /// ```smtp also=reply-code-unexpected,text-contradicts-code,data-before-rcpt,out-of-order-accepted,reply-missing,reply-unsolicited,pipelining-unadvertised,pipelining-past-barrier
    ///   S: 220 mx.example.net ESMTP
    ///   C: EHLO client.example
    ///   S: 250-mx.example.net
    ///   S: 250 SIZE 10240000
    ///   C: MAIL FROM:<a@client.example>
    ///   S: 250 SIZE 10240000
    /// ! C: RCPT TO:<b@example.net>
    ///   S: 250 2.1.0 Sender ok
    ///   C: DATA
    ///   S: 250 2.1.5 Recipient ok
    ///   C: QUIT
    ///   S: 354 go ahead
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
    "replies-out-of-step", Order, Error, Server,
    ["RFC 821 §4.3", "RFC 2821 §4.3.1", "RFC 5321 §4.3.1", "RFC 2920 §3.1"], ALL_EDITIONS,
    check, wakes: Wakes::UNUSUAL_CODE
}

/// How well a code answers a command.
fn fits(case: &Case<'_, '_>, of: &Exchange<'_>, reply: &Exchange<'_>) -> bool {
    let code = reply.code();
    let id = of.id().unwrap_or(VerbId::Other);
    let phase = match of.kind {
        Kind::Message => Phase::Data,
        Kind::Auth => Phase::Exchange,
        Kind::Greeting | Kind::Command | Kind::Unsolicited => Phase::Command,
    };
    let id = match of.kind {
        Kind::Message => VerbId::Data,
        Kind::Auth => VerbId::Auth,
        _ => id,
    };
    // A refusal may answer nearly anything: only what goes on or closes tells.
    matches!(code / 100, 4 | 5)
        || !matches!(replies::allowed(id, phase, case.judging.edition, code), Allowed::No)
}

/// Codes that answer one command only.
const fn tells(code: u16) -> bool {
    matches!(code, 354 | 334 | 235 | 221)
}

/// The command that a text names by its usual words.
fn names(text: &[u8]) -> Option<VerbId> {
    let text = text.to_ascii_lowercase();
    let has = |words: &str| memchr::memmem::find(&text, words.as_bytes()).is_some();
    if has("2.1.0") || has("sender") {
        Some(VerbId::Mail)
    } else if has("2.1.5") || has("recipient") {
        Some(VerbId::Rcpt)
    } else {
        None
    }
}

fn check(case: &Case<'_, '_>, findings: &mut Findings<'_, '_>) {
    let exchanges = &case.session.exchanges;
    let answered = |exchange: &&Exchange<'_>| {
        matches!(exchange.kind, Kind::Command | Kind::Auth | Kind::Message)
            && exchange.code() > 0
            && !exchange.inferred
            && exchange.command.is_some()
    };
    // A code that answers one command only stands behind the wrong one: rare, so ask that first.
    let wrong = exchanges
        .iter()
        .filter(answered)
        .filter(|exchange| tells(exchange.code()) && !fits(case, exchange, exchange))
        .count();
    if wrong == 0 || !case.is_sure() {
        return;
    }
    let row: Vec<&Exchange<'_>> = exchanges.iter().filter(answered).collect();
    // The longest tail in which every reply fits the command before, and none says otherwise.
    let mut begins = row.len();
    for place in (1..row.len()).rev() {
        let (Some(before), Some(exchange)) = (row.get(place - 1), row.get(place)) else { break };
        let own = fits(case, exchange, exchange);
        let meant = exchange.reply.as_ref().and_then(|reply| names(reply.text));
        if !fits(case, before, exchange) || (own && meant.is_none_or(|id| before.id() != Some(id)))
        {
            break;
        }
        begins = place;
    }
    let tail = row.get(begins..).unwrap_or_default();
    let own = tail.iter().filter(|exchange| !fits(case, exchange, exchange));
    let telling = own.clone().filter(|exchange| tells(exchange.code()));
    if own.count() < 2 || telling.count() < 1 {
        return;
    }
    let Some(first) = tail.first() else { return };
    let raised = findings
        .on_exchange(first, "from here on each reply answers the command before its own")
        .help(
            "find the reply too many: every later reply is read as the answer to the wrong command",
        )
        .confidence(Confidence::Likely);
    match row.get(begins.wrapping_sub(1)).and_then(|before| before.reply.as_ref()) {
        Some(reply) => raised
            .evidence(
                spot_of_turns(case.session, reply.turns.clone()),
                "the reply too many came here, or before",
            )
            .done(),
        None => raised.done(),
    }
}
