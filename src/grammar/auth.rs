//! The AUTH command and the lines of its dialogue: mechanism, initial response, and the shape of base64.
//!
//! Nothing is decoded here. What may be a secret stays a slice of the line.

use super::terminals::{blanks, word};

/// The argument of AUTH as it was typed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AuthArgument<'t> {
    /// The mechanism; compare without regard to case.
    pub mechanism: &'t [u8],
    /// All that follows it, blanks inside included; a secret more often than not.
    pub initial_response: Option<&'t [u8]>,
}

impl AuthArgument<'_> {
    /// Whether the mechanism matches `sasl-mech` of RFC 4422 §3.1: one to twenty of upper-case
    /// letters, digits, `-` and `_`. Lower case passes: RFC 4954 §4 does not tell them apart.
    pub fn names_mechanism(&self) -> bool {
        (1..=20).contains(&self.mechanism.len())
            && self.mechanism.iter().all(|&o| o.is_ascii_alphanumeric() || o == b'-' || o == b'_')
    }
}

/// `sasl-mech [SP initial-response]`, `initial-response = base64 / "="` (RFC 4954 §4 and §8).
///
/// More lenient: any word is a mechanism, and the response is whatever follows, masked or broken up.
pub fn auth_argument(argument: &[u8]) -> AuthArgument<'_> {
    let (mechanism, rest) = word(argument);
    let response = blanks(rest).1;
    AuthArgument { mechanism, initial_response: (!response.is_empty()).then_some(response) }
}

/// What a line is that the client sends inside an AUTH dialogue.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AuthLine {
    /// An empty line: an empty response.
    Empty,
    /// `*`: the client gives up (RFC 4954 §4).
    Cancel,
    /// `=`: an empty initial response (RFC 4954 §4).
    EmptyInitial,
    /// base64.
    Base64(Base64),
    /// Anything else.
    Other,
}

/// `base64 / "*" / ""` (RFC 4954 §4 and §8). More lenient: blanks around it, and anything else is `Other`.
pub fn auth_line(line: &[u8]) -> AuthLine {
    match line.trim_ascii() {
        b"" => AuthLine::Empty,
        b"*" => AuthLine::Cancel,
        b"=" => AuthLine::EmptyInitial,
        text => base64(text).map_or(AuthLine::Other, AuthLine::Base64),
    }
}

/// The shape of a base64 text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Base64 {
    /// Which of the alphabets it needs.
    pub alphabet: Alphabet,
    /// How it ends.
    pub padding: Padding,
    /// How many octets it stands for.
    pub octets: usize,
}

impl Base64 {
    /// Whether it is what RFC 4954 §8 calls `base64`: the alphabet of RFC 4648 §4, padded in full.
    pub fn is_strict(self) -> bool {
        self.alphabet != Alphabet::UrlSafe && self.padding != Padding::Missing
    }
}

/// Which alphabet a base64 text needs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Alphabet {
    /// Letters and digits only: either will do.
    Either,
    /// `+` or `/` (RFC 4648 §4), which SASL in SMTP uses.
    Standard,
    /// `-` or `_` (RFC 4648 §5), as in web tokens.
    UrlSafe,
}

/// How a base64 text ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Padding {
    /// Its length is a multiple of four without `=`.
    Unneeded,
    /// One or two `=` make it one.
    Full,
    /// `=` are missing.
    Missing,
}

