//! What must hold for whatever octets come in, and the protocol's alphabet. README.md says how to run it.

use std::{env, fs, ops::ControlFlow, path::PathBuf, process};

use smtplog::{
    Options, account_bytes, analyze_bytes, grammar,
    redact::Redactor,
    redact_bytes,
    render::{self, Style},
    report::{SourceReport, Summary},
    source::Limits,
};

/// A check of some octets: it panics where something does not hold.
pub type Check = fn(&[u8]);

/// Every check, with the name of its fuzz target.
pub const CHECKS: [(&str, Check); 4] = [
    ("analyze", analyze),
    ("dialogue", |octets| analyze(&dialogue(octets))),
    ("grammar", |octets| {
        line(octets);
        line(&dialogue(octets));
    }),
    ("containers", container),
];

/// Any octets, as a source: no octet is lost, what the report names exists, every format shows it, and what was
/// redacted is as long as before.
pub fn analyze(bytes: &[u8]) {
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
    // Where a secret would be left, nothing is handed out.
    if let Ok(redacted) = redact_bytes(&mut Redactor::default(), bytes, &options) {
        assert_eq!(redacted.text.len(), bytes.len(), "redacting moves nothing");
    }
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

/// Any octets, as a line: put together, its parts are the line again.
pub fn line(line: &[u8]) {
    let read = grammar::command(line);
    assert_eq!(
        [read.indent, read.verb, read.separator, read.argument, read.trailing].concat(),
        line
    );
    if let Some(read) = grammar::reply_line(line) {
        assert_eq!([read.code_text, read.separator_text, read.text].concat(), line);
    }
    let host = grammar::host_line(line);
    assert_eq!([host.name, host.separator, host.text].concat(), line);
    let keyword = grammar::ehlo_line(line);
    assert_eq!([keyword.keyword, keyword.separator, keyword.params_text].concat(), line);
    assert!(grammar::xtext::decoded(line).len() <= line.len());
    let _ = (grammar::shape(line), grammar::classify(line), grammar::auth_line(line));
    let _ = (grammar::path::path_argument(line), grammar::enhanced::mentioned(line));
    let _ = (grammar::mailbox::is_strict(line), grammar::mailbox::mailbox(line));
    let _ = (grammar::xtext::is_strict(line), grammar::foreign::foreign(line));
}

/// Any octets, as a file: archives, compressed files, mails and captures, broken in any way, are opened within the
/// limits.
pub fn container(octets: &[u8]) {
    let path = path();
    fs::write(&path, octets).unwrap();
    let mut options = Options::default();
    options.source.limits = Limits { octets: 1 << 20, ..Limits::default() };
    let mut sources = 0;
    let _ = smtplog::analyze(&[&path], &options, 1, &mut |_| {
        sources += 1;
        ControlFlow::Continue(())
    });
    let _ = fs::remove_file(&path);
    assert!(sources > 0, "a file that cannot be opened is reported, too");
}

/// A file in memory, where there is such a place.
fn path() -> PathBuf {
    let memory = PathBuf::from("/dev/shm");
    let folder = if memory.is_dir() { memory } else { env::temp_dir() };
    folder.join(format!("smtplog-fuzz-{}", process::id()))
}

/// What octets stand for in a dialogue: fragments of lines as clients, servers, tools and people write them.
pub const ALPHABET: &[&str] = &[
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
