//! The keywords of the EHLO reply, and the parameters that they add to MAIL and RCPT.

use std::sync::LazyLock;

use super::Clause;
use super::extension_rows::EXTENSIONS;
use super::private_extensions::PRIVATE_EXTENSIONS;
use super::values;
use super::verbs::VerbId;

/// How a keyword is founded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Status {
    /// On the standards track.
    Standard,
    /// An experiment with an RFC.
    Experimental,
    /// Once in use, withdrawn.
    Historic,
    /// Replaced, or advised against.
    Obsolete,
    /// In the registry of IANA, without an RFC.
    Registry,
    /// A vendor's own.
    Private,
}

impl Status {
    /// Its name in the JSON tables.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Standard => "standard",
            Self::Experimental => "experimental",
            Self::Historic => "historic",
            Self::Obsolete => "obsolete",
            Self::Registry => "registry",
            Self::Private => "private",
        }
    }
}

/// Whether something stands after a keyword, or after a parameter's `=`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Presence {
    /// It must not.
    Never,
    /// It may.
    Optional,
    /// It must.
    Required,
}

/// What may stand after a keyword, or after a parameter's `=`.
#[derive(Debug, Clone, Copy)]
pub struct Value {
    /// Whether there is one.
    pub presence: Presence,
    /// How it looks, in words: "a number of 1 to 20 digits".
    pub looks_like: &'static str,
    matches: fn(&[u8]) -> bool,
}

impl Value {
    pub(super) const fn new(
        presence: Presence,
        looks_like: &'static str,
        matches: fn(&[u8]) -> bool,
    ) -> Self {
        Self { presence, looks_like, matches }
    }

    /// Whether a value is as its RFC wants it; `None` where there was none.
    pub fn accepts(&self, value: Option<&[u8]>) -> bool {
        match (self.presence, value) {
            (Presence::Never, value) => value.is_none_or(<[u8]>::is_empty),
            (Presence::Required, None) => false,
            (Presence::Optional, None) => true,
            (_, Some(value)) => (self.matches)(value),
        }
    }
}

/// A parameter of MAIL, RCPT, VRFY or EXPN.
#[derive(Debug)]
pub struct Parameter {
    /// The command.
    pub command: VerbId,
    /// Its name, upper case.
    pub name: &'static str,
    /// What stands after its `=`.
    pub value: Value,
    /// The longest value in octets, where the RFC sets one.
    pub longest: Option<usize>,
    /// Where.
    pub clause: Clause,
}

impl Parameter {
    /// Whether value and length are as the RFC wants them; `None` where there was no `=`.
    pub fn accepts(&self, value: Option<&[u8]>) -> bool {
        let fits = |octets: &[u8]| self.longest.is_none_or(|longest| octets.len() <= longest);
        value.is_none_or(fits) && self.value.accepts(value)
    }
}

/// Whether a server of the submission port may offer an extension (RFC 6409 §7).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Submission {
    /// It must.
    Must,
    /// It should.
    Should,
    /// It may.
    May,
    /// It must not.
    MustNot,
    /// Only there.
    Only,
    /// No document says.
    Unsaid,
}

/// One keyword of the EHLO reply.
#[derive(Debug)]
pub struct Extension {
    /// The keyword, upper case.
    pub keyword: &'static str,
    /// How it is founded.
    pub status: Status,
    /// What it offers, in a few words.
    pub offers: &'static str,
    /// What may stand after it on its line.
    pub argument: Value,
    /// The verbs that it adds.
    pub verbs: &'static [&'static str],
    /// The parameters that it adds.
    pub parameters: &'static [Parameter],
    /// The keywords that the same reply has to hold too.
    pub needs: &'static [&'static str],
    /// Whether the submission port may offer it.
    pub submission: Submission,
    /// What client and server must observe, a sentence each.
    pub notes: &'static [&'static str],
    /// The clauses that define it, the one in force last.
    pub defined_by: &'static [Clause],
}

