//! Every sample is read as `samples/expect.json` says, loses no octet, and means the same with LF and CRLF.

use std::{
    fs,
    path::{Path, PathBuf},
};

use serde_json::Value;
use smtplog::{
    Options, account_bytes, analyze,
    report::{SessionReport, SourceReport},
};

/// What is expected and not reached yet, with the reason; whoever reaches it takes the row out.
const OPEN: &[(&str, &str, &str)] = &[
    (
        "not-smtp/imap.txt",
        "not-smtp",
        "there is no session to judge: a problem of the source says it",
    ),
    (
        "not-smtp/pop3.txt",
        "not-smtp",
        "there is no session to judge: a problem of the source says it",
    ),
    ("rfc/rfc2645-6-atrn-roles-reversed.txt", "sessions", "the roles change sides after ATRN"),
];

fn samples() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("samples")
}

fn expectations() -> Vec<Value> {
    let text = fs::read_to_string(samples().join("expect.json")).expect("samples/expect.json");
    serde_json::from_str(&text).expect("valid JSON")
}

fn read(path: &Path) -> Vec<SourceReport> {
    let mut sources = Vec::new();
    let _ = analyze(&[path.to_path_buf()], &Options::default(), 1, &mut |source| {
        sources.push(source);
        std::ops::ControlFlow::Continue(())
    });
    sources
}

/// Verb and code of each exchange, the verb in upper case.
fn dialogue(session: &SessionReport) -> Vec<(Option<String>, Option<u16>)> {
    let code = |reply: &smtplog::report::ReplyReport| reply.code;
    session
        .exchanges
        .iter()
        .map(|exchange| {
            let verb = exchange.verb.as_ref().map(|verb| verb.to_uppercase());
            (verb, exchange.reply.as_ref().and_then(code))
        })
        .collect()
}

fn expected_dialogue(exchanges: &Value) -> Vec<(Option<String>, Option<u16>)> {
    let pair = |pair: &Value| {
        let verb = pair[0].as_str().map(str::to_uppercase);
        let code = pair[1].as_u64().and_then(|code| u16::try_from(code).ok());
        (verb, code)
    };
    exchanges.as_array().expect("an array").iter().map(pair).collect()
}

/// The rules that the findings of these sources are of, those about several sessions too.
fn found_in(sources: &[SourceReport]) -> impl Iterator<Item = &str> {
    sources.iter().flat_map(|source| {
        let sessions = source.sessions.iter().flat_map(|session| &session.findings);
        sessions.chain(&source.findings).map(|finding| finding.rule)
    })
}

/// A line that tells a command and its reply was written when the reply came: how long that took is not known.
#[test]
fn what_stands_in_one_line_was_not_measured() {
    let sources = read(&samples());
    let mut measured = 0;
    for source in &sources {
        for exchange in source.sessions.iter().flat_map(|session| &session.exchanges) {
            let Some(latency) = exchange.latency_ms else { continue };
            measured += 1;
            let command = exchange.command.as_ref().map(|command| command.last_line);
            let reply = exchange.reply.as_ref().map(|reply| reply.line);
            assert!(
                latency > 0.0 || command != reply,
                "{}:{command:?}: {:?}",
                source.name,
                exchange.verb
            );
        }
    }
    assert!(measured > 100, "{measured}");
}

#[test]
fn every_rule_is_raised_by_a_sample() {
    let sources = read(&samples());
    let raised: std::collections::BTreeSet<&str> = found_in(&sources).collect();
    let rules = smtplog::rules::all().map(|rule| rule.name);
    let missing: Vec<&str> = rules.filter(|name| !raised.contains(name)).collect();
    assert!(missing.is_empty(), "no sample raises {missing:?}");
}

