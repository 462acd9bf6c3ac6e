//! What is counted of sessions that have something in common: a peer, a domain, an hour, a rule.

use std::{collections::BTreeMap, sync::Arc};

use super::{GroupRow, Place, kept::Count};
use crate::{
    session::{Outcome, Session},
    transcript::Moment,
};

/// Where something stands, to be ordered by.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct At {
    pub(super) source: Arc<str>,
    pub(super) line: u64,
}

impl At {
    pub(super) fn shown(&self) -> Place {
        Place { source: self.source.to_string(), line: self.line }
    }
}

/// When something was seen first and last, in microseconds. Times with a year say more than times without one:
/// where there are any, only these count.
#[derive(Debug, Clone, Copy)]
pub(super) struct When {
    first: i64,
    last: i64,
    dated: bool,
}

impl Default for When {
    fn default() -> Self {
        Self { first: i64::MAX, last: i64::MIN, dated: false }
    }
}

impl When {
    pub(super) fn see(&mut self, moment: Option<Moment>) {
        if let Some(Moment { micros, dated, .. }) = moment {
            self.add(Self { first: micros, last: micros, dated });
        }
    }

    pub(super) fn add(&mut self, other: Self) {
        if self.dated == other.dated {
            self.first = self.first.min(other.first);
            self.last = self.last.max(other.last);
        } else if other.dated {
            *self = other;
        }
    }

    /// The first time and the last one, as far as days are known.
    pub(super) fn of_days(self, clock: Clock) -> [Option<String>; 2] {
        if self.dated || !clock.is_of_day() { self.shown(clock) } else { [None, None] }
    }

    /// The first time and the last one, as far as any is known.
    pub(super) fn shown(self, clock: Clock) -> [Option<String>; 2] {
        if self.first > self.last {
            return [None, None];
        }
        [self.first, self.last].map(|micros| clock.time(micros, self.dated))
    }
}

/// What a session adds to each of the groups that it belongs to.
#[derive(Debug, Clone, Copy)]
pub(super) struct Share {
    /// The number of the session within this tally, so that it counts once in each group.
    pub(super) number: u64,
    pub(super) outcome: Outcome,
    pub(super) started: Option<Moment>,
    pub(super) accepted: u64,
    pub(super) refused: u64,
    pub(super) errors: bool,
}

/// The sessions of a group.
#[derive(Debug, Clone, Default)]
pub(super) struct Group {
    /// The session that counted last.
    last: u64,
    pub(super) sessions: u64,
    outcomes: [u64; Outcome::ALL.len()],
    accepted: u64,
    refused: u64,
    errors: u64,
    when: When,
}

impl Group {
    /// Counts a session with all its recipients.
    pub(super) fn see(&mut self, share: &Share) {
        if self.begin(share) {
            self.accepted += share.accepted;
            self.refused += share.refused;
        }
    }

    /// Counts one recipient, and the session where it has not counted yet.
    pub(super) fn see_recipient(&mut self, share: &Share, accepted: bool) {
        self.begin(share);
        if accepted {
            self.accepted += 1;
        } else {
            self.refused += 1;
        }
    }

    /// Counts a session; whether it had not counted yet.
    fn begin(&mut self, share: &Share) -> bool {
        if std::mem::replace(&mut self.last, share.number) == share.number {
            return false;
        }
        self.sessions += 1;
        if let Some(count) = self.outcomes.get_mut(share.outcome as usize) {
            *count += 1;
        }
        self.errors += u64::from(share.errors);
        self.when.see(share.started);
        true
    }

    /// Sessions by outcome; those that never happened are left out.
    pub(super) fn outcomes(&self) -> BTreeMap<String, u64> {
        Outcome::ALL
            .iter()
            .zip(self.outcomes)
            .filter(|(_, count)| *count > 0)
            .map(|(outcome, count)| (outcome.name().to_owned(), count))
            .collect()
    }

