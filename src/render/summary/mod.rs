//! A summary to one output format a file.
//!
//! *Enters*: a [`SummaryReport`]. *Leaves*: octets. What people read is laid out once, as a [`page`], and written
//! as text, Markdown or HTML. To add a format, write a file with a [`SummaryFormat`] in it and name that in
//! [`SUMMARY_FORMATS`].

use std::io::{self, Write};

use super::Style;
use crate::report::summary::SummaryReport;

mod csv;
mod html;
mod json;
mod markdown;
mod page;
mod text;

/// An output format of the summary.
#[derive(Debug)]
pub struct SummaryFormat {
    /// Its name, as `--format` takes it.
    pub name: &'static str,
    /// What it is for, in one line.
    pub about: &'static str,
    /// Writes a summary.
    pub write: fn(&SummaryReport, Style, &mut dyn Write) -> io::Result<()>,
}

/// Every format of the summary; the first one is the default.
pub static SUMMARY_FORMATS: &[&SummaryFormat] =
    &[&text::FORMAT, &json::FORMAT, &markdown::FORMAT, &html::FORMAT, &csv::FORMAT];

/// The format of this name.
pub fn find_summary_format(name: &str) -> Option<&'static SummaryFormat> {
    SUMMARY_FORMATS.iter().copied().find(|format| format.name == name)
}
