//! Reply codes: what each means, who defined it, and what its digits say.

use super::editions::{ALL, NONE, ONLY_5321, SINCE_2821};
use super::{Clause, Edition};

/// What the first digit says; a client may act on it alone (RFC 5321 §4.2.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// 1yz: accepted, waits for a word to go on. No command uses it; RFC 5321 dropped it.
    PositivePreliminary,
    /// 2yz: done.
    PositiveCompletion,
    /// 3yz: so far so good, send the rest.
    PositiveIntermediate,
    /// 4yz: not now; the same request may succeed later.
    TransientNegative,
    /// 5yz: no; the same request will fail again.
    PermanentNegative,
}

impl Severity {
    /// The severity of a reply code; `None` outside 100 to 599.
    ///
    /// ```
    /// use smtplog::protocol::codes::Severity;
    /// assert_eq!(Severity::of(451), Some(Severity::TransientNegative));
    /// assert_eq!(Severity::of(999), None);
    /// ```
    pub const fn of(code: u16) -> Option<Self> {
        match code / 100 {
            1 => Some(Self::PositivePreliminary),
            2 => Some(Self::PositiveCompletion),
            3 => Some(Self::PositiveIntermediate),
            4 => Some(Self::TransientNegative),
            5 => Some(Self::PermanentNegative),
            _ => None,
        }
    }

    /// Its name in RFC 5321 §4.2.1, lower case.
    pub const fn name(self) -> &'static str {
        match self {
            Self::PositivePreliminary => "positive preliminary",
            Self::PositiveCompletion => "positive completion",
            Self::PositiveIntermediate => "positive intermediate",
            Self::TransientNegative => "transient negative completion",
            Self::PermanentNegative => "permanent negative completion",
        }
    }

    /// What the client has to do, whatever the rest of the code.
    pub const fn client_must(self) -> &'static str {
        match self {
            Self::PositivePreliminary => "treat it as a broken server: no SMTP command uses 1yz",
            Self::PositiveCompletion => "go on with the next command",
            Self::PositiveIntermediate => "send the rest of what it began",
            Self::TransientNegative => "keep the mail and try again later",
            Self::PermanentNegative => "not repeat the same request; report the failure",
        }
    }
}

/// What the second digit says (RFC 821 §E, RFC 5321 §4.2.1).
pub const fn category(code: u16) -> Option<&'static str> {
    match code / 10 % 10 {
        0 => Some("syntax"),
        1 => Some("information"),
        2 => Some("connections"),
        3 | 4 => Some("unspecified"),
        5 => Some("mail system"),
        _ => None,
    }
}

/// Whether the code matches Reply-code of RFC 5321 §4.2: first digit 2 to 5, second 0 to 5.
///
/// ```text
/// Reply-code = %x32-35 %x30-35 %x30-39
/// ```
pub const fn in_grammar(code: u16) -> bool {
    matches!(code / 100, 2..=5) && code / 10 % 10 <= 5
}

/// 2yz.
pub const fn is_success(code: u16) -> bool {
    code / 100 == 2
}

/// 4yz or 5yz.
pub const fn is_refusal(code: u16) -> bool {
    matches!(code / 100, 4 | 5)
}

/// How well a reply code is founded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Status {
    /// SMTP itself.
    Core,
    /// An extension's RFC.
    Extension,
    /// Only paired with an enhanced code in the registry (RFC 5248); no RFC defines it as a reply.
    Registry,
    /// A vendor's own.
    Private,
    /// Seen, but defined by nobody.
    Unregistered,
}

impl Status {
    /// Whether some RFC defines the code as a reply.
    pub const fn is_defined(self) -> bool {
        matches!(self, Self::Core | Self::Extension)
    }

    /// Its name in the JSON tables.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Core => "core",
            Self::Extension => "extension",
            Self::Registry => "registry",
            Self::Private => "private",
            Self::Unregistered => "unregistered",
        }
    }
}

