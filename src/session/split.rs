//! Cuts an attributed record into transcripts, and leaves out what is no session.

use super::{
    attribution::{Attributed, State},
    listed,
    middle::Middle,
    open::MAX_LINES,
};
use crate::{
    dialect,
    grammar::{
        command::known_verb,
        phrase, reply,
        shape::{Plausibility, shape},
    },
    protocol::{ports, verbs::VerbId},
    transcript::{Draft, Fact, Label, Mark, Method, Transcript, Turn},
};

/// Collects attributed turns into one session after the other.
#[derive(Debug, Default)]
pub(super) struct Splitter {
    current: Option<Transcript>,
    /// Remarks that came before any session and may belong to the next one.
    ahead: Draft,
    done: Vec<Transcript>,
    margin: f32,
    /// Lines of the current session that somebody said, messages apart.
    lines: usize,
    /// Lines since the last of those that nobody said.
    aside: usize,
    /// Sessions that were cut because too much was said in them.
    long: u64,
    /// What is not kept of a message.
    middle: Middle,
    /// How many lines of messages were not kept.
    left_out: u64,
    /// Every line is kept, however much that is.
    keeps_all: bool,
    /// How far the current session has come.
    farthest: Stage,
    /// Somebody talks between the lines, right before the next one.
    talked: bool,
}

/// How far a session has come, as far as going back is a sign of another one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
enum Stage {
    #[default]
    Greeted,
    Encrypted,
    Named,
}

impl Stage {
    /// The stage that a command leads to.
    fn of(command: &[u8]) -> Option<Self> {
        let word = command.trim_ascii().split(u8::is_ascii_whitespace).next()?;
        Some(match known_verb(word)?.id {
            VerbId::Helo | VerbId::Ehlo | VerbId::Lhlo => Self::Greeted,
            VerbId::Starttls => Self::Encrypted,
            VerbId::Auth | VerbId::Mail => Self::Named,
            _ => return None,
        })
    }
}

/// How many octets one session may take, where it has no key.
const MAX_OCTETS: usize = 64 << 20;

/// How many octets one session may take before no more is kept of a message than its last line.
const MAX_WITH_MESSAGES: usize = 16 << 20;

impl Splitter {
    /// Takes the next turn with its reading and the facts that it tells.
    pub(super) fn take(&mut self, draft: &Draft, turn: &Turn, read: &Attributed, facts: &[Fact]) {
        let over = draft.key.is_none() && self.starts_over(draft.text(turn), read.label);
        if read.begins || over {
            self.finish_current();
            self.farthest = Stage::of(draft.text(turn)).unwrap_or_default();
            let mut next = empty(draft.key.clone());
            let ahead = std::mem::take(&mut self.ahead);
            // What another tool left there belongs to the session before.
            let opens = facts.iter().any(Fact::opens);
            let before = || ahead.turns.iter().rev().find_map(|held| held.dialect);
            let last = if opens { turn.dialect } else { turn.dialect.or_else(before) };
            let strange = |held: &Turn| held.dialect.is_some() && held.dialect != last;
            let own = ahead.turns.iter().rposition(strange).map_or(0, |at| at + 1);
            for (index, held) in ahead.turns.iter().enumerate().skip(own) {
                let told = ahead.facts.iter().filter(|(at, _)| *at == index);
                push(&mut next, ahead.text(held), *held, told.map(|(_, fact)| fact.clone()));
            }
            self.current = Some(next);
            self.margin = f32::INFINITY;
        }
        let turn = Turn { label: read.label, first: read.first, ..*turn };
        let outside = read.after == State::Out && read.label == Label::Prose;
        self.cut_where_long(&turn);
        match &mut self.current {
            Some(session) if !outside => {
                if !matches!(read.label, Label::Prose | Label::Remark) {
                    self.margin = self.margin.min(read.margin);
                }
                match read.label {
                    Label::Prose | Label::Remark => self.aside += 1,
                    Label::Message => self.aside = 0,
                    _ => (self.lines, self.aside) = (self.lines + 1, 0),
                }
                let message = turn.label == Label::Message;
                if message && !self.keeps_all && octets(session) > MAX_WITH_MESSAGES {
                    let Transcript { bytes, turns, facts: told, .. } = session;
                    let text = draft.text(&turn);
                    self.left_out += u64::from(self.middle.take(text, turn, bytes, turns, told));
                    let index = turns.len().saturating_sub(1);
                    told.extend(facts.iter().map(|fact| (index, fact.clone())));
                } else {
                    self.middle.over();
                    push(session, draft.text(&turn), turn, facts.iter().cloned());
                }
            }
            None if read.label == Label::Remark => {
                let index = self.ahead.turns.len();
                self.ahead.push(draft.text(&turn), turn);
                self.ahead.facts.extend(facts.iter().map(|fact| (index, fact.clone())));
            }
            _ => {
                if !draft.text(&turn).trim_ascii().is_empty() {
                    self.finish_current();
                    self.ahead = Draft::default();
                }
            }
        }
    }

