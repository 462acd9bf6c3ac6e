//! Who said each line: the cheapest path through the protocol's own states.
//!
//! The lines of a record come with the mark that they carry, if any. Each way of reading a line in a
//! state has a cost (`steps`); this file finds the path that costs least over the whole record, in time
//! linear in its lines, and how much dearer each line's second-best reading would have been: the
//! confidence. Marked and unmarked lines go the same way; a mark only rules readings out.

mod client;
mod features;
mod orient;
pub(super) mod plain;
mod server;
mod state;
mod steps;

use features::{Asks, Features, Side, Turning};
pub(in crate::session) use orient::Customs;
use state::COUNT;
pub(super) use state::State;
use steps::{Holds, Step};

use crate::transcript::{Draft, Fact, Label, Mark, Turn};

/// A line's reading on the cheapest path.
#[derive(Debug, Clone, Copy)]
pub(in crate::session) struct Attributed {
    pub(super) label: Label,
    pub(super) first: bool,
    pub(super) begins: bool,
    /// The state after the line.
    pub(super) after: State,
    /// How much dearer the cheapest path with another label for this line is.
    pub(super) margin: f32,
}

/// A line behind which a message without marks goes on, beyond doubt: read as one of the message, it costs nothing,
/// and whoever leaves the message before it leaves it as well behind it.
pub(in crate::session) fn goes_on_with_message(text: &[u8]) -> Option<Attributed> {
    let line = Features::of(text, Side::Unknown, Turning::None);
    let plain = line.reply.is_none() && line.command >= 0.5 && !line.dot;
    plain.then_some(Attributed {
        label: Label::Message,
        first: true,
        begins: false,
        after: State::Message,
        margin: steps::LEAVES_MESSAGE,
    })
}

/// Reads all turns of a draft, beginning in `start`, with what was learnt of marks before it.
pub(in crate::session) fn attribute(
    draft: &Draft,
    start: State,
    customs: &mut Customs,
) -> Vec<Attributed> {
    let in_message = matches!(start, State::Message | State::EarlyMessage);
    let lines = look(draft, in_message, customs);
    // Where a message is being sent, there were commands and replies before it.
    let holds = if start == State::Message { Holds::Both } else { holds(&lines) };
    Trellis::fill(&lines, start, holds).path(&lines, holds)
}

/// The features of each line.
fn look(draft: &Draft, in_message: bool, customs: &mut Customs) -> Vec<Features> {
    let sides = orient::sides(draft, in_message, customs);
    let mut facts = draft.facts.iter().peekable();
    let mut lines: Vec<Features> = draft
        .turns
        .iter()
        .zip(sides)
        .enumerate()
        .map(|(index, (turn, side))| {
            let mut turning = Turning::None;
            while let Some((_, fact)) = facts.next_if(|(at, _)| *at <= index) {
                turning = match (fact, turning) {
                    (Fact::Closed(_), _) => Turning::Closes,
                    // `Connecting To mx...Could not open connection` opens and fails on one line.
                    (Fact::ConnectFailed(_), Turning::Opens) => Turning::OpensInVain,
                    (Fact::ConnectFailed(_), _) => Turning::Fails,
                    (Fact::Opening, Turning::None | Turning::Connected) => Turning::Opens,
                    (Fact::Opened, Turning::None) => Turning::Connected,
                    _ => turning,
                };
            }
            Features::of(text(draft, turn), side, turning)
        })
        .collect();
    let fences = draft.turns.iter().enumerate().filter(|(_, turn)| {
        turn.mark == Mark::Tool && text(draft, turn).trim_ascii_start().starts_with(b"```")
    });
    let fences: Vec<usize> = fences.map(|(index, _)| index).collect();
    for pair in fences.windows(2) {
        if let [from, to] = pair
            && let Some(between) = lines.get_mut(from + 1..*to)
        {
            talk(between);
        }
    }
    let headless = headless(&lines);
    lines.iter_mut().take(headless).for_each(|line| line.headless = line.side == Side::Client);
    let mut refused = false;
    let mut secret = false;
    // The line right behind is refused as no command, and is not itself followed by its blank line.
    let mut unknown = false;
    for line in lines.iter_mut().rev().filter(|line| line.side != Side::Tool) {
        if line.blank {
            line.refused_next = unknown;
            unknown = false;
            continue;
        }
        // What a reply or a mark tells needs no such reason.
        line.secret_ahead = secret && line.reply.is_none() && line.side == Side::Unknown;
        secret = line.reply.is_none() && (secret || line.base64 && line.command >= 1.0);
        unknown = line.reply.is_some_and(|reply| matches!(reply.code, 500 | 502) && !reply.goes_on);
        line.refused_next = refused && line.reply.is_none();
        refused = line.reply.is_some_and(|reply| matches!(reply.code, 500..=504 | 550 | 554));
    }
    lines
}

/// What it costs to take for commands what people write between two blocks of a record.
const TALK: f32 = 8.0;

/// Lines between two fences of which none is a reply, a command or a secret are what somebody says about the
/// blocks before and behind them.
fn talk(between: &mut [Features]) {
    let spoken = |line: &Features| {
        line.reply.is_some() || line.base64 || line.dot || !line.blank && line.command < 1.0
    };
    if between.iter().any(spoken) {
        return;
    }
    for line in between.iter_mut().filter(|line| line.side == Side::Unknown) {
        line.command = line.command.max(TALK);
    }
}

