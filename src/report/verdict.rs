//! The verdict: what became of the mail, in one sentence for a person.

use std::{borrow::Cow, fmt::Write};

use crate::{
    protocol::verbs::VerbId,
    rules::{Family, Finding, Party, Spot, quoted},
    session::{End, Exchange, Kind, Outcome, Reply, Session, Transaction},
    transcript::{ClosedBy, ConnectFailure, Fact, Label, Place},
};

/// The sentence.
pub(super) fn verdict(session: &Session<'_>, findings: &[Finding]) -> String {
    let lost = matches!(session.outcome, Outcome::Dropped | Outcome::Incomplete | Outcome::NoMail);
    let foreign = |finding: &&Finding| {
        lost && matches!(finding.rule.name, "not-smtp" | "implicit-tls-expected")
    };
    if let Some(finding) = findings.iter().find(foreign) {
        return format!("No mail: {}.", finding.message.trim_end_matches('.'));
    }
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

fn text(octets: &[u8]) -> Cow<'_, str> {
    String::from_utf8_lossy(octets.trim_ascii())
}

fn sender<'t>(transaction: &Transaction<'t>) -> Cow<'t, str> {
    match transaction.sender {
        None => "a sender that the record does not show".into(),
        Some(b"") => "the null sender <>".into(),
        Some(sender) => text(sender),
    }
}

/// `a`, `a and b`, `a, b and 3 others`
fn list<'i>(items: &'i [Cow<'_, str>]) -> Cow<'i, str> {
    match items {
        [] => "".into(),
        [one] => Cow::Borrowed(one),
        [one, other] => format!("{one} and {other}").into(),
        [one, other, third] => format!("{one}, {other} and {third}").into(),
        [one, other, rest @ ..] => format!("{one}, {other} and {} others", rest.len()).into(),
    }
}

fn queued(session: &Session<'_>) -> String {
    let queued = || session.transactions.iter().filter(|transaction| transaction.queued());
    let Some(first) = queued().next() else { return String::new() };
    let recipients: Vec<Cow<'_, str>> =
        first.accepted().map(|recipient| text(recipient.address)).collect();
    // Put together piece by piece: in a log, this is what nearly every session ends with.
    let mut sentence = String::with_capacity(128);
    sentence.push_str("Queued");
    if let Some(name) = super::session::queue_id(session, first) {
        sentence.push_str(" as ");
        sentence.push_str(&name);
    }
    if recipients.is_empty() {
        sentence.push_str(": the server took a message");
    } else {
        sentence.push_str(": the server took mail from ");
        sentence.push_str(&sender(first));
        sentence.push_str(" for ");
        sentence.push_str(&list(&recipients));
    }
    sentence.push_str(&left_out(session, first));
    let more = queued().count().saturating_sub(1);
    if more > 0 {
        let _ = write!(sentence, "; {more} more message{} in the same session", plural(more));
    }
    sentence + "."
}

/// The recipients that were refused: one of them with its code, several by their number.
fn left_out(session: &Session<'_>, transaction: &Transaction<'_>) -> String {
    let mut refused = transaction.recipients.iter().filter(|recipient| !recipient.accepted());
    let Some(first) = refused.next() else { return String::new() };
    let more = refused.count();
    if more > 0 {
        return format!("; {} other recipients were refused", more + 1);
    }
    let reply = session.exchanges.get(first.exchange).and_then(|it| it.reply.as_ref());
    let address = match text(first.address) {
        address if address.is_empty() => "1 other recipient".into(),
        address => address,
    };
    match reply {
        Some(reply) if reply.is_refusal() => {
            format!("; {address} was refused ({})", code(session, reply))
        }
        _ => format!("; {address} was not accepted"),
    }
}

/// `mail from A for B`, as far as the record shows it; nothing where it shows neither.
fn mail(transaction: &Transaction<'_>) -> Option<String> {
    let mut recipients: Vec<Cow<'_, str>> = Vec::new();
    for recipient in &transaction.recipients {
        let address = text(recipient.address);
        if !address.is_empty() && recipients.last() != Some(&address) {
            recipients.push(address);
        }
    }
    match (transaction.sender, recipients.as_slice()) {
        (None, []) => None,
        (None, recipients) => Some(format!("mail for {}", list(recipients))),
        (Some(_), []) => Some(format!("mail from {}", sender(transaction))),
        (Some(_), recipients) => {
            Some(format!("mail from {} for {}", sender(transaction), list(recipients)))
        }
    }
}

/// The same of the transaction that an exchange belongs to, or that it would have begun.
fn mail_at(session: &Session<'_>, place: usize) -> Option<String> {
    let within = session
        .transactions
        .iter()
        .find(|transaction| transaction.exchanges.contains(&place))
        .and_then(mail);
    within.or_else(|| {
        let exchange = session.exchanges.get(place)?;
        let address = address_of(exchange)?;
        let preposition = if exchange.is(VerbId::Rcpt) { "for" } else { "from" };
        Some(format!("mail {preposition} {address}"))
    })
}

/// The address in a command.
fn address_of(exchange: &Exchange<'_>) -> Option<String> {
    let path = &exchange.command.as_ref()?.parsed.path()?.path;
    let address = path.mailbox.as_ref().map_or(path.content, |mailbox| mailbox.raw);
    let address = text(address);
    if !address.is_empty() {
        return Some(address.into_owned());
    }
    exchange.id().is_some_and(VerbId::opens_transaction).then(|| "the null sender <>".to_owned())
}

/// Who has to act.
const fn whose_turn(party: Party) -> &'static str {
    match party {
        Party::Client => "the sending side has to act",
        Party::Server => "the receiving side has to act",
        Party::Middlebox => "whoever runs the firewall, gateway or scanner on the way has to act",
        Party::Person => "whoever typed this has to act",
        Party::Recorder => "whoever recorded this has to act",
    }
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
        Kind::Unsolicited if exchange.standing.midway => {
            "a command that is not in the record".to_owned()
        }
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
        Some(enhanced) if reply.code == 0 => enhanced.into_owned(),
        Some(enhanced) => format!("{} {enhanced}", reply.code),
        None => reply.code.to_string(),
    }
}

