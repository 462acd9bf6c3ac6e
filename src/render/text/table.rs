//! The exchanges as a table: what the client sent, what the server answered, what is worth a remark.

use std::fmt::Write as _;

use comfy_table::{ColumnConstraint, ContentArrangement, Row, Table, Width, presets};

use super::wrap;
use crate::{
    render::{phrase, safe},
    report::{ExchangeReport, SessionReport},
    rules::Severity,
};

/// How many lines a row takes at most.
const LINES_OF_A_ROW: usize = 3;

/// How many rows are shown of a long session: the first ones, and the last ones.
const FIRST_ROWS: usize = 40;
const LAST_ROWS: usize = 12;

/// A reply from this many milliseconds on is worth a remark.
const SLOW: f64 = 1000.0;

/// On a page of fewer columns, sides stand below each other: beside each other they would take half a word a line.
const NARROW: usize = 60;

/// The exchanges of a session, at most `width` columns wide.
pub(super) fn exchanges(session: &SessionReport, width: usize) -> String {
    if width < NARROW { listed(session, width) } else { table(session, width) }
}

/// A line for each side, wrapped between words.
fn listed(session: &SessionReport, width: usize) -> String {
    let numbers = session.exchanges.iter().filter_map(phrase::line_of);
    let digits = numbers.max().unwrap_or(0).to_string().len();
    let left_out = session.exchanges.len().saturating_sub(FIRST_ROWS + LAST_ROWS);
    let mut list = String::new();
    for (number, exchange) in session.exchanges.iter().enumerate() {
        if left_out > 0 && number == FIRST_ROWS {
            let _ = writeln!(list, "{:digits$} ⋮  {left_out} more exchanges", "");
        }
        if left_out > 0 && (FIRST_ROWS..FIRST_ROWS + left_out).contains(&number) {
            continue;
        }
        let line = phrase::line_of(exchange).map(|line| line.to_string()).unwrap_or_default();
        let (client, server) = (phrase::client(session, exchange), phrase::server(exchange));
        let remarks = remarks(session, exchange).replace('\n', ", ");
        let sides = [(line.as_str(), "C:", client), ("", "S:", server), ("", " !", remarks)];
        for (line, side, text) in sides.iter().filter(|(_, _, text)| !text.is_empty()) {
            let indent = digits + 4;
            let room = LINES_OF_A_ROW * width.saturating_sub(indent);
            let text = shortened(&safe::line(text), room);
            let text = wrap::after(indent, &text, width, indent);
            let _ = writeln!(list, "{line:>digits$} {side} {text}");
        }
    }
    list.truncate(list.trim_end().len());
    list
}

/// The text in at most so many characters.
fn shortened(text: &str, room: usize) -> String {
    if text.chars().count() <= room {
        return text.to_owned();
    }
    text.chars().take(room.saturating_sub(1)).chain(['…']).collect()
}

/// A table with a column for each side.
fn table(session: &SessionReport, width: usize) -> String {
    let mut table = Table::new();
    table
        .load_style(presets::UTF8_FULL_CONDENSED)
        .set_content_arrangement(ContentArrangement::Dynamic)
        .set_width(u16::try_from(width).unwrap_or(u16::MAX));
    let remarks: Vec<String> =
        session.exchanges.iter().map(|exchange| remarks(session, exchange)).collect();
    let remarked = remarks.iter().any(|remark| !remark.is_empty());
    let mut header = vec!["line", "client", "server"];
    if remarked {
        header.push("note");
    }
    table.set_header(header);
    let left_out = session.exchanges.len().saturating_sub(FIRST_ROWS + LAST_ROWS);
    for (number, (exchange, remark)) in session.exchanges.iter().zip(remarks).enumerate() {
        if left_out > 0 && number == FIRST_ROWS {
            table.add_row(["⋮".to_owned(), format!("{left_out} more exchanges")]);
        }
        if left_out > 0 && (FIRST_ROWS..FIRST_ROWS + left_out).contains(&number) {
            continue;
        }
        let line = phrase::line_of(exchange).map(|line| line.to_string()).unwrap_or_default();
        // No column is as wide as the page: what cannot be shown need not be broken into lines.
        let room = LINES_OF_A_ROW * width;
        let client = shortened(&safe::line(&phrase::client(session, exchange)), room);
        let server = shortened(&safe::line(&phrase::server(exchange)), room);
        let mut cells = vec![line, client, server];
        if remarked {
            cells.push(remark);
        }
        let mut row = Row::from(cells);
        row.max_height(LINES_OF_A_ROW);
        table.add_row(row);
    }
    for (index, constraint) in [
        (0, ColumnConstraint::ContentWidth),
        (3, ColumnConstraint::UpperBoundary(Width::Percentage(30))),
    ] {
        if let Some(column) = table.column_mut(index) {
            column.set_constraint(constraint);
        }
    }
    table.to_string()
}

/// What is worth a remark on an exchange: how it was found out, how long it took, which findings stand
/// on it.
fn remarks(session: &SessionReport, exchange: &ExchangeReport) -> String {
    let mut remarks = Vec::new();
    if exchange.inferred {
        remarks.push("inferred".to_owned());
    }
    if let Some(latency) = exchange.latency_ms.filter(|latency| *latency >= SLOW) {
        remarks.push(format!("{:.1} s", latency / 1000.0));
    }
    let (command, reply) = (exchange.command.as_ref(), exchange.reply.as_ref());
    let mut spans = Vec::new();
    spans.extend(command.map(|command| command.line..=command.last_line));
    spans.extend(reply.map(|reply| reply.line..=reply.last_line));
    for finding in &session.findings {
        if finding.severity > Severity::Note
            && spans.iter().any(|span| span.contains(&finding.line))
        {
            remarks.push(finding.rule.to_owned());
        }
    }
    let mut text = String::new();
    for remark in remarks {
        let _ = write!(text, "{}{remark}", if text.is_empty() { "" } else { "\n" });
    }
    text
}
