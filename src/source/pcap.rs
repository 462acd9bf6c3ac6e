//! Packet captures (pcap, pcapng): each TCP connection that looks like SMTP becomes a source.
//!
//! The one place in this room that knows how an SMTP dialogue begins: a capture holds everything that
//! passed, and what is not SMTP is left out. [`super::tcp`] says in which form the lines come.

use std::cell::RefCell;
use std::io::{self, Read};
use std::net::SocketAddr;
use std::ops::ControlFlow;
use std::rc::Rc;

use etherparse::{EtherType, LaxNetSlice, LaxSlicedPacket, TransportSlice};
use pcap_parser::traits::PcapReaderIterator;
use pcap_parser::{Block, LegacyPcapReader, Linktype, PcapBlockOwned, PcapError, PcapNGReader};

use super::limits;
use super::open::{Container, Opening, below};
use super::start::Started;
use super::tcp::{Connection, Connections, Segment};

const NAME: &str = "capture";

pub(super) static CONTAINER: Container = Container { name: NAME, begins, open };

/// The magic numbers of pcap (microseconds, nanoseconds; both byte orders) and of pcapng.
fn begins(start: &[u8]) -> bool {
    matches!(
        start,
        [0xD4, 0xC3, 0xB2, 0xA1, ..]
            | [0xA1, 0xB2, 0xC3, 0xD4, ..]
            | [0x4D, 0x3C, 0xB2, 0xA1, ..]
            | [0xA1, 0xB2, 0x3C, 0x4D, ..]
    ) || begins_pcapng(start)
}

fn begins_pcapng(start: &[u8]) -> bool {
    start.starts_with(&[0x0A, 0x0D, 0x0D, 0x0A])
        && matches!(start.get(8..12), Some([0x4D, 0x3C, 0x2B, 0x1A] | [0x1A, 0x2B, 0x3C, 0x4D]))
}

/// Octets of the reader's buffer at first, and at most: a packet is never larger.
const BUFFER: usize = 256 << 10;
const MOST_BUFFER: usize = 16 << 20;

