//! `rules`, `dialects`, `formats`: what the program knows, as lists.

use std::io::{self, Write as _};

use serde::Serialize;

use super::{
    args::{ListFormat, Listing},
    status::Status,
};
use crate::{dialect, render, rules};

/// A row: its name first, then what it is.
trait Row: Serialize {
    /// The cells of the list for people.
    fn cells(&self) -> Vec<&str>;
}

#[derive(Serialize)]
struct RuleRow {
    name: &'static str,
    family: &'static str,
    severity: &'static str,
    summary: &'static str,
    references: &'static [&'static str],
}

impl Row for RuleRow {
    fn cells(&self) -> Vec<&str> {
        vec![self.name, self.severity, self.family, self.summary]
    }
}

#[derive(Serialize)]
struct DialectRow {
    name: &'static str,
    about: &'static str,
    client: &'static str,
    server: &'static str,
    key: &'static str,
    times: &'static str,
}

impl Row for DialectRow {
    fn cells(&self) -> Vec<&str> {
        vec![self.name, self.about]
    }
}

#[derive(Serialize)]
struct FormatRow {
    name: &'static str,
    about: String,
}

impl Row for FormatRow {
    fn cells(&self) -> Vec<&str> {
        vec![self.name, &self.about]
    }
}

/// Every rule.
pub(super) fn rules(listing: &Listing) -> io::Result<Status> {
    print(
        listing,
        rules::all().map(|rule| RuleRow {
            name: rule.name,
            family: rule.family.name(),
            severity: rule.severity.name(),
            summary: rule.summary(),
            references: rule.references,
        }),
    )
}

/// Every dialect.
pub(super) fn dialects(listing: &Listing) -> io::Result<Status> {
    print(
        listing,
        dialect::ALL.iter().map(|dialect| DialectRow {
            name: dialect.name,
            about: dialect.about,
            client: dialect.client,
            server: dialect.server,
            key: dialect.key,
            times: dialect.times.name(),
        }),
    )
}

/// Every output format.
pub(super) fn formats(listing: &Listing) -> io::Result<Status> {
    let documents = render::FORMATS.iter();
    let documents = documents.map(|it| FormatRow { name: it.name, about: it.about.to_owned() });
    let tables = render::TABLE_FORMATS.iter().map(|it| {
        let about = if it.tables.is_empty() {
            format!("{} (needs a build with `--features {}`)", it.about, it.feature)
        } else {
            it.about.to_owned()
        };
        FormatRow { name: it.name, about }
    });
    print(listing, documents.chain(tables))
}

fn print<R: Row>(listing: &Listing, rows: impl Iterator<Item = R>) -> io::Result<Status> {
    let rows: Vec<R> = rows.collect();
    let mut out = io::stdout().lock();
    if listing.format == ListFormat::Json {
        serde_json::to_writer_pretty(&mut out, &rows)?;
        writeln!(out)?;
        return Ok(Status::Clean);
    }
    let mut widths: Vec<usize> = Vec::new();
    for row in &rows {
        for (column, cell) in row.cells().iter().enumerate() {
            match widths.get_mut(column) {
                Some(width) => *width = (*width).max(cell.chars().count()),
                None => widths.push(cell.chars().count()),
            }
        }
    }
    for row in &rows {
        let cells = row.cells();
        let last = cells.len().saturating_sub(1);
        for (column, (cell, width)) in cells.iter().zip(&widths).enumerate() {
            if column == last {
                writeln!(out, "{cell}")?;
            } else {
                write!(out, "{cell:width$}  ")?;
            }
        }
    }
    Ok(Status::Clean)
}
