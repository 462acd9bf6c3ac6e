//! Reports on a source with more sessions than are held: written as they end, and whole all the same.

use std::{fmt::Write as _, fs, process::Command};

const SESSIONS: usize = 2_600;

fn log() -> String {
    let mut log = String::new();
    for session in 0..SESSIONS {
        let _ = writeln!(
            log,
            "S: 220 mx.example.net ESMTP\nC: EHLO client{session}.example.org\nS: 250 mx.example.net\n\
             C: VRFY somebody\u{9b}31m\nS: 252 2.0.0 perhaps\nC: QUIT\nS: 221 2.0.0 Bye\n"
        );
    }
    log
}

#[test]
fn documents_are_written_as_sessions_end() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("log.txt");
    fs::write(&path, log()).expect("a file");
    let name = path.to_str().expect("a name");
    // The last line of a session, where it ends in its format.
    for (format, ends) in [
        ("json", "\n          \"findings\": ["),
        ("html", "</section>"),
        ("markdown", "\n## "),
        ("mermaid", "C->>S: QUIT"),
        ("sarif", "\n"),
        ("github", ",title=no-mail::"),
    ] {
        let report = |jobs: &str| {
            let arguments = ["analyze", "--format", format, "--jobs", jobs, name];
            let output = Command::new(env!("CARGO_BIN_EXE_smtplog")).args(arguments).output();
            String::from_utf8(output.expect("a run").stdout).expect("UTF-8")
        };
        let text = report("1");
        assert_eq!(text, report("2"), "{format}");
        let told = text.matches(ends).count();
        assert!(told >= SESSIONS - 1, "{format}: {told}");
        assert!(!text.contains('\u{9b}'), "{format}");
        if format == "json" {
            let document: serde_json::Value = serde_json::from_str(&text).expect("JSON");
            let source = &document["sources"][0];
            let sessions = source["sessions"].as_array().expect("sessions");
            assert_eq!(sessions.len(), SESSIONS);
            assert_eq!(sessions.last().expect("one")["id"], SESSIONS);
            assert_eq!(source["lines"], SESSIONS * 8);
            assert_eq!(document["summary"]["sessions"], SESSIONS);
            let said = sessions[7]["exchanges"][2]["command"]["text"].as_str();
            assert_eq!(said, Some("VRFY somebody\u{9b}31m"));
        }
    }
}
