//! What the rules of this family share: where the connection failed or ended, and what was outstanding then.

use crate::{
    grammar::{Foreign, foreign},
    protocol::verbs::VerbId,
    rules::{
        Case, Party, Spot,
        findings::{spot_of_turn, spot_of_turns},
        quoted,
    },
    session::{End, Exchange, Kind},
    transcript::{Fact, Method},
};

/// What was outstanding when the record ends.
pub(super) enum Open<'c, 't> {
    /// The greeting.
    Greeting,
    /// The reply to this exchange.
    Exchange(&'c Exchange<'t>),
    /// The message, after 354.
    Message,
    /// The client's next line, after 334.
    Dialogue,
    /// The rest of a reply.
    Reply,
}

/// What was outstanding at the end of the record; QUIT is not.
pub(super) fn outstanding<'c, 't>(case: &Case<'c, 't>) -> Option<Open<'c, 't>> {
    let exchanges = &case.session.exchanges;
    // Where the connection was lost before, QUIT is what its client did not know that by.
    let lost = matches!(case.session.end, End::Closed(_));
    let vain = |exchange: &Exchange<'_>| exchange.is(VerbId::Quit) && exchange.reply.is_none();
    if lost && exchanges.last().is_some_and(vain) {
        let waits = |exchange: &&Exchange<'_>| {
            exchange.reply.is_none() && exchange.command.is_some() && !vain(exchange)
        };
        let first = exchanges.iter().find(waits);
        return first.map_or_else(
            || exchanges.iter().all(vain).then_some(Open::Greeting),
            |exchange| Some(Open::Exchange(exchange)),
        );
    }
    let last = exchanges.iter().rev().find(|exchange| exchange.kind != Kind::Unsolicited);
    let Some(last) = last else {
        let opened = |fact: &Fact| matches!(fact, Fact::Opening | Fact::Opened);
        let said = exchanges.is_empty() && case.session.transcript.facts().any(opened);
        return said.then_some(Open::Greeting);
    };
    // Everything is over with QUIT, whether or not it was answered.
    if exchanges.iter().any(|exchange| exchange.is(VerbId::Quit)) || last.inferred {
        return None;
    }
    let replied = exchanges.iter().any(|exchange| exchange.reply.is_some());
    match &last.reply {
        None if replied => Some(Open::Exchange(last)),
        Some(reply) if reply.unterminated => Some(Open::Reply),
        Some(reply) if reply.code == 354 => Some(Open::Message),
        Some(reply) if reply.code == 334 => Some(Open::Dialogue),
        _ => None,
    }
}

/// What was asked, for a message.
pub(super) fn name(exchange: &Exchange<'_>) -> String {
    match (exchange.kind, exchange.verb, &exchange.command) {
        (Kind::Message, ..) => "the message".to_owned(),
        (Kind::Auth, ..) => "a line of the AUTH dialogue".to_owned(),
        (_, Some(verb), _) => quoted(verb.name.as_bytes()),
        (_, None, Some(said)) => quoted(said.parsed.verb),
        (_, None, None) => "a command".to_owned(),
    }
}

/// Where the turn with this index stands.
pub(super) fn spot_at(case: &Case<'_, '_>, turn: usize) -> Spot {
    case.session.turn(turn).map_or_else(|| end(case), spot_of_turn)
}

/// Where the record says that no connection came about.
pub(super) fn failed_at(case: &Case<'_, '_>) -> Spot {
    told_at(case, |fact| matches!(fact, Fact::ConnectFailed(_)))
}

/// Where the record says that the connection ended.
pub(super) fn closed_at(case: &Case<'_, '_>) -> Spot {
    told_at(case, |fact| matches!(fact, Fact::Closed(_) | Fact::TimedOut))
}

fn told_at(case: &Case<'_, '_>, wanted: fn(&Fact) -> bool) -> Spot {
    let told = case.session.transcript.facts.iter().rev().find(|(_, fact)| wanted(fact));
    told.map_or_else(|| end(case), |(at, _)| spot_at(case, *at))
}

fn end(case: &Case<'_, '_>) -> Spot {
    let turns = case.session.transcript.turns.len();
    spot_of_turns(case.session, turns.saturating_sub(1)..turns)
}

/// ` to HOST, port PORT`, as far as the record names them.
pub(super) fn dialled(case: &Case<'_, '_>) -> String {
    let host = case.session.transcript.facts().find_map(|fact| match fact {
        Fact::Dialled { host, port } => Some((host, *port)),
        Fact::ServerAddress { address, port } => Some((address, *port)),
        _ => None,
    });
    match host {
        Some((host, Some(port))) => format!(" to {}, port {port},", quoted(host)),
        Some((host, None)) => format!(" to {}", quoted(host)),
        None => String::new(),
    }
}

/// A person, where the record is a terminal's; else this party.
pub(super) fn who(case: &Case<'_, '_>, otherwise: Party) -> Party {
    if case.session.transcript.method == Method::Inferred { Party::Person } else { otherwise }
}

/// Whether a line is a reply with a code of SMTP, or begins with a verb that no other protocol has: nearly
/// all lines are told here.
pub(super) fn is_plainly_smtp(line: &[u8]) -> bool {
    match line {
        [b'2'..=b'5', b'0'..=b'5', b'0'..=b'9', b' ' | b'-', ..] => true,
        [a, b, c, d, rest @ ..] => {
            let verb = [a, b, c, d].map(u8::to_ascii_uppercase);
            matches!(&verb, b"EHLO" | b"HELO" | b"MAIL" | b"RCPT" | b"DATA" | b"RSET" | b"AUTH")
                && matches!(rest.first(), None | Some(b' '))
                || matches!(&verb, b"QUIT") && rest.is_empty()
                || matches!(&verb, b"STAR") && rest == b"TTLS"
        }
        _ => false,
    }
}

/// The protocol other than SMTP that a line belongs to, and its name.
pub(super) fn protocol(line: &[u8]) -> Option<(Foreign, &'static str)> {
    if is_plainly_smtp(line) {
        return None;
    }
    let line = line.trim_ascii();
    if line.starts_with(b"+OK ") || line.starts_with(b"-ERR ") || line == b"+OK" {
        return Some((Foreign::Pop3, "POP3"));
    }
    if line.starts_with(b"* OK ") || line.starts_with(b"* BYE ") {
        return Some((Foreign::Imap, "IMAP"));
    }
    // A handshake in a capture that prints dots for what is no letter: the cipher suites of every client.
    let has = |part: &[u8]| memchr::memmem::find(line, part).is_some();
    if memchr::memchr(b'+', line).is_some() && has(b".,.0.") && has(b".+./.") {
        return Some((Foreign::Tls, "TLS"));
    }
    let found = foreign::foreign(line)?;
    let name = match found {
        Foreign::Http => "HTTP",
        Foreign::Ftp => "FTP",
        Foreign::Pop3 => "POP3",
        Foreign::FtpOrPop3 => "FTP or POP3",
        Foreign::Nntp => "NNTP",
        Foreign::Imap => "IMAP",
        Foreign::Ssh => "SSH",
        Foreign::Tls => "TLS",
    };
    Some((found, name))
}
