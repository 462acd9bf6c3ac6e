//! What a network is like inside, told to the outside.

use std::net::IpAddr;

use crate::{
    grammar::phrase,
    rules::{Case, Findings, Told, Wakes, quoted, rule},
    session::{Exchange, Kind},
};

/// The top level domains that only private networks use (RFC 6762 §G and what is common).
const PRIVATE_DOMAINS: &[&str] =
    &["local", "localdomain", "lan", "internal", "intranet", "intra", "corp", "private"];

rule! {
    /// A reply holds a private address, or a host name of a private network.
    ///
    /// It tells what the network behind the server is like, and that the mail went through a machine that
    /// does not know its public name.
    ///
    /// ## What to do
    /// Set the server's public host name (`myhostname`, `primary_hostname`, the connector's FQDN), and look which inner
    /// machine's reply is handed through.
    ///
    /// ## Flags
    /// ```smtp
    /// ! S: 220 mail01.corp.local ESMTP
    ///   C: EHLO client.example
    ///   S: 250-mail01.corp.local Hello client.example [192.0.2.7]
    ///   S: 250 STARTTLS
    ///   C: QUIT
    ///   S: 221 2.0.0 Bye
    /// ```
    /// ## Accepts
    /// ```smtp
    ///   S: 220 mx.example.net ESMTP
    ///   C: EHLO client.corp.local
    ///   S: 250-mx.example.net Hello client.corp.local [10.1.2.3]
    ///   S: 250 STARTTLS
    ///   C: QUIT
    ///   S: 221 2.0.0 Bye
    /// ```
    "internal-address-disclosed", Security, Note, Server,
    ["RFC 1918 §3", "RFC 5321 §7.6"], ALL_EDITIONS,
    check, wakes: Wakes::line(tells)
}

/// Whether a line tells something of a private network.
fn tells(told: &Told<'_>) -> bool {
    told.parsed.is_some() && may_tell(told.text) && words(told.text).any(is_internal)
}

/// Nearly every line is told here: a private IPv4 address begins with one of three numbers, an IPv6 address
/// has two colons, and behind a dot of a private name stands one of few letters.
fn may_tell(text: &[u8]) -> bool {
    let mut colons = 0;
    memchr::memchr2_iter(b'.', b':', text).any(|at| {
        if text.get(at) == Some(&b':') {
            colons += 1;
            return colons > 1;
        }
        let before = text.get(..at).unwrap_or_default();
        let behind = text.get(at + 1..).unwrap_or_default();
        (before.ends_with(b"10") && behind.first().is_some_and(u8::is_ascii_digit))
            || (before.ends_with(b"172") && matches!(behind, [b'1'..=b'3', b'0'..=b'9', b'.', ..]))
            || (before.ends_with(b"192") && behind.starts_with(b"168."))
            || matches!(behind.first(), Some(b'l' | b'i' | b'c' | b'p' | b'L' | b'I' | b'C' | b'P'))
                && ends_private(behind)
    })
}

/// Whether a name ends here with a private domain.
fn ends_private(name: &[u8]) -> bool {
    let length = name.iter().take_while(|octet| octet.is_ascii_alphanumeric()).count();
    let (label, next) = name.split_at_checked(length).unwrap_or_default();
    !matches!(next, [b'.', octet, ..] if octet.is_ascii_alphanumeric())
        && PRIVATE_DOMAINS.iter().any(|known| label.eq_ignore_ascii_case(known.as_bytes()))
}

fn check(case: &Case<'_, '_>, findings: &mut Findings<'_, '_>) {
    let session = case.session;
    if session.exchanges.iter().all(|exchange| exchange.reply.is_none()) || case.is_at_home() {
        return;
    }
    for exchange in &session.exchanges {
        let Some(reply) = &exchange.reply else { continue };
        for (turn, parsed, text) in session.reply_lines(reply) {
            if parsed.is_none() {
                continue;
            }
            // Neither an address nor the name of a host: keywords, and most of what is polite.
            if memchr::memchr2(b'.', b':', text).is_none() {
                continue;
            }
            // A refusal mostly names the client's own address.
            let own = |word: &[u8]| {
                reply.is_refusal()
                    && !word.iter().any(u8::is_ascii_alphabetic)
                    && !names_a_peer(text, word)
            };
            let told = words(text).find(|word| is_internal(word) && !own(word));
            let Some(told) = told else { continue };
            // What the client said of itself, or of its recipients, is no secret of the server's.
            if session.exchanges.iter().any(|other| says(other, told)) {
                continue;
            }
            findings
                .on_turn(turn, format!("the server tells {}, which belongs to a private network", quoted(told)))
                .help("set the server's public host name, and see which inner machine's reply is handed through")
                .done();
        }
    }
}

