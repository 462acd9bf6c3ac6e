//! Bad environments: what cannot be read or written, what changes meanwhile, and interruptions. What is finished
//! is written whole, the rest is named, and the status says so.

#![cfg(unix)]
#![expect(clippy::unwrap_used, reason = "a test may panic")]

use std::{
    fs,
    io::{Read as _, Write as _},
    ops::ControlFlow,
    os::unix::{fs::PermissionsExt as _, process::CommandExt as _},
    path::{Path, PathBuf},
    process::{Child, ChildStdout, Command, Output, Stdio},
};

use assert_cmd::cargo::cargo_bin;
use smtplog::{
    Heard, News, Options, Work,
    redact::{Redactor, Unsafe},
    report::SessionReport,
};

const CLEAN: &str =
    "S: 220 mx.example.net ESMTP\nC: NOOP\nS: 250 2.0.0 Ok\nC: QUIT\nS: 221 2.0.0 Bye\n";

/// What is fed to the program before it is interrupted: more than the pipe and the program's own buffers take, so
/// that a good part of it was read once all of it was written.
fn fed() -> String {
    CLEAN.repeat(500_000 / CLEAN.len())
}

/// How many sessions of [`fed`] were read for certain: a pipe holds 64 KiB, and three windows of as much may be
/// on their way inside the program.
const READ: u64 = 1000;

fn smtplog(arguments: &[&str]) -> Command {
    let mut command = Command::new(cargo_bin("smtplog"));
    command.env_clear().env("COLUMNS", "100").args(arguments).stdin(Stdio::null());
    command
}

fn run(arguments: &[&str]) -> Output {
    smtplog(arguments).output().unwrap()
}

fn status(output: &Output) -> i32 {
    output.status.code().unwrap()
}

fn text(octets: &[u8]) -> String {
    String::from_utf8(octets.to_vec()).unwrap()
}

fn json(octets: &[u8]) -> serde_json::Value {
    serde_json::from_slice(octets).unwrap()
}

/// A folder that is gone at the end of the test.
struct Folder(tempfile::TempDir);

impl Folder {
    fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn file(&self, name: &str, content: impl AsRef<[u8]>) -> String {
        fs::write(self.path(name), content).unwrap();
        self.name(name)
    }

    fn name(&self, name: &str) -> String {
        self.path(name).to_str().unwrap().to_owned()
    }

    fn files(&self) -> Vec<String> {
        let entries = fs::read_dir(self.0.path()).unwrap();
        let mut names: Vec<_> =
            entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }
}

fn listed(arguments: &[&str]) -> Vec<String> {
    let names = text(&run(arguments).stdout);
    names.lines().map(|line| line.split(' ').next().unwrap().to_owned()).collect()
}

/// The formats that are one document; `tests/parquet/` has the other.
fn formats() -> Vec<String> {
    listed(&["formats"]).into_iter().filter(|name| name != "parquet").collect()
}

fn signal(child: &Child, name: &str) {
    let sent = Command::new("kill").args([&format!("-{name}"), &child.id().to_string()]).status();
    assert!(sent.unwrap().success());
}

/// Runs the program, feeds it with [`fed`] without an end, and interrupts it.
fn interrupted(arguments: &[&str], name: &str) -> Output {
    let mut command = smtplog(arguments);
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    let mut stdout = child.stdout.take().unwrap();
    let reader = std::thread::spawn(move || {
        let mut report = Vec::new();
        stdout.read_to_end(&mut report).unwrap();
        report
    });
    let mut input = child.stdin.take().unwrap();
    input.write_all(fed().as_bytes()).unwrap();
    signal(&child, name);
    let output = child.wait_with_output().unwrap();
    drop(input);
    Output { stdout: reader.join().unwrap(), ..output }
}

