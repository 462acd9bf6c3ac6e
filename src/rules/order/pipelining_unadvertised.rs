//! Only a server that offers PIPELINING takes several commands at once.

use super::groups;
use crate::rules::{Case, Findings, Wakes, rule};

rule! {
    /// Commands were sent without waiting for the replies, though the server does not offer PIPELINING.
    ///
    /// Without that offer a client waits for each reply. Servers may throw away what comes too early, answer it out
    /// of step, or take the client for spam software.
    ///
    /// ## What to do
    /// Wait for each reply; or find out why the server does not offer PIPELINING.
    ///
    /// ## Flags
    /// ```smtp
    ///   S: 220 mx.example.net ESMTP
    ///   C: EHLO client.example
    ///   S: 250-mx.example.net
    ///   S: 250 SIZE 10240000
    ///   C: MAIL FROM:<a@client.example>
    /// ! C: RCPT TO:<b@example.net>
    ///   S: 250 2.1.0 Ok
    ///   S: 250 2.1.5 Ok
    ///   C: QUIT
    ///   S: 221 2.0.0 Bye
    /// ```
    /// ## Accepts
    /// ```smtp
    ///   S: 220 mx.example.net ESMTP
    ///   C: EHLO client.example
    ///   S: 250-mx.example.net
    ///   S: 250 PIPELINING
    ///   C: MAIL FROM:<a@client.example>
    ///   C: RCPT TO:<b@example.net>
    ///   S: 250 2.1.0 Ok
    ///   S: 250 2.1.5 Ok
    ///   C: QUIT
    ///   S: 221 2.0.0 Bye
    /// ```
    "pipelining-unadvertised", Order, Warning, Client,
    ["RFC 2920 §3.1", "RFC 821 §4.3", "RFC 2821 §4.3.1", "RFC 5321 §4.3.1"], ALL_EDITIONS,
    check, wakes: Wakes::PIPELINED
}

fn check(case: &Case<'_, '_>, findings: &mut Findings<'_, '_>) {
    for (_, exchange) in groups::followers(case) {
        if groups::offers_pipelining(case, exchange) != Some(false) {
            continue;
        }
        findings
            .on_exchange(
                exchange,
                "the client did not wait for the reply before, and PIPELINING was not offered",
            )
            .help("wait for each reply where the server does not offer PIPELINING")
            .party(groups::who(case))
            .done();
    }
}
