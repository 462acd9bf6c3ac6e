//! TLS asks for a new EHLO.

use super::evidence::{self, Cause};
use crate::rules::{Case, Findings, Wakes, quoted, rule};

rule! {
    /// After STARTTLS the client went on without a new EHLO.
    ///
    /// Both sides forget what they knew before the handshake: the name, the list of extensions, everything. The
    /// client has to introduce itself again, and may only use what the new list offers.
    ///
    /// ## What to do
    /// Send EHLO as the first command after the handshake, and read the new list.
    ///
    /// ## Flags
    /// ```smtp
    ///   S: 220 mx.example.net ESMTP
    ///   C: EHLO client.example
    ///   S: 250-mx.example.net
    ///   S: 250 STARTTLS
    ///   C: STARTTLS
    ///   S: 220 2.0.0 Ready to start TLS
    /// ! C: MAIL FROM:<a@client.example>
    ///   S: 503 5.5.1 Error: send HELO/EHLO first
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
    "hello-missing-after-tls", Order, Warning, Client,
    ["RFC 3207 §4.2"], ALL_EDITIONS,
    check, wakes: Wakes::BREACH
}

fn check(case: &Case<'_, '_>, findings: &mut Findings<'_, '_>) {
    for breach in
        evidence::breaches(case).filter(|breach| breach.cause == Cause::HelloMissingAfterTls)
    {
        // Where nothing answers, the handshake may have failed.
        let Some(said) = breach.exchange.command.as_ref().filter(|_| breach.exchange.code() > 0)
        else {
            continue;
        };
        let verb = quoted(said.parsed.name());
        findings
            .on_command(said, format!("{verb} came after STARTTLS without a new EHLO"))
            .help("send EHLO again as the first command inside TLS")
            .done();
    }
}
