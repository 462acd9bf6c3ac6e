//! A line of text begins with a single dot.

use super::sent::{Sent, messages};
use crate::rules::{Case, Confidence, Findings, Wakes, quoted, rule};

rule! {
    /// A line of the message begins with a dot that was not doubled.
    ///
    /// The server takes a leading dot off, so the text arrives without it; a line of a dot alone would have
    /// ended the message.
    ///
    /// ## What to do
    /// The client must double the dot at the beginning of a line; a person types two.
    ///
    /// ## Flags
    /// ```smtp
    ///   220 mx.example.net ESMTP
    ///   EHLO client.example
    ///   250 mx.example.net
    ///   MAIL FROM:<a@client.example>
    ///   250 2.1.0 Ok
    ///   RCPT TO:<b@example.net>
    ///   250 2.1.5 Ok
    ///   DATA
    ///   354 go ahead
    ///   From: a@client.example
    ///   Date: Mon, 23 Nov 2026 10:00:00 +0000
    ///   Subject: test
    ///
    /// ! .profile is a file
    ///   .
    ///   250 2.0.0 Ok: queued as 4F1A2B
    ///   QUIT
    ///   221 2.0.0 Bye
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
    ///   C: ..profile is a file
    ///   C: .
    ///   S: 250 2.0.0 Ok: queued as 4F1A2B
    ///   C: QUIT
    ///   S: 221 2.0.0 Bye
    /// ```
    "dot-not-doubled", Message, Warning, Client,
    ["RFC 5321 §4.5.2", "RFC 2821 §4.5.2", "RFC 821 §4.5.2"], ALL_EDITIONS,
    check, wakes: Wakes::MESSAGE
}

fn check(case: &Case<'_, '_>, findings: &mut Findings<'_, '_>) {
    // Only a terminal shows the octets that went out: captures print dots for what they cannot show, and
    // libraries log the text before they double.
    for sent in messages(case.session).filter(Sent::is_typed) {
        if sent.is_placeholder() {
            continue;
        }
        for (turn, line) in sent.lines() {
            let rest = line.strip_prefix(b".").filter(|rest| !rest.trim_ascii().is_empty());
            let words = |rest: &[u8]| rest.iter().any(u8::is_ascii_alphanumeric);
            if rest.is_some_and(|rest| !rest.starts_with(b".") && words(rest)) {
                findings
                    .on_turn(
                        turn,
                        format!("the dot at the beginning of {} was not doubled", quoted(line)),
                    )
                    .help("double a dot at the beginning of a line: the server takes one off")
                    .confidence(Confidence::Likely)
                    .done();
            }
        }
    }
}
