//! TCP connections of a capture: segments put in order, and the lines of both sides as one text.
//!
//! The text has a line for each line that either side sent, in the order in which they were complete,
//! and lines with `#` for what happened to the connection. Times are seconds since 1970 (UTC) with six
//! decimals. The first address is the one that opened the connection (where the opening was captured;
//! else the first that was seen), `>` is what it sent and `<` what it was sent:
//!
//! ```text
//! #capture 192.0.2.1:40000 > 192.0.2.2:25
//! #opened 1700000000.000120                  the handshake was captured
//! 1700000000.020000 < 220 mx.example ESMTP   payload that ended with CR LF
//! 1700000000.025000 >- EHLO client.example   payload that ended with LF alone
//! 1700000000.030000 >~ QUI                   a piece without an ending: the line goes on, or never ended
//! #gap 1700000000.040000 < 1448              octets that were sent and are not in the capture
//! #tls 1700000000.050000 >                   this side speaks TLS from here on, which is not shown
//! #omitted 1700000000.050000 > 70000         octets of a long message that are not shown
//! #refused 1700000000.000200                 a reset answered the opening
//! #reset 1700000000.060000 <                 this side broke the connection
//! #closed 1700000000.060000 >                this side will send no more
//! ```
//! A capture that ends before the connection did has neither `#closed` (of both sides) nor `#reset`.

use std::collections::{BTreeMap, HashMap};
use std::io::Write as _;
use std::net::{IpAddr, SocketAddr};

use foldhash::fast::RandomState;

use super::{Problem, Severity};

/// What one packet said.
pub(super) struct Segment<'p> {
    /// Microseconds since 1970.
    pub(super) at: i64,
    pub(super) from: SocketAddr,
    pub(super) to: SocketAddr,
    pub(super) sequence: u32,
    pub(super) acknowledged: Option<u32>,
    /// SYN, FIN, RST.
    pub(super) opens: bool,
    pub(super) ends: bool,
    pub(super) resets: bool,
    pub(super) payload: &'p [u8],
}

/// The open connections of a capture.
#[derive(Default)]
pub(super) struct Connections {
    open: HashMap<Key, Box<Connection>, RandomState>,
    ended: Vec<Connection>,
    /// Segments so far: the clock by which connections are old.
    segments: u64,
    /// Octets of text that the open connections hold.
    held: usize,
}

/// Both addresses and ports of a connection, in an order that is the same for both directions.
type Key = (u128, u128, u32);

fn key(one: SocketAddr, other: SocketAddr) -> Key {
    let number = |end: SocketAddr| match end.ip() {
        IpAddr::V4(ip) => ip.to_ipv6_mapped().to_bits(),
        IpAddr::V6(ip) => ip.to_bits(),
    };
    let (low, high) = if one <= other { (one, other) } else { (other, one) };
    (number(low), number(high), u32::from(low.port()) << 16 | u32::from(high.port()))
}

/// Connections that may be open at once; beyond, the half that was quiet longest is ended.
const MOST_OPEN: usize = 20_000;
/// Octets of text that all connections may hold before long messages are cut short.
const MOST_HELD: usize = 32 << 20;

impl Connections {
    /// Takes a segment. Connections that end by it are in [`Connections::take_ended`].
    pub(super) fn take(&mut self, segment: &Segment<'_>) {
        self.segments += 1;
        let key = key(segment.from, segment.to);
        let asks = segment.opens && segment.acknowledged.is_none();
        let known = match self.open.get_mut(&key) {
            // The same ports again: another connection.
            Some(old) if asks && !old.began_with(segment.sequence) => {
                self.end(&key);
                None
            }
            known => known,
        };
        let connection = match known {
            Some(connection) => connection,
            // What trails after an end, or belongs to a silent connection.
            None if !segment.opens && segment.payload.is_empty() => return,
            None => {
                if self.open.len() >= MOST_OPEN {
                    self.end_quiet();
                }
                let connection = Box::new(Connection::new(segment, self.segments));
                self.open.entry(key).or_insert(connection)
            }
        };
        connection.last = self.segments;
        let before = connection.text.len();
        connection.take(segment, self.held > MOST_HELD);
        self.held += connection.text.len() - before;
        if connection.is_over() {
            self.end(&key);
        }
    }

