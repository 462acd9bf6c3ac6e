//! What a text says once escapes are read and lines are put together, whoever may have written it.
//!
//! ```text
//! p%40ss=w0rd   p&#64;ss=w0rd   p\u0040ss=w0rd   p=40ss=3Dw0rd   p@ss=\n> w0rd
//! ```
//!
//! A secret is looked for in all of it, whether anybody would read the text so or not. Each octet knows where it was
//! made, so that it can be wiped there.

use std::ops::Range;

use base64::{Engine, engine::general_purpose::STANDARD_NO_PAD};

use super::placed::{ESC, escape};

/// Reads what a text begins with in one way of writing signs: how many octets it takes, and puts what they stand for
/// behind the others. A line feed stands for the end of a line.
pub(super) type Escape = fn(&[u8], &mut Vec<u8>) -> Option<usize>;

/// The ways to write signs, one by one and all at once: a password may look like another's escape.
pub(super) const EACH: &[&[Escape]] =
    &[&[], &[percent], &[entity], &[backslash], &[quoted_printable], ALL];

/// None of them, and all at once: where one does not know yet what is looked for.
pub(super) const FEW: &[&[Escape]] = &[&[], ALL];

const ALL: &[Escape] = &[percent, entity, backslash, quoted_printable, colour];

/// The signs that an escape begins with, for a quick look.
const SIGNS: &[u8] = b"%&\\=#\x1b";

/// A text read otherwise than it stands.
pub(super) struct View {
    octets: Vec<u8>,
    /// What it was made from, in order.
    parts: Vec<Part>,
}

/// Octets that were made from octets.
struct Part {
    /// The first one that was made.
    made: usize,
    /// Where they stood in the text.
    source: Range<usize>,
    /// As many were made, each from one.
    same: bool,
}

/// All that a text may say, with where each octet stands in it; the text itself is not among them.
pub(super) fn each_view(text: &[u8], ways: &[&[Escape]], see: See<'_>) {
    for (ways, joined) in ways.iter().flat_map(|ways| [(*ways, false), (*ways, true)]) {
        let Some(view) = View::of(text, ways, joined) else { continue };
        see(&view.octets, joined, &|range| view.places(range));
        // JSON in JSON, an entity of an entity.
        if ways.len() > 2
            && let Some(twice) = View::of(&view.octets, ways, joined)
        {
            let places = |range| twice.places(range).into_iter().flat_map(|one| view.places(one));
            see(&twice.octets, joined, &|range| places(range).collect());
        }
    }
}

/// Where something stands in a text.
pub(super) type Places = Vec<Range<usize>>;

/// What is shown a view, whether it is all one line, and who knows where its octets stand in the text.
type See<'s> = &'s mut dyn FnMut(&[u8], bool, &dyn Fn(Range<usize>) -> Places);

impl View {
    /// A text without these escapes, and in one line where it is `joined`; `None` where it stays what it is.
    fn of(text: &[u8], ways: &[Escape], joined: bool) -> Option<Self> {
        let is_plain = |octet: &u8| !(SIGNS.contains(octet) || joined && is_blank(*octet));
        let mut view = Self { octets: Vec::new(), parts: Vec::new() };
        let mut at = 0;
        // Behind the end of a line that was left out.
        let mut margin = false;
        while let Some(rest) = text.get(at..).filter(|rest| !rest.is_empty()) {
            if margin {
                at += rest.iter().take_while(|octet| is_margin(**octet)).count();
                margin = false;
                continue;
            }
            let plain = rest.iter().take_while(|octet| is_plain(octet)).count();
            if plain > 0 {
                view.take(at..at + plain, rest);
                at += plain;
                continue;
            }
            let made = view.octets.len();
            let read = ways.iter().find_map(|way| way(rest, &mut view.octets));
            if let Some(taken) = read {
                if joined && view.octets.get(made..) == Some(b"\n") {
                    view.octets.truncate(made);
                    margin = true;
                } else if made < view.octets.len() {
                    view.parts.push(Part { made, source: at..at + taken, same: false });
                }
                at += taken;
                continue;
            }
            let blanks = rest.iter().take_while(|octet| is_blank(**octet)).count();
            margin = joined && rest.iter().take(blanks).any(|octet| is_end(*octet));
            let taken = blanks.max(1);
            if !margin {
                view.take(at..at + taken, rest);
            }
            at += taken;
        }
        (view.octets != text).then_some(view)
    }

