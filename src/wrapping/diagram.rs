//! A sequence diagram: what each side says stands on the shaft of an arrow, between two lines. Which way the arrow
//! points is written out as the mark that RFCs use: `C: ` and `S: `.
//!
//! ```text
//!   |                           |
//!   | <-- 220 mx.example.net -- |  (greeting)
//!   | --- EHLO client.example-> |
//! ```

use super::likeness;

/// Octets of a diagram before and behind what is said on one of its lines.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Around {
    /// The line's index.
    pub(super) index: usize,
    pub(super) front: usize,
    pub(super) back: usize,
    /// The mark of the side that says it; nothing where no head tells, or where it has a mark of its own.
    pub(super) mark: &'static [u8],
}

/// Which way an arrow points.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Way {
    Left,
    Right,
}

/// Signs of which a shaft is made; two at least.
const SHAFT: &[&str] = &["-", "=", "~", "\u{2500}", "\u{2014}", "\u{2013}", "\u{2550}"];
/// Heads of arrows.
const HEADS: &[(&str, Way)] = &[
    ("<", Way::Left),
    ("\u{25c0}", Way::Left),
    ("\u{25c4}", Way::Left),
    ("\u{2190}", Way::Left),
    (">", Way::Right),
    ("\u{25b6}", Way::Right),
    ("\u{25ba}", Way::Right),
    ("\u{2192}", Way::Right),
];
/// The lines of the two sides.
const LINES: &[&str] = &["|", "\u{2502}"];

/// What stands around the lines of a diagram; nothing where no diagram shows both sides.
pub(super) fn learn(lines: &[&[u8]]) -> Vec<Around> {
    let found: Vec<(usize, Shaft)> =
        lines.iter().enumerate().filter_map(|(index, line)| Some((index, around(line)?))).collect();
    if found.len() < 4 {
        return Vec::new();
    }
    let inner = |found: &(usize, Shaft)| -> &[u8] {
        let line = lines.get(found.0).copied().unwrap_or_default();
        line.get(found.1.front..line.len() - found.1.back).unwrap_or_default()
    };
    let (replies, commands) = likeness::count(found.iter().map(inner), likeness::marked);
    // Marks before the lines are no arrows: an arrow goes on behind the words.
    let ending = found.iter().filter(|(_, shaft)| shaft.ends).count();
    if replies < 2 || commands < 2 || ending * 3 < found.len() {
        return Vec::new();
    }
    let asked = |way| {
        let on = found.iter().filter(|(_, shaft)| shaft.way == Some(way));
        likeness::count(on.map(inner), likeness::bare).1
    };
    let (left, right) = (asked(Way::Left), asked(Way::Right));
    let mark = |way: Option<Way>| -> &'static [u8] {
        match way {
            Some(_) if left == right => b"",
            Some(way) if (way == Way::Right) == (right > left) => b"C: ",
            Some(_) => b"S: ",
            None => b"",
        }
    };
    let around = |found: &(usize, Shaft)| {
        let (index, Shaft { front, back, way, .. }) = *found;
        let said = inner(found);
        let own = likeness::bare(said).is_none() && likeness::marked(said).is_some();
        Around { index, front, back, mark: if own { b"" } else { mark(way) } }
    };
    found.iter().map(around).collect()
}

/// An arrow with words on it.
#[derive(Debug, Clone, Copy)]
struct Shaft {
    front: usize,
    back: usize,
    /// It goes on behind the words.
    ends: bool,
    way: Option<Way>,
}

/// The arrow that a line shows.
fn around(line: &[u8]) -> Option<Shaft> {
    // Most lines have no shaft at all.
    let shafts = |pair: &[u8]| matches!(pair, b"--" | b"==" | b"~~" | b"->" | b"<-");
    if !line.windows(2).any(|pair| shafts(pair) || pair == [0xe2, 0x94] || pair == [0xe2, 0x80]) {
        return None;
    }
    let text = strip(line, LINES, true);
    let (starts, before) = shaft(text, true);
    let text = text.get(starts..)?;
    // A remark behind the right side's line is the writer's.
    let kept = text.trim_ascii_end();
    let kept = match kept.last() {
        Some(b')') => memchr::memrchr(b'(', kept)
            .and_then(|at| kept.get(..at))
            .map(<[u8]>::trim_ascii_end)
            .filter(|head| LINES.iter().any(|sign| head.ends_with(sign.as_bytes())))
            .unwrap_or(kept),
        _ => kept,
    };
    let kept = strip(kept, LINES, false);
    let (ends, behind) = shaft(kept, false);
    let inner = kept.get(..kept.len() - ends)?;
    if starts + ends == 0 || inner.trim_ascii().is_empty() {
        return None;
    }
    let blanks = inner.len() - inner.trim_ascii_start().len();
    let inner = inner.trim_ascii();
    let front = line.len() - text.len() + blanks;
    let back = line.len() - front - inner.len();
    Some(Shaft { front, back, ends: ends > 0, way: before.or(behind) })
}

