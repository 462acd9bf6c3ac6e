//! `socat -v` and `socat -x`: a header for each block with its length, then the block.
//!
//! ```text
//! < 2026/11/23 10:33:09.000667264  length=41 from=0 to=40
//! 220 mx.example.net ESMTP ready\r
//! > 2026/11/23 10:33:09.000961366  length=8 from=0 to=7
//! EHLO x\r
//! ```
//!
//! `>` goes from socat's first address to its second. Traps: the digits behind the point are
//! microseconds, padded to nine; CR shows as `\r` at the line's end and is counted before `crnl` turns LF into it;
//! where both outputs share a file each line of the server comes twice, once without its header;
//! connections that `fork` interleaves cannot be told apart. From recordings of socat 1.7.4.

use super::{
    Custom, Dialect, Reader, Reading, Record, Say, Times, Unmarked,
    chunk::Chunk,
    escape,
    octets::{self, Wire},
    time,
};
use crate::transcript::{ClosedBy, ConnectFailure, Ending, Fact, Mark, Moment};

pub(super) static DIALECT: Dialect = Dialect {
    name: "socat-v",
    about: "socat -v or -x: each block with its time, its length and its text or octets",
    client: "> date time length=… from=… to=…",
    server: "< date time length=… from=… to=…",
    key: "",
    times: Times::Always,
    record: Record { announces: true, ..Record::DIALOGUE },
    unmarked: Unmarked::Neither,
    custom: Custom::FirstIsClient,
    hints: &["  length="],
    evidence: |line| header(line).is_some(),
    reader: || Box::new(Socat::default()),
};

#[derive(Debug, Default)]
struct Socat {
    block: Option<Block>,
    wires: [Wire; 2],
}

#[derive(Debug)]
struct Block {
    mark: Mark,
    at: Option<Moment>,
    chunk: Chunk,
    /// The lines of the block, without their endings, or its octets: they may come again from the other output.
    said: Vec<u8>,
    /// Rows of octets were seen: what else comes is the same as text.
    octets: bool,
}

impl Reader for Socat {
    fn read(&mut self, line: &[u8], say: Say<'_>) -> bool {
        let over =
            self.block.as_ref().is_none_or(|block| block.octets || block.chunk.may_be_over());
        if let Some((mark, at, octets)) = header(line).filter(|_| over) {
            if let Some(block) = self.block.take().filter(|block| block.mark != mark) {
                self.flush(block.mark, line, say);
            }
            let chunk = Chunk::new(octets);
            self.block = Some(Block { mark, at, chunk, said: Vec::new(), octets: false });
            say(Reading::remark(line).at(at));
            return true;
        }
        if let Some(fact) = diagnostic(line) {
            say(Reading { fact, ..Reading::remark(line) });
            return true;
        }
        let Self { block: Some(block), wires: [first, second] } = self else { return false };
        let wire = if block.mark == Mark::Second { second } else { first };
        let (mark, at) = (block.mark, block.at);
        if let Some(octets) = line.strip_prefix(b" ").and_then(octets::pairs) {
            block.octets = true;
            block.said.extend_from_slice(&octets);
            wire.feed(&octets, mark, line, &|reading| reading.at(at), say);
            return true;
        }
        if let Some(octets) = row_with_text(line) {
            block.octets = true;
            block.said.extend_from_slice(&octets);
            wire.feed(&octets, mark, line, &|reading| reading.at(at), say);
            return true;
        }
        if block.octets {
            // `-v -x` shows each block in both ways.
            let shown = escape::backslash(line);
            if !matches!(line, b"" | b"--") && memchr::memmem::find(&block.said, &shown).is_none() {
                return false;
            }
            say(Reading::remark(line).at(at));
            return true;
        }
        let whole = escape::backslash(line);
        let (text, carriage) = match whole.strip_suffix(b"\r") {
            Some(text) => (text, true),
            None => (&*whole, false),
        };
        if block.chunk.may_be_over() {
            // The same again from the other output; or nothing of socat's.
            let known = block
                .said
                .split(|octet| *octet == b'\n')
                .any(|said| said == text && !said.is_empty());
            if known {
                say(Reading::remark(line).at(at));
            }
            return known;
        }
        let ending = Some(Ending::Shown(carriage));
        block.said.extend_from_slice(text);
        block.said.push(b'\n');
        block.chunk.count_exactly(whole.len() + 1);
        wire.hold(text);
        if !block.chunk.last_is_open(true) {
            let reading = Reading::unescaped(mark, wire.take(), line);
            say(Reading { ending, ..reading }.at(at));
        }
        true
    }

    fn finish(&mut self, say: Say<'_>) {
        for mark in [Mark::First, Mark::Second] {
            self.flush(mark, b"", say);
        }
    }
}

impl Socat {
    fn flush(&mut self, mark: Mark, line: &[u8], say: Say<'_>) {
        let [first, second] = &mut self.wires;
        let wire = if mark == Mark::Second { second } else { first };
        wire.flush(mark, line.get(..0).unwrap_or_default(), &|reading| reading, say);
    }
}

