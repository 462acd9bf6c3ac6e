//! A command line: verb, separator, argument, and what the argument says.

use super::{
    auth::{AuthArgument, auth_argument},
    bdat::{BdatArgument, bdat_argument},
    path::{PathArgument, path_argument},
    strict,
    terminals::{begins_with, blanks, cut, is_ldh, trimmed, word},
};
use crate::protocol::verbs::{self, Kind, Verb, VerbId};

/// A command line as it was typed.
///
/// `indent`, `verb`, `separator`, `argument` and `trailing` put together are the line again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Command<'t> {
    /// All of it, as it was given.
    pub line: &'t [u8],
    /// White space before the verb.
    pub indent: &'t [u8],
    /// The verb as typed, or the word in its place; empty where the line is blank.
    pub verb: &'t [u8],
    /// The verb's row, where it has one.
    pub known: Option<&'static Verb>,
    /// The blanks between verb and argument; empty where they are glued (`HELOhost`).
    pub separator: &'t [u8],
    /// What follows the separator, without the white space at the end of the line.
    pub argument: &'t [u8],
    /// White space and line ending behind it all.
    pub trailing: &'t [u8],
    /// What the argument says, by the verb's syntax.
    pub detail: Argument<'t>,
    /// It keeps to RFC 5321 to the letter, in the plain form that most commands have. What does not may
    /// be right all the same.
    pub strict: bool,
}

/// What an argument says. All its slices lie in [`Command::argument`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Argument<'t> {
    /// There is none.
    None,
    /// HELO, EHLO, LHLO.
    Hello {
        /// The first word: what the client calls itself.
        name: &'t [u8],
        /// What follows it.
        junk: &'t [u8],
    },
    /// MAIL, RCPT, SEND, SOML, SAML.
    Path(Box<PathArgument<'t>>),
    /// AUTH, X-EXPS.
    Auth(AuthArgument<'t>),
    /// BDAT.
    Bdat(BdatArgument<'t>),
    /// Every other verb.
    Text(&'t [u8]),
}

impl<'t> Command<'t> {
    /// The verb in upper case where it is known, else as typed.
    pub fn name(&self) -> &'t [u8] {
        self.known.map_or(self.verb, |verb| verb.name.as_bytes())
    }

    /// Which verb it is, where it is one.
    pub fn id(&self) -> Option<VerbId> {
        self.known.map(|verb| verb.id)
    }

    /// The argument of MAIL, RCPT and their like.
    pub fn path(&self) -> Option<&PathArgument<'t>> {
        match &self.detail {
            Argument::Path(path) => Some(path),
            _ => None,
        }
    }
}

/// `command = verb [ SP argument ] CRLF`, as RFC 5321 §2.4 and §4.1.1 have it.
///
/// More lenient: white space at both ends, any blanks between, any word as a verb, and the argument
/// of a known one may follow at once. Never fails; of a blank line all is empty.
///
/// ```
/// use smtplog::grammar::command;
/// let command = command(b"mail from: <a@example.com> SIZE=100");
/// let argument = command.path().unwrap();
/// assert_eq!(argument.space_after_colon, b" ");
/// assert_eq!(argument.path.mailbox.unwrap().local_part, b"a");
/// assert_eq!(argument.params[0].value, Some(&b"100"[..]));
/// ```
pub fn command(line: &[u8]) -> Command<'_> {
    strict::command(line).unwrap_or_else(|| lenient(line))
}

pub(super) fn lenient(line: &[u8]) -> Command<'_> {
    let (indent, body, trailing) = trimmed(line);
    let (typed, _) = word(body);
    let (known, octets) = match known_verb(typed) {
        Some(verb) => (Some(verb), typed.len()),
        None => glued(typed).map_or((None, typed.len()), |verb| (Some(verb), verb.name.len())),
    };
    let (verb, rest) = cut(body, octets);
    let (separator, argument) = blanks(rest);
    let detail = detail(known, argument);
    Command { line, indent, verb, known, separator, argument, trailing, detail, strict: false }
}

/// The row of a verb; the first words of HTTP requests are in the table too, but are no verbs of a mail
/// client ([`foreign`](super::foreign) knows them).
pub(crate) fn known_verb(typed: &[u8]) -> Option<&'static Verb> {
    // Most lines of the server are told by their first octet.
    typed.first().filter(|octet| octet.is_ascii_alphabetic())?;
    verbs::find(typed).filter(|verb| verb.kind != Kind::Http)
}

/// The verb of a word that its argument is glued to: `MAILFROM:<a@b>`, `HELOhost.example`.
fn glued(typed: &[u8]) -> Option<&'static Verb> {
    let (head, rest) = cut(typed, 4);
    let follows = |keyword: &[u8]| {
        begins_with(rest, keyword)
            && !rest.get(keyword.len()).is_some_and(u8::is_ascii_alphanumeric)
    };
    let verb = known_verb(head)?;
    let fits = match Syntax::of(verb) {
        Syntax::Hello => is_glued_host(head, rest),
        Syntax::Path(keyword) => follows(keyword),
        _ => false,
    };
    fits.then_some(verb)
}

/// Whether `rest` is a host behind a HELO, and the word not merely misspelt (`HELOO`): it has a dot or
/// a bracket, or the case changes.
fn is_glued_host(hello: &[u8], rest: &[u8]) -> bool {
    let starts = rest.first().is_some_and(|&octet| octet.is_ascii_alphanumeric() || octet == b'[');
    let dotted = rest.contains(&b'.') || rest.first() == Some(&b'[');
    let shouted = hello.iter().all(u8::is_ascii_uppercase)
        && rest.len() > 1
        && rest.iter().all(|&octet| is_ldh(octet) && !octet.is_ascii_uppercase());
    starts && (dotted || shouted)
}

