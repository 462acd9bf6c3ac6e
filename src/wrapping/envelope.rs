//! What collectors of logs put each line of a program into: Docker's and journald's JSON, Kubernetes' prefix.
//!
//! ```text
//! {"log":"220 mx.example.net ESMTP\r\n","stream":"stdout","time":"2026-11-23T10:12:01.5Z"}
//! 2026-11-23T10:12:01.5Z stdout F 220 mx.example.net ESMTP
//! MESSAGE=220 mx.example.net ESMTP
//! time="2026-11-23T10:12:01Z" level=debug msg="220 mx.example.net ESMTP\r\n"
//! {"ticket":7,"body":"Hello,\r\n\r\n220 mx.example.net ESMTP\r\nEHLO client.example\r\n"}
//! ```
//!
//! A line that was too long for the collector comes in several envelopes (`P` and at last `F`; JSON whose text
//! does not end with a line feed). Ticket systems hand out a ticket as JSON, a whole dialogue in one of its strings. Some
//! recorders write JSON themselves: what they put there is their own.

use std::borrow::Cow;

use serde::Deserialize;
use serde_json::value::RawValue;

use super::{Knows, csv::Table, likeness};
use crate::span::Span;

/// How many envelopes are asked about.
const ASKED: usize = 1024;

/// How many lines a string must hold to be opened: programs write one line in one string.
const LINES: usize = 3;

/// What lines are put into.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Envelope {
    /// A JSON object a line, with the text under one of its keys.
    Json(Key),
    /// A time, the stream, `F` or `P`, the text.
    Cri,
    /// `KEY=value` lines, of which `MESSAGE=` holds the text.
    Export,
    /// `key=value` pairs, of which `msg="…"` holds the text with the escapes of C, as loggers of Go write them.
    Pairs,
    /// JSON of any kind, in whose strings the lines stand.
    Strings,
    /// A table with separators, in one of whose columns they stand.
    Csv(Table),
}

/// The key that the text stands under.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Key {
    /// `log`, as Docker writes it, with the line's own ending.
    Log,
    /// `MESSAGE`, as journald writes it.
    Journal,
    /// `message`, as logstash and others write it.
    Message,
    /// `msg`, as many programs' own loggers write it.
    Msg,
}

/// What is in an envelope.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Content<'l> {
    /// The text, of one line or several.
    pub text: Cow<'l, [u8]>,
    /// Octets of the line before what the text was made from.
    pub skipped: usize,
    /// Octets of the line behind it.
    pub tail: usize,
    /// The text goes on in the next envelope.
    pub goes_on: bool,
    /// When the collector took it, in the collector's form.
    pub time: Option<&'l [u8]>,
}

/// What an envelope's JSON may hold; all else is left alone.
#[derive(Deserialize)]
struct Entry<'l> {
    #[serde(borrow, default)]
    log: Option<&'l RawValue>,
    #[serde(borrow, default, rename = "MESSAGE")]
    journal: Option<&'l RawValue>,
    #[serde(borrow, default)]
    message: Option<&'l RawValue>,
    #[serde(borrow, default)]
    msg: Option<&'l RawValue>,
    /// Docker's.
    #[serde(borrow, default)]
    stream: Option<&'l RawValue>,
    /// Docker's, and of loggers.
    #[serde(borrow, default)]
    time: Option<&'l RawValue>,
    #[serde(borrow, default)]
    timestamp: Option<&'l RawValue>,
    #[serde(borrow, default)]
    ts: Option<&'l RawValue>,
    /// journald's, in microseconds.
    #[serde(borrow, default, rename = "__REALTIME_TIMESTAMP")]
    micros: Option<&'l RawValue>,
    /// logstash's.
    #[serde(borrow, default, rename = "@timestamp")]
    stamp: Option<&'l RawValue>,
    #[serde(borrow, default, rename = "@version")]
    version: Option<&'l RawValue>,
}

