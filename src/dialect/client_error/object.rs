//! Nodemailer's error as an object: its reply, and which command that answered, in fields of their own.

use super::{
    forms::{COMMANDS, Of},
    quote::Quote,
};
use crate::dialect::{
    escape::{Literal, literal},
    failure::has,
    reply_rows::{Code, code},
};

/// In how many lines behind its reply an object has to name the code.
const LINES: u8 = 12;

/// An error object that is printed over several lines, as far as it was read.
#[derive(Debug, Default)]
pub(super) struct Object {
    /// What the server said, escaped.
    response: Vec<u8>,
    /// The reply goes on in the next line.
    unfinished: bool,
    /// The code that the object names.
    code: Option<Code>,
    command: Option<Of>,
    /// The object says what it is about.
    kind: Option<Of>,
    /// The message before the object's fields says it.
    told: Option<Of>,
    lines: u8,
    whole: bool,
}

/// The value behind a field's name: `response: '550 …'`, `"response": "550 …"`.
fn field<'l>(text: &'l [u8], name: &[u8]) -> Option<&'l [u8]> {
    let text = text.trim_ascii_start();
    let text = text.strip_prefix(b"{").map_or(text, <[u8]>::trim_ascii_start);
    let quoted = text.strip_prefix(b"\"").and_then(|text| text.strip_prefix(name));
    let rest = match quoted {
        Some(rest) => rest.strip_prefix(b"\"")?,
        None => text.strip_prefix(name)?,
    };
    Some(rest.strip_prefix(b":")?.trim_ascii_start())
}

/// A literal, which Node.js puts into backquotes where both other marks are in it.
pub(super) fn string(text: &[u8]) -> Option<Literal<'_>> {
    let Some(body) = text.strip_prefix(b"`") else { return literal(text) };
    let (inner, rest) = body.split_at_checked(memchr::memrchr(b'`', body)?)?;
    Some(Literal { inner, rest: rest.get(1..)?, closed: true })
}

/// Whether a line names the code of a refusal as Nodemailer's object does.
pub(super) fn has_code(line: &[u8]) -> bool {
    field(line, b"responseCode").is_some_and(|value| refusal(value).is_some())
}

/// The code that a value begins with, where it refuses something.
fn refusal(value: &[u8]) -> Option<Code> {
    let found = code(value.get(..3)?)?;
    let ends = value.get(3).is_none_or(|next| !next.is_ascii_alphanumeric());
    (ends && matches!(found.first(), Some(b'4' | b'5'))).then_some(found)
}

impl Object {
    /// Whatever object there was is over.
    pub(super) fn ends(&mut self) {
        *self = Self::default();
    }

    /// Takes a line of an object.
    pub(super) fn takes(&mut self, line: &[u8]) -> bool {
        let text = line.trim_ascii();
        if self.whole {
            self.ends();
        }
        if std::mem::take(&mut self.unfinished) {
            if let Some(part) = string(text) {
                self.response.extend_from_slice(part.inner);
                self.unfinished = part.rest.trim_ascii() == b"+";
                return true;
            }
            self.ends();
            return false;
        }
        if has(text, "all recipients were rejected") {
            self.told = Some(Of::Recipient);
        }
        let kind = field(text, b"code").and_then(string).map(|kind| kind.inner);
        if kind.is_some() {
            let told = self.told.take();
            self.ends();
            self.kind = kind.and_then(kind_of).or(told);
            return false;
        }
        let response = field(text, b"response").or_else(|| field(text, b"data"));
        if let Some(part) = response.and_then(string).filter(|part| code(part.inner).is_some()) {
            self.response = part.inner.to_vec();
            (self.code, self.command, self.lines) = (None, None, 0);
            self.unfinished = part.rest.trim_ascii() == b"+";
            return true;
        }
        if self.response.is_empty() {
            return false;
        }
        self.lines += 1;
        if let Some(value) = field(text, b"responseCode") {
            self.code = refusal(value).filter(|code| self.response.starts_with(code));
            if self.code.is_none() {
                self.ends();
            } else if text.ends_with(b"}") || !text.ends_with(b",") {
                // Early versions do not name the command.
                self.whole = true;
            }
            return true;
        }
        let command = field(text, b"command").or_else(|| field(text, b"stage"));
        if let Some(named) = command.and_then(string) {
            let early = field(text, b"stage").is_some();
            self.command = command_of(named.inner, self.kind == Some(Of::Message));
            self.whole = self.code.is_some() || early && self.command.is_some();
            return true;
        }
        if text.starts_with(b"}") && self.code.is_some() {
            self.whole = true;
            return true;
        }
        if self.lines > LINES || text.starts_with(b"}") {
            self.ends();
        }
        false
    }

    /// The reply, where the object is whole with `line`.
    pub(super) fn quote<'l>(&'l self, line: &'l [u8]) -> Option<Quote<'l>> {
        let refuses = refusal(&self.response).is_some();
        (self.whole && refuses).then(|| {
            Quote::of_text(line, &self.response, self.command.or(self.kind).unwrap_or(Of::Told))
        })
    }
}

/// The command of an object in one line: `"response":"550 …","responseCode":550,"command":"RCPT TO"`.
pub(super) fn command_in(line: &[u8]) -> Option<Of> {
    let at = memchr::memmem::find(line, b"\"command\":")
        .map(|at| at + 10)
        .or_else(|| Some(memchr::memmem::find(line, b" command: '")? + 10))?;
    let named = string(line.get(at..)?.trim_ascii_start())?;
    command_of(named.inner, has(line, "EMESSAGE"))
}

/// What Nodemailer's codes for errors are about; `EENVELOPE` is MAIL or RCPT.
fn kind_of(named: &[u8]) -> Option<Of> {
    match named {
        b"EAUTH" => Some(Of::Auth),
        b"EMESSAGE" => Some(Of::Message),
        _ => None,
    }
}

fn command_of(named: &[u8], message: bool) -> Option<Of> {
    let rows = || COMMANDS.iter().filter(|(name, _)| named.starts_with(name.as_bytes()));
    let of = rows().next().map(|(_, of)| *of)?;
    // `DATA` is what the command and the message behind it are called.
    Some(if of == Of::Message && !message && named == b"DATA" { Of::Data } else { of })
}
