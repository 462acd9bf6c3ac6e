//! Sessions by hour, and when nothing happened at all.

use std::collections::BTreeMap;

use super::{
    Gap, GroupRow,
    group::{Clock, Group, Share},
    kept::Count as _,
};
use crate::transcript::Moment;

const MINUTE: i64 = 60_000_000;
const HOUR: i64 = 60 * MINUTE;

/// How many hours are kept; a longer record is told by longer stretches.
const MOST: usize = 20_000;
/// A session counts as busy for so many hours at most.
const LONGEST: i64 = 48;
/// Fewer minutes without a sign of life are no gap.
const SHORTEST_GAP: i64 = 15;
/// Nor are fewer than so many times the usual distance between two busy minutes.
const UNUSUAL: i64 = 10;
/// How many gaps are named.
const GAPS: usize = 5;

/// One stretch of time.
#[derive(Debug, Default)]
struct Stretch {
    group: Group,
    /// A bit for each minute of an hour in which a session was open.
    minutes: u64,
}

/// Sessions by hour.
#[derive(Debug, Default)]
pub(super) struct Timeline {
    dated: Stretches,
    /// Where the record has no year: hours from the first of January, or from midnight.
    undated: Stretches,
}

#[derive(Debug)]
struct Stretches {
    /// How many hours a stretch has.
    hours: i64,
    stretches: BTreeMap<i64, Stretch>,
}

impl Default for Stretches {
    fn default() -> Self {
        Self { hours: 1, stretches: BTreeMap::new() }
    }
}

impl Timeline {
    /// Counts a session that lasted from its start to `ended`.
    pub(super) fn see(&mut self, share: &Share, ended: Option<Moment>) {
        let Some(started) = share.started else { return };
        let stretches = if started.dated { &mut self.dated } else { &mut self.undated };
        let ended = ended.filter(|ended| ended.dated == started.dated);
        stretches.see(share, started.micros, ended.map_or(started.micros, |ended| ended.micros));
    }

    /// Adds what was counted elsewhere.
    pub(super) fn add(&mut self, other: Self) {
        self.dated.add(other.dated);
        self.undated.add(other.undated);
    }

    /// Those that tell more, and whether they are dated.
    fn told(&self) -> (&Stretches, bool) {
        let dated = !self.dated.stretches.is_empty() || self.undated.stretches.is_empty();
        (if dated { &self.dated } else { &self.undated }, dated)
    }

    /// How many hours a row of [`Timeline::rows`] stands for.
    pub(super) fn hours(&self) -> i64 {
        self.told().0.hours
    }

    /// Whether no day is known, and rows are hours of the day.
    pub(super) fn is_of_day(&self, clock: Clock) -> bool {
        !self.told().1 && clock.is_of_day()
    }

    /// Each stretch with its sessions, in order.
    pub(super) fn rows(&self, clock: Clock) -> Vec<GroupRow> {
        let (Stretches { hours, stretches }, dated) = self.told();
        stretches
            .iter()
            .filter(|(_, stretch)| stretch.group.sessions > 0)
            .filter_map(|(place, stretch)| {
                let micros = place.checked_mul(*hours)?.checked_mul(HOUR)?;
                Some(stretch.group.row(clock.time(micros, dated)?, clock))
            })
            .collect()
    }

    /// The longest times without a session, where they are long for this record.
    pub(super) fn gaps(&self, clock: Clock) -> Vec<Gap> {
        let (stretches, dated) = self.told();
        let time = |minute: i64| clock.time(minute * MINUTE, dated);
        let gaps = stretches.gaps().into_iter().filter_map(|(begin, minutes)| {
            let (from, to) = (time(begin)?, time(begin + minutes)?);
            Some(Gap { from, to, minutes: minutes.unsigned_abs() })
        });
        gaps.collect()
    }
}

impl Stretches {
    fn see(&mut self, share: &Share, started: i64, ended: i64) {
        let begin = started.div_euclid(HOUR);
        let stretch = self.stretches.entry(begin.div_euclid(self.hours)).or_default();
        stretch.group.see(share);
        if self.hours == 1 {
            let (first, last) = (started.div_euclid(MINUTE), ended.div_euclid(MINUTE));
            stretch.minutes |= minutes(begin, first, last);
            for hour in begin + 1..=ended.div_euclid(HOUR).min(begin + LONGEST) {
                self.stretches.entry(hour).or_default().minutes |= minutes(hour, first, last);
            }
        }
        self.widen();
    }

    /// Makes the stretches longer until there are few enough: days, then 24 days, and so on.
    fn widen(&mut self) {
        while self.stretches.len() > MOST {
            self.set_hours(self.hours * 24);
        }
    }

    fn set_hours(&mut self, hours: i64) {
        let factor = hours / self.hours;
        self.hours = hours;
        for (place, stretch) in std::mem::take(&mut self.stretches) {
            let wide = self.stretches.entry(place.div_euclid(factor)).or_default();
            wide.group.add(stretch.group);
        }
    }

    fn add(&mut self, mut other: Self) {
        let hours = self.hours.max(other.hours);
        for stretches in [&mut *self, &mut other] {
            if stretches.hours < hours {
                stretches.set_hours(hours);
            }
        }
        for (place, stretch) in other.stretches {
            let own = self.stretches.entry(place).or_default();
            own.group.add(stretch.group);
            own.minutes |= stretch.minutes;
        }
        self.widen();
    }

    /// The longest times without a session: the minute in which each begins, and how many there are.
    fn gaps(&self) -> Vec<(i64, i64)> {
        let busy = || {
            self.stretches.iter().flat_map(|(hour, stretch)| {
                let minutes = stretch.minutes;
                (0..60).filter(move |minute| minutes >> minute & 1 == 1).map(move |m| hour * 60 + m)
            })
        };
        let (Some(first), Some(last)) = (busy().next(), busy().last()) else { return Vec::new() };
        let count = i64::try_from(busy().count()).unwrap_or(i64::MAX);
        let usual = (last - first) / count.max(1);
        let least = SHORTEST_GAP.max(usual.saturating_mul(UNUSUAL));
        let mut found: Vec<(i64, i64)> = busy()
            .zip(busy().skip(1))
            .map(|(before, after)| (before + 1, after - before - 1))
            .filter(|(_, length)| *length >= least)
            .collect();
        found.sort_unstable_by_key(|(begin, length)| (-length, *begin));
        found.truncate(GAPS);
        found
    }
}

/// A bit for each minute of an hour from the minute `first` to the minute `last`.
fn minutes(hour: i64, first: i64, last: i64) -> u64 {
    let from = first.max(hour * 60) - hour * 60;
    let to = last.min(hour * 60 + 59) - hour * 60;
    if (0..60).contains(&from) && from <= to { (u64::MAX >> (63 - (to - from))) << from } else { 0 }
}
