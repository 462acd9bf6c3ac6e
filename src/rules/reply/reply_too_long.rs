//! A line of a reply has 512 octets at most.

use super::evidence;
use crate::{
    protocol::limits::{self, Object},
    rules::{Case, Findings, Wakes, rule},
    session::Kind,
    transcript::Label,
};

rule! {
    /// A line of a reply is longer than 512 octets.
    ///
    /// The limit counts the code and the line's end. A client may cut what is longer, or take it for an attack.
    ///
    /// ## What to do
    /// Break long texts into several lines of one reply.
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
    /// ! S: 550 5.7.1 aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa
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
    ///   S: 550 5.7.1 not here
    ///   C: QUIT
    ///   S: 221 2.0.0 Bye
    /// ```
    "reply-too-long", Reply, Warning, Server,
    ["RFC 821 §4.5.3", "RFC 2821 §4.5.3.1", "RFC 5321 §4.5.3.1.5"], ALL_EDITIONS,
    check, wakes: Wakes::line(|told| told.whole.len() > SHORT)
}

/// What every edition allows, and more: nearly all lines are told by it.
const SHORT: usize = 500;

fn check(case: &Case<'_, '_>, findings: &mut Findings<'_, '_>) {
    let Some(limit) = limits::of(Object::ReplyLine).limit(case.judging.edition) else { return };
    for (exchange, reply) in evidence::replies(case) {
        // A challenge may be as long as a line of an AUTH dialogue (RFC 4954 §4).
        let limit = match (exchange.kind, reply.code) {
            (Kind::Command | Kind::Auth, 334) => limits::AUTH_EXCHANGE_LINE,
            _ => limit,
        };
        let long = case
            .session
            .turns(reply.turns.clone(), Label::Reply)
            .find(|turn| turn.text.len() + 2 > limit as usize);
        let Some(turn) = long else { continue };
        let octets = turn.text.len() + 2;
        findings
            .on_turn(
                turn,
                format!("the line has {octets} octets with its end, {limit} are allowed"),
            )
            .help("break a long text into several lines of one reply")
            .done();
    }
}
