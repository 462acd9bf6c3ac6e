//! `docs/parity.md` is held against the program: what others detect is answered as the page says.
//!
//! The tables of the page are the data: a row names what a tool detects, what that is, the rules that answer
//! it (or `–` and why a saved dialogue cannot show it), and a file in `tests/parity/` that is read here and
//! has to raise those rules.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test may panic")]

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt::Write as _,
    fs,
    path::{Path, PathBuf},
};

use smtplog::{Options, analyze_bytes, rules};

/// How many detections each tool has: what the project set out to answer. More may be listed, none may go.
const LEAST: &[(&str, usize)] = &[
    ("Wireshark", 8),
    ("Zeek: weirds", 19),
    ("Zeek: unexpected", 8),
    ("Suricata", 23),
    ("Snort", 16),
    ("postscreen", 14),
    ("nmap", 9),
    ("Smuggling testers", 15),
];

#[derive(Debug)]
struct Row {
    tool: String,
    detection: String,
    /// Names in code style at the beginning of the third cell.
    rules: Vec<String>,
    reason: Option<String>,
    example: Option<PathBuf>,
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn page() -> String {
    fs::read_to_string(root().join("docs/parity.md")).unwrap()
}

fn cells(line: &str) -> Vec<String> {
    line.trim().trim_matches('|').split(" | ").map(|cell| cell.trim().to_owned()).collect()
}

/// The rows of all tables below a heading.
fn rows(page: &str) -> Vec<Row> {
    let mut rows = Vec::new();
    let mut tool = String::new();
    let mut body = false;
    for line in page.lines() {
        if let Some(heading) = line.strip_prefix("## ") {
            heading.clone_into(&mut tool);
            body = false;
        } else if line.starts_with("| ---") {
            body = !tool.is_empty();
        } else if body && line.starts_with('|') {
            let cells = cells(line);
            assert_eq!(cells.len(), 4, "{line}");
            let answer = &cells[2];
            let named = answer.split(": ").next().unwrap();
            let reason = answer.strip_prefix('–').map(|reason| reason.trim().to_owned());
            let rules = if reason.is_some() { Vec::new() } else { code(named) };
            let example = cells[3]
                .split("](")
                .nth(1)
                .map(|link| root().join("docs").join(link.trim_end_matches(')')));
            rows.push(Row {
                tool: tool.clone(),
                detection: cells[0].clone(),
                rules,
                reason,
                example,
            });
        }
    }
    rows
}

/// What stands between backticks.
fn code(text: &str) -> Vec<String> {
    text.split('`').skip(1).step_by(2).map(str::to_owned).collect()
}

#[test]
fn every_row_names_rules_that_exist_or_a_reason() {
    let known: BTreeSet<&str> = rules::all().map(|rule| rule.name).collect();
    for row in rows(&page()) {
        match &row.reason {
            Some(reason) => {
                assert!(reason.len() > 10, "{row:?} gives no reason");
                assert!(row.example.is_none(), "{row:?} has an example and no rule");
            }
            None => assert!(!row.rules.is_empty(), "{row:?} names neither a rule nor a reason"),
        }
        for rule in &row.rules {
            assert!(known.contains(rule.as_str()), "{row:?}: there is no rule {rule}");
        }
    }
}

#[test]
fn every_example_raises_the_rules_of_its_row() {
    let mut wrong = String::new();
    let mut read = BTreeSet::new();
    for row in rows(&page()).iter().filter(|row| row.reason.is_none()) {
        let file = row.example.as_ref().unwrap_or_else(|| panic!("{row:?} has no example"));
        let octets = fs::read(file).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
        let report = analyze_bytes("example", &octets, &Options::default());
        let raised: BTreeSet<&str> = report
            .sessions
            .iter()
            .flat_map(|session| &session.findings)
            .map(|finding| finding.rule)
            .collect();
        for rule in row.rules.iter().filter(|rule| !raised.contains(rule.as_str())) {
            let Row { tool, detection, .. } = row;
            let _ = writeln!(wrong, "{tool}: {detection}: {rule} is not among {raised:?}");
        }
        read.insert(file.file_name().unwrap().to_owned());
    }
    assert!(wrong.is_empty(), "\n{wrong}");
    for entry in fs::read_dir(root().join("tests/parity")).unwrap() {
        let name = entry.unwrap().file_name();
        assert!(read.contains(&name), "no row of docs/parity.md names tests/parity/{name:?}");
    }
}

#[test]
fn the_numbers_are_those_of_the_tables() {
    let page = page();
    let rows = rows(&page);
    let mut counts: BTreeMap<&str, (usize, usize)> = BTreeMap::new();
    for row in &rows {
        let count = counts.entry(&row.tool).or_default();
        count.0 += 1;
        count.1 += usize::from(row.reason.is_none());
    }
    let stated: BTreeMap<String, Vec<usize>> = page
        .lines()
        .take_while(|line| !line.starts_with("## "))
        .filter(|line| line.starts_with("| ") && !line.starts_with("| ---"))
        .skip(1)
        .map(|line| {
            let cells = cells(line);
            (cells[0].clone(), cells[1..].iter().map(|cell| cell.parse().unwrap()).collect())
        })
        .collect();
    assert_eq!(stated.len(), counts.len());
    for (tool, (all, answered)) in &counts {
        assert_eq!(stated[*tool], [*all, *answered, all - answered], "{tool}");
    }
    for (tool, least) in LEAST {
        assert!(counts[tool].0 >= *least, "{tool} has {} rows, not {least}", counts[tool].0);
    }
    let detections: BTreeSet<(&str, &str)> =
        rows.iter().map(|row| (row.tool.as_str(), row.detection.as_str())).collect();
    assert_eq!(detections.len(), rows.len(), "a detection stands twice");
}
