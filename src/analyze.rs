//! The pipeline in one readable function: from a source to its part of the report.

use crate::{
    account::{self, Piece},
    dialect::Dialect,
    likeness::Likeness,
    report::{ProblemReport, SessionReport, SourceReport, finding_across, session_report},
    rules::{self, Confidence, Finding, Judging, Selection},
    session::{
        Session,
        assemble::{self, Assembler, Incoming},
    },
    source::{self, Block, Kind, Source},
    transcript::Transcript,
};

/// What the caller wants to have done.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// Which edition judges, and what is local.
    pub judging: Judging,
    /// The dialect that every source is in, instead of finding out.
    pub dialect: Option<&'static Dialect>,
    /// How sources are read.
    pub source: source::Options,
    /// Which rules' findings are reported.
    pub selection: Selection,
    /// Report findings that are only worth a look, too.
    pub show_hints: bool,
    /// Show passwords and tokens.
    pub show_secrets: bool,
}

/// Analyses one source that is already in memory.
///
/// ```
/// let report = smtplog::analyze_bytes("t", b"220 mx.example ESMTP\nQUIT\n221 Bye\n", &Default::default());
/// assert_eq!(report.sessions.len(), 1);
/// ```
pub fn analyze_bytes(name: &str, bytes: &[u8], options: &Options) -> SourceReport {
    analyze_source(&mut Source::new(name, bytes, &options.source), options)
}

/// Analyses one source: reads its lines, finds its sessions, judges each.
pub fn analyze_source(source: &mut Source<'_>, options: &Options) -> SourceReport {
    let mut likeness = Likeness::default();
    let found = match source.kind() {
        Kind::Binary(_) => Vec::new(),
        _ => transcripts(source, options, |line| likeness.see(line)),
    };
    let mut gathered = rules::Gathered::default();
    let sessions: Vec<SessionReport> = assemble::without_quotes(found)
        .iter()
        .zip(1..)
        .map(|(transcript, id)| {
            let session = Session::of(transcript);
            gathered.see(&session);
            judged(&session, id, options)
        })
        .collect();
    let findings = gathered
        .judge(&options.judging)
        .iter()
        .filter(|finding| is_asked_for(finding, options))
        .map(finding_across)
        .collect();
    let mut problems: Vec<ProblemReport> =
        source.take_problems().into_iter().map(ProblemReport::from).collect();
    match source.kind() {
        Kind::Text if sessions.is_empty() => problems.push(ProblemReport {
            severity: "note",
            line: None,
            message: likeness.sentence(),
        }),
        // In a folder of tickets a picture is nothing unusual.
        Kind::Binary(_) => problems.iter_mut().for_each(|problem| problem.severity = "note"),
        _ => {}
    }
    SourceReport {
        name: source.name().to_owned(),
        encoding: source.encoding(),
        octets: source.octets(),
        lines: source.lines(),
        sessions,
        findings,
        problems,
    }
}

/// Understands and judges one connection.
pub fn analyze_transcript(transcript: &Transcript, id: u64, options: &Options) -> SessionReport {
    judged(&Session::of(transcript), id, options)
}

fn judged(session: &Session<'_>, id: u64, options: &Options) -> SessionReport {
    let findings = rules::judge(session, &options.judging);
    let mut report = session_report(session, &findings, id, options.show_secrets);
    // The verdict rests on all findings; only then are those left out that were not asked for.
    let mut asked_for = findings.iter().map(|finding| is_asked_for(finding, options));
    report.findings.retain(|_| asked_for.next().unwrap_or(true));
    report
}

fn is_asked_for(finding: &Finding, options: &Options) -> bool {
    options.selection.has(finding.rule)
        && (options.show_hints || finding.confidence > Confidence::Hint)
}

/// The transcripts of a source in the order of the record; `see` is shown every line.
fn transcripts(
    source: &mut Source<'_>,
    options: &Options,
    mut see: impl FnMut(&[u8]),
) -> Vec<Transcript> {
    let mut assembler = Assembler::new(options.dialect);
    let mut block = Block::new();
    let mut found = Vec::new();
    while source.read(&mut block) {
        block.iter().for_each(|line| see(line.text));
        let lines: Vec<Incoming<'_>> = block
            .iter()
            .map(|line| Incoming {
                number: line.number,
                offset: line.offset,
                octets: line.octets,
                text: line.text,
                skipped: 0,
                tail: 0,
                ending: line.ending,
            })
            .collect();
        found.extend(assembler.window(&lines));
    }
    found.extend(assembler.finish());
    found.sort_by_key(Transcript::lines);
    found
}

/// What every octet of a source is: the pieces in order, without gap or overlap.
///
/// ```
/// let bytes = b"S: 220 mx.example\nC: QUIT\nS: 221 Bye\n";
/// let pieces = smtplog::account_bytes(bytes, &Default::default());
/// let length: u64 = pieces.iter().map(|piece| piece.octets).sum();
/// assert_eq!(length, bytes.len() as u64);
/// ```
pub fn account_bytes(bytes: &[u8], options: &Options) -> Vec<Piece> {
    let found = transcripts(&mut Source::new("", bytes, &options.source), options, |_| {});
    let mut source = Source::new("", bytes, &options.source);
    let mut block = Block::new();
    let mut lines = Vec::new();
    while source.read(&mut block) {
        lines.extend(block.iter().map(|line| account::Row {
            offset: line.offset,
            octets: line.octets.into(),
            ending: line.ending,
        }));
    }
    account::account(bytes.len() as u64, &lines, &found)
}
