//! The states that a session can be in, and what each line may mean there: the costs of attribution.
//!
//! A path through these states is a reading of the record. Each step reads one line as prose, remark,
//! command, reply, message or credentials, and costs what that reading asks one to believe: nothing
//! where the line is what the protocol expects next, much where a reply answers nothing or a sentence
//! passes for a command. The cheapest path wins (`attribute`). Costs are on one scale, roughly natural
//! logarithms of odds; only their differences matter.

use super::features::{Asks, Features, Side, Turning};
use crate::{dialect::Unmarked, transcript::Label};

/// Where the dialogue stands between two lines.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub(super) enum State {
    /// Outside any session.
    Out,
    /// Outside, but the session before it may go on: someone comments.
    Paused,
    /// The same, while a command waits for its reply.
    PausedWaiting,
    /// A connection is being made; the greeting is due.
    Open,
    /// Inside a greeting of several lines.
    Greeting,
    /// A command was sent before the greeting came.
    Early,
    /// Everything is answered; the client may speak.
    Ready,
    /// DATA was refused: what follows may be the message, taken for commands.
    Derailed,
    /// A command waits for its reply.
    Waiting(Asks),
    /// Inside a reply of several lines to such a command.
    Within(Asks),
    /// Several commands wait; the last is not DATA.
    Several,
    /// Several commands wait; the last is DATA.
    SeveralData,
    /// Several lines that were no commands wait for being refused.
    SeveralJunk,
    /// Inside a reply while several commands wait.
    WithinSeveral,
    /// The same where the last is DATA.
    WithinSeveralData,
    /// The message is being sent.
    Message,
    /// The message is being sent although no 354 was seen.
    EarlyMessage,
    /// The message was sent; its reply is due.
    Final,
    /// Inside the reply to the message.
    WithinFinal,
    /// 334 was seen: the client's line in the AUTH dialogue is due.
    Challenge,
    /// 221 or 421 was seen.
    Closing,
    /// Only replies are recorded.
    Bare,
    /// Inside a reply of several lines where only replies are recorded.
    WithinBare,
}

const ASKS: [Asks; 8] = [
    Asks::Hello,
    Asks::Data,
    Asks::Auth,
    Asks::Restart,
    Asks::Quit,
    Asks::Other,
    Asks::Junk,
    Asks::Chunk,
];

/// How many states there are.
pub(super) const COUNT: usize = 37;

impl State {
    /// All states, in the order of their indices.
    pub(super) const ALL: [Self; COUNT] = [
        Self::Out,
        Self::Paused,
        Self::PausedWaiting,
        Self::Open,
        Self::Greeting,
        Self::Early,
        Self::Ready,
        Self::Derailed,
        Self::Several,
        Self::SeveralData,
        Self::SeveralJunk,
        Self::WithinSeveral,
        Self::WithinSeveralData,
        Self::Message,
        Self::EarlyMessage,
        Self::Final,
        Self::WithinFinal,
        Self::Challenge,
        Self::Closing,
        Self::Bare,
        Self::WithinBare,
        Self::Waiting(ASKS[0]),
        Self::Waiting(ASKS[1]),
        Self::Waiting(ASKS[2]),
        Self::Waiting(ASKS[3]),
        Self::Waiting(ASKS[4]),
        Self::Waiting(ASKS[5]),
        Self::Waiting(ASKS[6]),
        Self::Waiting(ASKS[7]),
        Self::Within(ASKS[0]),
        Self::Within(ASKS[1]),
        Self::Within(ASKS[2]),
        Self::Within(ASKS[3]),
        Self::Within(ASKS[4]),
        Self::Within(ASKS[5]),
        Self::Within(ASKS[6]),
        Self::Within(ASKS[7]),
    ];

    /// Its place in [`State::ALL`].
    pub(super) const fn index(self) -> usize {
        match self {
            Self::Out => 0,
            Self::Paused => 1,
            Self::PausedWaiting => 2,
            Self::Open => 3,
            Self::Greeting => 4,
            Self::Early => 5,
            Self::Ready => 6,
            Self::Derailed => 7,
            Self::Several => 8,
            Self::SeveralData => 9,
            Self::SeveralJunk => 10,
            Self::WithinSeveral => 11,
            Self::WithinSeveralData => 12,
            Self::Message => 13,
            Self::EarlyMessage => 14,
            Self::Final => 15,
            Self::WithinFinal => 16,
            Self::Challenge => 17,
            Self::Closing => 18,
            Self::Bare => 19,
            Self::WithinBare => 20,
            Self::Waiting(asks) => 21 + asks_index(asks),
            Self::Within(asks) => 29 + asks_index(asks),
        }
    }

