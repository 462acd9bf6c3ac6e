//! The documentation is held against the program: what it shows is run, what it lists is generated, what it
//! quotes is compared.
//!
//! `UPDATE=1 cargo test --test docs` writes the pages anew; then read what changed.

#![expect(clippy::unwrap_used, reason = "a test may panic")]

mod commands;
mod generated;
mod quotes;

use std::{env, fs, path::Path};

/// The folder of the project.
fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Holds a page against what it should be, line by line; writes it where `UPDATE` is set.
fn shows(path: &Path, expected: &str) {
    if env::var_os("UPDATE").is_some() {
        return fs::write(path, expected).unwrap();
    }
    let hint = "run UPDATE=1 cargo test --test docs, and read what changed";
    let page = fs::read_to_string(path).unwrap_or_default();
    for (shown, expected) in page.lines().zip(expected.lines()) {
        assert_eq!(shown, expected, "{}: {hint}", path.display());
    }
    assert_eq!(page.lines().count(), expected.lines().count(), "{}: {hint}", path.display());
}
