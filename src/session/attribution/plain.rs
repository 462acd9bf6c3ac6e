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
    transcript::{Draft, Fact, Label, Mark, Turn},
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
        let text = turn.text.slice(&draft.bytes).trim_ascii();
        if closed {
            // Nothing but blank lines may follow.
            if turn.mark != Mark::Unmarked || !text.is_empty() {
                return false;
            }
            turn.label = Label::Prose;
            continue;
        }
        closed = turning == Turning::Closes;
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
            match waiting.answered(reply) {
                Answered::MoreDue => {}
                Answered::Last(next) => {
                    group = None;
                    state = next;
                }
                Answered::Nothing => return false,
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

    /// Takes a line of a reply.
    fn answered(&mut self, reply: ReplyShape) -> Answered {
        self.within = reply.goes_on;
        let last = self.waiting == 1;
        let fits = match reply.code {
            354 => last && self.last == Asks::Data,
            221 => last && self.last == Asks::Quit,
            220 | 334 | 421 => false,
            _ => !(last && self.last == Asks::Quit),
        };
        if !fits {
            return Answered::Nothing;
        }
        if reply.goes_on {
            return Answered::MoreDue;
        }
        self.waiting -= 1;
        let behind = match reply.code {
            354 => State::Message,
            221 => State::Closing,
            _ => State::Ready,
        };
        if last { Answered::Last(behind) } else { Answered::MoreDue }
    }
}

/// What a line of a reply is to a group.
#[derive(Debug, Clone, Copy)]
enum Answered {
    /// The reply to one of its commands, or a part of one; more is to come.
    MoreDue,
    /// The end of the reply to its last command, with the state behind it.
    Last(State),
    /// No reply to any of its commands.
    Nothing,
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
    let (code, ..) = reply::beginning(draft.text(greeting).trim_ascii())?;
    let same = |turn: &Turn| turn.dialect == first.dialect || turn.mark == Mark::Unmarked;
    (code == 220 && draft.turns.iter().all(same)).then_some(greeting.mark)
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
        omission: false,
        header: false,
        sentence: false,
        annotation: false,
        elided: false,
        announces: false,
        ornament: false,
        binary: false,
        foreign: false,
        refused_next: false,
        headless: false,
        secret_ahead: false,
    }
}

/// A well-formed line of a reply; `None` for anything else.
fn server_line(text: &[u8], turning: Turning) -> Option<Features> {
    let (code, separator, _) = reply::beginning(text)?;
    let plain = matches!(separator, Separator::Space | Separator::Hyphen)
        || (separator == Separator::End && text.len() == 3);
    if !plain || !matches!(code, 200..=599) {
        return None;
    }
    let goes_on = separator == Separator::Hyphen;
    let reply = ReplyShape { code, goes_on, oddity: 0.0, idle: false, greets: false };
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::session::attribution::Customs;
    use crate::transcript::ClosedBy;

    /// `*` is a remark, `>` the client, `<` the server.
    fn draft(lines: &[&str]) -> Draft {
        let mut draft = Draft::default();
        draft.facts.push((0, Fact::Opening));
        for line in lines {
            let (mark, text) = line.split_at(1);
            let mark = match mark {
                "*" => Mark::Tool,
                ">" => Mark::First,
                _ => Mark::Second,
            };
            let turn = Turn {
                mark,
                label: Label::Prose,
                first: true,
                text: crate::span::Span::default(),
                place: crate::transcript::Place::default(),
                ending: crate::transcript::Ending::Lf,
                at: None,
                dialect: Some(0),
            };
            draft.push(text.as_bytes(), turn);
        }
        draft
    }

    /// Whether a dialogue is plain; where it is, it is read as the trellis reads it.
    fn is_plain(lines: &[&str], closes: bool) -> bool {
        let mut read = draft(lines);
        if closes {
            read.facts.push((lines.len() - 1, Fact::Closed(ClosedBy::Client)));
        }
        let weighed = super::super::attribute(&read, State::Out, &mut Customs::default());
        let plain = attribute(&mut read);
        if plain {
            for (turn, other) in read.turns.iter().zip(weighed) {
                let text = read.text(turn).escape_ascii();
                assert_eq!((turn.label, turn.first), (other.label, other.first), "{text}");
            }
        }
        plain
    }

    const HELLO: [&str; 5] =
        ["*connecting", "<220 mx.example ESMTP", ">EHLO a.example", "<250-mx.example", "<250 DSN"];

    #[test]
    fn plain_dialogues_are_read_as_the_trellis_reads_them() {
        for rest in [
            &[">MAIL FROM:<a@a.example>", "<250 ok", ">RCPT TO:<b@mx.example>", "<250 ok"][..],
            &[">DATA", "<354 go on", ">Subject: x", ">", ">250 ok", ">.", "<250 queued"],
            &[">DATA", "<354 go on", "<250 queued", ">RSET", "<250 ok"],
            &[">AUTH LOGIN", "<334 VXNlcm5hbWU6", ">YQ==", "<235 ok", ">NOOP", "<250 ok"],
            &[">AUTH LOGIN", "<334 VXNlcm5hbWU6", "<535 no"],
            &[">STARTTLS", "<220 go", "*TLS is up", ">EHLO a.example", "<250 mx.example"],
            &[
                ">MAIL FROM:<a@b>",
                ">RCPT TO:<c@d>",
                ">DATA",
                "<250 ok",
                "<250 ok",
                "<354 go",
                "<250 queued",
            ],
            &[
                ">MAIL FROM:<a@b>",
                ">RCPT TO:<c@d>",
                ">DATA",
                "<250 ok",
                "<550-no",
                "<550 no",
                "<554 no",
            ],
            &[">RSET", ">NOOP", ">QUIT", "<250 ok", "<250 ok", "<221 bye"],
            &[">DATA", "<554 no recipients", ">QUIT", "<221 bye"],
        ] {
            let lines = [&HELLO[..], rest, &["*closed"]].concat();
            assert!(is_plain(&lines, true), "{lines:?}");
        }
    }

    #[test]
    fn what_leaves_a_doubt_is_weighed() {
        for rest in [
            &[">HELLO x", "<500 what"][..],
            &["<250 nobody asked"],
            &[">MAIL FROM:<a@b>", "<400x no"],
            &[">MAIL FROM:<a@b>", "not marked"],
            &[">DATA", ">Subject: x", "<354 go on"],
            &[">NOOP", ">EHLO again", "<250 ok", "<250 mx"],
        ] {
            let lines = [&HELLO[..], rest, &["*closed"]].concat();
            assert!(!is_plain(&lines, true), "{lines:?}");
        }
    }
}
