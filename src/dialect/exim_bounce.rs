//! Exim's bounces: `SMTP error from remote mail server after …`, then the reply.
//!
//! ```text
//!   bad@example.net
//!     host mx.example.net [192.0.2.1]
//!     SMTP error from remote mail server after RCPT TO:<bad@example.net>:
//!     550-5.1.1 <bad@example.net>: Recipient address rejected:
//!     550 5.1.1 User unknown
//! ```
//!
//! Traps: older versions write the host before the reply's first line; a log has all of it in one line, the lines of
//! the reply joined by `\n` written out. From recordings of Exim 4.96 and the test files of bounce
//! parsers.

use super::{
    Custom, Dialect, Reader, Reading, Record, Say, Times, Unmarked,
    bounce::{self, Answered, Hosts},
    failure::{connect_failed, has},
    reply_rows::{code, goes_on},
    time,
};
use crate::transcript::{ClosedBy, Fact, Mark};

pub(super) static DIALECT: Dialect = Dialect {
    name: "exim-bounce",
    about: "the refusal in Exim's bounces",
    client: "SMTP error from remote mail server after ",
    server: "the lines behind it",
    key: "",
    times: Times::Never,
    record: Record::DIALOGUE,
    unmarked: Unmarked::Neither,
    custom: Custom::FirstIsClient,
    hints: &["remote mail server", "SMTP timeout", "Remote host closed connection"],
    evidence: |line| {
        (has(line, AFTER) || has(line, OLDER) || has(line, "SMTP timeout while connected to "))
            && !is_logged(line)
    },
    reader: || Box::new(Bounce::default()),
};

const AFTER: &str = "SMTP error from remote mail server after ";
const OLDER: &str = "SMTP error from remote mailer after ";

#[derive(Debug, Default)]
struct Bounce {
    hosts: Hosts,
    /// The host of the lines that follow.
    host: Vec<u8>,
    /// The command whose reply follows; said with the first line of the reply where the host is not known
    /// before.
    waiting: Option<Vec<u8>>,
    replying: bool,
    /// The reply goes on: what stands there without a code is a part of its last line, which was broken.
    further: bool,
}

impl Reader for Bounce {
    fn read(&mut self, line: &[u8], say: Say<'_>) -> bool {
        let text = line.trim_ascii();
        if text.is_empty() || is_logged(text) {
            self.replying = false;
            self.further = false;
            self.waiting = None;
            self.host.clear();
            return false;
        }
        if let Some(at) = [AFTER, OLDER].iter().find_map(|words| {
            memchr::memmem::find(text, words.as_bytes()).map(|at| at + words.len())
        }) {
            return self.error(text.get(at..).unwrap_or_default(), line, say);
        }
        if let Some(rest) = text.strip_prefix(b"host ") {
            if let Some((host, reply)) = host_and_reply(rest) {
                self.host = host.to_vec();
                return self.reply(reply, line, say);
            }
            if rest.ends_with(b"]") {
                self.host = rest.to_vec();
                say(Reading::remark(line));
                return true;
            }
        }
        let fact =
            if has(text, "SMTP timeout while connected to ") || has(text, "SMTP timeout after ") {
                Fact::TimedOut
            } else if has(text, "Remote host closed connection in response to ") {
                Fact::Closed(ClosedBy::Server)
            } else if has(text, "Connection refused") || has(text, "Connection timed out") {
                connect_failed(text)
            } else {
                return self.reply(text, line, say);
            };
        let host = std::mem::take(&mut self.host);
        self.hosts.begins(&host, None, line, say);
        say(Reading::tells(line, fact));
        self.hosts.ends();
        true
    }
}

