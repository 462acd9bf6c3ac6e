//! `rules`, `dialects`, `formats`: what the program knows, as lists.

use std::io::{self, Write as _};

use super::{args::Listing, status::Status};
use crate::{dialect, render, rules};

/// A list whose rows are names and what they stand for.
fn print(rows: &[(String, String)]) -> io::Result<Status> {
    let widest = rows.iter().map(|(name, _)| name.len()).max().unwrap_or(0);
    let mut out = io::stdout().lock();
    for (name, about) in rows {
        writeln!(out, "{name:widest$}  {about}")?;
    }
    Ok(Status::Clean)
}

/// Every rule.
pub(super) fn rules(_: &Listing) -> io::Result<Status> {
    let rows: Vec<_> =
        rules::all().map(|rule| (rule.name.to_owned(), rule.summary().to_owned())).collect();
    print(&rows)
}

/// Every dialect.
pub(super) fn dialects(_: &Listing) -> io::Result<Status> {
    let rows: Vec<_> = dialect::ALL
        .iter()
        .map(|dialect| (dialect.name.to_owned(), dialect.about.to_owned()))
        .collect();
    print(&rows)
}

/// Every output format.
pub(super) fn formats(_: &Listing) -> io::Result<Status> {
    let rows: Vec<_> = render::FORMATS
        .iter()
        .map(|format| (format.name.to_owned(), format.about.to_owned()))
        .collect();
    print(&rows)
}
