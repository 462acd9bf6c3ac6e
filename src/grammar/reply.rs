//! A reply line: three digits, what parts them from the text, the text.

use super::{
    enhanced::{EnhancedCode, enhanced_code},
    terminals::{blank_len, cut},
};

/// One line of a reply. `code_text`, `separator_text` and `text` put together are the line again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ReplyLine<'t> {
    /// The code as typed: three digits.
    pub code_text: &'t [u8],
    /// The code: 0 to 999.
    pub code: u16,
    /// What parts the code from the text.
    pub separator: Separator,
    /// Its octets; empty for [`Separator::End`] and [`Separator::Missing`].
    pub separator_text: &'t [u8],
    /// What follows, to the end of what was given.
    pub text: &'t [u8],
    /// The enhanced status code at the beginning of the text.
    pub enhanced: Option<EnhancedCode<'t>>,
}

impl ReplyLine<'_> {
    /// Whether it says that another line follows: a hyphen, or a dash that was one before it was pasted.
    pub fn continues(&self) -> bool {
        matches!(self.separator, Separator::Hyphen | Separator::Dash)
    }
}

/// What parts a reply code from its text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Separator {
    /// `-`: more lines follow.
    Hyphen,
    /// SP: the last line.
    Space,
    /// HT in the place of SP.
    Tab,
    /// Nothing at all follows the code.
    End,
    /// The text follows at once: `250OK`.
    Missing,
    /// An en dash, an em dash or another that a word processor puts for `-`.
    Dash,
    /// Another character: a no-break space, `:`, `=`, `_` and their like.
    Other,
}

/// `Reply-line = *( Reply-code "-" [ textstring ] CRLF ) Reply-code [ SP textstring ] CRLF`
/// (RFC 5321 §4.2), one line of it, without its CRLF.
///
/// More lenient: any three digits, any separator or none, any octets as text. `None` where the line
/// does not begin with exactly three digits, or goes on as another number does (`192.0.2.1`, `250,000`).
///
/// ```
/// use smtplog::grammar::{Separator, reply_line};
/// let line = reply_line(b"550-5.7.1 Relaying denied").unwrap();
/// assert_eq!((line.code, line.separator), (550, Separator::Hyphen));
/// assert_eq!(line.enhanced.unwrap().raw, b"5.7.1");
/// ```
pub fn reply_line(line: &[u8]) -> Option<ReplyLine<'_>> {
    let (code, separator, octets) = beginning(line)?;
    let (code_text, rest) = cut(line, 3);
    let (separator_text, text) = cut(rest, octets);
    let class = code_text.first().map_or(0, |digit| digit - b'0');
    let enhanced = enhanced_code(text, class);
    Some(ReplyLine { code_text, code, separator, separator_text, text, enhanced })
}

/// The code that a reply line begins with, what parts it from the text, and how many octets that takes:
/// [`reply_line`] for whoever needs no more.
pub(crate) fn beginning(line: &[u8]) -> Option<(u16, Separator, usize)> {
    let (code, rest) = reply_code(line)?;
    let (separator, octets) = separator(rest)?;
    Some((code, separator, octets))
}

/// `Reply-code = %x32-35 %x30-35 %x30-39` (RFC 5321 §4.2). More lenient: any three digits, and no fourth.
///
/// Every line of every record is asked, so the digits are matched here and now.
fn reply_code(i: &[u8]) -> Option<(u16, &[u8])> {
    let (code @ [b'0'..=b'9', b'0'..=b'9', b'0'..=b'9'], rest) = i.split_first_chunk()? else {
        return None;
    };
    if rest.first().is_some_and(u8::is_ascii_digit) {
        return None;
    }
    Some((code.iter().fold(0, |code, digit| code * 10 + u16::from(digit - b'0')), rest))
}