impl Extension {
    /// The clause in force.
    pub fn clause(&self) -> Clause {
        self.defined_by.last().copied().unwrap_or_default()
    }
}

/// The extension of this keyword, in any mix of upper and lower case.
///
/// ```
/// use smtplog::protocol::extensions;
/// assert_eq!(extensions::find(b"chunking").map(|known| known.verbs), Some(&["BDAT"][..]));
/// ```
pub fn find(keyword: &[u8]) -> Option<&'static Extension> {
    /// The extensions by the first letters of their keywords: every keyword of every reply to EHLO is asked.
    static BY_LETTER: LazyLock<[Vec<&'static Extension>; 32]> = LazyLock::new(|| {
        std::array::from_fn(|place| {
            all().filter(|known| known.keyword.bytes().next().map(letter) == Some(place)).collect()
        })
    });
    let same_letter = BY_LETTER.get(letter(*keyword.first()?))?;
    let found = |known: &&&Extension| known.keyword.as_bytes().eq_ignore_ascii_case(keyword);
    same_letter.iter().find(found).copied()
}

/// The place of a letter in the alphabet, in either case; what is no letter shares a place with one.
const fn letter(octet: u8) -> usize {
    (octet & 0x1f) as usize
}

/// Every known keyword: those of the RFCs, then those of vendors.
pub fn all() -> impl Iterator<Item = &'static Extension> {
    EXTENSIONS.iter().chain(PRIVATE_EXTENSIONS)
}

/// The extensions that add a parameter of this name to a command, with what they say of it. SEND,
/// SOML and SAML have those of MAIL. BODY belongs to two: 8BITMIME and BINARYMIME.
pub fn parameters(
    command: VerbId,
    name: &[u8],
) -> impl Iterator<Item = (&'static Extension, &'static Parameter)> {
    let command = if command.opens_transaction() { VerbId::Mail } else { command };
    all().flat_map(|known| known.parameters.iter().map(move |row| (known, row))).filter(
        move |(_, row)| row.command == command && row.name.as_bytes().eq_ignore_ascii_case(name),
    )
}

/// The extension to which a parameter with this value belongs: the one that accepts the value,
/// or where none does, the one that knows the name.
///
/// ```
/// use smtplog::protocol::{extensions, verbs::VerbId};
/// let (extension, parameter) =
///     extensions::parameter(VerbId::Mail, b"BODY", Some(b"BINARYMIME")).unwrap();
/// assert_eq!(extension.keyword, "BINARYMIME");
/// assert!(extensions::parameter(VerbId::Rcpt, b"SIZE", Some(b"1")).is_none());
/// ```
pub fn parameter(
    command: VerbId,
    name: &[u8],
    value: Option<&[u8]>,
) -> Option<(&'static Extension, &'static Parameter)> {
    parameters(command, name)
        .find(|(_, row)| row.accepts(value))
        .or_else(|| parameters(command, name).next())
}

/// Nothing may stand there.
pub(super) const NOTHING: Value = Value::new(Presence::Never, "nothing", values::nothing);

