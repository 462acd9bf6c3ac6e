//! Words in a text, in any case of their ASCII letters: one phrase, or many at once.

use std::{
    borrow::Cow,
    ops::ControlFlow,
    sync::{
        OnceLock,
        atomic::{AtomicU32, Ordering},
    },
};

use aho_corasick::{AhoCorasick, AhoCorasickKind};

/// Where `words` begin in `text` first, in any case; `None` where they do not stand in it.
///
/// ```
/// use smtplog::grammar::phrase;
/// assert_eq!(phrase::find(b"550 Relay Access DENIED", b"access denied"), Some(10));
/// assert_eq!(phrase::find(b"250 OK", b"denied"), None);
/// ```
pub fn find(text: &[u8], words: &[u8]) -> Option<usize> {
    all(text, words).next()
}

/// Whether `words` stand in `text`, in any case.
pub fn contains(text: &[u8], words: &[u8]) -> bool {
    words.is_empty() || find(text, words).is_some()
}

/// Every place where `words` begin in `text`, in any case.
fn all<'a>(text: &'a [u8], words: &'a [u8]) -> impl Iterator<Item = usize> + 'a {
    let (first, rest) = words.split_first().map_or((0, &b""[..]), |(first, rest)| (*first, rest));
    let (lower, upper) = (first.to_ascii_lowercase(), first.to_ascii_uppercase());
    // Where the words begin, as much as they are long is left.
    let room = if words.is_empty() { None } else { (text.len() + 1).checked_sub(words.len()) };
    let heads = text.get(..room.unwrap_or(0)).unwrap_or_default();
    memchr::memchr2_iter(lower, upper, heads).filter(move |at| {
        text.get(at + 1..=at + rest.len()).is_some_and(|tail| tail.eq_ignore_ascii_case(rest))
    })
}

/// How many texts are looked at one phrase after the other before an automaton is built: about as many as
/// take as long as building it.
const TEXTS: u32 = 48;

/// After how many a table takes its place in which each octet of a text is one step: of many phrases it has a
/// megabyte and takes as long to fill as so many texts take longer without it.
const MANY_TEXTS: u32 = 20_000;

/// Phrases of so many octets together are few: their table is small, and filled at once.
const SMALL: usize = 1024;

/// Phrases that are looked for all at once, in any case.
///
/// A run over one short transcript asks a few times; there the phrases are looked for one by one. A run
/// over a log asks millions of times; for it an automaton is built that takes one pass over a text. What is
/// found is the same.
///
/// ```
/// use smtplog::grammar::Phrases;
/// let phrases = Phrases::new(&["user unknown", "no such user"]);
/// assert!(phrases.any(b"550 No Such User here"));
/// assert_eq!(phrases.first(b"550 no such user, user unknown"), Some(0));
/// ```
#[derive(Debug)]
pub struct Phrases {
    words: Vec<Cow<'static, str>>,
    asked: AtomicU32,
    /// The one that is built soon, and the one that takes its place where it pays.
    automata: [OnceLock<Option<AhoCorasick>>; 2],
}

/// Where a phrase stands in a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Found {
    /// The phrase, by its place in the list.
    pub phrase: usize,
    /// The octet of the text at which it begins.
    pub start: usize,
    /// One past its last octet.
    pub end: usize,
}

