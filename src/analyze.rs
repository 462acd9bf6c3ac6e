//! The pipeline in one readable function: from a source to its part of the report.

use std::{
    borrow::Cow,
    io::{self, Read},
    ops::ControlFlow,
};

use crate::{
    account::{self, Piece},
    dialect::{self, Dialect},
    evident,
    likeness::Likeness,
    redact::{Redacted, Redactor, Secret, Unsafe},
    report::{self, ProblemReport, SessionReport, SourceReport, finding_across, session_report},
    rules::{self, Confidence, Finding, Judging, Selection, Severity},
    session::{Flaws, Leaving, Session, assemble::Assembler, incoming::Incoming},
    source::{self, Block, Course, Kind, Source},
    transcript::{Label, Transcript, Turn},
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

impl Options {
    /// Whether a finding is reported: it was selected, and is more than a hint or hints were asked for.
    pub fn asks_for(&self, finding: &Finding) -> bool {
        self.selection.has(finding.rule)
            && (self.show_hints || finding.confidence > Confidence::Hint)
    }

    /// The report on a session with the findings that were asked for, for whoever holds it.
    pub fn report(&self, heard: &Heard<'_, '_>) -> SessionReport {
        self.reported(heard, true)
    }

    /// The same for a format that writes it at once ([`crate::render::Format::session`]): its text is borrowed
    /// from the record, and its findings have no excerpts.
    pub fn report_at_once<'h>(&self, heard: &Heard<'h, '_>) -> SessionReport<Cow<'h, str>> {
        self.reported(heard, false)
    }

    fn reported<'h, S: From<Cow<'h, str>>>(
        &self,
        heard: &Heard<'h, '_>,
        excerpts: bool,
    ) -> SessionReport<S> {
        let Heard { id, session, findings, .. } = *heard;
        let mut report = session_report(session, findings, id, self.show_secrets, excerpts);
        // The verdict rests on all findings; only then are those left out that were not asked for.
        let mut asked_for = findings.iter().map(|finding| self.asks_for(finding));
        report.findings.retain(|_| asked_for.next().unwrap_or(true));
        report
    }
}

/// A session that is over, with what the rules found in it.
#[derive(Debug, Clone, Copy)]
pub struct Heard<'h, 't> {
    /// The name of its source.
    pub source: &'h str,
    /// Its 1-based number within the source.
    pub id: u64,
    /// The session.
    pub session: &'h Session<'t>,
    /// All findings, those that nobody asked for as well: [`Options::asks_for`].
    pub findings: &'h [Finding],
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
    let mut gathered = rules::Gathered::default();
    let mut sessions = Vec::new();
    let mut ended = read(source, options, Pace::Batches, &mut |found| {
        for transcript in &found {
            let session = Session::of(transcript);
            gathered.see(&session);
            sessions.push(judged(&session, sessions.len() as u64 + 1, options));
        }
        ControlFlow::Continue(found)
    });
    let report = ended.report(&gathered, sessions.len() as u64, options);
    SourceReport { session_count: sessions.len() as u64, sessions, ..report }
}

/// Understands and judges one connection.
pub fn analyze_transcript(transcript: &Transcript, id: u64, options: &Options) -> SessionReport {
    judged(&Session::of(transcript), id, options)
}

fn judged(session: &Session<'_>, id: u64, options: &Options) -> SessionReport {
    let findings = rules::judge(session, &options.judging);
    options.report(&Heard { source: "", id, session, findings: &findings })
}

/// A source that was read, apart from its sessions.
pub(crate) struct Ended {
    report: SourceReport,
    kind: Kind,
    likeness: Likeness,
    /// A session was found.
    found: bool,
}

impl Ended {
    /// The report on a source with so many sessions, without these.
    pub(crate) fn report(
        &mut self,
        gathered: &rules::Gathered,
        sessions: u64,
        options: &Options,
    ) -> SourceReport {
        let mut report = self.report.clone();
        report.session_count = sessions;
        let found = gathered.judge(&options.judging);
        report.findings =
            found.iter().filter(|finding| options.asks_for(finding)).map(finding_across).collect();
        match self.kind {
            // Of what could not be read, nobody knows what it is like.
            Kind::Text if !self.found && (report.octets > 0 || report.problems.is_empty()) => {
                report.problems.push(ProblemReport {
                    severity: Severity::Note,
                    line: None,
                    message: self.likeness.sentence(),
                });
            }
            // In a folder of tickets a picture is nothing unusual.
            Kind::Binary(_) => {
                report.problems.iter_mut().for_each(|problem| problem.severity = Severity::Note);
            }
            _ => {}
        }
        report
    }
}

/// When transcripts are handed on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Pace {
    /// When there are enough of them.
    Batches,
    /// As soon as they are over.
    AtOnce,
}

/// What is done with transcripts that are over: it goes on with those that nobody needs any more, for the room
/// that they have, or breaks off.
pub(crate) type Over<'o> = &'o mut dyn FnMut(Vec<Transcript>) -> ControlFlow<(), Vec<Transcript>>;

