//! Gmail's bounces: the reply stands behind `The response from the remote server was:`.
//!
//! ```text
//! The response from the remote server was:
//! 550 5.1.1 <bad@example.net>: Recipient address rejected: User unknown
//! ```
//!
//! Traps: which command was refused is not told; mail programs wrap the reply; older bounces have it behind
//! `The error that the other server returned was:` in the same line, with its code doubled. From the test
//! files of bounce parsers.

use super::{
    Custom, Dialect, Reader, Reading, Record, Say, Times, Unmarked,
    bounce::{self, Answered, Hosts},
    failure::has,
    reply_rows::code,
};
use crate::transcript::Mark;

pub(super) static DIALECT: Dialect = Dialect {
    name: "gmail-bounce",
    about: "the refusal in Gmail's bounces",
    client: "",
    server: "The response from the remote server was:",
    key: "",
    times: Times::Never,
    record: Record::DIALOGUE,
    unmarked: Unmarked::Neither,
    custom: Custom::FirstIsServer,
    hints: &["The response ", "he error that the other server returned was:"],
    evidence: |line| is_announcement(line.trim_ascii()) || older(line).is_some(),
    reader: || Box::new(Bounce::default()),
};

#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
enum Part {
    #[default]
    Elsewhere,
    /// The reply is due.
    Due,
    /// Inside the reply.
    Reply,
}

#[derive(Debug, Default)]
struct Bounce {
    part: Part,
    host: Vec<u8>,
    hosts: Hosts,
}

impl Reader for Bounce {
    fn read(&mut self, line: &[u8], say: Say<'_>) -> bool {
        let text = line.trim_ascii();
        if is_announcement(text) {
            self.part = Part::Due;
            self.hosts.ends();
            say(Reading::remark(line));
            return true;
        }
        if let Some(host) = tried(text) {
            self.host = host.to_vec();
        }
        if let Some(reply) = older(line) {
            self.part = Part::Due;
            if reply.is_empty() {
                say(Reading::remark(line));
                return true;
            }
            return self.reply(reply, line, say);
        }
        match self.part {
            Part::Elsewhere => false,
            _ if text.is_empty() => {
                if self.part == Part::Reply {
                    self.part = Part::Elsewhere;
                }
                false
            }
            Part::Due | Part::Reply => self.reply(text, line, say),
        }
    }
}

impl Bounce {
    fn reply(&mut self, text: &[u8], line: &[u8], say: Say<'_>) -> bool {
        // `554 554 5.7.0 …`: the code is written twice.
        let text = match (code(text), text.get(4..).and_then(code)) {
            (Some(one), Some(other)) if one == other => text.get(4..).unwrap_or_default(),
            _ => text,
        };
        let first = self.part == Part::Due;
        if code(text).is_none() {
            if first {
                self.part = Part::Elsewhere;
                return false;
            }
            // A mail program broke the line, at a space.
            let further = [b" ", text].concat();
            say(Reading::unescaped(Mark::First, further, text).joining());
            return true;
        }
        if first {
            let host = std::mem::take(&mut self.host);
            self.hosts.ends();
            self.hosts.begins(&host, None, line, say);
            bounce::command(&Answered::Unknown, line, say);
        }
        self.part = Part::Reply;
        for line in super::reply_rows::joined(text, b" ") {
            say(Reading::said(Mark::First, line));
        }
        true
    }
}

fn is_announcement(text: &[u8]) -> bool {
    matches!(text, b"The response from the remote server was:" | b"The response was:")
}

/// What follows `The error that the other server returned was:`.
fn older(line: &[u8]) -> Option<&[u8]> {
    let words = b"he error that the other server returned was:";
    let at = memchr::memmem::find(line, words)? + words.len();
    line.get(at..).map(<[u8]>::trim_ascii)
}

/// The host in `rejected by the server for the recipient domain example.net by mx.example.net. [192.0.2.1].`
fn tried(text: &[u8]) -> Option<&[u8]> {
    let at = memchr::memmem::find(text, b"for the recipient domain ")?;
    let rest = text.get(at + 25..)?;
    let rest = rest.get(memchr::memmem::find(rest, b" by ")? + 4..)?;
    let close = memchr::memchr(b']', rest).filter(|_| has(rest, "["))?;
    rest.get(..=close)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dialect::spoken::told;

    #[test]
    fn replies_are_found() {
        for (record, want) in [
            (
                "The response from the remote server was:\n\n550 5.1.1 <bad@b>: Recipient address rejected:\nUser unknown\n\n450 is a number",
                "Opening Elision 0:550 5.1.1 <bad@b>: Recipient address rejected: 0: User unknown -450 is a number",
            ),
            (
                "rejected by the server for the recipient domain b by mx.b. [192.0.2.1]. The error that the other server returned was: 554 554 5.7.0 Blocked",
                "Opening Dialled ServerAddress Elision 0:554 5.7.0 Blocked",
            ),
        ] {
            assert_eq!(told(&DIALECT, record, true), want, "{record}");
        }
    }
}
