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
    render::{self, Format},
    rules::{self, Family, Severity},
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

/// Options of `analyze`.
#[derive(Debug, Args)]
#[expect(clippy::struct_excessive_bools, reason = "each is a switch of its own")]
pub(super) struct Analyze {
    /// Transcripts, logs, mails, archives or folders; `-` or nothing is standard input
    #[arg(value_name = "PATH")]
    pub(super) paths: Vec<PathBuf>,

    /// How to write the report; `smtplog formats` lists the formats
    #[arg(long, short, value_name = "FORMAT", default_value = "text", value_parser = format)]
    pub(super) format: &'static Format,

    /// Write the report to FILE, whole or not at all, instead of standard output
    #[arg(long, short, value_name = "FILE")]
    pub(super) output: Option<PathBuf>,

    /// The edition of SMTP that judges: 821, 2821 or 5321
    #[arg(long, value_name = "NUMBER", default_value = "5321", value_parser = edition)]
    pub(super) rfc: Edition,

    /// The dialect that every source is in, instead of finding out; `smtplog dialects` lists them
    #[arg(long, value_name = "NAME", value_parser = known_dialect)]
    pub(super) dialect: Option<&'static Dialect>,

    /// The character encoding of every source, instead of finding out
    #[arg(long, value_name = "NAME", value_parser = encoding)]
    pub(super) encoding: Option<&'static encoding_rs::Encoding>,

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

    /// Show notes and consequences in full rather than in a line each, and which files hold no SMTP
    #[arg(long, short)]
    pub(super) verbose: bool,

    /// Show passwords and tokens
    #[arg(long)]
    pub(super) show_secrets: bool,

    /// How many sources to analyse at the same time; 0 is as many as there are processors
    #[arg(long, short, value_name = "NUMBER", default_value_t = 0)]
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
    pub(super) fn counts(self, severity: &str) -> bool {
        let least = match self {
            Self::Error => Severity::Error,
            Self::Warning => Severity::Warning,
            Self::Note => Severity::Note,
            Self::Never => return false,
        };
        [Severity::Error, Severity::Warning, Severity::Note]
            .into_iter()
            .any(|one| one.name() == severity && one >= least)
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

fn format(name: &str) -> Result<&'static Format, String> {
    let known = || render::FORMATS.iter().map(|format| format.name);
    render::find(name)
        .ok_or_else(|| names::unknown("format", name, known(), "`smtplog formats` lists them"))
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
    crate::source::encoding(name).map_err(|error| error.to_string())
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
