//! The comparison as others read it: what `compare --format json` writes.

use serde::Serialize;

/// The name and version of the comparison's form.
pub const COMPARISON_SCHEMA: &str = "smtplog-comparison-1";

/// How much a difference matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Weight {
    /// It changes nothing.
    Minor,
    /// It may be why something else differs.
    May,
    /// The dialogue goes on in another way.
    Matters,
}

impl Weight {
    /// Its name in the comparison.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Minor => "minor",
            Self::May => "may",
            Self::Matters => "matters",
        }
    }
}

/// Two sessions compared.
#[derive(Debug, Clone, Serialize)]
pub struct Comparison {
    /// The name and version of this form: [`COMPARISON_SCHEMA`].
    pub schema: &'static str,
    /// The version of the program.
    pub version: &'static str,
    /// The session that went well.
    pub good: Side,
    /// The session that did not.
    pub bad: Side,
    /// The first difference that matters; where none does, the first that may.
    pub first: Option<Difference>,
    /// What came before it and is why, by what the server said.
    pub because: Option<Difference>,
    /// What else came before it and may be why.
    pub before: Vec<Difference>,
    /// All differences, in the order of the dialogue.
    pub differences: Vec<Difference>,
    /// The exchanges of both sessions in pairs.
    pub steps: Vec<Step>,
}

/// One of the two sessions.
#[derive(Debug, Clone, Serialize)]
pub struct Side {
    /// Its source.
    pub source: String,
    /// Its number within the source.
    pub session: u64,
    /// The first line of the source that belongs to it.
    pub first_line: u64,
    /// The last one.
    pub last_line: u64,
    /// What became of the mail.
    pub outcome: &'static str,
    /// The same in one sentence.
    pub verdict: String,
}

/// Something that differs.
#[derive(Debug, Clone, Serialize)]
pub struct Difference {
    /// What differs: `reply`, `answer`, `command`, `argument`, `offer`, `server`, `client`, `tls`, `login`, `time` or
    /// `wording`.
    pub what: &'static str,
    /// How much it matters.
    pub weight: Weight,
    /// The command at which it stands; `null` for what is no exchange's.
    pub command: Option<String>,
    /// The line in the good session's source.
    pub good_line: Option<u64>,
    /// The line in the bad session's source.
    pub bad_line: Option<u64>,
    /// The difference in a sentence.
    pub text: String,
    /// The rule that explains it in the bad session.
    pub rule: Option<&'static str>,
    /// What that rule says to do.
    pub help: Option<String>,
}

/// An exchange of both sessions, or of one.
#[derive(Debug, Clone, Serialize)]
pub struct Step {
    /// In the good session.
    pub good: Option<Spoken>,
    /// In the bad session.
    pub bad: Option<Spoken>,
    /// The most that differs here; `null` where nothing does.
    pub weight: Option<Weight>,
}

/// An exchange in short.
#[derive(Debug, Clone, Serialize)]
pub struct Spoken {
    /// The line at which it begins.
    pub line: Option<u64>,
    /// What the client sent.
    pub client: String,
    /// What the server answered.
    pub server: String,
}

impl Step {
    /// Whether a difference stands at these exchanges.
    pub fn is_at(&self, difference: Option<&Difference>) -> bool {
        let line = |spoken: &Option<Spoken>| spoken.as_ref().and_then(|spoken| spoken.line);
        difference.is_some_and(|difference| {
            difference.command.is_some()
                && line(&self.good) == difference.good_line
                && line(&self.bad) == difference.bad_line
        })
    }
}
