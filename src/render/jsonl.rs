//! `jsonl`: one JSON object a line, each with its `type`: `source`, `session`, and at the end `summary`.

use std::io::{self, Write};

use serde::Serialize;

use super::{Format, Render, safe};
use crate::report::{
    FindingReport, ProblemReport, SCHEMA, SessionReport, SourceReport, Summary, VERSION,
};

pub(super) static FORMAT: Format = Format {
    name: "jsonl",
    about: "one JSON object a line as soon as it is known: sources, sessions, a summary",
    renderer: |_| Box::new(JsonLines),
    session: Some(|source, session, out| line(&Line::Session { source, session }, out)),
};

struct JsonLines;

/// One line.
#[derive(Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
enum Line<'r> {
    Source {
        schema: &'static str,
        version: &'static str,
        name: &'r str,
        encoding: &'r str,
        octets: u64,
        lines: u64,
        sessions: u64,
        findings: &'r [FindingReport],
        problems: &'r [ProblemReport],
    },
    Session {
        source: &'r str,
        #[serde(flatten)]
        session: &'r SessionReport,
    },
    Summary {
        #[serde(flatten)]
        summary: &'r Summary,
    },
}

impl Render for JsonLines {
    fn source(&mut self, source: &SourceReport, out: &mut dyn Write) -> io::Result<()> {
        for session in &source.sessions {
            written(&Line::Session { source: &source.name, session }, out)?;
        }
        let SourceReport { name, encoding, octets, lines, findings, problems, .. } = source;
        let sessions = source.session_count;
        let (octets, lines) = (*octets, *lines);
        written(
            &Line::Source {
                schema: SCHEMA,
                version: VERSION,
                name,
                encoding,
                octets,
                lines,
                sessions,
                findings,
                problems,
            },
            out,
        )
    }

    fn finish(&mut self, summary: &Summary, out: &mut dyn Write) -> io::Result<()> {
        written(&Line::Summary { summary }, out)
    }
}

/// Fills a buffer rather than a writer of any kind, so that it is compiled into one piece: there are many small
/// writes to a line.
fn line(value: &Line<'_>, out: &mut Vec<u8>) -> io::Result<()> {
    let from = out.len();
    serde_json::to_writer(&mut *out, value)?;
    safe::json(out, from);
    out.push(b'\n');
    Ok(())
}

fn written(value: &Line<'_>, out: &mut dyn Write) -> io::Result<()> {
    let mut octets = Vec::new();
    line(value, &mut octets)?;
    out.write_all(&octets)
}
