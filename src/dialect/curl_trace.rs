//! `curl --trace` and `--trace-ascii`: what was sent and received, in rows with offsets.
//!
//! ```text
//! => Send header, 25 bytes (0x19)
//! 0000: EHLO client.example.com
//! <= Recv header, 41 bytes (0x29)
//! 0000: 32 32 30 20 6d 78 2e 65 78 61 6d 70 6c 65 2e 6e 220 mx.example.n
//! ```
//!
//! `--trace-ascii` begins a row at each CR LF and after 64 octets, and shows what is not ASCII as a dot;
//! `--trace` shows 16 octets a row in hexadecimal. Traps: a line of 64 octets and a row of 64 octets look the
//! same until the next offset is seen; `SSL data` blocks are encrypted; the dot that ends the message is
//! in no block in older releases. From curl's `tool_cb_dbg.c` and recordings of 7.88.

use super::{
    Custom, Dialect, Reader, Reading, Record, Say, Times, Unmarked,
    curl_verbose::{Connection, is_about_connection, prefix},
    failure::has,
};
use crate::transcript::{Ending, Mark, Moment};

pub(super) static DIALECT: Dialect = Dialect {
    name: "curl-trace",
    about: "curl --trace and --trace-ascii",
    client: "=> Send header",
    server: "<= Recv header",
    key: "",
    times: Times::Sometimes,
    record: Record { announces: true, ..Record::DIALOGUE },
    unmarked: Unmarked::Neither,
    custom: Custom::FirstIsClient,
    hints: &["=> Send ", "<= Recv ", "== Info: "],
    evidence: |line| {
        let text = prefix(line).1;
        block(text).is_some() || text.strip_prefix(b"== Info: ").is_some_and(is_about_connection)
    },
    reader: || Box::new(CurlTrace::default()),
};

/// How many octets `--trace-ascii` shows in a row.
const WIDTH: usize = 64;

/// The block that a line announces: whose it is, and how many octets it has.
fn block(text: &[u8]) -> Option<(Mark, usize)> {
    let (mark, rest) = match text.split_at_checked(8)? {
        (b"=> Send ", rest) => (Mark::First, rest),
        (b"<= Recv ", rest) => (Mark::Second, rest),
        _ => return None,
    };
    let comma = memchr::memmem::find(rest, b", ")?;
    let (kind, rest) = rest.split_at_checked(comma)?;
    let digits = rest.get(2..)?;
    let end = memchr::memmem::find(digits, b" bytes (0x")?;
    let octets = std::str::from_utf8(digits.get(..end)?).ok()?.parse().ok()?;
    match kind {
        b"header" | b"data" => Some((mark, octets)),
        b"SSL data" => Some((Mark::Tool, octets)),
        _ => None,
    }
}

/// A row: its offset and what stands behind `: `.
fn row(line: &[u8]) -> Option<(usize, &[u8])> {
    let digits = line.iter().take(9).position(|octet| *octet == b':')?;
    let offset = std::str::from_utf8(line.get(..digits).filter(|_| digits >= 4)?).ok()?;
    let rest = line.get(digits + 1..)?;
    let text = rest.strip_prefix(b" ").or_else(|| rest.is_empty().then_some(rest))?;
    Some((usize::from_str_radix(offset, 16).ok()?, text))
}

/// The octets of a row in hexadecimal, and the part of the row that shows them.
fn hexadecimal(text: &[u8]) -> Option<(Vec<u8>, &[u8])> {
    const COLUMNS: usize = 16 * 3;
    let columns = text.get(..COLUMNS.min(text.len()))?;
    let mut octets = Vec::with_capacity(16);
    for column in columns.chunks(3) {
        match column {
            [b' ', ..] => break,
            [high, low, b' '] => {
                let digit = |octet: u8| char::from(octet).to_digit(16);
                octets.push(u8::try_from(digit(*high)? * 16 + digit(*low)?).ok()?);
            }
            _ => return None,
        }
    }
    let shown = columns.trim_ascii_end();
    (!octets.is_empty() && text.len() > COLUMNS).then_some((octets, shown))
}

#[derive(Debug, Default)]
struct CurlTrace {
    connection: Connection,
    /// Whose block it is; [`Mark::Tool`] where it is encrypted.
    mark: Option<Mark>,
    at: Option<Moment>,
    /// How many octets the block has.
    octets: usize,
    /// The block is of the message.
    data: bool,
    /// The part of a line that has come so far, and whose it is.
    begun: Vec<u8>,
    begun_by: Option<Mark>,
    /// Where the next row begins if a full row of the ASCII form goes on.
    goes_on_at: usize,
}

