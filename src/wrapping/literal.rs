//! A dialogue in a string of a program that goes over many lines, whose first line stands behind an assignment and
//! whose last one before the rest of the statement.
//!
//! ```text
//! const log = `220 mx.example.net ESMTP
//! QUIT
//! 221 Bye`;
//! ```

use super::likeness;

/// What opens and closes such strings: Python's, and JavaScript's and Go's.
const SIGNS: [&[u8]; 3] = [b"\"\"\"", b"'''", b"`"];

/// For how many lines a string may go on whose end is looked for.
const LINES: usize = 400;

/// What of a program stands around a line of a string.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Around {
    pub(super) index: usize,
    pub(super) front: usize,
    pub(super) back: usize,
}

/// The first and the last lines of strings that begin with a line of SMTP.
pub(super) fn learn(lines: &[&[u8]]) -> Vec<Around> {
    let mut found = Vec::new();
    let mut from = 0;
    while let Some((index, front, sign)) = opening(lines, from) {
        found.push(Around { index, front, back: 0 });
        let mut inside = lines.iter().enumerate().skip(index + 1).take(LINES);
        let closing = inside.find_map(|(at, line)| Some((at, line, find(line, sign)?)));
        from = index + 1;
        if let Some((at, line, end)) = closing {
            from = at + 1;
            let rest = line.get(end + sign.len()..).unwrap_or_default();
            if rest.iter().all(|octet| b");,] ".contains(octet)) {
                found.push(Around { index: at, front: 0, back: line.len() - end });
            }
        }
    }
    found
}

/// The next line that opens a string with something of SMTP in it.
fn opening(lines: &[&[u8]], from: usize) -> Option<(usize, usize, &'static [u8])> {
    lines.iter().enumerate().skip(from).find_map(|(index, line)| {
        memchr::memchr3(b'`', b'"', b'\'', line)?;
        SIGNS.iter().find_map(|sign| {
            let at = find(line, sign)?;
            let (before, rest) = (line.get(..at)?, line.get(at + sign.len()..)?);
            let statement =
                matches!(before.trim_ascii_end().last(), Some(b'=' | b':' | b'(' | b','));
            let opens = statement && find(rest, sign).is_none() && likeness::marked(rest).is_some();
            opens.then_some((index, at + sign.len(), *sign))
        })
    })
}

fn find(line: &[u8], sign: &[u8]) -> Option<usize> {
    memchr::memmem::find(line, sign)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_program_stands_around_its_string() {
        for (lines, want) in [
            (&["log = `220 mx", "QUIT", "221 bye`;"][..], &[(0, 7, 0), (2, 0, 2)][..]),
            (&["LOG = \"\"\"C: EHLO x", "S: 250 mx", "\"\"\""], &[(0, 9, 0), (2, 0, 3)]),
            (&["say(`220 mx`)", "QUIT"], &[]),
            (&["say `220 mx", "QUIT"], &[]),
            (&["x = `select", "1`"], &[]),
        ] {
            let lines: Vec<&[u8]> = lines.iter().map(|line| line.as_bytes()).collect();
            let found: Vec<_> =
                learn(&lines).iter().map(|one| (one.index, one.front, one.back)).collect();
            assert_eq!(found, want, "{lines:?}");
        }
    }
}
