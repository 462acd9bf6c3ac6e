//! Where a text ends: what was opened before it is closed behind it, and the line's own ending may be written out.

use crate::dialect::escape::literal;

/// The text of a line, and how it is closed.
#[derive(Debug, Clone, Copy)]
pub(super) struct Inside<'l> {
    pub(super) text: &'l [u8],
    pub(super) closing: Closing,
}

/// What closes a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Closing {
    /// The line's end.
    Line,
    /// The sign that goes with the one before it.
    Sign,
    /// A tag's other half.
    Tag,
    /// A quotation mark: there are escapes inside.
    Quote,
    /// A quotation mark that is escaped itself.
    Escaped,
}

/// Signs that stand around texts; a quotation mark is none, since there are escapes inside it.
const SIGNS: &[(&str, &str)] = &[
    ("[", "]"),
    ("(", ")"),
    ("{", "}"),
    ("<", ">"),
    ("`", "`"),
    ("\u{201c}", "\u{201d}"),
    ("\u{2018}", "\u{2019}"),
    ("\u{ab}", "\u{bb}"),
];

/// How the wire's line ending is written out; those that end with others before them.
pub(super) const ENDINGS: &[&str] =
    &["\\r\\n", "\\n", "<CRLF>", "<CR><LF>", "[CRLF]", "^M", "^M$", "\u{240d}\u{240a}"];

pub(super) const fn is_quote(octet: u8) -> bool {
    matches!(octet, b'"' | b'\'')
}

impl<'l> Inside<'l> {
    /// The text that begins at `at`.
    pub(super) fn of(line: &'l [u8], at: usize) -> Self {
        let (before, rest) = line.split_at_checked(at).unwrap_or((line, b""));
        if before.ends_with(b"\\\"") {
            let end = memchr::memmem::find(rest, b"\\\"").unwrap_or(rest.len());
            return Self { text: rest.get(..end).unwrap_or(rest), closing: Closing::Escaped };
        }
        let quoted = match before.last() {
            Some(last) if is_quote(*last) => literal(line.get(at - 1..).unwrap_or_default()),
            _ => quote_before(before).and_then(|quote| within(rest, quote)),
        };
        if let Some(text) = quoted.map(|literal| literal.inner) {
            return Self { text, closing: Closing::Quote };
        }
        let signs = SIGNS.iter().find(|(opening, _)| before.ends_with(opening.as_bytes()));
        let end = rest.trim_ascii_end();
        let end = end.strip_suffix(b",").unwrap_or(end);
        if let Some(text) = signs.and_then(|(_, closing)| end.strip_suffix(closing.as_bytes())) {
            return Self { text, closing: Closing::Sign };
        }
        if let Some(text) = tag(before).and_then(|name| untagged(end, name)) {
            return Self { text, closing: Closing::Tag };
        }
        Self { text: rest, closing: Closing::Line }
    }
}

/// The quotation mark that was opened before a mark and is still open: the mark is quoted with its text.
fn quote_before(before: &[u8]) -> Option<u8> {
    let plain = |at: usize| before.get(..at).is_none_or(|before| before.last() != Some(&b'\\'));
    let quotes = memchr::memchr_iter(b'"', before).filter(|at| plain(*at)).count();
    if quotes % 2 == 1 {
        return Some(b'"');
    }
    // An apostrophe elsewhere is a word's.
    before.trim_ascii_start().first().copied().filter(|octet| *octet == b'\'')
}

/// The literal that ends with this quotation mark.
fn within(rest: &[u8], quote: u8) -> Option<crate::dialect::escape::Literal<'_>> {
    let mut at = 0;
    loop {
        at += memchr::memchr2(quote, b'\\', rest.get(at..)?)?;
        if rest.get(at) == Some(&quote) {
            let (inner, behind) = (rest.get(..at)?, rest.get(at + 1..)?);
            return Some(crate::dialect::escape::Literal { inner, rest: behind, closed: true });
        }
        at += 2;
    }
}

/// The name of the tag that a text stands right behind.
fn tag(before: &[u8]) -> Option<&[u8]> {
    let inside = before.strip_suffix(b">")?;
    let open = memchr::memrchr(b'<', inside)?;
    let name = inside.get(open + 1..)?;
    let length = name.iter().position(|octet| !octet.is_ascii_alphanumeric()).unwrap_or(name.len());
    name.get(..length).filter(|name| !name.is_empty())
}

fn untagged<'l>(text: &'l [u8], name: &[u8]) -> Option<&'l [u8]> {
    text.strip_suffix(b">")?.strip_suffix(name)?.strip_suffix(b"</")
}

/// The ending that a text shows, if it shows one.
pub(super) fn ending(text: &[u8]) -> Option<&'static str> {
    ENDINGS.iter().copied().find(|ending| text.ends_with(ending.as_bytes()))
}

/// The text without an ending that it shows.
pub(super) fn without_ending(text: &[u8]) -> &[u8] {
    ending(text).and_then(|ending| text.strip_suffix(ending.as_bytes())).unwrap_or(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_opened_is_closed() {
        for (line, at, text, closing) in [
            ("S: 250 ok", 3, "250 ok", Closing::Line),
            ("S: [250 [192.0.2.7] ok]", 4, "250 [192.0.2.7] ok", Closing::Sign),
            ("S: <MAIL FROM:<a@b>>", 4, "MAIL FROM:<a@b>", Closing::Sign),
            ("S: <MAIL FROM:<a@b>", 4, "MAIL FROM:<a@b", Closing::Sign),
            ("S: \u{201c}QUIT\u{201d}", 6, "QUIT", Closing::Sign),
            ("  <got t=\"1\">QUIT</got>", 13, "QUIT", Closing::Tag),
            ("  <got>QUIT</sent>", 7, "QUIT</sent>", Closing::Line),
            ("out=\"QUIT\" t=1", 5, "QUIT", Closing::Quote),
            (r#"{"log":"out QUIT","n":1}"#, 12, "QUIT", Closing::Quote),
            (r#"{"log":"out QUIT"#, 12, "QUIT", Closing::Line),
            ("don't QUIT", 6, "QUIT", Closing::Line),
            (r#"x=\"QUIT\" y"#, 4, "QUIT", Closing::Escaped),
        ] {
            let inside = Inside::of(line.as_bytes(), at);
            assert_eq!((inside.text, inside.closing), (text.as_bytes(), closing), "{line}");
        }
        assert_eq!(without_ending(b"QUIT^M$"), b"QUIT");
        assert_eq!(without_ending(br"QUIT\r\n"), b"QUIT");
    }
}
