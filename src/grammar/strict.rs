//! A command word for word as RFC 5321 has it, in the plain form that nearly every client sends.
//!
//! Most commands of most records are like that. They are read here in one pass, and marked
//! ([`Command::strict`]), so that nobody has to look for what may be wrong with them. Whatever is not
//! recognised here may be right all the same: the lenient parsers say what it is.

use super::{
    auth::auth_argument,
    bracket::{Bracket, BracketKind},
    command::{Argument, Command, known_verb},
    mailbox::Mailbox,
    param::Param,
    path::{Path, PathArgument},
};
use crate::protocol::verbs::VerbId;

/// A line without its end that keeps to every edition's limit (RFC 821 §4.5.3) has at most so many octets.
const LONGEST: usize = 500;
/// RFC 5321 §4.5.3.1.1 and §4.5.3.1.2, and a path that is short enough for both together.
const LONGEST_LOCAL_PART: usize = 64;
const LONGEST_MAILBOX: usize = 254;

/// `command = verb [ SP argument ] CRLF`, without its CRLF; `None` where it is not of the plain form.
pub(super) fn command(line: &[u8]) -> Option<Command<'_>> {
    if line.len() > LONGEST {
        return None;
    }
    let end = memchr::memchr(b' ', line);
    let (verb, rest) = line.split_at(end.unwrap_or(line.len()));
    let known = known_verb(verb)?;
    let (separator, argument) = rest.split_at_checked(1).unwrap_or_default();
    let detail = match known.id {
        _ if argument.is_empty() => {
            let alone = matches!(
                known.id,
                VerbId::Data | VerbId::Rset | VerbId::Noop | VerbId::Quit | VerbId::Starttls
            );
            (alone && separator.is_empty()).then_some(Argument::None)
        }
        VerbId::Helo | VerbId::Ehlo | VerbId::Lhlo => {
            is_domain(argument).then_some(Argument::Hello { name: argument, junk: b"" })
        }
        VerbId::Mail => path(argument, b"FROM:", true),
        VerbId::Rcpt => path(argument, b"TO:", false),
        VerbId::Auth => auth(argument),
        _ => None,
    }?;
    let trailing = line.get(line.len()..).unwrap_or_default();
    let indent = line.get(..0).unwrap_or_default();
    let known = Some(known);
    Some(Command { line, indent, verb, known, separator, argument, trailing, detail, strict: true })
}

/// `auth-command = "AUTH" SP sasl-mech [SP initial-response]` (RFC 4954 §8).
fn auth(argument: &[u8]) -> Option<Argument<'_>> {
    let plain = |octet: &u8| {
        octet.is_ascii_alphanumeric() || matches!(octet, b'-' | b'_' | b'+' | b'/' | b'=')
    };
    let mut words = argument.split(|octet| *octet == b' ');
    let shouted = |word: &[u8]| !word.iter().any(u8::is_ascii_lowercase);
    let named = words.next().is_some_and(|word| (1..=20).contains(&word.len()) && shouted(word));
    let whole = words.next().is_none_or(|word| !word.is_empty()) && words.next().is_none();
    let plain = argument.iter().all(|octet| *octet == b' ' || plain(octet));
    (named && whole && plain).then(|| Argument::Auth(auth_argument(argument)))
}

