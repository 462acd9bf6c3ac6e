//! A line to turns: one recording tool's format a file. Knows nothing of order, codes or rules.
//!
//! *Enters*: one line of a source, with the wrappers around it already taken off.
//! *Leaves*: [`Reading`]s: what of the line is payload, under which mark, at what time, of which
//! session; and what a tool's remark tells ([`Fact`]).
//!
//! A dialect reports marks, never sides: which mark is the server's follows from what the lines say.
//! To add one, write its file with a `DIALECT`, and name the file in the list at the end of this one.

use std::{borrow::Cow, sync::LazyLock};

use crate::{
    places::Places,
    transcript::{Ending, Fact, Mark, Moment, Record, Telling},
};

/// What a dialect reads in a line: one stretch of payload, or one remark.
#[derive(Debug, Clone)]
pub struct Reading<'l> {
    /// The mark that the text stands under.
    pub mark: Mark,
    /// The text: borrowed from the line where it stands there as it is, owned where it was escaped.
    pub text: Cow<'l, [u8]>,
    /// The part of the line that an owned text was made from.
    pub within: Option<&'l [u8]>,
    /// When it was said.
    pub at: Option<Moment>,
    /// The key of its session, in records that interleave several; an empty one for what is said beside the
    /// dialogue around it and shall not cut that.
    pub key: Option<Cow<'l, [u8]>>,
    /// What a remark tells.
    pub fact: Option<Fact>,
    /// How the line ended, in dialects that show it.
    pub ending: Option<Ending>,
    /// The line's number within its session, in records that count.
    pub number: Option<u64>,
    /// The text goes on where the line before it under the same mark stopped: the recorder broke a
    /// long line. Whatever was between the two on the wire is part of the text.
    pub joins: bool,
}

impl<'l> Reading<'l> {
    /// Text that somebody said under `mark`.
    pub const fn said(mark: Mark, text: &'l [u8]) -> Self {
        Self {
            mark,
            text: Cow::Borrowed(text),
            within: None,
            at: None,
            key: None,
            fact: None,
            ending: None,
            number: None,
            joins: false,
        }
    }

    /// Text that the record shows escaped as `within` and that really was `text`.
    pub const fn unescaped(mark: Mark, text: Vec<u8>, within: &'l [u8]) -> Self {
        Self {
            mark,
            text: Cow::Owned(text),
            within: Some(within),
            at: None,
            key: None,
            fact: None,
            ending: None,
            number: None,
            joins: false,
        }
    }

    /// A remark of the recording tool that tells nothing in particular.
    pub fn remark(text: &'l [u8]) -> Self {
        Self::said(Mark::Tool, text)
    }

    /// A remark of the recording tool that tells something.
    pub fn tells(text: &'l [u8], fact: Fact) -> Self {
        Self { fact: Some(fact), ..Self::said(Mark::Tool, text) }
    }

    /// A line that came to harm, or with an empty text one that is read all the same; what is wrong with it.
    pub fn damaged(text: &'l [u8], what: String) -> Self {
        Self::tells(text, Fact::Damaged(what))
    }

    /// The same, said at a time.
    #[must_use]
    pub fn at(mut self, at: Option<Moment>) -> Self {
        self.at = at;
        self
    }

    /// The same, with its number within the session.
    #[must_use]
    pub const fn numbered(mut self, number: Option<u64>) -> Self {
        self.number = number;
        self
    }

    /// The same, going on where the line before it stopped.
    #[must_use]
    pub const fn joining(mut self) -> Self {
        self.joins = true;
        self
    }

    /// The same, beside the dialogue around it.
    #[must_use]
    pub fn aside(mut self) -> Self {
        self.key = Some(Cow::Borrowed(b""));
        self
    }

    /// The same, in the session with this key.
    #[must_use]
    pub fn of(mut self, key: &'l [u8]) -> Self {
        self.key = Some(Cow::Borrowed(key));
        self
    }
}

