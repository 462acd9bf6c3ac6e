//! What each command was answered, how fast, and how logins fared.

use super::{CommandRow, Latency, kept::Count, latency::Latencies};
use crate::session::Exchange;

/// A command's replies.
#[derive(Debug, Clone, Default)]
pub(super) struct Replies {
    pub(super) name: Option<&'static str>,
    pub(super) sent: u64,
    /// By the first digit of the code; 0 for what is no code.
    classes: [u64; 6],
    unanswered: u64,
    latencies: Latencies,
}

impl Replies {
    pub(super) fn see(&mut self, exchange: &Exchange<'_>) {
        self.sent += u64::from(exchange.command.is_some() || exchange.hidden);
        match &exchange.reply {
            Some(reply) => {
                let class = usize::from(reply.class());
                let class = if class < self.classes.len() { class } else { 0 };
                if let Some(count) = self.classes.get_mut(class) {
                    *count += 1;
                }
            }
            None => self.unanswered += 1,
        }
        if let Some(latency) = exchange.latency {
            self.latencies.see(latency);
        }
    }

    pub(super) fn row(&self, verb: String) -> CommandRow {
        let [_, _, accepted, more, deferred, refused] = self.classes;
        let milliseconds = |percent| milliseconds(self.latencies.percentile(percent));
        CommandRow {
            verb,
            sent: self.sent,
            accepted,
            more,
            deferred,
            refused,
            unanswered: self.unanswered,
            latency: (self.latencies.count() > 0).then(|| Latency {
                count: self.latencies.count(),
                p50_ms: milliseconds(50),
                p90_ms: milliseconds(90),
                p99_ms: milliseconds(99),
                max_ms: self::milliseconds(self.latencies.longest()),
            }),
        }
    }
}

impl Count for Replies {
    fn add(&mut self, other: Self) {
        self.name = self.name.or(other.name);
        self.sent += other.sent;
        for (own, other) in self.classes.iter_mut().zip(other.classes) {
            *own += other;
        }
        self.unanswered += other.unanswered;
        self.latencies.add(&other.latencies);
    }

    fn weight(&self) -> u64 {
        self.sent
    }
}

#[expect(clippy::cast_precision_loss, reason = "a latency has far fewer digits than a double")]
fn milliseconds(micros: u64) -> f64 {
    micros as f64 / 1000.0
}

/// The attempts of a mechanism.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Attempts {
    pub(super) all: u64,
    pub(super) succeeded: u64,
    pub(super) failed: u64,
}

impl Count for Attempts {
    fn add(&mut self, other: Self) {
        self.all += other.all;
        self.succeeded += other.succeeded;
        self.failed += other.failed;
    }

    fn weight(&self) -> u64 {
        self.all
    }
}
