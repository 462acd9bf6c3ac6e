//! What the rules of this family share: the replies, what each answers, and what a reader may not judge.

use std::sync::LazyLock;

use crate::{
    grammar::{Argument, Phrases},
    protocol::{
        Edition,
        limits::{self, Object},
        order::{self, Permission},
        replies::{self, Document, Phase},
        verbs::{self, VerbId},
    },
    rules::{Case, quoted},
    session::{Exchange, Kind, Reply},
};

/// Every reply with its exchange, where it is clear who said what.
pub(super) fn replies<'c, 't>(
    case: &Case<'c, 't>,
) -> impl Iterator<Item = (&'c Exchange<'t>, &'c Reply<'t>)> + use<'c, 't> {
    let exchanges = if case.is_sure() { case.session.exchanges.as_slice() } else { &[] };
    exchanges.iter().filter_map(|exchange| exchange.reply.as_ref().map(|reply| (exchange, reply)))
}

/// What a reply answers, as the tables of reply codes have it.
pub(super) fn asked(exchange: &Exchange<'_>) -> (VerbId, Phase) {
    match exchange.kind {
        Kind::Greeting => (VerbId::Connect, Phase::Command),
        Kind::Message => (VerbId::Data, Phase::Data),
        Kind::Auth => (VerbId::Auth, Phase::Exchange),
        Kind::Unsolicited => (VerbId::Other, Phase::Command),
        Kind::Command => {
            let last = exchange.command.as_ref().is_some_and(
                |said| matches!(&said.parsed.detail, Argument::Bdat(bdat) if bdat.last.is_some()),
            );
            let phase = if last { Phase::Data } else { Phase::Command };
            (exchange.id().unwrap_or(VerbId::Other), phase)
        }
    }
}

/// What a reply answers, for a message.
pub(super) fn name(exchange: &Exchange<'_>) -> String {
    match exchange.kind {
        Kind::Greeting => "a connection".to_owned(),
        Kind::Message => "the message".to_owned(),
        Kind::Auth => "a line of the AUTH dialogue".to_owned(),
        Kind::Unsolicited => "nothing".to_owned(),
        Kind::Command => exchange
            .verb
            .map_or_else(|| "the command".to_owned(), |verb| quoted(verb.name.as_bytes())),
    }
}

/// The codes that an edition, or else an extension, lists for a command.
pub(super) fn listed(verb: VerbId, phase: Phase, edition: Edition) -> String {
    let rows = || replies::rows(verb).iter().filter(|row| row.phase == phase);
    let own = rows().find(|row| row.by == Document::Edition(edition));
    let row = own.or_else(|| rows().find(|row| row.by.stands_beside(edition)));
    row.map_or_else(
        || "no codes for it".to_owned(),
        |row| {
            let codes: Vec<String> = row.codes.iter().map(ToString::to_string).collect();
            format!("{} ({})", codes.join(", "), row.clause)
        },
    )
}

/// Whether the argument of a command is not what its verb takes.
pub(super) fn is_misspelt(exchange: &Exchange<'_>) -> bool {
    let Some(said) = &exchange.command else { return false };
    let Some(verb) = exchange.verb else { return false };
    match (&said.parsed.detail, verb.argument) {
        (Argument::None, verbs::Argument::Required) => true,
        (Argument::None, _) => false,
        (_, verbs::Argument::None) => true,
        (Argument::Path(argument), _) => {
            argument.colon.is_none() || !argument.path.is_bracketed() || !argument.junk.is_empty()
        }
        _ => said.parsed.separator.is_empty(),
    }
}

/// Whether a command came out of order, as far as the record shows it.
pub(super) fn is_out_of_order(case: &Case<'_, '_>, exchange: &Exchange<'_>) -> bool {
    let standing = exchange.standing;
    let seen = !standing.hello_unseen && !standing.transaction_unseen;
    let expects_503 = |id| {
        matches!(
            order::permitted(standing.state, standing.flags, id, case.judging.edition),
            Permission::OutOfOrder { expected: [503, ..], .. }
        )
    };
    seen && exchange.id().is_some_and(expects_503)
}

/// Whether a command line is over its limit.
pub(super) fn is_long(exchange: &Exchange<'_>) -> bool {
    let limit = limits::of(Object::CommandLine).limit(Edition::Rfc5321).unwrap_or(u32::MAX);
    let said = exchange.command.as_ref();
    said.is_some_and(|said| said.parsed.line.len() + 2 > limit as usize)
}

/// Whether a command line is of printable ASCII: what telnet sends unseen makes any verb unknown.
pub(super) fn is_plain(exchange: &Exchange<'_>) -> bool {
    let said = exchange.command.as_ref();
    said.is_some_and(|said| {
        said.parsed.line.iter().all(|octet| matches!(octet, b'\t' | b' '..=b'~'))
    })
}

/// Whether somebody put something else in the place of a part of the text.
pub(super) fn is_redacted(text: &[u8]) -> bool {
    static MARKS: LazyLock<Phrases> = LazyLock::new(|| {
        Phrases::new(&["*", "xxx", "redacted", "removed", "hidden", "...@", "<ip", "<host", "[ip"])
    });
    MARKS.any(text)
}

/// Whether RFC 2034 §4 wants an enhanced status code in this reply: not in the greeting, nor in answers to
/// HELO and EHLO. What STARTTLS and AUTH are answered, the examples of their RFCs show both ways.
pub(super) fn wants_enhanced(exchange: &Exchange<'_>, reply: &Reply<'_>) -> bool {
    let id = exchange.id();
    let exempt = id.is_some_and(|id| id.is_hello() || id.starts_tls() || id.is_auth());
    let asks = matches!(exchange.kind, Kind::Command | Kind::Message);
    asks && !exempt && !exchange.inferred && reply.class() != 3 && reply.code != 421
}