/// How many lines are the rest of a message whose beginning the record does not show: what the client is marked
/// to have said before the first reply, where the first of it is no command and the last one a dot.
fn headless(lines: &[Features]) -> usize {
    let before = lines.iter().take_while(|line| line.side != Side::Server);
    let said = || before.clone().filter(|line| line.side == Side::Client);
    let junk = said().next().is_some_and(|line| line.asks == Asks::Junk && !line.dot);
    let ends = said().last().is_some_and(|line| line.dot);
    if junk && ends { before.count() } else { 0 }
}

fn text<'d>(draft: &'d Draft, turn: &Turn) -> &'d [u8] {
    draft.text(turn)
}

/// What the record holds, as far as the lines' looks tell.
fn holds(lines: &[Features]) -> Holds {
    let replies = lines
        .iter()
        .filter(|line| {
            line.side != Side::Client && line.reply.is_some_and(|reply| reply.oddity < 1.0)
        })
        .count();
    let commands = lines
        .iter()
        .filter(|line| {
            line.side == Side::Client
                || (!matches!(line.side, Side::Server | Side::Tool)
                    && line.command < 1.0
                    && !line.blank)
        })
        .count();
    match (commands, replies) {
        (0, 2..) => Holds::RepliesOnly,
        (2.., 0) => Holds::CommandsOnly,
        _ => Holds::Both,
    }
}

/// How a cell of the trellis was reached.
#[derive(Debug, Clone, Copy)]
struct Back {
    from: u8,
    label: Label,
    first: bool,
    begins: bool,
}

const NOWHERE: f32 = f32::INFINITY;

/// How much dearer than the cheapest one a state may be before nobody goes on from it. Far more than any
/// later line can make up for; it keeps the work for a marked line to a few states.
const BEAM: f32 = 24.0;

/// Costs of reaching each state before each line, and the way back.
struct Trellis {
    costs: Vec<[f32; COUNT]>,
    backs: Vec<[Back; COUNT]>,
}

impl Trellis {
    fn fill(lines: &[Features], start: State, holds: Holds) -> Self {
        let nothing = Back { from: 0, label: Label::Prose, first: false, begins: false };
        let mut costs = vec![[NOWHERE; COUNT]; lines.len() + 1];
        let mut backs = vec![[nothing; COUNT]; lines.len()];
        if let Some(cell) = costs.first_mut().and_then(|row| row.get_mut(start.index())) {
            *cell = 0.0;
        }
        for (index, (line, back)) in lines.iter().zip(&mut backs).enumerate() {
            let Some([here, next]) = costs.get_mut(index..index + 2) else { break };
            let cheapest = here.iter().copied().fold(NOWHERE, f32::min);
            let ways = State::ALL.iter().zip(0_u8..).zip(here.iter_mut());
            for ((&state, from), so_far) in ways {
                if *so_far > cheapest + BEAM {
                    *so_far = NOWHERE;
                }
                let so_far = *so_far;
                if so_far == NOWHERE {
                    continue;
                }
                steps::steps(state, line, holds, &mut |step: Step| {
                    let total = so_far + step.cost;
                    let to = step.next.index();
                    if let (Some(cell), Some(way)) = (next.get_mut(to), back.get_mut(to))
                        && total < *cell
                    {
                        *cell = total;
                        let Step { label, first, begins, .. } = step;
                        *way = Back { from, label, first, begins };
                    }
                });
            }
        }
        Self { costs, backs }
    }

    /// The cheapest path, with each line's margin.
    fn path(&self, lines: &[Features], holds: Holds) -> Vec<Attributed> {
        let ends = self.costs.last().copied().unwrap_or([NOWHERE; COUNT]);
        // What it costs to go on from each state to the end of the record.
        let mut onward: [f32; COUNT] = State::ALL.map(State::end);
        let cheapest = |costs: &[f32; COUNT], onward: &[f32; COUNT]| {
            costs
                .iter()
                .zip(onward)
                .map(|(before, after)| before + after)
                .enumerate()
                .min_by(|(_, one), (_, other)| one.total_cmp(other))
        };
        let Some((mut at, best)) = cheapest(&ends, &onward) else { return Vec::new() };
        let mut path = Vec::with_capacity(lines.len());
        let rows = self.costs.iter().zip(&self.backs).zip(lines).rev();
        for ((costs, backs), line) in rows {
            let Some(&Back { from, label, first, begins }) = backs.get(at) else { break };
            let after = State::ALL.get(at).copied().unwrap_or(State::Out);
            let mut before = [NOWHERE; COUNT];
            let mut second = NOWHERE;
            for (index, &state) in State::ALL.iter().enumerate() {
                let so_far = costs.get(index).copied().unwrap_or(NOWHERE);
                let Some(cell) = before.get_mut(index) else { break };
                if so_far == NOWHERE {
                    continue;
                }
                steps::steps(state, line, holds, &mut |step: Step| {
                    let rest =
                        step.cost + onward.get(step.next.index()).copied().unwrap_or(NOWHERE);
                    *cell = cell.min(rest);
                    if step.label != label {
                        second = second.min(so_far + rest);
                    }
                });
            }
            let margin = (second - best).max(0.0);
            path.push(Attributed { label, first, begins, after, margin });
            onward = before;
            at = usize::from(from);
        }
        path.reverse();
        path
    }
}
