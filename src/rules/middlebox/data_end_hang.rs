//! The final dot was never answered.

use super::fixup;
use crate::{
    rules::{Case, Confidence, Findings, Wakes, rule},
    session::{End, Kind},
    transcript::Fact,
};

rule! {
    /// The message was ended with its dot, and no reply came until the connection broke.
    ///
    /// Old Cisco inspection loses the end of the message where the dot and its line ending come in
    /// different packets (`CSCds90792`); so do some proxies that scan before they answer. The client sends
    /// the message again, and the recipient gets it many times.
    ///
    /// ## What to do
    /// Look for an inspecting firewall or a scanning proxy in front of the server; give the client the
    /// ten minutes that RFC 5321 §4.5.3.2.6 asks for. Postfix: `smtp_pix_workarounds`.
    ///
    /// ## Flags
    /// ```smtp also=connection-lost,fixup-banner
    ///   Trying 192.0.2.1...
    ///   Connected to mx.example.net.
    ///   Escape character is '^]'.
    ///   220 ************************************
    ///   HELO client.example
    ///   250 mx.example.net
    ///   MAIL FROM:<a@client.example>
    ///   250 ok
    ///   RCPT TO:<b@example.net>
    ///   250 ok
    ///   DATA
    ///   354 go ahead
    ///   From: a@client.example
    ///   Date: Mon, 23 Nov 2026 10:00:00 +0000
    ///   Subject: test
    ///
    ///   hello
    /// ! .
    ///   Connection closed by foreign host.
    /// ```
    /// ## Accepts
    /// ```smtp
    ///   220 mx.example.net ESMTP
    ///   HELO client.example
    ///   250 mx.example.net
    ///   MAIL FROM:<a@client.example>
    ///   250 ok
    ///   RCPT TO:<b@example.net>
    ///   250 ok
    ///   DATA
    ///   354 go ahead
    ///   Subject: test
    ///
    ///   hello
    ///   .
    ///   250 queued
    ///   QUIT
    ///   221 Bye
    /// ```
    "data-end-hang", Middlebox, Warning, Middlebox,
    ["RFC 5321 §4.5.3.2.6", "RFC 2821 §4.5.3.2"], ALL_EDITIONS,
    check, wakes: Wakes::UNANSWERED
}

fn check(case: &Case<'_, '_>, findings: &mut Findings<'_, '_>) {
    let session = case.session;
    let unanswered = case.exchanges().find(|(_, exchange)| {
        exchange.kind == Kind::Message && exchange.reply.is_none() && exchange.command.is_some()
    });
    let Some((_, exchange)) = unanswered else { return };
    let Some(message) = session.transactions.iter().filter_map(|t| t.message.as_ref()).next_back()
    else {
        return;
    };
    let timed_out = session.transcript.facts().any(|fact| *fact == Fact::TimedOut);
    let inspected = fixup::is_inspected(session);
    if !message.complete || !(timed_out || inspected) || !matches!(session.end, End::Closed(_)) {
        return;
    }
    let Some(said) = &exchange.command else { return };
    let dot = session.turn(said.turns.end.saturating_sub(1));
    let Some(dot) = dot else { return };
    let raised = findings
        .on_turn(dot, "the final dot was never answered; the message may have been taken all the same")
        .help("look for an inspecting firewall or a scanning proxy in front of the server, and for duplicates");
    if inspected {
        raised.because_of("fixup-banner").done();
    } else {
        raised.confidence(Confidence::Likely).done();
    }
}
