//! Why each refusal of a session came: one diagnosis for each, made once.
//!
//! *Enters*: a session. *Leaves*: a [`Refusal`] for every exchange that keeps mail from being sent, and none
//! where no refusal stands. The evidence is in tables: `rows` has what servers say, `sub_codes` takes
//! providers' numbers apart; `score` weighs all of them.

use std::{borrow::Cow, cell::OnceCell};

use super::super::{Confidence, Party, relay};
use crate::{
    grammar::{enhanced, phrase},
    protocol::{order::Hello, verbs::VerbId},
    session::{Exchange, Reply, Session},
};

mod cause;
mod memo;
mod pattern;
mod phrases;
mod provider;
mod row;
mod rows;
mod score;
mod stage;
mod sub_codes;
mod text;
mod words;

pub(in crate::rules) use cause::Cause;
pub(in crate::rules) use row::Retry;

/// The least that attribution has to be sure of for a certain diagnosis.
const SURE_ATTRIBUTION: f32 = 0.7;

/// Why an exchange was refused.
#[derive(Debug, Clone)]
pub(in crate::rules) struct Refusal {
    /// The exchange, by its place in the session.
    pub(in crate::rules) exchange: usize,
    /// Why.
    pub(in crate::rules) cause: Cause,
    /// Who must act, where that is another than usual.
    pub(in crate::rules) party: Option<Party>,
    /// How sure it is.
    pub(in crate::rules) confidence: Confidence,
    /// Whether the same mail may get through later.
    pub(in crate::rules) retry: Retry,
    /// What was asked for was granted later in the session.
    pub(in crate::rules) made_good: bool,
    /// Whose wording or number told it.
    source: &'static str,
    says: Cow<'static, str>,
    help: Cow<'static, str>,
}

/// Servers that greet with their names, in lower case.
const SERVERS: [&str; 6] = ["postfix", "exim", "sendmail", "microsoft", "qmail", "opensmtpd"];

/// Whether the greeting names a server, and these words are another's.
fn is_another(source: &str, greeting: &[u8]) -> bool {
    let named = |text: &[u8]| SERVERS.map(|server| phrase::contains(text, server.as_bytes()));
    let any = |named: &[bool]| named.iter().any(|named| *named);
    let words = named(source.as_bytes());
    if !any(&words) || source.contains("others") {
        return false;
    }
    let greets = named(greeting);
    let both = words.iter().zip(greets).any(|(one, other)| *one && other);
    any(&greets) && !both
}

impl Refusal {
    /// What happened, in one sentence.
    pub(in crate::rules) fn message(&self, session: &Session<'_>) -> String {
        words::filled(&self.says, session, self.exchange)
    }

    /// Whose words or numbers told it, where they are somebody's own, and not another's than the server's that greeted.
    pub(in crate::rules) fn known_from(&self, session: &Session<'_>) -> Option<String> {
        let greeting = session.greeting().map(|greeting| session.reply_text(greeting));
        if self.source.is_empty()
            || self.source == row::COMMON
            || greeting.is_some_and(|greeting| is_another(self.source, &greeting))
        {
            None
        } else if self.source.starts_with("RFC ") || self.source.starts_with("registry") {
            Some(format!("by the code alone: {}", self.source))
        } else {
            Some(format!("known from {}", self.source))
        }
    }

    /// What to do, and whether a retry helps.
    pub(in crate::rules) fn help(&self, session: &Session<'_>) -> String {
        let help = words::filled(&self.help, session, self.exchange);
        let code = session.exchanges.get(self.exchange).map_or(0, Exchange::code);
        let prospects = match (self.retry, code / 100) {
            (Retry::Helps, 5) => {
                "; the code is final although the cause may pass, so somebody has to send again"
            }
            (Retry::AfterChange, 4) => "; retries go on failing until then",
            (Retry::Never, 4) => "; retries will not help although the code asks for them",
            _ => "",
        };
        help + prospects
    }
}

