//! What the dependencies ask for: no newer compiler than ours, no licence that `deny.toml` does not allow.

#![expect(clippy::unwrap_used, reason = "a test may panic")]

use std::{fs, path::Path, process::Command};

use serde_json::Value;

/// The packages that a build with everything needs, as `cargo metadata` tells of them; without the network: of all platforms
/// where all of them were fetched (`cargo fetch`), else of this one.
fn packages() -> Vec<Value> {
    let metadata = |filter: &[&str]| {
        Command::new(env!("CARGO"))
            .args(["metadata", "--format-version=1", "--all-features", "--locked", "--offline"])
            .args(filter)
            .current_dir(env!("CARGO_MANIFEST_DIR"))
            .output()
            .unwrap()
    };
    let mut output = metadata(&[]);
    if !output.status.success() {
        let version = Command::new("rustc").arg("-vV").output().unwrap();
        let version = String::from_utf8(version.stdout).unwrap();
        let host = version.lines().find_map(|line| line.strip_prefix("host: ")).unwrap();
        output = metadata(&["--filter-platform", host]);
    }
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let metadata: Value = serde_json::from_slice(&output.stdout).unwrap();
    metadata.get("packages").and_then(Value::as_array).unwrap().clone()
}

/// `1.89` and `1.89.0` as numbers.
fn version(text: &str) -> (u32, u32) {
    let mut numbers = text.split('.').map(|number| number.parse().unwrap());
    (numbers.next().unwrap(), numbers.next().unwrap())
}

/// The licences in the list `allow` of `deny.toml`.
fn allowed(deny: &str) -> Vec<&str> {
    let list = deny.split_once("allow = [").unwrap().1.split_once(']').unwrap().0;
    list.lines()
        .flat_map(|line| line.split('#').next().unwrap().split(','))
        .map(|entry| entry.trim().trim_matches('"'))
        .filter(|entry| !entry.is_empty())
        .collect()
}

/// Whether a licence expression can be met with licences of the list. Old manifests write `/` for OR.
fn can_be_met(expression: &str, allowed: &[&str]) -> bool {
    let spaced = expression.replace('(', " ( ").replace(')', " ) ").replace('/', " OR ");
    let mut words = spaced.split_whitespace().peekable();
    any_of(&mut words, allowed)
}

type Words<'w> = std::iter::Peekable<std::str::SplitWhitespace<'w>>;

fn any_of(words: &mut Words<'_>, allowed: &[&str]) -> bool {
    let mut met = all_of(words, allowed);
    while words.next_if_eq(&"OR").is_some() {
        met |= all_of(words, allowed);
    }
    met
}

fn all_of(words: &mut Words<'_>, allowed: &[&str]) -> bool {
    let mut met = one(words, allowed);
    while words.next_if_eq(&"AND").is_some() {
        met &= one(words, allowed);
    }
    met
}

fn one(words: &mut Words<'_>, allowed: &[&str]) -> bool {
    let licence = words.next().unwrap();
    if licence == "(" {
        let met = any_of(words, allowed);
        assert_eq!(words.next(), Some(")"));
        return met;
    }
    // An exception takes conditions away; it adds none.
    if words.next_if_eq(&"WITH").is_some() {
        words.next().unwrap();
    }
    allowed.contains(&licence)
}

#[test]
fn no_dependency_needs_a_newer_compiler() {
    let ours = version(env!("CARGO_PKG_RUST_VERSION"));
    for package in packages() {
        if let Some(theirs) = package["rust_version"].as_str() {
            assert!(version(theirs) <= ours, "{} needs Rust {theirs}", package["id"]);
        }
    }
}

#[test]
fn every_licence_is_allowed() {
    let deny = Path::new(env!("CARGO_MANIFEST_DIR")).join("deny.toml");
    let deny = fs::read_to_string(deny).unwrap();
    let allowed = allowed(&deny);
    for package in packages() {
        let licence = package["license"].as_str().unwrap_or("none");
        assert!(can_be_met(licence, &allowed), "{} is under {licence}", package["id"]);
    }
}

#[test]
fn licence_expressions_are_read() {
    let allowed = ["MIT", "Zlib"];
    for (expression, expected) in [
        ("MIT", true),
        ("GPL-3.0", false),
        ("MIT OR GPL-3.0", true),
        ("GPL-3.0/MIT", true),
        ("MIT AND GPL-3.0", false),
        ("(MIT OR GPL-3.0) AND Zlib", true),
        ("(GPL-3.0 OR AGPL-3.0) AND MIT", false),
        ("MIT OR GPL-3.0 AND GPL-2.0", true),
        ("MIT WITH Some-exception", true),
    ] {
        assert_eq!(can_be_met(expression, &allowed), expected, "{expression}");
    }
}
