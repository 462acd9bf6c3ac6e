//! A session to findings: one rule a file, whose documentation is its test.
//!
//! *Enters*: a [`Session`] and what the caller told about it ([`Judging`]).
//! *Leaves*: [`Finding`]s in the order of the record, one for each rule and cause.
//!
//! A rule is a file in the folder of its family: a doc comment, which is the page that `smtplog explain`
//! prints, and a `check`. Under `## Flags` and `## Accepts` the page holds transcripts; a test runs them:
//! the first kind must raise the rule on the line marked with `!`, the second must not raise it. To add
//! one, write the file and name it in its family's `mod.rs`.

use std::{cell::OnceCell, net::IpAddr};

use crate::{
    grammar::greeting,
    protocol::{Edition, verbs::VerbId},
    session::{Exchange, Kind, Session},
    transcript::{Fact, Method, Transcript},
};

mod cause;
mod finding;
mod findings;
mod foreign;
mod local;
mod masked;
#[cfg(test)]
mod pages;
mod selection;
mod wakes;

mod across;
mod delivery;
mod extension;
mod message;
mod middlebox;
mod order;
mod relay;
mod reply;
mod security;
mod syntax;
mod timing;
mod transport;

pub use across::Gathered;
pub(crate) use across::Glance;
pub use finding::{Confidence, Evidence, Finding, Party, Severity, Spot};
use findings::spot_of;
pub use findings::{Findings, Raised, Words, quoted};
pub use selection::Selection;
pub use wakes::{Of, Told, Wakes};

/// The families of rules, in the order of the catalogue.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Family {
    /// The connection.
    Transport,
    /// How the client wrote its commands.
    Syntax,
    /// Who spoke when.
    Order,
    /// What the server answered.
    Reply,
    /// What was offered and what was used.
    Extension,
    /// What changed the dialogue on its way.
    Middlebox,
    /// Mail for others.
    Relay,
    /// Secrets, injections, disclosures.
    Security,
    /// Why mail was refused or delayed.
    Delivery,
    /// What was sent as the message.
    Message,
    /// How long it took.
    Timing,
    /// Several sessions together.
    Across,
}

impl Family {
    /// All of them, in the order of the catalogue.
    pub const ALL: &[Self] = &[
        Self::Transport,
        Self::Syntax,
        Self::Order,
        Self::Reply,
        Self::Extension,
        Self::Middlebox,
        Self::Relay,
        Self::Security,
        Self::Delivery,
        Self::Message,
        Self::Timing,
        Self::Across,
    ];

    /// Its name in the report.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Transport => "transport",
            Self::Syntax => "syntax",
            Self::Order => "order",
            Self::Reply => "reply",
            Self::Extension => "extension",
            Self::Middlebox => "middlebox",
            Self::Relay => "relay",
            Self::Security => "security",
            Self::Delivery => "delivery",
            Self::Message => "message",
            Self::Timing => "timing",
            Self::Across => "across",
        }
    }
}

/// What the caller tells about the sessions: which edition judges, and what is local.
#[derive(Debug, Clone, Default)]
pub struct Judging {
    /// The edition of SMTP that judges.
    pub edition: Edition,
    /// Domains that the server is responsible for.
    pub local_domains: Vec<String>,
    /// Networks whose clients may relay.
    pub trusted_networks: Vec<ipnet::IpNet>,
}

impl Judging {
    /// Whether a client of this address may relay.
    pub fn trusts(&self, address: IpAddr) -> bool {
        self.trusted_networks.iter().any(|network| network.contains(&address))
    }
}

/// A session before the judge.
#[derive(Debug, Clone, Copy)]
pub struct Case<'c, 't> {
    /// The session.
    pub session: &'c Session<'t>,
    /// What the caller told.
    pub judging: &'c Judging,
    read: bool,
    sure: bool,
    found_out: &'c FoundOut,
}

/// What several rules ask of a session, found out when the first of them does.
#[derive(Debug, Default)]
struct FoundOut {
    refusals: OnceCell<Vec<delivery::Refusal>>,
    breach: OnceCell<bool>,
    foreign: OnceCell<bool>,
    at_home: OnceCell<bool>,
}

impl<'c, 't> Case<'c, 't> {
    /// The exchanges with their places.
    pub fn exchanges(
        &self,
    ) -> impl DoubleEndedIterator<Item = (usize, &'c Exchange<'t>)> + use<'c, 't> {
        self.session.exchanges.iter().enumerate()
    }

    /// The session before the judge.
    fn of(session: &'c Session<'t>, judging: &'c Judging, found_out: &'c FoundOut) -> Self {
        let read = is_read(session);
        Self { session, judging, read, sure: read && is_clear(session.transcript), found_out }
    }

    /// Why each refusal came.
    fn refusals(&self) -> &'c [delivery::Refusal] {
        self.found_out.refusals.get_or_init(|| delivery::diagnose(self.session))
    }

    /// Whether any command came out of order.
    fn any_breach(&self) -> bool {
        *self.found_out.breach.get_or_init(|| order::any_breach(self))
    }

    /// Whether any line of the dialogue or around it may belong to another protocol.
    fn any_foreign(&self) -> bool {
        *self.found_out.foreign.get_or_init(|| transport::any_foreign(self))
    }

    /// Whether client and server are one machine or one private network.
    fn is_at_home(&self) -> bool {
        *self.found_out.at_home.get_or_init(|| local::is_at_home(self.session))
    }

    /// Whether the dialogue is LMTP (RFC 2033): LHLO was sent, or the greeting or the recorder says so.
    fn speaks_lmtp(&self) -> bool {
        self.session.of_verb(VerbId::Lhlo).next().is_some()
            || self.session.transcript.facts().any(|fact| *fact == Fact::Lmtp)
            || self.session.greeting().is_some_and(|greeting| {
                // The host may be called anything.
                let words = greeting::host_line(greeting.text).text;
                words.windows(4).any(|word| word.eq_ignore_ascii_case(b"LMTP"))
            })
    }

    /// Whether the record was understood: nearly every reply answers something.
    pub const fn is_read(&self) -> bool {
        self.read
    }

    /// Whether it is clear who said what: rules that accuse somebody are silent otherwise.
    pub const fn is_sure(&self) -> bool {
        self.sure
    }
}

