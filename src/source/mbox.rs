//! mbox (RFC 4155): mails one after the other, each behind a line that begins with `From `.

use std::io::{self, BufRead, BufReader, Read as _};
use std::ops::ControlFlow;

use super::eml;
use super::open::{Container, Opening, below};
use super::start::Started;

const NAME: &str = "mailbox";

pub(super) static CONTAINER: Container = Container { name: NAME, begins, open };

/// A separator line, and a mail's header after it.
fn begins(start: &[u8]) -> bool {
    let Some(end) = memchr::memchr(b'\n', start) else { return false };
    let (line, rest) = start.split_at(end + 1);
    is_separator(line) && eml::begins(rest)
}

/// `From sender Thu Feb 18 09:28:05 2021`: the word, a time of day and a year.
fn is_separator(line: &[u8]) -> bool {
    let Some(rest) = line.strip_prefix(b"From ") else { return false };
    let is_time = |word: &[u8]| {
        matches!(word, [b'0'..=b'2', b'0'..=b'9', b':', b'0'..=b'5', b'0'..=b'9', ..])
    };
    let is_year = |word: &[u8]| word.len() == 4 && word.iter().all(u8::is_ascii_digit);
    let mut words = rest.split(u8::is_ascii_whitespace).skip(1);
    words.any(is_time) && words.any(is_year)
}

fn open(
    opening: &mut Opening<'_>,
    name: &str,
    octets: Started<'_>,
    depth: usize,
) -> ControlFlow<()> {
    let limit = opening.options.limits.in_memory;
    let mut mails = Mails { octets: BufReader::new(octets), limit, line: Vec::new(), number: 0 };
    let mut mail = Vec::new();
    loop {
        let read = mails.read(&mut mail);
        if mails.number > 0 && !mail.is_empty() {
            if let Some(flow) = opening.count(name) {
                return flow;
            }
            let alone = mails.number == 1 && !matches!(read, Ok(Next::Mail));
            let below = below(name, &format!("message-{}", mails.number));
            let name = if alone { name } else { &below };
            eml::mail(opening, name, &mail, depth)?;
        }
        match read {
            Ok(Next::Mail) => mails.number += 1,
            Ok(Next::End) => return ControlFlow::Continue(()),
            Ok(Next::TooLarge) => {
                let message = format!(
                    "a mail of more than {limit} octets; it and what follows it were not read"
                );
                return opening.container(name, message);
            }
            Err(error) => return opening.broken(name, NAME, &error),
        }
    }
}

struct Mails<R> {
    octets: R,
    limit: u64,
    line: Vec<u8>,
    /// How many separators were passed.
    number: usize,
}

enum Next {
    /// Another mail follows.
    Mail,
    End,
    TooLarge,
}

impl<R: BufRead> Mails<R> {
    /// Reads a mail up to the next separator, which stands after an empty line, and takes off the `>`
    /// that hides lines that look like one.
    fn read(&mut self, mail: &mut Vec<u8>) -> io::Result<Next> {
        mail.clear();
        let mut after_empty = true;
        loop {
            self.line.clear();
            let left = self.limit.saturating_sub(mail.len() as u64);
            if left == 0 {
                return Ok(Next::TooLarge);
            }
            if (&mut self.octets).take(left).read_until(b'\n', &mut self.line)? == 0 {
                return Ok(Next::End);
            }
            if after_empty && is_separator(&self.line) {
                return Ok(Next::Mail);
            }
            after_empty = matches!(&self.line[..], b"\n" | b"\r\n");
            let quoted = self.line.iter().position(|octet| *octet != b'>').unwrap_or(0);
            let hidden = self.line.get(quoted..).is_some_and(|rest| rest.starts_with(b"From "));
            let shown = self.line.get(usize::from(quoted > 0 && hidden)..).unwrap_or_default();
            mail.extend_from_slice(shown);
        }
    }
}
