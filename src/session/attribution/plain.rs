//! A dialogue that leaves nothing to weigh: every line marked, each one what the protocol expects next.
//!
//! Most sessions of a server's log are like that, and the cheapest path through the states is then found by
//! going along it: from the one state that the session is in, one step costs nothing, or there is only one.
//! Each other step costs more than all that is still to come on the path, so no other path is cheaper. Where
//! that does not hold, nothing is decided here, and the trellis weighs all paths.
//!
//! Commands that are sent without waiting are counted instead ([`Group`]): the states do not count, but
//! whatever path goes through them reads a marked command as a command, and its reply as a reply.

use super::{
    features::{Asks, Features, ReplyShape, Side, Turning},
    state::State,
    steps::{Holds, Step, steps},
};
use crate::{
    grammar::{
        command::known_verb,
        reply::{self, Separator},
    },
    transcript::{Draft, Fact, Label, Mark},
};

/// Margins from here on are no doubt at all.
const CERTAIN: f32 = 8.0;

/// Labels the turns of a draft that holds one whole plain session; `false`, and nothing labelled that
/// counts, where it is none.
pub(in crate::session) fn attribute(draft: &mut Draft) -> bool {
    let Some(server) = servers_mark(draft) else { return false };
    let mut facts = draft.facts.iter().peekable();
    let mut state = State::Out;
    let mut cost = 0.0;
    // What a path that leaves this one costs at least.
    let mut least_other = f32::INFINITY;
    let mut commands = 0;
    let mut replies_with_text = 0;
    let mut closed = false;
    let mut group: Option<Group> = None;
    for (index, turn) in draft.turns.iter_mut().enumerate() {
        let mut turning = Turning::None;
        while let Some((_, fact)) = facts.next_if(|(at, _)| *at <= index) {
            turning = match fact {
                Fact::Opening if index == 0 => Turning::Opens,
                Fact::Opened if index == 0 && turning == Turning::None => Turning::Connected,
                Fact::Closed(_) => Turning::Closes,
                Fact::Opening | Fact::ConnectFailed(_) => return false,
                _ => turning,
            };
        }
        if closed {
            return false;
        }
        closed = turning == Turning::Closes;
        let text = turn.text.slice(&draft.bytes).trim_ascii();
        let line = match turn.mark {
            Mark::Tool => looks(Side::Tool, turning),
            Mark::Unmarked => return false,
            mark if mark == server => {
                let Some(line) = server_line(text, turning) else { return false };
                replies_with_text += usize::from(text.len() > 4);
                line
            }
            _ => {
                commands += 1;
                if group.is_some() || matches!(state, State::Waiting(_)) {
                    let Some(joined) = Group::joined(group, state, text) else { return false };
                    group = Some(joined);
                    (turn.label, turn.first) = (Label::Command, true);
                    continue;
                }
                let Some(line) = client_line(text, state, turning) else { return false };
                line
            }
        };
        if let (Some(waiting), Some(reply)) = (&mut group, line.reply) {
            (turn.label, turn.first) = (Label::Reply, !waiting.within);
            let Some(answered) = waiting.answered(reply) else { return false };
            if let Some(next) = answered {
                group = None;
                state = next;
            }
            continue;
        }
        let Some(Chosen { step, second }) = choose(state, &line) else { return false };
        if step.begins != (index == 0) {
            return false;
        }
        least_other = least_other.min(cost + second);
        cost += step.cost;
        turn.label = step.label;
        turn.first = step.first;
        // What follows a refused DATA may be the message; a known verb is a command all the same.
        state = if step.next == State::Derailed { State::Ready } else { step.next };
    }
    cost += state.end();
    commands > 0 && replies_with_text > 0 && cost < least_other && group.is_none()
}

/// Commands that were sent without waiting for the replies to those before them.
#[derive(Debug, Clone, Copy)]
struct Group {
    /// How many wait for a reply.
    waiting: usize,
    /// What the last one asks for.
    last: Asks,
    /// A reply of several lines is under way.
    within: bool,
}

impl Group {
    /// The group with one more command; `None` where a command may not stand in one, or not there.
    fn joined(group: Option<Self>, state: State, text: &[u8]) -> Option<Self> {
        let first = match state {
            State::Waiting(asks) => Some(Self { waiting: 1, last: asks, within: false }),
            _ => None,
        };
        let Self { waiting, last, within } = group.or(first)?;
        let next = verb(text)?;
        let open = last == Asks::Other && matches!(next, Asks::Other | Asks::Data | Asks::Quit);
        (open && !within).then_some(Self { waiting: waiting + 1, last: next, within })
    }

