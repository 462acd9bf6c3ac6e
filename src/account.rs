//! Every octet of a source is accounted for: it belongs to exactly one piece.
//!
//! This is what makes it impossible to lose a line in silence: put one after the other, the pieces are
//! the source again.

use crate::transcript::{Ending, Label, Transcript};

/// What an octet of a source is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Belongs {
    /// To a command.
    Command,
    /// To a reply.
    Reply,
    /// To a message.
    Message,
    /// To a line of an AUTH dialogue.
    Credentials,
    /// To what a recorder writes around the text of a line: its mark, its time, its key.
    Mark,
    /// To a remark of the recording tool.
    Remark,
    /// To text around the dialogue.
    Prose,
    /// To the ending of a line.
    LineEnding,
}

/// A stretch of octets that belong to the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Piece {
    /// The first octet.
    pub offset: u64,
    /// How many octets.
    pub octets: u64,
    /// What they are.
    pub belongs: Belongs,
}

/// A line of the source: where it lies, and how it ends.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Row {
    pub(crate) offset: u64,
    pub(crate) octets: u64,
    pub(crate) ending: Ending,
}

/// The pieces of a source of this length with these lines and transcripts.
pub(crate) fn account(length: u64, lines: &[Row], transcripts: &[Transcript]) -> Vec<Piece> {
    let mut claims: Vec<Piece> = transcripts
        .iter()
        .flat_map(|transcript| &transcript.turns)
        .filter_map(|turn| {
            let belongs = match turn.label {
                Label::Prose => return None,
                Label::Remark => Belongs::Remark,
                Label::Command => Belongs::Command,
                Label::Reply => Belongs::Reply,
                Label::Message | Label::EndOfData => Belongs::Message,
                Label::Credentials => Belongs::Credentials,
            };
            let octets = turn.place.octets.into();
            Some(Piece { offset: turn.place.offset, octets, belongs })
        })
        .filter(|claim| claim.octets > 0)
        .collect();
    claims.sort_by_key(|claim| (claim.offset, claim.octets));
    let mut pieces = Pieces { done: Vec::new(), at: 0 };
    let mut claims = claims.into_iter().peekable();
    // What began on a line before and goes on: its end, and what it is.
    let mut open: Option<(u64, Belongs)> = None;
    for line in lines {
        let end = line.offset + line.octets;
        let text_end = end.saturating_sub(ending_octets(line.ending)).max(line.offset);
        // A byte order mark before the first line.
        pieces.up_to(line.offset, Belongs::Mark);
        if let Some((until, belongs)) = open {
            pieces.up_to(until.min(text_end), belongs);
        }
        let spoken = claims.peek().is_some_and(|claim| claim.offset < end);
        let around = if spoken { Belongs::Mark } else { Belongs::Prose };
        while let Some(claim) = claims.next_if(|claim| claim.offset < end) {
            pieces.up_to(claim.offset.min(text_end), around);
            let until = claim.offset + claim.octets;
            pieces.up_to(until.min(text_end), claim.belongs);
            open = Some((until, claim.belongs)).filter(|(until, _)| *until > end);
        }
        pieces.up_to(text_end, around);
        pieces.up_to(end, Belongs::LineEnding);
    }
    pieces.up_to(length, Belongs::Prose);
    pieces.done
}

const fn ending_octets(ending: Ending) -> u64 {
    match ending {
        Ending::Lf | Ending::Cr => 1,
        Ending::CrLf => 2,
        Ending::CrCrLf => 3,
        Ending::None | Ending::Shown(_) => 0,
    }
}

struct Pieces {
    done: Vec<Piece>,
    at: u64,
}

impl Pieces {
    /// Gives the octets up to `end` to `belongs`; nothing where they are given away already.
    fn up_to(&mut self, end: u64, belongs: Belongs) {
        if end <= self.at {
            return;
        }
        let octets = end - self.at;
        match self.done.last_mut() {
            Some(last) if last.belongs == belongs => last.octets += octets,
            _ => self.done.push(Piece { offset: self.at, octets, belongs }),
        }
        self.at = end;
    }
}
