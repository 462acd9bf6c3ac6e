//! `html`: one page that needs nothing else, for mails, wikis and archives. No scripts.

use std::io::{self, Write};

use maud::{DOCTYPE, Markup, PreEscaped, html};

use super::{Format, Render, facts, order, phrase, safe};
use crate::report::{ExcerptLine, FindingReport, SessionReport, SourceReport, Summary};

pub(super) static FORMAT: Format = Format {
    name: "html",
    about: "one HTML page that needs nothing else",
    renderer: |_| Box::new(Html),
    session: None,
};

const CSS: &str = include_str!("report.css");

struct Html;

impl Render for Html {
    fn begin(&mut self, out: &mut dyn Write) -> io::Result<()> {
        let begin = html! {
            (DOCTYPE)
            (PreEscaped("<html lang=\"en\">"))
            (head())
            (PreEscaped("<body>"))
        };
        writeln!(out, "{}", begin.into_string())
    }

    fn some(&mut self, some: &SourceReport, out: &mut dyn Write) -> io::Result<bool> {
        sessions(some, out)?;
        Ok(true)
    }

    fn source(&mut self, source: &SourceReport, out: &mut dyn Write) -> io::Result<()> {
        sessions(source, out)?;
        if !source.findings.is_empty() {
            let section = html! {
                section {
                    h2 { (shown(&facts::across(source))) }
                    @for finding in order::causes_first(&source.findings) { (self::finding(finding)) }
                }
            };
            writeln!(out, "{}", section.into_string())?;
        }
        if source.problems.is_empty() {
            return Ok(());
        }
        let problems = html! {
            ul {
                @for problem in &source.problems {
                    li class=(problem.severity.name()) {
                        b { (shown(&source.name)) } ": " (shown(&problem.message))
                    }
                }
            }
        };
        writeln!(out, "{}", problems.into_string())
    }

    fn finish(&mut self, summary: &Summary, out: &mut dyn Write) -> io::Result<()> {
        let end = html! {
            footer { (facts::totals(summary)) }
            (PreEscaped("</body></html>"))
        };
        writeln!(out, "{}", end.into_string())
    }
}

/// What stands above the body.
fn head() -> Markup {
    html! {
        head {
            meta charset="utf-8";
            meta name="viewport" content="width=device-width, initial-scale=1";
            meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'";
            title { "smtplog" }
            style { (PreEscaped(CSS)) }
        }
    }
}

/// A whole page.
pub(super) fn document(body: &Markup) -> Markup {
    html! {
        (DOCTYPE)
        html lang="en" {
            (head())
            body { (body) }
        }
    }
}

/// Text from the input: visible first, then escaped by maud.
pub(super) fn shown(text: &str) -> String {
    safe::line(text).into_owned()
}

fn sessions(source: &SourceReport, out: &mut dyn Write) -> io::Result<()> {
    let mut sections = source.sessions.iter().map(|session| self::session(source, session));
    sections.try_for_each(|section| writeln!(out, "{}", section.into_string()))
}

fn session(source: &SourceReport, session: &SessionReport) -> Markup {
    html! {
        section {
            h2 class=(session.outcome) { (shown(&session.verdict)) }
            p .facts { (shown(&facts::of(source, session))) }
            @if !session.exchanges.is_empty() {
                table .dialogue {
                    thead { tr { th { "line" } th { "client" } th { "server" } } }
                    tbody {
                        @for exchange in &session.exchanges {
                            @let refused = exchange.reply.as_ref()
                                .is_some_and(|reply| reply.code.is_some_and(|code| code >= 400));
                            tr .refused[refused] {
                                td { @if let Some(line) = phrase::line_of(exchange) { (line) } }
                                td { code { (shown(&phrase::client(session, exchange))) } }
                                td { code { (shown(&phrase::server(exchange))) } }
                            }
                        }
                    }
                }
            }
            @for finding in order::causes_first(&session.findings) { (self::finding(finding)) }
        }
    }
}

fn finding(finding: &FindingReport) -> Markup {
    html! {
        article class=(finding.severity.name()) {
            h3 { (finding.severity.name()) " " code { (finding.rule) } }
            p { (shown(&phrase::message(finding))) }
            @if !finding.excerpt.is_empty() {
                pre { @for line in &finding.excerpt { (self::line(line)) } }
            }
            @if !finding.help.is_empty() {
                p { b { (phrase::to_do(finding.party)) ": " } (shown(&finding.help)) }
            }
            @if let Some(cause) = finding.because_of { p { "Because of " code { (cause) } "." } }
            @if !finding.references.is_empty() {
                p .clauses { "See " (finding.references.join(", ")) "." }
            }
        }
    }
}

fn line(line: &ExcerptLine) -> Markup {
    let part = |range: std::ops::Range<usize>| shown(line.text.get(range).unwrap_or_default());
    let whole = line.mark == (0..line.text.len());
    html! {
        span .number { (format!("{:>6}", line.line)) } " " (line.speaker) ": "
        (part(0..line.mark.start))
        @if whole { (part(line.mark.clone())) } @else { mark { (part(line.mark.clone())) } }
        (part(line.mark.end..line.text.len()))
        @if !line.words.is_empty() { "  " i { (shown(&line.words)) } }
        "\n"
    }
}
