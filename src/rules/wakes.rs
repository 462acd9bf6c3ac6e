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
    transcript::Fact,
};

/// What a session must hold for a rule to have anything to say; any one of these is enough.
#[derive(Debug, Clone, Copy)]
pub struct Wakes {
    signs: u32,
    line: Option<fn(&Told<'_>) -> bool>,
}

impl Wakes {
    /// Every session: the rule looks for itself.
    pub const ALWAYS: Self = Self::sign(0);
    /// A command that is not of the plain form ([`crate::grammar::Command::strict`]).
    pub const ODD_COMMAND: Self = Self::sign(1);
    /// A refusal that was diagnosed.
    pub const REFUSAL: Self = Self::sign(2);
    /// A reply that is neither positive nor goes on (RFC 5321 §4.2.1), or has no code.
    pub const NEGATIVE: Self = Self::sign(3);
    /// A command that came out of order, where it is clear who said what.
    pub const BREACH: Self = Self::sign(4);
    /// A command that was sent before the reply to the one before it came.
    pub const PIPELINED: Self = Self::sign(5);
    /// AUTH, a line of its dialogue, or a remark that it was left out.
    pub const AUTH: Self = Self::sign(6);
    /// STARTTLS, or what it is called elsewhere.
    pub const STARTTLS: Self = Self::sign(7);
    /// VRFY or EXPN.
    pub const VERIFYING: Self = Self::sign(8);
    /// BDAT.
    pub const BDAT: Self = Self::sign(9);
    /// A command that an extension brought.
    pub const EXTENSION: Self = Self::sign(10);
    /// A second HELO, EHLO or LHLO.
    pub const HELLO_AGAIN: Self = Self::sign(11);
    /// A second list of extensions.
    pub const OFFER_AGAIN: Self = Self::sign(12);
    /// A reply that answers nothing.
    pub const UNSOLICITED: Self = Self::sign(13);
    /// An exchange without a reply.
    pub const UNANSWERED: Self = Self::sign(14);
    /// A reply whose code is another one than nearly always answers the command.
    pub const UNUSUAL_CODE: Self = Self::sign(15);
    /// A reply that took two seconds or more.
    pub const LATE: Self = Self::sign(16);
    /// A message that the record shows.
    pub const MESSAGE: Self = Self::sign(17);
    /// A line that may belong to another protocol.
    pub const FOREIGN: Self = Self::sign(18);
    /// A reply whose lines do not agree: these wake all rules that lines wake.
    pub const DISAGREEING: Self = Self::line(|_| false);

    const fn sign(place: u32) -> Self {
        Self { signs: 1 << place, line: None }
    }

