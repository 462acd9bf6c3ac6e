//! Line numbers that an editor, a listing or `cat -n` put before each line.
//!
//! Reply codes are numbers too: only numbers that grow by one from line to line count, and only where
//! what is behind them looks like SMTP.

use super::{
    likeness,
    proof::{self, Knows},
};

/// Whether the line begins with a number that is no reply code: 1 to 199, or one with a point.
///
/// A block that is numbered from 200 on would need a listing of that length before it; such blocks
/// have a line with a smaller number in the same window, or a point behind their numbers.
pub(super) fn may_begin(line: &[u8]) -> bool {
    match line {
        [b' ' | b'\t' | b'0' | b'1', ..] => true,
        [b'2'..=b'9', rest @ ..] => {
            let digits = rest.iter().take(5).take_while(|octet| octet.is_ascii_digit()).count();
            digits != 2
                && matches!(rest.get(digits), Some(b' ' | b'\t' | b'.' | b')' | b':' | b'|'))
                || matches!(rest.get(digits), Some(b'.' | b')' | b':' | b'|'))
        }
        _ => false,
    }
}

/// How many lines of a run make a listing without further proof.
const MANY: usize = 16;

/// How many octets of numbering stand before each of the lines.
pub(super) fn learn(lines: &[&[u8]], knows: Knows) -> Option<Vec<(usize, usize)>> {
    let mut taken = Vec::new();
    let mut run: Vec<(usize, Number)> = Vec::new();
    for (index, line) in lines.iter().enumerate() {
        let number = parse(line);
        let next = run.last().map(|(_, last)| last.value + 1);
        match number {
            Some(number) if next.is_none_or(|next| next == number.value) => {
                run.push((index, number));
            }
            None if line.trim_ascii().is_empty() => {}
            other => {
                close(lines, &mut run, &mut taken, knows);
                run.extend(other.map(|number| (index, number)));
            }
        }
    }
    close(lines, &mut run, &mut taken, knows);
    (!taken.is_empty()).then_some(taken)
}

/// A number at the beginning of a line.
#[derive(Debug, Clone, Copy)]
struct Number {
    value: u32,
    /// The octets up to and with the number and its point.
    front: usize,
    /// The blanks behind it; `None` where nothing else is on the line.
    blanks: Option<usize>,
}

fn parse(line: &[u8]) -> Option<Number> {
    let lead = line.iter().take(12).take_while(|octet| matches!(octet, b' ' | b'\t')).count();
    let digits = line.iter().skip(lead).take(6).take_while(|octet| octet.is_ascii_digit()).count();
    if digits == 0 || digits > 5 {
        return None;
    }
    let value = std::str::from_utf8(line.get(lead..lead + digits)?).ok()?.parse().ok()?;
    let mut front = lead + digits;
    front += usize::from(matches!(line.get(front), Some(b'.' | b')' | b':' | b'|')));
    let rest = line.get(front..)?;
    let blanks = match rest.first() {
        None => None,
        Some(b'\t') => Some(1),
        Some(b' ') => Some(rest.iter().take_while(|octet| **octet == b' ').count()),
        Some(_) => return None,
    };
    Some(Number { value, front, blanks: blanks.filter(|blanks| *blanks < rest.len()) })
}

fn close(
    lines: &[&[u8]],
    run: &mut Vec<(usize, Number)>,
    taken: &mut Vec<(usize, usize)>,
    knows: Knows,
) {
    let run = std::mem::take(run);
    // What is behind the number may begin with blanks of its own.
    let Some(blanks) = run.iter().filter_map(|(_, number)| number.blanks).min() else { return };
    let front = |index: usize, number: &Number| {
        let length = lines.get(index).map_or(0, |line| line.len());
        (number.front + number.blanks.map_or(length, |_| blanks)).min(length)
    };
    let inner =
        run.iter().filter_map(|(index, number)| lines.get(*index)?.get(front(*index, number)..));
    let (replies, commands) = likeness::count(inner, likeness::marked);
    let pairs = run.iter().filter_map(|(index, number)| {
        let line = lines.get(*index)?;
        Some((*line, line.get(front(*index, number)..)?))
    });
    let proven = || replies + commands >= 2 || proof::holds(pairs.clone(), knows);
    if run.len() >= 3 && proven() || run.len() >= MANY && listed(pairs.clone(), knows) {
        taken.extend(run.iter().map(|(index, number)| (*index, front(*index, number))));
    }
}

/// Whether lines behind numbers are a tool's, whatever the tool makes of the numbers: many lines in a row that count
/// one by one are a listing of it, where no line is a tool's by its number alone.
fn listed<'l>(pairs: impl Iterator<Item = (&'l [u8], &'l [u8])>, knows: Knows) -> bool {
    let mut within = 0;
    for (line, inner) in pairs {
        let (outside, inside) = (knows(line), knows(inner));
        if !(outside & !inside).is_empty() {
            return false;
        }
        within += usize::from(!inside.is_empty());
    }
    within >= 2
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::places::Places;

    #[test]
    fn reply_codes_are_no_numbering() {
        for (lines, want) in [
            (&[" 9  220 mx", "10  HELO x", "11  250 mx", "12", "13  QUIT"][..], 5),
            (&["1. 220 mx", "2. HELO x", "3. 250 mx"], 3),
            (&["     1\t220 mx", "     2\tHELO x", "     3\t250 mx"], 3),
            (&["250 a", "251 b", "252 c"], 0),
            (&["1  220 mx", "3  HELO x", "5  250 mx"], 0),
            (&["220 mx", "HELO x", "250 mx"], 0),
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