/// Diagnoses every refusal of a session, in order.
pub(in crate::rules) fn diagnose(session: &Session<'_>) -> Vec<Refusal> {
    let mut found: Vec<Refusal> = Vec::new();
    let greeted = OnceCell::new();
    for (place, exchange) in session.exchanges.iter().enumerate() {
        // Nearly every exchange of nearly every session ends here.
        let Some(reply) = exchange.reply.as_ref().filter(|reply| is_candidate(exchange, reply))
        else {
            continue;
        };
        let made_good = was_made_good(session, place, exchange);
        if made_good && !is_worth_telling(session, place, exchange) {
            continue;
        }
        let refusal = diagnosis(session, place, exchange, reply, &greeted);
        found.extend(refusal.map(|refusal| Refusal { made_good, ..refusal }));
    }
    found
}

/// Whether a reply refuses anything, or says that the recipient is elsewhere.
fn is_candidate(exchange: &Exchange<'_>, reply: &Reply<'_>) -> bool {
    reply.is_refusal() || (reply.code == 251 && exchange.is(VerbId::Rcpt))
}

/// Whether a refusal that was made good is worth a word: a password that was wrong, a name that the server did
/// not like. That EHLO or a mechanism is not known to the server is no more than how it is asked.
fn is_worth_telling(session: &Session<'_>, place: usize, exchange: &Exchange<'_>) -> bool {
    if score::is_syntax(exchange.code()) {
        return false;
    }
    if stage::of(exchange) == stage::AUTH {
        return exchange.code() == 535;
    }
    let name = |exchange: &Exchange<'_>| {
        exchange.command.as_ref().map(|said| said.parsed.argument.trim_ascii().to_ascii_lowercase())
    };
    let later = session.exchanges.get(place + 1..).unwrap_or_default().iter();
    let accepted = later.filter(|later| stage::of(later) == stage::HELLO && later.accepted());
    let own = name(exchange);
    own.is_some() && accepted.map(name).all(|other| other != own)
}

/// A refused HELO, EHLO or AUTH decides nothing where another one was accepted after it.
fn was_made_good(session: &Session<'_>, place: usize, exchange: &Exchange<'_>) -> bool {
    let later = || session.exchanges.get(place + 1..).unwrap_or_default().iter();
    match stage::of(exchange) {
        stage::HELLO => later().any(|later| stage::of(later) == stage::HELLO && later.accepted()),
        stage::AUTH => later().any(|later| later.code() == 235),
        _ => false,
    }
}

fn diagnosis(
    session: &Session<'_>,
    place: usize,
    exchange: &Exchange<'_>,
    reply: &Reply<'_>,
    greeted: &OnceCell<Option<provider::Provider>>,
) -> Option<Refusal> {
    let stage = stage::of(exchange);
    if reply.code == 251 {
        return Some(Refusal {
            says: Cow::Borrowed(
                "the mailbox {recipient} is elsewhere; the server takes the mail and forwards it: {text}",
            ),
            help: Cow::Borrowed("nothing, the mail was taken; send to the new address in future"),
            retry: Retry::Helps,
            ..general(Cause::RecipientMoved, place, "")
        });
    }
    let heard = hear(session, reply, stage, *greeted.get_or_init(|| greeted_provider(session)));
    if heard.relay && relay::refuses_at(exchange) {
        return Some(general(Cause::RelayDenied, place, ""));
    }
    let explained = heard.explained.map(|refusal| Refusal { exchange: place, ..refusal });
    // A message that was refused was refused, whatever the code.
    let order = score::is_syntax(reply.code) && stage != stage::MESSAGE;
    let explained = match explained {
        // No recipient had been accepted: whatever DATA was answered, the RCPTs decided.
        Some(refusal) if refusal.cause == Cause::NoValidRecipients => {
            let told = stage == stage::UNASKED && was_refused(session, place);
            (exhausted(exchange) || told).then_some(refusal)
        }
        None | Some(Refusal { cause: Cause::Refused | Cause::PolicyRejected, .. })
            if stage & (stage::DATA | stage::MESSAGE) != 0
                && reply.class() == 5
                && exhausted(exchange)
                && exchange.standing.flags.in_transaction
                && !exchange.standing.midway =>
        {
            Some(general(Cause::NoValidRecipients, place, ""))
        }
        // DATA before any RCPT: the order was wrong, and nothing was refused for a reason of its own.
        Some(_) | None if stage == stage::DATA && order => None,
        other => other,
    };
    let decisive = stage & stage::DECISIVE != 0;
    let refusal = match explained {
        Some(refusal) if decisive => Some(refusal),
        // Elsewhere nothing is refused but the session itself.
        Some(refusal) if may_stand_anywhere(&refusal, reply.code, stage) => Some(refusal),
        None if decisive && !order && !(heard.order && is_early(exchange)) => {
            let cause = if reply.class() == 4 { Cause::Delayed } else { Cause::Refused };
            Some(general(cause, place, ""))
        }
        _ => None,
    }?;
    let unsure = session.transcript.confidence < SURE_ATTRIBUTION;
    let confidence =
        if unsure { refusal.confidence.min(Confidence::Likely) } else { refusal.confidence };
    Some(Refusal { confidence, ..with_token(session, place, refusal) })
}

