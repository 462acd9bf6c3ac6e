//! The sentence that a support engineer would paste: twenty verdicts of samples, to be read as a person would.
//!
//! `INSTA_UPDATE=always cargo test --test verdicts` writes them anew; then read what changed.

use std::{fmt::Write as _, fs, path::Path};

use smtplog::{Options, analyze_bytes};

/// Each with an outcome, a stage or a cause of its own.
const SAMPLES: &[&str] = &[
    "telnet-windows/classic.txt",
    "telnet-unix/queued-one-recipient-refused.txt",
    "telnet-unix/two-mails-and-a-body-like-a-session.txt",
    "telnet-unix/lmtp-two-recipients.txt",
    "telnet-unix/postfix-relay-denied.txt",
    "telnet-unix/exim-relay-not-permitted.txt",
    "telnet-unix/blocklisted-multi-line-550.txt",
    "telnet-unix/greylisted-451.txt",
    "telnet-unix/postscreen-450.txt",
    "telnet-unix/postfix-too-many-recipients-452.txt",
    "telnet-unix/message-too-big-then-hangup.txt",
    "telnet-unix/starttls-required-530.txt",
    "telnet-unix/auth-wrong-password-535.txt",
    "telnet-unix/exim-typed-before-greeting.txt",
    "telnet-unix/greeting-554.txt",
    "telnet-unix/greeting-421.txt",
    "telnet-unix/dropped-after-dot.txt",
    "openssl-s-client/capital-r-renegotiates.txt",
    "telnet-unix/connection-timed-out.txt",
    "telnet-unix/sendmail-vrfy-expn-help.txt",
];

#[test]
fn twenty_verdicts() {
    let samples = Path::new(env!("CARGO_MANIFEST_DIR")).join("samples");
    let mut verdicts = String::new();
    for sample in SAMPLES {
        let octets = fs::read(samples.join(sample)).unwrap();
        let report = analyze_bytes(sample, &octets, &Options::default());
        let session = report.sessions.first().unwrap();
        let _ = writeln!(verdicts, "{sample}: {}", session.verdict);
    }
    assert_eq!(SAMPLES.len(), 20);
    insta::assert_snapshot!("twenty", verdicts);
}
