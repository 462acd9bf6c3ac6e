//! A client waits for the greeting before it says anything.

use super::groups;
use crate::{
    rules::{Case, Confidence, Findings, rule},
    session::Kind,
    transcript::Method,
};

rule! {
    /// The client spoke before the server's greeting.
    ///
    /// The server speaks first. Many servers hold their greeting back for a few seconds on purpose: mail programs
    /// wait, most spam software does not, and whoever talks early is refused or listed. Only Exim's PIPECONNECT
    /// allows it, and only to a client that has been there before.
    ///
    /// ## What to do
    /// Wait for the whole 220 reply before the first command. In a script that pipes commands into telnet or
    /// netcat, read each reply before the next line goes out.
    ///
    /// ## Flags
    /// ```smtp
    /// ! C: EHLO client.example
    ///   S: 220 mx.example.net ESMTP
    ///   S: 250 mx.example.net
    ///   C: QUIT
    ///   S: 221 2.0.0 Bye
    /// ```
    /// ## Accepts
    /// ```smtp
    ///   S: 220 mx.example.net ESMTP
    ///   C: EHLO client.example
    ///   S: 250-mx.example.net
    ///   S: 250 SIZE 10240000
    ///   C: QUIT
    ///   S: 221 2.0.0 Bye
    /// ```
    "command-before-greeting", Order, Warning, Client,
    ["RFC 821 §4.3", "RFC 2821 §4.3.1", "RFC 5321 §4.3.1"], ALL_EDITIONS,
    check
}

fn check(case: &Case<'_, '_>, findings: &mut Findings<'_, '_>) {
    let Some(greeting) = case.session.greeting() else { return };
    if greeting.is_refusal() && groups::complains(greeting.text) {
        findings
            .on_reply(greeting, "the server says that the client spoke before the greeting")
            .help("wait for the 220 before the first command")
            .done();
    }
    let begun = greeting.turns.start;
    let early = case.exchanges().find_map(|(_, exchange)| {
        let said = exchange.command.as_ref()?;
        (exchange.kind == Kind::Command && said.turns.end <= begun && !said.turns.is_empty())
            .then_some(said)
    });
    let Some(said) = early.filter(|_| case.is_sure()) else { return };
    let marked = case.session.transcript.method == Method::Marked;
    findings
        .on_command(said, "the client spoke before the server had greeted it")
        .help("wait for the 220 before the first command")
        .confidence(if marked { Confidence::Certain } else { Confidence::Likely })
        .done();
}
