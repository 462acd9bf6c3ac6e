//! How a condition is written.
//!
//! ```text
//! condition = all *( "or" all )
//! all       = one *( "and" one )
//! one       = "not" one / "(" condition ")" / test
//! test      = field ( "=" / "!=" ) value
//! value     = a word / '"' text '"' / "'" text "'"
//! ```

use std::{fmt, net::IpAddr, str::FromStr};

use nom::{
    IResult, Parser as _,
    branch::alt,
    bytes::complete::{tag, take_till, take_while1},
    character::complete::{char, multispace0},
    combinator::{map, rest},
    error::ParseError,
    sequence::{delimited, preceded},
};

use super::{Condition, Expression, Pattern, Test};
use crate::{
    rules::{self, Family},
    session::Outcome,
};

/// How deep brackets and `not` may be nested.
const DEEPEST: usize = 64;

/// What can be asked for.
const FIELDS: [&str; 8] =
    ["outcome", "code", "verb", "peer", "rule", "domain", "connector", "message"];

/// Why a condition is none, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConditionError {
    /// The condition as it was written.
    pub text: String,
    /// The octet of the text at which it is wrong.
    pub at: usize,
    /// How many characters are wrong; at the end of the text none.
    pub length: usize,
    /// What is wrong, and what would be right.
    pub message: String,
}

impl fmt::Display for ConditionError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let before = self.text.get(..self.at).unwrap_or_default().chars().count();
        let (blanks, marks) = (" ".repeat(before), "^".repeat(self.length.max(1)));
        write!(f, "{}\n  {}\n  {blanks}{marks}", self.message, self.text)
    }
}

impl std::error::Error for ConditionError {}

/// What is wrong, as a parser knows it.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Wrong<'t> {
    /// The text from there on.
    rest: &'t str,
    length: usize,
    message: String,
}

impl<'t> ParseError<&'t str> for Wrong<'t> {
    fn from_error_kind(rest: &'t str, _: nom::error::ErrorKind) -> Self {
        Self { rest, length: 0, message: String::new() }
    }

    fn append(_: &'t str, _: nom::error::ErrorKind, other: Self) -> Self {
        other
    }
}

type Parsed<'t, T> = IResult<&'t str, T, Wrong<'t>>;

fn wrong<T>(rest: &str, length: usize, message: impl Into<String>) -> Parsed<'_, T> {
    Err(nom::Err::Failure(Wrong { rest, length, message: message.into() }))
}

impl FromStr for Condition {
    type Err = ConditionError;

    fn from_str(text: &str) -> Result<Self, ConditionError> {
        let whole = condition(text, 0).and_then(|(left, expression)| {
            let left = left.trim_start();
            match left.chars().next() {
                None => Ok(expression),
                Some(')') => wrong(left, 1, "this bracket was never opened").map(|(_, it)| it),
                Some(_) => {
                    let message = "`and` or `or` goes here";
                    wrong(left, word_length(left), message).map(|(_, it)| it)
                }
            }
        });
        match whole {
            Ok(expression) => Ok(Self { text: text.trim().to_owned(), expression }),
            Err(nom::Err::Error(found) | nom::Err::Failure(found)) => Err(ConditionError {
                text: text.to_owned(),
                at: text.len() - found.rest.len(),
                length: found.length,
                message: found.message,
            }),
            Err(nom::Err::Incomplete(_)) => Err(ConditionError {
                text: text.to_owned(),
                at: text.len(),
                length: 0,
                message: "the condition ends too early".to_owned(),
            }),
        }
    }
}

/// The length of the word that a text begins with, in characters.
fn word_length(text: &str) -> usize {
    text.chars().take_while(|letter| !letter.is_whitespace() && !"()".contains(*letter)).count()
}

/// Parts with a word between them.
fn joined<'t>(
    text: &'t str,
    word: &'static str,
    part: impl Fn(&'t str) -> Parsed<'t, Expression>,
    all: fn(Vec<Expression>) -> Expression,
) -> Parsed<'t, Expression> {
    let (mut left, first) = part(text)?;
    let mut parts = vec![first];
    while let Ok((after, ())) = keyword(word)(left) {
        let (next, more) = part(after)?;
        parts.push(more);
        left = next;
    }
    let single = parts.len() == 1;
    Ok((left, if single { parts.remove(0) } else { all(parts) }))
}

fn condition(text: &str, depth: usize) -> Parsed<'_, Expression> {
    let all = |text| joined(text, "and", |text| one(text, depth), Expression::All);
    joined(text, "or", all, Expression::Any)
}