impl Envelope {
    /// The envelope that lines of a window are put into, where what is inside proves it.
    ///
    /// ```
    /// use smtplog::wrapping::{Envelope, Key};
    /// let lines: [&[u8]; 2] = [br#"{"log":"220 mx ESMTP\n"}"#, br#"{"log":"QUIT\n"}"#];
    /// assert_eq!(Envelope::learn(&lines, |_| false.into()), Some(Envelope::Json(Key::Log)));
    /// ```
    pub fn learn(lines: &[&[u8]], knows: Knows) -> Option<Self> {
        let candidates = [
            Self::Json(Key::Log),
            Self::Json(Key::Journal),
            Self::Json(Key::Message),
            Self::Json(Key::Msg),
            Self::Cri,
            Self::Export,
            Self::Pairs,
            Self::Strings,
        ];
        let seen = |candidate: &Self| {
            let mut first = lines.iter().filter(|line| candidate.may_hold(line));
            first.next().is_some()
        };
        let mut candidates = candidates.into_iter().filter(seen);
        let found = candidates.find(|candidate| candidate.is_proven(lines, knows));
        if !matches!(found, None | Some(Self::Strings)) {
            return found;
        }
        // Where each line stands in quotes of its own, these are not the strings of a document.
        let table = Table::learn(lines, knows).filter(|table| found.is_none() || table.is_lone());
        table.map(Self::Csv).filter(|table| table.is_proven(lines, knows)).or(found)
    }

    /// A look at how a line begins spares most lines the closer one.
    fn may_hold(self, line: &[u8]) -> bool {
        match self {
            Self::Json(_) => line.first() == Some(&b'{') && line.trim_ascii_end().ends_with(b"}"),
            Self::Cri => line.get(10) == Some(&b'T') && line.get(4) == Some(&b'-'),
            Self::Export => line.starts_with(b"MESSAGE="),
            Self::Csv(_) => true,
            Self::Pairs => begins_pairs(line).is_some(),
            Self::Strings => line.contains(&b'"') && breaks(line).next().is_some(),
        }
    }

    fn is_proven(self, lines: &[&[u8]], knows: Knows) -> bool {
        let mut own = 0;
        let mut certain = 0;
        let mut within = 0;
        let (mut replies, mut commands) = (0, 0);
        let mut parts = Vec::new();
        for line in lines.iter().filter(|line| self.may_hold(line)).take(ASKED) {
            let Some(content) = self.open(line) else { continue };
            if self == Self::Cri {
                parts.extend_from_slice(&content.text);
                if content.goes_on {
                    continue;
                }
            }
            let whole = std::mem::take(&mut parts);
            let text = if self == Self::Cri { whole.as_slice() } else { &content.text };
            certain += usize::from(self.is_certain(line));
            let outside = knows(line);
            if self == Self::Strings && (!outside.is_empty() || is_known_behind(line, knows)) {
                own += 1;
                continue;
            }
            for text in text.split(|octet| *octet == b'\n').take(ASKED) {
                let text = text.trim_ascii_end();
                let inside = knows(&super::peeling::without_escapes(text));
                own += usize::from(!(outside & !inside).is_empty());
                within += usize::from(!inside.is_empty());
                let announced = || self.announced(text).and_then(likeness::bare);
                match likeness::marked(text).or_else(announced) {
                    Some(likeness::Beginning::Reply) => replies += 1,
                    Some(likeness::Beginning::Command) => commands += 1,
                    None => {}
                }
            }
        }
        if let Self::Csv(table) = self {
            let said = (replies > 0 && commands > 0) || within > 0 || table.is_lone();
            return said && own * 4 <= within;
        }
        // A string may hold one reply of several lines, and the object around it tell whose that is.
        let half = replies >= 3 && self != Self::Strings;
        let spoken = replies > 0 && commands > 0 || half || within > 0;
        (certain >= 2 && own == 0) || (spoken && own < (replies + commands).max(within))
    }

    /// What a logger's words announce: `Client said: QUIT`.
    fn announced(self, text: &[u8]) -> Option<&[u8]> {
        let colon = memchr::memmem::find(text, b": ").filter(|_| self == Self::Pairs)?;
        text.get(colon + 2..)
    }

