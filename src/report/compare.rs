//! Two sessions side by side: what differs, and which difference is the first that matters.
//!
//! *Enters*: the reports on a session that went well and on one that did not. *Leaves*: their exchanges in pairs, and
//! [`Difference`]s in the order of the dialogue, each with a weight.
//!
//! A difference [matters](Weight::Matters) where it changes how the dialogue goes on: a command refused on one
//! side only or not answered, TLS or a login on one side only, an offer of these. It [may](Weight::May) where it is
//! something that a server judges by: names, addresses, other offers, other versions. The rest is
//! [minor](Weight::Minor): wordings, times that do not stand out.
//!
//! The first that matters is the first command with another fate: what came before it may be why, what comes
//! behind it follows from it.

use std::collections::BTreeSet;

use serde::Serialize;

use super::{ExchangeReport, FindingReport, ReplyReport, SessionReport, VERSION, words};

/// The name and version of the comparison's form.
pub const COMPARISON_SCHEMA: &str = "smtplog-comparison-1";

/// How many exchanges of either side are skipped at most to find the next pair.
const AHEAD: usize = 8;
/// A reply is late where it takes so many milliseconds, and so many times as long as on the other side.
const LATE: f64 = 1000.0;
const TIMES: f64 = 10.0;

/// What a rule blames: the rule, what differs, and at which command where that says it.
const BLAMES: &[(&str, &str, Option<&str>)] = &[
    ("tls-required", "tls", None),
    ("auth-required", "login", None),
    ("relay-denied", "login", None),
    ("mailbox-unknown", "argument", Some("RCPT")),
    ("mailbox-disabled", "argument", Some("RCPT")),
    ("mailbox-full", "argument", Some("RCPT")),
    ("domain-unknown", "argument", Some("RCPT")),
    ("no-mail-service", "argument", Some("RCPT")),
    ("recipient-moved", "argument", Some("RCPT")),
    ("relay-denied", "argument", Some("RCPT")),
    ("sender-rejected", "argument", Some("MAIL")),
    ("sender-unverified", "argument", Some("MAIL")),
    ("spf-failed", "argument", Some("MAIL")),
    ("hello-rejected", "argument", Some("EHLO")),
    ("hello-rejected", "argument", Some("HELO")),
    ("blocklisted", "client", None),
    ("reputation-poor", "client", None),
    ("reverse-dns-missing", "client", None),
];

/// How much a difference matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Weight {
    /// It changes nothing.
    Minor,
    /// It may be why something else differs.
    May,
    /// The dialogue goes on in another way.
    Matters,
}

impl Weight {
    /// Its name in the comparison.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Minor => "minor",
            Self::May => "may",
            Self::Matters => "matters",
        }
    }
}

/// Two sessions compared.
#[derive(Debug, Clone, Serialize)]
pub struct Comparison {
    /// The name and version of this form: [`COMPARISON_SCHEMA`].
    pub schema: &'static str,
    /// The version of the program.
    pub version: &'static str,
    /// The session that went well.
    pub good: Side,
    /// The session that did not.
    pub bad: Side,
    /// The first difference that matters; where none does, the first that may.
    pub first: Option<Difference>,
    /// What came before it and is why, by what the server said.
    pub because: Option<Difference>,
    /// What else came before it and may be why.
    pub before: Vec<Difference>,
    /// All differences, in the order of the dialogue.
    pub differences: Vec<Difference>,
    /// The exchanges of both sessions in pairs.
    pub steps: Vec<Step>,
}

/// One of the two sessions.
#[derive(Debug, Clone, Serialize)]
pub struct Side {
    /// Its source.
    pub source: String,
    /// Its number within the source.
    pub session: u64,
    /// The first line of the source that belongs to it.
    pub first_line: u64,
    /// The last one.
    pub last_line: u64,
    /// What became of the mail.
    pub outcome: &'static str,
    /// The same in one sentence.
    pub verdict: String,
}

/// Something that differs.
#[derive(Debug, Clone, Serialize)]
pub struct Difference {
    /// What differs: `reply`, `answer`, `command`, `argument`, `offer`, `server`, `client`, `tls`, `login`, `time` or
    /// `wording`.
    pub what: &'static str,
    /// How much it matters.
    pub weight: Weight,
    /// The command at which it stands; `null` for what is no exchange's.
    pub command: Option<String>,
    /// The line in the good session's source.
    pub good_line: Option<u64>,
    /// The line in the bad session's source.
    pub bad_line: Option<u64>,
    /// The difference in a sentence.
    pub text: String,
    /// The rule that explains it in the bad session.
    pub rule: Option<&'static str>,
    /// What that rule says to do.
    pub help: Option<String>,
}

