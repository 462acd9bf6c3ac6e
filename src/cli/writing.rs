//! A report on its way out, source by source.

use std::{
    io::{self, Write as _},
    path::{Path, PathBuf},
};

use super::{
    args::{FailOn, ReportFormat},
    output::Output,
};
use crate::{
    render::{Render, Style, Table},
    report::{SessionReport, SourceReport, Summary},
    source::Identity,
};

/// How many sessions of a source are held for a format that says how many there are, and can do without.
const HELD: usize = 1000;

/// What was made of some sessions of a source.
#[derive(Default)]
pub(super) struct Made {
    /// The name of the source.
    pub(super) source: String,
    /// The sessions, in formats that write each by itself.
    pub(super) written: Vec<u8>,
    /// The sessions, in other formats.
    pub(super) held: Vec<SessionReport>,
    /// Their totals.
    pub(super) summary: Summary,
    /// Whether a finding is among them that the exit status tells of.
    pub(super) findings: bool,
    /// Why they could not be written.
    pub(super) failure: Option<io::Error>,
}

impl Made {
    /// Counts a session.
    pub(super) fn add<S>(&mut self, session: &SessionReport<S>, fail_on: FailOn) {
        self.summary.add(session);
        self.findings |= session.findings.iter().any(|finding| fail_on.counts(finding.severity));
    }
}

/// A report that is being written.
pub(super) struct Writing {
    /// One, or as many as the format has tables.
    documents: Vec<Document>,
    held: SourceReport,
    /// How many sessions are held at most, in formats that can write them before their source is over.
    hold: usize,
    summary: Summary,
}

/// A document or table, and where it goes.
struct Document {
    renderer: Box<dyn Render>,
    output: Output,
}

impl Writing {
    /// Begins a report. Of a format of tables, `path` becomes the name of each table's file.
    pub(super) fn begin(
        format: ReportFormat,
        style: Style,
        path: Option<&Path>,
        quiet: bool,
    ) -> io::Result<Self> {
        let open = |path: Option<&Path>| match path {
            None if quiet => Ok(Output::None),
            path => Output::open(path),
        };
        let mut documents = match format {
            ReportFormat::Document(format) => {
                vec![Document { renderer: (format.renderer)(style), output: open(path)? }]
            }
            ReportFormat::Tables(format) => {
                refuse_special(path)?;
                let document = |table: &Table| {
                    let path = path.map(|path| path_of_table(path, table.name, format.name));
                    let output = open(path.as_deref())?;
                    Ok(Document { renderer: (table.renderer)(), output })
                };
                format.tables.iter().map(document).collect::<io::Result<_>>()?
            }
        };
        for Document { renderer, output } in &mut documents {
            renderer.begin(output)?;
        }
        let (held, summary) = (SourceReport::default(), Summary::default());
        Ok(Self { documents, held, hold: HELD, summary })
    }

    /// Whether the report says what could not be read.
    pub(super) fn tells_problems(&self) -> bool {
        self.documents.iter().all(|document| document.renderer.tells_problems())
    }

    /// From now on each session is written as soon as it is known, in formats that can do that.
    pub(super) const fn hold_nothing(&mut self) {
        self.hold = 0;
    }

    /// Writes or holds some sessions of the source that is being read.
    pub(super) fn sessions(&mut self, made: Made) -> io::Result<()> {
        self.summary.merge(&made.summary);
        if !made.written.is_empty() {
            for Document { output, .. } in &mut self.documents {
                output.write_all(&made.written)?;
            }
        }
        self.held.sessions.extend(made.held);
        if !made.source.is_empty() {
            self.held.name = made.source;
        }
        if self.held.sessions.len() > self.hold {
            let mut taken = true;
            for Document { renderer, output } in &mut self.documents {
                taken &= renderer.some(&self.held, output)?;
            }
            if taken {
                self.held.sessions.clear();
            }
        }
        self.flush()
    }

    /// Writes the report on one source, with its sessions that were held.
    pub(super) fn source(&mut self, source: SourceReport) -> io::Result<()> {
        self.summary.add_source_alone(&source);
        let sessions = std::mem::take(&mut self.held.sessions);
        let source = SourceReport { sessions, ..source };
        for Document { renderer, output } in &mut self.documents {
            renderer.source(&source, output)?;
        }
        self.flush()
    }

    fn flush(&mut self) -> io::Result<()> {
        self.documents.iter_mut().try_for_each(|document| document.output.flush())
    }

    /// How many sources and sessions were written so far.
    pub(super) const fn counts(&self) -> (u64, u64) {
        (self.summary.sources, self.summary.sessions)
    }

    /// The files that it goes to.
    pub(super) fn identities(&self) -> Vec<Identity> {
        self.documents.iter().filter_map(|document| document.output.identity()).collect()
    }

    /// Writes the totals and closes the report.
    pub(super) fn finish(mut self) -> io::Result<()> {
        for Document { renderer, output } in &mut self.documents {
            renderer.finish(&self.summary, output)?;
        }
        // No file gets its name before all of them are written.
        self.flush()?;
        for Document { output, .. } in self.documents {
            output.close()?;
        }
        Ok(())
    }
}

/// A pipe or a device has no room for a name: several tables cannot go there.
fn refuse_special(path: Option<&Path>) -> io::Result<()> {
    let special = path.filter(|path| path.exists() && !path.is_file() && !path.is_dir());
    special.map_or(Ok(()), |path| {
        let name = path.display();
        Err(io::Error::other(format!("`{name}` takes no tables; name a file or a folder")))
    })
}

/// `report.parquet` or `report` as `report.sessions.parquet`; in a folder `sessions.parquet`.
fn path_of_table(path: &Path, table: &str, format: &str) -> PathBuf {
    let name = format!("{table}.{format}");
    if path.is_dir() {
        return path.join(name);
    }
    let stem = if path.extension().is_some_and(|extension| extension == format) {
        path.file_stem()
    } else {
        path.file_name()
    };
    let mut file = stem.unwrap_or_default().to_owned();
    if !file.is_empty() {
        file.push(".");
    }
    file.push(name);
    path.with_file_name(file)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tables_get_their_names() {
        for (path, expected) in [
            ("report.parquet", "report.sessions.parquet"),
            ("report", "report.sessions.parquet"),
            ("out/2026.11", "out/2026.11.sessions.parquet"),
            ("src", "src/sessions.parquet"),
            ("src/", "src/sessions.parquet"),
        ] {
            let found = path_of_table(Path::new(path), "sessions", "parquet");
            assert_eq!(found, Path::new(expected));
        }
    }
}