    /// Octets that stay as they are.
    fn take(&mut self, source: Range<usize>, rest: &[u8]) {
        let made = self.octets.len();
        self.octets.extend(rest.iter().take(source.len()));
        match self.parts.last_mut() {
            Some(last) if last.same && last.source.end == source.start => {
                last.source.end = source.end;
            }
            _ => self.parts.push(Part { made, source, same: true }),
        }
    }

    /// Where the octets stand in the text that it was made from.
    fn places(&self, range: Range<usize>) -> Places {
        let first = self.parts.partition_point(|part| part.made <= range.start).saturating_sub(1);
        let parts = self.parts.iter().skip(first).take_while(|part| part.made < range.end);
        parts
            .map(|part| {
                let Range { start, end } = part.source.clone();
                if part.same {
                    let skipped = range.start.saturating_sub(part.made);
                    start + skipped..end.min(start + (range.end - part.made))
                } else {
                    start..end
                }
            })
            .collect()
    }
}

const fn is_end(octet: u8) -> bool {
    matches!(octet, b'\r' | b'\n')
}

const fn is_blank(octet: u8) -> bool {
    matches!(octet, b' ' | b'\t') || is_end(octet)
}

/// What may stand at the beginning of a line beside its text: blanks, the marks of a quotation, a comment's sign.
const fn is_margin(octet: u8) -> bool {
    is_blank(octet) || matches!(octet, b'>' | b'|' | b'#' | b'*')
}

/// `%40`, as in a URL.
fn percent(text: &[u8], out: &mut Vec<u8>) -> Option<usize> {
    let digits = text.strip_prefix(b"%")?.get(..2)?;
    out.push(u8::try_from(number(digits, 16)?).ok()?);
    Some(3)
}

/// `&#64;`, `&#x40;`, `&amp;`, as in a page.
fn entity(text: &[u8], out: &mut Vec<u8>) -> Option<usize> {
    /// The longest one that is known, `&#x10FFFF;`.
    const LONGEST: usize = 10;
    const NAMED: &[(&[u8], u8)] = &[
        (b"amp", b'&'),
        (b"lt", b'<'),
        (b"gt", b'>'),
        (b"quot", b'"'),
        (b"apos", b'\''),
        (b"nbsp", b' '),
    ];
    let inner = text.strip_prefix(b"&")?;
    let length = inner.iter().take(LONGEST).position(|octet| *octet == b';')?;
    let name = inner.get(..length)?;
    if let Some((_, sign)) = NAMED.iter().find(|(known, _)| *known == name) {
        out.push(*sign);
    } else if let [b'#', b'x' | b'X', digits @ ..] = name {
        sign(number(digits, 16)?, out)?;
    } else {
        sign(number(name.strip_prefix(b"#")?, 10)?, out)?;
    }
    Some(length + 2)
}

/// `\u0040`, `\x40`, `\100`, `\"`, `\n`, and syslog's `#012`.
fn backslash(text: &[u8], out: &mut Vec<u8>) -> Option<usize> {
    match text {
        [b'\\', b'u', rest @ ..] => sign(number(rest.get(..4)?, 16)?, out).map(|()| 6),
        [b'\\', b'x', rest @ ..] => {
            out.push(u8::try_from(number(rest.get(..2)?, 16)?).ok()?);
            Some(4)
        }
        [b'\\', b'n' | b'r', ..] => {
            out.push(b'\n');
            Some(2)
        }
        [b'#', b'0', b'1', b'2' | b'5', ..] => {
            out.push(b'\n');
            Some(4)
        }
        [b'\\', b'0'..=b'7', ..] => {
            if let Some(octet) = text.get(1..4).and_then(|digits| number(digits, 8)) {
                out.push(u8::try_from(octet).ok()?);
                return Some(4);
            }
            None
        }
        [b'\\', sign, ..] if sign.is_ascii_punctuation() => {
            out.push(*sign);
            Some(2)
        }
        _ => None,
    }
}

/// `=40`, and `=` where a line was broken (RFC 2045 §6.7).
fn quoted_printable(text: &[u8], out: &mut Vec<u8>) -> Option<usize> {
    match text {
        [b'=', b'3', b'D' | b'd', ..] => {
            out.push(b'=');
            Some(3)
        }
        _ if text.starts_with(b"=") && is_padding(out) => None,
        [b'=', b'\n', ..] => Some(2),
        [b'=', b'\r', b'\n', ..] => Some(3),
        [b'=', one, other, ..] => {
            out.push(u8::try_from(number(&[*one, *other], 16)?).ok()?);
            Some(3)
        }
        _ => None,
    }
}

