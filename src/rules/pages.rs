//! Runs the pages: each example under `## Flags` raises its rule on the marked line, none under
//! `## Accepts` does.
//!
//! An example is a fenced block whose info string begins with `smtp`; each of its lines has a gutter of two
//! characters, `! ` on the line that the finding must stand on and two blanks on the others. What is left
//! is read as any transcript is. After `smtp`, the info string may hold `rfc=821`, `local-domain=NAME`,
//! `trusted-network=CIDR` and `also=RULE,RULE`: rules that are raised as well, as causes or consequences.

use super::{Family, Judging, Rule, Severity, all};

#[derive(Debug, Default)]
struct Example {
    flags: bool,
    text: Vec<u8>,
    marked: Vec<u64>,
    judging: Judging,
    also: Vec<String>,
}

fn examples(rule: &Rule) -> Vec<Example> {
    let mut found = Vec::new();
    let mut section = "";
    let mut current: Option<Example> = None;
    for line in rule.page.lines() {
        let line = line.strip_prefix(' ').unwrap_or(line);
        if let Some(info) = line.strip_prefix("```") {
            match current.take() {
                Some(example) => found.push(example),
                None if info.starts_with("smtp") => {
                    assert!(matches!(section, "Flags" | "Accepts"), "{}: stray example", rule.name);
                    current = Some(begin(section == "Flags", info));
                }
                None => {}
            }
        } else if let Some(example) = &mut current {
            let marked = line.starts_with('!');
            let number = example.text.iter().filter(|octet| **octet == b'\n').count() as u64 + 1;
            if marked {
                example.marked.push(number);
            }
            example.text.extend_from_slice(unescaped(line.get(2..).unwrap_or_default()).as_slice());
            example.text.push(b'\n');
        } else if let Some(title) = line.strip_prefix("## ") {
            section = title.trim();
        }
    }
    found
}

/// `\x08`, `\r` and `\\` in an example stand for what a page cannot show.
fn unescaped(line: &str) -> Vec<u8> {
    let mut out = Vec::new();
    let mut letters = line.chars();
    while let Some(letter) = letters.next() {
        if letter != '\\' {
            out.extend_from_slice(letter.encode_utf8(&mut [0; 4]).as_bytes());
            continue;
        }
        match letters.next() {
            Some('r') => out.push(b'\r'),
            Some('x') => {
                let digits: String = letters.by_ref().take(2).collect();
                out.push(u8::from_str_radix(&digits, 16).expect("two hexadecimal digits"));
            }
            Some(other) => out.extend_from_slice(other.encode_utf8(&mut [0; 4]).as_bytes()),
            None => out.push(b'\\'),
        }
    }
    out
}

fn begin(flags: bool, info: &str) -> Example {
    let mut example = Example { flags, ..Example::default() };
    for word in info.split_whitespace().skip(1) {
        let (name, value) = word.split_once('=').expect("name=value");
        match name {
            "rfc" => example.judging.edition = value.parse().expect("an edition"),
            "local-domain" => example.judging.local_domains.push(value.to_owned()),
            "trusted-network" => {
                example.judging.trusted_networks.push(value.parse().expect("a network"));
            }
            "also" => example.also.extend(value.split(',').map(str::to_owned)),
            _ => panic!("unknown word in an example's info string: {word}"),
        }
    }
    example
}

#[test]
fn every_page_has_both_kinds_of_example() {
    for rule in all() {
        let examples = examples(rule);
        assert!(examples.iter().any(|example| example.flags), "{}: no ## Flags", rule.name);
        assert!(examples.iter().any(|example| !example.flags), "{}: no ## Accepts", rule.name);
        assert!(!rule.summary().is_empty(), "{}: no summary", rule.name);
        assert!(!rule.references.is_empty(), "{}: no reference", rule.name);
    }
}

#[test]
fn every_page_tells_the_truth() {
    let mut wrong = Vec::new();
    for rule in all() {
        for example in examples(rule) {
            let options =
                crate::Options { judging: example.judging.clone(), ..crate::Options::default() };
            let report = crate::analyze_bytes("page", &example.text, &options);
            let found: Vec<_> = report
                .sessions
                .iter()
                .flat_map(|session| &session.findings)
                .chain(&report.findings)
                .collect();
            let own: Vec<u64> = found
                .iter()
                .filter(|finding| finding.rule == rule.name)
                .flat_map(|finding| {
                    let more = finding.evidence.iter().map(|evidence| evidence.line);
                    std::iter::once(finding.line).chain(more)
                })
                .collect();
            let text = String::from_utf8_lossy(&example.text).into_owned();
            if !example.flags && !own.is_empty() {
                wrong.push(format!(
                    "{} is raised on line {own:?} of an accepted example:\n{text}",
                    rule.name
                ));
                continue;
            }
            if !example.flags {
                continue;
            }
            if !example.marked.iter().all(|line| own.contains(line)) || own.is_empty() {
                wrong.push(format!(
                    "{} is raised on {own:?}, not on {:?}:\n{text}",
                    rule.name, example.marked
                ));
            }
            let others: Vec<_> = found
                .iter()
                // A refusal has its diagnosis in every session, whatever the example is about.
                .filter(|finding| rule.family == Family::Delivery || finding.family != "delivery")
                .filter(|finding| {
                    finding.rule != rule.name
                        && finding.severity > Severity::Note
                        && !example.also.iter().any(|name| name == finding.rule)
                })
                .map(|finding| (finding.rule, finding.line))
                .collect();
            if !others.is_empty() {
                wrong.push(format!("{}'s example raises {others:?} too:\n{text}", rule.name));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn names_are_kebab_case_and_unique() {
    let mut names: Vec<_> = all().map(|rule| rule.name).collect();
    names.sort_unstable();
    let count = names.len();
    names.dedup();
    assert_eq!(names.len(), count);
    assert!(
        names
            .iter()
            .all(|name| name.bytes().all(|octet| octet.is_ascii_lowercase() || octet == b'-'))
    );
}