impl Bounce {
    /// What follows the words of an error: the command, and in one line perhaps the reply.
    fn error(&mut self, text: &[u8], line: &[u8], say: Say<'_>) -> bool {
        let text = text.strip_prefix(b"pipelined ").unwrap_or(text);
        let text = text.strip_prefix(b"sending ").unwrap_or(text);
        // `RCPT TO:<bad@example.net>: 550 …` or the colon at the end.
        let end = memchr::memmem::find_iter(text, b": ")
            .find(|at| {
                let rest = text.get(at + 2..).unwrap_or_default();
                code(rest).is_some() || rest.starts_with(b"host ")
            })
            .unwrap_or(text.len());
        let (command, rest) = text.split_at_checked(end).unwrap_or_default();
        let command = command.strip_suffix(b":").unwrap_or(command);
        let rest = rest.strip_prefix(b": ").unwrap_or_default();
        if self.host.is_empty() {
            self.waiting = Some(command.to_vec());
            say(Reading::remark(line));
        } else {
            let host = std::mem::take(&mut self.host);
            self.hosts.begins(&host, None, line, say);
            said(command, command, say);
        }
        self.replying = true;
        if rest.is_empty() {
            return true;
        }
        let (host, reply) =
            rest.strip_prefix(b"host ").and_then(host_and_reply).unwrap_or((b"", rest));
        self.host = host.to_vec();
        self.reply(reply, line, say)
    }

    /// A line of the reply.
    fn reply(&mut self, text: &[u8], line: &[u8], say: Say<'_>) -> bool {
        if self.replying && self.further && code(text).is_none() {
            let part = [b" ", text].concat();
            say(Reading::unescaped(Mark::Second, part, text).joining());
            return true;
        }
        if !self.replying || code(text).is_none() {
            self.replying = false;
            return false;
        }
        if let Some(command) = self.waiting.take() {
            let host = std::mem::take(&mut self.host);
            self.hosts.begins(&host, None, line, say);
            said(&command, line.get(..0).unwrap_or_default(), say);
        }
        let mut rest = text;
        while let Some(at) = memchr::memmem::find(rest, b"\\n") {
            say(Reading::said(Mark::Second, rest.get(..at).unwrap_or_default()));
            rest = rest.get(at + 2..).unwrap_or_default();
        }
        say(Reading::said(Mark::Second, rest));
        self.further = goes_on(rest);
        true
    }
}

fn said(command: &[u8], within: &[u8], say: Say<'_>) {
    let answered = match command {
        b"initial connection" | b"initial greeting" => Answered::Nothing,
        b"end of data" => Answered::Message,
        command => Answered::Command(command.to_vec()),
    };
    bounce::command(&answered, within, say);
}

/// A line of Exim's main log, which has a dialect of its own.
fn is_logged(line: &[u8]) -> bool {
    line.first().is_some_and(u8::is_ascii_digit) && time::iso(line).is_some()
}

/// `mx.example.net [192.0.2.1]: 550 …`
fn host_and_reply(rest: &[u8]) -> Option<(&[u8], &[u8])> {
    let at = memchr::memmem::find(rest, b"]: ")?;
    let reply = rest.get(at + 3..)?;
    code(reply)?;
    Some((rest.get(..at + 1)?, reply))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dialect::spoken::told;

    #[test]
    fn both_forms_are_read() {
        let opening = "Opening Dialled ServerAddress";
        for (record, want) in [
            (
                "  bad@b\n    host mx [192.0.2.1]\n    SMTP error from remote mail server after RCPT TO:<bad@b>:\n    550-5.1.1 no\n    550 5.1.1 User unknown\n\n250 text",
                format!(
                    "{opening} Elision 0:RCPT TO:<bad@b> 1:550-5.1.1 no 1:550 5.1.1 User unknown -  bad@b -250 text"
                ),
            ),
            (
                "    host mx [192.0.2.1]\n    SMTP error from remote mail server after end of data:\n    550-5.7.1 see\n    [2001:db8::1] =\n    550 5.7.1 no\nText",
                format!(
                    "{opening} Elision BodyHidden 0:. 1:550-5.7.1 see 1: [2001:db8::1] = 1:550 5.7.1 no -Text"
                ),
            ),
            (
                "    SMTP error from remote mail server after end of data:\n    host mx [192.0.2.1]: 552 too big\n",
                format!("{opening} Elision BodyHidden 0:. 1:552 too big"),
            ),
            (
                "    SMTP error from remote mail server after RCPT TO:<bad@b>: 550-5.1.1 no\\n550 5.1.1 User unknown",
                "Opening Elision 0:RCPT TO:<bad@b> 1:550-5.1.1 no 1:550 5.1.1 User unknown"
                    .to_owned(),
            ),
            (
                "    host mx [192.0.2.1]\n    SMTP error from remote mail server after initial connection:\n    554 no\n",
                format!("{opening} 1:554 no"),
            ),
        ] {
            assert_eq!(told(&DIALECT, record, true), want, "{record}");
        }
    }
}
