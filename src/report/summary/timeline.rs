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
const DAY: i64 = 24 * HOUR;

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
#[derive(Debug)]
pub(super) struct Timeline {
    /// How many hours a stretch has.
    hours: i64,
    stretches: BTreeMap<i64, Stretch>,
    /// Where the record has times but no days.
    of_day: BTreeMap<i64, Group>,
}

impl Default for Timeline {
    fn default() -> Self {
        Self { hours: 1, stretches: BTreeMap::new(), of_day: BTreeMap::new() }
    }
}

impl Timeline {
    /// Counts a session that lasted from its start to `ended`.
    pub(super) fn see(&mut self, share: &Share, ended: Option<Moment>) {
        let Some(started) = share.started else { return };
        if !started.dated {
            let hour = started.micros.rem_euclid(DAY) / HOUR;
            self.of_day.entry(hour).or_default().see(share);
            return;
        }
        let begin = started.micros.div_euclid(HOUR);
        let place = begin.div_euclid(self.hours);
        self.stretches.entry(place).or_default().group.see(share);
        if self.hours == 1 {
            let end = ended.filter(|end| end.dated).map_or(started.micros, |end| end.micros);
            let (first, last) = (started.micros.div_euclid(MINUTE), end.div_euclid(MINUTE));
            for hour in begin..=end.div_euclid(HOUR).min(begin + LONGEST) {
                let from = first.max(hour * 60) - hour * 60;
                let to = last.min(hour * 60 + 59) - hour * 60;
                if (0..60).contains(&from) && from <= to {
                    let minutes = (u64::MAX >> (63 - (to - from))) << from;
                    self.stretches.entry(hour).or_default().minutes |= minutes;
                }
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

    /// Adds what was counted elsewhere.
    pub(super) fn add(&mut self, mut other: Self) {
        let hours = self.hours.max(other.hours);
        for timeline in [&mut *self, &mut other] {
            if timeline.hours < hours {
                timeline.set_hours(hours);
            }
        }
        for (place, stretch) in other.stretches {
            let own = self.stretches.entry(place).or_default();
            own.group.add(stretch.group);
            own.minutes |= stretch.minutes;
        }
        for (hour, group) in other.of_day {
            self.of_day.entry(hour).or_default().add(group);
        }
        self.widen();
    }

    /// How many hours a row of [`Timeline::rows`] stands for.
    pub(super) const fn hours(&self) -> i64 {
        self.hours
    }

    /// Whether no day is known, and rows are hours of the day.
    pub(super) fn is_of_day(&self) -> bool {
        self.stretches.is_empty() && !self.of_day.is_empty()
    }

    /// Each stretch with its sessions, in order; where no day is known, each hour of the day.
    pub(super) fn rows(&self, clock: Clock) -> Vec<GroupRow> {
        if self.stretches.is_empty() {
            let rows = self.of_day.iter();
            return rows.map(|(hour, group)| group.row(format!("{hour:02}:00"), clock)).collect();
        }
        self.stretches
            .iter()
            .filter(|(_, stretch)| stretch.group.sessions > 0)
            .filter_map(|(place, stretch)| {
                let micros = place.checked_mul(self.hours)?.checked_mul(HOUR)?;
                Some(stretch.group.row(clock.time(micros)?, clock))
            })
            .collect()
    }

    /// The longest times without a session, where they are long for this record.
    pub(super) fn gaps(&self, clock: Clock) -> Vec<Gap> {
        let busy = || {
            self.stretches.iter().flat_map(|(hour, stretch)| {
                let minutes = stretch.minutes;
                (0..60).filter(move |minute| minutes >> minute & 1 == 1).map(move |m| hour * 60 + m)
            })
        };
        let (Some(first), Some(last)) = (busy().next(), busy().last()) else {
            return Vec::new();
        };
        let count = i64::try_from(busy().count()).unwrap_or(i64::MAX);
        let usual = (last - first) / count.max(1);
        let least = SHORTEST_GAP.max(usual.saturating_mul(UNUSUAL));
        let mut found: Vec<(i64, i64)> = busy()
            .zip(busy().skip(1))
            .map(|(before, after)| (after - before - 1, before + 1))
            .filter(|(length, _)| *length >= least)
            .collect();
        found.sort_unstable_by_key(|(length, begin)| (-length, *begin));
        found
            .into_iter()
            .take(GAPS)
            .filter_map(|(length, begin)| {
                Some(Gap {
                    from: clock.time(begin * MINUTE)?,
                    to: clock.time((begin + length) * MINUTE)?,
                    minutes: length.unsigned_abs(),
                })
            })
            .collect()
    }
}
