//! `tcpdump -A` and `tcpdump -X`: a line for each packet, then its octets as text or as hexadecimal rows.
//!
//! ```text
//! 10:16:44.842214 IP 192.0.2.2.25 > 192.0.2.1.40052: Flags [P.], seq 1:42, ack 1, win 64, length 41
//! E..]..@.@.............t.h.....,...@.Q.....220 mx.example.net ESMTP ready
//! ```
//!
//! Traps: the text begins with the packet's IP and TCP headers, whose octets may be line ends or letters, so
//! only their length tells where the payload begins (40 octets, with options 52 or more); CR is left out
//! before LF; a reply cut by packets goes on in the next one; without `-A` tcpdump shows the first line of
//! each packet in its header. Times have no date. From recordings of tcpdump 4.99.

use super::{
    Custom, Dialect, Reader, Reading, Record, Say, Times, Unmarked,
    chunk::Chunk,
    flow::{Connections, End, Flow},
    octets::{self, Clear},
    time,
};
use crate::transcript::{Fact, Mark, Moment};

pub(super) static DIALECT: Dialect = Dialect {
    name: "tcpdump-a",
    about: "tcpdump -A or -X: each packet's octets behind its header line",
    client: "IP client > server: Flags […]",
    server: "IP server > client: Flags […]",
    key: "addresses and ports",
    times: Times::Always,
    record: Record { announces: true, wire: true, ..Record::DIALOGUE },
    unmarked: Unmarked::Neither,
    custom: Custom::FirstIsClient,
    hints: &[": Flags ["],
    evidence: |line| header(line).is_some(),
    reader: || Box::new(Tcpdump::default()),
};

#[derive(Debug, Default)]
struct Tcpdump {
    connections: Connections,
    /// The time of a header that goes on in the next line (`-v`).
    time: Option<Moment>,
    packet: Option<Packet>,
    /// The first line of a payload, shown in a header; said if no octets follow.
    summary: Option<Vec<u8>>,
}

/// The packet whose octets the lines hold.
#[derive(Debug)]
struct Packet {
    flow: Flow,
    at: Option<Moment>,
    /// Octets of IP and TCP headers that are still to come.
    headers: usize,
    /// The headers' length was not certain: TCP options that nobody knows.
    doubtful: bool,
    chunk: Chunk,
    /// Nothing of the payload has come yet.
    fresh: bool,
    hidden: bool,
    /// The packet's octets so far, in the hexadecimal form.
    octets: Vec<u8>,
    payload: usize,
}

impl Reader for Tcpdump {
    fn read(&mut self, line: &[u8], say: Say<'_>) -> bool {
        let inside = self.packet.as_ref().is_some_and(|packet| {
            packet.octets.is_empty() && !packet.chunk.may_be_over() && packet.headers == 0
        });
        if !inside && let Some(header) = header(line) {
            self.summarise(say);
            self.header(line, &header, say);
            return true;
        }
        if !inside && let Some((at, _)) = stamp(line).filter(|_| is_first_of_two(line)) {
            self.summarise(say);
            self.packet = None;
            self.time = Some(at);
            say(Reading::remark(line));
            return true;
        }
        let Some(packet) = &mut self.packet else { return false };
        if let Some(row) = hex_row(line) {
            self.summary = None;
            packet.octets.extend_from_slice(&octets::row(row));
            say(Reading::remark(line).at(packet.at).of(&packet.flow.key));
            return self.packet_of_octets(line, say);
        }
        if !packet.octets.is_empty() && !line.is_empty() {
            self.packet = None;
            return false;
        }
        self.text(line, say)
    }

    fn finish(&mut self, say: Say<'_>) {
        self.summarise(say);
        self.connections.finish(say);
    }

    fn leave(&mut self) {
        self.packet = None;
    }
}

