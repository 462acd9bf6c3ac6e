//! Sessions by time: a row a stretch, or a row a day.

use std::collections::BTreeMap;

use super::{
    BAR, Cells, Section, Table, columns,
    words::{minute, range},
};
use crate::{
    render::quantity::{bar, column, duration, number, share},
    report::summary::{GroupRow, Hours, SummaryReport},
};

/// So many stretches of time are a row each; more are a row a day.
const MOST_STRETCHES: usize = 24;

/// So many days are shown.
const MOST_DAYS: usize = 62;

pub(super) fn hours(hours: &Hours, gaps: &[String]) -> Section {
    let by_day = hours.rows.len() > MOST_STRETCHES && !hours.of_day && hours.hours == 1;
    let table = if by_day { days(&hours.rows) } else { stretches(hours) };
    let title = match (hours.of_day, by_day) {
        (true, _) => "By hour of the day",
        (_, true) => "By hour, a line a day",
        _ if hours.hours > 1 => "By time",
        _ => "By hour",
    };
    let mut notes = gaps.to_vec();
    if by_day && table.rows.len() == MOST_DAYS {
        notes.push(format!("Only the last {MOST_DAYS} days are shown; --by hour shows all."));
    }
    Section { title: title.to_owned(), table: Some(table), notes, ..Section::default() }
}

/// A row for each stretch of time.
fn stretches(hours: &Hours) -> Table {
    let most = hours.rows.iter().map(|row| row.sessions).max().unwrap_or(0);
    let shown = hours.rows.len().saturating_sub(MOST_DAYS);
    let rows = hours.rows.iter().skip(shown).map(|row| {
        vec![
            minute(&row.name),
            number(row.sessions),
            share(refused(&row.outcomes), row.sessions),
            bar(row.sessions, most, BAR),
        ]
    });
    Table {
        columns: columns(&[
            ("from", Cells::Words),
            ("sessions", Cells::Numbers),
            ("refused", Cells::Numbers),
            ("", Cells::Picture),
        ]),
        rows: rows.collect(),
    }
}

/// A row for each day, with a column for each hour.
fn days(rows: &[GroupRow]) -> Table {
    let most = rows.iter().map(|row| row.sessions).max().unwrap_or(0);
    let mut days: BTreeMap<&str, ([u64; 24], u64, u64)> = BTreeMap::new();
    for row in rows {
        let Some((day, clock)) = row.name.split_once('T') else { continue };
        let hour: usize = clock.get(..2).and_then(|hour| hour.parse().ok()).unwrap_or(0);
        let (hours, sessions, refusals) = days.entry(day).or_default();
        if let Some(count) = hours.get_mut(hour) {
            *count += row.sessions;
        }
        *sessions += row.sessions;
        *refusals += refused(&row.outcomes);
    }
    let shown = days.len().saturating_sub(MOST_DAYS);
    let rows = days.iter().skip(shown).map(|(day, (hours, sessions, refusals))| {
        vec![
            (*day).to_owned(),
            number(*sessions),
            share(*refusals, *sessions),
            hours.iter().map(|count| column(*count, most)).collect(),
        ]
    });
    Table {
        columns: columns(&[
            ("day", Cells::Words),
            ("sessions", Cells::Numbers),
            ("refused", Cells::Numbers),
            ("0     6     12    18    ", Cells::Picture),
        ]),
        rows: rows.collect(),
    }
}

fn refused(outcomes: &BTreeMap<String, u64>) -> u64 {
    let of = |name: &str| outcomes.get(name).copied().unwrap_or(0);
    of("rejected") + of("deferred")
}

impl SummaryReport {
    /// The gaps, in a sentence each.
    pub(super) fn gaps_in_words(&self) -> Vec<String> {
        self.gaps
            .iter()
            .map(|gap| {
                let long = duration(gap.minutes * 60);
                format!("Nothing for {long}: {}.", range(&gap.from, &gap.to))
            })
            .collect()
    }
}
