//! How much a line looks like a command: the evidence for attributing lines that carry no mark.

use super::{
    auth,
    command::{Argument, Command, Syntax, command, known_verb},
    foreign::{Foreign, foreign},
    path::PathArgument,
    terminals::{is_let_dig, words},
};
use crate::protocol::verbs::{self, VERBS, Verb, VerbId};

/// How much a line looks like a command, and like whose.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Shape {
    /// The verb that it begins with, or nearly begins with.
    pub verb: Option<&'static Verb>,
    /// How well the rest goes with it.
    pub plausible: Plausibility,
    /// The other protocol that it looks like a line of.
    pub foreign: Option<Foreign>,
}

/// How plausible it is that a line is a command; more is greater.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Plausibility {
    /// No verb is near: prose, a header, a reply.
    None,
    /// A known verb whose argument misses its syntax: `Data is sent`, but also `EHLO` alone.
    Loose,
    /// One edit away from a known verb, with an argument that fits it (`RCTP TO:<a@b>`), or a path verb
    /// with another one's keyword (`MAIL TO:<a@b>`).
    Near,
    /// A known verb with an argument that fits its syntax, the common liberties included.
    Exact,
}

/// How much `line` looks like a command. Cheap: no look-up beyond the first word decides for prose.
///
/// ```
/// use smtplog::grammar::{Plausibility, shape};
/// assert_eq!(shape(b"mail from: a@b").plausible, Plausibility::Exact);
/// assert_eq!(shape(b"Mail was sent").plausible, Plausibility::Loose);
/// assert_eq!(shape(b"From: a@b").plausible, Plausibility::None);
/// ```
pub fn shape(line: &[u8]) -> Shape {
    let read = command(line);
    if let Some(verb) = read.known {
        // A plain command fits.
        let plausible = if read.strict { Plausibility::Exact } else { fit(verb, &read) };
        return Shape { verb: Some(verb), plausible, foreign: None };
    }
    let foreign = foreign(line);
    let near = if foreign.is_none() { misspelt(&read) } else { None };
    let plausible = if near.is_some() { Plausibility::Near } else { Plausibility::None };
    Shape { verb: near, plausible, foreign }
}

/// Whether `line` is a known verb with an argument that fits its syntax: [`shape`] for whoever needs no more.
pub fn is_command(line: &[u8]) -> bool {
    let read = command(line);
    read.known.is_some_and(|verb| read.strict || fit(verb, &read) == Plausibility::Exact)
}

/// The same, without verbs that are words of every log: `time`, `debug`.
pub fn is_mail_command(line: &[u8]) -> bool {
    is_command(line) && opening(line).is_some()
}

/// What stands behind the verb that a text begins with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Opening<'t> {
    /// The verb stands alone in a command; here is what follows it.
    Alone(&'t [u8]),
    /// `FROM` or `TO`; here is what follows that.
    Path(&'t [u8]),
    /// An argument begins that goes with the verb.
    Argument,
}

/// The verb that a text begins with, as a word of its own.
pub fn verb_at(text: &[u8]) -> Option<(&'static Verb, &[u8])> {
    let length = text.iter().take(17).take_while(|octet| octet.is_ascii_alphabetic()).count();
    let (word, rest) = text.split_at_checked(length)?;
    Some((known_verb(word)?, rest))
}

/// How a text begins that begins with a verb and what may follow one, for whoever does not know yet where the
/// command ends. Looks at the beginning alone, and errs towards `None`.
///
/// ```
/// use smtplog::grammar::shape::{Opening, opening};
/// assert_eq!(opening(b"DATA 354 go on"), Some(Opening::Alone(b" 354 go on")));
/// assert_eq!(opening(b"mail from:<a@b> 250 Ok"), Some(Opening::Path(b":<a@b> 250 Ok")));
/// assert_eq!(opening(b"EHLO a 250 b"), Some(Opening::Argument));
/// assert_eq!(opening(b"Database lookup failed"), None);
/// ```
pub fn opening(text: &[u8]) -> Option<Opening<'_>> {
    let (verb, behind) = verb_at(text)?;
    if verb.argument == verbs::Argument::Unknown && verb.id != VerbId::Xclient {
        return None;
    }
    // A blank, or a no-break space that a word processor put there.
    let spaced = behind.first().is_none_or(|octet| !octet.is_ascii_graphic());
    let rest = behind.strip_prefix("\u{a0}".as_bytes()).unwrap_or(behind).trim_ascii_start();
    let begins =
        |word: &[u8]| rest.get(..word.len()).is_some_and(|start| start.eq_ignore_ascii_case(word));
    let opening = match Syntax::of(verb) {
        Syntax::Path(keyword) if begins(keyword) => Opening::Path(rest.get(keyword.len()..)?),
        Syntax::Hello | Syntax::User | Syntax::Word | Syntax::Attributes
            if spaced && !rest.is_empty() =>
        {
            Opening::Argument
        }
        Syntax::Auth if spaced && MECHANISMS.iter().any(|name| begins(name.as_bytes())) => {
            Opening::Argument
        }
        Syntax::Bdat if spaced && rest.first().is_some_and(u8::is_ascii_digit) => Opening::Argument,
        Syntax::Nothing | Syntax::Help | Syntax::OptionalWord if spaced => Opening::Alone(behind),
        _ => return None,
    };
    Some(opening)
}

