//! How far the reading of all inputs has come, and whether it goes on.

use std::fs::Metadata;
use std::io;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use super::limits::Broken;

/// What is said of a source whose reading was interrupted.
pub const INTERRUPTED: &str = "reading was interrupted here; the rest was not read";

/// Shared by whoever reads, whoever shows how far that has come, and whoever interrupts it.
///
/// ```
/// use std::ops::ControlFlow;
/// use smtplog::{Options, analyze};
///
/// let options = Options::default();
/// let course = &options.source.course;
/// let _ = analyze(&["Cargo.toml"], &options, 1, &mut |_| ControlFlow::Continue(()));
/// assert_eq!(Some(course.octets()), course.whole());
/// ```
#[derive(Debug, Default)]
pub struct Course {
    octets: AtomicU64,
    whole: AtomicU64,
    interrupted: AtomicBool,
}

impl Course {
    /// Octets read from files, pipes and standard input so far, as they are stored there: compressed ones count
    /// compressed. What is read twice counts twice.
    pub fn octets(&self) -> u64 {
        self.octets.load(Ordering::Relaxed)
    }

    /// How many octets the files had when the run began, where it reads files and they hold any.
    pub fn whole(&self) -> Option<u64> {
        Some(self.whole.load(Ordering::Relaxed)).filter(|whole| *whole > 0)
    }

    /// Ends the reading as soon as possible: sources end where they are, with [`INTERRUPTED`] among their
    /// problems, and no further ones are opened. Whether that was asked for before.
    pub fn interrupt(&self) -> bool {
        self.interrupted.swap(true, Ordering::Relaxed)
    }

    /// Whether the reading is to end.
    pub fn is_interrupted(&self) -> bool {
        self.interrupted.load(Ordering::Relaxed)
    }

    /// An error where the reading is to end.
    pub(super) fn go_on(&self) -> io::Result<()> {
        if self.is_interrupted() {
            return Err(io::Error::other(Broken(INTERRUPTED.to_owned())));
        }
        Ok(())
    }

    /// So many octets more were read.
    pub(super) fn add(&self, octets: usize) {
        self.octets.fetch_add(octets as u64, Ordering::Relaxed);
    }

    /// So many octets more are to be read.
    pub(crate) fn expect(&self, octets: u64) {
        self.whole.fetch_add(octets, Ordering::Relaxed);
    }
}

/// Which file it is, whatever its name: by device and inode.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Identity(u64, u64);

impl Identity {
    /// The identity of a regular file; `None` for anything else, and where the system has none.
    #[cfg(unix)]
    pub fn of(about: &Metadata) -> Option<Self> {
        use std::os::unix::fs::MetadataExt as _;
        about.is_file().then(|| Self(about.dev(), about.ino()))
    }

    /// The identity of a regular file; `None` for anything else, and where the system has none.
    #[cfg(not(unix))]
    pub fn of(_: &Metadata) -> Option<Self> {
        None
    }
}
