//! What may be typed.

use std::{
    ffi::{OsStr, OsString},
    io::{self, IsTerminal as _},
    path::{Path, PathBuf},
};

use clap::{Args, CommandFactory as _, Parser, Subcommand, ValueEnum};

use super::names;
use crate::{
    dialect::{self, Dialect},
    protocol::Edition,
    render::{self, ComparisonFormat, Each, Format, Style, SummaryFormat, TableFormat},
    report::{
        SourceReport,
        summary::{By, Condition},
    },
    rules::{self, Family, Severity},
    source,
};

/// Reads saved SMTP dialogues, and says what was said, what broke the rules of SMTP, what became of the
/// mail, and who has to act.
#[derive(Debug, Parser)]
#[command(name = "smtplog", version, max_term_width = 100, arg_required_else_help = true)]
#[command(after_help = "`smtplog PATH…` is short for `smtplog analyze PATH…`.
\
Exit status: 0 no finding at or above --fail-on; 1 there is one; 2 wrong usage, something could not be read, or no SMTP was found; 130 interrupted.")]
pub(super) struct Arguments {
    #[command(subcommand)]
    pub(super) command: Command,
}

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Analyse every session in every path: the main job
    Analyze(Box<Analyze>),
    /// Sum up many sessions: what failed and why, who, when, how fast
    Summary(Box<Summarize>),
    /// Compare a session that went well with one that did not: the first difference that matters
    Compare(Box<Compare>),
    /// Write the same text, safe to attach: secrets masked, people and hosts under other names
    Redact(Redact),
    /// Explain a rule, a reply code, an enhanced code, a command, an extension, or a command's reply
    Explain(Explain),
    /// List the rules
    Rules(Listing),
    /// List the dialects: the forms of transcripts and logs that are understood
    Dialects(Listing),
    /// List the output formats
    Formats(Listing),
    /// Print the JSON Schema of the report
    Schema,
    /// Print the completions of a shell
    Completions {
        /// The shell
        shell: clap_complete::Shell,
    },
    /// Print the manual page, in roff
    Man,
}

/// How a list or a page is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum ListFormat {
    Text,
    Json,
}

/// Options of the lists.
#[derive(Debug, Args)]
pub(super) struct Listing {
    /// How to write the list
    #[arg(long, short, value_name = "FORMAT", default_value = "text")]
    pub(super) format: ListFormat,
}

/// What is known of the sources' form, so that it need not be found out.
#[derive(Debug, Args)]
pub(super) struct Form {
    /// The dialect that every source is in, instead of finding out; `smtplog dialects` lists them
    #[arg(long, value_name = "NAME", value_parser = known_dialect)]
    pub(super) dialect: Option<&'static Dialect>,

    /// The character encoding of every source, instead of finding out
    #[arg(long, value_name = "NAME", value_parser = encoding)]
    pub(super) encoding: Option<&'static encoding_rs::Encoding>,
}

impl Form {
    /// How sources are opened.
    pub(super) fn source(&self) -> source::Options {
        source::Options { encoding: self.encoding, ..source::Options::default() }
    }
}

/// Options of `redact`.
#[derive(Debug, Args)]
pub(super) struct Redact {
    /// Transcripts, logs, mails, archives or folders, written one after the other; `-` or nothing is
    /// standard input
    #[arg(value_name = "PATH")]
    pub(super) paths: Vec<PathBuf>,

    /// Write the text to FILE, whole or not at all, instead of standard output
    #[arg(long, short, value_name = "FILE")]
    pub(super) output: Option<PathBuf>,

    #[command(flatten)]
    pub(super) form: Form,
}

/// Options of `explain`.
#[derive(Debug, Args)]
pub(super) struct Explain {
    /// Such as `relay-accepted`, `550`, `5.7.1`, `RCPT`, `SIZE`, or two for one: `RCPT 251`
    #[arg(value_name = "TOPIC", required_unless_present = "all")]
    pub(super) topics: Vec<String>,

    /// Everything that is known of the protocol, as tables (in JSON)
    #[arg(long, conflicts_with = "topics")]
    pub(super) all: bool,

    /// How to write it
    #[arg(long, short, value_name = "FORMAT", default_value = "text")]
    pub(super) format: ListFormat,
}

/// What `analyze` and `summary` have in common: what is read, how it is judged, where the report goes.
#[derive(Debug, Args)]
pub(super) struct Common {
    /// Transcripts, logs, mails, archives or folders; `-` or nothing is standard input
    #[arg(value_name = "PATH")]
    pub(super) paths: Vec<PathBuf>,

