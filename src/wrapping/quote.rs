//! Quoting in mail: `> ` before each line of a block, `> > ` where it was quoted twice.
//!
//! The same sign marks the client in curl, Symfony and others, and the server in a server's own log.
//! A block of lines is taken for quoted only where it holds both sides, or replies where no line of
//! the other mark is in sight.

use super::{
    likeness,
    proof::{self, Knows},
    runs,
};

/// Whether the line can be quoted.
pub(super) fn may_begin(line: &[u8]) -> bool {
    matches!(line, [b'>', ..] | [b' ', b'>' | b' ', ..])
}

/// How many octets of quoting stand before each of the lines, where any does; one level a call.
pub(super) fn learn(lines: &[&[u8]], knows: Knows) -> Option<Vec<(usize, usize)>> {
    if !lines.iter().any(|line| front(line).is_some()) {
        return None;
    }
    let other_mark = lines.iter().any(|line| line.starts_with(b"<"));
    let fronted = lines.iter().filter(|line| front(line).is_some()).take(2).count();
    let mut taken = Vec::new();
    for run in runs::find(lines, front) {
        let blank_inside = run.lines.iter().any(|(index, octets)| {
            lines.get(*index).and_then(|line| line.get(*octets..)).is_some_and(<[u8]>::is_empty)
        });
        let begins = run.lines.first().map_or(0, |(index, _)| *index);
        let before = lines
            .get(..begins)
            .and_then(|before| before.iter().rev().find(|line| !line.trim_ascii().is_empty()));
        let introduced = before.is_some_and(|line| introduces(line));
        let announced = before.is_some_and(|line| line.trim_ascii_end().ends_with(b":"));
        let both = run.replies > 0 && run.commands > 0;
        // One line alone is quoted where a sentence before it announces it.
        let alone = || run.lines.len() == 1 && fronted == 1 && announced;
        let one_sided =
            run.replies > 0 && !other_mark && (blank_inside || run.lines.len() >= 2 || alone());
        // Whatever it is: four lines with a single sign and a blank, none of them a command.
        let single = run.lines.iter().all(|(index, octets)| {
            lines.get(*index).is_some_and(|line| {
                *octets >= line.len() || line.get(octets.saturating_sub(1)) == Some(&b' ')
            })
        });
        let unknown = run.commands == 0 && !other_mark && run.lines.len() >= 4 && single;
        // All levels at once: what is inside a line that was quoted twice.
        let pairs = run.lines.iter().filter_map(|(index, _)| {
            let line = lines.get(*index)?;
            Some((*line, line.get(levels(line)..)?))
        });
        let proven = || proof::holds(pairs, knows);
        // What to type, where no reply of a server is in sight: a mark, that nothing else is set against.
        let typed = run.replies == 0
            && run.commands >= 3
            && fronted > 1
            && !other_mark
            && !lines.iter().any(|line| likeness::bare(line) == Some(likeness::Beginning::Reply));
        if both || one_sided || (introduced && run.lines.len() >= 2) || unknown || typed || proven()
        {
            taken.extend(run.lines);
        }
    }
    (!taken.is_empty()).then_some(taken)
}

/// How many octets of quoting stand before each line, where nearly all are quoted: a log in a reply, whose rows the
/// mail program may have broken.
///
/// ```
/// use smtplog::wrapping::quoting;
/// let lines: [&[u8]; 3] = [b"> S: 220 mx.example.net", b">> C: QUIT", b""];
/// assert_eq!(quoting(lines.into_iter()), Some(vec![2, 3, 0]));
/// assert_eq!(quoting([&b"S: 220 mx.example.net"[..]].into_iter()), None);
/// ```
pub fn quoting<'l>(lines: impl Iterator<Item = &'l [u8]> + Clone) -> Option<Vec<usize>> {
    let written = || lines.clone().filter(|line| !line.trim_ascii().is_empty());
    // A look at the first lines spares most windows the closer one.
    if !written().take(16).any(|line| line.starts_with(b">")) {
        return None;
    }
    let quoted = written().filter(|line| line.starts_with(b">")).count();
    let fronts = |line: &[u8]| if line.starts_with(b">") { levels(line) } else { 0 };
    (quoted * 5 >= written().count() * 4).then(|| lines.map(fronts).collect())
}

/// The octets of one level of quoting.
fn front(line: &[u8]) -> Option<usize> {
    let blanks = line.iter().take(3).take_while(|octet| **octet == b' ').count();
    let rest = line.get(blanks..)?.strip_prefix(b">")?;
    // `>From` is how mbox files escape a line of the message; not quoting.
    (!rest.starts_with(b"From ")).then_some(blanks + 1 + usize::from(rest.first() == Some(&b' ')))
}

/// The octets of all levels of quoting, where a blank stands behind the last.
fn levels(line: &[u8]) -> usize {
    let signs = line.iter().take_while(|octet| matches!(octet, b'>' | b' ')).count();
    let start = line.get(..signs).unwrap_or_default();
    match start.iter().rposition(|octet| *octet == b'>') {
        Some(last) if last + 1 < signs => last + 2,
        _ => signs,
    }
}

/// `On Tue, 3 Mar 2026 at 10:12, Kim wrote:` and its like.
fn introduces(line: &[u8]) -> bool {
    let line = line.trim_ascii_end();
    line.ends_with(b":")
        && [&b"wrote"[..], b"schrieb", b"\xc3\xa9crit", b"escribi", b"scritto", b"@", b"napisa"]
            .iter()
            .any(|word| memchr::memmem::find(line, word).is_some())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::places::Places;

    #[test]
    fn marks_are_not_quoting() {
        for (lines, want) in [
            (&["> 220 mx", "> HELO x", "> 250 mx"][..], 3),
            (&["220 mx", "> HELO x", "250 mx", "> MAIL FROM:<a@b>"], 0),
            (&["< 220 mx", "> HELO x", "< 250 mx", "> DATA", "> QUIT"], 0),
            (&["< HELO x", "> 250-a", "> 250-b", "> 250 c"], 0),
            (&["> 220 mx", "> 250 mx", ">", "> 250 ok"], 4),
            (&["It says:", "> 421 busy", "Why?"], 1),
            (&["Kim", "> 421 busy"], 0),
            (&["Kim wrote:", "> send: 'ehlo'", "> reply: b'250'"], 2),
            (&[">>> import smtplib", ">>> a", ">>> b", ">>> c"], 0),
            (&["> > EHLO x", "> < 250 mx"], 2),
            (&["> HELO x", "> MAIL FROM:<a@b>", "> RCPT TO:<c@d>", "> .", "> QUIT"], 5),
            (&["> HELO x", "250 mx", "> MAIL FROM:<a@b>", "> RCPT TO:<c@d>"], 0),
        ] {
            let lines: Vec<&[u8]> = lines.iter().map(|line| line.as_bytes()).collect();
            assert_eq!(
                learn(&lines, |_| Places::NONE).map_or(0, |taken| taken.len()),
                want,
                "{lines:?}"
            );
        }
    }
}
