//! Enhanced status codes: `5.7.1` at the beginning of a reply's text, and what comes near it.

use nom::{
    Parser,
    branch::alt,
    bytes::complete::{tag, take_while_m_n, take_while1},
    combinator::{opt, recognize, success},
    multi::many0_count,
    sequence::{pair, preceded},
};

use super::terminals::{Parsed, blanks, cut};

/// An enhanced status code as it was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct EnhancedCode<'t> {
    /// Its digits and dots: `5.7.1`, but also `5.7` and `5.7.1.2`.
    pub raw: &'t [u8],
    /// What stands before it: `#`, `(#`, `[`; mostly empty.
    pub marker: &'t [u8],
    /// 1 to 5; RFC 3463 §2 defines 2, 4 and 5.
    pub class: u8,
    /// The second number; `None` where it does not fit 16 bits.
    pub subject: Option<u16>,
    /// The third number; `None` where it is missing or does not fit 16 bits.
    pub detail: Option<u16>,
    /// Whether it is `status-code` of RFC 3463 §2 and ends the text or is followed by a space
    /// (RFC 2034 §3). Whether its class is the reply's is not considered.
    pub wellformed: bool,
}

/// `status-code = class "." subject "." detail`, `class = "2"/"4"/"5"`, `subject = 1*3DIGIT`,
/// `detail = 1*3DIGIT` (RFC 3463 §2), at the beginning of `text`.
///
/// More lenient: blanks, `#` or a bracket before it, class 1 and 3, leading zeros, any number of
/// digits, anything behind it. With two or four numbers it is taken for a code only if its class is
/// `reply_class` (the reply code's first digit, 0 to 9), lest a version number or an address be one.
pub fn enhanced_code(text: &[u8], reply_class: u8) -> Option<EnhancedCode<'_>> {
    // Called for every reply line: nearly all that have no code are told here.
    let (space, text) = blanks(text);
    if !matches!(text.first(), Some(b'1'..=b'5' | b'#' | b'(' | b'[')) {
        return None;
    }
    if let Some(code) = usual(text).filter(|_| space.is_empty()) {
        return Some(code);
    }
    let (rest, (marker, raw)) = (marker, numbers).parse(text).ok()?;
    let code = assembled(marker, raw, rest)?;
    let near = code.detail.is_some() && raw.split(|&octet| octet == b'.').count() == 3;
    let plain = space.is_empty();
    (near || code.class == reply_class && code.wellformed_class())
        .then_some(EnhancedCode { wellformed: code.wellformed && plain, ..code })
}

/// `2.1.5 `: a digit each, nothing before and a space or nothing behind. Most codes are that.
fn usual(text: &[u8]) -> Option<EnhancedCode<'_>> {
    let (&[class @ (b'2' | b'4' | b'5'), b'.', subject, b'.', detail], rest) =
        text.split_first_chunk()?
    else {
        return None;
    };
    let plain = subject.is_ascii_digit()
        && detail.is_ascii_digit()
        && matches!(rest.first(), None | Some(b' '));
    plain.then(|| EnhancedCode {
        raw: cut(text, 5).0,
        marker: b"",
        class: class - b'0',
        subject: Some(u16::from(subject - b'0')),
        detail: Some(u16::from(detail - b'0')),
        wellformed: true,
    })
}

/// A code with `#` before it anywhere in `text`, as qmail and its heirs end their texts: `(#5.7.1)`.
pub fn mentioned(text: &[u8]) -> Option<EnhancedCode<'_>> {
    memchr::memchr_iter(b'#', text).find_map(|at| {
        let (rest, (marker, raw)) = (marker, numbers).parse(cut(text, at).1).ok()?;
        assembled(marker, raw, rest).filter(|code| code.detail.is_some())
    })
}

impl EnhancedCode<'_> {
    const fn wellformed_class(&self) -> bool {
        matches!(self.class, 2 | 4 | 5)
    }
}

fn assembled<'t>(marker: &'t [u8], raw: &'t [u8], rest: &[u8]) -> Option<EnhancedCode<'t>> {
    let mut parts = raw.split(|&octet| octet == b'.');
    let class = match parts.next()? {
        [digit @ b'1'..=b'5'] => digit - b'0',
        _ => return None,
    };
    let (subject, detail) = (parts.next()?, parts.next());
    let wellformed = marker.is_empty()
        && matches!(class, 2 | 4 | 5)
        && is_sub_code(subject)
        && detail.is_some_and(is_sub_code)
        && parts.next().is_none()
        && matches!(rest.first(), None | Some(b' ' | b'\r' | b'\n'));
    Some(EnhancedCode {
        raw,
        marker,
        class,
        subject: value(subject),
        detail: detail.and_then(value),
        wellformed,
    })
}

