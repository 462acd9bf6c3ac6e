//! `json`: the whole summary as one document.

use super::{super::json::pretty, SummaryFormat};

pub(super) static FORMAT: SummaryFormat = SummaryFormat {
    name: "json",
    about: "the summary as one JSON document",
    write: |summary, _, out| {
        out.write_all(&pretty(summary)?)?;
        writeln!(out)
    },
};
