//! Which sessions are counted, and by what.

use super::{Condition, group::is_yearless};
use crate::transcript::Moment;

/// By what sessions are grouped where one table is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum By {
    /// The other end of the connection: the server where the client made the record, else the client.
    Peer,
    /// The recipients' domain.
    Domain,
    /// What took the connection, as the recorder calls it.
    Connector,
    /// The hour in which the session began.
    Hour,
    /// The rules that found something.
    Rule,
}

impl By {
    /// All of them.
    pub const ALL: [Self; 5] = [Self::Peer, Self::Domain, Self::Connector, Self::Hour, Self::Rule];

    /// Its name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Peer => "peer",
            Self::Domain => "domain",
            Self::Connector => "connector",
            Self::Hour => "hour",
            Self::Rule => "rule",
        }
    }
}

/// Which sessions are counted, and by what.
#[derive(Debug, Clone, Default)]
pub struct Question {
    /// The one table that is asked for, instead of all.
    pub by: Option<By>,
    /// Only sessions that began then or later, in microseconds since 1970 by the recorder's clock.
    pub since: Option<i64>,
    /// Only sessions that began before, in the same.
    pub until: Option<i64>,
    /// Only sessions that meet this.
    pub condition: Option<Condition>,
}

impl Question {
    /// Whether a session that began then is asked for; `None` where it cannot be told.
    ///
    /// Where the record has no year, month, day and time are compared; from a time late in a year until one
    /// early in it is over the turn of the year.
    pub(super) fn is_in_time(&self, started: Option<Moment>) -> Option<bool> {
        let (since, until) = (self.since, self.until);
        if since.is_none() && until.is_none() {
            return Some(true);
        }
        let started = started.filter(|started| started.dated || is_yearless(*started))?;
        let within = |since: Option<i64>, until: Option<i64>| {
            let behind = since.is_none_or(|since| started.micros >= since);
            let before = until.is_none_or(|until| started.micros < until);
            match (since, until) {
                (Some(since), Some(until)) if since > until => behind || before,
                _ => behind && before,
            }
        };
        if started.dated {
            return Some(
                within(since, until) && since.zip(until).is_none_or(|(from, to)| from <= to),
            );
        }
        Some(within(since.and_then(in_no_year), until.and_then(in_no_year)))
    }
}

/// The same time of the year 1970, from which times without a year are counted.
fn in_no_year(micros: i64) -> Option<i64> {
    let time = jiff::Timestamp::from_microsecond(micros).ok()?.to_zoned(jiff::tz::TimeZone::UTC);
    let time = time.with().year(1970).build().ok()?;
    Some(time.timestamp().as_microsecond())
}
