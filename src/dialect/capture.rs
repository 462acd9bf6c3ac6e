//! A connection of a packet capture, as this program writes it out of pcap and pcapng files.
//!
//! ```text
//! #capture 192.0.2.1:40000 > 192.0.2.2:25
//! #opened 1700000000.000120
//! 1700000000.020000 < 220 mx.example.net ESMTP
//! 1700000000.025000 > EHLO client.example
//! ```
//!
//! `src/source/tcp.rs` writes it and describes each line. Traps: the first address opened the connection
//! only where a line says that the opening was captured; a piece of a line (`>~`) goes on in the next one
//! of the same side unless octets are missing between them; `>-` is a line that LF alone ended.

use super::{
    Custom, Dialect, Reader, Reading, Record, Say, Times, Unmarked,
    flow::{End, serves},
    octets::Clear,
};
use crate::transcript::{ClosedBy, ConnectFailure, Ending, Fact, Mark, Moment};

pub(super) static DIALECT: Dialect = Dialect {
    name: "capture",
    about: "pcap and pcapng files: each TCP connection that looks like SMTP",
    client: "SECONDS > ",
    server: "SECONDS < ",
    key: "",
    times: Times::Always,
    record: Record { announces: true, wire: true, ..Record::DIALOGUE },
    unmarked: Unmarked::Neither,
    custom: Custom::FirstIsClient,
    hints: &["#capture "],
    evidence: |line| ends(line).is_some(),
    reader: || Box::new(Capture::default()),
};

#[derive(Debug, Default)]
struct Capture {
    /// Both ends, until it is known which of them is the client.
    ends: Option<[(Vec<u8>, Option<u16>); 2]>,
    /// The second address is the client's.
    turned: bool,
    /// The port of the server.
    port: Option<u16>,
    clear: Clear,
    /// Each side's last line was a piece that goes on.
    piece: [bool; 2],
    /// Who closed first.
    closed: Option<Mark>,
}

impl Reader for Capture {
    fn read(&mut self, line: &[u8], say: Say<'_>) -> bool {
        if let Some([first, second]) = ends(line) {
            *self = Self::default();
            let owned = |end: End<'_>| (end.address.to_vec(), end.port);
            self.ends = Some([owned(first), owned(second)]);
            say(Reading::tells(line, Fact::Opening));
            return true;
        }
        if let Some((word, rest)) = event(line) {
            self.introduce(word == b"opened", line, say);
            self.event(word, rest, line, say);
            return true;
        }
        let Some((at, side, kind, text)) = spoken(line) else { return false };
        self.introduce(false, line, say);
        self.clear.line(text);
        let piece = kind == Kind::Piece;
        let went_on = std::mem::replace(self.piece(side), piece);
        let mark = self.mark(side);
        let ending = match kind {
            Kind::Whole => Ending::Shown(true),
            Kind::Bare => Ending::Shown(false),
            Kind::Piece => Ending::None,
        };
        let reading = Reading { ending: Some(ending), ..Reading::said(mark, text).at(at) };
        say(if went_on { reading.joining() } else { reading });
        true
    }

    fn finish(&mut self, say: Say<'_>) {
        if let Some(by) = self.closed.take() {
            say(Reading::tells(b"", Fact::Closed(closed_by(by))));
        }
    }
}

impl Capture {
    /// Tells the addresses of both sides, once it is known which is which.
    fn introduce(&mut self, opened: bool, line: &[u8], say: Say<'_>) {
        let Some([first, second]) = self.ends.take() else { return };
        self.turned = !opened && serves(first.1) > serves(second.1);
        let (client, server) = if self.turned { (second, first) } else { (first, second) };
        self.port = server.1;
        let empty = line.get(..0).unwrap_or_default();
        let (address, port) = client;
        say(Reading::tells(empty, Fact::ClientAddress { address, port }));
        let (address, port) = server;
        say(Reading::tells(empty, Fact::ServerAddress { address, port }));
    }

    /// What happened to the connection.
    fn event(&mut self, word: &[u8], rest: &[u8], line: &[u8], say: Say<'_>) {
        let mut fields = rest.split(|octet| *octet == b' ');
        let at = fields.next().and_then(moment);
        let side = fields.next().and_then(|sign| sign.first().copied());
        let mark = side.map(|side| self.mark(side));
        let fact = match (word, mark) {
            (b"gap", _) => {
                self.piece = [false; 2];
                Some(Fact::Elision)
            }
            (b"tls", _) => {
                let before = self.clear;
                // The record itself is not in the text: what it began with.
                self.clear.packet(&[0x16, 3, 1, 0, 0]);
                let by_port = self.port == Some(SUBMISSIONS);
                let started = before != self.clear && (self.clear == Clear::Tls || by_port);
                started.then_some(Fact::TlsStarted { version: None, cipher: None })
            }
            (b"refused", _) => Some(Fact::ConnectFailed(ConnectFailure::Refused)),
            (b"reset", Some(by)) => Some(Fact::Closed(closed_by(self.closed.take().unwrap_or(by)))),
            (b"closed", Some(by)) => {
                let first = self.closed.take();
                self.closed = first.is_none().then_some(by);
                first.map(|first| Fact::Closed(closed_by(first)))
            }
            _ => None,
        };
        say(Reading { fact, ..Reading::remark(line).at(at) });
    }

