//! What a server read or wrote at once, shown as one escaped text: several lines, or a part of one.
//!
//! Not a dialect: servers that log what their sockets give them, and not lines, ask it.

use std::{borrow::Cow, collections::HashSet};

use super::{Reading, Say, escape::backslash_lines};
use crate::transcript::{Mark, Moment};

/// Which sessions' texts stopped in the middle of a line.
#[derive(Debug, Default)]
pub(super) struct Reads {
    unended: HashSet<(Mark, Vec<u8>)>,
}

impl Reads {
    /// Says the lines of an escaped text; the first goes on where the session's last one stopped.
    pub(super) fn say(
        &mut self,
        escaped: &[u8],
        mark: Mark,
        at: Option<Moment>,
        key: &[u8],
        say: Say<'_>,
    ) {
        // Most texts end with their line: nothing has to be looked up then.
        let mut goes_on = !self.unended.is_empty() && self.unended.remove(&(mark, key.to_vec()));
        let mut ended = true;
        for line in backslash_lines(escaped) {
            ended = line.ending.is_some();
            let reading = line.said(mark).at(at);
            let reading = Reading { joins: goes_on, key: Some(Cow::Borrowed(key)), ..reading };
            goes_on = false;
            say(reading);
        }
        if !ended {
            self.unended.insert((mark, key.to_vec()));
        }
    }

    /// The session is over.
    pub(super) fn forget(&mut self, key: &[u8]) {
        self.unended.retain(|(_, known)| known != key);
    }
}
