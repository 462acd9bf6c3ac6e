//! The facts of a session in one line, and the totals of many.

use super::quantity::counted;
use crate::report::{SessionReport, SourceReport, Summary};

/// Below this the reader is told how sure it is who said what.
const SURE: f64 = 0.9;

/// `session.txt:3-25 · telnet-unix · client → server · no TLS · queued`
pub(super) fn of(source: &SourceReport, session: &SessionReport) -> String {
    let mut facts = Vec::new();
    let place = format!("{}:{}-{}", source.name, session.first_line, session.last_line);
    facts.push(match source.session_count {
        0 => format!("{place} (session {})", session.id),
        1 => place,
        many => format!("{place} (session {} of {many})", session.id),
    });
    if let Some(started) = &session.started {
        facts.push(started.clone());
    }
    let attribution = &session.attribution;
    facts.push(if attribution.confidence < SURE {
        let percent = attribution.confidence * 100.0;
        format!("{}, who said what is {percent:.0} % sure", session.dialect)
    } else {
        session.dialect.to_owned()
    });
    facts.extend(peers(session));
    facts.push(tls(session));
    if let Some(user) = &session.authenticated_as {
        facts.push(format!("authenticated as {user}"));
    }
    facts.push(session.outcome.to_owned());
    facts.join(" · ")
}

/// What stands above the findings about several sessions of a source.
pub(super) fn across(source: &SourceReport) -> String {
    format!("{}: its sessions together", source.name)
}

/// `name (address) → name (address)`
fn peers(session: &SessionReport) -> Option<String> {
    let client = named(session.client.hello.as_deref(), session.client.address.as_deref());
    let server = &session.server;
    let name = server.name.as_deref().or(server.dialled.as_deref());
    let port = server.port.map(|port| format!(" port {port}")).unwrap_or_default();
    let server = named(name, server.address.as_deref()).map(|server| server + &port);
    match (client, server) {
        (None, None) => None,
        (client, server) => {
            let or_unknown = |peer: Option<String>| peer.unwrap_or_else(|| "?".to_owned());
            Some(format!("{} → {}", or_unknown(client), or_unknown(server)))
        }
    }
}

fn named(name: Option<&str>, address: Option<&str>) -> Option<String> {
    match (name, address) {
        (Some(name), Some(address)) if name != address => Some(format!("{name} ({address})")),
        (Some(one), _) | (None, Some(one)) => Some(one.to_owned()),
        (None, None) => None,
    }
}

fn tls(session: &SessionReport) -> String {
    if session.findings.iter().any(|finding| finding.rule == "tls-handshake-failed") {
        return "TLS failed".to_owned();
    }
    let Some(tls) = &session.tls else { return "no TLS".to_owned() };
    let version = tls.version.clone().unwrap_or_else(|| "TLS".to_owned());
    match &tls.certificate_problem {
        Some(problem) => format!("{version} (certificate: {problem})"),
        None => version,
    }
}

/// `3 sessions in 2 sources: 2 queued, 1 rejected; 1 error, 0 warnings, 2 notes`
pub(super) fn totals(summary: &Summary) -> String {
    let outcomes: Vec<String> =
        summary.outcomes.iter().map(|(outcome, count)| format!("{count} {outcome}")).collect();
    let findings = &summary.findings;
    let mut text = format!(
        "{} in {}",
        counted(summary.sessions, "session"),
        counted(summary.sources, "source")
    );
    if !outcomes.is_empty() {
        text = format!("{text}: {}", outcomes.join(", "));
    }
    format!(
        "{text}; {}, {}, {}",
        counted(findings.error, "error"),
        counted(findings.warning, "warning"),
        counted(findings.note, "note"),
    )
}
