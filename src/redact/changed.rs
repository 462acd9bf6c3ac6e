//! A text while parts of it are replaced, in any order, each by as many octets.

use std::ops::Range;

use super::{
    message::fill,
    placed::{BS, ESC, Placed, Run, escape},
    secrets::wipe,
};

/// How many octets are looked through for each of the text's.
const EFFORT: usize = 64;

/// A text, and what it becomes.
pub(super) struct Changed<'t> {
    text: &'t [u8],
    out: Vec<u8>,
    /// Where something stands that was made from the text, in order.
    taken: Vec<(usize, usize)>,
    /// What becomes nothing but signs, whatever else is written there.
    wiped: Vec<(usize, usize)>,
    /// How many octets may still be looked through for words: a bound for hostile texts.
    left: usize,
}

impl<'t> Changed<'t> {
    /// Nothing is changed yet.
    pub(super) fn of(text: &'t [u8], placed: &[Placed<'_>]) -> Self {
        let mut taken: Vec<(usize, usize)> = Vec::new();
        let mut wiped = Vec::new();
        for placed in placed {
            let runs = placed.runs.as_deref().unwrap_or_default();
            taken.extend(runs.iter().map(|run| (run.source, run.source + run.octets)));
            // What somebody took back may be a password all the same.
            for pair in runs.windows(2) {
                if let [one, other] = pair {
                    wiped.extend(erased(text, one.source + one.octets, other.source));
                }
            }
            if let (Some(last), Some(end)) = (runs.last(), placed.stretches.last()) {
                wiped.extend(erased(text, last.source + last.octets, end.end));
            }
        }
        taken.sort_unstable();
        let mut out = Vec::new();
        out.extend_from_slice(text);
        let left = EFFORT.saturating_mul(text.len()).saturating_add(1 << 16);
        Self { text, out, taken, wiped, left }
    }

    /// Whether something made stands between these octets.
    pub(super) fn is_taken(&self, start: usize, end: usize) -> bool {
        let next = self.taken.partition_point(|(from, _)| *from < start);
        let before = next.checked_sub(1).and_then(|before| self.taken.get(before));
        before.is_some_and(|(_, to)| *to > start)
            || self.taken.get(next).is_some_and(|(from, _)| *from < end)
    }

    /// The stretches between these octets in which nothing made stands.
    pub(super) fn free(&self, start: usize, end: usize) -> Vec<(usize, usize)> {
        let mut free = Vec::new();
        let mut at = start;
        let next = self.taken.partition_point(|(from, _)| *from < start).saturating_sub(1);
        for (from, to) in self.taken.iter().skip(next).take_while(|(from, _)| *from < end) {
            if *from > at {
                free.push((at, *from));
            }
            at = at.max(*to);
        }
        if at < end {
            free.push((at, end));
        }
        free
    }

    /// Puts octets in the place of as many.
    pub(super) fn write(&mut self, start: usize, octets: &[u8]) {
        if let Some(place) = self.out.get_mut(start..start + octets.len()) {
            place.copy_from_slice(octets);
        }
    }

    /// Puts what differs between two texts where the first one stands; `false` where it has no place there.
    pub(super) fn write_runs(&mut self, text: &[u8], changed: &[u8], runs: &[Run]) -> bool {
        if text.len() != changed.len() {
            return false;
        }
        let mut at = 0;
        for run in runs {
            if text.get(at..run.text) != changed.get(at..run.text) {
                return false;
            }
            at = run.text + run.octets;
            let pairs = text.get(run.text..at).unwrap_or_default().iter();
            let pairs = pairs.zip(changed.get(run.text..at).unwrap_or_default());
            // `\/` in JSON is no escape any more with another sign behind the backslash.
            let before = run.source.checked_sub(1).and_then(|before| self.text.get(before));
            let escaped = before == Some(&b'\\') && text.get(run.text) != changed.get(run.text);
            let said = run.text.checked_sub(1).and_then(|before| text.get(before));
            if escaped && said != Some(&b'\\') && text.get(run.text) == Some(&b'/') {
                return false;
            }
            let place = self.out.get_mut(run.source..run.source + run.octets).unwrap_or_default();
            for (octet, (before, after)) in place.iter_mut().zip(pairs) {
                if before != after {
                    *octet = *after;
                }
            }
        }
        text.get(at..) == changed.get(at..)
    }

    /// Puts the words that differ between two texts where the first ones stand among those that something was made
    /// from; `false` where one of them does not.
    pub(super) fn write_words(&mut self, text: &[u8], changed: &[u8], placed: &Placed<'_>) -> bool {
        if text.len() != changed.len() || placed.stretches.iter().any(|one| self.is_encoded(one)) {
            return false;
        }
        let mut start = 0;
        for word in text.split_inclusive(|octet| is_between(*octet)) {
            let end = start + word.len();
            let stand_in = changed.get(start..end).unwrap_or_default();
            start = end;
            if word == stand_in {
                continue;
            }
            let length = word.iter().take_while(|octet| !is_between(**octet)).count();
            let (Some(word), Some(stand_in)) = (word.get(..length), stand_in.get(..length)) else {
                return false;
            };
            let mut found = false;
            for stretch in &placed.stretches {
                let octets = self.text.get(stretch.clone()).unwrap_or_default();
                let Some(left) = self.left.checked_sub(octets.len()) else { return false };
                self.left = left;
                for at in memchr::memmem::find_iter(octets, word) {
                    let before = octets.get(..at).and_then(<[u8]>::last);
                    let behind = octets.get(at + word.len());
                    if ![before, behind].into_iter().flatten().any(u8::is_ascii_alphanumeric) {
                        found = true;
                        self.write(stretch.start + at, stand_in);
                    }
                }
            }
            if !found {
                return false;
            }
        }
        true
    }

    /// Whether a line is nothing but octets in hexadecimal or base64: it names whom it names in another form.
    fn is_encoded(&self, line: &Range<usize>) -> bool {
        let line = self.text.get(line.clone()).unwrap_or_default().trim_ascii();
        let is_sign = |octet: &u8| octet.is_ascii_alphanumeric() || b"+/=".contains(octet);
        line.len() >= 8 && line.len().is_multiple_of(2) && line.iter().all(is_sign)
    }

    /// Leaves nothing of the lines that something was made from.
    pub(super) fn wipe(&mut self, placed: &Placed<'_>) {
        for stretch in &placed.stretches {
            if self.wiped.last() == Some(&(stretch.start, stretch.end)) {
                continue;
            }
            let mut filled = Vec::with_capacity(stretch.len());
            fill(self.text.get(stretch.clone()).unwrap_or_default(), &mut filled);
            if filled.len() == stretch.len() {
                self.write(stretch.start, &filled);
            }
            self.wiped.push((stretch.start, stretch.end));
        }
    }

    /// The text that it became.
    pub(super) fn done(mut self) -> Vec<u8> {
        for (start, end) in self.wiped {
            let place = self.out.get_mut(start..end).unwrap_or_default();
            place.iter_mut().filter(|octet| octet.is_ascii_alphanumeric()).for_each(wipe);
        }
        self.out
    }
}

/// What parts the words of what was said.
const fn is_between(octet: u8) -> bool {
    matches!(
        octet,
        b' ' | b'\t'
            | b'<'
            | b'>'
            | b'('
            | b')'
            | b'['
            | b']'
            | b':'
            | b','
            | b';'
            | b'"'
            | b'\''
            | b'`'
    )
}

/// The stretches between two octets that a terminal shows no more, without its own signs.
fn erased(text: &[u8], start: usize, end: usize) -> Vec<(usize, usize)> {
    let mut stretches = Vec::new();
    let gap = text.get(start..end).unwrap_or_default();
    // `^`, BS, `^H` is how a control character shows.
    if !gap.windows(2).any(|two| matches!(two, [BS, b' ' | ESC])) {
        return stretches;
    }
    let mut at = start;
    for (place, octet) in gap.iter().enumerate() {
        let place = start + place;
        if *octet == ESC {
            stretches.push((at, place));
            at = place + escape(text.get(place..end).unwrap_or_default());
        }
    }
    stretches.push((at.min(end), end));
    stretches
}
