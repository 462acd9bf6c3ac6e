//! Postal's SMTP server's log.
//!
//! ```text
//! [smtp.1:24380] [2026-11-23T19:06:43.431] DEBUG -- : [QZXWRG] Connection opened from 192.0.2.7
//! [smtp.1:24380] [2026-11-23T19:06:43.431] DEBUG -- : [QZXWRG] => 220 mx.example ESMTP Postal
//! [smtp.1:24380] [2026-11-23T19:06:43.502] DEBUG -- : [QZXWRG] <= EHLO client.example
//! ```
//!
//! Traps: `=>` is the reply; colours stand around the text; only the beginning of a message is shown, and
//! neither its end nor its dot; passwords are `[redacted]`. From its `client.rb` and records that people
//! published.

use super::{Custom, Dialect, Reading, Record, Say, Times, Unmarked, time};
use crate::transcript::{ClosedBy, Fact, Mark};

pub(super) static DIALECT: Dialect = Dialect {
    name: "postal",
    about: "Postal's SMTP server's log",
    client: "[id] <= ",
    server: "[id] => ",
    key: "id",
    times: Times::Always,
    record: Record::DIALOGUE,
    unmarked: Unmarked::Neither,
    custom: Custom::FirstIsClient,
    hints: &["] => ", "] <= ", "m=> ", "m<= "],
    evidence: |line| session(line).is_some_and(|(_, text)| said(text).is_some()),
    reader: || Box::new(read),
};

/// The key of `[QZXWRG] `, and the text behind it without colours.
fn session(line: &[u8]) -> Option<(&[u8], &[u8])> {
    let mut from = 0;
    loop {
        let open = from + memchr::memchr(b'[', line.get(from..)?)?;
        let inner = line.get(open + 1..)?;
        let key = inner.get(..6)?;
        let upper = |octet: &u8| octet.is_ascii_uppercase() || octet.is_ascii_digit();
        if inner.get(6..8) == Some(b"] ") && key.iter().all(upper) {
            return Some((key, plain(inner.get(8..)?)));
        }
        from = open + 1;
    }
}

/// Takes colours off both ends of a text, and spaces off its front.
fn plain(text: &[u8]) -> &[u8] {
    let mut text = text.trim_ascii_start();
    while let Some(rest) = text.strip_prefix(b"\x1b[") {
        let Some(end) = memchr::memchr(b'm', rest) else { break };
        text = rest.get(end + 1..).unwrap_or_default().trim_ascii_start();
    }
    while let Some(start) = memchr::memrchr(b'\x1b', text)
        && text.ends_with(b"m")
        && text.get(start..).is_some_and(|colour| colour.len() <= 8)
    {
        text = text.get(..start).unwrap_or(text);
    }
    text
}

fn said(text: &[u8]) -> Option<(Mark, &[u8])> {
    let (arrow, rest) = text.split_at_checked(2)?;
    let mark = match arrow {
        b"<=" => Mark::First,
        b"=>" => Mark::Second,
        _ => return None,
    };
    Some((mark, rest.strip_prefix(b" ").unwrap_or(rest)))
}

fn read(line: &[u8], say: Say<'_>) -> bool {
    let Some((key, text)) = session(line) else { return false };
    let at = memchr::memmem::find(line, b"] [")
        .and_then(|at| time::iso(line.get(at + 3..)?))
        .or_else(|| time::iso(line.strip_prefix(b"[").unwrap_or(line)))
        .map(|(at, _)| at);
    if let Some((mark, text)) = said(text) {
        say(Reading::said(mark, text).at(at).of(key));
        return true;
    }
    let address = |words: &str| {
        let rest = text.strip_prefix(words.as_bytes())?;
        Some(rest.split(|octet| *octet == b' ').next().unwrap_or(rest).to_vec())
    };
    if let Some(address) = address("Connection opened from ") {
        say(Reading::tells(text, Fact::Opening).at(at).of(key));
        say(Reading::tells(b"", Fact::ClientAddress { address, port: None }).of(key));
        return true;
    }
    let fact = if let Some(address) = address("Client identified as ") {
        Fact::ClientAddress { address, port: None }
    } else if text.starts_with(b"Not logging further message data") {
        Fact::BodyHidden(None)
    } else if text.starts_with(b"Connection closed") {
        Fact::Closed(ClosedBy::Unknown)
    } else {
        return true;
    };
    say(Reading::tells(text, fact).at(at).of(key));
    true
}

#[cfg(test)]
mod tests {
    use super::{
        super::shown::{check, evident},
        *,
    };

    #[test]
    fn reads_coloured_lines() {
        check(
            &DIALECT,
            "[smtp.1:24380] [2026-11-23T19:06:43.431] DEBUG -- : [QZXWRG] Connection opened from 192.0.2.7\n\
             [smtp.1:24380] [2026-11-23T19:06:43.431] DEBUG -- : [QZXWRG] => 220 mx.example\n\
             [smtp.1:24380] [2026-11-23T19:06:43.431] DEBUG -- : [QZXWRG] \x1b[32m<= EHLO x\x1b[0m\n\
             [smtp.1:24380] [2026-11-23T19:06:43.431] DEBUG -- : [QZXWRG]    Not logging further message data.\n\
             [smtp.1:24380] [2026-11-23T19:06:43.431] DEBUG -- : [QZXWRG] Connection closed\n\
             [smtp.1:24380] hello",
            "[QZXWRG] * = Opening
             [QZXWRG] * = ClientAddress { address: '192.0.2.7', port: None }
             [QZXWRG] 2 220 mx.example
             [QZXWRG] 1 EHLO x
             [QZXWRG] * = BodyHidden(None)
             [QZXWRG] * = Closed(Unknown)
             ? [smtp.1:24380] hello",
        );
        evident(&DIALECT, "[QZXWRG] => 502 no", true);
        evident(&DIALECT, "[QZXWRG] x => y", false);
    }
}
