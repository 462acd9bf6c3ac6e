//! `json`: the whole report as one document, written source by source; of a source with many sessions, a part of
//! them at a time.

use std::io::{self, Write};

use serde::Serialize;

use super::{Format, Render, safe};
use crate::report::{
    FindingReport, ProblemReport, SCHEMA, SessionReport, SourceReport, Summary, VERSION,
};

pub(super) static FORMAT: Format = Format {
    name: "json",
    about: "the whole report as one JSON document (`smtplog schema` describes it)",
    renderer: |_| Box::<Json>::default(),
    session: None,
};

#[derive(Default)]
struct Json {
    sources: usize,
    /// How many sessions of the last source were written, where it is not over.
    sessions: Option<usize>,
}

/// What is known of a source when it is over.
#[derive(Serialize)]
struct Rest<'r> {
    encoding: &'r str,
    octets: u64,
    lines: u64,
    findings: &'r [FindingReport],
    problems: &'r [ProblemReport],
}

impl Json {
    fn next_source(&mut self, out: &mut dyn Write) -> io::Result<()> {
        out.write_all(if self.sources == 0 { b"\n    " } else { b",\n    " })?;
        self.sources += 1;
        Ok(())
    }

    fn sessions(&mut self, some: &[SessionReport], out: &mut dyn Write) -> io::Result<()> {
        for session in some {
            let before = self.sessions.get_or_insert_default();
            out.write_all(if *before == 0 { b"\n        " } else { b",\n        " })?;
            *before += 1;
            indented(session, 8, out)?;
        }
        Ok(())
    }
}

impl Render for Json {
    fn begin(&mut self, out: &mut dyn Write) -> io::Result<()> {
        write!(
            out,
            "{{\n  \"schema\": \"{SCHEMA}\",\n  \"version\": \"{VERSION}\",\n  \"sources\": ["
        )
    }

    fn some(&mut self, some: &SourceReport, out: &mut dyn Write) -> io::Result<bool> {
        if self.sessions.is_none() {
            self.next_source(out)?;
            out.write_all(b"{\n      \"name\": ")?;
            indented(&some.name, 6, out)?;
            out.write_all(b",\n      \"sessions\": [")?;
            self.sessions = Some(0);
        }
        self.sessions(&some.sessions, out)?;
        Ok(true)
    }

    fn source(&mut self, source: &SourceReport, out: &mut dyn Write) -> io::Result<()> {
        if self.sessions.is_none() {
            self.next_source(out)?;
            return indented(source, 4, out);
        }
        self.sessions(&source.sessions, out)?;
        self.sessions = None;
        let SourceReport { encoding, octets, lines, findings, problems, .. } = source;
        let (octets, lines) = (*octets, *lines);
        let rest = pretty(&Rest { encoding, octets, lines, findings, problems })?;
        // What follows stands in the same object.
        let members = rest.strip_prefix(b"{").unwrap_or(&rest);
        out.write_all(b"\n      ],")?;
        margin(members, 4, out)
    }

    fn finish(&mut self, summary: &Summary, out: &mut dyn Write) -> io::Result<()> {
        out.write_all(if self.sources == 0 {
            b"],\n  \"summary\": "
        } else {
            b"\n  ],\n  \"summary\": "
        })?;
        indented(summary, 2, out)?;
        out.write_all(b"\n}\n")
    }
}

/// A value over several lines, with nothing in it that a terminal would act on.
pub(super) fn pretty(value: &impl Serialize) -> io::Result<Vec<u8>> {
    let mut text = serde_json::to_vec_pretty(value)?;
    safe::json(&mut text, 0);
    Ok(text)
}

/// Writes a value whose lines after the first are indented by `columns`.
fn indented(value: &impl Serialize, columns: usize, out: &mut dyn Write) -> io::Result<()> {
    margin(&pretty(value)?, columns, out)
}

fn margin(text: &[u8], columns: usize, out: &mut dyn Write) -> io::Result<()> {
    let margin = " ".repeat(columns);
    let mut written = 0;
    for end in memchr::memchr_iter(b'\n', text) {
        out.write_all(text.get(written..=end).unwrap_or_default())?;
        out.write_all(margin.as_bytes())?;
        written = end + 1;
    }
    out.write_all(text.get(written..).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::*;
    use crate::{Options, analyze_bytes};

    fn document(write: impl Fn(&mut Json, &mut Vec<u8>) -> io::Result<()>) -> Value {
        let (mut json, mut out) = (Json::default(), Vec::new());
        json.begin(&mut out).expect("room");
        write(&mut json, &mut out).expect("room");
        json.finish(&Summary::default(), &mut out).expect("room");
        serde_json::from_slice(&out).expect("JSON")
    }

    #[test]
    fn a_source_that_is_written_in_parts_says_the_same() {
        let record = "S: 220 b ESMTP\nC: HELO a\nS: 250 b\nC: QUIT\nS: 221 bye\n\n".repeat(5);
        let source = analyze_bytes("x", record.as_bytes(), &Options::default());
        assert_eq!(source.sessions.len(), 5);
        let whole = document(|json, out| {
            json.source(&source, out)?;
            json.source(&source, out)
        });
        for parts in [&[2, 2][..], &[5], &[0, 1]] {
            let written = document(|json, out| {
                for _ in 0..2 {
                    let mut rest = source.clone();
                    for count in parts {
                        let sessions = rest.sessions.drain(..count).collect();
                        json.some(&SourceReport { sessions, ..SourceReport::default() }, out)?;
                    }
                    json.source(&rest, out)?;
                }
                Ok(())
            });
            let mut expected = whole.clone();
            // Its name is that of the part that came first.
            for source in expected["sources"].as_array_mut().expect("sources") {
                source["name"] = "".into();
            }
            assert_eq!(written, expected, "{parts:?}");
        }
    }
}
