//! What the dialects' own tests share, and the matrix of samples and dialects.

use super::{ALL, Dialect};
use crate::{
    source::{self, Block, Source},
    transcript::{Fact, Mark, Moment},
};

/// A reading, owned.
#[derive(Debug, Clone)]
pub(super) struct Said {
    /// `None` for a line that the dialect did not take.
    pub(super) mark: Option<Mark>,
    pub(super) text: Vec<u8>,
    pub(super) at: Option<Moment>,
    pub(super) key: Option<Vec<u8>>,
    pub(super) fact: Option<Fact>,
}

/// What a dialect's reader makes of these lines.
pub(super) fn read(dialect: &Dialect, lines: &[&str]) -> Vec<Said> {
    let mut reader = (dialect.reader)();
    let mut said = Vec::new();
    for (index, line) in lines.iter().enumerate() {
        reader.ahead(lines.get(index + 1).unwrap_or(&"").as_bytes());
        let taken = reader.read(line.as_bytes(), &mut |reading| {
            said.push(Said {
                mark: Some(reading.mark),
                text: reading.text.to_vec(),
                at: reading.at,
                key: reading.key.map(|key| key.to_vec()),
                fact: reading.fact,
            });
        });
        if !taken {
            let text = line.as_bytes().to_vec();
            said.push(Said { mark: None, text, at: None, key: None, fact: None });
        }
    }
    said
}

/// Readings in a form that a test can show in one line each: `1 QUIT`, `2 221 bye`, `U text`, `T` and the
/// fact's name for a remark, `-` for a line that was not taken.
pub(super) fn rows(said: &[Said]) -> Vec<String> {
    said.iter()
        .map(|said| {
            let text = String::from_utf8_lossy(&said.text);
            match (said.mark, &said.fact) {
                (None, _) => "-".to_owned(),
                (Some(Mark::First), _) => format!("1 {text}"),
                (Some(Mark::Second), _) => format!("2 {text}"),
                (Some(Mark::Unmarked), _) => format!("U {text}"),
                (Some(Mark::Tool), None) => "T".to_owned(),
                (Some(Mark::Tool), Some(fact)) => format!("T {}", name(fact)),
            }
        })
        .collect()
}

fn name(fact: &Fact) -> String {
    let text = |octets: &[u8]| String::from_utf8_lossy(octets).into_owned();
    let port = |port: &Option<u16>| port.map_or_else(String::new, |port| format!(":{port}"));
    match fact {
        Fact::Dialled { host, port: number } => format!("Dialled {}{}", text(host), port(number)),
        Fact::ServerAddress { address, port: number } => {
            format!("ServerAddress {}{}", text(address), port(number))
        }
        Fact::ClientAddress { address, port: number } => {
            format!("ClientAddress {}{}", text(address), port(number))
        }
        Fact::TlsStarted { version, cipher } => {
            let or = |part: &Option<Vec<u8>>| part.as_deref().map_or("?".to_owned(), text);
            format!("TlsStarted {} {}", or(version), or(cipher))
        }
        Fact::TlsFailed(_) => "TlsFailed".to_owned(),
        Fact::CertificateProblem(words) => format!("CertificateProblem {}", text(words)),
        Fact::CertificateName(words) => format!("CertificateName {}", text(words)),
        Fact::AuthenticatedAs(words) => format!("AuthenticatedAs {}", text(words)),
        Fact::Recorder(words) => format!("Recorder {}", text(words)),
        Fact::ToolError(_) => "ToolError".to_owned(),
        plain => format!("{plain:?}"),
    }
}

/// The files of `samples/NAME`; none where there is no such folder.
fn paths(name: &str) -> Vec<std::path::PathBuf> {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("samples").join(name);
    let Ok(entries) = std::fs::read_dir(folder) else { return Vec::new() };
    let mut paths: Vec<_> = entries.filter_map(|entry| Some(entry.ok()?.path())).collect();
    paths.sort();
    paths
}

