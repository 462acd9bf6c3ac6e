//! Many sessions in one screen: totals, what failed and why, who, when, how fast.
//!
//! *Enters*: one session after the other with its findings ([`Tally::see`]), as they were understood, not as
//! reports. *Leaves*: a [`SummaryReport`]. Nothing of a session is kept but counts and a few examples, and
//! whatever grows with the log has a limit. Parts of a log may be counted apart and added up
//! ([`Tally::add`]), in any order: the same comes out.

use std::{borrow::Cow, collections::BTreeMap, sync::Arc};

use crate::{
    protocol::verbs::VerbId,
    report::SourceReport,
    rules::{self, Finding, Rule, Severity},
    session::{Kind, Outcome, Session},
    transcript::Moment,
};

mod cause;
mod commands;
mod condition;
mod document;
mod features;
mod finish;
mod group;
mod kept;
mod latency;
mod question;
#[cfg(test)]
mod tests;
mod timeline;
mod trail;
mod wording;

use super::mask::Secrets;
use cause::Failures;
use commands::{Attempts, Replies};
use condition::Subject;
use features::{Features, domain};
use group::{At, Clock, Group, Server, Share, When};
use kept::{Count, Kept};
use timeline::Timeline;
use trail::Trails;

pub use condition::{Condition, ConditionError};
pub use document::*;
pub use question::{By, Question};

/// How many peers, names and domains are counted singly.
const MOST_CLIENTS: usize = 50_000;
const MOST_NAMES: usize = 30_000;
const MOST_SERVERS: usize = 20_000;
const MOST_DOMAINS: usize = 50_000;
/// How many connectors, versions of TLS, mechanisms, unknown verbs.
const MOST_WORDS: usize = 2_000;
/// After so many sessions a part of a log is added to the whole, so that memory holds one whole and small parts.
const ENOUGH: u64 = 4_096;
/// Longer names are cut off.
const LONGEST_NAME: usize = 255;

/// The names of the outcomes, in the order in which a session is asked for them.
#[expect(clippy::indexing_slicing, reason = "runs in the compiler")]
pub const OUTCOMES: [&str; Outcome::ALL.len()] = {
    let mut names = [""; Outcome::ALL.len()];
    let mut place = 0;
    while place < names.len() {
        names[place] = Outcome::ALL[place].name();
        place += 1;
    }
    names
};

/// What a rule found.
#[derive(Debug)]
struct Found {
    rule: &'static Rule,
    worst: Severity,
    findings: u64,
    group: Group,
    example: At,
}

/// How many verbs have a place of their own in [`Tally::commands`]; behind them stand greeting, AUTH dialogue,
/// message and what answers nothing.
const VERBS: usize = VerbId::Other as usize;
const KINDS: [(Kind, &str); 4] = [
    (Kind::Greeting, "(greeting)"),
    (Kind::Auth, "(auth)"),
    (Kind::Message, "(message)"),
    (Kind::Unsolicited, "(unasked)"),
];

/// Counts sessions.
#[derive(Debug)]
pub struct Tally {
    question: Question,
    /// The source that is being read.
    source: Arc<str>,
    /// How many sessions were counted in this tally itself.
    number: u64,
    totals: Totals,
    left_out: Scope,
    all: Group,
    clock: Clock,
    when: When,
    codes: Vec<u64>,
    commands: Vec<Replies>,
    other_commands: Kept<Replies>,
    clients: Kept<Group>,
    peers: Kept<Group>,
    hellos: Kept<Group>,
    servers: Kept<Server>,
    connectors: Kept<Group>,
    domains: Kept<Group>,
    dialects: Kept<Group>,
    tls: Kept<u64>,
    plain: u64,
    tls_failed: u64,
    mechanisms: Kept<Attempts>,
    authenticated: u64,
    authenticated_plain: u64,
    rules: BTreeMap<&'static str, Found>,
    findings: BTreeMap<&'static str, u64>,
    failures: Failures,
    timeline: Timeline,
    trails: Trails,
    /// Room to write a name in lower case.
    room: Vec<u8>,
}

