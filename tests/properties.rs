//! What must hold for any input: no octet is lost, nothing panics.

use proptest::prelude::*;
use smtplog::{Options, account_bytes, analyze_bytes, redact::Redactor, redact_bytes};

/// Lines that lead the parser deep: what servers and clients say, and what people paste around it.
fn line() -> impl Strategy<Value = Vec<u8>> {
    let known = prop::sample::select(vec![
        &b"220 mx.example.net ESMTP"[..],
        b"EHLO client.example",
        b"250-mx.example.net",
        b"250-SIZE 1000",
        b"250 STARTTLS",
        b"MAIL FROM:<a@example.org>",
        b"RCPT TO:<b@example.net>",
        b"250 2.1.5 Ok",
        b"550 5.1.1 unknown",
        b"DATA",
        b"354 go ahead",
        b"Subject: x",
        b"",
        b".",
        b"AUTH LOGIN",
        b"334 VXNlcm5hbWU6",
        b"dXNlcg==",
        b"STARTTLS",
        b"220 ready",
        b"QUIT",
        b"221 Bye",
        b"421 4.4.2 timeout",
        b"Trying 192.0.2.1...",
        b"Connection closed by foreign host.",
        b"```",
        b"and then I typed this:",
        b"BDAT 5 LAST",
    ]);
    let mark = prop::sample::select(vec![
        &b""[..],
        b"C: ",
        b"S: ",
        b"> ",
        b">>> ",
        b"<<< ",
        b" -> ",
        b"<-  ",
    ]);
    let ending = prop::sample::select(vec![&b"\n"[..], b"\r\n", b"\r\r\n", b"\r", b""]);
    prop_oneof![
        8 => (mark, known, ending).prop_map(|(mark, text, ending)| [mark, text, ending].concat()),
        1 => prop::collection::vec(any::<u8>(), 0..40),
        1 => "[0-9a-z:=<>,; .@-]{0,30}\r?\n".prop_map(String::into_bytes),
    ]
}

fn record() -> impl Strategy<Value = Vec<u8>> {
    prop_oneof![
        4 => prop::collection::vec(line(), 0..60).prop_map(|lines| lines.concat()),
        1 => prop::collection::vec(any::<u8>(), 0..600),
        1 => prop::collection::vec(line(), 0..30).prop_map(|lines| {
            lines.concat().iter().flat_map(|octet| [*octet, 0]).collect()
        }),
    ]
}

/// The pieces lie one after the other, from the first octet to the last.
fn assert_accounted(bytes: &[u8]) {
    let mut at = 0;
    for piece in account_bytes(bytes, &Options::default()) {
        assert_eq!(piece.offset, at, "a gap or an overlap in {}", bytes.escape_ascii());
        assert!(piece.octets > 0);
        at += piece.octets;
    }
    assert_eq!(at, bytes.len() as u64);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, ..ProptestConfig::default() })]

    #[test]
    fn every_octet_is_accounted_for(bytes in record()) {
        assert_accounted(&bytes);
    }

    #[test]
    fn analysis_is_deterministic_and_its_lines_exist(bytes in record()) {
        let options = Options::default();
        let one = analyze_bytes("x", &bytes, &options);
        let other = analyze_bytes("x", &bytes, &options);
        prop_assert_eq!(serde_json::to_string(&one).unwrap(), serde_json::to_string(&other).unwrap());
        for session in &one.sessions {
            prop_assert!(session.first_line <= session.last_line);
            prop_assert!(session.last_line <= one.lines);
            for finding in &session.findings {
                prop_assert!(finding.line <= one.lines && finding.line <= finding.last_line);
            }
        }
    }

    #[test]
    fn redacting_moves_nothing(bytes in record()) {
        let options = Options::default();
        let Ok(redacted) = redact_bytes(&mut Redactor::default(), &bytes, &options) else { return Ok(()) };
        let redacted = redacted.text;
        prop_assert_eq!(redacted.len(), bytes.len());
        prop_assert_eq!(line_ends(&redacted), line_ends(&bytes));
    }
}

/// Where lines end.
fn line_ends(text: &[u8]) -> Vec<usize> {
    text.iter().enumerate().filter(|(_, octet)| **octet == b'\n').map(|(at, _)| at).collect()
}