fn refused(session: &Session<'_>, findings: &[Finding], what: &str) -> String {
    let decided = crate::session::deciding_refusal(&session.exchanges, &session.transactions);
    let Some((place, exchange)) =
        decided.and_then(|place| Some((place, session.exchanges.get(place)?)))
    else {
        return format!("{what}.");
    };
    let Some(reply) = &exchange.reply else { return format!("{what}.") };
    let cause = cause(session, findings, reply);
    let said = match cause {
        Some((_, message)) => message.to_owned(),
        None => format!("the server said {}", words(session, reply)),
    };
    let said = said.trim_end_matches('.');
    let mut sentence = format!("{what} at {}: {}, {said}", stage(exchange), code(session, reply));
    // The addresses, where the cause does not name them.
    let mail = mail_at(session, place).unwrap_or_default();
    let (from, to) = mail.split_once(" for ").unwrap_or((&mail, ""));
    let named = |part: &str| addresses(part).all(|address| sentence.contains(address));
    let missing = match (named(from), named(to)) {
        (true, true) => None,
        (false, true) => Some(from.to_owned()),
        (true, false) if !to.is_empty() => Some(format!("mail for {to}")),
        _ => Some(mail.clone()),
    };
    if let Some(missing) = missing {
        let _ = write!(sentence, " ({missing})");
    }
    match cause {
        Some((finding, _)) if finding.rule.name == "relay-denied" => {
            sentence.push_str("; a closed relay should answer so");
        }
        // What passes by itself needs nobody but a mail server's queue.
        Some((finding, _)) if matches!(finding.rule.name, "greylisted" | "delayed") => {
            sentence.push_str("; the sending server has only to try again");
        }
        Some((finding, _)) => {
            let _ = write!(sentence, "; {}", whose_turn(finding.party));
        }
        None => {}
    }
    sentence + "."
}

