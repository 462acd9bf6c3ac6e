//! `csv`: one row a figure, for spreadsheets and databases; of one table (`--by`) one row a group.

use std::io::{self, Write};

use serde_json::Value;

use super::SummaryFormat;
use crate::{
    render::{Style, csv::cell},
    report::summary::{GroupRow, Groups, OUTCOMES, SummaryReport},
};

pub(super) static FORMAT: SummaryFormat = SummaryFormat {
    name: "csv",
    about: "one row a figure (table, name, measure, value); with --by one row a group",
    write,
};

fn write(summary: &SummaryReport, _: Style, out: &mut dyn Write) -> io::Result<()> {
    if let Some(groups) = &summary.groups {
        return write_groups(groups, out);
    }
    row(&["table", "name", "measure", "value"].map(str::to_owned), out)?;
    let Value::Object(tables) = serde_json::to_value(summary)? else { return Ok(()) };
    for (table, value) in &tables {
        let Some(Value::Array(rows)) = value.get("rows") else {
            figures(table, "", "", value, out)?;
            continue;
        };
        for (value, number) in rows.iter().zip(1..) {
            let name =
                ["name", "verb", "rule"].into_iter().find_map(|key| value.get(key)?.as_str());
            let name = name.map_or_else(|| format!("#{number}"), str::to_owned);
            figures(table, &name, "", value, out)?;
        }
    }
    Ok(())
}

/// A row for each figure of a value; what is not known has none.
fn figures(
    table: &str,
    name: &str,
    measure: &str,
    value: &Value,
    out: &mut dyn Write,
) -> io::Result<()> {
    let below = |key: &str| {
        if measure.is_empty() { key.to_owned() } else { format!("{measure}.{key}") }
    };
    let value = match value {
        Value::Null => return Ok(()),
        Value::Object(fields) => {
            let mut fields = fields.iter();
            return fields
                .try_for_each(|(key, value)| figures(table, name, &below(key), value, out));
        }
        Value::Array(values) => {
            let mut values = values.iter().zip(1..);
            return values.try_for_each(|(value, number)| {
                figures(table, name, &below(&number.to_string()), value, out)
            });
        }
        Value::String(text) => text.clone(),
        figure => figure.to_string(),
    };
    row(&[table.to_owned(), name.to_owned(), measure.to_owned(), value], out)
}

fn write_groups(groups: &Groups, out: &mut dyn Write) -> io::Result<()> {
    let mut header = vec![groups.by.clone(), "sessions".to_owned()];
    header.extend(OUTCOMES.map(|outcome| outcome.replace('-', "_")));
    header.extend(
        ["recipients_accepted", "recipients_refused", "sessions_with_errors", "first", "last"]
            .map(str::to_owned),
    );
    row(&header, out)?;
    groups.rows.iter().try_for_each(|group| row(&cells(group), out))
}

fn cells(group: &GroupRow) -> Vec<String> {
    let mut cells = vec![group.name.clone(), group.sessions.to_string()];
    let outcome = |name: &str| group.outcomes.get(name).copied().unwrap_or(0).to_string();
    cells.extend(OUTCOMES.map(outcome));
    cells.extend(
        [group.recipients_accepted, group.recipients_refused, group.sessions_with_errors]
            .map(|count| count.to_string()),
    );
    cells.extend([&group.first, &group.last].map(|time| time.clone().unwrap_or_default()));
    cells
}

fn row(cells: &[String], out: &mut dyn Write) -> io::Result<()> {
    let cells: Vec<String> = cells.iter().map(|text| cell(text)).collect();
    write!(out, "{}\r\n", cells.join(","))
}
