//! `markdown`: for tickets and pull requests.
//!
//! What comes from the input stands in code spans and blocks that it cannot end, or has every mark of
//! Markdown escaped.

use std::io::{self, Write};

use super::{Format, Render, facts, order, phrase, safe};
use crate::report::{FindingReport, SessionReport, SourceReport, Summary};

pub(super) static FORMAT: Format = Format {
    name: "markdown",
    about: "Markdown for tickets and pull requests",
    renderer: |_| Box::new(Markdown),
    session: None,
};

struct Markdown;

impl Render for Markdown {
    fn some(&mut self, some: &SourceReport, out: &mut dyn Write) -> io::Result<bool> {
        some.sessions.iter().try_for_each(|session| self::session(some, session, out))?;
        Ok(true)
    }

    fn source(&mut self, source: &SourceReport, out: &mut dyn Write) -> io::Result<()> {
        source.sessions.iter().try_for_each(|session| self::session(source, session, out))?;
        if !source.findings.is_empty() {
            writeln!(out, "## {}\n", escaped(&facts::across(source)))?;
        }
        order::causes_first(&source.findings)
            .into_iter()
            .try_for_each(|finding| self::finding(finding, out))?;
        for problem in &source.problems {
            let text = format!("{}: {}", source.name, problem.message);
            writeln!(out, "- **{}**: {}", problem.severity, escaped(&text))?;
        }
        if source.problems.is_empty() { Ok(()) } else { writeln!(out) }
    }

    fn finish(&mut self, summary: &Summary, out: &mut dyn Write) -> io::Result<()> {
        writeln!(out, "{}", escaped(&facts::totals(summary)))
    }
}

fn session(source: &SourceReport, session: &SessionReport, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "## {}\n", escaped(&session.verdict))?;
    writeln!(out, "{}\n", escaped(&facts::of(source, session)))?;
    if !session.exchanges.is_empty() {
        writeln!(out, "| line | client | server |\n| ---: | --- | --- |")?;
        for exchange in &session.exchanges {
            let line = phrase::line_of(exchange).map(|line| line.to_string()).unwrap_or_default();
            let client = phrase::client(session, exchange);
            let server = phrase::server(exchange);
            writeln!(out, "| {line} | {} | {} |", code_cell(&client), code_cell(&server))?;
        }
        writeln!(out)?;
    }
    for finding in order::causes_first(&session.findings) {
        self::finding(finding, out)?;
    }
    Ok(())
}

fn finding(finding: &FindingReport, out: &mut dyn Write) -> io::Result<()> {
    writeln!(
        out,
        "### {}: {}\n\n{}\n",
        finding.severity,
        finding.rule,
        escaped(&phrase::message(finding)),
    )?;
    if !finding.excerpt.is_empty() {
        let lines: Vec<String> = finding
            .excerpt
            .iter()
            .map(|line| {
                let words = if line.words.is_empty() { "" } else { "    ← " };
                let text = format!("{:>6} {}: {}", line.line, line.speaker, line.text);
                safe::line(&format!("{text}{words}{}", line.words)).into_owned()
            })
            .collect();
        let fence = fence(lines.iter().map(String::as_str), 3);
        writeln!(out, "{fence}text\n{}\n{fence}\n", lines.join("\n"))?;
    }
    if !finding.help.is_empty() {
        writeln!(out, "- {}: {}", phrase::to_do(finding.party), escaped(&finding.help))?;
    }
    if let Some(cause) = finding.because_of {
        writeln!(out, "- Because of: {cause}")?;
    }
    if !finding.references.is_empty() {
        writeln!(out, "- See {}", escaped(&finding.references.join(", ")))?;
    }
    writeln!(out)
}

/// Text in which nothing is a mark of Markdown or HTML.
pub(super) fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len() + 8);
    for character in safe::line(text).chars() {
        match character {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '\\' | '`' | '*' | '_' | '{' | '}' | '[' | ']' | '(' | ')' | '#' | '+' | '-' | '!'
            | '|' | '~' | '=' | '$' => {
                escaped.push('\\');
                escaped.push(character);
            }
            other => escaped.push(other),
        }
    }
    escaped
}

/// Text as code in a cell of a table.
pub(super) fn code_cell(text: &str) -> String {
    let text = safe::line(text).replace('|', "\\|");
    if text.trim().is_empty() {
        return String::new();
    }
    let fence = fence(std::iter::once(text.as_str()), 1);
    let space = if text.starts_with('`') || text.ends_with('`') { " " } else { "" };
    format!("{fence}{space}{text}{space}{fence}")
}

/// More backticks than stand in a row anywhere in the texts, and at least `least`.
fn fence<'t>(texts: impl Iterator<Item = &'t str>, least: usize) -> String {
    let longest = |text: &str| {
        let runs = text.split(|character| character != '`');
        runs.map(str::len).max().unwrap_or(0)
    };
    "`".repeat(texts.map(longest).max().map_or(least, |longest| least.max(longest + 1)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn input_cannot_leave_its_place() {
        for (text, expected) in [
            ("MAIL FROM:<a@b>", "`MAIL FROM:<a@b>`"),
            ("a|b", r"`a\|b`"),
            ("``x`", "``` ``x` ```"),
            (" ", ""),
        ] {
            assert_eq!(code_cell(text), expected);
        }
        assert_eq!(escaped("<b>*x* [y](z)"), r"&lt;b&gt;\*x\* \[y\]\(z\)");
        assert_eq!(fence(["a```b"].into_iter(), 3), "````");
    }
}
