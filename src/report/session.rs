//! One session with its findings, as data for the report.
//!
//! What is written at once borrows its text from the record, what is held owns it; one function makes both.

use std::borrow::Cow;

use super::{
    AttributionReport, ClientReport, CommandReport, EvidenceReport, ExchangeReport,
    ExtensionReport, FindingReport, MessageReport, RecipientReport, ReplyReport, ServerReport,
    SessionReport, TlsReport, TransactionReport, excerpt, mask::Secrets, verdict,
};
use crate::{
    fingerprint,
    grammar::{Argument, greeting},
    protocol::verbs::VerbId,
    rules::Finding,
    session::{End, Exchange, Kind, Outcome, Reply, Said, Session, Transaction},
    transcript::{Fact, Label, Method, Moment, Turn},
};

/// The report on one session, its text owned (`String`) or borrowed where it stands in the record
/// (`Cow<str>`); secrets are masked unless `show_secrets`, and the findings come with the lines that show them
/// where `excerpts`.
pub fn session_report<'r, S: From<Cow<'r, str>>>(
    session: &'r Session<'_>,
    findings: &'r [Finding],
    id: u64,
    show_secrets: bool,
    excerpts: bool,
) -> SessionReport<S> {
    let secrets = if show_secrets { Secrets::default() } else { Secrets::of(session) };
    let transcript = session.transcript;
    let (first_line, last_line) = transcript.lines();
    let moments = || transcript.turns.iter().filter_map(|turn| turn.at);
    let authenticated = session.exchanges.iter().any(|exchange| exchange.code() == 235);
    let whole = Whole::of(session);
    SessionReport {
        id,
        key: transcript.key.as_deref().map(shown),
        dialect: transcript.dialect,
        attribution: AttributionReport {
            method: match transcript.method {
                Method::Marked => "marked",
                Method::Mixed => "mixed",
                Method::Inferred => "inferred",
            },
            confidence: f64::from((transcript.confidence * 100.0).round()) / 100.0,
        },
        first_line,
        last_line,
        started: moments().next().and_then(time),
        ended: moments().next_back().and_then(time),
        client: client(session),
        server: server(session),
        tls: tls(session),
        authenticated_as: if authenticated { user(session).map(owned) } else { None }
            .or_else(|| told_user(session)),
        extensions: extensions(session),
        exchanges: session
            .exchanges
            .iter()
            // A message that was never ended and never answered is no exchange yet.
            .filter(|exchange| exchange.kind != Kind::Message || is_sent(session, exchange))
            .map(|exchange| exchange_report(session, whole, exchange, &secrets))
            .collect(),
        transactions: session
            .transactions
            .iter()
            .map(|transaction| transaction_report(session, transaction))
            .collect(),
        outcome: session.outcome.name(),
        verdict: secrets.masked_sentence(verdict::verdict(session, findings).into()).into(),
        findings: findings
            .iter()
            .map(|finding| finding_report(session, finding, &secrets, excerpts))
            .collect(),
    }
}

fn shown<'r, S: From<Cow<'r, str>>>(octets: &'r [u8]) -> S {
    lossy(octets).into()
}

fn lossy(octets: &[u8]) -> Cow<'_, str> {
    // Nearly all text is well-formed, and this is the fastest way to see it.
    std::str::from_utf8(octets).map_or_else(|_| String::from_utf8_lossy(octets), Cow::Borrowed)
}

fn owned<'r, S: From<Cow<'r, str>>>(text: String) -> S {
    S::from(Cow::Owned(text))
}

/// ISO 8601, as exact as the record has it; `None` where the day is not known.
fn time<'r, S: From<Cow<'r, str>>>(moment: Moment) -> Option<S> {
    if !moment.dated {
        return None;
    }
    let timestamp = jiff::Timestamp::from_microsecond(moment.micros).ok()?;
    let mut text = timestamp.to_string();
    if !moment.zoned {
        text.truncate(text.trim_end_matches('Z').len());
    }
    Some(owned(text))
}

