//! Which mark is the server's: from what the lines say, never from the glyph.
//!
//! `>>>` is the client in one tool and the server in the next. For each stretch of marked lines, the
//! mark whose lines look like replies is the server's; the other one is the client's. Only where the
//! lines do not tell, the dialect's custom decides.

use super::features::Side;
use crate::{
    dialect::{self, Custom, Unmarked},
    grammar::{
        reply::{self, Separator},
        shape::{self, Plausibility},
    },
    transcript::{Draft, Fact, Mark, Turn},
};

/// The side of each turn; where the draft begins in a message, its marks are the sides' that they were before.
pub(super) fn sides(draft: &Draft, in_message: bool, customs: &mut Customs) -> Vec<Side> {
    let mut sides = Vec::with_capacity(draft.turns.len());
    let mut start = 0;
    let mut facts = draft.facts.iter().peekable();
    let mut shut = false;
    // Nothing is under way after the last line under a mark, and the dialect of that line.
    let mut ended = false;
    let mut speaking = None;
    for (index, turn) in draft.turns.iter().enumerate() {
        let mut opens = false;
        let mut closes = false;
        while let Some((_, fact)) = facts.next_if(|(at, _)| *at <= index) {
            // Another tool has made a connection.
            let another = *fact == Fact::Opened && speaking.is_some() && turn.dialect != speaking;
            opens |= fact.opens() || another;
            closes |= matches!(fact, Fact::Closed(_));
        }
        // What follows a closed connection is another stretch, once somebody speaks again.
        // So is a greeting without a mark behind a dialogue with marks in which nothing is under way.
        let unmarked = ended && turn.mark == Mark::Unmarked && greets(draft.text(turn));
        if (opens || unmarked || (shut && turn.mark != Mark::Tool)) && index > start {
            stretch(draft, start..index, in_message && start == 0, customs, &mut sides);
            start = index;
        }
        if matches!(turn.mark, Mark::First | Mark::Second) {
            ended = ends(draft.text(turn));
            speaking = turn.dialect;
        }
        ended &= !unmarked;
        shut = closes || (shut && turn.mark == Mark::Tool);
    }
    let all = draft.turns.len();
    stretch(draft, start..all, in_message && start == 0, customs, &mut sides);
    sides
}

/// `220 …`, as servers greet.
fn greets(text: &[u8]) -> bool {
    reply::reply_line(text.trim_ascii()).is_some_and(|reply| reply.code == 220)
}

/// Whether nothing is under way after what was said: a whole reply, but none that asks for more, or QUIT.
fn ends(text: &[u8]) -> bool {
    let text = text.trim_ascii();
    let reply = reply::reply_line(text);
    reply.map_or_else(
        || text.eq_ignore_ascii_case(b"QUIT"),
        |reply| {
            !matches!(reply.separator, Separator::Hyphen | Separator::Dash)
                && !matches!(reply.code, 300..=399)
        },
    )
}

/// What was last decided for each dialect, for stretches that do not tell themselves.
#[derive(Debug, Default)]
pub(in crate::session) struct Customs(Vec<(u16, bool)>);

impl Customs {
    fn has(&self, dialect: u16) -> bool {
        self.0.iter().any(|(known, _)| *known == dialect)
    }

    fn first_is_client(&self, dialect: u16) -> bool {
        self.0.iter().find(|(known, _)| *known == dialect).map_or_else(
            || {
                dialect::ALL
                    .get(usize::from(dialect))
                    .is_none_or(|dialect| dialect.custom == Custom::FirstIsClient)
            },
            |(_, decided)| *decided,
        )
    }

    fn remember(&mut self, dialect: u16, first_is_client: bool) {
        match self.0.iter_mut().find(|(known, _)| *known == dialect) {
            Some(entry) => entry.1 = first_is_client,
            None => self.0.push((dialect, first_is_client)),
        }
    }
}

