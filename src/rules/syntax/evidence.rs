//! What the rules of this family share: the command lines, who wrote them, and what was changed by hand.

use std::{net::IpAddr, sync::LazyLock};

use crate::{
    grammar::{PathArgument, Phrases},
    rules::{Case, Party},
    session::{Exchange, Kind, Said},
    transcript::{Fact, Method},
};

/// The command lines that the record shows, where it is clear who said what.
pub(super) fn commands<'c, 't>(
    case: &Case<'c, 't>,
) -> impl Iterator<Item = (&'c Exchange<'t>, &'c Said<'t>)> + use<'c, 't> {
    let exchanges = if case.is_read() { case.session.exchanges.as_slice() } else { &[] };
    // Where replies are recorded, a line that has none may be no command at all.
    let silent = exchanges.iter().all(|exchange| exchange.reply.is_none());
    exchanges
        .iter()
        .filter(|exchange| exchange.kind == Kind::Command && !exchange.inferred)
        .filter(move |exchange| silent || exchange.reply.is_some())
        .filter_map(|exchange| {
            let said = exchange.command.as_ref().filter(|said| !said.turns.is_empty())?;
            Some((exchange, said))
        })
}

/// Those among them that have a path: MAIL, RCPT and their like.
pub(super) fn paths<'c, 't>(
    case: &Case<'c, 't>,
) -> impl Iterator<Item = (&'c Exchange<'t>, &'c Said<'t>, &'c PathArgument<'t>)> + use<'c, 't> {
    commands(case).filter_map(|(exchange, said)| Some((exchange, said, said.parsed.path()?)))
}

/// Who wrote the commands: in a record without marks, a person at a terminal.
pub(super) fn who(case: &Case<'_, '_>) -> Party {
    if case.session.transcript.method == Method::Inferred { Party::Person } else { Party::Client }
}

/// Whether somebody put something else in the place of a name or address.
pub(super) fn is_redacted(text: &[u8]) -> bool {
    static MARKS: LazyLock<Phrases> = LazyLock::new(|| {
        Phrases::new(&[
            "xxx",
            "***",
            "...",
            "redacted",
            "removed",
            "hidden",
            "censored",
            "protected",
            "masked",
            "[email",
            "<email",
            "snip",
            "your",
            // What belongs there: `<recipient address>`, `<domain name>`.
            "mail address",
            "recipient address",
            "sender address",
            "domain name",
            "example-",
            "{",
            "$",
            "#",
            "…",
            // Brackets inside brackets are a placeholder: `<<address>>`, `<[user]>`.
            "<<",
            "<[",
            "@<",
        ])
    });
    MARKS.any(text)
}

/// Whether the server is on loopback; `None` where the record does not show its address.
pub(super) fn is_loopback(case: &Case<'_, '_>) -> Option<bool> {
    let mut found = None;
    for fact in case.session.transcript.facts() {
        let (Fact::ServerAddress { address: host, .. } | Fact::Dialled { host, .. }) = fact else {
            continue;
        };
        let text = std::str::from_utf8(host).unwrap_or_default().trim_matches(['[', ']']);
        let local = text.parse::<IpAddr>().map_or_else(
            |_| text.eq_ignore_ascii_case("localhost"),
            |address| address.is_loopback(),
        );
        if local {
            return Some(true);
        }
        found = Some(false);
    }
    found
}
