//! A message that is too long to be kept whole: its beginning and its last line are kept, its middle is counted.
//!
//! What a message says matters little beyond its header, and a message has any length. So memory is bounded,
//! and the message is one all the same, with all its octets.

use crate::{
    span::Span,
    transcript::{Fact, Turn},
};

/// Leaves out the middle of one message after the other in a draft or a transcript.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Middle {
    /// The fact that tells what was left out of the message that is being sent, by its place.
    counted: Option<usize>,
}

impl Middle {
    /// Takes the next line of a message whose beginning is as long as it may be: it stands in the place of the line
    /// before it, which is left out from now on. Returns whether one was.
    pub(super) fn take(
        &mut self,
        text: &[u8],
        mut turn: Turn,
        bytes: &mut Vec<u8>,
        turns: &mut Vec<Turn>,
        facts: &mut Vec<(usize, Fact)>,
    ) -> bool {
        let counted = self.counted.and_then(|place| facts.get_mut(place));
        let left_out = if let Some((at, Fact::MessageLeftOut { lines, octets })) = counted
            && *at + 1 == turns.len()
            && let Some(before) = turns.pop()
        {
            *lines += 1;
            *octets += before.text.len() as u64 + 2;
            if before.text.end == bytes.len() {
                bytes.truncate(before.text.start);
            }
            true
        } else {
            self.counted = Some(facts.len());
            facts.push((turns.len(), Fact::MessageLeftOut { lines: 0, octets: 0 }));
            false
        };
        let start = bytes.len();
        bytes.extend_from_slice(text);
        turn.text = Span::new(start, bytes.len());
        turns.push(turn);
        left_out
    }

    /// The message is over, or something else stands in it.
    pub(super) const fn over(&mut self) {
        self.counted = None;
    }
}
