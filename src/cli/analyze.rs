//! `analyze`: the main job.

use std::{
    io::{self, IsTerminal as _},
    ops::ControlFlow,
    path::Path,
    thread,
    time::Duration,
};

use super::{
    args::{Analyze, Common, FailOn, ReportFormat},
    interruption::{self, Rest},
    message,
    progress::Progress,
    status::{self, Status},
    terminal,
    writing::{Made, Writing},
};
use crate::{
    Heard, News, Options, Work,
    render::Each,
    report::{FindingReport, SourceReport},
    rules::{Judging, Selection, Severity},
    source::INTERRUPTED,
};

/// How many inputs are named where no SMTP was found in any.
const REMARKS: usize = 10;

/// How many warnings are told where the report has no place for them.
const WARNINGS: usize = 20;

/// Analyses, and prints the report.
pub(super) fn run(arguments: &Analyze) -> io::Result<Status> {
    let common = &arguments.common;
    let to_file = common.output.is_some();
    if let (ReportFormat::Tables(format), false) = (arguments.format, to_file) {
        let name = format.name;
        let tables: Vec<String> =
            format.tables.iter().map(|table| format!("report.{}.{name}", table.name)).collect();
        message::error(&format!("`{name}` is written to files, and none is named"));
        message::note(&format!("`--output report.{name}` writes {}", tables.join(" and ")));
        return Ok(Status::Failed);
    }
    let style = terminal::style(common.color, arguments.verbose, to_file);
    let followed = match followed(arguments) {
        Ok(followed) => followed,
        Err(why) => {
            message::error(&why);
            return Ok(Status::Failed);
        }
    };
    let mut writing =
        Writing::begin(arguments.format, style, common.output.as_deref(), common.quiet)?;
    if followed.is_some() {
        writing.hold_nothing();
    }
    let mut options = Options { show_secrets: arguments.show_secrets, ..options(common) };
    options.source.left_out = writing.identities();
    let course = &options.source.course;
    interruption::ends(course);
    remark_on_terminal(common);
    let wanted = !common.no_progress && !common.quiet && followed.is_none();
    let progress = Progress::start(wanted, course);
    let mut seen = Seen::new(!writing.tells_problems() && !common.quiet);
    let mut rest = Rest::default();
    let mut written = Ok(());
    let work =
        Reporting { options: &options, each: arguments.format.session(), fail_on: common.fail_on };
    let mut sink = |news: News<Made>| {
        let (sources, sessions) = writing.counts();
        written = progress.told(sources, sessions, seen.speaks_of(&news), || match news {
            News::Sessions(mut made) => {
                seen.sessions(&made);
                made.failure.take().map_or_else(|| writing.sessions(made), Err)
            }
            News::Source(source) => {
                let counts = |finding: &FindingReport| common.fail_on.counts(finding.severity);
                seen.findings |= source.findings.iter().any(counts);
                seen.source(&source);
                rest.source(&source);
                writing.source(*source)
            }
            News::Unread(name) => {
                rest.unread(name);
                Ok(())
            }
        });
        if written.is_ok() { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
    };
    let _ = match followed {
        Some(log) => {
            let mut wait = || {
                if !course.is_interrupted() {
                    thread::sleep(LOOK_EVERY);
                }
                !course.is_interrupted()
            };
            crate::follow(log, &options, &mut wait, &work, &mut sink)
        }
        None => crate::run(&common.paths, &options, common.jobs, &work, &mut sink),
    };
    progress.end();
    let interrupted = course.is_interrupted();
    if let Err(error) = written.and_then(|()| writing.finish()) {
        return Ok(status::of_error(&error, interrupted));
    }
    if interrupted {
        rest.tell("report");
        return Ok(Status::Interrupted);
    }
    Ok(seen.status())
}

/// Says what the program waits for, where that is a person at a terminal.
pub(super) fn remark_on_terminal(common: &Common) {
    let named = common.paths.iter().all(|path| path.as_os_str() == "-");
    if named && io::stdin().is_terminal() {
        message::note("reading standard input; end it with Ctrl-D, or name a file");
    }
}

/// What the arguments ask for; secrets are not shown.
pub(super) fn options(common: &Common) -> Options {
    Options {
        judging: Judging {
            edition: common.rfc,
            local_domains: common.local_domains.clone(),
            trusted_networks: common.trusted_networks.clone(),
        },
        dialect: common.form.dialect,
        source: common.form.source(),
        selection: Selection { select: common.select.clone(), ignore: common.ignore.clone() },
        show_hints: common.show_hints,
        show_secrets: false,
    }
}

/// The log to follow, where that is asked for; or why it cannot be.
fn followed(arguments: &Analyze) -> Result<Option<&Path>, String> {
    if !arguments.follow {
        return Ok(None);
    }
    let [log] = &arguments.common.paths[..] else {
        return Err("`--follow` follows one log: name one file".to_owned());
    };
    // What does not exist is named when it is opened.
    if log.as_os_str() == "-" || log.exists() && !log.is_file() {
        return Err(format!("`{}` cannot be followed: name a file", log.display()));
    }
    if !arguments.format.streams() {
        let name = arguments.format.name();
        return Err(format!(
            "`{name}` writes whole reports only: with `--follow` use another format, such as text or jsonl"
        ));
    }
    Ok(Some(log))
}

/// How long a log that is followed is left alone before it is looked at again.
const LOOK_EVERY: Duration = Duration::from_millis(250);

/// Makes the report on each session, written already where the format allows that.
struct Reporting<'o> {
    options: &'o Options,
    each: Option<Each>,
    fail_on: FailOn,
}

