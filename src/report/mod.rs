//! Sessions and findings to verdicts and totals, ready to be serialised.
//!
//! *Enters*: a [`Session`](crate::session::Session) with its findings. *Leaves*: data with the names of the JSON
//! report; the output formats see nothing else.

use std::collections::BTreeMap;

use serde::{Serialize, Serializer};

use crate::{
    rules::Severity,
    source::{self, Problem},
};

pub mod compare;
mod excerpt;
pub mod explain;
mod mask;
mod page;
mod session;
pub mod summary;
pub mod tables;
mod verdict;
pub mod words;

pub use excerpt::ExcerptLine;
pub(crate) use mask::secrets;
pub use session::{finding_across, session_report};

/// The name and version of the report's form.
pub const SCHEMA: &str = "smtplog-report-1";

/// The version of the program.
pub const VERSION: &str = env!("CARGO_PKG_VERSION");

/// The whole report.
#[derive(Debug, Clone, Serialize)]
pub struct Report {
    /// The name and version of this form: [`SCHEMA`].
    pub schema: &'static str,
    /// The version of the program.
    pub version: &'static str,
    /// What was read, in the order in which it was named.
    pub sources: Vec<SourceReport>,
    /// Totals.
    pub summary: Summary,
}

impl Report {
    /// The report on these sources.
    pub fn of(sources: Vec<SourceReport>) -> Self {
        let summary = Summary::of(&sources);
        Self { schema: SCHEMA, version: VERSION, sources, summary }
    }

    /// All findings of all sessions.
    pub fn findings(&self) -> impl Iterator<Item = &FindingReport> {
        self.sources.iter().flat_map(|source| {
            let single = source.sessions.iter().flat_map(|session| &session.findings);
            single.chain(&source.findings)
        })
    }
}

/// One source: a file, standard input, or a part of an archive or mail.
#[derive(Debug, Clone, Default, Serialize)]
pub struct SourceReport {
    /// Its name, such as `ticket.eml/session.txt.gz`.
    pub name: String,
    /// The encoding that its text was read in.
    pub encoding: String,
    /// Its size in octets.
    pub octets: u64,
    /// Its lines.
    pub lines: u64,
    /// The sessions in it; of a large source, those that are held.
    pub sessions: Vec<SessionReport>,
    /// How many sessions are in it; 0 as long as that is not known.
    #[serde(skip)]
    pub session_count: u64,
    /// What its sessions show together.
    pub findings: Vec<FindingReport>,
    /// What of it could not be read.
    pub problems: Vec<ProblemReport>,
}

/// Something that could not be read.
#[derive(Debug, Clone, Serialize, PartialEq, Eq)]
pub struct ProblemReport {
    /// How bad that is.
    #[serde(serialize_with = "by_name")]
    pub severity: Severity,
    /// The 1-based line, where one is known.
    pub line: Option<u64>,
    /// What is wrong.
    pub message: String,
}

impl From<Problem> for ProblemReport {
    fn from(problem: Problem) -> Self {
        let severity = match problem.severity {
            source::Severity::Note => Severity::Note,
            source::Severity::Warning => Severity::Warning,
            source::Severity::Error => Severity::Error,
        };
        Self { severity, line: problem.line, message: problem.message }
    }
}

/// A severity is told by its name.
#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands it over like that")]
fn by_name<S: Serializer>(severity: &Severity, to: S) -> Result<S::Ok, S::Error> {
    to.serialize_str(severity.name())
}

/// Totals over all sources.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Summary {
    /// How many sources.
    pub sources: u64,
    /// How many sessions.
    pub sessions: u64,
    /// Sessions by outcome.
    pub outcomes: BTreeMap<&'static str, u64>,
    /// Findings by severity.
    pub findings: FindingCounts,
}

/// Findings by severity.
#[derive(Debug, Clone, Copy, Default, Serialize, PartialEq, Eq)]
pub struct FindingCounts {
    /// Errors.
    pub error: u64,
    /// Warnings.
    pub warning: u64,
    /// Notes.
    pub note: u64,
}

impl Summary {
    /// Totals of these sources.
    pub fn of(sources: &[SourceReport]) -> Self {
        let mut summary = Self::default();
        for source in sources {
            summary.add_source(source);
        }
        summary
    }

