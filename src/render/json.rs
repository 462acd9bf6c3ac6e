//! `json`: the whole report as one document, written source by source.

use std::io::{self, Write};

use super::{Format, Render};
use crate::report::{SCHEMA, SourceReport, Summary, VERSION};

pub(super) static FORMAT: Format = Format {
    name: "json",
    about: "the whole report as one JSON document (`smtplog schema` describes it)",
    renderer: |_| Box::<Json>::default(),
    session: None,
};

#[derive(Default)]
struct Json {
    sources: usize,
}

impl Render for Json {
    fn begin(&mut self, out: &mut dyn Write) -> io::Result<()> {
        write!(
            out,
            "{{\n  \"schema\": \"{SCHEMA}\",\n  \"version\": \"{VERSION}\",\n  \"sources\": ["
        )
    }

    fn source(&mut self, source: &SourceReport, out: &mut dyn Write) -> io::Result<()> {
        out.write_all(if self.sources == 0 { b"\n    " } else { b",\n    " })?;
        self.sources += 1;
        indented(source, 4, out)
    }

    fn finish(&mut self, summary: &Summary, out: &mut dyn Write) -> io::Result<()> {
        out.write_all(if self.sources == 0 {
            b"],\n  \"summary\": "
        } else {
            b"\n  ],\n  \"summary\": "
        })?;
        indented(summary, 2, out)?;
        out.write_all(b"\n}\n")
    }
}

/// Writes a value whose lines after the first are indented by `columns`.
fn indented(value: &impl serde::Serialize, columns: usize, out: &mut dyn Write) -> io::Result<()> {
    let text = serde_json::to_string_pretty(value)?;
    let margin = " ".repeat(columns);
    for (number, line) in text.split('\n').enumerate() {
        if number > 0 {
            write!(out, "\n{margin}")?;
        }
        out.write_all(line.as_bytes())?;
    }
    Ok(())
}
