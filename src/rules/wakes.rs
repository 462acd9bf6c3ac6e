//! What wakes a rule: most rules have nothing to say of most sessions, and one glance tells.
//!
//! A rule that only ever speaks of commands which leave the plain form, of refusals, or of certain lines of
//! a server, says so beside its name, and is not asked about other sessions. Servers say the same few lines
//! over and over: which rules a line wakes is remembered by the line. Where a rule sleeps it would have been
//! silent: builds with debug assertions ask it all the same, and insist on that.

use std::{cell::RefCell, sync::LazyLock};

use super::{Case, Rule, all};
use crate::{
    grammar::reply::ReplyLine,
    known::Known,
    protocol::{Edition, verbs::VerbId},
    session::{Exchange, Kind, Reply},
};

/// What a session must hold for a rule to have anything to say; any one of these is enough.
#[derive(Debug, Clone, Copy)]
pub struct Wakes {
    /// Always: the rule looks for itself.
    pub always: bool,
    /// A command that is not of the plain form ([`crate::grammar::Command::strict`]).
    pub odd_command: bool,
    /// A refusal that was diagnosed.
    pub refusal: bool,
    /// A line of a reply for which this holds.
    pub line: Option<fn(&Told<'_>) -> bool>,
}

impl Wakes {
    /// Every session.
    pub const ALWAYS: Self = Self { always: true, ..Self::NEVER };
    /// A command that is not of the plain form.
    pub const ODD_COMMAND: Self = Self { odd_command: true, ..Self::NEVER };
    /// A refusal that was diagnosed.
    pub const REFUSAL: Self = Self { refusal: true, ..Self::NEVER };
    const NEVER: Self = Self { always: false, odd_command: false, refusal: false, line: None };

    /// A line of a reply for which `line` holds.
    pub const fn line(line: fn(&Told<'_>) -> bool) -> Self {
        Self { line: Some(line), ..Self::NEVER }
    }

    /// This, or a command that is not of the plain form.
    #[must_use]
    pub const fn or_odd_command(self) -> Self {
        Self { odd_command: true, ..self }
    }
}

/// What a line of a reply belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Of {
    /// The greeting.
    Greeting,
    /// The first line of the answer to EHLO or LHLO.
    Hello,
    /// A further line of it.
    Keyword,
    /// Any other reply.
    Other,
}

/// A line of a reply as a rule is shown it, apart from its session.
#[derive(Debug, Clone, Copy)]
pub struct Told<'t> {
    /// What it belongs to.
    pub of: Of,
    /// The line taken apart; `None` where it has no code.
    pub parsed: Option<ReplyLine<'t>>,
    /// Its text after code and separator; all of it where it has no code.
    pub text: &'t [u8],
    /// All of it.
    pub whole: &'t [u8],
}

impl Told<'_> {
    /// Its code; 0 where it has none.
    pub fn code(&self) -> u16 {
        self.parsed.map_or(0, |line| line.code)
    }

    /// Whether it may belong to a refusal: its class is 4 or 5, or it has no code.
    pub fn may_refuse(&self) -> bool {
        matches!(self.code() / 100, 0 | 4 | 5)
    }
}

/// The rules that a line may wake, each with its bit.
static BY_LINE: LazyLock<Vec<&'static Rule>> =
    LazyLock::new(|| all().filter(|rule| rule.wakes.line.is_some()).collect());

