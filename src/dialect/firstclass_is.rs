//! `FirstClass` Internet Services' log, where it serves and where it delivers.
//!
//! ```text
//! [11/23/2026 10:13:45] Client-12: Snd: MAIL FROM:<a@client.example>
//! [11/23/2026 10:13:45] Server-13: Rcv: EHLO client.example
//! ```
//!
//! From the vendor's manual.

use super::{Custom, Dialect, Reading, Record, Say, Times, Unmarked, time};
use crate::transcript::{Fact, Mark};

pub(super) static DIALECT: Dialect = Dialect {
    name: "firstclass-is",
    about: "FirstClass Internet Services' log",
    client: "Client-n: Snd:, Server-n: Rcv:",
    server: "Client-n: Rcv:, Server-n: Snd:",
    key: "role and thread",
    times: Times::Always,
    record: Record::DIALOGUE,
    unmarked: Unmarked::Neither,
    custom: Custom::FirstIsClient,
    hints: &["Client-", "Server-"],
    evidence: |line| {
        split(line).is_some_and(|(_, text)| matches!(text.get(..5), Some(b"Snd: " | b"Rcv: ")))
    },
    reader: || Box::new(read),
};

/// The key of `[time] Client-12: `, and what follows.
fn split(line: &[u8]) -> Option<(&[u8], &[u8])> {
    let close = memchr::memchr(b']', line.strip_prefix(b"[")?)? + 1;
    let rest = line.get(close + 1..)?.strip_prefix(b" ")?;
    let colon = memchr::memchr(b':', rest)?;
    let key = rest.get(..colon)?;
    let number = key.strip_prefix(b"Client-").or_else(|| key.strip_prefix(b"Server-"))?;
    let digits = !number.is_empty() && number.iter().all(u8::is_ascii_digit);
    digits.then_some((key, rest.get(colon + 1..)?.strip_prefix(b" ")?))
}

fn read(line: &[u8], say: Say<'_>) -> bool {
    let Some((key, text)) = split(line) else { return false };
    let time = line.get(1..).unwrap_or_default();
    let at = time::strokes(time).or_else(|| time::iso(time)).map(|(at, _)| at);
    let (word, said) = text.split_at_checked(4).unwrap_or((text, b""));
    let delivers = key.starts_with(b"Client");
    let sent = match word {
        b"Snd:" => true,
        b"Rcv:" => false,
        _ => return true,
    };
    let mark = if sent == delivers { Mark::First } else { Mark::Second };
    let said = said.strip_prefix(b" ").unwrap_or(said);
    let hidden = said.starts_with(b"354").then_some(Fact::BodyHidden(None));
    say(Reading { fact: hidden, ..Reading::said(mark, said) }.at(at).of(key));
    true
}

#[cfg(test)]
mod tests {
    use super::{
        super::shown::{check, evident},
        *,
    };

    #[test]
    fn reads_both_roles() {
        check(
            &DIALECT,
            "[11/23/2026 10:13:45] Client-12: Snd: MAIL FROM:<a@b>\n\
             [11/23/2026 10:13:45] Server-13: Rcv: EHLO client.example\n\
             [11/23/2026 10:13:45] Server-13: Snd: 250 ok\n\
             [11/23/2026 10:13:45] Server-13: Sub: hello\n\
             [x] Server: Snd: 250 ok",
            "[Client-12] 1 MAIL FROM:<a@b>
             [Server-13] 1 EHLO client.example
             [Server-13] 2 250 ok
             ? [x] Server: Snd: 250 ok",
        );
        evident(&DIALECT, "[x] Client-1: Rcv: 250 ok", true);
    }
}