    /// The group under a name.
    pub(super) fn row(&self, name: String, clock: Clock) -> GroupRow {
        let [first, last] = self.when.shown(clock);
        GroupRow {
            name,
            sessions: self.sessions,
            outcomes: self.outcomes(),
            recipients_accepted: self.accepted,
            recipients_refused: self.refused,
            sessions_with_errors: self.errors,
            first,
            last,
            software: None,
        }
    }
}

impl Count for Group {
    fn add(&mut self, other: Self) {
        self.sessions += other.sessions;
        for (own, other) in self.outcomes.iter_mut().zip(other.outcomes) {
            *own += other;
        }
        self.accepted += other.accepted;
        self.refused += other.refused;
        self.errors += other.errors;
        self.when.add(other.when);
        // Numbers of sessions are another tally's own.
        self.last = 0;
    }

    fn weight(&self) -> u64 {
        self.sessions
    }
}

/// A server: its sessions, and what it runs, as its first session tells in which HELO was accepted.
#[derive(Debug, Clone, Default)]
pub(super) struct Server {
    pub(super) group: Group,
    pub(super) told: Option<(At, Option<String>)>,
}

impl Server {
    /// Whether a session that stands there comes before the one that told what the server runs.
    pub(super) fn tells(&self, source: &Arc<str>, line: u64) -> bool {
        self.told.as_ref().is_none_or(|(at, _)| (source, line) < (&at.source, at.line))
    }

    /// What it runs, where that is known.
    pub(super) fn software(&self) -> Option<&str> {
        self.told.as_ref()?.1.as_deref()
    }

    /// Takes note of what it runs.
    pub(super) fn runs(&mut self, session: &Session<'_>, at: At) {
        let software = crate::fingerprint::software(session).map(|software| software.to_string());
        self.told = Some((at, software));
    }
}

impl Count for Server {
    fn add(&mut self, other: Self) {
        self.group.add(other.group);
        let Some((at, software)) = other.told else { return };
        if self.tells(&at.source, at.line) {
            self.told = Some((at, software));
        }
    }

    fn weight(&self) -> u64 {
        self.group.sessions
    }
}

/// Whose clock the times are told by, and how exactly.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Clock {
    /// Some times say how far they are from UTC, and are told in UTC.
    zoned: bool,
    /// Some do not.
    local: bool,
    /// Some times have a day, but no year.
    yearless: bool,
}

const DAY: i64 = 86_400_000_000;

impl Clock {
    pub(super) fn see(&mut self, moment: Moment) {
        self.zoned |= moment.dated && moment.zoned;
        self.local |= moment.dated && !moment.zoned;
        self.yearless |= is_yearless(moment);
    }

    pub(super) fn add(&mut self, other: Self) {
        self.zoned |= other.zoned;
        self.local |= other.local;
        self.yearless |= other.yearless;
    }

    /// Whether times without a year have no day either.
    pub(super) const fn is_of_day(self) -> bool {
        !self.yearless
    }

    /// ISO 8601, to the millisecond, without what the record does not tell: `2026-11-23T10:13:45.123Z`,
    /// `11-23T10:13:45`, `10:13:45`. With `Z` where all times are known to be UTC.
    pub(super) fn time(self, micros: i64, dated: bool) -> Option<String> {
        let timestamp = jiff::Timestamp::from_millisecond(micros.div_euclid(1000)).ok()?;
        let text = timestamp.to_string();
        if dated && self.zoned && !self.local {
            return Some(text);
        }
        let text = text.trim_end_matches('Z');
        let told = match (dated, self.yearless) {
            (true, _) => text,
            (false, true) => text.split_once('-')?.1,
            (false, false) => text.split_once('T')?.1,
        };
        Some(told.to_owned())
    }
}

/// Whether a time has a day, but no year. On the first of January that cannot be told from a time without a
/// day.
pub(super) const fn is_yearless(moment: Moment) -> bool {
    !moment.dated && moment.micros >= DAY
}