/// The files of `samples/NAME`, with their lines as dialects get them.
fn samples(name: &str) -> Vec<(String, Vec<Vec<u8>>)> {
    let read = |path: &std::path::PathBuf| std::fs::read(path).expect("a sample can be read");
    paths(name).iter().map(|path| (path.display().to_string(), peeled(&read(path)))).collect()
}

/// The lines of a file, decoded, without their endings and without what wraps them.
fn peeled(bytes: &[u8]) -> Vec<Vec<u8>> {
    let mut source = Source::new("sample", bytes, &source::Options::default());
    let mut block = Block::new();
    let mut peeler = crate::wrapping::Peeler::default();
    let mut scratch = Vec::new();
    let mut out = Vec::new();
    while source.read(&mut block) {
        peeler.learn(&mut block.iter().map(|line| line.text));
        for line in &block {
            let text = peeler.peel(line.text, &mut scratch).text;
            let returns = text.iter().rev().take_while(|octet| **octet == b'\r').count();
            out.push(text.get(..text.len() - returns).unwrap_or_default().to_vec());
        }
    }
    out
}

/// What another tool writes behind a dump is not the dump's.
#[test]
fn dumps_end_where_another_record_begins() {
    let (there, back) = ("192.0.2.1:40052 -> 192.0.2.2:25", "192.0.2.2:25 -> 192.0.2.1:40052");
    let label = "192.000.002.001.40052-192.000.002.002.00025: ";
    let tcpdump = "12:15:36.818853 IP 192.0.2.2.25 > 192.0.2.1.40052: Flags [P.], seq 1:16, ack 1, win 64, length 15";
    for (name, dump) in [
        ("ngrep", format!("T {back} [AP] #4\n220 mx ready.\n\n")),
        ("ngrep", format!("T {there} [AP] #5\n  QUIT..   \n\n")),
        ("tcpflow", format!("{label}QUIT\n\n")),
        ("tcpflow", "reportfilename: ./report.xml\n220 mx ready\n\n".to_owned()),
        ("tcpdump-a", format!("{tcpdump}\n{}221 2.0.0 Bye\n\n", "E".repeat(40))),
        (
            "socat-v",
            "< 2026/11/23 10:33:11.000883269  length=6 from=0 to=5\n 51 55 49 54 0d 0a\n"
                .to_owned(),
        ),
        (
            "tshark-details",
            "Frame 7: 60 bytes\nSimple Mail Transfer Protocol\n    Command Line: QUIT\\r\\n\n\n"
                .to_owned(),
        ),
    ] {
        let dialect = super::find(name).expect("a dialect");
        for other in [
            "=== Trying mx.example.net:25...",
            "  an indented line of a log",
            "[2026-11-23 10:15:00] INFO ready",
        ] {
            if name == "ngrep" && dump.contains("..") && other.starts_with("  ") {
                continue;
            }
            let record = format!("{dump}{other}");
            let lines: Vec<&str> = record.lines().collect();
            let said = rows(&read(dialect, &lines));
            assert_eq!(said.last().map(String::as_str), Some("-"), "{record}: {said:?}");
        }
    }
}

const RAW: &str = "raw-unmarked";

/// Samples in which the tool left no trace of itself.
const WITHOUT_TRACE: &[&str] =
    &["nc-ncat/nc-openbsd-whole-session.txt", "nc-ncat/piped-replies-only.txt"];

/// Samples whose marks were hidden by the tool's own options, and one in which only the server spoke.
const ONE_SIDED: &[&str] = &[
    "swaks/no-hints.txt",
    "swaks/replies-hidden.txt",
    "tcpflow/no-labels.txt",
    "perl-net-cmd/greeting-554.txt",
    "s-nail/verbose-once-recipient-refused.txt",
];

