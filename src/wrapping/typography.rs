//! What word processors and web pages do to plain text: no-break spaces, invisible characters, curly quotes.
//!
//! Curly quotes and dashes stay: whoever pasted them into a command sent them, and that is a finding. Where a
//! recording tool is known to write the line with plain ones, somebody's word processor has set it.

use super::likeness;

/// Signs that show nothing: zero-width space and joiners, word joiner, byte order mark.
const INVISIBLE: &[&str] =
    &["\u{200b}", "\u{200c}", "\u{200d}", "\u{2060}", "\u{feff}", "\u{200e}"];
/// Blanks other than the plain one.
const BLANKS: &[&str] = &["\u{a0}", "\u{202f}", "\u{2007}", "\u{2003}", "\u{2002}", "\u{3000}"];
/// Signs that word processors put for what was typed.
const SET: &[(&str, &str)] = &[
    ("\u{2026}", "..."),
    ("\u{2018}", "'"),
    ("\u{2019}", "'"),
    ("\u{201c}", "\""),
    ("\u{201d}", "\""),
    ("\u{2013}", "--"),
    ("\u{2014}", "--"),
];
/// The arrow that web interfaces put before a wrapped line.
const CONTINUED: &str = "\u{21aa}";

/// Whether the line can hold any of them: whether it is anything but ASCII.
pub(super) fn concerns(line: &[u8]) -> bool {
    !line.is_ascii()
}

/// How many octets of blanks, tabs and no-break spaces stand before the line.
pub(super) fn blanks(line: &[u8]) -> usize {
    let mut at = 0;
    while let Some(rest) = line.get(at..) {
        at += match rest {
            [b' ' | b'\t', ..] => 1,
            [0xC2, 0xA0, ..] => 2,
            _ => break,
        };
    }
    at
}

/// How many octets of blanks and an arrow `↪` stand before the line.
pub(super) fn arrow(line: &[u8]) -> usize {
    let rest = line.trim_ascii_start();
    rest.strip_prefix(CONTINUED.as_bytes())
        .map(|rest| rest.strip_prefix("\u{fe0e}".as_bytes()).unwrap_or(rest))
        .map_or(0, |rest| line.len() - rest.trim_ascii_start().len())
}

/// Appends the line with plain blanks and without invisible signs; `false` where it has none of
/// them, or where it does not look like SMTP without them (a message may hold what it likes).
pub(super) fn plain(line: &[u8], out: &mut Vec<u8>) -> bool {
    let start = out.len();
    let mut rest = line;
    let mut changed = false;
    while let Some((first, tail)) = rest.split_first() {
        if !first.is_ascii() {
            if let Some(sign) = INVISIBLE.iter().find(|sign| rest.starts_with(sign.as_bytes())) {
                rest = rest.get(sign.len()..).unwrap_or_default();
                changed = true;
                continue;
            }
            if let Some(sign) = BLANKS.iter().find(|sign| rest.starts_with(sign.as_bytes())) {
                rest = rest.get(sign.len()..).unwrap_or_default();
                // A no-break space often stands beside the space that it was to keep.
                if out.last() != Some(&b' ') && !rest.starts_with(b" ") {
                    out.push(b' ');
                }
                changed = true;
                continue;
            }
        }
        out.push(*first);
        rest = tail;
    }
    let text = out.get(start..).unwrap_or_default();
    changed && (likeness::marked(text.trim_ascii_start()).is_some() || text.trim_ascii() == b".")
}

/// The line as it was typed before a word processor set dots, quotes and dashes; `None` where it holds none.
pub(super) fn typed(line: &[u8]) -> Option<Vec<u8>> {
    // All of them are in one block of Unicode.
    memchr::memmem::find(line, b"\xe2\x80")?;
    let mut typed = Vec::with_capacity(line.len());
    let mut rest = line;
    while let Some((first, tail)) = rest.split_first() {
        let mut set = SET.iter().filter(|_| *first == 0xE2);
        if let Some((sign, plain)) = set.find(|(sign, _)| rest.starts_with(sign.as_bytes())) {
            typed.extend_from_slice(plain.as_bytes());
            rest = rest.get(sign.len()..).unwrap_or_default();
        } else {
            typed.push(*first);
            rest = tail;
        }
    }
    (typed != line).then_some(typed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_set_was_typed() {
        let typed =
            |line: &str| typed(line.as_bytes()).map(|line| String::from_utf8(line).unwrap());
        assert_eq!(typed("\u{2026} while talking to mx:"), Some("... while talking to mx:".into()));
        assert_eq!(typed("send: \u{2018}QUIT\\r\\n\u{2019}"), Some("send: 'QUIT\\r\\n'".into()));
        assert_eq!(typed("250 caf\u{e9}"), None);
    }

    #[test]
    fn blanks_become_plain() {
        for (line, want) in [
            ("220\u{a0} mx", Some("220 mx")),
            ("MAIL\u{a0}FROM:\u{201c}a@b\u{201d}", Some("MAIL FROM:\u{201c}a@b\u{201d}")),
            ("\u{feff}EHLO x", Some("EHLO x")),
            ("\u{200b}.", Some(".")),
            ("caf\u{e9}\u{a0}!", None),
            ("250 caf\u{e9}", None),
        ] {
            let mut out = Vec::new();
            let plain = plain(line.as_bytes(), &mut out);
            assert_eq!(plain.then_some(out.as_slice()), want.map(str::as_bytes), "{line}");
        }
        assert_eq!(arrow("    \u{21aa} 250-SIZE".as_bytes()), 8);
        assert_eq!(arrow(b"250 ok"), 0);
        assert_eq!(blanks("\u{a0} \t250 ok".as_bytes()), 4);
        assert_eq!((blanks("\u{a9}".as_bytes()), blanks(b"  "), blanks(b"")), (0, 2, 0));
    }
}
