//! Several sessions together: a second kind of rule, which sees each session of a source in brief.
//!
//! *Enters*: the sessions of a source, one after the other ([`Gathered::see`]). *Leaves*: findings about
//! the source as a whole. What is kept is bounded: a few facts of a session, and at most [`MOST_SESSIONS`]
//! of those; later ones are not compared.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::{Case, Confidence, Evidence, Finding, Findings, Judging, Rule, Spot};
use crate::session::Session;

mod glance;

mod greylisting_confirmed;
mod harvest_attack;
mod password_spraying;
mod server_inconsistent;
mod sessions_unused;
mod starttls_removed;

pub(crate) use glance::Glance;

/// How many sessions of a source are compared.
const MOST_SESSIONS: usize = 20_000;
/// How many places of a finding are named.
const PLACES: usize = 8;

/// In the order of the catalogue.
pub(super) static RULES: &[&Rule] = &[
    &greylisting_confirmed::RULE,
    &harvest_attack::RULE,
    &password_spraying::RULE,
    &sessions_unused::RULE,
    &server_inconsistent::RULE,
];

/// Finds a rule in the sessions of a source.
type Check = fn(&[Glance], &mut Raised);

/// The rules with their checks.
static CHECKS: &[(&Rule, Check)] = &[
    (&greylisting_confirmed::RULE, greylisting_confirmed::check),
    (&harvest_attack::RULE, harvest_attack::check),
    (&password_spraying::RULE, password_spraying::check),
    (&sessions_unused::RULE, sessions_unused::check),
    (&server_inconsistent::RULE, server_inconsistent::check),
    (super::middlebox::STARTTLS_STRIPPED, starttls_removed::check),
];

/// These rules have nothing to say about a single session.
fn nothing(_: &Case<'_, '_>, _: &mut Findings<'_, '_>) {}

/// The sessions of a source in brief.
#[derive(Debug, Default)]
pub struct Gathered {
    sessions: Vec<Glance>,
}

impl Gathered {
    /// Takes note of a session.
    pub fn see(&mut self, session: &Session<'_>) {
        if self.sessions.len() < MOST_SESSIONS {
            self.sessions.push(Glance::of(session));
        }
    }

    /// Whether the session with this number within its source is taken note of.
    pub(crate) const fn has_room(number: u64) -> bool {
        number <= MOST_SESSIONS as u64
    }

    /// Takes note of further sessions.
    pub(crate) fn add(&mut self, sessions: Vec<Glance>) {
        let room = MOST_SESSIONS.saturating_sub(self.sessions.len());
        self.sessions.extend(sessions.into_iter().take(room));
    }

    /// Judges the sessions together.
    pub fn judge(&self, judging: &Judging) -> Vec<Finding> {
        if self.sessions.len() < 2 {
            return Vec::new();
        }
        let mut found = Vec::new();
        for (rule, check) in CHECKS {
            if rule.editions.contains(&judging.edition) {
                let mut raised = Raised { rule, found: Vec::new() };
                check(&self.sessions, &mut raised);
                found.append(&mut raised.found);
            }
        }
        found
    }
}

/// The findings of one rule.
struct Raised {
    rule: &'static Rule,
    found: Vec<Finding>,
}

impl Raised {
    /// Raises the rule: the first place is the finding's own, the others bear it out.
    fn raise(
        &mut self,
        places: &[(Spot, &str)],
        message: String,
        help: &str,
        confidence: Confidence,
    ) {
        let Some((first, rest)) = places.split_first() else { return };
        self.found.push(Finding {
            rule: self.rule,
            severity: self.rule.severity,
            confidence,
            party: self.rule.party,
            spot: first.0,
            count: 1,
            message,
            help: help.to_owned(),
            evidence: rest
                .iter()
                .take(PLACES)
                .map(|(spot, text)| Evidence { spot: *spot, text: (*text).to_owned() })
                .collect(),
            because_of: None,
        });
    }
}

/// The sessions of each client whose address is known.
fn by_client(sessions: &[Glance]) -> BTreeMap<&Arc<str>, Vec<&Glance>> {
    let mut clients: BTreeMap<&Arc<str>, Vec<&Glance>> = BTreeMap::new();
    for session in sessions {
        if let Some(client) = &session.client {
            clients.entry(client).or_default().push(session);
        }
    }
    clients
}

/// How many different ones there are.
fn different<'s>(texts: impl Iterator<Item = &'s str>) -> usize {
    texts.collect::<BTreeSet<_>>().len()
}