impl Tally {
    /// Counts nothing yet.
    pub fn new(question: Question) -> Self {
        Self {
            question,
            source: Arc::from(""),
            number: 0,
            totals: Totals::default(),
            left_out: Scope::default(),
            all: Group::default(),
            clock: Clock::default(),
            when: When::default(),
            codes: vec![0; 1000],
            commands: vec![Replies::default(); VERBS + KINDS.len()],
            other_commands: Kept::new(MOST_WORDS),
            clients: Kept::new(MOST_CLIENTS),
            peers: Kept::new(MOST_CLIENTS),
            hellos: Kept::new(MOST_NAMES),
            servers: Kept::new(MOST_SERVERS),
            connectors: Kept::new(MOST_WORDS),
            domains: Kept::new(MOST_DOMAINS),
            dialects: Kept::new(MOST_WORDS),
            tls: Kept::new(MOST_WORDS),
            plain: 0,
            tls_failed: 0,
            mechanisms: Kept::new(MOST_WORDS),
            authenticated: 0,
            authenticated_plain: 0,
            rules: BTreeMap::new(),
            findings: BTreeMap::new(),
            failures: Failures::default(),
            timeline: Timeline::default(),
            trails: Trails::default(),
            room: Vec::new(),
        }
    }

    /// Whether there is enough in it to be worth adding to another one.
    pub const fn is_full(&self) -> bool {
        self.totals.sessions >= ENOUGH
    }

    /// Counts a session, if it is asked for. `findings` are all that was found in it, of which those count that
    /// `is_asked_for` wants; the others may still explain a failure.
    pub fn see(
        &mut self,
        source: &str,
        session: &Session<'_>,
        findings: &[Finding],
        is_asked_for: impl Fn(&Finding) -> bool,
    ) {
        let features = Features::of(session);
        if !self.wants(session, findings, &features, &is_asked_for) {
            return;
        }
        self.reads(source);
        self.number += 1;
        self.totals.sessions += 1;
        for moment in [features.started, features.ended].into_iter().flatten() {
            self.clock.see(moment);
        }
        self.when.see(features.started);
        self.when.see(features.ended);
        let mut share = Share {
            number: self.number,
            outcome: session.outcome,
            started: features.started,
            accepted: 0,
            refused: 0,
            errors: false,
        };
        self.exchanges(session);
        self.recipients(session, &mut share);
        self.findings(session, findings, &mut share, is_asked_for);
        self.groups(session, &features, &share);
        self.all.see(&share);
        self.timeline.see(&share, features.ended);
        self.secured(session, &features);
        let source = &self.source;
        let at = |line| At { source: Arc::clone(source), line };
        self.failures.see(session, findings, self.number, at);
        self.trails.see(
            session,
            |transaction| place(session, &transaction.exchanges, at),
            (features.client(), features.server()),
        );
    }

    fn wants(
        &mut self,
        session: &Session<'_>,
        findings: &[Finding],
        features: &Features<'_>,
        is_asked_for: impl Fn(&Finding) -> bool,
    ) -> bool {
        match self.question.is_in_time(features.started) {
            None => {
                self.left_out.left_out_without_time += 1;
                return false;
            }
            Some(false) => {
                self.left_out.left_out_by_time += 1;
                return false;
            }
            Some(true) => {}
        }
        let met = self.question.condition.as_ref().is_none_or(|condition| {
            let findings: Vec<&Finding> =
                findings.iter().filter(|finding| is_asked_for(finding)).collect();
            condition.holds(&Subject { session, findings: &findings, features })
        });
        self.left_out.left_out_by_condition += u64::from(!met);
        met
    }

    fn exchanges(&mut self, session: &Session<'_>) {
        let mut idle = session.greeting().is_some() && session.outcome != Outcome::Incomplete;
        let mut secrets = None;
        for exchange in &session.exchanges {
            if let Some(reply) = &exchange.reply {
                self.totals.replies += 1;
                if let Some(count) = self.codes.get_mut(usize::from(reply.code)) {
                    *count += 1;
                }
            }
            let place = match exchange.kind {
                Kind::Command => {
                    self.totals.commands += u64::from(exchange.command.is_some());
                    let id = exchange.id();
                    idle &= id.is_some_and(|id| id.is_hello() || id == VerbId::Quit);
                    id.filter(|id| *id != VerbId::Other).map(|id| id as usize)
                }
                kind => {
                    idle &= !matches!(kind, Kind::Auth | Kind::Message)
                        && (kind != Kind::Greeting || exchange.accepted());
                    KINDS.iter().position(|(known, _)| *known == kind).map(|place| VERBS + place)
                }
            };
            let replies = if let Some(place) = place {
                self.commands.get_mut(place)
            } else {
                let typed = exchange.command.as_ref().map_or(&b""[..], |said| said.parsed.verb);
                let name = match exchange.verb {
                    Some(verb) => Cow::Borrowed(verb.name),
                    None => secrets
                        .get_or_insert_with(|| Secrets::of(session))
                        .masked_verb(String::from_utf8_lossy(typed)),
                };
                self.room.clear();
                self.room.extend(
                    name.bytes().take(LONGEST_NAME).map(|octet| octet.to_ascii_uppercase()),
                );
                self.other_commands.of(&self.room, Replies::default)
            };
            let Some(replies) = replies else { continue };
            replies.name = replies.name.or(exchange.verb.map(|verb| verb.name));
            replies.see(exchange);
        }
        self.totals.unused += u64::from(idle);
    }

