//! `github`: workflow commands, which GitHub shows as annotations on the lines of a checked-in transcript.

use std::io::{self, Write};

use super::{Format, Render, order, phrase, safe};
use crate::{
    report::{SourceReport, Summary},
    rules::Severity,
};

pub(super) static FORMAT: Format = Format {
    name: "github",
    about: "annotations for GitHub Actions",
    renderer: |_| Box::new(GitHub),
    session: None,
};

struct GitHub;

impl Render for GitHub {
    fn some(&mut self, some: &SourceReport, out: &mut dyn Write) -> io::Result<bool> {
        self.source(some, out)?;
        Ok(true)
    }

    fn source(&mut self, source: &SourceReport, out: &mut dyn Write) -> io::Result<()> {
        let file = property(&source.name);
        for problem in &source.problems {
            let line = problem.line.map(|line| format!(",line={line}")).unwrap_or_default();
            let level = level(problem.severity);
            writeln!(out, "::{level} file={file}{line}::{}", data(&problem.message))?;
        }
        for session in &source.sessions {
            writeln!(
                out,
                "::notice file={file},line={},endLine={},title={}::{}",
                session.first_line,
                session.last_line,
                property(session.outcome),
                data(&session.verdict),
            )?;
        }
        let all = source.sessions.iter().map(|session| &session.findings);
        for finding in all.chain([&source.findings]).flat_map(|some| order::causes_first(some)) {
            writeln!(
                out,
                "::{} file={file},line={},endLine={},title={}::{}",
                level(finding.severity),
                finding.line,
                finding.last_line.max(finding.line),
                property(finding.rule),
                data(&phrase::sentences(finding)),
            )?;
        }
        Ok(())
    }

    fn finish(&mut self, _: &Summary, _: &mut dyn Write) -> io::Result<()> {
        Ok(())
    }
}

const fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Note => "notice",
    }
}

/// The text after the last `::`.
fn data(text: &str) -> String {
    safe::line(text).replace('%', "%25")
}

/// The value of a property, which ends at a comma or colon.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_cannot_begin_another_command() {
        assert_eq!(property("a,b::c%\n::error::"), r"a%2Cb%3A%3Ac%25\x0a%3A%3Aerror%3A%3A");
        assert_eq!(data("100 %: x"), "100 %25: x");
    }
}
