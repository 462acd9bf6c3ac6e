//! VRFY and EXPN that tell too much.

use crate::{
    grammar::enhanced_code,
    protocol::verbs::VerbId,
    rules::{Case, Findings, Severity, Wakes, quoted, rule},
    session::Exchange,
};

rule! {
    /// The server confirmed a mailbox to VRFY, or told who is on a list to EXPN.
    ///
    /// Whoever connects learns which addresses exist, whom they belong to and where they lead.
    ///
    /// ## What to do
    /// Answer 252 to VRFY and 502 to EXPN: `disable_vrfy_command = yes` in Postfix, `PrivacyOptions=novrfy,noexpn`
    /// in Sendmail, no `acl_smtp_vrfy` in Exim.
    ///
    /// ## Flags
    /// ```smtp
    ///   S: 220 mx.example.net ESMTP
    ///   C: HELO client.example
    ///   S: 250 mx.example.net
    ///   C: EXPN staff
    /// ! S: 250-Ann Example <ann@example.net>
    ///   S: 250 Bob Example <bob@example.net>
    ///   C: QUIT
    ///   S: 221 2.0.0 Bye
    /// ```
    /// ## Accepts
    /// ```smtp
    ///   S: 220 mx.example.net ESMTP
    ///   C: HELO client.example
    ///   S: 250 mx.example.net
    ///   C: VRFY ann
    ///   S: 252 2.5.2 Cannot VRFY user, but will accept the message
    ///   C: QUIT
    ///   S: 221 2.0.0 Bye
    /// ```
    "address-disclosed", Security, Warning, Server,
    ["RFC 5321 §7.3", "RFC 5321 §3.5.3"], ALL_EDITIONS,
    check, wakes: Wakes::VERIFYING
}

fn check(case: &Case<'_, '_>, findings: &mut Findings<'_, '_>) {
    let asked = |exchange: &&Exchange<'_>| {
        (exchange.is(VerbId::Vrfy) || exchange.is(VerbId::Expn)) && !exchange.inferred
    };
    for exchange in case.session.exchanges.iter().filter(asked) {
        let Some(reply) = &exchange.reply else { continue };
        let names =
            case.session.reply_lines(reply).filter(|(_, _, text)| names_mailbox(text)).count();
        // 553 lists whom an ambiguous name may mean (RFC 5321 §3.5.1).
        let told = match reply.code {
            250 | 251 => names > 0 || exchange.is(VerbId::Vrfy) && has_name(exchange, reply.text),
            551 | 553 => names > 0,
            _ => false,
        };
        if !told {
            if let Some(name) = denied(exchange, reply.code, reply.text) {
                findings
                    .on_reply(
                        reply,
                        format!("the server told that there is no mailbox {}", quoted(name)),
                    )
                    .help("answer 252 to VRFY, whoever is asked for")
                    .severity(Severity::Note)
                    .done();
            }
            continue;
        }
        let class = u8::try_from(reply.code / 100).unwrap_or(0);
        let told = enhanced_code(reply.text, class)
            .and_then(|code| reply.text.get(code.raw.len()..))
            .map_or(reply.text, <[u8]>::trim_ascii_start);
        let message = if names > 1 {
            format!("the server told {names} addresses: {}", quoted(told))
        } else {
            format!("the server confirmed a mailbox: {}", quoted(told))
        };
        findings.on_reply(reply, message).help("answer 252 to VRFY and 502 to EXPN").done();
    }
}

/// Whether a line of the reply holds an address.
/// Whom a VRFY asked for where the server answers that nobody is called so.
fn denied<'e>(exchange: &'e Exchange<'_>, code: u16, text: &[u8]) -> Option<&'e [u8]> {
    const WORDS: &[&[u8]] = &[b"unknown", b"no such", b"not exist", b"not found", b"no mailbox"];
    if !matches!(code, 550 | 551 | 553) || !exchange.is(VerbId::Vrfy) {
        return None;
    }
    let text = text.to_ascii_lowercase();
    let says = WORDS.iter().any(|words| memchr::memmem::find(&text, words).is_some());
    let name = exchange.command.as_ref()?.parsed.argument.trim_ascii();
    (says && !name.is_empty()).then_some(name)
}

fn names_mailbox(text: &[u8]) -> bool {
    let Some(at) = memchr::memchr(b'@', text) else {
        // `<root>`: a local name in brackets.
        let open = memchr::memchr(b'<', text);
        return open.is_some_and(|open| {
            text.get(open + 1..).is_some_and(|rest| matches!(memchr::memchr(b'>', rest), Some(1..)))
        });
    };
    let letter = |octet: Option<&u8>| {
        octet.is_some_and(|octet| octet.is_ascii_alphanumeric() || *octet == b'[')
    };
    letter(at.checked_sub(1).and_then(|before| text.get(before))) && letter(text.get(at + 1))
}

/// Whether the reply repeats the name that was asked for: `250 2.1.5 ann`.
fn has_name(exchange: &Exchange<'_>, text: &[u8]) -> bool {
    let Some(said) = &exchange.command else { return false };
    let name = said.parsed.argument.trim_ascii();
    name.len() > 1 && text.windows(name.len()).any(|part| part.eq_ignore_ascii_case(name))
}
