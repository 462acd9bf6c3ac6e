//! Which reply codes may answer which command, and by what right.
//!
//! RFC 821 §4.3 says of its table that servers must keep to it, RFC 2821 and RFC 5321 §4.3.1 that
//! they should. A client lives with any code by its first digit (RFC 5321 §4.3.2).

use super::any_command::any_command;
use super::verbs::VerbId;
use super::{Clause, Edition};

pub use super::any_command::{ANY_COMMAND, AnyCommand, When};
pub use super::reply_rows::rows;

/// What a reply answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Phase {
    /// The command line itself.
    Command,
    /// The end of the message: the dot, BDAT LAST, BURL LAST.
    Data,
    /// A line of a dialogue that the command began (AUTH).
    Exchange,
}

impl Phase {
    /// Its name in the JSON tables.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Command => "command",
            Self::Data => "data",
            Self::Exchange => "exchange",
        }
    }
}

/// The document that lists a row's codes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Document {
    /// SMTP itself.
    Edition(Edition),
    /// Another RFC, by its number.
    Rfc(u16),
    /// A vendor's document or source.
    Vendor(&'static str),
}

impl Document {
    /// Whether the document has a say when `edition` judges. RFC 2821 took over what RFC 1123 and
    /// RFC 1869 said, so those two stand beside RFC 821 only; other extensions stand beside any.
    pub fn stands_beside(self, edition: Edition) -> bool {
        match self {
            Self::Edition(own) => own == edition,
            Self::Rfc(1123 | 1869) => edition == Edition::Rfc821,
            Self::Rfc(_) | Self::Vendor(_) => true,
        }
    }
}

/// The codes that one document lists for one command in one phase.
#[derive(Debug, PartialEq, Eq)]
pub struct Row {
    /// What is answered.
    pub phase: Phase,
    /// Who lists the codes.
    pub by: Document,
    /// The codes: success and intermediate first, then refusals, as the document orders them.
    pub codes: &'static [u16],
    /// Where.
    pub clause: Clause,
}

