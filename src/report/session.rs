//! One session with its findings, as owned data for the report.

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

/// The report on one session; secrets are masked unless `show_secrets`.
pub fn session_report(
    session: &Session<'_>,
    findings: &[Finding],
    id: u64,
    show_secrets: bool,
) -> SessionReport {
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
        authenticated_as: user(session).filter(|_| authenticated).or_else(|| told_user(session)),
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
        verdict: secrets.masked_sentence(verdict::verdict(session, findings)),
        findings: findings
            .iter()
            .map(|finding| finding_report(session, finding, &secrets))
            .collect(),
    }
}

fn shown(octets: &[u8]) -> String {
    // Nearly all text is well-formed, and this is the fastest way to see it.
    std::str::from_utf8(octets)
        .map_or_else(|_| String::from_utf8_lossy(octets).into_owned(), str::to_owned)
}

/// ISO 8601, as exact as the record has it; `None` where the day is not known.
fn time(moment: Moment) -> Option<String> {
    if !moment.dated {
        return None;
    }
    let timestamp = jiff::Timestamp::from_microsecond(moment.micros).ok()?;
    let text = timestamp.to_string();
    Some(if moment.zoned { text } else { text.trim_end_matches('Z').to_owned() })
}

fn client(session: &Session<'_>) -> ClientReport {
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
    ClientReport { address: address.or_else(|| address_in_hello(session)), hello }
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

fn server(session: &Session<'_>) -> ServerReport {
    let mut server = ServerReport::default();
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
    server.name = greeted_name(session);
    server.software = fingerprint::software(session).map(|software| software.to_string());
    server
}

/// The name in the greeting, or in the first reply to HELO or EHLO.
fn greeted_name(session: &Session<'_>) -> Option<String> {
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

fn tls(session: &Session<'_>) -> Option<TlsReport> {
    let mut tls: Option<TlsReport> =
        session.exchanges.iter().any(|exchange| exchange.standing.tls).then(TlsReport::default);
    for fact in session.transcript.facts() {
        match fact {
            Fact::TlsStarted { version, cipher } => {
                let tls = tls.get_or_insert_with(TlsReport::default);
                tls.version = version.as_deref().map(shown).or(tls.version.take());
                tls.cipher = cipher.as_deref().map(shown).or(tls.cipher.take());
            }
            Fact::CertificateProblem(problem) => {
                let tls = tls.get_or_insert_with(TlsReport::default);
                tls.certificate_problem.get_or_insert_with(|| shown(problem));
            }
            _ => {}
        }
    }
    tls
}

fn told_user(session: &Session<'_>) -> Option<String> {
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
            name.filter(|name| !name.is_empty()).or(on_behalf).map(shown)
        } else if let Some(rest) = decoded.strip_prefix(b"user=") {
            rest.split(|octet| *octet == 1).next().map(shown)
        } else {
            // CRAM-MD5: user name, space, digest (RFC 2195 §2).
            let space = decoded.iter().rposition(|octet| *octet == b' ');
            space.and_then(|space| decoded.get(..space)).map(shown)
        };
    }
    user.filter(|user| !user.is_empty() && !user.chars().any(char::is_control))
}

