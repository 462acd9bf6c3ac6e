//! Which commands came out of order, and why: what the rules of this family share.

use crate::{
    protocol::{
        Clause,
        order::{self, Force, Permission, State},
        verbs::VerbId,
    },
    rules::Case,
    session::{Exchange, Kind},
    transcript::Method,
};

/// Why a command was out of order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Cause {
    /// No HELO or EHLO was accepted.
    HelloMissing,
    /// None was accepted since STARTTLS.
    HelloMissingAfterTls,
    /// A transaction is open.
    MailNested,
    /// No MAIL was accepted.
    MailMissing,
    /// No RCPT was accepted.
    RecipientMissing,
    /// QUIT was sent, or 221 answered.
    AfterQuit,
    /// The greeting refused the session, or 421 was answered.
    AfterRefusal,
    /// AUTH inside a transaction.
    AuthInTransaction,
    /// AUTH after AUTH.
    AuthRepeated,
    /// STARTTLS inside TLS.
    StarttlsRepeated,
    /// STARTTLS inside a transaction.
    StarttlsInTransaction,
    /// DATA where BDAT has to be, or was.
    DataBdatMixed,
    /// BDAT after BDAT LAST.
    BdatAfterLast,
    /// A chunk failed and only RSET helps, or another order of an extension.
    Other,
}

/// A command that came out of order.
#[derive(Debug, Clone, Copy)]
pub(super) struct Breach<'c, 't> {
    /// The command and its reply.
    pub(super) exchange: &'c Exchange<'t>,
    /// Its place in the session's exchanges.
    pub(super) place: usize,
    /// Why it was out of order.
    pub(super) cause: Cause,
    /// Whether a server must refuse it; `None` where the command's own RFC forbids it without a code.
    pub(super) force: Option<Force>,
    /// Who says so.
    pub(super) clause: Clause,
    /// The codes that should refuse it.
    pub(super) expected: &'static [u16],
}

impl Breach<'_, '_> {
    /// The server took the command nevertheless.
    pub(super) fn was_accepted(&self) -> bool {
        self.exchange.accepted() || self.exchange.code() / 100 == 3
    }
}

/// The commands that came out of order, as far as the record shows what was before them.
pub(super) fn breaches<'c, 't>(
    case: &Case<'c, 't>,
) -> impl Iterator<Item = Breach<'c, 't>> + use<'c, 't> {
    let case = *case;
    // Asked by each rule of the family, and nearly always there is none.
    let sure = case.is_sure() && case.any_breach();
    case.exchanges()
        .filter(move |(_, exchange)| sure && exchange.kind == Kind::Command && !exchange.inferred)
        .filter_map(move |(place, exchange)| breach(&case, place, exchange))
}

/// Whether any command came out of order; asked once for each session.
pub(in crate::rules) fn any(case: &Case<'_, '_>) -> bool {
    case.exchanges().any(|(_, exchange)| {
        let standing = exchange.standing;
        exchange.kind == Kind::Command
            && exchange.id().is_some_and(|verb| {
                !matches!(
                    order::permitted(standing.state, standing.flags, verb, case.judging.edition),
                    Permission::Permitted | Permission::NotACommand
                )
            })
    })
}

fn breach<'c, 't>(
    case: &Case<'c, 't>,
    place: usize,
    exchange: &'c Exchange<'t>,
) -> Option<Breach<'c, 't>> {
    let standing = exchange.standing;
    let verb = exchange.id().filter(|id| *id != VerbId::Other)?;
    let (force, clause, expected) =
        match order::permitted(standing.state, standing.flags, verb, case.judging.edition) {
            Permission::Permitted | Permission::NotACommand => return None,
            Permission::OutOfOrder { expected, force, clause } => (Some(force), clause, expected),
            Permission::Illegal { clause } => (None, clause, &[][..]),
        };
    let cause = cause(case, place, exchange, verb);
    let breach = Breach { exchange, place, cause, force, clause, expected };
    (is_shown(&breach) && !is_blameless(case, &breach) && !is_doubtful(case, &breach))
        .then_some(breach)
}