/// The separator that `rest` begins with and its octets; `None` where the code is part of a number.
fn separator(rest: &[u8]) -> Option<(Separator, usize)> {
    Some(match rest {
        [] | [b'\r' | b'\n', ..] => (Separator::End, 0),
        [b'-', ..] => (Separator::Hyphen, 1),
        [b' ', ..] => (Separator::Space, 1),
        [b'\t', ..] => (Separator::Tab, 1),
        [b'.' | b',' | b':' | b'/', b'0'..=b'9', ..] => return None,
        // 0xA0 is the no-break space of Latin-1, where nobody converted it.
        [b'.' | b',' | b':' | b';' | b'=' | b'_' | b'~' | b'+' | 0xA0, ..] => (Separator::Other, 1),
        // U+2010 to U+2015, U+2212: hyphens, dashes and the minus sign.
        [0xE2, 0x80, 0x90..=0x95, ..] | [0xE2, 0x88, 0x92, ..] => (Separator::Dash, 3),
        // The en dash and the em dash of Windows-1252, where nobody converted it.
        [0x96 | 0x97, ..] => (Separator::Dash, 1),
        // U+FFFD: something that a converter did not know.
        [0xEF, 0xBF, 0xBD, ..] => (Separator::Other, 3),
        _ => match blank_len(rest) {
            0 => (Separator::Missing, 0),
            octets => (Separator::Other, octets),
        },
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use Separator::{Dash, End, Hyphen, Missing, Other, Space, Tab};

    #[test]
    fn lines_and_their_parts() {
        let long = [&b"250-"[..], &b"x".repeat(1000)].concat();
        for (line, code, separator, text) in [
            (&b"250 OK"[..], 250, Space, &b"OK"[..]),
            (b"250-PIPELINING", 250, Hyphen, b"PIPELINING"),
            (b"250-", 250, Hyphen, b""),
            (b"250 ", 250, Space, b""),
            (b"250", 250, End, b""),
            (b"250\r\n", 250, End, b"\r\n"),
            (b"250\tOK", 250, Tab, b"OK"),
            (b"250OK", 250, Missing, b"OK"),
            (b"250-234 Text", 250, Hyphen, b"234 Text"),
            (b"000 x", 0, Space, b"x"),
            (b"999-x", 999, Hyphen, b"x"),
            ("250–SIZE".as_bytes(), 250, Dash, b"SIZE"),
            ("250—SIZE".as_bytes(), 250, Dash, b"SIZE"),
            ("250−SIZE".as_bytes(), 250, Dash, b"SIZE"),
            (b"250\x96SIZE", 250, Dash, b"SIZE"),
            ("250\u{a0}OK".as_bytes(), 250, Other, b"OK"),
            ("250\u{3000}OK".as_bytes(), 250, Other, b"OK"),
            ("250\u{fffd}OK".as_bytes(), 250, Other, b"OK"),
            (b"250: OK", 250, Other, b" OK"),
            (b"250_OK", 250, Other, b"OK"),
            (b"250\0OK", 250, Missing, b"\0OK"),
            ("250Größe".as_bytes(), 250, Missing, "Größe".as_bytes()),
            (&long, 250, Hyphen, &long[4..]),
        ] {
            let found = reply_line(line).unwrap();
            let parts = (found.code, found.separator, found.text);
            assert_eq!(parts, (code, separator, text), "{}", line.escape_ascii());
            let whole = [found.code_text, found.separator_text, found.text].concat();
            assert_eq!(whole, line);
        }
    }

    #[test]
    fn what_is_no_reply_line() {
        for line in [
            &b""[..],
            b"25",
            b"2500 x",
            b"12:30:45",
            b" 250 OK",
            b"OK 250",
            b"192.0.2.1 ESMTP",
            b"250,000 messages",
            b"100/200",
            b"123:45",
            b"2\0 50",
            "２５０ OK".as_bytes(),
        ] {
            assert_eq!(reply_line(line), None, "{}", line.escape_ascii());
        }
    }

    #[test]
    fn enhanced_codes_come_along() {
        let raw = |line: &'static str| {
            reply_line(line.as_bytes()).unwrap().enhanced.map(|code| (code.raw, code.wellformed))
        };
        assert_eq!(raw("550 5.7.1 no"), Some((&b"5.7.1"[..], true)));
        assert_eq!(raw("550-5.7.1 no"), Some((&b"5.7.1"[..], true)));
        assert_eq!(raw("550 5.1.1: no"), Some((&b"5.1.1"[..], false)));
        assert_eq!(raw("550 #5.1.0 Address rejected."), Some((&b"5.1.0"[..], false)));
        assert_eq!(raw("554 #5.3.4 message size exceeds limit"), Some((&b"5.3.4"[..], false)));
        assert_eq!(raw("550 2.1.0 no"), Some((&b"2.1.0"[..], true)));
        assert_eq!(raw("220 mx 5.7.1"), None);
    }

    #[test]
    fn hyphens_and_dashes_continue() {
        assert!(reply_line(b"250-x").unwrap().continues());
        assert!(reply_line("250–x".as_bytes()).unwrap().continues());
        assert!(!reply_line(b"250 x").unwrap().continues());
        assert!(!reply_line(b"250").unwrap().continues());
    }
}