/// Whether an equals sign behind this ends base64 rather than a line: it makes the last group whole, and the bits that
/// are left of that group are zero (RFC 4648 §3.5).
fn is_padding(before: &[u8]) -> bool {
    /// How far is looked back: each sign may be followed by another escape.
    const LONGEST: usize = 512;
    let is_sign = |octet: &u8| octet.is_ascii_alphanumeric() || matches!(octet, b'+' | b'/');
    let signs = before.iter().rev().take(LONGEST).take_while(|octet| is_sign(octet)).count();
    let group = before.get(before.len().saturating_sub(3)..).unwrap_or_default();
    signs > 8 && signs % 4 == 3 && STANDARD_NO_PAD.decode(group).is_ok()
}

/// What sets a terminal's colours stands for nothing.
fn colour(text: &[u8], _: &mut Vec<u8>) -> Option<usize> {
    /// No sequence is longer.
    const LONGEST: usize = 32;
    matches!(text, [ESC, b'[', ..])
        .then(|| escape(text.get(..text.len().min(LONGEST)).unwrap_or_default()))
}

fn number(digits: &[u8], base: u32) -> Option<u32> {
    let digits = std::str::from_utf8(digits).ok().filter(|digits| !digits.starts_with('+'))?;
    u32::from_str_radix(digits, base).ok()
}

/// A sign of Unicode; every end of a line is a line feed.
fn sign(number: u32, out: &mut Vec<u8>) -> Option<()> {
    let sign = char::from_u32(number)?;
    let sign = if sign == '\r' { '\n' } else { sign };
    out.extend_from_slice(sign.encode_utf8(&mut [0; 4]).as_bytes());
    Some(())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Where a secret is found, with dots in its place.
    fn dotted(text: &str, secret: &str) -> String {
        let mut places = Places::new();
        each_view(text.as_bytes(), EACH, &mut |octets, _, source| {
            for at in memchr::memmem::find_iter(octets, secret.as_bytes()) {
                places.extend(source(at..at + secret.len()));
            }
        });
        let mut out = text.as_bytes().to_vec();
        for place in places {
            out.get_mut(place).unwrap().fill(b'.');
        }
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn the_padding_of_base64_breaks_no_line() {
        let mut views = Vec::new();
        for text in ["AGphbmUAc2VzYW0tMTI=\nmail_1", "a password that is bro=\nken"] {
            each_view(text.as_bytes(), &[&[quoted_printable]], &mut |octets, joined, _| {
                if !joined {
                    views.push(String::from_utf8_lossy(octets).into_owned());
                }
            });
        }
        assert_eq!(views, ["a password that is broken"]);
    }

    #[test]
    fn a_secret_is_seen_behind_whatever_was_written_for_it() {
        for (text, left) in [
            ("smtp://u:p%40ss=w0rd@mx", "smtp://u:...........@mx"),
            ("<b>p&#64;ss&#x3D;w0rd</b>", "<b>..................</b>"),
            (r#"{"p":"p\u0040ss=w0rd"}"#, r#"{"p":".............."}"#),
            (r#"{"p":"p\\u0040ss=w0rd"}"#, r#"{"p":"..............."}"#),
            (r"p\x40ss\075w0rd\n", r"...............\n"),
            ("p=40ss=3Dw0rd=\n", ".............=\n"),
            ("p=40ss=3D=\nw0rd", ".........=\n...."),
            ("> p@ss\n>   =w0rd", "> ....\n>   ....."),
            ("p@ss\r\n\t=w0rd", "....\r\n\t....."),
            (r"p@ss\r\n=w0rd", r"....\r\n....."),
            ("p@\u{1b}[1mss=w0rd", "..\u{1b}[1m......."),
            ("p%2540ss=w0rd", "............."),
            ("nothing, 100 % =xx &nope; \\q #1", "nothing, 100 % =xx &nope; \\q #1"),
        ] {
            assert_eq!(dotted(text, "p@ss=w0rd"), left, "{text}");
        }
    }

    #[test]
    fn long_texts_of_signs_take_no_time() {
        for sign in ["\\", "%", "&", "=", "\u{1b}[", " ", "\n", "&#", "\\u00", "=41"] {
            each_view(sign.repeat(20_000).as_bytes(), EACH, &mut |octets, _, _| {
                assert!(octets.len() <= sign.len() * 20_000);
            });
        }
    }
}