#[test]
fn every_sample_wakes_its_dialect() {
    let mut asleep = Vec::new();
    for dialect in ALL.iter().filter(|dialect| dialect.name != RAW) {
        for (file, lines) in samples(dialect.name) {
            let silent = WITHOUT_TRACE.iter().any(|name| file.ends_with(name));
            if !silent && !lines.iter().any(|line| dialect.shows(line)) {
                asleep.push(file);
            }
        }
    }
    assert!(asleep.is_empty(), "no trace of their dialect: {asleep:#?}");
}

#[test]
fn every_sample_shows_both_marks() {
    let mut poor = Vec::new();
    for dialect in ALL {
        if dialect.client.is_empty() || dialect.server.is_empty() {
            continue;
        }
        for (file, lines) in samples(dialect.name) {
            let mut reader = (dialect.reader)();
            let (mut first, mut second, mut failed) = (0, 0, false);
            for (index, line) in lines.iter().enumerate() {
                reader.ahead(lines.get(index + 1).map_or(&b""[..], |next| next));
                reader.read(line, &mut |reading| {
                    first += usize::from(reading.mark == Mark::First);
                    second += usize::from(reading.mark == Mark::Second);
                    failed |= matches!(reading.fact, Some(Fact::ConnectFailed(_)));
                });
            }
            let excused = failed || ONE_SIDED.iter().any(|name| file.ends_with(name));
            if !excused && (first == 0 || second == 0) {
                poor.push((file, first, second));
            }
        }
    }
    assert!(poor.is_empty(), "a side is missing: {poor:#?}");
}

/// Samples in which another dialect's session stands.
const OTHERWISE_NAMED: &[(&str, &[&str])] =
    &[("nc-ncat/nc-openbsd-whole-session.txt", &[RAW]), ("nc-ncat/piped-replies-only.txt", &[RAW])];

#[test]
fn every_sample_is_read_as_its_own_dialect_and_no_other() {
    let mut misread = Vec::new();
    // What carries no mark leaves no trace; tests/samples.rs holds what each of those files is.
    for dialect in ALL.iter().filter(|dialect| dialect.name != RAW) {
        for path in paths(dialect.name) {
            let bytes = std::fs::read(&path).expect("a sample can be read");
            let report = crate::analyze_bytes("sample", &bytes, &crate::Options::default());
            let mut names: Vec<&str> = report.sessions.iter().map(|one| one.dialect).collect();
            names.sort_unstable();
            names.dedup();
            let file = path.display().to_string();
            let known = OTHERWISE_NAMED.iter().find(|(name, _)| file.ends_with(name));
            let expected = known.map_or_else(|| vec![dialect.name], |(_, names)| names.to_vec());
            if names != expected {
                misread.push((file, names));
            }
        }
    }
    assert!(misread.is_empty(), "read as another dialect: {misread:#?}");
}

#[test]
fn every_reader_survives_every_sample() {
    let mut lines: Vec<Vec<u8>> = Vec::new();
    for dialect in ALL {
        for (_, sample) in samples(dialect.name) {
            lines.extend(sample.into_iter().take(80));
        }
    }
    for dialect in ALL {
        let mut reader = (dialect.reader)();
        for (line, next) in lines.iter().zip(lines.iter().skip(1)) {
            reader.ahead(next);
            // A line whole, and cut in the middle, where readers look for what is no longer there.
            for text in [&line[..], &line[..line.len() / 2], &line[line.len() / 2..]] {
                reader.read(text, &mut |reading| {
                    let Some(within) = reading.within else { return };
                    let span = crate::span::Span::of(text, within);
                    assert_eq!(span.slice(text), within, "{} in {text:?}", dialect.name);
                });
            }
        }
        reader.finish(&mut |_| {});
    }
}

#[test]
fn names_are_one_dialects_each() {
    for (index, dialect) in ALL.iter().enumerate() {
        assert!(
            ALL.iter().skip(index + 1).all(|other| other.name != dialect.name),
            "{} is there twice",
            dialect.name
        );
        assert!(super::find(&dialect.name.to_uppercase()).is_some());
    }
}
