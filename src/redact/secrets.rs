//! The last gate: what is secret in a dialogue stands nowhere in the text that is handed out.

use std::{collections::BTreeSet, error::Error, fmt};

use aho_corasick::AhoCorasick;
use base64::{
    Engine,
    prelude::{BASE64_STANDARD_NO_PAD, BASE64_URL_SAFE_NO_PAD},
};

use super::{
    Redactor,
    disguise::{EACH, FEW, Places, each_view},
};

/// A text that is safe to pass on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Redacted {
    /// The text, as long as the one that it was made from.
    pub text: Vec<u8>,
    /// Whether there is any SMTP in it.
    pub is_dialogue: bool,
}

/// Why a text is not handed out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unsafe {
    /// A secret stands where nobody knows how to take it out.
    SecretLeft {
        /// The 1-based line in which it is, or begins.
        line: u64,
    },
    /// What became of a dialogue is read as one no more, so that nobody can tell what is left in it.
    Unreadable {
        /// The 1-based line in which the dialogue began.
        line: u64,
    },
    /// It was interrupted: what is left in the text, nobody has looked at.
    Interrupted,
}

impl fmt::Display for Unsafe {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::SecretLeft { line } => {
                write!(f, "line {line} would still show a password or a token")
            }
            Self::Unreadable { line } => {
                write!(
                    f,
                    "what becomes of the dialogue from line {line} on is no dialogue that could be looked through"
                )
            }
            Self::Interrupted => {
                f.write_str("it was interrupted before the text was looked through")
            }
        }
    }
}

impl Error for Unsafe {}

/// What a client sent to authenticate itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Secret {
    /// As it was sent.
    pub(crate) typed: Vec<u8>,
    /// The password or the token in it, where it is base64.
    pub(crate) decoded: Option<Vec<u8>>,
}

impl Secret {
    /// What `find` finds in a text, or in what it says once its escapes are read and its lines are put together; it
    /// is told whether they are.
    pub(crate) fn evident(text: &[u8], find: &dyn Fn(&[u8], bool) -> Vec<Self>) -> Vec<Self> {
        let mut found = find(text, false);
        // What ends with its padding does not go on in the next line.
        let whole = found.iter().filter_map(|one| one.typed.strip_suffix(b"="));
        let whole: BTreeSet<Vec<u8>> =
            whole.map(|typed| typed.strip_suffix(b"=").unwrap_or(typed).to_vec()).collect();
        each_view(text, FEW, &mut |octets, joined, _| {
            let others = find(octets, joined).into_iter();
            found.extend(others.filter(|one| {
                let typed = one.typed.trim_ascii_end();
                let before = whole.range(..=typed.to_vec()).next_back();
                before.is_none_or(|whole| {
                    typed
                        .strip_prefix(&**whole)
                        .is_none_or(|rest| rest.iter().all(|octet| *octet == b'='))
                })
            }));
        });
        found
    }
}

/// How short what is secret may be: less stands in any text.
const LEAST: usize = 4;

/// The secrets of one text, all looked for at once.
pub(crate) struct Secrets {
    all: Vec<Vec<u8>>,
    finder: Option<AhoCorasick>,
}

impl Redactor {
    /// What must not stand in the text that was redacted last: what is known of its dialogues.
    pub(crate) fn secrets(&self, known: Vec<Secret>) -> Secrets {
        let known = known.into_iter().filter(|secret| !self.kept.contains(&secret.typed));
        let mut all: Vec<Vec<u8>> = known
            .flat_map(|secret| std::iter::once(secret.typed).chain(secret.decoded))
            .filter(|secret| secret.len() >= LEAST && secret.iter().any(|octet| *octet != b'*'))
            .collect();
        // A long one is looked for piece by piece: what is left of it is no less secret.
        all = all.iter().flat_map(|secret| pieces(secret)).collect();
        let forms: Vec<_> = all.iter().flat_map(|secret| forms(secret)).collect();
        all.extend(forms);
        // What is left of a secret that was wiped before is none.
        all.retain(|secret| !is_wiped(secret));
        all.sort_unstable();
        all.dedup();
        let finder = if all.is_empty() { None } else { AhoCorasick::new(&all).ok() };
        Secrets { all, finder }
    }
}

impl Secrets {
    /// Where they stand, as they are.
    fn places<'s>(&'s self, text: &'s [u8]) -> impl Iterator<Item = (usize, usize)> + 's {
        let found = self.finder.iter().flat_map(move |finder| finder.find_overlapping_iter(text));
        found.filter_map(move |found| {
            let secret = self.all.get(found.pattern().as_usize())?;
            let before = text.get(..found.start()).unwrap_or_default();
            let behind = text.get(found.end()..).unwrap_or_default();
            is_alone(secret, before, behind).then_some((found.start(), found.end()))
        })
    }

    /// Where they stand, as they are or in escapes, or broken over lines.
    fn all_places(&self, text: &[u8]) -> Places {
        if self.finder.is_none() {
            return Places::new();
        }
        let mut all: Places = self.places(text).map(|(start, end)| start..end).collect();
        each_view(text, EACH, &mut |octets, _, source| {
            let long = self.places(octets).filter(|(start, end)| end - start >= LEAST_DISGUISED);
            all.extend(long.flat_map(|(start, end)| source(start..end)));
        });
        all
    }

