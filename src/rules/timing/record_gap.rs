//! A hole in the record: in its time, or in its own numbers.

use super::clock::{between, span, timed};
use crate::{
    protocol::limits::NEXT_COMMAND,
    rules::{Case, Confidence, Findings, rule},
    transcript::{Fact, Moment},
};

rule! {
    /// The record's clock stands still for longer than a server waits or runs backwards, or its own numbers skip.
    ///
    /// Either lines are missing, or two sessions became one, or somebody set the clock; or the client idled for
    /// longer than the five minutes that servers grant.
    ///
    /// ## What to do
    /// Look at the source of the record around these lines before drawing conclusions from its order.
    ///
    /// ## Flags
    /// ```smtp
    ///   2026-11-23 10:00:00 SERVER -> CLIENT: 220 mx.example.net ESMTP
    ///   2026-11-23 10:00:00 CLIENT -> SERVER: EHLO client.example
    ///   2026-11-23 10:00:00 SERVER -> CLIENT: 250 mx.example.net
    /// ! 2026-11-23 10:20:00 CLIENT -> SERVER: QUIT
    ///   2026-11-23 10:20:00 SERVER -> CLIENT: 221 2.0.0 Bye
    /// ```
    /// A log that numbers the rows of each session tells by itself that some are not in it.
    ///
    /// ```smtp
    ///   #Software: Microsoft Exchange Server
    ///   #Log-type: SMTP Receive Protocol Log
    ///   #Fields: date-time,connector-id,session-id,sequence-number,local-endpoint,remote-endpoint,event,data,context
    ///   2024-01-01T00:00:00.000Z,EX,08DC0A0000000001,0,192.0.2.25:25,192.0.2.7:4242,+,,
    ///   2024-01-01T00:00:00.001Z,EX,08DC0A0000000001,1,192.0.2.25:25,192.0.2.7:4242,>,220 mx.example.net,
    ///   2024-01-01T00:00:00.002Z,EX,08DC0A0000000001,2,192.0.2.25:25,192.0.2.7:4242,<,HELO client.example,
    ///   2024-01-01T00:00:00.003Z,EX,08DC0A0000000001,3,192.0.2.25:25,192.0.2.7:4242,>,250 mx.example.net,
    /// ! 2024-01-01T00:00:01.000Z,EX,08DC0A0000000001,8,192.0.2.25:25,192.0.2.7:4242,<,QUIT,
    ///   2024-01-01T00:00:01.001Z,EX,08DC0A0000000001,9,192.0.2.25:25,192.0.2.7:4242,>,221 Bye,
    ///   2024-01-01T00:00:01.002Z,EX,08DC0A0000000001,10,192.0.2.25:25,192.0.2.7:4242,-,,Remote
    /// ```
    /// ## Accepts
    /// ```smtp
    ///   2026-11-23 10:00:00 SERVER -> CLIENT: 220 mx.example.net ESMTP
    ///   2026-11-23 10:00:00 CLIENT -> SERVER: EHLO client.example
    ///   2026-11-23 10:00:00 SERVER -> CLIENT: 250 mx.example.net
    ///   2026-11-23 10:04:00 CLIENT -> SERVER: QUIT
    ///   2026-11-23 10:04:00 SERVER -> CLIENT: 221 2.0.0 Bye
    /// ```
    "record-gap", Timing, Note, Recorder,
    ["RFC 5321 §4.5.3.2.7"], ALL_EDITIONS,
    check
}

fn check(case: &Case<'_, '_>, findings: &mut Findings<'_, '_>) {
    for (index, fact) in &case.session.transcript.facts {
        let Fact::LinesMissing(missing) = fact else { continue };
        let Some(turn) = case.session.turn(*index) else { continue };
        let rows =
            if *missing == 1 { "a row is".to_owned() } else { format!("{missing} rows are") };
        findings
            .on_turn(turn, format!("{rows} missing before this line, by the log's own numbers"))
            .help("look at the source of the record around this line")
            .done();
    }
    let longest = i64::try_from(NEXT_COMMAND.as_micros()).unwrap_or(i64::MAX);
    // Nearly always one line comes shortly after the other.
    let steady = |before: Moment, at: Moment| {
        (before.dated, before.zoned) == (at.dated, at.zoned)
            && (before.micros..=before.micros.saturating_add(longest)).contains(&at.micros)
    };
    let mut before = None;
    if timed(case.session).all(|(_, at)| before.replace(at).is_none_or(|before| steady(before, at)))
    {
        return;
    }
    let mut last = None;
    for (turn, at) in timed(case.session) {
        let Some(before) = last.replace(at) else { continue };
        // A clock without a date begins anew at midnight.
        let back =
            at.dated && before.dated && at.zoned == before.zoned && before.micros > at.micros;
        // A server's reply that took long is a slow one, and no gap.
        let idle = between(before, at).filter(|gap| turn.label.is_client() && *gap > longest);
        let message = match idle {
            Some(gap) => format!("nothing is recorded for {} before this line", span(gap)),
            None if back => {
                format!("the clock runs backwards here, by {}", span(before.micros - at.micros))
            }
            None => continue,
        };
        findings
            .on_turn(turn, message)
            .help("look at the source of the record around this line")
            .confidence(Confidence::Likely)
            .done();
    }
}