/// What the argument of a verb is made of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Syntax {
    /// A host name.
    Hello,
    /// This keyword, a colon, a path.
    Path(&'static [u8]),
    /// A mechanism and a response.
    Auth,
    /// A size.
    Bdat,
    /// Nothing.
    Nothing,
    /// Nothing, or the name of a command.
    Help,
    /// Nothing, or a word.
    OptionalWord,
    /// A word.
    Word,
    /// A mailbox, or a person's name.
    User,
    /// A URL.
    Burl,
    /// Attributes: `NAME=value`.
    Attributes,
    /// Anything.
    Any,
}

impl Syntax {
    pub(super) fn of(verb: &Verb) -> Self {
        match verb.id {
            VerbId::Helo | VerbId::Ehlo | VerbId::Lhlo => Self::Hello,
            VerbId::Mail | VerbId::Send | VerbId::Soml | VerbId::Saml => Self::Path(b"FROM"),
            VerbId::Rcpt => Self::Path(b"TO"),
            VerbId::Auth | VerbId::XExps => Self::Auth,
            VerbId::Bdat => Self::Bdat,
            VerbId::Burl => Self::Burl,
            VerbId::Help => Self::Help,
            VerbId::Noop | VerbId::Atrn => Self::OptionalWord,
            VerbId::Etrn => Self::Word,
            VerbId::Vrfy | VerbId::Expn => Self::User,
            VerbId::Xclient
            | VerbId::Xforward
            | VerbId::Xproxy
            | VerbId::Xproxyfrom
            | VerbId::Xsessionparams => Self::Attributes,
            _ => match verb.argument {
                verbs::Argument::None => Self::Nothing,
                // TIME, KILL and others of old servers are words of prose, too.
                verbs::Argument::Unknown if !verb.name.starts_with('X') => Self::Nothing,
                _ => Self::Any,
            },
        }
    }
}

fn detail<'t>(known: Option<&'static Verb>, argument: &'t [u8]) -> Argument<'t> {
    if argument.is_empty() {
        return Argument::None;
    }
    match known.map_or(Syntax::Any, Syntax::of) {
        Syntax::Hello => {
            let (name, rest) = word(argument);
            Argument::Hello { name, junk: blanks(rest).1 }
        }
        Syntax::Path(_) => Argument::Path(Box::new(path_argument(argument))),
        Syntax::Auth => Argument::Auth(auth_argument(argument)),
        Syntax::Bdat => Argument::Bdat(bdat_argument(argument)),
        _ => Argument::Text(argument),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_parts_of_a_line() {
        let long = [&b"NOOP "[..], &b"x".repeat(1000)].concat();
        for (line, verb, known, separator, argument) in [
            (&b"QUIT"[..], &b"QUIT"[..], true, &b""[..], &b""[..]),
            (b"quit\r\n", b"quit", true, b"", b""),
            (b"  EHLO \t x  ", b"EHLO", true, b" \t ", b"x"),
            ("MAIL\u{a0}FROM:<>".as_bytes(), b"MAIL", true, "\u{a0}".as_bytes(), b"FROM:<>"),
            (b"MAILFROM:<a@b>", b"MAIL", true, b"", b"FROM:<a@b>"),
            (b"mailfrom <a@b>", b"mail", true, b"", b"from <a@b>"),
            (b"RCPTTO:<a@b>", b"RCPT", true, b"", b"TO:<a@b>"),
            (b"RCPTTOO", b"RCPTTOO", false, b"", b""),
            (b"HELOhost", b"HELO", true, b"", b"host"),
            (b"helomx.example.com", b"helo", true, b"", b"mx.example.com"),
            (b"EHLO[192.0.2.1]", b"EHLO", true, b"", b"[192.0.2.1]"),
            (b"HELOO", b"HELOO", false, b"", b""),
            (b"HELO.example.com", b"HELO.example.com", false, b"", b""),
            (b"HELLO world", b"HELLO", false, b" ", b"world"),
            (b"GET / HTTP/1.1", b"GET", false, b" ", b"/ HTTP/1.1"),
            (b"", b"", false, b"", b""),
            (b" \r\n", b"", false, b"", b""),
            (b"\0\0", b"\0\0", false, b"", b""),
            (b"DATA\0", b"DATA\0", false, b"", b""),
            ("ĤELO x".as_bytes(), "ĤELO".as_bytes(), false, b" ", b"x"),
            (&long, b"NOOP", true, b" ", &long[5..]),
        ] {
            let found = command(line);
            assert_eq!(
                (found.verb, found.known.is_some(), found.separator, found.argument),
                (verb, known, separator, argument),
                "{}",
                line.escape_ascii()
            );
        }
    }

    #[test]
    fn the_argument_by_the_verb() {
        assert_eq!(command(b"MAIL").detail, Argument::None);
        assert_eq!(
            command(b"ehlo a.example  b c").detail,
            Argument::Hello { name: b"a.example", junk: b"b c" }
        );
        assert_eq!(command(b"VRFY a b").detail, Argument::Text(b"a b"));
        assert!(matches!(command(b"AUTH PLAIN x").detail, Argument::Auth(_)));
        assert!(matches!(command(b"BDAT 1 LAST").detail, Argument::Bdat(_)));
        assert!(command(b"soml from:<a@b>").path().is_some());
        assert_eq!(command(b"Rcpt x").id(), Some(VerbId::Rcpt));
        assert_eq!(command(b"rcpt x").name(), b"RCPT");
        assert_eq!(command(b"Foo x").name(), b"Foo");
    }
}
