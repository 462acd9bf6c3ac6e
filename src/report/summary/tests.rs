//! What is counted of small logs, and that it does not matter how they are split.

use std::ops::ControlFlow;

use super::*;
use crate::{
    Options,
    analyze::{Pace, read},
    rules,
    source::Source,
};

/// A session of an Exchange receive log.
fn exchange(number: u32, client: &str, minute: u32, rows: &[(char, &str)]) -> String {
    let row = |second: usize, event: char, data: &str| {
        format!(
            "2026-11-23T10:{minute:02}:{second:02}.000Z,MX1\\Default,08DE2A6F{number:08X},{second},\
             192.0.2.25:25,{client}:4711,{event},{data},\n"
        )
    };
    let mut log = row(0, '+', "");
    let mut second = 1;
    for (event, data) in rows {
        log.push_str(&row(second, *event, data));
        second += 1;
    }
    log + &row(second, '-', "")
}

/// Sessions of several kinds, each with its number.
fn sessions() -> Vec<String> {
    (0..20_u32)
        .map(|number| {
            let client = format!("192.0.2.{}", number % 7 + 1);
            let rcpt = format!("RCPT TO:<user{number}@d{}.example>", number % 5);
            let refusal = match number % 4 {
                0 => format!("550 5.1.1 <user{number}@d{}.example>: User unknown", number % 5),
                1 => "554 5.7.1 Relay access denied".to_owned(),
                _ => "250 2.1.5 Ok".to_owned(),
            };
            let queued = format!("250 2.0.0 Ok: queued as 4F1C2A{number:04X}");
            let mut rows = vec![
                ('>', "220 mx.example.net ESMTP Postfix"),
                ('<', "EHLO client.example"),
                ('>', "250 mx.example.net"),
                ('<', "MAIL FROM:<a@client.example>"),
                ('>', "250 2.1.0 Ok"),
                ('<', &rcpt),
                ('>', &refusal),
            ];
            if number % 4 > 1 {
                rows.extend([('<', "DATA"), ('>', "354 go on"), ('>', queued.as_str())]);
            }
            rows.extend([('<', "QUIT"), ('>', "221 2.0.0 Bye")]);
            exchange(number, &client, number, &rows)
        })
        .collect()
}

fn counted(tally: &mut Tally, name: &str, log: &str) {
    let options = Options::default();
    let source = &mut Source::new(name, log.as_bytes(), &options.source);
    let mut ended = read(source, &options, Pace::Batches, &mut |transcripts| {
        for transcript in &transcripts {
            let session = Session::of(transcript);
            let findings = rules::judge(&session, &options.judging);
            tally.see(name, &session, &findings, |finding| options.asks_for(finding));
        }
        ControlFlow::Continue(transcripts)
    });
    tally.read(&ended.report(&rules::Gathered::default(), 0, &options));
}

fn summary(question: Question, logs: &[&str]) -> SummaryReport {
    let mut tally = Tally::new(question);
    for (log, number) in logs.iter().zip(1..) {
        counted(&mut tally, &format!("{number}.log"), log);
    }
    tally.finish(100)
}

fn asking(condition: &str) -> Question {
    Question { condition: Some(condition.parse().unwrap()), ..Question::default() }
}

#[test]
fn any_split_gives_the_same() {
    let logs = sessions();
    let shown = |tally: &Tally| serde_json::to_string_pretty(&tally.finish(100)).unwrap();
    let empty = || Tally::new(Question { by: Some(By::Peer), ..Question::default() });
    let name = |number: usize| format!("{number:02}.log");
    let mut whole = empty();
    for (number, log) in logs.iter().enumerate() {
        counted(&mut whole, &name(number), log);
    }
    for parts in [2, 7] {
        let mut added = empty();
        for part in (0..parts).rev() {
            let mut tally = empty();
            for (number, log) in logs.iter().enumerate().rev() {
                if number % parts == part {
                    counted(&mut tally, &name(number), log);
                }
            }
            added.add(tally);
        }
        assert_eq!(shown(&added), shown(&whole), "{parts} parts");
    }
}