/// An exchange of both sessions, or of one.
#[derive(Debug, Clone, Serialize)]
pub struct Step {
    /// In the good session.
    pub good: Option<Spoken>,
    /// In the bad session.
    pub bad: Option<Spoken>,
    /// The most that differs here; `null` where nothing does.
    pub weight: Option<Weight>,
}

/// An exchange in short.
#[derive(Debug, Clone, Serialize)]
pub struct Spoken {
    /// The line at which it begins.
    pub line: Option<u64>,
    /// What the client sent.
    pub client: String,
    /// What the server answered.
    pub server: String,
}

impl Step {
    /// Whether a difference stands at these exchanges.
    pub fn is_at(&self, difference: Option<&Difference>) -> bool {
        let line = |spoken: &Option<Spoken>| spoken.as_ref().and_then(|spoken| spoken.line);
        difference.is_some_and(|difference| {
            difference.command.is_some()
                && line(&self.good) == difference.good_line
                && line(&self.bad) == difference.bad_line
        })
    }
}

/// A session with the name of its source.
#[derive(Debug, Clone, Copy)]
pub struct Sided<'r> {
    /// The source's name.
    pub source: &'r str,
    /// The session.
    pub session: &'r SessionReport,
}

impl Sided<'_> {
    fn side(&self) -> Side {
        Side {
            source: self.source.to_owned(),
            session: self.session.id,
            first_line: self.session.first_line,
            last_line: self.session.last_line,
            outcome: self.session.outcome,
            verdict: self.session.verdict.clone(),
        }
    }

    fn spoken(&self, exchange: &ExchangeReport) -> Spoken {
        Spoken {
            line: words::line_of(exchange),
            client: words::client(self.session, exchange),
            server: words::server(exchange),
        }
    }
}

/// Compares a session that went well with one that did not.
pub fn compare(good: Sided<'_>, bad: Sided<'_>) -> Comparison {
    let mut found = Found { good: good.session, bad: bad.session, differences: Vec::new() };
    found.ends();
    let mut steps = Vec::new();
    for (one, other) in pairs(&good.session.exchanges, &bad.session.exchanges) {
        let before = found.differences.len();
        match (one, other) {
            (Some(one), Some(other)) => found.pair(one, other),
            (Some(one), None) => found.single(one, true),
            (None, Some(other)) => found.single(other, false),
            (None, None) => {}
        }
        let new = found.differences.get(before..).unwrap_or_default();
        steps.push(Step {
            good: one.map(|exchange| good.spoken(exchange)),
            bad: other.map(|exchange| bad.spoken(exchange)),
            weight: new.iter().map(|difference| difference.weight).max(),
        });
    }
    let differences = found.differences;
    let fate = |it: &Difference| {
        it.weight == Weight::Matters
            && matches!(it.what, "reply" | "answer")
            && it.command.is_some()
    };
    let of = |weight| move |it: &Difference| it.weight == weight;
    let first = differences
        .iter()
        .position(fate)
        .or_else(|| differences.iter().position(of(Weight::Matters)))
        .or_else(|| differences.iter().position(of(Weight::May)));
    let earlier = || differences.iter().take(first.unwrap_or(0));
    let first = first.and_then(|place| differences.get(place)).cloned();
    let blamed = first.as_ref().and_then(|first| first.rule);
    let because = blamed.and_then(|rule| {
        let rows = || BLAMES.iter().filter(|(name, ..)| *name == rule);
        rows().find_map(|(_, what, at)| {
            earlier().find(|it| {
                it.what == *what && at.is_none_or(|at| it.command.as_deref() == Some(at))
            })
        })
    });
    let before = earlier()
        .filter(|it| it.weight > Weight::Minor && because.is_none_or(|why| why.text != it.text))
        .cloned()
        .collect();
    let because = because.cloned();
    Comparison {
        schema: COMPARISON_SCHEMA,
        version: VERSION,
        good: good.side(),
        bad: bad.side(),
        first,
        because,
        before,
        differences,
        steps,
    }
}