/// Where a reader puts what it reads.
pub type Say<'s> = &'s mut dyn FnMut(Reading<'_>);

/// Reads the lines of one dialect in order. Plain functions are readers; a dialect whose lines mean
/// different things by what came before them implements it for a type of its own.
pub trait Reader: Send {
    /// Reads one line (without its ending) and says what is in it; `false` where the line is not of
    /// this dialect.
    fn read(&mut self, line: &[u8], say: Say<'_>) -> bool;

    /// The source is over: says what the reader still holds back, such as a line of the wire whose
    /// end was never shown.
    fn finish(&mut self, say: Say<'_>) {
        let _ = say;
    }

    /// Shows the line behind the one that is read next; empty where the record ends or is cut into blocks.
    /// For forms in which only the next line tells whether a reply goes on.
    fn ahead(&mut self, next: &[u8]) {
        let _ = next;
    }

    /// The block of a page or a ticket that the lines stood in is over: what follows is something else. For
    /// forms that take whatever follows a header as what was said.
    fn leave(&mut self) {}
}

impl<F: FnMut(&[u8], Say<'_>) -> bool + Send> Reader for F {
    fn read(&mut self, line: &[u8], say: Say<'_>) -> bool {
        self(line, say)
    }
}

/// Which lines of a dialogue a dialect leaves without a mark.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unmarked {
    /// None: what carries no mark is not part of the dialogue.
    Neither,
    /// What the client said, or a part of it such as the message.
    Client,
    /// What the server said, or a part of it such as further lines of a reply.
    Server,
    /// Either side's lines.
    Both,
}

/// Which side a mark is when the lines under it do not tell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Custom {
    /// The first mark is by custom the client's.
    FirstIsClient,
    /// The first mark is by custom the server's.
    FirstIsServer,
}

/// Whether the lines of a dialect carry times.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Times {
    /// Each line does.
    Always,
    /// Some lines do, or lines in some records.
    Sometimes,
    /// None does.
    Never,
}

impl Times {
    /// The word for it in lists.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Always => "always",
            Self::Sometimes => "sometimes",
            Self::Never => "never",
        }
    }
}

/// One recording tool's format.
#[derive(Debug)]
pub struct Dialect {
    /// Its name, as `--dialect` takes it and the report gives it.
    pub name: &'static str,
    /// What writes it, in one line.
    pub about: &'static str,
    /// How it marks what the client says; empty where it does not.
    pub client: &'static str,
    /// How it marks what the server says; empty where it does not.
    pub server: &'static str,
    /// What tells its sessions apart; empty where it records one connection at a time.
    pub key: &'static str,
    /// Whether its lines carry times.
    pub times: Times,
    /// What kind of record it is.
    pub record: Record,
    /// Which lines it leaves without a mark.
    pub unmarked: Unmarked,
    /// Which side [`Mark::First`] is when the lines do not tell.
    pub custom: Custom,
    /// Literals, one of which every record of it holds: a cheap test before `evidence`.
    pub hints: &'static [&'static str],
    /// Whether a line is characteristic of this dialect and hardly of another.
    pub evidence: fn(&[u8]) -> bool,
    /// Makes a reader for the lines of one source.
    pub reader: fn() -> Box<dyn Reader>,
}

impl Dialect {
    /// Whether a line is characteristic of this dialect: it holds a hint and is evidence.
    #[cfg(test)]
    pub(crate) fn shows(&self, line: &[u8]) -> bool {
        place(self).is_some_and(|place| shown(line).holds(place))
    }
}

const _: () = assert!(ALL.len() <= Places::MOST, "a place of the table has no bit");

/// Whether the dialect at this place of [`ALL`] never tells a time: where it does, no other clock is asked.
pub(crate) fn is_timeless(place: u16) -> bool {
    ALL.get(usize::from(place)).is_some_and(|dialect| dialect.times == Times::Never)
}

/// The time that a logger or a collector put before a line.
pub(crate) fn logged_at(text: &[u8]) -> Option<Moment> {
    time::logged(text)
}

