//! A message without From or Date.

use super::sent::messages;
use crate::rules::{Case, Findings, Party, Severity, Wakes, rule};

rule! {
    /// The message has no From or no Date field.
    ///
    /// Both are mandatory. Servers may add what is missing, and filters count it against the message.
    ///
    /// ## What to do
    /// Send `From:` and `Date:`; in a test that a person types, it matters only where a filter judges.
    ///
    /// ## Flags
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
    /// ! C: Subject: test
    ///   C:
    ///   C: hello
    ///   C: .
    ///   S: 250 2.0.0 Ok: queued as 4F1A2B
    ///   C: QUIT
    ///   S: 221 2.0.0 Bye
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
    "header-missing", Message, Warning, Client,
    ["RFC 5322 §3.6", "RFC 5321 §3.3"], ALL_EDITIONS,
    check, wakes: Wakes::MESSAGE
}

fn check(case: &Case<'_, '_>, findings: &mut Findings<'_, '_>) {
    for sent in messages(case.session) {
        if !sent.message.complete || sent.is_placeholder() {
            continue;
        }
        let missing = match (sent.has_field("From"), sent.has_field("Date")) {
            (true, true) => continue,
            (true, false) => "no Date field",
            (false, true) => "no From field",
            (false, false) => "neither From nor Date",
        };
        let Some((turn, _)) = sent.lines().next() else { continue };
        let raised = findings.on_turn(turn, format!("the message has {missing}")).help(
            "send both fields: `From: name@domain` and `Date: Mon, 23 Nov 2026 10:00:00 +0000`",
        );
        if sent.is_typed() {
            raised.severity(Severity::Note).party(Party::Person).done();
        } else {
            raised.done();
        }
    }
}
