//! A comparison to one output format a file.

use std::io::{self, Write};

use super::Style;
use crate::report::compare::Comparison;

mod json;
mod text;

/// An output format of a comparison.
#[derive(Debug)]
pub struct ComparisonFormat {
    /// Its name, as `--format` takes it.
    pub name: &'static str,
    /// Writes a comparison.
    pub write: fn(&Comparison, Style, &mut dyn Write) -> io::Result<()>,
}

/// Every format of a comparison; the first one is the default.
pub static COMPARISON_FORMATS: &[&ComparisonFormat] = &[&text::FORMAT, &json::FORMAT];

/// The format of this name.
pub fn find_comparison_format(name: &str) -> Option<&'static ComparisonFormat> {
    COMPARISON_FORMATS.iter().copied().find(|format| format.name == name)
}
