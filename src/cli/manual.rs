//! `schema`, `completions`, `man`: what other programs want to know about this one.

use std::io::{self, Write as _};

use clap::CommandFactory as _;

use super::{args::Arguments, status::Status};

/// The JSON Schema of the report.
const SCHEMA: &str = include_str!("../../docs/report.schema.json");

/// Prints the JSON Schema of the report.
pub(super) fn schema() -> io::Result<Status> {
    io::stdout().lock().write_all(SCHEMA.as_bytes())?;
    Ok(Status::Clean)
}

/// Prints the completions of a shell.
pub(super) fn completions(shell: clap_complete::Shell) -> io::Result<Status> {
    // clap_complete panics where it cannot write; into memory it always can.
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut Arguments::command(), "smtplog", &mut script);
    io::stdout().lock().write_all(&script)?;
    Ok(Status::Clean)
}

/// Prints the manual page.
pub(super) fn man() -> io::Result<Status> {
    clap_mangen::Man::new(Arguments::command()).render(&mut io::stdout().lock())?;
    Ok(Status::Clean)
}