/// An exchange of both sessions, or of one of them.
type Pair<'r> = (Option<&'r ExchangeReport>, Option<&'r ExchangeReport>);

/// The exchanges in pairs: each with the next of its kind, if that is near.
fn pairs<'r>(mut good: &'r [ExchangeReport], mut bad: &'r [ExchangeReport]) -> Vec<Pair<'r>> {
    let mut pairs = Vec::new();
    while let ([one, ..], [other, ..]) = (good, bad) {
        let near = |skipped: usize| {
            (0..=skipped).map(move |of_good| (of_good, skipped - of_good)).find(|(one, other)| {
                let (one, other) = (good.get(*one), bad.get(*other));
                one.zip(other).is_some_and(|(one, other)| is_alike(one, other))
            })
        };
        let Some((of_good, of_bad)) = (0..=AHEAD).find_map(near) else {
            // A greeting and a refused greeting are alike; two that are not stand for themselves.
            pairs.extend([(Some(one), None), (None, Some(other))]);
            (good, bad) = (rest(good, 1), rest(bad, 1));
            continue;
        };
        pairs.extend(good.iter().take(of_good).map(|one| (Some(one), None)));
        pairs.extend(bad.iter().take(of_bad).map(|other| (None, Some(other))));
        pairs.push((good.get(of_good), bad.get(of_bad)));
        (good, bad) = (rest(good, of_good + 1), rest(bad, of_bad + 1));
    }
    pairs.extend(good.iter().map(|one| (Some(one), None)));
    pairs.extend(bad.iter().map(|other| (None, Some(other))));
    pairs
}

fn rest(exchanges: &[ExchangeReport], from: usize) -> &[ExchangeReport] {
    exchanges.get(from..).unwrap_or_default()
}

fn is_alike(one: &ExchangeReport, other: &ExchangeReport) -> bool {
    let hello = |verb: &Option<String>| matches!(verb.as_deref(), Some("EHLO" | "HELO" | "LHLO"));
    one.kind == other.kind && (one.verb == other.verb || hello(&one.verb) && hello(&other.verb))
}

/// The differences as they are found.
struct Found<'r> {
    good: &'r SessionReport,
    bad: &'r SessionReport,
    differences: Vec<Difference>,
}

