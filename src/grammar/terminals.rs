//! The terminals that the productions are made of: blanks, words, atext, quoted strings.
//!
//! Every function here and in the other files of this room takes what is left of a line and gives
//! back slices of it; none allocates, and none looks at an octet more than a fixed number of times.

use nom::{
    IResult, Parser,
    branch::alt,
    bytes::complete::{is_not, tag, take},
    combinator::recognize,
    multi::many0_count,
    sequence::{pair, preceded},
};

/// What a production leaves and what it read. There is no error to speak of: whatever a line holds
/// is data, so a production that does not fit only sends its caller to the next one.
pub(super) type Parsed<'t, O = &'t [u8]> = IResult<&'t [u8], O, ()>;

/// How many octets the blank at the beginning of `i` has; 0 where there is none.
///
/// SP and HT, and what stands for them in pasted text: VT, FF, and the Unicode spaces (U+00A0,
/// U+2000 to U+200A, U+202F, U+3000).
pub(super) fn blank_len(i: &[u8]) -> usize {
    match i {
        [b' ' | b'\t' | 0x0b | 0x0c, ..] => 1,
        [0xC2, 0xA0, ..] => 2,
        [0xE2, 0x80, 0x80..=0x8A | 0xAF, ..] | [0xE3, 0x80, 0x80, ..] => 3,
        _ => 0,
    }
}

/// `text` before and from `at`; all of it before where it is shorter.
pub(super) fn cut(text: &[u8], at: usize) -> (&[u8], &[u8]) {
    text.split_at_checked(at).unwrap_or_else(|| text.split_at(text.len()))
}

/// The blanks at the beginning, and what follows them.
pub(super) fn blanks(i: &[u8]) -> (&[u8], &[u8]) {
    let mut rest = i;
    loop {
        match blank_len(rest) {
            0 => return cut(i, i.len() - rest.len()),
            octets => rest = cut(rest, octets).1,
        }
    }
}

/// The octets up to the first blank, and what follows them.
pub(super) fn word(i: &[u8]) -> (&[u8], &[u8]) {
    let mut from = 0;
    loop {
        // What a blank may begin with; the longer ones need a second look.
        let may_begin = |&o: &u8| matches!(o, b' ' | b'\t' | 0x0b | 0x0c | 0xC2 | 0xE2 | 0xE3);
        let Some(ahead) = cut(i, from).1.iter().position(may_begin) else { return cut(i, i.len()) };
        let at = from + ahead;
        if blank_len(cut(i, at).1) > 0 {
            return cut(i, at);
        }
        from = at + 1;
    }
}

/// The words of `i`, without the blanks between them.
pub(super) fn words(i: &[u8]) -> impl Iterator<Item = &[u8]> + Clone {
    let mut rest = i;
    std::iter::from_fn(move || {
        let (word, after) = word(blanks(rest).1);
        rest = after;
        (!word.is_empty()).then_some(word)
    })
}

/// Without the white space at both ends: before, the middle, after.
pub(super) fn trimmed(i: &[u8]) -> (&[u8], &[u8], &[u8]) {
    let end = i.trim_ascii_end().len();
    let (body, after) = cut(i, end);
    let (before, body) = cut(body, body.len() - body.trim_ascii_start().len());
    (before, body, after)
}

/// Where the first rest of `i` lies for which `wanted` holds.
pub(super) fn find(i: &[u8], wanted: impl Fn(&[u8]) -> bool) -> Option<usize> {
    (0..i.len()).find(|&at| wanted(cut(i, at).1))
}

/// As [`find`], but blind inside quoted strings.
pub(super) fn find_unquoted(i: &[u8], wanted: impl Fn(&[u8]) -> bool) -> Option<usize> {
    unquoted(i).find(|(_, rest)| wanted(rest)).map(|(at, _)| at)
}

/// Where the words of `i` begin and end that blanks outside quoted strings part.
pub(super) fn unquoted_words(i: &[u8]) -> impl Iterator<Item = (usize, usize)> {
    let blanks = unquoted(i).map(|(at, rest)| (at, at + blank_len(rest))).filter(|it| it.0 < it.1);
    let mut from = 0;
    blanks.chain([(i.len(), i.len())]).filter_map(move |(end, next)| {
        let word = (from, end);
        from = next;
        (word.0 < word.1).then_some(word)
    })
}

