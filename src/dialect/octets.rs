//! Octets of a capture back to lines of the wire: packets end where they like, lines at LF.
//!
//! Not a dialect: the dialects of captures ask it.

use super::{Reading, Say};
use crate::transcript::{Ending, Mark};

/// How long a line without an end may grow before it is said as it is, in octets.
const LONGEST: usize = 1 << 16;

/// One direction of a connection.
#[derive(Debug, Default)]
pub(super) struct Wire {
    /// The beginning of a line whose end did not come yet.
    held: Vec<u8>,
}

impl Wire {
    /// Adds octets that a row of the record shows as `within`; says each line that they end.
    ///
    /// `with` gives the readings their time and key.
    pub(super) fn feed<'l>(
        &mut self,
        octets: &[u8],
        mark: Mark,
        within: &'l [u8],
        with: &dyn Fn(Reading<'l>) -> Reading<'l>,
        say: Say<'_>,
    ) {
        let mut rest = octets;
        while let Some(end) = memchr::memchr(b'\n', rest) {
            self.held.extend_from_slice(rest.get(..end).unwrap_or_default());
            rest = rest.get(end + 1..).unwrap_or_default();
            let mut line = std::mem::take(&mut self.held);
            let carriage = line.last() == Some(&b'\r');
            if carriage {
                line.pop();
            }
            let ending = Some(Ending::Shown(carriage));
            say(with(Reading { ending, ..Reading::unescaped(mark, line, within) }));
        }
        self.held.extend_from_slice(rest);
        if self.held.len() > LONGEST {
            self.flush(mark, within, with, say);
        }
    }

    /// Keeps the beginning of a line, to be joined with what comes next.
    pub(super) fn hold(&mut self, text: &[u8]) {
        self.held.extend_from_slice(text);
    }

    /// What was kept, to be put before the next line.
    pub(super) fn take(&mut self) -> Vec<u8> {
        std::mem::take(&mut self.held)
    }

    /// Whether the beginning of a line is kept.
    pub(super) fn is_holding(&self) -> bool {
        !self.held.is_empty()
    }

    /// Says a line that never ended.
    pub(super) fn flush<'l>(
        &mut self,
        mark: Mark,
        within: &'l [u8],
        with: &dyn Fn(Reading<'l>) -> Reading<'l>,
        say: Say<'_>,
    ) {
        if self.is_holding() {
            let mut line = self.take();
            if line.last() == Some(&b'\r') {
                line.pop();
            }
            say(with(Reading {
                ending: Some(Ending::Shown(false)),
                ..Reading::unescaped(mark, line, within)
            }));
        }
    }
}

/// Watches a connection for the moment at which its octets become TLS.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub(super) enum Clear {
    /// Everything is readable.
    #[default]
    Text,
    /// STARTTLS was sent.
    Asked,
    /// STARTTLS was answered with 220.
    Granted,
    /// What follows is TLS.
    Tls,
    /// One side began with TLS and nobody had granted it.
    Unasked,
}

impl Clear {
    /// Looks at a line of the dialogue.
    pub(super) fn line(&mut self, line: &[u8]) {
        let line = line.trim_ascii();
        *self = match *self {
            Self::Tls => Self::Tls,
            _ if line.eq_ignore_ascii_case(b"STARTTLS") => Self::Asked,
            Self::Asked if line.starts_with(b"220") => Self::Granted,
            Self::Granted => Self::Text,
            before => before,
        };
    }

    /// Looks at the first octets of a packet; `true` where they are TLS.
    pub(super) fn packet(&mut self, octets: &[u8]) -> bool {
        self.begins(matches!(octets, [0x14..=0x17, 0x03, 0x00..=0x04, _, _, ..]), octets)
    }

    /// The same where the record shows dots for what cannot be printed.
    pub(super) fn printed(&mut self, text: &[u8]) -> bool {
        let dots = text.iter().take_while(|octet| **octet == b'.').count();
        let hello = dots >= 5 && text.len() >= 20 && text.len() > 2 * dots;
        self.begins(hello || (dots >= 2 && text.len() >= 5 && *self == Self::Granted), text)
    }

    fn begins(&mut self, record: bool, octets: &[u8]) -> bool {
        let reply = matches!(octets, [b'2'..=b'5', b'0'..=b'9', b'0'..=b'9', b' ' | b'-', ..]);
        *self = match *self {
            Self::Granted | Self::Tls if record => Self::Tls,
            _ if record => Self::Unasked,
            Self::Tls | Self::Unasked if reply => Self::Text,
            before => before,
        };
        matches!(self, Self::Tls | Self::Unasked)
    }
}

