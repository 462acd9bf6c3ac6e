//! Hostile text made harmless to look at: what could move a cursor, hide or reorder text becomes visible.
//!
//! Everything from the input that reaches a terminal, a page or a table goes through [`line()`] first.
//! C0 and C1 controls and DEL become `\x1b`-like escapes, bidirectional and invisible format characters
//! `\u{202e}`-like ones; a tab becomes a space, since it would break the columns. All else stays.

use std::{borrow::Cow, fmt::Write as _};

/// The text on one line, with nothing in it that a terminal would act on.
///
/// ```
/// use smtplog::render::safe;
/// assert_eq!(safe::line("250 Привет — ok"), "250 Привет — ok");
/// assert_eq!(safe::line("\u{1b}[31mred\u{7}"), r"\x1b[31mred\x07");
/// assert_eq!(safe::line("txt.\u{202e}exe"), r"txt.\u{202e}exe");
/// ```
pub fn line(text: &str) -> Cow<'_, str> {
    if !text.chars().any(is_unsafe) {
        return Cow::Borrowed(text);
    }
    let mut safe = String::with_capacity(text.len() + 16);
    for character in text.chars() {
        if character == '\t' {
            safe.push(' ');
        } else if !is_unsafe(character) {
            safe.push(character);
        } else if let Ok(octet) = u8::try_from(u32::from(character))
            && octet < 0x80
        {
            let _ = write!(safe, "\\x{octet:02x}");
        } else {
            let _ = write!(safe, "\\u{{{:x}}}", u32::from(character));
        }
    }
    Cow::Owned(safe)
}

/// JSON with nothing in it that a terminal would act on, from this octet on: what JSON itself lets stand in a
/// string is escaped as it would be there (RFC 8259 §7), and means the same.
///
/// ```
/// use smtplog::render::safe;
/// let mut json = "[\"\u{9b}31m \u{202e} Привет\"]".to_owned().into_bytes();
/// safe::json(&mut json, 0);
/// assert_eq!(json, r#"["\u009b31m \u202e Привет"]"#.as_bytes());
/// ```
pub fn json(text: &mut Vec<u8>, from: usize) {
    let written = text.get(from..).unwrap_or_default();
    if !may_act(written) {
        return;
    }
    let Ok(written) = std::str::from_utf8(written) else { return };
    // Outside of strings, JSON has no characters but those of ASCII; within them, no control characters.
    let acts = |character: char| is_unsafe(character) && character > '\u{1f}';
    if !written.chars().any(acts) {
        return;
    }
    let mut safe = String::with_capacity(written.len() + 16);
    for character in written.chars() {
        if acts(character) {
            for unit in character.encode_utf16(&mut [0; 2]) {
                let _ = write!(safe, "\\u{unit:04x}");
            }
        } else {
            safe.push(character);
        }
    }
    text.truncate(from);
    text.extend_from_slice(safe.as_bytes());
}

/// Whether something may stand in JSON that [`is_unsafe`], by the first octets of such characters: nearly always
/// there is none, and this is asked of each session of a log.
fn may_act(json: &[u8]) -> bool {
    let second = |at: usize| json.get(at + 1).copied().unwrap_or_default();
    let frequent = memchr::memchr3_iter(0x7f, 0xc2, 0xe2, json).any(|at| match json.get(at) {
        Some(0x7f) => true,
        Some(0xc2) => matches!(second(at), 0x80..=0x9f | 0xad),
        _ => match second(at) {
            0x80 => matches!(second(at + 1), 0x8b..=0x8f | 0xa8..=0xae),
            next => next == 0x81,
        },
    });
    frequent
        || memchr::memchr3(0xe1, 0xef, 0xf3, json).is_some()
        || memchr::memchr(0xd8, json).is_some()
}

/// Whether a terminal or a page would do something with the character other than show it.
pub const fn is_unsafe(character: char) -> bool {
    matches!(
        character,
        '\u{0}'..='\u{1f}'
            | '\u{7f}'..='\u{9f}'
            // Soft hyphen, Arabic letter mark, Mongolian vowel separator.
            | '\u{ad}' | '\u{61c}' | '\u{180e}'
            // Zero width, and the marks, embeddings, overrides and isolates of bidirectional text.
            | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}'
            // Byte order mark, interlinear annotation, noncharacters, language tags and variation selectors.
            | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{fffe}' | '\u{ffff}'
            | '\u{e0000}'..='\u{e0fff}'
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_that_acts_remains() {
        for (input, expected) in [
            ("plain", "plain"),
            ("a\tb", "a b"),
            ("a\r\nb\0", r"a\x0d\x0ab\x00"),
            ("\u{9b}31m", r"\u{9b}31m"),
            ("\u{7f}", r"\x7f"),
            ("a\u{200b}b\u{2066}c\u{feff}", r"a\u{200b}b\u{2066}c\u{feff}"),
            ("\u{e0041}", r"\u{e0041}"),
            ("\u{fffd}", "\u{fffd}"),
        ] {
            assert_eq!(line(input), expected);
        }
        let mut escaped = serde_json::to_vec(&["\u{7f}a\u{e0041}\u{fffd}\n"]).expect("JSON");
        json(&mut escaped, 0);
        assert_eq!(escaped, r#"["\u007fa\udb40\udc41�\n"]"#.as_bytes());
        let read: Vec<String> = serde_json::from_slice(&escaped).expect("JSON");
        assert_eq!(read, ["\u{7f}a\u{e0041}\u{fffd}\n"]);
        for character in (0x80..=0x0010_ffff_u32).filter_map(char::from_u32) {
            let mut text = [0; 4];
            let text = character.encode_utf8(&mut text).as_bytes();
            assert!(may_act(text) || !is_unsafe(character), "{character:?}");
        }
        assert!(!may_act("RFC 5321 §4.1.1 → “x”… Ünï".as_bytes()));
        let all: String = (0..=0x0010_ffff_u32).filter_map(char::from_u32).collect();
        assert!(!line(&all).chars().any(is_unsafe));
    }
}
