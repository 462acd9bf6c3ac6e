//! The brackets of a path, and what word processors, web pages and hasty fingers put in their place.

use super::terminals::{begins_with, cut};

/// A bracket as it was typed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bracket<'t> {
    /// Its octets.
    pub raw: &'t [u8],
    /// What it is.
    pub kind: BracketKind,
}

/// What stands where `<` or `>` should.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum BracketKind {
    /// `<` and `>`.
    Angle,
    /// `‹ ›`, `« »`, `＜ ＞` and their like: a word processor has been here.
    Typographic,
    /// `&lt;` and `&gt;`: a web page has been here.
    Html,
    /// `“ ”`, `‘ ’`: quotes in the place of brackets.
    Quote,
}

struct Pair {
    kind: BracketKind,
    opening: &'static str,
    closing: &'static str,
}

const fn pair(kind: BracketKind, opening: &'static str, closing: &'static str) -> Pair {
    Pair { kind, opening, closing }
}

/// Only the first pair is in any RFC (RFC 5321 §4.1.2); the others are met in pasted sessions.
const PAIRS: &[Pair] = &[
    pair(BracketKind::Angle, "<", ">"),
    pair(BracketKind::Html, "&lt;", "&gt;"),
    pair(BracketKind::Html, "&#60;", "&#62;"),
    pair(BracketKind::Html, "&amp;lt;", "&amp;gt;"),
    pair(BracketKind::Typographic, "‹", "›"),
    pair(BracketKind::Typographic, "«", "»"),
    pair(BracketKind::Typographic, "＜", "＞"),
    pair(BracketKind::Typographic, "〈", "〉"),
    pair(BracketKind::Typographic, "⟨", "⟩"),
    pair(BracketKind::Typographic, "≤", "≥"),
    pair(BracketKind::Quote, "“", "”"),
    pair(BracketKind::Quote, "„", "“"),
    pair(BracketKind::Quote, "‘", "’"),
];

fn bracket(i: &[u8], side: fn(&Pair) -> &'static str) -> Option<Bracket<'_>> {
    // Every bracket but the first begins with `&` or above ASCII.
    if matches!(i.first(), None | Some(b' '..=b'%' | b'\''..=b';' | b'?'..=b'~')) {
        return None;
    }
    PAIRS
        .iter()
        .find(|pair| begins_with(i, side(pair).as_bytes()))
        .map(|pair| Bracket { raw: cut(i, side(pair).len()).0, kind: pair.kind })
}

/// The bracket at the beginning of `i` that opens a path.
pub(super) fn opening(i: &[u8]) -> Option<Bracket<'_>> {
    bracket(i, |pair| pair.opening)
}

/// The bracket at the beginning of `i` that closes a path.
pub(super) fn closing(i: &[u8]) -> Option<Bracket<'_>> {
    bracket(i, |pair| pair.closing)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_side_is_known_by_its_octets() {
        for (text, opens, closes) in [
            ("<a@b", Some(BracketKind::Angle), None),
            (">", None, Some(BracketKind::Angle)),
            ("&lt;a", Some(BracketKind::Html), None),
            ("&GT;", None, Some(BracketKind::Html)),
            ("&amp;gt;", None, Some(BracketKind::Html)),
            ("‹", Some(BracketKind::Typographic), None),
            ("›", None, Some(BracketKind::Typographic)),
            ("“", Some(BracketKind::Quote), Some(BracketKind::Quote)),
            ("&", None, None),
            ("\"", None, None),
            ("é", None, None),
            ("", None, None),
        ] {
            let kinds = (
                opening(text.as_bytes()).map(|it| it.kind),
                closing(text.as_bytes()).map(|it| it.kind),
            );
            assert_eq!(kinds, (opens, closes), "{text}");
        }
        assert_eq!(opening(b"&lt;a").map(|it| it.raw), Some(&b"&lt;"[..]));
    }
}
