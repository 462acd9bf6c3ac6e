//! What follows a path: ESMTP parameters, and what is none.

use nom::{
    Parser,
    bytes::complete::{tag, take_till},
    combinator::{all_consuming, opt, rest},
    sequence::preceded,
};

use super::{
    deviation::{Deviation, DeviationKind},
    terminals::{Parsed, blanks, keyword, word},
};

/// One parameter of MAIL, RCPT and their like: `SIZE=1000`, `SMTPUTF8`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Param<'t> {
    /// All of it.
    pub raw: &'t [u8],
    /// Before the first `=`; compare without regard to case.
    pub name: &'t [u8],
    /// Behind the first `=`; `None` where there is no `=`.
    pub value: Option<&'t [u8]>,
}

impl<'t> Param<'t> {
    /// Whether it matches `esmtp-param` of RFC 5321 §4.1.2.
    ///
    /// Errors: the first deviation; [`DeviationKind::NonAscii`] for a value that RFC 6531 §3.3 allows.
    pub fn is_strict(&self) -> Result<(), Deviation<'t>> {
        if all_consuming(keyword).parse(self.name).is_err() {
            return Err(Deviation::new(DeviationKind::KeywordCharacter, self.name));
        }
        let Some(value) = self.value else { return Ok(()) };
        if value.is_empty() {
            return Err(Deviation::new(DeviationKind::ValueEmpty, value));
        }
        // esmtp-value = 1*(%d33-60 / %d62-126)
        if let Some(at) = value.iter().position(|octet| matches!(octet, 0..=32 | b'=' | 127)) {
            let part = value.get(at..=at).unwrap_or_default();
            return Err(Deviation::new(DeviationKind::ValueCharacter, part));
        }
        if value.is_ascii() { Ok(()) } else { Err(Deviation::new(DeviationKind::NonAscii, value)) }
    }

    /// Whether it has this name, in any case.
    pub fn is(&self, name: &str) -> bool {
        self.name.eq_ignore_ascii_case(name.as_bytes())
    }
}

/// `esmtp-param = esmtp-keyword ["=" esmtp-value]` (RFC 5321 §4.1.2), the whole of `raw`.
///
/// More lenient: the value may be empty and hold anything; `None` only where the keyword is none.
pub fn esmtp_param(raw: &[u8]) -> Option<Param<'_>> {
    let (_, (name, value)) =
        all_consuming((esmtp_keyword, opt(preceded(tag("="), rest)))).parse(raw).ok()?;
    Some(Param { raw, name, value })
}

/// `esmtp-keyword = (ALPHA / DIGIT) *(ALPHA / DIGIT / "-")` (RFC 5321 §4.1.2), up to `=` or the end.
///
/// More lenient: underscores, which private parameters have.
fn esmtp_keyword(i: &[u8]) -> Parsed<'_> {
    nom::combinator::verify(take_till(|octet| octet == b'='), |name: &[u8]| {
        name.first().is_some_and(u8::is_ascii_alphanumeric)
            && name.iter().all(|octet| octet.is_ascii_alphanumeric() || b"-_".contains(octet))
    })
    .parse(i)
}

/// What a text after a path is made of.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Params<'t> {
    /// The pieces that are parameters, in order, repeats included.
    pub params: Vec<Param<'t>>,
    /// The pieces that are none: a stray bracket, a comma, a word of prose.
    pub junk: Vec<&'t [u8]>,
}

/// `Mail-parameters = esmtp-param *(SP esmtp-param)` (RFC 5321 §4.1.2).
///
/// More lenient: any blanks between the pieces, none before the first, and pieces that are no parameter.
pub fn parameters(text: &[u8]) -> Params<'_> {
    let mut found = Params::default();
    let mut left = text;
    loop {
        let (piece, after) = word(blanks(left).1);
        match esmtp_param(piece) {
            Some(param) => found.params.push(param),
            None if piece.is_empty() => return found,
            None => found.junk.push(piece),
        }
        left = after;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use DeviationKind as Kind;

    #[test]
    fn pieces_are_told_apart() {
        let long = [&b" X="[..], &b"v".repeat(1000)[..]].concat();
        for (text, params, junk) in [
            (&b""[..], &[][..], &[][..] as &[&[u8]]),
            (b" SIZE=1000", &[(&b"SIZE"[..], Some(&b"1000"[..]))], &[]),
            (
                b"  size=1   BODY=8BITMIME\tSMTPUTF8",
                &[(b"size", Some(b"1")), (b"BODY", Some(b"8BITMIME")), (b"SMTPUTF8", None)],
                &[],
            ),
            (b"SIZE=1", &[(b"SIZE", Some(b"1"))], &[]),
            (b" SIZE=", &[(b"SIZE", Some(b""))], &[]),
            (b" SIZE==1", &[(b"SIZE", Some(b"=1"))], &[]),
            (b" AUTH=<>", &[(b"AUTH", Some(b"<>"))], &[]),
            (b" ORCPT=rfc822;a+40b@c", &[(b"ORCPT", Some(b"rfc822;a+40b@c"))], &[]),
            (b" X_Y=1", &[(b"X_Y", Some(b"1"))], &[]),
            (b" =1 SIZE=1", &[(b"SIZE", Some(b"1"))], &[&b"=1"[..]]),
            (b"> there!", &[], &[&b">"[..], b"there!"]),
            (b" \0", &[], &[b"\0"]),
            (" ü=1".as_bytes(), &[], &["ü=1".as_bytes()]),
            (&long, &[(b"X", Some(&long[3..]))], &[]),
        ] {
            let found = parameters(text);
            let pairs: Vec<_> =
                found.params.iter().map(|param| (param.name, param.value)).collect();
            assert_eq!((&pairs[..], &found.junk[..]), (params, junk), "{}", text.escape_ascii());
        }
    }

    #[test]
    fn the_first_deviation_is_named() {
        for (raw, expected) in [
            (&b"SIZE=1"[..], None),
            (b"SMTPUTF8", None),
            (b"X-Y=~!", None),
            (b"SIZE=", Some(Kind::ValueEmpty)),
            (b"SIZE==1", Some(Kind::ValueCharacter)),
            (b"SIZE=a\x7f", Some(Kind::ValueCharacter)),
            (b"X_Y", Some(Kind::KeywordCharacter)),
            ("ENVID=ü".as_bytes(), Some(Kind::NonAscii)),
        ] {
            let param = esmtp_param(raw).unwrap();
            assert_eq!(param.is_strict().err().map(|deviation| deviation.kind), expected);
        }
        assert!(esmtp_param(b"size=1").unwrap().is("SIZE"));
    }
}