/// Reads a source to its end and hands on its transcripts, a batch at a time in the order of the record,
/// until `batch` breaks off.
pub(crate) fn read(
    source: &mut Source<'_>,
    options: &Options,
    pace: Pace,
    batch: Over<'_>,
) -> Ended {
    let mut likeness = Likeness::default();
    let mut found = false;
    let mut troubles = Vec::new();
    let mut batch = |sessions: Vec<Transcript>| {
        found |= !sessions.is_empty();
        batch(sessions)
    };
    if !matches!(source.kind(), Kind::Binary(_)) {
        let mut leaving = Leaving::default();
        let mut broken = false;
        let assembler = assembler(source, options);
        troubles = assemble(source, assembler, &mut |line| likeness.see(line), &mut |over| {
            let leaving = match pace {
                Pace::AtOnce => Some(leaving.take_at_once(over)),
                Pace::Batches => leaving.take(over),
            };
            let flow = leaving.map_or(ControlFlow::Continue(Vec::new()), &mut batch);
            broken = flow.is_break();
            flow
        });
        if !broken {
            let _ = batch(leaving.rest());
        }
    }
    let mut problems: Vec<ProblemReport> =
        source.take_problems().into_iter().map(ProblemReport::from).collect();
    problems.extend(troubles);
    let report = SourceReport {
        name: source.name().to_owned(),
        encoding: source.encoding(),
        octets: source.octets(),
        lines: source.lines(),
        sessions: Vec::new(),
        session_count: 0,
        findings: Vec::new(),
        problems,
    };
    Ended { report, kind: source.kind(), likeness, found }
}

/// The assembler for a source.
fn assembler(source: &Source<'_>, options: &Options) -> Assembler {
    if source.is_written_here() {
        Assembler::certain(dialect::CAPTURE)
    } else {
        Assembler::new(options.dialect)
    }
}

/// Hands on the transcripts of a source as they end, until `over` breaks off; `see` is shown every line as
/// long as there was none. Returns what could not be read as it should.
fn assemble(
    source: &mut Source<'_>,
    mut assembler: Assembler,
    see: &mut dyn FnMut(&[u8]),
    over: Over<'_>,
) -> Vec<ProblemReport> {
    let mut block = Block::new();
    // What else it may be, nobody asks of a text that was written here.
    let mut found = source.is_written_here();
    while source.read(&mut block) {
        if !found {
            block.iter().for_each(|line| see(line.text));
        }
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
                at: None,
            })
            .collect();
        let ended = assembler.window(&lines);
        found |= !ended.is_empty();
        if ended.is_empty() {
            continue;
        }
        match over(ended) {
            ControlFlow::Continue(spent) => assembler.reuse(spent),
            ControlFlow::Break(()) => return troubles(&assembler),
        }
    }
    let _ = over(assembler.finish());
    troubles(&assembler)
}

/// What an assembler could not read as it should.
fn troubles(assembler: &Assembler) -> Vec<ProblemReport> {
    let mut problems = Vec::new();
    tell(Severity::Warning, assembler.damaged(), &mut problems);
    tell(Severity::Note, assembler.reused(), &mut problems);
    let evicted = assembler.evicted();
    if evicted > 0 {
        problems.push(ProblemReport {
            severity: Severity::Warning,
            line: None,
            message: format!(
                "more sessions were open at once than are kept: {evicted} that were silent longest were cut \
                 off, and what they said later counts as another session"
            ),
        });
    }
    let long = assembler.long();
    if long > 0 {
        problems.push(ProblemReport {
            severity: Severity::Warning,
            line: None,
            message: format!(
                "more was said in a session than is kept: it was cut off {}, and what came later counts as \
                 another session",
                if long == 1 { "once".to_owned() } else { format!("{long} times") }
            ),
        });
    }
    let left_out = assembler.left_out();
    if left_out > 0 {
        problems.push(ProblemReport {
            severity: Severity::Note,
            line: None,
            message: format!(
                "messages were longer than is kept: {left_out} lines of them were counted and not looked at"
            ),
        });
    }
    problems
}

/// Tells of flaws, and how many there are beyond those that are told.
fn tell(severity: Severity, flaws: &Flaws, problems: &mut Vec<ProblemReport>) {
    problems.extend(flaws.told().iter().map(|flaw| ProblemReport {
        severity,
        line: Some(flaw.line),
        message: flaw.what.clone(),
    }));
    if flaws.untold() > 0 {
        let s = if flaws.untold() == 1 { "" } else { "s" };
        let message = format!("{} further line{s} like these", flaws.untold());
        problems.push(ProblemReport { severity, line: None, message });
    }
}

