//! The message was never ended.

use crate::{
    rules::{Case, Findings, rule},
    session::{End, Kind},
};

rule! {
    /// The message was begun, and never ended with a dot on a line of its own.
    ///
    /// The server waits for the rest until one side gives up: nothing was sent.
    ///
    /// ## What to do
    /// End the message with a line that holds a single dot. On a terminal, a dot after text on the same
    /// line, or one with a blank behind it, does not end it.
    ///
    /// ## Flags
    /// ```smtp also=connection-lost
    ///   Trying 192.0.2.1...
    ///   Connected to mx.example.net.
    ///   Escape character is '^]'.
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
    /// ! hello.
    ///   Connection closed by foreign host.
    /// ```
    /// ## Accepts
    /// ```smtp
    ///   S: 220 mx.example.net ESMTP
    ///   C: EHLO client.example
    ///   S: 250 mx.example.net
    ///   C: MAIL FROM:<a@client.example>
    ///   S: 250 2.1.0 Ok
    ///   C: RCPT TO:<b@example.net>
    ///   S: 250 2.1.5 Ok
    ///   C: DATA
    ///   S: 354 go ahead
    ///   C: From: a@client.example
    ///   C: Date: Mon, 23 Nov 2026 10:00:00 +0000
    ///   C: Subject: test
    ///   C:
    ///   C: hello
    ///   C: .
    ///   S: 250 2.0.0 Ok: queued as 4F1A2B
    ///   C: QUIT
    ///   S: 221 2.0.0 Bye
    /// ```
    "end-of-data-missing", Message, Error, Client,
    ["RFC 5321 §4.1.1.4", "RFC 2821 §4.1.1.4", "RFC 821 §4.1.1"], ALL_EDITIONS,
    check
}

fn check(case: &Case<'_, '_>, findings: &mut Findings<'_, '_>) {
    let session = case.session;
    // A record that stops shows nothing of what came after.
    if session.end == End::Cut {
        return;
    }
    for transaction in &session.transactions {
        let Some(message) = &transaction.message else { continue };
        let Some(exchange) = session.exchanges.get(message.exchange) else { continue };
        // A message that the server took was ended, whatever the copy lost.
        if message.complete || exchange.kind != Kind::Message || exchange.accepted() {
            continue;
        }
        let Some(turn) = session.turn(message.turns.end.saturating_sub(1)) else { continue };
        findings
            .on_turn(turn, "the message was never ended with a dot on a line of its own")
            .help("end the message with a line that holds nothing but a dot")
            .done();
    }
}
