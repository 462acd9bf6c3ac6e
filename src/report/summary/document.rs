//! The summary as data, with the names of its JSON.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// The name and version of the summary's form.
pub const SUMMARY_SCHEMA: &str = "smtplog-summary-1";

/// The summary of many sessions.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SummaryReport {
    /// The name and version of this form: [`SUMMARY_SCHEMA`].
    pub schema: String,
    /// The version of the program.
    pub version: String,
    /// Which sessions were asked for.
    pub scope: Scope,
    /// Totals over these.
    pub totals: Totals,
    /// Why mail failed, the most frequent first.
    pub failures: Listed<Failure>,
    /// Sessions by the client's address.
    pub clients: Listed<GroupRow>,
    /// Sessions by what the client called itself.
    pub hellos: Listed<GroupRow>,
    /// Sessions by server: its address, else the host that was asked for, else the name in its greeting.
    pub servers: Listed<GroupRow>,
    /// Sessions by what the server runs.
    pub software: Listed<GroupRow>,
    /// Sessions by what took the connection.
    pub connectors: Listed<GroupRow>,
    /// Sessions and recipients by the recipients' domain.
    pub domains: Listed<GroupRow>,
    /// Sessions by the dialect of their record.
    pub dialects: Listed<GroupRow>,
    /// TLS.
    pub tls: Tls,
    /// AUTH.
    pub authentication: Authentication,
    /// Each command with its replies and how long they took.
    pub commands: Listed<CommandRow>,
    /// Replies by code.
    pub codes: BTreeMap<String, u64>,
    /// Findings by rule, the worst and most frequent first.
    pub rules: Listed<RuleRow>,
    /// Sessions by the time of their beginning.
    pub hours: Hours,
    /// The longest times without any session, where they are unusually long.
    pub gaps: Vec<Gap>,
    /// Messages that were seen in more than one session.
    pub messages: Listed<Trail>,
    /// The one table that was asked for (`--by`).
    pub groups: Option<Groups>,
    /// Where there were more names than are kept, so that not all could be counted singly.
    pub limits: Vec<Limit>,
}

/// A list of which only a part was kept. The names that were kept are a fair sample, and their counts are exact;
/// totals hold all.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Limit {
    /// What was counted by name.
    pub what: String,
    /// How many names were kept.
    pub kept: u64,
    /// About how many there were.
    pub about: u64,
}

/// A list that may be cut short.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Listed<T> {
    /// How many there are; about how many, where not all could be kept.
    pub total: u64,
    /// The first of them.
    pub rows: Vec<T>,
}

/// Which sessions were asked for, and which were left out.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Scope {
    /// Sessions that began before this are left out.
    pub since: Option<String>,
    /// Sessions that began at this or later are left out.
    pub until: Option<String>,
    /// Sessions that do not meet this are left out.
    pub condition: Option<String>,
    /// Sessions that were left out because they began before or after.
    pub left_out_by_time: u64,
    /// Sessions that were left out because the record does not tell when they were.
    pub left_out_without_time: u64,
    /// Sessions that were left out because they do not meet the condition.
    pub left_out_by_condition: u64,
}

/// Totals.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Totals {
    /// What was read: files, and parts of archives and mails.
    pub sources: u64,
    /// Octets of these.
    pub octets: u64,
    /// Lines of these.
    pub lines: u64,
    /// Sources that could not be read, or not whole.
    pub problems: u64,
    /// Sessions.
    pub sessions: u64,
    /// Sessions by outcome.
    pub outcomes: BTreeMap<String, u64>,
    /// When the first session began.
    pub started: Option<String>,
    /// When the last session ended.
    pub ended: Option<String>,
    /// Commands.
    pub commands: u64,
    /// Replies.
    pub replies: u64,
    /// Replies that refused something.
    pub refusals: u64,
    /// Sessions that were lost without a refusal.
    pub lost: u64,
    /// Messages that a server took.
    pub messages: u64,
    /// Recipients that a server took.
    pub recipients_accepted: u64,
    /// Recipients that a server did not take.
    pub recipients_refused: u64,
    /// Sessions in which the client did nothing: it connected, greeted at most, and went.
    pub unused: u64,
    /// Findings by severity.
    pub findings: BTreeMap<String, u64>,
}

/// Where something stands.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Place {
    /// The source.
    pub source: String,
    /// The 1-based line.
    pub line: u64,
}

/// Failures with one cause.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Failure {
    /// The rule that explains them; `null` where none does.
    pub rule: Option<String>,
    /// What the rule is about.
    pub about: Option<String>,
    /// What happened, where neither a rule nor a reply tells.
    pub text: Option<String>,
    /// How many refused replies or lost sessions.
    pub count: u64,
    /// In how many sessions.
    pub sessions: u64,
    /// The first time.
    pub first: Option<String>,
    /// The last time.
    pub last: Option<String>,
    /// The first one in the order of the record.
    pub example: Place,
    /// How many different replies.
    pub different_replies: u64,
    /// The most frequent replies.
    pub replies: Vec<Wording>,
}

