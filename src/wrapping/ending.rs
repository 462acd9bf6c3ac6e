//! The carriage return at the end of each line, as editors and `cat -v` show it: `250 ok^M`, and `250 ok^M$`.

use super::likeness;

/// How the end of a line is shown.
const SIGNS: [&[u8]; 2] = [b"^M$", b"^M"];

/// How many octets of the sign stand at the end of which lines: where most lines have it.
pub(super) fn learn(lines: &[&[u8]]) -> Vec<(usize, usize)> {
    let shown = |line: &[u8]| SIGNS.iter().find(|sign| line.ends_with(sign)).map(|sign| sign.len());
    let found: Vec<(usize, usize)> =
        lines.iter().enumerate().filter_map(|(index, line)| Some((index, shown(line)?))).collect();
    if found.len() < 2 {
        return Vec::new();
    }
    // What a program says between them ends otherwise, what is said in the dialogue does not.
    let whole = |line: &&&[u8]| likeness::marked(line).is_some() && shown(line).is_none();
    let others = lines.iter().filter(whole).count();
    if others * 4 > found.len() { Vec::new() } else { found }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn carriage_returns_that_are_shown_are_no_text() {
        let lines: [&[u8]; 4] = [b"220 mx^M", b"connected", b"QUIT^M$", b"^M"];
        assert_eq!(learn(&lines), [(0, 2), (2, 3), (3, 2)]);
        assert!(learn(&[b"250 ends with ^M", b"QUIT"]).is_empty());
        assert!(learn(&[b"220 mx", b"QUIT", b"x^M", b"y^M"]).is_empty());
    }
}
