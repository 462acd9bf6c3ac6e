//! `json`: the whole summary as one document.

use super::SummaryFormat;

pub(super) static FORMAT: SummaryFormat = SummaryFormat {
    name: "json",
    about: "the summary as one JSON document",
    write: |summary, _, out| {
        serde_json::to_writer_pretty(&mut *out, summary)?;
        writeln!(out)
    },
};
