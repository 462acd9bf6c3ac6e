//! Why mail failed: refused replies and lost connections, those with the same cause together.
//!
//! The cause is the rule that explains the failure; where none does, the reply itself is the cause. Replies that
//! differ in addresses, hosts, numbers and identifiers only are one wording.

use std::collections::BTreeMap;

use super::{
    Failure, Wording,
    group::{At, Clock, When},
    kept::{Count, Kept},
    wording,
};
use crate::{
    report::{mask::Secrets, session::texts},
    rules::{Family, Finding, Rule, Severity, Spot},
    session::{Exchange, Kind, Outcome, Reply, Session},
    transcript::Moment,
};

/// How many causes are kept, and how many wordings.
const MOST_CAUSES: usize = 2_000;
const MOST_WORDINGS: usize = 10_000;
/// How many wordings of one cause are named.
const WORDINGS: usize = 5;
/// Rules that say that something was refused, but not why.
const NO_CAUSE: [&str; 2] = ["refused", "delayed"];

/// A failure.
#[derive(Debug)]
struct Event {
    rule: Option<&'static Rule>,
    /// Where in the dialogue: a verb, `greeting` and the like; empty for a lost connection.
    stage: &'static str,
    code: u16,
    moment: Option<Moment>,
    at: At,
    /// The number of its session in this tally.
    number: u64,
}

/// Failures that have something in common: how often, when, and where first.
#[derive(Debug)]
struct Tale {
    rule: Option<&'static Rule>,
    stage: &'static str,
    code: u16,
    text: Box<[u8]>,
    count: u64,
    /// The number of the session that counted last.
    last: u64,
    sessions: u64,
    when: When,
    example: At,
}

impl Tale {
    fn new(event: &Event, text: &[u8]) -> Self {
        Self {
            rule: event.rule,
            stage: event.stage,
            code: event.code,
            text: text.into(),
            count: 0,
            last: 0,
            sessions: 0,
            when: When::default(),
            example: event.at.clone(),
        }
    }

    fn see(&mut self, event: &Event, text: &[u8]) {
        self.count += 1;
        self.sessions += u64::from(std::mem::replace(&mut self.last, event.number) != event.number);
        self.when.see(event.moment);
        if event.at < self.example {
            self.example = event.at.clone();
            (self.stage, self.code) = (event.stage, event.code);
            if *self.text != *text {
                self.text = text.into();
            }
        }
    }
}

impl Count for Tale {
    fn add(&mut self, other: Self) {
        self.count += other.count;
        self.sessions += other.sessions;
        self.when.add(other.when);
        self.last = 0;
        if other.example < self.example {
            self.example = other.example;
            (self.stage, self.code, self.text) = (other.stage, other.code, other.text);
        }
    }

    fn weight(&self) -> u64 {
        self.count
    }
}

/// The failures of all sessions.
#[derive(Debug)]
pub(super) struct Failures {
    causes: Kept<Tale>,
    wordings: Kept<Tale>,
    refusals: u64,
    losses: u64,
    /// Room to put names together in, kept from failure to failure.
    room: Room,
}

#[derive(Debug, Default)]
struct Room {
    wording: Vec<u8>,
    before: Vec<u8>,
    name: Vec<u8>,
}

impl Default for Failures {
    fn default() -> Self {
        Self {
            causes: Kept::new(MOST_CAUSES),
            wordings: Kept::new(MOST_WORDINGS),
            refusals: 0,
            losses: 0,
            room: Room::default(),
        }
    }
}

