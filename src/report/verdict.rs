//! The verdict: what became of the mail, in one sentence for a person.

use std::fmt::Write;

use crate::{
    protocol::verbs::VerbId,
    rules::{Finding, quoted},
    session::{End, Exchange, Kind, Outcome, Reply, Session, Transaction},
    transcript::{ClosedBy, ConnectFailure, Fact},
};

/// The sentence.
pub(super) fn verdict(session: &Session<'_>, findings: &[Finding]) -> String {
    match session.outcome {
        Outcome::Queued => queued(session),
        Outcome::Rejected => refused(session, findings, "Refused"),
        Outcome::Deferred => refused(session, findings, "Deferred"),
        Outcome::Dropped => dropped(session),
        Outcome::ConnectFailed => connect_failed(session),
        Outcome::Incomplete => incomplete(session),
        Outcome::NoMail => no_mail(session),
    }
}

fn text(octets: &[u8]) -> String {
    String::from_utf8_lossy(octets.trim_ascii()).into_owned()
}

fn sender(transaction: &Transaction<'_>) -> String {
    match transaction.sender {
        None => "a sender that the record does not show".to_owned(),
        Some(b"") => "the null sender <>".to_owned(),
        Some(sender) => text(sender),
    }
}

/// `a`, `a and b`, `a, b and 3 others`
fn list(items: &[String]) -> String {
    match items {
        [] => String::new(),
        [one] => one.clone(),
        [one, other] => format!("{one} and {other}"),
        [one, other, third] => format!("{one}, {other} and {third}"),
        [one, other, rest @ ..] => format!("{one}, {other} and {} others", rest.len()),
    }
}

fn queued(session: &Session<'_>) -> String {
    let queued: Vec<&Transaction<'_>> =
        session.transactions.iter().filter(|transaction| transaction.queued()).collect();
    let Some(first) = queued.first() else { return String::new() };
    let recipients: Vec<String> =
        first.accepted().map(|recipient| text(recipient.address)).collect();
    let refused = first.recipients.iter().filter(|recipient| !recipient.accepted()).count();
    let name =
        super::session::queue_id(session, first).map_or_else(String::new, |id| format!(" as {id}"));
    let mut sentence = if recipients.is_empty() {
        format!("Queued{name}: the server took a message")
    } else {
        format!(
            "Queued{name}: the server took mail from {} for {}",
            sender(first),
            list(&recipients)
        )
    };
    if refused > 0 {
        let _ = write!(sentence, ", and refused {refused} other recipient{}", plural(refused));
    }
    if queued.len() > 1 {
        let more = queued.len() - 1;
        let _ = write!(sentence, ", and {more} more message{} in the same session", plural(more));
    }
    sentence + "."
}

const fn plural(count: usize) -> &'static str {
    if count == 1 { "" } else { "s" }
}

/// At which stage an exchange stands, as mail people call it.
fn stage(exchange: &Exchange<'_>) -> String {
    match exchange.kind {
        Kind::Greeting => "the greeting".to_owned(),
        Kind::Auth => "AUTH".to_owned(),
        Kind::Message => "the end of the message".to_owned(),
        Kind::Unsolicited => "a moment when nothing was asked".to_owned(),
        Kind::Command => match (exchange.verb, &exchange.command) {
            (Some(verb), _) => verb.name.to_owned(),
            (None, Some(said)) => quoted(said.parsed.verb),
            (None, None) => "a command".to_owned(),
        },
    }
}

/// `550 5.7.1`
fn code(session: &Session<'_>, reply: &Reply<'_>) -> String {
    match super::session::enhanced(session, reply) {
        Some(enhanced) if reply.code == 0 => enhanced,
        Some(enhanced) => format!("{} {enhanced}", reply.code),
        None => reply.code.to_string(),
    }
}

