//! The pages that are made from the tables of the program.

use std::fmt::Write as _;

use smtplog::{
    dialect,
    rules::{self, Family, Rule},
};

use crate::{root, shows};

const RULES: &str = "\
# Rules

Every rule of smtplog, by family, with its page; `smtplog explain RULE` prints the same. This file is made from the
program: `UPDATE=1 cargo test --test docs` writes it.

The severity is the rule's own; a finding may have another where its page says so. `--select` and `--ignore` take
names and families. In the examples, `!` stands before the line that the finding points at: those under *Flags*
raise the rule, those under *Accepts* do not, and the tests run them.
";

const DIALECTS: &str = "\
# Dialects

Every form of transcript and log that smtplog knows by its own marks, as `smtplog dialects` lists them. This file is
made from the program: `UPDATE=1 cargo test --test docs` writes it.

Marks tell lines apart, they do not tell whose they are: that is found from what the lines say, because the same mark
is the client's in one tool and the server's in the next. A record without any of these marks is read as well: as
`raw-unmarked` where no line has a mark, as `any-marks` where two marks of whatever kind stand before the lines.

";

/// What a table would take for its own.
fn cell(text: &str) -> String {
    text.replace('|', "\\|")
}

fn code(text: &str) -> String {
    if text.is_empty() { String::new() } else { format!("`{}`", cell(text)) }
}

fn rules_page() -> String {
    let mut page = RULES.to_owned();
    for family in Family::ALL {
        let rules: Vec<&Rule> = rules::all().filter(|rule| rule.family == *family).collect();
        if rules.is_empty() {
            continue;
        }
        let _ =
            writeln!(page, "\n## {}\n\n| rule | severity | |\n| --- | --- | --- |", family.name());
        for rule in &rules {
            let (name, severity) = (rule.name, rule.severity.name());
            let _ = writeln!(page, "| [{name}](#{name}) | {severity} | {} |", cell(rule.summary()));
        }
        for rule in rules {
            let (name, severity, party) = (rule.name, rule.severity.name(), rule.party.name());
            let _ = writeln!(page, "\n### {name}\n\n*{severity}; to act: {party}*\n");
            for line in rule.text().trim().lines() {
                let line = match (line.strip_prefix("## "), line.strip_prefix("```smtp")) {
                    (Some(title), _) => format!("#### {title}\n"),
                    (_, Some(_)) => "```text".to_owned(),
                    _ => line.to_owned(),
                };
                let _ = writeln!(page, "{line}");
            }
            let _ = writeln!(page, "\nClauses: {}.", rule.references.join(", "));
        }
    }
    page
}

fn dialects_page() -> String {
    let mut page = DIALECTS.to_owned();
    page.push_str(
        "| dialect | what writes it | client | server | sessions told apart by | times |\n",
    );
    page.push_str("| --- | --- | --- | --- | --- | --- |\n");
    let mut known = dialect::ALL.to_vec();
    known.sort_by_key(|dialect| dialect.name);
    for dialect in known {
        let _ = writeln!(
            page,
            "| {} | {} | {} | {} | {} | {} |",
            dialect.name,
            cell(dialect.about),
            code(dialect.client),
            code(dialect.server),
            cell(dialect.key),
            dialect.times.name()
        );
    }
    page
}

#[test]
fn rules() {
    shows(&root().join("docs/rules.md"), &rules_page());
}

#[test]
fn dialects() {
    shows(&root().join("docs/dialects.md"), &dialects_page());
}