#[test]
fn every_sample_is_read_as_expected() {
    let mut wrong = Vec::new();
    for expected in expectations() {
        let file = expected["file"].as_str().expect("a file");
        let sources = read(&samples().join(file));
        let sessions: Vec<&SessionReport> =
            sources.iter().flat_map(|source| &source.sessions).collect();
        let first = sessions.first();
        let mut check = |what: &str, want: String, got: String| {
            let open = OPEN.iter().any(|(name, part, _)| *name == file && *part == what);
            if (want == got) == open {
                let state = if open { "is reached and still listed as open" } else { "differs" };
                wrong.push(format!("{file}: {what} {state}\n   want {want}\n   got  {got}"));
            }
        };
        if let Some(count) = expected["sessions"].as_u64() {
            check("sessions", count.to_string(), sessions.len().to_string());
        }
        if let Some(outcome) = expected["outcome"].as_str() {
            let got = first.map_or("none", |session| session.outcome);
            check("outcome", outcome.to_owned(), got.to_owned());
        }
        // Log lines that quote a host's reply are read as such, not as another dialect.
        let dialect = expected["dialect"].as_str().filter(|dialect| *dialect != "exim-mainlog");
        if let Some(dialect) = dialect.filter(|_| !sessions.is_empty()) {
            let got = sessions.iter().map(|session| session.dialect).find(|got| *got == dialect);
            let got = got.or_else(|| first.map(|session| session.dialect)).unwrap_or("none");
            check("dialect", dialect.to_owned(), got.to_owned());
        }
        if expected["exchanges"].is_array() {
            let want = format!("{:?}", expected_dialogue(&expected["exchanges"]));
            let got = format!("{:?}", first.map(|first| dialogue(first)).unwrap_or_default());
            check("exchanges", want, got);
        }
        let raised = |name: &str| found_in(&sources).any(|rule| rule == name);
        for wanted in expected["rules"].as_array().into_iter().flatten().filter_map(Value::as_str) {
            let has = wanted.split('|').any(raised);
            check(wanted, "raised".to_owned(), if has { "raised" } else { "absent" }.to_owned());
        }
        for absent in expected["absent"].as_array().into_iter().flatten().filter_map(Value::as_str)
        {
            check(
                absent,
                "absent".to_owned(),
                if raised(absent) { "raised" } else { "absent" }.to_owned(),
            );
        }
    }
    assert!(wrong.is_empty(), "{} differences:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn no_octet_of_a_sample_is_lost() {
    for expected in expectations() {
        let file = expected["file"].as_str().expect("a file");
        let bytes = fs::read(samples().join(file)).expect("a sample");
        let mut at = 0;
        for piece in account_bytes(&bytes, &Options::default()) {
            assert_eq!(piece.offset, at, "{file}");
            at += piece.octets;
        }
        assert_eq!(at, bytes.len() as u64, "{file}");
    }
}

#[test]
fn line_endings_change_nothing_but_what_is_said_of_them() {
    let mut differ = Vec::new();
    for expected in expectations() {
        let file = expected["file"].as_str().expect("a file");
        let bytes = fs::read(samples().join(file)).expect("a sample");
        // Only text of one octet a letter has line endings that can be exchanged here; captures and mails
        // hold lengths or parts of their own.
        let mail = Path::new(file).extension().is_some_and(|extension| extension == "eml");
        let plain = !bytes.contains(&0) && !mail;
        let mixed = occurrences(&bytes, b"\r\n") > 0;
        if !plain || mixed || bytes.contains(&b'\r') {
            continue;
        }
        let text: Vec<u8> =
            bytes.split(|octet| *octet == b'\n').collect::<Vec<_>>().join(&b"\r\n"[..]);
        let read = |bytes: &[u8]| {
            let report = smtplog::analyze_bytes(file, bytes, &Options::default());
            report
                .sessions
                .iter()
                .map(|session| (session.dialect, session.outcome, dialogue(session)))
                .collect::<Vec<_>>()
        };
        if read(&bytes) != read(&text) {
            differ.push(file.to_owned());
        }
    }
    assert!(differ.is_empty(), "with CRLF these mean something else: {differ:?}");
}

fn occurrences(bytes: &[u8], needle: &[u8]) -> usize {
    bytes.windows(needle.len()).filter(|window| *window == needle).count()
}
