//! A refusal that was greylisting, as the retry shows.

use std::collections::HashMap;

use super::{
    Raised,
    glance::{Attempt, Glance},
    nothing,
};
use crate::rules::{Confidence, quoted, rule};

rule! {
    /// The same mail was put off first and taken when it was tried again: greylisting.
    ///
    /// The server lets strangers wait once and remembers them. Nothing is wrong with the mail, its sender or the
    /// network; the delay is all there is to it.
    ///
    /// ## What to do
    /// Nothing; the client did right to try again. Where mail must not wait, have the receiver exempt the sender.
    ///
    /// ## Flags
    /// ```smtp also=greylisted,delayed
    ///   #Fields: date-time,connector-id,session-id,sequence-number,local-endpoint,remote-endpoint,event,data,context
    ///   2026-11-23T10:00:00.000Z,MX1\\Default,08DE2A6F00000001,0,192.0.2.25:25,192.0.2.7:4711,+,,
    ///   2026-11-23T10:00:00.000Z,MX1\\Default,08DE2A6F00000001,1,192.0.2.25:25,192.0.2.7:4711,>,220 mx.example.net ESMTP,
    ///   2026-11-23T10:00:00.000Z,MX1\\Default,08DE2A6F00000001,2,192.0.2.25:25,192.0.2.7:4711,<,EHLO client.example,
    ///   2026-11-23T10:00:00.000Z,MX1\\Default,08DE2A6F00000001,3,192.0.2.25:25,192.0.2.7:4711,>,250 mx.example.net,
    ///   2026-11-23T10:00:00.000Z,MX1\\Default,08DE2A6F00000001,4,192.0.2.25:25,192.0.2.7:4711,<,MAIL FROM:<a@client.example>,
    ///   2026-11-23T10:00:00.000Z,MX1\\Default,08DE2A6F00000001,5,192.0.2.25:25,192.0.2.7:4711,>,250 2.1.0 Ok,
    ///   2026-11-23T10:00:00.000Z,MX1\\Default,08DE2A6F00000001,6,192.0.2.25:25,192.0.2.7:4711,<,RCPT TO:<b@example.net>,
    ///   2026-11-23T10:00:00.000Z,MX1\\Default,08DE2A6F00000001,7,192.0.2.25:25,192.0.2.7:4711,>,450 4.7.1 Greylisted, please try again later,
    ///   2026-11-23T10:00:00.000Z,MX1\\Default,08DE2A6F00000001,8,192.0.2.25:25,192.0.2.7:4711,<,QUIT,
    ///   2026-11-23T10:00:00.000Z,MX1\\Default,08DE2A6F00000001,9,192.0.2.25:25,192.0.2.7:4711,>,221 2.0.0 Bye,
    ///   2026-11-23T10:00:00.000Z,MX1\\Default,08DE2A6F00000001,10,192.0.2.25:25,192.0.2.7:4711,-,,Remote
    ///   2026-11-23T10:06:00.000Z,MX1\\Default,08DE2A6F00000002,0,192.0.2.25:25,192.0.2.7:4711,+,,
    ///   2026-11-23T10:06:00.000Z,MX1\\Default,08DE2A6F00000002,1,192.0.2.25:25,192.0.2.7:4711,>,220 mx.example.net ESMTP,
    ///   2026-11-23T10:06:00.000Z,MX1\\Default,08DE2A6F00000002,2,192.0.2.25:25,192.0.2.7:4711,<,EHLO client.example,
    ///   2026-11-23T10:06:00.000Z,MX1\\Default,08DE2A6F00000002,3,192.0.2.25:25,192.0.2.7:4711,>,250 mx.example.net,
    ///   2026-11-23T10:06:00.000Z,MX1\\Default,08DE2A6F00000002,4,192.0.2.25:25,192.0.2.7:4711,<,MAIL FROM:<a@client.example>,
    ///   2026-11-23T10:06:00.000Z,MX1\\Default,08DE2A6F00000002,5,192.0.2.25:25,192.0.2.7:4711,>,250 2.1.0 Ok,
    /// ! 2026-11-23T10:06:00.000Z,MX1\\Default,08DE2A6F00000002,6,192.0.2.25:25,192.0.2.7:4711,<,RCPT TO:<b@example.net>,
    ///   2026-11-23T10:06:00.000Z,MX1\\Default,08DE2A6F00000002,7,192.0.2.25:25,192.0.2.7:4711,>,250 2.1.5 Ok,
    ///   2026-11-23T10:06:00.000Z,MX1\\Default,08DE2A6F00000002,8,192.0.2.25:25,192.0.2.7:4711,<,RSET,
    ///   2026-11-23T10:06:00.000Z,MX1\\Default,08DE2A6F00000002,9,192.0.2.25:25,192.0.2.7:4711,>,250 2.0.0 Ok,
    ///   2026-11-23T10:06:00.000Z,MX1\\Default,08DE2A6F00000002,10,192.0.2.25:25,192.0.2.7:4711,<,QUIT,
    ///   2026-11-23T10:06:00.000Z,MX1\\Default,08DE2A6F00000002,11,192.0.2.25:25,192.0.2.7:4711,>,221 2.0.0 Bye,
    ///   2026-11-23T10:06:00.000Z,MX1\\Default,08DE2A6F00000002,12,192.0.2.25:25,192.0.2.7:4711,-,,Remote
    /// ```
    /// ## Accepts
    /// ```smtp
    ///   #Fields: date-time,connector-id,session-id,sequence-number,local-endpoint,remote-endpoint,event,data,context
    ///   2026-11-23T10:00:00.000Z,MX1\\Default,08DE2A6F00000001,0,192.0.2.25:25,192.0.2.7:4711,+,,
    ///   2026-11-23T10:00:00.000Z,MX1\\Default,08DE2A6F00000001,1,192.0.2.25:25,192.0.2.7:4711,>,220 mx.example.net ESMTP,
    ///   2026-11-23T10:00:00.000Z,MX1\\Default,08DE2A6F00000001,2,192.0.2.25:25,192.0.2.7:4711,<,EHLO client.example,
    ///   2026-11-23T10:00:00.000Z,MX1\\Default,08DE2A6F00000001,3,192.0.2.25:25,192.0.2.7:4711,>,250 mx.example.net,
    ///   2026-11-23T10:00:00.000Z,MX1\\Default,08DE2A6F00000001,4,192.0.2.25:25,192.0.2.7:4711,<,MAIL FROM:<a@client.example>,
    ///   2026-11-23T10:00:00.000Z,MX1\\Default,08DE2A6F00000001,5,192.0.2.25:25,192.0.2.7:4711,>,250 2.1.0 Ok,
    ///   2026-11-23T10:00:00.000Z,MX1\\Default,08DE2A6F00000001,6,192.0.2.25:25,192.0.2.7:4711,<,RCPT TO:<b@example.net>,
    ///   2026-11-23T10:00:00.000Z,MX1\\Default,08DE2A6F00000001,7,192.0.2.25:25,192.0.2.7:4711,>,550 5.1.1 no such user,
    ///   2026-11-23T10:00:00.000Z,MX1\\Default,08DE2A6F00000001,8,192.0.2.25:25,192.0.2.7:4711,<,QUIT,
    ///   2026-11-23T10:00:00.000Z,MX1\\Default,08DE2A6F00000001,9,192.0.2.25:25,192.0.2.7:4711,>,221 2.0.0 Bye,
    ///   2026-11-23T10:00:00.000Z,MX1\\Default,08DE2A6F00000001,10,192.0.2.25:25,192.0.2.7:4711,-,,Remote
    ///   2026-11-23T10:06:00.000Z,MX1\\Default,08DE2A6F00000002,0,192.0.2.25:25,192.0.2.7:4711,+,,
    ///   2026-11-23T10:06:00.000Z,MX1\\Default,08DE2A6F00000002,1,192.0.2.25:25,192.0.2.7:4711,>,220 mx.example.net ESMTP,
    ///   2026-11-23T10:06:00.000Z,MX1\\Default,08DE2A6F00000002,2,192.0.2.25:25,192.0.2.7:4711,<,EHLO client.example,
    ///   2026-11-23T10:06:00.000Z,MX1\\Default,08DE2A6F00000002,3,192.0.2.25:25,192.0.2.7:4711,>,250 mx.example.net,
    ///   2026-11-23T10:06:00.000Z,MX1\\Default,08DE2A6F00000002,4,192.0.2.25:25,192.0.2.7:4711,<,MAIL FROM:<a@client.example>,
    ///   2026-11-23T10:06:00.000Z,MX1\\Default,08DE2A6F00000002,5,192.0.2.25:25,192.0.2.7:4711,>,250 2.1.0 Ok,
    ///   2026-11-23T10:06:00.000Z,MX1\\Default,08DE2A6F00000002,6,192.0.2.25:25,192.0.2.7:4711,<,RCPT TO:<b@example.net>,
    ///   2026-11-23T10:06:00.000Z,MX1\\Default,08DE2A6F00000002,7,192.0.2.25:25,192.0.2.7:4711,>,250 2.1.5 Ok,
    ///   2026-11-23T10:06:00.000Z,MX1\\Default,08DE2A6F00000002,8,192.0.2.25:25,192.0.2.7:4711,<,RSET,
    ///   2026-11-23T10:06:00.000Z,MX1\\Default,08DE2A6F00000002,9,192.0.2.25:25,192.0.2.7:4711,>,250 2.0.0 Ok,
    ///   2026-11-23T10:06:00.000Z,MX1\\Default,08DE2A6F00000002,10,192.0.2.25:25,192.0.2.7:4711,<,QUIT,
    ///   2026-11-23T10:06:00.000Z,MX1\\Default,08DE2A6F00000002,11,192.0.2.25:25,192.0.2.7:4711,>,221 2.0.0 Bye,
    ///   2026-11-23T10:06:00.000Z,MX1\\Default,08DE2A6F00000002,12,192.0.2.25:25,192.0.2.7:4711,-,,Remote
    /// ```
    "greylisting-confirmed", Across, Note, Server,
    ["RFC 6647 §2", "RFC 5321 §4.5.4.1"], ALL_EDITIONS,
    nothing
}