/// The dialects that a line is characteristic of: those with a hint in it for which it is evidence.
pub(crate) fn shown(line: &[u8]) -> Places {
    evident(line, hinted(line))
}

/// Of the dialects that a line is characteristic of, those in which what was said stands in the same line, behind a
/// mark: not dumps and the like, whose lines announce the ones behind them, nor what a terminal shows.
pub(crate) fn rows(line: &[u8]) -> Places {
    shown(line) & !*ANNOUNCING
}

/// Of the dialects that a line is characteristic of, those that tools write, and not people in sentences: a refusal
/// that would stand alone behind a time or a mark shows nobody's way of writing.
pub(crate) fn written_by_tools(line: &[u8]) -> Places {
    shown(line) & !*SENTENCES
}

static SENTENCES: LazyLock<Places> = LazyLock::new(|| {
    let sentence = |dialect: &Dialect| dialect.record.telling == Telling::Sentence;
    let places = ALL.iter().zip(0_u16..).filter(|(dialect, _)| sentence(dialect));
    places.map(|(_, place)| place).collect()
});

static ANNOUNCING: LazyLock<Places> = LazyLock::new(|| {
    let announces =
        |dialect: &Dialect| dialect.unmarked == Unmarked::Both || dialect.record.announces;
    let places = ALL.iter().zip(0_u16..).filter(|(dialect, _)| announces(dialect));
    places.map(|(_, place)| place).collect()
});

/// Of `places`, the dialects for which a line is evidence.
pub(crate) fn evident(line: &[u8], places: Places) -> Places {
    let is_evidence =
        |place: &u16| ALL.get(usize::from(*place)).is_some_and(|dialect| (dialect.evidence)(line));
    places.iter().filter(is_evidence).collect()
}

/// The dialects of which a hint stands in a text.
pub(crate) fn hinted(text: &[u8]) -> Places {
    let Some(hints) = HINTS.as_ref() else { return Places::ALL };
    let found = hints.automaton.find_overlapping_iter(text);
    found.fold(Places::NONE, |places, hint| {
        places | hints.places.get(hint.pattern().as_usize()).copied().unwrap_or(Places::NONE)
    })
}

/// The hints of all dialects, looked for in one pass.
struct Hints {
    automaton: aho_corasick::AhoCorasick,
    /// The dialects of each hint.
    places: Vec<Places>,
}

static HINTS: LazyLock<Option<Hints>> = LazyLock::new(|| {
    let all = || ALL.iter().zip(0_u16..);
    let hints = || all().flat_map(|(dialect, place)| dialect.hints.iter().map(move |h| (h, place)));
    let automaton = aho_corasick::AhoCorasick::new(hints().map(|(hint, _)| hint)).ok()?;
    Some(Hints { automaton, places: hints().map(|(_, place)| Places::of(place)).collect() })
});

/// The dialect of this name, in any case.
pub fn find(name: &str) -> Option<&'static Dialect> {
    ALL.iter().copied().find(|dialect| dialect.name.eq_ignore_ascii_case(name))
}

/// The dialect of lines that carry no mark and among which no tool left a remark.
pub(crate) static RAW: &Dialect = &raw_unmarked::DIALECT;

/// The dialect that this program writes connections of a packet capture in.
pub(crate) static CAPTURE: &Dialect = &capture::DIALECT;

/// The place in [`ALL`] of the dialect whose marks are learnt from the record.
pub(crate) fn learnt() -> Option<u16> {
    place(&any_marks::DIALECT)
}

/// The place of a dialect in [`ALL`].
pub(crate) fn place(dialect: &Dialect) -> Option<u16> {
    let place = ALL.iter().position(|other| other.name == dialect.name)?;
    u16::try_from(place).ok()
}

