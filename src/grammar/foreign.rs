//! Lines that belong to another protocol: what speaks HTTP, FTP, POP3, IMAP, SSH or TLS on a mail port.

use super::terminals::{begins_with, words};

/// The protocol that a line looks like.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Foreign {
    /// A request line or a status line of HTTP (RFC 9112 §3, §4).
    Http,
    /// FTP (RFC 959 §4.1).
    Ftp,
    /// POP3 (RFC 1939 §5 to §7).
    Pop3,
    /// USER or PASS, which FTP and POP3 share.
    FtpOrPop3,
    /// NNTP (RFC 3977, RFC 4643 §2.3).
    Nntp,
    /// A tagged command of IMAP (RFC 9051 §6).
    Imap,
    /// The identification string of SSH (RFC 4253 §4.2).
    Ssh,
    /// A TLS record (RFC 8446 §5.1).
    Tls,
}

/// How many words must follow a command word.
#[derive(Clone, Copy)]
enum After {
    None,
    One,
    NoneOrOne,
}

/// Command words of FTP and POP3 that SMTP does not have.
const WORDS: &[(&str, After, Foreign)] = &[
    ("USER", After::One, Foreign::FtpOrPop3),
    ("PASS", After::One, Foreign::FtpOrPop3),
    ("APOP", After::One, Foreign::Pop3),
    ("CAPA", After::None, Foreign::Pop3),
    ("STLS", After::None, Foreign::Pop3),
    ("UIDL", After::NoneOrOne, Foreign::Pop3),
    ("DELE", After::One, Foreign::Pop3),
    ("STAT", After::None, Foreign::Pop3),
    ("PASV", After::None, Foreign::Ftp),
    ("EPSV", After::NoneOrOne, Foreign::Ftp),
    ("SYST", After::None, Foreign::Ftp),
    ("FEAT", After::None, Foreign::Ftp),
    ("RETR", After::One, Foreign::FtpOrPop3),
    ("STOR", After::One, Foreign::Ftp),
    ("NLST", After::NoneOrOne, Foreign::Ftp),
    ("PWD", After::None, Foreign::Ftp),
    ("CWD", After::One, Foreign::Ftp),
    ("CAPABILITIES", After::None, Foreign::Nntp),
    ("MODE", After::One, Foreign::Nntp),
    ("LISTGROUP", After::NoneOrOne, Foreign::Nntp),
    ("XOVER", After::NoneOrOne, Foreign::Nntp),
];

/// Request methods of HTTP (RFC 9110 §9, PRI of RFC 9113 §3.4).
const METHODS: &[&str] =
    &["GET", "POST", "HEAD", "PUT", "DELETE", "OPTIONS", "TRACE", "CONNECT", "PATCH", "PRI"];

/// Commands of IMAP that follow a tag (RFC 9051 §6).
const TAGGED: &[&str] = &[
    "CAPABILITY",
    "LOGIN",
    "LOGOUT",
    "SELECT",
    "EXAMINE",
    "AUTHENTICATE",
    "STARTTLS",
    "NOOP",
    "LIST",
    "LSUB",
    "FETCH",
    "UID",
    "IDLE",
    "STATUS",
    "APPEND",
    "ENABLE",
    "NAMESPACE",
];

/// The protocol other than SMTP that `line` looks like a command of, if any.
///
/// Words that are English as well count only in one case throughout, as commands are typed.
pub fn foreign(line: &[u8]) -> Option<Foreign> {
    if matches!(line, [0x14..=0x17, 0x03, 0..=4, ..]) {
        return Some(Foreign::Tls);
    }
    if begins_with(line, b"SSH-") && line.get(4).is_some_and(u8::is_ascii_digit) {
        return Some(Foreign::Ssh);
    }
    if is_status_line(line) {
        return Some(Foreign::Http);
    }
    let line = line.trim_ascii();
    let mut following = words(line);
    let first = following.next()?;
    let second = following.next();
    let third = following.next();
    let is = |word: &[u8], name: &str| word.eq_ignore_ascii_case(name.as_bytes());
    if METHODS.iter().any(|method| is(first, method)) && is_request(second, third) {
        return Some(Foreign::Http);
    }
    let count = [second, third].iter().flatten().count();
    if one_case(first)
        && let Some(row) = WORDS.iter().find(|row| is(first, row.0))
    {
        let fits = match row.1 {
            After::None => count == 0,
            After::One => count == 1 || row.0 == "APOP" && count == 2,
            After::NoneOrOne => count <= 1,
        };
        return fits.then_some(row.2);
    }
    let tagged =
        second.is_some_and(|word| one_case(word) && TAGGED.iter().any(|name| is(word, name)));
    // A name and a password; `MD5 LOGIN PLAIN` is a list of mechanisms that somebody broke.
    if second.is_some_and(|word| is(word, "LOGIN")) && following.next().is_none() {
        return None;
    }
    (tagged && is_tag(first)).then_some(Foreign::Imap)
}

