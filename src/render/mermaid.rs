//! `mermaid`: the dialogue as a sequence diagram, for pages that draw Mermaid. What was found about several
//! sessions is of no dialogue.

use std::{
    fmt::Write as _,
    io::{self, Write},
};

use super::{Format, Render, phrase, safe};
use crate::{
    report::{SessionReport, SourceReport, Summary},
    rules::Severity,
};

pub(super) static FORMAT: Format = Format {
    name: "mermaid",
    about: "a sequence diagram of the dialogue, for Mermaid",
    renderer: |_| Box::new(Mermaid),
    session: None,
};

/// The longest text at an arrow, in characters.
const LONGEST: usize = 70;

struct Mermaid;

impl Render for Mermaid {
    fn begin(&mut self, out: &mut dyn Write) -> io::Result<()> {
        writeln!(out, "sequenceDiagram\n    participant C as client\n    participant S as server")
    }

    fn some(&mut self, some: &SourceReport, out: &mut dyn Write) -> io::Result<bool> {
        self.source(some, out)?;
        Ok(true)
    }

    fn source(&mut self, source: &SourceReport, out: &mut dyn Write) -> io::Result<()> {
        source.sessions.iter().try_for_each(|session| draw(source, session, out))
    }

    fn tells_problems(&self) -> bool {
        false
    }

    fn finish(&mut self, _: &Summary, _: &mut dyn Write) -> io::Result<()> {
        Ok(())
    }
}

fn draw(source: &SourceReport, session: &SessionReport, out: &mut dyn Write) -> io::Result<()> {
    let place = format!("{}:{}-{}", source.name, session.first_line, session.last_line);
    writeln!(out, "    Note over C,S: {}", label(&place))?;
    for exchange in &session.exchanges {
        if !matches!(exchange.kind, "greeting" | "unsolicited") {
            writeln!(out, "    C->>S: {}", label(&phrase::client(session, exchange)))?;
        }
        match &exchange.reply {
            Some(reply) => {
                let refused = reply.code.is_some_and(|code| code >= 400);
                let arrow = if refused { "S--xC" } else { "S-->>C" };
                writeln!(out, "    {arrow}: {}", label(&phrase::server(exchange)))?;
            }
            None => writeln!(out, "    Note right of S: no reply")?,
        }
        let (from, to) = span(exchange);
        for finding in session.findings.iter().filter(|finding| {
            finding.severity > Severity::Note && (from..=to).contains(&finding.line)
        }) {
            let text = format!("{}: {}", finding.severity, finding.rule);
            writeln!(out, "    Note over C,S: {}", label(&text))?;
        }
    }
    writeln!(out, "    Note over C,S: {}", label(&session.verdict))
}

/// The lines of an exchange.
fn span(exchange: &crate::report::ExchangeReport) -> (u64, u64) {
    let command = exchange.command.as_ref().map(|said| (said.line, said.last_line));
    let reply = exchange.reply.as_ref().map(|said| (said.line, said.last_line));
    let (from, to) = command.or(reply).unwrap_or((1, 0));
    (from, reply.map_or(to, |(_, last)| last))
}

/// Text at an arrow: letters, digits and what is harmless as they are, the rest as character codes.
fn label(text: &str) -> String {
    let text = safe::line(text);
    let mut label = String::with_capacity(text.len());
    for (number, character) in text.chars().enumerate() {
        if number == LONGEST {
            label.push('…');
            break;
        }
        let harmless = character.is_alphanumeric()
            || matches!(character, ' ' | '.' | ',' | '-' | '_' | '/' | '(' | ')' | '…' | '→');
        if harmless {
            label.push(character);
        } else {
            let _ = write!(label, "#{};", u32::from(character));
        }
    }
    // A line that says `end` would end what it stands in.
    if label.trim().eq_ignore_ascii_case("end") {
        label = format!("({})", label.trim());
    }
    if label.trim().is_empty() { "#32;".to_owned() } else { label }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_label_stays_a_label() {
        for (text, expected) in [
            ("250 2.1.0 Ok", "250 2.1.0 Ok"),
            ("RCPT TO:<a@b>", "RCPT TO#58;#60;a#64;b#62;"),
            ("a;b #1\n%%{init", r"a#59;b #35;1#92;x0a#37;#37;#123;init"),
            ("End", "(End)"),
            ("", "#32;"),
        ] {
            assert_eq!(label(text), expected);
        }
    }
}
