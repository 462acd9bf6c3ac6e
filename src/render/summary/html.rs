//! `html`: one page that needs nothing else.

use maud::{Markup, html};

use super::{
    SummaryFormat,
    page::{self, Cells, Item, Section, Table},
};
use crate::{
    render::html::{document, shown},
    report::summary::OUTCOMES,
    rules::Severity,
};

pub(super) static FORMAT: SummaryFormat = SummaryFormat {
    name: "html",
    about: "one HTML page that needs nothing else",
    write: |summary, _, out| {
        let page = page::of(summary);
        let body = html! {
            h1 { (shown(&page.title)) }
            @for fact in &page.facts { p .facts { (shown(fact)) } }
            @for section in &page.sections { (self::section(section)) }
        };
        writeln!(out, "{}", document(&body).into_string())
    },
};

fn section(section: &Section) -> Markup {
    html! {
        section {
            h2 { (shown(&section.title)) }
            @if let Some(table) = section.table.as_ref().filter(|table| !table.rows.is_empty()) {
                (self::table(table))
            }
            @for item in &section.items { (self::item(item)) }
            @for note in &section.notes { p .facts { (shown(note)) } }
        }
    }
}

fn table(table: &Table) -> Markup {
    let class = |kind| match kind {
        Cells::Numbers => "quantity",
        Cells::Picture => "picture",
        Cells::Words | Cells::Text => "",
    };
    html! {
        table {
            thead { tr { @for column in &table.columns { th class=(class(column.kind)) { (column.name) } } } }
            tbody {
                @for row in &table.rows {
                    tr {
                        @for (text, column) in row.iter().zip(&table.columns) {
                            td class=(class(column.kind)) {
                                @if column.kind == Cells::Text {
                                    code { (shown(text)) }
                                } @else if is_coloured(text) {
                                    span class=(text) { (text) }
                                } @else {
                                    (shown(text))
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}

/// Whether a word of the program has a colour: an outcome or a severity.
fn is_coloured(word: &str) -> bool {
    OUTCOMES.contains(&word)
        || [Severity::Error, Severity::Warning].into_iter().any(|it| it.name() == word)
}

fn item(item: &Item) -> Markup {
    html! {
        article {
            h3 {
                (item.count) " × "
                @if let Some(name) = &item.name { code { (name) } " " (shown(&item.text)) }
                @else { code { (shown(&item.text)) } }
            }
            @if !item.about.is_empty() { p .facts { (shown(&item.about)) } }
            @if !item.lines.is_empty() {
                ul {
                    @for (count, text) in &item.lines {
                        li { @if !count.is_empty() { (count) " × " } code { (shown(text)) } }
                    }
                }
            }
        }
    }
}
