//! Transcripts as strangers write them, each with the rules that it must raise and those that it must not.
//!
//! `tests/cases/*.txt` holds them: a title after `==`, then `raises:` and `absent:` with rules, `local:` with the
//! server's domain, and the transcript behind `--`. `absent: errors` and `absent: warnings` stand for all findings of
//! that severity; `because: rule=cause` asks for the link; `verdict:` is the verdict of the first session. `tests/cases/refusals.tsv` has a refusal a line: its stage, its reply (lines parted by `\n`), and
//! the one rule of the family `delivery` or `relay` that it must raise (`a|b`: one of them; `-`: none).

use std::{fmt::Write, fs, path::Path};

use smtplog::{
    Options, analyze_bytes,
    report::{FindingReport, SourceReport},
};

fn folder() -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases")
}

fn report(text: &str, local: &[String]) -> SourceReport {
    let mut options = Options::default();
    options.judging.local_domains = local.to_vec();
    analyze_bytes("case", text.as_bytes(), &options)
}

fn findings(report: SourceReport) -> Vec<FindingReport> {
    report
        .sessions
        .into_iter()
        .flat_map(|session| session.findings)
        .chain(report.findings)
        .collect()
}

fn words(line: &str) -> Vec<String> {
    line.split_whitespace().map(str::to_owned).collect()
}

#[test]
fn every_case_raises_what_it_should() {
    let mut wrong = String::new();
    let mut files: Vec<_> =
        fs::read_dir(folder()).unwrap().map(|file| file.unwrap().path()).collect();
    files.sort();
    let mut count = 0;
    for path in files.iter().filter(|path| path.extension().is_some_and(|kind| kind == "txt")) {
        let text = fs::read_to_string(path).unwrap();
        for case in text.split("\n== ").skip(1) {
            count += 1;
            let (head, transcript) = case.split_once("\n--\n").unwrap();
            let title = head.lines().next().unwrap();
            let told = |name: &str| {
                let line = head.lines().find_map(|line| line.strip_prefix(name));
                line.map(words).unwrap_or_default()
            };
            let report = report(transcript, &told("local:"));
            let verdict = report.sessions.first().map(|session| session.verdict.clone());
            let wanted = head.lines().find_map(|line| line.strip_prefix("verdict: "));
            if wanted.is_some() && wanted != verdict.as_deref() {
                let _ = writeln!(wrong, "{title}: says {verdict:?}");
            }
            let found = findings(report);
            let names: Vec<&str> = found.iter().map(|finding| finding.rule).collect();
            for wanted in told("raises:") {
                if !wanted.split('|').any(|rule| names.contains(&rule)) {
                    let _ = writeln!(wrong, "{title}: misses {wanted}, has {names:?}");
                }
            }
            for link in told("because:") {
                let (rule, cause) = link.split_once('=').unwrap();
                let has = found
                    .iter()
                    .any(|finding| finding.rule == rule && finding.because_of == Some(cause));
                if !has {
                    let _ = writeln!(wrong, "{title}: {rule} is not because of {cause}");
                }
            }
            for unwanted in told("absent:") {
                let raised = found.iter().any(|finding| match unwanted.as_str() {
                    "errors" => finding.severity == smtplog::rules::Severity::Error,
                    "warnings" => finding.severity > smtplog::rules::Severity::Note,
                    rule => finding.rule == rule,
                });
                if raised {
                    let _ = writeln!(wrong, "{title}: raises {unwanted} among {names:?}");
                }
            }
        }
    }
    assert!(count > 0);
    assert!(wrong.is_empty(), "{wrong}");
}

/// A whole session around a refusal.
fn around(stage: &str, reply: &str) -> String {
    const HELLO: &[&str] = &[
        "C: EHLO client.example",
        "S: 250-mx.example.net",
        "S: 250-STARTTLS",
        "S: 250 AUTH CRAM-MD5",
    ];
    const MESSAGE: &[&str] = &[
        "C: DATA",
        "S: 354 go ahead",
        "C: From: a@client.example",
        "C: Date: Mon, 23 Nov 2026 10:00:00 +0000",
        "C: Subject: test",
        "C:",
        "C: hello",
        "C: .",
    ];
    let greeting = &["S: 220 mx.example.net ESMTP"][..];
    let mail = &["C: MAIL FROM:<a@client.example>"][..];
    let rcpt = &["S: 250 2.1.0 Ok", "C: RCPT TO:<b@example.net>"][..];
    let parts: Vec<&[&str]> = match stage {
        "GREETING" => vec![],
        "HELO" => vec![greeting, &["C: HELO client"]],
        "STARTTLS" => vec![greeting, HELLO, &["C: STARTTLS"]],
        "AUTH" => vec![
            greeting,
            HELLO,
            &[
                "C: AUTH CRAM-MD5",
                "S: 334 PDE4OTYuNjk3MTcwOTUyQG14LmV4YW1wbGUubmV0Pg==",
                "C: dGltIGI5MTNhNjAyYzdlZGE3YTQ5NWI0ZTZlNzMzNGQzODkw",
            ],
        ],
        "MAIL" => vec![greeting, HELLO, mail],
        "RCPT" => vec![greeting, HELLO, mail, rcpt],
        "MESSAGE" => vec![greeting, HELLO, mail, rcpt, &["S: 250 2.1.5 Ok"], MESSAGE],
        _ => panic!("no such stage: {stage}"),
    };
    let mut text = String::new();
    for line in parts.concat() {
        let _ = writeln!(text, "{line}");
    }
    for line in reply.split("\\n") {
        let _ = writeln!(text, "S: {line}");
    }
    text + "C: QUIT\nS: 221 2.0.0 Bye\n"
}

#[test]
fn every_refusal_is_diagnosed() {
    let table = fs::read_to_string(folder().join("refusals.tsv")).unwrap();
    let mut wrong = String::new();
    for row in table.lines().filter(|row| !row.starts_with('#') && !row.is_empty()) {
        let [stage, reply, rules] = row.split('\t').collect::<Vec<_>>()[..] else {
            panic!("three columns: {row}");
        };
        let found = findings(report(&around(stage, reply), &[]));
        let names: Vec<&str> = found
            .iter()
            .filter(|finding| matches!(finding.family, "delivery" | "relay"))
            .map(|finding| finding.rule)
            .collect();
        let right = match names[..] {
            [] => rules == "-",
            [one] => rules.split('|').any(|rule| rule == one),
            _ => false,
        };
        if !right {
            let _ = writeln!(wrong, "{stage} {reply}: {names:?}, not {rules}");
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}
