//! A sign before each line of a block: a program's comment (`# `, `// `, ` * `), a patch's plus, a list's dash or a
//! table's bar (`| `); or before each reply, where somebody wrote the commands as a script.

use super::{
    likeness::{self, Beginning},
    proof::{self, Knows},
    runs,
};

/// Whether the line can begin with one of the signs, or with blanks before one.
pub(super) fn may_begin(line: &[u8]) -> bool {
    matches!(
        line.first(),
        Some(b' ' | b'\t' | b'|' | b'#' | b'/' | b'*' | b';' | b'%' | b'-' | b'+' | 0xe2)
    )
}

/// The sign before an item of a list.
const BULLET: &[u8] = "\u{2022}".as_bytes();

/// How many octets of the sign stand before each of the lines.
pub(super) fn learn(lines: &[&[u8]], knows: Knows) -> Option<Vec<(usize, usize)>> {
    const SIGNS: &[&[u8]] =
        &[b"|", b"#", b"//", b"*", b";", b"%", b"--", b"\xe2\x94\x82", b"+", b"+#", b"-", BULLET];
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
            // A sign without a blank behind it is more often another thing.
            let attached = run.lines.iter().any(|(index, octets)| {
                *octets == 1 && lines.get(*index).is_some_and(|line| line.len() > 1)
            });
            if run.replies > 0 && run.commands > 0
                || run.lines.len() >= 2 && (sign != b"#" || !attached) && proof::holds(pairs, knows)
            {
                taken.extend(run.lines);
            }
        }
    }
    if taken.is_empty() {
        taken = answers(lines);
    }
    (!taken.is_empty()).then_some(taken)
}

/// The signs of comments that hold the replies to the commands between them, and what else the screen showed.
fn answers(lines: &[&[u8]]) -> Vec<(usize, usize)> {
    let is = |text: &[u8], likeness| likeness::bare(text) == Some(likeness);
    let inside = |line: &[u8]| -> Option<usize> {
        let text = line.trim_ascii_start().strip_prefix(b"#")?;
        let blanks = text.iter().take_while(|octet| octet.is_ascii_whitespace()).count();
        let text = text.get(blanks..)?;
        let told = is(text, Beginning::Reply)
            || blanks == 0 && !text.is_empty() && !text.starts_with(b"#");
        told.then_some(line.len() - text.len())
    };
    let found: Vec<(usize, usize)> =
        lines.iter().enumerate().filter_map(|(index, line)| Some((index, inside(line)?))).collect();
    let replies = found
        .iter()
        .filter(|(index, at)| {
            let text = lines.get(*index).and_then(|line| line.get(*at..));
            text.is_some_and(|text| is(text, Beginning::Reply))
        })
        .count();
    let bare = |likeness| lines.iter().filter(|line| is(line.trim_ascii_start(), likeness)).count();
    if replies < 3 {
        // Of a script without replies, the one that matters may be told: what was refused.
        let refused = |(index, at): &(usize, usize)| {
            let text = lines.get(*index).and_then(|line| line.get(*at..)).unwrap_or_default();
            let before = index.checked_sub(1).and_then(|before| lines.get(before));
            is_refusal(text)
                && before.is_some_and(|line| is(line.trim_ascii_start(), Beginning::Command))
        };
        if replies > 0 && bare(Beginning::Command) >= 3 && bare(Beginning::Reply) == 0 {
            return found.into_iter().filter(refused).collect();
        }
        return Vec::new();
    }
    if bare(Beginning::Command) >= 2 && bare(Beginning::Reply) == 0 { found } else { Vec::new() }
}

/// `554 5.7.1 …`
fn is_refusal(text: &[u8]) -> bool {
    let [class @ (b'4' | b'5'), _, _, b' ', own, b'.', b'0'..=b'9', b'.', ..] = text else {
        return false;
    };
    class == own
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
        // What a patch adds.
        Some(_) if sign == b"+" && blanks == 0 => Some(1),
        Some(b' ' | b'\t') => Some(blanks + sign.len() + 1),
        Some(next) if sign == b"#" && blanks == 0 && next.is_ascii_alphanumeric() => Some(1),
        Some(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::places::Places;

    #[test]
    fn signs_need_both_sides_behind_them() {
        for (lines, want) in [
            (&["# 220 mx", "# HELO x", "#", "# 250 mx"][..], 4),
            (&["| 220 mx |", "| HELO x |"], 2),
            (&["#220 mx", "#HELO x", "#", "#250 mx", "#====="], 4),
            (&["- 220 mx", "- HELO x", "- 250 mx", "- .", "- "], 5),
            (&["-> HELO x", "<- 250 mx", "-> QUIT"], 0),
            (&["+220 mx", "+HELO x", "+", "+250 mx"], 4),
            (&["+# 220 mx", "+# HELO x", "+#", "+# 250 mx"], 4),
            (&["* Connected", "* 220 is fine", "> EHLO"], 0),
            (
                &[
                    "telnet mx 25",
                    "#Trying mx...",
                    "#220 mx",
                    "HELO x",
                    "#250 mx",
                    "QUIT",
                    "# 221 bye",
                ],
                4,
            ),
            (&["HELO x", "MAIL FROM:<a@b>", "RCPT TO:<c@d>", "# 554 5.7.1 no relay", "QUIT"], 1),
            (&["HELO x", "MAIL FROM:<a@b>", "RCPT TO:<c@d>", "# 550 is what you want"], 0),
            (&["#220 mx", "HELO x", "250 mx", "QUIT", "#221 bye", "#250"], 0),
        ] {
            let lines: Vec<&[u8]> = lines.iter().map(|line| line.as_bytes()).collect();
            assert_eq!(
                learn(&lines, |_| Places::NONE).map_or(0, |taken| taken.len()),
                want,
                "{lines:?}"
            );
        }
        assert_eq!(border(b"220 mx |"), 2);
    }
}
