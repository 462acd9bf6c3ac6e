//! Which columns the tables have.

use super::{
    super::{Render, Table},
    column::{Row, code, count, flag, measure, port, text, texts, time},
    table::Rows,
};
use crate::{
    report::{CommandReport, ReplyReport, SessionReport, TransactionReport},
    rules::Severity,
};

/// A row a session.
pub(super) const SESSIONS: Table = Table { name: "sessions", renderer: sessions };

/// A row an exchange.
pub(super) const EXCHANGES: Table = Table { name: "exchanges", renderer: exchanges };

fn sessions() -> Box<dyn Render> {
    let columns = vec![
        text("source", |row| Some(row.source)),
        count("session", |row| Some(row.session.id)),
        text("key", |row| row.session.key.as_deref()),
        text("dialect", |row| Some(row.session.dialect)),
        text("attribution_method", |row| Some(row.session.attribution.method)),
        measure("attribution_confidence", |row| Some(row.session.attribution.confidence)),
        count("first_line", |row| Some(row.session.first_line)),
        count("last_line", |row| Some(row.session.last_line)),
        time("started", |row| micros(row.session.started.as_deref()?)),
        time("ended", |row| micros(row.session.ended.as_deref()?)),
        flag("zoned", |row| Some(row.session.started.as_deref()?.ends_with('Z'))),
        text("client_address", |row| row.session.client.address.as_deref()),
        text("client_hello", |row| row.session.client.hello.as_deref()),
        text("server_address", |row| row.session.server.address.as_deref()),
        port("server_port", |row| row.session.server.port),
        text("server_dialled", |row| row.session.server.dialled.as_deref()),
        text("server_name", |row| row.session.server.name.as_deref()),
        text("server_software", |row| row.session.server.software.as_deref()),
        flag("tls", |row| Some(row.session.tls.is_some())),
        text("tls_version", |row| row.session.tls.as_ref()?.version.as_deref()),
        text("tls_cipher", |row| row.session.tls.as_ref()?.cipher.as_deref()),
        text("tls_certificate_problem", |row| {
            row.session.tls.as_ref()?.certificate_problem.as_deref()
        }),
        text("authenticated_as", |row| row.session.authenticated_as.as_deref()),
        texts("extensions", |row| {
            row.session.extensions.iter().map(|extension| extension.keyword.as_str()).collect()
        }),
        count("exchange_count", |row| u64::try_from(row.session.exchanges.len()).ok()),
        count("transaction_count", |row| u64::try_from(row.session.transactions.len()).ok()),
        text("sender", |row| {
            transactions(row).iter().find_map(|transaction| transaction.sender.as_deref())
        }),
        texts("recipients", |row| {
            let recipients = transactions(row).iter().flat_map(|one| &one.recipients);
            recipients.map(|recipient| recipient.address.as_str()).collect()
        }),
        texts("accepted_recipients", |row| {
            let recipients = transactions(row).iter().flat_map(|one| &one.recipients);
            let accepted = recipients.filter(|recipient| recipient.accepted);
            accepted.map(|recipient| recipient.address.as_str()).collect()
        }),
        texts("queue_ids", |row| {
            transactions(row).iter().filter_map(|one| one.queue_id.as_deref()).collect()
        }),
        text("outcome", |row| Some(row.session.outcome)),
        text("verdict", |row| Some(&row.session.verdict)),
        count("errors", |row| severe(row.session, Severity::Error)),
        count("warnings", |row| severe(row.session, Severity::Warning)),
        count("notes", |row| severe(row.session, Severity::Note)),
        texts("rules", |row| row.session.findings.iter().map(|finding| finding.rule).collect()),
    ];
    Box::new(Rows::new("sessions", columns, |row, hold| hold(row)))
}

fn exchanges() -> Box<dyn Render> {
    let columns = vec![
        text("source", |row| Some(row.source)),
        count("session", |row| Some(row.session.id)),
        count("exchange", |row| row.exchange.map(|(number, _)| number)),
        text("kind", |row| Some(row.exchange()?.kind)),
        text("verb", |row| row.exchange()?.verb.as_deref()),
        flag("inferred", |row| Some(row.exchange()?.inferred)),
        count("command_line", |row| Some(command(row)?.line)),
        count("command_last_line", |row| Some(command(row)?.last_line)),
        text("command_text", |row| Some(&command(row)?.text)),
        flag("command_lossy", |row| Some(command(row)?.lossy)),
        text("command_path", |row| command(row)?.path.as_deref()),
        texts("command_params", |row| {
            command(row).into_iter().flat_map(|it| &it.params).map(String::as_str).collect()
        }),
        count("reply_line", |row| Some(reply(row)?.line)),
        count("reply_last_line", |row| Some(reply(row)?.last_line)),
        code("reply_code", |row| reply(row)?.code),
        text("reply_enhanced", |row| reply(row)?.enhanced.as_deref()),
        texts("reply_text", |row| {
            reply(row).into_iter().flat_map(|it| &it.text).map(String::as_str).collect()
        }),
        flag("reply_lossy", |row| Some(reply(row)?.lossy)),
        measure("latency_ms", |row| row.exchange()?.latency_ms),
        texts("rules", rules_here),
    ];
    Box::new(Rows::new("exchanges", columns, |row, hold| {
        for (number, exchange) in (1..).zip(&row.session.exchanges) {
            hold(Row { exchange: Some((number, exchange)), ..row })?;
        }
        Ok(())
    }))
}

fn transactions(row: Row<'_>) -> &[TransactionReport] {
    &row.session.transactions
}

fn command(row: Row<'_>) -> Option<&CommandReport> {
    row.exchange()?.command.as_ref()
}

fn reply(row: Row<'_>) -> Option<&ReplyReport> {
    row.exchange()?.reply.as_ref()
}

/// How many findings of the session are of this severity.
fn severe(session: &SessionReport, severity: Severity) -> Option<u64> {
    let found = session.findings.iter().filter(|finding| finding.severity == severity);
    u64::try_from(found.count()).ok()
}

/// The rules whose findings begin on a line of the command or of the reply.
fn rules_here(row: Row<'_>) -> Vec<&str> {
    let of_command = command(row).map(|it| it.line..=it.last_line);
    let of_reply = reply(row).map(|it| it.line..=it.last_line);
    let stands_here = |line: &u64| {
        [&of_command, &of_reply].into_iter().flatten().any(|lines| lines.contains(line))
    };
    let here = row.session.findings.iter().filter(|finding| stands_here(&finding.line));
    here.map(|finding| finding.rule).collect()
}

/// A time of the report in microseconds since 1970; one without a zone by the recorder's clock.
fn micros(time: &str) -> Option<i64> {
    if let Ok(timestamp) = time.parse::<jiff::Timestamp>() {
        return Some(timestamp.as_microsecond());
    }
    let time: jiff::civil::DateTime = time.parse().ok()?;
    Some(time.to_zoned(jiff::tz::TimeZone::UTC).ok()?.timestamp().as_microsecond())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_with_and_without_a_zone() {
        assert_eq!(micros("1970-01-01T00:00:01.000002Z"), Some(1_000_002));
        assert_eq!(micros("1970-01-01T00:00:01.000002"), Some(1_000_002));
        assert_eq!(micros("1969-12-31T23:59:59.5"), Some(-500_000));
        assert_eq!(micros("at noon"), None);
    }
}
