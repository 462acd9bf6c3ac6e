//! Indentation of a whole block: Markdown's four blanks or tab, the margin of an RFC page.

use super::{
    proof::{self, Knows},
    runs, typography,
};

/// Whether the line is indented.
pub(super) fn may_begin(line: &[u8]) -> bool {
    matches!(
        line,
        [b'\t', ..] | [b' ', b' ' | b'\t', ..] | [0xC2, 0xA0, ..] | [b' ', 0xC2, 0xA0, ..]
    )
}

/// How many octets of indentation stand before each of the lines.
///
/// Some tools mean something by blanks at the beginning (Exim, `tshark -z follow`); only a block that
/// holds commands and replies at its margin is indented as a whole.
pub(super) fn learn(lines: &[&[u8]], knows: Knows) -> Option<Vec<(usize, usize)>> {
    let indented = |line: &[u8]| margin(line).map(<[u8]>::len);
    if !lines.iter().any(|line| indented(line).is_some()) {
        return None;
    }
    let mut taken = Vec::new();
    let mut known: Option<&[u8]> = None;
    let mut pending = Vec::new();
    for run in runs::find(lines, indented) {
        let members = || run.lines.iter().filter_map(|(index, _)| lines.get(*index).copied());
        let Some(common) = members().filter_map(margin).reduce(common_start) else { continue };
        if common.len() < 2 && common != b"\t" {
            continue;
        }
        let inner = members().filter_map(|line| line.get(common.len()..));
        let (replies, commands) = super::likeness::count(inner, super::likeness::marked);
        let Some(((first, _), (last, _))) = run.lines.first().zip(run.lines.last()) else {
            continue;
        };
        let whole = || (*first..=*last).filter_map(|index| Some((index, *lines.get(index)?)));
        // A tool's own lines at the margin between indented ones: the tool itself indents.
        if whole().any(|(_, line)| margin(line).is_none() && !knows(line).is_empty()) {
            continue;
        }
        // Blank lines of the block may be indented, too.
        let block: Vec<_> = whole()
            .filter(|(_, line)| margin(line).is_some() || is_blank(line))
            .map(|(index, line)| (index, common.len().min(line.len())))
            .collect();
        let pairs = || members().filter_map(|line| Some((line, line.get(common.len()..)?)));
        if replies > 0 && commands > 0 || proof::holds(pairs(), knows) {
            known = Some(common);
            taken.extend(block);
        } else if replies + commands > 0 {
            pending.push((common, block));
        }
    }
    // A page break or a line of prose may have left a block with one side only.
    let known = known?;
    for (common, block) in pending {
        if common == known {
            taken.extend(block);
        }
    }
    Some(taken)
}

fn is_blank(line: &[u8]) -> bool {
    !line.is_empty() && line.trim_ascii().is_empty()
}

/// The blanks at the beginning of a line that has any and is not blank.
fn margin(line: &[u8]) -> Option<&[u8]> {
    let end = typography::blanks(line);
    let margin = line.get(..end).filter(|_| end < line.len())?;
    (margin.len() >= 2 || margin == b"\t").then_some(margin)
}

fn common_start<'l>(one: &'l [u8], other: &'l [u8]) -> &'l [u8] {
    let length = one.iter().zip(other).take_while(|(left, right)| left == right).count();
    let common = one.get(..length).unwrap_or_default();
    common.get(..typography::blanks(common)).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::places::Places;

    #[test]
    fn only_whole_blocks_are_indented() {
        for (lines, want) in [
            (&["    220 mx", "    HELO x", "      folded", "    250 mx"][..], 4),
            (&["\t220 mx", "\tHELO x"], 2),
            (&["\u{a0} 220 mx", "\u{a0} HELO x"], 2),
            (&["  SMTP<< 220 mx", "  SMTP>> EHLO x", "         250-a", "         250 b"], 0),
            (&[" -> EHLO x", " -> MAIL FROM:<a@b>", "<-  250 ok"], 0),
            (&["text", "   S: 220 mx", "   C: QUIT", "page", "page", "   S: 221 bye"], 3),
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
