//! What follows from a line alone, remembered: servers say the same few lines in session after session.
//!
//! A table of fixed size: a line takes the place of another one with the same hash, and the room that this one
//! had. Whether a line is known is told by all of its octets, so what is answered never depends on what was asked
//! before, and each thread may have a table of its own.

use std::hash::{BuildHasher as _, Hash, Hasher as _};

use foldhash::fast::FixedState;

/// Longer lines are seldom said twice.
const LONGEST: usize = 256;

/// What follows from lines, each in its context `K`.
#[derive(Debug)]
pub(crate) struct Known<K, V> {
    most: usize,
    places: Vec<Place<K, V>>,
    /// What followed from the last line that is not remembered.
    other: V,
}

#[derive(Debug, Clone)]
struct Place<K, V> {
    context: Option<K>,
    line: Vec<u8>,
    follows: V,
}

impl<K: Copy + Eq + Hash, V: Clone + Default> Known<K, V> {
    /// Room for so many lines, taken when the first of them comes; `other` is any value.
    pub(crate) const fn new(most: usize, other: V) -> Self {
        Self { most, places: Vec::new(), other }
    }

    /// What follows from a line, as `find_out` has it where that is not known. `find_out` is handed a value that
    /// was found out before, for its room, and says everything anew.
    pub(crate) fn of(&mut self, context: K, line: &[u8], find_out: impl FnOnce(&mut V)) -> &V {
        if line.len() > LONGEST {
            find_out(&mut self.other);
            return &self.other;
        }
        if self.places.is_empty() {
            let place = Place { context: None, line: Vec::new(), follows: V::default() };
            self.places = vec![place; self.most];
        }
        let mut hasher = FixedState::default().build_hasher();
        hasher.write(line);
        context.hash(&mut hasher);
        let at = usize::try_from(hasher.finish()).unwrap_or(0) % self.places.len().max(1);
        let Some(place) = self.places.get_mut(at) else {
            find_out(&mut self.other);
            return &self.other;
        };
        if place.context != Some(context) || place.line != line {
            find_out(&mut place.follows);
            place.context = Some(context);
            place.line.clear();
            place.line.extend_from_slice(line);
        }
        &place.follows
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_are_the_same_as_without_a_memory() {
        // Few places for many lines: most take another one's.
        let mut known: Known<u8, Vec<u8>> = Known::new(7, Vec::new());
        let mut found_out = 0;
        let mut asked = 0;
        for round in 0..50_usize {
            for length in [0, 1, 5, LONGEST, LONGEST + 1] {
                for context in 0..3 {
                    let line = vec![b'a' + u8::try_from(round % 5).unwrap(); length];
                    let expected: Vec<u8> = line.iter().copied().chain([context]).collect();
                    for _ in 0..2 {
                        asked += 1;
                        let told = known.of(context, &line, |follows| {
                            found_out += 1;
                            follows.clear();
                            follows.extend_from_slice(&expected);
                        });
                        assert_eq!(*told, expected);
                    }
                }
            }
        }
        assert!(found_out < asked, "what was said just before is known");
        assert_eq!(known.places.len(), 7);
    }
}
