//! `tcpflow -c`: each chunk of a connection behind the label of its direction.
//!
//! ```text
//! 192.000.002.002.00025-192.000.002.001.40052: 220 mx.example.net ESMTP ready
//!
//! 192.000.002.001.40052-192.000.002.002.00025: EHLO client.example
//! ```
//!
//! Traps: only the first line of a chunk carries the label, with its numbers padded; a blank line behind
//! each chunk that ends with a line is tcpflow's own; `-C` leaves the labels out, so that the lines carry no
//! marks. From recordings of tcpflow 1.6.

use super::{
    Custom, Dialect, Reader, Reading, Record, Say, Times, Unmarked,
    flow::{Connections, End, Flow},
    octets::Clear,
    reply_rows::{begins_with_verb, code},
};
use crate::transcript::{Fact, Mark};

pub(super) static DIALECT: Dialect = Dialect {
    name: "tcpflow",
    about: "tcpflow -c: each chunk of a connection behind its padded addresses",
    client: "client.port-server.port: ",
    server: "server.port-client.port: ",
    key: "addresses and ports",
    times: Times::Never,
    record: Record { announces: true, wire: true, ..Record::DIALOGUE },
    unmarked: Unmarked::Both,
    custom: Custom::FirstIsClient,
    hints: &["-", "reportfilename: "],
    evidence: |line| line.starts_with(b"reportfilename: ") || label(line).is_some(),
    reader: || Box::new(Tcpflow::default()),
};

#[derive(Debug, Default)]
struct Tcpflow {
    connections: Connections,
    flow: Option<Flow>,
    /// The last line of a record without labels was no line of a message.
    between: bool,
    /// Behind that line, a blank one came.
    parted: bool,
    /// The server waits for a message, or for a line of an AUTH dialogue.
    waits: bool,
    /// The next line is a label, or the record ends.
    next_is_label: bool,
    /// Blank lines that may be tcpflow's.
    blanks: usize,
    hidden: bool,
    /// The chunk holds replies, commands and the end of a message so far, which no blank line parts.
    spoken: bool,
    /// The line was seen with which a record without labels begins.
    began: bool,
}

impl Reader for Tcpflow {
    fn ahead(&mut self, next: &[u8]) {
        self.next_is_label = label(next).is_some();
    }

    fn read(&mut self, line: &[u8], say: Say<'_>) -> bool {
        if line.starts_with(b"reportfilename: ") {
            self.leave();
            self.began = true;
        }
        if line.starts_with(b"reportfilename: ") || line.starts_with(b"tcpflow: ") {
            say(Reading::remark(line));
            return true;
        }
        if let Some(label) = label(line) {
            let from = label.from();
            let to = label.to();
            let ends = (
                End { address: &from.0, port: Some(from.1) },
                End { address: &to.0, port: Some(to.1) },
            );
            let flow = Flow::new(ends.0, ends.1);
            let mark = line.get(..line.len() - label.text.len()).unwrap_or_default();
            let connection = self.connections.speaks(&flow, ends, mark, say);
            self.blanks = 0;
            let before = connection.clear;
            self.hidden =
                connection.clear.packet(label.text) || connection.clear.printed(label.text);
            if connection.clear == Clear::Tls && before != Clear::Tls {
                let fact = Fact::TlsStarted { version: None, cipher: None };
                say(Reading::tells(mark.get(..0).unwrap_or_default(), fact).of(&flow.key));
            }
            self.flow = Some(flow);
            self.spoken = is_spoken(label.text);
            self.text(label.text, say);
            return true;
        }
        if self.flow.is_none() {
            return self.began && self.unlabelled(line, say);
        }
        if line.is_empty() {
            if self.blanks > 0 || !self.next_is_label {
                self.blanks += 1;
            }
            return true;
        }
        if self.spoken && self.blanks > 0 {
            // tcpflow ends such a chunk with a blank line: this is another tool's.
            self.leave();
            return false;
        }
        self.spoken &= is_spoken(line);
        for _ in 0..std::mem::take(&mut self.blanks) {
            self.text(b"", say);
        }
        self.text(line, say);
        true
    }

    fn finish(&mut self, say: Say<'_>) {
        self.connections.finish(say);
    }

    fn leave(&mut self) {
        self.flow = None;
        self.began = false;
    }
}

