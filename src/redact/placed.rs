//! Where in the source the octets stand of what was made from it.
//!
//! ```text
//! source  AU\e[1mTH PLAIN&nbsp;AGFubgBz\n2026-11-23T10:12:01Z stdout F M2NyZXQ=\n
//! text    AU     TH PLAIN      AGFubgBz                                 M2NyZXQ=
//! ```
//!
//! Nothing here knows escapes or wrappers: what the text has in common with its source is found, step by step, and
//! an octet that has no place counts as such. Whoever would change it has to give up the whole stretch.

use std::{borrow::Cow, ops::Range};

use memchr::memmem;

use crate::account::Made;

/// A run of octets that stand in the source as in the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Run {
    /// Where in the text.
    pub(super) text: usize,
    /// Where in the source.
    pub(super) source: usize,
    /// How many octets.
    pub(super) octets: usize,
}

/// What was made, with its place.
#[derive(Debug)]
pub(super) struct Placed<'m> {
    pub(super) made: &'m Made,
    /// `None` where it has nothing in common with its source, as dumps of octets have not.
    pub(super) runs: Option<Vec<Run>>,
    /// The stretches of the source that it was made from, up to the ends of their lines.
    pub(super) stretches: Vec<Range<usize>>,
}

/// BS: what stands before it was taken back.
pub(super) const BS: u8 = 0x08;
pub(super) const ESC: u8 = 0x1b;

impl Placed<'_> {
    /// Where it begins in the source.
    pub(super) fn start(&self) -> usize {
        let first = self.runs.as_ref().and_then(|runs| runs.first());
        first.map(|run| run.source).or(self.stretches.first().map(|one| one.start)).unwrap_or(0)
    }
}

/// How many octets are looked through for each of the source's: a bound for hostile texts.
const EFFORT: usize = 64;
/// How many octets beyond as many as a text has are looked through before all.
const NEAR: usize = 4096;
/// How many places are tried for a text.
const PLACES: usize = 32;

/// Finds the places of all that was made.
pub(super) fn placed<'m>(source: &[u8], made: &'m [Made]) -> Vec<Placed<'m>> {
    let mut left = EFFORT.saturating_mul(source.len()).saturating_add(1 << 16);
    // Several lines are made from one line of JSON: each stands behind the one before it.
    let mut behind = 0;
    made.iter()
        .map(|made| {
            let stretches = stretches(source, made);
            let whole = Joined::of(source, &stretches);
            let place = |offset: u64| usize::try_from(offset).unwrap_or(usize::MAX);
            let own = made.places.first().map_or(0, |own| place(own.start)).max(behind);
            let from =
                [whole.at(own), whole.at(made.places.first().map_or(0, |own| place(own.start))), 0];
            // A BS that takes nothing back is a part of what was said.
            let said = memchr::memchr(BS, &made.text).is_some();
            let octets =
                if said { Cow::Borrowed(&*whole.octets) } else { without_erased(&whole.octets) };
            let mut runs = None;
            for (try_, start) in from.iter().enumerate() {
                if runs.is_none() && !from.iter().take(try_).any(|before| before == start) {
                    runs = find(&made.text, &octets, *start, &mut left);
                }
            }
            let runs = runs.map(|runs| whole.in_source(&runs));
            if let Some(last) = runs.as_ref().and_then(|runs| runs.last()) {
                behind = last.source + last.octets;
            }
            Placed { made, runs, stretches }
        })
        .collect()
}

/// The stretches of something made, each up to the beginning and the end of its lines.
fn stretches(source: &[u8], made: &Made) -> Vec<Range<usize>> {
    let mut all: Vec<Range<usize>> = Vec::new();
    for place in &made.places {
        let start = usize::try_from(place.start).unwrap_or(usize::MAX).min(source.len());
        let end = usize::try_from(place.end).unwrap_or(usize::MAX).clamp(start, source.len());
        let before = source.get(..start).unwrap_or_default();
        let start = memchr::memrchr(b'\n', before).map_or(0, |at| at + 1);
        let last = source.get(end.saturating_sub(1)..).unwrap_or_default();
        let end = memchr::memchr(b'\n', last).map_or(source.len(), |at| end.saturating_sub(1) + at);
        match all.last_mut() {
            Some(last) if last.end >= start => last.end = last.end.max(end),
            _ => all.push(start..end.max(start)),
        }
    }
    all
}

/// Stretches of a source, one after the other.
struct Joined<'s> {
    octets: Cow<'s, [u8]>,
    /// Where each begins among the octets, and where it is in the source.
    parts: Vec<(usize, Range<usize>)>,
}

impl<'s> Joined<'s> {
    fn of(source: &'s [u8], stretches: &[Range<usize>]) -> Self {
        if let [one] = stretches {
            let octets = Cow::Borrowed(source.get(one.clone()).unwrap_or_default());
            return Self { octets, parts: vec![(0, one.clone())] };
        }
        let mut octets = Vec::new();
        let mut parts = Vec::new();
        for stretch in stretches {
            parts.push((octets.len(), stretch.clone()));
            octets.extend_from_slice(source.get(stretch.clone()).unwrap_or_default());
            octets.push(b'\n');
        }
        Self { octets: Cow::Owned(octets), parts }
    }

