//! The last gate: what is secret in a dialogue stands nowhere in the text that is handed out.

use std::{error::Error, fmt};

use aho_corasick::AhoCorasick;

use super::Redactor;

/// A text that is safe to pass on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Redacted {
    /// The text, as long as the one that it was made from.
    pub text: Vec<u8>,
    /// Whether there is any SMTP in it.
    pub is_dialogue: bool,
}

/// A secret stands where nobody knows how to take it out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SecretLeft {
    /// The 1-based line in which it is, or begins.
    pub line: u64,
}

impl fmt::Display for SecretLeft {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {} would still show a password or a token", self.line)
    }
}

impl Error for SecretLeft {}

/// What a client sent to authenticate itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Secret {
    /// As it was sent.
    pub(crate) typed: Vec<u8>,
    /// The password or the token in it, where it is base64.
    pub(crate) decoded: Option<Vec<u8>>,
}

/// How short what is secret may be: less stands in any text.
const LEAST: usize = 4;

/// The secrets of one text, all looked for at once.
pub(crate) struct Secrets {
    all: Vec<Vec<u8>>,
    finder: Option<AhoCorasick>,
}

impl Redactor {
    /// What must not stand in the text that was redacted last.
    pub(crate) fn secrets(&self, known: Vec<Secret>) -> Secrets {
        let known = known.into_iter().filter(|secret| !self.kept.contains(&secret.typed));
        let mut all: Vec<Vec<u8>> = known
            .flat_map(|secret| std::iter::once(secret.typed).chain(secret.decoded))
            .filter(|secret| secret.len() >= LEAST && secret.iter().any(|octet| *octet != b'*'))
            .collect();
        all.sort_unstable();
        all.dedup();
        let finder = if all.is_empty() { None } else { AhoCorasick::new(&all).ok() };
        Secrets { all, finder }
    }
}

impl Secrets {
    /// Where they stand.
    fn places<'s>(&'s self, text: &'s [u8]) -> impl Iterator<Item = (usize, usize)> + 's {
        let found = self.finder.iter().flat_map(move |finder| finder.find_overlapping_iter(text));
        found.filter_map(move |found| {
            let secret = self.all.get(found.pattern().as_usize())?;
            let before = text.get(..found.start()).unwrap_or_default();
            let behind = text.get(found.end()..).unwrap_or_default();
            is_alone(secret, before, behind).then_some((found.start(), found.end()))
        })
    }

    /// The text without them: some tools repeat what they sent, in words of their own.
    pub(crate) fn wiped(&self, mut text: Vec<u8>) -> Vec<u8> {
        let places: Vec<_> = self.places(&text).collect();
        for (start, end) in places {
            text.get_mut(start..end).unwrap_or_default().iter_mut().for_each(wipe);
        }
        text
    }

    /// Whether any of them stands in a text.
    pub(crate) fn are_in(&self, text: &[u8]) -> bool {
        self.places(text).next().is_some()
    }

    /// The 1-based line of the first of them.
    pub(crate) fn line_of(&self, text: &[u8]) -> Option<u64> {
        let (start, _) = self.places(text).next()?;
        let before = text.get(..start).unwrap_or_default();
        Some(memchr::memchr_iter(b'\n', before).count() as u64 + 1)
    }
}

/// An octet of a secret becomes one that tells nothing; the end of base64 stays.
pub(super) fn wipe(octet: &mut u8) {
    *octet = match *octet {
        b'0'..=b'9' => b'0',
        octet if octet.is_ascii_alphabetic() => b'x',
        octet @ (0..=b' ' | b'=') => octet,
        _ => b'*',
    };
}

/// Whether a secret that may be any word or number is not a part of a longer one.
fn is_alone(secret: &[u8], before: &[u8], behind: &[u8]) -> bool {
    let word = secret.first().is_some_and(u8::is_ascii_alphabetic)
        && secret.iter().all(u8::is_ascii_lowercase);
    let number = secret.iter().all(u8::is_ascii_digit);
    if !word && !number {
        return true;
    }
    let of_it = |octet: &u8| octet.is_ascii_alphabetic() || number && octet.is_ascii_digit();
    // The letter of an escape, as in `\n`, is none of the text.
    let escaped = matches!(before, [.., b'\\', _]);
    let inside = !escaped && before.last().is_some_and(of_it);
    !inside && !behind.first().is_some_and(of_it)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_are_found_wherever_they_stand() {
        let secret = |typed: &[u8], decoded: &[u8]| Secret {
            typed: typed.to_vec(),
            decoded: Some(decoded.to_vec()),
        };
        let known = vec![secret(b"c2Vzc2Ft", b"sesam"), secret(b"MTIzNA==", b"1234")];
        let secrets = Redactor::default().secrets(known);
        for (text, wiped) in [
            ("a\nsent c2Vzc2Ft", "a\nsent x0xxx0xx"),
            ("sesam, open", "xxxxx, open"),
            ("sesamum 12345 A1234", "sesamum 12345 A1234"),
            ("id 1234.", "id 0000."),
            (r"\nsesam\n", r"\nxxxxx\n"),
        ] {
            let changed = text != wiped;
            assert_eq!(secrets.are_in(text.as_bytes()), changed, "{text}");
            let done = secrets.wiped(text.as_bytes().to_vec());
            assert_eq!(String::from_utf8_lossy(&done), wiped);
            assert_eq!(secrets.line_of(&done), None);
        }
        assert_eq!(secrets.line_of(b"a\nsent c2Vzc2Ft"), Some(2));
        let hidden = vec![secret(b"KioqKg==", b"****")];
        assert!(!Redactor::default().secrets(hidden).are_in(b"a ****"));
    }
}