#[test]
fn an_interruption_in_the_middle_of_a_source_leaves_a_whole_report_in_every_format() {
    let folder = Folder::new();
    let (before, after) = (folder.file("before.txt", CLEAN), folder.file("after.txt", CLEAN));
    for (number, format) in formats().iter().enumerate() {
        let signal = if number % 2 == 0 { "INT" } else { "TERM" };
        let report = folder.name("report");
        let mut arguments = vec!["analyze", "--format", format, &before, "-", &after];
        if number % 3 == 0 {
            arguments.extend(["--output", &report]);
        }
        let output = interrupted(&arguments, signal);
        let told = text(&output.stderr);
        assert_eq!(status(&output), 130, "{format}: {told}");
        assert!(told.contains("smtplog: note: -: not read to its end, but to line "), "{told}");
        assert!(told.contains(&format!("smtplog: note: not read: {after}\n")), "{told}");
        let report =
            if number % 3 == 0 { text(&fs::read(&report).unwrap()) } else { text(&output.stdout) };
        assert_eq!(folder.files().iter().filter(|name| name.contains(".part")).count(), 0);
        let (sessions, ends) = match format.as_str() {
            "json" => {
                let report = json(report.as_bytes());
                assert_eq!(report["sources"].as_array().unwrap().len(), 2);
                let cut = &report["sources"][1];
                let problem = cut["problems"][0]["message"].as_str().unwrap();
                assert!(problem.contains("interrupted here"), "{problem}");
                assert_eq!(report["summary"]["sources"], 2);
                (cut["sessions"].as_array().unwrap().len() as u64, true)
            }
            "jsonl" => {
                let types: Vec<_> = report.lines().map(|line| json(line.as_bytes())).collect();
                let sessions = types.iter().filter(|line| line["type"] == "session").count();
                (sessions as u64, types.last().unwrap()["type"] == "summary")
            }
            "csv" => (report.lines().count() as u64, report.ends_with('\n')),
            "html" => {
                (report.matches("<section").count() as u64, report.trim_end().ends_with("</html>"))
            }
            "junit" => (
                report.matches("<testcase").count() as u64,
                report.trim_end().ends_with("</testsuites>"),
            ),
            "sarif" => {
                json(report.as_bytes());
                (READ, true)
            }
            _ => (report.lines().count() as u64, report.ends_with('\n')),
        };
        assert!(sessions >= READ && ends, "{format}: {sessions} sessions, ends well: {ends}");
    }
}

#[test]
fn an_interrupted_summary_is_on_what_was_read() {
    let folder = Folder::new();
    let after = folder.file("after.txt", CLEAN);
    let output = interrupted(&["summary", "--format", "json", "-", &after], "TERM");
    let told = text(&output.stderr);
    assert_eq!(status(&output), 130, "{told}");
    assert!(told.contains("-: not read to its end") && told.contains(&after), "{told}");
    assert!(json(&output.stdout)["totals"]["sessions"].as_u64().unwrap() >= READ);

    let summary = folder.name("summary");
    let output = interrupted(&["summary", "--format", "csv", "--output", &summary], "INT");
    assert_eq!((status(&output), output.stdout.len()), (130, 0));
    assert!(text(&fs::read(summary).unwrap()).lines().count() > 2);
}

#[test]
fn an_interrupted_redaction_holds_whole_texts_only() {
    let folder = Folder::new();
    let (before, after) = (folder.file("before.txt", CLEAN), folder.file("after.txt", CLEAN));
    let whole = text(&run(&["redact", &before]).stdout);
    assert_eq!(whole.len(), CLEAN.len());
    let output = interrupted(&["redact", &before, "-", &after], "INT");
    let told = text(&output.stderr);
    assert_eq!((status(&output), text(&output.stdout)), (130, whole), "{told}");
    assert!(told.contains(&format!("not read: -, {after}")), "{told}");
}

#[test]
fn a_text_is_not_handed_out_before_all_of_it_was_looked_through() {
    let options = Options::default();
    options.source.course.interrupt();
    let done = smtplog::redact_bytes(&mut Redactor::default(), fed().as_bytes(), &options);
    assert_eq!(done, Err(Unsafe::Interrupted));
}