/// A source that is already in memory with other names for people and hosts, and without its secrets.
///
/// The redactor keeps what stands for what: texts that belong together take the same one.
///
/// ```
/// use smtplog::{Options, redact::Redactor, redact_bytes};
///
/// let record = b"S: 220 mx.acme.de ESMTP\nC: MAIL FROM:<jane.roe@acme.de>\nS: 250 2.1.0 Ok\n";
/// let safe = redact_bytes(&mut Redactor::default(), record, &Options::default()).unwrap();
/// assert_eq!(safe.text.len(), record.len());
/// assert!(!String::from_utf8_lossy(&safe.text).contains("acme"));
/// ```
///
/// # Errors
///
/// [`Unsafe`] where a secret of the dialogue would still stand in the text, or nobody could tell, or the reading was
/// interrupted ([`source::Course::interrupt`]) before anybody had looked.
pub fn redact_bytes(
    redactor: &mut Redactor,
    bytes: &[u8],
    options: &Options,
) -> Result<Redacted, Unsafe> {
    let goes_on = || !options.source.course.is_interrupted();
    let go_on = || if goes_on() { Ok(()) } else { Err(Unsafe::Interrupted) };
    let found = transcripts(bytes, options);
    let account = account::account_of_made(bytes, &rows(bytes, options), &found);
    go_on()?;
    let known = found.iter().flat_map(|one| report::secrets(&Session::of(one)));
    let mut known: Vec<_> = known.map(|(typed, decoded)| Secret { typed, decoded }).collect();
    let spoken = found.iter().flat_map(|one| &one.turns).find(|turn| is_said(turn));
    let spoken = spoken.map(|turn| turn.place.line);
    // A long record is in memory several times over: what is not asked for any more leaves it.
    drop(found);
    let text = redactor.redact(bytes, &account, &goes_on).ok_or(Unsafe::Interrupted)?;
    let is_dialogue = account.is_dialogue();
    drop(account);
    known.extend(shown(bytes, true));
    if spoken.is_none() {
        let find = |text: &[u8], _| evident::answers(text).into_iter().map(secret).collect();
        known.extend(Secret::evident(bytes, &find));
    }
    go_on()?;
    // What stands for a password that was taken for somebody's name looks like a password still.
    known.extend(shown(&text, false));
    let secrets = redactor.secrets(known);
    go_on()?;
    let text = secrets.wiped(text);
    go_on()?;
    // Whoever knows a secret finds it in whatever form, whether the text can be read or not.
    if let Some(line) = secrets.line_of(&text) {
        return Err(Unsafe::SecretLeft { line });
    }
    // What was written is read as anybody would who got it, whatever it was that was done to the text.
    let (mut left, mut still) = (None::<u64>, false);
    each_transcript(&text, options, &mut |one| {
        still |= one.turns.iter().any(is_said);
        let told = one.turns.iter().filter(|turn| secrets.are_in(one.text(turn)));
        left = left.into_iter().chain(told.map(|turn| turn.place.line)).min();
    });
    go_on()?;
    if let Some(line) = left {
        return Err(Unsafe::SecretLeft { line });
    }
    match spoken {
        Some(line) if !still => Err(Unsafe::Unreadable { line }),
        _ => Ok(Redacted { text, is_dialogue }),
    }
}

/// The credentials that show by themselves in a text, with names or without.
fn shown(text: &[u8], names: bool) -> Vec<Secret> {
    Secret::evident(text, &|text, joined| {
        // A sentence ends with its line.
        let found = if joined { evident::responses(text) } else { evident::credentials(text) };
        let found = found.into_iter().filter(|one| names || !one.is_name);
        found.map(secret).collect()
    })
}

fn secret(found: evident::Evident) -> Secret {
    Secret { typed: found.typed, decoded: found.secret }
}

/// A command or a reply.
const fn is_said(turn: &Turn) -> bool {
    matches!(turn.label, Label::Command | Label::Reply)
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
    let found = transcripts(bytes, options);
    account::account(bytes.len() as u64, &rows(bytes, options), &found)
}

/// All that was said in a source, in the order of its lines.
fn transcripts(bytes: &[u8], options: &Options) -> Vec<Transcript> {
    let mut found = Vec::new();
    each_transcript(bytes, options, &mut |one| found.push(one));
    found.sort_by_key(Transcript::lines);
    found
}

/// All that was said in a source, as it is over; nothing more once it is interrupted.
fn each_transcript(bytes: &[u8], options: &Options, see: &mut dyn FnMut(Transcript)) {
    let mut source =
        Source::new("", Unless { bytes, course: &options.source.course }, &options.source);
    let assembler = assembler(&source, options).keeping_all();
    assemble(&mut source, assembler, &mut |_| {}, &mut |over| {
        over.into_iter().for_each(&mut *see);
        ControlFlow::Continue(Vec::new())
    });
}

/// Octets that come to an end once the reading is interrupted.
struct Unless<'b> {
    bytes: &'b [u8],
    course: &'b Course,
}

impl Read for Unless<'_> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        if self.course.is_interrupted() { Ok(0) } else { self.bytes.read(into) }
    }
}

/// The lines of a source.
fn rows(bytes: &[u8], options: &Options) -> Vec<account::Row> {
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
    lines
}
