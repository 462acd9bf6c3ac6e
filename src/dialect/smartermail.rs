//! `SmarterMail`'s SMTP and delivery logs.
//!
//! ```text
//! [2026.11.23] 10:38:46 [192.0.2.7][42612866] connected at 11/23/2026 10:38:46 AM
//! [2026.11.23] 10:38:46 [192.0.2.7][42612866] rsp: 220 mx.example
//! [2026.11.23] 10:38:46 [192.0.2.7][42612866] cmd: EHLO client.example
//! [2026.11.23] 10:38:46 [192.0.2.7][42612866] rsp: 250-mx.example Hello250-SIZE 31457280250 OK
//! [2026.11.23] 10:38:47 [45678] CMD: MAIL FROM:<a@mx.example>
//! ```
//!
//! Traps: the lines of a reply stand in one row with nothing between them. In the delivery log the words
//! are in capitals and the session is a message. No recording of it was at hand: from descriptions.

use super::{Custom, Dialect, Reading, Record, Say, Times, Unmarked, reply_rows::glued, time};
use crate::transcript::{ClosedBy, Fact, Mark, Moment};

pub(super) static DIALECT: Dialect = Dialect {
    name: "smartermail",
    about: "SmarterMail's SMTP and delivery logs",
    client: "cmd: ",
    server: "rsp: ",
    key: "[address][session]",
    times: Times::Always,
    record: Record::DIALOGUE,
    unmarked: Unmarked::Neither,
    custom: Custom::FirstIsClient,
    hints: &["] cmd: ", "] rsp: ", "] CMD: ", "] RSP: "],
    evidence: |line| Line::of(line).is_some_and(|line| said(line.text).is_some()),
    reader: || Box::new(read),
};

struct Line<'l> {
    at: Moment,
    key: &'l [u8],
    text: &'l [u8],
}

impl<'l> Line<'l> {
    fn of(line: &'l [u8]) -> Option<Self> {
        let (at, rest) = if let Some(rest) = line.strip_prefix(b"[") {
            // The date's bracket closes before the time: `[2026.11.23] 10:38:46`.
            let (date, rest) = rest.split_at_checked(10)?;
            let rest = rest.strip_prefix(b"] ")?;
            let (clock, after) = time::clock(rest)?;
            (dated(date, clock).unwrap_or(clock), after)
        } else {
            time::clock(line)?
        };
        let rest = rest.strip_prefix(b" ")?;
        let close = memchr::memmem::find(rest, b"] ")?;
        let key = rest.get(..=close)?;
        let text = rest.get(close + 2..)?;
        (key.first() == Some(&b'[')).then_some(Self { at, key, text })
    }
}

/// The time on a day, `2026.11.23`.
fn dated(date: &[u8], clock: Moment) -> Option<Moment> {
    let mut numbers = date
        .split(|octet| *octet == b'.')
        .map(|part| std::str::from_utf8(part).ok().and_then(|part| part.parse::<i64>().ok()));
    let (year, month, day) = (numbers.next()??, numbers.next()??, numbers.next()??);
    let micros = time::days(year, month, day)? * 86_400_000_000 + clock.micros;
    Some(Moment { micros, dated: true, zoned: false })
}

fn said(text: &[u8]) -> Option<(Mark, &[u8])> {
    let (word, rest) = text.split_at_checked(4)?;
    let mark = match word {
        b"cmd:" | b"CMD:" => Mark::First,
        b"rsp:" | b"RSP:" => Mark::Second,
        _ => return None,
    };
    Some((mark, rest.strip_prefix(b" ").unwrap_or(rest)))
}

fn read(line: &[u8], say: Say<'_>) -> bool {
    let Some(Line { at, key, text }) = Line::of(line) else { return false };
    match said(text) {
        Some((Mark::Second, row)) => {
            for line in glued(row) {
                let hidden = line.starts_with(b"354").then_some(Fact::BodyHidden(None));
                let reading = Reading { fact: hidden, ..Reading::said(Mark::Second, line) };
                say(reading.at(Some(at)).of(key));
            }
        }
        Some((mark, text)) => say(Reading::said(mark, text).at(Some(at)).of(key)),
        None if text.starts_with(b"connected at ") => {
            say(Reading::tells(text, Fact::Opening).at(Some(at)).of(key));
            let end = memchr::memchr(b']', key).unwrap_or(key.len());
            if let Some(address) = key.get(1..end) {
                let fact = Fact::ClientAddress { address: address.to_vec(), port: None };
                say(Reading::tells(b"", fact).of(key));
            }
        }
        None if text.starts_with(b"disconnected at ") => {
            let fact = Fact::Closed(ClosedBy::Unknown);
            say(Reading::tells(text, fact).at(Some(at)).of(key));
        }
        None => {}
    }
    true
}

#[cfg(test)]
mod tests {
    use super::{
        super::shown::{check, evident},
        *,
    };

    #[test]
    fn takes_glued_replies_apart() {
        check(
            &DIALECT,
            "[2026.11.23] 10:38:46 [192.0.2.7][426] connected at 11/23/2026 10:38:46 AM\n\
             [2026.11.23] 10:38:46 [192.0.2.7][426] rsp: 220 mx.example\n\
             10:38:46.123 [192.0.2.7][426] cmd: EHLO client.example\n\
             [2026.11.23] 10:38:46 [192.0.2.7][426] rsp: 250-mx Hello [192.0.2.7]250-SIZE 31457280250-AUTH LOGIN CRAM-MD5250 OK\n\
             [2026.11.23] 10:38:46 [45678] RSP: 354 go\n\
             [2026.11.23] 10:38:46 [192.0.2.7][426] Authenticating as x\n\
             [2026.11.23] 10:38:46 [192.0.2.7][426] disconnected at 11/23/2026 10:38:46 AM\n\
             [2026.11.23] hello",
            "[[192.0.2.7][426]] * = Opening
             [[192.0.2.7][426]] * = ClientAddress { address: '192.0.2.7', port: None }
             [[192.0.2.7][426]] 2 220 mx.example
             [[192.0.2.7][426]] 1 EHLO client.example
             [[192.0.2.7][426]] 2 250-mx Hello [192.0.2.7]
             [[192.0.2.7][426]] 2 250-SIZE 31457280
             [[192.0.2.7][426]] 2 250-AUTH LOGIN CRAM-MD5
             [[192.0.2.7][426]] 2 250 OK
             [[45678]] 2 354 go = BodyHidden(None)
             [[192.0.2.7][426]] * = Closed(Unknown)
             ? [2026.11.23] hello",
        );
        evident(&DIALECT, "10:38:46 [192.0.2.7][1] cmd: QUIT", true);
        evident(&DIALECT, "[x] cmd: QUIT", false);
    }

    #[test]
    fn puts_date_and_time_together() {
        let line = Line::of(b"[2026.11.23] 10:38:46 [1] CMD: QUIT").unwrap();
        assert_eq!(line.at, time::iso(b"2026-11-23 10:38:46").unwrap().0);
    }
}