fn refused(session: &Session<'_>, findings: &[Finding], what: &str) -> String {
    let decided = crate::session::deciding_refusal(&session.exchanges, &session.transactions);
    let Some(exchange) = decided.and_then(|place| session.exchanges.get(place)) else {
        return format!("{what}.");
    };
    let Some(reply) = &exchange.reply else { return format!("{what}.") };
    let line = session.turn(reply.turns.start).map_or(0, |turn| turn.place.line);
    // The delivery or relay finding on this reply knows the cause best.
    let cause = findings.iter().find(|finding| {
        use crate::rules::Family;
        matches!(finding.rule.family, Family::Delivery | Family::Relay)
            && finding.spot.line <= line
            && line <= finding.spot.last_line.max(finding.spot.line)
    });
    let said = if let Some(finding) = cause {
        lowered(&finding.message)
    } else {
        let lines: Vec<&[u8]> =
            super::session::texts(session, reply).map(|(_, text)| text).collect();
        if lines.concat().is_empty() {
            "without a word of explanation".to_owned()
        } else {
            format!("the server said {}", quoted(&lines.join(&b' ')))
        }
    };
    let said = said.trim_end_matches('.');
    format!("{what} at {}: {}, {said}.", stage(exchange), code(session, reply))
}

fn lowered(sentence: &str) -> String {
    let mut letters = sentence.chars();
    match (letters.next(), sentence.chars().nth(1)) {
        // A word in capitals, such as an acronym, stays as it is.
        (Some(first), Some(second)) if first.is_uppercase() && second.is_lowercase() => {
            first.to_lowercase().chain(letters).collect()
        }
        _ => sentence.to_owned(),
    }
}

fn dropped(session: &Session<'_>) -> String {
    let outstanding = session.exchanges.iter().find(|exchange| {
        exchange.reply.is_none() && exchange.command.is_some() && !exchange.is(VerbId::Quit)
    });
    let who = match session.end {
        End::Closed(ClosedBy::Server) => "the server closed the connection",
        End::Closed(ClosedBy::Client) => "the client closed the connection",
        _ => "the connection was lost",
    };
    match outstanding {
        Some(exchange) if exchange.kind == Kind::Message => {
            format!(
                "Dropped: {who} before the message was answered; it may or may not have been taken."
            )
        }
        Some(exchange) => format!("Dropped: {who} before {} was answered.", stage(exchange)),
        None if session.exchanges.is_empty() => format!("Dropped: {who} before any greeting came."),
        None => format!("Dropped: {who} in the middle of the dialogue."),
    }
}

fn connect_failed(session: &Session<'_>) -> String {
    let why = match session.end {
        End::ConnectFailed(ConnectFailure::Refused) => {
            "was refused: nothing listens there, or a firewall forbids it"
        }
        End::ConnectFailed(ConnectFailure::TimedOut) => "got no answer",
        End::ConnectFailed(ConnectFailure::NotFound) => {
            "was not even tried: the name did not resolve"
        }
        _ => "did not come about",
    };
    let host = session.transcript.facts().find_map(|fact| match fact {
        Fact::Dialled { host, port } => Some((text(host), *port)),
        Fact::ServerAddress { address, port } => Some((text(address), *port)),
        _ => None,
    });
    let to = match host {
        Some((host, Some(port))) => format!(" to {host}, port {port},"),
        Some((host, None)) => format!(" to {host}"),
        None => String::new(),
    };
    format!("No connection: the attempt{to} {why}.")
}

fn incomplete(session: &Session<'_>) -> String {
    match session.exchanges.iter().rev().find(|exchange| exchange.kind != Kind::Unsolicited) {
        None => "Incomplete: the record stops before the server said anything.".to_owned(),
        Some(exchange) if exchange.kind == Kind::Message => {
            "Incomplete: the record stops before the reply to the message.".to_owned()
        }
        Some(exchange) if exchange.reply.is_none() => {
            format!("Incomplete: the record stops before the reply to {}.", stage(exchange))
        }
        Some(exchange) => {
            format!(
                "Incomplete: the record stops after {}, in the middle of a transaction.",
                stage(exchange)
            )
        }
    }
}

fn no_mail(session: &Session<'_>) -> String {
    let verbs: Vec<String> = {
        let mut seen = Vec::new();
        for exchange in &session.exchanges {
            if let Some(verb) = exchange.verb
                && !seen.iter().any(|name| name == verb.name)
            {
                seen.push(verb.name.to_owned());
            }
        }
        seen
    };
    if verbs.is_empty() {
        return "No mail was attempted: the session holds no command.".to_owned();
    }
    let shown = match verbs.as_slice() {
        [rest @ .., last] if !rest.is_empty() => format!("{} and {last}", rest.join(", ")),
        _ => list(&verbs),
    };
    format!("No mail was attempted: the session holds {shown} only.")
}
