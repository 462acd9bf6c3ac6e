//! A packet list: `tshark` without options, or Wireshark's export of the list as text.
//!
//! ```text
//!     4   0.001838    192.0.2.2 → 192.0.2.1    SMTP 107 S: 220 mx.example.net ESMTP ready
//!     6   0.001973    192.0.2.1 → 192.0.2.2    SMTP 75 C: EHLO client.example
//!    10   0.044106    192.0.2.2 → 192.0.2.1    SMTP 140 S: 250-SIZE 10485760 | 8BITMIME | HELP
//! ```
//!
//! Traps: all lines of a packet stand in one row, and only the first keeps its code; a reply that several packets
//! bring stands in several rows; rows of SMTP name no ports, so parallel connections of the same hosts
//! cannot be told apart; the message is summarised. Times are seconds since the first packet unless
//! asked otherwise. From recordings of tshark 4.0.

use std::collections::{BTreeMap, VecDeque};

use super::{Custom, Dialect, Reader, Reading, Record, Say, Times, Unmarked, prompt, time};
use crate::transcript::{ClosedBy, Fact, Mark, Moment};

pub(super) static DIALECT: Dialect = Dialect {
    name: "tshark-summary",
    about: "a packet list of tshark or Wireshark: one row a packet",
    client: "C: ",
    server: "S: ",
    key: "the two addresses",
    times: Times::Always,
    record: Record { announces: true, ..Record::DIALOGUE },
    unmarked: Unmarked::Neither,
    custom: Custom::FirstIsClient,
    hints: &[" SMTP "],
    evidence: |line| {
        row(line).is_some_and(|row| row.protocol == b"SMTP" && mark(row.info).is_some())
    },
    reader: || Box::new(Summary::default()),
};

#[derive(Debug, Default)]
struct Summary {
    pairs: BTreeMap<Vec<u8>, Pair>,
}

/// What is known of the two hosts' connection.
#[derive(Debug, Default)]
struct Pair {
    spoke: bool,
    /// How many ends have said that they have no more to send.
    ends: u8,
    /// The server's port, from the rows of TCP.
    port: Option<u16>,
    /// Verbs that wait for their reply.
    asked: VecDeque<Vec<u8>>,
    /// The code of the reply that goes on in the next row.
    goes_on: bool,
    tls: bool,
}

impl Reader for Summary {
    fn read(&mut self, line: &[u8], say: Say<'_>) -> bool {
        let Some(row) = row(line) else { return false };
        let (one, other) = (row.from.min(row.to), row.from.max(row.to));
        let key = [one, b" ", other].concat();
        let info = strip_notes(row.info);
        let Some(pair) = self.pair(&key) else { return false };
        if row.protocol.starts_with(b"TCP") {
            pair.tcp(&row, &key, line, say);
        } else if row.protocol.starts_with(b"TLS") || row.protocol.starts_with(b"SSL") {
            pair.tls(&row, &key, line, say);
        } else if row.protocol.starts_with(b"SMTP") && info.again {
            say(Reading::remark(line).at(row.at).of(&key));
        } else if row.protocol.starts_with(b"SMTP") {
            pair.smtp(&row, info.text, &key, line, say);
        } else {
            return false;
        }
        true
    }
}

/// How many pairs of hosts are kept apart.
const MOST: usize = 65_536;

impl Summary {
    fn pair(&mut self, key: &[u8]) -> Option<&mut Pair> {
        if self.pairs.len() >= MOST && !self.pairs.contains_key(key) {
            return None;
        }
        Some(self.pairs.entry(key.to_vec()).or_default())
    }
}

