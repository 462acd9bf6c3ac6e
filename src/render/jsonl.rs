//! `jsonl`: one JSON object a line, each with its `type`: `source`, `session`, and at the end `summary`.

use std::{
    borrow::Cow,
    io::{self, Write},
};

use serde::Serialize;

use super::{Format, Render, compact, safe};
use crate::report::{
    FindingReport, ProblemReport, SCHEMA, SessionReport, SourceReport, Summary, VERSION,
};

pub(super) static FORMAT: Format = Format {
    name: "jsonl",
    about: "one JSON object a line as soon as it is known: sources, sessions, a summary",
    renderer: |_| Box::new(JsonLines),
    session: Some(write_session),
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
    Summary {
        #[serde(flatten)]
        summary: &'r Summary,
    },
}

impl Render for JsonLines {
    fn source(&mut self, source: &SourceReport, out: &mut dyn Write) -> io::Result<()> {
        for session in &source.sessions {
            let mut octets = Vec::new();
            session_line(&source.name, session, &mut octets)?;
            out.write_all(&octets)?;
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

fn write_session(
    source: &str,
    session: &SessionReport<Cow<'_, str>>,
    out: &mut Vec<u8>,
) -> io::Result<()> {
    session_line(source, session, out)
}

/// Writes the line of a session, of which a log has thousands: the members of the report stand behind those of the
/// line.
fn session_line<S: Serialize>(
    source: &str,
    session: &SessionReport<S>,
    out: &mut Vec<u8>,
) -> io::Result<()> {
    out.extend_from_slice(b"{\"type\":\"session\",\"source\":");
    compact::write(source, out)?;
    let brace = out.len();
    compact::write(session, out)?;
    if let Some(brace) = out.get_mut(brace) {
        *brace = b',';
    }
    out.push(b'\n');
    Ok(())
}

fn written(value: &Line<'_>, out: &mut dyn Write) -> io::Result<()> {
    let mut octets = serde_json::to_vec(value)?;
    safe::json(&mut octets, 0);
    octets.push(b'\n');
    out.write_all(&octets)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Options, analyze_bytes};

    #[derive(Serialize)]
    struct Flat<'r> {
        r#type: &'static str,
        source: &'r str,
        #[serde(flatten)]
        session: &'r SessionReport,
    }

    #[test]
    fn the_members_of_a_session_stand_in_its_line() {
        let record = "S: 220 b ESMTP \u{e9}\nC: EHLO a\nS: 250-b\nS: 250 SIZE 5\nC: MAIL FROM:<\"q\\\"\"@a>\n\
                      S: 250 \u{202e}\u{7f}Ok\nC: FOO\tx\nS: 500 what\nC: QUIT\nS: 221 bye\n";
        let source = analyze_bytes("a \"b\".log", record.as_bytes(), &Options::default());
        let [one] = &source.sessions[..] else { panic!("one session") };
        assert!(!one.findings.is_empty());
        let flat = Flat { r#type: "session", source: &source.name, session: one };
        let mut expected = serde_json::to_vec(&flat).expect("JSON");
        safe::json(&mut expected, 0);
        let mut line = Vec::new();
        session_line(&source.name, one, &mut line).expect("room");
        assert_eq!(String::from_utf8_lossy(&line).trim_end(), String::from_utf8_lossy(&expected));
    }
}
