//! A report to one output format a file.
//!
//! *Enters*: one [`SourceReport`] after the other, then the [`Summary`]. *Leaves*: octets. A format sees
//! the report and nothing else; whether there is a terminal, and how wide, it is told by a [`Style`].
//!
//! To add a format, write a file with a [`Format`] in it and name that in [`FORMATS`]. One that is a file a
//! table is a [`TableFormat`].

use std::{
    borrow::Cow,
    io::{self, Write},
};

use crate::report::{SessionReport, SourceReport, Summary};

mod compact;
mod comparison;
mod csv;
mod facts;
mod github;
mod html;
mod json;
mod jsonl;
mod junit;
mod markdown;
mod mermaid;
mod order;
mod parquet;
mod phrase;
pub(crate) mod quantity;
pub mod safe;
mod sarif;
mod summary;
mod text;

pub use comparison::{COMPARISON_FORMATS, ComparisonFormat, find_comparison_format};
pub use summary::{SUMMARY_FORMATS, SummaryFormat, find_summary_format};

/// How text for people is to look; formats for programs ignore it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Style {
    /// Colours and bold, as ANSI sequences.
    pub color: bool,
    /// Columns of the page.
    pub width: usize,
    /// Everything in full: notes, consequences, what holds no SMTP.
    pub verbose: bool,
}

impl Default for Style {
    fn default() -> Self {
        Self { color: false, width: 80, verbose: false }
    }
}

/// Writes one report, source by source, so that no more than one source has to be held.
pub trait Render: Send {
    /// Writes what stands before the first source.
    fn begin(&mut self, out: &mut dyn Write) -> io::Result<()> {
        let _ = out;
        Ok(())
    }

    /// Writes some sessions of a source that has more than are held; `false` where the format writes
    /// sources only as a whole.
    fn some(&mut self, some: &SourceReport, out: &mut dyn Write) -> io::Result<bool> {
        let _ = (some, out);
        Ok(false)
    }

    /// Whether the report says what could not be read of a source; what it does not say has to be said elsewhere.
    fn tells_problems(&self) -> bool {
        true
    }

    /// Writes the report on one source, with its sessions or with those that were not written before.
    fn source(&mut self, source: &SourceReport, out: &mut dyn Write) -> io::Result<()>;

    /// Writes the totals and whatever closes the document.
    fn finish(&mut self, summary: &Summary, out: &mut dyn Write) -> io::Result<()>;
}

/// An output format.
#[derive(Debug)]
pub struct Format {
    /// Its name, as `--format` takes it.
    pub name: &'static str,
    /// What it is for, in one line.
    pub about: &'static str,
    /// Makes a writer for one report.
    pub renderer: fn(Style) -> Box<dyn Render>,
    /// Writes one session, where the format has one after the other and nothing between them: any thread
    /// can do that, and sessions need not be held.
    pub session: Option<Each>,
}

/// Writes one session of the source with this name; the report has no excerpts.
pub type Each = fn(&str, &SessionReport<Cow<'_, str>>, &mut Vec<u8>) -> io::Result<()>;

/// Every format; the first one is the default.
pub static FORMATS: &[&Format] = &[
    &text::FORMAT,
    &json::FORMAT,
    &jsonl::FORMAT,
    &markdown::FORMAT,
    &html::FORMAT,
    &sarif::FORMAT,
    &csv::FORMAT,
    &junit::FORMAT,
    &github::FORMAT,
    &mermaid::FORMAT,
];

/// The format of this name.
pub fn find(name: &str) -> Option<&'static Format> {
    FORMATS.iter().copied().find(|format| format.name == name)
}

/// An output format that is tables, a file each, rather than one document.
#[derive(Debug)]
pub struct TableFormat {
    /// Its name, as `--format` takes it.
    pub name: &'static str,
    /// What it is for, in one line.
    pub about: &'static str,
    /// The feature of the crate that it needs.
    pub feature: &'static str,
    /// Its tables; none where the program was built without the feature.
    pub tables: &'static [Table],
}

/// A table of a [`TableFormat`], which is told of the whole report as if it were the only one.
#[derive(Debug)]
pub struct Table {
    /// What its rows are; the name of its file ends with it.
    pub name: &'static str,
    /// Makes a writer for one report, which takes [some](Render::some) sessions as well as all of a source.
    pub renderer: fn() -> Box<dyn Render>,
}

/// Every format of tables.
pub static TABLE_FORMATS: &[&TableFormat] = &[&parquet::FORMAT];

/// The format of tables with this name.
pub fn find_table_format(name: &str) -> Option<&'static TableFormat> {
    TABLE_FORMATS.iter().copied().find(|format| format.name == name)
}