impl Phrases {
    /// All of these phrases, of ASCII letters and others; best kept in a static. An empty one is never found.
    pub fn new(phrases: &[&'static str]) -> Self {
        Self::of(phrases.iter().copied().map(Cow::Borrowed).collect())
    }

    fn of(words: Vec<Cow<'static, str>>) -> Self {
        Self { words, asked: AtomicU32::new(0), automata: Default::default() }
    }

    /// Whether one of them stands in `text`.
    pub fn any(&self, text: &[u8]) -> bool {
        match self.automaton() {
            Some(automaton) => automaton.is_match(text),
            None => self.visit(text, &mut |_| ControlFlow::Break(())).is_break(),
        }
    }

    /// The one that stands first in the list, of those that stand in `text`.
    pub fn first(&self, text: &[u8]) -> Option<usize> {
        let mut first: Option<usize> = None;
        self.each(text, |found| {
            first = Some(first.map_or(found.phrase, |first| first.min(found.phrase)));
        });
        first
    }

    /// Tells `take` every place where one of them stands, in no order in particular; places may overlap.
    pub fn each(&self, text: &[u8], mut take: impl FnMut(Found)) {
        let _ = self.visit(text, &mut |found| {
            take(found);
            ControlFlow::Continue(())
        });
    }

    fn visit(
        &self,
        text: &[u8],
        take: &mut dyn FnMut(Found) -> ControlFlow<()>,
    ) -> ControlFlow<()> {
        if let Some(automaton) = self.automaton() {
            return automaton.find_overlapping_iter(text).try_for_each(|found| {
                let (start, end) = (found.start(), found.end());
                take(Found { phrase: found.pattern().as_usize(), start, end })
            });
        }
        for (phrase, words) in self.words.iter().enumerate() {
            let words = words.as_bytes();
            all(text, words)
                .map(|start| Found { phrase, start, end: start + words.len() })
                .try_for_each(&mut *take)?;
        }
        ControlFlow::Continue(())
    }

    /// The automaton, once it pays.
    fn automaton(&self) -> Option<&AhoCorasick> {
        let asked = self.asked.load(Ordering::Relaxed);
        if asked < MANY_TEXTS {
            self.asked.fetch_add(1, Ordering::Relaxed);
        }
        let [soon, late] = &self.automata;
        match asked {
            ..TEXTS => return None,
            TEXTS..MANY_TEXTS => soon.get_or_init(|| {
                let size: usize = self.words.iter().map(|one| one.len()).sum();
                self.build(if size <= SMALL {
                    AhoCorasickKind::DFA
                } else {
                    AhoCorasickKind::ContiguousNFA
                })
            }),
            MANY_TEXTS.. => late.get_or_init(|| self.build(AhoCorasickKind::DFA)),
        }
        .as_ref()
    }

    fn build(&self, kind: AhoCorasickKind) -> Option<AhoCorasick> {
        // An empty phrase would be found everywhere; this one is found nowhere, and keeps the places.
        let words = self.words.iter().map(|one| if one.is_empty() { NEVER } else { one.as_ref() });
        AhoCorasick::builder().ascii_case_insensitive(true).kind(Some(kind)).build(words).ok()
    }
}

/// Phrases that were put together.
impl FromIterator<Cow<'static, str>> for Phrases {
    fn from_iter<I: IntoIterator<Item = Cow<'static, str>>>(phrases: I) -> Self {
        Self::of(phrases.into_iter().collect())
    }
}

/// What no text holds.
const NEVER: &str = "\0\0\0\0\0\0\0\0";

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
            ("a", "a", Some(0)),
            ("a[B]", "[b]", Some(1)),
            ("{", "[", None),
        ] {
            assert_eq!(find(text.as_bytes(), words.as_bytes()), at, "{text} {words}");
        }
    }

    #[test]
    fn one_by_one_and_all_at_once_find_the_same() {
        let phrases = Phrases::new(&["later", "try later", "", "…", "aa"]);
        let texts = ["please TRY LATER", "x…", "now", "aaaa", "", "Later, later"];
        let look = |text: &str| {
            let mut found = Vec::new();
            phrases.each(text.as_bytes(), |one| found.push(one));
            found.sort_unstable();
            (found, phrases.first(text.as_bytes()), phrases.any(text.as_bytes()))
        };
        let few: Vec<_> = texts.iter().map(|text| look(text)).collect();
        assert!(phrases.automata.iter().all(|automaton| automaton.get().is_none()));
        for _ in 0..TEXTS {
            phrases.any(b"");
        }
        let many: Vec<_> = texts.iter().map(|text| look(text)).collect();
        assert!(phrases.automata[0].get().is_some() && phrases.automata[1].get().is_none());
        assert_eq!(few, many);
        phrases.asked.store(MANY_TEXTS, Ordering::Relaxed);
        let very_many: Vec<_> = texts.iter().map(|text| look(text)).collect();
        assert!(phrases.automata[1].get().is_some());
        assert_eq!(few, very_many);
        assert_eq!(few[0].1, Some(0));
        assert_eq!(few[3].0.len(), 3);
        assert!(!few[2].2);
    }
}