impl Pair {
    fn tcp(&mut self, row: &Row<'_>, key: &[u8], line: &[u8], say: Say<'_>) {
        let has = |flags: &[u8]| memchr::memmem::find(row.info, flags).is_some();
        let fact = if has(b"[SYN]") && (!self.spoke || self.ends > 0) {
            *self = Self { port: destination(row.info), ..Self::default() };
            Some(Fact::Opening)
        } else if self.spoke && has(b"[RST") {
            self.ends = 2;
            Some(Fact::Closed(ClosedBy::Unknown))
        } else if self.spoke && has(b"[FIN") {
            self.ends += 1;
            (self.ends == 2).then_some(Fact::Closed(ClosedBy::Unknown))
        } else {
            None
        };
        // Rows of other connections are not kept with this one.
        if self.spoke || fact.is_some() {
            say(Reading { fact, ..Reading::remark(line).at(row.at) }.of(key));
        }
        if self.ends > 1 {
            *self = Self::default();
        }
    }

    fn tls(&mut self, row: &Row<'_>, key: &[u8], line: &[u8], say: Say<'_>) {
        if !self.spoke {
            return;
        }
        let fact = (!std::mem::replace(&mut self.tls, true)).then(|| {
            let version = row.protocol.strip_prefix(b"TLSv").map(|_| row.protocol.to_vec());
            Fact::TlsStarted { version, cipher: None }
        });
        say(Reading { fact, ..Reading::remark(line).at(row.at) }.of(key));
    }

    fn smtp(&mut self, row: &Row<'_>, info: &[u8], key: &[u8], line: &[u8], say: Say<'_>) {
        let at = row.at;
        let Some((mark, text)) = mark(info) else {
            // `SMTP/IMF … subject: hi, , body`
            say(Reading::tells(line, Fact::BodyHidden(None)).at(at).of(key));
            return;
        };
        if !self.spoke {
            self.spoke = true;
            let (client, server) =
                if mark == Mark::Second { (row.to, row.from) } else { (row.from, row.to) };
            let client = Fact::ClientAddress { address: client.to_vec(), port: None };
            let server = Fact::ServerAddress { address: server.to_vec(), port: self.port };
            say(Reading::tells(line, client).at(at).of(key));
            say(Reading::tells(line.get(..0).unwrap_or_default(), server).at(at).of(key));
        }
        if let Some(rest) = text.strip_prefix(b"DATA fragment, ") {
            let octets = rest.split(|octet| *octet == b' ').next().and_then(number);
            say(Reading::tells(line, Fact::BodyHidden(octets)).at(at).of(key));
            return;
        }
        if mark == Mark::Second {
            self.replies(text, at, key, say);
            return;
        }
        for part in parts(text) {
            let part = part.strip_prefix(b"User: ").unwrap_or(part);
            let part = part.strip_prefix(b"Pass: ").unwrap_or(part);
            let verb = part.split(|octet| *octet == b' ').next().unwrap_or_default();
            if self.asked.len() < 1000 {
                self.asked.push_back(verb.to_ascii_uppercase());
            }
            say(Reading::said(mark, part).at(at).of(key));
        }
    }

    /// The lines of one packet's replies, with the codes that the row left out.
    fn replies(&mut self, row: &[u8], at: Option<Moment>, key: &[u8], say: Say<'_>) {
        let mut code: Option<&[u8]> = None;
        let mut parts = parts(row).peekable();
        while let Some(part) = parts.next() {
            let own = part.get(..3).filter(|code| {
                code.iter().all(u8::is_ascii_digit)
                    && matches!(part.get(3), None | Some(b' ' | b'-'))
            });
            if let Some(own) = own {
                if !self.goes_on {
                    self.asked.pop_front();
                }
                code = Some(own);
                self.goes_on = part.get(3) == Some(&b'-');
                say(Reading::said(Mark::Second, part).at(at).of(key));
                continue;
            }
            let text = match code.filter(|_| self.goes_on) {
                Some(code) => {
                    self.goes_on = parts.peek().is_some();
                    let sign: &[u8] = if self.goes_on { b"-" } else { b" " };
                    [code, sign, part].concat()
                }
                // The packet holds the reply to the next command, too.
                None => self.next_reply(part),
            };
            say(Reading::unescaped(Mark::Second, text, part).at(at).of(key));
        }
    }

