//! Words in a text, in any case of their ASCII letters: one phrase, or many at once.

use aho_corasick::{AhoCorasick, AhoCorasickKind, Input};

/// Where `words` begin in `text` first, in any case; `None` where they do not stand in it.
///
/// ```
/// use smtplog::grammar::phrase;
/// assert_eq!(phrase::find(b"550 Relay Access DENIED", b"access denied"), Some(10));
/// assert_eq!(phrase::find(b"250 OK", b"denied"), None);
/// ```
pub fn find(text: &[u8], words: &[u8]) -> Option<usize> {
    let (first, rest) = words.split_first()?;
    let (lower, upper) = (first.to_ascii_lowercase(), first.to_ascii_uppercase());
    // No more than this is left where the words begin.
    let heads = text.get(..(text.len() + 1).checked_sub(words.len())?)?;
    memchr::memchr2_iter(lower, upper, heads).find(|at| {
        text.get(at + 1..at + words.len()).is_some_and(|tail| tail.eq_ignore_ascii_case(rest))
    })
}

/// Whether `words` stand in `text`, in any case.
pub fn contains(text: &[u8], words: &[u8]) -> bool {
    words.is_empty() || find(text, words).is_some()
}

/// Phrases that are looked for all at once, in one pass over a text, in any case.
///
/// ```
/// use smtplog::grammar::Phrases;
/// let phrases = Phrases::new(&["user unknown", "no such user"]);
/// assert!(phrases.any(b"550 No Such User here"));
/// assert_eq!(phrases.first(b"550 no such user, user unknown"), Some(0));
/// ```
#[derive(Debug)]
pub struct Phrases(Option<AhoCorasick>);

impl Phrases {
    /// All of these phrases, of ASCII letters and others; best kept in a static.
    pub fn new(phrases: &[&str]) -> Self {
        // Most runs look at one short transcript: what takes long to build would never pay.
        let kind = Some(AhoCorasickKind::ContiguousNFA);
        let automaton =
            AhoCorasick::builder().ascii_case_insensitive(true).kind(kind).build(phrases);
        Self(automaton.ok())
    }

    /// Whether one of them stands in `text`.
    pub fn any(&self, text: &[u8]) -> bool {
        let Some(automaton) = &self.0 else { return false };
        automaton.find(Input::new(text).earliest(true)).is_some()
    }

    /// The one that stands first in the list, of those that stand in `text`.
    pub fn first(&self, text: &[u8]) -> Option<usize> {
        let found = self.0.as_ref()?.find_overlapping_iter(text);
        found.map(|found| found.pattern().as_usize()).min()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_found_in_any_case() {
        for (text, words, at) in [
            ("abc", "abc", Some(0)),
            ("xABc", "abc", Some(1)),
            ("aab", "ab", Some(1)),
            ("ab", "abc", None),
            ("", "a", None),
            ("a[B]", "[b]", Some(1)),
            ("{", "[", None),
        ] {
            assert_eq!(find(text.as_bytes(), words.as_bytes()), at, "{text} {words}");
        }
    }

    #[test]
    fn the_first_of_the_list_counts() {
        let phrases = Phrases::new(&["later", "try later", "…"]);
        assert_eq!(phrases.first(b"please TRY LATER"), Some(0));
        assert_eq!(phrases.first("x…".as_bytes()), Some(2));
        assert_eq!(phrases.first(b"now"), None);
        assert!(phrases.any(b"Later") && !phrases.any(b"late"));
    }
}
