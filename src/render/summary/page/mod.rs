//! The summary as a page: sections with a title, tables and lists, still without any form.

use crate::{
    render::quantity::{bar, counted, latency, number, share, size},
    report::summary::{CommandRow, Limit, Listed, OUTCOMES, SummaryReport, Totals},
};

mod failures;
mod groups;
mod hours;
mod words;

use failures::{failures, messages};
use groups::{grouped, groups};
use hours::hours;
use words::{short_place, span, time};

/// How many columns the longest bar takes.
const BAR: u64 = 30;

/// The page.
pub(super) struct Page {
    /// What it is about, in one line.
    pub(super) title: String,
    /// Further lines about the whole.
    pub(super) facts: Vec<String>,
    pub(super) sections: Vec<Section>,
}

/// A part of the page.
#[derive(Default)]
pub(super) struct Section {
    pub(super) title: String,
    pub(super) table: Option<Table>,
    pub(super) items: Vec<Item>,
    /// Sentences that stand behind.
    pub(super) notes: Vec<String>,
}

/// A table.
pub(super) struct Table {
    pub(super) columns: Vec<Column>,
    pub(super) rows: Vec<Vec<String>>,
}

/// The column of the last time.
pub(super) const LAST: &str = "last";

/// A column of a table.
pub(super) struct Column {
    pub(super) name: &'static str,
    pub(super) kind: Cells,
}

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Cells {
    /// Words of the program.
    Words,
    /// Text from the input.
    Text,
    /// Numbers, which stand at the right.
    Numbers,
    /// A picture made of blocks.
    Picture,
}

/// An entry of a list.
pub(super) struct Item {
    pub(super) count: String,
    /// A name of the program, such as a rule's.
    pub(super) name: Option<String>,
    /// A sentence of the program, or text from the input where there is no name.
    pub(super) text: String,
    /// When and where.
    pub(super) about: String,
    /// Each with a count and text from the input.
    pub(super) lines: Vec<(String, String)>,
}

/// The page of a summary.
pub(super) fn of(summary: &SummaryReport) -> Page {
    let totals = &summary.totals;
    let mut sections = Vec::new();
    if let Some(groups) = &summary.groups {
        sections.push(grouped(groups));
    } else if totals.sessions > 0 {
        sections.extend([
            outcomes(totals),
            failures(summary),
            rules(summary),
            commands(&summary.commands),
            hours(&summary.hours, &summary.gaps_in_words()),
            security(summary),
            groups("Clients", "client", &summary.clients, false),
            groups("Names that clients gave", "HELO", &summary.hellos, false),
            groups("Servers", "server", &summary.servers, true),
            groups("Server software", "software", &summary.software, false),
            groups("Connectors", "connector", &summary.connectors, false),
            groups("Recipients by domain", "domain", &summary.domains, false),
            messages(&summary.messages),
        ]);
    }
    sections.push(Section {
        title: "Limits".to_owned(),
        notes: summary.limits.iter().map(limit).collect(),
        ..Section::default()
    });
    sections.retain(|section| !section.is_empty());
    Page { title: title(totals), facts: facts(summary), sections }
}

fn limit(limit: &Limit) -> String {
    format!(
        "Of about {} {} {} are kept, chosen by chance and counted exactly; totals hold all.",
        number(limit.about),
        limit.what,
        number(limit.kept)
    )
}

impl Section {
    fn is_empty(&self) -> bool {
        self.table.as_ref().is_none_or(|table| table.rows.is_empty())
            && self.items.is_empty()
            && self.notes.is_empty()
    }
}

fn title(totals: &Totals) -> String {
    let what =
        format!("{} in {}", counted(totals.sessions, "session"), counted(totals.sources, "source"));
    match span(totals.started.as_deref(), totals.ended.as_deref()) {
        Some(span) => format!("{what}, {span}"),
        None => what,
    }
}

