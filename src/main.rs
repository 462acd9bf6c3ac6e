//! The command line.
#![allow(clippy::print_stdout, reason = "for now")]
fn main() {
    let path = std::env::args().next_back().unwrap_or_default();
    let bytes = std::fs::read(&path).unwrap_or_default();
    let source = smtplog::analyze_bytes(&path, &bytes, &smtplog::Options::default());
    println!(
        "{}",
        serde_json::to_string_pretty(&smtplog::report::Report::of(vec![source]))
            .unwrap_or_default()
    );
}