/// `"FROM:" Reverse-path [SP Mail-parameters]`, `"TO:" Forward-path [SP Rcpt-parameters]`
/// (RFC 5321 §4.1.1.2 and §4.1.1.3), of the parameters SIZE (RFC 1870) and BODY (RFC 6152).
fn path<'t>(argument: &'t [u8], keyword: &[u8], may_be_null: bool) -> Option<Argument<'t>> {
    let (named, rest) = argument.split_at_checked(keyword.len())?;
    let (keyword_text, colon) = named.split_at_checked(keyword.len().checked_sub(1)?)?;
    let content_on = rest.strip_prefix(b"<")?;
    let end = memchr::memchr(b'>', content_on)?;
    let content = content_on.get(..end)?;
    let (raw, tail) = rest.split_at_checked(end + 2)?;
    let mailbox = if content.is_empty() { None } else { Some(mailbox(content)?) };
    if !named.eq_ignore_ascii_case(keyword) || (content.is_empty() && !may_be_null) {
        return None;
    }
    let angle = |raw| Some(Bracket { raw, kind: BracketKind::Angle });
    let none = rest.get(..0).unwrap_or_default();
    let before = named.get(keyword_text.len()..keyword_text.len()).unwrap_or_default();
    Some(Argument::Path(Box::new(PathArgument {
        keyword: keyword_text,
        space_before_colon: before,
        colon: Some(colon),
        space_after_colon: none,
        display_name: none,
        path: Path {
            raw,
            opening: angle(raw.get(..1)?),
            content,
            closing: angle(raw.get(raw.len() - 1..)?),
            route: Vec::new(),
            mailbox,
        },
        tail,
        params: parameters(tail)?,
        junk: Vec::new(),
    })))
}

/// `*(SP esmtp-param)` (RFC 5321 §4.1.2) of SIZE and BODY.
fn parameters(tail: &[u8]) -> Option<Vec<Param<'_>>> {
    let mut found = Vec::new();
    if tail.is_empty() {
        return Some(found);
    }
    for raw in tail.strip_prefix(b" ")?.split(|octet| *octet == b' ') {
        let (name, value) = raw.split_at_checked(memchr::memchr(b'=', raw)?)?;
        let value = value.get(1..)?;
        let fits = if name.eq_ignore_ascii_case(b"SIZE") {
            (1..=20).contains(&value.len()) && value.iter().all(u8::is_ascii_digit)
        } else {
            name.eq_ignore_ascii_case(b"BODY")
                && (value.eq_ignore_ascii_case(b"8BITMIME") || value.eq_ignore_ascii_case(b"7BIT"))
        };
        if !fits {
            return None;
        }
        found.push(Param { raw, name, value: Some(value) });
    }
    Some(found)
}

/// `Mailbox = Dot-string "@" Domain` (RFC 5321 §4.1.2), of atoms in which no shell and no other mail
/// system sees a meaning of its own.
fn mailbox(raw: &[u8]) -> Option<Mailbox<'_>> {
    let at = memchr::memchr(b'@', raw)?;
    let (local_part, domain) = (raw.get(..at)?, raw.get(at + 1..)?);
    let short = raw.len() <= LONGEST_MAILBOX && local_part.len() <= LONGEST_LOCAL_PART;
    (short && is_dot_string(local_part) && is_domain(domain)).then_some(Mailbox {
        raw,
        local_part,
        domain: Some(domain),
    })
}

/// `Dot-string = Atom *("." Atom)` (RFC 5321 §4.1.2), of letters, digits, `_`, `+`, `=` and `-`.
fn is_dot_string(text: &[u8]) -> bool {
    let mut before = b'.';
    for &octet in text {
        let plain = octet.is_ascii_alphanumeric() || matches!(octet, b'_' | b'+' | b'=' | b'-');
        if !plain && (octet != b'.' || before == b'.') {
            return false;
        }
        before = octet;
    }
    before != b'.'
}

