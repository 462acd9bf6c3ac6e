//! Sizes and timeouts.
//!
//! The sizes are what everybody must be able to receive; RFC 821 forbids to send more, its
//! successors advise against it and let servers refuse it (RFC 5321 §4.5.3.1).

use std::time::Duration;

use super::replies::Phase;
use super::verbs::VerbId;
use super::{Clause, Edition};

/// What has a size limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Object {
    /// The local part of a mailbox.
    LocalPart,
    /// A domain name or literal.
    Domain,
    /// A reverse-path or forward-path with its brackets and route.
    Path,
    /// A command line with its CRLF; extensions add to it, see [`command_line`].
    CommandLine,
    /// One line of a reply with its code and CRLF.
    ReplyLine,
    /// A line of the message with its CRLF, without the dot that transparency added.
    TextLine,
    /// The message that every server must take. RFC 821 sets none.
    Message,
    /// The recipients that every server must take: a number, not octets.
    Recipients,
}

impl Object {
    /// What it is called in a message: "command line".
    pub const fn name(self) -> &'static str {
        match self {
            Self::LocalPart => "local part",
            Self::Domain => "domain",
            Self::Path => "path",
            Self::CommandLine => "command line",
            Self::ReplyLine => "reply line",
            Self::TextLine => "text line",
            Self::Message => "message",
            Self::Recipients => "recipients",
        }
    }
}

/// One size limit.
#[derive(Debug)]
pub struct Size {
    /// Of what.
    pub object: Object,
    /// Octets (recipients: their number) in RFC 821, RFC 2821, RFC 5321; 0: no limit.
    pub limits: [u32; 3],
    /// The reply code that refuses more.
    pub refused_with: Option<u16>,
    /// Where, in RFC 821, RFC 2821, RFC 5321.
    pub clauses: [Clause; 3],
}

impl Size {
    /// Octets, or for recipients their number; `None` where the edition sets no limit.
    pub const fn limit(&self, edition: Edition) -> Option<u32> {
        let [first, second, third] = self.limits;
        let limit = match edition {
            Edition::Rfc821 => first,
            Edition::Rfc2821 => second,
            Edition::Rfc5321 => third,
        };
        if limit == 0 { None } else { Some(limit) }
    }

    /// Where the edition sets it.
    pub const fn clause(&self, edition: Edition) -> Clause {
        let [first, second, third] = self.clauses;
        match edition {
            Edition::Rfc821 => first,
            Edition::Rfc2821 => second,
            Edition::Rfc5321 => third,
        }
    }
}

const fn size(
    object: Object,
    limits: [u32; 3],
    refused_with: Option<u16>,
    section_of_5321: Clause,
) -> Size {
    let clauses = ["RFC 821 §4.5.3", "RFC 2821 §4.5.3.1", section_of_5321];
    Size { object, limits, refused_with, clauses }
}

/// The size limit of an object.
///
/// ```
/// use smtplog::protocol::{Edition, limits::{self, Object}};
/// assert_eq!(limits::of(Object::Domain).limit(Edition::Rfc821), Some(64));
/// assert_eq!(limits::of(Object::Domain).limit(Edition::Rfc5321), Some(255));
/// ```
pub const fn of(object: Object) -> &'static Size {
    let [local_part, domain, path, command_line, reply_line, text_line, message, recipients] =
        &SIZES;
    match object {
        Object::LocalPart => local_part,
        Object::Domain => domain,
        Object::Path => path,
        Object::CommandLine => command_line,
        Object::ReplyLine => reply_line,
        Object::TextLine => text_line,
        Object::Message => message,
        Object::Recipients => recipients,
    }
}

