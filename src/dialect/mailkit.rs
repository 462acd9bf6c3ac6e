//! MailKit's `ProtocolLogger`, and the web testers that stand on it.
//!
//! ```text
//! Connected to smtp://mx.example.net:587/?starttls=when-available
//! S: 220 mx.example.net ESMTP
//! C: EHLO client.example
//! ```
//!
//! Traps: the marks can be chosen (`>> ` and `<< ` occur), so that only the first line proves MailKit; a line
//! that came in two pieces is marked once; each connection of a program appends to the same file; `********`
//! stands for secrets. From MailKit's `ProtocolLogger.cs` and public pastes.

use super::{
    Custom, Dialect, Reader, Reading, Record, Say, Times, Unmarked, failure::has, prompt, time,
};
use crate::transcript::{Fact, Mark, Moment};

pub(super) static DIALECT: Dialect = Dialect {
    name: "mailkit",
    about: "MailKit's ProtocolLogger",
    client: "C: ",
    server: "S: ",
    key: "",
    times: Times::Sometimes,
    record: Record::DIALOGUE,
    unmarked: Unmarked::Client,
    custom: Custom::FirstIsClient,
    hints: &["Connected to smtp"],
    evidence: |line| connected(prefix(line).1).is_some(),
    reader: || Box::new(MailKit::default()),
};

/// The time before a line, where the logger writes one.
fn prefix(line: &[u8]) -> (Option<Moment>, &[u8]) {
    time::iso(line)
        .and_then(|(at, rest)| Some((Some(at), rest.strip_prefix(b" ")?)))
        .unwrap_or((None, line.trim_ascii_start()))
}

/// The URL of `Connected to smtp://…`, behind the scheme's colon; and whether TLS comes first.
fn connected(text: &[u8]) -> Option<(&[u8], bool)> {
    let rest = text.strip_prefix(b"Connected to smtp")?;
    let (rest, tls) = match rest.strip_prefix(b"s") {
        Some(rest) => (rest, true),
        None => (rest, false),
    };
    Some((rest.strip_prefix(b"://")?, tls))
}

/// The marks that a log was given.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Marks {
    Letters,
    OneArrow,
    TwoArrows,
}

#[derive(Debug, Default)]
struct MailKit {
    marks: Option<Marks>,
}

impl Reader for MailKit {
    fn read(&mut self, line: &[u8], say: Say<'_>) -> bool {
        let (at, text) = prefix(line);
        if let Some((target, tls)) = connected(text) {
            say(Reading::tells(line, Fact::Opening).at(at));
            let end = target.iter().position(|octet| matches!(octet, b'/' | b'?'));
            let authority = target.get(..end.unwrap_or(target.len())).unwrap_or_default();
            if let Some(fact) = prompt::dialled(authority, None) {
                say(Reading::tells(b"", fact));
            }
            say(Reading::tells(b"", Fact::Opened));
            if tls {
                say(Reading::tells(b"", Fact::TlsStarted { version: None, cipher: None }));
            }
            return true;
        }
        let Some((marks, mark, text)) = marked(text) else {
            let exception = text.starts_with(b"MailKit.") && has(text, "Exception: ");
            if exception {
                say(Reading::tells(line, Fact::ToolError(text.to_vec())));
            }
            return exception;
        };
        if *self.marks.get_or_insert(marks) != marks {
            return false;
        }
        say(Reading::said(mark, text).at(at));
        true
    }
}

fn marked(text: &[u8]) -> Option<(Marks, Mark, &[u8])> {
    const MARKS: [(&[u8], Marks, Mark); 6] = [
        (b"C:", Marks::Letters, Mark::First),
        (b"S:", Marks::Letters, Mark::Second),
        (b">>", Marks::TwoArrows, Mark::First),
        (b"<<", Marks::TwoArrows, Mark::Second),
        (b">", Marks::OneArrow, Mark::First),
        (b"<", Marks::OneArrow, Mark::Second),
    ];
    MARKS.iter().find_map(|(sign, marks, mark)| {
        let rest = text.strip_prefix(*sign)?;
        let text = rest.strip_prefix(b" ").or_else(|| rest.is_empty().then_some(rest))?;
        Some((*marks, *mark, text))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dialect::tests::{read, rows};

    #[test]
    fn the_first_marks_are_kept() {
        let lines = [
            "2024-03-13T09:01:18Z Connected to smtps://mx.example:465/",
            "2024-03-13T09:01:18Z S: 220 mx.example",
            "C: AUTH PLAIN ********",
            "> not a mark here",
            "C:",
        ];
        let said = read(&DIALECT, &lines);
        assert_eq!(
            rows(&said),
            [
                "T Opening",
                "T Dialled mx.example:465",
                "T Opened",
                "T TlsStarted ? ?",
                "2 220 mx.example",
                "1 AUTH PLAIN ********",
                "-",
                "1 "
            ]
        );
        assert_eq!(rows(&read(&DIALECT, &["<< 220 mx", ">> QUIT"])), ["2 220 mx", "1 QUIT"]);
    }
}
