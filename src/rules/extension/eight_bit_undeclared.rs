//! Octets above 127 that nobody announced.

use super::evidence::commands;
use crate::{
    rules::{Case, Confidence, Findings, Severity, quoted, rule},
    session::Exchange,
    transcript::{Label, Method},
};

rule! {
    /// The message holds octets above 127 without BODY=8BITMIME, or an address does without SMTPUTF8.
    ///
    /// A server that offers neither may refuse the message, or clear the eighth bit: letters turn into
    /// others. Signatures break when a server on the way has to convert the message.
    ///
    /// ## What to do
    /// Declare `BODY=8BITMIME` where the server offers 8BITMIME, otherwise encode the text as quoted-printable
    /// or base64. Addresses need SMTPUTF8 on every server of the way.
    ///
    /// ## Flags
    /// ```smtp also=header-malformed
    ///   S: 220 mx.example.net ESMTP
    ///   C: EHLO client.example
    ///   S: 250-mx.example.net
    ///   S: 250 8BITMIME
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
    /// ! C: schöne Grüße
    ///   C: .
    ///   S: 250 2.0.0 Ok: queued as 12345
    ///   C: QUIT
    ///   S: 221 2.0.0 Bye
    /// ```
    /// ## Accepts
    /// ```smtp
    ///   S: 220 mx.example.net ESMTP
    ///   C: EHLO client.example
    ///   S: 250-mx.example.net
    ///   S: 250 8BITMIME
    ///   C: MAIL FROM:<a@client.example> BODY=8BITMIME
    ///   S: 250 2.1.0 Ok
    ///   C: RCPT TO:<b@example.net>
    ///   S: 250 2.1.5 Ok
    ///   C: DATA
    ///   S: 354 go ahead
    ///   C: From: a@client.example
    ///   C: Date: Mon, 1 Jan 2024 12:00:00 +0000
    ///   C: Subject: test
    ///   C:
    ///   C: schöne Grüße
    ///   C: .
    ///   S: 250 2.0.0 Ok: queued as 12345
    ///   C: QUIT
    ///   S: 221 2.0.0 Bye
    /// ```
    "eight-bit-undeclared", Extension, Warning, Client,
    ["RFC 6152 §3", "RFC 5321 §2.3.1", "RFC 6531 §3.3"], SINCE_2821,
    check
}

fn check(case: &Case<'_, '_>, findings: &mut Findings<'_, '_>) {
    let session = case.session;
    // What a person copied through a word processor or a web page has letters that nobody sent.
    let pasted = session.transcript.method != Method::Marked;
    for transaction in &session.transactions {
        let Some(message) = transaction.message.as_ref().filter(|message| !message.hidden) else {
            continue;
        };
        let Some(mail) = transaction.mail.and_then(|place| session.exchanges.get(place)) else {
            continue;
        };
        if declares(mail, "BODY") || declares(mail, "SMTPUTF8") || mail.command.is_none() {
            continue;
        }
        let mut lines = session.turns(message.turns.clone(), Label::Message);
        let line = lines.find(|turn| is_eight_bit(session.transcript.text(turn), pasted));
        let Some(turn) = line else { continue };
        let severity = if pasted { Severity::Note } else { Severity::Warning };
        findings
            .on_turn(turn, "the message holds octets above 127, and MAIL declared no BODY=8BITMIME")
            .help("declare BODY=8BITMIME where the server offers it, otherwise encode the text")
            .severity(severity)
            .confidence(Confidence::Likely)
            .done();
    }
    for exchange in commands(case) {
        let path = exchange.command.as_ref().and_then(|said| said.parsed.path());
        let Some(mailbox) = path.and_then(|path| path.path.mailbox.as_ref()) else { continue };
        if mailbox.raw.is_ascii() || !is_eight_bit(mailbox.raw, pasted) {
            continue;
        }
        let declared = declares(exchange, "SMTPUTF8")
            || session
                .transactions
                .iter()
                .filter(|transaction| {
                    transaction
                        .recipients
                        .iter()
                        .any(|to| to.address.as_ptr() == mailbox.raw.as_ptr())
                })
                .filter_map(|transaction| transaction.mail)
                .any(|place| {
                    session.exchanges.get(place).is_some_and(|mail| declares(mail, "SMTPUTF8"))
                });
        if declared {
            continue;
        }
        findings
            .on(
                mailbox.raw,
                format!(
                    "{} holds letters outside ASCII, and MAIL declared no SMTPUTF8",
                    quoted(mailbox.raw)
                ),
            )
            .help("declare SMTPUTF8 where the server offers it; without it use an address in ASCII")
            .confidence(Confidence::Likely)
            .done();
    }
}

/// Whether MAIL has this parameter, with a value other than 7BIT.
fn declares(mail: &Exchange<'_>, name: &str) -> bool {
    mail.command.as_ref().and_then(|said| said.parsed.path()).is_some_and(|path| {
        path.params.iter().any(|param| {
            param.is(name) && !param.value.is_some_and(|value| value.eq_ignore_ascii_case(b"7BIT"))
        })
    })
}

/// Whether a line holds an octet above 127 that somebody sent: what a page's typography put there, and
/// what a conversion lost, do not count.
fn is_eight_bit(line: &[u8], pasted: bool) -> bool {
    if line.is_ascii() {
        return false;
    }
    let Ok(text) = std::str::from_utf8(line) else { return !pasted };
    text.chars().any(|letter| {
        !letter.is_ascii()
            && letter != char::REPLACEMENT_CHARACTER
            && !(pasted
                && matches!(
                    letter,
                    '\u{2010}'..='\u{2027}' | '\u{a0}' | '\u{ad}' | '\u{200b}' | '\u{feff}'
                ))
    })
}