fn facts(summary: &SummaryReport) -> Vec<String> {
    let (totals, scope) = (&summary.totals, &summary.scope);
    let replies = match totals.replies {
        1 => "1 reply".to_owned(),
        many => format!("{} replies", number(many)),
    };
    let mut facts = vec![format!(
        "{}, {} · {}, {replies} · {} and {} of {} taken",
        size(totals.octets),
        counted(totals.lines, "line"),
        counted(totals.commands, "command"),
        counted(totals.messages, "message"),
        number(totals.recipients_accepted),
        counted(totals.recipients_accepted + totals.recipients_refused, "recipient"),
    )];
    let mut asked = Vec::new();
    asked.extend(scope.since.as_ref().map(|since| format!("from {}", time(since))));
    asked.extend(scope.until.as_ref().map(|until| format!("before {}", time(until))));
    asked.extend(scope.condition.as_ref().map(|condition| format!("where {condition}")));
    if !asked.is_empty() {
        let left_out = [
            (scope.left_out_by_time, "by their time"),
            (scope.left_out_without_time, "because the record does not date them"),
            (scope.left_out_by_condition, "by the condition"),
        ];
        let left_out: Vec<String> = left_out
            .into_iter()
            .filter(|(count, _)| *count > 0)
            .map(|(count, why)| format!("{} {why}", number(count)))
            .collect();
        let left_out = match left_out.as_slice() {
            [] => String::new(),
            some => format!("; left out: {}", some.join(", ")),
        };
        facts.push(format!("Only sessions {}{left_out}", asked.join(" and ")));
    }
    if totals.problems > 0 {
        facts.push(format!(
            "{} could not be read, or not whole",
            counted(totals.problems, "source")
        ));
    }
    facts
}