fn client<'r, S: From<Cow<'r, str>>>(session: &'r Session<'_>) -> ClientReport<S> {
    let address = session.transcript.facts().find_map(|fact| match fact {
        Fact::ClientAddress { address, .. } => Some(shown(address)),
        _ => None,
    });
    let hello = session
        .exchanges
        .iter()
        .rev()
        .filter(|exchange| exchange.id().is_some_and(VerbId::is_hello))
        .filter_map(|exchange| exchange.command.as_ref())
        .map(|said| said.parsed.argument.trim_ascii())
        .find(|name| !name.is_empty())
        .map(shown);
    ClientReport { address: address.or_else(|| address_in_hello(session).map(owned)), hello }
}

/// The client's address as the reply to HELO repeats it: `Hello name [192.0.2.1]`.
fn address_in_hello(session: &Session<'_>) -> Option<String> {
    let reply = session
        .exchanges
        .iter()
        .filter(|exchange| exchange.id().is_some_and(VerbId::is_hello) && exchange.accepted())
        .find_map(|exchange| exchange.reply.as_ref())?;
    let open = memchr::memchr(b'[', reply.text)?;
    let rest = reply.text.get(open + 1..)?;
    let inside = rest.get(..memchr::memchr(b']', rest)?)?;
    let address = std::str::from_utf8(inside).ok()?;
    let address = address.strip_prefix("IPv6:").unwrap_or(address);
    address.parse::<std::net::IpAddr>().ok().map(|address| address.to_string())
}

fn server<'r, S: From<Cow<'r, str>>>(session: &'r Session<'_>) -> ServerReport<S> {
    let mut server = ServerReport {
        address: None,
        port: None,
        dialled: None,
        name: greeted_name(session),
        software: fingerprint::software(session).map(|software| match software.version {
            None => Cow::Borrowed(software.product).into(),
            Some(_) => owned(software.to_string()),
        }),
    };
    for fact in session.transcript.facts() {
        match fact {
            Fact::ServerAddress { address, port } => {
                server.address = Some(shown(address));
                server.port = port.or(server.port);
            }
            Fact::Dialled { host, port } => {
                server.dialled.get_or_insert_with(|| shown(host));
                server.port = server.port.or(*port);
            }
            _ => {}
        }
    }
    server
}

/// The name in the greeting, or in the first reply to HELO or EHLO.
fn greeted_name<'r, S: From<Cow<'r, str>>>(session: &'r Session<'_>) -> Option<S> {
    let hello = session
        .exchanges
        .iter()
        .find(|exchange| exchange.id().is_some_and(VerbId::is_hello) && exchange.accepted())
        .and_then(|exchange| exchange.reply.as_ref());
    [session.greeting(), hello].into_iter().flatten().find_map(|reply| {
        let name = greeting::host_line(reply.text).name;
        let plausible = name.contains(&b'.') && name.iter().any(u8::is_ascii_alphabetic)
            || name.first() == Some(&b'[');
        plausible.then(|| shown(name))
    })
}

fn tls<'r, S: From<Cow<'r, str>>>(session: &'r Session<'_>) -> Option<TlsReport<S>> {
    let untold = || TlsReport { version: None, cipher: None, certificate_problem: None };
    let mut tls: Option<TlsReport<S>> =
        session.exchanges.iter().any(|exchange| exchange.standing.flags.tls).then(untold);
    for fact in session.transcript.facts() {
        match fact {
            Fact::TlsStarted { version, cipher } => {
                let tls = tls.get_or_insert_with(untold);
                tls.version = version.as_deref().map(shown).or(tls.version.take());
                tls.cipher = cipher.as_deref().map(shown).or(tls.cipher.take());
            }
            Fact::CertificateProblem(problem) => {
                let tls = tls.get_or_insert_with(untold);
                tls.certificate_problem.get_or_insert_with(|| shown(problem));
            }
            _ => {}
        }
    }
    tls
}

