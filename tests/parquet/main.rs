//! `--format parquet`, read back by a reader that has nothing to do with the writer: `DuckDB` in Python.
//!
//! `SMTPLOG_PYTHON` names a Python that has `DuckDB`; without it, and without `DuckDB` in `python3`, what needs
//! the reader is skipped, and says so.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test may panic")]

use std::{
    env,
    fmt::Write as _,
    fs,
    io::{self, Write as _},
    path::Path,
    process::{Command, Output, Stdio},
};

use assert_cmd::cargo::cargo_bin;
use serde_json::{Value, json};
use tempfile::TempDir;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn run(arguments: &[&str]) -> Output {
    let mut command = Command::new(cargo_bin("smtplog"));
    command.current_dir(root()).args(arguments).stdin(Stdio::null()).output().unwrap()
}

fn text(octets: &[u8]) -> String {
    String::from_utf8(octets.to_vec()).unwrap()
}

/// A table as the reader has it.
struct Table {
    /// Names and types.
    columns: Vec<(String, String)>,
    rows: Vec<Vec<Value>>,
    groups: u64,
}

impl Table {
    fn of(told: &Value) -> Self {
        let texts = |pair: &Value| {
            (pair[0].as_str().unwrap().to_owned(), pair[1].as_str().unwrap().to_owned())
        };
        Self {
            columns: told["columns"].as_array().unwrap().iter().map(texts).collect(),
            rows: serde_json::from_value(told["rows"].clone()).unwrap(),
            groups: told["groups"].as_u64().unwrap(),
        }
    }

    /// Each row as an object.
    fn objects(&self) -> Vec<Value> {
        let names = || self.columns.iter().map(|(name, _)| name.clone());
        self.rows.iter().map(|row| names().zip(row.iter().cloned()).collect()).collect()
    }
}

/// The tables of sessions and exchanges in these files; `None` where nobody can read them.
fn read(folder: &Path, names: [&str; 2]) -> Option<[Table; 2]> {
    let asked_for = env::var_os("SMTPLOG_PYTHON");
    let python = asked_for.clone().unwrap_or_else(|| "python3".into());
    let has_reader = Command::new(&python).args(["-c", "import duckdb"]).output();
    if !has_reader.is_ok_and(|output| output.status.success()) {
        assert!(asked_for.is_none(), "SMTPLOG_PYTHON names a Python without DuckDB");
        // Not by a macro, whose text the harness keeps to itself where a test passes.
        let note = b"SKIPPED: python3 has no module duckdb, so that nobody reads the files back\n";
        let _ = io::stderr().write_all(note);
        return None;
    }
    let output = Command::new(&python)
        .arg(root().join("tests/parquet/read.py"))
        .args(names.map(|name| folder.join(name)))
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", text(&output.stderr));
    let told = text(&output.stdout);
    let mut tables = told.lines().map(|line| Table::of(&serde_json::from_str(line).unwrap()));
    Some([tables.next().unwrap(), tables.next().unwrap()])
}

/// The texts of a list, or of one key of the objects in it.
fn list(values: &Value, key: Option<&str>) -> Value {
    let values = values.as_array().unwrap().iter();
    values.map(|value| key.map_or(value, |key| &value[key])).cloned().collect()
}

/// A time of the report in microseconds since 1970.
fn micros(time: &Value) -> Value {
    let Some(time) = time.as_str() else { return Value::Null };
    let zoned = format!("{}Z", time.trim_end_matches('Z'));
    zoned.parse::<jiff::Timestamp>().unwrap().as_microsecond().into()
}

/// The row of a session, made from the JSON report.
fn session_row(source: &Value, session: &Value) -> Value {
    let transactions = session["transactions"].as_array().unwrap();
    let recipients = || transactions.iter().flat_map(|it| it["recipients"].as_array().unwrap());
    let findings = session["findings"].as_array().unwrap();
    let severe =
        |severity: &str| findings.iter().filter(|finding| finding["severity"] == severity).count();
    let tls = &session["tls"];
    json!({
        "source": source["name"],
        "session": session["id"],
        "key": session["key"],
        "dialect": session["dialect"],
        "attribution_method": session["attribution"]["method"],
        "attribution_confidence": session["attribution"]["confidence"],
        "first_line": session["first_line"],
        "last_line": session["last_line"],
        "started": micros(&session["started"]),
        "ended": micros(&session["ended"]),
        "zoned": session["started"].as_str().map(|time| time.ends_with('Z')),
        "client_address": session["client"]["address"],
        "client_hello": session["client"]["hello"],
        "server_address": session["server"]["address"],
        "server_port": session["server"]["port"],
        "server_dialled": session["server"]["dialled"],
        "server_name": session["server"]["name"],
        "server_software": session["server"]["software"],
        "tls": !tls.is_null(),
        "tls_version": tls["version"],
        "tls_cipher": tls["cipher"],
        "tls_certificate_problem": tls["certificate_problem"],
        "authenticated_as": session["authenticated_as"],
        "extensions": list(&session["extensions"], Some("keyword")),
        "exchange_count": session["exchanges"].as_array().unwrap().len(),
        "transaction_count": transactions.len(),
        "sender": transactions.iter().map(|it| &it["sender"]).find(|sender| !sender.is_null()),
        "recipients": recipients().map(|it| it["address"].clone()).collect::<Value>(),
        "accepted_recipients": recipients()
            .filter(|it| it["accepted"] == true)
            .map(|it| it["address"].clone())
            .collect::<Value>(),
        "queue_ids": transactions
            .iter()
            .map(|it| it["queue_id"].clone())
            .filter(|name| !name.is_null())
            .collect::<Value>(),
        "outcome": session["outcome"],
        "verdict": session["verdict"],
        "errors": severe("error"),
        "warnings": severe("warning"),
        "notes": severe("note"),
        "rules": list(&session["findings"], Some("rule")),
    })
}

