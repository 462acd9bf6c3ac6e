//! Terminal escapes: CSI (colour, cursor, bracketed paste), OSC (titles), charset designations.

/// ESC.
pub(super) const ESC: u8 = 0x1b;

/// How many octets the escape at the beginning of `text` takes, ESC included.
///
/// 0 where the ESC begins nothing known: then it is no terminal's, and stays.
pub(super) fn length(text: &[u8]) -> usize {
    match text.get(1) {
        Some(b'[') => {
            let parameters =
                text.iter().skip(2).take_while(|octet| matches!(octet, b' '..=b'?')).count();
            let end = 2 + parameters;
            // The final octet, where the sequence was not cut.
            end + usize::from(matches!(text.get(end), Some(b'@'..=b'~')))
        }
        Some(b']') => match text.iter().position(|octet| *octet == 0x07) {
            Some(bell) => bell + 1,
            None => memchr::memmem::find(text, b"\x1b\\").map_or(text.len(), |end| end + 2),
        },
        Some(b'(' | b')' | b'*' | b'+' | b'#' | b' ' | b'%') => text.len().min(3),
        Some(b'=' | b'>' | b'7' | b'8' | b'c' | b'D' | b'E' | b'H' | b'M' | b'\\') => 2,
        _ => 0,
    }
}

/// Whether the escape erases from the cursor to the end of the line.
pub(super) fn erases(escape: &[u8]) -> bool {
    matches!(escape, b"\x1b[K" | b"\x1b[0K" | b"\x1b[J" | b"\x1b[0J" | b"\x1b[P" | b"\x1b[1P")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes_are_measured() {
        for (text, want) in [
            (&b"\x1b[0;32mOK"[..], 7),
            (b"\x1b[?2004h$", 8),
            (b"\x1b]0;title\x07$", 10),
            (b"\x1b]0;title\x1b\\$", 11),
            (b"\x1b(B220", 3),
            (b"\x1b", 0),
            (b"\x1b[", 2),
            (b"\x1bx", 0),
        ] {
            assert_eq!(length(text), want, "{}", text.escape_ascii());
        }
        assert!(erases(b"\x1b[K"));
        assert!(!erases(b"\x1b[0m"));
    }
}
