//! `MXToolbox`'s SMTP test: lines without marks, the time of each reply in brackets behind it.
//!
//! ```text
//! Connecting to 192.0.2.1
//!
//! 220 mx.example.net ESMTP [688 ms]
//! EHLO keeper-us-east-1d.mxtoolbox.com
//! 250-mx.example.net
//! 250 SIZE 10240000 [703 ms]
//!
//! LookupServer 1240ms
//! ```
//!
//! Traps: copies lose line breaks: a command stands behind the time of the reply before it, the lines
//! of a reply behind each other. From public reports.

use super::{
    Custom, Dialect, Reading, Record, Say, Times, Unmarked,
    reply_rows::{begins_with_verb, code, goes_on},
};
use crate::transcript::{ClosedBy, Fact, Mark};

pub(super) static DIALECT: Dialect = Dialect {
    name: "mxtoolbox",
    about: "MXToolbox's SMTP test",
    client: "",
    server: "",
    key: "",
    times: Times::Never,
    record: Record::DIALOGUE,
    unmarked: Unmarked::Both,
    custom: Custom::FirstIsClient,
    hints: &[" ms]", "LookupServer ", "mxtoolbox"],
    evidence: |line| timed(line).is_some() || is_end(line),
    reader: || Box::new(read),
};

fn read(line: &[u8], say: Say<'_>) -> bool {
    let text = line.trim_ascii();
    if let Some(address) = text.strip_prefix(b"Connecting to ") {
        let address = address.trim_ascii_end();
        if address.is_empty()
            || !address.iter().all(|octet| octet.is_ascii_hexdigit() || b".:".contains(octet))
        {
            return false;
        }
        say(Reading::tells(line, Fact::Opening));
        let fact = Fact::ServerAddress { address: address.to_vec(), port: None };
        say(Reading::tells(line.get(..0).unwrap_or_default(), fact));
        return true;
    }
    if is_end(text) {
        say(Reading::tells(line, Fact::Closed(ClosedBy::Unknown)));
        return true;
    }
    if text.starts_with(b"Timeout occurred due to inactivity") {
        say(Reading::tells(line, Fact::TimedOut));
        return true;
    }
    if timed(text).is_none() && !is_joined(text) {
        return false;
    }
    let mut rest = text;
    while let Some((end, next)) = timed(rest) {
        pieces(rest.get(..end).unwrap_or_default(), say);
        rest = rest.get(next..).unwrap_or_default().trim_ascii_start();
    }
    pieces(rest, say);
    true
}

/// Where the time ` [129 ms]` begins and ends.
fn timed(text: &[u8]) -> Option<(usize, usize)> {
    memchr::memchr_iter(b'[', text).find_map(|open| {
        let rest = text.get(open + 1..)?;
        let digits = rest.iter().take_while(|octet| octet.is_ascii_digit()).count();
        let closes = digits > 0 && rest.get(digits..)?.starts_with(b" ms]");
        closes.then_some((open, open + 1 + digits + 4))
    })
}

/// `LookupServer 1240ms`
fn is_end(text: &[u8]) -> bool {
    text.strip_prefix(b"LookupServer ").is_some_and(|rest| rest.ends_with(b"ms"))
}

/// A command with its reply behind it, or lines of a reply behind each other.
fn is_joined(text: &[u8]) -> bool {
    next_piece(text).is_some_and(|(_, rest)| !rest.is_empty())
        && (code(text).is_some() || begins_with_verb(text))
}

/// Says the commands and the lines of replies that stand behind each other.
fn pieces(text: &[u8], say: Say<'_>) {
    let mut rest = text.trim_ascii();
    while let Some((piece, behind)) = next_piece(rest) {
        let piece = piece.trim_ascii_end();
        if !piece.is_empty() {
            say(Reading::said(Mark::Unmarked, piece));
        }
        rest = behind;
    }
}

/// The first line of a text and what is behind it.
///
/// Behind a line `NNN-…` the next one begins with the same code; behind a command its reply begins.
fn next_piece(text: &[u8]) -> Option<(&[u8], &[u8])> {
    if text.is_empty() {
        return None;
    }
    let own = code(text);
    let split = memchr::memchr_iter(b' ', text).find(|at| {
        let behind = text.get(at + 1..).unwrap_or_default();
        let next = code(behind).filter(|_| behind.len() > 3);
        match own {
            Some(_) => next == own && goes_on(text),
            None => next.is_some() && begins_with_verb(text),
        }
    });
    match split {
        Some(at) => Some((text.get(..at)?, text.get(at + 1..)?)),
        None => Some((text, b"")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dialect::spoken::told;

    #[test]
    fn joined_lines_are_taken_apart() {
        for (record, want) in [
            (
                "220 mx ESMTP [688 ms] EHLO keeper.mxtoolbox.com",
                "?:220 mx ESMTP ?:EHLO keeper.mxtoolbox.com",
            ),
            (
                "250-mx Hello [192.0.2.1] 250-SIZE 157286400 250 HELP [129 ms]",
                "?:250-mx Hello [192.0.2.1] ?:250-SIZE 157286400 ?:250 HELP",
            ),
            (
                "220 mx [1 ms] EHLO k 250-mx 250 HELP [2 ms] MAIL FROM:<a@b> 250 2.1.0 Ok [3 ms]",
                "?:220 mx ?:EHLO k ?:250-mx ?:250 HELP ?:MAIL FROM:<a@b> ?:250 2.1.0 Ok",
            ),
            (
                "Connecting to 192.0.2.1\n\n454 4.7.1 <x>: Relay access denied [9 ms]\n\nLookupServer 7953ms",
                "Opening ServerAddress ?:454 4.7.1 <x>: Relay access denied Closed",
            ),
        ] {
            assert_eq!(told(&DIALECT, record, true), want, "{record}");
        }
    }
}
