//! `ngrep`, with `-W byline` or without: a line for each packet that matches, then its text.
//!
//! ```text
//! T 192.0.2.2:25 -> 192.0.2.1:40052 [AP] #4
//! 220 mx.example.net ESMTP ready.
//! ```
//!
//! Traps: CR shows as a dot, so with `-W byline` each line ends with a dot that nobody said and the end of the
//! data is `..`; without it LF is a dot, too, and the text is broken at the terminal's width, blanks before and
//! behind it. Packets that do not match are only counted (`##`). From recordings of ngrep 1.47.

use super::{
    Custom, Dialect, Reader, Reading, Record, Say, Times, Unmarked,
    flow::{Connections, End, Flow},
    octets::{self, Clear},
    time,
};
use crate::transcript::{Ending, Fact, Moment};

pub(super) static DIALECT: Dialect = Dialect {
    name: "ngrep",
    about: "ngrep: the text of each packet behind its addresses",
    client: "T client -> server [AP]",
    server: "T server -> client [AP]",
    key: "addresses and ports",
    times: Times::Sometimes,
    record: Record { announces: true, wire: true, ..Record::DIALOGUE },
    unmarked: Unmarked::Neither,
    custom: Custom::FirstIsClient,
    hints: &["T "],
    evidence: |line| header(line).is_some(),
    reader: || Box::new(Ngrep::default()),
};

#[derive(Debug, Default)]
struct Ngrep {
    connections: Connections,
    packet: Option<Packet>,
    /// What the next line begins, and whether it is blank.
    next: Next,
}

#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
enum Next {
    #[default]
    Else,
    Row,
    Blank,
    Header,
}

#[derive(Debug)]
struct Packet {
    flow: Flow,
    at: Option<Moment>,
    /// Blank lines since the last line of text.
    blanks: usize,
    /// The text of a packet that is broken into rows, so far.
    rows: Vec<u8>,
    /// Nothing of the packet has come yet.
    fresh: bool,
    /// It is shown in rows, and they have come.
    in_rows: bool,
    /// Its lines end with CR: a blank one would show a dot.
    carriage: bool,
    hidden: bool,
}

impl Packet {
    /// Whether a line behind blank ones, or behind the rows, is none of the packet's.
    const fn is_over(&self) -> bool {
        self.in_rows || self.carriage && self.blanks > 0
    }
}

impl Reader for Ngrep {
    fn ahead(&mut self, next: &[u8]) {
        self.next = if next.starts_with(b"  ") {
            Next::Row
        } else if next.is_empty() {
            Next::Blank
        } else if header(next).is_some() || is_count(next) {
            Next::Header
        } else {
            Next::Else
        };
    }

    fn read(&mut self, line: &[u8], say: Say<'_>) -> bool {
        if let Some(header) = header(line) {
            self.packet = None;
            let flow = Flow::new(header.from, header.to);
            let at = header.at;
            self.connections.speaks(&flow, (header.from, header.to), line, say);
            say(Reading::remark(line).at(at).of(&flow.key));
            if header.flags.contains(&b'R') {
                self.connections.closes(&flow, true, line.get(..0).unwrap_or_default(), at, say);
            }
            self.packet = Some(Packet {
                flow,
                at,
                blanks: 0,
                rows: Vec::new(),
                fresh: true,
                in_rows: false,
                carriage: false,
                hidden: false,
            });
            return true;
        }
        if is_count(line) || is_preamble(line) {
            self.packet = None;
            say(Reading::remark(line));
            return true;
        }
        let Some(packet) = &mut self.packet else { return false };
        if line.is_empty() {
            packet.blanks += 1;
            return true;
        }
        // Rows begin with two blanks; margins may have been taken off with the wrapping.
        if (line.starts_with(b"  ") || !packet.rows.is_empty()) && packet.blanks == 0 {
            self.row(line, say);
            return true;
        }
        if packet.is_over() {
            self.packet = None;
            return false;
        }
        for _ in 0..std::mem::take(&mut packet.blanks) {
            self.text(b"", say);
        }
        self.text(line, say);
        true
    }

    fn finish(&mut self, say: Say<'_>) {
        self.connections.finish(say);
    }

    fn leave(&mut self) {
        self.packet = None;
    }
}

impl Ngrep {
    /// A line of a packet whose line ends are kept.
    fn text(&mut self, line: &[u8], say: Say<'_>) {
        let next = self.next;
        let Some(packet) = &mut self.packet else { return };
        let Some(connection) = self.connections.get(&packet.flow) else { return };
        let (mark, at, key) = (packet.flow.mark, packet.at, &packet.flow.key);
        if std::mem::take(&mut packet.fresh) {
            let before = connection.clear;
            packet.hidden = connection.clear.printed(line);
            started(before, connection.clear, line, at, key, say);
        }
        if packet.hidden {
            say(Reading::remark(line).at(at).of(key));
            return;
        }
        let text = line.strip_suffix(b".");
        let wire = connection.wire(mark);
        if text.is_none() && next == Next::Header {
            // No CR and no blank line behind it: the packet ends within a line.
            wire.hold(line);
            return;
        }
        let carriage = text.is_some();
        packet.carriage |= carriage;
        let text = text.unwrap_or(line);
        let reading = if wire.is_holding() {
            let mut whole = wire.take();
            whole.extend_from_slice(text);
            Reading::unescaped(mark, whole, line)
        } else {
            octets::with_tab(Reading::said(mark, text))
        };
        connection.clear.line(&reading.text);
        let ending = carriage.then_some(Ending::Shown(true));
        say(Reading { ending, ..reading }.at(at).of(key));
    }

