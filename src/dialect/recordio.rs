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
    Custom, Dialect, Reading, Say, Unmarked,
    reply_rows::{begins_with_verb, code},
    time,
};
use crate::transcript::{ClosedBy, Fact, Mark, Moment};

pub(super) static DIALECT: Dialect = Dialect {
    name: "recordio",
    about: "recordio of ucspi-tcp, around an SMTP server",
    client: "pid < ",
    server: "pid > ",
    key: "process id",
    times: "sometimes",
    unmarked: Unmarked::Neither,
    custom: Custom::FirstIsClient,
    hints: &[" > ", " < "],
    evidence: |line| {
        Line::of(line).is_some_and(|line| {
            if line.written { code(line.text).is_some() } else { begins_with_verb(line.text) }
        })
    },
    reader: || Box::new(read),
};

struct Line<'l> {
    at: Option<Moment>,
    process: &'l [u8],
    written: bool,
    text: &'l [u8],
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
        let mut text = rest.get(2..)?;
        if logged.is_some() {
            text = text.trim_ascii_end();
            text = text.strip_suffix(b"?").unwrap_or(text);
        }
        Some(Self { at, process, written: rest.first() == Some(&b'>'), text })
    }
}

fn read(line: &[u8], say: Say<'_>) -> bool {
    let Some(line) = Line::of(line) else { return false };
    let mark = if line.written { Mark::Second } else { Mark::First };
    let reading = if line.text == b"[EOF]" {
        let by = if line.written { ClosedBy::Server } else { ClosedBy::Client };
        Reading::tells(line.text, Fact::Closed(by))
    } else {
        Reading::said(mark, line.text)
    };
    say(reading.at(line.at).of(line.process));
    true
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
            "18639 > 220 mx.example ESMTP\n\
             @400000005f2c1a2b1c3d4e5f 18640 < EHLO client.example\n\
             recordio: pid 18639: host:192.0.2.7 > 250-PIPELINING? \n\
             18639 < [EOF]\n\
             18639 + 220",
            "[18639] 2 220 mx.example ESMTP
             [18640] 1 EHLO client.example
             [18639] 2 250-PIPELINING
             [18639] * = Closed(Client)
             ? 18639 + 220",
        );
        evident(&DIALECT, "18639 < QUIT", true);
        evident(&DIALECT, "18639 > QUIT", false);
        evident(&DIALECT, "2 < 250", false);
    }
}
