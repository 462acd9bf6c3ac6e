//! A reply that took long.

use super::clock::{limit, span};
use crate::rules::{Case, Findings, Severity, Wakes, rule};

/// The part of the limit from which on a reply is slow.
const PART: i64 = 10;

rule! {
    /// A reply took more than a tenth of the time that a client has to wait, or more than all of it.
    ///
    /// RFC 5321 has clients wait 5 minutes for most replies, 2 for the one to DATA and 10 for the one to the
    /// message. Many programs give up much earlier. A reply to the message that comes too late makes the
    /// client send the message again: the recipient gets it twice.
    ///
    /// ## What to do
    /// See what the server does meanwhile: DNS lookups that time out, blocklists, callouts to the sender's
    /// server, content filters before the reply to the message. Let the client keep to the RFC's limits.
    ///
    /// ## Flags
    /// ```smtp
    ///   2026-11-23 10:00:00 SERVER -> CLIENT: 220 mx.example.net ESMTP
    ///   2026-11-23 10:00:00 CLIENT -> SERVER: EHLO client.example
    ///   2026-11-23 10:00:00 SERVER -> CLIENT: 250 mx.example.net
    /// ! 2026-11-23 10:00:01 CLIENT -> SERVER: MAIL FROM:<a@client.example>
    ///   2026-11-23 10:00:51 SERVER -> CLIENT: 250 2.1.0 Ok
    ///   2026-11-23 10:00:51 CLIENT -> SERVER: RSET
    ///   2026-11-23 10:00:51 SERVER -> CLIENT: 250 2.0.0 Ok
    ///   2026-11-23 10:00:52 CLIENT -> SERVER: QUIT
    ///   2026-11-23 10:00:52 SERVER -> CLIENT: 221 2.0.0 Bye
    /// ```
    /// ## Accepts
    /// ```smtp
    ///   2026-11-23 10:00:00 SERVER -> CLIENT: 220 mx.example.net ESMTP
    ///   2026-11-23 10:00:00 CLIENT -> SERVER: EHLO client.example
    ///   2026-11-23 10:00:00 SERVER -> CLIENT: 250 mx.example.net
    ///   2026-11-23 10:00:01 CLIENT -> SERVER: MAIL FROM:<a@client.example>
    ///   2026-11-23 10:00:11 SERVER -> CLIENT: 250 2.1.0 Ok
    ///   2026-11-23 10:00:51 CLIENT -> SERVER: RSET
    ///   2026-11-23 10:00:51 SERVER -> CLIENT: 250 2.0.0 Ok
    ///   2026-11-23 10:00:52 CLIENT -> SERVER: QUIT
    ///   2026-11-23 10:00:52 SERVER -> CLIENT: 221 2.0.0 Bye
    /// ```
    "reply-slow", Timing, Warning, Server,
    ["RFC 5321 §4.5.3.2", "RFC 2821 §4.5.3.2", "RFC 1047"], ALL_EDITIONS,
    check, wakes: Wakes::LATE
}

fn check(case: &Case<'_, '_>, findings: &mut Findings<'_, '_>) {
    for (_, exchange) in case.exchanges() {
        let Some(latency) = exchange.latency else { continue };
        let (limit, clause) = limit(exchange);
        if latency <= limit / PART {
            continue;
        }
        let over = latency > limit;
        let message = if over {
            format!(
                "the reply took {}, longer than the {} that a client has to wait",
                span(latency),
                span(limit)
            )
        } else {
            format!(
                "the reply took {}; clients may give up after {}, and many do earlier",
                span(latency),
                span(limit)
            )
        };
        findings
            .on_exchange(exchange, message)
            .help(format!("see what the server waits for: DNS, blocklists, callouts, content filters ({clause})"))
            .severity(if over { Severity::Error } else { Severity::Warning })
            .done();
    }
}