/// A rule with its place in [`BY_LINE`], where it has one.
type Listed = (&'static Rule, Option<usize>);

/// The rules that hold under each edition, in the order of the catalogue.
static BY_EDITION: LazyLock<Vec<(Edition, Vec<Listed>)>> = LazyLock::new(|| {
    let of = |edition| {
        let place = |rule: &Rule| BY_LINE.iter().position(|other| other.name == rule.name);
        let rules = all().filter(|rule| rule.editions.contains(&edition));
        (edition, rules.map(|rule| (rule, place(rule))).collect())
    };
    Edition::ALL.into_iter().map(of).collect()
});

/// Tells `ask` each rule that holds under the edition, and whether it may have anything to say of a session.
pub(super) fn each(case: &Case<'_, '_>, mut ask: impl FnMut(&'static Rule, bool)) {
    let signs = Signs::of(case);
    let edition = case.judging.edition;
    let listed = BY_EDITION.iter().find(|(known, _)| *known == edition);
    for (rule, place) in listed.into_iter().flat_map(|(_, rules)| rules) {
        ask(rule, signs.wake(rule, *place));
    }
}

/// All of them.
const EVERY: u64 = u64::MAX;

/// What a session holds that wakes rules.
#[derive(Debug, Clone, Copy)]
struct Signs {
    odd_command: bool,
    refusal: bool,
    /// By the places of the rules in [`BY_LINE`].
    lines: u64,
}

impl Signs {
    /// Looks at all commands and replies of a session once.
    fn of(case: &Case<'_, '_>) -> Self {
        let session = case.session;
        let odd = |exchange: &Exchange<'_>| {
            exchange.kind == Kind::Command
                && exchange.command.as_ref().is_some_and(|said| !said.parsed.strict)
        };
        // Of a list of keywords without its beginning, nobody knows what each line is.
        let fragment = session.offers.first().is_some_and(|offer| offer.exchange.is_none());
        let mut lines = if fragment { EVERY } else { 0 };
        KNOWN.with_borrow_mut(|known| {
            for exchange in &session.exchanges {
                let Some(reply) = &exchange.reply else { continue };
                lines |= of_reply(case, exchange, reply, known);
            }
        });
        Self {
            odd_command: session.exchanges.iter().any(odd),
            refusal: !case.refusals().is_empty(),
            lines,
        }
    }

    /// Whether a rule may have anything to say.
    fn wake(self, rule: &Rule, place: Option<usize>) -> bool {
        let wakes = &rule.wakes;
        wakes.always
            || wakes.odd_command && self.odd_command
            || wakes.refusal && self.refusal
            || place.is_some_and(|place| self.lines >> place & 1 == 1)
    }
}

fn of_reply(
    case: &Case<'_, '_>,
    exchange: &Exchange<'_>,
    reply: &Reply<'_>,
    known: &mut Known<Of, u64>,
) -> u64 {
    let hello = exchange.kind == Kind::Command
        && matches!(exchange.id(), Some(VerbId::Ehlo | VerbId::Lhlo));
    let lines = case.session.lines.get(reply.lines.clone()).unwrap_or_default();
    let mut signs = 0;
    for (place, line) in lines.iter().enumerate() {
        let of = match (exchange.kind, hello, place) {
            (Kind::Greeting, ..) => Of::Greeting,
            (_, true, 0) => Of::Hello,
            (_, true, _) => Of::Keyword,
            _ => Of::Other,
        };
        // Lines of one reply that do not agree: what each of them means, the rules find out.
        if line.parsed.is_none_or(|parsed| parsed.code != reply.code) {
            return EVERY;
        }
        let whole = case.session.transcript.text(line.turn);
        signs |= known.of(of, whole, |signs| {
            *signs = self::signs(&Told { of, parsed: line.parsed, text: line.text, whole });
        });
    }
    signs
}

thread_local! {
    /// What the lines that were heard last wake.
    static KNOWN: RefCell<Known<Of, u64>> = const { RefCell::new(Known::new(1 << 12, 0)) };
}

/// Which rules a line wakes.
fn signs(told: &Told<'_>) -> u64 {
    let mut signs = 0;
    for (place, rule) in BY_LINE.iter().enumerate() {
        if rule.wakes.line.is_some_and(|wakes| wakes(told)) {
            signs |= 1_u64.checked_shl(u32::try_from(place).unwrap_or(0)).unwrap_or(0);
        }
    }
    signs
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_rule_that_lines_wake_has_a_bit() {
        assert!(BY_LINE.len() <= u64::BITS as usize, "{}", BY_LINE.len());
    }
}
