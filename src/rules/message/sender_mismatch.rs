//! From and reverse-path have nothing to do with each other.

use super::sent::messages;
use crate::rules::{
    Case, Findings, Wakes,
    local::{domain_of, organisation},
    quoted, rule,
};

rule! {
    /// The domain of the From field is unrelated to that of the reverse-path.
    ///
    /// Lists and senders for others do so rightly; where it is not meant, DMARC fails unless a signature of
    /// the From domain passes.
    ///
    /// ## What to do
    /// Nothing, where a list or a service sends for others. Otherwise use one domain for both.
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
    /// ! C: From: a@elsewhere.example
    ///   C: Date: Mon, 23 Nov 2026 10:00:00 +0000
    ///   C: Subject: test
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
    ///   C: From: Ann <a@mail.client.example>
    ///   C: Date: Mon, 23 Nov 2026 10:00:00 +0000
    ///   C: Subject: test
    ///   C:
    ///   C: hello
    ///   C: .
    ///   S: 250 2.0.0 Ok: queued as 4F1A2B
    ///   C: QUIT
    ///   S: 221 2.0.0 Bye
    /// ```
    "sender-mismatch", Message, Note, Client,
    ["RFC 7489 §3.1.2", "RFC 5321 §3.3"], ALL_EDITIONS,
    check, wakes: Wakes::MESSAGE
}

fn check(case: &Case<'_, '_>, findings: &mut Findings<'_, '_>) {
    for sent in messages(case.session) {
        let reverse = sent.transaction.sender.and_then(domain_of).and_then(organisation);
        let Some(reverse) = reverse else { continue };
        let from = sent.domain_of_from().and_then(|domain| organisation(domain.as_bytes()));
        let Some(from) = from.filter(|from| *from != reverse) else { continue };
        let line = sent.header().find(|(_, line)| {
            line.get(..5).is_some_and(|name| name.eq_ignore_ascii_case(b"From:"))
        });
        let Some((turn, line)) = line else { continue };
        findings
            .on_turn(turn, format!("{} is not of {reverse}, the reverse-path's domain, but of {from}", quoted(line)))
            .help("nothing, where a list or a service sends for others; otherwise use one domain for both")
            .done();
    }
}
