//! A message as it was sent: its header lines, where they end, and what a mail parser makes of it.

use mail_parser::MessageParser;

use crate::{
    session::{Kind, Message, Session, Transaction},
    transcript::{Label, Method, Turn},
};

/// A message of a session.
pub(super) struct Sent<'s, 't> {
    pub(super) session: &'s Session<'t>,
    pub(super) transaction: &'s Transaction<'t>,
    pub(super) message: &'s Message,
}

/// The messages that the record shows from their beginning.
pub(super) fn messages<'s, 't>(session: &'s Session<'t>) -> impl Iterator<Item = Sent<'s, 't>> {
    let headless = session.exchanges.first().is_some_and(|first| first.kind == Kind::Message);
    session.transactions.iter().enumerate().filter_map(move |(index, transaction)| {
        let message = transaction.message.as_ref().filter(|message| !message.hidden)?;
        if headless && index == 0 {
            return None;
        }
        let sent = Sent { session, transaction, message };
        sent.lines().next().is_some().then_some(sent)
    })
}

/// What a line in front of the body is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum HeaderLine {
    /// `Name: body`
    Field,
    /// White space at its beginning: it goes on with the field before it.
    Folded,
    /// Like a field, but the name is not one that RFC 5322 §2.2 allows.
    Malformed,
    /// No field at all.
    Text,
}

/// What a line is, taken as a line of the header.
pub(super) fn header_line(line: &[u8]) -> HeaderLine {
    if line.first().is_some_and(|octet| matches!(octet, b' ' | b'\t')) {
        return HeaderLine::Folded;
    }
    let Some(colon) = memchr::memchr(b':', line) else { return HeaderLine::Text };
    let name = line.get(..colon).unwrap_or_default();
    if !name.is_empty() && name.iter().all(u8::is_ascii_graphic) {
        // `http://…` and `12:30` are text.
        let field = name.first().is_some_and(u8::is_ascii_alphabetic)
            && !line.get(colon + 1..).unwrap_or_default().starts_with(b"//");
        return if field { HeaderLine::Field } else { HeaderLine::Text };
    }
    let trimmed = name.trim_ascii();
    let word = !trimmed.is_empty()
        && trimmed.iter().all(|octet| octet.is_ascii_alphanumeric() || *octet == b'-');
    if word && name.len() > trimmed.len() { HeaderLine::Malformed } else { HeaderLine::Text }
}

/// Fields that mail programs write and hardly anybody types.
const PROGRAMS: &[&str] = &[
    "Received",
    "Message-ID",
    "X-Mailer",
    "User-Agent",
    "DKIM-Signature",
    "Content-Transfer-Encoding",
];

/// Fields that no text begins a line with by chance.
const WELL_KNOWN: &[&str] = &[
    "From:",
    "To:",
    "Cc:",
    "Subject:",
    "Date:",
    "Message-ID:",
    "MIME-Version:",
    "Content-",
    "Received:",
    "Reply-To:",
    "Return-Path:",
    "In-Reply-To:",
    "References:",
    "X-",
];

/// Whether the header goes on within a few lines, so that what stands before is a slip within it.
pub(super) fn goes_on<'t>(rest: impl Iterator<Item = (&'t Turn, &'t [u8])>) -> bool {
    rest.take(3).any(|(_, line)| is_well_known(line))
}

/// Whether a line begins with the name of a field that every mail program knows.
fn is_well_known(line: &[u8]) -> bool {
    header_line(line) == HeaderLine::Field
        && WELL_KNOWN.iter().any(|name| {
            line.get(..name.len()).is_some_and(|start| start.eq_ignore_ascii_case(name.as_bytes()))
        })
}

impl<'s, 't> Sent<'s, 't> {
    /// The lines of the message with their turns, without the final dot.
    pub(super) fn lines(&self) -> impl Iterator<Item = (&'t Turn, &'t [u8])> + Clone + use<'s, 't> {
        let session = self.session;
        session
            .turns(self.message.turns.clone(), Label::Message)
            .map(move |turn| (turn, session.transcript.text(turn)))
    }

    /// The lines before the first blank one.
    pub(super) fn header(
        &self,
    ) -> impl Iterator<Item = (&'t Turn, &'t [u8])> + Clone + use<'s, 't> {
        self.lines().take_while(|(_, line)| !line.trim_ascii().is_empty())
    }

    /// Whether a header field of this name stands in the header.
    pub(super) fn has_field(&self, name: &str) -> bool {
        self.header().any(|(_, line)| {
            line.get(..name.len()).is_some_and(|start| start.eq_ignore_ascii_case(name.as_bytes()))
                && line
                    .get(name.len()..)
                    .is_some_and(|rest| rest.trim_ascii_start().starts_with(b":"))
        })
    }

    /// How many lines of the header are fields.
    pub(super) fn fields(&self) -> usize {
        self.header().filter(|(_, line)| header_line(line) == HeaderLine::Field).count()
    }

    /// Whether words stand in the place of a message: `(message goes here)`, `Blah blah blah...`.
    pub(super) fn is_placeholder(&self) -> bool {
        self.fields() == 0
            && self.lines().any(|(_, line)| {
                let line = line.trim_ascii();
                let dots = line.iter().filter(|octet| **octet == b'.').count();
                (dots >= 3 && (line.starts_with(b". .") || line.ends_with(b". .")))
                    || line.ends_with(b"...")
                    || line.starts_with(b"...")
                    || "…".as_bytes() == line
                    || (line.starts_with(b"(") && line.ends_with(b")"))
                    || (line.starts_with(b"[") && line.ends_with(b"]"))
                    || (line.starts_with(b"<") && line.ends_with(b">") && line.contains(&b' '))
            })
    }

    /// Whether the record shows blank lines, and so where the header ends.
    ///
    /// A mail program leaves one behind the header that it wrote: where none is to be seen in the message, a copy has
    /// lost them.
    pub(super) fn shows_blanks(&self) -> bool {
        self.lines().any(|(_, line)| line.trim_ascii().is_empty())
            || self.session.transcript.record.blank_lines
                && !PROGRAMS.iter().any(|name| self.has_field(name))
    }

    /// Whether a person typed it.
    pub(super) fn is_typed(&self) -> bool {
        self.session.transcript.method == Method::Inferred
    }

    /// The domain of the From field, as a mail parser reads it.
    pub(super) fn domain_of_from(&self) -> Option<String> {
        // The parser need not read the other fields.
        let mut whole = Vec::new();
        let mut is_from = false;
        for (_, line) in self.header() {
            is_from = match header_line(line) {
                HeaderLine::Folded => is_from,
                _ => line.get(..4).is_some_and(|name| name.eq_ignore_ascii_case(b"From")),
            };
            if is_from {
                whole.extend_from_slice(line);
                whole.extend_from_slice(b"\r\n");
            }
        }
        if whole.is_empty() {
            return None;
        }
        whole.extend_from_slice(b"\r\n");
        let parsed = MessageParser::default().parse(&whole)?;
        let address = parsed.from()?.first()?.address()?;
        Some(address.rsplit_once('@')?.1.to_owned())
    }
}