    /// What it costs to believe that the record ends here.
    pub(super) const fn end(self) -> f32 {
        match self {
            Self::Out | Self::Paused | Self::Closing | Self::Bare => 0.0,
            Self::Ready | Self::Derailed | Self::Open | Self::Greeting => 0.5,
            Self::Waiting(_) | Self::Several | Self::SeveralData | Self::SeveralJunk => 1.0,
            Self::Message | Self::EarlyMessage => 2.5,
            _ => 1.5,
        }
    }
}

const fn asks_index(asks: Asks) -> usize {
    match asks {
        Asks::Hello => 0,
        Asks::Data => 1,
        Asks::Auth => 2,
        Asks::Restart => 3,
        Asks::Quit => 4,
        Asks::Other => 5,
        Asks::Junk => 6,
        Asks::Chunk => 7,
    }
}

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

/// Never: a mark says otherwise.
const NEVER: f32 = 20.0;

/// Tells `take` every way to read the line in this state.
pub(super) fn steps(state: State, line: &Features, holds: Holds, take: &mut impl FnMut(Step)) {
    if line.side == Side::Tool {
        return remark(state, line, take);
    }
    if line.blank && !matches!(line.side, Side::Client | Side::Server) {
        return blank(state, take);
    }
    prose(state, line, take);
    if line.annotation && !matches!(state, State::Message | State::EarlyMessage) {
        take(step(Label::Remark, 0.3, state));
    }
    from_client(state, line, holds, take);
    from_server(state, line, holds, take);
}

fn step(label: Label, cost: f32, next: State) -> Step {
    Step { label, cost, next, first: true, begins: false }
}

