//! How long replies took: counts in classes that grow with the time, so that percentiles cost a fixed memory.

/// How many classes each doubling of the time has: what is read off is at most 1.6 % away from the truth.
const PARTS: u64 = 32;
/// The longest time that is told apart, in microseconds: more than a day.
const LONGEST: u64 = (1 << 37) - 1;

/// How often replies took how long.
#[derive(Debug, Clone, Default)]
pub(super) struct Latencies {
    classes: Vec<u64>,
    count: u64,
    longest: u64,
}

impl Latencies {
    /// Counts one, in microseconds. Clocks that were set back give no time.
    pub(super) fn see(&mut self, micros: i64) {
        let Ok(micros) = u64::try_from(micros) else { return };
        let class = class(micros.min(LONGEST));
        if class >= self.classes.len() {
            self.classes.resize(class + 1, 0);
        }
        if let Some(count) = self.classes.get_mut(class) {
            *count += 1;
        }
        self.count += 1;
        self.longest = self.longest.max(micros);
    }

    /// Adds what was counted elsewhere.
    pub(super) fn add(&mut self, other: &Self) {
        if other.classes.len() > self.classes.len() {
            self.classes.resize(other.classes.len(), 0);
        }
        for (own, other) in self.classes.iter_mut().zip(&other.classes) {
            *own += other;
        }
        self.count += other.count;
        self.longest = self.longest.max(other.longest);
    }

    /// How many were counted.
    pub(super) const fn count(&self) -> u64 {
        self.count
    }

    /// The longest, in microseconds.
    pub(super) const fn longest(&self) -> u64 {
        self.longest
    }

    /// The time that so many in a hundred did not exceed, in microseconds.
    pub(super) fn percentile(&self, percent: u64) -> u64 {
        let due = (self.count * percent).div_ceil(100).max(1);
        let mut seen = 0;
        for (class, count) in self.classes.iter().enumerate() {
            seen += count;
            if seen >= due {
                return middle(class as u64).min(self.longest);
            }
        }
        self.longest
    }
}

/// Up to 64 microseconds each has a class of its own; from there on each doubling has [`PARTS`].
fn class(micros: u64) -> usize {
    let shift = micros.checked_ilog2().map_or(0, |log| log.saturating_sub(PARTS.ilog2()));
    let class = u64::from(shift) * PARTS + (micros >> shift);
    usize::try_from(class).unwrap_or(usize::MAX)
}

/// The time in the middle of a class.
const fn middle(class: u64) -> u64 {
    if class < 2 * PARTS {
        return class;
    }
    let shift = class / PARTS - 1;
    let begin = (class % PARTS + PARTS) << shift;
    begin + (1 << shift) / 2
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn classes_follow_one_another_without_gaps() {
        for micros in 1..5000 {
            assert!(class(micros) - class(micros - 1) <= 1, "{micros}");
        }
        for micros in (0..5000).chain((0..37).map(|power| 1_u64 << power)) {
            let middle = middle(class(micros) as u64);
            assert!(middle.abs_diff(micros) * 60 <= micros, "{micros} is shown as {middle}");
        }
        assert!(class(LONGEST) < 1200);
    }

    #[test]
    fn percentiles() {
        let mut latencies = Latencies::default();
        assert_eq!(latencies.percentile(50), 0);
        (1..=100).for_each(|number| latencies.see(number * 1000));
        latencies.see(-5);
        assert_eq!(latencies.count(), 100);
        for (percent, expected) in [(50, 50_000), (90, 90_000), (99, 99_000), (100, 100_000)] {
            let found = latencies.percentile(percent);
            assert!(found.abs_diff(expected) <= expected / 50, "p{percent} is {found}");
        }
        let mut other = Latencies::default();
        other.see(i64::MAX);
        other.add(&latencies);
        assert_eq!((other.count(), other.longest()), (101, i64::MAX.unsigned_abs()));
        assert_eq!(other.percentile(50), latencies.percentile(51));
    }
}
