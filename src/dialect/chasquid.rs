//! chasquid's trace: each reply in one row, with its lines joined.
//!
//! ```text
//! 2026-11-28 17:10:18.150861 . conn.go:178   SMTP.Conn 192.0.2.7:40328: Connected, mode: SMTP
//! 2026-11-28 17:10:18.151830 . conn.go:241   SMTP.Conn 192.0.2.7:40328: -> EHLO client.example
//! 2026-11-28 17:10:18.151856 . conn.go:294   SMTP.Conn 192.0.2.7:40328: <- 250  mx.example.net\nPIPELINING\nHELP\n
//! ```
//!
//! Traps: `->` is what came in; two blanks stand behind a code, and lines after the first have none; the greeting is
//! not logged, nor is the message; `error:` repeats a refusal. The level is a dot or a letter. A courier of the queue
//! writes `SMTP.Courier` with the recipient instead of an address. From recordings of chasquid 1.11 and its source.

use super::{Custom, Dialect, Reading, Record, Say, Times, Unmarked, flow::End, sign, time};
use crate::transcript::{ClosedBy, Fact, Mark, Moment};

pub(super) static DIALECT: Dialect = Dialect {
    name: "chasquid",
    about: "chasquid's trace of its connections",
    client: "SMTP.Conn address: -> ",
    server: "SMTP.Conn address: <- ",
    key: "the client's address and port",
    times: Times::Sometimes,
    record: Record::DIALOGUE,
    unmarked: Unmarked::Neither,
    custom: Custom::FirstIsClient,
    hints: &["SMTP.Conn "],
    evidence: |line| Line::of(line).is_some_and(|line| line.said().is_some()),
    reader: || Box::new(read),
};

struct Line<'l> {
    at: Option<Moment>,
    peer: &'l [u8],
    text: &'l [u8],
}

impl<'l> Line<'l> {
    fn of(line: &'l [u8]) -> Option<Self> {
        let (before, rest) = sign::around(line, "SMTP.Conn ")?;
        let (peer, text) = sign::around(rest, ": ")?;
        End::with_colon(peer)?;
        Some(Self { at: time::iso(before).map(|(at, _)| at), peer, text })
    }

    fn said(&self) -> Option<(Mark, &'l [u8])> {
        match self.text {
            [b'-', b'>', b' ', text @ ..] => Some((Mark::First, text.trim_ascii_end())),
            [b'<', b'-', b' ', text @ ..] => Some((Mark::Second, text)),
            _ => None,
        }
    }
}

fn read(line: &[u8], say: Say<'_>) -> bool {
    let Some(Line { at, peer, text }) = Line::of(line) else { return false };
    let row = Line { at, peer, text };
    match row.said() {
        Some((Mark::Second, reply)) => replied(reply, |reading| say(reading.at(at).of(peer))),
        Some((mark, command)) => say(Reading::said(mark, command).at(at).of(peer)),
        None if text.starts_with(b"Connected, mode: ") => {
            say(Reading::tells(line, Fact::Opening).at(at).of(peer));
            if let Some(End { address, port }) = End::with_colon(peer) {
                let client = Fact::ClientAddress { address: address.to_vec(), port };
                say(Reading::tells(line.get(..0).unwrap_or_default(), client).of(peer));
            }
        }
        None => {
            let fact = (text == b"exit" || text.starts_with(b"exiting with error"))
                .then_some(Fact::Closed(ClosedBy::Unknown));
            say(Reading { fact, ..Reading::remark(line) }.at(at).of(peer));
        }
    }
    true
}

/// `250  mx.example.net\nPIPELINING\nHELP\n`: each line as it went over the wire.
fn replied<'l>(reply: &'l [u8], mut say: impl FnMut(Reading<'l>)) {
    let Some((code, rest)) =
        reply.split_at_checked(3).filter(|(code, _)| code.iter().all(u8::is_ascii_digit))
    else {
        return say(Reading::said(Mark::Second, reply));
    };
    let mut rest = rest.trim_ascii_start();
    rest = rest.strip_suffix(br"\n").unwrap_or(rest);
    let mut end = reply.len() - reply.get(3..).map_or(0, |rest| rest.trim_ascii_start().len());
    loop {
        let (line, next) = match sign::around(rest, r"\n") {
            Some((line, next)) => (line, Some(next)),
            None => (rest, None),
        };
        end += line.len();
        let gap: &[u8] = if next.is_some() { b"-" } else { b" " };
        // The code stands before the first line, for all of them.
        let within = reply.get(..end).unwrap_or(reply);
        say(Reading::unescaped(Mark::Second, [code, gap, line].concat(), within));
        let Some(next) = next else { break };
        rest = next;
        end += 2;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dialect::spoken::told;

    #[test]
    fn replies_get_their_lines_back() {
        let record = r"
2026-11-28 17:10:18.150861 . conn.go:178        SMTP.Conn 192.0.2.7:40328: Connected, mode: SMTP
2026-11-28 17:10:18.151830 . conn.go:241        SMTP.Conn 192.0.2.7:40328: -> EHLO c.example
2026-11-28 17:10:18.151856 . conn.go:294        SMTP.Conn 192.0.2.7:40328: <- 250  mx.example\nPIPELINING\nHELP\n
2026-11-28 17:10:18.156773 . conn.go:496        SPF 192.0.2.7: check example.org 0 0
2026-11-28 17:10:18.157641 . conn.go:294        SMTP.Conn 192.0.2.7:40328: <- 503  5.7.1 Relay not allowed
2026-11-28 17:10:18.157697 _ conn.go:298        SMTP.Conn 192.0.2.7:40328: error: RCPT failed: 503  5.7.1 Relay not allowed
";
        assert_eq!(
            told(&DIALECT, record, true).replace("192.0.2.7:40328/", ""),
            "Opening ClientAddress 0:EHLO c.example 1:250-mx.example 1:250-PIPELINING 1:250 HELP \
             1:503 5.7.1 Relay not allowed \
             -2026-11-28 17:10:18.156773 . conn.go:496        SPF 192.0.2.7: check example.org 0 0"
        );
    }
}
