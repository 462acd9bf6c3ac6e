//! Exit statuses, and which failure ends with which.

use std::{
    io::{self, ErrorKind},
    process::ExitCode,
};

use super::message;

/// How the program ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Status {
    /// No finding at or above `--fail-on`.
    Clean,
    /// At least one such finding.
    Findings,
    /// Wrong usage, something could not be read, or no SMTP was found.
    Failed,
    /// Interrupted, with what was finished written whole.
    Interrupted,
}

impl Status {
    /// The number that the shell sees.
    pub(super) const fn number(self) -> u8 {
        match self {
            Self::Clean => 0,
            Self::Findings => 1,
            Self::Failed => 2,
            Self::Interrupted => 130,
        }
    }
}

impl From<Status> for ExitCode {
    fn from(status: Status) -> Self {
        Self::from(status.number())
    }
}

/// Says what went wrong on writing, unless nobody reads any more: because enough was read, or because an
/// interruption ended the reader, too.
pub(super) fn of_error(error: &io::Error, interrupted: bool) -> Status {
    if error.kind() == ErrorKind::BrokenPipe {
        return if interrupted { Status::Interrupted } else { Status::Clean };
    }
    message::error(&error.to_string());
    Status::Failed
}