fn told_user<'r, S: From<Cow<'r, str>>>(session: &'r Session<'_>) -> Option<S> {
    session.transcript.facts().find_map(|fact| match fact {
        Fact::AuthenticatedAs(user) => Some(shown(user)),
        _ => None,
    })
}

/// The user name of the last AUTH dialogue, decoded.
fn user(session: &Session<'_>) -> Option<String> {
    use base64::{Engine, engine::general_purpose::STANDARD};
    let mut user = None;
    let mut login = false;
    for exchange in &session.exchanges {
        let Some(said) = &exchange.command else { continue };
        let token = match (&exchange.kind, &said.parsed.detail) {
            (Kind::Command, Argument::Auth(auth)) => {
                login = auth.mechanism.eq_ignore_ascii_case(b"LOGIN");
                user = None;
                auth.initial_response
            }
            (Kind::Auth, _) => Some(said.parsed.line.trim_ascii()),
            _ => None,
        };
        let Some(decoded) = token.and_then(|token| STANDARD.decode(token).ok()) else { continue };
        if user.is_some() {
            continue;
        }
        user = if login {
            String::from_utf8(decoded).ok()
        } else if decoded.contains(&0) {
            // PLAIN: authorization identity, authentication identity, password (RFC 4616 §2).
            let mut parts = decoded.split(|octet| *octet == 0);
            let (on_behalf, name) = (parts.next(), parts.next());
            name.filter(|name| !name.is_empty()).or(on_behalf).map(|name| lossy(name).into_owned())
        } else if let Some(rest) = decoded.strip_prefix(b"user=") {
            rest.split(|octet| *octet == 1).next().map(|name| lossy(name).into_owned())
        } else {
            // CRAM-MD5: user name, space, digest (RFC 2195 §2).
            let space = decoded.iter().rposition(|octet| *octet == b' ');
            space.and_then(|space| decoded.get(..space)).map(|name| lossy(name).into_owned())
        };
    }
    user.filter(|user| !user.is_empty() && !user.chars().any(char::is_control))
}

fn extensions<'r, S: From<Cow<'r, str>>>(session: &'r Session<'_>) -> Vec<ExtensionReport<S>> {
    let keywords = session.offers.last().map(|offer| offer.keywords.as_slice()).unwrap_or_default();
    keywords
        .iter()
        .map(|keyword| ExtensionReport {
            keyword: in_upper_case(lossy(keyword.keyword)).into(),
            params: keyword
                .params
                .split(u8::is_ascii_whitespace)
                .filter(|param| !param.is_empty())
                .map(shown)
                .collect(),
            line: session.turn(keyword.turn).map_or(0, |turn| turn.place.line),
        })
        .collect()
}