fn open(
    opening: &mut Opening<'_>,
    name: &str,
    octets: Started<'_>,
    _depth: usize,
) -> ControlFlow<()> {
    let failure = Rc::new(RefCell::new(None));
    let is_pcapng = begins_pcapng(octets.start());
    let octets = Watched { octets, failure: Rc::clone(&failure) };
    let reader = if is_pcapng {
        PcapNGReader::new(BUFFER, octets)
            .map(|reader| Box::new(reader) as Box<dyn PcapReaderIterator + '_>)
    } else {
        LegacyPcapReader::new(BUFFER, octets).map(|reader| Box::new(reader) as Box<_>)
    };
    let mut capture =
        Capture { opening, name, connections: Connections::default(), others: 0, found: 0 };
    let ended = match reader {
        Ok(mut reader) => capture.read(&mut *reader)?,
        Err(_) => Err(io::ErrorKind::UnexpectedEof.into()),
    };
    for connection in capture.connections.take_all() {
        capture.hand_on(connection)?;
    }
    let Capture { opening, others, found, .. } = capture;
    if let Err(error) = ended {
        let error = failure.take().unwrap_or(error);
        opening.broken(name, NAME, &error)?;
    }
    if found == 0 {
        let message = format!("no SMTP in this capture; other TCP connections in it: {others}");
        return opening.container(name, message);
    }
    ControlFlow::Continue(())
}

/// A capture that is being read.
struct Capture<'c, 'o> {
    opening: &'c mut Opening<'o>,
    name: &'c str,
    connections: Connections,
    /// Connections that are not SMTP, and those that are.
    others: u64,
    found: u64,
}

/// How the packets of an interface are written.
#[derive(Clone, Copy)]
struct Interface {
    link: Linktype,
    /// Units of time in a second.
    resolution: u64,
    /// Seconds to be added to every time.
    offset: i64,
}

impl Capture<'_, '_> {
    /// Reads all packets; the inner result tells whether the capture ended as it should.
    fn read(&mut self, reader: &mut dyn PcapReaderIterator) -> ControlFlow<(), io::Result<()>> {
        let mut interfaces: Vec<Interface> = Vec::new();
        let mut room = BUFFER;
        let failed = |kind: io::ErrorKind| ControlFlow::Continue(Err(kind.into()));
        loop {
            let read = match reader.next() {
                Ok((length, block)) => {
                    self.block(&block, &mut interfaces)?;
                    Some(length)
                }
                Err(PcapError::Incomplete(_)) => None,
                Err(PcapError::Eof) => return ControlFlow::Continue(Ok(())),
                Err(PcapError::UnexpectedEof) => return failed(io::ErrorKind::UnexpectedEof),
                Err(_) => return failed(io::ErrorKind::InvalidData),
            };
            if let Some(length) = read {
                reader.consume(length);
                continue;
            }
            if reader.reader_exhausted() {
                return failed(io::ErrorKind::UnexpectedEof);
            }
            if reader.data().len() + 1 >= room {
                if room >= MOST_BUFFER {
                    return failed(io::ErrorKind::InvalidData);
                }
                room *= 2;
                reader.grow(room);
            }
            if reader.refill().is_err() {
                return failed(io::ErrorKind::InvalidData);
            }
        }
    }

    fn block(
        &mut self,
        block: &PcapBlockOwned<'_>,
        interfaces: &mut Vec<Interface>,
    ) -> ControlFlow<()> {
        match block {
            PcapBlockOwned::LegacyHeader(header) => {
                let resolution =
                    if header.is_nanosecond_precision() { 1_000_000_000 } else { 1_000_000 };
                interfaces.push(Interface { link: header.network, resolution, offset: 0 });
            }
            PcapBlockOwned::Legacy(packet) => {
                if let Some(interface) = interfaces.first() {
                    let resolution = interface.resolution;
                    let time = u64::from(packet.ts_sec) * resolution + u64::from(packet.ts_usec);
                    return self.packet(*interface, time, packet.data);
                }
            }
            PcapBlockOwned::NG(Block::SectionHeader(_)) => interfaces.clear(),
            PcapBlockOwned::NG(Block::InterfaceDescription(description)) => {
                let resolution = description.ts_resolution().unwrap_or(1_000_000);
                let offset = description.ts_offset();
                interfaces.push(Interface { link: description.linktype, resolution, offset });
            }
            PcapBlockOwned::NG(Block::EnhancedPacket(packet)) => {
                let interface =
                    usize::try_from(packet.if_id).ok().and_then(|at| interfaces.get(at));
                if let Some(interface) = interface {
                    let time = u64::from(packet.ts_high) << 32 | u64::from(packet.ts_low);
                    let data = packet.data.get(..packet.caplen as usize).unwrap_or(packet.data);
                    return self.packet(*interface, time, data);
                }
            }
            PcapBlockOwned::NG(_) => {}
        }
        ControlFlow::Continue(())
    }

    fn packet(&mut self, interface: Interface, time: u64, octets: &[u8]) -> ControlFlow<()> {
        let micros = if interface.resolution == 1_000_000 {
            i128::from(time)
        } else {
            i128::from(time) * 1_000_000 / i128::from(interface.resolution.max(1))
        };
        let micros = micros + i128::from(interface.offset) * 1_000_000;
        let Some(packet) = sliced(interface.link, octets) else { return ControlFlow::Continue(()) };
        let Some(segment) = segment(&packet, i64::try_from(micros).unwrap_or(0)) else {
            return ControlFlow::Continue(());
        };
        self.connections.take(&segment);
        for ended in self.connections.take_ended() {
            self.hand_on(ended)?;
        }
        ControlFlow::Continue(())
    }

    fn hand_on(&mut self, connection: Connection) -> ControlFlow<()> {
        if !is_smtp(&connection) {
            self.others += u64::from(connection.has_payload());
            return ControlFlow::Continue(());
        }
        self.found += 1;
        let name = below(self.name, &connection.name());
        let (text, problems) = connection.into_text();
        for problem in problems {
            self.opening.spent.remark(problem);
        }
        self.opening.written(&name, text)
    }
}

/// The headers of a packet, as far as they were captured.
fn sliced(link: Linktype, octets: &[u8]) -> Option<LaxSlicedPacket<'_>> {
    /// Octets of the headers of BSD loopback and of Linux "cooked" captures.
    const LOOPBACK: usize = 4;
    const COOKED: usize = 16;
    const COOKED_2: usize = 20;
    let cooked = |protocol: usize, header: usize| {
        let [high, low] = *octets.get(protocol..)?.first_chunk()?;
        let kind = EtherType(u16::from_be_bytes([high, low]));
        Some(LaxSlicedPacket::from_ether_type(kind, octets.get(header..)?))
    };
    match link {
        Linktype::ETHERNET => LaxSlicedPacket::from_ethernet(octets).ok(),
        Linktype::RAW | Linktype::IPV4 | Linktype::IPV6 => LaxSlicedPacket::from_ip(octets).ok(),
        Linktype::NULL | Linktype::LOOP => LaxSlicedPacket::from_ip(octets.get(LOOPBACK..)?).ok(),
        Linktype::LINUX_SLL => cooked(COOKED - 2, COOKED),
        Linktype::LINUX_SLL2 => cooked(0, COOKED_2),
        _ => None,
    }
}