impl Found<'_> {
    fn tell(
        &mut self,
        what: &'static str,
        weight: Weight,
        (good, bad): (Option<&ExchangeReport>, Option<&ExchangeReport>),
        text: String,
    ) {
        let explains = (weight > Weight::Minor).then(|| self.explains(bad?)).flatten();
        let (rule, help) =
            explains.map(|it| (it.rule, it.help.clone())).map_or((None, None), |(rule, help)| {
                (Some(rule), Some(help).filter(|help| !help.is_empty()))
            });
        self.differences.push(Difference {
            what,
            weight,
            command: good.or(bad).map(command),
            good_line: good.and_then(words::line_of),
            bad_line: bad.and_then(words::line_of),
            text,
            rule,
            help,
        });
    }

    /// What explains an exchange of the bad session: a cause rather than a consequence.
    fn explains(&self, exchange: &ExchangeReport) -> Option<&FindingReport> {
        let first = words::line_of(exchange)?;
        let reply = exchange.reply.as_ref().map(|reply| reply.last_line);
        let command = exchange.command.as_ref().map(|command| command.last_line);
        let last = reply.max(command).unwrap_or(first);
        let on = |finding: &&FindingReport| (first..=last).contains(&finding.line);
        // What the good session shows as well, or what has nothing to do with replies, explains none.
        let differs = |finding: &&FindingReport| {
            self.good.findings.iter().all(|other| other.rule != finding.rule)
        };
        let says_why = |finding: &&FindingReport| match finding.family {
            "delivery" | "relay" => true,
            "transport" | "order" | "syntax" | "middlebox" | "extension" => {
                finding.severity != "note"
            }
            _ => false,
        };
        let rank = |finding: &&FindingReport| {
            let severity = match finding.severity {
                "error" => 0,
                "warning" => 1,
                _ => 2,
            };
            // Why it was refused says more than that it is odd.
            (
                !matches!(finding.family, "delivery" | "relay"),
                finding.because_of.is_some(),
                severity,
                finding.line,
            )
        };
        let candidates = self.bad.findings.iter().filter(on).filter(says_why).filter(differs);
        candidates.min_by_key(rank)
    }

    /// Whom the sessions were between, and what protected them.
    fn ends(&mut self) {
        let (good, bad) = (self.good, self.bad);
        let known = |text: &Option<String>| text.clone().unwrap_or_default();
        for (what, name, one, other) in [
            ("server", "software", &good.server.software, &bad.server.software),
            ("server", "name", &good.server.name, &bad.server.name),
            ("server", "address", &good.server.address, &bad.server.address),
            ("client", "address", &good.client.address, &bad.client.address),
        ] {
            if one.is_some() && other.is_some() && one != other {
                let text = format!(
                    "the {what}'s {name} is `{}` in the good session, `{}` in the bad one",
                    known(one),
                    known(other)
                );
                self.tell(what, Weight::May, (None, None), text);
            }
        }
        let port = |session: &SessionReport| session.server.port;
        if let (Some(one), Some(other)) = (port(good), port(bad))
            && one != other
        {
            let text = format!("the port is {one} in the good session, {other} in the bad one");
            self.tell("server", Weight::May, (None, None), text);
        }
    }

    /// An exchange that both sessions have.
    fn pair(&mut self, good: &ExchangeReport, bad: &ExchangeReport) {
        let both = (Some(good), Some(bad));
        self.arguments(good, bad);
        match (&good.reply, &bad.reply) {
            (None, None) => {}
            (Some(one), None) => {
                let text = format!(
                    "{} was answered {} in the good session, and not at all in the bad one",
                    command(good),
                    reply(one)
                );
                self.tell("answer", Weight::Matters, both, text);
            }
            (None, Some(other)) => {
                let text = format!(
                    "{} was not answered in the good session, and {} in the bad one",
                    command(good),
                    reply(other)
                );
                self.tell("answer", Weight::May, both, text);
            }
            (Some(one), Some(other)) => self.replies(good, bad, one, other),
        }
        if let (Some(one), Some(other)) = (good.latency_ms, bad.latency_ms)
            && other >= LATE
            && other >= one * TIMES
        {
            let text = format!(
                "the reply to {} took {:.1} s in the bad session, {:.1} s in the good one",
                command(bad),
                other / 1000.0,
                one / 1000.0
            );
            self.tell("time", Weight::May, both, text);
        }
    }

    fn arguments(&mut self, good: &ExchangeReport, bad: &ExchangeReport) {
        if !matches!(good.kind, "command") {
            return;
        }
        let (Some(one), Some(other)) = (&good.command, &bad.command) else { return };
        if good.verb != bad.verb {
            let verb = |exchange: &ExchangeReport| exchange.verb.clone().unwrap_or_default();
            let text = format!(
                "the client said {} in the good session, {} in the bad one",
                verb(good),
                verb(bad)
            );
            return self.tell("command", Weight::May, (Some(good), Some(bad)), text);
        }
        let argument = |text: &str| {
            let text = text.trim();
            let verb = good.verb.as_ref().map_or(0, String::len);
            text.get(verb..).unwrap_or_default().trim().to_ascii_lowercase()
        };
        if argument(&one.text) != argument(&other.text) {
            let text = format!(
                "the client sent {} in the good session, {} in the bad one",
                quoted(&one.text),
                quoted(&other.text)
            );
            self.tell("argument", Weight::May, (Some(good), Some(bad)), text);
        }
    }

    fn replies(
        &mut self,
        good: &ExchangeReport,
        bad: &ExchangeReport,
        one: &ReplyReport,
        other: &ReplyReport,
    ) {
        let both = (Some(good), Some(bad));
        let class = |reply: &ReplyReport| reply.code.unwrap_or(0) / 100;
        if class(one) != class(other) {
            let text = format!(
                "{} was answered {} in the good session, {} in the bad one",
                command(good),
                reply(one),
                reply(other)
            );
            // Refused is refused, for now or for good.
            let refused = class(one) > 3 && class(other) > 3;
            let weight = if refused { Weight::May } else { Weight::Matters };
            return self.tell("reply", weight, both, text);
        }
        if matches!(good.verb.as_deref(), Some("EHLO" | "LHLO")) && good.verb == bad.verb {
            return self.offers(good, bad, one, other);
        }
        if one.code != other.code || one.enhanced != other.enhanced {
            let text = format!(
                "{} was answered {} in the good session, {} in the bad one",
                command(good),
                reply(one),
                reply(other)
            );
            let weight = if class(one) > 3 { Weight::May } else { Weight::Minor };
            self.tell("reply", weight, both, text);
        } else if one.text != other.text && good.kind == "command" {
            let text = format!(
                "the reply to {} has other words: {}, {}",
                command(good),
                reply(one),
                reply(other)
            );
            self.tell("wording", Weight::Minor, both, text);
        }
    }

    /// What the server offers in reply to EHLO.
    fn offers(
        &mut self,
        good: &ExchangeReport,
        bad: &ExchangeReport,
        one: &ReplyReport,
        other: &ReplyReport,
    ) {
        let both = (Some(good), Some(bad));
        let keyword =
            |line: &str| line.split([' ', '=']).next().unwrap_or_default().to_ascii_uppercase();
        let keywords = |reply: &ReplyReport| -> BTreeSet<String> {
            reply.text.iter().skip(1).map(|line| keyword(line)).collect()
        };
        let (offered, offers) = (keywords(one), keywords(other));
        let protects = |name: &&String| matches!(name.as_str(), "STARTTLS" | "AUTH");
        let (needed, handy): (Vec<&String>, Vec<&String>) =
            offered.difference(&offers).partition(protects);
        let new: Vec<&String> = offers.difference(&offered).collect();
        for (names, side, weight) in [
            (needed, "good", Weight::Matters),
            (handy, "good", Weight::May),
            (new, "bad", Weight::May),
        ] {
            if !names.is_empty() {
                let names: Vec<String> = names.iter().map(|name| quoted(name)).collect();
                let text =
                    format!("the server offered {} in the {side} session only", names.join(", "));
                self.tell("offer", weight, both, text);
            }
        }
        for line in one.text.iter().skip(1) {
            let name = keyword(line);
            let same = other.text.iter().skip(1).find(|other| keyword(other) == name);
            if let Some(same) = same.filter(|same| !same.eq_ignore_ascii_case(line)) {
                let text = format!(
                    "the server offered {} in the good session, {} in the bad one",
                    quoted(line),
                    quoted(same)
                );
                let weight = if name == "AUTH" { Weight::May } else { Weight::Minor };
                self.tell("offer", weight, both, text);
            }
        }
    }

    /// An exchange that one session has.
    fn single(&mut self, exchange: &ExchangeReport, in_good: bool) {
        let side = if in_good { "good" } else { "bad" };
        let pair = if in_good { (Some(exchange), None) } else { (None, Some(exchange)) };
        let refused = exchange.reply.as_ref().is_some_and(|it| it.code.unwrap_or(0) >= 400);
        let answered = match &exchange.reply {
            Some(it) => format!(", and was answered {}", reply(it)),
            None => String::new(),
        };
        let (what, weight) = match (exchange.kind, exchange.verb.as_deref()) {
            ("unsolicited", _) if refused && !in_good => ("reply", Weight::Matters),
            ("unsolicited" | "auth", _) => ("reply", Weight::Minor),
            (_, Some("STARTTLS")) => ("tls", if refused { Weight::May } else { Weight::Matters }),
            (_, Some("AUTH")) => {
                ("login", if refused && in_good { Weight::May } else { Weight::Matters })
            }
            (_, Some("QUIT" | "NOOP" | "RSET")) if !refused => ("command", Weight::Minor),
            // After EHLO of its own under TLS the dialogue is the same again.
            (_, Some("EHLO" | "HELO")) if !refused => ("command", Weight::Minor),
            _ if refused || in_good => ("command", Weight::Matters),
            _ => ("command", Weight::May),
        };
        let text = match exchange.kind {
            "unsolicited" => {
                let said = exchange.reply.as_ref().map(reply).unwrap_or_default();
                format!("the server said {said} in the {side} session only, unasked")
            }
            "greeting" => format!("only the {side} session has a greeting"),
            "message" => format!("only the {side} session has a message{answered}"),
            _ => format!("only the {side} session has {}{answered}", command(exchange)),
        };
        self.tell(what, weight, pair, text);
    }
}

