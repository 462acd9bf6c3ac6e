//! What the serial monitor of a development board writes before each line: `14:05:01.372 -> `.
//!
//! The arrow is the monitor's and no mark: the board says both sides behind it.

use super::{
    proof::{self, Knows},
    runs,
};

/// Whether the line can begin with a time.
pub(super) fn may_begin(line: &[u8]) -> bool {
    line.get(2) == Some(&b':')
}

/// How many octets of it stand before each of the lines.
pub(super) fn learn(lines: &[&[u8]], knows: Knows) -> Option<Vec<(usize, usize)>> {
    let mut taken = Vec::new();
    for run in runs::find(lines, front) {
        let pairs = run.lines.iter().filter_map(|(index, octets)| {
            let line = lines.get(*index)?;
            Some((*line, line.get(*octets..)?))
        });
        // A client that marks its own lines so would mark the server's otherwise.
        if run.replies >= 2 || run.replies > 0 && run.commands > 0 || proof::holds(pairs, knows) {
            taken.extend(run.lines);
        }
    }
    (!taken.is_empty()).then_some(taken)
}

/// `14:05:01.372 -> `, with thousandths or without.
fn front(line: &[u8]) -> Option<usize> {
    let clock = line.get(..8)?;
    let digits = [0, 1, 3, 4, 6, 7].iter().all(|at| clock.get(*at).is_some_and(u8::is_ascii_digit));
    if !digits || clock.get(2) != Some(&b':') || clock.get(5) != Some(&b':') {
        return None;
    }
    let rest = line.get(8..)?;
    let part = match rest.strip_prefix(b".") {
        Some(part) => 1 + part.iter().take(6).take_while(|octet| octet.is_ascii_digit()).count(),
        None => 0,
    };
    let arrow = rest.get(part..)?;
    (arrow.starts_with(b" -> ") || arrow == b" ->").then(|| 8 + part + arrow.len().min(4))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::places::Places;

    #[test]
    fn the_monitors_arrow_is_no_mark() {
        let taken = |lines: &[&str]| {
            let lines: Vec<&[u8]> = lines.iter().map(|line| line.as_bytes()).collect();
            learn(&lines, |_| Places::NONE).map_or(0, |taken| taken.len())
        };
        let board = [
            "14:05:01.372 -> 220 mx",
            "14:05:01.372 -> EHLO me",
            "14:05:01 -> 250 mx",
            "14:05:02.1 ->",
        ];
        assert_eq!(taken(&board), 4);
        assert_eq!(front(board[0].as_bytes()), Some(16));
        assert_eq!(taken(&["14:05:01.372 -> EHLO me", "14:05:01.372 <- 250 mx"]), 0);
        assert_eq!(taken(&["14:05:01 -> nothing", "14:05:01 -> of mail"]), 0);
    }
}