/// A line of a record that shows a dot for each octet that cannot be printed: a single dot at its
/// beginning with text behind it stands for the tab of a folded header field. A dot that the client sent
/// there would be doubled, so it cannot be meant.
pub(super) fn with_tab(reading: Reading<'_>) -> Reading<'_> {
    let folded = matches!(&*reading.text, [b'.', next, ..] if *next != b'.');
    let std::borrow::Cow::Borrowed(line) = reading.text else { return reading };
    if !folded {
        return reading;
    }
    let mut text = line.to_vec();
    if let Some(first) = text.first_mut() {
        *first = b'\t';
    }
    Reading { text: std::borrow::Cow::Owned(text), within: Some(line), ..reading }
}

/// Two hexadecimal digits as an octet.
pub(super) fn pair(high: u8, low: u8) -> Option<u8> {
    let digit = |octet: u8| (octet as char).to_digit(16);
    u8::try_from(digit(high)? * 16 + digit(low)?).ok()
}

/// The octets of a row of hexadecimal digits, in pairs or fours with blanks between them; the row ends
/// after 16 octets, at a gap of three blanks, or at what is no digit.
pub(super) fn row(text: &[u8]) -> Vec<u8> {
    let mut octets = Vec::with_capacity(16);
    let mut rest = text;
    loop {
        let blanks = rest.iter().take_while(|octet| **octet == b' ').count();
        if octets.len() >= 16 || (blanks > 2 && !octets.is_empty()) {
            break;
        }
        let digits = rest.get(blanks..).unwrap_or_default();
        let length = digits.iter().take(5).take_while(|octet| octet.is_ascii_hexdigit()).count();
        if !matches!(length, 2 | 4) || digits.get(length).is_some_and(|octet| *octet != b' ') {
            break;
        }
        for two in digits.get(..length).unwrap_or_default().chunks_exact(2) {
            if let [high, low] = two {
                octets.extend(pair(*high, *low));
            }
        }
        rest = digits.get(length..).unwrap_or_default();
    }
    octets
}

/// The octets of a text that is nothing but pairs of hexadecimal digits, with or without blanks.
pub(super) fn pairs(text: &[u8]) -> Option<Vec<u8>> {
    let mut octets = Vec::with_capacity(text.len() / 2);
    let mut digits = text.iter().copied().filter(|octet| *octet != b' ');
    while let Some(high) = digits.next() {
        octets.push(pair(high, digits.next()?)?);
    }
    (!octets.is_empty()).then_some(octets)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn packets_become_lines() {
        let mut said = Vec::new();
        let mut wire = Wire::default();
        for packet in [&b"250-a\r\n250"[..], b"-b\r\n250 c\n", b"Q"] {
            wire.feed(packet, Mark::First, packet, &|reading| reading, &mut |reading| {
                said.push((reading.text.into_owned(), reading.ending));
            });
        }
        wire.flush(Mark::First, b"", &|reading| reading, &mut |reading| {
            said.push((reading.text.into_owned(), reading.ending));
        });
        let shown = |carriage| Some(Ending::Shown(carriage));
        assert_eq!(
            said,
            [
                (b"250-a".to_vec(), shown(true)),
                (b"250-b".to_vec(), shown(true)),
                (b"250 c".to_vec(), shown(false)),
                (b"Q".to_vec(), shown(false)),
            ]
        );
    }

    #[test]
    fn rows_end_before_their_text() {
        for (text, want) in [
            (
                &b"65 68 6c 6f 20 6d 65 0d  0a                       ehlo me. ."[..],
                &b"ehlo me\r\n"[..],
            ),
            (b"61 61 61 61 61 61 61 61  61 61 61 61 61 61 61 61  aa aa", b"aaaaaaaaaaaaaaaa"),
            (b"4500 003c 0d         E..<", b"E\0\0<\r"),
            (b" 45 4c 0d 0a", b"EL\r\n"),
            (b"ehlo", b""),
        ] {
            assert_eq!(row(text), want, "{}", text.escape_ascii());
        }
        assert_eq!(pairs(b"0d0a"), Some(b"\r\n".to_vec()));
        assert_eq!(pairs(b"250"), None);
        assert_eq!(pairs(b"QUIT"), None);
    }

    #[test]
    fn a_single_dot_stands_for_a_tab() {
        for (line, want) in [
            (&b".by mx"[..], &b"\tby mx"[..]),
            (b"..stuffed", b"..stuffed"),
            (b".", b"."),
            (b"QUIT", b"QUIT"),
        ] {
            assert_eq!(&*with_tab(Reading::said(Mark::First, line)).text, want);
        }
    }

    #[test]
    fn tls_is_seen() {
        let mut clear = Clear::default();
        assert!(!clear.printed(b"....."));
        clear.line(b"starttls");
        clear.line(b"220 go");
        assert!(clear.printed(b"..............x"));
        assert!(clear.printed(b"x"));
        assert!(!clear.printed(b"220 mx"));
        assert!(Clear::default().packet(&[0x16, 3, 1, 0, 5]));
    }
}
