//! What proves that something wraps lines, where they hold neither bare replies nor bare commands: behind it
//! stand lines that a recording tool is known to write, which they are not as they stand.

use crate::places::Places;

/// Which recording tools write such a line, by their places. What tools write, whoever uses this room knows.
pub type Knows = fn(&[u8]) -> Places;

/// How many lines of a block are asked about: its first ones. A server's own remarks may be many before
/// anybody speaks.
const ASKED: usize = 1024;

/// Whether the lines, each given as it stands and without what may wrap it, are a tool's only without it.
pub(super) fn holds<'l, T: AsRef<[u8]>>(
    lines: impl Iterator<Item = (&'l [u8], T)>,
    knows: Knows,
) -> bool {
    let (mut within, mut whole) = (0, 0);
    for (line, inner) in lines.take(ASKED) {
        let outside = knows(line);
        let inside = Some(knows(inner.as_ref())).filter(|inside| !inside.is_empty());
        let inside = inside.unwrap_or_else(|| quoted(inner.as_ref()).map_or(Places::NONE, knows));
        whole += usize::from(!(outside & !inside).is_empty());
        within += usize::from(!(inside & !outside).is_empty());
    }
    within > whole
}

/// What stands behind signs of quoting, and a number behind these: one wrapper is proven by what is inside the next.
fn quoted(line: &[u8]) -> Option<&[u8]> {
    let start = line.iter().position(|octet| !matches!(octet, b'>' | b' '))?;
    let (signs, text) = line.split_at_checked(start)?;
    let behind = match signs.iter().rposition(|octet| *octet == b'>') {
        // One blank behind the last sign; further ones are the text's.
        Some(last) if signs.len() > last + 1 => line.get(last + 2..)?,
        Some(_) => text,
        None => return numbered(line),
    };
    numbered(behind).or(Some(behind))
}

/// What stands behind a number with a sign and a blank.
fn numbered(line: &[u8]) -> Option<&[u8]> {
    let digits = line.iter().take(6).take_while(|octet| octet.is_ascii_digit()).count();
    match line.get(digits..)? {
        [b'.' | b':' | b')' | b'|', b' ', text @ ..] if (1..=5).contains(&digits) => Some(text),
        _ => None,
    }
}
