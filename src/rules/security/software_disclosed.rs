//! Product and version for everybody who connects.

use std::net::IpAddr;

use crate::{
    protocol::verbs::VerbId,
    rules::{Case, Findings, Of, Told, Wakes, quoted, rule},
    session::{Exchange, Kind},
};

rule! {
    /// The greeting, or the reply to HELP, names the server's software with its version.
    ///
    /// Those who look for servers with a known hole need not try. It is no fault; many leave the version out.
    ///
    /// ## What to do
    /// Leave the version out of the greeting: `smtpd_banner` in Postfix, `smtp_banner` in Exim, `SmtpGreetingMessage`
    /// in Sendmail, `Set-ReceiveConnector -Banner` in Exchange. Keep the software up to date rather than
    /// nameless.
    ///
    /// ## Flags
    /// ```smtp
    /// ! S: 220 mx.example.net ESMTP Exim 4.94.2 Mon, 23 Nov 2026 10:00:00 +0000
    ///   C: QUIT
    ///   S: 221 mx.example.net closing connection
    /// ```
    /// ## Accepts
    /// ```smtp
    ///   S: 220 mx.example.net ESMTP ready at Mon, 23.11.2026 from [192.0.2.1]
    ///   C: QUIT
    ///   S: 221 mx.example.net closing connection
    /// ```
    "software-disclosed", Security, Note, Server,
    ["RFC 5321 §7.5", "RFC 2821 §7.5"], ALL_EDITIONS,
    check, wakes: Wakes::line(may_tell).or(Wakes::ODD_COMMAND)
}

fn check(case: &Case<'_, '_>, findings: &mut Findings<'_, '_>) {
    let speaks = |exchange: &&Exchange<'_>| {
        exchange.kind == Kind::Greeting || exchange.is(VerbId::Help) && exchange.accepted()
    };
    for exchange in case.session.exchanges.iter().filter(speaks) {
        let Some(reply) = exchange.reply.as_ref().filter(|reply| reply.is_positive()) else {
            continue;
        };
        for (turn, _, text) in case.session.reply_lines(reply) {
            let Some(told) = product(text) else { continue };
            findings
                .on_turn(turn, format!("the server tells its software: {}", quoted(told)))
                .help("leave the version out, and keep the software up to date")
                .done();
            break;
        }
    }
}

/// Whether a greeting tells a product. HELP, whose answer may tell one too, is no everyday command.
fn may_tell(told: &Told<'_>) -> bool {
    told.of == Of::Greeting && told.code() / 100 == 2 && product(told.text).is_some()
}

/// A product and its version: a word, and behind it one that is a version.
pub(in crate::rules) fn product(text: &[u8]) -> Option<&[u8]> {
    let mut before: Option<usize> = None;
    let mut at = 0;
    for word in text.split(|octet| matches!(octet, b' ' | b'\t' | b'/')) {
        let start = at;
        at += word.len() + 1;
        let bare = trimmed(word);
        if is_version(bare)
            && let Some(begin) = before
        {
            return text.get(begin..start + word.len()).map(<[u8]>::trim_ascii);
        }
        before = match before {
            // `ESMTP Server Version: 5.0`: what stands before is the product.
            Some(begin) if is_label(bare) => Some(begin),
            _ if is_name(bare) => Some(start),
            _ => None,
        };
    }
    None
}

fn trimmed(word: &[u8]) -> &[u8] {
    let mut word = word;
    while let [b'(' | b'[' | b'<' | b'"', rest @ ..]
    | [rest @ .., b')' | b']' | b'>' | b',' | b';' | b':' | b'"' | b'.'] = word
    {
        word = rest;
    }
    word
}

fn is_label(word: &[u8]) -> bool {
    ["version", "release", "v", "build", "ver"]
        .iter()
        .any(|label| word.eq_ignore_ascii_case(label.as_bytes()))
}

/// A word that may be a product's: letters, and none of those that stand before numbers anyway.
fn is_name(word: &[u8]) -> bool {
    const NO_PRODUCT: &[&str] = &[
        "at", "on", "from", "to", "for", "mon", "tue", "wed", "thu", "fri", "sat", "sun", "ready",
        "port", "rfc", "date", "time", "ip", "address",
    ];
    word.len() >= 2
        && word.first().is_some_and(u8::is_ascii_alphabetic)
        && word.iter().all(|octet| {
            octet.is_ascii_alphanumeric() || matches!(octet, b'-' | b'+' | b'_' | b'(' | b')')
        })
        && !NO_PRODUCT.iter().any(|other| word.eq_ignore_ascii_case(other.as_bytes()))
}

/// `4.94.2`, `8.14.4`, `v3.1-rc2`, `6.0.3790.4675`; no address and no date.
fn is_version(word: &[u8]) -> bool {
    let digits = word.strip_prefix(b"v").or_else(|| word.strip_prefix(b"V")).unwrap_or(word);
    // Most words have no dot, or begin with a letter, and are no version.
    if !digits.first().is_some_and(u8::is_ascii_digit) || !digits.contains(&b'.') {
        return false;
    }
    let numbers = digits.split(|octet| matches!(octet, b'.' | b'-' | b'_' | b'+'));
    let leading =
        numbers.take_while(|part| !part.is_empty() && part.iter().all(u8::is_ascii_digit)).count();
    let text = std::str::from_utf8(digits).unwrap_or_default();
    // Four numbers that all fit an octet are an address rather than a version, unless one is too large.
    let address = text.parse::<IpAddr>().is_ok();
    let date = text.len() >= 8
        && text.split('.').count() == 3
        && text
            .split('.')
            .any(|part| part.len() == 4 && (part.starts_with("19") || part.starts_with("20")));
    leading >= 2
        && memchr::memchr(b'.', digits).is_some_and(|dot| dot <= 4)
        && digits.len() <= 24
        && digits.iter().all(|octet| {
            octet.is_ascii_alphanumeric() || matches!(octet, b'.' | b'-' | b'_' | b'+')
        })
        && !address
        && !date
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn products_with_versions() {
        for (text, want) in [
            ("mx.example.net ESMTP Exim 4.94.2 Mon, 23 Nov 2026", Some("Exim 4.94.2")),
            ("mx.example.net ESMTP Sendmail 8.14.4/8.14.4; Mon", Some("Sendmail 8.14.4")),
            (
                "mx Microsoft ESMTP MAIL Service, Version: 6.0.3790.4675 ready",
                Some("Service, Version: 6.0.3790.4675"),
            ),
            ("mx.example.net Python SMTP 1.4.6", Some("SMTP 1.4.6")),
            ("mx.example.net ESMTP Haraka/3.0.1 ready", Some("Haraka/3.0.1")),
            ("mx.example.net ESMTP Postfix (Debian/GNU)", None),
            ("mx.example.net ESMTP ready from [192.0.2.1]", None),
            ("mx.example.net ESMTP 23.11.2026", None),
            ("mx.example.net ESMTP a1-20020a05.12 - gsmtp", None),
            ("", None),
        ] {
            let found =
                product(text.as_bytes()).map(|told| String::from_utf8_lossy(told).into_owned());
            assert_eq!(found.as_deref(), want, "{text}");
        }
    }
}
