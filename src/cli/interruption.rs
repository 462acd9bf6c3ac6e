//! Interruptions: the reading ends, what was read is reported as a whole, and the rest is named.

use std::{
    sync::Arc,
    thread,
    time::{Duration, Instant},
};

use super::{message, output, status::Status};
use crate::{
    report::SourceReport,
    source::{Course, INTERRUPTED},
};

/// How many inputs are named that were not read.
const NAMED: usize = 10;

/// How long somebody may not read what was written before nobody is waited for after an interruption, and how often
/// that is looked at.
const UNREAD_FOR: Duration = Duration::from_secs(3);
const LOOK_EVERY: Duration = Duration::from_millis(50);

/// From now on an interruption ends the reading; a second one ends the program, and so does a reader that takes
/// nothing of what was written.
pub(super) fn ends(course: &Arc<Course>) {
    let course = Arc::clone(course);
    let set = ctrlc::set_handler(move || {
        if course.interrupt() {
            at_once();
        }
        let _ = thread::Builder::new().spawn(unless_read);
    });
    // Where signals cannot be had, an interruption ends the program as it would any other.
    let _ = set;
}

/// Ends the program where one write waits for too long: nobody can call it back.
fn unless_read() {
    let mut since = (output::waiting(), Instant::now());
    loop {
        thread::sleep(LOOK_EVERY);
        let now = output::waiting();
        if now.is_none() || now != since.0 {
            since = (now, Instant::now());
        } else if since.1.elapsed() > UNREAD_FOR {
            // Standard error may go where nobody reads either.
            let told = thread::spawn(|| {
                message::note(
                    "interrupted; nobody reads the report, and the rest of it was not written",
                );
            });
            let told_by = Instant::now() + LOOK_EVERY;
            while !told.is_finished() && Instant::now() < told_by {
                thread::yield_now();
            }
            at_once();
        }
    }
}

#[expect(clippy::exit, reason = "nothing else ends what hangs in other threads")]
fn at_once() -> ! {
    output::discard_unfinished();
    std::process::exit(Status::Interrupted.number().into())
}

/// What an interruption kept from being read.
#[derive(Debug, Default)]
pub(super) struct Rest {
    /// Sources that were not read to their end, with the last line that was.
    cut: Vec<(String, u64)>,
    /// The first inputs that were not opened.
    unread: Vec<String>,
    further: usize,
}

impl Rest {
    /// Takes note of a source that is over.
    pub(super) fn source(&mut self, source: &SourceReport) {
        if source.problems.iter().any(|problem| problem.message == INTERRUPTED) {
            self.cut.push((source.name.clone(), source.lines));
        }
    }

    /// Takes note of an input that was not opened.
    pub(super) fn unread(&mut self, name: String) {
        if self.unread.len() < NAMED {
            self.unread.push(name);
        } else {
            self.further += 1;
        }
    }

    /// Says what is missing in what was made.
    pub(super) fn tell(&self, made: &str) {
        message::note(&format!("interrupted; the {made} is on what was read until then"));
        for (name, lines) in &self.cut {
            let last = match lines {
                // A container, or nothing was read.
                0 => String::new(),
                lines => format!(", but to line {lines}"),
            };
            message::note(&format!("{name}: not read to its end{last}"));
        }
        if !self.unread.is_empty() {
            let further = match self.further {
                0 => String::new(),
                further => format!(" and {further} more"),
            };
            message::note(&format!("not read: {}{further}", self.unread.join(", ")));
        }
    }
}