/// One reply code.
#[derive(Debug)]
pub struct CodeFact {
    /// 100 to 599 (050 and the like: below).
    pub code: u16,
    /// How well it is founded.
    pub status: Status,
    /// What it means, in a few words.
    pub meaning: &'static str,
    /// What is worth knowing beyond the meaning; may be empty.
    pub note: &'static str,
    /// The editions that define it.
    pub editions: &'static [Edition],
    /// The numbers of the extension RFCs that define it.
    pub rfcs: &'static [u16],
    /// Where it is defined, or seen.
    pub clause: Clause,
}

/// What is known of a reply code.
///
/// ```
/// use smtplog::protocol::codes;
/// assert_eq!(codes::find(251).map(|fact| fact.clause), Some("RFC 5321 §4.2.3"));
/// assert!(codes::find(299).is_none());
/// ```
pub fn find(code: u16) -> Option<&'static CodeFact> {
    let row = CODES.binary_search_by_key(&code, |fact| fact.code).ok()?;
    CODES.get(row)
}

const fn core(
    code: u16,
    editions: &'static [Edition],
    meaning: &'static str,
    note: &'static str,
    clause: Clause,
) -> CodeFact {
    CodeFact { code, status: Status::Core, meaning, note, editions, rfcs: &[], clause }
}

const fn extension(
    code: u16,
    rfcs: &'static [u16],
    meaning: &'static str,
    note: &'static str,
    clause: Clause,
) -> CodeFact {
    CodeFact { code, status: Status::Extension, meaning, note, editions: NONE, rfcs, clause }
}

const fn registry(code: u16, meaning: &'static str) -> CodeFact {
    CodeFact {
        code,
        status: Status::Registry,
        meaning,
        note: "only the registry of enhanced codes names it; no RFC defines it as a reply",
        editions: NONE,
        rfcs: &[5248],
        clause: "RFC 5248 §2.4",
    }
}

const fn private(code: u16, meaning: &'static str, clause: Clause) -> CodeFact {
    CodeFact { code, status: Status::Private, meaning, note: "", editions: NONE, rfcs: &[], clause }
}

/// Seen in dialogues and lists, defined nowhere.
const fn seen(code: u16, meaning: &'static str) -> CodeFact {
    CodeFact {
        code,
        status: Status::Unregistered,
        meaning,
        note: "no RFC defines it; only its first digit counts",
        editions: NONE,
        rfcs: &[],
        clause: "RFC 5321 §4.2",
    }
}

