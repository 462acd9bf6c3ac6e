//! Every octet of a source is accounted for: it belongs to exactly one piece.
//!
//! This is what makes it impossible to lose a line in silence: put one after the other, the pieces are
//! the source again.

use std::ops::Range;

use crate::transcript::{Ending, Label, Mark, Transcript, Turn};

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

/// Something said whose text does not stand in the source as it is: escaped, decoded, coloured, or broken over
/// several lines.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Made {
    /// What it is.
    pub belongs: Belongs,
    /// What was said.
    pub text: Vec<u8>,
    /// The stretches of the source that it was made from, in octets.
    pub places: Vec<Range<u64>>,
}

/// What a source holds, for whoever changes what was said in it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Account {
    /// Every octet of the source; those from which something was made count as marks.
    pub pieces: Vec<Piece>,
    /// What was made from them, in the order of the source.
    pub made: Vec<Made>,
}

impl Account {
    /// Whether anything in the source is a command or a reply.
    pub fn is_dialogue(&self) -> bool {
        let is = |belongs: Belongs| matches!(belongs, Belongs::Command | Belongs::Reply);
        self.pieces.iter().any(|piece| is(piece.belongs))
            || self.made.iter().any(|made| is(made.belongs))
    }
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
    let claims =
        transcripts.iter().flat_map(|transcript| &transcript.turns).filter_map(claim).collect();
    divided(length, lines, claims)
}

/// The same, with what stands otherwise in the source than it was said.
pub(crate) fn account_of_made(source: &[u8], lines: &[Row], transcripts: &[Transcript]) -> Account {
    let mut made = Vec::new();
    let mut claims = Vec::new();
    for transcript in transcripts {
        // The end of a line that was broken, and nothing but that: it is no line that was made.
        let goes_on = |turn: &Turn| turn.mark == Mark::Tool && transcript.text(turn).is_empty();
        for (index, turn) in transcript.turns.iter().enumerate() {
            let Some(claim) = claim(turn) else { continue };
            let place = claim.offset..claim.offset + claim.octets;
            let text = transcript.text(turn);
            let stands = usize::try_from(place.start).ok().zip(usize::try_from(place.end).ok());
            let stands = stands.and_then(|(start, end)| source.get(start..end)) == Some(text);
            if stands || goes_on(turn) {
                claims.push(claim);
                continue;
            }
            let further = transcript.turns.get(index + 1..).unwrap_or_default().iter();
            let further = further.take_while(|turn| turn.mark == Mark::Tool);
            let end = place.end;
            let further = further.filter(|turn| goes_on(turn) && turn.place.offset >= end);
            let further = further.filter_map(claim_place);
            claims.push(Piece { belongs: Belongs::Mark, ..claim });
            let places = std::iter::once(place).chain(further).collect();
            made.push(Made { belongs: claim.belongs, text: text.to_vec(), places });
        }
    }
    made.sort_by_key(|made| made.places.first().map_or(0, |place| place.start));
    Account { pieces: divided(source.len() as u64, lines, claims), made }
}

/// Where a turn stands.
fn claim_place(turn: &Turn) -> Option<Range<u64>> {
    let octets = u64::from(turn.place.octets);
    (octets > 0).then_some(turn.place.offset..turn.place.offset + octets)
}

/// What a turn's octets belong to; `None` for prose, and for what takes none.
fn claim(turn: &Turn) -> Option<Piece> {
    let belongs = match turn.label {
        Label::Prose => return None,
        Label::Remark => Belongs::Remark,
        Label::Command => Belongs::Command,
        Label::Reply => Belongs::Reply,
        Label::Message | Label::EndOfData => Belongs::Message,
        Label::Credentials => Belongs::Credentials,
    };
    let place = claim_place(turn)?;
    Some(Piece { offset: place.start, octets: place.end - place.start, belongs })
}

/// The whole length in pieces: the claims, and what is around them.
fn divided(length: u64, lines: &[Row], mut claims: Vec<Piece>) -> Vec<Piece> {
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
