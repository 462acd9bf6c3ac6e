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

/// A sample, and what it says alone.
struct Sample {
    name: String,
    bytes: Vec<u8>,
    told: Vec<String>,
}

/// The samples that are lines of text, by name.
fn samples() -> Vec<Sample> {
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
                found.push(Sample { name, told: told(&bytes), bytes });
            }
        }
    }
    found.sort_by(|one, other| one.name.cmp(&other.name));
    found
}

/// What a record says behind another one, where that is not what both say alone: expected and found.
fn changed(first: &Sample, second: &Sample) -> Option<String> {
    let mut expected = [first.told.as_slice(), &second.told].concat();
    expected.sort_unstable();
    let end: &[u8] = if first.bytes.ends_with(b"\n") { b"" } else { b"\n" };
    let found = told(&[&first.bytes, end, &second.bytes].concat());
    let names = format!("{} + {}", first.name, second.name);
    (found != expected).then(|| format!("{names}:\n  {expected:?}\n  {found:?}"))
}

#[test]
fn two_records_in_one_file_say_what_each_says() {
    let samples = samples();
    let mut wrong = Vec::new();
    for (first, second) in samples.iter().zip(samples.iter().cycle().skip(1)) {
        let known =
            |(one, two): &(&str, &str)| first.name.starts_with(one) && second.name.starts_with(two);
        if !CHANGED.iter().any(known) {
            wrong.extend(changed(first, second));
        }
    }
    assert!(samples.len() > 300, "{} samples", samples.len());
    assert!(wrong.is_empty(), "{} read otherwise:\n{}", wrong.len(), wrong.join("\n"));
}

/// Forms whose rows announce the lines behind them.
const DUMPS: &[&str] = &["ngrep/", "socat-v/", "tcpdump-a/", "tcpflow/", "tshark-details/"];

/// Records that say something else behind a dump, by what the names begin with, and why.
const CHANGED_BEHIND_DUMPS: &[(&str, &str)] = &[
    // Their first lines are any line.
    ("", "raw-unmarked/"),
    ("", "telnet-windows/"),
    ("", "unknown-marks/"),
    ("", "rfc/"),
    // Several hosts' text of one kind.
    ("tcpflow/no-labels.txt", "opensmtpd-smtp1/"),
    ("tcpflow/no-labels.txt", "tshark-details/"),
    // Where only some lines of a side carry a mark, the others are read with what came before.
    ("socat-v/", "gnutls-cli/"),
    ("socat-v/", "javamail/"),
    ("socat-v/", "sendmail-verbose/"),
    ("socat-v/hexadecimal.txt", "nc-ncat/"),
    // The rows of the one look like those of the other.
    ("ngrep/single-line-with-times.txt", "tshark-summary/"),
];

#[test]
fn dumps_end_where_another_record_begins() {
    let samples = samples();
    let folder = |sample: &Sample| sample.name.split('/').next().unwrap_or_default().to_owned();
    let mut firsts: Vec<&Sample> = samples.iter().collect();
    firsts.dedup_by_key(|sample| folder(sample));
    let is_dump = |sample: &&Sample| DUMPS.iter().any(|dump| sample.name.starts_with(dump));
    let mut wrong = Vec::new();
    for dump in samples.iter().filter(is_dump) {
        for other in firsts.iter().filter(|other| other.name != dump.name) {
            let known = |(one, two): &(&str, &str)| {
                dump.name.starts_with(one) && other.name.starts_with(two)
            };
            if !CHANGED_BEHIND_DUMPS.iter().any(known) {
                wrong.extend(changed(dump, other));
            }
        }
    }
    assert!(wrong.is_empty(), "{} read otherwise:\n{}", wrong.len(), wrong.join("\n"));
}
