//! A saved mail (RFC 5322, MIME): its texts and attachments.

use std::ops::ControlFlow;

use base64::{Engine as _, engine::general_purpose::STANDARD};
use encoding_rs::Encoding;
use mail_parser::decoders::base64::base64_decode;
use mail_parser::decoders::quoted_printable::quoted_printable_decode;
use mail_parser::{
    Encoding as Transfer, Message, MessageParser, MessagePart, MimeHeaders as _, PartType,
};

use super::open::{Container, Opening, below};
use super::start::{Started, Whole};
use super::{Problem, Severity};

const NAME: &str = "mail";

pub(super) static CONTAINER: Container = Container { name: NAME, begins, open };

/// Fields that people copy into a ticket along with a transcript.
const WRITTEN: &[&str] = &["from", "to", "date", "subject"];

/// Fields that only programs write, and that begin no saved text but a mail.
const TRACED: &[&str] =
    &["received", "return-path", "message-id", "mime-version", "content-type", "delivered-to"];

/// Whether these octets begin a mail: nothing but header fields up to an empty line, at least two of
/// them fields that mails have, at least one of these a field that only programs write. A transcript
/// that quotes a message's header has other lines before it.
pub(super) fn begins(start: &[u8]) -> bool {
    let (mut written, mut traced) = (0, 0);
    for (number, line) in start.split_inclusive(|octet| *octet == b'\n').enumerate() {
        let Some(line) = line.strip_suffix(b"\n") else { return false };
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        match line {
            [] => return number > 0 && traced > 0 && written + traced > 1,
            [b' ' | b'\t', ..] if number > 0 => continue,
            _ => {}
        }
        let Some(name) = field_name(line) else { return false };
        let is = |known: &&str| name.eq_ignore_ascii_case(known.as_bytes());
        written += usize::from(WRITTEN.iter().any(is));
        traced += usize::from(TRACED.iter().any(is));
    }
    false
}

/// `field-name ":"`, RFC 5322 §2.2.
fn field_name(line: &[u8]) -> Option<&[u8]> {
    let end = memchr::memchr(b':', line)?;
    let name = line.get(..end).filter(|name| !name.is_empty())?;
    name.iter().all(u8::is_ascii_graphic).then_some(name)
}

fn open(
    opening: &mut Opening<'_>,
    name: &str,
    octets: Started<'_>,
    depth: usize,
) -> ControlFlow<()> {
    let limit = opening.options.limits.in_memory;
    match octets.whole(limit) {
        Whole::Read(octets, failure) => {
            mail(opening, name, &octets, depth)?;
            match failure {
                Some(error) => opening.broken(name, NAME, &error),
                None => ControlFlow::Continue(()),
            }
        }
        Whole::TooLarge(octets) => {
            let message = format!("this mail of more than {limit} octets was read as plain text");
            opening.spent.remark(Problem::new(Severity::Note, message));
            opening.text(name, octets, opening.options.encoding)
        }
    }
}

/// More mails in one another than any real mail has: the parser's memory grows with them.
const MOST_NESTED: usize = 200;

/// More lines that may part a mail than any real mail has: the parser's memory grows with its parts.
const MOST_BOUNDARIES: usize = 200_000;

/// Hands on what is in a mail.
pub(super) fn mail(
    opening: &mut Opening<'_>,
    name: &str,
    octets: &[u8],
    depth: usize,
) -> ControlFlow<()> {
    let nested = octets
        .windows(b"message/".len())
        .filter(|window| window.eq_ignore_ascii_case(b"message/"))
        .take(MOST_NESTED + 1)
        .count();
    let boundaries = memchr::memmem::find_iter(octets, b"\n--").take(MOST_BOUNDARIES + 1).count();
    let sound = nested <= MOST_NESTED && boundaries <= MOST_BOUNDARIES;
    let parsed = sound.then(|| MessageParser::default().parse(octets)).flatten();
    let Some(message) = parsed.filter(|message| !message.parts.is_empty()) else {
        let message = "the parts of this mail could not be told apart; it was read as plain text";
        opening.spent.remark(Problem::new(Severity::Warning, message));
        return opening.text(name, Started::new(Box::new(octets)), None);
    };
    let mut parts = Parts { opening, name, number: 0 };
    parts.message(&message, depth)?;
    if unclosed(&message) {
        let message = "the mail ends before its last boundary; what came before it was read";
        return opening.container(name, message.to_owned());
    }
    ControlFlow::Continue(())
}

/// Whether the closing boundary of the mail's outermost parts is missing.
fn unclosed(message: &Message<'_>) -> bool {
    let boundary = message.content_type().and_then(|kind| kind.attribute("boundary"));
    boundary.is_some_and(|boundary| {
        let closing = format!("--{boundary}--");
        memchr::memmem::find(message.raw_message(), closing.as_bytes()).is_none()
    })
}

/// The parts of one mail, numbered in the order in which they are handed on.
struct Parts<'p, 'o> {
    opening: &'p mut Opening<'o>,
    name: &'p str,
    number: usize,
}

