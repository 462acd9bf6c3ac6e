//! Escaped text back to the octets that went over the wire, line by line.
//!
//! Tools print a line of the dialogue as a string literal of their language (`'ehlo me\r\n'`), with
//! octal escapes (`\015\012`), or with a token in place of CR LF (`<CRLF>`, `[nl]`). One row of a record
//! may so hold several lines of the wire; the iterators here give each of them with the part of the row
//! that it was made from.

use std::borrow::Cow;

use super::Reading;
use crate::transcript::{Ending, Mark};

/// One line of the wire, found in an escaped text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct WireLine<'l> {
    /// What went over the wire, without the line's ending.
    pub(super) text: Cow<'l, [u8]>,
    /// The part of the escaped text that it was made from, without the ending's escapes.
    pub(super) within: &'l [u8],
    /// How it ended, where the escaped text shows an ending.
    pub(super) ending: Option<Ending>,
}

impl<'l> WireLine<'l> {
    /// The line as said under a mark.
    pub(super) fn said(self, mark: Mark) -> Reading<'l> {
        let mut reading = match self.text {
            Cow::Borrowed(text) => Reading::said(mark, text),
            Cow::Owned(text) => Reading::unescaped(mark, text, self.within),
        };
        reading.ending = self.ending;
        reading
    }
}

/// A string literal at the start of a text: Python's `'…'`, `"…"`, `b'…'`, Ruby's and JSON's `"…"`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Literal<'l> {
    /// What stands between the quotes, still escaped.
    pub(super) inner: &'l [u8],
    /// What follows the closing quote; empty where there is none.
    pub(super) rest: &'l [u8],
    /// Whether the closing quote is there: a literal that a tool cut off has none.
    pub(super) closed: bool,
}

/// The literal that `text` begins with; a backslash before a quote escapes it.
pub(super) fn literal(text: &[u8]) -> Option<Literal<'_>> {
    let text = match text {
        [b'b' | b'B' | b'u', rest @ ..] if matches!(rest.first(), Some(b'\'' | b'"')) => rest,
        _ => text,
    };
    let (&quote, body) = text.split_first().filter(|(quote, _)| matches!(quote, b'\'' | b'"'))?;
    let mut at = 0;
    while let Some(step) = memchr::memchr2(b'\\', quote, body.get(at..)?) {
        let here = at + step;
        if body.get(here) == Some(&quote) {
            return Some(Literal {
                inner: body.get(..here)?,
                rest: body.get(here + 1..)?,
                closed: true,
            });
        }
        at = (here + 2).min(body.len());
    }
    Some(Literal { inner: body, rest: b"", closed: false })
}

/// The wire's lines in a text with backslash escapes.
///
/// Knows what Python, Ruby, JSON, Go and C print: `\r \n \t \\ \' \" \/ \0 \a \b \e \f \v`, `\xNN`,
/// `\uNNNN` (with surrogate pairs), `\UNNNNNNNN`, `\u{N}` and octal `\NNN`. What is none of them stands
/// for itself.
pub(super) const fn backslash_lines(escaped: &[u8]) -> BackslashLines<'_> {
    BackslashLines { rest: escaped }
}

/// See [`backslash_lines`].
#[derive(Debug, Clone)]
pub(super) struct BackslashLines<'l> {
    rest: &'l [u8],
}

impl<'l> Iterator for BackslashLines<'l> {
    type Item = WireLine<'l>;

