//! A client that connects and does nothing.

use super::{Raised, by_client, glance::Glance, nothing};
use crate::rules::{Confidence, quoted, rule};

rule! {
    /// One client connects again and again, and does nothing with the sessions.
    ///
    /// Monitoring does that, load balancers do, and scanners. Each session costs the server a process and a line in
    /// the log.
    ///
    /// ## What to do
    /// Nothing, if the client is your own monitoring. Otherwise limit its connections.
    ///
    /// ## Flags
    /// ```smtp
    ///   #Fields: date-time,connector-id,session-id,sequence-number,local-endpoint,remote-endpoint,event,data,context
    ///   2026-11-23T10:01:00.000Z,MX1\\Default,08DE2A6F00000001,0,192.0.2.25:25,192.0.2.7:4711,+,,
    /// ! 2026-11-23T10:01:00.000Z,MX1\\Default,08DE2A6F00000001,1,192.0.2.25:25,192.0.2.7:4711,>,220 mx.example.net ESMTP,
    ///   2026-11-23T10:01:00.000Z,MX1\\Default,08DE2A6F00000001,2,192.0.2.25:25,192.0.2.7:4711,<,QUIT,
    ///   2026-11-23T10:01:00.000Z,MX1\\Default,08DE2A6F00000001,3,192.0.2.25:25,192.0.2.7:4711,>,221 2.0.0 Bye,
    ///   2026-11-23T10:01:00.000Z,MX1\\Default,08DE2A6F00000001,4,192.0.2.25:25,192.0.2.7:4711,-,,Remote
    ///   2026-11-23T10:02:00.000Z,MX1\\Default,08DE2A6F00000002,0,192.0.2.25:25,192.0.2.7:4711,+,,
    ///   2026-11-23T10:02:00.000Z,MX1\\Default,08DE2A6F00000002,1,192.0.2.25:25,192.0.2.7:4711,>,220 mx.example.net ESMTP,
    ///   2026-11-23T10:02:00.000Z,MX1\\Default,08DE2A6F00000002,2,192.0.2.25:25,192.0.2.7:4711,<,QUIT,
    ///   2026-11-23T10:02:00.000Z,MX1\\Default,08DE2A6F00000002,3,192.0.2.25:25,192.0.2.7:4711,>,221 2.0.0 Bye,
    ///   2026-11-23T10:02:00.000Z,MX1\\Default,08DE2A6F00000002,4,192.0.2.25:25,192.0.2.7:4711,-,,Remote
    ///   2026-11-23T10:03:00.000Z,MX1\\Default,08DE2A6F00000003,0,192.0.2.25:25,192.0.2.7:4711,+,,
    ///   2026-11-23T10:03:00.000Z,MX1\\Default,08DE2A6F00000003,1,192.0.2.25:25,192.0.2.7:4711,>,220 mx.example.net ESMTP,
    ///   2026-11-23T10:03:00.000Z,MX1\\Default,08DE2A6F00000003,2,192.0.2.25:25,192.0.2.7:4711,<,QUIT,
    ///   2026-11-23T10:03:00.000Z,MX1\\Default,08DE2A6F00000003,3,192.0.2.25:25,192.0.2.7:4711,>,221 2.0.0 Bye,
    ///   2026-11-23T10:03:00.000Z,MX1\\Default,08DE2A6F00000003,4,192.0.2.25:25,192.0.2.7:4711,-,,Remote
    ///   2026-11-23T10:04:00.000Z,MX1\\Default,08DE2A6F00000004,0,192.0.2.25:25,192.0.2.7:4711,+,,
    ///   2026-11-23T10:04:00.000Z,MX1\\Default,08DE2A6F00000004,1,192.0.2.25:25,192.0.2.7:4711,>,220 mx.example.net ESMTP,
    ///   2026-11-23T10:04:00.000Z,MX1\\Default,08DE2A6F00000004,2,192.0.2.25:25,192.0.2.7:4711,<,QUIT,
    ///   2026-11-23T10:04:00.000Z,MX1\\Default,08DE2A6F00000004,3,192.0.2.25:25,192.0.2.7:4711,>,221 2.0.0 Bye,
    ///   2026-11-23T10:04:00.000Z,MX1\\Default,08DE2A6F00000004,4,192.0.2.25:25,192.0.2.7:4711,-,,Remote
    ///   2026-11-23T10:05:00.000Z,MX1\\Default,08DE2A6F00000005,0,192.0.2.25:25,192.0.2.7:4711,+,,
    ///   2026-11-23T10:05:00.000Z,MX1\\Default,08DE2A6F00000005,1,192.0.2.25:25,192.0.2.7:4711,>,220 mx.example.net ESMTP,
    ///   2026-11-23T10:05:00.000Z,MX1\\Default,08DE2A6F00000005,2,192.0.2.25:25,192.0.2.7:4711,<,QUIT,
    ///   2026-11-23T10:05:00.000Z,MX1\\Default,08DE2A6F00000005,3,192.0.2.25:25,192.0.2.7:4711,>,221 2.0.0 Bye,
    ///   2026-11-23T10:05:00.000Z,MX1\\Default,08DE2A6F00000005,4,192.0.2.25:25,192.0.2.7:4711,-,,Remote
    ///   2026-11-23T10:06:00.000Z,MX1\\Default,08DE2A6F00000006,0,192.0.2.25:25,192.0.2.7:4711,+,,
    ///   2026-11-23T10:06:00.000Z,MX1\\Default,08DE2A6F00000006,1,192.0.2.25:25,192.0.2.7:4711,>,220 mx.example.net ESMTP,
    ///   2026-11-23T10:06:00.000Z,MX1\\Default,08DE2A6F00000006,2,192.0.2.25:25,192.0.2.7:4711,<,QUIT,
    ///   2026-11-23T10:06:00.000Z,MX1\\Default,08DE2A6F00000006,3,192.0.2.25:25,192.0.2.7:4711,>,221 2.0.0 Bye,
    ///   2026-11-23T10:06:00.000Z,MX1\\Default,08DE2A6F00000006,4,192.0.2.25:25,192.0.2.7:4711,-,,Remote
    /// ```
    /// ## Accepts
    /// ```smtp
    ///   #Fields: date-time,connector-id,session-id,sequence-number,local-endpoint,remote-endpoint,event,data,context
    ///   2026-11-23T10:01:00.000Z,MX1\\Default,08DE2A6F00000001,0,192.0.2.25:25,192.0.2.7:4711,+,,
    ///   2026-11-23T10:01:00.000Z,MX1\\Default,08DE2A6F00000001,1,192.0.2.25:25,192.0.2.7:4711,>,220 mx.example.net ESMTP,
    ///   2026-11-23T10:01:00.000Z,MX1\\Default,08DE2A6F00000001,2,192.0.2.25:25,192.0.2.7:4711,<,QUIT,
    ///   2026-11-23T10:01:00.000Z,MX1\\Default,08DE2A6F00000001,3,192.0.2.25:25,192.0.2.7:4711,>,221 2.0.0 Bye,
    ///   2026-11-23T10:01:00.000Z,MX1\\Default,08DE2A6F00000001,4,192.0.2.25:25,192.0.2.7:4711,-,,Remote
    ///   2026-11-23T10:02:00.000Z,MX1\\Default,08DE2A6F00000002,0,192.0.2.25:25,192.0.2.7:4711,+,,
    ///   2026-11-23T10:02:00.000Z,MX1\\Default,08DE2A6F00000002,1,192.0.2.25:25,192.0.2.7:4711,>,220 mx.example.net ESMTP,
    ///   2026-11-23T10:02:00.000Z,MX1\\Default,08DE2A6F00000002,2,192.0.2.25:25,192.0.2.7:4711,<,QUIT,
    ///   2026-11-23T10:02:00.000Z,MX1\\Default,08DE2A6F00000002,3,192.0.2.25:25,192.0.2.7:4711,>,221 2.0.0 Bye,
    ///   2026-11-23T10:02:00.000Z,MX1\\Default,08DE2A6F00000002,4,192.0.2.25:25,192.0.2.7:4711,-,,Remote
    /// ```
    "sessions-unused", Across, Note, Client,
    ["RFC 5321 §3.1"], ALL_EDITIONS,
    nothing
}

/// How many sessions are worth a word.
const SESSIONS: usize = 5;

pub(super) fn check(sessions: &[Glance], raised: &mut Raised) {
    for (client, sessions) in by_client(sessions) {
        let unused: Vec<_> = sessions
            .iter()
            .filter(|session| session.unused)
            .map(|session| (session.spot, "unused, too"))
            .collect();
        if unused.len() < SESSIONS || unused.len() * 2 < sessions.len() {
            continue;
        }
        raised.raise(
            &unused,
            format!(
                "{} did nothing with {} of its {} sessions",
                quoted(client.as_bytes()),
                unused.len(),
                sessions.len()
            ),
            "nothing, if it is your monitoring; otherwise limit its connections",
            Confidence::Certain,
        );
    }
}
