//! Who may import whom, held against the source: prose about structure drifts, this does not.

#![expect(clippy::unwrap_used, clippy::string_slice, reason = "a test may panic")]

use std::{
    collections::BTreeMap,
    fmt::Write as _,
    fs,
    path::{Path, PathBuf},
};

/// A room, and the rooms that it may use. The files beside the rooms are listed by their own names.
///
/// `analyze`, `batch` and `lib` join the rooms together and may use any of them but `cli`.
const MAY_USE: &[(&str, &[&str])] = &[
    ("span", &[]),
    ("error", &[]),
    ("protocol", &[]),
    ("transcript", &["span"]),
    ("account", &["transcript", "span"]),
    ("encoded", &[]),
    ("redact", &["account", "encoded"]),
    ("known", &[]),
    ("places", &[]),
    ("evident", &["encoded"]),
    ("grammar", &["span", "protocol"]),
    ("likeness", &["grammar"]),
    ("source", &["error", "transcript"]),
    ("wrapping", &["span", "places", "grammar"]),
    ("dialect", &["transcript", "wrapping", "span", "places"]),
    ("session", &["span", "places", "protocol", "transcript", "grammar", "dialect", "wrapping"]),
    ("rules", &["span", "protocol", "transcript", "grammar", "session", "known", "encoded"]),
    ("fingerprint", &["protocol", "grammar", "session", "known"]),
    (
        "report",
        &[
            "span",
            "protocol",
            "transcript",
            "grammar",
            "session",
            "rules",
            "source",
            "fingerprint",
            "evident",
            "encoded",
        ],
    ),
    ("render", &["report", "rules"]),
];

/// What stands nowhere, or only in these rooms.
const ONLY_IN: &[(&str, &[&str], &str)] = &[
    ("println!", &[], "write to what the caller hands in"),
    ("eprintln!", &[], "write to what the caller hands in"),
    ("print!(", &[], "write to what the caller hands in"),
    ("io::stdout", &["cli"], "only `cli` prints"),
    ("io::stderr", &["cli"], "only `cli` prints"),
    ("std::env::", &["cli", "main"], "only `cli` reads the environment"),
    ("env::var", &["cli"], "only `cli` reads the environment"),
    ("SystemTime::now", &[], "the report depends on the record alone"),
    ("std::net::Tcp", &[], "the program never touches the network"),
    ("std::net::Udp", &[], "the program never touches the network"),
    ("nom::bytes::streaming", &[], "a line is complete: use nom::bytes::complete"),
    ("nom::character::streaming", &[], "a line is complete: use nom::character::complete"),
    ("nom::number::streaming", &[], "a line is complete: use nom::number::complete"),
    ("nom::bytes::{", &[], "of the same names in three modes use those of `complete`"),
    ("nom::bytes::tag", &[], "of the same names in three modes use those of `complete`"),
    ("nom::bytes::take", &[], "of the same names in three modes use those of `complete`"),
    ("nom::character::char", &[], "of the same names in three modes use those of `complete`"),
];

/// Every file of the program with its room: its folder, or its own name.
fn files() -> Vec<(String, PathBuf)> {
    fn walk(folder: &Path, files: &mut Vec<PathBuf>) {
        let mut entries: Vec<PathBuf> =
            fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
        entries.sort();
        for path in entries {
            if path.is_dir() {
                walk(&path, files);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                files.push(path);
            }
        }
    }
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut found = Vec::new();
    walk(&source, &mut found);
    found
        .into_iter()
        .map(|path| {
            let inside = path.strip_prefix(&source).unwrap();
            let first = inside.components().next().unwrap().as_os_str().to_string_lossy();
            (first.trim_end_matches(".rs").to_owned(), path)
        })
        .collect()
}

/// The part of a file before its tests, whose lines are numbered as in the file; nothing of a file that
/// is a test.
fn program(path: &Path) -> String {
    let text = fs::read_to_string(path).unwrap();
    let above = fs::read_to_string(path.with_file_name("mod.rs")).unwrap_or_default();
    let name = path.file_stem().unwrap().to_string_lossy();
    if above.contains(&format!("#[cfg(test)]\nmod {name};")) {
        return String::new();
    }
    let end = text.find("#[cfg(test)]\nmod tests {").unwrap_or(text.len());
    text[..end].to_owned()
}

