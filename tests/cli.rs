//! The program as a user or a script meets it: exit statuses, standard input, output, hostile text, secrets.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test may panic")]

use std::{
    fs,
    io::{Read as _, Write as _},
    path::{Path, PathBuf},
    process::{Command, Output, Stdio},
};

use assert_cmd::cargo::cargo_bin;

/// A session in which RCPT was forgotten: a warning, no more.
const WARNING: &str = "S: 220 mx.example.net ESMTP\nC: EHLO client.example\nS: 250 mx.example.net\n\
C: MAIL FROM:<a@client.example>\nS: 250 2.1.0 Ok\nC: DATA\nS: 503 5.5.1 need RCPT first\nC: RSET\n\
S: 250 2.0.0 Ok\nC: QUIT\nS: 221 2.0.0 Bye\n";

/// A session with nothing to remark.
const CLEAN: &str =
    "S: 220 mx.example.net ESMTP\nC: NOOP\nS: 250 2.0.0 Ok\nC: QUIT\nS: 221 2.0.0 Bye\n";

/// The program in an environment of which it knows nothing.
fn smtplog(arguments: &[&str]) -> Command {
    let mut command = Command::new(cargo_bin("smtplog"));
    command.env_clear().env("COLUMNS", "100").args(arguments);
    command.stdin(Stdio::null());
    command
}

fn run(arguments: &[&str]) -> Output {
    smtplog(arguments).output().unwrap()
}

fn with_input(arguments: &[&str], input: &[u8]) -> Output {
    let mut command = smtplog(arguments);
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    // A program that ends early does not read all of it.
    let _ = child.stdin.take().unwrap().write_all(input);
    child.wait_with_output().unwrap()
}

fn status(output: &Output) -> i32 {
    output.status.code().unwrap()
}

fn text(octets: &[u8]) -> String {
    String::from_utf8(octets.to_vec()).unwrap()
}

/// A folder that is gone at the end of the test.
struct Folder(tempfile::TempDir);

impl Folder {
    fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    fn file(&self, name: &str, content: impl AsRef<[u8]>) -> String {
        let path = self.path(name);
        fs::write(&path, content).unwrap();
        path.to_str().unwrap().to_owned()
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }
}

/// The formats that are one document; `tests/parquet/` has the other.
fn formats() -> Vec<String> {
    let listed = text(&run(&["formats"]).stdout);
    let names = listed.lines().map(|line| line.split(' ').next().unwrap().to_owned());
    names.filter(|name| name != "parquet").collect()
}

#[cfg(not(feature = "parquet"))]
#[test]
fn a_format_that_is_not_built_in_says_how_to_get_it() {
    let listed = text(&run(&["formats"]).stdout);
    let line = listed.lines().find(|line| line.starts_with("parquet ")).unwrap();
    assert!(line.contains("--features parquet"), "{line}");
    let output = run(&["analyze", "--format", "parquet", "--output", "none", "samples/swaks"]);
    assert_eq!(status(&output), 2);
    let told = text(&output.stderr);
    assert!(told.contains("--features parquet"), "{told}");
}

/// What was found about several sessions counts, and stands in each format that is of whole sources.
#[test]
fn findings_across_sessions_are_told_and_count() {
    const RULE: &str = "server-inconsistent";
    let log =
        concat!(env!("CARGO_MANIFEST_DIR"), "/samples/exchange-protocol/server-inconsistent.log");
    for command in ["analyze", "summary"] {
        let only = [command, log, "--select", RULE, "--fail-on"];
        assert_eq!(status(&run(&[&only[..], &["warning"]].concat())), 1, "{command}");
        assert_eq!(status(&run(&[&only[..], &["error"]].concat())), 0, "{command}");
    }
    let formats = text(&run(&["formats"]).stdout);
    for format in formats.lines().filter_map(|line| line.split_whitespace().next()) {
        // A row or a diagram is of one session; the tables of parquet are sessions and exchanges.
        let each = matches!(format, "csv" | "mermaid" | "parquet");
        if !each {
            let output = run(&["analyze", log, "--select", RULE, "--format", format]);
            // The rules that there are stand in SARIF, whatever was found.
            let told = text(&output.stdout).matches(RULE).count();
            assert!(told > usize::from(format == "sarif"), "{format}");
        }
    }
}

