//! Packet details: `tshark -V`, `tshark -O smtp`, or Wireshark's export of the details as text.
//!
//! ```text
//! Frame 7: 277 bytes on wire (2216 bits), 277 bytes captured (2216 bits)
//! Internet Protocol Version 4, Src: 192.0.2.2, Dst: 192.0.2.1
//! Transmission Control Protocol, Src Port: 25, Dst Port: 51142, Seq: 79, Ack: 27, Len: 211
//! Simple Mail Transfer Protocol
//!     Response: 250-mx.example.net\r\n
//!         Response code: Requested mail action okay, completed (250)
//!         Response parameter: mx.example.net
//!         Response parameter: SIZE 52428800
//! ```
//!
//! Traps: of a reply only the first line has its code, the others are parameters; each command comes a second
//! time, taken apart; a message's lines stand as text in its fragments and are then summarised; the pages of RFCs
//! are headed like the layer. From recordings of tshark 4.0.

use super::{
    Custom, Dialect, Reader, Reading, Record, Say, Times, Unmarked, escape,
    flow::{End, Flow},
    prompt, time,
    wireshark_follow::epoch,
};
use crate::transcript::{Ending, Fact, Mark, Moment};

pub(super) static DIALECT: Dialect = Dialect {
    name: "tshark-details",
    about: "packet details of tshark -V or Wireshark: each field of each packet",
    client: "Command Line: ",
    server: "Response: ",
    key: "addresses and ports",
    times: Times::Sometimes,
    record: Record { announces: true, ..Record::DIALOGUE },
    unmarked: Unmarked::Neither,
    custom: Custom::FirstIsClient,
    hints: &["Simple Mail Transfer Protocol"],
    evidence: |line| line == b"Simple Mail Transfer Protocol",
    reader: || Box::new(Details::default()),
};

#[derive(Debug, Default)]
#[expect(clippy::struct_excessive_bools, reason = "each tells another thing about the place")]
struct Details {
    at: Option<Moment>,
    addresses: Option<(Vec<u8>, Vec<u8>)>,
    flow: Option<Flow>,
    /// Connections whose addresses were told.
    known: std::collections::BTreeSet<Vec<u8>>,
    /// Inside a packet: a blank line ends it.
    packet: bool,
    /// Inside the layer of SMTP.
    inside: bool,
    /// Inside a fragment of a message.
    text: bool,
    /// The lines of the message were in its fragments.
    showed: bool,
    /// The code of the reply whose parameters come, and whether its first one has come.
    code: Option<([u8; 3], bool)>,
    /// A reply of several lines is being shown.
    further: bool,
    next_is_parameter: bool,
    /// A field of SMTP comes, or the end of what can be seen.
    next_is_field: bool,
}

impl Reader for Details {
    fn ahead(&mut self, next: &[u8]) {
        self.next_is_parameter = next.trim_ascii_start().starts_with(b"Response parameter: ");
        self.next_is_field = is_field(next) || next.is_empty() && self.packet;
    }

    fn read(&mut self, line: &[u8], say: Say<'_>) -> bool {
        if line.is_empty() {
            (self.packet, self.inside) = (false, false);
            return false;
        }
        if line.first() != Some(&b' ') {
            return self.layer(line, say);
        }
        if !self.inside {
            return self.packet && self.field(line, say);
        }
        let Some(flow) = self.flow.clone() else {
            return self.smtp(line, &mut |reading| say(reading));
        };
        self.smtp(line, &mut |reading| say(reading.of(&flow.key)))
    }
}