    /// Counts one more source with its sessions.
    pub fn add_source(&mut self, source: &SourceReport) {
        for session in &source.sessions {
            self.add(session);
        }
        self.add_source_alone(source);
    }

    /// Counts one more session.
    pub fn add<S>(&mut self, session: &SessionReport<S>) {
        self.sessions += 1;
        *self.outcomes.entry(session.outcome).or_default() += 1;
        self.count(&session.findings);
    }

    /// Counts a source whose sessions were counted before.
    pub fn add_source_alone(&mut self, source: &SourceReport) {
        self.sources += 1;
        self.count(&source.findings);
    }

    /// Adds other totals.
    pub fn merge(&mut self, other: &Self) {
        self.sources += other.sources;
        self.sessions += other.sessions;
        for (outcome, count) in &other.outcomes {
            *self.outcomes.entry(outcome).or_default() += count;
        }
        self.findings.error += other.findings.error;
        self.findings.warning += other.findings.warning;
        self.findings.note += other.findings.note;
    }

    fn count<S>(&mut self, findings: &[FindingReport<S>]) {
        for finding in findings {
            match finding.severity {
                Severity::Error => self.findings.error += 1,
                Severity::Warning => self.findings.warning += 1,
                Severity::Note => self.findings.note += 1,
            }
        }
    }
}

/// One session.
///
/// `S` is its text: a `String` where the report is held, `Cow<str>` where it is written at once and may borrow
/// from the record.
#[derive(Debug, Clone, Serialize)]
pub struct SessionReport<S = String> {
    /// 1-based number within its source.
    pub id: u64,
    /// The key that its record tells it apart by.
    pub key: Option<S>,
    /// The dialect of its record.
    pub dialect: &'static str,
    /// How the speakers were found.
    pub attribution: AttributionReport,
    /// The first line of the source that belongs to it.
    pub first_line: u64,
    /// The last one.
    pub last_line: u64,
    /// When it began, in ISO 8601, where the record has times.
    pub started: Option<S>,
    /// When it ended.
    pub ended: Option<S>,
    /// The client.
    pub client: ClientReport<S>,
    /// The server.
    pub server: ServerReport<S>,
    /// TLS, where it came up.
    pub tls: Option<TlsReport<S>>,
    /// The user that AUTH succeeded for.
    pub authenticated_as: Option<S>,
    /// What the last accepted EHLO offered.
    pub extensions: Vec<ExtensionReport<S>>,
    /// What was said.
    pub exchanges: Vec<ExchangeReport<S>>,
    /// The mail transactions.
    pub transactions: Vec<TransactionReport<S>>,
    /// What became of the mail.
    pub outcome: &'static str,
    /// The same in one sentence for a person.
    pub verdict: S,
    /// What the rules found.
    pub findings: Vec<FindingReport<S>>,
}

/// How the speakers were found.
#[derive(Debug, Clone, Copy, Serialize)]
pub struct AttributionReport {
    /// `marked`, `mixed` or `inferred`.
    pub method: &'static str,
    /// How sure it is, from 0 to 1.
    pub confidence: f64,
}

/// The client's side.
#[derive(Debug, Clone, Default, Serialize)]
pub struct ClientReport<S = String> {
    /// Its address.
    pub address: Option<S>,
    /// The name that it gave itself.
    pub hello: Option<S>,
}

/// The server's side.
#[derive(Debug, Clone, Default, Serialize)]
pub struct ServerReport<S = String> {
    /// Its address.
    pub address: Option<S>,
    /// The port, where it is known.
    pub port: Option<u16>,
    /// The host that was asked for.
    pub dialled: Option<S>,
    /// The name that it gives itself.
    pub name: Option<S>,
    /// The product, where it shows.
    pub software: Option<S>,
}

/// TLS in force.
#[derive(Debug, Clone, Default, Serialize)]
pub struct TlsReport<S = String> {
    /// Such as `TLSv1.3`.
    pub version: Option<S>,
    /// Such as `TLS_AES_256_GCM_SHA384`.
    pub cipher: Option<S>,
    /// What the tool says of the certificate.
    pub certificate_problem: Option<S>,
}

/// A keyword of an EHLO reply.
#[derive(Debug, Clone, Serialize)]
pub struct ExtensionReport<S = String> {
    /// The keyword in upper case.
    pub keyword: S,
    /// Its parameters.
    pub params: Vec<S>,
    /// The line that offers it.
    pub line: u64,
}

