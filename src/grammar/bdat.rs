//! The argument of BDAT: the size of a chunk, and whether it is the last.

use super::terminals::{blanks, word};

/// The argument of BDAT as it was typed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BdatArgument<'t> {
    /// The first word: the size in octets, where it is one.
    pub size: &'t [u8],
    /// `LAST` as typed.
    pub last: Option<&'t [u8]>,
    /// What follows.
    pub junk: &'t [u8],
}

impl BdatArgument<'_> {
    /// The size of the chunk in octets; `None` where it is no number, or none that fits 64 bits.
    pub fn octets(&self) -> Option<u64> {
        number(self.size)
    }
}

/// `1*DIGIT` as a number; `None` for anything else and for what 64 bits do not hold.
pub(super) fn number(digits: &[u8]) -> Option<u64> {
    if digits.is_empty() {
        return None;
    }
    digits.iter().try_fold(0_u64, |value, octet| {
        let digit = octet.is_ascii_digit().then(|| u64::from(octet - b'0'))?;
        value.checked_mul(10)?.checked_add(digit)
    })
}

/// `chunk-size [ SP end-marker ]`, `chunk-size = 1*DIGIT`, `end-marker = "LAST"` (RFC 3030 §2).
///
/// More lenient: any word is a size, any blanks part the two, and anything may follow.
pub fn bdat_argument(argument: &[u8]) -> BdatArgument<'_> {
    let (size, after_size) = word(argument);
    let (_, rest) = blanks(after_size);
    let (marker, after_marker) = word(rest);
    if marker.eq_ignore_ascii_case(b"LAST") {
        BdatArgument { size, last: Some(marker), junk: blanks(after_marker).1 }
    } else {
        BdatArgument { size, last: None, junk: rest }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_and_markers() {
        for (argument, size, octets, last, junk) in [
            (&b"86"[..], &b"86"[..], Some(86), None, &b""[..]),
            (b"0 LAST", b"0", Some(0), Some(&b"LAST"[..]), b""),
            (b"1000  last x", b"1000", Some(1000), Some(b"last"), b"x"),
            (b"18446744073709551616", b"18446744073709551616", None, None, b""),
            (b"12LAST", b"12LAST", None, None, b""),
            (b"LAST", b"LAST", None, None, b""),
            (b"10 now", b"10", Some(10), None, b"now"),
            (b"-1", b"-1", None, None, b""),
            (b"1\0", b"1\0", None, None, b""),
            ("٣".as_bytes(), "٣".as_bytes(), None, None, b""),
        ] {
            let found = bdat_argument(argument);
            assert_eq!(found, BdatArgument { size, last, junk }, "{}", argument.escape_ascii());
            assert_eq!(found.octets(), octets);
        }
    }
}