/// A row, which its table completes.
pub(super) const fn keyword(
    keyword: &'static str,
    status: Status,
    defined_by: &'static [Clause],
    offers: &'static str,
) -> Extension {
    Extension {
        keyword,
        status,
        offers,
        argument: NOTHING,
        verbs: &[],
        parameters: &[],
        needs: &[],
        submission: Submission::Unsaid,
        notes: &[],
        defined_by,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocol::{limits, verbs};
    use std::collections::HashSet;

    #[test]
    fn every_keyword_stands_once_in_upper_case_and_cites_its_source() {
        let mut keywords = HashSet::new();
        for known in all() {
            assert!(keywords.insert(known.keyword), "{} stands twice", known.keyword);
            assert_eq!(known.keyword, known.keyword.to_ascii_uppercase());
            assert!(!known.clause().is_empty() && !known.offers.is_empty(), "{}", known.keyword);
            for name in known.needs {
                assert!(find(name.as_bytes()).is_some(), "{} needs {name}", known.keyword);
            }
            for name in known.verbs {
                let verb = verbs::find(name.as_bytes()).expect(name);
                assert!(verb.is_smtp(), "{} adds {name}", known.keyword);
            }
            for row in known.parameters {
                assert!(!row.clause.is_empty(), "{} {}", known.keyword, row.name);
                assert_eq!(row.name, row.name.to_ascii_uppercase());
            }
        }
        assert_eq!(keywords.len(), 64);
    }

    #[test]
    fn the_tables_agree_with_each_other() {
        for row in limits::INCREMENTS {
            assert!(find(row.keyword.as_bytes()).is_some(), "{} adds octets", row.keyword);
        }
        for verb in verbs::all() {
            // XPROXYTO is known from code only; no server was seen to offer it.
            let Some(keyword) = verb.keyword.filter(|word| *word != "XPROXYTO") else { continue };
            let known = find(keyword.as_bytes()).expect(keyword);
            assert!(known.verbs.contains(&verb.name), "{keyword} offers {}", verb.name);
        }
    }

    #[test]
    fn parameters_and_their_values() {
        use VerbId::{Expn, Mail, Rcpt, Saml};
        for (command, name, value, extension, accepted) in [
            (Mail, "SIZE", Some("123"), Some("SIZE"), true),
            (Mail, "size", Some("abc"), Some("SIZE"), false),
            (Mail, "SIZE", None, Some("SIZE"), false),
            (Saml, "SIZE", Some("1"), Some("SIZE"), true),
            (Rcpt, "SIZE", Some("1"), None, false),
            (Mail, "BODY", Some("8bitmime"), Some("8BITMIME"), true),
            (Mail, "BODY", Some("binarymime"), Some("BINARYMIME"), true),
            (Mail, "BODY", Some("9BIT"), Some("8BITMIME"), false),
            (Rcpt, "NOTIFY", Some("NEVER,DELAY"), Some("DSN"), false),
            (Mail, "SMTPUTF8", None, Some("SMTPUTF8"), true),
            (Expn, "SMTPUTF8", None, Some("SMTPUTF8"), true),
            (Mail, "SMTPUTF8", Some("1"), Some("SMTPUTF8"), false),
            (Mail, "AUTH", Some("<>"), Some("AUTH"), true),
            (Mail, "XVERP", None, Some("XVERP"), true),
            (Mail, "NOSUCH", None, None, false),
        ] {
            let value = value.map(str::as_bytes);
            let found = parameter(command, name.as_bytes(), value);
            assert_eq!(found.map(|(known, _)| known.keyword), extension, "{name}");
            assert_eq!(found.is_some_and(|(_, row)| row.accepts(value)), accepted, "{name}");
        }
        let long = "a".repeat(101);
        let (_, row) = parameter(Mail, b"ENVID", Some(long.as_bytes())).expect("ENVID");
        assert!(!row.accepts(Some(long.as_bytes())), "ENVID is at most 100 octets long");
    }

    #[test]
    fn what_stands_after_a_keyword() {
        for (keyword, argument, accepted) in [
            ("SIZE", None, true),
            ("SIZE", Some("35882577"), true),
            ("SIZE", Some("10M"), false),
            ("PIPELINING", None, true),
            ("PIPELINING", Some("yes"), false),
            ("AUTH", None, false),
            ("AUTH", Some("PLAIN LOGIN"), true),
            ("FUTURERELEASE", None, false),
            ("LIMITS", Some("RCPTMAX=20 MAILMAX=5"), true),
            ("XLOOP", Some("0123"), false),
        ] {
            let known = find(keyword.as_bytes()).expect(keyword);
            let argument = argument.map(str::as_bytes);
            assert_eq!(known.argument.accepts(argument), accepted, "{keyword} {argument:?}");
        }
    }
}
