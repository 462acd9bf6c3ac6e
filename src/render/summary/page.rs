//! The summary as a page: sections with a title, tables and lists, still without any form.

use std::collections::BTreeMap;

use crate::{
    render::quantity::{bar, column, counted, duration, latency, number, share, size},
    report::summary::{
        CommandRow, Failure, GroupRow, Groups, Hours, Limit, Listed, OUTCOMES, Place,
        SummaryReport, Totals, Trail, Wording,
    },
};

/// How many columns the longest bar takes.
const BAR: u64 = 30;
/// So many stretches of time are a row each; more are a row a day.
const MOST_STRETCHES: usize = 24;
/// How long the place of an example may be in a table.
const LONGEST_PLACE: usize = 40;
/// So many days are shown.
const MOST_DAYS: usize = 62;

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

/// `2024-01-01 00:00:03 to 00:48:12 UTC (48 min)`
fn span(first: Option<&str>, last: Option<&str>) -> Option<String> {
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
fn range(first: &str, last: &str) -> String {
    let (from, to) = (time(first), time(last));
    match (from.split_once(' '), to.split_once(' ')) {
        _ if from == to => from,
        (Some((day, _)), Some((same, clock))) if day == same => format!("{from} to {clock}"),
        _ => format!("{from} to {to}"),
    }
}

/// `2024-01-01 00:00:03`: no more than people compare. Whose clock it is stands in the title.
fn time(iso: &str) -> String {
    let text = iso.trim_end_matches('Z').replace('T', " ");
    text.split('.').next().unwrap_or_default().to_owned()
}

/// The same without seconds.
fn minute(iso: &str) -> String {
    let text = time(iso);
    match text.rsplit_once(':') {
        Some((minute, _)) if minute.contains(':') => minute.to_owned(),
        _ => text,
    }
}

fn place(place: &Place) -> String {
    format!("{}:{}", place.source, place.line)
}

/// The end of a place, where it is too long for a table; if it can be, from a folder or a file on.
fn short_place(at: &Place) -> String {
    let whole = place(at);
    let Some(cut) = whole.chars().count().checked_sub(LONGEST_PLACE).filter(|cut| *cut > 0) else {
        return whole;
    };
    let end: String = whole.chars().skip(cut + 1).collect();
    let name = end.find('/').and_then(|slash| end.get(slash..)).unwrap_or(&end);
    format!("…{name}")
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

fn failures(summary: &SummaryReport) -> Section {
    let totals = &summary.totals;
    let mut what = Vec::new();
    if totals.refusals > 0 {
        what.push(match totals.refusals {
            1 => "1 refusal".to_owned(),
            many => format!("{} refusals", number(many)),
        });
    }
    if totals.lost > 0 {
        what.push(counted(totals.lost, "lost connection"));
    }
    let causes = counted(summary.failures.total, "cause");
    Section {
        title: format!("What failed: {}, {causes}", what.join(" and ")),
        items: summary.failures.rows.iter().map(failure).collect(),
        notes: more(&summary.failures, "cause"),
        ..Section::default()
    }
}

fn failure(failure: &Failure) -> Item {
    let one = match failure.replies.as_slice() {
        [one] if failure.rule.is_none() => Some(one),
        _ => None,
    };
    let mut about = Vec::new();
    if failure.sessions < failure.count {
        about.push(format!("in {}", counted(failure.sessions, "session")));
    }
    if let (Some(first), Some(last)) = (&failure.first, &failure.last) {
        about.push(range(first, last));
    }
    about.push(format!(
        "{} {}",
        if failure.count > 1 { "first at" } else { "at" },
        place(&failure.example)
    ));
    let mut lines: Vec<(String, String)> = Vec::new();
    if one.is_none() {
        let alone = failure.different_replies == 1;
        let count = |wording: &Wording| if alone { String::new() } else { number(wording.count) };
        let shown = failure.replies.iter().take(3);
        lines.extend(shown.map(|wording| (count(wording), said(wording))));
        let rest = failure.different_replies.saturating_sub(3);
        if rest > 0 {
            let replies = if rest == 1 { "reply" } else { "replies" };
            lines.push((String::new(), format!("and {} other {replies}", number(rest))));
        }
    }
    let text = match (&failure.about, one, &failure.text) {
        (Some(about), ..) => about.clone(),
        (None, Some(wording), _) => said(wording),
        (None, None, Some(text)) => text.clone(),
        (None, None, None) => "refused".to_owned(),
    };
    Item {
        count: number(failure.count),
        name: failure.rule.clone(),
        text,
        about: about.join(" · "),
        lines,
    }
}

/// `RCPT 550 <address>: User unknown`
fn said(wording: &Wording) -> String {
    format!("{} {} {}", wording.stage, wording.code, wording.text).trim_end().to_owned()
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
    Section {
        title: if timed {
            "Commands, their replies, and how long these took"
        } else {
            "Commands and their replies"
        }
        .to_owned(),
        table: Some(Table { columns: columns(&names), rows: rows.collect() }),
        notes: more(listed, "command"),
        ..Section::default()
    }
}

fn refused(outcomes: &BTreeMap<String, u64>) -> u64 {
    let of = |name: &str| outcomes.get(name).copied().unwrap_or(0);
    of("rejected") + of("deferred")
}

fn hours(hours: &Hours, gaps: &[String]) -> Section {
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

fn groups(title: &str, what: &'static str, listed: &Listed<GroupRow>, software: bool) -> Section {
    let software = software && listed.rows.iter().any(|row| row.software.is_some());
    let mut table = group_table(what, &listed.rows, what == "domain");
    if software {
        table.columns.push(Column { name: "software", kind: Cells::Text });
        for (cells, row) in table.rows.iter_mut().zip(&listed.rows) {
            cells.push(row.software.clone().unwrap_or_default());
        }
    }
    Section {
        title: match listed.total {
            total if total > listed.rows.len() as u64 => {
                format!("{title}, the first {} of {}", listed.rows.len(), number(total))
            }
            _ => title.to_owned(),
        },
        table: Some(table),
        ..Section::default()
    }
}

fn group_table(what: &'static str, rows: &[GroupRow], recipients: bool) -> Table {
    let mut names = vec![
        (what, Cells::Text),
        ("sessions", Cells::Numbers),
        ("queued", Cells::Numbers),
        ("rejected", Cells::Numbers),
        ("deferred", Cells::Numbers),
        ("other", Cells::Numbers),
    ];
    if recipients {
        names.extend([("rcpt taken", Cells::Numbers), ("rcpt refused", Cells::Numbers)]);
    } else {
        names.push(("errors", Cells::Numbers));
    }
    let rows = rows.iter().map(|row| {
        let of = |name: &str| row.outcomes.get(name).copied().unwrap_or(0);
        let (queued, rejected, deferred) = (of("queued"), of("rejected"), of("deferred"));
        let other = row.sessions - (queued + rejected + deferred).min(row.sessions);
        let mut counts = vec![row.sessions, queued, rejected, deferred, other];
        if recipients {
            counts.extend([row.recipients_accepted, row.recipients_refused]);
        } else {
            counts.push(row.sessions_with_errors);
        }
        let name = if row.name.is_empty() { "(none)" } else { &row.name };
        let mut cells = vec![name.to_owned()];
        cells.extend(
            counts.into_iter().map(|count| if count == 0 { String::new() } else { number(count) }),
        );
        cells
    });
    Table { columns: columns(&names), rows: rows.collect() }
}

fn grouped(groups: &Groups) -> Section {
    let what = match groups.by.as_str() {
        "peer" => "peer",
        "domain" => "domain",
        "connector" => "connector",
        "hour" => "from",
        _ => "rule",
    };
    let mut table = group_table(what, &groups.rows, what == "domain");
    if what == "from" {
        let most = groups.rows.iter().map(|row| row.sessions).max().unwrap_or(0);
        table.columns.push(Column { name: "", kind: Cells::Picture });
        for (cells, row) in table.rows.iter_mut().zip(&groups.rows) {
            cells.push(bar(row.sessions, most, BAR / 2));
            if let Some(name) = cells.first_mut() {
                *name = minute(&row.name);
            }
        }
    } else {
        table.columns.push(Column { name: "last", kind: Cells::Words });
        for (cells, row) in table.rows.iter_mut().zip(&groups.rows) {
            cells.push(row.last.as_deref().map(time).unwrap_or_default());
        }
    }
    let notes = match groups.total.saturating_sub(groups.rows.len() as u64) {
        0 if groups.rows.is_empty() => vec![format!("No session tells a {}.", groups.by)],
        0 => Vec::new(),
        rest => vec![format!("{} more; --top 0 shows all.", number(rest))],
    };
    Section { title: format!("By {}", groups.by), table: Some(table), notes, ..Section::default() }
}

fn messages(listed: &Listed<Trail>) -> Section {
    let items = listed.rows.iter().map(|trail| Item {
        count: number(trail.sessions),
        name: None,
        text: trail.names.join(", "),
        about: String::new(),
        lines: trail
            .hops
            .iter()
            .map(|hop| {
                let end = |end: &Option<String>| end.clone().unwrap_or_else(|| "?".to_owned());
                let time = hop.time.as_deref().map(|iso| time(iso) + " ").unwrap_or_default();
                let line = format!(
                    "{time}{} → {}: {}, {}",
                    end(&hop.client),
                    end(&hop.server),
                    hop.outcome,
                    place(&hop.at)
                );
                (String::new(), line)
            })
            .collect(),
    });
    Section {
        title: format!("Messages in several sessions: {}", number(listed.total)),
        items: items.collect(),
        notes: more(listed, "message"),
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

impl SummaryReport {
    /// The gaps, in a sentence each.
    fn gaps_in_words(&self) -> Vec<String> {
        self.gaps
            .iter()
            .map(|gap| {
                let long = duration(gap.minutes * 60);
                format!("Nothing for {long}: {}.", range(&gap.from, &gap.to))
            })
            .collect()
    }
}
