//! What must not be left, and what must stay.

use super::*;
use crate::{Options, analyze_bytes, redact_bytes};

fn redacted(text: &str) -> String {
    let out = redact_bytes(&mut Redactor::default(), text.as_bytes(), &Options::default());
    let out = out.unwrap().text;
    assert_eq!(out.len(), text.len(), "{}", out.escape_ascii());
    String::from_utf8(out).unwrap()
}

const SESSION: &str = "\
Trying 8.8.4.4...
Connected to mx1.acme-corp.co.uk.
Escape character is '^]'.
220 mx1.acme-corp.co.uk ESMTP Postfix
EHLO pc-of-john.intra.acme-corp.co.uk
250-mx1.acme-corp.co.uk Hello [10.1.2.3]
250-AUTH PLAIN LOGIN
250 SIZE 10240000
AUTH PLAIN AGpvaG4uc21pdGgAczNjcmV0IQ==
535 5.7.8 Error: authentication failed for john.smith
MAIL FROM:<John.Smith@acme-corp.co.uk> SIZE=200
250 2.1.0 Ok
RCPT TO:<mary.major@gmail.com>
250 2.1.5 Ok
RCPT TO:<postmaster@acme-corp.co.uk>
550 5.1.1 <postmaster@acme-corp.co.uk>: blocked using zen.spamhaus.org; see 9.9.9.9
DATA
354 go ahead
From: John Smith <john.smith@acme-corp.co.uk>
To: mary.major@gmail.com
Subject: salary of Peter
Date: Mon, 23 Nov 2026 10:00:00 +0000

Peter earns 5000.
.
250 2.0.0 Ok: queued as 4F1A2B3C
QUIT
221 2.0.0 Bye
Connection closed by foreign host.
";

#[test]
fn nobody_is_named_and_the_meaning_stays() {
    let out = redacted(SESSION);
    let lower = out.to_ascii_lowercase();
    for gone in [
        "john", "smith", "acme", "corp", "mary", "major", "peter", "salary", "5000", "s3cret",
        "8.8.4.4", "9.9.9.9", "10.1.2.3", "aczncmv0",
    ] {
        assert!(!lower.contains(gone), "{gone} is left in\n{out}");
    }
    for stays in [
        "mx1.",
        ".co.uk",
        "gmail.com",
        "zen.spamhaus.org",
        "postmaster@",
        "4F1A2B3C",
        "SIZE=200",
        "Postfix",
        "Date: Mon, 23 Nov 2026",
        "[10.",
    ] {
        assert!(out.contains(stays), "{stays} is gone from\n{out}");
    }
    // The same person under one name: in AUTH, in the reply, in the path, in the header.
    let path = out.lines().find(|line| line.starts_with("MAIL FROM")).unwrap();
    let local = path.split(['<', '@']).nth(1).unwrap().to_ascii_lowercase();
    assert!(out.contains(&format!("failed for {local}\n")), "{out}");
    assert!(out.contains(&format!("<{local}@")), "{out}");
    assert_eq!(redacted(&out), out);
    let findings = |text: &str| {
        let report = analyze_bytes("x", text.as_bytes(), &Options::default());
        let found = report.sessions.into_iter().flat_map(|session| session.findings);
        found.map(|finding| (finding.rule, finding.line)).collect::<Vec<_>>()
    };
    assert_eq!(findings(&out), findings(SESSION));
}

#[test]
fn names_are_the_same_in_all_texts_of_a_run() {
    let mut redactor = Redactor::default();
    let mut redact = |text: &str| {
        let out = redact_bytes(&mut redactor, text.as_bytes(), &Options::default());
        String::from_utf8(out.unwrap().text).unwrap()
    };
    let one = redact(
        "S: 220 mx.acme.de ESMTP\nC: MAIL FROM:<ann@acme.de>\nS: 250 ok\nC: QUIT\nS: 221 Bye\n",
    );
    let other = redact(
        "S: 220 mx.other.de ESMTP\nC: MAIL FROM:<ann@acme.de>\nS: 250 ok\nC: QUIT\nS: 221 Bye\n",
    );
    assert_eq!(one.lines().nth(1), other.lines().nth(1));
    assert_ne!(one.lines().next(), other.lines().next());
}

#[test]
fn secrets_of_each_mechanism_are_gone() {
    use base64::{Engine, engine::general_purpose::STANDARD};
    let session = |auth: &str| {
        format!(
            "S: 220 mx.example.net ESMTP\nC: EHLO client.example\nS: 250-mx.example.net\nS: 250 AUTH PLAIN LOGIN CRAM-MD5 XOAUTH2\n{auth}S: 235 2.7.0 ok\nC: QUIT\nS: 221 2.0.0 Bye\n"
        )
    };
    for (auth, secret) in [
        (
            format!(
                "C: AUTH LOGIN\nS: 334 VXNlcm5hbWU6\nC: {}\nS: 334 UGFzc3dvcmQ6\nC: {}\n",
                STANDARD.encode("jane.roe"),
                STANDARD.encode("hunter22")
            ),
            "hunter22",
        ),
        (
            format!(
                "C: AUTH XOAUTH2 {}\n",
                STANDARD.encode("user=jane@acme.de\x01auth=Bearer ya29.tok\x01\x01")
            ),
            "ya29.tok",
        ),
        (
            format!(
                "C: AUTH CRAM-MD5\nS: 334 PDE4OTYuNjk3MTcwOTUyQG1haWwuYWNtZS5kZT4=\nC: {}\n",
                STANDARD.encode("jane.roe b913a602c7eda7a495b4e6e7334d3890")
            ),
            "b913a602",
        ),
    ] {
        let out = redacted(&session(&auth));
        for word in out.split_whitespace() {
            let decoded = STANDARD.decode(word).unwrap_or_default();
            let decoded = String::from_utf8_lossy(&decoded).into_owned();
            for gone in [secret, "jane", "acme"] {
                assert!(!decoded.contains(gone), "{gone} is left in {decoded:?} of\n{out}");
            }
        }
    }
}