mod aiosmtpd;
pub(crate) mod any_marks;
mod apple_mail;
mod blat;
mod bounce;
mod capture;
mod chasquid;
mod check_smtp;
mod checktls;
mod chunk;
mod cisco_esa_debug;
mod cisco_esa_log;
mod claws_sylpheed;
mod client_error;
mod codeigniter;
mod courier_dsn;
mod courier_log;
mod curl_trace;
mod curl_verbose;
mod dma_bounce;
mod dma_log;
mod dsn_diagnostic;
mod email_oauth2_proxy;
mod escape;
mod esp_mail_client;
mod evolution_camel;
mod exchange55_ims;
mod exchange_hello;
mod exchange_ndr;
mod exchange_protocol;
mod exchange_row;
mod exim_bh;
mod exim_bounce;
mod exim_debug;
mod exim_mainlog;
mod exim_test_client;
mod failure;
mod fakesmtp;
mod firstclass_is;
mod flow;
mod gmail_bounce;
mod gnutls_cli;
mod go_mail;
mod haraka;
mod hmailserver;
mod hydra;
mod icewarp;
mod iis_smtp;
mod indy_log;
mod interscan_dsn;
mod javamail;
mod k9_mail;
mod label_lines;
mod lead_in;
mod lettre;
mod libesmtp;
mod libetpan;
mod mailenable;
mod mailhog;
mod mailkit;
mod mailx;
mod mdaemon;
mod medusa;
mod msmtp;
mod msmtp_log;
mod mutt_debug;
mod mxtoolbox;
mod net_smtp_debug;
mod netcat;
mod ngrep;
mod nodemailer;
mod nodemailer_events;
mod octets;
mod opensmtpd;
mod opensmtpd_log;
mod openssl;
mod outlook_opmlog;
mod peer;
mod perl_net_cmd;
mod phpmailer;
mod phpmailer_legacy;
mod postal;
mod postfix_bounce;
mod postfix_log;
mod postfix_notice;
mod postfix_smtp_source;
mod postfix_verbose;
mod posttls_finger;
mod program_text;
mod prompt;
mod prose;
mod python_smtplib;
mod qmail_bounce;
mod qmail_log;
mod qpsmtpd;
mod raw_unmarked;
mod reads;
mod recordio;
mod reply_rows;
mod rfc_cs;
mod row;
mod ruby_net_smtp;
mod sendemail_pl;
mod sendmail_dsn;
mod sendmail_log;
mod sendmail_verbose;
mod sendmail_x;
#[cfg(test)]
mod shown;
mod sign;
mod smartermail;
mod smtp_cli;
mod smtptool_gui;
mod socat_v;
#[cfg(test)]
mod spoken;
mod ssmtp;
mod stalwart;
mod strace;
mod swaks;
mod swiftmailer;
mod symfony_mailer;
mod tcllib_smtp;
mod tcpdump_a;
mod tcpflow;
mod telnet_unix;
mod telnet_windows;
#[cfg(test)]
mod tests;
mod thunderbird_cpp;
mod thunderbird_js;
mod time;
mod tshark_details;
mod tshark_summary;
mod wireshark_follow;
mod xeams;