    /// Whether nobody but the collector writes such a line.
    fn is_certain(self, line: &[u8]) -> bool {
        match self {
            Self::Json(Key::Journal) | Self::Cri | Self::Export => true,
            Self::Pairs => false,
            Self::Json(key) => {
                serde_json::from_slice(line).is_ok_and(|entry: Entry<'_>| match key {
                    Key::Log => entry.stream.is_some(),
                    Key::Message => entry.stamp.or(entry.version).is_some(),
                    Key::Journal | Key::Msg => false,
                })
            }
            Self::Strings | Self::Csv(_) => false,
        }
    }

    /// What is in this line's envelope; `None` where it is in none.
    pub fn open(self, line: &[u8]) -> Option<Content<'_>> {
        match self {
            Self::Json(key) => json(line, key),
            Self::Cri => cri(line),
            Self::Export => {
                let text = line.strip_prefix(b"MESSAGE=")?;
                Some(Content { text: text.into(), skipped: 8, tail: 0, goes_on: false, time: None })
            }
            Self::Pairs => pairs(line),
            Self::Strings => strings(line),
            Self::Csv(table) => table.open(line),
        }
    }

    /// The time that a line of its own tells for the envelope that follows, in microseconds since 1970.
    pub fn time(self, line: &[u8]) -> Option<&[u8]> {
        line.strip_prefix(b"__REALTIME_TIMESTAMP=").filter(|_| self == Self::Export)
    }

    /// Whether the line belongs to the envelopes and holds no text.
    pub fn is_empty(self, line: &[u8]) -> bool {
        let of_key = |octet: &&u8| matches!(**octet, b'A'..=b'Z' | b'0'..=b'9' | b'_');
        let key = line.iter().take_while(of_key).count();
        self == Self::Export && (line.is_empty() || (key > 2 && line.get(key) == Some(&b'=')))
    }
}

/// Whether somebody knows a line once a few words are gone that stand before its first string: a mark of quoting, a
/// number, what a logger writes.
fn is_known_behind(line: &[u8], knows: Knows) -> bool {
    let before = line.split(|octet| *octet == b'"').next().unwrap_or_default();
    let blanks = before.iter().enumerate().filter(|(_, octet)| matches!(octet, b' ' | b'\t'));
    let mut starts = blanks.take(16).map(|(at, _)| line.get(at + 1..).unwrap_or_default());
    starts.any(|rest| !knows(rest).is_empty())
}

/// `{"log":"220 mx\r\n","stream":"stdout","time":"…"}`
fn json(line: &[u8], key: Key) -> Option<Content<'_>> {
    let entry: Entry<'_> = serde_json::from_slice(line).ok()?;
    let raw = match key {
        Key::Log => entry.log,
        Key::Journal => entry.journal,
        Key::Message => entry.message,
        Key::Msg => entry.msg,
    }?
    .get();
    let place = Span::of(line, raw.as_bytes());
    let time = entry.time.or(entry.timestamp).or(entry.ts).or(entry.micros).or(entry.stamp);
    let time = time.map(|time| time.get().trim_matches('"').as_bytes());
    let Some(plain) = raw.strip_prefix('"').and_then(|raw| raw.strip_suffix('"')) else {
        // journald writes what is no text as numbers.
        let octets: Vec<u8> = serde_json::from_str(raw).ok()?;
        let (skipped, tail) = (place.start, line.len() - place.end);
        return Some(Content { text: octets.into(), skipped, tail, goes_on: false, time });
    };
    let (skipped, tail) = (place.start + 1, line.len() + 1 - place.end);
    if memchr::memchr(b'\\', plain.as_bytes()).is_none() {
        // Docker ends each line as the program did, if it is whole.
        let goes_on = key == Key::Log && !plain.is_empty();
        return Some(Content { text: plain.as_bytes().into(), skipped, tail, goes_on, time });
    }
    let mut text: String = serde_json::from_str(raw).ok()?;
    let goes_on = key == Key::Log && !text.ends_with('\n');
    if text.ends_with('\n') {
        text.pop();
    }
    if text.ends_with('\r') {
        text.pop();
    }
    Some(Content { text: text.into_bytes().into(), skipped, tail, goes_on, time })
}