#[test]
fn exit_statuses() {
    let folder = Folder::new();
    let warning = folder.file("warning.txt", WARNING);
    let clean = folder.file("clean.txt", CLEAN);
    let prose = folder.file("prose.txt", "Dear all,\nit does not work.\n");
    let select = ["--select", "data-before-rcpt"];
    for (arguments, expected) in [
        (vec!["analyze", &clean], 0),
        (vec!["analyze", &warning, "--select", "data-before-rcpt"], 0),
        (vec!["analyze", &warning, select[0], select[1], "--fail-on", "warning"], 1),
        (vec!["analyze", &warning, select[0], select[1], "--fail-on", "note"], 1),
        (vec!["analyze", &warning, select[0], select[1], "--fail-on", "error"], 0),
        (vec!["analyze", &warning, "--fail-on", "never"], 0),
        (
            vec![
                "analyze",
                &warning,
                "--ignore",
                "data-before-rcpt,delivery,reply,extension",
                "--fail-on",
                "warning",
            ],
            0,
        ),
        (vec!["analyze", &prose], 2),
        (vec!["analyze", "/nowhere/at/all"], 2),
        (vec!["analyze", &clean, "/nowhere/at/all"], 2),
        (vec!["analyze", &clean, &prose], 0),
        (vec!["analyze", "--format", "nonsense", &clean], 2),
        (vec!["analyze", "--rfc", "822", &clean], 2),
        (vec!["nonsense"], 2),
        (vec!["explain", "nonsense-topic"], 2),
        (vec!["--version"], 0),
        (vec!["--help"], 0),
        (vec!["rules"], 0),
        (vec!["dialects"], 0),
        (vec!["schema"], 0),
        (vec!["completions", "bash"], 0),
        (vec!["compare", &clean, &clean], 0),
        (vec!["compare", &clean, &warning], 1),
        (vec!["compare", &clean, &prose], 2),
        (vec!["compare", &clean, &clean, "--bad-session", "2"], 2),
        (vec!["compare", &clean], 2),
        (vec!["summary", &clean], 0),
        (vec!["summary", &warning, "--select", "data-before-rcpt"], 0),
        (vec!["summary", &warning, select[0], select[1], "--fail-on", "warning"], 1),
        (vec!["summary", &warning, "--where", "outcome=dropped", "--fail-on", "note"], 0),
        (vec!["summary", &prose], 2),
        (vec!["summary", &clean, "/nowhere/at/all"], 2),
        (vec!["summary", &clean, "--where", "outcome=lost"], 2),
        (vec!["summary", &clean, "--since", "yesterday"], 2),
        (vec!["summary", &clean, "--format", "sarif"], 2),
        (vec!["man"], 0),
    ] {
        let output = run(&arguments);
        assert_eq!(status(&output), expected, "{arguments:?}: {}", text(&output.stderr));
    }
}

#[test]
fn what_could_be_read_is_reported_beside_what_could_not() {
    let folder = Folder::new();
    let clean = folder.file("clean.txt", CLEAN);
    let output = run(&["analyze", "/nowhere/at/all", &clean]);
    assert!(text(&output.stdout).contains("221 2.0.0 Bye"));
    assert!(text(&output.stderr).contains("`/nowhere/at/all` does not exist"));
}

#[test]
fn what_is_no_smtp_is_said_to_be_what_it_is() {
    for (input, expected) in [
        (&b""[..], "it is empty"),
        (b"Dear all,\nit does not work.\n", "text without a command or a reply"),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "PNG"),
        (b"HTTP/1.1 400 Bad Request\r\nServer: x\r\n\r\n<html>", "HTTP"),
        (b"+OK ready\r\nUSER fred\r\n+OK\r\nPASS x\r\n", "POP3"),
    ] {
        let output = with_input(&["analyze"], input);
        let said = text(&output.stderr);
        assert_eq!(status(&output), 2, "{said}");
        assert!(said.contains("no SMTP was found") && said.contains(expected), "{said}");
    }
}

#[test]
fn standard_input_is_read_where_no_path_or_a_dash_is_given() {
    for arguments in [&["analyze"][..], &["analyze", "-"], &["-"], &[]] {
        let output = with_input(arguments, CLEAN.as_bytes());
        assert_eq!(status(&output), 0, "{arguments:?}");
        assert!(text(&output.stdout).contains("221 2.0.0 Bye"), "{arguments:?}");
    }
}

#[test]
fn a_path_alone_is_analysed() {
    let folder = Folder::new();
    let clean = folder.file("clean.txt", CLEAN);
    assert_eq!(run(&[&clean]).stdout, run(&["analyze", &clean]).stdout);
    assert_eq!(
        run(&["--format", "json", &clean]).stdout,
        run(&["analyze", "--format", "json", &clean]).stdout
    );
    let mistyped = run(&["analyse", &clean]);
    assert!(text(&mistyped.stderr).contains("analyze"), "{}", text(&mistyped.stderr));
    let missing = run(&["missing.txt"]);
    assert!(text(&missing.stderr).contains("does not exist"), "{}", text(&missing.stderr));
}

#[test]
fn unknown_names_are_answered_with_the_nearest() {
    for (arguments, expected) in [
        (["--select", "data-befor-rcpt"], "did you mean `data-before-rcpt`"),
        (["--ignore", "sintax"], "did you mean `syntax`"),
        (["--dialect", "telnet-unx"], "did you mean `telnet-unix`"),
        (["--format", "jsno"], "did you mean `json`"),
        (["--select", "xyzzy"], "`smtplog rules` lists them"),
        (["--encoding", "utf-99"], "utf-16le"),
        (["--trusted-network", "10.0.0"], "192.0.2.0/24"),
        (["--jobs", "many"], "a number is needed"),
    ] {
        let output = run(&["analyze", arguments[0], arguments[1]]);
        let said = text(&output.stderr);
        assert_eq!(status(&output), 2);
        assert!(said.contains(expected), "{arguments:?}: {said}");
    }
}