    fn piece(&mut self, side: u8) -> &mut bool {
        let [first, second] = &mut self.piece;
        if side == b'>' { first } else { second }
    }

    /// The mark of what the side with this sign sends: the client's is the first.
    const fn mark(&self, side: u8) -> Mark {
        if (side == b'>') == self.turned { Mark::Second } else { Mark::First }
    }
}

/// The port on which TLS comes first (RFC 8314 §7.3).
const SUBMISSIONS: u16 = 465;

const fn closed_by(mark: Mark) -> ClosedBy {
    if matches!(mark, Mark::Second) { ClosedBy::Server } else { ClosedBy::Client }
}

/// The ends that the first line names.
fn ends(line: &[u8]) -> Option<[End<'_>; 2]> {
    let rest = line.strip_prefix(b"#capture ")?;
    let at = memchr::memmem::find(rest, b" > ")?;
    Some([End::with_colon(rest.get(..at)?)?, End::with_colon(rest.get(at + 3..)?)?])
}

/// The words that say what happened to a connection.
const EVENTS: &[&[u8]] = &[b"opened", b"refused", b"reset", b"closed", b"gap", b"tls", b"omitted"];

/// `#closed 1700000000.060000 >`: the word and what follows it.
fn event(line: &[u8]) -> Option<(&[u8], &[u8])> {
    let rest = line.strip_prefix(b"#")?;
    let (word, rest) = rest.split_at_checked(memchr::memchr(b' ', rest)?)?;
    EVENTS.contains(&word).then(|| (word, rest.get(1..).unwrap_or_default()))
}

/// How a line of a side ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// With CR LF.
    Whole,
    /// With LF alone.
    Bare,
    /// Not yet, or never.
    Piece,
}

/// `1700000000.025000 > EHLO client.example`: when, who, how it ended, what.
fn spoken(line: &[u8]) -> Option<(Option<Moment>, u8, Kind, &[u8])> {
    let (time, rest) = line.split_at_checked(memchr::memchr(b' ', line)?)?;
    let at = moment(time)?;
    let (side, kind, text) = match rest {
        [b' ', side @ (b'<' | b'>'), b' ', text @ ..] => (side, Kind::Whole, text),
        [b' ', side @ (b'<' | b'>'), b'-', b' ', text @ ..] => (side, Kind::Bare, text),
        [b' ', side @ (b'<' | b'>'), b'~', b' ', text @ ..] => (side, Kind::Piece, text),
        _ => return None,
    };
    Some((Some(at), *side, kind, text))
}

/// Seconds since 1970 with six decimals.
fn moment(text: &[u8]) -> Option<Moment> {
    let (sign, digits) = text.strip_prefix(b"-").map_or((1, text), |digits| (-1, digits));
    let dot = digits.len().checked_sub(7).filter(|dot| *dot > 0)?;
    let mut micros: i64 = 0;
    for (place, &octet) in digits.iter().enumerate() {
        if place == dot {
            (octet == b'.').then_some(())?;
            continue;
        }
        let digit = octet.checked_sub(b'0').filter(|digit| *digit < 10)?;
        micros = micros.checked_mul(10)?.checked_add(i64::from(digit))?;
    }
    Some(Moment { micros: micros * sign, dated: true, zoned: true })
}

#[cfg(test)]
mod tests {
    use super::{
        super::spoken::{spoken, told},
        *,
    };

    #[test]
    fn both_sides_and_what_happened() {
        let record = "#capture 192.0.2.1:40000 > 192.0.2.2:25\n#opened 1.000000\n\
            1.000001 < 220 mx.example.net\n1.000002 > STARTTLS\n1.000003 < 220 go\n#tls 1.000004 >\n\
            #tls 1.000005 <\n#closed 2.000000 <\n#closed 2.000000 >\n";
        assert_eq!(
            told(&DIALECT, record, true),
            "Opening ClientAddress ServerAddress 1:220 mx.example.net 0:STARTTLS 1:220 go \
             TlsStarted Closed"
        );
    }

    #[test]
    fn without_the_opening_ports_tell_the_server() {
        let record =
            "#capture 192.0.2.2:25 > 192.0.2.1:40000\n1.000001 > 250 ok\n1.000002 < QUIT\n";
        assert_eq!(spoken(&DIALECT, record), "1:250 ok 0:QUIT");
    }

    #[test]
    fn pieces_go_on_and_bare_endings_are_kept() {
        let mut said = Vec::new();
        let mut reader = (DIALECT.reader)();
        for line in ["1.000001 >~ QU", "1.000002 > IT", "-1.500000 >- x", "no time > x"] {
            let known = reader.read(line.as_bytes(), &mut |reading| {
                let text = String::from_utf8_lossy(&reading.text).into_owned();
                let micros = reading.at.map(|at| at.micros);
                said.push((text, reading.joins, reading.ending, micros));
            });
            assert_eq!(known, !line.starts_with("no"));
        }
        let line = |text: &str, joins, ending, micros| {
            (text.to_owned(), joins, Some(ending), Some(micros))
        };
        assert_eq!(
            said,
            [
                line("QU", false, Ending::None, 1_000_001),
                line("IT", true, Ending::Shown(true), 1_000_002),
                line("x", false, Ending::Shown(false), -1_500_000),
            ]
        );
    }
}