impl Details {
    /// The first line of a layer, at the margin.
    fn layer(&mut self, line: &[u8], say: Say<'_>) -> bool {
        self.inside = false;
        let source = |name: &[u8], sign: &[u8]| {
            let rest = line.get(memchr::memmem::find(line, name)? + name.len()..)?;
            Some(rest.get(..memchr::memmem::find(rest, sign).unwrap_or(rest.len()))?.to_vec())
        };
        if line.starts_with(b"Frame ") {
            self.at = None;
            self.flow = None;
        } else if line.starts_with(b"Internet Protocol Version ") {
            self.addresses = source(b"Src: ", b",").zip(source(b"Dst: ", b","));
        } else if line.starts_with(b"Transmission Control Protocol, ") {
            let ports = source(b"Src Port: ", b",").zip(source(b"Dst Port: ", b","));
            if let (Some((from, to)), Some((source, target))) = (&self.addresses, ports) {
                let from = End { address: bare(from), port: port(&source) };
                let to = End { address: bare(to), port: port(&target) };
                self.flow = Some(Flow::new(from, to));
            }
        } else if line == b"Simple Mail Transfer Protocol" && self.next_is_field {
            self.inside = true;
            self.text = false;
            self.code = None;
            if let Some(flow) = &self.flow
                && let Some((from, to)) = &self.addresses
                && self.known.len() < 65_536
                && self.known.insert(flow.key.clone())
            {
                let (client, server) =
                    if flow.mark == Mark::Second { (to, from) } else { (from, to) };
                let client = Fact::ClientAddress { address: bare(client).to_vec(), port: None };
                let port = flow.key.rsplit(|octet| *octet == b':').next().and_then(port);
                let server = Fact::ServerAddress { address: bare(server).to_vec(), port };
                say(Reading::tells(line, client).at(self.at).of(&flow.key));
                let empty = line.get(..0).unwrap_or_default();
                say(Reading::tells(empty, server).at(self.at).of(&flow.key));
            }
        } else if !self.packet || !is_layer(line) || line == b"Simple Mail Transfer Protocol" {
            return false;
        }
        self.packet = true;
        if self.flow.is_none() || !self.inside {
            say(Reading::remark(line));
        }
        true
    }

    /// A field of a layer other than SMTP.
    fn field(&mut self, line: &[u8], say: Say<'_>) -> bool {
        let text = line.trim_ascii();
        if let Some(seconds) = text.strip_prefix(b"Epoch Time: ").or_else(|| {
            // Newer versions write times as ISO 8601 dates.
            text.strip_prefix(b"Epoch Arrival Time: ")
        }) {
            let word = seconds.split(|octet| *octet == b' ').next().unwrap_or_default();
            self.at = epoch(word);
        } else if let Some(date) = text.strip_prefix(b"UTC Arrival Time: ") {
            self.at = self.at.or_else(|| time::iso(date).map(|(at, _)| at));
        } else if text.starts_with(b"Flags: ")
            && text.ends_with(b"(SYN)")
            && let Some(flow) = &self.flow
        {
            self.known.remove(&flow.key);
            say(Reading::tells(line, Fact::Opening).at(self.at).of(&flow.key));
            return true;
        }
        say(Reading::remark(line));
        true
    }

    /// A field of the layer of SMTP.
    fn smtp(&mut self, line: &[u8], say: Say<'_>) -> bool {
        let at = self.at;
        let text = line.trim_ascii();
        let depth = line.iter().take_while(|octet| **octet == b' ').count();
        if self.text && depth >= 8 {
            self.showed = true;
            shown(Mark::First, text_of(line, 8), at, say);
            return true;
        }
        self.text = false;
        if depth < 8 {
            self.code = None;
            if let Some(reply) = text.strip_prefix(b"Response: ") {
                self.code = reply.first_chunk().map(|code| (*code, false));
                self.further = reply.get(3) == Some(&b'-');
                shown(Mark::Second, reply, at, say);
                return true;
            }
            if let Some(command) = text
                .strip_prefix(b"Command Line: ")
                .or_else(|| text.strip_prefix(b"Command: "))
                .or_else(|| text.strip_prefix(b"Username: "))
                .or_else(|| text.strip_prefix(b"Password: "))
                .or_else(|| text.strip_prefix(b"C: ").filter(|text| *text == b"."))
            {
                shown(Mark::First, command, at, say);
                return true;
            }
            if text.starts_with(b"Line-based text data") {
                self.text = true;
            }
        } else if let Some(parameter) = text.strip_prefix(b"Response parameter: ")
            && let Some((code, begun)) = &mut self.code
        {
            // The first repeats the line above it.
            if std::mem::replace(begun, true) && self.further {
                let sign: &[u8] = if self.next_is_parameter { b"-" } else { b" " };
                let line = [&code[..], sign, &escape::backslash(parameter)].concat();
                say(Reading::unescaped(Mark::Second, line, parameter).at(at));
                return true;
            }
        }
        let fact = text
            .strip_prefix(b"[Reassembled DATA length: ")
            .and_then(|rest| rest.strip_suffix(b"]"))
            .and_then(|octets| std::str::from_utf8(octets).ok()?.parse().ok())
            .map(|octets| Fact::BodyHidden(Some(octets)))
            .filter(|_| !std::mem::take(&mut self.showed));
        say(Reading { fact, ..Reading::remark(line).at(at) });
        true
    }
}