/// A reply without what is different each time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Wording {
    /// What it answered: a verb, `greeting`, `message` or `unasked`.
    pub stage: String,
    /// Its code.
    pub code: u16,
    /// What it says; addresses, hosts, numbers and identifiers are replaced.
    pub text: String,
    /// How often.
    pub count: u64,
    /// The first one in the order of the record.
    pub example: Place,
}

/// Sessions that have something in common.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct GroupRow {
    /// What they have in common.
    pub name: String,
    /// How many sessions.
    pub sessions: u64,
    /// Sessions by outcome.
    pub outcomes: BTreeMap<String, u64>,
    /// Recipients that were taken.
    pub recipients_accepted: u64,
    /// Recipients that were not.
    pub recipients_refused: u64,
    /// Sessions with at least one finding that is an error.
    pub sessions_with_errors: u64,
    /// When the first of them began.
    pub first: Option<String>,
    /// When the last of them began.
    pub last: Option<String>,
    /// What it runs; of servers only.
    pub software: Option<String>,
}

/// TLS.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Tls {
    /// Sessions under TLS, by version; `unknown` where the record does not tell it.
    pub versions: BTreeMap<String, u64>,
    /// Sessions in plain text.
    pub plain: u64,
    /// The share of these, from 0 to 1; `null` without sessions.
    pub plain_share: Option<f64>,
    /// Sessions in which the handshake failed.
    pub failed: u64,
}

/// AUTH.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Authentication {
    /// Sessions in which it succeeded.
    pub sessions: u64,
    /// Of these, sessions in plain text.
    pub sessions_without_tls: u64,
    /// Attempts by mechanism.
    pub mechanisms: Vec<MechanismRow>,
}

/// A SASL mechanism.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct MechanismRow {
    /// Its name.
    pub name: String,
    /// How often it was tried.
    pub attempts: u64,
    /// How often that succeeded.
    pub succeeded: u64,
    /// How often it was refused.
    pub failed: u64,
}

/// A command.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CommandRow {
    /// The verb; `(greeting)`, `(auth)`, `(message)` for what has none.
    pub verb: String,
    /// How often it was sent.
    pub sent: u64,
    /// Replies that accept (2yz).
    pub accepted: u64,
    /// Replies that ask for more (3yz).
    pub more: u64,
    /// Replies that put off (4yz).
    pub deferred: u64,
    /// Replies that refuse (5yz).
    pub refused: u64,
    /// How often no reply came.
    pub unanswered: u64,
    /// How long the replies took; `null` where the record has no times.
    pub latency: Option<Latency>,
}

/// How long replies took, in milliseconds; percentiles are exact to 1.6 %.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Latency {
    /// How many replies.
    pub count: u64,
    /// Half of them took no longer.
    pub p50_ms: f64,
    /// 90 of 100 took no longer.
    pub p90_ms: f64,
    /// 99 of 100 took no longer.
    pub p99_ms: f64,
    /// The longest.
    pub max_ms: f64,
}

/// A rule.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RuleRow {
    /// Its name.
    pub rule: String,
    /// The worst severity that it was found with.
    pub severity: String,
    /// What it is about.
    pub about: String,
    /// How many findings.
    pub findings: u64,
    /// In how many sessions; 0 for what several sessions show together.
    pub sessions: u64,
    /// The first one in the order of the record.
    pub example: Place,
}

/// Sessions by time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hours {
    /// How many hours a row stands for.
    pub hours: u64,
    /// The record has times, but no days: a row is an hour of the day.
    pub of_day: bool,
    /// Each stretch of time in which a session began.
    pub rows: Vec<GroupRow>,
}

/// A time in which nothing happened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Gap {
    /// When it began.
    pub from: String,
    /// When it ended.
    pub to: String,
    /// How long it was.
    pub minutes: u64,
}

/// A message that was seen in several sessions.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Trail {
    /// Its Message-ID, and its names in servers' queues.
    pub names: Vec<String>,
    /// In how many sessions it was seen.
    pub sessions: u64,
    /// The sessions in the order of their times.
    pub hops: Vec<Hop>,
}

/// A session in which a message was seen.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hop {
    /// Where the session stands.
    pub at: Place,
    /// When the session began.
    pub time: Option<String>,
    /// The client.
    pub client: Option<String>,
    /// The server.
    pub server: Option<String>,
    /// What became of the message there.
    pub outcome: String,
}

/// A table of sessions by one property.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Groups {
    /// The property: `peer`, `domain`, `connector`, `hour` or `rule`.
    pub by: String,
    /// How many groups there are; about how many, where not all could be kept.
    pub total: u64,
    /// The first of them.
    pub rows: Vec<GroupRow>,
}
