//! What a terminal shows of local editing: an erased character is BS, space, BS.
//!
//! A BS that erases nothing on the screen went to the server (Windows telnet sends it so) and stays.
//! `^V` and a control character show as `^`, BS, `^H`: the server got the control character.

use super::ansi;

/// BS.
pub(super) const BS: u8 = 0x08;

/// Appends `line` to `out` without terminal escapes and with local editing applied.
pub(super) fn apply(line: &[u8], out: &mut Vec<u8>) {
    let mut rest = line;
    while let Some(first) = rest.first() {
        let taken = match (*first, rest.get(1), rest.get(2), rest.get(3)) {
            (BS, Some(b' '), Some(&BS), _) => {
                erase(out);
                3
            }
            (BS, Some(&ansi::ESC), _, _) => {
                let escape = rest.get(1..).unwrap_or_default();
                let length = ansi::length(escape);
                if escape.get(..length).is_some_and(ansi::erases) {
                    erase(out);
                } else {
                    out.push(BS);
                }
                1 + length
            }
            (b'^', Some(&BS), Some(b'^'), Some(letter @ (b'@'..=b'_' | b'?'))) => {
                out.push(letter ^ 0x40);
                4
            }
            (b'^', Some(&BS), Some(_), _) => 2,
            (ansi::ESC, ..) if ansi::length(rest) > 0 => ansi::length(rest),
            (octet, ..) => {
                out.push(octet);
                1
            }
        };
        rest = rest.get(taken..).unwrap_or_default();
    }
}

/// Takes the last character off, which may be several octets of UTF-8.
fn erase(out: &mut Vec<u8>) {
    while let Some(octet) = out.pop() {
        if !matches!(octet, 0x80..=0xbf) {
            break;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn local_editing_is_applied() {
        for (line, want) in [
            (&b"MAIL FRMO\x08 \x08\x08 \x08\x08 \x08FROM:<a@b>"[..], &b"MAIL FFROM:<a@b>"[..]),
            (b"HELI\x08 \x08O x", b"HELO x"),
            (b"HELI\x08O x", b"HELI\x08O x"),
            (b"HELI^\x08^HO x", b"HELI\x08O x"),
            (b"\xc3\xa9\x08 \x08e", b"e"),
            (b"$ tel\x08\x1b[K\x08\x1b[Kelnet", b"$ telnet"),
            (b"\x1b[32m220 mx\x1b[0m", b"220 mx"),
            (b"\x08 \x08x", b"x"),
        ] {
            let mut out = Vec::new();
            apply(line, &mut out);
            assert_eq!(out, want, "{}", line.escape_ascii());
        }
    }
}