/// Where the pairs begin in a line that begins with a time or a level: behind a backtick, where somebody quotes the
/// log.
fn begins_pairs(line: &[u8]) -> Option<usize> {
    const FIRST: &[&[u8]] = &[b"time=", b"level=", b"ts=", b"t="];
    let quoted = usize::from(line.first() == Some(&b'`'));
    let rest = line.get(quoted..)?;
    FIRST.iter().any(|key| rest.starts_with(key)).then_some(quoted)
}

/// `time="2026-11-23T10:12:01Z" level=debug msg="220 mx\r\n"`
fn pairs(line: &[u8]) -> Option<Content<'_>> {
    const TEXT: &[u8] = b" msg=\"";
    let begins = begins_pairs(line)?;
    let start = memchr::memmem::find(line, TEXT)? + TEXT.len();
    let length = up_to_quote(line.get(start..)?)?;
    let text = unquoted(line.get(start..start + length)?);
    let time = line.get(begins..)?.strip_prefix(b"time=").and_then(|rest| {
        let rest = rest.strip_prefix(b"\"").unwrap_or(rest);
        rest.split(|octet| matches!(octet, b'"' | b' ')).next()
    });
    let tail = line.len() - start - length;
    Some(Content { text, skipped: start, tail, goes_on: false, time })
}

/// A string without its escapes, and without the line's own ending. What is announced on the line before it
/// (`Answering: \n250 ok`) is announced on its own.
fn unquoted(inside: &[u8]) -> Cow<'_, [u8]> {
    if memchr::memchr(b'\\', inside).is_none() {
        return inside.into();
    }
    let mut text = Vec::with_capacity(inside.len());
    let mut octets = inside.iter();
    while let Some(octet) = octets.next() {
        match (octet, (*octet == b'\\').then(|| octets.next()).flatten()) {
            (_, Some(b'n')) if text.trim_ascii_end().ends_with(b":") => {}
            (_, Some(b'n')) => text.push(b'\n'),
            (_, Some(b'r')) => text.push(b'\r'),
            (_, Some(b't')) => text.push(b'\t'),
            (_, Some(sign @ (b'"' | b'\\'))) => text.push(*sign),
            (octet, Some(other)) => text.extend([*octet, *other]),
            (octet, None) => text.push(*octet),
        }
    }
    while text.last().is_some_and(|octet| matches!(octet, b'\r' | b'\n')) {
        text.pop();
    }
    text.into()
}

/// `{"id":7,"body":"220 mx\r\nEHLO me\r\n250 mx\r\n"}`: the strings that hold several lines.
fn strings(line: &[u8]) -> Option<Content<'_>> {
    let mut text = Vec::new();
    let mut place: Option<Span> = None;
    let mut at = 0;
    while let Some(open) = line.get(at..).and_then(|rest| memchr::memchr(b'"', rest)) {
        let start = at + open + 1;
        let Some(length) = line.get(start..).and_then(up_to_quote) else { break };
        at = start + length + 1;
        let Some(inside) = line.get(start..start + length) else { break };
        let (before, behind) = (line.get(..start - 1), line.get(at..));
        let (Some(before), Some(behind)) = (before, behind) else { break };
        let few = breaks(inside).take(LINES).count() < LINES;
        if few || !stands_in_json(before, behind) {
            continue;
        }
        let Some(quoted) = line.get(start - 1..at) else { break };
        let lines = serde_json::from_slice::<String>(quoted).ok();
        let Some(lines) = lines.filter(|lines| lines.contains('\n')) else { continue };
        if place.is_some() {
            text.push(b'\n');
        }
        text.extend_from_slice(lines.strip_suffix('\n').unwrap_or(&lines).as_bytes());
        place = Some(Span::new(place.map_or(start, |place| place.start), start + length));
    }
    let place = place?;
    let (skipped, tail) = (place.start, line.len() - place.end);
    Some(Content { text: text.into(), skipped, tail, goes_on: false, time: None })
}