impl Work for Reporting<'_> {
    type Done = Made;

    fn session(&self, heard: &Heard<'_, '_>, made: &mut Made) {
        let Some(each) = self.each else {
            if made.source.is_empty() {
                heard.source.clone_into(&mut made.source);
            }
            let report = self.options.report(heard);
            made.add(&report, self.fail_on);
            made.held.push(report);
            return;
        };
        let report = self.options.report_at_once(heard);
        made.add(&report, self.fail_on);
        if let Err(error) = each(heard.source, &report, &mut made.written) {
            made.failure.get_or_insert(error);
        }
    }
}

/// What the exit status depends on.
#[derive(Default)]
pub(super) struct Seen {
    pub(super) sessions: bool,
    pub(super) findings: bool,
    unreadable: bool,
    /// Whether warnings are told on standard error: the report has no place for them.
    warns: bool,
    /// How many were, and how many were too many.
    warned: usize,
    unwarned: usize,
    /// What is said of the first inputs without SMTP.
    unlike: Vec<String>,
}

impl Seen {
    /// Nothing yet. Where it `warns`, warnings are told on standard error.
    pub(super) fn new(warns: bool) -> Self {
        Self { warns, ..Self::default() }
    }

    fn sessions(&mut self, made: &Made) {
        self.sessions |= made.summary.sessions > 0;
        self.findings |= made.findings;
    }

    /// Whether news make something to be said on standard error.
    pub(super) fn speaks_of<D>(&self, news: &News<D>) -> bool {
        let News::Source(source) = news else { return false };
        let speaks =
            |severity| severity == Severity::Error || self.warns && severity == Severity::Warning;
        source.problems.iter().any(|problem| speaks(problem.severity))
    }

    /// Takes note of what could not be read of a source, and says it.
    pub(super) fn source(&mut self, source: &SourceReport) {
        for problem in &source.problems {
            let told = if problem.message.contains(&source.name) {
                problem.message.clone()
            } else {
                format!("{}: {}", source.name, problem.message)
            };
            if problem.severity == Severity::Error {
                self.unreadable = true;
                message::error(&told);
            } else if self.warns
                && problem.severity == Severity::Warning
                && problem.message != INTERRUPTED
            {
                if self.warned < WARNINGS {
                    self.warned += 1;
                    let line =
                        problem.line.map(|line| format!("line {line}: ")).unwrap_or_default();
                    message::warning(&format!("{}: {line}{}", source.name, problem.message));
                } else {
                    self.unwarned += 1;
                }
            } else if !self.sessions && self.unlike.len() < REMARKS {
                self.unlike.push(told);
            }
        }
    }

    /// How the program ends; says so where nothing was found.
    pub(super) fn status(&self) -> Status {
        if self.unwarned > 0 {
            let s = if self.unwarned == 1 { "" } else { "s" };
            message::note(&format!(
                "{} further warning{s} like these; `analyze --format text` tells all of them",
                self.unwarned
            ));
        }
        if !self.sessions && (!self.unreadable || !self.unlike.is_empty()) {
            message::error("no SMTP was found in any input");
            self.unlike.iter().for_each(|remark| message::note(remark));
        }
        if self.unreadable || !self.sessions {
            Status::Failed
        } else if self.findings {
            Status::Findings
        } else {
            Status::Clean
        }
    }
}
