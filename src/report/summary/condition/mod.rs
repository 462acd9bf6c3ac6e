//! What `--where` asks of a session.
//!
//! `code` and `verb` that are joined by `and` speak of one command: `verb=RCPT and code=550` is a RCPT that
//! was answered 550. In brackets, each speaks for itself.

use std::net::IpAddr;

use super::{features::Features, trail};
use crate::{
    rules::Finding,
    session::{Exchange, Kind, Outcome, Session},
};

mod grammar;

pub use grammar::ConditionError;

/// A condition that a session meets or not.
///
/// ```
/// use smtplog::report::summary::Condition;
/// assert!("outcome=rejected and code=55x".parse::<Condition>().is_ok());
/// let error = "outcome=rejected adn code=550".parse::<Condition>().unwrap_err();
/// assert_eq!(error.at, 17);
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Condition {
    text: String,
    expression: Expression,
}

impl std::fmt::Display for Condition {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.text)
    }
}

#[derive(Debug, Clone, PartialEq)]
enum Expression {
    /// At least one of them.
    Any(Vec<Self>),
    /// All of them.
    All(Vec<Self>),
    Not(Box<Self>),
    Test(Test),
}

/// What is asked of one property.
#[derive(Debug, Clone, PartialEq)]
enum Test {
    Outcome(Outcome),
    /// Digits, and `x` for any.
    Code([u8; 3]),
    /// In upper case.
    Verb(Pattern),
    Net(ipnet::IpNet),
    Peer(Pattern),
    /// The name of a rule or a family.
    Rule(String),
    Domain(Pattern),
    Connector(Pattern),
    Message(Pattern),
}

/// A text in which `*` stands for anything; letters of either case are alike.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Pattern(Vec<Vec<u8>>);

impl Pattern {
    fn of(text: &str) -> Self {
        Self(text.split('*').map(|part| part.to_ascii_lowercase().into_bytes()).collect())
    }

    fn fits(&self, text: &[u8]) -> bool {
        let [first, rest @ ..] = self.0.as_slice() else { return false };
        let Some(mut left) = after_prefix(text, first) else { return false };
        let Some((last, middle)) = rest.split_last() else { return left.is_empty() };
        for part in middle {
            let at = (0..=left.len())
                .find(|at| left.get(*at..).is_some_and(|left| after_prefix(left, part).is_some()));
            let Some(rest) = at.and_then(|at| left.get(at + part.len()..)) else { return false };
            left = rest;
        }
        let end = left.len().checked_sub(last.len());
        end.and_then(|end| left.get(end..)).is_some_and(|end| end.eq_ignore_ascii_case(last))
    }
}

fn after_prefix<'t>(text: &'t [u8], prefix: &[u8]) -> Option<&'t [u8]> {
    let (start, rest) = text.split_at_checked(prefix.len())?;
    start.eq_ignore_ascii_case(prefix).then_some(rest)
}

/// A session before the condition.
pub(super) struct Subject<'s, 't> {
    pub(super) session: &'s Session<'t>,
    /// Those that are asked for.
    pub(super) findings: &'s [&'s Finding],
    pub(super) features: &'s Features<'s>,
}

impl Condition {
    /// Whether the session meets it.
    pub(super) fn holds(&self, subject: &Subject<'_, '_>) -> bool {
        self.expression.holds(subject)
    }
}

impl Expression {
    fn holds(&self, subject: &Subject<'_, '_>) -> bool {
        match self {
            Self::Any(parts) => parts.iter().any(|part| part.holds(subject)),
            Self::All(parts) => {
                let of_one =
                    |part: &&Self| matches!(part, Self::Test(Test::Code(_) | Test::Verb(_)));
                let (one, each): (Vec<_>, Vec<_>) = parts.iter().partition(of_one);
                let one_command = |exchange: &Exchange<'_>| {
                    one.iter().all(|part| matches!(part, Self::Test(test) if test.fits(exchange)))
                };
                (one.is_empty() || subject.session.exchanges.iter().any(one_command))
                    && each.iter().all(|part| part.holds(subject))
            }
            Self::Not(part) => !part.holds(subject),
            Self::Test(test) => test.holds(subject),
        }
    }
}

impl Test {
    /// Whether a command and its reply are what is asked for; only of `code` and `verb`.
    fn fits(&self, exchange: &Exchange<'_>) -> bool {
        match self {
            Self::Code(pattern) => {
                let code = exchange.code();
                let digits = [code / 100, code / 10 % 10, code % 10];
                exchange.reply.is_some()
                    && pattern
                        .iter()
                        .zip(digits)
                        .all(|(asked, digit)| *asked == b'x' || u16::from(*asked - b'0') == digit)
            }
            Self::Verb(pattern) => match exchange.kind {
                Kind::Greeting => pattern.fits(b"greeting"),
                Kind::Message => pattern.fits(b"message") || pattern.fits(b"."),
                Kind::Auth => pattern.fits(b"AUTH"),
                Kind::Unsolicited => false,
                Kind::Command => match (exchange.verb, &exchange.command) {
                    (Some(verb), _) => pattern.fits(verb.name.as_bytes()),
                    (None, Some(said)) => pattern.fits(said.parsed.verb),
                    (None, None) => false,
                },
            },
            _ => false,
        }
    }

    fn holds(&self, subject: &Subject<'_, '_>) -> bool {
        let Subject { session, findings, features } = subject;
        match self {
            Self::Code(_) | Self::Verb(_) => {
                session.exchanges.iter().any(|exchange| self.fits(exchange))
            }
            Self::Outcome(outcome) => session.outcome == *outcome,
            Self::Net(network) => features.addresses().any(|address| {
                let address = std::str::from_utf8(address).ok();
                let address = address.and_then(|address| address.parse::<IpAddr>().ok());
                address.is_some_and(|address| network.contains(&address))
            }),
            Self::Peer(pattern) => {
                features.addresses().chain(features.names()).any(|name| pattern.fits(name))
            }
            Self::Rule(name) => findings.iter().any(|finding| {
                finding.rule.name == name.as_str() || finding.rule.family.name() == name.as_str()
            }),
            Self::Domain(pattern) => session
                .transactions
                .iter()
                .flat_map(|transaction| &transaction.recipients)
                .any(|recipient| pattern.fits(super::features::domain(recipient.address))),
            Self::Connector(pattern) => {
                features.connector.is_some_and(|connector| pattern.fits(connector))
            }
            Self::Message(pattern) => session.transactions.iter().any(|transaction| {
                trail::names(session, transaction)
                    .into_iter()
                    .flatten()
                    .any(|name| pattern.fits(name))
            }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns() {
        for (pattern, text, expected) in [
            ("mx.example", "MX.example", true),
            ("mx.example", "mx.example.net", false),
            ("*.example.net", "mx.example.net", true),
            ("mx*", "mx1.example", true),
            ("m*x*e", "mail-x-some", true),
            ("m*x*e", "mail-some", false),
            ("a*a", "a", false),
            ("*", "", true),
            ("", "", true),
            ("", "a", false),
        ] {
            assert_eq!(Pattern::of(pattern).fits(text.as_bytes()), expected, "{pattern} {text}");
        }
    }
}