    /// Whether somebody shows another session from here on: he has talked, and the client goes back to what only the
    /// beginning of a session holds.
    fn starts_over(&mut self, text: &[u8], label: Label) -> bool {
        match label {
            Label::Prose => {
                self.talked |= !text.trim_ascii().is_empty();
                return false;
            }
            Label::Remark => return false,
            Label::Command => {}
            _ => {
                self.talked = false;
                return false;
            }
        }
        let talked = std::mem::take(&mut self.talked);
        let Some(stage) = Stage::of(text) else { return false };
        let back = match stage {
            Stage::Greeted => self.farthest == Stage::Named,
            Stage::Encrypted => self.farthest >= Stage::Encrypted,
            Stage::Named => false,
        };
        self.farthest = self.farthest.max(stage);
        talked && back
    }

    /// Too much was said in the current session, and this turn begins an exchange: what follows is told as
    /// another one.
    fn cut_where_long(&mut self, turn: &Turn) {
        let Some(session) = &mut self.current else { return };
        let answered = session.turns.last().is_some_and(|last| last.label == Label::Reply);
        let begins = turn.label == Label::Command && answered
            // Where no exchange ends, it has to be anywhere.
            || self.lines >= 2 * MAX_LINES;
        let large = octets(session) > MAX_OCTETS && !self.keeps_all;
        let long = self.lines >= MAX_LINES && begins || large;
        // Nobody has spoken for so long that the session is over, as far as the record goes.
        if long || self.aside >= MAX_LINES {
            session.cut = true;
            let key = session.key.clone();
            self.finish_current();
            self.current = Some(empty(key));
            self.margin = f32::INFINITY;
            self.long += u64::from(long);
        }
    }

    /// How many sessions were cut because too much was said in them.
    pub(super) const fn long(&self) -> u64 {
        self.long
    }

    /// How many lines of messages were counted and not kept.
    pub(super) const fn left_out(&self) -> u64 {
        self.left_out
    }

    /// Keeps every line from now on.
    pub(super) const fn keep_all(&mut self) {
        self.keeps_all = true;
    }

    /// The sessions that are over.
    pub(super) fn done(&mut self) -> Vec<Transcript> {
        std::mem::take(&mut self.done)
    }

    /// Another session begins, which somebody else takes: the one before it is over.
    pub(super) fn interrupted(&mut self) -> Vec<Transcript> {
        self.finish_current();
        self.ahead = Draft::default();
        self.done()
    }

    /// The record ends.
    pub(super) fn finish(&mut self) -> Vec<Transcript> {
        if let Some(session) = &mut self.current {
            session.cut = true;
        }
        self.finish_current();
        self.done()
    }

    fn finish_current(&mut self) {
        let Some(mut session) = self.current.take() else { return };
        self.middle.over();
        self.ahead = strange_tail(&mut session);
        (self.lines, self.aside) = (0, 0);
        trim(&mut session);
        single_space(&mut session);
        session.confidence = confidence(self.margin);
        describe(&mut session);
        if is_session(&session) {
            self.done.push(session);
        }
    }
}

/// The transcript of a draft that is one whole session of lines that all carry a mark.
pub(super) fn whole(draft: Draft) -> Transcript {
    let Draft { bytes, mut turns, mut facts, key, .. } = draft;
    // Blank lines behind the session.
    let last = turns.iter().rposition(|turn| turn.label != Label::Prose);
    turns.truncate(last.map_or(0, |last| last + 1));
    facts.retain(|(at, _)| *at < turns.len());
    let dialect = turns.first().and_then(|turn| dialect::ALL.get(usize::from(turn.dialect?)));
    let dialect = dialect.unwrap_or(&dialect::RAW);
    Transcript {
        bytes,
        turns,
        facts,
        dialect: dialect.name,
        record: dialect.record,
        method: Method::Marked,
        ..empty(key)
    }
}

/// What a session takes.
const fn octets(session: &Transcript) -> usize {
    session.bytes.len() + session.turns.len() * size_of::<Turn>()
}

fn empty(key: Option<Vec<u8>>) -> Transcript {
    Transcript {
        bytes: Vec::new(),
        turns: Vec::new(),
        facts: Vec::new(),
        key,
        dialect: dialect::RAW.name,
        record: dialect::RAW.record,
        method: Method::Inferred,
        confidence: 1.0,
        cut: false,
    }
}