fn columns(columns: &[(&'static str, Cells)]) -> Vec<Column> {
    columns.iter().map(|(name, kind)| Column { name, kind: *kind }).collect()
}

fn outcomes(totals: &Totals) -> Section {
    let most = totals.outcomes.values().copied().max().unwrap_or(0);
    let rows = OUTCOMES
        .iter()
        .filter_map(|outcome| Some((*outcome, *totals.outcomes.get(*outcome)?)))
        .map(|(outcome, count)| {
            vec![
                outcome.to_owned(),
                number(count),
                share(count, totals.sessions),
                bar(count, most, BAR),
            ]
        });
    let unused = (totals.unused > 0).then(|| {
        format!(
            "{} ({}) opened and never used: the client connected, greeted at most, and went.",
            counted(totals.unused, "session"),
            share(totals.unused, totals.sessions)
        )
    });
    Section {
        title: "Outcomes".to_owned(),
        table: Some(Table {
            columns: columns(&[
                ("outcome", Cells::Words),
                ("sessions", Cells::Numbers),
                ("share", Cells::Numbers),
                ("", Cells::Picture),
            ]),
            rows: rows.collect(),
        }),
        notes: unused.into_iter().collect(),
        ..Section::default()
    }
}

fn rules(summary: &SummaryReport) -> Section {
    let findings = &summary.totals.findings;
    let counts: Vec<String> = ["error", "warning", "note"]
        .into_iter()
        .filter_map(|severity| Some((severity, *findings.get(severity)?)))
        .filter(|(_, count)| *count > 0)
        .map(|(severity, count)| counted(count, severity))
        .collect();
    Section {
        title: format!("Findings: {}", counts.join(", ")),
        table: Some(Table {
            columns: columns(&[
                ("severity", Cells::Words),
                ("rule", Cells::Words),
                ("findings", Cells::Numbers),
                ("sessions", Cells::Numbers),
                ("first at", Cells::Text),
            ]),
            rows: summary
                .rules
                .rows
                .iter()
                .map(|row| {
                    vec![
                        row.severity.clone(),
                        row.rule.clone(),
                        number(row.findings),
                        // What several sessions show together is found in none of them.
                        Some(number(row.sessions)).filter(|_| row.sessions > 0).unwrap_or_default(),
                        short_place(&row.example),
                    ]
                })
                .collect(),
        }),
        notes: more(&summary.rules, "rule"),
        ..Section::default()
    }
}

fn commands(listed: &Listed<CommandRow>) -> Section {
    let timed = listed.rows.iter().any(|row| row.latency.is_some());
    let mut names = vec![
        ("command", Cells::Text),
        ("sent", Cells::Numbers),
        ("2yz", Cells::Numbers),
        ("3yz", Cells::Numbers),
        ("4yz", Cells::Numbers),
        ("5yz", Cells::Numbers),
        ("none", Cells::Numbers),
    ];
    if timed {
        names.extend(["p50", "p90", "p99", "longest"].map(|name| (name, Cells::Numbers)));
    }
    let rows = listed.rows.iter().map(|row| {
        let replies = [row.sent, row.accepted, row.more, row.deferred, row.refused, row.unanswered];
        let mut cells = vec![row.verb.clone()];
        cells.extend(replies.map(|count| if count == 0 { String::new() } else { number(count) }));
        if timed {
            let times = row.latency.as_ref().map(|it| [it.p50_ms, it.p90_ms, it.p99_ms, it.max_ms]);
            let times = times.map_or_else(Default::default, |times| times.map(latency));
            cells.extend(times);
        }
        cells
    });
    let mut notes = more(listed, "command");
    if timed && is_to_the_second(&listed.rows) {
        notes.push("The record's times are whole seconds, and so are these.".to_owned());
    }
    Section {
        title: if timed {
            "Commands, their replies, and how long these took"
        } else {
            "Commands and their replies"
        }
        .to_owned(),
        table: Some(Table { columns: columns(&names), rows: rows.collect() }),
        notes,
        ..Section::default()
    }
}

/// Whether something took time, and nothing a part of a second.
fn is_to_the_second(rows: &[CommandRow]) -> bool {
    let times = rows.iter().filter_map(|row| row.latency.as_ref());
    let times = times.flat_map(|it| [it.p50_ms, it.p90_ms, it.p99_ms, it.max_ms]);
    times.clone().any(|time| time > 0.0) && times.clone().all(|time| time % 1000.0 == 0.0)
}

fn security(summary: &SummaryReport) -> Section {
    let (tls, auth) = (&summary.tls, &summary.authentication);
    let all = tls.plain + tls.versions.values().sum::<u64>();
    let mut rows = Vec::new();
    let mut versions: Vec<(&String, &u64)> = tls.versions.iter().collect();
    versions.sort_by_key(|(name, count)| (std::cmp::Reverse(**count), *name));
    for (name, count) in versions {
        let name = if name == "unknown" { "TLS, version not told" } else { name };
        rows.push(vec![name.to_owned(), number(*count), share(*count, all)]);
    }
    if all > 0 {
        rows.push(vec!["plain text".to_owned(), number(tls.plain), share(tls.plain, all)]);
    }
    let mut notes = Vec::new();
    if tls.failed > 0 {
        notes.push(format!("The TLS handshake failed in {}.", counted(tls.failed, "session")));
    }
    if auth.sessions > 0 {
        let plain = match auth.sessions_without_tls {
            0 => "none of them in plain text".to_owned(),
            some => format!("{} of them in plain text", number(some)),
        };
        notes.push(format!("Authenticated: {}, {plain}.", counted(auth.sessions, "session")));
    }
    for row in &auth.mechanisms {
        let name = if row.name.is_empty() { "without a mechanism" } else { &row.name };
        notes.push(format!(
            "AUTH {name}: {}, {} succeeded, {} failed.",
            counted(row.attempts, "attempt"),
            number(row.succeeded),
            number(row.failed)
        ));
    }
    Section {
        title: "TLS and authentication".to_owned(),
        table: Some(Table {
            columns: columns(&[
                ("protection", Cells::Text),
                ("sessions", Cells::Numbers),
                ("share", Cells::Numbers),
            ]),
            rows,
        }),
        notes,
        ..Section::default()
    }
}

/// How many are not shown.
fn more<T>(listed: &Listed<T>, what: &str) -> Vec<String> {
    match listed.total.saturating_sub(listed.rows.len() as u64) {
        0 => Vec::new(),
        1 => vec![format!("1 more {what}; --top 0 shows all.")],
        rest => vec![format!("{} more {what}s; --top 0 shows all.", number(rest))],
    }
}
