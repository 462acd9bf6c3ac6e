//! Every command that the documentation shows is run, and its output held against what is shown.

use std::{
    fs,
    path::PathBuf,
    process::{Command, Stdio},
};

use assert_cmd::cargo::cargo_bin;

use crate::{root, shows};

/// The README and the pages of `docs/`.
fn pages() -> Vec<PathBuf> {
    let mut pages: Vec<PathBuf> = fs::read_dir(root().join("docs"))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .chain([root().join("README.md")])
        .filter(|path| path.is_file() && path.extension().is_some_and(|name| name == "md"))
        .collect();
    pages.sort();
    pages
}

/// What a command line prints: standard output, then standard error, without blanks at the ends of lines.
fn printed(command_line: &str) -> String {
    let words: Vec<&str> = command_line.split_whitespace().collect();
    let arguments = words.strip_prefix(&["smtplog"]).unwrap();
    assert!(!command_line.contains(['|', '>', '\'', '"', '*']), "no shell runs `{command_line}`");
    let output = Command::new(cargo_bin("smtplog"))
        .args(arguments)
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .env_clear()
        .env("COLUMNS", "100")
        .stdin(Stdio::null())
        .output()
        .unwrap();
    let printed = [output.stdout, output.stderr].concat();
    let printed = String::from_utf8(printed).unwrap();
    printed.lines().map(|line| line.trim_end().to_owned() + "\n").collect()
}

/// The page with the output of every `$ smtplog …` in a block of code replaced by what it prints now,
/// and how many there are.
fn rerun(page: &str) -> (String, usize) {
    let mut rerun = String::new();
    let mut commands = 0;
    // Inside a block that holds commands, after the first of them.
    let (mut in_block, mut skipping) = (false, false);
    for line in page.split_inclusive('\n') {
        let is_fence = line.starts_with("```");
        if is_fence {
            in_block = !in_block;
            skipping = false;
        }
        let command =
            line.strip_prefix("$ ").filter(|line| in_block && line.starts_with("smtplog"));
        if let Some(command) = command {
            rerun.push_str(line);
            rerun.push_str(&printed(command.trim()));
            commands += 1;
            skipping = true;
        } else if !skipping {
            rerun.push_str(line);
        }
    }
    (rerun, commands)
}

#[test]
#[cfg_attr(
    feature = "parquet",
    ignore = "the pages show what the program prints that has no features"
)]
fn what_the_pages_show_is_what_the_program_prints() {
    let mut commands = 0;
    for path in pages() {
        let page = fs::read_to_string(&path).unwrap();
        let (now, found) = rerun(&page);
        commands += found;
        shows(&path, &now);
    }
    assert!(commands > 3, "only {commands} commands were found");
}
