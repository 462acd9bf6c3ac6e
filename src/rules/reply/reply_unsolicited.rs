//! A server speaks when it was asked.

use crate::{
    rules::{Case, Confidence, Findings, Wakes, rule},
    session::{Kind, Reply},
    transcript::{Fact, Method},
};

rule! {
    /// A reply came that answers nothing.
    ///
    /// A server speaks first, and then once for each command; only 421 may come unasked. A client takes a stray
    /// reply for the answer to its next command.
    ///
    /// ## What to do
    /// See whether two boxes answer the same command (a proxy and the server behind it), or whether the record left
    /// a command out.
    ///
    /// ## Flags
    /// ```smtp also=replies-out-of-step
    ///   S: 220 mx.example.net ESMTP
    ///   C: EHLO client.example
    ///   S: 250-mx.example.net
    ///   S: 250 SIZE 10240000
    ///   C: MAIL FROM:<a@client.example>
    ///   S: 250 2.1.0 Ok
    /// ! S: 250 2.1.0 Ok
    ///   C: QUIT
    ///   S: 221 2.0.0 Bye
    /// ```
    /// ## Accepts
    /// ```smtp also=replies-out-of-step
    ///   S: 220 mx.example.net ESMTP
    ///   C: EHLO client.example
    ///   S: 250-mx.example.net
    ///   S: 250 SIZE 10240000
    ///   C: MAIL FROM:<a@client.example>
    ///   S: 250 2.1.0 Ok
    ///   S: 421 4.4.2 mx.example.net timeout exceeded
    /// ```
    "reply-unsolicited", Reply, Warning, Server,
    ["RFC 821 §4.3", "RFC 2821 §4.3.1", "RFC 5321 §4.3.1", "RFC 5321 §3.8"], ALL_EDITIONS,
    check, wakes: Wakes::UNSOLICITED
}

fn check(case: &Case<'_, '_>, findings: &mut Findings<'_, '_>) {
    // Without marks, what nobody asked for may as well be an answer to a line that was left out.
    let marked = case.session.transcript.method == Method::Marked;
    if !case.is_sure() || !marked && !is_whole(case) {
        return;
    }
    let commands = case.exchanges().filter(|(_, exchange)| exchange.command.is_some()).count();
    let replies = case.exchanges().filter(|(_, exchange)| exchange.reply.is_some()).count();
    let hidden = |fact: &Fact| matches!(fact, Fact::Elision | Fact::LinesMissing(_));
    if commands * 2 < replies || case.session.transcript.facts().any(hidden) {
        return;
    }
    for (_, exchange) in case.exchanges().filter(|(_, exchange)| exchange.kind == Kind::Unsolicited)
    {
        let Some(reply) = &exchange.reply else { continue };
        if !marked && !follows_a_reply(case, reply) {
            continue;
        }
        let text = reply.text.trim_ascii_start();
        if exchange.inferred || matches!(reply.code, 0 | 421) || text.starts_with(b"4.4.2") {
            continue;
        }
        findings
            .on_reply(reply, format!("the reply {} answers nothing", reply.code))
            .help("look for a second box that answers, or for a command that the record leaves out")
            .confidence(Confidence::Likely)
            .done();
    }
}

/// Whether a terminal's record is whole: from the connection to its end, every command with its reply, and
/// no more than one reply over.
fn is_whole(case: &Case<'_, '_>) -> bool {
    let session = case.session;
    let told = |is: fn(&Fact) -> bool| session.transcript.facts().any(is);
    let begins = told(|fact| matches!(fact, Fact::Opening | Fact::Opened));
    let ends = told(|fact| matches!(fact, Fact::Closed(_)));
    let over = session
        .exchanges
        .iter()
        .filter(|exchange| exchange.kind == Kind::Unsolicited && exchange.code() != 421);
    begins
        && ends
        && session.greeting().is_some()
        && over.count() == 1
        && session.exchanges.iter().all(|exchange| exchange.reply.is_some() && !exchange.inferred)
}

/// Whether a reply stands directly below the reply to a command that needs but one.
fn follows_a_reply(case: &Case<'_, '_>, reply: &Reply<'_>) -> bool {
    let mut before = case.session.exchanges.iter().filter(|exchange| {
        exchange.reply.as_ref().is_some_and(|other| other.turns.end == reply.turns.start)
    });
    before.any(|exchange| exchange.kind == Kind::Command && !(300..400).contains(&exchange.code()))
}