/// `Domain = sub-domain *("." sub-domain)` (RFC 5321 §4.1.2), of two labels or more whose last one has no
/// digit: no address.
fn is_domain(name: &[u8]) -> bool {
    let mut before = b'.';
    let mut label = 0;
    let mut labels = 1;
    let mut digits = false;
    for &octet in name {
        match octet {
            b'a'..=b'z' | b'A'..=b'Z' => label += 1,
            b'0'..=b'9' => {
                label += 1;
                digits = true;
            }
            b'-' if before != b'.' => label += 1,
            b'.' if before != b'.' && before != b'-' => {
                labels += 1;
                label = 0;
                digits = false;
            }
            _ => return false,
        }
        if label > 63 {
            return false;
        }
        before = octet;
    }
    labels > 1 && !digits && before != b'.' && before != b'-' && name.len() <= 255
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::grammar::{command::lenient, domain, mailbox as lenient_mailbox};

    #[test]
    fn a_plain_command_is_what_the_lenient_parsers_read() {
        for line in [
            &b"EHLO mx1.example.com"[..],
            b"helo a-b.example",
            b"MAIL FROM:<>",
            b"MAIL FROM:<jane.roe+tag@mail.example.co.uk>",
            b"mail from:<a@b.example> size=100 BODY=8bitmime",
            b"RCPT TO:<postmaster@example.com>",
            b"DATA",
            b"Rset",
            b"NOOP",
            b"QUIT",
            b"STARTTLS",
            b"AUTH LOGIN",
            b"AUTH PLAIN AGEAYg==",
        ] {
            let read = command(line).expect("a plain command");
            assert!(read.strict, "{}", line.escape_ascii());
            assert_eq!(Command { strict: false, ..read }, lenient(line), "{}", line.escape_ascii());
        }
    }

    #[test]
    fn what_may_be_worth_a_word_is_not_plain() {
        for line in [
            &b"EHLO localhost"[..],
            b"EHLO 192.0.2.1",
            b"EHLO [192.0.2.1]",
            b"EHLO a..example",
            b"EHLO -a.example",
            b"EHLO a-.example",
            b"EHLO my_host.example.com",
            b"EHLO mx.example.",
            b"EHLO a.example b",
            b"EHLO ",
            b"HELO",
            b" QUIT",
            b"QUIT ",
            b"QUIT now",
            b"RCPT TO:<>",
            b"RCPT TO: <a@b.example>",
            b"RCPT TO:a@b.example",
            b"RCPT TO:<a@b>",
            b"RCPT TO:<a..b@c.example>",
            b"RCPT TO:<.a@c.example>",
            b"RCPT TO:<a.@c.example>",
            b"RCPT TO:<a%b@c.example>",
            b"RCPT TO:<a@b@c.example>",
            b"RCPT TO:<a@c.example>>",
            b"RCPT TO:<a@c.example> NOTIFY=NEVER",
            b"MAIL FROM:<a@c.example>SIZE=1",
            b"MAIL FROM:<a@c.example> SIZE=",
            b"MAIL FROM:<a@c.example> SIZE=1  BODY=7BIT",
            b"MAIL FROM <a@c.example>",
            b"MAIL TO:<a@c.example>",
            b"AUTH",
            b"AUTH PLAIN a b",
            b"AUTH PLAIN ***",
            b"auth failed",
            b"STARTTLS x",
            b"VRFY a",
            b"SEND FROM:<a@c.example>",
            b"220 mx.example",
        ] {
            assert!(command(line).is_none(), "{}", line.escape_ascii());
        }
        assert!(command(&[b"EHLO ", &b"a.".repeat(300)[..], b"example"].concat()).is_none());
    }

    #[test]
    fn plain_names_are_strict_ones() {
        let octets = b"ab1.-_+=@ \xc3\xa9[]<>";
        let mut state = 7_u32;
        let mut next = |below: usize| {
            state = state.wrapping_mul(1_103_515_245).wrapping_add(12345);
            (state >> 16) as usize % below
        };
        for _ in 0..20_000 {
            let text: Vec<u8> = (0..next(12)).map(|_| octets[next(octets.len())]).collect();
            if is_domain(&text) {
                assert_eq!(domain::classify(&text), domain::HostName::Domain, "{text:?}");
            }
            if mailbox(&text).is_some() {
                assert_eq!(lenient_mailbox::is_strict(&text), Ok(()), "{text:?}");
            }
        }
    }
}