fn push(session: &mut Transcript, text: &[u8], mut turn: Turn, facts: impl Iterator<Item = Fact>) {
    let start = session.bytes.len();
    session.bytes.extend_from_slice(text);
    turn.text = crate::span::Span::new(start, session.bytes.len());
    let index = session.turns.len();
    session.turns.push(turn);
    session.facts.extend(facts.map(|fact| (index, fact)));
}

/// Takes off what another tool says behind the dialogue: it belongs to what comes.
fn strange_tail(session: &mut Transcript) -> Draft {
    let spoken = |turn: &Turn| !matches!(turn.label, Label::Prose | Label::Remark);
    let mut tail = Draft::default();
    let Some(last) = session.turns.iter().rposition(spoken) else { return tail };
    let (dialogue, behind) = session.turns.split_at(last + 1);
    let mut around = dialogue.iter().rev().chain(behind);
    let Some(own) = around.find_map(|turn| turn.dialect) else { return tail };
    let strange = |turn: &Turn| turn.dialect.is_some_and(|dialect| dialect != own);
    let Some(start) = behind.iter().position(strange).map(|at| last + 1 + at) else { return tail };
    let told = session.facts.partition_point(|(at, _)| *at < start);
    if session.facts.iter().skip(told).any(|(_, fact)| fact.closes()) {
        return tail;
    }
    for turn in session.turns.split_off(start) {
        tail.push(turn.text.slice(&session.bytes), turn);
    }
    let facts = session.facts.split_off(told);
    tail.facts = facts.into_iter().map(|(at, fact)| (at - start, fact)).collect();
    tail
}

/// Takes off what stands at the end and is no part of the session.
fn trim(session: &mut Transcript) {
    let keep = session
        .turns
        .iter()
        .rposition(|turn| turn.label != Label::Prose)
        .map_or(0, |index| index + 1);
    session.turns.truncate(keep);
    // Blank lines and closing fences after a message that never ended are not the message's.
    let unended = session.turns.last().is_some_and(|turn| turn.label == Label::Message);
    while unended
        && let Some(last) = session.turns.last()
        && last.label == Label::Message
        && matches!(last.text.slice(&session.bytes).trim_ascii(), b"" | b"```" | b"~~~")
    {
        session.turns.pop();
    }
    let turns = session.turns.len();
    session.facts.retain(|(index, _)| *index < turns.max(1));
}

/// Copies from web pages come with a blank line after each line. Such blank lines are no part of the
/// message: where nearly every line of the dialogue is followed by one, so is every line of the message,
/// and the blank lines that were really sent stand three in a row.
fn single_space(session: &mut Transcript) {
    let blank = |turn: &Turn| turn.text.slice(&session.bytes).trim_ascii().is_empty();
    let spoken = |turn: &&Turn| matches!(turn.label, Label::Command | Label::Reply);
    let mut lines = 0;
    let mut spaced = 0;
    for pair in session.turns.windows(2) {
        // Copies leave the lines of one reply together.
        if let [line, next] = pair
            && spoken(&line)
            && (next.label != Label::Reply || next.first)
        {
            lines += 1;
            spaced += usize::from(blank(next));
        }
    }
    if lines < 4 || spaced * 10 < lines * 8 {
        return;
    }
    let mut drop_next = true;
    let blanks: Vec<bool> = session.turns.iter().map(blank).collect();
    for (turn, blank) in session.turns.iter_mut().zip(blanks) {
        if turn.label != Label::Message {
            drop_next = true;
        } else if blank && drop_next {
            turn.label = Label::Prose;
            drop_next = false;
        } else {
            drop_next = true;
        }
    }
}

/// From the margin of the least certain line to a number between 0 and 1.
fn confidence(margin: f32) -> f32 {
    if margin.is_finite() { 1.0 - 0.5 * (-margin / 1.5).exp() } else { 1.0 }
}

/// Which dialect the session is in, and how its speakers were found.
fn describe(session: &mut Transcript) {
    let mut counts: Vec<(u16, usize)> = Vec::new();
    let (mut marked, mut unmarked) = (0, 0);
    for turn in &session.turns {
        if matches!(turn.label, Label::Command | Label::Reply | Label::Credentials) {
            match turn.mark {
                Mark::First | Mark::Second => marked += 1,
                Mark::Unmarked | Mark::Tool => unmarked += 1,
            }
        }
        if let Some(dialect) = turn.dialect {
            match counts.iter_mut().find(|(known, _)| *known == dialect) {
                Some((_, count)) => *count += 1,
                None => counts.push((dialect, 1)),
            }
        }
    }
    let most = counts.iter().max_by_key(|(dialect, count)| (*count, std::cmp::Reverse(*dialect)));
    if let Some((dialect, _)) = most
        && let Some(dialect) = dialect::ALL.get(usize::from(*dialect))
    {
        (session.dialect, session.record) = (dialect.name, dialect.record);
    }
    session.method = match (marked, unmarked) {
        (_, 0) if marked > 0 => Method::Marked,
        (0, _) => Method::Inferred,
        _ => Method::Mixed,
    };
}

