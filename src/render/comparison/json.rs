//! `json`: the whole comparison as one document.

use super::{super::json::pretty, ComparisonFormat};

pub(super) static FORMAT: ComparisonFormat = ComparisonFormat {
    name: "json",
    write: |comparison, _, out| {
        out.write_all(&pretty(comparison)?)?;
        writeln!(out)
    },
};
