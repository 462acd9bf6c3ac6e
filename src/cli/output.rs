//! Where a report goes: standard output, or a file that appears whole or not at all.

use std::{
    fs::{self, File},
    io::{self, BufWriter, Write},
    path::{Path, PathBuf},
    process,
    sync::{
        Mutex, MutexGuard, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
};

use crate::source::Identity;

/// Files that do not have their names yet.
static UNFINISHED: Mutex<Vec<PathBuf>> = Mutex::new(Vec::new());

fn unfinished() -> MutexGuard<'static, Vec<PathBuf>> {
    UNFINISHED.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Removes the files that do not have their names yet, before the program ends in the middle of its work.
pub(super) fn discard_unfinished() {
    for beside in unfinished().drain(..) {
        let _ = fs::remove_file(beside);
    }
}

/// How many writes to standard output and to devices were begun, and how many ended: more of the former, and one waits
/// for somebody who reads.
static BEGUN: AtomicU64 = AtomicU64::new(0);
static ENDED: AtomicU64 = AtomicU64::new(0);

/// The write that waits for somebody who reads, where one does: its number.
pub(super) fn waiting() -> Option<u64> {
    let ended = ENDED.load(Ordering::SeqCst);
    Some(BEGUN.load(Ordering::SeqCst)).filter(|begun| *begun > ended)
}

/// What may be long in taking what is written to it.
pub(super) struct Awaited<W>(W);

impl<W: Write> Awaited<W> {
    fn wait<T>(&mut self, act: impl FnOnce(&mut W) -> io::Result<T>) -> io::Result<T> {
        BEGUN.fetch_add(1, Ordering::SeqCst);
        let acted = act(&mut self.0);
        ENDED.fetch_add(1, Ordering::SeqCst);
        acted
    }
}

impl<W: Write> Write for Awaited<W> {
    fn write(&mut self, octets: &[u8]) -> io::Result<usize> {
        self.wait(|inner| inner.write(octets))
    }

    fn flush(&mut self) -> io::Result<()> {
        self.wait(Write::flush)
    }
}

/// A report's way out.
pub(super) enum Output {
    /// Nowhere: only the exit status is wanted.
    None,
    /// Standard output.
    Standard(BufWriter<Awaited<io::Stdout>>),
    /// A device or a pipe that has a name.
    Device {
        /// The device.
        device: BufWriter<Awaited<File>>,
        /// Its name.
        path: PathBuf,
    },
    /// A file beside the one that is asked for, which takes its place at the end.
    File {
        /// The file that is written.
        file: BufWriter<File>,
        /// Its name.
        beside: PathBuf,
        /// The name that it gets.
        path: PathBuf,
    },
}

impl Output {
    /// Opens the output.
    pub(super) fn open(path: Option<&Path>) -> io::Result<Self> {
        let Some(path) = path else {
            return Ok(Self::Standard(BufWriter::new(Awaited(io::stdout()))));
        };
        let path = match fs::canonicalize(path) {
            // A device or a pipe cannot be replaced, and holds nothing that could be half there.
            Ok(there) if !there.is_file() && !there.is_dir() => {
                let file = File::options().write(true).open(&there);
                let file = file.map_err(|error| named(path, &error))?;
                let device = BufWriter::new(Awaited(file));
                return Ok(Self::Device { device, path: path.to_owned() });
            }
            Ok(there) => there,
            Err(_) => path.to_owned(),
        };
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        let beside = path.with_file_name(format!(".{name}.{}.part", process::id()));
        let file = File::create(&beside).map_err(|error| named(&path, &error))?;
        unfinished().push(beside.clone());
        Ok(Self::File { file: BufWriter::new(file), beside, path })
    }

    /// Which file it is, where it is one: nobody wants to read it as an input.
    pub(super) fn identity(&self) -> Option<Identity> {
        match self {
            Self::None | Self::Device { .. } => None,
            Self::Standard(_) => of_standard_output(),
            Self::File { file, .. } => Identity::of(&file.get_ref().metadata().ok()?),
        }
    }

    /// Writes out what is held back, and gives a file its name.
    pub(super) fn close(mut self) -> io::Result<()> {
        self.flush()?;
        if let Self::File { beside, path, .. } = &self {
            fs::rename(beside, path).map_err(|error| named(path, &error))?;
        }
        Ok(())
    }
}

#[cfg(unix)]
fn of_standard_output() -> Option<Identity> {
    use std::os::fd::AsFd as _;
    let same = io::stdout().as_fd().try_clone_to_owned().ok()?;
    Identity::of(&File::from(same).metadata().ok()?)
}

#[cfg(not(unix))]
fn of_standard_output() -> Option<Identity> {
    None
}

fn named(path: &Path, error: &io::Error) -> io::Error {
    io::Error::new(error.kind(), format!("`{}` could not be written: {error}", path.display()))
}

fn unwritten(error: &io::Error) -> io::Error {
    io::Error::new(error.kind(), format!("standard output could not be written: {error}"))
}

impl Write for Output {
    fn write(&mut self, octets: &[u8]) -> io::Result<usize> {
        match self {
            Self::None => Ok(octets.len()),
            Self::Standard(out) => out.write(octets).map_err(|error| unwritten(&error)),
            Self::Device { device, path } => {
                device.write(octets).map_err(|error| named(path, &error))
            }
            Self::File { file, path, .. } => {
                file.write(octets).map_err(|error| named(path, &error))
            }
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match self {
            Self::None => Ok(()),
            Self::Standard(out) => out.flush().map_err(|error| unwritten(&error)),
            Self::Device { device, path } => device.flush().map_err(|error| named(path, &error)),
            Self::File { file, path, .. } => file.flush().map_err(|error| named(path, &error)),
        }
    }
}

impl Drop for Output {
    fn drop(&mut self) {
        // After `close` the file has its name, and this one is gone.
        if let Self::File { beside, .. } = self {
            let _ = fs::remove_file(&*beside);
            unfinished().retain(|other| other != beside);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_has_no_name_yet_can_be_discarded() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("report");
        let files = || fs::read_dir(folder.path()).expect("the folder").count();
        let output = Output::open(Some(&path)).expect("an output");
        assert_eq!(files(), 1);
        discard_unfinished();
        assert_eq!(files(), 0);
        drop(output);
        let output = Output::open(Some(&path)).expect("an output");
        output.close().expect("a name");
        discard_unfinished();
        assert!(path.exists());
    }
}