impl Tcpdump {
    fn header(&mut self, line: &[u8], header: &Header<'_>, say: Say<'_>) {
        let flow = Flow::new(header.from, header.to);
        let at = header.at.or(self.time);
        let has = |flag: u8| header.flags.contains(&flag);
        if has(b'S') && !has(b'.') {
            self.connections.opens(&flow, line, at, say);
        } else if header.payload > 0 {
            let ends = (header.from, header.to);
            self.connections.speaks(&flow, ends, line, say);
        }
        if has(b'F') || has(b'R') {
            self.connections.closes(&flow, has(b'R'), line, at, say);
        }
        self.summary = header.summary.map(<[u8]>::to_vec);
        let options = options(line);
        self.packet = Some(Packet {
            flow,
            at,
            headers: 40 + options.unwrap_or(12),
            doubtful: options.is_none(),
            chunk: Chunk::new(header.payload),
            fresh: true,
            hidden: false,
            octets: Vec::new(),
            payload: header.payload,
        });
    }

    /// Says the line that the header showed, where the packet's octets are not in the record.
    fn summarise(&mut self, say: Say<'_>) {
        let (Some(text), Some(packet)) = (self.summary.take(), &self.packet) else { return };
        let Packet { flow, at, .. } = packet;
        say(Reading::unescaped(flow.mark, text, b"").at(*at).of(&flow.key));
    }

    /// A line of a packet shown as text.
    fn text(&mut self, line: &[u8], say: Say<'_>) -> bool {
        let Some(packet) = &mut self.packet else { return false };
        let key = &packet.flow.key;
        if packet.headers > 0 {
            if packet.fresh && line.first() == Some(&b'`') {
                packet.headers += 20;
            }
            packet.fresh = false;
            self.summary = None;
            if line.len() < packet.headers {
                packet.headers -= (line.len() + 1).min(packet.headers);
                packet.fresh = packet.headers == 0;
                say(Reading::remark(line).at(packet.at).of(key));
                return true;
            }
            let at = begins(line, packet.headers, packet);
            packet.headers = 0;
            packet.fresh = true;
            let payload = line.get(at..).unwrap_or_default();
            if packet.payload == 0 || payload.is_empty() {
                say(Reading::remark(line).at(packet.at).of(key));
                packet.fresh = !payload.is_empty() || packet.payload > 0;
                return true;
            }
            self.payload(payload, say);
            return true;
        }
        if packet.chunk.may_be_over() {
            if line.is_empty() {
                packet.chunk.blanks += 1;
                return true;
            }
            if packet.payload == 0 || !packet.chunk.has_room(line.len()) {
                self.packet = None;
                return false;
            }
            for _ in 0..std::mem::take(&mut packet.chunk.blanks) {
                self.payload(b"", say);
            }
        }
        self.payload(line, say);
        true
    }

    /// A line of the payload, or the rest of one.
    fn payload(&mut self, line: &[u8], say: Say<'_>) {
        let Some(packet) = &mut self.packet else { return };
        let Some(connection) = self.connections.get(&packet.flow) else {
            say(Reading::remark(line).at(packet.at).of(&packet.flow.key));
            return;
        };
        if std::mem::take(&mut packet.fresh) {
            let before = connection.clear;
            packet.hidden = connection.clear.printed(line);
            started(before, connection.clear, packet, line, say);
        }
        if packet.hidden {
            packet.chunk.count(line.len());
            say(Reading::remark(line).at(packet.at).of(&packet.flow.key));
            return;
        }
        let bare = connection.bare;
        let wire = connection.wire(packet.flow.mark);
        if let Some(reading) = packet.chunk.line(line, packet.flow.mark, wire, bare) {
            connection.clear.line(&reading.text);
            say(reading.at(packet.at).of(&packet.flow.key));
        }
        if let Some(bare) = packet.chunk.proves_bare() {
            connection.bare = bare;
        }
    }

    /// A packet shown in hexadecimal, once all of it is there.
    fn packet_of_octets(&mut self, line: &[u8], say: Say<'_>) -> bool {
        let Some(packet) = &mut self.packet else { return false };
        let Some(payload) = payload(&packet.octets) else { return true };
        let Some(connection) = self.connections.get(&packet.flow) else { return true };
        let before = connection.clear;
        if connection.clear.packet(payload) {
            started(before, connection.clear, packet, line, say);
            return true;
        }
        let (mark, at) = (packet.flow.mark, packet.at);
        let key = packet.flow.key.clone();
        let mut clear = connection.clear;
        connection.wire(mark).feed(
            payload,
            mark,
            line,
            &|reading| reading.at(at),
            &mut |reading| {
                clear.line(&reading.text);
                say(reading.of(&key));
            },
        );
        connection.clear = clear;
        packet.octets.clear();
        true
    }
}

