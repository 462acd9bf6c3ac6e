//! The commands: who defined each, what argument it takes, who must have it.

use std::sync::LazyLock;

use super::editions::{ALL, NONE, SINCE_2821};
use super::private_verbs::PRIVATE_VERBS;
use super::{Clause, Edition};
use Argument::{None as Nothing, Optional, Required};
use Kind::{Base, Extension, Lmtp, Private};
use Pipelining::{Anywhere, Last, LastUnless};

/// A command that some rule or table treats in its own way; every other one is [`VerbId::Other`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[expect(missing_docs, reason = "each is the command of its name; the table says the rest")]
pub enum VerbId {
    /// Not a command: the connection, which the greeting answers (`<connect>` in the tables).
    Connect,
    Helo,
    Ehlo,
    Lhlo,
    Mail,
    Rcpt,
    Data,
    Rset,
    Noop,
    Quit,
    Vrfy,
    Expn,
    Help,
    Send,
    Soml,
    Saml,
    Turn,
    Starttls,
    Auth,
    Bdat,
    Burl,
    Etrn,
    Atrn,
    Xclient,
    Xforward,
    XExps,
    XAnonymoustls,
    Xexch50,
    XLink2state,
    Xshadow,
    Xshadowrequest,
    Xqdiscard,
    Xproxy,
    Xproxyfrom,
    Xproxyto,
    Xsessionparams,
    Verb,
    Onex,
    Xusr,
    Wellknown,
    Other,
}

impl VerbId {
    /// MAIL and the three that open a transaction in its way (RFC 821 §3.4).
    pub const fn opens_transaction(self) -> bool {
        matches!(self, Self::Mail | Self::Send | Self::Soml | Self::Saml)
    }

    /// HELO, EHLO and LHLO: the client names itself.
    pub const fn is_hello(self) -> bool {
        matches!(self, Self::Helo | Self::Ehlo | Self::Lhlo)
    }

    /// AUTH, and Exchange's twin of it: what follows a 334 is no command.
    pub const fn is_auth(self) -> bool {
        matches!(self, Self::Auth | Self::XExps)
    }

    /// STARTTLS, and Exchange's twin of it.
    pub const fn starts_tls(self) -> bool {
        matches!(self, Self::Starttls | Self::XAnonymoustls)
    }
}

/// What follows the verb on its line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Argument {
    /// Nothing; RFC 5321 §4.3.2 wants 501 otherwise.
    None,
    /// Something or nothing.
    Optional,
    /// Something.
    Required,
    /// No document says.
    Unknown,
}

/// Where a command may stand in a group that is sent without waiting (RFC 2920 §3.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Pipelining {
    /// Anywhere in a group.
    Anywhere,
    /// Only at the end: the client has to wait for the reply.
    Last,
    /// At the end, but for the case that its own RFC names (AUTH in one step, RFC 4954 §4).
    LastUnless,
    /// No document says.
    Unknown,
}

/// Where a verb comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Kind {
    /// SMTP itself.
    Base,
    /// LMTP (RFC 2033).
    Lmtp,
    /// An extension with an RFC.
    Extension,
    /// A vendor's own.
    Private,
    /// A verb of old or rare servers of which only the name is known.
    Historic,
    /// A verb that once opened a hole: WIZ, DEBUG and their kind.
    Hole,
    /// The first word of an HTTP request: the peer takes the port for a web server.
    Http,
}

/// One command.
#[derive(Debug, PartialEq, Eq)]
pub struct Verb {
    /// Its name, upper case.
    pub name: &'static str,
    /// Its identity for tables and rules.
    pub id: VerbId,
    /// Where it comes from.
    pub kind: Kind,
    /// What follows it.
    pub argument: Argument,
    /// Where it may stand in a pipelined group.
    pub pipelining: Pipelining,
    /// The editions that ask every server for it (RFC 821 §4.5.1, RFC 2821 §4.5.1, RFC 5321 §4.5.1).
    pub required: &'static [Edition],
    /// The keyword of the EHLO reply that offers it. HELP, TURN and the like may be listed too
    /// (RFC 5321 §4.1.1.1) but are known without: they have none here.
    pub keyword: Option<&'static str>,
    /// How to write it, for a message to a person.
    pub syntax: &'static str,
    /// What it does, in a few words.
    pub does: &'static str,
    /// The clauses that define it.
    pub defined_by: &'static [Clause],
    /// The clause that withdrew it.
    pub obsolete: Option<Clause>,
}

