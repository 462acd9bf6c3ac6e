//! A line on its way from the source to a turn: as it stands, in parts without its wrappers, and what of it
//! a dialect read.

use std::borrow::Cow;

use crate::{
    dialect::{self, Reading},
    span::Span,
    transcript::{Ending, Label, Moment, Place, Turn},
    wrapping::{Joint, Peeled, Wrapper},
};

/// A line on its way to the dialects.
#[derive(Debug, Clone, Copy)]
pub struct Incoming<'l> {
    /// 1-based number in the source.
    pub number: u64,
    /// Octet of the source at which the line begins.
    pub offset: u64,
    /// How many octets of the source the line takes, with its ending.
    pub octets: u32,
    /// The line without its ending and without the wrappers around it.
    pub text: &'l [u8],
    /// Octets of the line before `text`, which wrappers took.
    pub skipped: usize,
    /// Octets of the line after `text`, which wrappers took.
    pub tail: usize,
    /// How the line ends.
    pub ending: Ending,
    /// When a logger or a collector took the line.
    pub at: Option<Moment>,
}

impl Incoming<'_> {
    /// Whether the text has another length than its octets in the source.
    fn decoded(&self) -> bool {
        let ending = match self.ending {
            Ending::Lf | Ending::Cr => 1,
            Ending::CrLf => 2,
            Ending::CrCrLf => 3,
            Ending::None | Ending::Shown(_) => 0,
        };
        self.skipped + self.text.len() + self.tail + ending != self.octets as usize
    }
}

/// A line without its wrappers, or a part of it.
pub(super) struct Part<'l> {
    /// The line's place in the window.
    pub(super) line: usize,
    /// What the line holds inside its wrappers.
    pub(super) text: Cow<'l, [u8]>,
    /// Octets of the line before it.
    pub(super) skipped: usize,
    /// Octets of the line that it was made from.
    pub(super) octets: usize,
    /// What the line is where it holds no text.
    pub(super) kind: Option<Wrapper>,
    /// It goes on where the line before it stopped.
    pub(super) joint: Option<Joint>,
    /// As it stands, the line is no recording tool's.
    pub(super) altered: bool,
    /// When a logger took the line.
    pub(super) at: Option<Moment>,
}

impl<'l> Part<'l> {
    pub(super) fn of(line: usize, whole: &'l [u8], start: usize, peeled: &Peeled<'_>) -> Self {
        let skipped = start + peeled.skipped;
        let same = whole.get(skipped..skipped + peeled.octets).filter(|text| *text == peeled.text);
        let text = same.map_or_else(|| Cow::Owned(peeled.text.to_vec()), Cow::Borrowed);
        let at = peeled.at.and_then(dialect::logged_at);
        let Peeled { octets, kind, joint, altered, .. } = *peeled;
        Self { line, text, skipped, octets, kind, joint, altered, at }
    }

    /// Whether it is another text than its line's.
    pub(super) fn is_unwrapped(&self, line: &Incoming<'_>) -> bool {
        self.text.len() != line.text.len() || matches!(self.text, Cow::Owned(_))
    }
}

/// Where a part of a line stands in the source.
pub(super) fn place(line: &Incoming<'_>, start: usize, octets: usize) -> Place {
    // A line that was decoded: its octets are not the source's.
    if line.skipped + line.text.len() > line.octets as usize || line.decoded() {
        let Incoming { number, offset, octets, .. } = *line;
        return Place { line: number, column: 1, offset, octets };
    }
    let before = line.skipped + start;
    Place {
        line: line.number,
        column: u32::try_from(before + 1).unwrap_or(u32::MAX),
        offset: line.offset + before as u64,
        octets: u32::try_from(octets).unwrap_or(u32::MAX),
    }
}

/// The turn that a dialect's reading of a line becomes.
pub(super) fn turn(line: &Incoming<'_>, dialect: u16, reading: &Reading<'_>) -> Turn {
    let part = match (&reading.text, reading.within) {
        (_, Some(within)) => within,
        (Cow::Borrowed(text), None) => text,
        (Cow::Owned(_), None) => line.text,
    };
    let span = Span::of(line.text, part);
    Turn {
        mark: reading.mark,
        label: Label::Prose,
        first: true,
        text: Span::default(),
        place: place(line, span.start, span.len()),
        ending: reading.ending.unwrap_or(line.ending),
        at: reading.at.or_else(|| line.at.filter(|_| dialect::is_timeless(dialect))),
        dialect: Some(dialect),
    }
}
