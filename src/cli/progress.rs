//! A sign of life on the terminal while much is being read.

use std::{
    io::{self, IsTerminal as _},
    time::Duration,
};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::report::Summary;

/// How often it is drawn; what is over sooner shows nothing.
const EVERY: Duration = Duration::from_millis(250);

/// The sign of life; it shows nothing where standard error is no terminal.
pub(super) struct Progress(ProgressBar);

impl Progress {
    /// Begins to show it, unless it is not wanted.
    pub(super) fn start(wanted: bool) -> Self {
        if !wanted || !io::stderr().is_terminal() {
            return Self(ProgressBar::hidden());
        }
        let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::stderr());
        if let Ok(style) = ProgressStyle::with_template("{spinner} {msg} in {elapsed}") {
            bar.set_style(style);
        }
        bar.set_message("reading");
        bar.enable_steady_tick(EVERY);
        Self(bar)
    }

    /// Tells how far it has come, and does something while nothing is shown.
    pub(super) fn told<T>(&self, summary: &Summary, print: impl FnOnce() -> T) -> T {
        let (sources, sessions) = (summary.sources, summary.sessions);
        self.0.set_message(format!("{sources} sources, {sessions} sessions"));
        self.0.suspend(print)
    }

    /// Takes it away.
    pub(super) fn end(self) {
        self.0.finish_and_clear();
    }
}