fn in_upper_case(text: Cow<'_, str>) -> Cow<'_, str> {
    let lower = text.bytes().any(|octet| octet.is_ascii_lowercase());
    if lower { Cow::Owned(text.to_ascii_uppercase()) } else { text }
}

/// What holds for a session as a whole and is asked of each of its exchanges.
#[derive(Debug, Clone, Copy)]
struct Whole {
    /// The record shows no command at all.
    bare: bool,
    /// The last of the turns that somebody said, where the record stops before the session ends.
    stops_at: Option<usize>,
}

impl Whole {
    fn of(session: &Session<'_>) -> Self {
        let said = |turn: &Turn| turn.label != Label::Prose;
        let last = || session.transcript.turns.iter().rposition(said);
        Self {
            bare: session.exchanges.iter().all(|exchange| exchange.command.is_none()),
            stops_at: if session.end == End::Cut { last() } else { None },
        }
    }

    /// Whether the record stops inside a reply: it was never told as a whole.
    fn cuts_off(self, reply: &Reply<'_>) -> bool {
        self.stops_at.is_some_and(|last| reply.turns.end > last)
            && (reply.unterminated || reply.code == 0)
    }
}

/// Whether a message was ended by its dot, hidden by the recorder, or answered all the same.
fn is_sent(session: &Session<'_>, exchange: &Exchange<'_>) -> bool {
    let ended =
        |said: &Said<'_>| session.turns(said.turns.clone(), Label::EndOfData).next_back().is_some();
    exchange.hidden || exchange.reply.is_some() || exchange.command.as_ref().is_some_and(ended)
}

fn exchange_report<'r, S: From<Cow<'r, str>>>(
    session: &'r Session<'_>,
    whole: Whole,
    exchange: &'r Exchange<'_>,
    secrets: &Secrets,
) -> ExchangeReport<S> {
    let kind = match exchange.kind {
        // Where only replies are recorded, the verbs are inferred and nobody was seen to ask.
        Kind::Command | Kind::Message if exchange.inferred && whole.bare => "unsolicited",
        Kind::Greeting => "greeting",
        Kind::Command => "command",
        Kind::Auth => "auth",
        // LMTP answers the message once for each recipient; the further replies have no command.
        Kind::Message if exchange.command.is_none() && !exchange.hidden => "unsolicited",
        Kind::Message => "message",
        Kind::Unsolicited => "unsolicited",
    };
    let verb = match exchange.kind {
        Kind::Greeting | Kind::Unsolicited => None,
        Kind::Auth => Some(Cow::Borrowed("(auth)")),
        Kind::Message if kind == "unsolicited" => None,
        Kind::Message => Some(Cow::Borrowed(".")),
        Kind::Command => exchange.verb.map(|verb| Cow::Borrowed(verb.name)).or_else(|| {
            let verb = exchange.command.as_ref()?.parsed.verb;
            let colons = verb.iter().rev().take_while(|octet| **octet == b':').count();
            Some(secrets.masked_verb(lossy(verb.get(..verb.len() - colons).unwrap_or_default())))
        }),
    };
    let said = exchange.command.as_ref().filter(|said| !said.turns.is_empty());
    ExchangeReport {
        kind,
        verb: verb.map(S::from),
        inferred: exchange.inferred,
        command: said.map(|said| command_report(session, exchange, said, secrets)),
        reply: exchange
            .reply
            .as_ref()
            .filter(|reply| !whole.cuts_off(reply))
            .map(|reply| reply_report(session, reply, secrets)),
        latency_ms: exchange.latency.map(milliseconds),
    }
}

#[expect(clippy::cast_precision_loss, reason = "a latency has far fewer digits than a double")]
fn milliseconds(micros: i64) -> f64 {
    micros as f64 / 1000.0
}

fn command_report<'r, S: From<Cow<'r, str>>>(
    session: &'r Session<'_>,
    exchange: &Exchange<'_>,
    said: &'r Said<'_>,
    secrets: &Secrets,
) -> CommandReport<S> {
    let turns = session.transcript.turns.get(said.turns.clone()).unwrap_or_default();
    let line = |turn: Option<&Turn>| turn.map_or(0, |turn| turn.place.line);
    let raw = turns.first().map_or(&b""[..], |turn| session.transcript.text(turn));
    let (path, params) = match &said.parsed.detail {
        Argument::Path(argument) if exchange.kind == Kind::Command => (
            Some(shown(argument.path.mailbox.as_ref().map_or(argument.path.content, |m| m.raw))),
            argument.params.iter().map(|param| secrets.masked(lossy(param.raw)).into()).collect(),
        ),
        _ => (None, Vec::new()),
    };
    let text = lossy(raw);
    CommandReport {
        line: line(turns.first()),
        last_line: line(turns.last()),
        lossy: matches!(text, Cow::Owned(_)),
        text: secrets.masked(text).into(),
        path,
        params,
    }
}

fn reply_report<'r, S: From<Cow<'r, str>>>(
    session: &'r Session<'_>,
    reply: &Reply<'_>,
    secrets: &Secrets,
) -> ReplyReport<S> {
    let mut is_lossy = false;
    let (mut first, mut last) = (0, 0);
    let text = texts(session, reply)
        .map(|(turn, text)| {
            if first == 0 {
                first = turn.place.line;
            }
            last = turn.place.line;
            let text = lossy(text);
            is_lossy |= matches!(text, Cow::Owned(_));
            secrets.masked(text).into()
        })
        .collect();
    ReplyReport {
        line: first,
        last_line: last,
        code: Some(reply.code).filter(|code| *code > 0),
        enhanced: enhanced(session, reply).map(S::from),
        text,
        lossy: is_lossy,
    }
}

/// The lines of a reply without codes, each with its turn.
pub(super) fn texts<'t>(
    session: &Session<'t>,
    reply: &Reply<'_>,
) -> impl Iterator<Item = (&'t Turn, &'t [u8])> {
    session.reply_lines(reply).map(|(turn, parsed, text)| {
        let enhanced = parsed.and_then(|line| line.enhanced).map_or(0, |code| code.raw.len());
        (turn, text.get(enhanced..).unwrap_or_default().trim_ascii())
    })
}