#[test]
fn an_interrupted_comparison_compares_nothing() {
    let folder = Folder::new();
    let (clean, report) = (folder.file("clean.txt", CLEAN), folder.name("report"));
    // No session of what is read was queued, so the search goes on to its end.
    let output = interrupted(&["compare", "-", &clean, "--output", &report], "INT");
    let told = text(&output.stderr);
    assert_eq!((status(&output), output.stdout.len()), (130, 0), "{told}");
    assert!(told.contains("nothing was compared"), "{told}");
    assert_eq!(folder.files(), ["clean.txt"]);
}

/// A run on a log of which half is cut off once the first sessions are told of, while the program waits for its reader.
fn cut_short(folder: &Folder, command: &[&str]) -> Output {
    let many = folder.file("many.txt", fed().repeat(8));
    let mut child = smtplog(command);
    child.args(["--jobs", "1", &many]).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = child.spawn().unwrap();
    child.stdout.as_mut().unwrap().read_exact(&mut [0; 10]).unwrap();
    fs::File::options().write(true).open(&many).unwrap().set_len(1000).unwrap();
    child.wait_with_output().unwrap()
}

#[test]
fn a_file_that_is_cut_short_while_it_is_read_is_named_whatever_the_format() {
    let folder = Folder::new();
    for format in ["csv", "jsonl"] {
        let output = cut_short(&folder, &["analyze", "--format", format]);
        let told = text(&output.stderr);
        assert_eq!(status(&output), 0, "{format}: {told}");
        let warned =
            told.contains("warning: ") && told.contains("became shorter while it was read");
        // JSON Lines say it themselves.
        assert_eq!(warned, format == "csv", "{format}: {told}");
        let within = text(&output.stdout).contains("became shorter while it was read");
        assert_eq!(within, format == "jsonl", "{format}");
    }
}

#[test]
fn one_source_of_many_sessions_is_several_suites_that_count_them_all() {
    let folder = Folder::new();
    let many = folder.file("many.txt", fed().repeat(2));
    let report = text(&run(&["analyze", "--format", "junit", &many]).stdout);
    let suites = report.matches("<testsuite ").count();
    let counted = report.split(" tests=\"").skip(1).map(|rest| rest.split('"').next().unwrap());
    let counted: usize = counted.map(|count| count.parse::<usize>().unwrap()).sum();
    assert_eq!(counted, report.matches("<testcase").count());
    assert_eq!(counted, 2 * (500_000 / CLEAN.len()));
    assert!((2..20).contains(&suites), "{suites}");
}

/// A run that writes, and soon waits for somebody who reads.
fn unread(folder: &Folder) -> (Child, ChildStdout) {
    let many = folder.file("many.txt", fed());
    let mut child = smtplog(&["analyze", "--format", "csv", &many])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut stdout = child.stdout.take().unwrap();
    stdout.read_exact(&mut [0; 10]).unwrap();
    (child, stdout)
}

#[test]
fn a_second_interruption_ends_the_program_at_once() {
    let folder = Folder::new();
    let (mut child, stdout) = unread(&folder);
    signal(&child, "INT");
    signal(&child, "TERM");
    assert_eq!(child.wait().unwrap().code(), Some(130));
    drop(stdout);
}

#[test]
fn an_interrupted_program_does_not_wait_for_a_reader_that_takes_nothing() {
    let folder = Folder::new();
    let (child, stdout) = unread(&folder);
    signal(&child, "INT");
    let output = child.wait_with_output().unwrap();
    assert_eq!(status(&output), 130);
    assert!(text(&output.stderr).contains("nobody reads the report"), "{}", text(&output.stderr));
    drop(stdout);
}

/// Keeps the report on each session.
struct Reports<'o>(&'o Options);

impl Work for Reports<'_> {
    type Done = Vec<SessionReport>;

    fn session(&self, heard: &Heard<'_, '_>, done: &mut Self::Done) {
        done.push(self.0.report(heard));
    }
}

