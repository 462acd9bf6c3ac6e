//! A mailbox: local part, `@`, domain; and the first place where one leaves the grammar.

use super::{
    deviation::{Deviation, DeviationKind},
    domain,
    terminals::{blank_len, cut, find, is_atext, quoted_string},
};

/// A mailbox as it was typed. `raw` is `local_part`, then `@` and `domain` where there is an `@`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Mailbox<'t> {
    /// All of it.
    pub raw: &'t [u8],
    /// Before the `@`, with its quotes; all of it where there is no `@`.
    pub local_part: &'t [u8],
    /// Behind the `@`, an address literal with its brackets; `None` where there is no `@`.
    pub domain: Option<&'t [u8]>,
}

impl<'t> Mailbox<'t> {
    /// Whether it matches `Mailbox` of RFC 5321 §4.1.2.
    ///
    /// Errors: the first deviation, as [`is_strict`] finds it.
    pub fn is_strict(&self) -> Result<(), Deviation<'t>> {
        is_strict(self.raw)
    }

    /// Whether the local part is a whole quoted string.
    pub fn is_quoted(&self) -> bool {
        quoted_string(self.local_part).is_ok_and(|(rest, _)| rest.is_empty())
    }

    /// Whether it is `Postmaster`, with or without a domain, in any case (RFC 5321 §4.1.1.3).
    pub fn is_postmaster(&self) -> bool {
        self.local_part.eq_ignore_ascii_case(b"postmaster")
    }
}

/// `Mailbox = Local-part "@" ( Domain / address-literal )` (RFC 5321 §4.1.2).
///
/// More lenient: any octets are a mailbox. A quoted string at the beginning is the local part if an
/// `@` or nothing follows it; otherwise the last `@` parts the two.
pub fn mailbox(raw: &[u8]) -> Mailbox<'_> {
    let quoted = quoted_string(raw).ok().filter(|(rest, _)| matches!(rest, [] | [b'@', ..]));
    let at = match quoted {
        Some(([], _)) => None,
        Some((_, local_part)) => Some(local_part.len()),
        None => memchr::memrchr(b'@', raw),
    };
    match at {
        Some(at) => {
            let (local_part, domain) = cut(raw, at);
            Mailbox { raw, local_part, domain: Some(cut(domain, 1).1) }
        }
        None => Mailbox { raw, local_part: raw, domain: None },
    }
}

/// Whether `raw` matches `Mailbox` of RFC 5321 §4.1.2.
///
/// Errors: the first deviation, from left to right. [`DeviationKind::NonAscii`] comes last: a mailbox
/// that has no other is one under SMTPUTF8 (RFC 6531 §3.3). A bare IPv4 address is no deviation
/// here, since its digits pass as labels; [`domain::classify`] tells it apart.
///
/// ```
/// use smtplog::grammar::{deviation::DeviationKind, mailbox::is_strict};
/// assert!(is_strict(b"user+tag@example.com").is_ok());
/// assert_eq!(is_strict(b"a..b@example.com").unwrap_err().kind, DeviationKind::DoubledDot);
/// ```
pub fn is_strict(raw: &[u8]) -> Result<(), Deviation<'_>> {
    let Mailbox { local_part, domain: host, .. } = mailbox(raw);
    is_local_part(local_part).or_else(unless_non_ascii)?;
    let Some(host) = host else {
        return Err(Deviation::new(DeviationKind::AtMissing, cut(raw, raw.len()).1));
    };
    if host.first() == Some(&b'[') {
        domain::address_literal(host)?;
    } else {
        domain::domain(host).map(drop).or_else(unless_non_ascii)?;
    }
    if raw.is_ascii() { Ok(()) } else { Err(Deviation::new(DeviationKind::NonAscii, raw)) }
}

