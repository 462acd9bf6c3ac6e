//! How long things took, where the record has times.

use crate::{
    protocol::{
        limits::{self, NEXT_COMMAND},
        replies::Phase,
        verbs::VerbId,
    },
    session::{Exchange, Kind, Session},
    transcript::{Fact, Label, Moment, Turn},
};

/// Microseconds of a second.
pub(super) const SECOND: i64 = 1_000_000;

/// From one moment to a later one, in microseconds; `None` where the clocks cannot be compared, and where
/// it ran backwards.
pub(super) fn between(earlier: Moment, later: Moment) -> Option<i64> {
    let comparable = earlier.dated == later.dated && earlier.zoned == later.zoned;
    let span = later.micros.checked_sub(earlier.micros)?;
    (comparable && span >= 0).then_some(span)
}

/// How long a client has to wait for a reply before it may give up, in microseconds, and the clause.
pub(super) fn limit(exchange: &Exchange<'_>) -> (i64, &'static str) {
    let (verb, phase) = match exchange.kind {
        Kind::Greeting => (VerbId::Connect, Phase::Command),
        Kind::Message => (VerbId::Data, Phase::Data),
        _ => (exchange.id().unwrap_or(VerbId::Other), Phase::Command),
    };
    let phase = if verb == VerbId::Bdat { Phase::Data } else { phase };
    // For commands without a row of their own, what a server grants its client is the measure.
    let row = limits::wait_for(verb, phase);
    let wait = row.map_or(NEXT_COMMAND, |row| row.wait);
    let clause = row.map_or(limits::NEXT_COMMAND_CLAUSE, |row| row.clause);
    (i64::try_from(wait.as_micros()).unwrap_or(i64::MAX), clause)
}

/// From the connection to the greeting, in microseconds.
pub(super) fn greeting_delay(session: &Session<'_>) -> Option<i64> {
    let greeting = session.exchanges.iter().find(|exchange| exchange.kind == Kind::Greeting)?;
    let first = greeting.reply.as_ref()?.turns.start;
    let greeted = session.turn(first)?.at?;
    let connected = session
        .transcript
        .facts
        .iter()
        .filter(|(place, fact)| {
            *place < first
                && matches!(fact, Fact::Opening | Fact::Opened | Fact::ServerAddress { .. })
        })
        .filter_map(|(place, _)| session.turn(*place)?.at)
        .next_back()?;
    between(connected, greeted)
}

/// The lines of the dialogue that have a time.
pub(super) fn timed<'t>(
    session: &Session<'t>,
) -> impl Iterator<Item = (&'t Turn, Moment)> + use<'t> {
    let turns = &session.transcript.turns;
    turns
        .iter()
        .filter(|turn| !matches!(turn.label, Label::Prose | Label::Remark))
        .filter_map(|turn| turn.at.map(|at| (turn, at)))
}

/// A time span for a person: `850 ms`, `12 s`, `4 min 10 s`, `2 h 5 min`.
pub(super) fn span(micros: i64) -> String {
    let seconds = micros / SECOND;
    match seconds {
        0..1 => format!("{} ms", micros / 1000),
        1..10 => format!("{}.{} s", seconds, micros % SECOND / 100_000),
        10..120 => format!("{seconds} s"),
        120..3600 => format!("{} min {} s", seconds / 60, seconds % 60),
        _ => format!("{} h {} min", seconds / 3600, seconds % 3600 / 60),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_for_people() {
        for (micros, want) in [
            (850_000, "850 ms"),
            (2_340_000, "2.3 s"),
            (12 * SECOND, "12 s"),
            (250 * SECOND, "4 min 10 s"),
            (7500 * SECOND, "2 h 5 min"),
        ] {
            assert_eq!(span(micros), want);
        }
    }

    #[test]
    fn clocks_that_can_be_compared() {
        let at = |micros, dated| Moment { micros, dated, zoned: false };
        assert_eq!(between(at(1, true), at(3, true)), Some(2));
        assert_eq!(between(at(3, true), at(1, true)), None);
        assert_eq!(between(at(1, true), at(3, false)), None);
    }
}
