//! `csv`: one row a session, for spreadsheets and databases (RFC 4180).
//!
//! A spreadsheet takes a cell that begins with `=`, `+`, `-` or `@` for a formula, even a quoted one; such a
//! cell gets an apostrophe before it. What was found about several sessions is of no row.

use std::{
    borrow::Cow,
    io::{self, Write},
};

use super::{Format, Render, safe};
use crate::{
    report::{SessionReport, SourceReport, Summary},
    rules::Severity,
};

pub(super) static FORMAT: Format = Format {
    name: "csv",
    about: "one row a session, for spreadsheets and databases",
    renderer: |_| Box::new(Csv),
    session: Some(|source, session, out| line(source, session, out)),
};

struct Csv;

const HEADER: &str = "source,session,key,dialect,first_line,last_line,started,ended,client,client_address,\
server,server_address,port,tls,authenticated_as,outcome,verdict,sender,recipients,queue_ids,errors,warnings,\
notes,rules\r\n";

impl Render for Csv {
    fn begin(&mut self, out: &mut dyn Write) -> io::Result<()> {
        out.write_all(HEADER.as_bytes())
    }

    fn source(&mut self, source: &SourceReport, out: &mut dyn Write) -> io::Result<()> {
        for session in &source.sessions {
            line(&source.name, session, out)?;
        }
        Ok(())
    }

    fn tells_problems(&self) -> bool {
        false
    }

    fn finish(&mut self, _: &Summary, _: &mut dyn Write) -> io::Result<()> {
        Ok(())
    }
}

fn line<S: AsRef<str>>(
    source: &str,
    session: &SessionReport<S>,
    out: &mut dyn Write,
) -> io::Result<()> {
    let cells: Vec<String> = row(source, session).iter().map(|text| cell(text)).collect();
    write!(out, "{}\r\n", cells.join(","))
}

fn row<'r, S: AsRef<str>>(source: &'r str, session: &'r SessionReport<S>) -> Vec<Cow<'r, str>> {
    let count = |severity: Severity| {
        let found = session.findings.iter().filter(|finding| finding.severity == severity);
        found.count().to_string()
    };
    let tls = session.tls.as_ref().map(|tls| tls.version.as_ref().map_or("yes", AsRef::as_ref));
    let server = &session.server;
    let transactions = || session.transactions.iter();
    let recipients =
        transactions().flat_map(|transaction| &transaction.recipients).map(|one| &one.address);
    let sender = transactions().find_map(|transaction| transaction.sender.as_ref());
    vec![
        source.into(),
        session.id.to_string().into(),
        or_empty(session.key.as_ref()),
        session.dialect.into(),
        session.first_line.to_string().into(),
        session.last_line.to_string().into(),
        or_empty(session.started.as_ref()),
        or_empty(session.ended.as_ref()),
        or_empty(session.client.hello.as_ref()),
        or_empty(session.client.address.as_ref()),
        or_empty(server.name.as_ref().or(server.dialled.as_ref())),
        or_empty(server.address.as_ref()),
        server.port.map(|port| port.to_string()).unwrap_or_default().into(),
        tls.unwrap_or_default().into(),
        or_empty(session.authenticated_as.as_ref()),
        session.outcome.into(),
        session.verdict.as_ref().into(),
        or_empty(sender),
        joined(recipients.map(AsRef::as_ref)).into(),
        joined(
            transactions()
                .filter_map(|transaction| transaction.queue_id.as_ref())
                .map(AsRef::as_ref),
        )
        .into(),
        count(Severity::Error).into(),
        count(Severity::Warning).into(),
        count(Severity::Note).into(),
        joined(session.findings.iter().map(|finding| finding.rule)).into(),
    ]
}

fn or_empty<S: AsRef<str>>(text: Option<&S>) -> Cow<'_, str> {
    text.map_or("", AsRef::as_ref).into()
}

fn joined<'t>(texts: impl Iterator<Item = &'t str>) -> String {
    texts.collect::<Vec<_>>().join(" ")
}

/// A cell that no reader of CSV takes for more than its text.
pub(super) fn cell(text: &str) -> String {
    let text = safe::line(text);
    let formula = text.trim_start().starts_with(['=', '+', '-', '@', '|', '%']);
    let guard = if formula { "'" } else { "" };
    if formula || text.contains([',', '"', ';']) {
        format!("\"{guard}{}\"", text.replace('"', "\"\""))
    } else {
        text.into_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_stay_text() {
        for (text, expected) in [
            ("plain", "plain"),
            ("a,b", "\"a,b\""),
            ("say \"hi\"", "\"say \"\"hi\"\"\""),
            ("=1+1", "\"'=1+1\""),
            (" @SUM(A1)", "\"' @SUM(A1)\""),
            ("-2", "\"'-2\""),
            ("a\r\n=b", r"a\x0d\x0a=b"),
        ] {
            assert_eq!(cell(text), expected);
        }
    }
}
