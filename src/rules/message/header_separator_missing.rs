//! No blank line between header and body.

use super::sent::{HeaderLine, goes_on, header_line, messages};
use crate::rules::{Case, Findings, Wakes, quoted, rule};

rule! {
    /// Text follows the header without the blank line that ends it.
    ///
    /// Typed `Subject: test` and then at once the text: servers and mail programs take the text for a
    /// broken header field, hide it, or refuse the message.
    ///
    /// ## What to do
    /// Leave one empty line between the last header field and the first line of text.
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
    /// ! C: hello, this is the text
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
    "header-separator-missing", Message, Warning, Person,
    ["RFC 5322 §2.1", "RFC 5321 §2.3.1"], ALL_EDITIONS,
    check, wakes: Wakes::MESSAGE
}

fn check(case: &Case<'_, '_>, findings: &mut Findings<'_, '_>) {
    for sent in messages(case.session) {
        if sent.is_placeholder() || !sent.shows_blanks() {
            continue;
        }
        let mut fields = 0;
        let mut header = sent.header();
        while let Some((turn, line)) = header.next() {
            match header_line(line) {
                HeaderLine::Field => fields += 1,
                HeaderLine::Folded | HeaderLine::Malformed => {}
                HeaderLine::Text if fields == 0 => break,
                // The header goes on behind it: a line of the header that is malformed.
                HeaderLine::Text if goes_on(header.clone()) => break,
                HeaderLine::Text => {
                    let message =
                        format!("{} follows the header without a blank line between", quoted(line));
                    findings
                        .on_turn(turn, message)
                        .help("leave one empty line between the last header field and the text")
                        .done();
                    break;
                }
            }
        }
    }
}