    /// Takes a line of a reply. `Some(None)` where more replies are due, the state behind the group where
    /// this was the last; `None` for a reply that answers none of these commands.
    fn answered(&mut self, reply: ReplyShape) -> Option<Option<State>> {
        self.within = reply.goes_on;
        let last = self.waiting == 1;
        let fits = match reply.code {
            354 => last && self.last == Asks::Data,
            221 => last && self.last == Asks::Quit,
            220 | 334 | 421 => false,
            _ => !(last && self.last == Asks::Quit),
        };
        if !fits {
            return None;
        }
        if reply.goes_on {
            return Some(None);
        }
        self.waiting -= 1;
        let behind = match reply.code {
            354 => State::Message,
            221 => State::Closing,
            _ => State::Ready,
        };
        Some(last.then_some(behind))
    }
}

/// What the verb that a line begins with asks for.
fn verb(text: &[u8]) -> Option<Asks> {
    let word = text.split(|octet| *octet == b' ').next().unwrap_or_default();
    Some(Asks::of(known_verb(word)?.id))
}

/// The server's mark, where the first lines of a draft show it beyond doubt.
fn servers_mark(draft: &Draft) -> Option<Mark> {
    let (first, rest) = draft.turns.split_first()?;
    if first.mark != Mark::Tool || draft.facts.first().is_none_or(|(at, _)| *at > 0) {
        return None;
    }
    let mut spoken = rest.iter().filter(|turn| turn.mark != Mark::Tool);
    let greeting = spoken.next()?;
    let line = reply::reply_line(draft.text(greeting).trim_ascii())?;
    (line.code == 220 && draft.turns.iter().all(|turn| turn.dialect == first.dialect))
        .then_some(greeting.mark)
}

/// One step from a state, and what the next best one costs.
struct Chosen {
    step: Step,
    second: f32,
}

/// The step that costs nothing, or the only one; none where another with the same label is as good, or
/// one with another label nearly.
fn choose(state: State, line: &Features) -> Option<Chosen> {
    let mut best: Option<Step> = None;
    let mut second = f32::INFINITY;
    let mut doubtful = f32::INFINITY;
    steps(state, line, Holds::Both, &mut |step: Step| {
        let worse = match &best {
            Some(known) if known.cost <= step.cost => Some(step),
            _ => best.replace(step),
        };
        if let Some(worse) = worse {
            second = second.min(worse.cost);
            if best.is_some_and(|best| best.label != worse.label) {
                doubtful = doubtful.min(worse.cost);
            }
        }
    });
    let step = best?;
    let alone = second == f32::INFINITY;
    ((step.cost == 0.0 || alone) && second > step.cost && doubtful >= CERTAIN)
        .then_some(Chosen { step, second })
}

/// A line of a side of which nothing else matters.
const fn looks(side: Side, turning: Turning) -> Features {
    Features {
        side,
        turning,
        blank: false,
        dot: false,
        reply: None,
        asks: Asks::Junk,
        command: 0.0,
        base64: false,
        header: false,
        sentence: false,
        annotation: false,
        ornament: false,
        binary: false,
        foreign: false,
        refused_next: false,
    }
}

/// A well-formed line of a reply; `None` for anything else.
fn server_line(text: &[u8], turning: Turning) -> Option<Features> {
    let line = reply::reply_line(text)?;
    let plain = matches!(line.separator, Separator::Space | Separator::Hyphen)
        || (line.separator == Separator::End && text.len() == 3);
    if !plain || !matches!(line.code, 200..=599) {
        return None;
    }
    let reply = ReplyShape { code: line.code, goes_on: line.continues(), oddity: 0.0, idle: false };
    Some(Features { reply: Some(reply), ..looks(Side::Server, turning) })
}

/// A command with a known verb, a line of the message, of an AUTH dialogue; `None` for anything else.
fn client_line(text: &[u8], state: State, turning: Turning) -> Option<Features> {
    let line = looks(Side::Client, turning);
    match state {
        State::Message => Some(Features { dot: text == b".", blank: text.is_empty(), ..line }),
        State::Challenge => Some(line),
        State::Ready => Some(Features { asks: verb(text)?, ..line }),
        _ => None,
    }
}
