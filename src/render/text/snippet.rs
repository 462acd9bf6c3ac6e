//! A finding with the lines of the record that show it, what to do, and the clauses.

use annotate_snippets::{
    Annotation, AnnotationKind, Element, Group, Level, Renderer, Snippet, renderer::DecorStyle,
};

use super::wrap;
use crate::{
    render::{Style, phrase, safe},
    report::{ExcerptLine, FindingReport},
    rules::Severity,
};

/// The finding, over several lines, without a line ending after the last.
pub(super) fn finding(finding: &FindingReport, style: Style) -> String {
    let level = match finding.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
        Severity::Note => Level::NOTE,
    };
    let taken = finding.severity.name().len() + finding.rule.len() + 4;
    let words = safe::line(&phrase::message(finding)).into_owned();
    let title = level.primary_title(folded(&words, taken, style)).id(finding.rule);
    let mut elements: Vec<Element<'_>> = Vec::new();
    for run in finding.excerpt.chunk_by(|one, other| one.line + 1 == other.line) {
        elements.push(lines(run).into());
    }
    let margin = finding.excerpt.last().map_or(1, |line| line.line.to_string().len()) + 3;
    let mut say = |name: String, text: &str| {
        let text = folded(&safe::line(text), margin + name.len() + 2, style);
        elements.push(Level::HELP.with_name(name).message(text).into());
    };
    if !finding.help.is_empty() {
        say(phrase::to_do(finding.party).to_owned(), &finding.help);
    }
    if let Some(cause) = finding.because_of {
        say("because of".to_owned(), cause);
    }
    if !finding.references.is_empty() {
        say("see".to_owned(), &finding.references.join(", "));
    }
    let renderer = if style.color { Renderer::styled() } else { Renderer::plain() };
    let renderer = renderer.decor_style(DecorStyle::Unicode).term_width(style.width);
    renderer.render(&[Group::with_title(title).elements(elements)])
}

/// The text in lines that end before the page does, as they follow `taken` columns.
fn folded(text: &str, taken: usize, style: Style) -> String {
    let width = style.width.saturating_sub(taken).max(30);
    wrap::hanging(text, width, 0)
}

/// Adjacent lines of the record, each with who said it.
fn lines(run: &[ExcerptLine]) -> Snippet<'static, Annotation<'static>> {
    let mut text = String::new();
    let mut annotations = Vec::new();
    let mut pointed = false;
    for line in run {
        if !text.is_empty() {
            text.push('\n');
        }
        let part = |range: std::ops::Range<usize>| safe::line(line.text.get(range).unwrap_or(""));
        text.push(line.speaker);
        text.push_str(if line.speaker == '-' { " " } else { ": " });
        text.push_str(&part(0..line.mark.start));
        let start = text.len();
        text.push_str(&part(line.mark.clone()));
        let end = text.len();
        text.push_str(&part(line.mark.end..line.text.len()));
        let whole = line.mark == (0..line.text.len());
        // Of several lines that are meant as a whole, the first one is pointed at.
        if !whole || !line.words.is_empty() || !std::mem::replace(&mut pointed, true) {
            let kind = if line.primary { AnnotationKind::Primary } else { AnnotationKind::Context };
            let words = safe::line(&line.words).into_owned();
            let annotation = kind.span(start..end);
            annotations.push(if words.is_empty() { annotation } else { annotation.label(words) });
        }
    }
    let first = run.first().map_or(1, |line| line.line);
    Snippet::source(text)
        .line_start(usize::try_from(first).unwrap_or(1))
        .fold(false)
        .annotations(annotations)
}