    fn end(&mut self, key: &Key) {
        if let Some(connection) = self.open.remove(key) {
            self.held = self.held.saturating_sub(connection.text.len());
            self.ended.push(*connection);
        }
    }

    fn end_quiet(&mut self) {
        let mut keys: Vec<_> =
            self.open.iter().map(|(key, connection)| (connection.last, *key)).collect();
        keys.sort_unstable();
        for (_, key) in keys.iter().take(MOST_OPEN / 2) {
            self.end(key);
        }
    }

    /// The connections that have ended since the last call.
    pub(super) fn take_ended(&mut self) -> Vec<Connection> {
        std::mem::take(&mut self.ended)
    }

    /// The connections that the capture does not see end, in the order of their beginnings.
    pub(super) fn take_all(&mut self) -> Vec<Connection> {
        let mut all: Vec<_> = self.open.drain().map(|(_, connection)| *connection).collect();
        all.sort_by_key(|connection| connection.first);
        all
    }
}

/// A side of a connection: the index of its address and its flow.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Side {
    First,
    Second,
}

impl Side {
    const fn mark(self) -> char {
        match self {
            Self::First => '>',
            Self::Second => '<',
        }
    }
}

/// One connection.
pub(super) struct Connection {
    ends: [SocketAddr; 2],
    /// The segments with which it began and which was its last, counted over the capture.
    first: u64,
    last: u64,
    opened: bool,
    reset: bool,
    seen: Time,
    flows: [Flow; 2],
    text: Vec<u8>,
}

/// What one side sends.
#[derive(Default)]
struct Flow {
    /// The sequence number of the octet to come.
    next: Option<u32>,
    /// How many octets came before it.
    at: u64,
    /// Octets that came early, by the place where they belong.
    early: BTreeMap<u64, Vec<u8>>,
    early_octets: usize,
    /// Where the side ends, once it has said so.
    end: Option<u64>,
    closed: bool,
    /// The octets that it began with.
    start: Vec<u8>,
    /// A line that has not ended.
    line: Vec<u8>,
    tls: bool,
    missing: u64,
    /// Octets since the other side last spoke, and how many of them are shown.
    bulk: usize,
    most: usize,
    /// Octets that were left out of this bulk, and of all; the last line of them, which may end the
    /// message and is shown before the other side's next line.
    omitting: u64,
    omitted: u64,
    last_line: Vec<u8>,
}

/// Octets by which the start of a flow is judged.
const START: usize = 16;
/// Octets of a line that are held before they are handed out as a piece.
const LONGEST_LINE: usize = 64 << 10;
/// Octets that one side sends in a row and that are shown; and when there is much text already.
const MOST_BULK: usize = 1 << 20;
const LEAST_BULK: usize = 8 << 10;
/// Octets of text of a connection that are much.
const MUCH_TEXT: usize = 4 << 20;
/// How much may come early before what is missing is given up.
const MOST_EARLY: usize = 256;
const MOST_EARLY_OCTETS: usize = 1 << 20;

impl Connection {
    fn new(segment: &Segment<'_>, first: u64) -> Self {
        let answers = segment.opens && segment.acknowledged.is_some();
        let ends = if answers { [segment.to, segment.from] } else { [segment.from, segment.to] };
        let mut text = Vec::new();
        line(&mut text, format_args!("#capture {} > {}", ends[0], ends[1]));
        Self {
            ends,
            first,
            last: first,
            opened: false,
            reset: false,
            seen: Time(segment.at),
            flows: [Flow::default(), Flow::default()],
            text,
        }
    }

    /// The addresses, as a name.
    pub(super) fn name(&self) -> String {
        format!("{}-{}", self.ends[0], self.ends[1])
    }

    pub(super) const fn ends(&self) -> [SocketAddr; 2] {
        self.ends
    }

