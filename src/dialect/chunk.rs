//! A known number of octets, shown as lines of text whose endings the record does not show.
//!
//! Not a dialect: `tshark -z follow,tcp,ascii`, `tcpdump -A` and `socat -v` write the number of octets
//! before (or beside) the text. Each line took one octet more than it shows, or two; so the number is
//! not exact, and what follows decides where it leaves a choice.

use super::{Reading, octets::Wire};
use crate::transcript::Mark;

/// The lines of one packet or chunk so far.
#[derive(Debug, Default, Clone, Copy)]
pub(super) struct Chunk {
    /// The number of octets that was announced.
    octets: usize,
    /// How many octets the lines take if all end with LF.
    least: usize,
    /// How many if all end with CR LF.
    most: usize,
    /// How many lines came.
    lines: usize,
    /// Blank lines that came when the octets may have been complete.
    pub(super) blanks: usize,
}

impl Chunk {
    /// Nothing of so many octets has come yet.
    pub(super) const fn new(octets: usize) -> Self {
        Self { octets, least: 0, most: 0, lines: 0, blanks: 0 }
    }

    /// Whether nothing of it has come yet.
    pub(super) const fn is_new(&self) -> bool {
        self.lines == 0
    }

    /// Counts a line of this length.
    pub(super) const fn count(&mut self, length: usize) {
        self.least = self.least.saturating_add(length + 1);
        self.most = self.most.saturating_add(length + 2);
        self.lines += 1;
    }

    /// Counts a line and reads it: `None` where the octets stop within it, so that it waits in `wire` for
    /// what the next packet brings.
    pub(super) fn line<'l>(
        &mut self,
        line: &'l [u8],
        mark: Mark,
        wire: &mut Wire,
        bare: bool,
    ) -> Option<Reading<'l>> {
        self.count(line.len());
        if self.may_be_over() && self.last_is_open(bare) {
            wire.hold(line);
            return None;
        }
        if !wire.is_holding() {
            return Some(Reading::said(mark, line));
        }
        let mut whole = wire.take();
        whole.extend_from_slice(line);
        Some(Reading::unescaped(mark, whole, line))
    }

    /// Counts a line that took exactly so many octets with its LF.
    pub(super) const fn count_exactly(&mut self, octets: usize) {
        self.least = self.least.saturating_add(octets);
        self.most = self.most.saturating_add(octets);
        self.lines += 1;
    }

    /// Whether all octets may be there.
    pub(super) const fn may_be_over(&self) -> bool {
        self.most >= self.octets || self.least > self.octets
    }

    /// Whether a line of this length may be one more of them: all that came may have ended with LF.
    pub(super) const fn has_room(&self, length: usize) -> bool {
        self.least.saturating_add(self.blanks).saturating_add(length) <= self.octets
    }

    /// Whether the last line that was counted has no ending: the octets stop within it.
    ///
    /// `bare` says that lines are known to end with LF alone.
    pub(super) const fn last_is_open(&self, bare: bool) -> bool {
        self.least == self.octets + 1 || (self.most == self.octets + 2 && !bare)
    }

    /// Whether a single line proves that lines end with LF alone (`true`) or CR LF (`false`).
    pub(super) const fn proves_bare(&self) -> Option<bool> {
        match (self.lines, self.least == self.octets, self.most == self.octets) {
            (1, true, _) => Some(true),
            (1, _, true) => Some(false),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_decide_where_they_can() {
        for (octets, lengths, may, open) in [
            (9, &[7][..], true, false),
            (8, &[7], true, false),
            (7, &[7], true, true),
            (74, &[17, 12, 29], false, false),
            (74, &[17, 12, 29, 8], true, false),
            (72, &[17, 12, 29, 8], true, true),
            (1, &[0], true, false),
            (5, &[4], true, false),
        ] {
            let mut chunk = Chunk::new(octets);
            for length in lengths {
                chunk.count(*length);
            }
            let found = (chunk.may_be_over(), chunk.last_is_open(false));
            assert_eq!(found, (may, open), "{octets} {lengths:?}");
            let room = chunk.has_room(lengths.len() + 1);
            assert!(may != room, "{octets} {lengths:?}");
        }
    }
}