/// The delivery or relay finding on a reply, which knows the cause best, and what it says of this very line.
fn cause<'f>(
    session: &Session<'_>,
    findings: &'f [Finding],
    reply: &Reply<'_>,
) -> Option<(&'f Finding, &'f str)> {
    let line = session.turn(reply.turns.start).map_or(0, |turn| turn.place.line);
    let covers = |spot: &Spot| spot.line <= line && line <= spot.last_line.max(spot.line);
    // An error may quote several replies in one line.
    let meets = |spot: &Spot| {
        let mut said = session.turns(reply.turns.clone(), Label::Reply).map(|turn| turn.place);
        let overlaps = |said: Place| {
            said.line == spot.line
                && said.column < spot.end_column
                && spot.column < said.column.saturating_add(said.octets)
        };
        covers(spot) && (spot.last_line > spot.line || said.any(overlaps))
    };
    told_at(findings, meets).or_else(|| told_at(findings, covers))
}

fn told_at(findings: &[Finding], here: impl Fn(&Spot) -> bool) -> Option<(&Finding, &str)> {
    let about = |finding: &&Finding| {
        matches!(finding.rule.family, Family::Delivery | Family::Relay)
            && finding.rule.name != "relay-accepted"
            && finding.rule.name != "relay-trick"
    };
    findings.iter().filter(about).find_map(|finding| {
        if here(&finding.spot) {
            return Some((finding, finding.message.as_str()));
        }
        let again = finding.evidence.iter().find(|evidence| here(&evidence.spot))?;
        Some((finding, again.text.as_str()))
    })
}

/// The addresses of `mail from A for B`.
fn addresses(mail: &str) -> impl Iterator<Item = &str> {
    mail.split([' ', ',']).filter(|word| word.contains('@'))
}

/// What the server said, in backticks.
fn words(session: &Session<'_>, reply: &Reply<'_>) -> String {
    let lines: Vec<&[u8]> = super::session::texts(session, reply).map(|(_, text)| text).collect();
    let whole = lines.join(&b' ');
    if whole.trim_ascii().is_empty() { "no more than the code".to_owned() } else { quoted(&whole) }
}