impl Parts<'_, '_> {
    /// Hands on the parts of a mail in their order. Parts hold parts as deep as whoever wrote the mail
    /// liked, so they are kept in a list and not visited by recursion.
    fn message(&mut self, message: &Message<'_>, depth: usize) -> ControlFlow<()> {
        // Each with whether HTML is wanted: not where the same stands beside it as plain text.
        let mut to_come = vec![(0, true)];
        while let Some((index, html)) = to_come.pop() {
            let Some(part) = message.part(index) else { continue };
            match &part.body {
                PartType::Multipart(parts) => {
                    let html = html && !(is_alternative(part) && has_plain(message, parts));
                    // A part comes after the one that holds it, so this ends.
                    let inner = parts.iter().rev().filter(|inner| **inner > index);
                    to_come.extend(inner.map(|inner| (*inner, html)));
                }
                PartType::Html(_) if !html && part.attachment_name().is_none() => {}
                PartType::Message(inner) => self.nested(part, inner, depth)?,
                PartType::Text(_) | PartType::Html(_) => self.leaf(message, part, true, depth)?,
                PartType::Binary(_) | PartType::InlineBinary(_) => {
                    self.leaf(message, part, false, depth)?;
                }
            }
        }
        ControlFlow::Continue(())
    }

    fn nested(
        &mut self,
        part: &MessagePart<'_>,
        inner: &Message<'_>,
        depth: usize,
    ) -> ControlFlow<()> {
        let name = self.next_name(part, "eml");
        if depth >= self.opening.options.limits.depth {
            let message =
                format!("this mail lies {depth} containers deep, where no more are opened");
            return self.opening.unreadable(&name, Problem::new(Severity::Error, message));
        }
        let mut parts = Parts { opening: self.opening, name: &name, number: 0 };
        parts.message(inner, depth + 1)
    }

    fn leaf(
        &mut self,
        message: &Message<'_>,
        part: &MessagePart<'_>,
        text: bool,
        depth: usize,
    ) -> ControlFlow<()> {
        if let Some(flow) = self.opening.count(self.name) {
            return flow;
        }
        let is_text = text || part.content_type().is_some_and(|kind| kind.ctype() == "message");
        let name = self.next_name(part, if is_text { "txt" } else { "bin" });
        let (from, to) = (part.offset_body as usize, part.offset_end as usize);
        let stored = message.raw_message.get(from..to).unwrap_or_default();
        let decoded = match part.encoding {
            Transfer::None => None,
            Transfer::QuotedPrintable => Some(quoted_printable_decode(stored)),
            Transfer::Base64 => Some(base64_decode(stored)),
        };
        // The parser takes a part that it cannot decode for one that is not encoded.
        let base64 = part
            .content_transfer_encoding()
            .is_some_and(|encoding| encoding.trim().eq_ignore_ascii_case("base64"));
        let failed = matches!(decoded, Some(None));
        let (begun, sound) = if base64 && (failed || part.is_encoding_problem) {
            base64_begun(stored)
        } else {
            (Vec::new(), true)
        };
        let damaged = failed || !sound || (decoded.is_some() && part.is_encoding_problem);
        let content = match &decoded {
            _ if !begun.is_empty() => &begun,
            None => stored,
            Some(Some(octets)) => octets,
            // What the parser made of it, which is as far as it came.
            Some(None) => part.contents(),
        };
        if damaged {
            let message = "the transfer encoding of this part is damaged; \
                           what could be decoded was read";
            self.opening.spent.remark(Problem::new(Severity::Warning, message));
        }
        let octets = Started::new(Box::new(content));
        if text {
            let kind = part.content_type();
            let charset = kind.and_then(|kind| kind.attribute("charset"));
            // US-ASCII with other octets in it is a lie; better look.
            let known = charset.filter(|name| !name.eq_ignore_ascii_case("us-ascii"));
            let encoding = known.and_then(|name| Encoding::for_label(name.as_bytes()));
            let encoding =
                if matches!(decoded, Some(None)) && begun.is_empty() { None } else { encoding };
            self.opening.text(&name, octets, encoding)
        } else {
            self.opening.peel(&name, octets, depth)
        }
    }

    fn next_name(&mut self, part: &MessagePart<'_>, ending: &str) -> String {
        self.number += 1;
        match part.attachment_name().filter(|name| !name.is_empty()) {
            Some(name) => below(self.name, name),
            None => below(self.name, &format!("part-{}.{ending}", self.number)),
        }
    }
}

/// What base64 says up to the first octet that is none (RFC 2045 §6.8), and whether that is all.
fn base64_begun(stored: &[u8]) -> (Vec<u8>, bool) {
    let written = || stored.iter().copied().filter(|octet| !octet.is_ascii_whitespace());
    let digit = |octet: &u8| octet.is_ascii_alphanumeric() || matches!(octet, b'+' | b'/');
    let mut sound: Vec<u8> = written().take_while(digit).collect();
    let mut rest = written().skip(sound.len());
    while !sound.len().is_multiple_of(4) && rest.next() == Some(b'=') {
        sound.push(b'=');
    }
    let whole = sound.len().is_multiple_of(4) && rest.next().is_none();
    sound.truncate(sound.len() / 4 * 4);
    (STANDARD.decode(&sound).unwrap_or_default(), whole)
}

fn is_alternative(part: &MessagePart<'_>) -> bool {
    let subtype = part.content_type().and_then(|kind| kind.subtype());
    subtype.is_some_and(|subtype| subtype.eq_ignore_ascii_case("alternative"))
}

fn has_plain(message: &Message<'_>, parts: &[u32]) -> bool {
    let is_plain = |index: &u32| {
        message.part(*index).is_some_and(|part| matches!(part.body, PartType::Text(_)))
    };
    parts.iter().any(is_plain)
}