    /// A line of a reply for which `line` holds.
    pub const fn line(line: fn(&Told<'_>) -> bool) -> Self {
        Self { signs: 0, line: Some(line) }
    }

    /// This, or another sign.
    #[must_use]
    pub const fn or(self, other: Self) -> Self {
        assert!(other.line.is_none(), "lines are named first, and once");
        Self { signs: self.signs | other.signs, ..self }
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

/// A rule with what wakes it: signs of a session, and its bit among those that lines wake.
struct Listed {
    rule: &'static Rule,
    signs: u32,
    line: u64,
}

/// The rules that hold under each edition, in the order of the catalogue.
static BY_EDITION: LazyLock<Vec<(Edition, Vec<Listed>)>> = LazyLock::new(|| {
    let listed = |rule: &'static Rule| {
        let place = BY_LINE.iter().position(|other| other.name == rule.name);
        Listed { rule, signs: rule.wakes.signs, line: place.map_or(0, bit) }
    };
    let of = |edition| {
        let rules = all().filter(|rule| rule.editions.contains(&edition));
        (edition, rules.map(listed).collect())
    };
    Edition::ALL.into_iter().map(of).collect()
});

/// The bit of the rule at this place of [`BY_LINE`].
fn bit(place: usize) -> u64 {
    u32::try_from(place).ok().and_then(|place| 1_u64.checked_shl(place)).unwrap_or(0)
}

/// Tells `ask` each rule that holds under the edition, and whether it may have anything to say of a session.
pub(super) fn each(case: &Case<'_, '_>, mut ask: impl FnMut(&'static Rule, bool)) {
    let signs = signs_of(case);
    let lines = lines_of(case);
    let edition = case.judging.edition;
    let listed = BY_EDITION.iter().find(|(known, _)| *known == edition);
    for Listed { rule, signs: wanted, line } in listed.into_iter().flat_map(|(_, rules)| rules) {
        ask(rule, wanted & signs != 0 || line & lines != 0);
    }
}

/// The signs of a session, by one look at each exchange.
fn signs_of(case: &Case<'_, '_>) -> u32 {
    let session = case.session;
    let mut hellos = 0;
    let mut found = session.exchanges.iter().fold(Wakes::ALWAYS.signs, |found, exchange| {
        hellos += usize::from(
            exchange.kind == Kind::Command && exchange.id().is_some_and(VerbId::is_hello),
        );
        found | signs_of_exchange(exchange)
    });
    let mut add = |sign: Wakes, is: bool| found |= if is { sign.signs } else { 0 };
    add(Wakes::REFUSAL, !case.refusals().is_empty());
    add(Wakes::BREACH, case.is_sure() && case.any_breach());
    add(Wakes::FOREIGN, case.any_foreign());
    add(Wakes::HELLO_AGAIN, hellos > 1);
    add(Wakes::OFFER_AGAIN, session.offers.len() > 1);
    add(Wakes::AUTH, session.transcript.facts().any(|fact| *fact == Fact::AuthHidden));
    let mut messages = session.transactions.iter().filter_map(|one| one.message.as_ref());
    add(Wakes::MESSAGE, messages.any(|message| !message.hidden));
    found
}

fn signs_of_exchange(exchange: &Exchange<'_>) -> u32 {
    const LATE: i64 = 2_000_000;
    let mut found = 0;
    let mut add = |sign: Wakes, is: bool| found |= if is { sign.signs } else { 0 };
    match exchange.kind {
        Kind::Command => {
            let odd = exchange.command.as_ref().is_some_and(|said| !said.parsed.strict);
            add(Wakes::ODD_COMMAND, odd);
        }
        Kind::Auth => add(Wakes::AUTH, true),
        Kind::Unsolicited => add(Wakes::UNSOLICITED, true),
        Kind::Greeting | Kind::Message => {}
    }
    if let Some(verb) = exchange.verb {
        let id = verb.id;
        add(Wakes::EXTENSION, verb.keyword.is_some());
        add(Wakes::AUTH, id.is_auth());
        add(Wakes::STARTTLS, id.starts_tls());
        add(Wakes::VERIFYING, matches!(id, VerbId::Vrfy | VerbId::Expn));
        add(Wakes::BDAT, id == VerbId::Bdat);
    }
    add(Wakes::PIPELINED, exchange.pipelined);
    add(Wakes::LATE, exchange.latency.is_some_and(|latency| latency >= LATE));
    add(Wakes::UNANSWERED, exchange.reply.is_none());
    if let Some(reply) = &exchange.reply {
        add(Wakes::NEGATIVE, !matches!(reply.code / 100, 2 | 3));
        add(Wakes::AUTH, matches!(reply.code, 235 | 334));
        add(Wakes::UNUSUAL_CODE, !is_usual(exchange.kind, exchange.id(), reply.code));
    }
    found
}

/// Whether a code is what nearly every server answers; every edition allows it.
const fn is_usual(kind: Kind, verb: Option<VerbId>, code: u16) -> bool {
    use VerbId::{Data, Ehlo, Helo, Mail, Quit, Rcpt, Rset, Starttls};
    match (kind, verb) {
        (Kind::Greeting, _) => code == 220,
        (Kind::Message, _) => code == 250,
        (Kind::Command, Some(Helo | Ehlo | Mail | Rcpt | Rset)) => code == 250,
        (Kind::Command, Some(Data)) => code == 354,
        (Kind::Command, Some(Quit)) => code == 221,
        (Kind::Command, Some(Starttls)) => code == 220,
        _ => false,
    }
}

/// The rules that the lines of the replies wake, by their bits.
fn lines_of(case: &Case<'_, '_>) -> u64 {
    let session = case.session;
    // Of a list of keywords without its beginning, nobody knows what each line is.
    let fragment = session.offers.first().is_some_and(|offer| offer.exchange.is_none());
    KNOWN.with_borrow_mut(|known| {
        let replies = session.exchanges.iter().filter_map(|it| Some((it, it.reply.as_ref()?)));
        replies.fold(if fragment { EVERY } else { 0 }, |lines, (exchange, reply)| {
            lines | of_reply(case, exchange, reply, known)
        })
    })
}

/// All of them.
const EVERY: u64 = u64::MAX;

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
            *signs = woken(&Told { of, parsed: line.parsed, text: line.text, whole });
        });
    }
    signs
}

thread_local! {
    /// What the lines that were heard last wake.
    static KNOWN: RefCell<Known<Of, u64>> = const { RefCell::new(Known::new(1 << 12, 0)) };
}

/// Which rules a line wakes.
fn woken(told: &Told<'_>) -> u64 {
    let rules = BY_LINE.iter().enumerate();
    rules
        .filter(|(_, rule)| rule.wakes.line.is_some_and(|wakes| wakes(told)))
        .fold(0, |woken, (place, _)| woken | bit(place))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocol::{
        replies::{self, Allowed, Phase},
        verbs,
    };

    #[test]
    fn each_rule_that_lines_wake_has_a_bit() {
        assert!(BY_LINE.len() <= u64::BITS as usize, "{}", BY_LINE.len());
    }

    #[test]
    fn what_is_usual_is_allowed() {
        let ids = verbs::all().map(|verb| (Kind::Command, verb.id, Phase::Command));
        let others = [
            (Kind::Greeting, VerbId::Connect, Phase::Command),
            (Kind::Message, VerbId::Data, Phase::Data),
        ];
        for (kind, id, phase) in ids.chain(others) {
            for code in (0..1000).filter(|code| is_usual(kind, Some(id), *code)) {
                for edition in Edition::ALL {
                    let allowed = replies::allowed(id, phase, edition, code);
                    assert!(allowed != Allowed::No, "{id:?} {phase:?} {code} {edition}");
                }
            }
        }
    }
}