/// No RFC has a marker; qmail, Cisco's gateways and others print one.
fn marker(i: &[u8]) -> Parsed<'_> {
    alt((tag("(#"), tag("[#"), tag("#"), tag("("), tag("["), recognize(success(())))).parse(i)
}

/// `class "." subject [ "." detail ]` (RFC 3463 §2). More lenient: any number of digits and numbers.
fn numbers(i: &[u8]) -> Parsed<'_> {
    let digit = |octet: u8| octet.is_ascii_digit();
    let number = || preceded(tag("."), take_while1(digit));
    recognize(pair(take_while_m_n(1, 1, digit), (number(), opt(many0_count(number()))))).parse(i)
}

/// `1*3DIGIT` without leading zeros (RFC 3463 §2).
fn is_sub_code(digits: &[u8]) -> bool {
    digits.len() <= 3 && (digits == b"0" || digits.first() != Some(&b'0'))
}

fn value(digits: &[u8]) -> Option<u16> {
    super::bdat::number(digits).and_then(|value| value.try_into().ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `raw`, class, subject, detail, well-formed.
    type Row = (&'static str, u8, Option<u16>, Option<u16>, bool);

    #[test]
    fn codes_at_the_beginning() {
        let rows: &[(&str, u8, Option<Row>)] = &[
            ("5.7.1 Relaying denied", 5, Some(("5.7.1", 5, Some(7), Some(1), true))),
            ("2.0.0", 2, Some(("2.0.0", 2, Some(0), Some(0), true))),
            ("5.7.26 x", 5, Some(("5.7.26", 5, Some(7), Some(26), true))),
            ("5.1.1 x", 4, Some(("5.1.1", 5, Some(1), Some(1), true))),
            ("3.0.0 Start", 3, Some(("3.0.0", 3, Some(0), Some(0), false))),
            (" 5.1.1 x", 5, Some(("5.1.1", 5, Some(1), Some(1), false))),
            ("#5.7.1 x", 5, Some(("5.7.1", 5, Some(7), Some(1), false))),
            ("(#5.7.1)", 5, Some(("5.7.1", 5, Some(7), Some(1), false))),
            ("5.1.1: x", 5, Some(("5.1.1", 5, Some(1), Some(1), false))),
            ("5.1.1<a@b>", 5, Some(("5.1.1", 5, Some(1), Some(1), false))),
            ("5.7 x", 5, Some(("5.7", 5, Some(7), None, false))),
            ("5.7.1.2 x", 5, Some(("5.7.1.2", 5, Some(7), Some(1), false))),
            ("5.07.1 x", 5, Some(("5.07.1", 5, Some(7), Some(1), false))),
            ("5.1000.1 x", 5, Some(("5.1000.1", 5, Some(1000), Some(1), false))),
            ("5.99999.1 x", 5, Some(("5.99999.1", 5, None, Some(1), false))),
            ("5.7.1. x", 5, Some(("5.7.1", 5, Some(7), Some(1), false))),
            ("2.5 MB free", 5, None),
            ("1.2.3.4 ESMTP", 2, None),
            ("192.0.2.1", 1, None),
            ("8.14.4 sendmail", 2, None),
            ("5 7 1", 5, None),
            ("5.", 5, None),
            ("[192.0.2.1]", 2, None),
            ("[5.7.1] x", 5, Some(("5.7.1", 5, Some(7), Some(1), false))),
            ("OK", 2, None),
            ("", 2, None),
            ("ü5.7.1", 5, None),
            ("5\0.7.1", 5, None),
        ];
        for &(text, reply_class, expected) in rows {
            let found = enhanced_code(text.as_bytes(), reply_class);
            let row = expected.map(|(raw, class, subject, detail, wellformed)| {
                (raw.as_bytes(), class, subject, detail, wellformed)
            });
            let of = |it: EnhancedCode<'static>| {
                (it.raw, it.class, it.subject, it.detail, it.wellformed)
            };
            assert_eq!(found.map(of), row, "{text}");
        }
    }

    #[test]
    fn codes_that_a_text_mentions() {
        let found = mentioned(b"sorry, no mailbox here by that name. (#5.1.1)").unwrap();
        assert_eq!((found.raw, found.marker), (&b"5.1.1"[..], &b"#"[..]));
        assert_eq!(mentioned(b"ticket #4711, room #5.7"), None);
        assert_eq!(mentioned(b"#1 (#4.3.0)").unwrap().raw, b"4.3.0");
    }
}
