//! `markdown`: for tickets and reports.

use std::io::{self, Write};

use super::{
    SummaryFormat,
    page::{self, Cells, Item, Section, Table},
};
use crate::{
    render::{
        Style,
        markdown::{code_cell, escaped},
    },
    report::summary::SummaryReport,
};

pub(super) static FORMAT: SummaryFormat =
    SummaryFormat { name: "markdown", about: "Markdown for tickets and reports", write };

fn write(summary: &SummaryReport, _: Style, out: &mut dyn Write) -> io::Result<()> {
    let page = page::of(summary);
    writeln!(out, "# {}\n", escaped(&page.title))?;
    for fact in &page.facts {
        writeln!(out, "{}\n", escaped(fact))?;
    }
    page.sections.iter().try_for_each(|section| self::section(section, out))
}

fn section(section: &Section, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "## {}\n", escaped(&section.title))?;
    if let Some(table) = section.table.as_ref().filter(|table| !table.rows.is_empty()) {
        self::table(table, out)?;
        writeln!(out)?;
    }
    section.items.iter().try_for_each(|item| self::item(item, out))?;
    if !section.items.is_empty() {
        writeln!(out)?;
    }
    for note in &section.notes {
        writeln!(out, "- {}", escaped(note))?;
    }
    if section.notes.is_empty() { Ok(()) } else { writeln!(out) }
}

fn table(table: &Table, out: &mut dyn Write) -> io::Result<()> {
    let names: Vec<&str> = table.columns.iter().map(|column| column.name.trim_end()).collect();
    writeln!(out, "| {} |", names.join(" | "))?;
    let rules = table.columns.iter().map(|column| match column.kind {
        Cells::Numbers => "---:",
        _ => "---",
    });
    writeln!(out, "| {} |", rules.collect::<Vec<_>>().join(" | "))?;
    for row in &table.rows {
        let cells = row.iter().zip(&table.columns).map(|(text, column)| match column.kind {
            Cells::Text => code_cell(text),
            Cells::Words => escaped(text),
            Cells::Numbers | Cells::Picture => text.clone(),
        });
        writeln!(out, "| {} |", cells.collect::<Vec<_>>().join(" | "))?;
    }
    Ok(())
}

fn item(item: &Item, out: &mut dyn Write) -> io::Result<()> {
    let text = match &item.name {
        Some(name) => format!("**{}**: {}", escaped(name), escaped(&item.text)),
        None => code_cell(&item.text),
    };
    write!(out, "- {} × {text}", item.count)?;
    if !item.about.is_empty() {
        write!(out, " ({})", escaped(&item.about))?;
    }
    writeln!(out)?;
    for (count, text) in &item.lines {
        let count = if count.is_empty() { String::new() } else { format!("{count} × ") };
        writeln!(out, "  - {count}{}", code_cell(text))?;
    }
    Ok(())
}
