//! lettre, the mailer for Rust, with `tracing` or `log` at DEBUG.
//!
//! ```text
//! 2026-11-23T10:33:33.85Z DEBUG lettre::transport::smtp::client::connection: Wrote: EHLO client.example<CRLF>
//! 2026-11-23T10:33:33.86Z DEBUG lettre::transport::smtp::client::connection: << 250-mx.example.net<CRLF>
//! 2026-11-23T10:33:33.87Z DEBUG lettre::transport::smtp::client::connection: << 250-mx.example.net<CRLF>250 HELP<CRLF>
//! ```
//!
//! Traps: up to 0.9 the module is `lettre::smtp` and a reply stands behind `Read: `; later each line of a reply is printed together with all lines before it; the message is one entry, the
//! dot the next (`<CRLF>.<CRLF>`). From lettre's sources and recordings of 0.11.

use super::{
    Custom, Dialect, Reader, Reading, Record, Say, Times, Unmarked, escape::token_lines,
    reply_rows, time,
};
use crate::transcript::{Fact, Mark, Moment};

pub(super) static DIALECT: Dialect = Dialect {
    name: "lettre",
    about: "lettre, the mailer for Rust, with tracing or log at DEBUG",
    client: "Wrote: ",
    server: "<< ",
    key: "",
    times: Times::Sometimes,
    record: Record::DIALOGUE,
    unmarked: Unmarked::Client,
    custom: Custom::FirstIsClient,
    hints: &["lettre::transport::smtp", "lettre::smtp", "async_smtp::smtp"],
    evidence: |line| entry(line).is_some_and(|entry| entry.mark != Mark::Tool),
    reader: || Box::new(Lettre::default()),
};

#[derive(Debug)]
struct Entry<'l> {
    at: Option<Moment>,
    mark: Mark,
    text: &'l [u8],
}

fn entry(line: &[u8]) -> Option<Entry<'_>> {
    let at = memchr::memmem::find(line, b"lettre::transport::smtp")
        .or_else(|| memchr::memmem::find(line, b"lettre::smtp"))
        .or_else(|| memchr::memmem::find(line, b"async_smtp::smtp"))?;
    let (before, rest) = line.split_at_checked(at)?;
    let module = |octet: &&u8| octet.is_ascii_alphanumeric() || matches!(octet, b':' | b'_');
    let rest = rest.get(rest.iter().take_while(module).count()..)?;
    // `tracing` ends the module with a colon, which was taken; `env_logger` with a bracket.
    let text = rest.trim_ascii_start();
    // Colours hide what it is; the line comes again without them.
    if text.first() == Some(&0x1b) {
        return None;
    }
    let text = text.strip_prefix(b"]").unwrap_or(text).trim_ascii_start();
    // Where the logger is given its form by the program, the level stands behind.
    let level = [&b"[DEBUG]"[..], b"[INFO]", b"[WARN]", b"[ERROR]", b"[TRACE]"];
    let level = level.iter().find_map(|level| text.strip_prefix(*level));
    let text = level.unwrap_or(text).trim_ascii_start();
    let before = before.strip_prefix(b"[").unwrap_or(before).trim_ascii_start();
    let at = time::iso(before).map(|(at, _)| at);
    // async-smtp, which began as a copy of lettre, has an arrow for what it writes.
    let wrote = text.strip_prefix(b"Wrote: ").or_else(|| text.strip_prefix(b">> "));
    let (mark, text) = match wrote {
        Some(text) => (Mark::First, text),
        // Up to 0.9, whole replies were read.
        None => match text.strip_prefix(b"<< ").or_else(|| text.strip_prefix(b"Read: ")) {
            Some(text) => (Mark::Second, text),
            None => (Mark::Tool, text),
        },
    };
    Some(Entry { at, mark, text })
}

const TOKEN: &[u8] = b"<CRLF>";

#[derive(Debug, Default)]
struct Lettre {
    /// How much of the reply under way was said.
    said: Vec<u8>,
}

impl Reader for Lettre {
    fn read(&mut self, line: &[u8], say: Say<'_>) -> bool {
        let Some(Entry { at, mark, text }) = entry(line) else { return false };
        if mark == Mark::Tool {
            let error = memchr::memmem::find(line, b"ERROR").is_some();
            let fact = error.then(|| Fact::ToolError(text.to_vec()));
            say(Reading { fact, ..Reading::remark(line) }.at(at));
            return true;
        }
        let new = match text.strip_prefix(self.said.as_slice()) {
            Some(new) if mark == Mark::Second => new,
            _ => text,
        };
        self.said.clear();
        let mut last: &[u8] = b"";
        for part in token_lines(new, TOKEN, true) {
            last = part.within;
            say(part.said(mark).at(at));
        }
        if new.is_empty() {
            say(Reading::remark(line));
        }
        if mark == Mark::Second && (reply_rows::goes_on(last) || new.is_empty()) {
            self.said.extend_from_slice(text);
        }
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dialect::tests::{read, rows};

    #[test]
    fn growing_replies_are_said_once() {
        let lines = [
            "2026-11-23T10:33:33Z DEBUG lettre::transport::smtp::client::connection: << 250-a<CRLF>",
            "2026-11-23T10:33:33Z DEBUG lettre::transport::smtp::client::connection: << 250-a<CRLF>250-b<CRLF>",
            "2026-11-23T10:33:33Z DEBUG lettre::transport::smtp::client::connection: << 250-a<CRLF>250-b<CRLF>250 c<CRLF>",
            "[2026-11-23T10:33:33Z DEBUG lettre::transport::smtp::client::connection] Wrote: x<CRLF><CRLF>y<CRLF>",
            "DEBUG lettre::transport::smtp::client::connection: Wrote: <CRLF>.<CRLF>",
            "DEBUG lettre::transport::smtp::client::async_connection: << 250 ok<CRLF>",
            "DEBUG lettre::transport::smtp::client::async_connection: << 250 ok<CRLF>",
            "DEBUG lettre::transport::smtp::client::connection: server mx.example with {}",
        ];
        assert_eq!(
            rows(&read(&DIALECT, &lines)),
            [
                "2 250-a", "2 250-b", "2 250 c", "1 x", "1 ", "1 y", "1 ", "1 .", "2 250 ok",
                "2 250 ok", "T"
            ]
        );
    }
}