/// The rooms that a file names after `crate::`, each with its line.
fn uses(text: &str) -> Vec<(usize, String)> {
    let mut uses = Vec::new();
    // How deep in the braces of a `use crate::{…}` a line begins.
    let mut depth = 0_usize;
    for (number, line) in text.lines().enumerate() {
        let code = line.split("//").next().unwrap_or_default();
        let mut rest = code;
        if depth > 0 {
            depth = names_in_braces(rest, depth, number + 1, &mut uses);
            continue;
        }
        while let Some(at) = rest.find("crate::") {
            let own = !rest[..at].ends_with(|character: char| {
                character.is_alphanumeric() || character == '_' || character == '$'
            });
            rest = &rest[at + "crate::".len()..];
            if let Some(inside) = rest.strip_prefix('{') {
                depth = names_in_braces(inside, 1, number + 1, &mut uses);
                break;
            }
            if own {
                uses.push((number + 1, word(rest)));
            }
        }
    }
    uses
}

/// The first word of each entry at the first level of braces; returns how deep the line ends.
fn names_in_braces(
    text: &str,
    mut depth: usize,
    line: usize,
    uses: &mut Vec<(usize, String)>,
) -> usize {
    let mut at_entry = depth == 1;
    for (at, character) in text.char_indices() {
        match character {
            '{' => depth += 1,
            '}' => depth -= 1,
            ',' if depth == 1 => at_entry = true,
            character if at_entry && character.is_alphabetic() => {
                uses.push((line, word(&text[at..])));
                at_entry = false;
            }
            _ => {}
        }
        if depth == 0 {
            break;
        }
    }
    depth
}

fn word(text: &str) -> String {
    text.chars().take_while(|character| character.is_alphanumeric() || *character == '_').collect()
}

#[test]
fn rooms_use_only_what_they_may() {
    let may_use: BTreeMap<&str, &[&str]> = MAY_USE.iter().copied().collect();
    let mut wrong = String::new();
    let mut seen = 0;
    for (room, path) in files() {
        if ["cli", "main"].contains(&room.as_str()) {
            continue;
        }
        for (line, used) in uses(&program(&path)) {
            seen += 1;
            let joins = ["analyze", "batch", "lib"].contains(&room.as_str());
            let allowed = used == room
                || joins && used != "cli"
                || may_use.get(room.as_str()).is_some_and(|rooms| rooms.contains(&used.as_str()));
            if !allowed {
                let _ =
                    writeln!(wrong, "{}:{line}: {room} must not use crate::{used}", path.display());
            }
        }
    }
    assert!(wrong.is_empty(), "\n{wrong}");
    assert!(seen > 100, "only {seen} uses were found: does this test still read the code?");
}

#[test]
fn nothing_stands_where_it_must_not() {
    let mut wrong = String::new();
    for (room, path) in files() {
        for (number, line) in program(&path).lines().enumerate() {
            let code = line.split("//").next().unwrap_or_default();
            for (text, rooms, why) in ONLY_IN {
                if code.contains(text) && !rooms.contains(&room.as_str()) {
                    let _ = writeln!(wrong, "{}:{}: `{text}`: {why}", path.display(), number + 1);
                }
            }
        }
    }
    assert!(wrong.is_empty(), "\n{wrong}");
}

#[test]
fn every_file_says_what_it_is() {
    let mut wrong = String::new();
    for (_, path) in files() {
        let text = fs::read_to_string(&path).unwrap();
        if !text.starts_with("//!") {
            let _ = writeln!(wrong, "{}: does not begin with `//!`", path.display());
        }
        let lines = text.lines().count();
        if lines > 1000 {
            let _ = writeln!(wrong, "{}: {lines} lines are more than one idea", path.display());
        }
    }
    assert!(wrong.is_empty(), "\n{wrong}");
}

#[test]
fn this_test_can_fail() {
    let text = "use crate::{\n    report::{Summary, session},\n    rules,\n};\nfn f() { crate::cli::run() }\n// crate::comment\n$crate::macros::x";
    let found: Vec<_> =
        uses(text).into_iter().map(|(line, name)| format!("{line} {name}")).collect();
    assert_eq!(found, ["2 report", "3 rules", "5 cli"]);
}