fn segment<'p>(packet: &LaxSlicedPacket<'p>, at: i64) -> Option<Segment<'p>> {
    let (from, to) = match packet.net.as_ref()? {
        LaxNetSlice::Ipv4(ip) => {
            (ip.header().source_addr().into(), ip.header().destination_addr().into())
        }
        LaxNetSlice::Ipv6(ip) => {
            (ip.header().source_addr().into(), ip.header().destination_addr().into())
        }
        LaxNetSlice::Arp(_) => return None,
    };
    let Some(TransportSlice::Tcp(tcp)) = &packet.transport else { return None };
    Some(Segment {
        at,
        from: SocketAddr::new(from, tcp.source_port()),
        to: SocketAddr::new(to, tcp.destination_port()),
        sequence: tcp.sequence_number(),
        acknowledged: tcp.ack().then(|| tcp.acknowledgment_number()),
        opens: tcp.syn(),
        ends: tcp.fin(),
        resets: tcp.rst(),
        payload: tcp.payload(),
    })
}

/// Ports on which even a connection that failed or is encrypted from its start is taken for SMTP.
const PORTS: &[u16] = &[25, 465, 587, 2525];

/// Words that a client may begin with.
const VERBS: &[&[u8]] = &[
    b"EHLO",
    b"HELO",
    b"LHLO",
    b"MAIL",
    b"RCPT",
    b"DATA",
    b"BDAT",
    b"RSET",
    b"NOOP",
    b"QUIT",
    b"VRFY",
    b"EXPN",
    b"AUTH",
    b"STARTTLS",
    b"XCLIENT",
];

/// Whether a connection begins as SMTP does: a reply from one side or a command from the other.
fn is_smtp(connection: &Connection) -> bool {
    let by_port = connection.ends().iter().any(|end| PORTS.contains(&end.port()));
    let mut starts = connection.starts().into_iter().filter(|start| !start.is_empty()).peekable();
    if starts.peek().is_none() {
        return by_port && connection.was_opened();
    }
    starts.any(|start| is_reply(start) || is_command(start) || (by_port && is_tls(start)))
}

fn is_reply(start: &[u8]) -> bool {
    matches!(start, [b'2'..=b'5', b'0'..=b'9', b'0'..=b'9', b' ' | b'-' | b'\r' | b'\n', ..])
}

fn is_command(start: &[u8]) -> bool {
    let end = start.iter().position(|octet| !octet.is_ascii_alphabetic()).unwrap_or(start.len());
    let word = start.get(..end).unwrap_or_default();
    VERBS.iter().any(|verb| verb.eq_ignore_ascii_case(word))
}

/// A TLS record with a handshake in it.
fn is_tls(start: &[u8]) -> bool {
    start.starts_with(&[0x16, 0x03])
}

/// Octets whose failure is kept: the reader of captures does not tell it.
struct Watched<R> {
    octets: R,
    failure: Rc<RefCell<Option<io::Error>>>,
}

impl<R: Read> Read for Watched<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        match self.octets.read(into) {
            Err(error) if error.kind() != io::ErrorKind::Interrupted => {
                *self.failure.borrow_mut() = Some(limits::broken(NAME, &error));
                Ok(0)
            }
            read => read,
        }
    }
}

#[cfg(test)]
#[path = "pcap_tests.rs"]
mod tests;
