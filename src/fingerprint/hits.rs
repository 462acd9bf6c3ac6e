//! Where words of clues stand in a reply line, remembered for lines that servers say again and again.

use std::{cell::RefCell, collections::HashMap};

use foldhash::fast::RandomState;

use crate::grammar::{Phrases, phrase::Found};

/// How many lines are remembered; then all are forgotten.
const MOST: usize = 4096;

/// Longer lines name hosts, times and queue identifiers: they are seldom said twice.
const LONGEST: usize = 40;

/// What is remembered: the lines, each with its hits.
type Known = HashMap<Vec<u8>, Vec<Found>, RandomState>;

thread_local! {
    static KNOWN: RefCell<Known> = RefCell::default();
}

/// Tells `take` every place in `text` where the words of a clue stand.
pub(super) fn each(words: &Phrases, text: &[u8], take: impl FnMut(Found)) {
    if text.len() > LONGEST {
        return words.each(text, take);
    }
    KNOWN.with_borrow_mut(|known| {
        if let Some(hits) = known.get(text) {
            return hits.iter().copied().for_each(take);
        }
        if known.len() >= MOST {
            known.clear();
        }
        let mut hits = Vec::new();
        words.each(text, |found| hits.push(found));
        hits.iter().copied().for_each(take);
        known.insert(text.to_vec(), hits);
    });
}
