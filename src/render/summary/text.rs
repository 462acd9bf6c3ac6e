//! `text`: for people, at a terminal.

use std::io::{self, Write};

use anstyle::Style as Ansi;
use comfy_table::{
    Cell, CellAlignment, ColumnConstraint, ContentArrangement, Row, Table as Grid, Width, presets,
};

use super::{
    SummaryFormat,
    page::{self, Cells, Item, LAST, Section, Table},
};
use crate::{
    render::{
        Style, safe,
        text::{outcome, paint, severity, wrap},
    },
    report::summary::{OUTCOMES, SummaryReport},
};

pub(super) static FORMAT: SummaryFormat = SummaryFormat {
    name: "text",
    about: "for people: what failed and why, who, when, how fast",
    write,
};

/// How many lines a row of a table takes at most.
const LINES_OF_A_ROW: usize = 2;

fn write(summary: &SummaryReport, style: Style, out: &mut dyn Write) -> io::Result<()> {
    let page = page::of(summary);
    let title = wrap::hanging(&safe::line(&page.title), style.width, 2);
    writeln!(out, "{}", paint(&title, Ansi::new().bold(), style))?;
    for fact in &page.facts {
        let fact = wrap::hanging(&safe::line(fact), style.width, 2);
        writeln!(out, "{}", paint(&fact, Ansi::new().dimmed(), style))?;
    }
    page.sections.iter().try_for_each(|section| self::section(section, style, out))
}

fn section(section: &Section, style: Style, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out)?;
    writeln!(out, "{}", paint(&safe::line(&section.title), Ansi::new().bold(), style))?;
    if let Some(table) = section.table.as_ref().filter(|table| !table.rows.is_empty()) {
        self::table(table, style, out)?;
    }
    let widest = section.items.iter().map(|item| item.count.len()).max().unwrap_or(0);
    section.items.iter().try_for_each(|item| self::item(item, widest, style, out))?;
    for note in &section.notes {
        let note = wrap::after(2, &safe::line(note), style.width, 4);
        writeln!(out, "  {}", paint(&note, Ansi::new().dimmed(), style))?;
    }
    Ok(())
}

/// The narrowest that a column of text is before others are left out for it.
const NARROWEST: usize = 24;

/// How wide each column is, with its padding: its widest cell; where that is too much for the page, its widest word in
/// columns of numbers, whose names then take two lines. Columns at the right end that there is no room for are left
/// out; `None` for those that share what is left.
fn widths(table: &Table, width: usize) -> Vec<Option<usize>> {
    let padding = |place: usize| if place == 0 { 3 } else { 2 };
    let cells = |place: usize| {
        let cells = table.rows.iter().filter_map(move |row| row.get(place).map(String::as_str));
        cells.chain(table.columns.get(place).map(|column| column.name))
    };
    let columns = 0..table.columns.len();
    let whole = |place| cells(place).map(|cell| cell.chars().count()).max().unwrap_or(0);
    if columns.clone().map(|place| whole(place) + padding(place)).sum::<usize>() <= width {
        return vec![None; table.columns.len()];
    }
    let word = |place| {
        let words = cells(place).flat_map(str::split_whitespace);
        words.map(|word| word.chars().count()).max().unwrap_or(0)
    };
    let mut kept = Vec::new();
    let mut taken = 0;
    for (place, column) in table.columns.iter().enumerate() {
        let fixed = column.kind == Cells::Numbers || column.name == LAST;
        let own = if fixed { word(place) } else { whole(place).min(NARROWEST) };
        taken += own + padding(place);
        if taken > width && place > 1 {
            break;
        }
        kept.push(fixed.then(|| own + padding(place)));
    }
    kept
}

fn table(table: &Table, style: Style, out: &mut dyn Write) -> io::Result<()> {
    let widths = widths(table, style.width);
    let mut grid = Grid::new();
    grid.load_style(presets::NOTHING)
        .set_content_arrangement(ContentArrangement::Dynamic)
        .set_width(u16::try_from(style.width).unwrap_or(u16::MAX));
    let kept = widths.len();
    grid.set_header(table.columns.iter().take(kept).map(|column| Cell::new(column.name)));
    for cells in &table.rows {
        let cells = cells.iter().take(kept).map(|text| Cell::new(safe::line(text)));
        let mut row = Row::from(cells.collect::<Vec<_>>());
        row.max_height(LINES_OF_A_ROW);
        grid.add_row(row);
    }
    for ((place, column), width) in table.columns.iter().enumerate().zip(&widths) {
        let Some(grid_column) = grid.column_mut(place) else { continue };
        grid_column.set_padding((if place == 0 { 2 } else { 1 }, 1));
        if let Some(width) = width.and_then(|width| u16::try_from(width).ok()) {
            grid_column.set_constraint(ColumnConstraint::Absolute(Width::Fixed(width)));
        }
        if column.kind == Cells::Numbers {
            grid_column.set_cell_alignment(CellAlignment::Right);
        }
    }
    for (number, line) in grid.to_string().lines().enumerate() {
        let line = line.trim_end();
        if number == 0 {
            writeln!(out, "{}", paint(line, Ansi::new().dimmed(), style))?;
        } else {
            writeln!(out, "{}", colored(line, style))?;
        }
    }
    Ok(())
}

/// The line with its first word in the colour of the outcome or severity that it names.
fn colored(line: &str, style: Style) -> String {
    let blanks = line.len() - line.trim_start().len();
    let (indent, rest) = line.split_at_checked(blanks).unwrap_or(("", line));
    let end = rest.find(' ').unwrap_or(rest.len());
    let (word, rest) = rest.split_at_checked(end).unwrap_or((rest, ""));
    let ansi = if OUTCOMES.contains(&word) {
        outcome(word)
    } else if ["error", "warning", "note"].contains(&word) {
        severity(word)
    } else {
        return line.to_owned();
    };
    format!("{indent}{}{rest}", paint(word, ansi, style))
}

fn item(item: &Item, widest: usize, style: Style, out: &mut dyn Write) -> io::Result<()> {
    let indent = widest + 4;
    let margin = " ".repeat(indent);
    let name = item.name.as_ref().map(|name| format!("{name}: ")).unwrap_or_default();
    let text = wrap::after(indent + name.len(), &safe::line(&item.text), style.width, indent);
    let name = paint(&name, Ansi::new().bold(), style);
    writeln!(out, "  {:>widest$}  {name}{text}", item.count)?;
    if !item.about.is_empty() {
        let about = wrap::after(indent, &safe::line(&item.about), style.width, indent);
        writeln!(out, "{margin}{}", paint(&about, Ansi::new().dimmed(), style))?;
    }
    let wide = item.lines.iter().map(|(count, _)| count.len()).max().unwrap_or(0);
    let gap = if wide > 0 { 2 } else { 0 };
    for (count, text) in &item.lines {
        let taken = indent + wide + gap;
        let text = wrap::after(taken, &safe::line(text), style.width, taken);
        writeln!(out, "{margin}{count:>wide$}{}{text}", " ".repeat(gap))?;
    }
    Ok(())
}