/// What the lines under a dialect's two marks look like.
#[derive(Debug, Clone, Copy, Default)]
struct Tally {
    dialect: u16,
    /// How much speaks for the first mark being the client's; negative for the server's.
    score: i32,
    lines: usize,
    last: usize,
    first: usize,
}

fn stretch(
    draft: &Draft,
    range: std::ops::Range<usize>,
    in_message: bool,
    customs: &mut Customs,
    sides: &mut Vec<Side>,
) {
    let turns = draft.turns.get(range.clone()).unwrap_or_default();
    let mut tallies: Vec<Tally> = Vec::new();
    for (place, turn) in turns.iter().enumerate() {
        let (Mark::First | Mark::Second, Some(dialect)) = (turn.mark, turn.dialect) else {
            continue;
        };
        let sign = if turn.mark == Mark::First { 1 } else { -1 };
        let position = tallies.iter().position(|tally| tally.dialect == dialect);
        if position.is_none() {
            tallies.push(Tally { dialect, first: place, ..Tally::default() });
        }
        let position = position.unwrap_or(tallies.len() - 1);
        if let Some(tally) = tallies.get_mut(position) {
            tally.lines += 1;
            tally.last = place;
            tally.score += sign * looks_like_client(draft.text(turn));
        }
    }
    for tally in &tallies {
        // The lines of a message may look like anything.
        if tally.score != 0 && !(in_message && customs.has(tally.dialect)) {
            customs.remember(tally.dialect, tally.score > 0);
        }
    }
    let behind = given_up(draft, turns, &tallies);
    for (place, turn) in turns.iter().enumerate() {
        let unmarked = turn.mark == Mark::Unmarked && place >= behind;
        sides.push(if unmarked { Side::Unknown } else { side(turn, place, &tallies, customs) });
    }
}

/// From where on a dialogue stands that carries no marks, behind one that does: whoever wrote them gave it up, or this
/// is another dialogue.
fn given_up(draft: &Draft, turns: &[Turn], tallies: &[Tally]) -> usize {
    let Some(last) = tallies.iter().map(|tally| tally.last).max() else { return 0 };
    let behind = turns.iter().skip(last + 1).filter(|turn| turn.mark == Mark::Unmarked);
    let (mut commands, mut replies) = (0, 0);
    for turn in behind {
        match looks_like_client(draft.text(turn)) {
            1 => commands += 1,
            -1 => replies += 1,
            _ => {}
        }
    }
    if commands >= 2 && replies >= 2 { last + 1 } else { turns.len() }
}

fn side(turn: &Turn, place: usize, tallies: &[Tally], customs: &Customs) -> Side {
    match (turn.mark, turn.dialect) {
        (Mark::Tool, _) => Side::Tool,
        (Mark::First | Mark::Second, Some(dialect)) => {
            if (turn.mark == Mark::First) == customs.first_is_client(dialect) {
                Side::Client
            } else {
                Side::Server
            }
        }
        _ => {
            // The dialect whose marked lines stand around this one, or before it.
            let marked = tallies
                .iter()
                .filter(|tally| tally.lines >= 2 && tally.first < place)
                .max_by_key(|tally| (tally.last > place, tally.lines));
            match marked.and_then(|tally| dialect::ALL.get(usize::from(tally.dialect))) {
                None => Side::Unknown,
                Some(dialect) if dialect.unmarked == Unmarked::Both => Side::Unknown,
                Some(dialect) => Side::Outside(dialect.unmarked),
            }
        }
    }
}

/// 1 for a line that only a client would say, -1 for a server's, 0 for anything else.
fn looks_like_client(text: &[u8]) -> i32 {
    let text = text.trim_ascii();
    if let Some(reply) = reply::reply_line(text) {
        return if matches!(reply.code, 200..=559) { -1 } else { 0 };
    }
    i32::from(shape::shape(text).plausible == Plausibility::Exact)
}
