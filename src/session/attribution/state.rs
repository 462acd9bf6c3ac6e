//! The states that a session can be in between two lines.

use super::features::Asks;

/// Where the dialogue stands between two lines.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[repr(u8)]
pub(in crate::session) enum State {
    /// Outside any session.
    #[default]
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
    /// Several chunks of a message were sent without waiting.
    SeveralChunks,
    /// Several commands and the whole message were sent without waiting for any reply.
    SeveralSent,
    /// Inside a reply to those.
    WithinSent,
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
pub(super) const COUNT: usize = 40;

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
        Self::SeveralChunks,
        Self::SeveralSent,
        Self::WithinSent,
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
            Self::SeveralChunks => 21,
            Self::SeveralSent => 22,
            Self::WithinSent => 23,
            Self::Waiting(asks) => 24 + asks_index(asks),
            Self::Within(asks) => 32 + asks_index(asks),
        }
    }

    /// What it costs to believe that the record ends here.
    pub(super) const fn end(self) -> f32 {
        match self {
            Self::Out | Self::Paused | Self::Closing | Self::Bare => 0.0,
            Self::Ready | Self::Derailed | Self::Open | Self::Greeting => 0.5,
            Self::Waiting(_)
            | Self::Several
            | Self::SeveralData
            | Self::SeveralJunk
            | Self::SeveralChunks
            | Self::SeveralSent => 1.0,
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