#[test]
fn a_closed_pipe_ends_quietly() {
    let folder = Folder::new();
    // Far more than a pipe holds.
    let many = folder.file("many.txt", WARNING.repeat(300));
    for format in ["text", "json", "jsonl", "html"] {
        let mut child = smtplog(&["analyze", "--format", format, "--fail-on", "never", &many])
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut first = [0; 10];
        child.stdout.take().unwrap().read_exact(&mut first).unwrap();
        let output = child.wait_with_output().unwrap();
        assert_eq!((status(&output), text(&output.stderr)), (0, String::new()), "{format}");
    }
}

#[test]
fn an_output_file_is_whole_or_not_there() {
    let folder = Folder::new();
    let clean = folder.file("clean.txt", CLEAN);
    let report = folder.path("report.json");
    let report_name = report.to_str().unwrap();
    let output = run(&["analyze", "--format", "json", "--output", report_name, &clean]);
    assert_eq!((status(&output), output.stdout.len()), (0, 0));
    let written: serde_json::Value = serde_json::from_slice(&fs::read(&report).unwrap()).unwrap();
    assert_eq!(written["summary"]["sessions"], 1);

    // A device is written to, not replaced; a link stays a link.
    #[cfg(unix)]
    {
        use std::os::unix::fs::symlink;
        assert_eq!(status(&run(&["analyze", "-o", "/dev/null", &clean])), 0);
        assert!(!fs::metadata("/dev/null").unwrap().is_file());
        let link = folder.path("link");
        symlink(&report, &link).unwrap();
        assert_eq!(status(&run(&["analyze", "-o", link.to_str().unwrap(), &clean])), 0);
        assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
        assert!(text(&fs::read(&report).unwrap()).contains("221 2.0.0 Bye"));
        fs::remove_file(link).unwrap();
    }

    // What cannot be written leaves nothing behind, and what stood there stays.
    let folder_there = folder.path("folder");
    fs::create_dir(&folder_there).unwrap();
    let output = run(&["analyze", "-o", folder_there.to_str().unwrap(), &clean]);
    assert_eq!(status(&output), 2);
    assert!(text(&output.stderr).contains("could not be written"), "{}", text(&output.stderr));
    let output = run(&["analyze", "-o", folder.path("none/x").to_str().unwrap(), &clean]);
    assert_eq!(status(&output), 2);
    let mut names: Vec<_> = fs::read_dir(folder.0.path())
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    assert_eq!(names, ["clean.txt", "folder", "report.json"]);
}

#[test]
fn colours_only_where_they_are_asked_for() {
    let folder = Folder::new();
    let warning = folder.file("warning.txt", WARNING);
    let has_escape = |command: &mut Command| command.output().unwrap().stdout.contains(&0x1b);
    assert!(!has_escape(&mut smtplog(&[&warning])));
    assert!(!has_escape(&mut smtplog(&["analyze", "--color", "never", &warning])));
    assert!(has_escape(&mut smtplog(&["analyze", "--color", "always", &warning])));
    assert!(has_escape(smtplog(&[&warning]).env("CLICOLOR_FORCE", "1")));
    assert!(!has_escape(smtplog(&[&warning]).env("CLICOLOR_FORCE", "1").env("NO_COLOR", "1")));
}

#[test]
fn the_page_is_as_wide_as_it_is_said_to_be() {
    let folder = Folder::new();
    let warning = folder.file("w.txt", WARNING);
    for columns in [60, 80, 120] {
        let output = smtplog(&[&warning]).env("COLUMNS", columns.to_string()).output().unwrap();
        for line in text(&output.stdout).lines().filter(|line| line.starts_with(['│', '┌'])) {
            assert!(line.chars().count() <= columns, "{columns}: {line}");
        }
    }
    // Where two columns of words have no room, words stay whole.
    let narrow = smtplog(&[&warning]).env("COLUMNS", "40").output().unwrap();
    assert!(text(&narrow.stdout).contains(" C: ") && !text(&narrow.stdout).contains('┆'));
    for columns in [40, 60, 80, 100] {
        let summary = smtplog(&["summary", "--by", "domain", "samples/telnet-unix"])
            .env("COLUMNS", columns.to_string())
            .output()
            .unwrap();
        let told = text(&summary.stdout);
        let table: Vec<&str> = told.lines().skip_while(|line| *line != "By domain").collect();
        assert!(table.iter().any(|line| line.starts_with("  elsewhere.invalid ")), "{told}");
        assert!(table.iter().any(|line| line.starts_with("  brackenfield.example ")), "{told}");
        assert!(table.iter().all(|line| line.chars().count() <= columns), "{told}");
    }
}

