//! Times and places in words.

use crate::{render::quantity::duration, report::summary::Place};

/// How long the place of an example may be in a table.
const LONGEST_PLACE: usize = 40;

/// `2024-01-01 00:00:03 to 00:48:12 UTC (48 min)`
pub(super) fn span(first: Option<&str>, last: Option<&str>) -> Option<String> {
    let (first, last) = (first?, last?);
    // Where the record has no year or no day, any will do.
    let parsed = |text: &str| {
        let text = text.trim_end_matches('Z');
        ["", "1970-", "1970-01-01T"].iter().find_map(|day| format!("{day}{text}").parse().ok())
    };
    let long = parsed(first).zip(parsed(last)).and_then(
        |(first, last): (jiff::civil::DateTime, jiff::civil::DateTime)| {
            u64::try_from(last.duration_since(first).as_secs()).ok().map(duration)
        },
    );
    let long = long.map(|long| format!(" ({long})")).unwrap_or_default();
    let zone = if first.ends_with('Z') { " UTC" } else { "" };
    Some(format!("{}{zone}{long}", range(first, last)))
}

/// `2024-01-01 00:00:03 to 00:48:12`: the day once where it is the same.
pub(super) fn range(first: &str, last: &str) -> String {
    let (from, to) = (time(first), time(last));
    match (from.split_once(' '), to.split_once(' ')) {
        _ if from == to => from,
        (Some((day, _)), Some((same, clock))) if day == same => format!("{from} to {clock}"),
        _ => format!("{from} to {to}"),
    }
}

/// `2024-01-01 00:00:03`: no more than people compare. Whose clock it is stands in the title.
pub(super) fn time(iso: &str) -> String {
    let text = iso.trim_end_matches('Z').replace('T', " ");
    text.split('.').next().unwrap_or_default().to_owned()
}

/// The same without seconds.
pub(super) fn minute(iso: &str) -> String {
    let text = time(iso);
    match text.rsplit_once(':') {
        Some((minute, _)) if minute.contains(':') => minute.to_owned(),
        _ => text,
    }
}

pub(super) fn place(place: &Place) -> String {
    format!("{}:{}", place.source, place.line)
}

/// The end of a place, where it is too long for a table; if it can be, from a folder or a file on.
pub(super) fn short_place(at: &Place) -> String {
    let whole = place(at);
    let Some(cut) = whole.chars().count().checked_sub(LONGEST_PLACE).filter(|cut| *cut > 0) else {
        return whole;
    };
    let end: String = whole.chars().skip(cut + 1).collect();
    let name = end.find('/').and_then(|slash| end.get(slash..)).unwrap_or(&end);
    format!("…{name}")
}