/// Whether the line tells that something was left out here: `...`, `[...]`, `(…)`, `<snip>`, `... and so on`.
pub fn is_ellipsis(text: &[u8]) -> bool {
    let inner = text.trim_ascii();
    let inner = match (inner.first(), inner.last()) {
        (Some(b'['), Some(b']')) | (Some(b'('), Some(b')')) | (Some(b'<'), Some(b'>')) => {
            inner.get(1..inner.len() - 1).unwrap_or_default().trim_ascii()
        }
        _ => inner,
    };
    inner.len() >= 3 && inner.iter().all(|octet| *octet == b'.')
        || inner.starts_with(b"... ")
        || inner == "\u{2026}".as_bytes()
        || inner.len() < text.trim_ascii().len() && inner.eq_ignore_ascii_case(b"snip")
}

/// The verb that the first word is one edit away from, if the argument fits it.
fn misspelt(read: &Command<'_>) -> Option<&'static Verb> {
    // A shorter word is near too many.
    if !(3..=16).contains(&read.verb.len()) || !read.verb.iter().all(u8::is_ascii_alphabetic) {
        return None;
    }
    let verb = VERBS.iter().find(|verb| is_one_edit(verb.name.as_bytes(), read.verb))?;
    let meant = [verb.name.as_bytes(), read.separator, read.argument].concat();
    (fit(verb, &command(&meant)) == Plausibility::Exact).then_some(verb)
}

/// Whether one octet added, left out or replaced, or two neighbours swapped, make the one of the other.
///
/// [`nearest`](crate::protocol::verbs::nearest) goes further for the sake of a suggestion; here every line
/// of prose is asked.
fn is_one_edit(name: &[u8], typed: &[u8]) -> bool {
    if name.len().abs_diff(typed.len()) > 1 {
        return false;
    }
    let alike = |pair: &(&u8, &u8)| pair.0.eq_ignore_ascii_case(pair.1);
    let head = name.iter().zip(typed).take_while(alike).count();
    let left = |text: &[u8]| text.len() - head;
    let shorter = left(name).min(left(typed));
    let tail = name.iter().rev().zip(typed.iter().rev()).take(shorter).take_while(alike).count();
    match (name.get(head..name.len() - tail), typed.get(head..typed.len() - tail)) {
        (Some([] | [_]), Some([] | [_])) => true,
        (Some([a, b]), Some([c, d])) => a.eq_ignore_ascii_case(d) && b.eq_ignore_ascii_case(c),
        _ => false,
    }
}

fn fit(verb: &'static Verb, read: &Command<'_>) -> Plausibility {
    let count = words(read.argument).take(3).count();
    let fits = match (Syntax::of(verb), &read.detail) {
        (Syntax::Hello, Argument::Hello { name, junk }) => junk.is_empty() && could_be_host(name),
        (Syntax::Path(keyword), Argument::Path(argument)) => return path_fit(keyword, argument),
        (Syntax::Auth, Argument::Auth(argument)) => auth_fits(argument),
        (Syntax::Bdat, Argument::Bdat(argument)) => {
            argument.octets().is_some() && argument.junk.is_empty()
        }
        (Syntax::Nothing, _) => count == 0,
        (Syntax::Help, _) => count == 0 || count == 1 && is_topic(read.argument),
        (Syntax::OptionalWord, _) => count <= 1,
        (Syntax::Word, _) => count == 1,
        (Syntax::User, _) => count == 1 || count > 0 && read.argument.contains(&b'@'),
        (Syntax::Burl, _) => count > 0 && count < 3 && read.argument.contains(&b':'),
        (Syntax::Attributes, _) => {
            count > 0 && words(read.argument).all(|word| word.contains(&b'='))
        }
        (Syntax::Any, _) => count <= 2 && (count > 0 || verb.argument != verbs::Argument::Required),
        _ => false,
    };
    if fits { Plausibility::Exact } else { Plausibility::Loose }
}

fn path_fit(keyword: &[u8], argument: &PathArgument<'_>) -> Plausibility {
    let path = &argument.path;
    let addressed = path.mailbox.is_some_and(|mailbox| mailbox.domain.is_some());
    let placed = path.is_null() || path.opening.is_some() && path.closing.is_some();
    // `mail from: root`, `RCPT TO:postmaster`: one word behind a colon.
    let local = argument.colon.is_some() && path.mailbox.is_some() && argument.tail.is_empty();
    // `mail from:` and nothing else, as people type before they have the address ready, is Loose.
    let bare = argument.params.iter().filter(|param| param.value.is_none() && !shouted(param.name));
    // Behind `FROM:<a@b>` a stray word changes nothing; behind a bare address it makes a sentence.
    let certain = argument.colon.is_some() && placed && (addressed || path.is_null());
    let followed = bare.count() + argument.junk.len() <= 1 && (argument.junk.is_empty() || certain);
    let fits = (addressed || placed || local) && followed;
    let own = argument.keyword.eq_ignore_ascii_case(keyword);
    match (fits, own) {
        (true, true) => Plausibility::Exact,
        (true, false) if addressed || placed => Plausibility::Near,
        _ => Plausibility::Loose,
    }
}

/// Mechanisms that people type in lower case (IANA's SASL registry, and LOGIN and NTLM of old).
const MECHANISMS: &[&str] = &[
    "PLAIN",
    "LOGIN",
    "CRAM-MD5",
    "DIGEST-MD5",
    "NTLM",
    "XOAUTH2",
    "OAUTHBEARER",
    "GSSAPI",
    "EXTERNAL",
    "ANONYMOUS",
];

fn auth_fits(argument: &auth::AuthArgument<'_>) -> bool {
    let known =
        MECHANISMS.iter().any(|name| argument.mechanism.eq_ignore_ascii_case(name.as_bytes()));
    let typed = argument.names_mechanism() && (known || shouted(argument.mechanism));
    let response = argument.initial_response.unwrap_or_default();
    // Known or not, the response may be masked in any way, but it is one word.
    typed && words(response).take(2).count() <= 1
}

/// Whether the argument of HELP is the name of a command.
fn is_topic(argument: &[u8]) -> bool {
    known_verb(argument).is_some() || shouted(argument)
}

fn could_be_host(name: &[u8]) -> bool {
    let first = |&octet: &u8| is_let_dig(octet) || b"[-_:".contains(&octet) || !octet.is_ascii();
    name.first().is_some_and(first)
}

fn shouted(word: &[u8]) -> bool {
    !word.iter().any(u8::is_ascii_lowercase)
}

#[cfg(test)]
mod tests {
    use super::*;
    use Plausibility::{Exact, Loose, Near, None as Not};

    #[test]
    fn commands_prose_and_what_lies_between() {
        for (line, plausible, verb) in [
            ("data", Exact, Some("DATA")),
            ("Data is sent", Loose, Some("DATA")),
            ("mail from: a@b", Exact, Some("MAIL")),
            ("MAIL FROM:<a@b> SIZE=100 SMTPUTF8", Exact, Some("MAIL")),
            ("mail from:<>", Exact, Some("MAIL")),
            ("mail from: root", Exact, Some("MAIL")),
            ("MAIL FROM: John <a@b>", Exact, Some("MAIL")),
            ("MAIL FROM:‹a@b›", Exact, Some("MAIL")),
            ("MAILFROM:<a@b>", Exact, Some("MAIL")),
            ("Mail was sent", Loose, Some("MAIL")),
            ("Mail from a@b was refused today", Loose, Some("MAIL")),
            ("Mail from John", Loose, Some("MAIL")),
            ("MAIL FROM:", Loose, Some("MAIL")),
            ("MAIL TO:<a@b>", Near, Some("MAIL")),
            ("RCTP TO:<a@b>", Near, Some("RCPT")),
            ("RCPT TO:<a@b>", Exact, Some("RCPT")),
            ("rcpt to a@b", Exact, Some("RCPT")),
            ("rcpt to: postmaster", Exact, Some("RCPT")),
            ("help", Exact, Some("HELP")),
            ("HELP MAIL", Exact, Some("HELP")),
            ("Help me please", Loose, Some("HELP")),
            ("help me", Loose, Some("HELP")),
            ("quit", Exact, Some("QUIT")),
            ("QUIT\r\n", Exact, Some("QUIT")),
            ("quit now", Loose, Some("QUIT")),
            ("ehlo x", Exact, Some("EHLO")),
            ("EHLO [192.0.2.1]", Exact, Some("EHLO")),
            ("EHLO", Loose, Some("EHLO")),
            ("helo there people", Loose, Some("HELO")),
            ("HELOhost", Exact, Some("HELO")),
            ("HELLO host", Near, Some("HELO")),
            ("AUTH LOGIN", Exact, Some("AUTH")),
            ("auth plain dGVzdA==", Exact, Some("AUTH")),
            ("AUTH PLAIN ****", Exact, Some("AUTH")),
            ("AUTH X-MINE", Exact, Some("AUTH")),
            ("auth failed", Loose, Some("AUTH")),
            ("STARTTLS", Exact, Some("STARTTLS")),
            ("STARTLS", Near, Some("STARTTLS")),
            ("BDAT 86 LAST", Exact, Some("BDAT")),
            ("BDAT all", Loose, Some("BDAT")),
            ("VRFY root", Exact, Some("VRFY")),
            ("vrfy the sender please", Loose, Some("VRFY")),
            ("RCPT TO:<a@b> \\", Exact, Some("RCPT")),
            ("RCPT TO:<a@b> is not known here", Loose, Some("RCPT")),
            ("DEBUG", Exact, Some("DEBUG")),
            ("DEBUG SMTP: connected", Loose, Some("DEBUG")),
            ("XEXCH50 1000 2", Exact, Some("XEXCH50")),
            ("XCLIENT ADDR=192.0.2.1 NAME=x", Exact, Some("XCLIENT")),
            ("NOOP", Exact, Some("NOOP")),
            ("From: a@b", Not, None),
            ("To: a@b", Not, None),
            ("Received: from x by y", Not, None),
            ("250 OK", Not, None),
            ("", Not, None),
            (".", Not, None),
            ("The quick brown fox", Not, None),
            ("\0\0\0\0", Not, None),
        ] {
            let found = shape(line.as_bytes());
            let name = found.verb.map(|verb| verb.name);
            assert_eq!((found.plausible, name, found.foreign), (plausible, verb, None), "{line}");
        }
    }

    #[test]
    fn one_edit_and_no_more() {
        for (typed, expected) in [
            ("RCTP", true),
            ("rcp", true),
            ("RCPTT", true),
            ("RCXPT", true),
            ("XCPT", true),
            ("CRTP", false),
            ("RC", false),
            ("RXXT", false),
            ("TPCR", false),
            ("", false),
        ] {
            assert_eq!(is_one_edit(b"RCPT", typed.as_bytes()), expected, "{typed}");
        }
    }

    #[test]
    fn other_protocols_are_marked() {
        let found = shape(b"GET / HTTP/1.1");
        assert_eq!((found.plausible, found.foreign), (Not, Some(Foreign::Http)));
        assert_eq!(shape(b"USER joe").foreign, Some(Foreign::FtpOrPop3));
    }
}
