//! `csv`: one row a session, for spreadsheets and databases (RFC 4180).
//!
//! A spreadsheet takes a cell that begins with `=`, `+`, `-` or `@` for a formula, even a quoted one; such a
//! cell gets an apostrophe before it.

use std::io::{self, Write};

use super::{Format, Render, safe};
use crate::report::{SessionReport, SourceReport, Summary};

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

    fn finish(&mut self, _: &Summary, _: &mut dyn Write) -> io::Result<()> {
        Ok(())
    }
}

fn line(source: &str, session: &SessionReport, out: &mut dyn Write) -> io::Result<()> {
    let cells: Vec<String> = row(source, session).iter().map(|text| cell(text)).collect();
    write!(out, "{}\r\n", cells.join(","))
}

fn row(source: &str, session: &SessionReport) -> Vec<String> {
    let or_empty = |text: &Option<String>| text.clone().unwrap_or_default();
    let count = |severity: &str| {
        let found = session.findings.iter().filter(|finding| finding.severity == severity);
        found.count().to_string()
    };
    let tls = session.tls.as_ref();
    let tls = tls.map(|tls| tls.version.clone().unwrap_or_else(|| "yes".to_owned()));
    let transactions = || session.transactions.iter();
    let recipients =
        transactions().flat_map(|transaction| &transaction.recipients).map(|one| &one.address);
    let sender = transactions().find_map(|transaction| transaction.sender.as_ref());
    vec![
        source.to_owned(),
        session.id.to_string(),
        or_empty(&session.key),
        session.dialect.to_owned(),
        session.first_line.to_string(),
        session.last_line.to_string(),
        or_empty(&session.started),
        or_empty(&session.ended),
        or_empty(&session.client.hello),
        or_empty(&session.client.address),
        session.server.name.clone().or(session.server.dialled.clone()).unwrap_or_default(),
        or_empty(&session.server.address),
        session.server.port.map(|port| port.to_string()).unwrap_or_default(),
        tls.unwrap_or_default(),
        or_empty(&session.authenticated_as),
        session.outcome.to_owned(),
        session.verdict.clone(),
        sender.cloned().unwrap_or_default(),
        joined(recipients.map(String::as_str)),
        joined(transactions().filter_map(|transaction| transaction.queue_id.as_deref())),
        count("error"),
        count("warning"),
        count("note"),
        joined(session.findings.iter().map(|finding| finding.rule)),
    ]
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