/// The text without blanks and one of the signs at its beginning or end.
fn strip<'l>(text: &'l [u8], signs: &[&str], beginning: bool) -> &'l [u8] {
    let trimmed = if beginning { text.trim_ascii_start() } else { text.trim_ascii_end() };
    let cut = signs.iter().find_map(|sign| {
        let sign = sign.as_bytes();
        if beginning { trimmed.strip_prefix(sign) } else { trimmed.strip_suffix(sign) }
    });
    let rest = cut.unwrap_or(trimmed);
    if beginning { rest.trim_ascii_start() } else { rest.trim_ascii_end() }
}

/// How many octets of a shaft with its head, if any, stand at the beginning or end of a text, and which way it points.
fn shaft(text: &[u8], beginning: bool) -> (usize, Option<Way>) {
    let left = |taken: usize| {
        let rest = if beginning { text.get(taken..) } else { text.get(..text.len() - taken) };
        rest.unwrap_or_default()
    };
    let stands = |taken: usize, sign: &str| {
        let sign = sign.as_bytes();
        if beginning { left(taken).starts_with(sign) } else { left(taken).ends_with(sign) }
    };
    let head = |taken: usize| HEADS.iter().find(|(sign, _)| stands(taken, sign));
    let (mut taken, mut signs) = (0, 0);
    let mut way = head(0).map(|(sign, way)| {
        taken = sign.len();
        *way
    });
    while let Some(sign) = SHAFT.iter().find(|sign| stands(taken, sign)) {
        (taken, signs) = (taken + sign.len(), signs + 1);
    }
    if way.is_none()
        && signs > 0
        && let Some((sign, points)) = head(taken)
    {
        taken += sign.len();
        way = Some(*points);
    }
    // One sign and a head, or two signs: a single hyphen is anything.
    if signs >= 2 || signs == 1 && way.is_some() { (taken, way) } else { (0, None) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(diagram: &str) -> Vec<String> {
        let lines: Vec<&[u8]> = diagram.lines().map(str::as_bytes).collect();
        learn(&lines)
            .iter()
            .map(|around| {
                let line = lines[around.index];
                let text = String::from_utf8_lossy(&line[around.front..line.len() - around.back]);
                format!("{}{text}", String::from_utf8_lossy(around.mark))
            })
            .collect()
    }

    #[test]
    fn words_stand_on_shafts() {
        let said =
            ["S: 220 mx.example", "C: EHLO me.example", "S: 250 ok", "C: QUIT", "S: 221 bye"];
        for diagram in [
            "  | <-- 220 mx.example --- |  (greeting)\n  |  |\n  | --- EHLO me.example --> |\n  | <-- 250 ok -- |\n\
               | --- QUIT -> |\n  | <-- 221 bye --- |",
            "|<-- 220 mx.example ------|\n|--- EHLO me.example ---->|\n|<-- 250 ok ------|\n|--- QUIT --->|\n|<-- 221 bye -----|",
            "\u{2502} \u{25c0}\u{2500}\u{2500} 220 mx.example \u{2500}\u{2500} \u{2502}\n\
             \u{2502} \u{2500}\u{2500} EHLO me.example \u{2500}\u{25b6} \u{2502}\n\
             \u{2502} \u{25c0}\u{2500}\u{2500} 250 ok \u{2500}\u{2500} \u{2502}\n\
             \u{2502} \u{2500}\u{2500} QUIT \u{2500}\u{25b6} \u{2502}\n\
             \u{2502} \u{25c0}\u{2500}\u{2500} 221 bye \u{2500}\u{2500} \u{2502}",
            "     <--- 220 mx.example\nEHLO me.example  --->\n     <--- 250 ok\nQUIT  --->\n     <--- 221 bye",
        ] {
            assert_eq!(texts(diagram), said, "{diagram}");
        }
    }

    #[test]
    fn marks_are_no_arrows() {
        for record in [
            "<-- 220 mx.example\n--> EHLO me.example\n<-- 250 ok\n--> QUIT\n<-- 221 bye",
            "220 mx.example\n--boundary\nEHLO me.example\n--boundary--\n250 ok\n--- --- ---\nQUIT",
        ] {
            assert!(texts(record).is_empty(), "{record}");
        }
    }
}