/// Whether a code may answer a command, and by what right.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Allowed {
    /// The edition lists it for this command.
    Listed(&'static Row),
    /// It may answer any command; [`AnyCommand::when`] tells under which condition.
    AnyCommand(&'static AnyCommand),
    /// The RFC of an extension lists it for this command.
    Extension(&'static Row),
    /// Only a vendor's server answers so.
    Vendor(&'static Row),
    /// No document lists it for this command.
    No,
}

impl Allowed {
    /// Whether an RFC allows it, possibly under a condition.
    pub const fn by_rfc(self) -> bool {
        matches!(self, Self::Listed(_) | Self::AnyCommand(_) | Self::Extension(_))
    }

    /// The clause that allows it.
    pub const fn clause(self) -> Option<Clause> {
        match self {
            Self::Listed(row) | Self::Extension(row) | Self::Vendor(row) => Some(row.clause),
            Self::AnyCommand(row) => Some(row.clause),
            Self::No => None,
        }
    }
}

/// Whether `code` may answer `verb` in `phase` when `edition` judges. The greeting is the reply to
/// [`VerbId::Connect`].
///
/// ```
/// use smtplog::protocol::{Edition, replies::{self, Allowed, Phase}, verbs::VerbId};
/// let answer = |edition, code| replies::allowed(VerbId::Mail, Phase::Command, edition, code);
/// assert!(matches!(answer(Edition::Rfc5321, 555), Allowed::Listed(_)));
/// assert_eq!(answer(Edition::Rfc5321, 354), Allowed::No);
/// ```
pub fn allowed(verb: VerbId, phase: Phase, edition: Edition, code: u16) -> Allowed {
    let mut extension = None;
    let mut vendor = None;
    for row in rows(verb) {
        if row.phase != phase || !row.by.stands_beside(edition) || !row.codes.contains(&code) {
            continue;
        }
        match row.by {
            Document::Edition(_) => return Allowed::Listed(row),
            Document::Rfc(_) => extension = extension.or(Some(row)),
            Document::Vendor(_) => vendor = vendor.or(Some(row)),
        }
    }
    let any = any_command(verb, phase, edition, code);
    match (any, extension, vendor) {
        (Some(any), ..) if any.when == When::Always => Allowed::AnyCommand(any),
        (_, Some(row), _) => Allowed::Extension(row),
        (Some(any), ..) => Allowed::AnyCommand(any),
        (_, _, Some(row)) => Allowed::Vendor(row),
        _ => Allowed::No,
    }
}

/// The editions, oldest first, that allow the code without an extension and without a condition.
pub fn editions_allowing(verb: VerbId, phase: Phase, code: u16) -> impl Iterator<Item = Edition> {
    Edition::ALL.into_iter().filter(move |edition| match allowed(verb, phase, *edition, code) {
        Allowed::Listed(_) => true,
        Allowed::AnyCommand(row) => row.when == When::Always,
        Allowed::Extension(_) | Allowed::Vendor(_) | Allowed::No => false,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocol::codes;
    use crate::protocol::replies::Document::Rfc;
    use crate::protocol::replies::Phase::{Command, Data, Exchange};
    use crate::protocol::verbs;

    fn every_row() -> impl Iterator<Item = (VerbId, &'static Row)> {
        let verbs = verbs::all().map(|verb| verb.id).chain([VerbId::Connect]);
        verbs.flat_map(|verb| rows(verb).iter().map(move |row| (verb, row)))
    }

    #[test]
    fn every_row_has_known_codes_once_and_a_clause() {
        for (verb, row) in every_row() {
            assert!(!row.clause.is_empty() && !row.codes.is_empty(), "{verb:?}");
            for (place, code) in row.codes.iter().enumerate() {
                assert!(codes::find(*code).is_some(), "{verb:?} {code} is no known code");
                assert!(!row.codes[..place].contains(code), "{verb:?} {code} stands twice");
            }
            if let Document::Edition(edition) = row.by {
                assert!(row.clause.starts_with(&format!("RFC {} §", edition.number())), "{verb:?}");
            }
            if let Rfc(number) = row.by {
                assert!(row.clause.starts_with(&format!("RFC {number} §")), "{verb:?} {row:?}");
            }
        }
        for row in ANY_COMMAND {
            assert!(!row.clause.is_empty() && !row.codes.is_empty());
        }
        let conditional = |row: &AnyCommand| row.when != When::Always;
        assert!(ANY_COMMAND.is_sorted_by_key(conditional), "unconditional rows come first");
    }

    #[test]
    fn every_verb_of_the_rfcs_has_rows() {
        for verb in verbs::all().filter(|verb| verb.is_smtp()) {
            assert!(!rows(verb.id).is_empty(), "{} has no replies", verb.name);
        }
    }

    #[test]
    fn by_what_right_a_code_answers() {
        use Edition::{Rfc821, Rfc2821, Rfc5321};
        let kind = |verb, phase, edition, code| match allowed(verb, phase, edition, code) {
            Allowed::Listed(_) => "listed",
            Allowed::AnyCommand(row) if row.when == When::Always => "any",
            Allowed::AnyCommand(_) => "conditional",
            Allowed::Extension(_) => "extension",
            Allowed::Vendor(_) => "vendor",
            Allowed::No => "no",
        };
        for (verb, phase, edition, code, expected) in [
            (VerbId::Rcpt, Command, Rfc5321, 251, "listed"),
            (VerbId::Rcpt, Command, Rfc2821, 555, "no"),
            (VerbId::Rcpt, Command, Rfc821, 555, "extension"), // RFC 1869 stands beside RFC 821
            (VerbId::Rcpt, Command, Rfc5321, 556, "extension"),
            (VerbId::Rcpt, Command, Rfc5321, 554, "extension"),
            (VerbId::Rcpt, Command, Rfc5321, 354, "no"),
            (VerbId::Data, Command, Rfc5321, 250, "no"),
            (VerbId::Data, Command, Rfc2821, 451, "listed"),
            (VerbId::Data, Command, Rfc5321, 451, "no"),
            (VerbId::Data, Data, Rfc5321, 550, "listed"),
            (VerbId::Data, Data, Rfc5321, 354, "no"),
            (VerbId::Data, Data, Rfc5321, 421, "any"),
            (VerbId::Data, Data, Rfc5321, 500, "no"),
            (VerbId::Data, Data, Rfc5321, 353, "vendor"),
            (VerbId::Quit, Command, Rfc5321, 250, "no"),
            (VerbId::Quit, Command, Rfc5321, 501, "any"),
            (VerbId::Quit, Command, Rfc821, 421, "any"),
            (VerbId::Noop, Command, Rfc821, 501, "no"),
            (VerbId::Vrfy, Command, Rfc821, 252, "extension"), // RFC 1123
            (VerbId::Vrfy, Command, Rfc5321, 252, "listed"),
            (VerbId::Ehlo, Command, Rfc821, 250, "extension"),
            (VerbId::Ehlo, Command, Rfc5321, 503, "conditional"), // after a 554 greeting only
            (VerbId::Connect, Command, Rfc5321, 521, "extension"),
            (VerbId::Connect, Command, Rfc5321, 500, "no"),
            (VerbId::Connect, Command, Rfc5321, 250, "no"),
            (VerbId::Starttls, Command, Rfc5321, 454, "extension"),
            (VerbId::Auth, Exchange, Rfc5321, 535, "extension"),
            (VerbId::Auth, Exchange, Rfc5321, 250, "no"),
            (VerbId::Mail, Command, Rfc5321, 502, "no"),
            (VerbId::Etrn, Command, Rfc5321, 502, "conditional"),
            (VerbId::Vrfy, Command, Rfc5321, 530, "conditional"),
            (VerbId::Noop, Command, Rfc5321, 530, "no"),
            (VerbId::Bdat, Data, Rfc5321, 501, "any"),
            (VerbId::Xclient, Command, Rfc5321, 220, "vendor"),
            (VerbId::Other, Command, Rfc5321, 250, "no"),
            (VerbId::Other, Command, Rfc5321, 500, "any"),
        ] {
            assert_eq!(kind(verb, phase, edition, code), expected, "{verb:?} {edition} {code}");
        }
        assert_eq!(allowed(VerbId::Connect, Command, Rfc5321, 521).clause(), Some("RFC 7504 §5.1"));
    }

    #[test]
    fn the_editions_that_allow_a_code() {
        let editions = |verb, code| editions_allowing(verb, Command, code).collect::<Vec<_>>();
        assert_eq!(editions(VerbId::Data, 451), [Edition::Rfc821, Edition::Rfc2821]);
        assert_eq!(editions(VerbId::Connect, 554), [Edition::Rfc2821, Edition::Rfc5321]);
        assert_eq!(editions(VerbId::Rcpt, 555), [Edition::Rfc5321]);
        assert_eq!(editions(VerbId::Noop, 501), [Edition::Rfc2821, Edition::Rfc5321]);
        assert!(editions(VerbId::Quit, 250).is_empty());
    }
}