#[test]
fn any_number_of_jobs_gives_the_same_report() {
    let folder = Folder::new();
    for number in 0..150 {
        let name = format!("{number:03}.txt");
        folder.file(&name, if number % 3 == 0 { CLEAN } else { WARNING });
    }
    let path = folder.0.path().to_str().unwrap();
    for format in ["jsonl", "text"] {
        let one = run(&["analyze", "--jobs", "1", "--format", format, path]).stdout;
        assert!(one.len() > 10_000);
        for jobs in ["2", "8", "0"] {
            let other = run(&["analyze", "--jobs", jobs, "--format", format, path]).stdout;
            assert!(one == other, "{format}: {jobs} jobs give another report");
        }
    }
}

#[cfg(unix)]
#[test]
fn a_followed_log_tells_each_session_when_it_is_over() {
    use std::io::BufRead as _;
    let row = |second: u32, key: u32, rest: &str| {
        format!(
            "2026-11-23T10:01:{second:02}.000Z,MX1\\In,08DE2A6F0000000{key},0,192.0.2.25:25,192.0.2.7:4711,{rest}\n"
        )
    };
    let session = |key| {
        [
            row(1, key, "+,,"),
            row(2, key, ">,220 mx.example.net ESMTP,"),
            row(3, key, "<,QUIT,"),
            row(4, key, ">,221 2.0.0 Bye,"),
            row(5, key, "-,,Remote"),
        ]
        .concat()
    };
    let folder = Folder::new();
    let log = folder.file("log", session(1));
    let mut child = smtplog(&["analyze", "--follow", "--format", "jsonl", &log])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut lines = std::io::BufReader::new(child.stdout.take().unwrap()).lines();
    let mut next =
        || -> serde_json::Value { serde_json::from_str(&lines.next().unwrap().unwrap()).unwrap() };
    assert_eq!(next()["key"], "08DE2A6F00000001");
    // What is begun is not told; what is over is.
    let more = [row(6, 3, "+,,"), session(2)].concat();
    let mut file = fs::OpenOptions::new().append(true).open(&log).unwrap();
    file.write_all(more.as_bytes()).unwrap();
    assert_eq!(next()["key"], "08DE2A6F00000002");
    let killed = Command::new("kill").args(["-TERM", &child.id().to_string()]).status().unwrap();
    assert!(killed.success());
    // Now it is told as one that the record cuts off.
    let open = next();
    assert_eq!(
        (open["key"].as_str(), open["type"].as_str()),
        (Some("08DE2A6F00000003"), Some("session"))
    );
    let source = next();
    assert_eq!(
        (source["type"].as_str(), source["problems"].as_array().unwrap().len()),
        (Some("source"), 0)
    );
    let summary = next();
    assert_eq!(
        (summary["type"].as_str(), summary["sessions"].as_u64()),
        (Some("summary"), Some(3))
    );
    assert_eq!(child.wait().unwrap().code(), Some(130));
}

#[test]
fn what_cannot_be_followed_is_named() {
    let folder = Folder::new();
    let log = folder.file("log", CLEAN);
    for (arguments, said) in [
        (vec!["--follow", &log, &log], "name one file"),
        (vec!["--follow", "-"], "name a file"),
        #[cfg(feature = "parquet")]
        (
            vec!["--follow", "--format", "parquet", "--output", &folder.file("r", ""), &log],
            "whole reports only",
        ),
        (vec!["--follow", "missing.log"], "missing.log"),
    ] {
        let output = run(&[&["analyze"], &arguments[..]].concat());
        assert_eq!(status(&output), 2, "{arguments:?}");
        assert!(text(&output.stderr).contains(said), "{}", text(&output.stderr));
        assert_eq!(text(&output.stdout), "", "nothing was begun");
    }
}

#[test]
fn quiet_prints_nothing() {
    let folder = Folder::new();
    let warning = folder.file("warning.txt", WARNING);
    let output = run(&["analyze", "--quiet", "--fail-on", "warning", &warning]);
    assert_eq!((status(&output), output.stdout.len(), output.stderr.len()), (1, 0, 0));
}

/// What an attacker would like to see on a terminal, in a page, in a spreadsheet.
const HOSTILE: &str = "S: 220 mx.example.net ESMTP \u{1b}]0;owned\u{7}\u{1b}[31m\n\
C: EHLO =cmd|'/c calc'!A1\u{202e}\nS: 250 <script>alert(1)</script>\u{9b}2J\n\
C: MAIL FROM:<\"</td><img src=x onerror=alert(1)>\"@client.example>\nS: 250 2.1.0 Ok\n\
C: RCPT TO:<=1+1@mx.example.net>\nS: 550 `**no** | such ```\u{2066}user\u{200b}; end\n\
C: =2+5\u{8}\u{8}\nS: 500 5.5.2 what? ::error::x\nC: QUIT\nS: 221 2.0.0 Bye\u{0}\n";