    /// What each side's octets begin with.
    pub(super) fn starts(&self) -> [&[u8]; 2] {
        let [first, second] = &self.flows;
        [&first.start, &second.start]
    }

    /// Whether its opening was captured.
    pub(super) const fn was_opened(&self) -> bool {
        self.opened
    }

    pub(super) fn has_payload(&self) -> bool {
        self.starts().iter().any(|start| !start.is_empty())
    }

    fn is_over(&self) -> bool {
        self.reset || self.flows.iter().all(|flow| flow.closed)
    }

    fn parts(&mut self, side: Side) -> (&mut Flow, &mut Vec<u8>) {
        let [first, second] = &mut self.flows;
        match side {
            Side::First => (first, &mut self.text),
            Side::Second => (second, &mut self.text),
        }
    }

    /// Whether its opening had this sequence number.
    fn began_with(&self, sequence: u32) -> bool {
        let [first, _] = &self.flows;
        first.next.is_none() || (first.at == 0 && first.next == Some(sequence.wrapping_add(1)))
    }

    fn take(&mut self, segment: &Segment<'_>, crowded: bool) {
        let at = Time(segment.at);
        self.seen = at;
        let (side, other) = if segment.from == self.ends[0] {
            (Side::First, Side::Second)
        } else {
            (Side::Second, Side::First)
        };
        if segment.opens {
            let (flow, text) = self.parts(side);
            if flow.next.is_none() {
                flow.next = Some(segment.sequence.wrapping_add(1));
                if side == Side::First {
                    line(text, format_args!("#opened {at}"));
                    self.opened = true;
                }
            }
        }
        // Whoever answers has received what he answers to, whether it was captured or not.
        if let Some(acknowledged) = segment.acknowledged
            && (!segment.payload.is_empty() || segment.ends)
        {
            let (flow, text) = self.parts(other);
            flow.acknowledge(acknowledged, at, other, text);
        }
        if !segment.payload.is_empty() {
            let (flow, text) = self.parts(other);
            flow.resume(at, other, text);
        }
        let (flow, text) = self.parts(side);
        flow.most = if crowded || text.len() > MUCH_TEXT { LEAST_BULK } else { MOST_BULK };
        if !segment.payload.is_empty() {
            flow.accept(segment.sequence, segment.payload, at, side, text);
        }
        if segment.ends {
            let length = u32::try_from(segment.payload.len()).unwrap_or(0);
            flow.end = flow.place(segment.sequence.wrapping_add(length));
        }
        flow.close(at, side, text);
        if segment.resets {
            self.finish(at);
            let opening = self.opened && !self.has_payload() && side == Side::Second;
            if opening && self.flows[1].next.is_none() {
                line(&mut self.text, format_args!("#refused {at}"));
            } else {
                line(&mut self.text, format_args!("#reset {at} {}", side.mark()));
            }
            self.reset = true;
        }
    }

    /// Gives up what is missing, and ends the lines that have not ended.
    fn finish(&mut self, at: Time) {
        for side in [Side::First, Side::Second] {
            let (flow, text) = self.parts(side);
            flow.give_up(u64::MAX, at, side, text);
            flow.resume(at, side, text);
            flow.piece(at, side, text);
        }
    }

    /// The text, and what is missing in it.
    pub(super) fn into_text(mut self) -> (Vec<u8>, Vec<Problem>) {
        self.finish(self.seen);
        let mut problems = Vec::new();
        for (flow, end) in self.flows.iter().zip(self.ends) {
            if flow.missing > 0 {
                let missing = flow.missing;
                let message = format!("{missing} octets of what {end} sent are not in the capture");
                problems.push(Problem::new(Severity::Warning, message));
            }
            if flow.omitted > 0 {
                let omitted = flow.omitted;
                let message = format!("{omitted} octets of long messages from {end} are not shown");
                problems.push(Problem::new(Severity::Note, message));
            }
        }
        (self.text, problems)
    }
}

impl Flow {
    /// The place in the flow of a sequence number; `None` before the first is known.
    fn place(&self, sequence: u32) -> Option<u64> {
        // Sequence numbers wrap around: the nearer way is meant.
        let ahead = sequence.wrapping_sub(self.next?).cast_signed();
        Some(self.at.saturating_add_signed(ahead.into()))
    }

