//! The phrases of the whole table, looked for in a text all at once.

use std::{borrow::Cow, collections::HashMap, sync::LazyLock};

use foldhash::fast::FixedState;

use super::{
    pattern::{Kind, Pattern},
    row::Row,
    rows,
};
use crate::grammar;

/// One place where a phrase of the table stands in a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Hit {
    /// The row, by its place in [`Phrases::rows`].
    pub(super) row: usize,
    /// What it is worth.
    pub(super) kind: Kind,
    /// The phrase's octets: the longer, the less it is chance.
    pub(super) length: usize,
}

/// All phrases of the table, ready to be looked for in one pass.
pub(super) struct Phrases {
    /// The rows.
    pub(super) rows: Vec<&'static Row>,
    /// The rows that tell without text, by their places.
    pub(super) plain: Vec<usize>,
    patterns: Vec<Pattern>,
    /// How they begin, each beginning once.
    heads: grammar::Phrases,
    /// The patterns that begin so, by their places.
    by_head: Vec<Vec<usize>>,
}

/// The phrases of the whole table.
pub(super) static PHRASES: LazyLock<Phrases> = LazyLock::new(Phrases::new);

impl Phrases {
    fn new() -> Self {
        let rows: Vec<&'static Row> = rows::all().collect();
        let mut patterns = Vec::new();
        let mut plain = Vec::new();
        let mut heads: Vec<Cow<'static, str>> = Vec::new();
        let mut by_head: Vec<Vec<usize>> = Vec::new();
        let mut places: HashMap<Cow<'static, str>, usize, FixedState> = HashMap::default();
        for (place, row) in rows.iter().enumerate() {
            let kinds = [
                (Kind::SubCode, row.sub_codes),
                (Kind::Phrase, row.phrases),
                (Kind::Hint, row.hints),
            ];
            for (kind, phrases) in kinds {
                for phrase in phrases {
                    let (pattern, begins) = Pattern::new(place, kind, phrase);
                    for head in begins {
                        let place = *places.entry(head).or_insert_with_key(|head| {
                            heads.push(head.clone());
                            by_head.push(Vec::new());
                            by_head.len() - 1
                        });
                        by_head.get_mut(place).into_iter().for_each(|all| all.push(patterns.len()));
                    }
                    patterns.push(pattern);
                }
            }
            // A provider's own numbers tell without its words, too.
            let numbered = row.provider.is_some() && row.has_enhanced_codes() && !row.vague;
            if !row.has_text() || numbered {
                plain.push(place);
            }
        }
        Self { rows, plain, patterns, heads: heads.into_iter().collect(), by_head }
    }

    /// Every phrase that stands in a normalised text, as whole words.
    pub(super) fn find(&self, text: &[u8]) -> Vec<Hit> {
        let mut hits = Vec::new();
        self.heads.each(text, |found| {
            let begun = self.by_head.get(found.phrase).into_iter().flatten();
            for pattern in begun.filter_map(|place| self.patterns.get(*place)) {
                let length = pattern.fits(text, found.start, found.end);
                let hit = |length| Hit { row: pattern.row, kind: pattern.kind, length };
                hits.extend(length.map(hit));
            }
        });
        hits
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn phrases_are_lower_case_and_not_empty() {
        for row in rows::all() {
            for phrase in row.sub_codes.iter().chain(row.phrases).chain(row.hints) {
                assert!(phrase.len() > 2, "{phrase}");
                assert!(!phrase.bytes().any(|octet| octet.is_ascii_uppercase()), "{phrase}");
                let (_, heads) = Pattern::new(0, Kind::Phrase, phrase);
                assert!(heads.iter().all(|head| !head.is_empty()), "{phrase}");
            }
        }
    }

    #[test]
    fn names_of_hosts_and_pages_are_no_evidence() {
        let words = |text: &str| {
            let hits = PHRASES.find(text.as_bytes()).into_iter();
            hits.filter(|hit| hit.kind != Kind::SubCode).count()
        };
        assert_eq!(words("see mx.spam.example"), 0);
        assert_eq!(words("see https://example.net/spam/why"), 0);
        assert!(words("this is spam.") > 0);
        assert!(words("spam: see mx.example") > 0);
    }
}
