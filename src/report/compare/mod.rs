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

use super::{ExchangeReport, SessionReport, VERSION, words};

mod alignment;
mod difference;
mod document;

use alignment::pairs;
use difference::Found;
pub use document::*;

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
