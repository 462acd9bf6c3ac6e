//! Lines that the client may have said: commands, the message, credentials.

use super::{
    features::{Asks, Features, Side},
    state::State,
    steps::{Holds, Step, step},
};
use crate::{dialect::Unmarked, transcript::Label};

/// The client said it.
pub(super) fn from_client(
    state: State,
    line: &Features,
    holds: Holds,
    take: &mut impl FnMut(Step),
) {
    use State as S;
    let (side, command) = match line.side {
        Side::Client => (0.0, 0.0),
        // Words between two replies, the second a refusal, were a command to the server.
        Side::Unknown | Side::Outside(Unmarked::Client | Unmarked::Both) if line.refused_next => {
            (0.0, (line.command - 2.5).max(0.0))
        }
        Side::Unknown | Side::Outside(Unmarked::Client | Unmarked::Both) => (0.0, line.command),
        Side::Outside(_) => (5.0, line.command),
        Side::Server | Side::Tool => return,
    };
    let marked = line.side == Side::Client;
    let asks = line.asks;
    match state {
        S::Message | S::EarlyMessage => {
            return message(state, line, if side > 0.0 { 1.0 } else { 0.0 }, take);
        }
        S::Challenge => {
            let cost = if marked || line.base64 {
                0.0
            } else if line.secret_ahead {
                6.0
            } else if line.sentence && !line.annotation {
                4.0
            } else if line.reply.is_some() {
                5.0
            } else {
                1.5
            };
            return take(step(Label::Credentials, side + cost, S::Waiting(Asks::Auth)));
        }
        S::Waiting(Asks::Data) | S::SeveralData if !line.dot => {
            // The 354 is not in the record, or comes later.
            let cost = match line {
                // `C: ... (the message) ...`
                _ if (marked || holds == Holds::CommandsOnly) && line.omission => 0.2,
                // `C: Subject: Hi`
                _ if marked && line.header && line.command >= 1.0 => 0.3,
                // Nobody sends words that are no command right behind DATA, unless they are the message.
                _ if marked && asks == Asks::Junk => 1.0,
                _ if line.header => 2.5,
                _ => 5.0,
            };
            let cost = cost + if line.command < like_command(holds) { 2.0 } else { 0.0 };
            if line.reply.is_none() {
                let cost: f32 = if holds == Holds::CommandsOnly { cost - 2.4 } else { cost };
                take(step(Label::Message, side + cost.max(0.1), S::EarlyMessage));
            }
        }
        S::Waiting(Asks::Chunk) | S::SeveralChunks => {
            let cost = if marked || line.header { 0.2 } else { 1.0 };
            let cost = cost + if line.command < 0.5 { 3.0 } else { 0.0 };
            if line.reply.is_none() {
                take(step(Label::Message, side + cost, state));
            }
        }
        S::Waiting(Asks::Auth) if line.base64 => {
            // Where no reply is recorded, nothing but its place tells a secret from a command.
            let blind = holds == Holds::CommandsOnly && asks == Asks::Junk;
            let cost = if blind { 0.0 } else { 2.0 };
            take(step(Label::Credentials, side + cost, S::Waiting(Asks::Auth)));
        }
        _ => {}
    }
    if line.reply.is_some() && !marked {
        return;
    }
    let alone = holds == Holds::CommandsOnly;
    // Where only the client's half is recorded, what follows DATA is the message.
    let due = alone && matches!(state, S::Waiting(Asks::Data) | S::SeveralData);
    let loose = asks == Asks::Junk || line.command >= like_command(holds);
    let command = if due && loose { command + 4.0 } else { command };
    let (extra, next, begins) = match state {
        S::Out => {
            let enter = match asks {
                Asks::Hello => 3.0,
                Asks::Junk => 8.0,
                _ => 4.0,
            };
            let enter = if marked {
                0.3
            } else if alone {
                enter - 1.5
            } else {
                enter
            };
            (enter, S::Waiting(asks), true)
        }
        S::Paused => {
            let resume = if matches!(asks, Asks::Junk) { 6.0 } else { 1.2 };
            (if marked { 0.1 } else { resume }, S::Waiting(asks), false)
        }
        S::PausedWaiting => (if marked { 0.5 } else { 1.8 }, S::Several, false),
        // Where no reply is recorded, none was waited for.
        S::Open | S::Early if alone => (0.1, S::Waiting(asks), false),
        S::Open | S::Early => (if marked { 0.5 } else { 1.5 }, S::Early, false),
        S::Ready => (0.0, S::Waiting(asks), false),
        S::Derailed => {
            let junk = (asks == Asks::Junk || line.header) && !line.ornament;
            let cost = if junk { 1.0 } else { command };
            take(Step {
                label: Label::Command,
                cost: side + cost,
                next: S::SeveralJunk,
                first: true,
                begins: false,
            });
            (0.0, S::Waiting(asks), false)
        }
        S::SeveralJunk if asks == Asks::Junk && !line.ornament => {
            return take(step(Label::Command, side + 1.0, S::SeveralJunk));
        }
        S::SeveralJunk => (0.5, S::Several, false),
        S::Waiting(before) => {
            let cost = match before {
                _ if alone => 0.1,
                _ if marked => 0.5,
                Asks::Hello | Asks::Auth | Asks::Restart => 3.0,
                _ if asks == Asks::Junk => 3.0,
                _ => 1.2,
            };
            (cost, several(asks, alone), false)
        }
        S::Several | S::SeveralData | S::SeveralChunks => (0.3, several(asks, alone), false),
        S::SeveralSent if alone => (0.1, several(asks, alone), false),
        S::SeveralSent => (0.3, S::SeveralSent, false),
        S::Final => (if alone { 0.1 } else { 1.0 }, S::Several, false),
        S::Greeting => (if marked { 1.0 } else { 3.0 }, S::Several, false),
        S::Within(_) | S::WithinSeveral | S::WithinSeveralData | S::WithinSent | S::WithinFinal => {
            (if marked { 1.0 } else { 4.0 }, S::Several, false)
        }
        S::Closing => (if marked { 0.5 } else { 2.5 + command }, S::Waiting(asks), false),
        S::Bare | S::WithinBare => (1.5, S::Waiting(asks), false),
        S::Message | S::EarlyMessage | S::Challenge => return,
    };
    if state == S::Out && line.headless {
        let read = step(Label::Message, side + 0.1, S::Message);
        take(Step { begins: true, ..read });
    }
    let mut read = step(Label::Command, side + extra + command, next);
    read.begins = begins;
    take(read);
}

