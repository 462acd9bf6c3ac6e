//! recordio of ucspi-tcp, around any SMTP server: what goes in and out of a process.
//!
//! ```text
//! 18639 > 220 mx.example ESMTP
//! @400000005f2c1a2b1c3d4e5f 18639 < EHLO client.example
//! recordio: pid 18639: host:192.0.2.7 > 250-PIPELINING?
//! ```
//!
//! Traps: `>` is what the program wrote. A `+` at the end says that the line went on; through splogger a CR
//! shows as `?`. `[EOF]` ends a direction. From records that people published.

use super::{
    Custom, Dialect, Reader, Reading, Record, Say, Times, Unmarked,
    prompt::{self, is_address},
    reply_rows::{begins_with_verb, code},
    sign, time,
};
use crate::transcript::{ClosedBy, Fact, Mark, Moment};

pub(super) static DIALECT: Dialect = Dialect {
    name: "recordio",
    about: "recordio of ucspi-tcp, around an SMTP server",
    client: "pid < ",
    server: "pid > ",
    key: "process id",
    times: Times::Sometimes,
    record: Record::DIALOGUE,
    unmarked: Unmarked::Neither,
    custom: Custom::FirstIsClient,
    hints: &[" > ", " < "],
    evidence: |line| {
        Line::of(line).is_some_and(|line| {
            if line.written { code(line.text).is_some() } else { begins_with_verb(line.text) }
        })
    },
    reader: || Box::new(Recordio::default()),
};

struct Line<'l> {
    at: Option<Moment>,
    process: &'l [u8],
    written: bool,
    text: &'l [u8],
    /// The next line of this process and direction goes on with this one.
    goes_on: bool,
}

impl<'l> Line<'l> {
    fn of(line: &'l [u8]) -> Option<Self> {
        let (at, rest) = match time::tai64n(line) {
            Some((at, rest)) => (Some(at), rest.strip_prefix(b" ")?),
            None => (None, line),
        };
        let logged = rest.trim_ascii_start().strip_prefix(b"recordio: pid ");
        let rest = logged.unwrap_or(rest);
        let digits = rest.iter().take_while(|octet| octet.is_ascii_digit()).count();
        let process = rest.get(..digits).filter(|_| (2..=10).contains(&digits))?;
        let rest = rest.get(digits..)?;
        let rest = rest.strip_prefix(b":").unwrap_or(rest).strip_prefix(b" ")?;
        let arrow = |text: &[u8]| matches!(text, [b'<' | b'>', b' ', ..]);
        // A word about the peer may stand before the arrow.
        let rest = if arrow(rest) {
            rest
        } else {
            let space = memchr::memchr(b' ', rest)?;
            rest.get(space + 1..).filter(|rest| arrow(rest))?
        };
        // A blank stands for the LF, a plus for none; through splogger a CR shows as `?`.
        let text = rest.get(2..)?;
        let (text, goes_on) = match text {
            [text @ .., b' '] => (text, false),
            [text @ .., b'+'] => (text, true),
            _ => (text, false),
        };
        let text = if logged.is_some() { text.strip_suffix(b"?").unwrap_or(text) } else { text };
        let text = text.strip_suffix(b"\r").unwrap_or(text);
        Some(Self { at, process, written: rest.first() == Some(&b'>'), text, goes_on })
    }
}

/// How many lines may be begun at a time.
const MOST: usize = 256;

/// Which processes have begun a line in which direction.
#[derive(Debug, Default)]
struct Recordio {
    begun: Vec<(Vec<u8>, bool)>,
}

impl Recordio {
    /// Whether this line goes on with one that was begun.
    fn joins(&mut self, line: &Line<'_>) -> bool {
        let same = |(process, written): &(Vec<u8>, bool)| {
            process == line.process && *written == line.written
        };
        let place = self.begun.iter().position(same);
        match place {
            Some(place) if !line.goes_on => {
                self.begun.swap_remove(place);
            }
            None if line.goes_on && self.begun.len() < MOST => {
                self.begun.push((line.process.to_vec(), line.written));
            }
            _ => {}
        }
        place.is_some()
    }
}

impl Reader for Recordio {
    fn read(&mut self, line: &[u8], say: Say<'_>) -> bool {
        if let Some((process, server, client)) = accepted(line) {
            say(Reading::tells(line, server).of(process));
            say(Reading::tells(line.get(..0).unwrap_or_default(), client).of(process));
            return true;
        }
        let Some(line) = Line::of(line) else { return false };
        let mark = if line.written { Mark::Second } else { Mark::First };
        let reading = if line.text == b"[EOF]" {
            let by = if line.written { ClosedBy::Server } else { ClosedBy::Client };
            Reading::tells(line.text, Fact::Closed(by))
        } else {
            Reading::said(mark, line.text)
        };
        let reading = if self.joins(&line) { reading.joining() } else { reading };
        say(reading.at(line.at).of(line.process));
        true
    }
}

/// The process of a connection that tcpserver takes, and the two ends:
/// `tcpserver: ok 18639 mx.example:192.0.2.25:25 client.example:198.51.100.7::40052`.
fn accepted(line: &[u8]) -> Option<(&[u8], Fact, Fact)> {
    let (_, rest) = sign::around(line, "tcpserver: ok ")?;
    let mut words = rest.split(|octet| *octet == b' ');
    let process = words.next().filter(|word| word.iter().all(u8::is_ascii_digit))?;
    let (address, port) = end(words.next()?)?;
    let server = Fact::ServerAddress { address, port };
    let (address, port) = end(words.next()?)?;
    Some((process, server, Fact::ClientAddress { address, port }))
}

/// Address and port of `host:address:port`; a name may stand behind the address.
fn end(word: &[u8]) -> Option<(Vec<u8>, Option<u16>)> {
    let mut parts = word.split(|octet| *octet == b':').skip(1);
    let address = parts.next().filter(|address| is_address(address))?;
    Some((address.to_vec(), parts.last().and_then(prompt::port_number)))
}

#[cfg(test)]
mod tests {
    use super::{
        super::shown::{check, evident},
        *,
    };

    #[test]
    fn reads_all_prefixes() {
        check(
            &DIALECT,
            "tcpserver: ok 18639 mx.example:192.0.2.25:25 :198.51.100.7::40052\n\
             18639 > 220 mx.example ESMTP\n\
             @400000005f2c1a2b1c3d4e5f 18640 < EHLO client.example\n\
             recordio: pid 18639: host:192.0.2.7 > 250-PIPELINING? \n\
             18639 > 250 HE+\n\
             18639 > LP\r \n\
             18639 < [EOF]\n\
             18639 + 220",
            "[18639] * = ServerAddress { address: '192.0.2.25', port: Some(25) }
             [18639] * = ClientAddress { address: '198.51.100.7', port: Some(40052) }
             [18639] 2 220 mx.example ESMTP
             [18640] 1 EHLO client.example
             [18639] 2 250-PIPELINING
             [18639] 2 250 HE
             [18639] 2+LP
             [18639] * = Closed(Client)
             ? 18639 + 220",
        );
        evident(&DIALECT, "18639 < QUIT", true);
        evident(&DIALECT, "18639 > QUIT", false);
        evident(&DIALECT, "2 < 250", false);
    }
}
