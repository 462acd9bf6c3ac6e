//! Short phrases for what was said, shared by the formats that people read. Not yet made safe.

use crate::report::FindingReport;
pub(super) use crate::report::words::{client, line_of, server};

/// Where something is to be done.
pub(super) fn to_do(party: &str) -> &str {
    match party {
        "client" => "do at the client",
        "server" => "do at the server",
        "middlebox" => "do at the firewall",
        "person" => "do when typing",
        "recorder" => "do when recording",
        _ => "do",
    }
}

/// The message of a finding with how sure it is and how often it stands there.
pub(super) fn message(finding: &FindingReport) -> String {
    let mut message = finding.message.clone();
    if finding.confidence != "certain" {
        message = format!("{message} ({})", finding.confidence);
    }
    if finding.count > 1 {
        message = format!("{message} ({} times)", finding.count);
    }
    message
}

/// What a finding says, and what to do, as sentences.
pub(super) fn sentences(finding: &FindingReport) -> String {
    let mut text = String::new();
    for part in [message(finding), finding.help.clone()] {
        let mut letters = part.trim_end_matches('.').chars();
        let Some(first) = letters.next() else { continue };
        if !text.is_empty() {
            text.push(' ');
        }
        text.extend(first.to_uppercase());
        text.push_str(letters.as_str());
        text.push('.');
    }
    text
}