    fn recipients(&mut self, session: &Session<'_>, share: &mut Share) {
        for transaction in &session.transactions {
            self.totals.messages += u64::from(transaction.queued());
            for recipient in &transaction.recipients {
                let accepted = recipient.accepted();
                share.accepted += u64::from(accepted);
                share.refused += u64::from(!accepted);
            }
        }
        self.totals.recipients_accepted += share.accepted;
        self.totals.recipients_refused += share.refused;
    }

    fn findings(
        &mut self,
        session: &Session<'_>,
        findings: &[Finding],
        share: &mut Share,
        is_asked_for: impl Fn(&Finding) -> bool,
    ) {
        let asked_for = || findings.iter().filter(|finding| is_asked_for(finding));
        share.errors = asked_for().any(|finding| finding.severity == Severity::Error);
        let line = session.transcript.lines().0;
        for finding in asked_for() {
            // What stands in no line stands at the beginning.
            let line = if finding.spot.line > 0 { finding.spot.line } else { line };
            self.found(finding.rule, finding.severity, line).group.see(share);
        }
    }

    /// Counts a source as read, once it is, with what its sessions show together.
    pub fn read(&mut self, source: &SourceReport) {
        self.totals.sources += 1;
        self.totals.octets += source.octets;
        self.totals.lines += source.lines;
        let problems = source.problems.iter().any(|problem| problem.severity > Severity::Note);
        self.totals.problems += u64::from(problems);
        self.reads(&source.name);
        for finding in &source.findings {
            if let Some(rule) = rules::find(finding.rule) {
                self.found(rule, finding.severity, finding.line.max(1));
            }
        }
    }

    /// Counts a finding of a rule.
    fn found(&mut self, rule: &'static Rule, severity: Severity, line: u64) -> &mut Found {
        *self.findings.entry(severity.name()).or_default() += 1;
        let at = At { source: Arc::clone(&self.source), line };
        let found = self.rules.entry(rule.name).or_insert_with(|| Found {
            rule,
            worst: severity,
            findings: 0,
            group: Group::default(),
            example: at.clone(),
        });
        found.findings += 1;
        found.worst = found.worst.max(severity);
        if at < found.example {
            found.example = at;
        }
        found
    }

    /// What is counted next is of this source.
    fn reads(&mut self, source: &str) {
        if *self.source != *source {
            self.source = Arc::from(source);
        }
    }

    fn groups(&mut self, session: &Session<'_>, features: &Features<'_>, share: &Share) {
        let mut count = |kept: &mut Kept<Group>, name: Option<&[u8]>| {
            let Some(name) = name.filter(|name| !name.is_empty()) else { return };
            self.room.clear();
            self.room.extend(name.iter().take(LONGEST_NAME).map(u8::to_ascii_lowercase));
            if let Some(group) = kept.of(&self.room, Group::default) {
                group.see(share);
            }
        };
        count(&mut self.clients, features.client);
        if self.question.by == Some(By::Peer) {
            count(&mut self.peers, features.peer());
        }
        count(&mut self.hellos, features.hello);
        count(&mut self.dialects, Some(session.transcript.dialect.as_bytes()));
        if let Some(group) =
            features.connector.and_then(|name| self.connectors.of(name, Group::default))
        {
            group.see(share);
        }
        for transaction in &session.transactions {
            for recipient in &transaction.recipients {
                let domain = domain(recipient.address).trim_ascii();
                self.room.clear();
                self.room.extend(domain.iter().take(LONGEST_NAME).map(u8::to_ascii_lowercase));
                if let Some(group) = self.domains.of(&self.room, Group::default) {
                    group.see_recipient(share, recipient.accepted());
                }
            }
        }
        let Some(name) = features.server() else { return };
        self.room.clear();
        self.room.extend(name.iter().take(LONGEST_NAME).map(u8::to_ascii_lowercase));
        let Some(server) = self.servers.of(&self.room, Server::default) else { return };
        server.group.see(share);
        let line = session.transcript.lines().0;
        if features.introduced && server.tells(&self.source, line) {
            server.runs(session, At { source: Arc::clone(&self.source), line });
        }
    }

