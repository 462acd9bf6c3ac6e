//! `junit`: a test suite a source and a test case a session, for whatever shows test results.
//!
//! A session with errors is a failed test; its warnings and notes are what the test printed. What was found about
//! several sessions is a test of its own. A suite tells how many tests it has before the first of them: a source of very
//! many sessions is several suites of the same name, each of as many sessions as are held at once.

use std::io::{self, Write};

use super::{Format, Render, facts, order, phrase, safe};
use crate::{
    report::{FindingReport, SessionReport, SourceReport, Summary},
    rules::Severity,
};

pub(super) static FORMAT: Format = Format {
    name: "junit",
    about: "JUnit's XML: a test a session, which fails where errors were found",
    renderer: |_| Box::new(JUnit::default()),
    session: None,
};

#[derive(Default)]
struct JUnit {
    /// Some sessions of the source were written before.
    begun: bool,
}

impl Render for JUnit {
    fn begin(&mut self, out: &mut dyn Write) -> io::Result<()> {
        writeln!(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"smtplog\">")
    }

    fn some(&mut self, some: &SourceReport, out: &mut dyn Write) -> io::Result<bool> {
        self.begun = true;
        suite(some, out)?;
        Ok(true)
    }

    fn source(&mut self, source: &SourceReport, out: &mut dyn Write) -> io::Result<()> {
        let begun = std::mem::take(&mut self.begun);
        let rest = !source.sessions.is_empty()
            || !source.findings.is_empty()
            || source.problems.iter().any(|problem| problem.severity == Severity::Error);
        if begun && !rest { Ok(()) } else { suite(source, out) }
    }

    fn tells_problems(&self) -> bool {
        false
    }

    fn finish(&mut self, _: &Summary, out: &mut dyn Write) -> io::Result<()> {
        writeln!(out, "</testsuites>")
    }
}

/// The tests on a source, or on some sessions of one.
fn suite(source: &SourceReport, out: &mut dyn Write) -> io::Result<()> {
    let sessions = source.sessions.iter().map(|session| &session.findings);
    let judged = sessions.chain(Some(&source.findings).filter(|across| !across.is_empty()));
    let failed = judged.clone().filter(|findings| worst(findings).is_some());
    let broken: Vec<_> =
        source.problems.iter().filter(|problem| problem.severity == Severity::Error).collect();
    writeln!(
        out,
        "  <testsuite name=\"{}\" tests=\"{}\" failures=\"{}\" errors=\"{}\">",
        escaped(&source.name),
        judged.count() + broken.len(),
        failed.count(),
        broken.len(),
    )?;
    for problem in broken {
        writeln!(
            out,
            "    <testcase classname=\"{0}\" name=\"reading\">\n      <error \
                 message=\"{1}\"/>\n    </testcase>",
            escaped(&source.name),
            escaped(&problem.message),
        )?;
    }
    for session in &source.sessions {
        case(source, session, out)?;
    }
    if !source.findings.is_empty() {
        let name = escaped(&source.name);
        writeln!(out, "    <testcase classname=\"{name}\" name=\"its sessions together\">")?;
        result(&source.findings, out)?;
        writeln!(out, "    </testcase>")?;
    }
    writeln!(out, "  </testsuite>")
}

/// The error that fails a test.
fn worst(findings: &[FindingReport]) -> Option<&FindingReport> {
    order::causes_first(findings).into_iter().find(|finding| finding.severity == Severity::Error)
}

/// How a test went: it failed, or what it printed.
fn result(findings: &[FindingReport], out: &mut dyn Write) -> io::Result<()> {
    let all: String = order::causes_first(findings).into_iter().map(told).collect();
    if let Some(worst) = worst(findings) {
        writeln!(
            out,
            "      <failure type=\"{}\" message=\"{}\">{}</failure>",
            escaped(worst.rule),
            escaped(&phrase::message(worst)),
            all,
        )
    } else if all.is_empty() {
        Ok(())
    } else {
        writeln!(out, "      <system-out>{all}</system-out>")
    }
}

fn case(source: &SourceReport, session: &SessionReport, out: &mut dyn Write) -> io::Result<()> {
    writeln!(
        out,
        "    <testcase classname=\"{}\" name=\"session {}: {}\">",
        escaped(&source.name),
        session.id,
        escaped(&session.verdict),
    )?;
    result(&session.findings, out)?;
    let facts = escaped(&facts::of(source, session));
    writeln!(
        out,
        "      <properties><property name=\"facts\" value=\"{facts}\"/></properties>\n    </testcase>"
    )
}

/// A line on a finding, escaped.
fn told(finding: &FindingReport) -> String {
    let FindingReport { line, severity, rule, .. } = finding;
    let text = format!("line {line}: {severity}[{rule}]: {}", phrase::sentences(finding));
    escaped(&text) + "\n"
}

/// The text for an element or an attribute of XML; what XML does not allow is made visible.
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in safe::line(text).chars() {
        match character {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&apos;"),
            other => escaped.push(other),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn xml_allows_it() {
        assert_eq!(escaped("<a b='c'>&\u{1b}\""), r"&lt;a b=&apos;c&apos;&gt;&amp;\x1b&quot;");
    }
}