/// The row of an exchange, made from the JSON report.
fn exchange_row(source: &Value, session: &Value, number: usize, exchange: &Value) -> Value {
    let lists = |of: &Value, key: &str| of.get(key).map_or_else(|| json!([]), |it| list(it, None));
    let (command, reply) = (&exchange["command"], &exchange["reply"]);
    let flag = |of: &Value, key: &str| (!of.is_null()).then(|| of[key] == true);
    let stands_in = |line: u64, of: &Value| {
        of["line"].as_u64().is_some_and(|first| first <= line)
            && of["last_line"].as_u64().is_some_and(|last| line <= last)
    };
    let rules = session["findings"].as_array().unwrap().iter().filter(|finding| {
        let line = finding["line"].as_u64().unwrap();
        stands_in(line, command) || stands_in(line, reply)
    });
    json!({
        "source": source["name"],
        "session": session["id"],
        "exchange": number,
        "kind": exchange["kind"],
        "verb": exchange["verb"],
        "inferred": exchange["inferred"] == true,
        "command_line": command["line"],
        "command_last_line": command["last_line"],
        "command_text": command["text"],
        "command_lossy": flag(command, "lossy"),
        "command_path": command["path"],
        "command_params": lists(command, "params"),
        "reply_line": reply["line"],
        "reply_last_line": reply["last_line"],
        "reply_code": reply["code"],
        "reply_enhanced": reply["enhanced"],
        "reply_text": lists(reply, "text"),
        "reply_lossy": flag(reply, "lossy"),
        "latency_ms": exchange["latency_ms"],
        "rules": rules.map(|finding| finding["rule"].clone()).collect::<Value>(),
    })
}

/// The rows are held against each other one by one, so that a failure shows the one that differs.
fn same_rows(found: &[Value], expected: &[Value]) {
    for (found, expected) in found.iter().zip(expected) {
        assert_eq!(found, expected);
    }
    assert_eq!(found.len(), expected.len());
}

#[test]
fn tables_hold_what_the_json_report_holds() {
    let folder = TempDir::new().unwrap();
    let output = folder.path().join("report.parquet");
    let common = ["analyze", "samples", "--fail-on", "never", "--show-hints"];
    let written = run(&[&common[..], &["-f", "parquet", "-o", output.to_str().unwrap()]].concat());
    assert!(written.stdout.is_empty());
    let mut files: Vec<String> = fs::read_dir(folder.path())
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    files.sort();
    let names = ["report.sessions.parquet", "report.exchanges.parquet"];
    assert_eq!(files, [names[1], names[0]]);
    let Some([sessions, exchanges]) = read(folder.path(), names) else { return };

    let report = run(&[&common[..], &["-f", "json"]].concat());
    assert_eq!(report.status, written.status);
    let report: Value = serde_json::from_slice(&report.stdout).unwrap();
    let mut session_rows = Vec::new();
    let mut exchange_rows = Vec::new();
    for source in report["sources"].as_array().unwrap() {
        for session in source["sessions"].as_array().unwrap() {
            session_rows.push(session_row(source, session));
            for (number, exchange) in (1..).zip(session["exchanges"].as_array().unwrap()) {
                exchange_rows.push(exchange_row(source, session, number, exchange));
            }
        }
    }
    assert_eq!(report["summary"]["sessions"], session_rows.len());
    assert!(exchange_rows.len() > 1000, "only {} exchanges", exchange_rows.len());
    same_rows(&sessions.objects(), &session_rows);
    same_rows(&exchanges.objects(), &exchange_rows);
    // A column that nothing fills shows nothing.
    for table in [&sessions, &exchanges] {
        for (at, (name, _)) in table.columns.iter().enumerate() {
            let filled = |row: &Vec<Value>| !row[at].is_null() && row[at] != json!([]);
            assert!(table.rows.iter().any(filled), "no sample fills {name}");
        }
    }
    documented(&sessions, "### Sessions");
    documented(&exchanges, "### Exchanges");
}

