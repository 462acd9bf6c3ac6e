//! A line of the message over 998 octets.

use super::sent::messages;
use crate::rules::{Case, Findings, Wakes, rule};

rule! {
    /// A line of the message is longer than 998 octets.
    ///
    /// Servers may refuse it, cut it or break it in two, which breaks signatures.
    ///
    /// ## What to do
    /// Let the client encode long lines (quoted-printable, base64).
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
    ///   C: From: a@client.example
    ///   C: Date: Mon, 23 Nov 2026 10:00:00 +0000
    ///   C: Subject: test
    ///   C:
    /// ! C: xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx
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
    "text-line-too-long", Message, Warning, Client,
    ["RFC 5321 §4.5.3.1.6", "RFC 5322 §2.1.1", "RFC 2821 §4.5.3.1"], ALL_EDITIONS,
    check, wakes: Wakes::MESSAGE
}

/// The longest line of text in octets, without its line ending (RFC 5321 §4.5.3.1.6 counts it: 1000).
const LONGEST: usize = 998;

fn check(case: &Case<'_, '_>, findings: &mut Findings<'_, '_>) {
    for sent in messages(case.session) {
        for (turn, line) in sent.lines() {
            // A doubled dot at the beginning does not count.
            let octets = line.len() - usize::from(line.starts_with(b".."));
            if octets > LONGEST {
                findings
                    .on_turn(
                        turn,
                        format!("a line of the message has {octets} octets; 998 are allowed"),
                    )
                    .help("encode long lines as quoted-printable or base64")
                    .done();
            }
        }
    }
}
