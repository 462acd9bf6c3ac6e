//! Where the text of a line begins: the first place from which on it is a reply or a command.

use super::{
    apart,
    inside::{Closing, Inside, is_quote, without_ending},
};

/// How far into a line a mark may reach, in octets.
const LONGEST: usize = 96;

/// How far into a line a mark that ends with a quote may reach: many loggers write much before it.
const LONGEST_QUOTED: usize = 320;

/// Where the text of a marked line begins, and whether it is a reply.
pub(super) fn text_begins(line: &[u8], is_command: fn(&[u8]) -> bool) -> Option<(usize, bool)> {
    let mut boundary = true;
    let mut last = 0;
    for (at, octet) in line.iter().enumerate().take(LONGEST_QUOTED) {
        if boundary && octet.is_ascii_alphanumeric() {
            let rest = line.get(at..)?;
            if octet.is_ascii_digit() {
                let reply = || is_reply(without_ending(Inside::of(line, at).text));
                if may_be_code(rest) && reply() && !apart::is_named(rest) {
                    return Some((at, true));
                }
            } else {
                let told = |text: &[u8]| is_command(text) || lost_its_address(text);
                let inside = Inside::of(line, at);
                let behind = rest.get(inside.text.len() + 1..).unwrap_or_default();
                // A key of an object: `"data": "250 ok"`.
                let key = inside.closing == Closing::Quote && behind.starts_with(b":");
                let inside = without_ending(inside.text);
                let rest = without_ending(rest);
                if !key && (told(inside) || inside.len() < rest.len() && told(rest)) {
                    return Some((at, false));
                }
            }
        }
        boundary = parts(last, *octet) && (at < LONGEST || is_quote(*octet));
        last = *octet;
    }
    None
}

/// Whether a text may begin behind these two octets.
const fn parts(last: u8, octet: u8) -> bool {
    match octet {
        b' ' | b'\t' | b'>' | b'<' | b':' | b'|' | b'"' | b'\'' | b'`' | b']' | b'[' | b')'
        | b'(' | b'{' | b'=' | b';' => true,
        // Behind a digit, a fraction follows.
        b',' => !last.is_ascii_digit(),
        // Several of them are an arrow or a line; one is a part of a word.
        b'-' | b'+' | b'*' | b'#' | b'~' | b'.' => last == octet,
        _ => !octet.is_ascii(),
    }
}

/// `MAIL FROM:` and nothing else: a forum took `<a@b>` for markup.
fn lost_its_address(text: &[u8]) -> bool {
    let text = text.trim_ascii_end();
    text.eq_ignore_ascii_case(b"MAIL FROM:") || text.eq_ignore_ascii_case(b"RCPT TO:")
}

const fn may_be_code(rest: &[u8]) -> bool {
    matches!(rest, [b'2'..=b'5', b'0'..=b'5', b'0'..=b'9', ..])
}

/// A reply code with a separator and some text, or alone at the end of the line.
pub(super) fn is_reply(text: &[u8]) -> bool {
    let [b'2'..=b'5', b'0'..=b'5', third, tail @ ..] = text else { return false };
    third.is_ascii_digit()
        && match tail.split_first() {
            None => true,
            Some((b'-', text)) => text.first().is_none_or(|octet| !octet.is_ascii_digit()),
            Some((b' ', text)) => {
                text.trim_ascii().is_empty() || text.iter().any(u8::is_ascii_alphabetic)
            }
            Some(_) => false,
        }
}