/// What the text of a reply says, of no exchange in particular.
#[derive(Debug, Clone)]
struct Heard {
    /// The server does not relay.
    relay: bool,
    /// The order of the commands was wrong.
    order: bool,
    /// Why it was refused.
    explained: Option<Refusal>,
}

/// What the text of a reply says to a command of this stage, from a server of this provider.
fn hear(
    session: &Session<'_>,
    reply: &Reply<'_>,
    stage: u16,
    greeted: Option<provider::Provider>,
) -> Heard {
    let find_out = || {
        let lines = session.reply_lines(reply).map(|(_, line, text)| {
            let enhanced = Session::enhanced(line.as_ref(), text);
            let told = enhanced
                .filter(|code| code.detail.is_some())
                .map_or(0, |code| code.marker.len() + code.raw.len());
            text.get(told..).unwrap_or(text)
        });
        let text = text::normalised(lines);
        let facts = score::Facts {
            stage,
            // Without a reply code, all that is known of it is its class.
            code: if reply.code == 0 { reply.class() * 100 } else { reply.code },
            enhanced: enhanced_of(session, reply),
            provider: provider::of(&text).or(greeted),
            text: &text,
        };
        Heard {
            relay: relay::says_so(&session.reply_text(reply)),
            order: says_wrong_order(&text),
            explained: explanation(&facts),
        }
    };
    let codes = (stage, reply.code, greeted);
    match session.lines.get(reply.lines.clone()).unwrap_or_default() {
        [line] if reply.code > 0 => memo::heard(line.text, codes, find_out),
        _ => find_out(),
    }
}

/// What the numbers and the table say, of no exchange in particular.
fn explanation(facts: &score::Facts<'_>) -> Option<Refusal> {
    let place = 0;
    if let Some(decoded) = sub_codes::decode(facts.text)
        && !score::is_syntax(facts.code)
    {
        let general = general(decoded.cause, place, decoded.source);
        let or = |own: String, other: Cow<'static, str>| {
            if own.is_empty() { other } else { Cow::Owned(own) }
        };
        return Some(Refusal {
            party: decoded.party,
            retry: decoded.retry.unwrap_or(general.retry),
            says: or(decoded.says, general.says),
            help: or(decoded.help, general.help),
            ..general
        });
    }
    let best = score::best(facts)?;
    let row = best.row;
    let general = general(row.cause, place, row.source);
    let or = |own: &'static str, other| if own.is_empty() { other } else { Cow::Borrowed(own) };
    let certain =
        best.told && !best.doubtful || matches!(row.cause, Cause::Delayed | Cause::Refused);
    Some(Refusal {
        party: row.party,
        confidence: if certain { Confidence::Certain } else { Confidence::Likely },
        retry: row.retry.unwrap_or(general.retry),
        says: or(row.says, general.says),
        help: or(row.help, general.help),
        ..general
    })
}

/// A refusal with what is true of its cause in general.
fn general(cause: Cause, exchange: usize, source: &'static str) -> Refusal {
    let fact = cause.fact();
    Refusal {
        exchange,
        cause,
        party: None,
        confidence: Confidence::Certain,
        retry: fact.retry,
        made_good: false,
        source,
        says: Cow::Borrowed(fact.says),
        help: Cow::Borrowed(fact.help),
    }
}

/// The enhanced code of a reply: subject and detail.
fn enhanced_of(session: &Session<'_>, reply: &Reply<'_>) -> Option<(u16, u16)> {
    let numbers = |code: enhanced::EnhancedCode<'_>| Some((code.subject?, code.detail?));
    session.reply_lines(reply).find_map(|(_, line, text)| {
        let first = Session::enhanced(line.as_ref(), text).and_then(numbers);
        first.or_else(|| enhanced::mentioned(text).and_then(numbers))
    })
}

