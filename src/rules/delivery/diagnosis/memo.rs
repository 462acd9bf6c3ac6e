//! Explanations that were found before: a server of a busy log says the same few things again and again.
//!
//! An explanation follows from the normalised text and the codes alone, so it makes no difference which
//! session it was found for first, or by which thread.

use std::{cell::RefCell, collections::HashMap};

use super::{Refusal, explanation, provider::Provider, score::Facts};

/// How many explanations are kept; then all are forgotten.
const MOST: usize = 2048;

/// Longer texts are seldom said twice.
const LONGEST: usize = 512;

/// What an explanation follows from, but for the text.
type Codes = (u16, u16, Option<(u16, u16)>, Option<Provider>);

/// The explanations of each text, by the codes that it stood with.
type Known = HashMap<Vec<u8>, Vec<(Codes, Option<Refusal>)>>;

thread_local! {
    static KNOWN: RefCell<Known> = RefCell::default();
}

/// The explanation of a refusal, of no exchange in particular.
pub(super) fn explained(facts: &Facts<'_>) -> Option<Refusal> {
    if facts.text.len() > LONGEST {
        return explanation(facts);
    }
    let codes = (facts.stage, facts.code, facts.enhanced, facts.provider);
    KNOWN.with_borrow_mut(|known| {
        let found = known.get(facts.text).and_then(|some| some.iter().find(|one| one.0 == codes));
        if let Some((_, refusal)) = found {
            return refusal.clone();
        }
        if known.len() >= MOST {
            known.clear();
        }
        let refusal = explanation(facts);
        known.entry(facts.text.to_vec()).or_default().push((codes, refusal.clone()));
        refusal
    })
}