/// What an exchange is called in a sentence.
fn command(exchange: &ExchangeReport) -> String {
    match (exchange.kind, &exchange.verb) {
        ("greeting", _) => "the connection".to_owned(),
        ("message", _) => "the message".to_owned(),
        ("auth", _) => "the login".to_owned(),
        ("unsolicited", _) => "nothing".to_owned(),
        (_, Some(verb)) => verb.clone(),
        (_, None) => "a command".to_owned(),
    }
}

/// `550 5.7.1 Relay access denied`, quoted.
fn reply(reply: &ReplyReport) -> String {
    let mut said = words::code(reply);
    for line in &reply.text {
        if !said.is_empty() && !line.is_empty() {
            said.push(' ');
        }
        said.push_str(line);
    }
    quoted(&said)
}

fn quoted(text: &str) -> String {
    crate::rules::quoted(text.as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn compared(good: &str, bad: &str) -> Comparison {
        let report =
            |record: &str| crate::analyze_bytes("t", record.as_bytes(), &crate::Options::default());
        let (good, bad) = (report(good), report(bad));
        compare(
            Sided { source: "good", session: &good.sessions[0] },
            Sided { source: "bad", session: &bad.sessions[0] },
        )
    }

    fn session(parts: &[&str]) -> String {
        let mut record = "S: 220 mx.example.net ESMTP\nC: EHLO client.example\n".to_owned();
        for part in parts {
            record.push_str(part);
        }
        record + "C: QUIT\nS: 221 2.0.0 Bye\n"
    }

    const OFFER: &str = "S: 250-mx.example.net\nS: 250-STARTTLS\nS: 250 AUTH PLAIN\n";
    const LOGIN: &str = "C: AUTH PLAIN AGEAYg==\nS: 235 2.7.0 Ok\n";
    const MAIL: &str = "C: MAIL FROM:<a@client.example>\nS: 250 2.1.0 Ok\n";
    const TAKEN: &str = "C: RCPT TO:<b@example.org>\nS: 250 2.1.5 Ok\n";
    const DENIED: &str = "C: RCPT TO:<b@example.org>\nS: 554 5.7.1 Relay access denied\n";
    const UNKNOWN: &str = "C: RCPT TO:<c@example.org>\nS: 550 5.1.1 User unknown\n";
    const DATA: &str =
        "C: DATA\nS: 354 go on\nC: From: a@client.example\nC:\nC: Hi\nC: .\nS: 250 2.0.0 Ok\n";

    #[test]
    fn the_first_that_matters_and_why() {
        let good = session(&[OFFER, LOGIN, MAIL, TAKEN, DATA]);
        for (bad, command, rule, because) in [
            (session(&[OFFER, MAIL, DENIED]), Some("RCPT"), Some("relay-denied"), Some("login")),
            (
                session(&[OFFER, LOGIN, MAIL, UNKNOWN]),
                Some("RCPT"),
                Some("mailbox-unknown"),
                Some("argument"),
            ),
            (session(&[OFFER, LOGIN, MAIL, TAKEN, DATA]), None, None, None),
        ] {
            let compared = compared(&good, &bad);
            let first = compared.first.as_ref();
            assert_eq!(first.and_then(|it| it.command.as_deref()), command, "{bad}");
            assert_eq!(first.and_then(|it| it.rule), rule, "{bad}");
            assert_eq!(compared.because.as_ref().map(|it| it.what), because, "{bad}");
        }
    }

    #[test]
    fn an_offer_that_is_gone_matters() {
        let good = session(&[OFFER, LOGIN, MAIL, TAKEN, DATA]);
        let bad = session(&["S: 250-mx.example.net\nS: 250 SIZE\n"]);
        let compared = compared(&good, &bad);
        let first = compared.first.unwrap();
        assert_eq!((first.what, first.weight), ("offer", Weight::Matters));
        assert_eq!(first.text, "the server offered `AUTH`, `STARTTLS` in the good session only");
    }

    #[test]
    fn what_is_blamed_by_rules_that_are() {
        for (rule, ..) in BLAMES {
            assert!(crate::rules::find(rule).is_some(), "{rule}");
        }
    }

    #[test]
    fn long_sessions_are_paired_in_time() {
        let many = MAIL.to_owned() + &UNKNOWN.repeat(3000);
        let compared = compared(&session(&[OFFER, &many]), &session(&[OFFER, LOGIN, &many]));
        assert!(compared.steps.len() < 3010, "{}", compared.steps.len());
    }
}
