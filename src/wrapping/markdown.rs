//! What Markdown puts around code: fences, backticks, emphasis around a whole line, backslashes.

use super::likeness;

/// Whether the line is a fence and nothing else, such as ```` ```text ````.
pub(super) fn is_fence(line: &[u8]) -> bool {
    let line = line.trim_ascii();
    let Some(rest) = line.strip_prefix(b"```").or_else(|| line.strip_prefix(b"~~~")) else {
        return false;
    };
    let signs = rest.iter().take_while(|octet| matches!(octet, b'`' | b'~')).count();
    let info = rest.get(signs..).unwrap_or_default().trim_ascii();
    let word = info.iter().all(|octet| octet.is_ascii_graphic() && !b"<>@\"`".contains(octet));
    info.len() <= 64 && (word && !info.iter().any(u8::is_ascii_digit) || info.starts_with(b"{"))
}

/// How many octets of emphasis stand around a line of SMTP: on both sides the same number.
pub(super) fn emphasis(line: &[u8]) -> usize {
    for sign in [&b"```"[..], b"**", b"__", b"``", b"*", b"_", b"`"] {
        let inner = line.strip_prefix(sign).and_then(|rest| rest.strip_suffix(sign));
        if let Some(inner) = inner
            && likeness::bare(inner).is_some()
        {
            return sign.len();
        }
    }
    0
}

/// Whether the line shows that its writer (or an editor) escaped Markdown's signs.
pub(super) fn shows_escapes(line: &[u8]) -> bool {
    let Some(at) = memchr::memmem::find(line, b"\\<") else {
        return likeness::bare(line).is_none()
            && line.get(3..5) == Some(b"\\-")
            && line.iter().take(3).all(u8::is_ascii_digit);
    };
    let before = line.get(..at).unwrap_or_default().trim_ascii_end();
    let before = before.to_ascii_uppercase();
    before.ends_with(b"FROM:") || before.ends_with(b"TO:")
}

/// Appends the line without the backslashes that escape Markdown's signs.
pub(super) fn unescape(line: &[u8], out: &mut Vec<u8>) {
    let mut rest = line;
    while let Some((first, tail)) = rest.split_first() {
        let escaped = *first == b'\\'
            && tail.first().is_some_and(|octet| {
                matches!(
                    octet,
                    b'<' | b'>'
                        | b'*'
                        | b'_'
                        | b'-'
                        | b'.'
                        | b'['
                        | b']'
                        | b'#'
                        | b'+'
                        | b'~'
                        | b'`'
                        | b'|'
                        | b'='
                )
            });
        if !escaped {
            out.push(*first);
        }
        rest = tail;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fences_are_whole_lines() {
        for (line, want) in [
            ("```", true),
            ("  ```text", true),
            ("~~~ console", true),
            ("``` {.txt title=\"x\"}", true),
            ("```220 mx.example, ready <x>", false),
            ("```QUIT", true),
            ("```What the log says", false),
            ("~> EHLO x", false),
        ] {
            assert_eq!(is_fence(line.as_bytes()), want, "{line}");
        }
    }

    #[test]
    fn emphasis_stands_around_smtp_only() {
        for (line, want) in [
            ("**220 mx ready**", 2),
            ("*EHLO client*", 1),
            ("`QUIT`", 1),
            ("**Warning**", 0),
            ("**> EHLO x", 0),
            ("* 250 ok", 0),
        ] {
            assert_eq!(emphasis(line.as_bytes()), want, "{line}");
        }
    }

    #[test]
    fn backslashes_go() {
        assert!(shows_escapes(b"MAIL FROM:\\<a@b\\>"));
        assert!(!shows_escapes(b"C:\\<x>"));
        let mut out = Vec::new();
        unescape(b"250\\-a\\_b \\\\ \\<x\\>\\", &mut out);
        assert_eq!(out, b"250-a_b \\\\ <x>\\");
    }
}
