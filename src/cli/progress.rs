//! A sign of life on the terminal while much is being read: how far, how fast, how long still.

use std::{
    fmt::Write,
    io::{self, IsTerminal as _},
    sync::Arc,
    time::Duration,
};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressState, ProgressStyle};

use crate::{
    render::quantity::{counted, duration, size},
    source::Course,
};

/// How often it is drawn; what is over sooner shows nothing.
const EVERY: Duration = Duration::from_millis(250);

/// From when on a rate means something, in seconds.
const SETTLED: f64 = 1.0;

/// The sign of life; it shows nothing where standard error is no terminal.
pub(super) struct Progress {
    bar: ProgressBar,
    /// The report goes to the same terminal.
    shares: bool,
}

impl Progress {
    /// Begins to show it, unless it is not wanted.
    pub(super) fn start(wanted: bool, course: &Arc<Course>) -> Self {
        let shares = io::stdout().is_terminal();
        if !wanted || !io::stderr().is_terminal() {
            return Self { bar: ProgressBar::hidden(), shares };
        }
        let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::stderr());
        if let Ok(style) = ProgressStyle::with_template("{spinner} {course}{msg}") {
            let course = Arc::clone(course);
            let shown = move |state: &ProgressState, out: &mut dyn Write| {
                // The bar has nobody to tell that it cannot be drawn.
                let _ = out.write_str(&line(course.octets(), course.whole(), state.elapsed()));
            };
            bar.set_style(style.with_key("course", shown));
        }
        bar.enable_steady_tick(EVERY);
        Self { bar, shares }
    }

    /// Tells how far it has come, and does something that may print: a report, or where it `speaks` on standard
    /// error.
    pub(super) fn told<T>(
        &self,
        sources: u64,
        sessions: u64,
        speaks: bool,
        print: impl FnOnce() -> T,
    ) -> T {
        if self.bar.is_hidden() {
            return print();
        }
        self.bar.set_message(found(sources, sessions));
        if self.shares || speaks { self.bar.suspend(print) } else { print() }
    }

    /// Takes it away.
    pub(super) fn end(self) {
        self.bar.finish_and_clear();
    }
}

/// `45 % of 2.1 GB, 180.0 MB/s, 6 s left`; without a whole, as of a pipe, `1.2 GB, 180.0 MB/s`.
#[expect(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "it is positive, and rounded anyway"
)]
fn line(octets: u64, whole: Option<u64>, elapsed: Duration) -> String {
    let mut line = match whole {
        // A file may have grown, and an archive be read in two places.
        Some(whole) => format!("{} % of {}", octets.min(whole) * 100 / whole, size(whole)),
        None => size(octets),
    };
    let rate = octets as f64 / elapsed.as_secs_f64();
    if elapsed.as_secs_f64() < SETTLED || rate < 1.0 {
        return line;
    }
    let _ = write!(line, ", {}/s", size(rate as u64));
    if let Some(left) = whole.map(|whole| whole.saturating_sub(octets)) {
        let _ = write!(line, ", {} left", duration((left as f64 / rate).ceil() as u64));
    }
    line
}

/// ` · 3 sources, 41,000 sessions`; nothing where nothing was found yet.
fn found(sources: u64, sessions: u64) -> String {
    let sources = (sources > 1).then(|| counted(sources, "source"));
    let sessions = (sessions > 0).then(|| counted(sessions, "session"));
    match (sources, sessions) {
        (None, None) => String::new(),
        (Some(one), None) | (None, Some(one)) => format!(" · {one}"),
        (Some(sources), Some(sessions)) => format!(" · {sources}, {sessions}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn how_far_how_fast_how_long_still() {
        let seconds = Duration::from_secs;
        for (octets, whole, elapsed, expected) in [
            (0, Some(2_000_000), seconds(0), "0 % of 2.0 MB"),
            (500_000, Some(2_000_000), Duration::from_millis(300), "25 % of 2.0 MB"),
            (500_000, Some(2_000_000), seconds(2), "25 % of 2.0 MB, 250.0 kB/s, 6 s left"),
            (
                900_000_000,
                Some(90_000_000_000),
                seconds(5),
                "1 % of 90.0 GB, 180.0 MB/s, 8 min 15 s left",
            ),
            // It grew while it was read.
            (2_500_000, Some(2_000_000), seconds(2), "100 % of 2.0 MB, 1.2 MB/s, 0 s left"),
            (1_200_000_000, None, seconds(10), "1.2 GB, 120.0 MB/s"),
            (0, None, seconds(10), "0 octets"),
        ] {
            assert_eq!(line(octets, whole, elapsed), expected);
        }
    }

    #[test]
    fn what_was_found_so_far() {
        for (sources, sessions, expected) in [
            (0, 0, ""),
            (1, 0, ""),
            (1, 1, " · 1 session"),
            (0, 41_000, " · 41,000 sessions"),
            (3, 0, " · 3 sources"),
            (3, 2, " · 3 sources, 2 sessions"),
        ] {
            assert_eq!(found(sources, sessions), expected);
        }
    }
}