/// `docs/usage.md` lists the columns of the table with their types, in their order.
fn documented(table: &Table, heading: &str) {
    let page = fs::read_to_string(root().join("docs/usage.md")).unwrap();
    let section = page.split_once(heading).unwrap().1;
    let section = section.split("\n#").next().unwrap();
    let mut listed = Vec::new();
    for row in section.lines().filter(|line| line.starts_with("| `")) {
        let mut cells = row.split('|').skip(1).map(str::trim);
        let (names, kind) = (cells.next().unwrap(), cells.next().unwrap().trim_matches('`'));
        let names = names.split(", ").map(|name| name.trim_matches('`').to_owned());
        listed.extend(names.map(|name| (name, kind.to_owned())));
    }
    assert_eq!(listed, table.columns);
}

#[test]
fn rows_go_into_groups_and_none_is_lost() {
    let mut record = String::new();
    // More sessions than are held for a report, more exchanges than a group holds.
    let (sessions, noops) = (1700, 38);
    for number in 0..sessions {
        let _ = writeln!(record, "S: 220 mx{number}.example.net ESMTP");
        record.push_str(&"C: NOOP\nS: 250 2.0.0 Ok\n".repeat(noops));
        record.push_str("C: QUIT\nS: 221 2.0.0 Bye\n");
    }
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("record.txt");
    fs::write(&path, record).unwrap();
    let folder_name = folder.path().to_str().unwrap();
    let arguments = ["-f", "parquet", "-o", folder_name, "--fail-on", "never"];
    let output = run(&[&["analyze", path.to_str().unwrap()], &arguments[..]].concat());
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    let names = ["sessions.parquet", "exchanges.parquet"];
    let Some([session_table, exchange_table]) = read(folder.path(), names) else { return };
    let greeted: Vec<Value> =
        session_table.objects().iter().map(|row| row["server_name"].clone()).collect();
    let expected: Vec<Value> =
        (0..sessions).map(|number| json!(format!("mx{number}.example.net"))).collect();
    assert_eq!(greeted, expected);
    let exchanges = exchange_table.objects();
    assert_eq!(exchanges.len(), sessions * (noops + 2));
    for (number, exchange) in exchanges.iter().enumerate() {
        let place = (exchange["session"].as_u64(), exchange["exchange"].as_u64());
        let (session, number) = (number / (noops + 2) + 1, number % (noops + 2) + 1);
        assert_eq!(place, (u64::try_from(session).ok(), u64::try_from(number).ok()));
    }
    assert_eq!(exchange_table.groups, 2);
}

#[test]
fn without_sessions_there_are_tables_without_rows() {
    let folder = TempDir::new().unwrap();
    let prose = folder.path().join("prose.txt");
    fs::write(&prose, "Dear all,\nit does not work.\n").unwrap();
    let output = folder.path().join("none");
    let arguments = ["analyze", "-f", "parquet", "-o", output.to_str().unwrap()];
    let output = run(&[&arguments[..], &[prose.to_str().unwrap()]].concat());
    assert_eq!(output.status.code(), Some(2));
    let names = ["none.sessions.parquet", "none.exchanges.parquet"];
    let Some(tables) = read(folder.path(), names) else { return };
    assert!(tables.iter().all(|table| table.rows.is_empty() && table.columns.len() > 10));
}

#[test]
fn tables_need_files() {
    let output = run(&["analyze", "samples/swaks", "--format", "parquet"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(output.stdout.is_empty());
    let told = text(&output.stderr);
    assert!(told.contains("--output report.parquet"), "{told}");
    assert!(told.contains("report.sessions.parquet and report.exchanges.parquet"), "{told}");
    let folder = TempDir::new().unwrap();
    let output = folder.path().join("missing/report.parquet");
    let arguments = ["analyze", "samples/swaks", "-f", "parquet", "-o", output.to_str().unwrap()];
    let output = run(&arguments);
    assert_eq!(output.status.code(), Some(2));
    assert!(text(&output.stderr).contains("report.sessions.parquet"));
}

#[test]
fn tables_hold_no_secrets_unless_asked_for() {
    const SECRETS: &str = "S: 220 mx.example.net ESMTP\nC: EHLO client.example\nS: 250-mx.example.net\n\
        S: 250 AUTH PLAIN LOGIN\nC: AUTH PLAIN AGFsaWNlAHMzY3JldHB3\nS: 535 5.7.8 no s3cretpw\nC: QUIT\n\
        S: 221 2.0.0 Bye\n";
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("secrets.txt");
    fs::write(&path, SECRETS).unwrap();
    let names = ["sessions.parquet", "exchanges.parquet"];
    for shown in [false, true] {
        let folder_name = folder.path().to_str().unwrap();
        let mut arguments = vec!["analyze", "-f", "parquet", "-o", folder_name];
        arguments.push(path.to_str().unwrap());
        arguments.extend(["--show-secrets"].iter().filter(|_| shown));
        run(&arguments);
        let Some(tables) = read(folder.path(), names) else { return };
        let all: Vec<Value> = tables.iter().flat_map(Table::objects).collect();
        let all = serde_json::to_string(&all).unwrap();
        for secret in ["AGFsaWNlAHMzY3JldHB3", "s3cretpw"] {
            assert_eq!(all.contains(secret), shown, "{secret}: {all}");
        }
    }
}