    /// The text without them: some tools repeat what they sent, in words of their own.
    pub(crate) fn wiped(&self, mut text: Vec<u8>) -> Vec<u8> {
        for place in self.all_places(&text) {
            text.get_mut(place).unwrap_or_default().iter_mut().for_each(wipe);
        }
        text
    }

    /// Whether any of them stands in a text, as it is.
    pub(crate) fn are_in(&self, text: &[u8]) -> bool {
        self.places(text).next().is_some()
    }

    /// The 1-based line of the first of them, in whatever form.
    pub(crate) fn line_of(&self, text: &[u8]) -> Option<u64> {
        let first = self.all_places(text).into_iter().map(|place| place.start).min()?;
        let before = text.get(..first).unwrap_or_default();
        Some(memchr::memchr_iter(b'\n', before).count() as u64 + 1)
    }
}

/// How many octets of a secret are looked for at once.
const PIECE: usize = 64;

/// A secret in pieces of the same length: the last one overlaps with the one before it.
fn pieces(secret: &[u8]) -> Vec<Vec<u8>> {
    let last = secret.get(secret.len().saturating_sub(PIECE)..).unwrap_or_default();
    let whole = secret.chunks_exact(PIECE.min(secret.len()).max(1));
    whole.chain(std::iter::once(last)).map(<[u8]>::to_vec).collect()
}

/// How short what is secret may be where it stands in escapes or in several lines.
const LEAST_DISGUISED: usize = 6;

/// A secret in hexadecimal digits, and in base64 wherever in it it may stand: three octets make four signs, so that
/// the signs at its ends depend on what is beside it.
fn forms(secret: &[u8]) -> Vec<Vec<u8>> {
    if secret.len() < LEAST_DISGUISED {
        return Vec::new();
    }
    let mut forms: Vec<Vec<u8>> = Vec::new();
    for beside in 0..3_usize {
        let octets = [vec![0; beside], secret.to_vec()].concat();
        // Signs that hold bits of what stands before, and whole ones only.
        let (first, last) = ((beside * 8).div_ceil(6), octets.len() * 8 / 6);
        for encoded in
            [BASE64_STANDARD_NO_PAD.encode(&octets), BASE64_URL_SAFE_NO_PAD.encode(&octets)]
        {
            forms.extend(encoded.as_bytes().get(first..last).map(<[u8]>::to_vec));
        }
    }
    let digit = |octet: u8| b"0123456789abcdef".get(usize::from(octet)).copied();
    let digits = secret.iter().flat_map(|octet| [octet >> 4, octet & 0xf]).filter_map(digit);
    let digits: Vec<u8> = digits.collect();
    forms.extend([digits.to_ascii_uppercase(), digits]);
    forms
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

/// Whether nothing of this is left to be wiped.
pub(super) fn is_wiped(secret: &[u8]) -> bool {
    secret.iter().all(|octet| {
        let mut left = *octet;
        wipe(&mut left);
        left == *octet
    })
}

/// Whether a secret that may be any word or number is not a part of a longer one.
fn is_alone(secret: &[u8], before: &[u8], behind: &[u8]) -> bool {
    let word = secret.first().is_some_and(u8::is_ascii_alphabetic)
        && secret.iter().all(u8::is_ascii_lowercase);
    let number = secret.iter().all(u8::is_ascii_digit);
    if !word && !number || secret.len() >= PIECE {
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
        // Too short to be found where anybody might have written it by accident.
        assert!(!secrets.are_in(b"7365736d"));
        let hidden = vec![secret(b"KioqKg==", b"****")];
        assert!(!Redactor::default().secrets(hidden).are_in(b"a ****"));
    }

    #[test]
    fn secrets_are_found_in_whatever_form() {
        let known = Secret { typed: b"-".to_vec(), decoded: Some(b"Op3n/Se+same?".to_vec()) };
        let secrets = Redactor::default().secrets(vec![known]);
        let encoded = |text: &[u8]| BASE64_STANDARD_NO_PAD.encode(text);
        for text in [
            encoded(b"Op3n/Se+same?"),
            encoded(b"\0u\0Op3n/Se+same?"),
            encoded(b"\0us\0Op3n/Se+same? and more"),
            encoded(b"Op3n/Se+same?").replacen('z', "z\n> ", 1),
            "4f70336e2f53652b73616d653f".to_owned(),
            "4F70336E2F53652B73616D653F".to_owned(),
            r"{Op3n\/Se+same?}".to_owned(),
            "smtp://u:Op3n%2FSe%2Bsame%3F@mx".to_owned(),
            "Op3n/S=\ne+same?".to_owned(),
            "Op3n/S\n\t\te+same?".to_owned(),
        ] {
            let text = format!("before\n{text}\nbehind");
            assert_eq!(secrets.line_of(text.as_bytes()), Some(2), "{text}");
            let wiped = secrets.wiped(text.clone().into_bytes());
            assert_eq!(wiped.len(), text.len());
            assert_eq!(secrets.line_of(&wiped), None, "{}", wiped.escape_ascii());
            assert!(wiped.starts_with(b"before\n") && wiped.ends_with(b"\nbehind"));
        }
    }
}
