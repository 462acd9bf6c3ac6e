//! Domain names and address literals: the argument of HELO and EHLO, and the right side of a mailbox.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use nom::{
    Parser,
    bytes::complete::{tag_no_case, take_while_m_n, take_while1},
    character::complete::char,
    combinator::{all_consuming, map_opt},
    sequence::{preceded, separated_pair, terminated},
};

use super::{
    deviation::{Deviation, DeviationKind},
    terminals::{Parsed, blank_len, find, is_ldh},
};

/// What a name in the place of a host is.
///
/// The editions disagree, and the variants are cut so that a rule can tell:
///
/// | | RFC 821 | RFC 2821 | RFC 5321 |
/// | --- | --- | --- | --- |
/// | `Domain` | yes | yes | yes |
/// | `SingleLabel` | yes | no: at least two labels | yes |
/// | `AddressLiteral(V4)` | yes | yes | mailboxes and EHLO; for HELO by the prose of §4.1.4 only |
/// | `AddressLiteral(V6)`, `General` | no | yes | as above; only the tag `IPv6` is registered |
/// | `BareAddress` | no | no | no, though its digits and dots alone would pass as `Domain` |
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HostName<'t> {
    /// Two labels or more.
    Domain,
    /// One label: `localhost`.
    SingleLabel,
    /// An address in brackets.
    AddressLiteral(AddressLiteral<'t>),
    /// An address without brackets: `192.0.2.1`, `2001:db8::1`, `IPv6:2001:db8::1`.
    BareAddress(IpAddr),
    /// None of these, and the first reason why.
    Invalid(Deviation<'t>),
}

/// An address in brackets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AddressLiteral<'t> {
    /// `[192.0.2.1]`
    V4(Ipv4Addr),
    /// `[IPv6:2001:db8::1]`
    V6(Ipv6Addr),
    /// `[tag:content]` with a tag that is not `IPv6`; no other is registered.
    General {
        /// Before the colon.
        tag: &'t [u8],
        /// Behind it.
        content: &'t [u8],
    },
}

/// What `name` is: a domain, an address literal, or something else.
///
/// ```
/// use smtplog::grammar::domain::{HostName, classify};
/// assert_eq!(classify(b"mx1.example.com"), HostName::Domain);
/// assert!(matches!(classify(b"192.0.2.1"), HostName::BareAddress(_)));
/// assert!(matches!(classify(b"my_host.example.com"), HostName::Invalid(_)));
/// ```
pub fn classify(name: &[u8]) -> HostName<'_> {
    if name.first() == Some(&b'[') {
        return match address_literal(name) {
            Ok(literal) => HostName::AddressLiteral(literal),
            Err(deviation) => HostName::Invalid(deviation),
        };
    }
    if let Ok((_, address)) = all_consuming(ipv4_address_literal).parse(name) {
        return HostName::BareAddress(IpAddr::V4(address));
    }
    if let Ok((_, address)) = all_consuming(ipv6_address_literal).parse(name) {
        return HostName::BareAddress(IpAddr::V6(address));
    }
    if let Some(address) = ipv6_addr(name) {
        return HostName::BareAddress(IpAddr::V6(address));
    }
    match domain(name) {
        Ok(1) => HostName::SingleLabel,
        Ok(_) => HostName::Domain,
        Err(deviation) => HostName::Invalid(deviation),
    }
}

/// `Domain = sub-domain *("." sub-domain)` (RFC 5321 §4.1.2): how many labels it has.
///
/// Errors: the first deviation; [`DeviationKind::NonAscii`] only where nothing else is wrong, since
/// RFC 6531 §3.3 lets U-labels in.
pub fn domain(name: &[u8]) -> Result<usize, Deviation<'_>> {
    if name.is_empty() {
        return Err(Deviation::new(DeviationKind::DomainEmpty, name));
    }
    if let [b'#', digits @ ..] = name
        && !digits.is_empty()
        && digits.iter().all(u8::is_ascii_digit)
    {
        return Err(Deviation::new(DeviationKind::HostNumber, name));
    }
    let mut labels = 0;
    let mut rest = name;
    loop {
        let end = memchr::memchr(b'.', rest);
        let (label, after) = rest.split_at(end.unwrap_or(rest.len()));
        if label.is_empty() {
            let last = end.is_none() && labels > 0;
            let kind =
                if last { DeviationKind::DomainTrailingDot } else { DeviationKind::LabelEmpty };
            return Err(Deviation::new(kind, label));
        }
        sub_domain(label)?;
        labels += 1;
        match after.split_first() {
            Some((_, next)) => rest = next,
            None => break,
        }
    }
    match find(name, |rest| rest.first().is_some_and(|octet| !octet.is_ascii())) {
        Some(_) => Err(Deviation::new(DeviationKind::NonAscii, name)),
        None => Ok(labels),
    }
}

