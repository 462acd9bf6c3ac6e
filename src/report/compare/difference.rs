//! In what two sessions differ: their ends, and one pair of exchanges after the other.

use std::{cmp::Reverse, collections::BTreeSet};

use super::{
    alignment::Pair,
    document::{Difference, Weight},
};
use crate::{
    report::{ExchangeReport, FindingReport, ReplyReport, SessionReport, words},
    rules::Severity,
};

/// A reply is late where it takes so many milliseconds, and so many times as long as on the other side.
const LATE: f64 = 1000.0;
const TIMES: f64 = 10.0;

/// The differences as they are found.
pub(super) struct Found<'r> {
    pub(super) good: &'r SessionReport,
    pub(super) bad: &'r SessionReport,
    pub(super) differences: Vec<Difference>,
}

impl Found<'_> {
    fn tell(&mut self, what: &'static str, weight: Weight, (good, bad): Pair<'_>, text: String) {
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
                finding.severity > Severity::Note
            }
            _ => false,
        };
        let rank = |finding: &&FindingReport| {
            // Why it was refused says more than that it is odd.
            (
                !matches!(finding.family, "delivery" | "relay"),
                finding.because_of.is_some(),
                Reverse(finding.severity),
                finding.line,
            )
        };
        let candidates = self.bad.findings.iter().filter(on).filter(says_why).filter(differs);
        candidates.min_by_key(rank)
    }

    /// Whom the sessions were between, and what protected them.
    pub(super) fn ends(&mut self) {
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
    pub(super) fn pair(&mut self, good: &ExchangeReport, bad: &ExchangeReport) {
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
        let answered = || {
            format!(
                "{} was answered {} in the good session, {} in the bad one",
                command(good),
                reply(one),
                reply(other)
            )
        };
        if class(one) != class(other) {
            // Refused is refused, for now or for good.
            let refused = class(one) > 3 && class(other) > 3;
            let weight = if refused { Weight::May } else { Weight::Matters };
            return self.tell("reply", weight, both, answered());
        }
        if matches!(good.verb.as_deref(), Some("EHLO" | "LHLO")) && good.verb == bad.verb {
            return self.offers(both, one, other);
        }
        if one.code != other.code || one.enhanced != other.enhanced {
            let weight = if class(one) > 3 { Weight::May } else { Weight::Minor };
            self.tell("reply", weight, both, answered());
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
    fn offers(&mut self, both: Pair<'_>, one: &ReplyReport, other: &ReplyReport) {
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
    pub(super) fn single(&mut self, exchange: &ExchangeReport, in_good: bool) {
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