    /// A row of a packet whose line ends are dots.
    fn row(&mut self, line: &[u8], say: Say<'_>) {
        let next = self.next;
        let Some(packet) = &mut self.packet else { return };
        let row = line.strip_prefix(b"  ").unwrap_or(line);
        packet.rows.extend_from_slice(row);
        let (mark, at) = (packet.flow.mark, packet.at);
        let key = packet.flow.key.clone();
        if next == Next::Row {
            say(Reading::remark(line).at(at).of(&key));
            return;
        }
        packet.in_rows = true;
        let whole = std::mem::take(&mut packet.rows);
        let Some(connection) = self.connections.get(&packet.flow) else { return };
        let text = whole.trim_ascii_end();
        let before = connection.clear;
        if connection.clear.printed(text) {
            started(before, connection.clear, line, at, &key, say);
            say(Reading::remark(line).at(at).of(&key));
            return;
        }
        let mut clear = connection.clear;
        connection.wire(mark).feed(
            &with_line_ends(text),
            mark,
            line,
            &|reading| reading.at(at),
            &mut |reading| {
                clear.line(&reading.text);
                say(reading.of(&key));
            },
        );
        connection.clear = clear;
    }
}

fn started(before: Clear, now: Clear, line: &[u8], at: Option<Moment>, key: &[u8], say: Say<'_>) {
    if now == Clear::Tls && before != Clear::Tls {
        let fact = Fact::TlsStarted { version: None, cipher: None };
        say(Reading::tells(line.get(..0).unwrap_or_default(), fact).at(at).of(key));
    }
}

/// Turns the dots that stand for CR and LF back: two together are a line's end. Of three, the first is
/// the text's own full stop; the five that end the data are a line's end, a dot, and a line's end.
fn with_line_ends(text: &[u8]) -> Vec<u8> {
    let mut octets = Vec::with_capacity(text.len());
    let mut rest = text;
    let alone = text.iter().all(|octet| *octet == b'.');
    while let Some(first) = rest.first() {
        let dots = rest.iter().take_while(|octet| **octet == b'.').count();
        if dots == 0 {
            octets.push(*first);
            rest = rest.get(1..).unwrap_or_default();
            continue;
        }
        rest = rest.get(dots..).unwrap_or_default();
        let pairs = dots / 2;
        let odd = dots % 2 == 1;
        // Where the dot of an odd number stands: at the end of data before the last line end; elsewhere
        // behind the text before it.
        let ends_data = odd && rest.is_empty() && (dots >= 5 || (alone && dots == 3));
        if odd && !ends_data {
            octets.push(b'.');
        }
        for pair in 0..pairs {
            if ends_data && pair + 1 == pairs {
                octets.push(b'.');
            }
            octets.extend_from_slice(b"\r\n");
        }
    }
    octets
}

#[derive(Debug)]
struct Header<'l> {
    at: Option<Moment>,
    from: End<'l>,
    to: End<'l>,
    flags: &'l [u8],
}

/// `T 2026/11/23 12:15:34.123044 192.0.2.2:25 -> 192.0.2.1:40052 [AP] #4`
fn header(line: &[u8]) -> Option<Header<'_>> {
    let rest = line.strip_prefix(b"T ")?;
    let (at, rest) = match time::iso(rest) {
        Some((at, rest)) => (Some(at), rest.trim_ascii_start()),
        None => (None, rest),
    };
    let mut words = rest.split(|octet| *octet == b' ').filter(|word| !word.is_empty());
    let mut from = words.next()?;
    // `-T` writes the seconds since the packet before.
    if from.starts_with(b"+") {
        from = words.next()?;
    }
    (words.next()? == b"->").then_some(())?;
    let to = words.next()?;
    let flags = words.next().unwrap_or_default();
    Some(Header { at, from: End::with_colon(from)?, to: End::with_colon(to)?, flags })
}

/// `####`: packets that did not match.
fn is_count(line: &[u8]) -> bool {
    let counts = line.strip_suffix(b"exit").unwrap_or(line);
    !line.is_empty() && counts.iter().all(|octet| *octet == b'#')
}

fn is_preamble(line: &[u8]) -> bool {
    [&b"input: "[..], b"interface: ", b"filter: ", b"match: "]
        .iter()
        .any(|word| line.starts_with(word))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dialect::spoken::spoken;

    #[test]
    fn both_layouts_say_the_same() {
        let server = "T 192.0.2.2:25 -> 192.0.2.1:40052 [AP] #4";
        let client = "T 192.0.2.1:40052 -> 192.0.2.2:25 [AP] #6";
        for (record, want) in [
            (format!("{server}\n220 mx.\n\n\n{client}\nQUIT.\n\n"), "1:220 mx 0:QUIT"),
            (
                format!(
                    "input: x.pcap\n####\n{server}\n  220 mx..              \n##\n{client}\n  QUIT..               \n#\n"
                ),
                "1:220 mx 0:QUIT",
            ),
            (
                format!(
                    "{server}\n  250-mx..250-SI\n  ZE 1..250 HELP\n  ..            \n\n{client}\n  a....b......   \n"
                ),
                "1:250-mx 1:250-SIZE 1 1:250 HELP 0:a 0: 0:b 0: 0:",
            ),
            (
                format!(
                    "T 2026/11/23 12:15:34.123044 {}\n  a.....\n{client}\n  ...\n",
                    client.trim_start_matches("T ")
                ),
                "0:a 0:. 0:.",
            ),
            // A packet that ends within a line.
            (format!("{client}\nQU\n{client}\nIT.\n\n"), "0:QUIT"),
        ] {
            assert_eq!(spoken(&DIALECT, &record), want, "{record}");
        }
    }
}