/// The enhanced status code of a reply: the first line's that has one.
pub(super) fn enhanced<'t>(session: &Session<'t>, reply: &Reply<'_>) -> Option<Cow<'t, str>> {
    session
        .reply_lines(reply)
        .filter_map(|(_, line, text)| Session::enhanced(line.as_ref(), text))
        .find(|code| code.wellformed)
        .map(|code| {
            let marks = code.raw.iter().take_while(|octet| **octet == b'#').count();
            lossy(code.raw.get(marks..).unwrap_or_default())
        })
}

fn transaction_report<'r, S: From<Cow<'r, str>>>(
    session: &'r Session<'_>,
    transaction: &'r Transaction<'_>,
) -> TransactionReport<S> {
    let line = |turn: Option<&Turn>| turn.map_or(0, |turn| turn.place.line);
    TransactionReport {
        sender: transaction.sender.map(shown),
        recipients: transaction
            .recipients
            .iter()
            .map(|recipient| RecipientReport {
                address: shown(recipient.address),
                code: Some(recipient.code).filter(|code| *code > 0),
                accepted: recipient.accepted(),
            })
            .collect(),
        message: transaction.message.as_ref().filter(|message| !message.hidden).map(|message| {
            let mut lines = session.turns(message.turns.clone(), Label::Message);
            let first = lines.next();
            let last = lines.next_back().or(first);
            MessageReport {
                first_line: line(first),
                last_line: line(last),
                octets: message.octets,
                complete: message.complete,
            }
        }),
        outcome: transaction_outcome(session, transaction).name(),
        queue_id: queue_id(session, transaction).map(S::from),
    }
}

fn transaction_outcome(session: &Session<'_>, transaction: &Transaction<'_>) -> Outcome {
    match transaction.final_code / 100 {
        2 => return Outcome::Queued,
        4 => return Outcome::Deferred,
        5 => return Outcome::Rejected,
        _ => {}
    }
    let refused = transaction
        .exchanges
        .clone()
        .rev()
        .filter_map(|place| session.exchanges.get(place))
        .find(|exchange| exchange.refused());
    match refused.and_then(|exchange| exchange.reply.as_ref()).map(Reply::class) {
        Some(4) => Outcome::Deferred,
        Some(_) => Outcome::Rejected,
        None if matches!(session.outcome, Outcome::Dropped | Outcome::Incomplete) => {
            session.outcome
        }
        None => Outcome::NoMail,
    }
}