/// `sub-domain = Let-dig [Ldh-str]` (RFC 5321 §4.1.2), and octets above 127 as RFC 6531 §3.3 adds them.
fn sub_domain(label: &[u8]) -> Result<(), Deviation<'_>> {
    if let Some(at) = label.iter().position(|&octet| !is_ldh(octet) && octet.is_ascii()) {
        let part = label.get(at..=at).unwrap_or(label);
        let kind = match part {
            [b'_'] => DeviationKind::LabelUnderscore,
            [b'@'] => DeviationKind::AtRepeated,
            [octet] if blank_len(&[*octet]) > 0 => DeviationKind::WhiteSpace,
            [octet] if octet.is_ascii_control() => DeviationKind::ControlCharacter,
            _ => DeviationKind::LabelCharacter,
        };
        return Err(Deviation::new(kind, part));
    }
    if label.first() == Some(&b'-') || label.last() == Some(&b'-') {
        return Err(Deviation::new(DeviationKind::LabelHyphen, label));
    }
    Ok(())
}

/// `address-literal = "[" ( IPv4-address-literal / IPv6-address-literal / General-address-literal ) "]"`
/// (RFC 5321 §4.1.3).
///
/// Errors: the first deviation; [`DeviationKind::LiteralUntagged`] for the common `[::1]`.
pub fn address_literal(literal: &[u8]) -> Result<AddressLiteral<'_>, Deviation<'_>> {
    let deviation = |kind| Deviation::new(kind, literal);
    let inner = match literal {
        [b'[', inner @ .., b']'] if !inner.contains(&b']') => inner,
        _ => return Err(deviation(DeviationKind::LiteralUnclosed)),
    };
    if let Ok((_, address)) = all_consuming(ipv4_address_literal).parse(inner) {
        return Ok(AddressLiteral::V4(address));
    }
    if let Ok((_, address)) = all_consuming(ipv6_address_literal).parse(inner) {
        return Ok(AddressLiteral::V6(address));
    }
    if ipv6_addr(inner).is_some() {
        return Err(deviation(DeviationKind::LiteralUntagged));
    }
    match all_consuming(general_address_literal).parse(inner) {
        Ok((_, (tag, content))) if !tag.eq_ignore_ascii_case(b"IPv6") => {
            Ok(AddressLiteral::General { tag, content })
        }
        _ => Err(deviation(DeviationKind::LiteralInvalid)),
    }
}

/// `IPv4-address-literal = Snum 3("."  Snum)` (RFC 5321 §4.1.3).
fn ipv4_address_literal(i: &[u8]) -> Parsed<'_, Ipv4Addr> {
    let dot = || char('.');
    (terminated(snum, dot()), terminated(snum, dot()), terminated(snum, dot()), snum)
        .map(|(a, b, c, d)| Ipv4Addr::new(a, b, c, d))
        .parse(i)
}

/// `Snum = 1*3DIGIT ; representing a decimal integer value in the range 0 through 255` (RFC 5321 §4.1.3).
fn snum(i: &[u8]) -> Parsed<'_, u8> {
    map_opt(take_while_m_n(1, 3, |octet: u8| octet.is_ascii_digit()), octet_value).parse(i)
}

fn octet_value(digits: &[u8]) -> Option<u8> {
    digits
        .iter()
        .try_fold(0_u8, |value, digit| value.checked_mul(10)?.checked_add(digit.wrapping_sub(b'0')))
}

/// `IPv6-address-literal = "IPv6:" IPv6-addr` (RFC 5321 §4.1.3).
fn ipv6_address_literal(i: &[u8]) -> Parsed<'_, Ipv6Addr> {
    preceded(tag_no_case("IPv6:"), map_opt(nom::combinator::rest, ipv6_addr)).parse(i)
}

/// `IPv6-addr = IPv6-full / IPv6-comp / IPv6v4-full / IPv6v4-comp` (RFC 5321 §4.1.3), the whole of `text`.
///
/// The standard library reads it; what it allows beyond the RFC is a `::` that stands for one group only.
fn ipv6_addr(text: &[u8]) -> Option<Ipv6Addr> {
    let address = std::str::from_utf8(text).ok()?.parse().ok()?;
    let compressed = text.windows(2).any(|pair| pair == b"::");
    let groups = text.split(|&octet| octet == b':').filter(|group| !group.is_empty());
    // A trailing IPv4 address stands for two groups.
    let count = groups.clone().count() + usize::from(text.contains(&b'.'));
    (!compressed || count <= 6).then_some(address)
}

/// `General-address-literal = Standardized-tag ":" 1*dcontent` (RFC 5321 §4.1.3).
fn general_address_literal(i: &[u8]) -> Parsed<'_, (&[u8], &[u8])> {
    separated_pair(standardized_tag, char(':'), take_while1(is_dcontent)).parse(i)
}

/// `Standardized-tag = Ldh-str` (RFC 5321 §4.1.3).
fn standardized_tag(i: &[u8]) -> Parsed<'_> {
    nom::combinator::verify(take_while1(is_ldh), |tag: &[u8]| tag.last() != Some(&b'-')).parse(i)
}

/// `dcontent = %d33-90 / %d94-126` (RFC 5321 §4.1.3).
fn is_dcontent(octet: u8) -> bool {
    matches!(octet, 33..=90 | 94..=126)
}

