//! Source routes are obsolete.

use super::evidence;
use crate::rules::{Case, Findings, Wakes, quoted, rule};

rule! {
    /// An address has a source route.
    ///
    /// `<@one.example,@two.example:user@three.example>` once said which hosts to pass. Servers ignore the route or
    /// refuse it; today it is mostly found in tests for open relays.
    ///
    /// ## What to do
    /// Send the address without the route.
    ///
    /// ## Flags
    /// ```smtp also=relay-trick
    ///   S: 220 mx.example.net ESMTP
    ///   C: EHLO client.example
    ///   S: 250-mx.example.net
    ///   S: 250 SIZE 10240000
    ///   C: MAIL FROM:<a@client.example>
    ///   S: 250 2.1.0 Ok
    /// ! C: RCPT TO:<@relay.example.net:b@example.net>
    ///   S: 250 2.1.5 Ok
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
    ///   S: 250 2.1.5 Ok
    ///   C: QUIT
    ///   S: 221 2.0.0 Bye
    /// ```
    "source-route", Syntax, Note, Client,
    ["RFC 1123 §5.2.6", "RFC 2821 §F.2", "RFC 5321 §C", "RFC 5321 §F.2"], SINCE_2821,
    check, wakes: Wakes::ODD_COMMAND
}

fn check(case: &Case<'_, '_>, findings: &mut Findings<'_, '_>) {
    for (_, said, argument) in evidence::paths(case) {
        if argument.path.route.is_empty() {
            continue;
        }
        findings
            .on_command(said, format!("{} has a source route", quoted(argument.path.content)))
            .help("send the address without the route")
            .done();
    }
}
