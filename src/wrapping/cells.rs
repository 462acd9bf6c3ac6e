//! Empty cells behind each line: the copy of a page that shows a file as a table of lines.
//!
//! ```text
//! 220 mx.example.net ESMTP | |
//! HELO client.example | |
//! ```

use super::likeness;

/// What stands behind each line.
const CELLS: &[u8] = b" | |";
/// What stands behind the last one.
const LAST: &[u8] = b" |";

/// How many octets of empty cells stand behind which lines; nothing where both sides do not show before them.
pub(super) fn learn(lines: &[&[u8]]) -> Vec<(usize, usize)> {
    let inner = |line: &&[u8]| line.strip_suffix(CELLS).map(<[u8]>::len);
    let found = lines.iter().filter_map(|line| line.get(..inner(line)?));
    let (replies, commands) = likeness::count(found, likeness::marked);
    if replies < 2 || commands < 2 {
        return Vec::new();
    }
    let behind = |line: &[u8]| [CELLS, LAST].into_iter().find(|cells| line.ends_with(cells));
    let cells = lines.iter().enumerate();
    cells.filter_map(|(index, line)| Some((index, behind(line)?.len()))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_sides_prove_the_cells() {
        let page: [&[u8]; 6] =
            [b"Log", b"220 mx | |", b"HELO a | |", b"250 mx | |", b"QUIT | |", b"221 bye |"];
        assert_eq!(learn(&page), [(1, 4), (2, 4), (3, 4), (4, 4), (5, 2)]);
        assert_eq!(learn(&[b"220 mx | |", b"250 mx | |", b"QUIT | |"]), []);
        assert_eq!(learn(&[b"QUIT | 221 bye |", b"NOOP | 250 ok |"]), []);
    }
}
