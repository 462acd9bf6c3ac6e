//! A greeting that comes late on purpose, or for want of DNS.

use super::clock::{SECOND, greeting_delay, span};
use crate::rules::{Case, Findings, rule};

/// From how long on it is worth a word.
const LONG: i64 = 5 * SECOND;

rule! {
    /// The greeting came seconds after the connection.
    ///
    /// Servers let strangers wait on purpose, to catch programs that talk before the greeting (postscreen,
    /// greet pause); or they look up the client's name in a DNS that does not answer. Devices and scripts give up
    /// meanwhile.
    ///
    /// ## What to do
    /// Give the client's address a PTR record that resolves fast; have the client wait the five minutes of
    /// RFC 5321; on your own server exempt your devices from the pause.
    ///
    /// ## Flags
    /// ```smtp
    ///   #Fields: date-time,connector-id,session-id,sequence-number,local-endpoint,remote-endpoint,event,data,context
    ///   2026-11-23T10:00:00.000Z,MX1\\Default,08DE2A6F00000001,0,192.0.2.25:25,192.0.2.7:4711,+,,
    /// ! 2026-11-23T10:00:20.000Z,MX1\\Default,08DE2A6F00000001,1,192.0.2.25:25,192.0.2.7:4711,>,220 mx.example.net ESMTP,
    ///   2026-11-23T10:00:20.000Z,MX1\\Default,08DE2A6F00000001,2,192.0.2.25:25,192.0.2.7:4711,<,QUIT,
    ///   2026-11-23T10:00:20.000Z,MX1\\Default,08DE2A6F00000001,3,192.0.2.25:25,192.0.2.7:4711,>,221 2.0.0 Bye,
    /// ```
    /// ## Accepts
    /// ```smtp
    ///   2026-11-23 10:00:00 SERVER -> CLIENT: 220 mx.example.net ESMTP
    ///   2026-11-23 10:00:09 CLIENT -> SERVER: QUIT
    ///   2026-11-23 10:00:09 SERVER -> CLIENT: 221 2.0.0 Bye
    /// ```
    "greeting-delayed", Timing, Note, Server,
    ["RFC 5321 §4.5.3.2.1"], ALL_EDITIONS,
    check
}

fn check(case: &Case<'_, '_>, findings: &mut Findings<'_, '_>) {
    let session = case.session;
    let Some(reply) = session.greeting() else { return };
    let Some(delay) = greeting_delay(session).filter(|delay| *delay >= LONG) else { return };
    findings
        .on_reply(reply, format!("the greeting came {} after the connection", span(delay)))
        .help("give the client's address a PTR record that resolves fast; let the client wait five minutes")
        .done();
}
