//! Remarks to the person at the terminal, on standard error.

use std::io::Write as _;

use crate::render::safe;

/// Says what went wrong.
pub(super) fn error(text: &str) {
    say("error", text);
}

/// Says what could not be read.
pub(super) fn warning(text: &str) {
    say("warning", text);
}

/// Says what is worth knowing.
pub(super) fn note(text: &str) {
    say("note", text);
}

fn say(severity: &str, text: &str) {
    // Where standard error is closed there is nobody left to tell.
    let _ = writeln!(std::io::stderr().lock(), "smtplog: {severity}: {}", safe::line(text));
}