fn is_read(session: &Session<'_>) -> bool {
    let stray =
        |exchange: &&Exchange<'_>| exchange.kind == Kind::Unsolicited && exchange.code() != 421;
    session.exchanges.iter().filter(stray).count() * 5 <= session.exchanges.len()
}

fn is_clear(transcript: &Transcript) -> bool {
    const CLEAR: f32 = 0.6;
    const CLEAR_WHERE_MARKED: f32 = 0.4;
    let least = if transcript.method == Method::Marked { CLEAR_WHERE_MARKED } else { CLEAR };
    transcript.confidence >= least
}

/// One rule: what it is called, what it means, and how it is found.
#[derive(Debug)]
pub struct Rule {
    /// Its name, a promise to everybody's scripts.
    pub name: &'static str,
    /// The family it belongs to.
    pub family: Family,
    /// How bad it is, unless the finding says otherwise.
    pub severity: Severity,
    /// Who must act, unless the finding says otherwise.
    pub party: Party,
    /// The clauses that it rests on.
    pub references: &'static [&'static str],
    /// The editions of SMTP that it holds under.
    pub editions: &'static [Edition],
    /// What a session must hold for it to have anything to say.
    pub wakes: Wakes,
    /// Its page, in Markdown.
    pub page: &'static str,
    /// Finds it in a session.
    pub check: fn(&Case<'_, '_>, &mut Findings<'_, '_>),
}

impl Rule {
    /// Its page without the margin of the comment that it is written in.
    pub fn text(&self) -> String {
        let lines = self.page.lines().map(|line| line.strip_prefix(' ').unwrap_or(line));
        lines.collect::<Vec<_>>().join("\n")
    }

    /// The first line of its page.
    pub fn summary(&self) -> &'static str {
        self.page.trim_start().lines().next().unwrap_or_default().trim()
    }
}

/// Defines a rule's `RULE`: its page as a doc comment, then what the catalogue needs, and last what wakes
/// the rule, where not every session does.
macro_rules! rule {
    (
        $(#[doc = $page:literal])+
        $name:literal, $family:ident, $severity:ident, $party:ident,
        [$($reference:literal),* $(,)?], $editions:ident,
        $check:path
    ) => {
        $crate::rules::rule! {
            $(#[doc = $page])+
            $name, $family, $severity, $party,
            [$($reference),*], $editions,
            $check, wakes: $crate::rules::Wakes::ALWAYS
        }
    };
    (
        $(#[doc = $page:literal])+
        $name:literal, $family:ident, $severity:ident, $party:ident,
        [$($reference:literal),* $(,)?], $editions:ident,
        $check:path, wakes: $wakes:expr
    ) => {
        $(#[doc = $page])+
        pub(super) static RULE: $crate::rules::Rule = $crate::rules::Rule {
            name: $name,
            family: $crate::rules::Family::$family,
            severity: $crate::rules::Severity::$severity,
            party: $crate::rules::Party::$party,
            references: &[$($reference),*],
            editions: $crate::rules::$editions,
            wakes: $wakes,
            page: concat!($($page, "\n"),+),
            check: $check,
        };
    };
}
pub(crate) use rule;

/// Every edition.
pub(crate) const ALL_EDITIONS: &[Edition] = &[Edition::Rfc821, Edition::Rfc2821, Edition::Rfc5321];
/// RFC 2821 and what came after it.
pub(crate) const SINCE_2821: &[Edition] = &[Edition::Rfc2821, Edition::Rfc5321];

/// The rules of every family, in the order of the catalogue.
static FAMILIES: &[&[&Rule]] = &[
    transport::RULES,
    syntax::RULES,
    order::RULES,
    reply::RULES,
    extension::RULES,
    middlebox::RULES,
    relay::RULES,
    security::RULES,
    delivery::RULES,
    message::RULES,
    timing::RULES,
    across::RULES,
];

/// Every rule, in the order of the catalogue.
pub fn all() -> impl Iterator<Item = &'static Rule> {
    FAMILIES.iter().flat_map(|family| family.iter().copied())
}

/// The rule of this name.
pub fn find(name: &str) -> Option<&'static Rule> {
    all().find(|rule| rule.name == name)
}

/// Judges a session: every rule that holds under the edition, then causes before consequences.
pub fn judge(session: &Session<'_>, judging: &Judging) -> Vec<Finding> {
    judged(session, judging, true)
}

/// The same findings with nothing in them to read, for whoever counts them.
pub fn judge_for_counting(session: &Session<'_>, judging: &Judging) -> Vec<Finding> {
    judged(session, judging, false)
}

fn judged(session: &Session<'_>, judging: &Judging, read: bool) -> Vec<Finding> {
    let found_out = FoundOut::default();
    let case = Case::of(session, judging, &found_out);
    let mut findings = Findings::of(session, read);
    wakes::each(&case, |rule, awake| {
        if awake {
            findings.judge(rule, &case);
        } else if cfg!(debug_assertions) {
            let before = findings.len();
            findings.judge(rule, &case);
            assert_eq!(before, findings.len(), "{} speaks where it sleeps", rule.name);
        }
    });
    let mut found = findings.into_vec();
    foreign::leave_out(session, &mut found);
    cause::link(session, &mut found);
    found
}