#[test]
fn the_report_on_an_interrupted_source_is_the_report_on_the_part_that_was_read() {
    let folder = Folder::new();
    let many = folder.file("many.txt", CLEAN.replace("NOOP", "VRFY x").repeat(8_000));
    let after = folder.file("z.txt", CLEAN);
    for jobs in [1, 2] {
        let options = Options::default();
        let (mut sessions, mut octets, mut unread) = (Vec::new(), 0, Vec::new());
        let paths = [&many, &after];
        let flow = smtplog::run(&paths, &options, jobs, &Reports(&options), &mut |news| {
            match news {
                News::Sessions(some) => {
                    sessions.extend(some);
                    options.source.course.interrupt();
                }
                News::Source(source) => octets = source.octets,
                News::Unread(name) => unread.push(name),
            }
            ControlFlow::Continue(())
        });
        assert!(flow.is_continue());
        assert_eq!(unread, [after.as_str()]);
        let whole = fs::read(&many).unwrap();
        let part = &whole[..usize::try_from(octets).unwrap()];
        assert!(part.len() > 50_000 && part.len() < whole.len(), "{}", part.len());
        let expected = smtplog::analyze_bytes(&many, part, &Options::default());
        let as_json = |sessions: &[SessionReport]| serde_json::to_value(sessions).unwrap();
        assert!(as_json(&sessions) == as_json(&expected.sessions), "{jobs} jobs");
    }
}

#[test]
fn a_full_disk_is_said_and_ends_with_2() {
    let folder = Folder::new();
    let clean = folder.file("clean.txt", CLEAN);
    let mut commands: Vec<Vec<String>> = vec![vec!["redact".to_owned(), clean.clone()]];
    let owned = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect::<Vec<_>>();
    commands.extend(formats().iter().map(|format| owned(&["analyze", "--format", format, &clean])));
    for format in ["text", "json", "markdown", "html", "csv"] {
        commands.push(owned(&["summary", "--format", format, &clean]));
    }
    for format in ["text", "json"] {
        commands.push(owned(&["compare", "--format", format, &clean, &clean]));
    }
    let written = |output: &Output, what: &str| {
        let told = text(&output.stderr);
        assert_eq!(status(output), 2, "{what}: {told}");
        assert!(told.contains("could not be written: No space left"), "{what}: {told}");
    };
    for command in &commands {
        let command: Vec<_> = command.iter().map(String::as_str).collect();
        let full = fs::File::options().write(true).open("/dev/full").unwrap();
        let output = smtplog(&command).stdout(full).output().unwrap();
        written(&output, &format!("{command:?}"));
        assert!(text(&output.stderr).contains("standard output"), "{}", text(&output.stderr));
        let output = smtplog(&command).args(["--output", "/dev/full"]).output().unwrap();
        written(&output, &format!("{command:?} to a device"));
        assert!(text(&output.stderr).contains("`/dev/full`"), "{}", text(&output.stderr));
    }
    for command in [
        &["rules"][..],
        &["dialects"],
        &["formats"],
        &["schema"],
        &["man"],
        &["completions", "bash"],
        &["explain", "550"],
        &["explain", "--all", "--format", "json"],
        &["--help"],
        &["--version"],
    ] {
        let full = fs::File::options().write(true).open("/dev/full").unwrap();
        let output = smtplog(command).stdout(full).output().unwrap();
        let told = text(&output.stderr);
        assert_eq!(status(&output), 2, "{command:?}: {told}");
        assert!(told.contains("No space left"), "{command:?}: {told}");
    }
}

#[test]
fn a_file_that_finds_no_room_leaves_what_stood_there() {
    let folder = Folder::new();
    let many = folder.file("many.txt", fed());
    let report = folder.file("report", "before");
    // The shell's limit on the size of files stands in for a disk that becomes full.
    let script = "trap '' XFSZ; ulimit -f 8; exec \"$0\" \"$@\"";
    let program = cargo_bin("smtplog");
    for command in ["analyze", "redact"] {
        let output = Command::new("sh")
            .args(["-c", script, program.to_str().unwrap(), command, &many, "--output", &report])
            .output()
            .unwrap();
        let told = text(&output.stderr);
        assert_eq!(status(&output), 2, "{command}: {told}");
        assert!(told.contains("report` could not be written: File too large"), "{told}");
        assert_eq!(fs::read_to_string(&report).unwrap(), "before");
        assert_eq!(folder.files(), ["many.txt", "report"]);
    }
}