    /// Write the report to FILE, whole or not at all, instead of standard output
    #[arg(long, short, value_name = "FILE")]
    pub(super) output: Option<PathBuf>,

    /// The edition of SMTP that judges: 821, 2821 or 5321
    #[arg(long, value_name = "NUMBER", default_value = "5321", value_parser = edition)]
    pub(super) rfc: Edition,

    #[command(flatten)]
    pub(super) form: Form,

    /// A domain that the server is responsible for (may be repeated)
    #[arg(long = "local-domain", value_name = "DOMAIN")]
    pub(super) local_domains: Vec<String>,

    /// A network whose clients may relay, such as 192.0.2.0/24 (may be repeated)
    #[arg(long = "trusted-network", value_name = "CIDR", value_parser = network)]
    pub(super) trusted_networks: Vec<ipnet::IpNet>,

    /// Report only findings of this rule or family (may be repeated)
    #[arg(long, value_name = "RULE|FAMILY", value_delimiter = ',', value_parser = rule_or_family)]
    pub(super) select: Vec<String>,

    /// Leave out findings of this rule or family (may be repeated)
    #[arg(long, value_name = "RULE|FAMILY", value_delimiter = ',', value_parser = rule_or_family)]
    pub(super) ignore: Vec<String>,

    /// End with status 1 where a finding is at least this bad
    #[arg(long, value_name = "SEVERITY", default_value = "error")]
    pub(super) fail_on: FailOn,

    /// Report findings that are only worth a look, too
    #[arg(long)]
    pub(super) show_hints: bool,

    /// How many threads analyse, several sources or one large one; 0 is as many as there are processors
    #[arg(long, short, value_name = "NUMBER", default_value_t = 0, value_parser = how_many)]
    pub(super) jobs: usize,

    /// Colours in text: on a terminal, always, or never
    #[arg(long, value_name = "WHEN", default_value = "auto")]
    pub(super) color: Color,

    /// Show no progress bar
    #[arg(long)]
    pub(super) no_progress: bool,

    /// Print nothing but errors; the exit status tells
    #[arg(long, short)]
    pub(super) quiet: bool,
}

/// Options of `analyze`.
#[derive(Debug, Args)]
pub(super) struct Analyze {
    #[command(flatten)]
    pub(super) common: Common,

    /// How to write the report; `smtplog formats` lists the formats
    #[arg(long, short, value_name = "FORMAT", default_value = "text", value_parser = format)]
    pub(super) format: ReportFormat,

    /// Show notes and consequences in full rather than in a line each, and which files hold no SMTP
    #[arg(long, short)]
    pub(super) verbose: bool,

    /// Show passwords and tokens
    #[arg(long)]
    pub(super) show_secrets: bool,

    /// Go on as the log grows, also when it is rotated: each session is printed when it is over (text, jsonl, csv)
    #[arg(long)]
    pub(super) follow: bool,
}

/// How the report is written.
#[derive(Debug, Clone, Copy)]
pub(super) enum ReportFormat {
    /// As one document.
    Document(&'static Format),
    /// As tables, a file each.
    Tables(&'static TableFormat),
}

impl ReportFormat {
    /// Its name.
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Document(format) => format.name,
            Self::Tables(format) => format.name,
        }
    }

    /// Whether sessions can be written before their source is over.
    pub(super) fn streams(self) -> bool {
        let takes_some = |format: &Format| {
            let mut renderer = (format.renderer)(Style::default());
            renderer.some(&SourceReport::default(), &mut io::sink()).unwrap_or(false)
        };
        match self {
            Self::Document(format) => format.session.is_some() || takes_some(format),
            Self::Tables(_) => false,
        }
    }

    /// Writes one session by itself, where the format allows that.
    pub(super) fn session(self) -> Option<Each> {
        match self {
            Self::Document(format) => format.session,
            Self::Tables(_) => None,
        }
    }
}

/// Options of `summary`.
#[derive(Debug, Args)]
pub(super) struct Summarize {
    #[command(flatten)]
    pub(super) common: Common,

    /// How to write the summary: text, json, markdown, html or csv
    #[arg(long, short, value_name = "FORMAT", default_value = "text", value_parser = summary_format)]
    pub(super) format: &'static SummaryFormat,

    /// One table instead of everything: sessions by peer, domain, connector, hour or rule
    #[arg(long, value_name = "WHAT")]
    pub(super) by: Option<Grouping>,

    /// Only sessions that began at this time or later, such as 2026-11-23 or 2026-11-23T10:00
    #[arg(long, value_name = "TIME", value_parser = moment)]
    pub(super) since: Option<i64>,