#[cfg(test)]
mod tests {
    use super::*;
    use DeviationKind as Kind;

    fn kind(name: &[u8]) -> Option<Kind> {
        match classify(name) {
            HostName::Invalid(deviation) => Some(deviation.kind),
            _ => None,
        }
    }

    #[test]
    fn names_that_the_grammar_has() {
        let long = b"a".repeat(1000);
        for (name, expected) in [
            (&b"example.com"[..], HostName::Domain),
            (b"3com.com", HostName::Domain),
            (b"xn--bcher-kva.example", HostName::Domain),
            (b"a--b.example", HostName::Domain),
            (b"1.2.3.4.5", HostName::Domain),
            (b"1.2.3.999", HostName::Domain),
            (b"localhost", HostName::SingleLabel),
            (b"x", HostName::SingleLabel),
            (b"12345", HostName::SingleLabel),
            (&long, HostName::SingleLabel),
        ] {
            assert_eq!(classify(name), expected, "{}", name.escape_ascii());
        }
    }

    #[test]
    fn addresses_with_and_without_brackets() {
        let v4 = Ipv4Addr::new(192, 0, 2, 1);
        let v6: Ipv6Addr = "2001:db8::1".parse().unwrap();
        for (name, expected) in [
            (&b"[192.0.2.1]"[..], HostName::AddressLiteral(AddressLiteral::V4(v4))),
            (b"[192.000.002.001]", HostName::AddressLiteral(AddressLiteral::V4(v4))),
            (b"192.0.2.1", HostName::BareAddress(IpAddr::V4(v4))),
            (b"[IPv6:2001:db8::1]", HostName::AddressLiteral(AddressLiteral::V6(v6))),
            (b"[ipv6:2001:DB8:0:0:0:0:0:1]", HostName::AddressLiteral(AddressLiteral::V6(v6))),
            (b"2001:db8::1", HostName::BareAddress(IpAddr::V6(v6))),
            (b"IPv6:2001:db8::1", HostName::BareAddress(IpAddr::V6(v6))),
            (
                b"[x400:c=de]",
                HostName::AddressLiteral(AddressLiteral::General {
                    tag: b"x400",
                    content: b"c=de",
                }),
            ),
        ] {
            assert_eq!(classify(name), expected, "{}", name.escape_ascii());
        }
    }

    #[test]
    fn ipv6_addresses_keep_to_the_group_counts() {
        for (text, valid) in [
            ("::", true),
            ("::1", true),
            ("1:2:3:4:5:6::", true),
            ("1:2:3:4:5:6:7::", false),
            ("1::3:4:5:6:7:8", false),
            ("1:2:3:4:5:6:7:8", true),
            ("::ffff:192.0.2.1", true),
            ("1:2:3:4:5:6:192.0.2.1", true),
            ("1:2:3:4::192.0.2.1", true),
            ("1:2:3:4:5::192.0.2.1", false),
            ("12345::", false),
            ("fe80::1%eth0", false),
            ("", false),
        ] {
            assert_eq!(ipv6_addr(text.as_bytes()).is_some(), valid, "{text}");
        }
    }

    #[test]
    fn the_first_deviation_is_named() {
        for (name, expected) in [
            (&b""[..], Kind::DomainEmpty),
            (b".", Kind::LabelEmpty),
            (b".example.com", Kind::LabelEmpty),
            (b"a..b", Kind::LabelEmpty),
            (b"example.com.", Kind::DomainTrailingDot),
            (b"host_name.example", Kind::LabelUnderscore),
            (b"-x", Kind::LabelHyphen),
            (b"x-.example", Kind::LabelHyphen),
            (b"a b", Kind::WhiteSpace),
            (b"a\0b", Kind::ControlCharacter),
            (b"a\x08", Kind::ControlCharacter),
            (b"a@b", Kind::AtRepeated),
            (b"a,b", Kind::LabelCharacter),
            (b"#123", Kind::HostNumber),
            (b"#", Kind::LabelCharacter),
            ("bücher.example".as_bytes(), Kind::NonAscii),
            ("bü_cher.example".as_bytes(), Kind::LabelUnderscore),
            (b"[::1]", Kind::LiteralUntagged),
            (b"[192.0.2.1", Kind::LiteralUnclosed),
            (b"[192.0.2.1].", Kind::LiteralUnclosed),
            (b"[192.0.2.256]", Kind::LiteralInvalid),
            (b"[IPv6:1:2:3:4:5:6:7::]", Kind::LiteralInvalid),
            (b"[]", Kind::LiteralInvalid),
            (b"[mail]", Kind::LiteralInvalid),
        ] {
            assert_eq!(kind(name), Some(expected), "{}", name.escape_ascii());
        }
    }

    #[test]
    fn a_deviation_points_at_its_octets() {
        let name = b"my_host.example";
        let HostName::Invalid(deviation) = classify(name) else { panic!("not invalid") };
        assert_eq!(crate::span::Span::of(name, deviation.part), crate::span::Span::new(2, 3));
    }
}
