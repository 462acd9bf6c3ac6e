//! The lines of the record that bear a finding out, so that formats can show them beside it.

use std::ops::Range;

use super::mask::Secrets;
use crate::{
    rules::{Finding, Spot},
    session::Session,
    transcript::{Label, Turn},
};

/// How many lines of one place are shown.
const LINES_OF_A_PLACE: usize = 3;

/// How many lines are shown for one finding.
const LINES_OF_A_FINDING: usize = 8;

/// A line of the record beside a finding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExcerptLine {
    /// Its 1-based number in the source.
    pub line: u64,
    /// `C` where the client said it, `S` where the server did, `-` where neither.
    pub speaker: char,
    /// What it says, without the marks of the recorder; secrets are masked, control characters are not.
    pub text: String,
    /// The octets of `text` that the finding points at.
    pub mark: Range<usize>,
    /// Whether the finding itself stands here, rather than a further piece of evidence.
    pub primary: bool,
    /// What is to be seen here, in a few words; often empty.
    pub words: String,
}

/// The lines of a finding in the order of the record, each once.
pub(super) fn of(session: &Session<'_>, finding: &Finding, secrets: &Secrets) -> Vec<ExcerptLine> {
    let mut lines = Vec::new();
    place(session, finding.spot, true, "", secrets, &mut lines);
    for evidence in &finding.evidence {
        // Of a finding on a whole session the same line may also be evidence.
        if let Some(line) = lines.iter_mut().find(|line| line.line == evidence.spot.line) {
            if line.words.is_empty() {
                line.words = secrets.masked((&*evidence.text).into()).into_owned();
            }
        } else if lines.len() < LINES_OF_A_FINDING {
            place(session, evidence.spot, false, &evidence.text, secrets, &mut lines);
        }
    }
    lines.sort_by_key(|line| line.line);
    lines.dedup_by_key(|line| line.line);
    lines
}

fn place(
    session: &Session<'_>,
    spot: Spot,
    primary: bool,
    words: &str,
    secrets: &Secrets,
    lines: &mut Vec<ExcerptLine>,
) {
    let turns = &session.transcript.turns;
    let first = turns.partition_point(|turn| turn.place.line < spot.line);
    let last = spot.last_line.max(spot.line);
    let within = turns.get(first..).unwrap_or_default();
    let within = within.iter().take_while(|turn| turn.place.line <= last);
    for (number, turn) in within.take(LINES_OF_A_PLACE).enumerate() {
        let raw = session.transcript.text(turn);
        let mark = marked(turn, spot, raw.len());
        let before =
            secrets.masked(String::from_utf8_lossy(raw.get(..mark.start).unwrap_or_default()));
        let inside =
            secrets.masked(String::from_utf8_lossy(raw.get(mark.clone()).unwrap_or_default()));
        let after =
            secrets.masked(String::from_utf8_lossy(raw.get(mark.end..).unwrap_or_default()));
        let whole = secrets.masked(String::from_utf8_lossy(raw));
        let mut line = ExcerptLine {
            line: turn.place.line,
            speaker: speaker(turn.label),
            mark: before.len()..before.len() + inside.len(),
            text: format!("{before}{inside}{after}"),
            primary,
            words: if number == 0 {
                secrets.masked(words.into()).into_owned()
            } else {
                String::new()
            },
        };
        // A secret may reach over the edge of what is marked.
        if line.text != whole {
            line.mark = 0..whole.len();
            line.text = whole.into_owned();
        }
        lines.push(line);
    }
}

/// The octets of a turn's text that a spot covers; all of them where the text does not stand in the
/// source octet by octet.
fn marked(turn: &Turn, spot: Spot, length: usize) -> Range<usize> {
    if turn.place.octets as usize != length {
        return 0..length;
    }
    let at = |column: u32| (column.saturating_sub(turn.place.column) as usize).min(length);
    let start = if turn.place.line == spot.line { at(spot.column) } else { 0 };
    let end = if turn.place.line == spot.last_line { at(spot.end_column) } else { length };
    if start < end { start..end } else { 0..length }
}

const fn speaker(label: Label) -> char {
    match label {
        Label::Command | Label::Message | Label::EndOfData | Label::Credentials => 'C',
        Label::Reply => 'S',
        Label::Prose | Label::Remark => '-',
    }
}
