//! xtext: how ENVID, ORCPT, AUTH= and their like write octets that a parameter may not have.

use nom::{
    Parser,
    bytes::complete::{tag, take_while_m_n},
    combinator::map,
    sequence::preceded,
};

use super::{
    deviation::{Deviation, DeviationKind},
    terminals::{Parsed, cut},
};

/// What `text` says once its hexchars are resolved.
///
/// More lenient than RFC 3461 §4: hexadecimal digits in either case, and a `+` that they do not
/// follow stands for itself.
///
/// ```
/// assert_eq!(smtplog::grammar::xtext::decoded(b"a+2Bb+40c"), b"a+b@c");
/// ```
pub fn decoded(text: &[u8]) -> Vec<u8> {
    let mut octets = Vec::with_capacity(text.len());
    let mut rest = text;
    while let Some((&first, after)) = rest.split_first() {
        let (next, octet) = hexchar(rest).unwrap_or((after, first));
        octets.push(octet);
        rest = next;
    }
    octets
}

/// `xtext = *( xchar / hexchar )` (RFC 3461 §4), the whole of `text`.
///
/// Errors: the first octet that is neither.
pub fn is_strict(text: &[u8]) -> Result<(), Deviation<'_>> {
    let mut rest = text;
    while let Some((&first, after)) = rest.split_first() {
        rest = match first {
            b'+' => match hexchar(rest) {
                Ok((next, _)) if !cut(rest, 3).0.iter().any(u8::is_ascii_lowercase) => next,
                _ => return Err(deviation(rest)),
            },
            b'=' => return Err(deviation(rest)),
            // xchar = any ASCII CHAR between "!" (33) and "~" (126) inclusive, except for "+" and "="
            b'!'..=b'~' => after,
            _ => return Err(deviation(rest)),
        };
    }
    Ok(())
}

fn deviation(rest: &[u8]) -> Deviation<'_> {
    Deviation::new(DeviationKind::XtextCharacter, cut(rest, 1).0)
}

/// `hexchar = ASCII "+" immediately followed by two upper case hexadecimal digits` (RFC 3461 §4).
/// More lenient: digits in either case.
fn hexchar(i: &[u8]) -> Parsed<'_, u8> {
    let digits = take_while_m_n(2, 2, |octet: u8| octet.is_ascii_hexdigit());
    map(preceded(tag("+"), digits), |pair: &[u8]| {
        pair.iter().fold(0, |value, &digit| value << 4 | hex_value(digit))
    })
    .parse(i)
}

fn hex_value(digit: u8) -> u8 {
    match digit {
        b'0'..=b'9' => digit - b'0',
        _ => (digit | 0x20).wrapping_sub(b'a').wrapping_add(10) & 0x0f,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn xtext_and_what_it_says() {
        for (text, says, wrong) in [
            (&b""[..], &b""[..], None),
            (b"QQ314159", b"QQ314159", None),
            (b"Bob+40Ivory.example.com", b"Bob@Ivory.example.com", None),
            (b"a+2Bb+3Dc", b"a+b=c", None),
            (b"a+3dc", b"a=c", Some(1)),
            (b"+C3+BC", "ü".as_bytes(), None),
            (b"a+b", b"a+b", Some(1)),
            (b"a+4", b"a+4", Some(1)),
            (b"a+", b"a+", Some(1)),
            (b"a=b", b"a=b", Some(1)),
            (b"a b", b"a b", Some(1)),
            (b"a\0", b"a\0", Some(1)),
            ("xü".as_bytes(), "xü".as_bytes(), Some(1)),
        ] {
            assert_eq!(decoded(text), says, "{}", text.escape_ascii());
            let found = is_strict(text).err().map(|it| crate::span::Span::of(text, it.part).start);
            assert_eq!(found, wrong, "{}", text.escape_ascii());
        }
    }
}