impl Reader for CurlTrace {
    fn read(&mut self, line: &[u8], say: Say<'_>) -> bool {
        let (at, text) = prefix(line);
        if let Some(info) = text.strip_prefix(b"== Info: ") {
            // The dot that ends the message is in no block.
            let message = self.mark == Some(Mark::First) && self.data;
            if message && info.starts_with(b"response reading failed") {
                let nowhere = line.get(..0).unwrap_or_default();
                say(Reading::unescaped(Mark::First, b".".to_vec(), nowhere));
            }
            self.connection.info(info, line, say);
            return true;
        }
        if let Some((mark, octets)) = block(text) {
            if mark != Mark::Tool && self.begun_by.is_some_and(|by| by != mark) {
                self.end_line(line, say);
            }
            (self.mark, self.octets, self.at) = (Some(mark), octets, at);
            self.data = has(text, "Send data");
            self.goes_on_at = usize::MAX;
            say(Reading::remark(line));
            return true;
        }
        let (Some(mark), Some((offset, text))) = (self.mark, row(line)) else { return false };
        if mark == Mark::Tool {
            say(Reading::remark(line));
        } else if let Some((octets, shown)) = hexadecimal(text) {
            self.dumped(mark, &octets, line, shown, say);
        } else {
            self.shown(mark, offset, text, line, say);
        }
        true
    }
}

impl CurlTrace {
    /// A row of the ASCII form.
    fn shown(&mut self, mark: Mark, offset: usize, text: &[u8], line: &[u8], say: Say<'_>) {
        if !self.begun.is_empty() && self.goes_on_at != offset {
            // The row before was a whole line of 64 octets.
            self.end_line(line, say);
        }
        let end = offset + text.len();
        let unsure = text.len() == WIDTH && end + 2 < self.octets;
        let broken = text.len() == WIDTH && end >= self.octets;
        if unsure || broken {
            self.begun.extend_from_slice(text);
            self.begun_by = Some(mark);
            self.goes_on_at = end;
            say(Reading::remark(line));
            return;
        }
        let at = self.at;
        if self.begun.is_empty() {
            say(Reading::said(mark, text).at(at));
        } else {
            self.begun.extend_from_slice(text);
            let whole = std::mem::take(&mut self.begun);
            say(Reading::unescaped(mark, whole, text).at(at));
        }
        self.begun_by = None;
    }

    /// A row of the hexadecimal form.
    fn dumped(&mut self, mark: Mark, octets: &[u8], line: &[u8], shown: &[u8], say: Say<'_>) {
        let mut within = shown;
        let mut rest = octets;
        let mut any = false;
        while let Some(end) = memchr::memchr(b'\n', rest) {
            let (text, tail) = rest.split_at(end);
            self.begun.extend_from_slice(text);
            rest = tail.get(1..).unwrap_or_default();
            let (mine, others) =
                within.split_at_checked((end + 1) * 3 - 1).unwrap_or((within, b""));
            within = others.trim_ascii_start();
            let mut whole = std::mem::take(&mut self.begun);
            let crlf = whole.pop_if(|octet| *octet == b'\r').is_some();
            let ending = Some(Ending::Shown(crlf));
            say(Reading { ending, ..Reading::unescaped(mark, whole, mine) }.at(self.at));
            any = true;
        }
        self.begun.extend_from_slice(rest);
        self.begun_by = (!self.begun.is_empty()).then_some(mark);
        if !any {
            say(Reading::remark(line));
        }
    }

    /// Says what has come of a line whose end was not shown, where `line` proves that it is over.
    fn end_line(&mut self, line: &[u8], say: Say<'_>) {
        let whole = std::mem::take(&mut self.begun);
        if let Some(mark) = self.begun_by.take()
            && !whole.is_empty()
        {
            let nowhere = line.get(..0).unwrap_or_default();
            say(Reading::unescaped(mark, whole, nowhere).at(self.at));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dialect::tests::{read, rows};

    #[test]
    fn ascii_rows_are_lines() {
        let long = "x".repeat(64);
        let lines = [
            "10:33:30.657113 == Info: Connected to mx.example (192.0.2.1) port 25 (#0)".to_owned(),
            "10:33:30.657127 <= Recv header, 41 bytes (0x29)".to_owned(),
            "0000: 220 mx.example.net ESMTP Testserver 1.0".to_owned(),
            "=> Send data, 150 bytes (0x96)".to_owned(),
            format!("0000: {long}"),
            "0040: goes on".to_owned(),
            "0049: ".to_owned(),
            format!("004b: {long}"),
            "008d: end".to_owned(),
        ];
        let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
        assert_eq!(
            rows(&read(&DIALECT, &lines)),
            [
                "T Opened".to_owned(),
                "T Dialled mx.example:25".to_owned(),
                "T ServerAddress 192.0.2.1:25".to_owned(),
                "T".to_owned(),
                "2 220 mx.example.net ESMTP Testserver 1.0".to_owned(),
                "T".to_owned(),
                "T".to_owned(),
                format!("1 {long}goes on"),
                "1 ".to_owned(),
                "T".to_owned(),
                format!("1 {long}"),
                "1 end".to_owned(),
            ]
        );
    }

    #[test]
    fn dumps_are_octets() {
        let lines = [
            "<= Recv header, 27 bytes (0x1b)",
            "0000: 32 35 30 2d 6d 78 0d 0a 32 35 30 20 48 45 4c 50 250-mx..250 HELP",
            "0010: 20 6d 65 0d 0a                                   me..",
            "<= Recv SSL data, 5 bytes (0x5)",
            "0000: 17 03 03 00 13                                  .....",
        ];
        assert_eq!(rows(&read(&DIALECT, &lines)), ["T", "2 250-mx", "2 250 HELP me", "T", "T"]);
    }
}
