//! Counts by a name out of the record, held to a limit.
//!
//! Peers, domains and the like grow with the log, the memory must not. While there is room every name is
//! counted. When a name too many comes, half of all names that there could be are left out, chosen by a hash of
//! the name, and so on. So what is counted is counted exactly; and which names that are depends on which
//! names there are, not on the order in which they came: parts of a log counted apart and added up give the
//! same as the whole.

use std::{
    cmp::Reverse,
    collections::HashMap,
    hash::{BuildHasher as _, Hasher as _},
};

use foldhash::{fast::RandomState, quality::FixedState};

/// Where the count of each name is.
type Places = HashMap<Box<[u8]>, usize, RandomState>;

/// What is counted, and can be added up.
pub(super) trait Count: Sized {
    /// Adds what was counted elsewhere.
    fn add(&mut self, other: Self);
    /// How much it is, to list the most first.
    fn weight(&self) -> u64;
}

/// A plain number.
impl Count for u64 {
    fn add(&mut self, other: Self) {
        *self += other;
    }

    fn weight(&self) -> u64 {
        *self
    }
}

/// Counts by name.
#[derive(Debug)]
pub(super) struct Kept<C> {
    most: usize,
    /// How often the names were halved: of so many kept ones there may be `2^halved` times as many.
    halved: u32,
    places: Places,
    counts: Vec<C>,
}

impl<C: Count> Kept<C> {
    /// Counts of at most so many names.
    pub(super) fn new(most: usize) -> Self {
        Self { most, halved: 0, places: Places::default(), counts: Vec::new() }
    }

    /// The count of a name; `None` where the name is one of those that are left out.
    pub(super) fn of(&mut self, name: &[u8], new: impl FnOnce() -> C) -> Option<&mut C> {
        let place = match self.places.get(name) {
            Some(place) => *place,
            None => self.begin(name, new)?,
        };
        self.counts.get_mut(place)
    }

    fn begin(&mut self, name: &[u8], new: impl FnOnce() -> C) -> Option<usize> {
        if !self.admits(name) {
            return None;
        }
        self.places.insert(name.into(), self.counts.len());
        self.counts.push(new());
        self.halve();
        self.places.get(name).copied()
    }

    fn admits(&self, name: &[u8]) -> bool {
        self.halved == 0 || rank(name).leading_zeros() >= self.halved
    }

    /// Leaves names out until there is room.
    fn halve(&mut self) {
        while self.places.len() > self.most {
            self.halved += 1;
            self.leave_out();
        }
    }

    /// Leaves out the names that are not admitted any more.
    fn leave_out(&mut self) {
        let names = std::mem::take(&mut self.places);
        let counts = std::mem::take(&mut self.counts);
        self.take(names, counts, |_, _| {});
    }

    /// Takes counts as far as their names are admitted; `add` adds to what there is already.
    fn take(&mut self, names: Places, counts: Vec<C>, add: impl Fn(&mut C, C)) {
        let mut counts: Vec<Option<C>> = counts.into_iter().map(Some).collect();
        let mut names: Vec<_> = names.into_iter().collect();
        // A hash map has no order of its own that would be the same twice.
        names.sort_unstable_by_key(|(_, place)| *place);
        for (name, place) in names {
            let count = counts.get_mut(place).and_then(Option::take);
            let Some(count) = count.filter(|_| self.admits(&name)) else { continue };
            let own = self.places.get(&name).and_then(|place| self.counts.get_mut(*place));
            if let Some(own) = own {
                add(own, count);
            } else {
                self.places.insert(name, self.counts.len());
                self.counts.push(count);
            }
        }
    }

    /// Adds what was counted elsewhere.
    pub(super) fn add(&mut self, other: Self) {
        if other.halved > self.halved {
            self.halved = other.halved;
            self.leave_out();
        }
        self.take(other.places, other.counts, C::add);
        self.halve();
    }

    /// The names with their counts: the most first, names with the same count by the alphabet.
    pub(super) fn listed(&self) -> Vec<(&[u8], &C)> {
        self.listed_where(|_| true)
    }

    /// The same, of those names for whose counts this holds.
    pub(super) fn listed_where(&self, holds: impl Fn(&C) -> bool) -> Vec<(&[u8], &C)> {
        let all = self
            .places
            .iter()
            .filter_map(|(name, place)| Some((&**name, self.counts.get(*place)?)));
        let mut listed: Vec<_> = all.filter(|(_, count)| holds(count)).collect();
        listed.sort_unstable_by_key(|(name, count)| (Reverse(count.weight()), *name));
        listed
    }

    /// The counts, in no particular order.
    pub(super) fn counts(&self) -> impl Iterator<Item = &C> {
        self.counts.iter()
    }

    /// How many names are kept.
    pub(super) fn len(&self) -> usize {
        self.places.len()
    }

    /// About how many names there were; as many as are kept, unless some were left out.
    pub(super) fn about(&self) -> u64 {
        (self.places.len() as u64).checked_shl(self.halved).unwrap_or(u64::MAX)
    }

    /// How many names are kept, and about how many there were; `None` where none was left out.
    pub(super) fn limit(&self) -> Option<(usize, u64)> {
        (self.halved > 0).then(|| (self.len(), self.about()))
    }
}

/// By which names are left out: the same for a name in any run.
fn rank(name: &[u8]) -> u64 {
    let mut hasher = FixedState::default().build_hasher();
    hasher.write(name);
    hasher.finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn counted(names: impl Iterator<Item = u32>, most: usize) -> Kept<u64> {
        let mut kept = Kept::new(most);
        for name in names {
            if let Some(count) = kept.of(name.to_string().as_bytes(), || 0) {
                *count += 1;
            }
        }
        kept
    }

    fn shown(kept: &Kept<u64>) -> Vec<(Vec<u8>, u64)> {
        kept.listed().into_iter().map(|(name, count)| (name.to_vec(), *count)).collect()
    }

    #[test]
    fn any_split_gives_the_same() {
        // Each name comes twice, in the same order and in the opposite one.
        let names = || (0..1000).chain((0..1000).rev());
        for most in [1, 7, 100, 999, 1000, 5000] {
            let whole = counted(names(), most);
            assert!(whole.len() <= most);
            assert!(whole.listed().iter().all(|(_, count)| **count == 2), "counts are exact");
            assert_eq!(whole.limit().is_some(), most < 1000);
            for parts in [2, 3, 17] {
                let mut added = Kept::new(most);
                for part in (0..parts).rev() {
                    let step = usize::try_from(parts).unwrap();
                    added.add(counted(
                        names().skip(usize::try_from(part).unwrap()).step_by(step),
                        most,
                    ));
                }
                assert_eq!(shown(&added), shown(&whole), "{most} in {parts} parts");
            }
        }
    }

    #[test]
    fn says_about_how_many_there_were() {
        let kept = counted(0..100_000, 5000);
        assert!((80_000..120_000).contains(&kept.about()), "{}", kept.about());
        assert_eq!(counted(0..10, 5000).about(), 10);
    }
}