/// The size limits, in the order of [`Object`].
#[rustfmt::skip]
pub const SIZES: [Size; 8] = [
    //                         821     2821    5321
    size(Object::LocalPart,   [64,     64,     64],     Some(501), "RFC 5321 §4.5.3.1.1"),
    size(Object::Domain,      [64,     255,    255],    Some(501), "RFC 5321 §4.5.3.1.2"),
    size(Object::Path,        [256,    256,    256],    Some(501), "RFC 5321 §4.5.3.1.3"),
    size(Object::CommandLine, [512,    512,    512],    Some(500), "RFC 5321 §4.5.3.1.4"),
    size(Object::ReplyLine,   [512,    512,    512],    None,      "RFC 5321 §4.5.3.1.5"),
    size(Object::TextLine,    [1000,   1000,   1000],   None,      "RFC 5321 §4.5.3.1.6"),
    size(Object::Message,     [0,      65_536, 65_536], Some(552), "RFC 5321 §4.5.3.1.7"),
    size(Object::Recipients,  [100,    100,    100],    Some(452), "RFC 5321 §4.5.3.1.8"),
];

/// Octets of a line of an AUTH exchange with its CRLF; the AUTH command itself keeps to the limit
/// of a command line (RFC 4954 §4).
pub const AUTH_EXCHANGE_LINE: u32 = 12_288;

/// Where [`AUTH_EXCHANGE_LINE`] is set.
pub const AUTH_EXCHANGE_LINE_CLAUSE: Clause = "RFC 4954 §4";

/// What an extension adds to the length of a command line.
#[derive(Debug)]
pub struct Increment {
    /// The keyword that has to be in the last EHLO reply.
    pub keyword: &'static str,
    /// The command.
    pub command: VerbId,
    /// Octets.
    pub octets: u32,
    /// Where.
    pub clause: Clause,
}

const fn increment(
    keyword: &'static str,
    command: VerbId,
    octets: u32,
    clause: Clause,
) -> Increment {
    Increment { keyword, command, octets, clause }
}

/// What each extension adds. 8BITMIME adds nothing: RFC 6152 names no increment.
#[rustfmt::skip]
pub const INCREMENTS: &[Increment] = &[
    increment("SIZE",          VerbId::Mail, 26,   "RFC 1870 §3"),
    increment("BINARYMIME",    VerbId::Mail, 16,   "RFC 3030 §3"),
    increment("DELIVERBY",     VerbId::Mail, 17,   "RFC 2852 §2"),
    increment("AUTH",          VerbId::Mail, 500,  "RFC 4954 §3"),
    increment("CHECKPOINT",    VerbId::Mail, 88,   "RFC 1845 §2"),
    increment("DSN",           VerbId::Mail, 107,  "RFC 3885 §2"),
    increment("DSN",           VerbId::Rcpt, 507,  "RFC 3885 §2"),
    increment("MTRK",          VerbId::Mail, 40,   "RFC 3885 §2"),
    increment("NO-SOLICITING", VerbId::Mail, 1007, "RFC 3865 §4.1"),
    increment("FUTURERELEASE", VerbId::Mail, 34,   "RFC 4865 §3"),
    increment("UTF8SMTP",      VerbId::Mail, 460,  "RFC 5336 §3.1"),
    increment("UTF8SMTP",      VerbId::Rcpt, 460,  "RFC 5336 §3.1"),
    increment("SMTPUTF8",      VerbId::Mail, 10,   "RFC 6531 §3.1"),
    increment("MT-PRIORITY",   VerbId::Mail, 15,   "RFC 6710 §3"),
    increment("RRVS",          VerbId::Rcpt, 33,   "RFC 7293 §3.3"),
    increment("REQUIRETLS",    VerbId::Mail, 11,   "RFC 8689 §2"),
];

/// The longest command line in octets with its CRLF, where `offered` tells which keywords the last
/// EHLO reply held (upper case).
///
/// ```
/// use smtplog::protocol::{limits, verbs::VerbId};
/// assert_eq!(limits::command_line(VerbId::Mail, |_| false), 512);
/// assert_eq!(limits::command_line(VerbId::Mail, |keyword| keyword == "SIZE"), 538);
/// ```
pub fn command_line(command: VerbId, offered: impl Fn(&str) -> bool) -> u32 {
    const PLAIN: u32 = 512;
    let added = INCREMENTS
        .iter()
        .filter(|increment| increment.command == command && offered(increment.keyword))
        .map(|increment| increment.octets);
    PLAIN + added.sum::<u32>()
}