impl Failures {
    /// Counts the failures of a session, the `number`th of this tally.
    pub(super) fn see(
        &mut self,
        session: &Session<'_>,
        findings: &[Finding],
        number: u64,
        at: impl Fn(u64) -> At,
    ) {
        let mut secrets = None;
        // A rule names its first places only: the same reply once more has the same cause.
        let mut before: Option<(u16, &'static Rule)> = None;
        for exchange in &session.exchanges {
            let Some(reply) = exchange.reply.as_ref().filter(|reply| reply.is_refusal()) else {
                continue;
            };
            self.refusals += 1;
            let turn = session.turn(reply.turns.start);
            let line = turn.map_or(0, |turn| turn.place.line);
            self.room.read(session, reply);
            if session.exchanges.iter().any(|exchange| exchange.kind == Kind::Auth) {
                self.room.mask(secrets.get_or_insert_with(|| Secrets::of(session)));
            }
            let rule = explains(findings, session, exchange, line).or_else(|| {
                let (code, rule) = before?;
                (code == reply.code && self.room.wording == self.room.before).then_some(rule)
            });
            before = rule.map(|rule| (reply.code, rule));
            let moment = turn.and_then(|turn| turn.at);
            let (stage, code) = (stage(exchange), reply.code);
            self.tell(&Event { rule, stage, code, moment, at: at(line), number });
            let Room { wording, before, .. } = &mut self.room;
            std::mem::swap(wording, before);
        }
        if matches!(session.outcome, Outcome::Dropped | Outcome::ConnectFailed) {
            self.losses += 1;
            let lost = findings.iter().find(|finding| {
                finding.rule.family == Family::Transport && finding.severity > Severity::Note
            });
            self.room.wording.clear();
            let name = session.outcome.name().as_bytes();
            self.room.wording.extend_from_slice(if lost.is_none() { name } else { b"" });
            let line = lost.map_or(session.transcript.lines().1, |finding| finding.spot.line);
            self.tell(&Event {
                rule: lost.map(|finding| finding.rule),
                stage: "",
                code: 0,
                moment: session.transcript.turns.iter().rev().find_map(|turn| turn.at),
                at: at(line),
                number,
            });
        }
    }

    fn tell(&mut self, event: &Event) {
        let Room { wording, name, .. } = &mut self.room;
        name.clear();
        match event.rule {
            Some(rule) => name.extend_from_slice(rule.name.as_bytes()),
            None => name_reply(event, wording, name),
        }
        if let Some(cause) = self.causes.of(name, || Tale::new(event, wording)) {
            cause.see(event, wording);
        }
        if event.code == 0 {
            return;
        }
        name.push(0);
        name_reply(event, wording, name);
        if let Some(tale) = self.wordings.of(name, || Tale::new(event, wording)) {
            tale.see(event, wording);
        }
    }

    /// Adds what was counted elsewhere.
    pub(super) fn add(&mut self, other: Self) {
        self.causes.add(other.causes);
        self.wordings.add(other.wordings);
        self.refusals += other.refusals;
        self.losses += other.losses;
    }

    /// Refused replies, and sessions that were lost.
    pub(super) const fn counts(&self) -> (u64, u64) {
        (self.refusals, self.losses)
    }

    /// How many causes are kept and about how many there were, where some were left out; the same of wordings.
    pub(super) fn limits(&self) -> [Option<(usize, u64)>; 2] {
        [&self.causes, &self.wordings].map(Kept::limit)
    }

    /// How many causes there are, and the first of them, the most frequent first.
    pub(super) fn listed(&self, clock: Clock, most: usize) -> (u64, Vec<Failure>) {
        let mut wordings: BTreeMap<&[u8], Vec<&Tale>> = BTreeMap::new();
        for (name, tale) in self.wordings.listed() {
            let cause = name.split(|octet| *octet == 0).next().unwrap_or_default();
            wordings.entry(cause).or_default().push(tale);
        }
        let causes = self.causes.listed();
        let shown = causes.iter().take(most).map(|(name, tale)| {
            let wordings = wordings.get(name).map(Vec::as_slice).unwrap_or_default();
            let [first, last] = tale.when.shown(clock);
            Failure {
                rule: tale.rule.map(|rule| rule.name.to_owned()),
                about: tale.rule.map(|rule| rule.summary().to_owned()),
                count: tale.count,
                sessions: tale.sessions,
                first,
                last,
                example: tale.example.shown(),
                // Only a lost connection that no rule explains has words without a code.
                text: Some(shown(&tale.text)).filter(|_| tale.code == 0 && tale.rule.is_none()),
                different_replies: wordings.len() as u64,
                replies: wordings
                    .iter()
                    .take(WORDINGS)
                    .map(|tale| Wording {
                        stage: tale.stage.to_owned(),
                        code: tale.code,
                        text: shown(&tale.text),
                        count: tale.count,
                        example: tale.example.shown(),
                    })
                    .collect(),
            }
        });
        (causes.len() as u64, shown.collect())
    }
}

impl Room {
    /// Puts together what a reply says.
    fn read(&mut self, session: &Session<'_>, reply: &Reply<'_>) {
        self.wording.clear();
        for (_, text) in texts(session, reply) {
            if !self.wording.is_empty() {
                self.wording.push(b' ');
            }
            wording::append(text, &mut self.wording);
            if self.wording.len() > wording::LONGEST {
                break;
            }
        }
        self.wording.truncate(self.wording.trim_ascii_end().len());
    }

    fn mask(&mut self, secrets: &Secrets) {
        let masked = secrets.masked(String::from_utf8_lossy(&self.wording)).into_owned();
        self.wording = masked.into_bytes();
    }
}

fn shown(text: &[u8]) -> String {
    String::from_utf8_lossy(text).into_owned()
}

/// `RCPT 550 User unknown`
fn name_reply(event: &Event, wording: &[u8], name: &mut Vec<u8>) {
    name.extend_from_slice(event.stage.as_bytes());
    name.extend_from_slice(&event.code.to_be_bytes().map(|octet| octet | 0x80));
    name.extend(wording.iter().filter(|octet| **octet != 0));
}

/// Where in the dialogue an exchange stands.
fn stage(exchange: &Exchange<'_>) -> &'static str {
    match exchange.kind {
        Kind::Greeting => "greeting",
        Kind::Auth => "AUTH",
        Kind::Message => "message",
        Kind::Unsolicited => "unasked",
        Kind::Command => exchange.verb.map_or("unknown command", |verb| verb.name),
    }
}

/// The rule that explains a refused reply, whose first line is `line`: one that knows why mail is refused, or
/// one that finds fault with the command.
fn explains(
    findings: &[Finding],
    session: &Session<'_>,
    exchange: &Exchange<'_>,
    line: u64,
) -> Option<&'static Rule> {
    let covers =
        |spot: &Spot, line: u64| spot.line <= line && line <= spot.last_line.max(spot.line);
    let stands_on = |finding: &&Finding, line: u64| {
        covers(&finding.spot, line)
            || finding.evidence.iter().any(|evidence| covers(&evidence.spot, line))
    };
    let diagnosed = findings.iter().find(|finding| {
        matches!(finding.rule.family, Family::Delivery | Family::Relay)
            && !NO_CAUSE.contains(&finding.rule.name)
            && stands_on(finding, line)
    });
    let faulty = || {
        let said = exchange.command.as_ref()?;
        let line = session.turn(said.turns.start)?.place.line;
        findings.iter().find(|finding| {
            matches!(
                finding.rule.family,
                Family::Order | Family::Syntax | Family::Extension | Family::Middlebox
            ) && finding.severity > Severity::Note
                && stands_on(finding, line)
        })
    };
    diagnosed.or_else(faulty).map(|finding| finding.rule)
}