/// `status-line = HTTP-version SP status-code SP [ reason-phrase ]` (RFC 9112 §4).
fn is_status_line(line: &[u8]) -> bool {
    let Some(rest) = line.strip_prefix(b"HTTP/") else { return false };
    let version = rest.iter().take_while(|octet| matches!(octet, b'0'..=b'9' | b'.')).count();
    let status = rest.get(version..).unwrap_or_default();
    version > 0
        && matches!(status, [b' ', b'1'..=b'5', b'0'..=b'9', b'0'..=b'9', end @ ..]
            if !end.first().is_some_and(u8::is_ascii_digit))
}

/// `request-line = method SP request-target SP HTTP-version` (RFC 9112 §3).
/// More lenient: the version may be missing where the target is a path or a URL.
fn is_request(target: Option<&[u8]>, version: Option<&[u8]>) -> bool {
    let Some(target) = target else { return false };
    let versioned = version.is_some_and(|word| begins_with(word, b"HTTP/"));
    let located = target.first() == Some(&b'/') || begins_with(target, b"http");
    versioned || version.is_none() && located
}

/// A tag as clients make them: a dot, or letters and digits with a digit among them (`a1`, `A0001`).
fn is_tag(word: &[u8]) -> bool {
    let short = word.len() <= 8 && word.iter().all(u8::is_ascii_alphanumeric);
    let letter = word.first().is_some_and(u8::is_ascii_alphabetic);
    word == b"."
        || word == b"*"
        || short && letter && word.iter().any(u8::is_ascii_digit)
        || word.len() == 1 && letter
}

fn one_case(word: &[u8]) -> bool {
    !word.iter().any(u8::is_ascii_lowercase) || !word.iter().any(u8::is_ascii_uppercase)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn other_protocols_are_told_by_their_words() {
        for (line, expected) in [
            (&b"GET / HTTP/1.1"[..], Some(Foreign::Http)),
            (b"get /index.html", Some(Foreign::Http)),
            (b"CONNECT mx.example:25 HTTP/1.0", Some(Foreign::Http)),
            (b"HTTP/1.1 400 Bad Request", Some(Foreign::Http)),
            (b"HTTP/2 200", Some(Foreign::Http)),
            (b"HTTP/1.1 is what the request asks for", None),
            (b"PRI * HTTP/2.0", Some(Foreign::Http)),
            (b"MODE READER", Some(Foreign::Nntp)),
            (b"CAPABILITIES", Some(Foreign::Nntp)),
            (b"Capabilities", None),
            (b"Get the message", None),
            (b"Post it", None),
            (b"USER anonymous", Some(Foreign::FtpOrPop3)),
            (b"User unknown", None),
            (b"user is unknown", None),
            (b"PASS", None),
            (b"CAPA\r\n", Some(Foreign::Pop3)),
            (b"APOP mrose c4c9334bac560ecc979e58001b3e22fb", Some(Foreign::Pop3)),
            (b"PASV", Some(Foreign::Ftp)),
            (b"a1 LOGIN fred secret", Some(Foreign::Imap)),
            (b"MD5 LOGIN PLAIN", None),
            (b". CAPABILITY", Some(Foreign::Imap)),
            (b"A0001 SELECT INBOX", Some(Foreign::Imap)),
            (b"a Login", None),
            (b"the list", None),
            (b"SSH-2.0-OpenSSH_9.6", Some(Foreign::Ssh)),
            (b"ssh-keygen", None),
            (b"\x16\x03\x01\x02\0\x01", Some(Foreign::Tls)),
            (b"MAIL FROM:<a@b>", None),
            (b"", None),
            ("GÉT / HTTP/1.1".as_bytes(), None),
        ] {
            assert_eq!(foreign(line), expected, "{}", line.escape_ascii());
        }
    }
}
