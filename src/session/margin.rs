//! Indentation that only a dialect's own lines prove: a log in a Markdown block of four blanks or a tab.
//!
//! The room of wrappings takes off the margin of blocks that hold commands and replies. A tool's log need
//! not look like either (`    2026-11-23 10:33:32 SERVER -> CLIENT: …`), and some tools mean something by
//! blanks at the beginning. So a block is moved to the left where a dialect knows a line of it without its
//! margin that it does not know with it.

use std::{borrow::Cow, ops::Range};

use super::incoming::Part;
use crate::dialect;

/// How many lines of a block the dialects are asked about: its first ones.
const ASKED: usize = 1024;

/// Takes the margin off each block that a dialect's lines prove to be indented.
pub(super) fn take_off(parts: &mut [Part<'_>]) {
    let mut from = 0;
    while let Some(block) = next_block(parts, from) {
        from = block.end;
        let Some(lines) = parts.get_mut(block) else { return };
        let width = proven(lines);
        if width == 0 {
            continue;
        }
        for part in lines.iter_mut().filter(|part| part.text.len() >= width) {
            part.text = match std::mem::take(&mut part.text) {
                Cow::Borrowed(text) => Cow::Borrowed(text.get(width..).unwrap_or_default()),
                Cow::Owned(text) => Cow::Owned(text.get(width..).unwrap_or_default().to_vec()),
            };
            let width = width.min(part.octets);
            part.skipped += width;
            part.octets -= width;
        }
    }
}

/// The next lines that are all indented or blank, the first of them not blank.
fn next_block(parts: &[Part<'_>], from: usize) -> Option<Range<usize>> {
    let indented = |part: &Part<'_>| part.kind.is_none() && margin(&part.text).is_some();
    let start = from + parts.get(from..)?.iter().position(indented)?;
    let inside = |part: &Part<'_>| indented(part) || part.text.trim_ascii().is_empty();
    let length = parts.get(start..)?.iter().take_while(|part| inside(part)).count();
    Some(start..start + length)
}

/// How many octets of margin the lines have in common, where a dialect proves it; else 0.
fn proven(lines: &[Part<'_>]) -> usize {
    let margins = || lines.iter().filter_map(|part| margin(&part.text));
    let Some(common) = margins().reduce(common_start) else { return 0 };
    if (common.len() < 2 && common != b"\t") || margins().count() < 2 {
        return 0;
    }
    let proves = |text: &[u8]| {
        let inner = text.get(common.len()..).unwrap_or_default();
        !(dialect::shown(inner) & !dialect::shown(text)).is_empty()
    };
    let mut first = lines.iter().filter(|part| margin(&part.text).is_some()).take(ASKED);
    if first.any(|part| proves(&part.text)) { common.len() } else { 0 }
}

/// The blanks at the beginning of a line that has any and is not blank.
fn margin(line: &[u8]) -> Option<&[u8]> {
    let end = line.iter().position(|octet| !matches!(octet, b' ' | b'\t'))?;
    line.get(..end).filter(|margin| margin.len() >= 2 || *margin == b"\t")
}

fn common_start<'l>(one: &'l [u8], other: &'l [u8]) -> &'l [u8] {
    let length = one.iter().zip(other).take_while(|(left, right)| left == right).count();
    one.get(..length).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn widths(lines: &[&'static str]) -> Vec<usize> {
        let mut parts: Vec<Part<'_>> = lines
            .iter()
            .enumerate()
            .map(|(line, text)| Part {
                at: None,
                line,
                text: Cow::Borrowed(text.as_bytes()),
                skipped: 0,
                octets: text.len(),
                kind: None,
                joint: None,
                altered: false,
            })
            .collect();
        take_off(&mut parts);
        parts.iter().map(|part| part.skipped).collect()
    }

    #[test]
    fn a_block_is_moved_where_a_dialect_proves_it() {
        let echo = ["\t2026-11-23 10:33:32\tCLIENT -> SERVER: QUIT", "", "\t\t 221 bye", "prose"];
        assert_eq!(widths(&echo), [1, 0, 1, 0]);
        let curl = ["    *   Trying 192.0.2.1:25...", "    * Closing connection 0"];
        assert_eq!(widths(&curl), [4, 4]);
    }

    #[test]
    fn other_blanks_stay() {
        assert_eq!(widths(&["  SMTP<< 220 mx", "  SMTP>> EHLO x", "         250 b"]), [0, 0, 0]);
        assert_eq!(widths(&["    some code", "      more"]), [0, 0]);
        assert_eq!(widths(&["    *   Trying 192.0.2.1:25...", "text"]), [0, 0]);
    }
}
