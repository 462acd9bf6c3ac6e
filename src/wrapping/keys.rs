//! The key that ends what was typed, written behind it: `HELO client.example<enter>`, `QUIT [Return]`, `DATA ↵`.
//!
//! Traps: `354 End data with <CR><LF>.<CR><LF>` is the server's own; `<enter>` alone stands for an empty line, and
//! `<enter>.<enter>` for the dot.

use super::likeness::{self, Beginning};

/// What stands around the text of a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Around {
    /// The line's index.
    pub(super) index: usize,
    /// Octets of keys before the text.
    pub(super) front: usize,
    /// Octets of blanks and keys behind it.
    pub(super) back: usize,
}

/// Signs for the key.
const SIGNS: [&str; 4] = ["\u{21b5}", "\u{23ce}", "\u{21b2}", "\u{21a9}"];

/// The keys; two commands with one behind them prove that keys are written out.
pub(super) fn learn(lines: &[&[u8]]) -> Vec<Around> {
    let is = |line: &[u8], likeness| likeness::marked(line.trim_ascii_start()) == Some(likeness);
    let found: Vec<Around> = lines
        .iter()
        .enumerate()
        .filter_map(|(index, line)| {
            let inner = without(line)?;
            let text = keys_before(inner);
            let dot = text.trim_ascii() == b".";
            let front = if dot { inner.len() - text.len() } else { 0 };
            Some(Around { index, front, back: line.len() - inner.len() })
        })
        .filter(|key| lines.get(key.index).is_some_and(|line| !is(line, Beginning::Reply)))
        .collect();
    let commands = found.iter().filter(|key| {
        let line = lines.get(key.index).and_then(|line| line.get(..line.len() - key.back));
        line.is_some_and(|line| is(line, Beginning::Command))
    });
    if commands.count() < 2 { Vec::new() } else { found }
}

/// The line without the keys at its end, where there are any.
fn without(line: &[u8]) -> Option<&[u8]> {
    let mut inner = line.trim_ascii_end();
    while let Some(rest) = without_one(inner) {
        inner = rest.trim_ascii_end();
    }
    (inner.len() < line.trim_ascii_end().len()).then_some(inner)
}

fn without_one(line: &[u8]) -> Option<&[u8]> {
    if let Some(sign) = SIGNS.iter().find(|sign| line.ends_with(sign.as_bytes())) {
        return line.strip_suffix(sign.as_bytes());
    }
    let opening = opening_of(*line.last()?)?;
    let tail = line.len().saturating_sub(LONGEST);
    let at = tail + line.get(tail..)?.iter().rposition(|octet| *octet == opening)?;
    is_key(line.get(at + 1..line.len() - 1)?).then(|| line.get(..at)).flatten()
}

/// What stands behind keys at the line's beginning.
fn keys_before(mut line: &[u8]) -> &[u8] {
    while let Some(rest) =
        line.iter().take(LONGEST).position(|octet| b">])}".contains(octet)).and_then(|end| {
            let opening = opening_of(*line.get(end)?)?;
            let inside = line.get(..end)?.trim_ascii_start().strip_prefix(&[opening])?;
            is_key(inside).then(|| line.get(end + 1..)).flatten()
        })
    {
        line = rest;
    }
    line
}

/// How long a key in its brackets may be.
const LONGEST: usize = 32;

const fn opening_of(closing: u8) -> Option<u8> {
    match closing {
        b'>' => Some(b'<'),
        b']' => Some(b'['),
        b')' => Some(b'('),
        b'}' => Some(b'{'),
        _ => None,
    }
}

/// Whether the words name the key: `enter`, `press Return`, `hit the enter key twice`.
fn is_key(words: &[u8]) -> bool {
    const KEYS: [&str; 6] = ["enter", "return", "cr", "lf", "crlf", "newline"];
    const AROUND: [&str; 9] =
        ["press", "hit", "the", "key", "then", "again", "once", "twice", "and"];
    let is = |word: &[u8], known: &[&str]| {
        known.iter().any(|known| word.eq_ignore_ascii_case(known.as_bytes()))
    };
    let words = || words.split(u8::is_ascii_whitespace).filter(|word| !word.is_empty());
    words().any(|word| is(word, &KEYS)) && words().all(|word| is(word, &KEYS) || is(word, &AROUND))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts<'l>(lines: &[&'l str]) -> Vec<&'l str> {
        let octets: Vec<&[u8]> = lines.iter().map(|line| line.as_bytes()).collect();
        let found = learn(&octets);
        let text = |(index, line): (usize, &&'l str)| -> &'l str {
            match found.iter().find(|key| key.index == index) {
                Some(key) => line.get(key.front..line.len() - key.back).unwrap_or_default(),
                None => line,
            }
        };
        lines.iter().enumerate().map(text).collect()
    }

    #[test]
    fn keys_are_taken_off_what_was_typed() {
        for (lines, want) in [
            (
                &["helo me<enter>", "250 mx", "data <ENTER>", "354 go", "<enter>.<enter>"][..],
                &["helo me", "250 mx", "data", "354 go", "."][..],
            ),
            (
                &["C: HELO me [press Enter]", "C: QUIT (hit the return key twice)", "hi {CR}{LF}"],
                &["C: HELO me", "C: QUIT", "hi"],
            ),
            (
                &["DATA \u{21b5}", "354 end with <CR><LF>.<CR><LF>", ". \u{21b5}", "QUIT \u{21b5}"],
                &["DATA", "354 end with <CR><LF>.<CR><LF>", ".", "QUIT"],
            ),
            (&["HELO me<enter>", "<enter>", "QUIT<enter>"], &["HELO me", "", "QUIT"]),
        ] {
            assert_eq!(texts(lines), want, "{lines:?}");
        }
    }

    #[test]
    fn one_command_or_another_word_proves_nothing() {
        for lines in [
            &["HELO me<enter>", "250 mx", "QUIT"][..],
            &["MAIL FROM:<enter@a.example>", "RCPT TO:<return>x", "RCPT TO:<center>"],
            &["HELO <domain>", "VRFY [user]"],
        ] {
            assert_eq!(texts(lines), lines, "{lines:?}");
        }
    }
}
