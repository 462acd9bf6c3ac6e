//! Octets whose first ones can be looked at before they are read.

use std::io::{self, BufReader, Cursor, Read, Seek, SeekFrom};

use super::limits::Measured;
use super::text::FIRST_WINDOW;

/// Octets of which the first have been looked at and are still to be read.
pub(super) struct Started<'r> {
    start: Vec<u8>,
    at: usize,
    octets: Octets<'r>,
    /// Whether there is nothing after the first octets.
    ended: bool,
    /// Why no more than the first octets could be read.
    failure: Option<io::Error>,
}

enum Octets<'r> {
    File(Measured),
    Other(Box<dyn Read + 'r>),
}

impl Read for Octets<'_> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        match self {
            Self::File(file) => file.read(into),
            Self::Other(octets) => octets.read(into),
        }
    }
}

/// Octets that can be read from any place.
pub(super) trait Seekable: Read + Seek {}
impl<R: Read + Seek> Seekable for R {}

/// All octets at once, or no more than were asked for.
pub(super) enum Whole<'r> {
    /// All of them; or those before a failure.
    Read(Vec<u8>, Option<io::Error>),
    /// There are more of them.
    TooLarge(Started<'r>),
}

impl<'r> Started<'r> {
    pub(super) fn new(octets: Box<dyn Read + 'r>) -> Self {
        Self::look(Octets::Other(octets))
    }

    pub(super) fn file(file: Measured) -> Self {
        Self::look(Octets::File(file))
    }

    fn look(mut octets: Octets<'r>) -> Self {
        /// Most files are small, and are read at once.
        const AT_FIRST: usize = 4 << 10;
        let mut start = vec![0; AT_FIRST];
        let mut filled = 0;
        let mut failure = None;
        let ended = loop {
            if filled == start.len() {
                if filled >= FIRST_WINDOW {
                    break false;
                }
                start.resize((filled * 4).min(FIRST_WINDOW), 0);
            }
            match octets.read(start.get_mut(filled..).unwrap_or_default()) {
                Ok(0) => break true,
                Ok(read) => filled += read,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => {
                    failure = Some(error);
                    break true;
                }
            }
        };
        start.truncate(filled);
        Self { start, at: 0, octets, ended, failure }
    }

    /// The first octets: [`FIRST_WINDOW`] of them, or all.
    pub(super) fn start(&self) -> &[u8] {
        &self.start
    }

    /// How many octets there are, where all of them have been looked at.
    pub(super) fn all(&self) -> Option<usize> {
        (self.ended && self.failure.is_none()).then_some(self.start.len())
    }

    /// Leaves out the first octets.
    pub(super) fn after(mut self, octets: usize) -> Self {
        self.at = octets;
        self
    }

    /// All octets in memory, if they are no more than `limit`.
    pub(super) fn whole(mut self, limit: u64) -> Whole<'r> {
        let mut all = Vec::new();
        let failure = (&mut self).take(limit.saturating_add(1)).read_to_end(&mut all).err();
        if all.len() as u64 > limit {
            all.extend_from_slice(self.start.get(self.at..).unwrap_or_default());
            return Whole::TooLarge(Self {
                start: all,
                at: 0,
                octets: self.octets,
                ended: self.ended,
                failure: failure.or(self.failure),
            });
        }
        Whole::Read(all, failure)
    }

    /// The same octets from their beginning, to be read from any place: the file itself, or all of
    /// them in memory if they are no more than `limit`.
    pub(super) fn seekable(mut self, limit: u64) -> io::Result<Option<Box<dyn Seekable + 'r>>> {
        if let Octets::File(file) = &mut self.octets
            && file.seek(SeekFrom::Start(0)).is_ok()
        {
            return Ok(match self.octets {
                Octets::File(file) => Some(Box::new(BufReader::new(file))),
                Octets::Other(_) => None,
            });
        }
        match self.whole(limit) {
            Whole::Read(_, Some(error)) => Err(error),
            Whole::Read(all, None) => Ok(Some(Box::new(Cursor::new(all)))),
            Whole::TooLarge(_) => Ok(None),
        }
    }
}

impl Read for Started<'_> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let mut rest = self.start.get(self.at..).unwrap_or_default();
        if rest.is_empty() {
            self.start = Vec::new();
            return match self.failure.take() {
                Some(error) => Err(error),
                None if self.ended => Ok(0),
                None => self.octets.read(into),
            };
        }
        let octets = rest.read(into)?;
        self.at += octets;
        Ok(octets)
    }
}
