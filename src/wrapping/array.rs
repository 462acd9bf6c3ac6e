//! The keys of an array whose elements are the lines of a dialogue, as PHP's `print_r` writes it out.
//!
//! ```text
//!     [0] => 220 mx.example.net ESMTP
//!     [1] => EHLO client.example
//! ```
//!
//! An element may have further lines, which stand bare behind it.

use super::{likeness, proof::Knows};
use crate::grammar::shape::verb_at;

/// Whether a line may begin with a key.
pub(super) fn may_begin(line: &[u8]) -> bool {
    key(line).is_some()
}

/// The key that a line begins with, and how many octets it takes.
fn key(line: &[u8]) -> Option<(u32, usize)> {
    let lead = line.iter().take(16).take_while(|octet| matches!(octet, b' ' | b'\t')).count();
    let text = line.get(lead..)?.strip_prefix(b"[")?;
    let digits = text.iter().take(6).take_while(|octet| octet.is_ascii_digit()).count();
    let value = std::str::from_utf8(text.get(..digits)?).ok()?.parse().ok()?;
    let rest = text.get(digits..)?.strip_prefix(b"] =>")?;
    let blank = usize::from(rest.first() == Some(&b' '));
    Some((value, lead + 1 + digits + 4 + blank))
}

/// How many octets of keys stand before each of the lines: where they count up, and both sides show behind them.
pub(super) fn learn(lines: &[&[u8]], _: Knows) -> Option<Vec<(usize, usize)>> {
    let mut taken = Vec::new();
    let mut run: Vec<(usize, usize)> = Vec::new();
    let mut next = 0;
    let keys = lines.iter().enumerate().filter_map(|(index, line)| Some((index, key(line)?)));
    for (index, (value, front)) in keys {
        if value != next {
            close(lines, &mut run, &mut taken);
        }
        run.push((index, front));
        next = value + 1;
    }
    close(lines, &mut run, &mut taken);
    (!taken.is_empty()).then_some(taken)
}

/// Takes the keys of one array.
fn close(lines: &[&[u8]], run: &mut Vec<(usize, usize)>, taken: &mut Vec<(usize, usize)>) {
    let run = std::mem::take(run);
    let texts = run.iter().filter_map(|(index, front)| lines.get(*index)?.get(*front..));
    let (replies, commands) = likeness::count(texts.clone(), likeness::marked);
    // A command may miss its argument.
    let bare = || texts.filter_map(verb_at).any(|(_, rest)| rest.trim_ascii().is_empty());
    if replies >= 1 && (commands >= 1 || bare()) {
        taken.extend(run);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::places::Places;

    #[test]
    fn keys_count_up_before_both_sides() {
        let array: [&[u8]; 6] = [
            b"Array",
            b"(",
            b"    [0] => 220 mx ESMTP",
            b"    [1] => EHLO a",
            b"250 mx",
            b"    [2] => QUIT",
        ];
        assert_eq!(learn(&array, |_| Places::NONE), Some(vec![(2, 11), (3, 11), (5, 11)]));
        assert_eq!(learn(&[b"[0] => 220 a", b"[1] => 250 b"], |_| Places::NONE), None);
        assert_eq!(learn(&[b"[250] => mailbox", b"[0] = QUIT"], |_| Places::NONE), None);
    }
}
