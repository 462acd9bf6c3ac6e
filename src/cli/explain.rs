//! `explain`: pages about the rules and about what the RFCs say; and all of it as tables.

use std::io::{self, Write as _};

use super::{
    args::{Explain, ListFormat},
    message,
    status::Status,
};
use crate::{
    report::{
        explain::{Explanation, explain},
        tables::{RuleRow, tables},
    },
    rules::{self, Rule},
};

/// Prints the pages, in the order of the topics.
pub(super) fn run(arguments: &Explain) -> io::Result<Status> {
    if arguments.all {
        return all();
    }
    let pages = match pages(&arguments.topics) {
        Ok(pages) => pages,
        Err(unknown) => {
            message::error(&unknown);
            return Ok(Status::Failed);
        }
    };
    let mut out = io::stdout().lock();
    if arguments.format == ListFormat::Json {
        serde_json::to_writer_pretty(&mut out, &pages)?;
        writeln!(out)?;
        return Ok(Status::Clean);
    }
    for (number, page) in pages.iter().enumerate() {
        if number > 0 {
            writeln!(out)?;
        }
        writeln!(out, "{}", page.text.trim_end())?;
    }
    Ok(Status::Clean)
}

/// The pages about the words; words between rules' names are the protocol's.
fn pages(topics: &[String]) -> Result<Vec<Explanation>, String> {
    let words: Vec<&str> = topics.iter().flat_map(|topic| topic.split_whitespace()).collect();
    let mut pages = Vec::new();
    for run in
        words.chunk_by(|one, other| rules::find(one).is_none() && rules::find(other).is_none())
    {
        if let [name] = run
            && let Some(rule) = rules::find(name)
        {
            pages.push(page(rule));
            continue;
        }
        pages.extend(explain(run).map_err(|unknown| {
            let known = rules::all().map(|rule| rule.name);
            let meant: Vec<&str> = super::names::nearest(&unknown.topic, known)
                .into_iter()
                .chain(unknown.did_you_mean.iter().map(String::as_str))
                .collect();
            let topic = &unknown.topic;
            match meant.as_slice() {
                [] => format!("nothing is known of `{topic}`; see `smtplog rules`"),
                meant => {
                    format!("nothing is known of `{topic}`; did you mean `{}`?", meant.join("`, `"))
                }
            }
        })?);
    }
    Ok(pages)
}

/// The page of a rule, with what the catalogue says of it.
fn page(rule: &Rule) -> Explanation {
    let references = rule.references.join(", ");
    let mut text = format!(
        "{} ({}, {})\n\n{}",
        rule.name,
        rule.family.name(),
        rule.severity.name(),
        readable(&rule.text())
    );
    if !references.is_empty() {
        text = format!("{}\n\nSee {references}.", text.trim_end());
    }
    Explanation { topic: rule.name.to_owned(), text }
}

/// A rule's page without the marks of Markdown: headings alone, transcripts indented.
fn readable(page: &str) -> String {
    let mut text = String::new();
    let mut transcript = false;
    for line in page.lines() {
        if line.starts_with("```") {
            transcript = !transcript;
            if transcript && !text.ends_with("\n\n") && !text.ends_with(":\n") {
                text.push('\n');
            }
            continue;
        }
        let apart = if text.ends_with("\n\n") { "" } else { "\n" };
        let (indent, line) = match line.strip_prefix("## ") {
            Some("Flags") => (apart, "Raised by, where `!` stands:"),
            Some("Accepts") => (apart, "Not raised by:"),
            Some(heading) => ("", heading),
            None if transcript => ("  ", line),
            None => ("", line),
        };
        text.push_str(indent);
        text.push_str(line);
        text.push('\n');
    }
    text
}

/// Everything, as JSON.
fn all() -> io::Result<Status> {
    let rows = rules::all().map(|rule| RuleRow {
        name: rule.name,
        family: rule.family.name(),
        severity: rule.severity.name(),
        summary: rule.summary().to_owned(),
        references: rule.references.iter().map(|&clause| clause.to_owned()).collect(),
    });
    let mut out = io::stdout().lock();
    serde_json::to_writer_pretty(&mut out, &tables(rows.collect()))?;
    writeln!(out)?;
    Ok(Status::Clean)
}
