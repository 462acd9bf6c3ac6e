//! What must hold for whatever octets come in, and the protocol's alphabet.
//!
//! With cargo-fuzz and a nightly toolchain, from the root of the repository:
//!
//! ```sh
//! mkdir -p fuzz/corpus/analyze
//! cargo +nightly fuzz run analyze fuzz/corpus/analyze samples -- -max_len=8192 -max_total_time=600
//! ```
//!
//! The first folder takes what is found; the samples are the seeds.

use smtplog::{
    Options, account_bytes, analyze_bytes,
    render::{self, Style},
    report::{SourceReport, Summary},
};

/// Analyses the octets, and holds what comes out against what must hold.
pub fn check(bytes: &[u8]) {
    let options = Options::default();
    let report = analyze_bytes("fuzz", bytes, &options);
    for session in &report.sessions {
        assert!(session.first_line <= session.last_line && session.last_line <= report.lines);
        for finding in &session.findings {
            assert!(finding.line <= finding.last_line && finding.last_line <= report.lines);
        }
    }
    let mut at = 0;
    for piece in account_bytes(bytes, &options) {
        assert_eq!(piece.offset, at, "a gap or an overlap");
        assert!(piece.octets > 0, "an empty piece");
        at += piece.octets;
    }
    assert_eq!(at, bytes.len() as u64, "octets are missing at the end");
    formats(&report);
}

/// Every format can show the report, and none hands a terminal anything to act on.
fn formats(report: &SourceReport) {
    let summary = Summary::of(std::slice::from_ref(report));
    for format in render::FORMATS {
        let mut out = Vec::new();
        let mut renderer = (format.renderer)(Style::default());
        renderer.begin(&mut out).unwrap();
        renderer.source(report, &mut out).unwrap();
        renderer.finish(&summary, &mut out).unwrap();
        let text = String::from_utf8(out).unwrap();
        let acts = |letter: &char| letter.is_control() && !matches!(letter, '\n' | '\t' | '\r');
        assert_eq!(text.chars().find(acts), None, "format {}", format.name);
    }
}

/// What octets stand for in a dialogue: fragments of lines as clients, servers, tools and people write them.
const ALPHABET: &[&str] = &[
    "\n",
    "\n",
    "\r\n",
    "\r",
    " ",
    "\t",
    "\n\n",
    "\r\r\n",
    "\n.\n",
    "\r\n.\r\n",
    "\n..\n",
    "C: ",
    "S: ",
    "R: ",
    ">>> ",
    "<<< ",
    "> ",
    "< ",
    " -> ",
    "<-  ",
    "<~  ",
    "=== ",
    "* ",
    "# ",
    "$ ",
    "220 ",
    "220-",
    "221 ",
    "235 ",
    "250 ",
    "250-",
    "251 ",
    "252 ",
    "334 ",
    "354 ",
    "421 ",
    "450 ",
    "451 ",
    "452 ",
    "454 ",
    "500 ",
    "501 ",
    "502 ",
    "503 ",
    "504 ",
    "530 ",
    "535 ",
    "550 ",
    "552 ",
    "554 ",
    "999 ",
    "2.1.0 ",
    "2.1.5 ",
    "4.2.0 ",
    "5.1.1 ",
    "5.7.1 ",
    "mx.example.net ",
    "ESMTP ",
    "Ok",
    "relay access denied",
    "user unknown",
    "queued as 4F1C2",
    "XXXXXXXA",
    "220 ****0**2**200*",
    "Error: too many errors",
    "HELO ",
    "EHLO ",
    "LHLO ",
    "MAIL FROM:",
    "RCPT TO:",
    "DATA",
    "BDAT ",
    "5 LAST",
    "RSET",
    "NOOP",
    "QUIT",
    "VRFY ",
    "EXPN ",
    "HELP",
    "STARTTLS",
    "AUTH PLAIN ",
    "AUTH LOGIN",
    "AUTH CRAM-MD5",
    "XCLIENT ",
    "HELLO ",
    "<a@example.org>",
    "<b@example.net>",
    "<>",
    "a@b",
    "<@x,@y:c@d>",
    "\"a b\"@c",
    "<a%b@c>",
    "[192.0.2.1]",
    " SIZE=100",
    " BODY=8BITMIME",
    " SMTPUTF8",
    " RET=HDRS",
    "PIPELINING",
    "SIZE 1000",
    "AUTH PLAIN LOGIN",
    "8BITMIME",
    "CHUNKING",
    "ENHANCEDSTATUSCODES",
    "dXNlcg==",
    "AHVzZXIAcGFzcw==",
    "VXNlcm5hbWU6",
    "UGFzc3dvcmQ6",
    "Subject: x",
    "From: <a@example.org>",
    "Received: from x by y; ",
    "Message-ID: <x@y>",
    "text",
    "café",
    "“…”",
    "Trying 192.0.2.1...",
    "Connected to mx.example.net.",
    "Escape character is '^]'.",
    "Connection closed by foreign host.",
    "telnet mx.example.net 25",
    "CONNECTED(00000003)",
    "read R BLOCK",
    "DONE",
    "=== Connected to mx.",
    "*** Remote host closed connection unexpectedly.",
    "Script started on ",
    "```",
    "<pre>",
    "&gt; ",
    "&lt;br&gt;",
    "> > ",
    "1: ",
    "2: ",
    "[10:13:45] ",
    "2026-11-23T10:13:45.123Z,EX1\\Default,08DE2A6F00000001,",
    "0,192.0.2.25:25,198.51.100.7:4242,",
    "+,,",
    ">,",
    "<,",
    "*,",
    "-,,Local",
    "Nov 23 10:13:45 mx postfix/smtpd[123]: ",
    "send: ",
    "reply: b'",
    "SERVER -> CLIENT: ",
    "CLIENT -> SERVER: ",
    "\x1b[0m",
    "\x08",
    "\0",
    "\u{feff}",
    "\u{a0}",
    "\u{202e}",
    "GET / HTTP/1.1",
    "SSH-2.0-x",
    "+OK POP3",
    "* OK IMAP4",
    "\x16\x03\x01",
];

/// Octets as a dialogue in the protocol's alphabet.
pub fn dialogue(octets: &[u8]) -> Vec<u8> {
    octets.iter().flat_map(|octet| ALPHABET[usize::from(*octet) % ALPHABET.len()].bytes()).collect()
}
