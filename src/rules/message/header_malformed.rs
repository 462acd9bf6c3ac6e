//! A header line that RFC 5322 does not allow.

use super::sent::{HeaderLine, goes_on, header_line, messages};
use crate::rules::{Case, Findings, Wakes, quoted, rule};

rule! {
    /// A line of the header is no field that RFC 5322 allows: a blank before the colon, a line
    /// that is no field at all, a name longer than a line, or octets above 127 in a message that did not ask for them.
    ///
    /// Mail programs read such fields in different ways, or not at all.
    ///
    /// ## What to do
    /// Write `Name: text` without a blank before the colon, and encode other letters as RFC 2047 says.
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
    /// ! C: Subject : test
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
    "header-malformed", Message, Warning, Client,
    ["RFC 5322 §2.2", "RFC 5322 §2.1.1", "RFC 5322 §3.6.8", "RFC 2047 §2"], ALL_EDITIONS,
    check, wakes: Wakes::MESSAGE
}

/// The longest name with which a line can keep to what RFC 5322 §2.1.1 asks for: 78 octets, the colon among them.
const LONGEST_NAME: usize = 77;

fn name_octets(line: &[u8]) -> Option<usize> {
    memchr::memchr(b':', line)
}

fn check(case: &Case<'_, '_>, findings: &mut Findings<'_, '_>) {
    for sent in messages(case.session) {
        if sent.is_placeholder() {
            continue;
        }
        let utf8 = sent
            .transaction
            .mail
            .and_then(|place| case.session.exchanges.get(place))
            .and_then(|exchange| exchange.command.as_ref()?.parsed.path())
            .is_some_and(|path| path.params.iter().any(|param| param.is("SMTPUTF8")));
        let mut fields = 0;
        let mut header = sent.header();
        while let Some((turn, line)) = header.next() {
            let kind = header_line(line);
            fields += usize::from(kind == HeaderLine::Field);
            if kind == HeaderLine::Malformed {
                findings
                    .on_turn(turn, format!("a blank stands before the colon of {}", quoted(line)))
                    .help("write the field's name and the colon without a blank between them")
                    .done();
            } else if kind == HeaderLine::Text && fields > 0 && goes_on(header.clone()) {
                findings
                    .on_turn(
                        turn,
                        format!("{} stands in the header and is no field of it", quoted(line)),
                    )
                    .help(
                        "begin a line that goes on with the field before it with a blank (folding)",
                    )
                    .done();
            } else if kind == HeaderLine::Field
                && let Some(octets) = name_octets(line).filter(|octets| *octets > LONGEST_NAME)
            {
                findings
                    .on_turn(turn, format!("a field's name has {octets} octets"))
                    .help("shorten the name: it cannot be folded, and lines should end within 78 octets")
                    .done();
            } else if kind == HeaderLine::Field && !utf8 && !line.is_ascii() {
                findings
                    .on_turn(
                        turn,
                        format!(
                            "{} holds octets that a header may not hold unencoded",
                            quoted(line)
                        ),
                    )
                    .help("encode the text as RFC 2047 says, or send with SMTPUTF8")
                    .done();
            }
        }
    }
}
