//! What a line may mean in each state: the costs of attribution.
//!
//! A path through these states is a reading of the record. Each step reads one line as prose, remark,
//! command, reply, message or credentials, and costs what that reading asks one to believe: nothing
//! where the line is what the protocol expects next, much where a reply answers nothing or a sentence
//! passes for a command. The cheapest path wins (`attribute`). Costs are on one scale, roughly natural
//! logarithms of odds; only their differences matter.

use super::{
    client::from_client,
    features::{Asks, Features, Side, Turning},
    server::from_server,
    state::State,
};
use crate::transcript::Label;

/// What it costs to believe that a message without its final dot is over and that somebody else speaks.
pub(super) const LEAVES_MESSAGE: f32 = 7.0;

/// What the whole record tells before any line is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Holds {
    /// Commands and replies.
    Both,
    /// No line looks like a command.
    RepliesOnly,
    /// No line looks like a reply.
    CommandsOnly,
}

/// One way to read a line.
#[derive(Debug, Clone, Copy)]
pub(super) struct Step {
    pub(super) label: Label,
    pub(super) cost: f32,
    pub(super) next: State,
    /// A command or a reply begins with this line.
    pub(super) first: bool,
    /// A session begins with this line.
    pub(super) begins: bool,
}

/// Tells `take` every way to read the line in this state.
pub(super) fn steps(state: State, line: &Features, holds: Holds, take: &mut impl FnMut(Step)) {
    use State as S;
    if line.side == Side::Tool {
        return remark(state, line, take);
    }
    if line.blank && !matches!(line.side, Side::Client | Side::Server) {
        return blank(state, line, holds, take);
    }
    prose(state, line, take);
    if line.annotation && !matches!(state, State::Message | State::EarlyMessage) {
        take(step(Label::Remark, 0.3, state));
    }
    // The rest of a reply was left out.
    if line.elided && matches!(state, S::Within(_) | S::Greeting) {
        take(step(Label::Remark, 0.5, S::Ready));
    }
    // Somebody tells what comes next; between the lines of a reply it may be the server.
    let told = line.announces && line.command >= 4.0;
    if told && matches!(state, S::Open | S::Early | S::Waiting(_) | S::Final | S::Challenge) {
        take(step(Label::Prose, 1.0, state));
    }
    if line.secret_ahead && !line.base64 && state == S::Challenge {
        take(step(Label::Prose, 1.0, state));
    }
    from_client(state, line, holds, take);
    from_server(state, line, holds, take);
}

pub(super) fn step(label: Label, cost: f32, next: State) -> Step {
    Step { label, cost, next, first: true, begins: false }
}

fn remark(state: State, line: &Features, take: &mut impl FnMut(Step)) {
    use State as S;
    let stay = step(Label::Remark, 0.0, state);
    match line.turning {
        Turning::None => take(stay),
        Turning::OpensInVain => {
            let (cost, begins) = match state {
                S::Message | S::EarlyMessage => (2.5, true),
                // One command may try several addresses.
                S::Open => (0.0, false),
                S::Out | S::Paused | S::Closing | S::Bare => (0.0, true),
                S::Ready | S::Derailed => (0.5, true),
                _ => (1.5, true),
            };
            take(Step { next: S::Closing, cost, begins, ..stay });
        }
        Turning::Opens => match state {
            // One command may try several addresses.
            S::Open => take(stay),
            S::Message | S::EarlyMessage => {
                take(Step { cost: 1.0, ..stay });
                take(Step { next: S::Open, cost: 2.5, begins: true, ..stay });
            }
            _ => {
                let cost = match state {
                    S::Out | S::Paused | S::Closing | S::Bare => 0.0,
                    S::Ready | S::Derailed => 0.5,
                    _ => 1.5,
                };
                take(Step { next: S::Open, cost, begins: true, ..stay });
            }
        },
        Turning::Connected => match state {
            S::Out | S::Closing | S::Bare => {
                take(Step { next: S::Open, begins: true, ..stay });
            }
            _ => take(stay),
        },
        Turning::Fails => {
            // The first remark of a failure is the session; the ones after it go on about it.
            let begins = matches!(state, S::Out);
            let cost = if matches!(state, S::Message | S::EarlyMessage) { 2.0 } else { 0.0 };
            take(Step { next: S::Closing, cost, begins, ..stay });
        }
        Turning::Closes => {
            let cost = match state {
                S::Message | S::EarlyMessage => 2.0,
                S::Waiting(_) | S::Within(_) | S::Several | S::SeveralData | S::Final => 0.5,
                _ => 0.0,
            };
            take(Step { next: S::Out, cost, ..stay });
            if matches!(state, S::Message) {
                take(Step { cost: 3.0, ..stay });
            }
        }
    }
}