/// A line that the details show with its ending as `\r\n`.
fn shown(mark: Mark, text: &[u8], at: Option<Moment>, say: Say<'_>) {
    for line in escape::backslash_lines(text) {
        let mut reading = line.said(mark).at(at);
        reading.ending = reading.ending.or(Some(Ending::Shown(false)));
        say(reading);
    }
}

/// The text behind so many blanks.
fn text_of(line: &[u8], blanks: usize) -> &[u8] {
    line.get(blanks..).unwrap_or_default()
}

/// An address without the name before it: `mx.example.net (192.0.2.2)`.
fn bare(address: &[u8]) -> &[u8] {
    let open = memchr::memchr(b'(', address).map(|at| at + 1);
    open.and_then(|at| address.get(at..)?.strip_suffix(b")")).unwrap_or(address)
}

/// `25`, `smtp (25)`.
fn port(text: &[u8]) -> Option<u16> {
    prompt::port_number(bare(text).trim_ascii())
}

/// Whether a line may be the first field of the layer of SMTP.
fn is_field(line: &[u8]) -> bool {
    const FIELDS: &[&[u8]] = &[
        b"Response",
        b"Command",
        b"C: ",
        b"S: ",
        b"Username",
        b"Password",
        b"Line-based",
        b"Message",
        b"DATA",
        b"[",
    ];
    let text = line.trim_ascii_start();
    text.len() < line.len() && FIELDS.iter().any(|field| text.starts_with(field))
}

/// The first lines of other layers, as far as they surround mail.
fn is_layer(line: &[u8]) -> bool {
    const LAYERS: &[&[u8]] = &[
        b"Frame ",
        b"Ethernet II",
        b"Internet Protocol",
        b"Transmission Control",
        b"Simple Mail",
        b"Internet Message Format",
        b"MIME Multipart",
        b"Linux cooked",
        b"Null/Loopback",
        b"802.1Q",
        b"Transport Layer Security",
        b"Secure Sockets Layer",
        b"Line-based text data",
        b"Media Type",
        b"Raw packet",
        b"[",
        b"Data (",
    ];
    LAYERS.iter().any(|layer| line.starts_with(layer))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dialect::spoken::{spoken, told};

    #[test]
    fn fields_are_read() {
        let record = "\
Frame 7: 277 bytes on wire (2216 bits), 277 bytes captured (2216 bits)
    Epoch Time: 1795429004.842214000 seconds
Internet Protocol Version 4, Src: 192.0.2.2, Dst: 192.0.2.1
Transmission Control Protocol, Src Port: 25, Dst Port: 51142, Seq: 79, Ack: 27, Len: 211
Simple Mail Transfer Protocol
    Response: 250-mx Hello [192.0.2.1]\\r\\n
        Response code: Requested mail action okay, completed (250)
        Response parameter: mx Hello [192.0.2.1]
        Response parameter: SIZE 52428800
        Response parameter: HELP

Frame 8: 100 bytes on wire (800 bits), 100 bytes captured (800 bits)
Internet Protocol Version 4, Src: 192.0.2.1, Dst: 192.0.2.2
Transmission Control Protocol, Src Port: 51142, Dst Port: 25, Seq: 27, Ack: 290, Len: 34
Simple Mail Transfer Protocol
    Command Line: DATA\\r\\n
        Command: DATA

Frame 15: 97 bytes on wire (776 bits), 97 bytes captured (776 bits)
Internet Protocol Version 4, Src: 192.0.2.1, Dst: 192.0.2.2
Transmission Control Protocol, Src Port: 51142, Dst Port: 25, Seq: 104, Ack: 368, Len: 31
Simple Mail Transfer Protocol
    Line-based text data (3 lines)
        Subject: captured\\r\\n
        \\r\\n
        line one\\r\\n

Simple Mail Transfer Protocol
    C: .
    [1 DATA fragment (31 bytes): #15(31)]
        [Reassembled DATA length: 31]
Internet Message Format
";
        assert_eq!(
            spoken(&DIALECT, record),
            "1:250-mx Hello [192.0.2.1] 1:250-SIZE 52428800 1:250 HELP 0:DATA 0:Subject: captured 0: 0:line one 0:."
        );
        let key = "192.0.2.1:51142 > 192.0.2.2:25/";
        let told = told(&DIALECT, record, true).replace(key, "");
        assert!(told.starts_with("ClientAddress ServerAddress 1:250-mx"), "{told}");
    }
}