impl Verb {
    /// Whether an RFC or a known extension defines it: such a verb is shown in upper case.
    pub fn is_smtp(&self) -> bool {
        matches!(self.kind, Base | Lmtp | Extension | Private)
    }
}

/// The verb of this name, in any mix of upper and lower case (RFC 5321 §2.4).
///
/// ```
/// use smtplog::protocol::verbs::{self, VerbId};
/// assert_eq!(verbs::find(b"rcpt").map(|verb| verb.id), Some(VerbId::Rcpt));
/// assert!(verbs::find(b"RCTP").is_none());
/// ```
pub fn find(token: &[u8]) -> Option<&'static Verb> {
    /// The verbs by their lengths and first letters: every line of every record is asked.
    static BY_HEAD: LazyLock<Vec<Vec<&'static Verb>>> = LazyLock::new(|| {
        let mut rows = vec![Vec::new(); (LONGEST + 1) * LETTERS];
        for verb in all() {
            let row = head(verb.name.as_bytes()).and_then(|place| rows.get_mut(place));
            if let Some(row) = row {
                row.push(verb);
            }
        }
        rows
    });
    let same_head = BY_HEAD.get(head(token)?)?;
    same_head.iter().find(|verb| verb.name.as_bytes().eq_ignore_ascii_case(token)).copied()
}

/// The longest verb, in octets.
const LONGEST: usize = 16;
const LETTERS: usize = 26;

/// The place of all verbs that are as long as a word and begin with its first letter.
fn head(token: &[u8]) -> Option<usize> {
    let letter = token.first()?.to_ascii_uppercase().checked_sub(b'A')?;
    let letter = usize::from(letter);
    (letter < LETTERS && token.len() <= LONGEST).then_some(token.len() * LETTERS + letter)
}

/// The row of a verb; `None` for [`VerbId::Connect`] and [`VerbId::Other`].
pub fn get(id: VerbId) -> Option<&'static Verb> {
    all().find(|verb| verb.id == id && id != VerbId::Other)
}

/// Every known verb, the most frequent first: those of the RFCs, then those of vendors.
pub fn all() -> impl Iterator<Item = &'static Verb> {
    VERBS.iter().chain(PRIVATE_VERBS)
}

/// The verb that was probably meant by an unknown one: `HELLO` → `HELO`, `RCTP` → `RCPT`,
/// `MAILFROM:` → `MAIL`. `None` where nothing is near enough to be worth saying.
pub fn nearest(token: &[u8]) -> Option<&'static Verb> {
    const LONGEST: usize = 24;
    let token = std::str::from_utf8(token).ok()?.to_ascii_uppercase();
    if token.len() < 3 || token.len() > LONGEST || !token.is_ascii() {
        return None;
    }
    let glued = |verb: &&Verb| {
        verb.argument == Required
            && token.strip_prefix(verb.name).is_some_and(|rest| {
                rest.starts_with("FROM") || rest.starts_with("TO") || rest.starts_with([':', '<'])
            })
    };
    if let Some(verb) = VERBS.iter().find(glued) {
        return Some(verb);
    }
    let word = token.trim_end_matches(|octet: char| !octet.is_ascii_alphanumeric());
    let tolerated = if word.len() <= 5 { 1 } else { 2 };
    VERBS
        .iter()
        .map(|verb| (strsim::osa_distance(word, verb.name), verb))
        .filter(|(distance, _)| *distance <= tolerated)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, verb)| verb)
}

