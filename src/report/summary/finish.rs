//! From counts to the summary.

use std::collections::BTreeMap;

use super::{
    Authentication, By, CommandRow, GroupRow, Groups, Hours, KINDS, Limit, Listed, MechanismRow,
    RuleRow, SUMMARY_SCHEMA, Scope, SummaryReport, Tally, Tls, Totals, VERBS,
    group::{Clock, Group},
    kept::{Count, Kept},
};
use crate::report::VERSION;

impl Tally {
    /// The summary of what was counted, with so many rows of each list.
    pub fn finish(&self, rows: usize) -> SummaryReport {
        let clock = self.clock;
        let (failures, listed_failures) = self.failures.listed(clock, rows);
        let (messages, listed_messages) = self.trails.followed(clock, rows);
        let software = self.software();
        SummaryReport {
            schema: SUMMARY_SCHEMA.to_owned(),
            version: VERSION.to_owned(),
            scope: self.scope(),
            totals: self.totals(),
            failures: Listed { total: failures, rows: listed_failures },
            clients: groups(&self.clients, clock, rows),
            hellos: groups(&self.hellos, clock, rows),
            servers: self.servers(rows),
            software: Listed {
                total: software.len() as u64,
                rows: software.into_iter().take(rows).collect(),
            },
            connectors: groups(&self.connectors, clock, rows),
            domains: groups(&self.domains, clock, rows),
            dialects: groups(&self.dialects, clock, rows),
            tls: self.tls(),
            authentication: self.authentication(rows),
            commands: self.commands(rows),
            codes: (0_u16..)
                .zip(&self.codes)
                .filter(|(_, count)| **count > 0)
                .map(|(code, count)| (format!("{code:03}"), *count))
                .collect(),
            rules: self.rules(rows),
            hours: Hours {
                hours: self.timeline.hours().unsigned_abs(),
                of_day: self.timeline.is_of_day(clock),
                rows: self.timeline.rows(clock),
            },
            gaps: self.timeline.gaps(clock),
            messages: Listed { total: messages, rows: listed_messages },
            groups: self.question.by.map(|by| self.by(by, rows)),
            limits: self.limits(),
        }
    }

    fn scope(&self) -> Scope {
        let time = |micros: Option<i64>| micros.and_then(|it| Clock::default().time(it, true));
        Scope {
            since: time(self.question.since),
            until: time(self.question.until),
            condition: self.question.condition.as_ref().map(ToString::to_string),
            ..self.left_out.clone()
        }
    }

    fn totals(&self) -> Totals {
        // Times without a day may be of any day: from the first to the last of them is no time.
        let [started, ended] = self.when.of_days(self.clock);
        let (refusals, lost) = self.failures.counts();
        Totals {
            outcomes: self.all.outcomes(),
            started,
            ended,
            refusals,
            lost,
            findings: ["error", "warning", "note"]
                .into_iter()
                .map(|severity| (severity.to_owned(), self.findings.get(severity).copied()))
                .map(|(severity, count)| (severity, count.unwrap_or(0)))
                .collect(),
            ..self.totals.clone()
        }
    }

    fn servers(&self, rows: usize) -> Listed<GroupRow> {
        let listed = self.servers.listed().into_iter().take(rows);
        let rows = listed.map(|(name, server)| GroupRow {
            software: server.software().map(str::to_owned),
            ..server.group.row(shown(name), self.clock)
        });
        Listed { total: self.servers.about(), rows: rows.collect() }
    }

    /// Sessions by what their server runs, the most first.
    fn software(&self) -> Vec<GroupRow> {
        let mut by_software: BTreeMap<&str, Group> = BTreeMap::new();
        for (_, server) in self.servers.listed() {
            let Some(software) = server.software() else { continue };
            by_software.entry(software).or_default().add(server.group.clone());
        }
        let rows =
            by_software.iter().map(|(name, group)| group.row((*name).to_owned(), self.clock));
        let mut rows: Vec<GroupRow> = rows.collect();
        rows.sort_by(|one, other| {
            other.sessions.cmp(&one.sessions).then(one.name.cmp(&other.name))
        });
        rows
    }

    fn tls(&self) -> Tls {
        let versions: BTreeMap<String, u64> =
            self.tls.listed().into_iter().map(|(name, count)| (shown(name), *count)).collect();
        let secured: u64 = versions.values().sum();
        let all = secured + self.plain;
        #[expect(clippy::cast_precision_loss, reason = "a share has few digits")]
        let plain_share =
            (all > 0).then(|| (self.plain as f64 / all as f64 * 10_000.0).round() / 10_000.0);
        Tls { versions, plain: self.plain, plain_share, failed: self.tls_failed }
    }

