//! Sessions by who took part: peers, names, domains, and what `--by` asks for.

use super::{BAR, Cells, Column, LAST, Section, Table, columns, words::minute};
use crate::{
    render::quantity::{bar, number},
    report::summary::{GroupRow, Groups, Listed},
};

pub(super) fn groups(
    title: &str,
    what: &'static str,
    listed: &Listed<GroupRow>,
    software: bool,
) -> Section {
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

pub(super) fn grouped(groups: &Groups) -> Section {
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
        table.columns.push(Column { name: LAST, kind: Cells::Words });
        for (cells, row) in table.rows.iter_mut().zip(&groups.rows) {
            cells.push(row.last.as_deref().map(minute).unwrap_or_default());
        }
    }
    let notes = match groups.total.saturating_sub(groups.rows.len() as u64) {
        0 if groups.rows.is_empty() => vec![format!("No session tells a {}.", groups.by)],
        0 => Vec::new(),
        rest => vec![format!("{} more; --top 0 shows all.", number(rest))],
    };
    Section { title: format!("By {}", groups.by), table: Some(table), notes, ..Section::default() }
}
