//! `sarif`: the Static Analysis Results Interchange Format 2.1.0, for code scanning and editors.
//!
//! Structures of our own for the part of the standard that is used; the comments name its sections.

use std::io::{self, Write};

use serde::Serialize;

use super::{Format, Render, phrase, safe};
use crate::{
    report::{FindingReport, SourceReport, Summary, VERSION},
    rules::{self, Rule},
};

pub(super) static FORMAT: Format = Format {
    name: "sarif",
    about: "SARIF 2.1.0 for code scanning and editors",
    renderer: |_| Box::<Sarif>::default(),
    session: None,
};

#[derive(Default)]
struct Sarif {
    results: usize,
}

/// §3.27
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct SarifResult<'r> {
    rule_id: &'r str,
    level: &'static str,
    message: Message,
    locations: Vec<Location>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    related_locations: Vec<Location>,
    occurrence_count: u32,
}

/// §3.11
#[derive(Serialize)]
struct Message {
    text: String,
}

/// §3.28
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Location {
    physical_location: PhysicalLocation,
    #[serde(skip_serializing_if = "Option::is_none")]
    message: Option<Message>,
}

/// §3.29
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct PhysicalLocation {
    artifact_location: ArtifactLocation,
    #[serde(skip_serializing_if = "Option::is_none")]
    region: Option<Region>,
}

/// §3.4
#[derive(Serialize)]
struct ArtifactLocation {
    uri: String,
}

/// §3.30
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Region {
    start_line: u64,
    end_line: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    snippet: Option<Message>,
}

/// §3.49
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ReportingDescriptor {
    id: &'static str,
    short_description: Message,
    full_description: Message,
    help: Help,
    default_configuration: Configuration,
    properties: Properties,
}

/// §3.12
#[derive(Serialize)]
struct Help {
    text: String,
    markdown: String,
}

/// §3.50
#[derive(Serialize)]
struct Configuration {
    level: &'static str,
}

#[derive(Serialize)]
struct Properties {
    tags: [&'static str; 1],
}

impl Render for Sarif {
    fn begin(&mut self, out: &mut dyn Write) -> io::Result<()> {
        out.write_all(
            b"{\"$schema\":\"https://json.schemastore.org/sarif-2.1.0.json\",\"version\":\"2.1.0\",\
              \"runs\":[{\"tool\":{\"driver\":{\"name\":\"smtplog\",\"version\":",
        )?;
        serde_json::to_writer(&mut *out, VERSION)?;
        out.write_all(b",\"informationUri\":")?;
        serde_json::to_writer(&mut *out, env!("CARGO_PKG_REPOSITORY"))?;
        out.write_all(b",\"rules\":")?;
        let rules: Vec<ReportingDescriptor> = rules::all().map(descriptor).collect();
        serde_json::to_writer(&mut *out, &rules)?;
        out.write_all(b"}},\"results\":[")
    }

    fn some(&mut self, some: &SourceReport, out: &mut dyn Write) -> io::Result<bool> {
        self.source(some, out)?;
        Ok(true)
    }

    fn source(&mut self, source: &SourceReport, out: &mut dyn Write) -> io::Result<()> {
        let uri = uri(&source.name);
        let findings = source.sessions.iter().flat_map(|session| &session.findings);
        for finding in findings.chain(&source.findings) {
            out.write_all(if self.results == 0 { b"\n" } else { b",\n" })?;
            self.results += 1;
            let mut written = serde_json::to_vec(&result(&uri, finding))?;
            safe::json(&mut written, 0);
            out.write_all(&written)?;
        }
        Ok(())
    }

    fn tells_problems(&self) -> bool {
        false
    }

    fn finish(&mut self, _: &Summary, out: &mut dyn Write) -> io::Result<()> {
        out.write_all(b"]}]}\n")
    }
}

fn descriptor(rule: &'static Rule) -> ReportingDescriptor {
    ReportingDescriptor {
        id: rule.name,
        short_description: Message { text: rule.summary().to_owned() },
        full_description: Message {
            text: format!("{} See {}.", rule.summary(), rule.references.join(", ")),
        },
        help: Help { text: rule.text(), markdown: rule.text() },
        default_configuration: Configuration { level: rule.severity.name() },
        properties: Properties { tags: [rule.family.name()] },
    }
}

fn result<'r>(uri: &str, finding: &'r FindingReport) -> SarifResult<'r> {
    SarifResult {
        rule_id: finding.rule,
        level: finding.severity.name(),
        message: text(&phrase::sentences(finding)),
        locations: vec![location(uri, finding.line, finding.last_line, finding, None)],
        related_locations: finding
            .evidence
            .iter()
            .map(|evidence| {
                location(uri, evidence.line, evidence.line, finding, Some(text(&evidence.text)))
            })
            .collect(),
        occurrence_count: finding.count,
    }
}

/// A place. Lines only: a column of SARIF counts characters, those of a report are octets.
fn location(
    uri: &str,
    line: u64,
    last_line: u64,
    finding: &FindingReport,
    message: Option<Message>,
) -> Location {
    let excerpt = finding.excerpt.iter().find(|shown| shown.line == line);
    Location {
        physical_location: PhysicalLocation {
            artifact_location: ArtifactLocation { uri: uri.to_owned() },
            // Lines begin with 1; 0 stands for a finding on no line.
            region: (line > 0).then(|| Region {
                start_line: line,
                end_line: last_line.max(line),
                snippet: excerpt.map(|shown| text(&shown.text)),
            }),
        },
        message,
    }
}

fn text(text: &str) -> Message {
    Message { text: safe::line(text).into_owned() }
}

/// A relative reference (RFC 3986 §4.2) of a path.
fn uri(path: &str) -> String {
    use std::fmt::Write as _;
    let mut uri = String::with_capacity(path.len());
    for octet in path.replace('\\', "/").bytes() {
        if octet.is_ascii_alphanumeric() || matches!(octet, b'-' | b'.' | b'_' | b'~' | b'/') {
            uri.push(char::from(octet));
        } else {
            let _ = write!(uri, "%{octet:02X}");
        }
    }
    uri
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_a_reference() {
        assert_eq!(uri("tickets/a b:1#é.txt"), "tickets/a%20b%3A1%23%C3%A9.txt");
    }
}