fn cause(case: &Case<'_, '_>, place: usize, exchange: &Exchange<'_>, verb: VerbId) -> Cause {
    let standing = exchange.standing;
    let data = matches!(verb, VerbId::Data | VerbId::Bdat | VerbId::Burl);
    match standing.state {
        State::Refused => Cause::AfterRefusal,
        State::Closing => {
            if standing.dismissed {
                Cause::AfterRefusal
            } else {
                Cause::AfterQuit
            }
        }
        _ if verb.starts_tls() && standing.flags.in_transaction => Cause::StarttlsInTransaction,
        _ if verb.starts_tls() => Cause::StarttlsRepeated,
        _ if verb.is_auth() && standing.flags.in_transaction => Cause::AuthInTransaction,
        State::Greeted => {
            let began_tls =
                standing.hello_due
                    && case.session.exchanges.iter().take(place).any(|before| {
                        before.id().is_some_and(VerbId::starts_tls) && before.accepted()
                    });
            if began_tls { Cause::HelloMissingAfterTls } else { Cause::HelloMissing }
        }
        State::Ready if verb.is_auth() => Cause::AuthRepeated,
        State::Ready if verb == VerbId::Rcpt => Cause::MailMissing,
        State::Ready if verb == VerbId::Bdat && standing.bdat_ended => Cause::BdatAfterLast,
        State::Ready | State::Mail if data => Cause::RecipientMissing,
        State::Rcpt | State::Bdat | State::BdatFailed if verb == VerbId::Data => {
            Cause::DataBdatMixed
        }
        State::BdatFailed if verb == VerbId::Bdat && standing.bdat_ended => Cause::BdatAfterLast,
        State::Mail | State::Rcpt | State::Bdat if verb.opens_transaction() => Cause::MailNested,
        _ => Cause::Other,
    }
}

/// How servers say what was missing before a command, in lower case.
const SAYINGS: &[(Cause, &str)] = &[
    (Cause::HelloMissing, "helo first"),
    (Cause::HelloMissing, "ehlo first"),
    (Cause::HelloMissing, "send helo"),
    (Cause::HelloMissing, "polite people say"),
    (Cause::MailMissing, "need mail"),
    (Cause::MailMissing, "sender not yet given"),
    (Cause::MailMissing, "mail first"),
    (Cause::RecipientMissing, "need rcpt"),
    (Cause::RecipientMissing, "valid rcpt command must precede"),
    (Cause::RecipientMissing, "rcpt first"),
];

/// The commands that the server refused for their order, in its own words, where the record does not show
/// what was before them.
pub(super) fn told<'c, 't>(
    case: &Case<'c, 't>,
    cause: Cause,
) -> impl Iterator<Item = &'c Exchange<'t>> + use<'c, 't> {
    let case = *case;
    let exchanges = case.session.exchanges.iter();
    let unseen = exchanges.filter(move |exchange| {
        let standing = exchange.standing;
        exchange.kind == Kind::Command
            && exchange.code() == 503
            && standing.refused_recipients == 0
            && (standing.hello_unseen || standing.transaction_unseen)
            && case.is_sure()
    });
    unseen.filter(move |exchange| {
        let fits = match exchange.id() {
            Some(VerbId::Rcpt) => cause != Cause::RecipientMissing,
            Some(VerbId::Data | VerbId::Bdat) => true,
            Some(id) => id.opens_transaction() && cause == Cause::HelloMissing,
            None => false,
        };
        let Some(reply) = exchange.reply.as_ref().filter(|_| fits) else { return false };
        let text = reply.text.to_ascii_lowercase();
        SAYINGS.iter().any(|(says, words)| {
            *says == cause && memchr::memmem::find(&text, words.as_bytes()).is_some()
        })
    })
}

/// Whether the record shows what it takes: a record with holes accuses nobody.
const fn is_shown(breach: &Breach<'_, '_>) -> bool {
    let standing = breach.exchange.standing;
    match breach.cause {
        Cause::HelloMissing | Cause::HelloMissingAfterTls => !standing.hello_unseen,
        Cause::MailNested
        | Cause::MailMissing
        | Cause::RecipientMissing
        | Cause::AuthInTransaction
        | Cause::StarttlsInTransaction
        | Cause::DataBdatMixed
        | Cause::BdatAfterLast
        | Cause::Other => !standing.transaction_unseen,
        Cause::AuthRepeated | Cause::StarttlsRepeated | Cause::AfterQuit | Cause::AfterRefusal => {
            true
        }
    }
}

/// Whether the command went out before the client could know of the refusal that it follows
/// (RFC 2920 §3.1: the server refuses the rest of the group, and nobody is to blame).
fn is_blameless(case: &Case<'_, '_>, breach: &Breach<'_, '_>) -> bool {
    let waits_for_nothing = matches!(
        breach.cause,
        Cause::MailNested
            | Cause::AfterQuit
            | Cause::AuthRepeated
            | Cause::StarttlsInTransaction
            | Cause::AuthInTransaction
    );
    if waits_for_nothing || !breach.exchange.pipelined {
        return false;
    }
    for place in (0..breach.place).rev() {
        let Some(before) = case.session.exchanges.get(place) else { return false };
        if before.refused() {
            return true;
        }
        if !before.pipelined {
            return false;
        }
    }
    false
}

/// Whether the server answers as if all were in order, in a record that may have left out lines.
fn is_doubtful(case: &Case<'_, '_>, breach: &Breach<'_, '_>) -> bool {
    let leans_on_order = matches!(breach.cause, Cause::MailMissing | Cause::RecipientMissing);
    let knows_mailbox = matches!(breach.exchange.code(), 250..=252 | 450..=452 | 550..=553);
    leans_on_order && knows_mailbox && case.session.transcript.method != Method::Marked
}
