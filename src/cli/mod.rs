//! Arguments, exit statuses, printing: the only room that touches the terminal and the environment.
//!
//! [`args`] says what may be typed; each command has a file of its own; [`output`] writes, [`status`] says
//! how it ended.

use std::{
    ffi::OsString,
    io::{self, Write as _},
    process::ExitCode,
};

use clap::Parser;

mod analyze;
mod args;
mod compare;
mod explain;
mod interruption;
mod list;
mod manual;
mod message;
mod names;
mod output;
mod progress;
mod redact;
mod status;
mod summary;
mod terminal;
mod writing;

use args::{Arguments, Command};
use status::Status;

/// Runs the program with these arguments, the first of which is its own name.
pub fn run(arguments: impl IntoIterator<Item = OsString>) -> ExitCode {
    let arguments = match Arguments::try_parse_from(args::with_command(arguments)) {
        Ok(arguments) => arguments,
        Err(error) => {
            // clap prints help and version to standard output and ends with 0, the rest with 2.
            return match error.print().and_then(|()| io::stdout().flush()) {
                _ if error.use_stderr() => Status::Failed,
                Ok(()) => Status::Clean,
                Err(error) => status::of_error(&error, false),
            }
            .into();
        }
    };
    let done = match &arguments.command {
        Command::Analyze(analyze) => analyze::run(analyze),
        Command::Summary(arguments) => summary::run(arguments),
        Command::Compare(arguments) => compare::run(arguments),
        Command::Redact(arguments) => redact::run(arguments),
        Command::Explain(topics) => explain::run(topics),
        Command::Rules(listing) => list::rules(listing),
        Command::Dialects(listing) => list::dialects(listing),
        Command::Formats(listing) => list::formats(listing),
        Command::Schema => manual::schema(),
        Command::Completions { shell } => manual::completions(*shell),
        Command::Man => manual::man(),
    };
    match done {
        Ok(status) => status,
        Err(error) => status::of_error(&error, false),
    }
    .into()
}