/// Where a line ends in a string: `\n`, or `\u000a`.
fn breaks(inside: &[u8]) -> impl Iterator<Item = usize> + '_ {
    memchr::memchr_iter(b'\\', inside).filter(|at| {
        let behind = inside.get(at + 1..).unwrap_or_default();
        matches!(behind, [b'n', ..] | [b'u', b'0', b'0', b'0', b'a' | b'A', ..])
    })
}

/// Whether what stands around a string stands there in JSON, too, and not only in a program's remark.
fn stands_in_json(before: &[u8], behind: &[u8]) -> bool {
    matches!(before.trim_ascii_end().last(), None | Some(b':' | b'[' | b','))
        && matches!(behind.trim_ascii_start().first(), None | Some(b',' | b']' | b'}'))
}

/// How many octets stand before the quote that ends a string.
fn up_to_quote(text: &[u8]) -> Option<usize> {
    let mut at = 0;
    loop {
        at += memchr::memchr2(b'"', b'\\', text.get(at..)?)?;
        if text.get(at) == Some(&b'"') {
            return Some(at);
        }
        at += 2;
    }
}

/// `2026-11-23T10:12:01.123456789Z stdout F 220 mx`
fn cri(line: &[u8]) -> Option<Content<'_>> {
    let mut words = line.splitn(4, |octet| *octet == b' ');
    let (time, stream, tags) = (words.next()?, words.next()?, words.next()?);
    let text = words.next().unwrap_or_default();
    let timed = time.len() >= 20 && time.first().is_some_and(u8::is_ascii_digit);
    let stream = matches!(stream, b"stdout" | b"stderr");
    let goes_on = match tags.split(|octet| *octet == b':').next()? {
        b"F" => false,
        b"P" => true,
        _ => return None,
    };
    let skipped = line.len() - text.len();
    let time = Some(time).filter(|_| timed && stream)?;
    Some(Content { text: text.into(), skipped, tail: 0, goes_on, time: Some(time) })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn opened(envelope: Envelope, line: &str) -> Option<(String, String, bool)> {
        let content = envelope.open(line.as_bytes())?;
        let end = line.len() - content.tail;
        let text = String::from_utf8(content.text.into_owned()).unwrap();
        Some((text, line.get(content.skipped..end).unwrap().to_owned(), content.goes_on))
    }

    #[test]
    fn envelopes_are_opened() {
        let log = Envelope::Json(Key::Log);
        for (envelope, line, text, from, goes_on) in [
            (
                log,
                r#"{"log":"250 \u003ca\u003e ok\r\n","stream":"stdout"}"#,
                "250 <a> ok",
                r"250 \u003ca\u003e ok\r\n",
                false,
            ),
            (log, r#"{"stream":"stdout","log":"250-one"}"#, "250-one", "250-one", true),
            (
                Envelope::Json(Key::Message),
                r#"{"host":{"message":"no"},"message":"QUIT"}"#,
                "QUIT",
                "QUIT",
                false,
            ),
            (
                Envelope::Json(Key::Journal),
                r#"{"MESSAGE":[81,85,73,84]}"#,
                "QUIT",
                "[81,85,73,84]",
                false,
            ),
            (
                Envelope::Cri,
                "2026-11-23T10:12:01.123456789Z stdout P 250-a",
                "250-a",
                "250-a",
                true,
            ),
            (Envelope::Cri, "2026-11-23T10:12:01.1+01:00 stderr F:x ", "", "", false),
            (Envelope::Export, "MESSAGE=QUIT", "QUIT", "QUIT", false),
            (
                Envelope::Pairs,
                r#"time="2026-11-23T10:12:01Z" level=debug msg="said: \n250 \"a\" ok\r\n" id=7"#,
                "said: 250 \"a\" ok",
                r#"said: \n250 \"a\" ok\r\n"#,
                false,
            ),
            (
                Envelope::Strings,
                r#"{"id":7,"by":"jo \"x\"","body":"EHLO a\r\n250-\u003ca\u003e\n250 b\n","more":["QUIT\n221\nx\n"]}"#,
                "EHLO a\r\n250-<a>\n250 b\nQUIT\n221\nx",
                r#"EHLO a\r\n250-\u003ca\u003e\n250 b\n","more":["QUIT\n221\nx\n"#,
                false,
            ),
            (
                Envelope::Strings,
                r#""a\u000ab\u000Ac\u000d\u000ad""#,
                "a\nb\nc\r\nd",
                r"a\u000ab\u000Ac\u000d\u000ad",
                false,
            ),
            (Envelope::Strings, r#"  "body" : "a\nb\nc\nd","#, "a\nb\nc\nd", r"a\nb\nc\nd", false),
        ] {
            let found = opened(envelope, line);
            assert_eq!(found, Some((text.to_owned(), from.to_owned(), goes_on)), "{line}");
        }
        for (envelope, line) in [
            (log, r#"{"msg":"QUIT"}"#),
            (log, r#"{"log":3}"#),
            (log, r#"{"log":"QUIT""#),
            (Envelope::Cri, "2026-11-23T10:12:01.123456789Z stdout X QUIT"),
            (Envelope::Cri, "2026-11-23T10:12:01Z out F QUIT"),
            (Envelope::Export, "_PID=7"),
            (Envelope::Pairs, r#"level=info text="QUIT""#),
            (Envelope::Pairs, r#"level=info msg="QUIT"#),
            (Envelope::Strings, r#"{"a":"no line\\n\\n\\n","b":"never closed\n\n\n"#),
            (Envelope::Strings, r#"write("250-a\r\n250 b\r\n");"#),
            (Envelope::Strings, r#"does "250-a\r\n250-b\r\n250 c\r\n" match"#),
            (Envelope::Strings, r#"{"a":"one line"}"#),
        ] {
            assert_eq!(opened(envelope, line), None, "{line}");
        }
        assert!(Envelope::Export.is_empty(b"_SYSTEMD_UNIT=x.service"));
        assert!(!Envelope::Export.is_empty(b"250 ok") && !log.is_empty(b""));
    }

    #[test]
    fn several_times_in_one_envelope_are_no_harm() {
        for (line, want) in [
            (r#"{"message":"QUIT","time":1,"timestamp":2,"ts":3}"#, "1"),
            (r#"{"ts":3,"message":"QUIT","timestamp":2}"#, "2"),
            (r#"{"ts":3,"message":"QUIT","@timestamp":4,"msg":"x","log":"y"}"#, "3"),
            (r#"{"message":"QUIT","@timestamp":4}"#, "4"),
        ] {
            let content = Envelope::Json(Key::Message).open(line.as_bytes()).expect(line);
            assert_eq!((&*content.text, content.time), (&b"QUIT"[..], Some(want.as_bytes())));
        }
    }

    use crate::places::Places;

    #[test]
    fn what_is_inside_proves_an_envelope() {
        let learn = |lines: &[&str], knows| {
            let lines: Vec<&[u8]> = lines.iter().map(|line| line.as_bytes()).collect();
            Envelope::learn(&lines, knows)
        };
        let spoken = [r#"{"msg":"220 mx ESMTP"}"#, r#"{"msg":"EHLO me"}"#, r#"{"msg":"250 mx"}"#];
        assert_eq!(learn(&spoken, |_| Places::NONE), Some(Envelope::Json(Key::Msg)));
        // A recorder's own JSON.
        assert_eq!(learn(&spoken, |line| line.starts_with(b"{").into()), None);
        assert_eq!(learn(&[r#"{"msg":"started"}"#, r#"{"msg":"QUIT"}"#], |_| Places::NONE), None);
        let ticket = [r#"{"id":7,"body":"Hi,\n\n220 mx ESMTP\r\nEHLO me\r\n250 mx\r\n"}"#];
        assert_eq!(learn(&ticket, |_| Places::NONE), Some(Envelope::Strings));
        assert_eq!(learn(&ticket, |line| line.starts_with(b"{").into()), None);
        assert_eq!(
            learn(&[r#"{"id":7,"body":"Hi,\nsee 250 things\n\nJo"}"#], |_| Places::NONE),
            None
        );
        let tool = [r#"{"log":"=== Trying mx\n"}"#];
        assert_eq!(
            learn(&tool, |line| line.starts_with(b"===").into()),
            Some(Envelope::Json(Key::Log))
        );
    }
}