    /// Only sessions that began before this time
    #[arg(long, value_name = "TIME", value_parser = moment)]
    pub(super) until: Option<i64>,

    /// Only sessions that meet a condition, such as `outcome=rejected and code=550`
    #[arg(long = "where", value_name = "CONDITION", value_parser = condition)]
    #[arg(long_help = CONDITION_HELP)]
    pub(super) condition: Option<Condition>,

    /// How many rows of each list; 0 is all. Without it 10, with --by 50
    #[arg(long, value_name = "NUMBER", value_parser = how_many)]
    pub(super) top: Option<usize>,
}

const CONDITION_HELP: &str = "Only sessions that meet a condition.

\
FIELD=VALUE and FIELD!=VALUE, joined by `and`, `or`, `not` and brackets. Fields:
outcome (queued, rejected, \
deferred, dropped, connect-failed, incomplete, no-mail), code (550, or 5xx for any),
verb (RCPT, greeting, message), \
peer (an address, a network, a name), rule (a rule or a family),
domain (of a recipient), connector, message \
(a Message-ID or a name in a queue). `*` in a value stands for
anything. `verb` and `code` joined by `and` speak \
of one command: `verb=RCPT and code=550`.";

/// By what sessions are grouped.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Grouping {
    Peer,
    Domain,
    Connector,
    Hour,
    Rule,
}

impl From<Grouping> for By {
    fn from(grouping: Grouping) -> Self {
        match grouping {
            Grouping::Peer => Self::Peer,
            Grouping::Domain => Self::Domain,
            Grouping::Connector => Self::Connector,
            Grouping::Hour => Self::Hour,
            Grouping::Rule => Self::Rule,
        }
    }
}

/// Options of `compare`.
#[derive(Debug, Args)]
#[command(
    after_help = "Exit status: 0 no difference matters; 1 one does; 2 wrong usage, or a session was not found."
)]
pub(super) struct Compare {
    /// The transcript or log with the session that went well
    #[arg(value_name = "GOOD")]
    pub(super) good: PathBuf,

    /// The transcript or log with the session that did not
    #[arg(value_name = "BAD")]
    pub(super) bad: PathBuf,

    /// How to write the comparison: text or json
    #[arg(long, short, value_name = "FORMAT", default_value = "text", value_parser = comparison_format)]
    pub(super) format: &'static ComparisonFormat,

    /// Write the comparison to FILE, whole or not at all, instead of standard output
    #[arg(long, short, value_name = "FILE")]
    pub(super) output: Option<PathBuf>,

    /// The number of the session in GOOD; without it the first one whose mail was taken
    #[arg(long, value_name = "NUMBER")]
    pub(super) good_session: Option<u64>,

    /// The number of the session in BAD; without it the first one whose mail was not taken
    #[arg(long, value_name = "NUMBER")]
    pub(super) bad_session: Option<u64>,

    /// The edition of SMTP that judges: 821, 2821 or 5321
    #[arg(long, value_name = "NUMBER", default_value = "5321", value_parser = edition)]
    pub(super) rfc: Edition,

    #[command(flatten)]
    pub(super) form: Form,

    /// A domain that the server is responsible for (may be repeated)
    #[arg(long = "local-domain", value_name = "DOMAIN")]
    pub(super) local_domains: Vec<String>,

    /// Colours in text: on a terminal, always, or never
    #[arg(long, value_name = "WHEN", default_value = "auto")]
    pub(super) color: Color,
}

/// From which severity on the exit status tells of findings.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub(super) enum FailOn {
    #[default]
    Error,
    Warning,
    Note,
    Never,
}

impl FailOn {
    /// Whether a finding of this severity counts.
    pub(super) fn counts(self, severity: Severity) -> bool {
        self.least().is_some_and(|least| severity >= least)
    }

    /// The least severity that counts; `None` where none does.
    pub(super) const fn least(self) -> Option<Severity> {
        match self {
            Self::Error => Some(Severity::Error),
            Self::Warning => Some(Severity::Warning),
            Self::Note => Some(Severity::Note),
            Self::Never => None,
        }
    }
}

/// When to use colours.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Color {
    Auto,
    Always,
    Never,
}

/// The arguments with `analyze` put in where it goes without saying: before a path or an option of
/// `analyze`, and where there is nothing but a dialogue on standard input.
pub(super) fn with_command(arguments: impl IntoIterator<Item = OsString>) -> Vec<OsString> {
    let mut arguments: Vec<OsString> = arguments.into_iter().collect();
    let without_saying = match arguments.get(1) {
        None => !io::stdin().is_terminal(),
        Some(first) => !is_command(first),
    };
    if without_saying {
        arguments.insert(arguments.len().min(1), "analyze".into());
    }
    arguments
}