fn blank(state: State, line: &Features, holds: Holds, take: &mut impl FnMut(Step)) {
    match state {
        // Return was pressed, and the server did not know that command.
        State::Ready | State::Derailed if line.refused_next && holds == Holds::Both => {
            take(step(Label::Command, 1.5, State::Waiting(Asks::Junk)));
            take(step(Label::Prose, 0.0, state));
        }
        State::Message | State::EarlyMessage => take(step(Label::Message, 0.0, state)),
        State::Challenge => {
            take(step(Label::Prose, 0.0, state));
            take(step(Label::Credentials, 1.5, State::Waiting(Asks::Auth)));
        }
        // A chunk has its blank lines too.
        State::Waiting(Asks::Chunk) | State::SeveralChunks => {
            take(step(Label::Message, 0.0, state));
            take(step(Label::Prose, 2.0, state));
        }
        _ => take(step(Label::Prose, 0.0, state)),
    }
}

/// The line is no part of the dialogue.
fn prose(state: State, line: &Features, take: &mut impl FnMut(Step)) {
    use State as S;
    if matches!(line.side, Side::Client | Side::Server) {
        if matches!(state, S::Out) {
            take(step(Label::Prose, 8.0, state));
        }
        return;
    }
    let content = if let Some(reply) = line.reply {
        (4.5 - reply.oddity).max(0.0)
    } else if line.command < 0.5 {
        3.0
    } else if line.command < 1.0 {
        2.0
    } else if line.command < 3.0 {
        0.8
    } else {
        0.0
    };
    let content = content - if line.sentence { 0.5 } else { 0.0 };
    // Where the dialogue is marked, a line without a mark is easily something else: a page break, a note.
    if matches!(line.side, Side::Outside(_)) && !matches!(state, S::Out | S::Closing) {
        take(step(Label::Prose, 0.3 + content.max(0.0), state));
    }
    // The answer of another protocol, and what comes with it.
    if line.foreign && matches!(state, S::Open | S::Early | S::Waiting(_) | S::Several) {
        take(step(Label::Prose, 0.3, S::PausedWaiting));
    }
    let mut read = |cost: f32, next| take(step(Label::Prose, (cost + content).max(0.0), next));
    match state {
        S::Out => read(0.0, state),
        S::Paused | S::PausedWaiting => read(0.05, state),
        S::Open => {
            read(0.4, state);
            read(1.5, S::Out);
        }
        S::Ready | S::Derailed => {
            read(3.0, state);
            read(2.2, S::Paused);
        }
        S::Waiting(_) | S::Early => {
            read(3.0, state);
            read(3.5, S::PausedWaiting);
        }
        S::Final => {
            read(3.0, state);
            read(3.5, S::Paused);
        }
        S::Within(_)
        | S::WithinSeveral
        | S::WithinSeveralData
        | S::WithinSent
        | S::WithinFinal
        | S::Greeting => {
            read(3.5, state);
            read(4.0, S::PausedWaiting);
        }
        S::Several | S::SeveralData | S::SeveralJunk | S::SeveralChunks => {
            read(3.0, state);
            read(3.5, S::PausedWaiting);
        }
        // All was sent that there was to send.
        S::SeveralSent => {
            read(3.0, state);
            read(1.0, S::PausedWaiting);
        }
        S::Message | S::EarlyMessage => read(LEAVES_MESSAGE, S::Out),
        S::Challenge => {
            read(4.0, state);
            read(4.0, S::Paused);
        }
        S::Closing => take(step(Label::Prose, (content * 0.7).max(0.0), S::Out)),
        S::Bare | S::WithinBare => {
            read(1.5, state);
            read(1.5, S::Paused);
        }
    }
}