fn unless_non_ascii(deviation: Deviation<'_>) -> Result<(), Deviation<'_>> {
    if deviation.kind == DeviationKind::NonAscii { Ok(()) } else { Err(deviation) }
}

/// `Local-part = Dot-string / Quoted-string` (RFC 5321 §4.1.2).
///
/// Errors: the first deviation; [`DeviationKind::NonAscii`] only where nothing else is wrong.
pub fn is_local_part(local_part: &[u8]) -> Result<(), Deviation<'_>> {
    if local_part.first() == Some(&b'"') {
        return match quoted_string(local_part) {
            Ok(([], _)) => quoted_content(local_part),
            // What goes on behind the closing quote, or the quote that is never closed.
            Ok((rest, _)) => Err(Deviation::new(DeviationKind::QuoteUnbalanced, rest)),
            Err(_) => Err(Deviation::new(DeviationKind::QuoteUnbalanced, local_part)),
        };
    }
    dot_string(local_part)
}

/// `QcontentSMTP = qtextSMTP / quoted-pairSMTP`: %d32-126 between the quotes (RFC 5321 §4.1.2).
fn quoted_content(quoted: &[u8]) -> Result<(), Deviation<'_>> {
    let control = |rest: &[u8]| rest.first().is_some_and(u8::is_ascii_control);
    match find(quoted, control) {
        Some(at) => Err(Deviation::new(DeviationKind::ControlCharacter, octet_at(quoted, at))),
        None => ascii(quoted),
    }
}

/// `Dot-string = Atom *("." Atom)`, `Atom = 1*atext` (RFC 5321 §4.1.2).
fn dot_string(text: &[u8]) -> Result<(), Deviation<'_>> {
    if text.is_empty() {
        return Err(Deviation::new(DeviationKind::LocalPartEmpty, text));
    }
    let stray = |rest: &[u8]| {
        let dots = matches!(rest, [b'.', b'.', ..]);
        let odd = rest.first().is_some_and(|&octet| octet.is_ascii() && !is_atext(octet));
        dots || blank_len(rest) > 0 || odd && !matches!(rest, [b'.', _, ..])
    };
    if text.first() == Some(&b'.') {
        return Err(Deviation::new(DeviationKind::LeadingDot, octet_at(text, 0)));
    }
    let Some(at) = find(text, stray) else {
        return ascii(text);
    };
    let rest = cut(text, at).1;
    let (kind, octets) = match rest {
        [b'.', b'.', ..] => (DeviationKind::DoubledDot, 2),
        [b'.'] => (DeviationKind::TrailingDot, 1),
        [b'@', ..] => (DeviationKind::AtRepeated, 1),
        _ if blank_len(rest) > 0 => (DeviationKind::WhiteSpace, blank_len(rest)),
        [octet, ..] if octet.is_ascii_control() => (DeviationKind::ControlCharacter, 1),
        _ => (DeviationKind::UnquotedSpecial, 1),
    };
    Err(Deviation::new(kind, cut(rest, octets).0))
}

fn ascii(text: &[u8]) -> Result<(), Deviation<'_>> {
    if text.is_ascii() { Ok(()) } else { Err(Deviation::new(DeviationKind::NonAscii, text)) }
}