/// The provider that the greeting gives away.
fn greeted_provider(session: &Session<'_>) -> Option<provider::Provider> {
    let greeting = session.greeting()?;
    provider::of(&session.reply_text(greeting))
}

/// Every recipient of the transaction had been refused.
const fn exhausted(exchange: &Exchange<'_>) -> bool {
    exchange.standing.flags.recipients == 0 && exchange.standing.refused_recipients > 0
}

/// A reply before this one refused mail: the record of a bounce shows what failed, and not what it answered.
fn was_refused(session: &Session<'_>, place: usize) -> bool {
    let before = session.exchanges.get(..place).unwrap_or_default();
    before.iter().any(|exchange| {
        exchange.refused() && stage::of(exchange) & (stage::RCPT | stage::DATA) != 0
    })
}

/// Whether a diagnosis may stand where no mail is refused: at NOOP, or where nothing was asked.
fn may_stand_anywhere(refusal: &Refusal, code: u16, stage: u16) -> bool {
    match refusal.cause {
        Cause::TooManyErrors | Cause::IdleTimeout | Cause::NoValidRecipients => true,
        Cause::ServerError | Cause::ServiceUnavailable if stage == stage::TLS => true,
        _ => code == 421,
    }
}

/// Whether a text says no more than that the order was wrong, whatever the code.
fn says_wrong_order(text: &[u8]) -> bool {
    const WORDS: &[&str] = &[
        "bad sequence",
        "out of sequence",
        "out of order",
        "need mail",
        "need rcpt",
        "no valid recipient",
        "no recipient specified",
        "mail first",
        "rcpt first",
        "helo first",
        "say hello",
        "polite people",
        "nested mail",
        "sender already",
        "no sender",
        "synchronization error",
        "protocol synchronization",
        "improper use of smtp command pipelining",
        "protocol error",
    ];
    WORDS.iter().any(|words| memchr::memmem::find(text, words.as_bytes()).is_some())
}

/// Whether a command came where the order has others before it.
fn is_early(exchange: &Exchange<'_>) -> bool {
    let standing = exchange.standing;
    match stage::of(exchange) {
        stage::RCPT => !standing.flags.in_transaction,
        stage::DATA | stage::MESSAGE => standing.flags.recipients == 0,
        stage::MAIL => standing.flags.in_transaction || standing.flags.hello == Hello::None,
        stage::CONNECT | stage::HELLO => true,
        _ => false,
    }
}

/// Of XOAUTH2: what the challenge before the refusal says of the token (base64 of JSON with a status).
fn with_token(session: &Session<'_>, place: usize, refusal: Refusal) -> Refusal {
    use base64::{Engine, engine::general_purpose::STANDARD};
    if refusal.cause != Cause::AuthFailed {
        return refusal;
    }
    let before = place.checked_sub(1).and_then(|place| session.exchanges.get(place));
    let challenge =
        before.and_then(|exchange| exchange.reply.as_ref()).filter(|reply| reply.code == 334);
    let status = challenge
        .and_then(|reply| STANDARD.decode(reply.text.trim_ascii()).ok())
        .is_some_and(|json| memchr::memmem::find(&json, b"\"status\"").is_some());
    if !status {
        return refusal;
    }
    Refusal {
        says: Cow::Borrowed(
            "the server did not accept the OAuth token: it has expired, or was made for another purpose",
        ),
        help: Cow::Borrowed(
            "get a new access token with the scope for SMTP, for this very account",
        ),
        confidence: Confidence::Likely,
        ..refusal
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_not_another_servers_than_the_one_that_greets() {
        for (source, greeting, another) in [
            ("Postfix", "mx.example ESMTP Exim 4.96", true),
            ("Postfix", "mx.example ESMTP Postfix", false),
            ("Postfix", "mx.example ESMTP", false),
            ("Exim, Sendmail, Google", "mx.example ESMTP Sendmail 8.18", false),
            ("Postfix and others", "mx.example ESMTP Exim 4.96", false),
            ("Spamhaus", "mx.example ESMTP Exim 4.96", false),
        ] {
            assert_eq!(is_another(source, greeting.as_bytes()), another, "{source}, {greeting}");
        }
    }
}
