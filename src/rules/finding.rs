//! What a rule found: where, what it means there, what to do, and what explains it.

use std::fmt;

use super::Rule;

/// How bad it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// Worth knowing.
    Note,
    /// Against the rules, or likely to go wrong.
    Warning,
    /// The mail did not go through, or something is broken.
    Error,
}

impl Severity {
    /// Its name in the report.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Note => "note",
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

/// How sure it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Confidence {
    /// Only worth a look; shown when asked for.
    Hint,
    /// Another explanation is possible.
    Likely,
    /// The record shows it.
    Certain,
}

impl Confidence {
    /// Its name in the report.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Hint => "hint",
            Self::Likely => "likely",
            Self::Certain => "certain",
        }
    }
}

/// Who must act.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Party {
    /// Whoever runs or wrote the sending program.
    Client,
    /// Whoever runs the server.
    Server,
    /// Whoever runs the box between them.
    Middlebox,
    /// The person who typed.
    Person,
    /// Whoever made the record.
    Recorder,
}

impl Party {
    /// Its name in the report.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Client => "client",
            Self::Server => "server",
            Self::Middlebox => "middlebox",
            Self::Person => "person",
            Self::Recorder => "recorder",
        }
    }
}

/// Where in the source: lines and columns, both 1-based, columns in octets.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default, Hash)]
pub struct Spot {
    /// The first line.
    pub line: u64,
    /// The last line.
    pub last_line: u64,
    /// The first octet on the first line.
    pub column: u32,
    /// One past the last octet on the last line.
    pub end_column: u32,
}

/// A further place that bears a finding out, with a few words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Evidence {
    /// Where.
    pub spot: Spot,
    /// What is to be seen there.
    pub text: String,
}

/// What a rule found in a session.
#[derive(Debug, Clone)]
pub struct Finding {
    /// The rule.
    pub rule: &'static Rule,
    /// How bad it is here.
    pub severity: Severity,
    /// How sure it is.
    pub confidence: Confidence,
    /// Who must act here.
    pub party: Party,
    /// Where it is.
    pub spot: Spot,
    /// How often it stands in the session.
    pub count: u32,
    /// What happened here, in one sentence.
    pub message: String,
    /// What to do about it.
    pub help: String,
    /// Further places.
    pub evidence: Vec<Evidence>,
    /// The rule whose finding explains this one.
    pub because_of: Option<&'static str>,
}
