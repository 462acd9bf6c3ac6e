//! HELO or EHLO comes before a transaction.

use super::evidence::{self, Cause};
use crate::rules::{Case, Findings, Wakes, quoted, rule};

rule! {
    /// A command that needs HELO or EHLO came before either was accepted.
    ///
    /// A client names itself before it opens a transaction, and asks with EHLO before it uses what an extension
    /// adds, such as AUTH. The server should answer 503; one that lets it pass will often refuse later, with less
    /// helpful words.
    ///
    /// ## What to do
    /// Send EHLO with the client's own host name after the greeting, and HELO if the server refuses that.
    ///
    /// ## Flags
    /// ```smtp
    ///   S: 220 mx.example.net ESMTP
    /// ! C: MAIL FROM:<a@client.example>
    ///   S: 503 5.5.1 Error: send HELO/EHLO first
    ///   C: QUIT
    ///   S: 221 2.0.0 Bye
    /// ```
    /// ## Accepts
    /// ```smtp
    ///   S: 220 mx.example.net ESMTP
    ///   C: VRFY postmaster
    ///   S: 252 2.0.0 postmaster
    ///   C: HELO client.example
    ///   S: 250 mx.example.net
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
    "hello-missing", Order, Warning, Client,
    ["RFC 821 §4.1.1", "RFC 2821 §4.1.4", "RFC 5321 §4.1.4", "RFC 4954 §4"], ALL_EDITIONS,
    check, wakes: Wakes::BREACH
}

fn check(case: &Case<'_, '_>, findings: &mut Findings<'_, '_>) {
    for breach in evidence::breaches(case).filter(|breach| breach.cause == Cause::HelloMissing) {
        let Some(said) = &breach.exchange.command else { continue };
        let verb = quoted(said.parsed.name());
        findings
            .on_command(said, format!("{verb} came before any HELO or EHLO was accepted"))
            .help("send EHLO with the client's host name first")
            .done();
    }
}