    fn authentication(&self, rows: usize) -> Authentication {
        let listed = self.mechanisms.listed().into_iter().take(rows);
        Authentication {
            sessions: self.authenticated,
            sessions_without_tls: self.authenticated_plain,
            mechanisms: listed
                .map(|(name, attempts)| MechanismRow {
                    name: shown(name),
                    attempts: attempts.all,
                    succeeded: attempts.succeeded,
                    failed: attempts.failed,
                })
                .collect(),
        }
    }

    fn commands(&self, rows: usize) -> Listed<CommandRow> {
        let known = self.commands.iter().enumerate().filter_map(|(place, replies)| {
            let name = match place.checked_sub(VERBS) {
                Some(kind) => KINDS.get(kind).map(|(_, name)| *name),
                None => replies.name,
            };
            name.map(|name| replies.row(name.to_owned()))
        });
        let other = self.other_commands.listed().into_iter();
        let other = other.map(|(name, replies)| replies.row(shown(name)));
        // Greeting and what was not asked for are no commands, but have replies.
        let weight =
            |row: &CommandRow| row.sent.max(row.accepted + row.more + row.deferred + row.refused);
        let mut all: Vec<CommandRow> =
            known.chain(other).filter(|row| weight(row) > 0 || row.unanswered > 0).collect();
        all.sort_by(|one, other| {
            weight(other).cmp(&weight(one)).then_with(|| one.verb.cmp(&other.verb))
        });
        let total =
            all.len() as u64 - self.other_commands.len() as u64 + self.other_commands.about();
        all.truncate(rows.max(20));
        Listed { total, rows: all }
    }

    fn rules(&self, rows: usize) -> Listed<RuleRow> {
        let mut found: Vec<_> = self.rules.values().collect();
        found.sort_by_key(|found| {
            use std::cmp::Reverse;
            (Reverse(found.worst), Reverse(found.findings), found.rule.name)
        });
        Listed {
            total: found.len() as u64,
            rows: found
                .into_iter()
                .take(rows)
                .map(|found| RuleRow {
                    rule: found.rule.name.to_owned(),
                    severity: found.worst.name().to_owned(),
                    about: found.rule.summary().to_owned(),
                    findings: found.findings,
                    sessions: found.group.sessions,
                    example: found.example.shown(),
                })
                .collect(),
        }
    }

    fn by(&self, by: By, rows: usize) -> Groups {
        let listed = match by {
            By::Peer => groups(&self.peers, self.clock, rows),
            By::Domain => groups(&self.domains, self.clock, rows),
            By::Connector => groups(&self.connectors, self.clock, rows),
            By::Hour => {
                // A history with holes is none.
                let rows = self.timeline.rows(self.clock);
                Listed { total: rows.len() as u64, rows }
            }
            By::Rule => {
                let mut listed: Vec<GroupRow> = self
                    .rules
                    .iter()
                    // What several sessions show together groups none.
                    .filter(|(_, found)| found.group.sessions > 0)
                    .map(|(name, found)| found.group.row((*name).to_owned(), self.clock))
                    .collect();
                listed.sort_by(|one, other| {
                    other.sessions.cmp(&one.sessions).then_with(|| one.name.cmp(&other.name))
                });
                let total = listed.len() as u64;
                listed.truncate(rows);
                Listed { total, rows: listed }
            }
        };
        Groups { by: by.name().to_owned(), total: listed.total, rows: listed.rows }
    }

    /// What the limits left out.
    fn limits(&self) -> Vec<Limit> {
        let [causes, replies] = self.failures.limits();
        let limits = [
            ("clients", self.clients.limit()),
            ("peers", self.peers.limit()),
            ("names of clients", self.hellos.limit()),
            ("servers", self.servers.limit()),
            ("connectors", self.connectors.limit()),
            ("domains", self.domains.limit()),
            ("unknown commands", self.other_commands.limit()),
            ("versions of TLS", self.tls.limit()),
            ("mechanisms", self.mechanisms.limit()),
            ("causes", causes),
            ("replies that refuse", replies),
            ("names of messages", self.trails.limit()),
        ];
        limits
            .into_iter()
            .filter_map(|(what, limit)| {
                let (kept, about) = limit?;
                Some(Limit { what: what.to_owned(), kept: kept as u64, about })
            })
            .collect()
    }
}

fn groups(kept: &Kept<Group>, clock: Clock, rows: usize) -> Listed<GroupRow> {
    let listed = kept.listed().into_iter().take(rows);
    Listed {
        total: kept.about(),
        rows: listed.map(|(name, group)| group.row(shown(name), clock)).collect(),
    }
}

fn shown(name: &[u8]) -> String {
    String::from_utf8_lossy(name).into_owned()
}