#[test]
fn a_reader_that_went_away_ends_every_command_quietly() {
    let folder = Folder::new();
    let clean = folder.file("clean.txt", CLEAN);
    for command in [
        &["analyze", "-"][..],
        &["analyze", "--format", "html", "-"],
        &["summary", "-"],
        &["redact", "-"],
        &["compare", "-", &clean],
    ] {
        let mut child = smtplog(command)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        drop(child.stdout.take());
        child.stdin.take().unwrap().write_all(CLEAN.as_bytes()).unwrap();
        let output = child.wait_with_output().unwrap();
        assert_eq!((status(&output), text(&output.stderr)), (0, String::new()), "{command:?}");
    }
}

/// The program as a user to whom files may be forbidden; `None` where there is none: the tests run as root, and
/// another user cannot run the program where it lies.
fn as_somebody(arguments: &[&str]) -> Option<Output> {
    let me =
        fs::metadata("/proc/self").map_or(1, |about| std::os::unix::fs::MetadataExt::uid(&about));
    let mut command = smtplog(arguments);
    if me == 0 {
        command.uid(65_534).gid(65_534);
    }
    match command.output() {
        Err(error) if error.kind() == std::io::ErrorKind::PermissionDenied => None,
        output => Some(output.unwrap()),
    }
}

#[test]
fn what_may_not_be_read_does_not_take_the_rest_with_it() {
    let folder = Folder::new();
    let allow = |path: &Path, mode: u32| {
        fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
    };
    allow(folder.0.path(), 0o755);
    fs::create_dir(folder.path("b-closed")).unwrap();
    folder.file("b-closed/inside.txt", CLEAN);
    for name in ["a.txt", "c-secret.txt", "d.txt"] {
        folder.file(name, CLEAN);
        allow(&folder.path(name), 0o644);
    }
    allow(&folder.path("c-secret.txt"), 0o000);
    allow(&folder.path("b-closed"), 0o000);
    let output = as_somebody(&["analyze", "--format", "json", folder.0.path().to_str().unwrap()]);
    allow(&folder.path("b-closed"), 0o700);
    let Some(output) = output else {
        let _ = writeln!(std::io::stderr(), "skipped: only root can run the program where it lies");
        return;
    };
    let told = text(&output.stderr);
    assert_eq!(status(&output), 2, "{told}");
    for name in ["b-closed", "c-secret.txt"] {
        let line = told.lines().find(|line| line.contains(name)).unwrap();
        assert!(line.contains("may not be read by this user"), "{line}");
    }
    let report = json(&output.stdout);
    let sources = report["sources"].as_array().unwrap().iter();
    let counts: Vec<_> =
        sources.map(|source| source["sessions"].as_array().unwrap().len()).collect();
    assert_eq!(counts, [1, 0, 0, 1]);
}

#[test]
fn pipes_devices_sockets_and_loops_in_a_folder_are_named_and_not_read() {
    use std::os::unix::{fs::symlink, net::UnixListener};
    let folder = Folder::new();
    folder.file("a.txt", CLEAN);
    let made = Command::new("mkfifo").arg(folder.path("pipe")).status().unwrap();
    assert!(made.success());
    symlink("/dev/zero", folder.path("device")).unwrap();
    symlink(folder.0.path(), folder.path("loop")).unwrap();
    symlink("/proc/self/mem", folder.path("unreadable")).unwrap();
    let _socket = UnixListener::bind(folder.path("socket")).unwrap();
    for command in ["analyze", "summary", "redact"] {
        let output = run(&[command, folder.0.path().to_str().unwrap()]);
        let told = text(&output.stderr);
        assert_eq!(status(&output), 2, "{command}: {told}");
        assert!(!output.stdout.is_empty(), "{command}");
        for (name, what) in [
            ("pipe`", "is a pipe"),
            ("device`", "is a device"),
            ("socket`", "is a socket"),
            ("loop`", "links back to"),
            ("unreadable", "reading failed"),
        ] {
            let line = told.lines().find(|line| line.contains(name));
            assert!(line.is_some_and(|line| line.contains(what)), "{command}, {name}: {told}");
        }
    }
}

