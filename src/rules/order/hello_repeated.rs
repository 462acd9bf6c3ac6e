//! One HELO or EHLO is enough.

use crate::{
    protocol::{order::Hello, verbs::VerbId},
    rules::{Case, Findings, Wakes, rule},
    session::Kind,
};

rule! {
    /// A second HELO or EHLO was sent although nothing had changed since the first.
    ///
    /// It is allowed at any time, and acts as RSET: an open transaction is gone. RFC 1869 had it refused with 503,
    /// and some servers still do. A second one is due after STARTTLS, not otherwise.
    ///
    /// ## What to do
    /// Nothing, unless a transaction was lost by it: use RSET to give one up.
    ///
    /// ## Flags
    /// ```smtp
    ///   S: 220 mx.example.net ESMTP
    ///   C: EHLO client.example
    ///   S: 250-mx.example.net
    ///   S: 250 SIZE 10240000
    /// ! C: EHLO client.example
    ///   S: 250 mx.example.net
    ///   C: QUIT
    ///   S: 221 2.0.0 Bye
    /// ```
    /// ## Accepts
    /// ```smtp
    ///   S: 220 mx.example.net ESMTP
    ///   C: EHLO client.example
    ///   S: 250-mx.example.net
    ///   S: 250 STARTTLS
    ///   C: STARTTLS
    ///   S: 220 2.0.0 Ready to start TLS
    ///   C: EHLO client.example
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
    "hello-repeated", Order, Note, Client,
    ["RFC 1869 §4.2", "RFC 2821 §4.1.4", "RFC 5321 §4.1.4"], ALL_EDITIONS,
    check, wakes: Wakes::HELLO_AGAIN
}

fn check(case: &Case<'_, '_>, findings: &mut Findings<'_, '_>) {
    let mut authenticated = false;
    for (_, exchange) in case.exchanges() {
        let again = exchange.kind == Kind::Command && exchange.id().is_some_and(VerbId::is_hello);
        let standing = exchange.standing;
        // After AUTH a client may ask once more: a security layer asks for it (RFC 4954 §4).
        let asked = standing.flags.authenticated != authenticated;
        if again {
            authenticated = standing.flags.authenticated;
        }
        if !again
            || exchange.inferred
            || standing.flags.hello == Hello::None
            || standing.hello_unseen
            || asked
            || !case.is_sure()
        {
            continue;
        }
        let Some(said) = &exchange.command else { continue };
        let message = if standing.flags.in_transaction && exchange.accepted() {
            "the client named itself again, which gave up the open transaction"
        } else {
            "the client named itself again although nothing had changed"
        };
        findings
            .on_command(said, message)
            .help("one EHLO is enough until STARTTLS; RSET gives a transaction up")
            .done();
    }
}