    fn next(&mut self) -> Option<WireLine<'l>> {
        let all = self.rest;
        if all.is_empty() {
            return None;
        }
        // Octets before `copied` are in `owned`; `last` is where the latest unit begins.
        let mut owned: Vec<u8> = Vec::new();
        let mut copied = 0;
        let mut at = 0;
        let mut return_at = None;
        while let Some(step) = all.get(at..).and_then(|tail| memchr::memchr(b'\\', tail)) {
            let here = at + step;
            let Some((unit, octets)) = all.get(here + 1..).and_then(unit) else {
                at = here + 1;
                continue;
            };
            let after = here + 1 + octets;
            if unit.as_slice() == b"\n" {
                let plain = all.get(copied..here).unwrap_or_default();
                let glued = return_at.filter(|&(_, end)| end == here).map(|(start, _)| start);
                let (end, crlf) = match glued {
                    Some(start) => (start, true),
                    None if plain.last() == Some(&b'\r') => (here - 1, true),
                    None => (here, false),
                };
                let within = all.get(..end).unwrap_or_default();
                let text = if copied == 0 {
                    Cow::Borrowed(within)
                } else {
                    if glued.is_some() {
                        owned.pop();
                    } else {
                        owned.extend_from_slice(all.get(copied..end).unwrap_or_default());
                    }
                    Cow::Owned(owned)
                };
                // A line whose only escape is that of its ending stands in the record as it was said.
                let text = match text {
                    Cow::Owned(text) if text == within => Cow::Borrowed(within),
                    text => text,
                };
                self.rest = all.get(after..).unwrap_or_default();
                return Some(WireLine { text, within, ending: Some(Ending::Shown(crlf)) });
            }
            owned.extend_from_slice(all.get(copied..here).unwrap_or_default());
            owned.extend_from_slice(unit.as_slice());
            if unit.as_slice() == b"\r" {
                return_at = Some((here, after));
            }
            copied = after;
            at = after;
        }
        self.rest = b"";
        let text = if copied == 0 {
            Cow::Borrowed(all)
        } else {
            owned.extend_from_slice(all.get(copied..).unwrap_or_default());
            Cow::Owned(owned)
        };
        Some(WireLine { text, within: all, ending: None })
    }
}

/// The text with its backslash escapes resolved, line endings and all.
pub(super) fn backslash(escaped: &[u8]) -> Cow<'_, [u8]> {
    if memchr::memchr(b'\\', escaped).is_none() {
        return Cow::Borrowed(escaped);
    }
    let mut out = Vec::with_capacity(escaped.len());
    for line in backslash_lines(escaped) {
        out.extend_from_slice(&line.text);
        match line.ending {
            Some(Ending::Shown(true)) => out.extend_from_slice(b"\r\n"),
            Some(_) => out.push(b'\n'),
            None => {}
        }
    }
    Cow::Owned(out)
}

/// The octets that one escape stands for: at most four, a character in UTF-8.
#[derive(Debug, Clone, Copy)]
struct Unit {
    octets: [u8; 4],
    len: usize,
}

impl Unit {
    const fn octet(octet: u8) -> Self {
        Self { octets: [octet, 0, 0, 0], len: 1 }
    }

    fn character(code: u32) -> Option<Self> {
        let mut octets = [0; 4];
        let len = char::from_u32(code)?.encode_utf8(&mut octets).len();
        Some(Self { octets, len })
    }

    fn as_slice(&self) -> &[u8] {
        self.octets.get(..self.len).unwrap_or_default()
    }
}