fn extensions(session: &Session<'_>) -> Vec<ExtensionReport> {
    let keywords = session.offers.last().map(|offer| offer.keywords.as_slice()).unwrap_or_default();
    keywords
        .iter()
        .map(|keyword| ExtensionReport {
            keyword: shown(keyword.keyword).to_ascii_uppercase(),
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

fn exchange_report(
    session: &Session<'_>,
    whole: Whole,
    exchange: &Exchange<'_>,
    secrets: &Secrets,
) -> ExchangeReport {
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
        Kind::Auth => Some("(auth)".to_owned()),
        Kind::Message if kind == "unsolicited" => None,
        Kind::Message => Some(".".to_owned()),
        Kind::Command => exchange.verb.map(|verb| verb.name.to_owned()).or_else(|| {
            exchange
                .command
                .as_ref()
                .map(|said| shown(said.parsed.verb).trim_end_matches(':').to_owned())
        }),
    };
    let said = exchange.command.as_ref().filter(|said| !said.turns.is_empty());
    ExchangeReport {
        kind,
        verb,
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

fn command_report(
    session: &Session<'_>,
    exchange: &Exchange<'_>,
    said: &Said<'_>,
    secrets: &Secrets,
) -> CommandReport {
    let turns = session.transcript.turns.get(said.turns.clone()).unwrap_or_default();
    let line = |turn: Option<&Turn>| turn.map_or(0, |turn| turn.place.line);
    let raw = turns.first().map_or(&b""[..], |turn| session.transcript.text(turn));
    let (path, params) = match &said.parsed.detail {
        Argument::Path(argument) if exchange.kind == Kind::Command => (
            Some(shown(argument.path.mailbox.as_ref().map_or(argument.path.content, |m| m.raw))),
            argument.params.iter().map(|param| secrets.masked(shown(param.raw))).collect(),
        ),
        _ => (None, Vec::new()),
    };
    CommandReport {
        line: line(turns.first()),
        last_line: line(turns.last()),
        text: secrets.masked(shown(raw)),
        lossy: std::str::from_utf8(raw).is_err(),
        path,
        params,
    }
}

fn reply_report(session: &Session<'_>, reply: &Reply<'_>, secrets: &Secrets) -> ReplyReport {
    let mut lossy = false;
    let (mut first, mut last) = (0, 0);
    let text = texts(session, reply)
        .map(|(turn, text)| {
            if first == 0 {
                first = turn.place.line;
            }
            last = turn.place.line;
            lossy |= std::str::from_utf8(text).is_err();
            secrets.masked(shown(text))
        })
        .collect();
    ReplyReport {
        line: first,
        last_line: last,
        code: Some(reply.code).filter(|code| *code > 0),
        enhanced: enhanced(session, reply),
        text,
        lossy,
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
pub(super) fn enhanced(session: &Session<'_>, reply: &Reply<'_>) -> Option<String> {
    session
        .reply_lines(reply)
        .filter_map(|(_, line, text)| Session::enhanced(line.as_ref(), text))
        .find(|code| code.wellformed)
        .map(|code| shown(code.raw).trim_start_matches('#').to_owned())
}

fn transaction_report(session: &Session<'_>, transaction: &Transaction<'_>) -> TransactionReport {
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
        queue_id: queue_id(session, transaction),
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
pub(super) fn queue_id(session: &Session<'_>, transaction: &Transaction<'_>) -> Option<String> {
    if !transaction.queued() {
        return None;
    }
    let exchange =
        transaction.message.as_ref().and_then(|message| session.exchanges.get(message.exchange));
    let reply = exchange?.reply.as_ref()?;
    queue_name(&session.reply_text(reply)).map(shown)
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

fn finding_report(session: &Session<'_>, finding: &Finding, secrets: &Secrets) -> FindingReport {
    let excerpt = excerpt::of(session, finding, secrets);
    FindingReport { excerpt, ..finding_as_data(finding, secrets) }
}

/// A finding about several sessions of a source.
pub fn finding_across(finding: &Finding) -> FindingReport {
    finding_as_data(finding, &Secrets::default())
}

fn finding_as_data(finding: &Finding, secrets: &Secrets) -> FindingReport {
    FindingReport {
        rule: finding.rule.name,
        family: finding.rule.family.name(),
        severity: finding.severity.name(),
        confidence: finding.confidence.name(),
        party: finding.party.name(),
        line: finding.spot.line,
        last_line: finding.spot.last_line,
        column: finding.spot.column,
        end_column: finding.spot.end_column,
        count: finding.count,
        message: secrets.masked_sentence(finding.message.clone()),
        help: secrets.masked_sentence(finding.help.clone()),
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
                text: secrets.masked_sentence(evidence.text.clone()),
            })
            .collect(),
        because_of: finding.because_of,
        excerpt: Vec::new(),
    }
}