/// Whether a first argument is one of ours, or a command that was mistyped, rather than a path.
fn is_command(first: &OsStr) -> bool {
    let Some(word) = first.to_str() else { return false };
    if word.starts_with("--") || word.len() > 1 && word.starts_with('-') {
        return matches!(word, "-h" | "--help" | "-V" | "--version");
    }
    let known = Arguments::command();
    let is_known = word == "help" || known.get_subcommands().any(|one| one.get_name() == word);
    let like_a_path = word.contains(['.', '/', '\\', '-']) || Path::new(first).exists();
    is_known || !like_a_path
}

fn format(name: &str) -> Result<ReportFormat, String> {
    if let Some(format) = render::find(name) {
        return Ok(ReportFormat::Document(format));
    }
    if let Some(format) = render::find_table_format(name) {
        if format.tables.is_empty() {
            return Err(format!(
                "this program was built without it; in a checkout of smtplog, \
                 `cargo install --locked --path . --features {}` builds one that has it",
                format.feature
            ));
        }
        return Ok(ReportFormat::Tables(format));
    }
    let documents = render::FORMATS.iter().map(|format| format.name);
    let known = documents.chain(render::TABLE_FORMATS.iter().map(|format| format.name));
    Err(names::unknown("format", name, known, "`smtplog formats` lists them"))
}

fn comparison_format(name: &str) -> Result<&'static ComparisonFormat, String> {
    let known = || render::COMPARISON_FORMATS.iter().map(|format| format.name);
    let list = known().collect::<Vec<_>>().join(", ");
    render::find_comparison_format(name)
        .ok_or_else(|| names::unknown("format", name, known(), &format!("there are {list}")))
}

fn summary_format(name: &str) -> Result<&'static SummaryFormat, String> {
    let known = || render::SUMMARY_FORMATS.iter().map(|format| format.name);
    let list = known().collect::<Vec<_>>().join(", ");
    render::find_summary_format(name)
        .ok_or_else(|| names::unknown("format", name, known(), &format!("there are {list}")))
}

fn condition(text: &str) -> Result<Condition, String> {
    text.parse().map_err(|error: crate::report::summary::ConditionError| error.to_string())
}

/// A time in microseconds since 1970: by UTC where it says how far it is from that, else by the recorder's
/// clock.
fn moment(text: &str) -> Result<i64, String> {
    if let Ok(timestamp) = text.parse::<jiff::Timestamp>() {
        return Ok(timestamp.as_microsecond());
    }
    let day = || text.parse::<jiff::civil::Date>().map(|day| day.at(0, 0, 0, 0));
    text.parse::<jiff::civil::DateTime>()
        .or_else(|_| day())
        .and_then(|time| time.to_zoned(jiff::tz::TimeZone::UTC))
        .map(|time| time.timestamp().as_microsecond())
        .map_err(|_| {
            "a time is written like 2026-11-23, 2026-11-23T10:00 or 2026-11-23T10:00:00+01:00"
                .to_owned()
        })
}

fn how_many(text: &str) -> Result<usize, String> {
    text.parse().map_err(|_| "a number is needed, such as 4".to_owned())
}

fn edition(name: &str) -> Result<Edition, String> {
    name.parse().map_err(|_| "the editions of SMTP are 821, 2821 and 5321".to_owned())
}

fn known_dialect(name: &str) -> Result<&'static Dialect, String> {
    let known = || dialect::ALL.iter().map(|dialect| dialect.name);
    dialect::find(name)
        .ok_or_else(|| names::unknown("dialect", name, known(), "`smtplog dialects` lists them"))
}

fn encoding(name: &str) -> Result<&'static encoding_rs::Encoding, String> {
    source::encoding(name).map_err(|error| error.to_string())
}

fn network(text: &str) -> Result<ipnet::IpNet, String> {
    text.parse()
        .or_else(|_| text.parse::<std::net::IpAddr>().map(ipnet::IpNet::from))
        .map_err(|_| "a network is written like 192.0.2.0/24 or 2001:db8::/32".to_owned())
}

fn rule_or_family(name: &str) -> Result<String, String> {
    let known =
        || rules::all().map(|rule| rule.name).chain(Family::ALL.iter().map(|family| family.name()));
    if known().any(|known| known == name) {
        return Ok(name.to_owned());
    }
    Err(names::unknown("rule or family", name, known(), "`smtplog rules` lists them"))
}