/// Every dialect, the specific ones before the general ones.
pub static ALL: &[&Dialect] = &[
    &capture::DIALECT,
    &wireshark_follow::DIALECT,
    &tcpdump_a::DIALECT,
    &socat_v::DIALECT,
    &ngrep::DIALECT,
    &tcpflow::DIALECT,
    &tshark_summary::DIALECT,
    &tshark_details::DIALECT,
    &medusa::DIALECT,
    &hydra::DIALECT,
    &strace::DIALECT,
    &exchange_protocol::DIALECT,
    &phpmailer::HTML,
    &phpmailer::ECHO,
    &phpmailer::ERROR_LOG,
    &swaks::DIALECT,
    &python_smtplib::DIALECT,
    &postfix_verbose::DIALECT,
    &hmailserver::DIALECT,
    &haraka::DIALECT,
    &mdaemon::DIALECT,
    &icewarp::DIALECT,
    &smartermail::DIALECT,
    &iis_smtp::DIALECT,
    &mailenable::DIALECT,
    &postfix_notice::DIALECT,
    &opensmtpd::CLIENT,
    &opensmtpd::TRACE,
    &opensmtpd_log::DIALECT,
    &chasquid::DIALECT,
    &aiosmtpd::DIALECT,
    &email_oauth2_proxy::DIALECT,
    &mailhog::DIALECT,
    &postal::DIALECT,
    &stalwart::DIALECT,
    &fakesmtp::DIALECT,
    &esp_mail_client::DIALECT,
    &cisco_esa_debug::DIALECT,
    &cisco_esa_log::DIALECT,
    &exchange55_ims::DIALECT,
    &firstclass_is::DIALECT,
    &qpsmtpd::DIALECT,
    &recordio::DIALECT,
    &xeams::DIALECT,
    &exim_debug::CLIENT,
    &exim_debug::SERVER,
    &sendmail_x::DIALECT,
    &mailx::S_NAIL,
    &mailx::HEIRLOOM,
    &sendmail_dsn::DIALECT,
    &courier_dsn::DIALECT,
    &courier_log::DIALECT,
    &interscan_dsn::DIALECT,
    &sendmail_verbose::DIALECT,
    &exim_bh::DIALECT,
    &exim_test_client::DIALECT,
    &nodemailer::SERVER,
    &nodemailer::CLIENT,
    &nodemailer_events::DIALECT,
    &javamail::DIALECT,
    &phpmailer_legacy::DIALECT,
    &lettre::DIALECT,
    &mailkit::DIALECT,
    &perl_net_cmd::DIALECT,
    &go_mail::DIALECT,
    &sendemail_pl::DIALECT,
    &blat::DIALECT,
    &indy_log::DIALECT,
    &codeigniter::DIALECT,
    &ruby_net_smtp::DIALECT,
    &ssmtp::DIALECT,
    &curl_trace::DIALECT,
    &curl_verbose::DIALECT,
    &swiftmailer::DIALECT,
    &net_smtp_debug::DIALECT,
    &tcllib_smtp::DIALECT,
    &msmtp::DIALECT,
    &smtp_cli::DIALECT,
    &symfony_mailer::DIALECT,
    &posttls_finger::DIALECT,
    &postfix_smtp_source::DIALECT,
    &gnutls_cli::DIALECT,
    &mxtoolbox::DIALECT,
    &checktls::DIALECT,
    &check_smtp::DIALECT,
    &libetpan::DIALECT,
    &mutt_debug::DIALECT,
    &claws_sylpheed::DIALECT,
    &evolution_camel::DIALECT,
    &k9_mail::DIALECT,
    &thunderbird_js::DIALECT,
    &thunderbird_cpp::DIALECT,
    &apple_mail::DIALECT,
    &outlook_opmlog::DIALECT,
    &claws_sylpheed::FETCHMAIL,
    &smtptool_gui::DIALECT,
    &libesmtp::DIALECT,
    &telnet_unix::DIALECT,
    &telnet_windows::DIALECT,
    &openssl::DIALECT,
    &netcat::DIALECT,
    &postfix_log::DIALECT,
    &msmtp_log::DIALECT,
    &exim_mainlog::DIALECT,
    &sendmail_log::DIALECT,
    &postfix_bounce::DIALECT,
    &exim_bounce::DIALECT,
    &qmail_bounce::DIALECT,
    &qmail_log::DIALECT,
    &gmail_bounce::DIALECT,
    &exchange_ndr::DIALECT,
    &dma_bounce::DIALECT,
    &dma_log::DIALECT,
    &dsn_diagnostic::DIALECT,
    &client_error::DIALECT,
    &prose::DIALECT,
    &lead_in::DIALECT,
    &label_lines::DIALECT,
    &rfc_cs::DIALECT,
    &rfc_cs::RFC821,
    &any_marks::DIALECT,
    &raw_unmarked::DIALECT,
];