/// What greylisting remembers: client, sender, recipient.
type Triple<'s> = (Option<&'s str>, &'s str, &'s str);

pub(super) fn check(sessions: &[Glance], raised: &mut Raised) {
    let mut put_off: HashMap<Triple<'_>, &Attempt> = HashMap::new();
    for session in sessions {
        for attempt in &session.attempts {
            let triple =
                (session.client.as_deref(), attempt.sender.as_str(), attempt.recipient.as_str());
            if attempt.put_off {
                put_off.entry(triple).or_insert(attempt);
            } else if attempt.code / 100 == 2
                && let Some(before) = put_off.remove(&triple)
            {
                let delay = before.at.zip(attempt.at).and_then(|(first, then)| {
                    let span = then.micros.checked_sub(first.micros)?;
                    (first.dated == then.dated && span > 0).then_some(span / 60_000_000)
                });
                let after =
                    delay.map_or_else(String::new, |minutes| format!(" after {minutes} min"));
                raised.raise(
                    &[(attempt.spot, "taken"), (before.spot, "put off")],
                    format!(
                        "mail from {} for {} was put off with {} and taken{after}: greylisting",
                        quoted(attempt.sender.as_bytes()),
                        quoted(attempt.recipient.as_bytes()),
                        before.code
                    ),
                    "nothing: the client did right to try again",
                    Confidence::Likely,
                );
            }
        }
    }
}