/// What stands behind a backslash, and how many octets of the text it takes.
fn unit(text: &[u8]) -> Option<(Unit, usize)> {
    let (&letter, rest) = text.split_first()?;
    let simple = |octet| Some((Unit::octet(octet), 1));
    match letter {
        b'r' => simple(b'\r'),
        b'n' => simple(b'\n'),
        b't' => simple(b'\t'),
        b'\\' | b'\'' | b'"' | b'/' | b'#' => simple(letter),
        b'a' => simple(0x07),
        b'b' => simple(0x08),
        b'e' => simple(0x1b),
        b'f' => simple(0x0c),
        b'v' => simple(0x0b),
        b'x' => {
            let octet = u8::try_from(number(rest.get(..2)?, 16)?).ok()?;
            Some((Unit::octet(octet), 3))
        }
        b'u' if rest.first() == Some(&b'{') => {
            let end = rest.iter().take(8).position(|&octet| octet == b'}')?;
            Some((Unit::character(number(rest.get(1..end)?, 16)?)?, end + 2))
        }
        b'u' => {
            let high = number(rest.get(..4)?, 16)?;
            // A character outside the first plane is a pair of halves, one escape each.
            let low = rest
                .get(4..)
                .and_then(|tail| tail.strip_prefix(b"\\u"))
                .and_then(|tail| number(tail.get(..4)?, 16));
            match (high, low) {
                (0xd800..=0xdbff, Some(low @ 0xdc00..=0xdfff)) => {
                    let code = 0x1_0000 + ((high - 0xd800) << 10) + (low - 0xdc00);
                    Some((Unit::character(code)?, 11))
                }
                _ => Some((Unit::character(high)?, 5)),
            }
        }
        b'U' => Some((Unit::character(number(rest.get(..8)?, 16)?)?, 9)),
        b'0'..=b'7' => {
            let digits = text.iter().take(3).take_while(|octet| matches!(octet, b'0'..=b'7'));
            let count = digits.count();
            // `\0` is NUL, `\015` CR; `\25` is no escape that a tool writes.
            if count == 2 {
                return None;
            }
            let digits = text.get(..count)?;
            if count == 1 && letter != b'0' {
                return None;
            }
            Some((Unit::octet(u8::try_from(number(digits, 8)?).ok()?), count))
        }
        _ => None,
    }
}

/// A number of that base, where the text is nothing else.
fn number(digits: &[u8], base: u32) -> Option<u32> {
    digits.iter().try_fold(0_u32, |value, &digit| {
        value.checked_mul(base)?.checked_add(char::from(digit).to_digit(base)?)
    })
}

/// The wire's lines in a text that shows CR LF as a token: `<CRLF>`, `[nl]`, `<EOL>`, ` | `.
///
/// Every token counts as a line's CR LF; `shown` says whether the token is a claim about the octets.
pub(super) const fn token_lines<'l>(
    text: &'l [u8],
    token: &'static [u8],
    shown: bool,
) -> TokenLines<'l> {
    TokenLines { rest: Some(text), token, shown }
}

/// See [`token_lines`].
#[derive(Debug, Clone)]
pub(super) struct TokenLines<'l> {
    rest: Option<&'l [u8]>,
    token: &'static [u8],
    shown: bool,
}

impl<'l> Iterator for TokenLines<'l> {
    type Item = WireLine<'l>;

    fn next(&mut self) -> Option<WireLine<'l>> {
        let all = self.rest.take().filter(|all| !all.is_empty())?;
        // `354 end with <CRLF>.<CRLF>` speaks of it.
        let told = all.starts_with(b"354")
            && memchr::memmem::find(all, &[self.token, b".", self.token].concat()).is_some();
        let found = if told { None } else { memchr::memmem::find(all, self.token) };
        let line = all.get(..found.unwrap_or(all.len()))?;
        self.rest = found.and_then(|at| all.get(at + self.token.len()..));
        let ending = (found.is_some() && self.shown).then_some(Ending::Shown(true));
        Some(WireLine { text: Cow::Borrowed(line), within: line, ending })
    }
}

