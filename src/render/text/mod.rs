//! `text`: for people, in one screen: the verdict, the facts of the session, what was said, what was found.
//!
//! Colours are ANSI sequences and only there where the [`Style`] asks for them; nothing else depends on it.

use std::io::{self, Write};

use anstyle::{AnsiColor, Style as Ansi};

use super::{Format, Render, Style, facts, order, phrase, safe};
use crate::{
    report::{FindingReport, SessionReport, SourceReport, Summary},
    rules::Severity,
};

mod snippet;
mod table;
pub(super) mod wrap;

pub(super) static FORMAT: Format = Format {
    name: "text",
    about: "for people: the verdict, what was said, what was found where",
    renderer: |style| Box::new(Text { style, printed: false }),
    session: None,
};

struct Text {
    style: Style,
    /// Something was printed already, so that what follows needs a blank line before it.
    printed: bool,
}

impl Render for Text {
    fn some(&mut self, some: &SourceReport, out: &mut dyn Write) -> io::Result<bool> {
        self.sessions(some, out)?;
        Ok(true)
    }

    fn source(&mut self, source: &SourceReport, out: &mut dyn Write) -> io::Result<()> {
        self.sessions(source, out)?;
        if !source.findings.is_empty() {
            self.gap(out)?;
            let title = facts::across(source);
            writeln!(out, "{}", wrap::hanging(&safe::line(&title), self.style.width, 2))?;
        }
        for finding in &source.findings {
            self.brief(finding, out)?;
        }
        // Whoever runs the program is told of errors in any format, and where nothing was found at all
        // also why; in the midst of a report it is only noise that some file holds no SMTP.
        let verbose = self.style.verbose;
        let mut problems = source
            .problems
            .iter()
            .filter(|problem| problem.severity == Severity::Warning || verbose)
            .peekable();
        if problems.peek().is_some() {
            self.gap(out)?;
        }
        for problem in problems {
            let line = problem.line.map(|line| format!(":{line}")).unwrap_or_default();
            let text = format!("{}{line}: {}", source.name, problem.message);
            let severity = self.paint(problem.severity.name(), severity(problem.severity.name()));
            let wrapped = wrap::hanging(&safe::line(&text), self.style.width, 4);
            writeln!(out, "{severity}: {wrapped}")?;
        }
        Ok(())
    }

    fn finish(&mut self, summary: &Summary, out: &mut dyn Write) -> io::Result<()> {
        if summary.sessions < 2 && summary.sources < 2 {
            return Ok(());
        }
        self.gap(out)?;
        writeln!(out, "{}", wrap::hanging(&facts::totals(summary), self.style.width, 2))
    }
}

impl Text {
    fn gap(&mut self, out: &mut dyn Write) -> io::Result<()> {
        if std::mem::replace(&mut self.printed, true) { writeln!(out) } else { Ok(()) }
    }

    fn sessions(&mut self, source: &SourceReport, out: &mut dyn Write) -> io::Result<()> {
        for session in &source.sessions {
            self.gap(out)?;
            self.session(source, session, out)?;
        }
        Ok(())
    }

    fn session(
        &self,
        source: &SourceReport,
        session: &SessionReport,
        out: &mut dyn Write,
    ) -> io::Result<()> {
        let width = self.style.width;
        let verdict = wrap::hanging(&safe::line(&session.verdict), width, 0);
        writeln!(out, "{}", self.paint(&verdict, outcome(session.outcome)))?;
        let about = safe::line(&facts::of(source, session)).into_owned();
        writeln!(out, "{}", self.paint(&wrap::hanging(&about, width, 2), Ansi::new().dimmed()))?;
        if !session.exchanges.is_empty() {
            writeln!(out, "\n{}", table::exchanges(session, width))?;
        }
        let findings = order::causes_first(&session.findings);
        let (brief, full): (Vec<_>, Vec<_>) =
            findings.into_iter().partition(|finding| self.is_brief(finding, session));
        for finding in full {
            writeln!(out, "\n{}", snippet::finding(finding, self.style))?;
        }
        if !brief.is_empty() {
            writeln!(out)?;
        }
        brief.into_iter().try_for_each(|finding| self.brief(finding, out))
    }

    /// A finding in a line.
    fn brief(&self, finding: &FindingReport, out: &mut dyn Write) -> io::Result<()> {
        let title = format!("{}[{}]", finding.severity, finding.rule);
        let cause = finding.because_of.map(|cause| format!(", because of {cause}"));
        let text = format!(
            "line {}: {}{}",
            finding.line,
            phrase::message(finding),
            cause.unwrap_or_default()
        );
        let text = safe::line(&text).into_owned();
        let indented = wrap::after(title.len() + 1, &text, self.style.width, 2);
        writeln!(out, "{} {indented}", self.paint(&title, severity(finding.severity.name())))
    }

    /// Whether a line is enough: for a note, and for a consequence of what is shown in full.
    fn is_brief(&self, finding: &FindingReport, session: &SessionReport) -> bool {
        let explained = finding
            .because_of
            .is_some_and(|cause| session.findings.iter().any(|other| other.rule == cause));
        !self.style.verbose && (finding.severity == Severity::Note || explained)
    }

    fn paint(&self, text: &str, ansi: Ansi) -> String {
        paint(text, ansi, self.style)
    }
}

/// The text in colours, where these are asked for.
pub(super) fn paint(text: &str, ansi: Ansi, style: Style) -> String {
    if style.color { format!("{ansi}{text}{ansi:#}") } else { text.to_owned() }
}

pub(super) fn severity(severity: &str) -> Ansi {
    let color = match severity {
        "error" => AnsiColor::BrightRed,
        "warning" => AnsiColor::Yellow,
        _ => AnsiColor::BrightGreen,
    };
    Ansi::new().bold().fg_color(Some(color.into()))
}

pub(super) fn outcome(outcome: &str) -> Ansi {
    let color = match outcome {
        "queued" => AnsiColor::Green,
        "deferred" | "incomplete" => AnsiColor::Yellow,
        "no-mail" => AnsiColor::Cyan,
        _ => AnsiColor::Red,
    };
    Ansi::new().bold().fg_color(Some(color.into()))
}