fn octet_at(text: &[u8], at: usize) -> &[u8] {
    text.get(at..=at).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use DeviationKind as Kind;

    #[test]
    fn the_at_that_parts_them() {
        for (raw, local_part, domain) in [
            (&b"a@b"[..], &b"a"[..], Some(&b"b"[..])),
            (b"postmaster", b"postmaster", None),
            (b"a@", b"a", Some(b"")),
            (b"@b", b"", Some(b"b")),
            (b"a@b@c", b"a@b", Some(b"c")),
            (b"\"a@b\"@c", b"\"a@b\"", Some(b"c")),
            (b"\"a@b\"", b"\"a@b\"", None),
            (b"\"a@b", b"\"a", Some(b"b")),
            (b"\"a\"b@c", b"\"a\"b", Some(b"c")),
            (b"\"a\\\"@b\"@c", b"\"a\\\"@b\"", Some(b"c")),
            (b"a@[IPv6:::1]", b"a", Some(b"[IPv6:::1]")),
            (b"a%b@c", b"a%b", Some(b"c")),
            (b"b!a", b"b!a", None),
            (b"", b"", None),
            ("ü@bücher.example".as_bytes(), "ü".as_bytes(), Some("bücher.example".as_bytes())),
        ] {
            assert_eq!(mailbox(raw), Mailbox { raw, local_part, domain }, "{}", raw.escape_ascii());
        }
    }

    #[test]
    fn mailboxes_that_the_grammar_has() {
        let long = [&b"a".repeat(1000)[..], b"@b"].concat();
        for raw in [
            &b"a@b"[..],
            b"user+tag@example.com",
            b"!#$%&'*+-/=?^_`{|}~@example.com",
            b"first.last@xn--bcher-kva.example",
            b"\"a b\"@c",
            b"\"a\\\"b\\\\\"@c",
            b"\"\"@c",
            b"\"a@b\"@c",
            b"a@[192.0.2.1]",
            b"a@[IPv6:2001:db8::1]",
            b"a@192.0.2.1",
            b"a%b@c",
            b"b!a@c",
            &long,
        ] {
            assert_eq!(is_strict(raw), Ok(()), "{}", raw.escape_ascii());
        }
    }

    #[test]
    fn the_first_deviation_is_named() {
        for (raw, kind, part) in [
            (&b""[..], Kind::LocalPartEmpty, &b""[..]),
            (b"@b", Kind::LocalPartEmpty, b""),
            (b"a", Kind::AtMissing, b""),
            (b"a@", Kind::DomainEmpty, b""),
            (b"a@b@c", Kind::AtRepeated, b"@"),
            (b".a@b", Kind::LeadingDot, b"."),
            (b"a.@b", Kind::TrailingDot, b"."),
            (b"a..b@c", Kind::DoubledDot, b".."),
            (b"a b@c", Kind::WhiteSpace, b" "),
            ("a\u{a0}b@c".as_bytes(), Kind::WhiteSpace, b"\xc2\xa0"),
            (b"a\0b@c", Kind::ControlCharacter, b"\0"),
            (b"a\x7f@c", Kind::ControlCharacter, b"\x7f"),
            (b"a,b@c", Kind::UnquotedSpecial, b","),
            (b"<a@c", Kind::UnquotedSpecial, b"<"),
            (b"a\"b\"c@d", Kind::UnquotedSpecial, b"\""),
            (b"\"a\"b@c", Kind::QuoteUnbalanced, b"b"),
            (b"\"a@b", Kind::QuoteUnbalanced, b"\"a"),
            (b"\"a\tb\"@c", Kind::ControlCharacter, b"\t"),
            (b"a@b..c", Kind::LabelEmpty, b""),
            (b"a@b.", Kind::DomainTrailingDot, b""),
            (b"a@b_c", Kind::LabelUnderscore, b"_"),
            (b"a@-b", Kind::LabelHyphen, b"-b"),
            (b"a@b c", Kind::WhiteSpace, b" "),
            (b"a@b>", Kind::LabelCharacter, b">"),
            (b"a@[::1]", Kind::LiteralUntagged, b"[::1]"),
            ("ü@b".as_bytes(), Kind::NonAscii, "ü@b".as_bytes()),
            ("ü..x@b".as_bytes(), Kind::DoubledDot, b".."),
            ("ü@b_c".as_bytes(), Kind::LabelUnderscore, b"_"),
            ("a@bücher.example".as_bytes(), Kind::NonAscii, "a@bücher.example".as_bytes()),
            ("\"ü\"@b".as_bytes(), Kind::NonAscii, "\"ü\"@b".as_bytes()),
        ] {
            assert_eq!(is_strict(raw), Err(Deviation { kind, part }), "{}", raw.escape_ascii());
        }
    }

    #[test]
    fn postmaster_and_quotes_are_told() {
        assert!(mailbox(b"PostMaster").is_postmaster());
        assert!(mailbox(b"postmaster@x").is_postmaster());
        assert!(!mailbox(b"postmaster2@x").is_postmaster());
        assert!(mailbox(b"\"a b\"@c").is_quoted());
        assert!(!mailbox(b"\"a\"b@c").is_quoted());
    }
}