fn dropped(session: &Session<'_>) -> String {
    let outstanding = session.exchanges.iter().enumerate().find(|(_, exchange)| {
        exchange.reply.is_none() && exchange.command.is_some() && !exchange.is(VerbId::Quit)
    });
    let who = match session.end {
        End::Closed(ClosedBy::Server) => "the server closed the connection",
        End::Closed(ClosedBy::Client) => "the client closed the connection",
        _ => "the connection was lost",
    };
    let of = |place| mail_at(session, place).map_or_else(String::new, |mail| format!(" ({mail})"));
    match outstanding {
        Some((place, exchange)) if exchange.kind == Kind::Message => {
            format!(
                "Dropped: {who} before the message was answered{}; it may or may not have been taken.",
                of(place)
            )
        }
        Some((place, exchange)) => {
            format!("Dropped: {who} before {} was answered{}.", stage(exchange), of(place))
        }
        None if session.exchanges.is_empty() => format!("Dropped: {who} before any greeting came."),
        None if session.transcript.facts().any(|fact| matches!(fact, Fact::TlsFailed(_))) => {
            "Dropped: the TLS handshake failed.".to_owned()
        }
        None => {
            let last = session.exchanges.len().saturating_sub(1);
            format!("Dropped: {who} in the middle of the dialogue{}.", of(last))
        }
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
    let last = session
        .exchanges
        .iter()
        .enumerate()
        .rev()
        .find(|(_, exchange)| exchange.kind != Kind::Unsolicited);
    let Some((place, exchange)) = last else {
        return "Incomplete: the record stops before the server said anything.".to_owned();
    };
    let mail = mail_at(session, place);
    let of = mail.as_ref().map_or_else(String::new, |mail| format!(" ({mail})"));
    if exchange.kind == Kind::Message {
        return format!("Incomplete: the record stops before the reply to the message{of}.");
    }
    if exchange.reply.is_none() {
        return format!(
            "Incomplete: the record stops before the reply to {}{of}.",
            stage(exchange)
        );
    }
    if exchange.code() == 354 {
        return format!("Incomplete: the record stops before the end of the message{of}.");
    }
    let open = session.transactions.iter().any(|it| it.exchanges.contains(&place));
    let middle = if open { ", in the middle of a transaction" } else { "" };
    format!("Incomplete: the record stops after {}{middle}{of}.", stage(exchange))
}

/// What a session without mail was about: what stood in the way, what was begun and given up, what was asked.
fn no_mail(session: &Session<'_>) -> String {
    if let Some((place, reply)) = codeless(session) {
        let of = mail_at(session, place).map_or_else(String::new, |mail| format!(" ({mail})"));
        return format!(
            "Not known: the reply to the message has no code: {}{of}.",
            words(session, reply)
        );
    }
    if let Some(transaction) = session.transactions.last()
        && let Some(mail) = mail(transaction)
    {
        return format!(
            "No mail was sent: the client began {mail} and gave it up before the message."
        );
    }
    let attempt = session.exchanges.iter().rev().find(|exchange| {
        exchange.refused()
            && exchange.id().is_some_and(|id| id.opens_transaction() || id == VerbId::Rcpt)
    });
    if let Some(exchange) = attempt
        && let Some(reply) = &exchange.reply
    {
        return format!(
            "No mail was sent: {} was answered {}, {}.",
            stage(exchange),
            code(session, reply),
            words(session, reply)
        );
    }
    format!("No mail was attempted: {}.", asked(session))
}

/// A message whose reply has no code.
fn codeless<'s, 't>(session: &'s Session<'t>) -> Option<(usize, &'s Reply<'t>)> {
    session.exchanges.iter().enumerate().find_map(|(place, exchange)| {
        let reply = exchange.reply.as_ref().filter(|reply| reply.code == 0)?;
        (exchange.kind == Kind::Message).then_some((place, reply))
    })
}

/// What the client asked for, and what came of it.
fn asked(session: &Session<'_>) -> String {
    let answered = |wanted: fn(VerbId) -> bool| {
        let mut commands = session.exchanges.iter().rev();
        let command = commands
            .find(|exchange| exchange.kind == Kind::Command && exchange.id().is_some_and(wanted))?;
        Some((command, command.reply.as_ref()?))
    };
    let question = |id: VerbId| matches!(id, VerbId::Vrfy | VerbId::Expn | VerbId::Etrn);
    if let Some((command, reply)) = answered(question) {
        let about = command.command.as_ref().map(|said| said.parsed.argument.trim_ascii());
        let about = about
            .filter(|text| !text.is_empty())
            .map_or_else(String::new, |text| format!(" {}", quoted(text)));
        return format!(
            "the client asked {}{about}, and the server answered {}, {}",
            stage(command),
            code(session, reply),
            words(session, reply)
        );
    }
    let user = session.transcript.facts().find_map(|fact| match fact {
        Fact::AuthenticatedAs(user) => Some(format!(" as {}", text(user))),
        _ => None,
    });
    if user.is_some() || session.exchanges.iter().any(|exchange| exchange.code() == 235) {
        return format!("the client logged in{} and sent nothing", user.unwrap_or_default());
    }
    if let Some((command, reply)) = answered(VerbId::starts_tls) {
        let after = session.exchanges.iter().any(|exchange| exchange.standing.flags.tls)
            || session.transcript.facts().any(|fact| matches!(fact, Fact::TlsStarted { .. }));
        return match (command.accepted(), after) {
            (true, true) => "the client started TLS and sent nothing".to_owned(),
            (true, false) => {
                "STARTTLS was accepted, and the record shows nothing of what came after".to_owned()
            }
            (false, _) => {
                format!("STARTTLS was answered {}, {}", code(session, reply), words(session, reply))
            }
        };
    }
    let mut verbs: Vec<String> = Vec::new();
    for exchange in &session.exchanges {
        if let Some(verb) = exchange.verb
            && !verbs.iter().any(|name| name == verb.name)
        {
            verbs.push(verb.name.to_owned());
        }
    }
    match verbs.as_slice() {
        [] if session.greeting().is_some() => {
            "the server greeted, and the record shows no command".to_owned()
        }
        [] => "the session holds no command".to_owned(),
        [only] => format!("the session holds {only} only"),
        [rest @ .., last] => format!("the session holds {} and {last} only", rest.join(", ")),
    }
}
