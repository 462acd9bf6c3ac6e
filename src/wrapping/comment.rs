//! A sign before each line of a block: a program's comment (`# `, `// `, ` * `) or a table's bar (`| `).

use super::{
    proof::{self, Knows},
    runs,
};

/// Whether the line can begin with one of the signs, or with blanks before one.
pub(super) fn may_begin(line: &[u8]) -> bool {
    matches!(
        line.first(),
        Some(b' ' | b'\t' | b'|' | b'#' | b'/' | b'*' | b';' | b'%' | b'-' | 0xe2)
    )
}

/// How many octets of the sign stand before each of the lines.
pub(super) fn learn(lines: &[&[u8]], knows: Knows) -> Option<Vec<(usize, usize)>> {
    const SIGNS: &[&[u8]] = &[b"|", b"#", b"//", b"*", b";", b"%", b"--", b"\xe2\x94\x82"];
    let mut taken = Vec::new();
    for sign in SIGNS {
        let front = |line: &[u8]| front(line, sign);
        if !lines.iter().any(|line| front(line).is_some()) {
            continue;
        }
        for run in runs::find(lines, front) {
            let pairs = run.lines.iter().filter_map(|(index, octets)| {
                let line = lines.get(*index)?;
                Some((*line, line.get(*octets..)?))
            });
            if run.replies > 0 && run.commands > 0
                || run.lines.len() >= 2 && proof::holds(pairs, knows)
            {
                taken.extend(run.lines);
            }
        }
    }
    (!taken.is_empty()).then_some(taken)
}

/// How many octets of a table's right border stand at the end of a line.
pub(super) fn border(line: &[u8]) -> usize {
    let kept = line.trim_ascii_end();
    kept.strip_suffix(b"|").map_or(0, |kept| line.len() - kept.trim_ascii_end().len())
}

fn front(line: &[u8], sign: &[u8]) -> Option<usize> {
    let blanks = line.iter().take(16).take_while(|octet| matches!(octet, b' ' | b'\t')).count();
    let rest = line.get(blanks..)?.strip_prefix(sign)?;
    match rest.first() {
        None => Some(blanks + sign.len()),
        Some(b' ' | b'\t') => Some(blanks + sign.len() + 1),
        Some(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn signs_need_both_sides_behind_them() {
        for (lines, want) in [
            (&["# 220 mx", "# HELO x", "#", "# 250 mx"][..], 4),
            (&["| 220 mx |", "| HELO x |"], 2),
            (&["* Connected", "* 220 is fine", "> EHLO"], 0),
        ] {
            let lines: Vec<&[u8]> = lines.iter().map(|line| line.as_bytes()).collect();
            assert_eq!(learn(&lines, |_| 0).map_or(0, |taken| taken.len()), want, "{lines:?}");
        }
        assert_eq!(border(b"220 mx |"), 2);
    }
}