/// A word of the language, in either case, which is not the beginning of a longer one.
fn keyword<'t>(word: &'static str) -> impl Fn(&'t str) -> Parsed<'t, ()> {
    move |text| {
        let (left, found) =
            preceded(multispace0, take_while1(char::is_alphanumeric)).parse(text)?;
        if found.eq_ignore_ascii_case(word) && !left.trim_start().starts_with(['=', '!']) {
            return Ok((left, ()));
        }
        Err(nom::Err::Error(Wrong { rest: text, length: 0, message: String::new() }))
    }
}

fn one(text: &str, depth: usize) -> Parsed<'_, Expression> {
    let (text, _) = multispace0(text)?;
    if depth > DEEPEST {
        return wrong(text, 1, "the condition is nested too deep");
    }
    if let Ok((left, ())) = keyword("not")(text) {
        let (left, part) = one(left, depth + 1)?;
        return Ok((left, Expression::Not(Box::new(part))));
    }
    let Some(inner) = text.strip_prefix('(') else { return test(text) };
    let (left, inside) = condition(inner, depth + 1)?;
    match left.trim_start().strip_prefix(')') {
        // As a part of its own: what stands in it speaks of a command of its own.
        Some(left) => Ok((left, Expression::All(vec![inside]))),
        None if left.trim_start().is_empty() => wrong(text, 1, "this bracket is never closed"),
        None => {
            let left = left.trim_start();
            wrong(left, word_length(left), "`and`, `or` or `)` goes here")
        }
    }
}

fn test(text: &str) -> Parsed<'_, Expression> {
    let fields = || FIELDS.join(", ");
    let mut name = take_while1(|letter: char| letter.is_alphanumeric() || letter == '-');
    let named: Parsed<'_, &str> = name.parse(text);
    let Ok((left, field)) = named else {
        return wrong(text, word_length(text), format!("a field goes here: {}", fields()));
    };
    if !FIELDS.iter().any(|known| known.eq_ignore_ascii_case(field)) {
        let message = format!("there is no field `{field}`; there are {}", fields());
        return wrong(text, field.chars().count(), message);
    }
    let (left, _) = multispace0(left)?;
    let sign: Parsed<'_, bool> =
        alt((map(tag("!="), |_| true), map(tag("=="), |_| false), map(tag("="), |_| false)))
            .parse(left);
    let Ok((left, negated)) = sign else {
        return wrong(left, word_length(left), format!("`=` or `!=` goes behind `{field}`"));
    };
    let (place, _) = multispace0(left)?;
    let (left, value) = value(place)?;
    if value.is_empty() {
        return wrong(place, word_length(place), format!("what `{field}` is to be goes here"));
    }
    match tested(&field.to_ascii_lowercase(), value) {
        Ok(test) if negated => Ok((left, Expression::Not(Box::new(Expression::Test(test))))),
        Ok(test) => Ok((left, Expression::Test(test))),
        Err(message) => wrong(place, place.len() - left.len(), message),
    }
}

/// A value: in quotes anything, else up to a blank or a bracket.
fn value(text: &str) -> Parsed<'_, &str> {
    for quote in ['"', '\''] {
        if text.starts_with(quote) {
            let quoted: Parsed<'_, &str> =
                delimited(char(quote), take_till(move |letter| letter == quote), char(quote))
                    .parse(text);
            return quoted.or_else(|_| wrong(text, 1, "this quote is never closed"));
        }
    }
    let word = take_while1(|letter: char| !letter.is_whitespace() && letter != ')');
    alt((word, map(rest, |_| ""))).parse(text)
}