    /// Where among the octets an octet of the source is.
    fn at(&self, source: usize) -> usize {
        let part = self.parts.iter().find(|(_, part)| part.contains(&source));
        part.map_or(0, |(start, part)| start + source - part.start)
    }

    /// Runs among the octets as runs of the source.
    fn in_source(&self, runs: &[Run]) -> Vec<Run> {
        let of_source = |run: &Run| {
            let next = self.parts.partition_point(|(start, _)| *start <= run.source);
            let (start, part) = self.parts.get(next.checked_sub(1)?)?;
            Some(Run { source: part.start + run.source - start, ..*run })
        };
        runs.iter().filter_map(of_source).collect()
    }
}

/// The octets with BS in place of those that somebody took back, so that they agree with nothing.
fn without_erased(octets: &[u8]) -> Cow<'_, [u8]> {
    if memchr::memchr(BS, octets).is_none() {
        return Cow::Borrowed(octets);
    }
    let mut left = octets.to_vec();
    // The places of what a terminal shows.
    let mut shown = Vec::new();
    let mut at = 0;
    while let Some(rest) = octets.get(at..).filter(|rest| !rest.is_empty()) {
        at += match rest {
            [BS, b' ', BS, ..] | [BS, ESC, ..] => {
                if let Some(octet) = shown.pop().and_then(|place: usize| left.get_mut(place)) {
                    *octet = BS;
                }
                if rest.get(1) == Some(&b' ') { 3 } else { 1 }
            }
            [ESC, ..] => escape(rest),
            _ => {
                shown.push(at);
                1
            }
        };
    }
    Cow::Owned(left)
}

/// How many octets an escape sequence takes: `ESC [ 2 K`, which a letter ends.
pub(super) fn escape(octets: &[u8]) -> usize {
    octets.iter().position(u8::is_ascii_alphabetic).map_or(octets.len(), |at| at + 1)
}

/// The runs of a text in the octets from `start` on.
fn find(text: &[u8], octets: &[u8], start: usize, left: &mut usize) -> Option<Vec<Run>> {
    if text.is_empty() {
        return Some(Vec::new());
    }
    let all = octets.get(start..)?;
    let near = all.get(..all.len().min(text.len() * 8 + NEAR))?;
    let farther = (near.len() < all.len()).then_some(all);
    for within in std::iter::once(near).chain(farther) {
        spend(left, within.len())?;
        if let Some(at) = verbatim(text, within) {
            return Some(vec![Run { text: 0, source: start + at, octets: text.len() }]);
        }
        let behind_code = if is_coded(text) { CODE } else { 0 };
        for (skipped, length) in [
            (0, 12),
            (0, 6),
            (1, 6),
            (behind_code, 6),
            (behind_code, 3),
            (0, 3),
            (1, 3),
            (2, 3),
            (0, 1),
        ] {
            let Some(head) = text.get(skipped..skipped + length) else { continue };
            spend(left, within.len())?;
            for at in memmem::find_iter(within, head).take(4) {
                spend(left, text.len())?;
                if let Some(runs) = walk(text, octets, skipped, start + at) {
                    return Some(runs);
                }
            }
        }
    }
    None
}

fn spend(left: &mut usize, octets: usize) -> Option<()> {
    *left = left.checked_sub(octets)?;
    Some(())
}

/// Where a text stands as it is: where it fills a line, or what counts as one, if it does anywhere.
fn verbatim(text: &[u8], octets: &[u8]) -> Option<usize> {
    let mut best = None;
    for at in memmem::find_iter(octets, text).take(PLACES) {
        let before = octets.get(..at).unwrap_or_default();
        let behind = octets.get(at + text.len()..).unwrap_or_default();
        let begins = matches!(
            before,
            [] | [.., b'\\', b'n' | b'r' | b't'] | [.., b'\n' | b'"' | b'>' | b' ' | b'\t']
        );
        let ends =
            matches!(behind, [] | [b'\\' | b'\r' | b'\n' | b'"' | b'<' | b'\'' | b' ' | 0x1b, ..]);
        let fits = u8::from(begins) + u8::from(ends);
        if best.is_none_or(|(before, _)| fits > before) {
            best = Some((fits, at));
        }
        if fits == 2 {
            break;
        }
    }
    best.map(|(_, at)| at)
}

/// How far from where two texts part they may meet again, within a line and beyond its end.
const REACH: usize = 32;
const REACH_BEYOND: usize = 512;
/// How many octets of the text may have no place in a row.
const MADE_UP: usize = 3;

/// The code of a reply, and the sign behind it: a record may hold it once for all of the reply's lines.
const CODE: usize = 4;