/// How long one side has to wait for the other before it may give up.
#[derive(Debug)]
pub struct Timeout {
    /// The command whose reply is waited for.
    pub command: VerbId,
    /// Which of its replies.
    pub phase: Phase,
    /// The least time.
    pub wait: Duration,
    /// Where.
    pub clause: Clause,
}

const fn timeout(command: VerbId, phase: Phase, minutes: u64, clause: Clause) -> Timeout {
    Timeout { command, phase, wait: Duration::from_secs(60 * minutes), clause }
}

/// How long a client waits for each reply.
#[rustfmt::skip]
pub const TIMEOUTS: &[Timeout] = &[
    timeout(VerbId::Connect, Phase::Command, 5,  "RFC 5321 §4.5.3.2.1"),
    timeout(VerbId::Mail,    Phase::Command, 5,  "RFC 5321 §4.5.3.2.2"),
    timeout(VerbId::Rcpt,    Phase::Command, 5,  "RFC 5321 §4.5.3.2.3"),
    timeout(VerbId::Data,    Phase::Command, 2,  "RFC 5321 §4.5.3.2.4"),
    timeout(VerbId::Data,    Phase::Data,    10, "RFC 5321 §4.5.3.2.6"),
    timeout(VerbId::Bdat,    Phase::Data,    10, "RFC 5321 §4.5.3.2.6"),
    timeout(VerbId::Atrn,    Phase::Command, 10, "RFC 2645 §5.2.1"),
];

/// How long a client waits between two blocks of the message (RFC 5321 §4.5.3.2.5).
pub const DATA_BLOCK: Duration = Duration::from_secs(180);

/// How long a server waits for the next command (RFC 5321 §4.5.3.2.7).
pub const NEXT_COMMAND: Duration = Duration::from_secs(300);

/// Where [`NEXT_COMMAND`] is set.
pub const NEXT_COMMAND_CLAUSE: Clause = "RFC 5321 §4.5.3.2.7";

/// How long a client waits for a reply; `None` where no document sets a time.
pub fn wait_for(command: VerbId, phase: Phase) -> Option<&'static Timeout> {
    TIMEOUTS.iter().find(|timeout| timeout.command == command && timeout.phase == phase)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn every_row_stands_once_and_cites_its_source() {
        let mut increments = HashSet::new();
        for row in INCREMENTS {
            assert!(increments.insert((row.keyword, row.command)), "{} twice", row.keyword);
            assert!(row.octets > 0 && row.clause.starts_with("RFC "));
        }
        let mut timeouts = HashSet::new();
        for row in TIMEOUTS {
            assert!(timeouts.insert((row.command, row.phase)) && row.clause.starts_with("RFC "));
        }
        for row in &SIZES {
            assert_eq!(of(row.object).object, row.object);
            assert!(Edition::ALL.into_iter().all(|edition| !row.clause(edition).is_empty()));
        }
    }

    #[test]
    fn facts_of_the_rfcs() {
        assert_eq!(of(Object::Message).limit(Edition::Rfc821), None);
        assert_eq!(of(Object::Recipients).limit(Edition::Rfc5321), Some(100));
        assert_eq!(of(Object::Domain).clause(Edition::Rfc821), "RFC 821 §4.5.3");
        assert_eq!(command_line(VerbId::Mail, |word| matches!(word, "SIZE" | "AUTH")), 1038);
        assert_eq!(command_line(VerbId::Rcpt, |word| word == "DSN"), 1019);
        assert_eq!(command_line(VerbId::Data, |_| true), 512);
        let minutes = |command, phase| wait_for(command, phase).map(|row| row.wait.as_secs() / 60);
        assert_eq!(minutes(VerbId::Data, Phase::Command), Some(2));
        assert_eq!(minutes(VerbId::Data, Phase::Data), Some(10));
        assert_eq!(minutes(VerbId::Noop, Phase::Command), None);
    }
}