#[test]
fn hostile_text_is_harmless_in_every_format() {
    let folder = Folder::new();
    let hostile = folder.file("=1+1<b>\u{1b}[1m.txt", HOSTILE);
    for format in formats() {
        let arguments =
            ["analyze", "--format", &format, "--color", "never", "--fail-on", "never", "--verbose"];
        let output = smtplog(&arguments).arg(&hostile).output().unwrap();
        let report = text(&output.stdout);
        assert!(!report.is_empty(), "{format}");
        for character in report.chars().chain(text(&output.stderr).chars()) {
            let acts = character.is_control() && !matches!(character, '\n' | '\r')
                || matches!(character, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
            // JSON may hold what it likes as long as it is the text of a string.
            let as_data = ["json", "jsonl"].contains(&format.as_str()) && !character.is_ascii();
            assert!(!acts || as_data, "{format}: {character:?}\n{report}");
        }
        match format.as_str() {
            "html" | "junit" => {
                for tag in ["<script>", "<img", "<b>\\x", "</td><img"] {
                    assert!(!report.contains(tag), "{format}: {tag}");
                }
            }
            "csv" => {
                for line in report.lines() {
                    for cell in line.split(',') {
                        let begins = cell.trim_start_matches('"');
                        assert!(!begins.starts_with(['=', '+', '@']), "{line}");
                    }
                }
            }
            "github" => {
                assert!(report.lines().all(|line| line.starts_with("::")), "{report}");
                assert!(!report.contains("\n::error::x"));
            }
            "markdown" => {
                let heading = report.lines().find(|line| line.starts_with("## ")).unwrap();
                assert!(heading.contains(r"\*\*no\*\*"), "{heading}");
                assert!(!report.contains("<img") || report.contains("`MAIL FROM:<\"</td><img"));
            }
            "mermaid" => {
                assert!(!report.contains('<'), "{report}");
                let codes = report.matches('#').count();
                assert_eq!(report.matches(';').count(), codes, "{report}");
            }
            _ => {}
        }
    }
}

/// The formats of the summary.
const SUMMARY_FORMATS: [&str; 5] = ["text", "json", "markdown", "html", "csv"];

#[test]
fn hostile_text_is_harmless_in_every_format_of_the_summary() {
    let folder = Folder::new();
    let hostile = folder.file("=1+1<b>\u{1b}[1m.txt", HOSTILE);
    for format in SUMMARY_FORMATS {
        for by in [&[][..], &["--by", "peer"], &["--by", "domain"]] {
            let mut arguments = vec!["summary", "--format", format, "--fail-on", "never"];
            arguments.extend(by);
            let output = smtplog(&arguments).arg(&hostile).output().unwrap();
            assert_eq!(status(&output), 0, "{}", text(&output.stderr));
            let report = text(&output.stdout);
            for character in report.chars().chain(text(&output.stderr).chars()) {
                let acts = character.is_control() && !matches!(character, '\n' | '\r')
                    || matches!(character, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
                let as_data = format == "json" && !character.is_ascii();
                assert!(!acts || as_data, "{format}: {character:?}\n{report}");
            }
            match format {
                "html" => {
                    for tag in ["<script>", "<img", "<b>\\x"] {
                        assert!(!report.contains(tag), "{tag}");
                    }
                }
                "csv" => {
                    for cell in report.lines().flat_map(|line| line.split(',')) {
                        let begins = cell.trim_start_matches('"');
                        assert!(!begins.starts_with(['=', '+', '@']), "{cell}");
                    }
                }
                _ => {}
            }
        }
    }
}

#[test]
fn a_summary_holds_no_secrets() {
    let folder = Folder::new();
    let secrets = folder.file("auth.txt", SECRETS);
    for format in SUMMARY_FORMATS {
        let output = run(&["summary", "--format", format, "--top", "0", &secrets]);
        let report = text(&output.stdout);
        assert!(
            !report.contains("s3cretpw") && !report.contains("AGFsaWNlAHMzY3JldHB3"),
            "{report}"
        );
    }
}

#[test]
fn a_comparison_is_harmless_and_holds_no_secrets() {
    let folder = Folder::new();
    let hostile = folder.file("<b>\u{1b}[1m.txt", HOSTILE);
    let secrets = folder.file("auth.txt", SECRETS);
    for format in ["text", "json"] {
        let output = run(&["compare", "--format", format, &hostile, &secrets]);
        assert_eq!(status(&output), 1, "{}", text(&output.stderr));
        let report = text(&output.stdout);
        assert!(
            !report.contains("s3cretpw") && !report.contains("AGFsaWNlAHMzY3JldHB3"),
            "{report}"
        );
        // JSON may hold what it likes as long as it is the text of a string.
        let as_data = |character: char| format == "json" && !character.is_ascii();
        let acts =
            |character: char| character.is_control() && character != '\n' && !as_data(character);
        assert!(!report.chars().any(acts), "{report}");
    }
}

#[test]
fn a_condition_that_is_none_is_shown_where_it_is_wrong() {
    let output = run(&["summary", "--where", "outcome=rejected and cod=550"]);
    let message = text(&output.stderr);
    let lines: Vec<&str> = message.lines().collect();
    assert!(lines[0].contains("there is no field `cod`"), "{message}");
    assert_eq!(lines[1..3], ["  outcome=rejected and cod=550", "                       ^^^"]);
}

#[test]
fn a_summary_can_be_read_as_data() {
    let samples = concat!(env!("CARGO_MANIFEST_DIR"), "/samples");
    let output = run(&["summary", "--format", "json", "--fail-on", "never", samples]);
    let summary: smtplog::report::summary::SummaryReport =
        serde_json::from_slice(&output.stdout).unwrap();
    let analysed = run(&["analyze", "--format", "json", "--fail-on", "never", samples]);
    let report: serde_json::Value = serde_json::from_slice(&analysed.stdout).unwrap();
    // Both count the same.
    let totals = serde_json::to_value(&summary.totals).unwrap();
    for key in ["sources", "sessions", "outcomes", "findings"] {
        assert_eq!(totals[key], report["summary"][key], "{key}");
    }
    let grouped = run(&["summary", "--format", "csv", "--by", "peer", "--top", "0", samples]);
    let csv = text(&grouped.stdout);
    let header =
        "peer,sessions,queued,rejected,deferred,dropped,connect_failed,incomplete,no_mail,";
    assert!(csv.starts_with(header), "{csv}");
}

/// Passwords in every form in which AUTH sends them; `s3cretpw` is the word.
const SECRETS: &str = "S: 220 mx.example.net ESMTP\nC: EHLO client.example\nS: 250-mx.example.net\n\
S: 250 AUTH PLAIN LOGIN\nC: AUTH PLAIN AGFsaWNlAHMzY3JldHB3\nS: 535 5.7.8 no\nC: AUTH PLAIN\nS: 334 \n\
C: AGFsaWNlAHMzY3JldHB3\nS: 535 5.7.8 no\nC: AUTH LOGIN\nS: 334 VXNlcm5hbWU6\nC: YWxpY2U=\n\
S: 334 UGFzc3dvcmQ6\nC: czNjcmV0cHc=\nS: 235 2.7.0 welcome s3cretpw\nC: QUIT\nS: 221 2.0.0 Bye\n";

#[test]
fn secrets_are_in_no_format_unless_asked_for() {
    let folder = Folder::new();
    let secrets = folder.file("secrets.txt", SECRETS);
    for format in formats() {
        let arguments = ["analyze", "--fail-on", "never", "--verbose", "--show-hints", "--format"];
        let report = text(&smtplog(&arguments).args([&format, &secrets]).output().unwrap().stdout);
        assert!(!report.is_empty(), "{format}");
        for secret in ["AGFsaWNlAHMzY3JldHB3", "czNjcmV0cHc", "s3cretpw"] {
            assert!(!report.contains(secret), "{format} shows {secret}:\n{report}");
        }
    }
    let shown = run(&["analyze", "--show-secrets", "--format", "json", &secrets]).stdout;
    assert!(text(&shown).contains("czNjcmV0cHc="));
}

#[test]
fn json_lines_are_typed_and_end_with_the_summary() {
    let folder = Folder::new();
    let warning = folder.file("warning.txt", WARNING);
    let output = run(&["analyze", "--format", "jsonl", &warning, &warning]);
    let lines: Vec<serde_json::Value> =
        text(&output.stdout).lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let types: Vec<&str> = lines.iter().map(|line| line["type"].as_str().unwrap()).collect();
    assert_eq!(types, ["session", "source", "session", "source", "summary"]);
    assert_eq!(lines[0]["source"], warning.as_str());
    assert_eq!(lines[4]["sessions"], 2);
}

#[test]
fn every_finding_can_be_explained() {
    let listed = run(&["rules", "--format", "json"]).stdout;
    let rules: serde_json::Value = serde_json::from_slice(&listed).unwrap();
    let names: Vec<&str> =
        rules.as_array().unwrap().iter().map(|rule| rule["name"].as_str().unwrap()).collect();
    let mut arguments = vec!["explain"];
    arguments.extend(&names);
    let pages = run(&arguments);
    assert_eq!(status(&pages), 0, "{}", text(&pages.stderr));
    let pages = text(&pages.stdout);
    assert!(names.iter().all(|name| pages.contains(name)));
    for (topics, expected) in [
        (&["550"][..], "550"),
        (&["5.7.1"], "5.7.1"),
        (&["RCPT"], "RCPT"),
        (&["SIZE"], "SIZE"),
        (&["RCPT", "251"], "RCPT 251"),
        (&["RCPT 251"], "RCPT 251"),
    ] {
        let mut arguments = vec!["explain"];
        arguments.extend(topics);
        let page = text(&run(&arguments).stdout);
        assert!(page.lines().next().unwrap().contains(expected), "{topics:?}: {page}");
    }
    let page = text(&run(&["explain", "data-before-rcpt"]).stdout);
    assert!(
        !page.contains("```") && !page.contains("##") && page.contains("\n  ! C: DATA"),
        "{page}"
    );
    let unknown = run(&["explain", "data-befor-rcpt"]);
    assert!(text(&unknown.stderr).contains("`data-before-rcpt`"), "{}", text(&unknown.stderr));
}

#[cfg(unix)]
#[test]
fn an_interruption_leaves_a_whole_report() {
    let folder = Folder::new();
    let clean = folder.file("clean.txt", CLEAN);
    let mut child = smtplog(&["analyze", "--jobs", "1", "--format", "json", &clean, "-"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // Once the first source is out, the program waits for standard input.
    let mut out = child.stdout.take().unwrap();
    let mut report = vec![0; 600];
    out.read_exact(&mut report).unwrap();
    let killed = Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap();
    assert!(killed.success());
    out.read_to_end(&mut report).unwrap();
    let output = child.wait_with_output().unwrap();
    assert_eq!(status(&output), 130);
    let report: serde_json::Value = serde_json::from_slice(&report).unwrap();
    let finished = &report["sources"][0];
    assert_eq!(finished["name"], clean.as_str());
    assert_eq!(finished["problems"].as_array().unwrap().len(), 0);
    assert_eq!(report["summary"]["sessions"], 1);
    // Whether it was opened by then or not.
    let told = text(&output.stderr);
    let named = told.contains("-: not read to its end\n") || told.contains("not read: -\n");
    assert!(told.contains("interrupted") && named, "{told}");
}

/// Holds a value against the part of JSON Schema that the report's schema uses.
fn check(
    value: &serde_json::Value,
    schema: &serde_json::Value,
    root: &serde_json::Value,
    at: &str,
) {
    use serde_json::Value;
    if let Some(name) = schema["$ref"].as_str() {
        return check(value, &root["$defs"][name.trim_start_matches("#/$defs/")], root, at);
    }
    if let Some(choices) = schema["anyOf"].as_array() {
        let null = choices.iter().any(|choice| choice["type"] == "null");
        let other = choices.iter().find(|choice| choice["type"] != "null").unwrap();
        if !(value.is_null() && null) {
            check(value, other, root, at);
        }
        return;
    }
    if let Some(values) = schema["enum"].as_array() {
        assert!(values.contains(value), "{at}: {value} is none of {values:?}");
    }
    if let Some(expected) = schema.get("const") {
        assert_eq!(value, expected, "{at}");
    }
    let is = match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(number) if number.is_u64() => "integer",
        Value::Number(_) => "number",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    };
    let fits = |name: &Value| name == is || name == "number" && is == "integer";
    match &schema["type"] {
        Value::Array(names) => assert!(names.iter().any(fits), "{at}: {value} is no {names:?}"),
        Value::Null => {}
        name => assert!(fits(name), "{at}: {value} is no {name}"),
    }
    if let Value::Array(items) = value {
        for (number, item) in items.iter().enumerate() {
            check(item, &schema["items"], root, &format!("{at}[{number}]"));
        }
    }
    if let Value::Object(members) = value {
        for name in schema["required"].as_array().into_iter().flatten() {
            assert!(members.contains_key(name.as_str().unwrap()), "{at}: {name} is missing");
        }
        for (name, member) in members {
            let known = &schema["properties"][name];
            let schema = if known.is_null() { &schema["additionalProperties"] } else { known };
            assert!(schema.is_object(), "{at}: {name} is not in the schema");
            check(member, schema, root, &format!("{at}.{name}"));
        }
    }
}

#[test]
fn the_reports_on_all_samples_follow_the_schema() {
    let schema: serde_json::Value = serde_json::from_slice(&run(&["schema"]).stdout).unwrap();
    let samples = Path::new(env!("CARGO_MANIFEST_DIR")).join("samples");
    let output = run(&["analyze", "--format", "json", samples.to_str().unwrap()]);
    let report: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert!(report["summary"]["sessions"].as_u64().unwrap() > 100);
    check(&report, &schema, &schema, "report");
}

#[test]
fn redact_replaces_what_stands_in_json() {
    let ticket = br#"{"id":7,"body":"220 mx.example.net ESMTP\r\nEHLO client.example\r\n250 AUTH PLAIN\r\nAUTH PLAIN AGFubgBzM2NyZXRwdw==\r\n535 no"}"#;
    let list = br#"[{"id":7,"body":"220 mx.example.net ESMTP\r\nEHLO client.example\r\n250 AUTH PLAIN\r\nAUTH PLAIN AGFubgBzM2NyZXRwdw==\r\n535 no"}]"#;
    let docker = b"{\"log\":\"220 mx.example.net ESMTP\\n\"}\n{\"log\":\"AUTH PLAIN AGFubgBzM2NyZXRwdw==\\n\"}\n{\"log\":\"535 no\\n\"}\n";
    for record in [&ticket[..], list, docker] {
        let output = with_input(&["redact"], record);
        let want = text(record).replace("AGFubgBzM2NyZXRwdw==", "AHBhYQAqKioqKioqKg==");
        assert_eq!((status(&output), text(&output.stdout)), (0, want), "{}", text(&output.stderr));
    }
}

/// A record without the server's half: what the client sent is read as commands, and is masked all the same.
#[test]
fn credentials_read_as_commands_are_in_no_format() {
    let record = b"S: 220 mx.example\nC: EHLO a.example\nS: 250 mx.example\nC: AUTH LOGIN\nC: amFuZTEyMw==\n\
        C: T3Azbi1TZStzYW1l\nS: 235 ok\nC: QUIT\nS: 221 bye\n";
    for format in
        ["text", "json", "jsonl", "csv", "html", "markdown", "sarif", "junit", "github", "mermaid"]
    {
        let output = with_input(&["analyze", "--format", format], record);
        let shown = text(&output.stdout) + &text(&output.stderr);
        assert!(!shown.contains("T3Azbi1TZStzYW1l"), "{format} shows it:\n{shown}");
    }
    for format in ["text", "json", "csv", "html", "markdown"] {
        let output = with_input(&["summary", "--top", "0", "--format", format], record);
        let shown = text(&output.stdout).to_ascii_uppercase();
        assert!(shown.contains("MX.EXAMPLE") || shown.contains("EHLO"), "{format}:\n{shown}");
        assert!(!shown.contains("T3AZBI1TZSTZYW1L"), "{format} shows it:\n{shown}");
    }
}

/// What cannot be taken out is not handed out, and neither is the file that it stands in.
#[test]
fn redact_refuses_a_file_in_which_a_secret_is_left() {
    let folder = Folder::new();
    let plain = "220 mx.example.net ESMTP\nAUTH PLAIN AGFubgBzM2NyZXRwdw==\n535 no\n";
    // A reply repeats the secret, in two rows of a log: only who puts them together finds it.
    let time = "2026-11-23T10:12:01.123456789Z stdout";
    let torn = format!(
        "{time} F 220 mx.example.net ESMTP\n{time} F AUTH PLAIN AGFubgBzM2NyZXRwdw==\n\
         {time} P 535 5.7.8 no AGFubgBz\n{time} F M2NyZXRwdw==\n"
    );
    let (one, two, safe) =
        (folder.path("one.txt"), folder.path("two.txt"), folder.path("safe.txt"));
    fs::write(&one, torn).unwrap();
    fs::write(&two, plain).unwrap();
    let output = run(&[
        "redact",
        &one.display().to_string(),
        &two.display().to_string(),
        "--output",
        &safe.display().to_string(),
    ]);
    assert_eq!(status(&output), 2, "{}", text(&output.stderr));
    assert!(text(&output.stderr).contains("would still show"), "{}", text(&output.stderr));
    let want = plain.replace("AGFubgBzM2NyZXRwdw==", "AHBhYQAqKioqKioqKg==");
    assert_eq!(fs::read_to_string(&safe).unwrap_or_default(), want);

    // Digits for octets: of these nothing is left that anybody could look through.
    let hexadecimal = "00000000  32 32 30 20 6d 78 0d 0a                           220 mx..\n    \
        00000000  51 55 49 54 0d 0a                                 QUIT..\n\
        00000008  32 32 31 20 42 79 65 0d  0a                       221 Bye. .\n";
    let output = with_input(&["redact"], hexadecimal.as_bytes());
    assert_eq!((status(&output), text(&output.stdout)), (2, String::new()));
    assert!(text(&output.stderr).contains("no dialogue"), "{}", text(&output.stderr));
}

#[test]
fn redact_writes_the_same_text_in_other_names() {
    let folder = Folder::new();
    let session = "220 mx.acme.de ESMTP\nEHLO pc7.acme.de\n250 mx.acme.de\nMAIL FROM:<jane.roe@acme.de>\n\
        250 2.1.0 Ok\nQUIT\n221 2.0.0 Bye\n";
    let output = with_input(&["redact"], session.as_bytes());
    assert_eq!(status(&output), 0, "{}", text(&output.stderr));
    let shown = text(&output.stdout);
    assert_eq!(shown.len(), session.len());
    assert!(!shown.contains("acme") && !shown.contains("jane"), "{shown}");
    assert!(shown.contains("220 mx.") && shown.contains(".de ESMTP\n"), "{shown}");

    // Two files of one run name the same person in the same way; a file takes the place of standard output.
    let (one, two) = (folder.path("one.txt"), folder.path("two.txt"));
    fs::write(&one, session).unwrap();
    fs::write(&two, session.replace("pc7", "pc8")).unwrap();
    let safe = folder.path("safe.txt");
    let (one, two) = (one.to_str().unwrap(), two.to_str().unwrap());
    let output = run(&["redact", one, two, "--output", safe.to_str().unwrap()]);
    assert_eq!((status(&output), output.stdout.len()), (0, 0));
    let written = fs::read_to_string(&safe).unwrap();
    let mails: Vec<_> = written.lines().filter(|line| line.starts_with("MAIL")).collect();
    assert_eq!((mails.len(), mails[0]), (2, mails[1]));

    let output = run(&["redact", "no-such-file"]);
    assert_eq!(status(&output), 2);
    assert_eq!(text(&output.stderr).matches("no-such-file").count(), 1, "{}", text(&output.stderr));
    let output = with_input(&["redact"], b"");
    assert_eq!(status(&output), 2);
    assert!(text(&output.stderr).contains("empty"), "{}", text(&output.stderr));
    let output = with_input(&["redact"], b"Dear Sir,\nno dialogue here.\n");
    assert_eq!(status(&output), 2);
    assert!(text(&output.stderr).contains("no SMTP"));
}