fn remark(state: State, line: &Features, take: &mut impl FnMut(Step)) {
    use State as S;
    let stay = step(Label::Remark, 0.0, state);
    match line.turning {
        Turning::None => take(stay),
        Turning::Opens => match state {
            // One command may try several addresses.
            S::Open => take(stay),
            S::Message | S::EarlyMessage => {
                take(Step { cost: 1.0, ..stay });
                take(Step { next: S::Open, cost: 4.0, begins: true, ..stay });
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

fn blank(state: State, take: &mut impl FnMut(Step)) {
    match state {
        State::Message | State::EarlyMessage => take(step(Label::Message, 0.0, state)),
        State::Challenge => {
            take(step(Label::Prose, 0.0, state));
            take(step(Label::Credentials, 1.5, State::Waiting(Asks::Auth)));
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
    let mut read = |cost: f32, next| take(step(Label::Prose, (cost + content).max(0.0), next));
    match state {
        S::Out => read(0.0, state),
        S::Paused | S::PausedWaiting => read(0.05, state),
        S::Open => {
            read(0.8, state);
            read(0.5, S::Out);
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
        S::Within(_) | S::WithinSeveral | S::WithinSeveralData | S::WithinFinal | S::Greeting => {
            read(3.5, state);
            read(4.0, S::PausedWaiting);
        }
        S::Several | S::SeveralData | S::SeveralJunk => {
            read(3.0, state);
            read(3.5, S::PausedWaiting);
        }
        S::Message | S::EarlyMessage => read(7.0, S::Out),
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

/// The client said it.
fn from_client(state: State, line: &Features, holds: Holds, take: &mut impl FnMut(Step)) {
    use State as S;
    let (side, command) = match line.side {
        Side::Client => (0.0, 0.0),
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
            } else if line.reply.is_some() {
                5.0
            } else {
                1.5
            };
            return take(step(Label::Credentials, side + cost, S::Waiting(Asks::Auth)));
        }
        S::Waiting(Asks::Data) | S::SeveralData if !line.dot => {
            // The 354 is not in the record, or comes later.
            let cost =
                if line.header { 2.5 } else { 5.0 } + if line.command < 1.0 { 2.0 } else { 0.0 };
            if line.reply.is_none() {
                let cost: f32 = if holds == Holds::CommandsOnly { cost - 2.4 } else { cost };
                take(step(Label::Message, side + cost.max(0.1), S::EarlyMessage));
            }
        }
        S::Waiting(Asks::Chunk) => {
            let cost = if marked || line.header { 0.2 } else { 1.0 };
            if line.reply.is_none() {
                take(step(Label::Message, side + cost, S::Waiting(Asks::Chunk)));
            }
        }
        S::Waiting(Asks::Auth) if line.base64 => {
            take(step(Label::Credentials, side + 2.0, S::Waiting(Asks::Auth)));
        }
        _ => {}
    }
    if line.reply.is_some() && !marked {
        return;
    }
    let alone = holds == Holds::CommandsOnly;
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
        S::PausedWaiting => (if marked { 0.5 } else { 2.5 }, S::Several, false),
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
            (cost, if asks == Asks::Data { S::SeveralData } else { S::Several }, false)
        }
        S::Several | S::SeveralData => {
            (0.3, if asks == Asks::Data { S::SeveralData } else { S::Several }, false)
        }
        S::Final => (if alone { 0.1 } else { 1.0 }, S::Several, false),
        S::Within(_) | S::WithinSeveral | S::WithinSeveralData | S::WithinFinal | S::Greeting => {
            (if marked { 1.0 } else { 4.0 }, S::Several, false)
        }
        S::Closing => (if marked { 0.5 } else { 2.5 + command }, S::Waiting(asks), false),
        S::Bare | S::WithinBare => (1.5, S::Waiting(asks), false),
        S::Message | S::EarlyMessage | S::Challenge => return,
    };
    let mut read = step(Label::Command, side + extra + command, next);
    read.begins = begins;
    take(read);
}

/// A line while the message is being sent.
fn message(state: State, line: &Features, side: f32, take: &mut impl FnMut(Step)) {
    let after = if state == State::Message { State::Final } else { State::Several };
    if line.dot {
        take(step(Label::EndOfData, side, after));
        take(step(Label::Message, side + 8.0, state));
        return;
    }
    let doubt = match line.reply {
        Some(reply) if line.side == Side::Unknown => (1.5 - reply.oddity).max(0.1),
        _ if line.command < 0.5 && line.side == Side::Unknown => 1.0,
        _ => 0.02,
    };
    take(step(Label::Message, side + doubt, state));
    if state == State::EarlyMessage && line.command < 1.0 {
        // Without a dot, the message may have been left out of the record.
        take(step(Label::Command, side + 4.0 + line.command, State::Several));
    }
}

/// The server said it.
fn from_server(state: State, line: &Features, holds: Holds, take: &mut impl FnMut(Step)) {
    use State as S;
    let marked = line.side == Side::Server;
    let side = match line.side {
        Side::Server | Side::Unknown | Side::Outside(Unmarked::Server | Unmarked::Both) => 0.0,
        Side::Outside(_) => 5.0,
        Side::Client | Side::Tool => return,
    };
    let Some(reply) = line.reply else {
        return words_of_server(state, line, side, marked, take);
    };
    let odd = side + if marked { 0.2 * reply.oddity } else { reply.oddity };
    let code = reply.code;
    let mut read = |cost: f32, next: State, first: bool, begins: bool| {
        take(Step { label: Label::Reply, cost: odd + cost, next, first, begins });
    };
    match state {
        S::Out => {
            let enter = match code {
                220 => 1.2,
                400..=599 => 3.2,
                _ => 3.5,
            };
            let enter = if marked { 0.3 } else { enter };
            let bare = if holds == Holds::RepliesOnly && code != 220 { S::Bare } else { S::Ready };
            let next = match (reply.goes_on, code) {
                (true, 220) => S::Greeting,
                (true, _) => S::Within(Asks::Other),
                (false, 221 | 421) => S::Closing,
                (false, 354) => S::Message,
                (false, 334) => S::Challenge,
                (false, _) => bare,
            };
            read(enter, next, true, true);
        }
        S::Paused | S::PausedWaiting => {
            let waiting = state == S::PausedWaiting;
            if code == 220 {
                read(1.0, if reply.goes_on { S::Greeting } else { S::Ready }, true, true);
            }
            let resume = if waiting { 0.8 } else { 2.5 };
            let resume = if marked { 0.2 } else { resume };
            answered(Asks::Other, &reply, resume, true, &mut |cost, next| {
                read(cost.min(resume + 1.0), next, true, false)
            });
        }
        S::Open => {
            let next = if reply.goes_on { S::Greeting } else { S::Ready };
            read(
                if code == 421 { 0.1 } else { 0.0 },
                if code == 421 && !reply.goes_on { S::Closing } else { next },
                true,
                false,
            );
        }
        S::Greeting => read(0.0, if reply.goes_on { S::Greeting } else { S::Ready }, false, false),
        S::Early => {
            if code == 220 {
                read(0.0, if reply.goes_on { S::WithinSeveral } else { S::Several }, true, false);
            } else {
                answered(Asks::Other, &reply, 1.0, true, &mut |cost, next| {
                    read(cost, next, true, false)
                });
            }
        }
        S::Ready | S::Derailed => unasked(state, &reply, holds, marked, &mut read),
        S::Waiting(asks) => {
            answered(asks, &reply, 0.0, true, &mut |cost, next| read(cost, next, true, false));
            if code == 220 && asks != Asks::Restart {
                let cost = match asks {
                    Asks::Quit => 0.8,
                    Asks::Junk => 1.0,
                    _ => 4.0,
                };
                read(cost, if reply.goes_on { S::Greeting } else { S::Ready }, true, true);
            }
        }
        S::Within(asks) => {
            answered(asks, &reply, 0.0, false, &mut |cost, next| read(cost, next, false, false));
            // The reply before was never ended.
            read(4.0, if reply.goes_on { state } else { S::Ready }, true, false);
        }
        S::Several | S::SeveralJunk | S::WithinSeveral => {
            let first = state != S::WithinSeveral;
            match code {
                _ if reply.goes_on => read(0.0, S::WithinSeveral, first, false),
                354 => read(0.5, S::Message, first, false),
                334 => read(1.0, S::Challenge, first, false),
                221 | 421 => {
                    read(0.0, S::Closing, first, false);
                    read(0.5, S::Several, first, false);
                }
                _ => {
                    let more = if state == S::SeveralJunk { S::SeveralJunk } else { S::Several };
                    read(0.0, more, first, false);
                    read(0.0, S::Ready, first, false);
                }
            }
            if code == 220 && state == S::Several {
                read(3.5, if reply.goes_on { S::Greeting } else { S::Ready }, true, true);
            }
        }
        S::SeveralData | S::WithinSeveralData => {
            let first = state == S::SeveralData;
            match code {
                _ if reply.goes_on => read(0.0, S::WithinSeveralData, first, false),
                354 => read(0.0, S::Message, first, false),
                421 => read(0.0, S::Closing, first, false),
                400..=599 => {
                    read(0.0, S::SeveralData, first, false);
                    read(0.2, S::Derailed, first, false);
                }
                _ => read(0.0, S::SeveralData, first, false),
            }
        }
        S::Message => {
            let cost = match code {
                _ if marked => 0.5,
                421 => 3.5,
                _ => 5.0,
            };
            let next = match code {
                _ if reply.goes_on => S::WithinFinal,
                421 | 221 => S::Closing,
                _ => S::Ready,
            };
            read(cost, next, true, false);
        }
        S::EarlyMessage => {
            let cost = if marked { 0.5 } else { 2.0 };
            read(cost, if code == 354 { S::Message } else { S::EarlyMessage }, true, false);
        }
        S::Final | S::WithinFinal => {
            let first = state == S::Final;
            match code {
                _ if reply.goes_on => read(0.0, S::WithinFinal, first, false),
                421 => read(0.0, S::Closing, first, false),
                221 => read(1.5, S::Closing, first, false),
                354 => read(3.0, S::Message, first, false),
                _ => {
                    read(0.0, S::Ready, first, false);
                    // LMTP and PRDR answer once for each recipient.
                    if first {
                        read(1.0, S::Final, first, false);
                    }
                }
            }
        }
        S::Challenge => {
            let cost = if marked { 1.0 } else { 3.0 };
            answered(Asks::Auth, &reply, cost, true, &mut |cost, next| {
                read(cost, next, true, false)
            });
        }
        S::Closing => {
            if code == 220 {
                read(0.1, if reply.goes_on { S::Greeting } else { S::Ready }, true, true);
            }
            read(if marked { 0.5 } else { 2.0 }, S::Closing, true, false);
        }
        S::Bare | S::WithinBare => {
            let first = state == S::Bare;
            let cost = if first { 0.3 } else { 0.0 };
            match code {
                _ if reply.goes_on => read(cost, S::WithinBare, first, false),
                221 | 421 => read(cost, S::Closing, first, false),
                _ => read(cost, S::Bare, first, false),
            }
            if code == 220 && first {
                read(0.8, if reply.goes_on { S::Greeting } else { S::Ready }, true, true);
            }
        }
    }
}

/// A reply to a command of this kind: what it costs and where it leads.
fn answered(
    asks: Asks,
    reply: &super::features::ReplyShape,
    base: f32,
    fresh: bool,
    read: &mut impl FnMut(f32, State),
) {
    use State as S;
    let code = reply.code;
    if reply.goes_on {
        let cost = if fresh && matches!(code, 354 | 334) { 1.0 } else { 0.0 };
        return read(base + cost, S::Within(asks));
    }
    let (cost, next) = match (asks, code) {
        (_, 421) => (0.1, S::Closing),
        (Asks::Quit, 221) => (0.0, S::Closing),
        (Asks::Quit, 200..=299) => (0.3, S::Closing),
        (Asks::Quit, _) => (0.5, S::Ready),
        (Asks::Data, 354) => (0.0, S::Message),
        (Asks::Data, 200..=299) => {
            read(base + 2.0, S::Message);
            (1.0, S::Ready)
        }
        (Asks::Data, _) => (0.0, S::Derailed),
        (Asks::Auth, 334) => (0.0, S::Challenge),
        (Asks::Restart, 220) => (0.0, S::Ready),
        (Asks::Junk, 221) => (0.3, S::Closing),
        (Asks::Junk, 400..=599) => (0.0, S::Ready),
        (Asks::Junk, 334) => (1.5, S::Challenge),
        (Asks::Junk, 354) => (2.0, S::Message),
        (Asks::Junk, _) => (1.5, S::Ready),
        (_, 221) => (1.5, S::Closing),
        (_, 220) => (2.0, S::Ready),
        (_, 354) => (3.0, S::Message),
        (_, 334) => (3.0, S::Challenge),
        _ => (0.0, S::Ready),
    };
    read(base + cost, next);
}

/// A reply while no command waits for one.
fn unasked(
    state: State,
    reply: &super::features::ReplyShape,
    holds: Holds,
    marked: bool,
    read: &mut impl FnMut(f32, State, bool, bool),
) {
    use State as S;
    let bare = holds == Holds::RepliesOnly;
    let cost = match reply.code {
        _ if bare => 0.3,
        421 => 0.3,
        _ if marked => 1.0,
        500..=599 if state == S::Derailed => 1.0,
        221 => 2.5,
        400..=599 => 3.0,
        _ => 4.0,
    };
    match reply.code {
        _ if reply.goes_on => {
            read(cost, if bare { S::WithinBare } else { S::Within(Asks::Other) }, true, false)
        }
        221 | 421 => read(cost, S::Closing, true, false),
        354 if !bare => read(cost + 0.5, S::Message, true, false),
        334 if !bare => read(cost, S::Challenge, true, false),
        _ => {
            read(cost, if bare { S::Bare } else { state }, true, false);
            if !bare {
                read(cost + 0.3, S::Bare, true, false);
            }
        }
    }
    if reply.code == 220 {
        let cost = if bare { 0.6 } else { 3.0 };
        read(cost, if reply.goes_on { S::Greeting } else { S::Ready }, true, true);
    }
}

/// A line of the server's that has no code.
fn words_of_server(
    state: State,
    line: &Features,
    side: f32,
    marked: bool,
    take: &mut impl FnMut(Step),
) {
    use State as S;
    let inside = matches!(
        state,
        S::Within(_)
            | S::WithinSeveral
            | S::WithinSeveralData
            | S::WithinFinal
            | S::Greeting
            | S::WithinBare
    );
    if inside {
        let cost = if marked {
            0.3
        } else {
            (if state == S::Greeting { 1.0 } else { 1.8 })
                + if line.command < 0.5 { 2.0 } else { 0.0 }
                + if line.sentence { 0.7 } else { 0.0 }
        };
        take(Step {
            label: Label::Reply,
            cost: side + cost,
            next: state,
            first: false,
            begins: false,
        });
        return;
    }
    if !marked {
        return;
    }
    // A reply whose code is missing.
    let (cost, next) = match state {
        S::Out => (1.5, S::Ready),
        S::Waiting(_) | S::Open | S::Final | S::PausedWaiting | S::Early => (1.0, S::Ready),
        S::Several | S::SeveralData | S::SeveralJunk => (1.0, state),
        S::Message | S::EarlyMessage => (NEVER, state),
        _ => (3.0, state),
    };
    let begins = state == S::Out;
    take(Step { label: Label::Reply, cost: side + cost, next, first: true, begins });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_index_of_a_state_is_its_place() {
        for (place, state) in State::ALL.iter().enumerate() {
            assert_eq!(state.index(), place);
        }
    }
}
