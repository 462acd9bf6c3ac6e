//! Runs: neighbouring lines that begin in the same way, and whether that beginning wraps SMTP.

use super::likeness;

/// Neighbouring lines of a window, by their indices, each with the octets that wrap it in front.
#[derive(Debug, Default)]
pub(super) struct Run {
    /// The index of each line of the run and the octets to take off its front.
    pub(super) lines: Vec<(usize, usize)>,
    /// How many lines of the run look like replies without those octets.
    pub(super) replies: usize,
    /// How many look like commands.
    pub(super) commands: usize,
}

/// How many lines that begin otherwise (the tail of a wrapped line) a long run survives at a time.
const STRANGERS: usize = 1;
/// How many blank lines a run survives at a time.
const BLANKS: usize = 3;

/// The runs of lines of which `front` says how many octets wrap them.
pub(super) fn find(lines: &[&[u8]], front: impl Fn(&[u8]) -> Option<usize>) -> Vec<Run> {
    let mut found = Vec::new();
    let mut run = Run::default();
    let (mut strangers, mut blanks, mut all) = (0, 0, 0);
    for (index, line) in lines.iter().enumerate() {
        match front(line) {
            Some(octets) => {
                all += strangers;
                (strangers, blanks) = (0, 0);
                run.lines.push((index, octets));
            }
            None if line.trim_ascii().is_empty() => blanks += 1,
            None => strangers += 1,
        }
        let over = strangers > STRANGERS
            || blanks > BLANKS
            || (strangers > 0 && (run.lines.len() < 3 || all * 10 >= run.lines.len()));
        if over {
            push(&mut found, &mut run);
            (strangers, blanks, all) = (0, 0, 0);
        }
    }
    push(&mut found, &mut run);
    for run in &mut found {
        let inner = run.lines.iter().filter_map(|(index, front)| lines.get(*index)?.get(*front..));
        (run.replies, run.commands) = likeness::count(inner, likeness::marked);
    }
    found
}

fn push(found: &mut Vec<Run>, run: &mut Run) {
    if !run.lines.is_empty() {
        found.push(std::mem::take(run));
    }
}
