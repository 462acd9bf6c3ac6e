//! `text`: for people: the difference that matters, then both dialogues side by side.

use std::io::{self, Write};

use anstyle::{AnsiColor, Style as Ansi};
use comfy_table::{ColumnConstraint, ContentArrangement, Row, Table, Width, presets};

use super::ComparisonFormat;
use crate::{
    render::{
        Style, safe,
        text::{outcome, paint, wrap},
    },
    report::compare::{Comparison, Difference, Side, Spoken, Step, Weight},
};

pub(super) static FORMAT: ComparisonFormat = ComparisonFormat { name: "text", write };

/// How many rows are shown of long sessions: the first ones, and the last ones.
const FIRST_ROWS: usize = 40;
const LAST_ROWS: usize = 12;
/// How many lines a row takes at most.
const LINES_OF_A_ROW: usize = 3;
/// How many differences are told that came before.
const DIFFERENCES: usize = 12;

fn write(comparison: &Comparison, style: Style, out: &mut dyn Write) -> io::Result<()> {
    side("good", &comparison.good, style, out)?;
    side("bad ", &comparison.bad, style, out)?;
    writeln!(out)?;
    let Some(first) = &comparison.first else {
        writeln!(out, "No difference matters.\n")?;
        return table(comparison, style, out);
    };
    let title = match first.weight {
        Weight::Matters => "First difference that matters: ",
        _ => "No difference matters by itself. The first that may: ",
    };
    difference(title, first, style, out)?;
    if let Some(because) = &comparison.because {
        difference("Most likely because: ", because, style, out)?;
    }
    before(comparison, style, out)?;
    writeln!(out)?;
    table(comparison, style, out)
}

fn side(name: &str, side: &Side, style: Style, out: &mut dyn Write) -> io::Result<()> {
    let verdict = wrap::after(6, &safe::line(&side.verdict), style.width, 6);
    writeln!(out, "{name}  {}", paint(&verdict, outcome(side.outcome), style))?;
    let place = format!("{}:{}-{}", side.source, side.first_line, side.last_line);
    writeln!(out, "      {}", paint(&safe::line(&place), Ansi::new().dimmed(), style))
}

fn difference(
    title: &str,
    difference: &Difference,
    style: Style,
    out: &mut dyn Write,
) -> io::Result<()> {
    let text = format!("{}{}.", difference.text, lines(difference));
    let text = wrap::after(title.len(), &safe::line(&text), style.width, 2);
    writeln!(out, "{}{text}", paint(title, Ansi::new().bold(), style))?;
    if let Some(rule) = difference.rule {
        let help = difference.help.as_deref().map(|help| format!(": {help}")).unwrap_or_default();
        let why = format!("{rule}{help}");
        writeln!(out, "  {}", wrap::after(2, &safe::line(&why), style.width, 4))?;
    }
    Ok(())
}

/// ` (lines 19 and 21)`
fn lines(difference: &Difference) -> String {
    match (difference.good_line, difference.bad_line) {
        (Some(good), Some(bad)) => format!(" (lines {good} and {bad})"),
        (Some(good), None) => format!(" (line {good} of the good one)"),
        (None, Some(bad)) => format!(" (line {bad} of the bad one)"),
        (None, None) => String::new(),
    }
}

fn table(comparison: &Comparison, style: Style, out: &mut dyn Write) -> io::Result<()> {
    if comparison.steps.is_empty() {
        return Ok(());
    }
    let mut table = Table::new();
    table
        .load_style(presets::UTF8_FULL_CONDENSED)
        .set_content_arrangement(ContentArrangement::Dynamic)
        .set_width(u16::try_from(style.width).unwrap_or(u16::MAX))
        .set_header(["", "good", "bad"]);
    let left_out = comparison.steps.len().saturating_sub(FIRST_ROWS + LAST_ROWS);
    for (number, step) in comparison.steps.iter().enumerate() {
        if left_out > 0 && number == FIRST_ROWS {
            table.add_row(["⋮".to_owned(), format!("{left_out} more exchanges")]);
        }
        if left_out > 0 && (FIRST_ROWS..FIRST_ROWS + left_out).contains(&number) {
            continue;
        }
        let first = step.is_at(comparison.first.as_ref());
        let mut row = Row::from(vec![
            mark(step, first).to_owned(),
            spoken(step.good.as_ref()),
            spoken(step.bad.as_ref()),
        ]);
        row.max_height(LINES_OF_A_ROW);
        table.add_row(row);
    }
    if let Some(column) = table.column_mut(0) {
        column.set_constraint(ColumnConstraint::ContentWidth);
    }
    for place in [1, 2] {
        if let Some(column) = table.column_mut(place) {
            column.set_constraint(ColumnConstraint::UpperBoundary(Width::Percentage(50)));
        }
    }
    for line in table.to_string().lines() {
        let matters = line.starts_with("│ ≠");
        let red = Ansi::new().fg_color(Some(AnsiColor::Red.into()));
        let line = if matters { paint(line, red, style) } else { line.to_owned() };
        writeln!(out, "{line}")?;
    }
    Ok(())
}

/// `≠` at the first difference that matters; `-` and `+` where only the good or only the bad session has the
/// exchange; `~` where something else differs that is worth a word.
const fn mark(step: &Step, first: bool) -> &'static str {
    match (&step.good, &step.bad, step.weight) {
        _ if first => "≠",
        (Some(_), None, _) => "-",
        (None, Some(_), _) => "+",
        (_, _, Some(Weight::Matters | Weight::May)) => "~",
        _ => "",
    }
}

fn spoken(spoken: Option<&Spoken>) -> String {
    let Some(spoken) = spoken else { return String::new() };
    let client = safe::line(&spoken.client).into_owned();
    let server = safe::line(&spoken.server).into_owned();
    format!("{client}\n{server}")
}

/// What came before the difference and may be why.
fn before(comparison: &Comparison, style: Style, out: &mut dyn Write) -> io::Result<()> {
    let before = &comparison.before;
    if before.is_empty() {
        return Ok(());
    }
    writeln!(out, "{}", paint("Before it:", Ansi::new().bold(), style))?;
    for difference in before.iter().take(DIFFERENCES) {
        let text = format!("{}{}", difference.text, lines(difference));
        writeln!(out, "  - {}", wrap::after(4, &safe::line(&text), style.width, 4))?;
    }
    match before.len().saturating_sub(DIFFERENCES) {
        0 => Ok(()),
        rest => writeln!(out, "  - and {rest} more; --format json has all"),
    }
}
