//! Code that a page quotes stands in the file that it names.

use std::fs;

use crate::root;

/// The quotes of a page: a block whose info string has `file=PATH`, and its lines.
fn quotes(page: &str) -> Vec<(&str, String)> {
    let mut quotes = Vec::new();
    let mut current: Option<(&str, String)> = None;
    for line in page.lines() {
        if let Some(info) = line.strip_prefix("```") {
            quotes.extend(current.take());
            let file = info.split_whitespace().find_map(|word| word.strip_prefix("file="));
            current = file.map(|file| (file, String::new()));
        } else if let Some((_, text)) = &mut current {
            text.push_str(line);
            text.push('\n');
        }
    }
    quotes
}

#[test]
fn what_is_quoted_stands_in_its_file() {
    let page = fs::read_to_string(root().join("CONTRIBUTING.md")).unwrap();
    let quotes = quotes(&page);
    assert!(quotes.len() > 3, "only {} quotes were found", quotes.len());
    for (file, text) in quotes {
        let whole = fs::read_to_string(root().join(file)).unwrap();
        assert!(whole.contains(&text), "CONTRIBUTING.md quotes what is not in {file}:\n{text}");
    }
}

#[test]
fn what_a_page_names_exists() {
    for page in ["README.md", "CONTRIBUTING.md", "samples/README.md"] {
        let path = root().join(page);
        let text = fs::read_to_string(&path).unwrap();
        let links = text.split("](").skip(1).filter_map(|rest| rest.split(')').next());
        for link in links.filter(|link| !link.contains("://")) {
            let file = link.split('#').next().unwrap();
            assert!(path.with_file_name(file).exists(), "{page} links to {link}");
        }
    }
}
