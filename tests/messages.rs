//! A message is one message however long it is, and whatever its lines look like.

#![expect(clippy::indexing_slicing, reason = "a test may panic")]

use std::fmt::Write as _;

use smtplog::{Options, account_bytes, analyze_bytes, report::SourceReport};

/// How each side's lines begin.
const FORMS: [(&str, &str); 4] = [("", ""), ("C: ", "S: "), (" -> ", "<-  "), (">>> ", "<<< ")];

fn record((client, server): (&str, &str), body: &mut dyn Iterator<Item = String>) -> (String, u64) {
    let mut record = String::new();
    if client.is_empty() {
        record.push_str(
            "Trying 192.0.2.25...\nConnected to mx.example.net.\nEscape character is '^]'.\n",
        );
    }
    let mut say = |mark: &str, text: &str| {
        let _ = writeln!(record, "{mark}{text}");
    };
    say(server, "220 mx.example.net ESMTP");
    for (command, reply) in [
        ("EHLO client.example.org", "250 mx.example.net"),
        ("MAIL FROM:<ann@example.org>", "250 2.1.0 Ok"),
        ("RCPT TO:<bob@example.net>", "250 2.1.5 Ok"),
        ("DATA", "354 End data with <CR><LF>.<CR><LF>"),
    ] {
        say(client, command);
        say(server, reply);
    }
    let header =
        ["From: ann@example.org", "Date: Mon, 23 Nov 2026 10:00:00 +0000", "Subject: x", ""];
    let mut octets = 0;
    for line in header.map(str::to_owned).into_iter().chain(body) {
        say(client, &line);
        octets += line.len() as u64 + 2;
    }
    for (command, reply) in [(".", "250 2.0.0 Ok: queued as 4F1C2A0B"), ("QUIT", "221 2.0.0 Bye")] {
        say(client, command);
        say(server, reply);
    }
    (record, octets)
}

/// Lines of base64, all of one width; each begins with other digits.
fn encoded(lines: usize) -> impl Iterator<Item = String> {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut state = 1_u32;
    (0..lines).map(move |_| {
        let mut digit = || {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            char::from(DIGITS[state as usize >> 26])
        };
        (0..76).map(|_| digit()).collect()
    })
}

/// Text with words that a server would take for commands, quoting, blank lines and doubled dots.
fn written(lines: usize) -> impl Iterator<Item = String> {
    const TEXT: [&str; 8] = [
        "Dear all,",
        "",
        "the report says that the server was not reachable from outside, and that nobody knew why",
        "> somebody wrote this before",
        "..a dot at the beginning",
        "Help is on its way: see the list of what was done so far.",
        "----",
        "Yours, Ann",
    ];
    (0..lines).map(|line| TEXT[line % TEXT.len()].to_owned())
}

fn assert_whole(report: &SourceReport, octets: u64, what: &str) {
    let sessions: Vec<_> = report.sessions.iter().map(|session| &session.verdict).collect();
    let [session] = &report.sessions[..] else { panic!("{what}: {sessions:?}") };
    let message = session.transactions[0].message.as_ref().expect(what);
    assert_eq!((message.octets, message.complete), (octets, true), "{what}");
    assert_eq!(session.outcome, "queued", "{what}");
    let wrong =
        session.findings.iter().filter(|finding| finding.severity > smtplog::rules::Severity::Note);
    assert_eq!(wrong.map(|finding| finding.rule).collect::<Vec<_>>(), [""; 0], "{what}");
}

#[test]
fn a_message_of_any_length_is_one() {
    for form in FORMS {
        for lines in [40, 2_500, 9_000] {
            for (name, body) in [
                ("encoded", &mut encoded(lines) as &mut dyn Iterator<Item = String>),
                ("written", &mut written(lines)),
            ] {
                let (record, octets) = record(form, body);
                let report = analyze_bytes("", record.as_bytes(), &Options::default());
                assert_whole(&report, octets, &format!("{name}, {form:?}, {lines} lines"));
                assert_eq!(report.problems.len(), 0);
            }
        }
    }
}

#[test]
fn what_is_too_much_to_be_kept_is_counted_and_accounted_for() {
    let lines = 24_000;
    let long = (0..lines).map(|line| format!("{line:_>900}"));
    let (record, octets) = record(FORMS[0], &mut long.into_iter());
    let report = analyze_bytes("", record.as_bytes(), &Options::default());
    assert_whole(&report, octets, "too much");
    let message = report.sessions[0].transactions[0].message.as_ref().expect("a message");
    assert_eq!(message.last_line - message.first_line, lines + 3);
    let problems: Vec<_> = report.problems.iter().map(|problem| &problem.message).collect();
    assert!(
        matches!(&problems[..], [problem] if problem.contains("were counted and not looked at")),
        "{problems:?}"
    );
    // Whoever asks what each octet is hears that they are the message's.
    let pieces = account_bytes(record.as_bytes(), &Options::default());
    let belongs = pieces.iter().filter(|piece| piece.belongs == smtplog::Belongs::Message);
    assert!(belongs.map(|piece| piece.octets).sum::<u64>() > lines * 900);
}
