//! A server that slows its client down on purpose.

use super::clock::{SECOND, span};
use crate::rules::{Case, Confidence, Findings, Wakes, rule};

/// From how long on a reply is a delayed one.
const LONG: i64 = 2 * SECOND;
/// How many of them make a tarpit.
const SEVERAL: usize = 3;

rule! {
    /// Reply after reply was held back for seconds.
    ///
    /// Servers slow down clients that make errors, guess recipients or stand on a list (tarpitting), so that
    /// sending to many does not pay. An overloaded server looks the same.
    ///
    /// ## What to do
    /// Look what the delays began with: after refused recipients or failed AUTH they are a punishment, from
    /// the first reply on they are the client's reputation, or load.
    ///
    /// ## Flags
    /// ```smtp
    ///   2026-11-23 10:00:00 SERVER -> CLIENT: 220 mx.example.net ESMTP
    /// ! 2026-11-23 10:00:00 CLIENT -> SERVER: EHLO client.example
    ///   2026-11-23 10:00:10 SERVER -> CLIENT: 250 mx.example.net
    ///   2026-11-23 10:00:10 CLIENT -> SERVER: MAIL FROM:<a@client.example>
    ///   2026-11-23 10:00:20 SERVER -> CLIENT: 250 2.1.0 Ok
    ///   2026-11-23 10:00:20 CLIENT -> SERVER: RSET
    ///   2026-11-23 10:00:30 SERVER -> CLIENT: 250 2.0.0 Ok
    ///   2026-11-23 10:00:30 CLIENT -> SERVER: QUIT
    ///   2026-11-23 10:00:40 SERVER -> CLIENT: 221 2.0.0 Bye
    /// ```
    /// ## Accepts
    /// ```smtp
    ///   2026-11-23 10:00:00 SERVER -> CLIENT: 220 mx.example.net ESMTP
    ///   2026-11-23 10:00:00 CLIENT -> SERVER: EHLO client.example
    ///   2026-11-23 10:00:01 SERVER -> CLIENT: 250 mx.example.net
    ///   2026-11-23 10:00:10 CLIENT -> SERVER: MAIL FROM:<a@client.example>
    ///   2026-11-23 10:00:20 SERVER -> CLIENT: 250 2.1.0 Ok
    ///   2026-11-23 10:00:20 CLIENT -> SERVER: RSET
    ///   2026-11-23 10:00:20 SERVER -> CLIENT: 250 2.0.0 Ok
    ///   2026-11-23 10:00:30 CLIENT -> SERVER: QUIT
    ///   2026-11-23 10:00:30 SERVER -> CLIENT: 221 2.0.0 Bye
    /// ```
    "tarpit", Timing, Note, Server,
    ["RFC 5321 §4.5.3.2", "RFC 2505 §2.8"], ALL_EDITIONS,
    check, wakes: Wakes::LATE
}

fn check(case: &Case<'_, '_>, findings: &mut Findings<'_, '_>) {
    let timed = || case.session.exchanges.iter().filter(|exchange| exchange.latency.is_some());
    let slow =
        || timed().filter(|exchange| exchange.latency.is_some_and(|latency| latency >= LONG));
    let count = slow().count();
    // One slow lookup is no tarpit: at least half of the replies have to be late.
    if count < SEVERAL || count * 2 < timed().count() {
        return;
    }
    let total: i64 = slow().filter_map(|exchange| exchange.latency).sum();
    let Some(first) = slow().next() else { return };
    findings
        .on_exchange(first, format!("{count} replies were held back, together for {}", span(total)))
        .help("look what the delays began with: refused recipients, failed AUTH, or the connection itself")
        .confidence(Confidence::Likely)
        .done();
}