/// What stands between blanks and brackets.
/// `cannot connect to 10.1.2.3`, `10.1.2.3 said`: an inner server, not the client.
fn names_a_peer(text: &[u8], word: &[u8]) -> bool {
    let Some(at) = memchr::memmem::find(text, word) else { return false };
    let before = text.get(..at).unwrap_or_default().trim_ascii_end();
    let after = text.get(at + word.len()..).unwrap_or_default();
    let before = before.strip_suffix(b"[").unwrap_or(before).trim_ascii_end();
    [&b"connect to"[..], b"connecting to", b"connection to", b"host", b"relay to", b"forward to"]
        .iter()
        .any(|words| before.len() >= words.len() && before.ends_with(words))
        && !before.ends_with(b"lient host")
        || after.trim_ascii_start().starts_with(b"said")
}

fn words(text: &[u8]) -> impl Iterator<Item = &[u8]> {
    #[expect(clippy::indexing_slicing, reason = "runs in the compiler")]
    const SEPARATORS: [bool; 256] = {
        let mut table = [false; 256];
        let mut rest: &[u8] = b" \t\n\x0c\r[]()<>,;=@/\"'";
        while let [first, others @ ..] = rest {
            table[*first as usize] = true;
            rest = others;
        }
        table
    };
    text.split(|octet| SEPARATORS.get(usize::from(*octet)) == Some(&true))
        .map(|word| word.strip_suffix(b".").or_else(|| word.strip_suffix(b":")).unwrap_or(word))
        .map(without_port)
        .filter(|word| word.len() >= 6)
}

/// `10.1.2.3` of `10.1.2.3:25`.
fn without_port(word: &[u8]) -> &[u8] {
    let Some(colon) = memchr::memrchr(b':', word) else { return word };
    let (host, port) = word.split_at_checked(colon).unwrap_or((word, b""));
    let is_port = port.len() > 1 && port.iter().skip(1).all(u8::is_ascii_digit);
    if is_port && host.contains(&b'.') && !host.contains(&b':') { host } else { word }
}

fn is_internal(word: &[u8]) -> bool {
    // Most words are neither: a name has a letter behind its last dot, and few have a private one.
    let last = memchr::memrchr2(b'.', b':', word).map(|at| word.get(at + 1..).unwrap_or_default());
    let Some(last) = last else { return false };
    let number = last.iter().all(u8::is_ascii_hexdigit);
    if !number && !PRIVATE_DOMAINS.iter().any(|name| last.eq_ignore_ascii_case(name.as_bytes())) {
        return false;
    }
    let Ok(text) = std::str::from_utf8(word) else { return false };
    let address = text.strip_prefix("IPv6:").unwrap_or(text);
    match address.parse::<IpAddr>() {
        Ok(IpAddr::V4(four)) => four.is_private(),
        Ok(IpAddr::V6(six)) => (six.segments().first().copied().unwrap_or(0) & 0xfe00) == 0xfc00,
        Err(_) => {
            let Some((host, last)) = text.rsplit_once('.') else { return false };
            PRIVATE_DOMAINS.iter().any(|domain| last.eq_ignore_ascii_case(domain))
                && host.split('.').all(|label| {
                    !label.is_empty()
                        && label.bytes().all(|octet| octet.is_ascii_alphanumeric() || octet == b'-')
                })
        }
    }
}

/// Whether the client said this word, in whatever it sent.
fn says(exchange: &Exchange<'_>, word: &[u8]) -> bool {
    exchange.kind == Kind::Command
        && exchange.command.as_ref().is_some_and(|said| {
            said.parsed.line.len() >= word.len() && phrase::contains(said.parsed.line, word)
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_belongs_to_private_networks() {
        for (word, internal) in [
            ("10.1.2.3", true),
            ("192.168.1.1", true),
            ("IPv6:fd00::1", true),
            ("mail01.corp.local", true),
            ("EXCH01.contoso.lan", true),
            ("192.0.2.1", false),
            ("127.0.0.1", false),
            ("mail.example.net", false),
            ("10.1.2", false),
            ("5.7.1", false),
            (".local", false),
        ] {
            assert_eq!(is_internal(word.as_bytes()), internal, "{word}");
        }
    }
}