/// What is asked for, or what would be right.
fn tested(field: &str, value: &str) -> Result<Test, String> {
    match field {
        "outcome" => {
            let names = || Outcome::ALL.map(Outcome::name).join(", ");
            let found = Outcome::ALL.into_iter().find(|one| one.name().eq_ignore_ascii_case(value));
            found
                .map(Test::Outcome)
                .ok_or_else(|| format!("there is no outcome `{value}`; there are {}", names()))
        }
        "code" => {
            let lower = value.to_ascii_lowercase();
            <[u8; 3]>::try_from(lower.as_bytes())
                .ok()
                .filter(|code| code.iter().all(|digit| digit.is_ascii_digit() || *digit == b'x'))
                .map(Test::Code)
                .ok_or_else(|| "a code has three digits, such as 550, or 5xx for any".to_owned())
        }
        "rule" => {
            let name = value.to_ascii_lowercase();
            let known = rules::find(&name).is_some()
                || Family::ALL.iter().any(|family| family.name() == name);
            known.then_some(Test::Rule(name)).ok_or_else(|| {
                format!("there is no rule or family `{value}`; `smtplog rules` lists them")
            })
        }
        "peer" => Ok(value
            .parse()
            .or_else(|_| value.parse::<IpAddr>().map(ipnet::IpNet::from))
            .map_or_else(|_| Test::Peer(Pattern::of(value)), Test::Net)),
        "verb" => Ok(Test::Verb(Pattern::of(value))),
        "domain" => Ok(Test::Domain(Pattern::of(value))),
        "connector" => Ok(Test::Connector(Pattern::of(value))),
        _ => Ok(Test::Message(Pattern::of(value.trim_matches(['<', '>'])))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(text: &str) -> String {
        fn shown(expression: &Expression) -> String {
            let list = |parts: &[Expression]| parts.iter().map(shown).collect::<Vec<_>>().join(" ");
            match expression {
                Expression::Any(parts) => format!("any({})", list(parts)),
                Expression::All(parts) => format!("all({})", list(parts)),
                Expression::Not(part) => format!("not({})", shown(part)),
                Expression::Test(Test::Code(code)) => String::from_utf8(code.to_vec()).unwrap(),
                Expression::Test(Test::Outcome(outcome)) => outcome.name().to_owned(),
                Expression::Test(Test::Rule(name)) => name.clone(),
                Expression::Test(Test::Net(network)) => network.to_string(),
                Expression::Test(
                    Test::Verb(pattern)
                    | Test::Peer(pattern)
                    | Test::Domain(pattern)
                    | Test::Connector(pattern)
                    | Test::Message(pattern),
                ) => String::from_utf8(pattern.0.join(&b'*')).unwrap(),
            }
        }
        text.parse::<Condition>().map_or_else(|error| error.to_string(), |it| shown(&it.expression))
    }

    #[test]
    fn what_is_asked_for() {
        for (text, expected) in [
            ("outcome=rejected and code=550", "all(rejected 550)"),
            ("code=5xx or code=4XX and verb=RCPT", "any(5xx all(4xx rcpt))"),
            ("not (code=250) and outcome!=queued", "all(not(all(250)) not(queued))"),
            ("peer=192.0.2.0/24", "192.0.2.0/24"),
            ("peer = *.example.net", "*.example.net"),
            ("domain=\"a b\" AND rule=relay", "all(a b relay)"),
            ("message=<1@a.example>", "1@a.example"),
            (" ( outcome=dropped ) ", "all(dropped)"),
        ] {
            assert_eq!(parsed(text), expected, "{text}");
        }
    }

    #[test]
    fn errors_point_at_the_place() {
        for (text, message, marks) in [
            (
                "",
                "a field goes here: outcome, code, verb, peer, rule, domain, connector, message",
                "^",
            ),
            (
                "outcom=rejected",
                "there is no field `outcom`; there are outcome, code, verb, peer, rule, domain, \
                 connector, message",
                "^^^^^^",
            ),
            ("outcome rejected", "`=` or `!=` goes behind `outcome`", "        ^^^^^^^^"),
            ("outcome=", "what `outcome` is to be goes here", "        ^"),
            (
                "code=550 and outcome=reject",
                "there is no outcome `reject`; there are queued, rejected, deferred, dropped, \
                 connect-failed, incomplete, no-mail",
                "                     ^^^^^^",
            ),
            ("code=5500", "a code has three digits, such as 550, or 5xx for any", "     ^^^^"),
            ("code=550 code=551", "`and` or `or` goes here", "         ^^^^^^^^"),
            ("(code=550", "this bracket is never closed", "^"),
            ("code=550)", "this bracket was never opened", "        ^"),
            ("verb=\"RCPT", "this quote is never closed", "     ^"),
            (
                "code=550 and",
                "a field goes here: outcome, code, verb, peer, rule, domain, connector, message",
                "            ^",
            ),
            (
                "rule=nonsense",
                "there is no rule or family `nonsense`; `smtplog rules` lists them",
                "     ^^^^^^^^",
            ),
        ] {
            assert_eq!(parsed(text), format!("{message}\n  {text}\n  {marks}"));
        }
        let deep = "(".repeat(100_000);
        assert!(parsed(&deep).starts_with("the condition is nested too deep"));
    }
}