/// Says that TLS is up, at its first packet.
fn started(before: Clear, now: Clear, packet: &Packet, line: &[u8], say: Say<'_>) {
    if now == Clear::Tls && before != Clear::Tls {
        let fact = Fact::TlsStarted { version: None, cipher: None };
        let empty = line.get(..0).unwrap_or_default();
        say(Reading::tells(empty, fact).at(packet.at).of(&packet.flow.key));
    }
}

/// Where in the line the payload begins, which should be at `expected`: a copy may have lost a blank or a
/// header may hold what nobody knows, so the beginning of a reply nearby is believed more.
fn begins(line: &[u8], expected: usize, packet: &Packet) -> usize {
    let code = |at: usize| {
        matches!(line.get(at..at + 4), Some([b'2'..=b'5', b'0'..=b'9', b'0'..=b'9', b' ' | b'-']))
    };
    if code(expected) || packet.flow.mark == Mark::First && !packet.doubtful {
        return expected;
    }
    let reach = if packet.doubtful { 40 } else { 3 };
    (expected.saturating_sub(reach)..=expected + reach).find(|at| code(*at)).unwrap_or(expected)
}

/// What a packet's line tells.
#[derive(Debug)]
struct Header<'l> {
    at: Option<Moment>,
    from: End<'l>,
    to: End<'l>,
    flags: &'l [u8],
    payload: usize,
    /// The first line of the payload.
    summary: Option<&'l [u8]>,
}

fn header(line: &[u8]) -> Option<Header<'_>> {
    let colon = memchr::memmem::find(line, b": Flags [")?;
    let (head, tail) = line.split_at_checked(colon)?;
    let arrow = memchr::memmem::rfind(head, b" > ")?;
    let (before, to) = head.split_at_checked(arrow)?;
    let from = before.rsplit(|octet| *octet == b' ').next()?;
    let (at, _) = stamp(line).unzip();
    let flags = tail.get(9..)?;
    let flags = flags.get(..memchr::memchr(b']', flags)?)?;
    let length = memchr::memmem::find(tail, b", length ").and_then(|at| tail.get(at + 9..))?;
    let digits = length.iter().take_while(|octet| octet.is_ascii_digit()).count();
    let payload = std::str::from_utf8(length.get(..digits)?).ok()?.parse().ok()?;
    let summary = length.get(digits..).and_then(|rest| rest.strip_prefix(b": SMTP: "));
    Some(Header {
        at,
        from: End::with_dot(from)?,
        to: End::with_dot(to.get(3..)?)?,
        flags,
        payload,
        summary,
    })
}

/// The time at the beginning of a packet's line.
fn stamp(line: &[u8]) -> Option<(Moment, &[u8])> {
    time::clock(line).or_else(|| time::iso(line))
}

/// `10:16:44.840376 IP (tos 0x0, ttl 64, …, length 60)`: the ends are in the next line.
fn is_first_of_two(line: &[u8]) -> bool {
    line.ends_with(b")")
        && (memchr::memmem::find(line, b" IP (tos ").is_some()
            || memchr::memmem::find(line, b" IP6 (").is_some())
}

/// How many octets the TCP options take; `None` where one is not known.
fn options(line: &[u8]) -> Option<usize> {
    let Some(start) = memchr::memmem::find(line, b"options [") else { return Some(0) };
    let rest = line.get(start + 9..)?;
    let list = rest.get(..memchr::memchr(b']', rest)?)?;
    let mut octets = 0;
    for option in list.split(|octet| *octet == b',') {
        octets += match option.split(|octet| *octet == b' ').next()? {
            b"nop" | b"eol" => 1,
            b"mss" => 4,
            b"sackOK" => 2,
            b"wscale" => 3,
            b"TS" => 10,
            b"sack" => 2 + 8 * memchr::memchr_iter(b':', option).count(),
            _ => return None,
        };
    }
    Some(octets.div_ceil(4) * 4)
}

/// The octets of `0x0010:  7f00 0001 9c74 09de …`.
fn hex_row(line: &[u8]) -> Option<&[u8]> {
    let rest = line.trim_ascii_start().strip_prefix(b"0x")?;
    let text = rest.get(4..)?.strip_prefix(b":  ")?;
    rest.iter().take(4).all(u8::is_ascii_hexdigit).then_some(text)
}

