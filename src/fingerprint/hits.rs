//! Where words of clues stand in a reply line, remembered for lines that servers say again and again.

use std::{cell::RefCell, collections::HashMap};

use aho_corasick::AhoCorasick;
use foldhash::fast::RandomState;

/// How many lines are remembered; then all are forgotten.
const MOST: usize = 4096;

/// Longer lines name hosts, times and queue identifiers: they are seldom said twice.
const LONGEST: usize = 40;

/// Where the words of one clue stand.
#[derive(Debug, Clone, Copy)]
pub(super) struct Hit {
    /// The clue's number.
    pub(super) clue: usize,
    pub(super) start: usize,
    pub(super) end: usize,
}

/// What is remembered: the lines, each with its hits.
type Known = HashMap<Vec<u8>, Vec<Hit>, RandomState>;

thread_local! {
    static KNOWN: RefCell<Known> = RefCell::default();
}

/// Tells `take` every place in `text` where the words of a clue stand.
pub(super) fn each(words: &AhoCorasick, text: &[u8], mut take: impl FnMut(Hit)) {
    let find = || {
        words.find_overlapping_iter(text).map(|found| Hit {
            clue: found.pattern().as_usize(),
            start: found.start(),
            end: found.end(),
        })
    };
    if text.len() > LONGEST {
        return find().for_each(take);
    }
    KNOWN.with_borrow_mut(|known| {
        if let Some(hits) = known.get(text) {
            return hits.iter().copied().for_each(take);
        }
        if known.len() >= MOST {
            known.clear();
        }
        let hits: Vec<Hit> = find().collect();
        hits.iter().copied().for_each(&mut take);
        known.insert(text.to_vec(), hits);
    });
}