    /// A reply whose code the row left out: as far as its enhanced code and its command tell it.
    fn next_reply(&mut self, text: &[u8]) -> Vec<u8> {
        let asked = self.asked.pop_front();
        let class = match text {
            [class @ (b'2' | b'4' | b'5'), b'.', b'0'..=b'9', ..] => Some(*class),
            _ => None,
        };
        let code: &[u8] = match (class, asked.as_deref()) {
            (Some(b'4'), _) => b"450 ",
            (Some(b'5'), _) => b"550 ",
            (_, Some(b"DATA")) => b"354 ",
            (_, Some(b"QUIT")) => b"221 ",
            (Some(_), _) | (None, Some(b"MAIL" | b"RCPT" | b"RSET" | b"NOOP")) => b"250 ",
            (None, _) => b"",
        };
        [code, text].concat()
    }
}

/// The parts of a row that stand between ` | `.
fn parts(text: &[u8]) -> impl Iterator<Item = &[u8]> {
    let mut rest = Some(text);
    std::iter::from_fn(move || {
        let text = rest?;
        match memchr::memmem::find(text, b" | ") {
            Some(at) => {
                rest = text.get(at + 3..);
                text.get(..at)
            }
            None => rest.take(),
        }
    })
}

fn mark(info: &[u8]) -> Option<(Mark, &[u8])> {
    match info {
        [b'C', b':', b' ', text @ ..] => Some((Mark::First, text)),
        [b'S', b':', b' ', text @ ..] => Some((Mark::Second, text)),
        _ => None,
    }
}

/// What a row says apart from `[TCP Retransmission] ` and its like.
#[derive(Debug)]
struct Info<'l> {
    text: &'l [u8],
    /// The same was said before.
    again: bool,
}

fn strip_notes(info: &[u8]) -> Info<'_> {
    let mut text = info;
    let mut again = false;
    while text.starts_with(b"[TCP ") {
        let Some(end) = memchr::memchr(b']', text) else { break };
        let (note, rest) = text.split_at_checked(end + 1).unwrap_or_default();
        again |= memchr::memmem::find(note, b"Retransmission").is_some();
        text = rest.trim_ascii_start();
    }
    Info { text, again }
}

/// One row of the list.
#[derive(Debug)]
struct Row<'l> {
    at: Option<Moment>,
    from: &'l [u8],
    to: &'l [u8],
    protocol: &'l [u8],
    info: &'l [u8],
}

fn row(line: &[u8]) -> Option<Row<'_>> {
    let mut rest = line.trim_ascii_start();
    if !rest.first()?.is_ascii_digit() {
        return None;
    }
    let mut word = || {
        rest = rest.trim_ascii_start();
        let end = rest.iter().position(|octet| matches!(octet, b' ' | b'\t'))?;
        let (word, after) = rest.split_at_checked(end)?;
        rest = after;
        Some(word)
    };
    number(word()?)?;
    let first = word()?;
    let mut at = seconds(first);
    let mut from = word()?;
    if at.is_none() {
        // `2026-11-23 10:16:44.842214`, or a time of day.
        at = time::clock(first).map(|(at, _)| at);
        if at.is_none() {
            at = time::iso(&[first, b" ", from].concat()).map(|(at, _)| at);
            at?;
            from = word()?;
        }
    }
    let mut to = word()?;
    if matches!(to, b"\xe2\x86\x92" | b"->") {
        to = word()?;
    }
    let protocol = word()?;
    number(word()?)?;
    Some(Row { at, from, to, protocol, info: rest.trim_ascii_start() })
}

/// Seconds with a fraction, counted from the first packet or since 1970.
fn seconds(word: &[u8]) -> Option<Moment> {
    let dot = memchr::memchr(b'.', word)?;
    let plain = word.iter().all(|octet| octet.is_ascii_digit() || *octet == b'.');
    let moment = super::wireshark_follow::epoch(word).filter(|_| plain)?;
    Some(Moment { dated: dot >= 9, zoned: dot >= 9, ..moment })
}

