//! A loop's worth of Received lines.

use super::sent::messages;
use crate::rules::{Case, Confidence, Findings, Wakes, rule};

rule! {
    /// The message has passed so many servers that it is probably in a loop.
    ///
    /// Each server adds a Received line. RFC 5321 lets a server refuse from a hundred on; mail that is not
    /// in a loop seldom has twenty.
    ///
    /// ## What to do
    /// Read the Received lines from the bottom: the servers that repeat forward to each other.
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
    /// ! C: Received: from mx0.example.net by mx1.example.net; Mon, 23 Nov 2026 10:00:00 +0000
    ///   C: Received: from mx1.example.net by mx0.example.net; Mon, 23 Nov 2026 10:00:01 +0000
    ///   C: Received: from mx0.example.net by mx1.example.net; Mon, 23 Nov 2026 10:00:02 +0000
    ///   C: Received: from mx1.example.net by mx0.example.net; Mon, 23 Nov 2026 10:00:03 +0000
    ///   C: Received: from mx0.example.net by mx1.example.net; Mon, 23 Nov 2026 10:00:04 +0000
    ///   C: Received: from mx1.example.net by mx0.example.net; Mon, 23 Nov 2026 10:00:05 +0000
    ///   C: Received: from mx0.example.net by mx1.example.net; Mon, 23 Nov 2026 10:00:06 +0000
    ///   C: Received: from mx1.example.net by mx0.example.net; Mon, 23 Nov 2026 10:00:07 +0000
    ///   C: Received: from mx0.example.net by mx1.example.net; Mon, 23 Nov 2026 10:00:08 +0000
    ///   C: Received: from mx1.example.net by mx0.example.net; Mon, 23 Nov 2026 10:00:09 +0000
    ///   C: Received: from mx0.example.net by mx1.example.net; Mon, 23 Nov 2026 10:00:10 +0000
    ///   C: Received: from mx1.example.net by mx0.example.net; Mon, 23 Nov 2026 10:00:11 +0000
    ///   C: Received: from mx0.example.net by mx1.example.net; Mon, 23 Nov 2026 10:00:12 +0000
    ///   C: Received: from mx1.example.net by mx0.example.net; Mon, 23 Nov 2026 10:00:13 +0000
    ///   C: Received: from mx0.example.net by mx1.example.net; Mon, 23 Nov 2026 10:00:14 +0000
    ///   C: Received: from mx1.example.net by mx0.example.net; Mon, 23 Nov 2026 10:00:15 +0000
    ///   C: Received: from mx0.example.net by mx1.example.net; Mon, 23 Nov 2026 10:00:16 +0000
    ///   C: Received: from mx1.example.net by mx0.example.net; Mon, 23 Nov 2026 10:00:17 +0000
    ///   C: Received: from mx0.example.net by mx1.example.net; Mon, 23 Nov 2026 10:00:18 +0000
    ///   C: Received: from mx1.example.net by mx0.example.net; Mon, 23 Nov 2026 10:00:19 +0000
    ///   C: Received: from mx0.example.net by mx1.example.net; Mon, 23 Nov 2026 10:00:20 +0000
    ///   C: Received: from mx1.example.net by mx0.example.net; Mon, 23 Nov 2026 10:00:21 +0000
    ///   C: Received: from mx0.example.net by mx1.example.net; Mon, 23 Nov 2026 10:00:22 +0000
    ///   C: Received: from mx1.example.net by mx0.example.net; Mon, 23 Nov 2026 10:00:23 +0000
    ///   C: Received: from mx0.example.net by mx1.example.net; Mon, 23 Nov 2026 10:00:24 +0000
    ///   C: Received: from mx1.example.net by mx0.example.net; Mon, 23 Nov 2026 10:00:25 +0000
    ///   C: Received: from mx0.example.net by mx1.example.net; Mon, 23 Nov 2026 10:00:26 +0000
    ///   C: Received: from mx1.example.net by mx0.example.net; Mon, 23 Nov 2026 10:00:27 +0000
    ///   C: Received: from mx0.example.net by mx1.example.net; Mon, 23 Nov 2026 10:00:28 +0000
    ///   C: Received: from mx1.example.net by mx0.example.net; Mon, 23 Nov 2026 10:00:29 +0000
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
    ///   C: Received: from mx1.example.net by mx2.example.net; Mon, 23 Nov 2026 10:00:00 +0000
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
    "hops-excessive", Message, Warning, Server,
    ["RFC 5321 §6.3", "RFC 2821 §6.2"], ALL_EDITIONS,
    check, wakes: Wakes::MESSAGE
}

/// From how many Received lines on mail is probably in a loop; RFC 5321 §6.3 lets servers count to 100.
const MANY: usize = 30;

fn check(case: &Case<'_, '_>, findings: &mut Findings<'_, '_>) {
    for sent in messages(case.session) {
        let received = || {
            sent.header().filter(|(_, line)| {
                line.get(..9).is_some_and(|name| name.eq_ignore_ascii_case(b"Received:"))
            })
        };
        let count = received().count();
        let Some((turn, _)) = received().next().filter(|_| count >= MANY) else { continue };
        findings
            .on_turn(turn, format!("the message has passed {count} servers: it is probably in a loop"))
            .help("read the Received lines from the bottom: the servers that repeat forward to each other")
            .confidence(Confidence::Likely)
            .done();
    }
}
