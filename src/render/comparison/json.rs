//! `json`: the whole comparison as one document.

use super::ComparisonFormat;

pub(super) static FORMAT: ComparisonFormat = ComparisonFormat {
    name: "json",
    write: |comparison, _, out| {
        serde_json::to_writer_pretty(&mut *out, comparison)?;
        writeln!(out)
    },
};