    fn accept(&mut self, sequence: u32, payload: &[u8], at: Time, side: Side, text: &mut Vec<u8>) {
        self.next.get_or_insert(sequence);
        let behind = self.next.unwrap_or(sequence).wrapping_sub(sequence).cast_signed();
        if let Ok(behind) = usize::try_from(behind) {
            // What was sent again is the same as before.
            self.deliver(payload.get(behind..).unwrap_or_default(), at, side, text);
            self.catch_up(at, side, text);
        } else if let Some(place) = self.place(sequence) {
            self.early_octets += payload.len();
            let kept = self.early.entry(place).or_default();
            if kept.len() < payload.len() {
                *kept = payload.to_vec();
            }
            if self.early.len() > MOST_EARLY || self.early_octets > MOST_EARLY_OCTETS {
                self.give_up(u64::MAX, at, side, text);
            }
        }
    }

    /// Delivers what came early and is no longer early.
    fn catch_up(&mut self, at: Time, side: Side, text: &mut Vec<u8>) {
        while let Some(entry) = self.early.first_entry()
            && *entry.key() <= self.at
        {
            let (place, octets) = entry.remove_entry();
            let known = usize::try_from(self.at - place).unwrap_or(usize::MAX);
            self.deliver(octets.get(known..).unwrap_or_default(), at, side, text);
        }
        if self.early.is_empty() {
            self.early_octets = 0;
        }
    }

    fn acknowledge(&mut self, sequence: u32, at: Time, side: Side, text: &mut Vec<u8>) {
        let Some(place) = self.place(sequence) else { return };
        // The end of a flow takes a number of its own.
        let place = self.end.map_or(place, |end| place.min(end));
        self.give_up(place, at, side, text);
        if place > self.at {
            self.skip(place, at, side, text);
        }
    }

    /// Delivers what came early and belongs before `place`, with the gaps in it.
    fn give_up(&mut self, place: u64, at: Time, side: Side, text: &mut Vec<u8>) {
        while let Some((&early, _)) = self.early.first_key_value()
            && early < place
        {
            self.skip(early, at, side, text);
            self.catch_up(at, side, text);
        }
    }

    fn skip(&mut self, place: u64, at: Time, side: Side, text: &mut Vec<u8>) {
        let gap = place.saturating_sub(self.at);
        if gap == 0 {
            return;
        }
        self.advance(gap);
        if !self.tls {
            self.piece(at, side, text);
            self.missing += gap;
            line(text, format_args!("#gap {at} {} {gap}", side.mark()));
        }
    }

    fn advance(&mut self, octets: u64) {
        self.at += octets;
        // Sequence numbers are modulo 2^32.
        let octets = u32::try_from(octets & u64::from(u32::MAX)).unwrap_or(0);
        self.next = self.next.map(|next| next.wrapping_add(octets));
    }

    fn deliver(&mut self, mut payload: &[u8], at: Time, side: Side, text: &mut Vec<u8>) {
        self.advance(payload.len() as u64);
        if self.start.len() < START {
            let room = (START - self.start.len()).min(payload.len());
            self.start.extend_from_slice(payload.get(..room).unwrap_or_default());
        }
        // RFC 8446 §5.1: a handshake record, and the version that all of them carry.
        if !self.tls && self.line.is_empty() && matches!(payload, [0x16, 0x03, 0..=4, ..]) {
            self.tls = true;
            line(text, format_args!("#tls {at} {}", side.mark()));
        }
        if self.tls {
            return;
        }
        self.bulk += payload.len();
        while let Some(end) = memchr::memchr(b'\n', payload) {
            let (whole, rest) = payload.split_at(end + 1);
            if self.bulk > self.most {
                self.omit(whole);
            } else {
                mark(text, at, side, ending(&self.line, whole));
                text.extend_from_slice(&self.line);
                text.extend_from_slice(whole);
                self.line.clear();
            }
            payload = rest;
        }
        self.line.extend_from_slice(payload);
        if self.line.len() > LONGEST_LINE {
            if self.bulk > self.most {
                self.omit(&[]);
            } else {
                self.piece(at, side, text);
            }
        }
    }

