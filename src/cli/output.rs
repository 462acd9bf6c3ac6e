//! Where a report goes: standard output, or a file that appears whole or not at all.

use std::{
    fs::{self, File},
    io::{self, BufWriter, Write},
    path::{Path, PathBuf},
    process,
};

/// A report's way out.
pub(super) enum Output {
    /// Nowhere: only the exit status is wanted.
    None,
    /// Standard output.
    Standard(BufWriter<io::Stdout>),
    /// A device or a pipe that has a name.
    Device(BufWriter<File>),
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
        let Some(path) = path else { return Ok(Self::Standard(BufWriter::new(io::stdout()))) };
        let path = match fs::canonicalize(path) {
            // A device or a pipe cannot be replaced, and holds nothing that could be half there.
            Ok(there) if !there.is_file() && !there.is_dir() => {
                let file = File::options().write(true).open(&there);
                let file = file.map_err(|error| named(path, &error))?;
                return Ok(Self::Device(BufWriter::new(file)));
            }
            Ok(there) => there,
            Err(_) => path.to_owned(),
        };
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        let beside = path.with_file_name(format!(".{name}.{}.part", process::id()));
        let file = File::create(&beside).map_err(|error| named(&path, &error))?;
        Ok(Self::File { file: BufWriter::new(file), beside, path })
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

fn named(path: &Path, error: &io::Error) -> io::Error {
    io::Error::new(error.kind(), format!("`{}` could not be written: {error}", path.display()))
}

impl Write for Output {
    fn write(&mut self, octets: &[u8]) -> io::Result<usize> {
        match self {
            Self::None => Ok(octets.len()),
            Self::Standard(out) => out.write(octets),
            Self::Device(file) | Self::File { file, .. } => file.write(octets),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match self {
            Self::None => Ok(()),
            Self::Standard(out) => out.flush(),
            Self::Device(file) | Self::File { file, .. } => file.flush(),
        }
    }
}

impl Drop for Output {
    fn drop(&mut self) {
        // After `close` the file has its name, and this one is gone.
        if let Self::File { beside, .. } = self {
            let _ = fs::remove_file(beside);
        }
    }
}