fn number(word: &[u8]) -> Option<u64> {
    std::str::from_utf8(word).ok()?.parse().ok()
}

/// The port behind the arrow in `40052 → 2526 [SYN] …`.
fn destination(info: &[u8]) -> Option<u16> {
    let mut words = info.split(|octet| *octet == b' ').filter(|word| !word.is_empty());
    words.find(|word| matches!(*word, b"\xe2\x86\x92" | b"->" | b">"))?;
    words.next().and_then(prompt::port_number)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dialect::spoken::{spoken, told};

    #[test]
    fn rows_are_read() {
        for (line, want) in [
            ("    4   0.001838    127.0.0.1 → 127.0.0.1    SMTP 107 S: 220 mx", "1:220 mx"),
            ("    4   0.001838    192.0.2.1 -> 192.0.2.2    SMTP 75 C: QUIT", "0:QUIT"),
            (
                "      4 0.001838       192.0.2.1             192.0.2.2             SMTP     75     C: QUIT",
                "0:QUIT",
            ),
            ("    4 2026-11-23 10:16:44.842214 192.0.2.1 → 192.0.2.2 SMTP 75 C: QUIT", "0:QUIT"),
            ("    4 10:16:44.842214 192.0.2.1 → 192.0.2.2 SMTP 75 C: QUIT", "0:QUIT"),
            ("    4 0.1 192.0.2.1 → 192.0.2.2 SMTP 75 [TCP Retransmission] C: QUIT", ""),
        ] {
            assert_eq!(spoken(&DIALECT, line), want, "{line}");
        }
    }

    #[test]
    fn codes_come_back() {
        let pre = "4 0.1 192.0.2.2 → 192.0.2.1 SMTP 75 S: ";
        let pipelined =
            "3 0.1 192.0.2.1 → 192.0.2.2 SMTP 75 C: MAIL FROM:<a@b> | RCPT TO:<c@d> | DATA";
        for (record, want) in [
            (
                format!("{pre}250-SIZE 1 | 8BITMIME | HELP"),
                "1:250-SIZE 1 1:250-8BITMIME 1:250 HELP",
            ),
            (
                format!("{pre}250-SIZE 1 | 250-8BITMIME | 250 HELP"),
                "1:250-SIZE 1 1:250-8BITMIME 1:250 HELP",
            ),
            (
                format!("{pipelined}\n{pre}250 2.1.0 Ok | 2.1.5 Ok | End data"),
                "0:MAIL FROM:<a@b> 0:RCPT TO:<c@d> 0:DATA 1:250 2.1.0 Ok 1:250 2.1.5 Ok 1:354 End data",
            ),
        ] {
            assert_eq!(spoken(&DIALECT, &record), want, "{record}");
        }
    }

    #[test]
    fn connections_open_and_close() {
        let record = "\
1 0.1 192.0.2.1 → 192.0.2.2 TCP 74 40052 → 25 [SYN] Seq=0 Win=65495 Len=0
2 0.2 192.0.2.2 → 192.0.2.1 SMTP 75 S: 220 mx
3 0.3 192.0.2.1 → 192.0.2.2 SMTP 75 C: DATA fragment, 28 bytes
4 0.3 192.0.2.1 → 192.0.2.2 SMTP/IMF 97 subject: hi, , body
5 0.4 192.0.2.2 → 192.0.2.1 TCP 66 25 → 40052 [FIN, ACK] Seq=302
6 0.4 192.0.2.1 → 192.0.2.2 TCP 66 40052 → 25 [FIN, ACK] Seq=97
";
        assert_eq!(
            told(&DIALECT, record, true).replace("192.0.2.1 192.0.2.2/", ""),
            "Opening ClientAddress ServerAddress 1:220 mx BodyHidden BodyHidden Closed"
        );
    }
}
