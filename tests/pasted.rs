//! Dialogues as people paste them: between sentences, with remarks behind the lines, with lines left out.
//!
//! `tests/pasted.txt` holds them: a title after `==`, then a line `reads:` for each session with its exchanges (the
//! verb, where the client said something, and the code, where the server did), `absent:` with rules that would be
//! wrong, `raises:` with rules that some session has to raise, and behind `--` the text.

use std::fmt::Write as _;

use smtplog::{Options, analyze_bytes, report::SessionReport};

/// `220, EHLO 250, QUIT -`: what was said and answered.
fn reads(session: &SessionReport) -> String {
    let exchanges = session.exchanges.iter().map(|exchange| {
        let verb = exchange.verb.as_deref().unwrap_or_default().to_uppercase();
        let code = exchange.reply.as_ref().and_then(|reply| reply.code);
        let code = code.map_or_else(|| "-".to_owned(), |code| code.to_string());
        if verb.is_empty() { code } else { format!("{verb} {code}") }
    });
    exchanges.collect::<Vec<_>>().join(", ")
}

#[test]
fn every_paste_is_read_as_it_was_meant() {
    let text = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/pasted.txt"));
    let text = text.expect("tests/pasted.txt");
    let mut wrong = String::new();
    let mut count = 0;
    for case in text.split("\n== ").skip(1) {
        let (head, record) = case.split_once("\n--\n").expect("a text behind --");
        let mut lines = head.lines();
        let title = lines.next().unwrap_or_default();
        let told = |key: &str| -> Vec<&str> {
            head.lines().filter_map(|line| line.strip_prefix(key)).map(str::trim).collect()
        };
        let report = analyze_bytes("t", record.as_bytes(), &Options::default());
        let found: Vec<String> = report.sessions.iter().map(reads).collect();
        let wanted = told("reads:");
        if found != wanted {
            let _ = writeln!(wrong, "{title}: reads {found:#?}, not {wanted:#?}");
        }
        for rule in told("absent:") {
            let raised =
                |session: &SessionReport| session.findings.iter().any(|one| one.rule == rule);
            if report.sessions.iter().any(raised) {
                let _ = writeln!(wrong, "{title}: raises {rule}");
            }
        }
        for rule in told("raises:") {
            let raised =
                |session: &SessionReport| session.findings.iter().any(|one| one.rule == rule);
            if !report.sessions.iter().any(raised) {
                let _ = writeln!(wrong, "{title}: does not raise {rule}");
            }
        }
        count += 1;
    }
    assert!(wrong.is_empty(), "{wrong}");
    assert!(count >= 15, "only {count} cases");
}