#[test]
fn what_is_counted() {
    let logs = sessions();
    let log = logs.concat();
    let summary = summary(Question::default(), &[&log]);
    let totals = &summary.totals;
    assert_eq!((totals.sessions, totals.messages, totals.refusals), (20, 10, 10));
    assert_eq!((totals.recipients_accepted, totals.recipients_refused), (10, 10));
    assert_eq!(totals.outcomes, BTreeMap::from([("queued".into(), 10), ("rejected".into(), 10)]));
    assert_eq!(totals.started.as_deref(), Some("2026-11-23T10:00:00Z"));
    // Addresses differ, the cause does not.
    let causes: Vec<_> = summary
        .failures
        .rows
        .iter()
        .map(|failure| (failure.rule.as_deref().unwrap(), failure.count, failure.example.line))
        .collect();
    assert_eq!(causes, [("mailbox-unknown", 5, 8), ("relay-denied", 5, 19)]);
    let unknown = &summary.failures.rows[0];
    assert_eq!(unknown.replies[0].text, "<address>: User unknown");
    assert_eq!(unknown.last.as_deref(), Some("2026-11-23T10:16:07Z"));
    assert_eq!(summary.clients.total, 7);
    assert_eq!(summary.domains.total, 5);
    assert_eq!(summary.connectors.rows[0].name, "MX1\\Default");
    assert_eq!(summary.servers.rows[0].software.as_deref(), Some("Postfix"));
    assert_eq!(summary.codes["221"], 20);
    let mail = summary.commands.rows.iter().find(|row| row.verb == "MAIL").unwrap();
    assert_eq!(mail.latency.as_ref().map(|latency| latency.count), Some(20));
    assert_eq!((summary.tls.plain, summary.tls.plain_share), (20, Some(1.0)));
    assert_eq!(summary.hours.rows.len(), 1);
    assert!(summary.limits.is_empty());
    // What is written is read again as the same.
    let json = serde_json::to_string(&summary).unwrap();
    assert_eq!(serde_json::from_str::<SummaryReport>(&json).unwrap(), summary);
}

#[test]
fn only_what_is_asked_for() {
    let log = sessions().concat();
    for (condition, expected) in [
        ("outcome=rejected", 10),
        ("outcome!=rejected", 10),
        ("code=550", 5),
        ("code=5xx", 10),
        ("verb=RCPT and code=550", 5),
        // MAIL was never refused, and in brackets each speaks for itself.
        ("verb=MAIL and code=550", 0),
        ("(verb=MAIL) and (code=550)", 5),
        ("not code=550 and outcome=rejected", 5),
        ("peer=192.0.2.1", 3),
        ("peer=192.0.2.0/24", 20),
        ("peer=client.*", 20),
        ("domain=D0.example", 4),
        ("rule=relay", 5),
        ("rule=mailbox-unknown or rule=relay-denied", 10),
        ("connector=mx1*", 20),
        ("message=4F1C2A0002", 1),
    ] {
        let summary = summary(asking(condition), &[&log]);
        assert_eq!(summary.totals.sessions, expected, "{condition}");
        assert_eq!(summary.scope.left_out_by_condition, 20 - expected, "{condition}");
    }
}

#[test]
fn only_when_it_is_asked_for() {
    let log = sessions().concat();
    let minute = |minute: i64| 1_795_428_000_000_000 + minute * 60_000_000;
    let undated = "S: 220 mx.example.net ESMTP\nC: QUIT\nS: 221 Bye\n";
    for (since, until, sessions, left_out) in
        [(None, Some(12), 12, 8), (Some(12), None, 8, 12), (Some(12), Some(15), 3, 17)]
    {
        let question =
            Question { since: since.map(minute), until: until.map(minute), ..Question::default() };
        let summary = summary(question, &[&log, undated]);
        assert_eq!(summary.totals.sessions, sessions);
        assert_eq!(summary.scope.left_out_by_time, left_out);
        assert_eq!(summary.scope.left_out_without_time, 1);
    }
}

#[test]
fn a_record_without_times() {
    let log = "S: 220 mx.example.net ESMTP\nC: HELO client.example\nS: 250 mx.example.net\nC: QUIT\nS: 221 Bye\n";
    let summary = summary(Question::default(), &[log]);
    assert_eq!((summary.totals.sessions, summary.totals.unused), (1, 1));
    assert_eq!(summary.totals.started, None);
    assert!(summary.hours.rows.is_empty() && summary.gaps.is_empty());
    assert!(summary.commands.rows.iter().all(|row| row.latency.is_none()));
}

