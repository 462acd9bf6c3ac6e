//! What follows from the text of a refusal alone, remembered: servers refuse with the same few texts.

use std::{cell::RefCell, collections::HashMap};

use foldhash::fast::RandomState;

use super::{Heard, provider::Provider};

/// How many texts are kept; then all are forgotten.
const MOST: usize = 2048;

/// Longer texts are seldom said twice.
const LONGEST: usize = 512;

/// What an explanation follows from, but for the text.
pub(super) type Codes = (u16, u16, Option<Provider>);

/// What each text says, by the codes that it stood with.
type Known = HashMap<Vec<u8>, Vec<(Codes, Heard)>, RandomState>;

thread_local! {
    static KNOWN: RefCell<Known> = RefCell::default();
}

/// What a text says, as `find_out` has it where the text was not heard yet.
pub(super) fn heard(text: &[u8], codes: Codes, find_out: impl FnOnce() -> Heard) -> Heard {
    if text.len() > LONGEST {
        return find_out();
    }
    KNOWN.with_borrow_mut(|known| {
        let found = known.get(text).and_then(|some| some.iter().find(|one| one.0 == codes));
        if let Some((_, heard)) = found {
            return heard.clone();
        }
        if known.len() >= MOST {
            known.clear();
        }
        let heard = find_out();
        known.entry(text.to_vec()).or_default().push((codes, heard.clone()));
        heard
    })
}