/// The text with the entities that PHP's `htmlentities` and its like write turned back; others stay.
pub(super) fn entities(escaped: &[u8]) -> Cow<'_, [u8]> {
    const NAMED: [(&[u8], u8); 6] = [
        (b"&lt;", b'<'),
        (b"&gt;", b'>'),
        (b"&amp;", b'&'),
        (b"&quot;", b'"'),
        (b"&#39;", b'\''),
        (b"&#039;", b'\''),
    ];
    let entity = |rest: &[u8]| {
        let found = NAMED.iter().find(|(name, _)| rest.starts_with(name));
        found.map(|(name, octet)| (name.len(), *octet))
    };
    let mut out = Vec::new();
    let mut rest = escaped;
    while let Some(at) = memchr::memchr(b'&', rest) {
        let (before, tail) = rest.split_at(at);
        let (taken, octet) = entity(tail).unwrap_or((1, b'&'));
        out.extend_from_slice(before);
        out.push(octet);
        rest = tail.get(taken..).unwrap_or_default();
    }
    if rest.len() == escaped.len() {
        return Cow::Borrowed(escaped);
    }
    out.extend_from_slice(rest);
    if out == escaped { Cow::Borrowed(escaped) } else { Cow::Owned(out) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(
        lines: impl Iterator<Item = WireLine<'static>>,
    ) -> Vec<(Vec<u8>, Vec<u8>, Option<Ending>)> {
        lines.map(|line| (line.text.into_owned(), line.within.to_vec(), line.ending)).collect()
    }

    fn row(
        text: &[u8],
        within: &[u8],
        ending: Option<Ending>,
    ) -> (Vec<u8>, Vec<u8>, Option<Ending>) {
        (text.to_vec(), within.to_vec(), ending)
    }

    const CRLF: Option<Ending> = Some(Ending::Shown(true));
    const LF: Option<Ending> = Some(Ending::Shown(false));

    #[test]
    fn literals_end_at_their_own_quote() {
        for (text, inner, rest, closed) in [
            (&br"b'250 it\'s ok\r\n' tail"[..], &br"250 it\'s ok\r\n"[..], &b" tail"[..], true),
            (br#""it's \"so\"""#, br#"it's \"so\""#, b"", true),
            (br"'ehlo me\\'", br"ehlo me\\", b"", true),
            (br"'cut off \", br"cut off \", b"", false),
        ] {
            assert_eq!(literal(text), Some(Literal { inner, rest, closed }));
        }
        assert_eq!(literal(b"ehlo 'x'"), None);
        assert_eq!(literal(b"b250"), None);
    }

    #[test]
    fn backslashes_become_octets_and_lines() {
        assert_eq!(lines(backslash_lines(br"ehlo me\r\n")), [row(b"ehlo me", b"ehlo me", CRLF)]);
        assert_eq!(
            lines(backslash_lines(br"a\tb\r\n\r\n..\n.")),
            [
                row(b"a\tb", br"a\tb", CRLF),
                row(b"", b"", CRLF),
                row(b"..", b"..", LF),
                row(b".", b".", None),
            ]
        );
        assert_eq!(
            lines(backslash_lines(br"\x41\0\101\015\012\u00e9\ud83d\ude00\u{e9}\q\25")),
            [
                row(b"A\0A", br"\x41\0\101", CRLF),
                row("é😀é\\q\\25".as_bytes(), br"\u00e9\ud83d\ude00\u{e9}\q\25", None),
            ]
        );
        assert_eq!(lines(backslash_lines(br"a\rb\r\r\n")), [row(b"a\rb\r", br"a\rb\r", CRLF)]);
        assert_eq!(
            lines(backslash_lines(b"trailing \\")),
            [row(b"trailing \\", b"trailing \\", None)]
        );
        assert_eq!(backslash(br"a\r\nb\n\\"), &b"a\r\nb\n\\"[..]);
    }

    #[test]
    fn plain_lines_are_borrowed() {
        let first = backslash_lines(br"250 ok\r\n").next().expect("a line");
        assert!(matches!(first.text, Cow::Borrowed(_)));
    }

    #[test]
    fn tokens_separate_lines() {
        assert_eq!(
            lines(token_lines(b"250-a[nl]250 b", b"[nl]", false)),
            [row(b"250-a", b"250-a", None), row(b"250 b", b"250 b", None)]
        );
        assert_eq!(
            lines(token_lines(b"a<CRLF><CRLF>.<CRLF>", b"<CRLF>", true)),
            [row(b"a", b"a", CRLF), row(b"", b"", CRLF), row(b".", b".", CRLF)]
        );
    }

    #[test]
    fn entities_come_back() {
        assert_eq!(
            entities(b"FROM:&lt;a@b&gt; &amp;amp; &eacute;"),
            &b"FROM:<a@b> &amp; &eacute;"[..]
        );
        assert!(matches!(entities(b"R&D & more"), Cow::Borrowed(_)));
    }
}