    /// TLS and AUTH.
    fn secured(&mut self, session: &Session<'_>, features: &Features<'_>) {
        self.tls_failed += u64::from(features.tls_failed);
        if features.tls {
            let version = features.tls_version.unwrap_or(b"unknown");
            if let Some(count) = self.tls.of(version, || 0) {
                *count += 1;
            }
        } else if !session.exchanges.is_empty() {
            self.plain += 1;
        }
        self.authenticated += u64::from(features.authenticated);
        self.authenticated_plain += u64::from(features.authenticated && !features.tls);
        let mut exchanges = session.exchanges.iter().peekable();
        while let Some(exchange) = exchanges.next() {
            if exchange.kind != Kind::Command || !exchange.id().is_some_and(VerbId::is_auth) {
                continue;
            }
            let Some(said) = &exchange.command else { continue };
            let mechanism = said.parsed.argument.split(u8::is_ascii_whitespace).next();
            let mut code = exchange.code();
            while code == 334
                && let Some(next) = exchanges.next_if(|next| next.kind != Kind::Command)
            {
                code = next.code();
            }
            self.room.clear();
            let name = mechanism.unwrap_or_default();
            self.room.extend(name.iter().take(LONGEST_NAME).map(u8::to_ascii_uppercase));
            if let Some(attempts) = self.mechanisms.of(&self.room, Attempts::default) {
                attempts.all += 1;
                attempts.succeeded += u64::from(code / 100 == 2);
                attempts.failed += u64::from(matches!(code / 100, 4 | 5));
            }
        }
    }

    /// Adds what was counted of another part of the log, before it or behind it.
    pub fn add(&mut self, other: Self) {
        let totals = other.totals;
        let own = &mut self.totals;
        own.sources += totals.sources;
        own.octets += totals.octets;
        own.lines += totals.lines;
        own.problems += totals.problems;
        own.sessions += totals.sessions;
        own.commands += totals.commands;
        own.replies += totals.replies;
        own.messages += totals.messages;
        own.recipients_accepted += totals.recipients_accepted;
        own.recipients_refused += totals.recipients_refused;
        own.unused += totals.unused;
        self.left_out.left_out_by_time += other.left_out.left_out_by_time;
        self.left_out.left_out_without_time += other.left_out.left_out_without_time;
        self.left_out.left_out_by_condition += other.left_out.left_out_by_condition;
        self.all.add(other.all);
        self.clock.add(other.clock);
        self.when.add(other.when);
        for (own, other) in self.codes.iter_mut().zip(other.codes) {
            *own += other;
        }
        for (own, other) in self.commands.iter_mut().zip(other.commands) {
            own.add(other);
        }
        self.other_commands.add(other.other_commands);
        self.clients.add(other.clients);
        self.peers.add(other.peers);
        self.hellos.add(other.hellos);
        self.servers.add(other.servers);
        self.connectors.add(other.connectors);
        self.domains.add(other.domains);
        self.dialects.add(other.dialects);
        self.tls.add(other.tls);
        self.plain += other.plain;
        self.tls_failed += other.tls_failed;
        self.mechanisms.add(other.mechanisms);
        self.authenticated += other.authenticated;
        self.authenticated_plain += other.authenticated_plain;
        for (name, found) in other.rules {
            match self.rules.get_mut(name) {
                Some(own) => {
                    own.worst = own.worst.max(found.worst);
                    own.findings += found.findings;
                    own.group.add(found.group);
                    if found.example < own.example {
                        own.example = found.example;
                    }
                }
                None => {
                    self.rules.insert(name, found);
                }
            }
        }
        for (severity, count) in other.findings {
            *self.findings.entry(severity).or_default() += count;
        }
        self.failures.add(other.failures);
        self.timeline.add(other.timeline);
        self.trails.add(other.trails);
    }

    /// How many findings are at least this bad.
    pub fn findings_from(&self, severity: Severity) -> u64 {
        [Severity::Note, Severity::Warning, Severity::Error]
            .into_iter()
            .filter(|one| *one >= severity)
            .filter_map(|one| self.findings.get(one.name()))
            .sum()
    }
}

/// Where a transaction begins, and when.
fn place(
    session: &Session<'_>,
    exchanges: &std::ops::Range<usize>,
    at: impl Fn(u64) -> At,
) -> (At, Option<Moment>) {
    let turn = session.exchanges.get(exchanges.start).and_then(|exchange| {
        let said = exchange.command.as_ref().map(|said| said.turns.start);
        session.turn(said.or_else(|| exchange.reply.as_ref().map(|reply| reply.turns.start))?)
    });
    (at(turn.map_or(0, |turn| turn.place.line)), turn.and_then(|turn| turn.at))
}