#[test]
fn a_record_without_a_year() {
    let session = |day: &str, hour: u32| {
        let says = [
            "connect from client.example[192.0.2.7]",
            "> client.example[192.0.2.7]: 220 mx.example.net ESMTP Postfix",
            "< client.example[192.0.2.7]: QUIT",
            "> client.example[192.0.2.7]: 221 2.0.0 Bye",
            "disconnect from client.example[192.0.2.7] quit=1 commands=1",
        ];
        let line =
            |text: &str| format!("{day} {hour:02}:00:01 mx1 postfix/smtpd[{hour}]: {text}\n");
        says.map(line).concat()
    };
    let log = session("Nov 23", 10) + &session("Nov 23", 12) + &session("Nov 24", 9);
    let summary = summary(Question::default(), &[&log]);
    let times = (summary.totals.started.as_deref(), summary.totals.ended.as_deref());
    assert_eq!(times, (Some("11-23T10:00:01"), Some("11-24T09:00:01")));
    let hours: Vec<_> = summary.hours.rows.iter().map(|row| row.name.as_str()).collect();
    assert_eq!(hours, ["11-23T10:00:00", "11-23T12:00:00", "11-24T09:00:00"]);
    let day = |day: i64| 1_795_392_000_000_000 + (day - 23) * 86_400_000_000;
    for (since, until, expected) in
        [(Some(day(24)), None, 1), (None, Some(day(24)), 2), (Some(day(24)), Some(day(1)), 1)]
    {
        let question = Question { since, until, ..Question::default() };
        assert_eq!(self::summary(question, &[&log]).totals.sessions, expected);
    }
}

#[test]
fn a_message_in_two_logs() {
    let message = |client: &str, queued: &str| {
        format!(
            "S: 220 mx.example.net ESMTP\nC: EHLO {client}\nS: 250 mx.example.net\nC: MAIL FROM:<a@b.example>\n\
             S: 250 2.1.0 Ok\nC: RCPT TO:<c@d.example>\nS: 250 2.1.5 Ok\nC: DATA\nS: 354 go on\n\
             C: From: a@b.example\nC: Message-ID: <1@b.example>\nC:\nC: Hi\nC: .\nS: 250 2.0.0 Ok: queued as {queued}\n\
             C: QUIT\nS: 221 2.0.0 Bye\n"
        )
    };
    let (first, second) =
        (message("b.example", "4F1C2A0001"), message("relay.example", "4F1C2A0002"));
    let followed = summary(Question::default(), &[&first, &second]).messages;
    assert_eq!(followed.total, 1);
    let trail = &followed.rows[0];
    assert_eq!(trail.names, ["1@b.example", "4F1C2A0001", "4F1C2A0002"]);
    let clients: Vec<_> = trail.hops.iter().map(|hop| hop.client.as_deref().unwrap()).collect();
    assert_eq!(clients, ["b.example", "relay.example"]);
    // In one record the same name in a queue is another message's.
    let again = "S: 220 mx.example.net ESMTP\nC: EHLO b.example\nS: 250 mx.example.net\nC: MAIL FROM:<a@b.example>\n\
        S: 250 2.1.0 Ok\nC: RCPT TO:<c@d.example>\nS: 250 2.1.5 Ok\nC: DATA\nS: 354 go on\nC: Hi\nC: .\n\
        S: 250 2.0.0 Ok: queued as 4F1C2A0003\nC: QUIT\nS: 221 2.0.0 Bye\n";
    let again = format!("{again}\n{again}");
    assert_eq!(summary(Question::default(), &[&again]).messages.total, 0);
}

#[test]
fn a_time_in_which_nothing_happened() {
    let busy: Vec<String> = (0..20)
        .chain(45..55)
        .map(|minute| {
            exchange(
                minute,
                "192.0.2.1",
                minute,
                &[('>', "220 mx.example.net"), ('<', "QUIT"), ('>', "221 Bye")],
            )
        })
        .collect();
    let gaps = summary(Question::default(), &[&busy.concat()]).gaps;
    assert_eq!(gaps.len(), 1);
    let gap = &gaps[0];
    assert_eq!(
        (gap.from.as_str(), gap.to.as_str()),
        ("2026-11-23T10:20:00Z", "2026-11-23T10:45:00Z")
    );
    assert_eq!(gap.minutes, 25);
}
