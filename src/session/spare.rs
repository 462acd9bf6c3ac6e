//! The room of sessions that nobody needs any more, for those that are to come.
//!
//! The thread that reads a record makes the room that a session takes, and another one is often the last to
//! need it. Were it given back there, both threads would wait for each other at the allocator's door, for a
//! quarter of the time; so the room comes back here.

use crate::transcript::{Draft, Transcript};

/// How many drafts are kept.
const DRAFTS: usize = 1 << 10;

/// Room for octets of text, and for lines.
pub(super) type Room = (usize, usize);

/// How much a draft has at most that is kept.
const ROOM: Room = (4 << 10, 96);

/// One line of so many tells a fact.
const LINES_TO_A_FACT: usize = 4;

/// Drafts without anything in them.
#[derive(Default)]
pub(super) struct Spare {
    drafts: Vec<Draft>,
}

impl Spare {
    /// Takes back the room of sessions that are done with.
    pub(super) fn give(&mut self, spent: Vec<Transcript>) {
        for Transcript { mut bytes, mut turns, mut facts, key, .. } in spent {
            let large = bytes.capacity() > ROOM.0 || turns.capacity() > ROOM.1;
            if large || self.drafts.len() >= DRAFTS {
                continue;
            }
            bytes.clear();
            turns.clear();
            facts.clear();
            self.drafts.push(Draft { bytes, turns, facts, key, number: None });
        }
    }

    /// An empty draft with the room of an earlier session; where there is none, with this room.
    pub(super) fn take(&mut self, room: Room) -> Draft {
        let mut draft = self.drafts.pop().unwrap_or_else(|| fresh(room));
        draft.key = None;
        draft
    }

    /// The same for the session with this key.
    pub(super) fn take_for(&mut self, key: &[u8], room: Room) -> Draft {
        let mut draft = self.drafts.pop().unwrap_or_else(|| fresh(room));
        let known = draft.key.get_or_insert_default();
        known.clear();
        known.extend_from_slice(key);
        draft
    }
}

/// An empty draft with this room.
pub(super) fn fresh((octets, lines): Room) -> Draft {
    Draft {
        bytes: Vec::with_capacity(octets),
        turns: Vec::with_capacity(lines),
        facts: Vec::with_capacity(lines / LINES_TO_A_FACT),
        key: None,
        number: None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::session::split;

    #[test]
    fn nothing_of_the_session_before_is_left() {
        let mut draft = fresh((64, 8));
        draft.bytes.extend_from_slice(b"QUIT");
        draft.key = Some(b"7".to_vec());
        draft.number = Some(3);
        let mut spare = Spare::default();
        spare.give(vec![split::whole(draft)]);
        let next = spare.take_for(b"08", (1, 1));
        assert!(next.bytes.is_empty() && next.turns.is_empty() && next.facts.is_empty());
        assert_eq!(
            (next.bytes.capacity(), next.key, next.number),
            (64, Some(b"08".to_vec()), None)
        );
        assert_eq!(spare.take((1, 1)).bytes.capacity(), 1);
    }

    #[test]
    fn the_room_of_large_sessions_is_given_back() {
        let mut spare = Spare::default();
        spare.give(vec![split::whole(fresh((ROOM.0 + 1, 1)))]);
        assert!(spare.drafts.is_empty());
    }
}