/// `base64 = base64-terminal / ( 1*(4base64-char) [base64-terminal] )` (RFC 4954 §8).
///
/// More lenient: padding may be missing, and the alphabet of RFC 4648 §5 passes. `None` for an empty
/// text, for both alphabets at once, and for lengths that no octets give.
pub fn base64(text: &[u8]) -> Option<Base64> {
    let digits = match text {
        [digits @ .., b'=', b'='] | [digits @ .., b'='] | digits => digits,
    };
    let mut standard = false;
    let mut url_safe = false;
    for &octet in digits {
        match octet {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' => {}
            b'+' | b'/' => standard = true,
            b'-' | b'_' => url_safe = true,
            _ => return None,
        }
    }
    let alphabet = match (standard, url_safe) {
        (false, false) => Alphabet::Either,
        (true, false) => Alphabet::Standard,
        (false, true) => Alphabet::UrlSafe,
        (true, true) => return None,
    };
    let padding = match (digits.len() % 4, text.len() - digits.len()) {
        (0, 0) if !digits.is_empty() => Padding::Unneeded,
        (2, 2) | (3, 1) => Padding::Full,
        (2, 0 | 1) | (3, 0) => Padding::Missing,
        _ => return None,
    };
    Some(Base64 { alphabet, padding, octets: digits.len() * 3 / 4 })
}

/// Whether `text` is base64 as RFC 4954 §8 has it.
///
/// Words are, too: `Hello123` passes. Only the place of a line can tell.
pub fn is_base64(text: &[u8]) -> bool {
    base64(text).is_some_and(Base64::is_strict)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mechanisms_and_responses() {
        for (argument, mechanism, response) in [
            (&b"LOGIN"[..], &b"LOGIN"[..], None),
            (b"PLAIN dGVzdAB0ZXN0ADEyMzQ=", b"PLAIN", Some(&b"dGVzdAB0ZXN0ADEyMzQ="[..])),
            (b"plain  dGVz dAB0", b"plain", Some(b"dGVz dAB0")),
            (b"EXTERNAL =", b"EXTERNAL", Some(b"=")),
            (b"PLAIN ********", b"PLAIN", Some(b"********")),
            (b"", b"", None),
        ] {
            let found = auth_argument(argument);
            assert_eq!(found, AuthArgument { mechanism, initial_response: response });
        }
        assert!(auth_argument(b"SCRAM-SHA-256-PLUS").names_mechanism());
        assert!(!auth_argument("PLÄIN".as_bytes()).names_mechanism());
        assert!(!auth_argument(b"A23456789012345678901").names_mechanism());
        assert!(!auth_argument(b"").names_mechanism());
    }

    #[test]
    fn base64_by_its_shape() {
        use {Alphabet as A, Padding as P};
        for (text, expected) in [
            (&b"VXNlcm5hbWU6"[..], Some((A::Either, P::Unneeded, 9))),
            (b"YQ==", Some((A::Either, P::Full, 1))),
            (b"YWI=", Some((A::Either, P::Full, 2))),
            (b"+/+/", Some((A::Standard, P::Unneeded, 3))),
            (b"-_-_", Some((A::UrlSafe, P::Unneeded, 3))),
            (b"YQ", Some((A::Either, P::Missing, 1))),
            (b"YQ=", Some((A::Either, P::Missing, 1))),
            (b"YWI", Some((A::Either, P::Missing, 2))),
            (b"+-+-", None),
            (b"A", None),
            (b"AAAA=", None),
            (b"AAA==", None),
            (b"====", None),
            (b"=", None),
            (b"", None),
            (b"YW I=", None),
            (b"YQ=\0", None),
            ("YÜ==".as_bytes(), None),
        ] {
            let found = base64(text).map(|it| (it.alphabet, it.padding, it.octets));
            assert_eq!(found, expected, "{}", text.escape_ascii());
        }
        let long = b"QUFB".repeat(250);
        assert_eq!(base64(&long).unwrap().octets, 750);
        assert!(is_base64(b"YQ==") && !is_base64(b"YQ") && !is_base64(b"-_-_"));
    }

    #[test]
    fn lines_of_the_dialogue() {
        assert_eq!(auth_line(b"*"), AuthLine::Cancel);
        assert_eq!(auth_line(b""), AuthLine::Empty);
        assert_eq!(auth_line(b"="), AuthLine::EmptyInitial);
        assert!(matches!(auth_line(b"YQ== "), AuthLine::Base64(_)));
        assert_eq!(auth_line(b"QUIT NOW"), AuthLine::Other);
    }
}
