//! A report on its way out, source by source, which an interruption can close.

use std::{
    io,
    path::Path,
    sync::{
        Arc, Mutex, TryLockError,
        atomic::{AtomicBool, Ordering},
    },
    thread,
    time::Duration,
};

use super::{message, output::Output, status::Status};
use crate::{
    render::{Format, Render, Style},
    report::{SessionReport, SourceReport, Summary},
};

/// How long an interruption waits for a source that is being written, in tries of 20 ms.
const TRIES: u32 = 50;

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

/// A report that is being written.
pub(super) struct Writing {
    renderer: Box<dyn Render>,
    held: SourceReport,
    output: Output,
    summary: Summary,
}

impl Writing {
    /// Begins a report.
    pub(super) fn begin(
        format: &Format,
        style: Style,
        path: Option<&Path>,
        quiet: bool,
    ) -> io::Result<Self> {
        let mut renderer = (format.renderer)(style);
        let mut output = if quiet && path.is_none() { Output::None } else { Output::open(path)? };
        renderer.begin(&mut output)?;
        let held = SourceReport::default();
        Ok(Self { renderer, held, output, summary: Summary::default() })
    }

    /// Writes or holds some sessions of the source that is being read.
    pub(super) fn sessions(&mut self, made: Made) -> io::Result<()> {
        self.summary.merge(&made.summary);
        if !made.written.is_empty() {
            io::Write::write_all(&mut self.output, &made.written)?;
        }
        self.held.sessions.extend(made.held);
        if self.held.sessions.len() > HELD {
            self.held.name = made.source;
            if self.renderer.some(&self.held, &mut self.output)? {
                self.held.sessions.clear();
            }
        }
        io::Write::flush(&mut self.output)
    }

    /// Writes the report on one source, with its sessions that were held.
    pub(super) fn source(&mut self, source: SourceReport) -> io::Result<()> {
        self.summary.add_source_alone(&source);
        let sessions = std::mem::take(&mut self.held.sessions);
        self.renderer.source(&SourceReport { sessions, ..source }, &mut self.output)?;
        io::Write::flush(&mut self.output)
    }

    /// The totals so far.
    pub(super) fn summary(&self) -> Summary {
        self.summary.clone()
    }

    /// Writes the totals and closes the report.
    pub(super) fn finish(mut self) -> io::Result<Summary> {
        self.renderer.finish(&self.summary, &mut self.output)?;
        self.output.close()?;
        Ok(self.summary)
    }
}

/// The report while it can be interrupted; nothing once it is closed.
pub(super) type Shared = Arc<Mutex<Option<Writing>>>;

/// From now on an interruption closes the report and ends the program: what is finished is written whole.
pub(super) fn close_on_interruption(writing: &Shared) {
    let writing = Arc::clone(writing);
    let set = ctrlc::set_handler(move || {
        for _ in 0..TRIES {
            let mut open = match writing.try_lock() {
                Ok(open) => open,
                Err(TryLockError::Poisoned(open)) => open.into_inner(),
                Err(TryLockError::WouldBlock) => {
                    thread::sleep(Duration::from_millis(20));
                    continue;
                }
            };
            if let Some(open) = open.take()
                && let Ok(summary) = open.finish()
            {
                message::note(&format!(
                    "interrupted; the report is on {} sources, the rest was not read",
                    summary.sources
                ));
            }
            // Still locked: the rest of the program must not end with another status.
            interrupted();
        }
        interrupted();
    });
    // Where signals cannot be had, an interruption ends the program as it would any other.
    let _ = set;
}

/// From now on an interruption is taken note of; a second one ends the program.
pub(super) fn note_interruption(noted: &Arc<AtomicBool>) {
    let noted = Arc::clone(noted);
    let set = ctrlc::set_handler(move || {
        if noted.swap(true, Ordering::Relaxed) {
            interrupted();
        }
    });
    // Where signals cannot be had, an interruption ends the program as it would any other.
    let _ = set;
}

#[expect(
    clippy::exit,
    reason = "the analysis goes on in other threads, which nothing else would end"
)]
fn interrupted() -> ! {
    std::process::exit(Status::Interrupted.number().into())
}
