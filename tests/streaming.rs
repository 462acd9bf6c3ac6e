//! Reports on a source with more sessions than are held: written as they end, and whole all the same.

use std::{fmt::Write as _, fs, io::Write as _, process::Command};

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

/// A small file that unpacks to much, and whose name does not say so, is read to its end, in its place.
#[test]
fn small_files_that_unpack_to_much_are_read_whole() {
    let folder = tempfile::tempdir().expect("a folder");
    let session = |name: &str| {
        format!(
            "S: 220 mx.example.net ESMTP\nC: EHLO {name}.example.org\nS: 250 mx.example.net\nC: QUIT\nS: 221 2.0.0 Bye\n\n"
        )
    };
    for name in ["a", "c"] {
        fs::write(folder.path().join(format!("{name}.txt")), session(name)).expect("a file");
    }
    let packed = fs::File::create(folder.path().join("b.txt")).expect("a file");
    let mut packed = flate2::write::GzEncoder::new(packed, flate2::Compression::best());
    // More than a small file's task holds.
    let filler = "x".repeat(8191) + "\n";
    packed.write_all(session("b1").as_bytes()).expect("written");
    for _ in 0..9 << 7 {
        packed.write_all(filler.as_bytes()).expect("written");
    }
    packed.write_all(session("b2").as_bytes()).expect("written");
    packed.finish().expect("written");
    assert!(fs::metadata(folder.path().join("b.txt")).expect("a file").len() < 64 << 10);
    let output = Command::new(env!("CARGO_BIN_EXE_smtplog"))
        .args(["analyze", "--format", "json", "--jobs", "2"])
        .arg(folder.path())
        .output()
        .expect("run");
    let report: serde_json::Value = serde_json::from_slice(&output.stdout).expect("JSON");
    let sources = report["sources"].as_array().expect("sources");
    let hello =
        |session: &serde_json::Value| session["client"]["hello"].as_str().map(str::to_owned);
    let sessions =
        sources.iter().flat_map(|source| source["sessions"].as_array().expect("sessions"));
    let found: Vec<_> = sessions.filter_map(hello).collect();
    let want = ["a", "b1", "b2", "c"].map(|name| format!("{name}.example.org"));
    assert_eq!(found, want);
    let problems: Vec<_> = sources.iter().map(|source| &source["problems"]).collect();
    assert!(problems.iter().all(|all| all == &&serde_json::json!([])), "{problems:?}");
}