#[test]
fn a_pipe_that_is_named_is_read_and_can_be_interrupted_while_nobody_writes() {
    let folder = Folder::new();
    let pipe = folder.path("pipe");
    assert!(Command::new("mkfifo").arg(&pipe).status().unwrap().success());
    let name = pipe.to_str().unwrap();
    let mut child = smtplog(&["analyze", "--format", "csv", name]);
    let child = child.stdout(Stdio::piped()).spawn().unwrap();
    fs::write(&pipe, CLEAN).unwrap();
    let output = child.wait_with_output().unwrap();
    assert_eq!((status(&output), text(&output.stdout).lines().count()), (0, 2));

    // Once the first source is written, the pipe is opened or about to be, and nobody opens its other end.
    let clean = folder.file("clean.txt", CLEAN.repeat(20));
    let mut child = smtplog(&["analyze", "--jobs", "1", "--format", "csv", &clean, name]);
    let mut child = child.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    child.stdout.as_mut().unwrap().read_exact(&mut [0; 1000]).unwrap();
    signal(&child, "INT");
    let output = child.wait_with_output().unwrap();
    assert_eq!(status(&output), 130);
    assert!(text(&output.stderr).contains(name), "{}", text(&output.stderr));
}

#[test]
fn the_file_that_the_report_goes_to_is_no_input() {
    let folder = Folder::new();
    folder.file("a.txt", CLEAN);
    let name = folder.0.path().to_str().unwrap().to_owned();
    let report = fs::File::create(folder.path("z.json")).unwrap();
    let output = smtplog(&["analyze", "--format", "json", &name]).stdout(report).output().unwrap();
    assert_eq!(status(&output), 0, "{}", text(&output.stderr));
    let sources = |path: &Path| json(&fs::read(path).unwrap())["sources"].as_array().unwrap().len();
    assert_eq!(sources(&folder.path("z.json")), 1);
    fs::remove_file(folder.path("z.json")).unwrap();
    let report = folder.name("y.json");
    let output = run(&["analyze", "--format", "json", "--output", &report, &name]);
    assert_eq!(status(&output), 0, "{}", text(&output.stderr));
    assert_eq!(sources(Path::new(&report)), 1);
}

#[cfg(feature = "parquet")]
#[test]
fn tables_are_whole_or_not_there() {
    let folder = Folder::new();
    let many = folder.file("many.txt", fed());
    let report = folder.name("report");
    let output = run(&["analyze", "--format", "parquet", "--output", "/dev/full", &many]);
    assert_eq!(status(&output), 2);
    assert!(
        text(&output.stderr).contains("`/dev/full` takes no tables"),
        "{}",
        text(&output.stderr)
    );

    let output = Command::new("sh")
        .args(["-c", "trap '' XFSZ; ulimit -f 1; exec \"$0\" \"$@\""])
        .arg(cargo_bin("smtplog"))
        .args(["analyze", "--format", "parquet", "--output", &report, &many])
        .output()
        .unwrap();
    let told = text(&output.stderr);
    assert_eq!(status(&output), 2, "{told}");
    assert!(told.contains("could not be written") && told.contains("File too large"), "{told}");
    assert_eq!(folder.files(), ["many.txt"]);

    let output = interrupted(&["analyze", "--format", "parquet", "--output", &report], "INT");
    assert_eq!(status(&output), 130, "{}", text(&output.stderr));
    assert_eq!(folder.files(), ["many.txt", "report.exchanges.parquet", "report.sessions.parquet"]);
    for table in ["report.exchanges.parquet", "report.sessions.parquet"] {
        let octets = fs::read(folder.path(table)).unwrap();
        assert!(
            octets.len() > 4000 && octets.starts_with(b"PAR1") && octets.ends_with(b"PAR1"),
            "{table}"
        );
    }
}
