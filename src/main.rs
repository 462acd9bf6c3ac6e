//! The program: parse the arguments, run, end with the exit status; nothing else.

use std::process::ExitCode;

fn main() -> ExitCode {
    smtplog::cli::run(std::env::args_os())
}