/// From which cost on words are rather the message than a command, where it is due. Where nobody answers, only what fits
/// the grammar is a command: `Hello there` begins a letter.
fn like_command(holds: Holds) -> f32 {
    if holds == Holds::CommandsOnly { 0.1 } else { 1.0 }
}

/// The state after a command that does not wait for the one before it; `alone` where no reply is recorded at all.
const fn several(asks: Asks, alone: bool) -> State {
    match asks {
        // What the dialogue of AUTH goes on with stands behind it.
        Asks::Auth if alone => State::Waiting(asks),
        Asks::Data => State::SeveralData,
        Asks::Chunk => State::SeveralChunks,
        _ => State::Several,
    }
}

/// A line while the message is being sent.
fn message(state: State, line: &Features, side: f32, take: &mut impl FnMut(Step)) {
    let after = if state == State::Message { State::Final } else { State::SeveralSent };
    if line.dot {
        take(step(Label::EndOfData, side, after));
        take(step(Label::Message, side + 8.0, state));
        return;
    }
    let doubt = match line.reply {
        Some(reply) if line.side == Side::Unknown => (0.6 - reply.oddity).max(0.1),
        _ if line.command < 0.5 && line.side == Side::Unknown => 0.5,
        // However long a message is, each line of it costs nothing: no length speaks for its having ended.
        _ => 0.0,
    };
    take(step(Label::Message, side + doubt, state));
    if state == State::EarlyMessage && line.command < 1.0 {
        // Without a dot, the message may have been left out of the record.
        take(step(Label::Command, side + 4.0 + line.command, State::Several));
    }
}