/// The name of a queued message in the server's queue, from the forms that servers answer in.
pub(super) fn queue_id<'t>(
    session: &Session<'t>,
    transaction: &Transaction<'_>,
) -> Option<Cow<'t, str>> {
    if !transaction.queued() {
        return None;
    }
    let exchange =
        transaction.message.as_ref().and_then(|message| session.exchanges.get(message.exchange));
    let reply = exchange?.reply.as_ref()?;
    match session.reply_text(reply) {
        Cow::Borrowed(text) => queue_name(text).map(lossy),
        Cow::Owned(text) => queue_name(&text).map(|name| lossy(name).into_owned().into()),
    }
}

/// The name of a queued message in what the server said.
pub(super) fn queue_name(text: &[u8]) -> Option<&[u8]> {
    // `queued as 4F1A2B3C`, `OK id=1abc-…`, `Message-id …`, `queued mail for delivery` has none.
    let rest = after(text, b"queued as ")
        .or_else(|| after(text, b"id="))
        .or_else(|| after(text, b"queue id "));
    let sendmail = || {
        let at = memchr::memmem::find(text, b" Message accepted for delivery")?;
        text.get(..at)?.rsplit(|octet| *octet == b' ').next()
    };
    let id = match rest {
        Some(rest) => rest.split(u8::is_ascii_whitespace).next()?,
        None => sendmail()?,
    };
    let end = |octet: &u8| matches!(octet, b'.' | b',' | b';' | b')' | b'>' | b']');
    let id = id.split(|octet| matches!(octet, b'<' | b'(')).rfind(|part| !part.is_empty())?;
    let kept = id.iter().rposition(|octet| !end(octet)).map_or(0, |last| last + 1);
    let id = id.get(..kept)?;
    (id.len() >= 4 && id.iter().all(u8::is_ascii_graphic)).then_some(id)
}

/// What follows some words, which begin with a letter, in whatever case they stand.
fn after<'t>(text: &'t [u8], words: &[u8]) -> Option<&'t [u8]> {
    let first = *words.first()?;
    memchr::memchr2_iter(first, first.to_ascii_uppercase(), text).find_map(|at| {
        let (found, rest) = text.get(at..)?.split_at_checked(words.len())?;
        found.eq_ignore_ascii_case(words).then_some(rest)
    })
}

fn finding_report<'r, S: From<Cow<'r, str>>>(
    session: &Session<'_>,
    finding: &'r Finding,
    secrets: &Secrets,
    excerpts: bool,
) -> FindingReport<S> {
    let excerpt = if excerpts { excerpt::of(session, finding, secrets) } else { Vec::new() };
    FindingReport { excerpt, ..finding_as_data(finding, secrets) }
}

/// A finding about several sessions of a source.
pub fn finding_across(finding: &Finding) -> FindingReport {
    finding_as_data(finding, &Secrets::default())
}

fn finding_as_data<'r, S: From<Cow<'r, str>>>(
    finding: &'r Finding,
    secrets: &Secrets,
) -> FindingReport<S> {
    let masked = |sentence: &'r str| S::from(secrets.masked_sentence(sentence.into()));
    FindingReport {
        rule: finding.rule.name,
        family: finding.rule.family.name(),
        severity: finding.severity,
        confidence: finding.confidence.name(),
        party: finding.party.name(),
        line: finding.spot.line,
        last_line: finding.spot.last_line,
        column: finding.spot.column,
        end_column: finding.spot.end_column,
        count: finding.count,
        message: masked(&finding.message),
        help: masked(&finding.help),
        references: finding.rule.references.to_vec(),
        editions: finding
            .rule
            .editions
            .iter()
            .map(|edition| match edition.number() {
                821 => "821",
                2821 => "2821",
                _ => "5321",
            })
            .collect(),
        evidence: finding
            .evidence
            .iter()
            .map(|evidence| EvidenceReport {
                line: evidence.spot.line,
                text: masked(&evidence.text),
            })
            .collect(),
        because_of: finding.because_of,
        excerpt: Vec::new(),
    }
}