/// Direction, time and length of a block.
fn header(line: &[u8]) -> Option<(Mark, Option<Moment>, usize)> {
    let (mark, rest) = match line {
        [b'>', b' ', rest @ ..] => (Mark::First, rest),
        [b'<', b' ', rest @ ..] => (Mark::Second, rest),
        _ => return None,
    };
    let (moment, rest) = time::iso(rest.get(..19)?).map(|(moment, _)| (moment, rest.get(19..)))?;
    let rest = rest?.strip_prefix(b".")?;
    let digits = rest.iter().take_while(|octet| octet.is_ascii_digit()).count();
    let fraction: i64 = std::str::from_utf8(rest.get(..digits)?).ok()?.parse().ok()?;
    let length = rest.get(digits..)?.trim_ascii_start().strip_prefix(b"length=")?;
    let digits = length.iter().take_while(|octet| octet.is_ascii_digit()).count();
    let octets = std::str::from_utf8(length.get(..digits)?).ok()?.parse().ok()?;
    length.get(digits..)?.starts_with(b" from=").then_some(())?;
    let at = Moment { micros: moment.micros + fraction.min(999_999), ..moment };
    Some((mark, Some(at), octets))
}

/// ` 32 32 30 20 …  220 `: sixteen octets a row, then the same as text.
fn row_with_text(line: &[u8]) -> Option<Vec<u8>> {
    let gap = line.first() == Some(&b' ') && line.get(48..50) == Some(b"  ");
    let octets = gap.then(|| octets::row(line.get(1..48).unwrap_or_default()))?;
    (!octets.is_empty()).then_some(octets)
}

/// `2026/11/23 10:33:10 socat[6849] N opening connection to …`: what it tells.
#[expect(clippy::option_option, reason = "not of socat, or of socat and telling nothing")]
fn diagnostic(line: &[u8]) -> Option<Option<Fact>> {
    let (_, rest) = time::iso(line)?;
    let rest = rest.trim_ascii_start().strip_prefix(b"socat[")?;
    let text = rest.get(memchr::memchr(b']', rest)? + 1..)?.trim_ascii_start();
    let has = |words: &[u8]| memchr::memmem::find(text, words).is_some();
    let (level, text) = text.split_at_checked(2)?;
    let address = |text: &[u8]| {
        let colon = memchr::memrchr(b':', text)?;
        let (host, port) = text.split_at_checked(colon)?;
        Some((host.to_vec(), super::prompt::port_number(port.get(1..)?)))
    };
    let after = |words: &[u8]| {
        let at = memchr::memmem::find(text, words)? + words.len();
        let rest = text.get(at..)?;
        Some(rest.strip_prefix(b"AF=2 ").or(rest.strip_prefix(b"AF=10 ")).unwrap_or(rest))
    };
    Some(if let Some((address, port)) = after(b"opening connection to ").and_then(address) {
        Some(Fact::ServerAddress { address, port })
    } else if let Some((address, port)) = after(b"connected from local address ").and_then(address)
    {
        Some(Fact::ClientAddress { address, port })
    } else if has(b"starting data transfer loop") {
        Some(Fact::Opened)
    } else if has(b"exiting with status") {
        Some(Fact::Closed(ClosedBy::Unknown))
    } else if level == b"E " && has(b"connect(") {
        Some(Fact::ConnectFailed(if has(b"refused") {
            ConnectFailure::Refused
        } else if has(b"timed out") {
            ConnectFailure::TimedOut
        } else {
            ConnectFailure::Other
        }))
    } else if level == b"E " && (has(b"getaddrinfo") || has(b"not known")) {
        Some(Fact::ConnectFailed(ConnectFailure::NotFound))
    } else if level == b"E " {
        Some(Fact::ToolError(text.to_vec()))
    } else {
        None
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dialect::spoken::{spoken, told};

    #[test]
    fn blocks_are_read() {
        for (record, want) in [
            (
                "< 2026/11/23 10:33:09.000667264  length=8 from=0 to=7\n220 mx\\r\n> 2026/11/23 10:33:09.000961366  length=6 from=0 to=5\nQUIT\\r\n",
                "1:220 mx 0:QUIT",
            ),
            // Both outputs in one file: the server's lines come twice, without CR.
            (
                "< 2026/11/23 10:33:09.000667264  length=7 from=0 to=6\n220 mx\n220 mx\n> 2026/11/23 10:33:09.000961366  length=5 from=0 to=4\nQUIT\\r\n",
                "1:220 mx 0:QUIT",
            ),
            (
                "< 2026/11/23 10:33:11.000883269  length=8 from=0 to=7\n 32 32 30 20 6d 78 0d 0a\n",
                "1:220 mx",
            ),
            (
                "< 2026/11/23 10:33:11.000883269  length=8 from=0 to=7\n 32 32 30 20 6d 78 0d 0a                          220 mx..\n--\n",
                "1:220 mx",
            ),
            // A line that goes on in the next block.
            (
                "> 2026/11/23 10:33:09.000667264  length=2 from=0 to=1\nQU\n> 2026/11/23 10:33:09.000961366  length=4 from=2 to=5\nIT\\r\n",
                "0:QUIT",
            ),
        ] {
            assert_eq!(spoken(&DIALECT, record), want, "{record}");
        }
    }

    #[test]
    fn diagnostics_tell_the_connection() {
        let record = "2026/11/23 10:33:10 socat[6849] N opening connection to AF=2 127.0.0.1:2526\n2026/11/23 10:33:10 socat[6849] E connect(5, AF=2 127.0.0.1:2526, 16): Connection refused\n";
        assert_eq!(told(&DIALECT, record, true), "ServerAddress ConnectFailed");
        let (_, at, octets) =
            header(b"> 2026/11/23 10:33:09.000961366  length=8 from=0 to=7").unwrap();
        assert_eq!((at.unwrap().micros % 1_000_000, octets), (961_366, 8));
    }
}
