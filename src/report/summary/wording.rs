//! What a server says, without what is different each time: addresses, hosts, numbers and identifiers.
//!
//! ```text
//! <bob@example.net>: Relay access denied          → <address>: Relay access denied
//! Client host [192.0.2.7] blocked using bl.test   → Client host [ip] blocked using <host>
//! queue 4F1C2A9B3D full, try again in 300 seconds → queue <id> full, try again in <n> seconds
//! ```

use std::net::IpAddr;

/// How much of a reply is looked at, in octets.
pub(super) const LONGEST: usize = 240;

/// Appends what a text says to `wording`.
pub(super) fn append(text: &[u8], wording: &mut Vec<u8>) {
    let text = text.get(..LONGEST).unwrap_or(text);
    let mut rest = text;
    while !rest.is_empty() {
        let end = rest.iter().position(|octet| is_between(*octet)).unwrap_or(rest.len());
        let (word, after) = rest.split_at(end);
        self::word(word, wording);
        let gap = after.iter().position(|octet| !is_between(*octet)).unwrap_or(after.len());
        let (between, next) = after.split_at(gap);
        for octet in between {
            // Several blanks are one, and lines are one line.
            let octet = if octet.is_ascii_whitespace() { b' ' } else { *octet };
            if octet != b' ' || wording.last().is_some_and(|last| *last != b' ') {
                wording.push(octet);
            }
        }
        rest = next;
    }
}

/// What stands between words; brackets and quotes stay as they are.
const fn is_between(octet: u8) -> bool {
    octet.is_ascii_whitespace()
        || matches!(octet, b'<' | b'>' | b'(' | b')' | b'[' | b']' | b'{' | b'}' | b'"' | b'\'')
        || matches!(octet, b',' | b';' | b'`')
}

fn word(word: &[u8], wording: &mut Vec<u8>) {
    let ended = word.iter().rposition(|octet| !matches!(octet, b'.' | b':' | b'!' | b'?'));
    let (core, tail) = word.split_at(ended.map_or(0, |last| last + 1));
    match kind(core) {
        Some(kind) => {
            // `<a@b>` is `<address>`, not `<<address>>`.
            let bracketed = matches!(wording.last(), Some(b'<' | b'['));
            let name: &[u8] = if bracketed {
                kind.strip_prefix(b"<").and_then(|kind| kind.strip_suffix(b">")).unwrap_or(kind)
            } else {
                kind
            };
            wording.extend_from_slice(name);
        }
        None => wording.extend_from_slice(core),
    }
    wording.extend_from_slice(tail);
}

/// The name for a word that stands for one of many; `None` for a word that says something.
fn kind(word: &[u8]) -> Option<&'static [u8]> {
    let digits = word.iter().filter(|octet| octet.is_ascii_digit()).count();
    let letters = word.iter().filter(|octet| octet.is_ascii_alphabetic()).count();
    if word.contains(&b'@') && word.len() > 1 {
        return Some(b"<address>");
    }
    if memchr::memmem::find(word, b"://").is_some() {
        return Some(b"<url>");
    }
    if digits > 0 && is_ip(word) {
        return Some(b"<ip>");
    }
    if digits > 0 && letters == 0 {
        return Some(b"<n>");
    }
    if is_host(word, letters) {
        return Some(b"<host>");
    }
    // An identifier has letters and digits in a mix, or is a long run of capitals and digits.
    let mixed = digits >= 2 && letters >= 1 && word.len() >= 6;
    (mixed && word.iter().all(|octet| octet.is_ascii_alphanumeric() || b"-_=+/#.:".contains(octet)))
        .then_some(b"<id>")
}

fn is_ip(word: &[u8]) -> bool {
    let word = word.strip_prefix(b"IPv6:").unwrap_or(word);
    std::str::from_utf8(word).is_ok_and(|word| word.parse::<IpAddr>().is_ok())
}

/// `mx.example.net`: labels with a dot between, the last one of letters; `e.g` is none.
fn is_host(word: &[u8], letters: usize) -> bool {
    let Some(dot) = memchr::memrchr(b'.', word) else { return false };
    let (before, last) = (word.get(..dot), word.get(dot + 1..).unwrap_or_default());
    letters > 4
        && last.len() >= 2
        && last.iter().all(u8::is_ascii_alphabetic)
        && before.is_some_and(|before| {
            before.split(|octet| *octet == b'.').all(|label| {
                !label.is_empty()
                    && label
                        .iter()
                        .all(|octet| octet.is_ascii_alphanumeric() || matches!(octet, b'-' | b'_'))
            })
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn says_the_same_of_the_same() {
        for (text, expected) in [
            ("<bob@example.net>: Relay access denied", "<address>: Relay access denied"),
            ("bob@example.net User unknown.", "<address> User unknown."),
            (
                "Client host [192.0.2.7] blocked using bl.example.net",
                "Client host [ip] blocked using <host>",
            ),
            ("[IPv6:2001:db8::7] is listed", "[ip] is listed"),
            (
                "queue 4F1C2A9B3D full, try again in 300 seconds",
                "queue <id> full, try again in <n> seconds",
            ),
            ("see https://example.net/?a=1", "see <url>"),
            ("Try   again\tlater", "Try again later"),
            ("5.7.1 no", "<n> no"),
            ("timeout exceeded", "timeout exceeded"),
            ("e.g. this", "e.g. this"),
            ("8BITMIME and SMTPUTF8", "8BITMIME and SMTPUTF8"),
            ("", ""),
        ] {
            let mut wording = Vec::new();
            append(text.as_bytes(), &mut wording);
            assert_eq!(String::from_utf8(wording).unwrap(), expected);
        }
        let mut wording = Vec::new();
        append(&b"x".repeat(100_000), &mut wording);
        assert_eq!(wording.len(), LONGEST);
    }
}
