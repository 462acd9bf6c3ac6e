//! The pipeline in one readable function: from a source to its part of the report.

use crate::{
    dialect::Dialect,
    report::{SourceReport, session_report},
    rules::{self, Judging},
    session::{
        Session,
        assemble::{self, Assembler, Incoming},
    },
    transcript::{Ending, Transcript},
};

/// What the caller wants to have done.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// Which edition judges, and what is local.
    pub judging: Judging,
    /// The dialect that every source is in, instead of finding out.
    pub dialect: Option<&'static Dialect>,
    /// Show passwords and tokens.
    pub show_secrets: bool,
}

/// Analyses one source that is already in memory.
pub fn analyze_bytes(name: &str, bytes: &[u8], options: &Options) -> SourceReport {
    let mut assembler = Assembler::new(options.dialect);
    let mut lines = Vec::new();
    let mut offset = 0;
    for raw in bytes.split_inclusive(|octet| *octet == b'\n') {
        let text = raw.strip_suffix(b"\n").unwrap_or(raw);
        let trimmed = text.len() - text.iter().rev().take_while(|octet| **octet == b'\r').count();
        lines.push(Incoming {
            number: lines.len() as u64 + 1,
            offset,
            text: text.get(..trimmed).unwrap_or_default(),
            skipped: 0,
            ending: if trimmed < text.len() { Ending::CrLf } else { Ending::Lf },
        });
        offset += raw.len() as u64;
    }
    let mut transcripts = assembler.window(&lines);
    transcripts.extend(assembler.finish());
    let mut transcripts = assemble::without_quotes(transcripts);
    transcripts.sort_by_key(Transcript::lines);
    let sessions = transcripts
        .iter()
        .zip(1..)
        .map(|(transcript, id)| {
            let session = Session::of(transcript);
            let findings = rules::judge(&session, &options.judging);
            session_report(&session, &findings, id, options.show_secrets)
        })
        .collect();
    SourceReport {
        name: name.to_owned(),
        encoding: "utf-8".to_owned(),
        octets: bytes.len() as u64,
        lines: lines.len() as u64,
        sessions,
        problems: Vec::new(),
    }
}
