//! Two records in one file, as `cat` and tickets put them: each sample behind its neighbour, and the sessions
//! of both come out as they do alone.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use smtplog::{Options, analyze_bytes};

/// Pairs that say something else together, by what their names begin with, and why.
const CHANGED: &[(&str, &str)] = &[
    // A record without its greeting behind one that is not over, or over without a reply: one connection as
    // well as two.
    ("raw-unmarked/body-looks-like-a-session.txt", "raw-unmarked/commands-only.txt"),
    ("raw-unmarked/commands-only.txt", "raw-unmarked/double-spaced.txt"),
    ("raw-unmarked/smart-quotes-and-nbsp.txt", "raw-unmarked/starts-after-greeting.txt"),
    ("rfc/rfc4405", "rfc/rfc4468"),
    ("rfc/rfc4954-4.1-auth-plain-initial-response.txt", "rfc/"),
    // Replies are not recorded: the greeting behind may as well answer what was asked.
    ("phpmailer-echo/level-1-commands-only.txt", "phpmailer-echo/"),
    // Prose whose last line begins with `354` reads as if a message came; so does FTP behind it.
    ("not-smtp/prose.txt", "not-smtp/telnet-to-ftp.txt"),
    // A dump's rows go on until another packet begins: what other tools write there may have been sent.
    ("ngrep/single-line-with-times.txt", "node-smtp-server/"),
    ("tcpdump-a/three-sessions-one-reset.txt", "tcpflow/"),
    ("tcpflow/", "tcpflow/"),
    ("tcpflow/no-labels.txt", "telnet-unix/"),
    ("tshark-details/smtp-only.txt", "tshark-summary/"),
    // The same refusal of the same recipient twice in a row: as well one error and its trace.
    ("client-error/nodemailer-one-line.txt", "client-error/nodemailer-recipients.txt"),
    // Without `CONNECTED`, and with the errors before it, nothing tells where s_client began.
    ("openssl-s-client/", "openssl-s-client/"),
    ("openssl-s-client/tls-to-plain-port.txt", "perl-net-cmd/"),
];

/// Each session's dialect, outcome, verbs and codes, in no order.
fn told(bytes: &[u8]) -> Vec<String> {
    let report = analyze_bytes("record", bytes, &Options::default());
    let mut told: Vec<String> = report
        .sessions
        .iter()
        .map(|session| {
            let said = session.exchanges.iter().map(|exchange| {
                let code = exchange.reply.as_ref().map(|reply| reply.code);
                format!("{:?} {code:?}", exchange.verb)
            });
            let said = said.collect::<Vec<_>>().join(", ");
            format!("{} {}: {said}", session.dialect, session.outcome)
        })
        .collect();
    told.sort_unstable();
    told
}

fn path_of(entry: io::Result<fs::DirEntry>) -> PathBuf {
    entry.expect("an entry").path()
}

/// The samples that are lines of text, by name.
fn samples() -> Vec<(String, Vec<u8>)> {
    let samples = Path::new(env!("CARGO_MANIFEST_DIR")).join("samples");
    let mut found = Vec::new();
    for folder in fs::read_dir(&samples).expect("samples").map(path_of) {
        if !folder.is_dir() || folder.ends_with("scripts") {
            continue;
        }
        for file in fs::read_dir(folder).expect("a folder").map(path_of) {
            // Mails and pages end with themselves.
            let container = file.extension().is_some_and(|one| one == "eml" || one == "html");
            let bytes = fs::read(&file).expect("a sample");
            if !container && !bytes.contains(&0) && std::str::from_utf8(&bytes).is_ok() {
                let name = file.strip_prefix(&samples).expect("a name").display().to_string();
                found.push((name, bytes));
            }
        }
    }
    found.sort();
    found
}

#[test]
fn two_records_in_one_file_say_what_each_says() {
    let samples = samples();
    let alone: Vec<Vec<String>> = samples.iter().map(|(_, bytes)| told(bytes)).collect();
    let following = samples.iter().zip(&alone).cycle().skip(1);
    let mut wrong = Vec::new();
    for ((first, before), (second, after)) in samples.iter().zip(&alone).zip(following) {
        let known =
            |(one, two): &(&str, &str)| first.0.starts_with(one) && second.0.starts_with(two);
        if CHANGED.iter().any(known) {
            continue;
        }
        let mut expected = [before.as_slice(), after].concat();
        expected.sort_unstable();
        let end: &[u8] = if first.1.ends_with(b"\n") { b"" } else { b"\n" };
        let found = told(&[&first.1, end, &second.1].concat());
        if found != expected {
            wrong.push(format!("{} + {}:\n  {expected:?}\n  {found:?}", first.0, second.0));
        }
    }
    assert!(samples.len() > 300, "{} samples", samples.len());
    assert!(wrong.is_empty(), "{} read otherwise:\n{}", wrong.len(), wrong.join("\n"));
}