/// The payload of a packet of IP and TCP, with or without Ethernet around it, once it is complete.
fn payload(octets: &[u8]) -> Option<&[u8]> {
    let ip = match octets.get(12..14) {
        Some([0x08, 0x00] | [0x86, 0xdd]) if octets.first()? >> 4 != 4 => octets.get(14..)?,
        _ => octets,
    };
    let word = |at: usize| Some(usize::from(*ip.get(at)?) << 8 | usize::from(*ip.get(at + 1)?));
    let (tcp, end) = match ip.first()? >> 4 {
        4 => (usize::from(ip.first()? & 15) * 4, word(2)?),
        6 => (40, 40 + word(4)?),
        _ => return None,
    };
    let start = tcp + usize::from(*ip.get(tcp + 12)? >> 4) * 4;
    ip.get(start..end)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dialect::spoken::{spoken, told};

    #[test]
    fn headers_are_read() {
        let line = b"10:16:44.842214 IP 127.0.0.1.2526 > 127.0.0.1.40052: Flags [P.], seq 1:42, ack 1, win 64, options [nop,nop,TS val 2461219476 ecr 3742294754], length 41: SMTP: 220 mx";
        let header = header(line).unwrap();
        assert_eq!(
            (header.payload, header.from.port, header.to.port),
            (41, Some(2526), Some(40052))
        );
        assert_eq!(header.summary, Some(&b"220 mx"[..]));
        assert_eq!(options(line), Some(12));
        assert_eq!(
            options(b"options [mss 1460,sackOK,TS val 1 ecr 0,nop,wscale 10], length 0"),
            Some(20)
        );
    }

    #[test]
    fn text_begins_behind_the_headers() {
        let record = "\
10:16:44.842214 IP 192.0.2.2.25 > 192.0.2.1.40052: Flags [P.], seq 1:11, ack 1, win 64, options [nop,nop,TS val 2461219476 ecr 3742294754], length 10
E..]..@.@...........	..t.h.....,...@.Q.....
..:.....220 mx r

10:16:44.842349 IP 192.0.2.1.40052 > 192.0.2.2.25: Flags [P.], seq 1:7, ack 42, win 64, options [nop,nop,TS val 1 ecr 2], length 6
E..=Bg@.@..Q.........t	....,.h.C...@.1.....
......:.QUIT

";
        assert_eq!(spoken(&DIALECT, record), "1:220 mx r 0:QUIT");
    }

    #[test]
    fn hexadecimal_rows_are_put_together() {
        let record = "\
10:16:44.842349 IP 127.0.0.1.40052 > 127.0.0.1.2526: Flags [P.], seq 1:10, ack 42, win 64, options [nop,nop,TS val 3742294755 ecr 2461219476], length 9
	0x0000:  4500 003d 4267 4000 4006 fa51 7f00 0001  E..=Bg@.@..Q....
	0x0010:  7f00 0001 9c74 09de a5c4 962c b068 d143  .....t.....,.h.C
	0x0020:  8018 0040 fe31 0000 0101 080a df0e e2e3  ...@.1..........
	0x0030:  92b3 3a94 6568 6c6f 206d 650d 0a         ..:.ehlo.me..
";
        assert_eq!(spoken(&DIALECT, record), "0:ehlo me");
    }

    #[test]
    fn summaries_stand_for_missing_octets() {
        let record = "\
10:16:44.1 IP 192.0.2.1.40052 > 192.0.2.2.25: Flags [S], seq 1, win 64, length 0
10:16:44.2 IP 192.0.2.2.25 > 192.0.2.1.40052: Flags [P.], seq 1:42, ack 1, win 64, length 41: SMTP: 220 mx
10:16:44.3 IP 192.0.2.2.25 > 192.0.2.1.40052: Flags [R.], seq 42, ack 1, win 64, length 0
";
        let key = "192.0.2.1:40052 > 192.0.2.2:25/";
        assert_eq!(
            told(&DIALECT, record, true).replace(key, ""),
            "Opening ClientAddress ServerAddress 1:220 mx Closed"
        );
    }
}