/// Every known reply code, ascending.
#[rustfmt::skip]
pub const CODES: &[CodeFact] = &[
    seen(50, "a line of Sendmail's verbose mode (VERB)"),
    seen(101, "a client's own word for a connection that could not be opened"),
    seen(111, "a client's own word for a refused connection"),
    seen(200, "success of an Exchange link-state exchange"),

    core(211, ALL, "system status or help", "", "RFC 5321 §4.2.3"),
    core(214, ALL, "help text for a person", "the usual answer to HELP, mostly of several lines", "RFC 5321 §4.2.3"),
    core(220, ALL, "service ready", "as greeting its text begins with the server's domain name; also the go-ahead of STARTTLS", "RFC 5321 §4.2.3"),
    core(221, ALL, "the server closes the connection, as asked", "the answer to QUIT", "RFC 5321 §4.2.3"),
    extension(235, &[2554, 4954], "authenticated", "2.7.0 goes with it", "RFC 4954 §6"),
    seen(240, "an old word of success"),
    core(250, ALL, "done", "in the reply to HELO and EHLO the server names itself first", "RFC 5321 §4.2.3"),
    core(251, ALL, "recipient not local, the server will forward", "the text names the forward-path; ETRN: nothing is waiting", "RFC 5321 §4.2.3"),
    core(252, SINCE_2821, "not verified, but the server will take the mail and try", "VRFY since RFC 1123 §5.2.3, EXPN since RFC 2821; ETRN: the queue was started", "RFC 5321 §4.2.3"),
    extension(253, &[1985], "the queue was started for so many messages", "ETRN only", "RFC 1985 §5.1"),

    extension(334, &[2554, 4954], "a challenge: the client answers in base64", "the text is base64 and nothing else; no enhanced code", "RFC 4954 §4"),
    private(353, "the content is being checked; one reply for each recipient follows", "Exim PRDR"),
    core(354, ALL, "send the message, end with a line of one dot", "DATA only; no enhanced code", "RFC 5321 §4.2.3"),
    extension(355, &[1845], "resume the message at this octet", "the answer to MAIL with TRANSID", "RFC 1845 §3"),

    seen(412, "Exchange: service not active"),
    seen(420, "a client's own word for a timeout"),
    core(421, ALL, "service not available, the server closes the connection", "may answer any command and may come unasked; the text begins with the domain name", "RFC 5321 §4.2.3"),
    registry(422, "the password has to be moved to the new mechanism first"),
    registry(430, "paired with X.5.1, without a meaning of its own"),
    seen(431, "out of storage, on old Exchange servers"),
    extension(432, &[2554, 4954], "the password has to be moved to this mechanism first", "4.7.12 goes with it; Exchange uses it for too many connections", "RFC 4954 §6"),
    private(435, "cannot authenticate at the moment", "Exim smtp_in.c"),
    seen(441, "the destination does not answer"),
    seen(442, "the connection was dropped"),
    seen(446, "too many hops"),
    seen(447, "the message waited too long"),
    seen(449, "a routing error on Exchange"),
    core(450, ALL, "mailbox busy or blocked for now", "greylisting answers so; at the end of data since RFC 5321 only", "RFC 5321 §4.2.3"),
    core(451, ALL, "local error, the action was given up", "a client that loses the connection acts as if it had got this (RFC 5321 §3.8)", "RFC 5321 §4.2.3"),
    core(452, ALL, "not enough storage, or too many recipients", "RFC 821 used 552 for too many recipients; RFC 5321 §4.5.3.1.10 wants 452", "RFC 5321 §4.2.3"),
    extension(453, &[2645], "no mail is waiting for you", "ATRN only", "RFC 2645 §5.2.1"),
    extension(454, &[2554, 3207, 4954], "TLS or authentication is not available at the moment", "", "RFC 3207 §4"),
    core(455, ONLY_5321, "the parameters cannot be honoured at the moment", "RFC 1869 §6.1 had it, RFC 2821 lost it", "RFC 5321 §4.1.1.11"),
    extension(458, &[1985], "the queue for this node cannot be started", "ETRN only", "RFC 1985 §5.1"),
    extension(459, &[1985], "this node is not allowed", "ETRN only; the text names the reason", "RFC 1985 §5.1"),
    seen(471, "a local spam filter"),

    core(500, ALL, "verb not recognised, or line too long", "not for a verb that every server must have", "RFC 5321 §4.2.3"),
    core(501, ALL, "syntax error in the argument or a parameter", "also the answer to a cancelled AUTH", "RFC 5321 §4.2.3"),
    core(502, ALL, "verb known, not implemented", "not for a verb that every server must have, nor for one that EHLO offered (RFC 5321 §4.2.4)", "RFC 5321 §4.2.3"),
    core(503, ALL, "commands out of order", "nothing changes by it", "RFC 5321 §4.2.3"),
    core(504, ALL, "parameter known, not implemented", "AUTH: this mechanism is not available", "RFC 5321 §4.2.3"),
    seen(510, "bad address"),
    seen(511, "bad address"),
    seen(512, "host or domain not found"),
    seen(513, "bad address"),
    seen(515, "bad recipient mailbox"),
    seen(517, "a problem with the sender's address"),
    extension(521, &[1846, 7504], "this host takes no mail", "a greeting, and then the answer to every command; Postfix uses it to hang up", "RFC 7504 §3"),
    seen(522, "mailbox full"),
    registry(523, "this mechanism needs an encrypted connection"),
    registry(524, "this mechanism is allowed on an encrypted connection only"),
    registry(525, "the account is disabled"),
    extension(530, &[2554, 2645, 3207, 4954, 6409], "authenticate first, or start TLS first", "5.7.0 goes with it", "RFC 4954 §6"),
    registry(533, "paired with X.7.1, without a meaning of its own"),
    extension(534, &[2554, 4954], "the mechanism is too weak for this user", "5.7.9 goes with it", "RFC 4954 §6"),
    extension(535, &[2554, 4954], "user name or password is wrong", "5.7.8 goes with it", "RFC 4954 §6"),
    extension(538, &[2554, 4954], "this mechanism is allowed on an encrypted connection only", "5.7.11 goes with it; kept for old servers", "RFC 4954 §6"),
    seen(541, "refused by the recipient's policy"),
    seen(542, "refused by the recipient's system"),
    seen(543, "routing or security"),
    core(550, ALL, "mailbox not available: unknown, no access, or refused by policy", "the code for refusal by policy (RFC 5321 §7.9); at the end of data since RFC 5321 only", "RFC 5321 §4.2.3"),
    core(551, ALL, "user not local, try the path in the text", "RCPT and VRFY", "RFC 5321 §4.2.3"),
    core(552, ALL, "over the storage or size that is allowed", "RFC 821 §4.5.3 also meant too many recipients by it", "RFC 5321 §4.2.3"),
    core(553, ALL, "mailbox name not allowed", "VRFY: the name is ambiguous", "RFC 5321 §4.2.3"),
    core(554, ALL, "the transaction failed, or no SMTP service here", "a greeting since RFC 2821; in no row of MAIL or RCPT, though filters use it there (RFC 6409 §4.1)", "RFC 5321 §4.2.3"),
    core(555, ONLY_5321, "a parameter of MAIL or RCPT is not known or not implemented", "RFC 1869 §6.1 had it, RFC 2821 lost it", "RFC 5321 §4.1.1.11"),
    extension(556, &[7504, 7505], "the recipient's domain takes no mail", "RCPT only; 5.1.10 goes with it", "RFC 7504 §4"),
    seen(557, "sender refused"),
    seen(571, "delivery not authorised"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_ascend_and_cite_their_source() {
        assert!(CODES.windows(2).all(|pair| pair[0].code < pair[1].code));
        for fact in CODES {
            assert!(!fact.clause.is_empty() && !fact.meaning.is_empty(), "{}", fact.code);
            assert_eq!(fact.status == Status::Core, !fact.editions.is_empty(), "{}", fact.code);
            if fact.status.is_defined() {
                assert!(in_grammar(fact.code), "{}", fact.code);
                assert!(fact.clause.starts_with("RFC "), "{}", fact.code);
            }
        }
    }

    #[test]
    fn what_the_digits_say() {
        for (code, severity, grammatical) in [
            (199, Some(Severity::PositivePreliminary), false),
            (220, Some(Severity::PositiveCompletion), true),
            (354, Some(Severity::PositiveIntermediate), true),
            (421, Some(Severity::TransientNegative), true),
            (471, Some(Severity::TransientNegative), false),
            (559, Some(Severity::PermanentNegative), true),
            (571, Some(Severity::PermanentNegative), false),
            (600, None, false),
            (0, None, false),
        ] {
            assert_eq!(Severity::of(code), severity, "{code}");
            assert_eq!(in_grammar(code), grammatical, "{code}");
        }
        assert_eq!(category(503), Some("syntax"));
        assert_eq!(category(550), Some("mail system"));
        assert_eq!(category(571), None);
        assert!(is_success(251) && !is_success(354) && is_refusal(421) && !is_refusal(250));
    }

    #[test]
    fn what_changed_between_editions() {
        let editions = |code| find(code).map(|fact| fact.editions);
        assert_eq!(editions(252), Some(SINCE_2821));
        assert_eq!(editions(455), Some(ONLY_5321));
        assert_eq!(editions(555), Some(ONLY_5321));
        assert_eq!(editions(554), Some(ALL));
        assert_eq!(find(521).map(|fact| fact.status), Some(Status::Extension));
        assert_eq!(find(571).map(|fact| fact.status), Some(Status::Unregistered));
    }
}
