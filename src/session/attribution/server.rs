//! Lines that the server may have said: replies, and words of its that have no code.

use super::{
    features::{Asks, Features, ReplyShape, Side},
    state::State,
    steps::{Holds, Step},
};
use crate::{dialect::Unmarked, transcript::Label};

/// Never: nothing that the server says is a part of the message.
const NEVER: f32 = 20.0;

/// The oddity of a reply that has nothing wrong but its code.
const UNDEFINED: f32 = 5.0;

/// The server said it.
pub(super) fn from_server(
    state: State,
    line: &Features,
    holds: Holds,
    take: &mut impl FnMut(Step),
) {
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
    // Where a reply is due, a code that nobody has defined is one all the same.
    let due = matches!(state, S::Waiting(_)) && reply.oddity <= UNDEFINED;
    let weight = if marked {
        0.2
    } else if due {
        0.4
    } else {
        1.0
    };
    let odd = side + weight * reply.oddity;
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
                let cost = if reply.greets { 0.7 } else { 1.0 };
                read(cost, if reply.goes_on { S::Greeting } else { S::Ready }, true, true);
            }
            let resume = if waiting { 0.8 } else { 2.5 };
            let resume = if marked { 0.2 } else { resume };
            answered(Asks::Other, reply, resume, true, &mut |cost, next| {
                read(cost.min(resume + 1.0), next, true, false);
            });
        }
        S::Open => {
            let next = if reply.goes_on { S::Greeting } else { S::Ready };
            // Nobody greets with what answers a command.
            let cost = match code {
                220 | 400..=599 => 0.0,
                _ if marked => 0.5,
                _ => 1.5,
            };
            read(
                if code == 421 { 0.1 } else { cost },
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
                answered(Asks::Other, reply, 1.0, true, &mut |cost, next| {
                    read(cost, next, true, false);
                });
            }
        }
        S::Ready | S::Derailed => unasked(state, reply, holds, marked, &mut read),
        S::Waiting(asks) => {
            answered(asks, reply, 0.0, true, &mut |cost, next| read(cost, next, true, false));
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
            answered(asks, reply, 0.0, false, &mut |cost, next| read(cost, next, false, false));
            // The reply before was never ended.
            read(4.0, if reply.goes_on { state } else { S::Ready }, true, false);
        }
        S::Several | S::SeveralJunk | S::SeveralChunks | S::WithinSeveral => {
            let first = state != S::WithinSeveral;
            match code {
                // Not even STARTTLS is answered so.
                220 if first && reply.goes_on => read(2.0, S::WithinSeveral, first, false),
                _ if reply.goes_on => read(0.0, S::WithinSeveral, first, false),
                354 => read(0.5, S::Message, first, false),
                334 => read(1.0, S::Challenge, first, false),
                221 | 421 => {
                    read(0.0, S::Closing, first, false);
                    read(0.5, S::Several, first, false);
                }
                _ => {
                    let more = if state == S::WithinSeveral { S::Several } else { state };
                    let cost = if reply.greets && !marked { 2.0 } else { 0.0 };
                    read(cost, more, first, false);
                    read(cost, S::Ready, first, false);
                }
            }
            if code == 220 && state == S::Several {
                let cost = match marked {
                    true if reply.goes_on => 1.5,
                    false if reply.greets => 0.8,
                    _ => 3.5,
                };
                read(cost, if reply.goes_on { S::Greeting } else { S::Ready }, true, true);
            }
        }
        S::SeveralSent | S::WithinSent => {
            let first = state == S::SeveralSent;
            match code {
                _ if reply.goes_on => read(0.0, S::WithinSent, first, false),
                221 | 421 => read(0.0, S::Closing, first, false),
                _ => {
                    read(0.0, S::SeveralSent, first, false);
                    read(0.2, S::Ready, first, false);
                }
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
            if code == 220 {
                let cost = if marked { 0.2 } else { 6.5 };
                read(cost, if reply.goes_on { S::Greeting } else { S::Ready }, true, true);
            }
            let cost = match code {
                _ if marked => 0.5,
                421 if reply.idle => 0.1,
                421 => 3.5,
                250 => 3.2,
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
            answered(Asks::Auth, reply, cost, true, &mut |cost, next| {
                read(cost, next, true, false);
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
    reply: ReplyShape,
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
        // Rather somebody else's greeting.
        (Asks::Quit, 220) => (1.5, S::Closing),
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
    reply: ReplyShape,
    holds: Holds,
    marked: bool,
    read: &mut impl FnMut(f32, State, bool, bool),
) {
    use State as S;
    let bare = holds == Holds::RepliesOnly;
    let cost = match reply.code {
        _ if bare => 0.3,
        421 => 0.3,
        220 => 4.0,
        _ if marked => 1.0,
        500..=599 if state == S::Derailed => 1.0,
        221 => 2.5,
        400..=599 => 3.0,
        _ => 4.0,
    };
    match reply.code {
        _ if reply.goes_on => {
            read(cost, if bare { S::WithinBare } else { S::Within(Asks::Other) }, true, false);
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
        let cost = match (bare, marked) {
            (true, _) => 0.6,
            (false, true) => 0.8,
            (false, false) => 2.0,
        };
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
            | S::WithinSent
            | S::WithinFinal
            | S::Greeting
            | S::WithinBare
    );
    if inside {
        let cost = if marked {
            0.3
        } else {
            (if state == S::Greeting { 1.0 } else { 1.8 })
                + if line.command < 0.5 { 4.0 } else { 0.0 }
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
    // A mark with nothing behind it: the tool read the end of the connection, or what was no text.
    if line.blank || line.binary {
        return take(Step {
            label: Label::Remark,
            cost: 0.1,
            next: state,
            first: true,
            begins: false,
        });
    }
    // A reply whose code is missing.
    let (cost, next) = match state {
        S::Out => (1.5, S::Ready),
        S::Waiting(_) | S::Open | S::Final | S::PausedWaiting | S::Early => (1.0, S::Ready),
        S::Several | S::SeveralData | S::SeveralJunk | S::SeveralChunks | S::SeveralSent => {
            (1.0, state)
        }
        S::Message | S::EarlyMessage => (NEVER, state),
        _ => (3.0, state),
    };
    let begins = state == S::Out;
    take(Step { label: Label::Reply, cost: side + cost, next, first: true, begins });
}