/// Whether it is a session, and not a table of codes or a remark without anything behind it.
fn is_session(session: &Transcript) -> bool {
    let spoken = session
        .turns
        .iter()
        .filter(|turn| matches!(turn.label, Label::Command | Label::Reply | Label::Credentials));
    if spoken.clone().next().is_none() {
        let dialled = session.facts().any(|fact| matches!(fact, Fact::Dialled { .. }));
        return !dials_another(session)
            && session.facts().any(|fact| match fact {
                Fact::ConnectFailed(_)
                | Fact::Opened
                | Fact::ServerAddress { .. }
                | Fact::TlsFailed(_) => true,
                Fact::TimedOut => dialled,
                _ => false,
            });
    }
    // Words under marks are a dialogue, but of SMTP only where a command or a reply of SMTP is among them.
    let ftp = greets_as_ftp(session) || answers_as_ftp(session);
    let pop = !ftp && session.facts.is_empty() && answers_as_pop(session);
    let is_smtp = spoken.clone().any(|turn| {
        let line = turn.text.slice(&session.bytes).trim_ascii();
        match turn.label {
            Label::Command => {
                let shape = shape(line);
                shape.verb.is_some_and(|verb| {
                    // A word of SMTP with something strange behind it is the program's own.
                    !(ftp
                        && (SHARED_WITH_FTP.contains(&verb.id)
                            || shape.plausible != Plausibility::Exact)
                        || pop && SHARED_WITH_POP.contains(&verb.id))
                })
            }
            _ => !ftp && reply::reply_line(line).is_some() && !(pop && line.get(3) == Some(&b' ')),
        }
    });
    is_smtp && !listed::is_listed(session)
}

/// Commands that FTP has too (RFC 959 §4.1).
const SHARED_WITH_FTP: &[VerbId] = &[VerbId::Quit, VerbId::Noop, VerbId::Help];

/// Commands that POP3 has too (RFC 1939 §5, RFC 5034 §4, RFC 2595 §4).
const SHARED_WITH_POP: &[VerbId] = &[VerbId::Quit, VerbId::Noop, VerbId::Rset, VerbId::Auth];

/// Whether a server answers as one of POP3 does, and nobody dialled it as one of mail.
fn answers_as_pop(session: &Transcript) -> bool {
    session.turns.iter().any(|turn| {
        let line = turn.text.slice(&session.bytes).trim_ascii_start();
        turn.label == Label::Reply && (line.starts_with(b"+OK") || line.starts_with(b"-ERR"))
    })
}

/// Reply codes of FTP that mail has not (RFC 959 §4.2): data connections, passive mode, what was transferred, USER
/// and PASS.
const FTP_CODES: &[u16] = &[125, 150, 225, 226, 227, 228, 229, 230, 331, 332, 350, 425, 426];

/// Whether a server answers as one of FTP.
fn answers_as_ftp(session: &Transcript) -> bool {
    session.turns.iter().any(|turn| {
        let line = turn.text.slice(&session.bytes).trim_ascii();
        turn.label == Label::Reply
            && reply::reply_line(line).is_some_and(|line| FTP_CODES.contains(&line.code))
    })
}

/// Whether the server greets as one of FTP, and not of mail.
fn greets_as_ftp(session: &Transcript) -> bool {
    let first = session.turns.iter().find(|turn| turn.label == Label::Reply);
    first.is_some_and(|turn| {
        let line = turn.text.slice(&session.bytes).trim_ascii_start();
        let tells = |words: &[u8]| phrase::contains(line, words);
        // `ftp.example.net` is a name that a mail server may have.
        line.starts_with(b"220")
            && [&b"ftpd"[..], b"ftp server", b"ftp service", b" ftp ", b"filezilla", b"serv-u"]
                .iter()
                .any(|words| tells(words))
            && !tells(b"smtp")
            && !tells(b"mail")
    })
}

/// Whether the port that was dialled is another protocol's, so that a connection to it tells nothing of mail.
fn dials_another(session: &Transcript) -> bool {
    session.facts().any(|fact| {
        let (Fact::Dialled { port, .. } | Fact::ServerAddress { port, .. }) = fact else {
            return false;
        };
        port.is_some_and(ports::is_of_another_protocol)
    })
}
