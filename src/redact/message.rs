//! Messages: the names of the fields and the shape of each line stay, the words do not.

use super::{Redactor, Trust, words::foreign};

/// Where in a message a line stands.
#[derive(Debug)]
pub(super) struct State {
    in_header: bool,
    /// The field that folded lines belong to.
    field: Field,
    /// Something of the message was seen.
    begun: bool,
    /// The boundaries that headers announced: lines with them stay.
    boundaries: Vec<Vec<u8>>,
}

impl Default for State {
    fn default() -> Self {
        Self { in_header: true, field: Field::Words, begun: false, boundaries: Vec::new() }
    }
}

/// What becomes of a field's body.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Field {
    /// It says nothing about anybody.
    Kept,
    /// Addresses and hosts are replaced, other words stay.
    Addresses,
    /// Addresses and hosts are replaced, other words are filled.
    Words,
}

const KEPT: &[&str] = &[
    "Date",
    "MIME-Version",
    "Content-Type",
    "Content-Transfer-Encoding",
    "Content-Disposition",
    "X-Mailer",
    "User-Agent",
    "Auto-Submitted",
    "Precedence",
    "Importance",
    "X-Priority",
];
const ADDRESSES: &[&str] =
    &["Received", "Return-Path", "Message-ID", "References", "In-Reply-To", "DKIM-Signature"];

impl State {
    /// A line of the message without text.
    pub(super) fn blank(&mut self) {
        if self.begun {
            self.in_header = false;
        }
    }

    pub(super) fn line(&mut self, redactor: &mut Redactor, line: &[u8], out: &mut Vec<u8>) {
        if line.trim_ascii().is_empty() {
            out.extend_from_slice(line);
            return self.blank();
        }
        self.begun = true;
        let boundary = line.trim_ascii().strip_prefix(b"--");
        let boundary = boundary.map(|rest| rest.strip_suffix(b"--").unwrap_or(rest));
        if let Some(boundary) = boundary
            && self.boundaries.iter().any(|known| known == boundary)
        {
            self.in_header = true;
            // Programs put the name of their host into it.
            return redactor.words(line, Trust::Some, out);
        }
        if !self.in_header {
            return fill(line, out);
        }
        let folded = line.first().is_some_and(|octet| matches!(octet, b' ' | b'\t'));
        let colon = memchr::memchr(b':', line).filter(|_| !folded);
        let name = colon.and_then(|colon| line.get(..colon)).unwrap_or_default();
        let is_name = !name.is_empty()
            && name
                .trim_ascii_end()
                .iter()
                .all(|octet| octet.is_ascii_alphanumeric() || matches!(octet, b'-' | b'_'));
        let (head, body) = match colon.filter(|_| is_name) {
            Some(colon) => line.split_at_checked(colon + 1).unwrap_or((line, b"")),
            None => (&b""[..], line),
        };
        if is_name {
            let is_in = |list: &[&str]| {
                list.iter()
                    .any(|known| name.trim_ascii_end().eq_ignore_ascii_case(known.as_bytes()))
            };
            self.field = if is_in(KEPT) {
                Field::Kept
            } else if is_in(ADDRESSES) {
                Field::Addresses
            } else {
                Field::Words
            };
        } else if !folded {
            self.field = Field::Words;
        }
        if self.field == Field::Kept {
            self.boundaries.extend(boundary_of(body));
        }
        out.extend_from_slice(head);
        match self.field {
            Field::Kept => kept(redactor, body, out),
            Field::Addresses => redactor.words(body, Trust::Some, out),
            Field::Words => mixed(redactor, body, out),
        }
    }
}

/// The value of `boundary=` in a line of a header.
fn boundary_of(line: &[u8]) -> Option<Vec<u8>> {
    let lower = line.to_ascii_lowercase();
    let at = memchr::memmem::find(&lower, b"boundary=")? + 9;
    let value = line.get(at..)?;
    let value = value.strip_prefix(b"\"").unwrap_or(value);
    let end = value
        .iter()
        .position(|octet| matches!(octet, b'"' | b';' | b' ' | b'\r'))
        .unwrap_or(value.len());
    value.get(..end).filter(|value| !value.is_empty()).map(<[u8]>::to_vec)
}

/// A field that stays, but for the names of files.
fn kept(redactor: &mut Redactor, body: &[u8], out: &mut Vec<u8>) {
    let lower = body.to_ascii_lowercase();
    match memchr::memmem::find(&lower, b"name=") {
        Some(at) => {
            let (head, tail) = body.split_at_checked(at + 5).unwrap_or((body, b""));
            out.extend_from_slice(head);
            fill(tail, out);
        }
        None => redactor.words(body, Trust::Some, out),
    }
}

/// Addresses are replaced, and the words between them filled.
fn mixed(redactor: &mut Redactor, body: &[u8], out: &mut Vec<u8>) {
    for part in body
        .split_inclusive(|octet| matches!(octet, b' ' | b'\t' | b',' | b';' | b'<' | b'>' | b'"'))
    {
        let address = memchr::memchr(b'@', part).is_some_and(|at| at > 0 && at + 1 < part.len());
        if address {
            redactor.words(part, Trust::Full, out);
        } else {
            fill(part, out);
        }
    }
}

/// Letters become `x`, digits 0; everything else, and the length, stays.
pub(super) fn fill(line: &[u8], out: &mut Vec<u8>) {
    // A number of digits, or of letters of an encoded octet, still to come.
    let mut encoded = 0;
    for chunk in line.utf8_chunks() {
        let text = chunk.valid();
        for (at, letter) in text.char_indices() {
            if letter == '=' {
                let hex = text.as_bytes().get(at + 1..at + 3);
                encoded = if hex.is_some_and(|two| two.iter().all(u8::is_ascii_hexdigit)) {
                    2
                } else {
                    0
                };
                out.push(b'=');
            } else if encoded > 0 {
                encoded -= 1;
                out.push(b'0');
            } else if letter.is_ascii_digit() {
                out.push(b'0');
            } else if letter.is_ascii_uppercase() {
                out.push(b'X');
            } else if letter.is_ascii_lowercase() {
                out.push(b'x');
            } else {
                foreign(letter, out);
            }
        }
        out.extend_from_slice(chunk.invalid());
    }
}
