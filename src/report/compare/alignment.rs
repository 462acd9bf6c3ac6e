//! The exchanges of two sessions in pairs.

use crate::report::ExchangeReport;

/// How many exchanges of either side are skipped at most to find the next pair.
const AHEAD: usize = 8;

/// An exchange of both sessions, or of one of them.
pub(super) type Pair<'r> = (Option<&'r ExchangeReport>, Option<&'r ExchangeReport>);

/// The exchanges in pairs: each with the next of its kind, if that is near.
pub(super) fn pairs<'r>(
    mut good: &'r [ExchangeReport],
    mut bad: &'r [ExchangeReport],
) -> Vec<Pair<'r>> {
    let mut pairs = Vec::new();
    while let ([one, ..], [other, ..]) = (good, bad) {
        let near = |skipped: usize| {
            (0..=skipped).map(move |of_good| (of_good, skipped - of_good)).find(|(one, other)| {
                let (one, other) = (good.get(*one), bad.get(*other));
                one.zip(other).is_some_and(|(one, other)| is_alike(one, other))
            })
        };
        let Some((of_good, of_bad)) = (0..=AHEAD).find_map(near) else {
            // A greeting and a refused greeting are alike; two that are not stand for themselves.
            pairs.extend([(Some(one), None), (None, Some(other))]);
            (good, bad) = (rest(good, 1), rest(bad, 1));
            continue;
        };
        pairs.extend(good.iter().take(of_good).map(|one| (Some(one), None)));
        pairs.extend(bad.iter().take(of_bad).map(|other| (None, Some(other))));
        pairs.push((good.get(of_good), bad.get(of_bad)));
        (good, bad) = (rest(good, of_good + 1), rest(bad, of_bad + 1));
    }
    pairs.extend(good.iter().map(|one| (Some(one), None)));
    pairs.extend(bad.iter().map(|other| (None, Some(other))));
    pairs
}

fn rest(exchanges: &[ExchangeReport], from: usize) -> &[ExchangeReport] {
    exchanges.get(from..).unwrap_or_default()
}

fn is_alike(one: &ExchangeReport, other: &ExchangeReport) -> bool {
    let hello = |verb: &Option<String>| matches!(verb.as_deref(), Some("EHLO" | "HELO" | "LHLO"));
    one.kind == other.kind && (one.verb == other.verb || hello(&one.verb) && hello(&other.verb))
}
