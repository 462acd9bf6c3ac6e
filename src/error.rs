//! What can go wrong around the program: files, names, output. Bad SMTP is never an error.

use std::io;
use std::path::PathBuf;

/// The environment did not let the program do its work. Each message says what happened, where, and
/// what to do.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// Nothing has that name.
    #[error("`{}` does not exist; check the path", path.display())]
    NotFound {
        /// The path as it was given.
        path: PathBuf,
    },
    /// It had that name when the folder was listed or the path looked at, and has it no more.
    #[error("`{}` is gone: it was there when the run began, and was not read", path.display())]
    Gone {
        /// The path as it was given or found.
        path: PathBuf,
    },
    /// The file or folder may not be read by this user.
    #[error(
        "`{}` may not be read by this user; change its permissions or run as its owner",
        path.display()
    )]
    NotAllowed {
        /// The path as it was given.
        path: PathBuf,
    },
    /// A pipe, socket or device inside a folder: reading it could wait for ever.
    #[error(
        "`{}` is {what}, which is not read inside a folder; name it on the command line to read it",
        path.display()
    )]
    NotAFile {
        /// The path, below the folder that was given.
        path: PathBuf,
        /// What it is, with its article: `a pipe`.
        what: &'static str,
    },
    /// A pipe, device or folder stands where a file was found: reading it could wait for ever.
    #[error("`{}` is {what} now: it was a file before, and was not read", path.display())]
    NoFileAnyMore {
        /// The path as it was given or found.
        path: PathBuf,
        /// What it is, with its article: `a pipe`.
        what: &'static str,
    },
    /// A link that leads back to a folder above it.
    #[error("`{}` links back to `{}`; it is not followed", path.display(), above.display())]
    LinkLoop {
        /// The link.
        path: PathBuf,
        /// The folder above that it leads to.
        above: PathBuf,
    },
    /// The operating system refused to open or read it for another reason.
    #[error("`{name}` could not be read: {reason}")]
    Read {
        /// The path, or `-` for standard input.
        name: String,
        /// The operating system's words.
        #[source]
        reason: io::Error,
    },
    /// No character encoding has that name.
    #[error(
        "`{name}` is not the name of a character encoding; \
         use one such as `utf-8`, `utf-16le`, `windows-1252` or `shift_jis`"
    )]
    UnknownEncoding {
        /// The name as it was given.
        name: String,
    },
    /// The output could not be written.
    #[error("`{name}` could not be written: {reason}")]
    Write {
        /// The path, or `-` for standard output.
        name: String,
        /// The operating system's words.
        #[source]
        reason: io::Error,
    },
}

impl Error {
    /// The error for what the operating system said on opening or reading `path`.
    ///
    /// ```
    /// use smtplog::error::Error;
    /// let error = Error::reading("a.txt".as_ref(), std::io::ErrorKind::NotFound.into());
    /// assert_eq!(error.to_string(), "`a.txt` does not exist; check the path");
    /// ```
    pub fn reading(path: &std::path::Path, reason: io::Error) -> Self {
        match reason.kind() {
            io::ErrorKind::NotFound => Self::NotFound { path: path.to_owned() },
            io::ErrorKind::PermissionDenied => Self::NotAllowed { path: path.to_owned() },
            _ => Self::Read { name: path.to_string_lossy().into_owned(), reason },
        }
    }

    /// The same for a path that was there a moment ago.
    pub(crate) fn opening(path: &std::path::Path, reason: io::Error) -> Self {
        match reason.kind() {
            io::ErrorKind::NotFound => Self::Gone { path: path.to_owned() },
            _ => Self::reading(path, reason),
        }
    }
}