/// A command and its reply.
#[derive(Debug, Clone, Serialize)]
pub struct ExchangeReport<S = String> {
    /// `greeting`, `command`, `auth`, `message` or `unsolicited`.
    pub kind: &'static str,
    /// The verb: upper case where it is known, otherwise as typed.
    pub verb: Option<S>,
    /// The verb was inferred from the reply: the record does not show the command.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub inferred: bool,
    /// What the client sent.
    pub command: Option<CommandReport<S>>,
    /// What the server answered.
    pub reply: Option<ReplyReport<S>>,
    /// From command to reply, in milliseconds.
    pub latency_ms: Option<f64>,
}

/// What the client sent.
#[derive(Debug, Clone, Serialize)]
pub struct CommandReport<S = String> {
    /// Its first line.
    pub line: u64,
    /// Its last line.
    pub last_line: u64,
    /// The command line; of a message its first line.
    pub text: S,
    /// The text was no UTF-8.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub lossy: bool,
    /// The address of MAIL and RCPT.
    pub path: Option<S>,
    /// The parameters of MAIL and RCPT.
    pub params: Vec<S>,
}

/// What the server answered.
#[derive(Debug, Clone, Serialize)]
pub struct ReplyReport<S = String> {
    /// Its first line.
    pub line: u64,
    /// Its last line.
    pub last_line: u64,
    /// The reply code; `null` where the reply has none.
    pub code: Option<u16>,
    /// The enhanced status code.
    pub enhanced: Option<S>,
    /// The text of each line.
    pub text: Vec<S>,
    /// The text was no UTF-8.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub lossy: bool,
}

/// A mail transaction.
#[derive(Debug, Clone, Serialize)]
pub struct TransactionReport<S = String> {
    /// The reverse-path; empty for the null one.
    pub sender: Option<S>,
    /// The recipients.
    pub recipients: Vec<RecipientReport<S>>,
    /// The message.
    pub message: Option<MessageReport>,
    /// What became of it, in the words of a session's outcome.
    pub outcome: &'static str,
    /// The name that the server gave the message in its queue.
    pub queue_id: Option<S>,
}

/// A recipient.
#[derive(Debug, Clone, Serialize)]
pub struct RecipientReport<S = String> {
    /// The forward-path.
    pub address: S,
    /// The reply's code.
    pub code: Option<u16>,
    /// Whether the server took it.
    pub accepted: bool,
}

/// A message.
#[derive(Debug, Clone, Copy, Serialize)]
pub struct MessageReport {
    /// Its first line in the source.
    pub first_line: u64,
    /// Its last line.
    pub last_line: u64,
    /// Its size in octets.
    pub octets: u64,
    /// Whether it was ended.
    pub complete: bool,
}

/// What a rule found.
#[derive(Debug, Clone, Serialize)]
pub struct FindingReport<S = String> {
    /// The rule's name.
    pub rule: &'static str,
    /// The rule's family.
    pub family: &'static str,
    /// How bad it is.
    #[serde(serialize_with = "by_name")]
    pub severity: Severity,
    /// `certain`, `likely` or `hint`.
    pub confidence: &'static str,
    /// Who must act.
    pub party: &'static str,
    /// The first line.
    pub line: u64,
    /// The last line.
    pub last_line: u64,
    /// The first octet on the first line.
    pub column: u32,
    /// One past the last octet on the last line.
    pub end_column: u32,
    /// How often it stands in the session.
    pub count: u32,
    /// What happened here.
    pub message: S,
    /// What to do about it.
    pub help: S,
    /// The clauses that it rests on.
    pub references: Vec<&'static str>,
    /// The editions that it holds under.
    pub editions: Vec<&'static str>,
    /// Further places.
    pub evidence: Vec<EvidenceReport<S>>,
    /// The rule whose finding explains this one.
    pub because_of: Option<&'static str>,
    /// The lines of the record that show it; for formats that people read.
    #[serde(skip)]
    pub excerpt: Vec<ExcerptLine>,
}

/// A further place of a finding.
#[derive(Debug, Clone, Serialize)]
pub struct EvidenceReport<S = String> {
    /// The line.
    pub line: u64,
    /// What is to be seen there.
    pub text: S,
}
