//! What the program prints on a few samples, to be read as a user would read it.
//!
//! `INSTA_UPDATE=always cargo test --test snapshots` writes them anew; then read what changed.

#![expect(clippy::unwrap_used, reason = "a test may panic")]

use std::process::{Command, Stdio};

use assert_cmd::cargo::cargo_bin;

/// A plain session by hand; relaying accepted and denied; a firewall; AUTH; a record that was refused
/// before it began; several sessions; a log; a bounce.
const TEXT: &[&str] = &[
    "telnet-windows/classic.txt",
    "telnet-unix/postfix-relay-accepted.txt",
    "telnet-unix/postfix-relay-denied.txt",
    "telnet-unix/pix-masked-greeting.txt",
    "telnet-unix/auth-wrong-password-535.txt",
    "telnet-unix/connection-refused.txt",
    "telnet-unix/postfix-refused-data-body-as-commands.txt",
    "raw-unmarked/two-sessions.txt",
    "swaks/starttls-auth-plain.txt",
];

const JSON: &[&str] = &["telnet-windows/classic.txt", "swaks/starttls-auth-plain.txt"];

fn printed(arguments: &[&str]) -> String {
    let output = Command::new(cargo_bin("smtplog"))
        .args(arguments)
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .env_clear()
        .env("COLUMNS", "100")
        .stdin(Stdio::null())
        .output()
        .unwrap();
    let status = output.status.code().unwrap();
    format!("{}\nexit status {status}", String::from_utf8(output.stdout).unwrap())
}

fn snapshots(format: &str, samples: &[&str]) {
    for sample in samples {
        let path = format!("samples/{sample}");
        let name = format!("{format}-{}", sample.replace('/', "-").replace(".txt", ""));
        insta::assert_snapshot!(name, printed(&["analyze", "--format", format, &path]));
    }
}

#[test]
fn text() {
    snapshots("text", TEXT);
}

#[test]
fn json() {
    snapshots("json", JSON);
}

/// A folder of logs with times, and one of transcripts without.
const SUMMARIES: &[&str] = &["exchange-protocol", "swaks"];

#[test]
fn summaries() {
    for sample in SUMMARIES {
        let path = format!("samples/{sample}");
        insta::assert_snapshot!(format!("summary-{sample}"), printed(&["summary", &path]));
    }
    let path = "samples/exchange-protocol";
    for by in ["peer", "domain", "connector", "hour", "rule"] {
        let arguments = ["summary", "--by", by, path];
        insta::assert_snapshot!(format!("summary-by-{by}"), printed(&arguments));
    }
    let arguments = ["summary", "--format", "markdown", path];
    insta::assert_snapshot!("summary-markdown", printed(&arguments));
    let arguments = ["summary", "--format", "csv", "--where", "outcome=rejected", path];
    insta::assert_snapshot!("summary-csv", printed(&arguments));
}

/// A relay that is open and one that is not; TLS that was asked for and not used.
const COMPARISONS: &[(&str, &str)] =
    &[("relay-accepted", "relay-denied"), ("starttls-auth-plain", "tls-required")];

#[test]
fn comparisons() {
    for (good, bad) in COMPARISONS {
        let (one, other) =
            (format!("samples/swaks/{good}.txt"), format!("samples/swaks/{bad}.txt"));
        insta::assert_snapshot!(format!("compare-{bad}"), printed(&["compare", &one, &other]));
    }
}
