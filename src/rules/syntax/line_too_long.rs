//! A command line has 512 octets, and what extensions add.

use super::evidence;
use crate::{
    protocol::{limits, verbs::VerbId},
    rules::{Case, Findings, Wakes, rule},
};

rule! {
    /// A command line is longer than the limit.
    ///
    /// 512 octets with CR LF are what every server has to take; each extension that the server offers adds some for
    /// its parameters. A server may answer 500 to more, or close the connection.
    ///
    /// ## What to do
    /// Shorten the line. A token for AUTH that is too long goes on a line of its own, after the server's 334.
    ///
    /// ## Flags
    /// ```smtp
    ///   S: 220 mx.example.net ESMTP
    ///   C: EHLO client.example
    ///   S: 250-mx.example.net
    ///   S: 250 SIZE 10240000
    /// ! C: NOOP aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa
    ///   S: 500 5.5.2 line too long
    ///   C: QUIT
    ///   S: 221 2.0.0 Bye
    /// ```
    /// ## Accepts
    /// ```smtp
    ///   S: 220 mx.example.net ESMTP
    ///   C: EHLO client.example
    ///   S: 250-mx.example.net
    ///   S: 250 SIZE 10240000
    ///   C: NOOP
    ///   S: 250 2.0.0 Ok
    ///   C: QUIT
    ///   S: 221 2.0.0 Bye
    /// ```
    "line-too-long", Syntax, Warning, Client,
    ["RFC 821 §4.5.3", "RFC 2821 §4.5.3.1", "RFC 5321 §4.5.3.1.4"], ALL_EDITIONS,
    check, wakes: Wakes::ODD_COMMAND
}

fn check(case: &Case<'_, '_>, findings: &mut Findings<'_, '_>) {
    // The limit without any extension: nearly all lines are told by it.
    const SHORT: usize = 500;
    for (exchange, said) in evidence::commands(case) {
        let Some(turn) = case.session.turn(said.turns.start).filter(|turn| turn.text.len() > SHORT)
        else {
            continue;
        };
        let octets = turn.text.len() + 2;
        let offer = case.session.offer(exchange);
        let offered = |keyword: &str| offer.is_some_and(|offer| offer.has(keyword));
        let limit = limits::command_line(exchange.id().unwrap_or(VerbId::Other), offered);
        if octets <= limit as usize {
            continue;
        }
        findings
            .on_turn(
                turn,
                format!("the line has {octets} octets with its end, {limit} are allowed"),
            )
            .help("shorten the line; the server need not take more")
            .party(evidence::who(case))
            .done();
    }
}
