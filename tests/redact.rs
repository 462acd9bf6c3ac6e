//! Redacting changes names and nothing else: over all samples, the same findings on the same lines.

use std::{collections::BTreeSet, fs, path::Path};

use smtplog::{Options, analyze_bytes, redact::Redactor, redact_bytes, report::SourceReport};

/// Dialects whose records hold the octets a second time as hexadecimal digits, which are wiped as a whole.
const DUMPS: &[&str] = &["curl-trace", "tcpdump-a", "wireshark-follow", "ngrep", "socat-v"];

/// Findings that say that a secret stands in the record: afterwards it does not.
const SECRETS: &[&str] = &["credentials-exposed"];

/// What a reader would notice: sessions, how they ended, what was said, and every finding with its line.
fn seen(report: &SourceReport) -> Vec<String> {
    let mut seen = Vec::new();
    for session in &report.sessions {
        seen.push(format!("{} {} {}", session.dialect, session.first_line, session.outcome));
        for exchange in &session.exchanges {
            let code = exchange.reply.as_ref().map(|reply| (reply.line, reply.code));
            seen.push(format!("{} {:?} {code:?}", exchange.kind, exchange.verb));
        }
        for finding in session.findings.iter().filter(|found| !SECRETS.contains(&found.rule)) {
            seen.push(format!("{} in line {}", finding.rule, finding.line));
        }
    }
    seen
}

#[test]
fn samples_mean_the_same_afterwards() {
    let samples = Path::new(env!("CARGO_MANIFEST_DIR")).join("samples");
    let mut wrong = Vec::new();
    let mut read = 0;
    let invented = texts(&samples);
    // The samples' domains are nobody's and stay: the same with domains that somebody may have.
    let owned = invented.clone().into_iter().map(|(name, octets)| {
        let text = String::from_utf8(octets).unwrap_or_default();
        let text = text.replace(".example", ".network").replace(".test", ".site");
        (format!("{name} (owned)"), text.replace(".invalid", ".systems").into_bytes())
    });
    for (name, octets) in invented.iter().cloned().chain(owned) {
        let options = Options::default();
        let report = analyze_bytes(&name, &octets, &options);
        let redacted = redact_bytes(&mut Redactor::default(), &octets, &options);
        assert_eq!(redacted.len(), octets.len(), "{name}");
        let again = redact_bytes(&mut Redactor::default(), &redacted, &options);
        if again != redacted {
            wrong.push(format!("{name}: redacted again, it changes"));
        }
        let dump = report.sessions.iter().any(|session| DUMPS.contains(&session.dialect));
        let (before, after) = (seen(&report), seen(&analyze_bytes(&name, &redacted, &options)));
        if before != after && !dump {
            let lost = before.iter().find(|line| !after.contains(line));
            let come = after.iter().find(|line| !before.contains(line));
            wrong.push(format!("{name}: {lost:?} is gone, {come:?} came"));
        }
        let text = String::from_utf8_lossy(&redacted).to_ascii_lowercase();
        for named in named(&report).iter().filter(|named| text.contains(named.as_str())) {
            wrong.push(format!("{name}: {named} is left"));
        }
        read += 1;
    }
    assert!(read > 200, "only {read} samples were read");
    assert!(wrong.is_empty(), "{} differences:\n{}", wrong.len(), wrong.join("\n"));
}

/// Domains that belong to everybody: what stands below them stays, but for people.
const EVERYBODYS: &[&str] = &[
    "example.com",
    "example.net",
    "example.org",
    ".example",
    ".test",
    ".invalid",
    "localhost",
    "gmail.com",
];

/// Who and what a record names: mailboxes and the client's host.
fn named(report: &SourceReport) -> BTreeSet<String> {
    let mut named = BTreeSet::new();
    for session in &report.sessions {
        let senders = session.transactions.iter().filter_map(|one| one.sender.clone());
        let recipients = session.transactions.iter().flat_map(|one| &one.recipients);
        named.extend(senders.chain(recipients.map(|one| one.address.clone())));
        named.extend(session.client.hello.clone());
    }
    named
        .into_iter()
        .map(|name| name.to_ascii_lowercase())
        .filter(|name| {
            name.contains('.') && name.contains(|letter: char| letter.is_ascii_alphabetic())
        })
        .filter(|name| !EVERYBODYS.iter().any(|domain| name.contains(domain)))
        .collect()
}

/// The samples that are text, by name.
fn texts(folder: &Path) -> Vec<(String, Vec<u8>)> {
    let mut found = Vec::new();
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    let paths: BTreeSet<_> = entries.map(|entry| entry.path()).collect();
    for path in paths {
        if path.is_dir() {
            found.extend(texts(&path));
        } else if path.extension().is_some_and(|kind| kind == "txt" || kind == "log")
            && let Ok(octets) = fs::read(&path)
            && String::from_utf8(octets.clone()).is_ok_and(|text| !text.contains('\0'))
        {
            found.push((path.display().to_string(), octets));
        }
    }
    found
}