    /// Leaves out a line, but keeps it until the next.
    fn omit(&mut self, rest: &[u8]) {
        self.omitting += self.last_line.len() as u64;
        std::mem::swap(&mut self.line, &mut self.last_line);
        self.last_line.extend_from_slice(rest);
        self.line.clear();
    }

    /// The other side speaks: tells what was left out, and shows the last line of it.
    fn resume(&mut self, at: Time, side: Side, text: &mut Vec<u8>) {
        self.bulk = 0;
        if self.last_line.is_empty() {
            return;
        }
        if self.omitting > 0 {
            line(text, format_args!("#omitted {at} {} {}", side.mark(), self.omitting));
            self.omitted += self.omitting;
            self.omitting = 0;
        }
        let whole = self.last_line.ends_with(b"\n");
        mark(text, at, side, if whole { ending(&[], &self.last_line) } else { "~" });
        text.append(&mut self.last_line);
        if !whole {
            text.push(b'\n');
        }
    }

    /// Writes what there is of a line that has not ended.
    fn piece(&mut self, at: Time, side: Side, text: &mut Vec<u8>) {
        if !self.line.is_empty() {
            mark(text, at, side, "~");
            text.extend_from_slice(&self.line);
            text.push(b'\n');
            self.line.clear();
        }
    }

    fn close(&mut self, at: Time, side: Side, text: &mut Vec<u8>) {
        if !self.closed && self.end.is_some_and(|end| end <= self.at) {
            self.closed = true;
            self.piece(at, side, text);
            line(text, format_args!("#closed {at} {}", side.mark()));
        }
    }
}

/// What stands behind the sign of a side, by the ending of a line in two parts, the second of which ends
/// with LF.
fn ending(before: &[u8], end: &[u8]) -> &'static str {
    let carriage = end.ends_with(b"\r\n") || end == b"\n" && before.ends_with(b"\r");
    if carriage { "" } else { "-" }
}

/// Microseconds since 1970, shown as seconds.
#[derive(Clone, Copy)]
struct Time(i64);

impl std::fmt::Display for Time {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let sign = if self.0 < 0 { "-" } else { "" };
        let micros = self.0.unsigned_abs();
        write!(out, "{sign}{}.{:06}", micros / 1_000_000, micros % 1_000_000)
    }
}

fn line(text: &mut Vec<u8>, content: std::fmt::Arguments<'_>) {
    // Writing to memory does not fail.
    let _ = writeln!(text, "{content}");
}

/// What stands before payload. Every line of every connection passes here: the time is written by
/// hand, ten times as fast as by its `Display`.
fn mark(text: &mut Vec<u8>, at: Time, side: Side, more: &str) {
    let mut left = at.0.unsigned_abs();
    // The decimals, the point, and what else has digits.
    let mut digits = [b' '; 24];
    let mut start = digits.len();
    for (place, digit) in digits.iter_mut().rev().enumerate() {
        if place == 6 {
            *digit = b'.';
        } else if place <= 7 || left > 0 {
            *digit = b'0' + u8::try_from(left % 10).unwrap_or(0);
            left /= 10;
        } else {
            break;
        }
        start -= 1;
    }
    if at.0 < 0 {
        text.push(b'-');
    }
    text.extend_from_slice(digits.get(start..).unwrap_or_default());
    text.extend_from_slice(if side == Side::First { b" >" } else { b" <" });
    text.extend_from_slice(more.as_bytes());
    text.push(b' ');
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_the_same_by_hand() {
        for micros in [0, 1, 999_999, 1_000_000, 1_700_000_000_123_456, -1, i64::MAX, i64::MIN] {
            let mut text = Vec::new();
            mark(&mut text, Time(micros), Side::First, "~");
            assert_eq!(text, format!("{} >~ ", Time(micros)).as_bytes());
        }
    }
}