/// Whether a text begins as a line of a reply does.
const fn is_coded(text: &[u8]) -> bool {
    matches!(text, [b'2'..=b'5', b'0'..=b'9', b'0'..=b'9', b' ' | b'-', ..])
}

/// Follows a text and its source from where they agree; `None` where they part for good.
fn walk(text: &[u8], octets: &[u8], mut at: usize, mut source: usize) -> Option<Vec<Run>> {
    let mut runs: Vec<Run> = Vec::new();
    while at < text.len() {
        let same = text.get(at..)?.iter().zip(octets.get(source..)?);
        let same = same.take_while(|(one, other)| one == other).count();
        if same > 0 {
            runs.push(Run { text: at, source, octets: same });
            at += same;
            source += same;
            continue;
        }
        let (made_up, skipped) = meet(text.get(at..)?, octets.get(source..)?)?;
        at += made_up;
        source += skipped;
    }
    Some(runs)
}

/// How many octets of the text, and of its source, are left out until they agree again.
fn meet(text: &[u8], octets: &[u8]) -> Option<(usize, usize)> {
    let line = octets.iter().take(REACH).position(|octet| matches!(octet, b'\r' | b'\n'));
    let beyond =
        line.is_some_and(|at| octets.get(..at).unwrap_or_default().trim_ascii().is_empty());
    let (reach, lengths) =
        if beyond { (REACH_BEYOND, &[8, 3][..]) } else { (REACH, &[6, 4, 2, 1][..]) };
    let near = octets.get(..octets.len().min(reach))?;
    for length in lengths {
        let mut best: Option<(usize, usize)> = None;
        for made_up in 0..=(if is_coded(text) { CODE } else { MADE_UP }) {
            let rest = text.get(made_up..).unwrap_or_default();
            let head = rest.get(..rest.len().min(*length)).unwrap_or_default();
            if head.is_empty() {
                break;
            }
            let found = if beyond && head.len() == rest.len() {
                last_of_line(head, near)
            } else {
                memmem::find(near, head)
            };
            if let Some(skipped) = found
                && best.is_none_or(|(before, far)| skipped + 2 * made_up < far + 2 * before)
            {
                best = Some((made_up, skipped));
            }
        }
        if best.is_some() {
            return best;
        }
    }
    // The text ends with what has no place.
    (text.len() <= MADE_UP).then_some((text.len(), 0))
}

/// Where the end of a text stands: mostly where its line ends, too.
fn last_of_line(end: &[u8], octets: &[u8]) -> Option<usize> {
    let is_last = |at: &usize| {
        let behind = octets.get(at + end.len()..).unwrap_or_default();
        matches!(behind, [] | [b'\r' | b'\n', ..])
    };
    let last = memmem::find_iter(octets, end).find(is_last);
    last.or_else(|| memmem::find(octets, end))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::account::Belongs;

    /// The source with every octet of the text that has a place taken out.
    fn without(source: &str, text: &str) -> Option<String> {
        let places = std::iter::once(0..source.len() as u64).collect();
        let made = [Made { belongs: Belongs::Command, text: text.into(), places }];
        let placed = placed(source.as_bytes(), &made);
        let runs = placed.first().unwrap().runs.as_ref()?;
        let mut left = source.as_bytes().to_vec();
        for run in runs {
            let octets = left.get_mut(run.source..run.source + run.octets).unwrap();
            assert_eq!(octets, text.as_bytes().get(run.text..run.text + run.octets).unwrap());
            octets.fill(b'.');
        }
        Some(String::from_utf8(left).unwrap().replace('.', ""))
    }

    #[test]
    fn what_is_no_text_is_left() {
        for (source, text, left) in [
            (
                "> \x1b[1mAUTH\x1b[0m PLAIN AGFub\x1b[K",
                "AUTH PLAIN AGFub",
                Some("> \x1b[1m\x1b[0m\x1b[K"),
            ),
            ("AUTH\u{a0}PLAIN\u{a0}AGFub", "AUTH PLAIN AGFub", Some("\u{a0}\u{a0}")),
            ("AUTH&nbsp;PLAIN&nbsp;AGFub", "AUTH PLAIN AGFub", Some("&nbsp;&nbsp;")),
            ("AUTX\x08 \x08H PLAIN x", "AUTH PLAIN x", Some("X\x08 \x08")),
            (
                "a: AUTH PLAIN AGF\n2026 stdout F ubgBz=\n",
                "AUTH PLAIN AGFubgBz=",
                Some("a: \n2026 stdout F \n"),
            ),
            ("RCPT TO:&lt;bob@a-b&gt;", "RCPT TO:<bob@a-b>", Some("&lt;&gt;")),
            ("&lt;bob@a-b&gt;", "<bob@a-b>", Some("&lt;&gt;")),
            ("e5 e6 e7 e8 e9", "MAIL FROM", None),
        ] {
            assert_eq!(without(source, text).as_deref(), left, "{source:?}");
        }
    }
}
