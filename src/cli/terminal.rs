//! What the terminal can do, and what the environment asks for.

use std::{env, io};

use anstream::{AutoStream, ColorChoice};

use super::args::Color;
use crate::render::Style;

/// Columns of a page where nothing says how wide it is: in a pipe, in a file.
const COLUMNS: usize = 100;

/// Columns that are still a page.
const NARROWEST: usize = 40;
const WIDEST: usize = 160;

/// How text for people is to look on standard output; in a file there are no colours unless they are
/// asked for.
///
/// `--color auto` heeds `NO_COLOR`, `CLICOLOR`, `CLICOLOR_FORCE` and whether standard output is a terminal.
/// The width is `COLUMNS` where that is set, else the terminal's, else 100.
pub(super) fn style(color: Color, verbose: bool, to_file: bool) -> Style {
    let color = match color {
        Color::Always => true,
        Color::Never => false,
        Color::Auto => !to_file && AutoStream::choice(&io::stdout().lock()) != ColorChoice::Never,
    };
    Style { color, width: width(), verbose }
}

fn width() -> usize {
    let told = env::var("COLUMNS").ok().and_then(|columns| columns.parse().ok());
    let measured = || terminal_size::terminal_size().map(|(width, _)| usize::from(width.0));
    told.or_else(measured).unwrap_or(COLUMNS).clamp(NARROWEST, WIDEST)
}