impl Tcpflow {
    /// A line of a record without labels: only the blank lines behind chunks are known.
    fn unlabelled(&mut self, line: &[u8], say: Say<'_>) -> bool {
        let between = std::mem::take(&mut self.between);
        let parted = std::mem::take(&mut self.parted);
        if line.is_empty() && between {
            self.parted = true;
            return true;
        }
        self.between = is_spoken(line);
        // There are commands and replies, but where the server waits for something else.
        let strange = !line.is_empty() && !self.between && !self.waits;
        if strange || (between || parted) && !super::shown(line).is_empty() {
            self.leave();
            return false;
        }
        self.waits = code(line).map_or(self.waits && line != b".", |code| code.starts_with(b"3"));
        say(Reading::said(Mark::Unmarked, line));
        true
    }

    fn text(&mut self, line: &[u8], say: Say<'_>) {
        let Some(flow) = &self.flow else { return };
        if self.hidden {
            say(Reading::remark(line).of(&flow.key));
            return;
        }
        let Some(connection) = self.connections.get(flow) else { return };
        let wire = connection.wire(flow.mark);
        if self.next_is_label {
            // No blank line before the next label: the chunk ends within a line.
            wire.hold(line);
            return;
        }
        let reading = if wire.is_holding() {
            let mut whole = wire.take();
            whole.extend_from_slice(line);
            Reading::unescaped(flow.mark, whole, line)
        } else {
            Reading::said(flow.mark, line)
        };
        connection.clear.line(&reading.text);
        say(reading.of(&flow.key));
    }
}

/// Whether a line may be a reply, a command or the end of a message. `Subject: …` is a line of a message; the
/// blank line behind it may be the message's.
fn is_spoken(line: &[u8]) -> bool {
    let field = line.iter().find(|octet| !octet.is_ascii_alphabetic()) == Some(&b':');
    line == b"." || code(line).is_some() || begins_with_verb(line) && !field
}

/// A label and the text behind it.
#[derive(Debug)]
struct Label<'l> {
    from: &'l [u8],
    to: &'l [u8],
    text: &'l [u8],
}

/// How long one end of a label is: four numbers of three digits and a port of five.
const END: usize = 21;

fn label(line: &[u8]) -> Option<Label<'_>> {
    let (from, rest) = line.split_at_checked(END)?;
    let (to, rest) = rest.strip_prefix(b"-")?.split_at_checked(END)?;
    let text = rest.strip_prefix(b":")?;
    let text = text.strip_prefix(b" ").unwrap_or(text);
    let shaped = |end: &[u8]| {
        end.iter().enumerate().all(|(at, octet)| match at {
            3 | 7 | 11 | 15 => *octet == b'.',
            _ => octet.is_ascii_digit(),
        })
    };
    (shaped(from) && shaped(to)).then_some(Label { from, to, text })
}

impl Label<'_> {
    fn from(&self) -> (Vec<u8>, u16) {
        end(self.from)
    }

    fn to(&self) -> (Vec<u8>, u16) {
        end(self.to)
    }
}

/// Address and port without the zeros that pad them.
fn end(padded: &[u8]) -> (Vec<u8>, u16) {
    let mut numbers = padded
        .split(|octet| *octet == b'.')
        .map(|number| std::str::from_utf8(number).ok().and_then(|number| number.parse().ok()))
        .map(|number: Option<u32>| number.unwrap_or(0));
    let address: Vec<String> = numbers.by_ref().take(4).map(|number| number.to_string()).collect();
    let port = numbers.next().and_then(|port| u16::try_from(port).ok()).unwrap_or(0);
    (address.join(".").into_bytes(), port)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dialect::spoken::{spoken, told};

    #[test]
    fn chunks_are_read() {
        let server = "192.000.002.002.00025-192.000.002.001.40052";
        let client = "192.000.002.001.40052-192.000.002.002.00025";
        let record = format!(
            "{server}: 250-mx\n250 HELP\n\n{client}: a\n\nb\n.\n\n{client}: QU\n{client}: IT\n\n{server}: 221 bye\n\n"
        );
        assert_eq!(
            spoken(&DIALECT, &record),
            "1:250-mx 1:250 HELP 0:a 0: 0:b 0:. 0:QUIT 1:221 bye"
        );
        let told = told(&DIALECT, &record, true);
        assert!(told.starts_with("192.0.2.1:40052 > 192.0.2.2:25/ClientAddress"), "{told}");
    }
}