/// Each place outside the quoted strings of `i`, with what is left from there; the opening quote counts
/// as outside. A quote that is never closed opens no string.
fn unquoted(i: &[u8]) -> impl Iterator<Item = (usize, &[u8])> {
    let mut rest = i;
    let mut quotes = true;
    std::iter::from_fn(move || {
        let here = (i.len() - rest.len(), rest);
        rest = match rest.split_first()? {
            (b'"', after) if quotes => {
                let string = quoted_string(rest);
                // The next quote could only be an escaped one: to ask again would be quadratic.
                quotes = string.is_ok();
                string.map_or(after, |(after, _)| after)
            }
            (_, after) => after,
        };
        Some(here)
    })
}

/// `Quoted-string = DQUOTE *QcontentSMTP DQUOTE` (RFC 5321 §4.1.2), with its quotes.
///
/// More lenient: any octet may stand inside and behind a backslash, as RFC 821 §4.1.2 had it.
pub(super) fn quoted_string(i: &[u8]) -> Parsed<'_> {
    recognize((tag("\""), many0_count(alt((is_not("\"\\"), quoted_pair))), tag("\""))).parse(i)
}

/// `quoted-pairSMTP = %d92 %d32-126` (RFC 5321 §4.1.2). More lenient: behind the backslash any octet.
fn quoted_pair(i: &[u8]) -> Parsed<'_> {
    recognize(preceded(tag("\\"), take(1_usize))).parse(i)
}

/// `Let-dig [ *(ALPHA / DIGIT / "-") ]`: the shape of `esmtp-keyword` and `ehlo-keyword`
/// (RFC 5321 §4.1.1.1 and §4.1.2).
pub(super) fn keyword(i: &[u8]) -> Parsed<'_> {
    use nom::bytes::complete::{take_while, take_while_m_n};
    recognize(pair(take_while_m_n(1, 1, is_let_dig), take_while(is_ldh))).parse(i)
}

/// `atext` (RFC 5322 §3.2.3): what an atom is made of.
pub(super) fn is_atext(octet: u8) -> bool {
    octet.is_ascii_alphanumeric() || b"!#$%&'*+-/=?^_`{|}~".contains(&octet)
}

/// `Let-dig = ALPHA / DIGIT` (RFC 5321 §4.1.2).
pub(super) fn is_let_dig(octet: u8) -> bool {
    octet.is_ascii_alphanumeric()
}

/// One octet of `Ldh-str = *( ALPHA / DIGIT / "-" ) Let-dig` (RFC 5321 §4.1.2).
pub(super) fn is_ldh(octet: u8) -> bool {
    octet.is_ascii_alphanumeric() || octet == b'-'
}

/// Whether `text` begins with `prefix`, in either case.
pub(super) fn begins_with(text: &[u8], prefix: &[u8]) -> bool {
    text.get(..prefix.len()).is_some_and(|head| head.eq_ignore_ascii_case(prefix))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quoted_strings_end_at_the_first_unescaped_quote() {
        for (input, expected) in [
            (&b"\"a b\"@c"[..], Some(&b"\"a b\""[..])),
            (b"\"a\\\"b\"x", Some(b"\"a\\\"b\"")),
            (b"\"\"", Some(b"\"\"")),
            (b"\"\xc3\xbc\0\"", Some(b"\"\xc3\xbc\0\"")),
            (b"\"open", None),
            (b"\"escaped\\\"", None),
            (b"a", None),
        ] {
            assert_eq!(quoted_string(input).ok().map(|parsed| parsed.1), expected);
        }
    }

    #[test]
    fn words_are_parted_by_typed_and_by_pasted_blanks() {
        let of = |text: &'static str| words(text.as_bytes()).collect::<Vec<_>>();
        assert_eq!(of("  a \t b\u{a0}c\u{2003}d "), [b"a", b"b", b"c", b"d"]);
        assert!(of(" \t ").is_empty());
        assert_eq!(of("é\u{200b}f"), ["é\u{200b}f".as_bytes()]);
    }

    #[test]
    fn quotes_hide_what_they_hold() {
        let at = |text: &[u8]| find_unquoted(text, |rest| rest.first() == Some(&b'>'));
        assert_eq!(at(b"\"a>b\">"), Some(5));
        assert_eq!(at(b"\"a>b"), Some(2));
        assert_eq!(at(b"abc"), None);
    }

    #[test]
    fn many_open_quotes_cost_no_more_than_their_length() {
        // 400,000 escaped quotes, none of which closes: minutes if each were tried.
        let text = b"\"\\".repeat(400_000);
        assert_eq!(find_unquoted(&text, |rest| rest.first() == Some(&b'>')), None);
    }
}