/// A row of SMTP itself or of an extension.
pub(super) const fn verb(
    name: &'static str,
    id: VerbId,
    kind: Kind,
    argument: Argument,
    pipelining: Pipelining,
    does: &'static str,
) -> Verb {
    Verb {
        name,
        id,
        kind,
        argument,
        pipelining,
        required: NONE,
        keyword: None,
        syntax: name,
        does,
        defined_by: &[],
        obsolete: None,
    }
}

const DEPRECATED_TERMINAL: Option<Clause> = Some("RFC 5321 §F.6");

/// The verbs of the RFCs; the most frequent come first.
#[rustfmt::skip]
pub const VERBS: &[Verb] = &[
    Verb {
        syntax: "MAIL FROM:<reverse-path> [parameters]",
        required: ALL,
        defined_by: &["RFC 821 §4.1.1", "RFC 1869 §6", "RFC 2821 §4.1.1.2", "RFC 5321 §4.1.1.2"],
        ..verb("MAIL", VerbId::Mail, Base, Required, Anywhere, "opens a transaction and names the sender")
    },
    Verb {
        syntax: "RCPT TO:<forward-path> [parameters]",
        required: ALL,
        defined_by: &["RFC 821 §4.1.1", "RFC 1123 §5.2.6", "RFC 2821 §4.1.1.3", "RFC 5321 §4.1.1.3"],
        ..verb("RCPT", VerbId::Rcpt, Base, Required, Anywhere, "names one recipient")
    },
    Verb {
        required: ALL,
        defined_by: &["RFC 821 §4.1.1", "RFC 1123 §5.2.8", "RFC 2821 §4.1.1.4", "RFC 5321 §4.1.1.4"],
        ..verb("DATA", VerbId::Data, Base, Nothing, Last, "asks to send the message, which a line of one dot ends")
    },
    Verb {
        syntax: "EHLO domain-or-literal",
        required: SINCE_2821,
        defined_by: &["RFC 1869 §4", "RFC 2821 §4.1.1.1", "RFC 5321 §4.1.1.1"],
        ..verb("EHLO", VerbId::Ehlo, Base, Required, Last, "names the client and asks for the list of extensions")
    },
    Verb {
        syntax: "HELO domain",
        required: ALL,
        defined_by: &["RFC 821 §4.1.1", "RFC 1123 §5.2.5", "RFC 2821 §4.1.1.1", "RFC 5321 §4.1.1.1"],
        ..verb("HELO", VerbId::Helo, Base, Required, Last, "names the client")
    },
    Verb {
        required: ALL,
        defined_by: &["RFC 821 §4.1.1", "RFC 2821 §4.1.1.10", "RFC 5321 §4.1.1.10"],
        ..verb("QUIT", VerbId::Quit, Base, Nothing, Last, "ends the session")
    },
    Verb {
        required: ALL,
        defined_by: &["RFC 821 §4.1.1", "RFC 2821 §4.1.1.5", "RFC 5321 §4.1.1.5"],
        ..verb("RSET", VerbId::Rset, Base, Nothing, Anywhere, "gives up the transaction")
    },
    Verb {
        // RFC 821 knows it without an argument.
        syntax: "NOOP [string]",
        required: ALL,
        defined_by: &["RFC 821 §4.1.1", "RFC 2821 §4.1.1.9", "RFC 5321 §4.1.1.9"],
        ..verb("NOOP", VerbId::Noop, Base, Optional, Last, "asks for a 250 and nothing else")
    },
    Verb {
        syntax: "VRFY string",
        required: SINCE_2821,
        defined_by: &["RFC 821 §4.1.1", "RFC 1123 §5.2.3", "RFC 2821 §4.1.1.6", "RFC 5321 §4.1.1.6"],
        ..verb("VRFY", VerbId::Vrfy, Base, Required, Last, "asks whether a mailbox exists")
    },
    Verb {
        syntax: "EXPN string",
        defined_by: &["RFC 821 §4.1.1", "RFC 1123 §5.2.3", "RFC 2821 §4.1.1.7", "RFC 5321 §4.1.1.7"],
        ..verb("EXPN", VerbId::Expn, Base, Required, Last, "asks for the members of a mailing list")
    },
    Verb {
        syntax: "HELP [string]",
        defined_by: &["RFC 821 §4.1.1", "RFC 2821 §4.1.1.8", "RFC 5321 §4.1.1.8"],
        ..verb("HELP", VerbId::Help, Base, Optional, Last, "asks for text for a person")
    },
    Verb {
        keyword: Some("STARTTLS"),
        defined_by: &["RFC 3207 §4"],
        ..verb("STARTTLS", VerbId::Starttls, Extension, Nothing, Last, "turns the connection into a TLS connection")
    },
    Verb {
        syntax: "AUTH mechanism [initial-response]",
        keyword: Some("AUTH"),
        defined_by: &["RFC 2554 §4", "RFC 4954 §4"],
        ..verb("AUTH", VerbId::Auth, Extension, Required, LastUnless, "authenticates the client")
    },
    Verb {
        syntax: "BDAT octets [LAST]",
        keyword: Some("CHUNKING"),
        defined_by: &["RFC 3030 §2"],
        ..verb("BDAT", VerbId::Bdat, Extension, Required, Anywhere, "sends a part of the message of exactly so many octets")
    },
    Verb {
        syntax: "LHLO domain-or-literal",
        defined_by: &["RFC 2033 §4.1"],
        ..verb("LHLO", VerbId::Lhlo, Lmtp, Required, Last, "EHLO of LMTP")
    },
    Verb {
        syntax: "BURL url [LAST]",
        keyword: Some("BURL"),
        defined_by: &["RFC 4468 §3"],
        ..verb("BURL", VerbId::Burl, Extension, Required, Anywhere, "has the server fetch a part of the message from a URL")
    },
    Verb {
        syntax: "ETRN [@|#]node-name",
        keyword: Some("ETRN"),
        defined_by: &["RFC 1985 §5"],
        ..verb("ETRN", VerbId::Etrn, Extension, Required, Last, "asks the server to send the mail that waits for a host")
    },
    Verb {
        syntax: "ATRN [domain,domain...]",
        keyword: Some("ATRN"),
        defined_by: &["RFC 2645 §5.2.1"],
        ..verb("ATRN", VerbId::Atrn, Extension, Optional, Last, "swaps the roles of client and server for the waiting mail")
    },
    Verb {
        defined_by: &["RFC 821 §3.8", "RFC 821 §4.1.1"],
        obsolete: Some("RFC 5321 §F.1"),
        ..verb("TURN", VerbId::Turn, Base, Nothing, Last, "swaps the roles of client and server")
    },
    Verb {
        syntax: "SEND FROM:<reverse-path>",
        defined_by: &["RFC 821 §3.4", "RFC 821 §4.1.1"],
        obsolete: DEPRECATED_TERMINAL,
        ..verb("SEND", VerbId::Send, Base, Required, Anywhere, "MAIL to a user's terminal")
    },
    Verb {
        syntax: "SOML FROM:<reverse-path>",
        defined_by: &["RFC 821 §3.4", "RFC 821 §4.1.1"],
        obsolete: DEPRECATED_TERMINAL,
        ..verb("SOML", VerbId::Soml, Base, Required, Anywhere, "MAIL to a user's terminal or else the mailbox")
    },
    Verb {
        syntax: "SAML FROM:<reverse-path>",
        defined_by: &["RFC 821 §3.4", "RFC 821 §4.1.1"],
        obsolete: DEPRECATED_TERMINAL,
        ..verb("SAML", VerbId::Saml, Base, Required, Anywhere, "MAIL to a user's terminal and the mailbox")
    },
];

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn every_row_stands_once_in_upper_case_and_cites_its_source() {
        let mut names = HashSet::new();
        let mut ids = HashSet::new();
        for verb in all() {
            assert!(names.insert(verb.name), "{} stands twice", verb.name);
            assert!(verb.id == VerbId::Other || ids.insert(verb.id), "{} shares its id", verb.name);
            assert_eq!(verb.name, verb.name.to_ascii_uppercase());
            assert_eq!(find(verb.name.as_bytes()).map(|found| found.name), Some(verb.name));
            assert!(!verb.defined_by.is_empty(), "{} cites nothing", verb.name);
            assert!(verb.defined_by.iter().all(|clause| !clause.is_empty()));
            assert!(verb.syntax.starts_with(verb.name));
            assert_eq!(verb.is_smtp(), verb.id != VerbId::Other, "{}", verb.name);
            assert_eq!(verb.is_smtp(), !verb.does.is_empty(), "{}", verb.name);
        }
    }

    #[test]
    fn a_verb_is_found_by_its_whole_name_in_any_case() {
        for (token, id) in [
            ("EHLO", Some(VerbId::Ehlo)),
            ("ehlo", Some(VerbId::Ehlo)),
            ("sTaRtTlS", Some(VerbId::Starttls)),
            ("x-exps", Some(VerbId::XExps)),
            ("wiz", Some(VerbId::Other)),
            ("EHL", None),
            ("EHLOO", None),
            ("", None),
            ("250", None),
        ] {
            assert_eq!(find(token.as_bytes()).map(|verb| verb.id), id, "{token}");
        }
        assert_eq!(get(VerbId::Bdat).and_then(|verb| verb.keyword), Some("CHUNKING"));
        assert!(get(VerbId::Connect).is_none());
        assert!(get(VerbId::Other).is_none());
    }

    #[test]
    fn what_was_meant() {
        for (token, name) in [
            ("HELLO", Some("HELO")),
            ("RCTP", Some("RCPT")),
            ("EHELO", Some("EHLO")),
            ("quti", Some("QUIT")),
            ("MALI", Some("MAIL")),
            ("DATE", Some("DATA")),
            ("STARTTSL", Some("STARTTLS")),
            ("START-TLS", Some("STARTTLS")),
            ("QUIT.", Some("QUIT")),
            ("RCPTTO:<a@b.example>", Some("RCPT")),
            ("MAILFROM:", Some("MAIL")),
            ("BYE", None),
            ("EXIT", None),
            ("SUBJECT:", None),
            ("GOODBYE", None),
            ("ä", None),
        ] {
            assert_eq!(nearest(token.as_bytes()).map(|verb| verb.name), name, "{token}");
        }
        assert!(nearest(&[b'A'; 5000]).is_none());
        assert!(nearest(b"\xFF\xFE\xFD\xFC").is_none());
    }

    #[test]
    fn facts_of_the_rfcs() {
        let required = |edition: Edition| -> Vec<_> {
            let mut names: Vec<_> = VERBS
                .iter()
                .filter(|verb| verb.required.contains(&edition))
                .map(|verb| verb.name)
                .collect();
            names.sort_unstable();
            names
        };
        // RFC 821 §4.5.1 and RFC 5321 §4.5.1.
        assert_eq!(
            required(Edition::Rfc821),
            ["DATA", "HELO", "MAIL", "NOOP", "QUIT", "RCPT", "RSET"]
        );
        assert_eq!(
            required(Edition::Rfc5321),
            ["DATA", "EHLO", "HELO", "MAIL", "NOOP", "QUIT", "RCPT", "RSET", "VRFY"]
        );
        // RFC 2920 §3.1 names six verbs that may stand anywhere.
        for id in
            [VerbId::Rset, VerbId::Mail, VerbId::Send, VerbId::Soml, VerbId::Saml, VerbId::Rcpt]
        {
            assert_eq!(get(id).map(|verb| verb.pipelining), Some(Anywhere));
        }
        for id in [
            VerbId::Ehlo,
            VerbId::Data,
            VerbId::Vrfy,
            VerbId::Expn,
            VerbId::Turn,
            VerbId::Quit,
            VerbId::Noop,
        ] {
            assert_eq!(get(id).map(|verb| verb.pipelining), Some(Last));
        }
    }
}
