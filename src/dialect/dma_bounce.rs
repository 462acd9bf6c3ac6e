//! The bounces of `DragonFly`'s mail agent: what a host did not like, then the reply as it came.
//!
//! ```text
//! mx.example.net [192.0.2.1] did not like our RCPT TO:
//! 550 5.1.1 <bad@example.net>: Recipient address rejected
//! ```
//!
//! From dma's source and the test files of bounce parsers.

use super::{
    Custom, Dialect, Reader, Reading, Record, Say, Times, Unmarked,
    bounce::{self, Answered, Hosts},
    reply_rows::code,
};
use crate::transcript::Mark;

pub(super) static DIALECT: Dialect = Dialect {
    name: "dma-bounce",
    about: "the refusal in the bounces of DragonFly's mail agent",
    client: "did not like our …:",
    server: "the lines behind it",
    key: "",
    times: Times::Never,
    record: Record::DIALOGUE,
    unmarked: Unmarked::Neither,
    custom: Custom::FirstIsClient,
    hints: &[" did not like our "],
    evidence: |line| complaint(line.trim_ascii()).is_some(),
    reader: || Box::new(Bounce::default()),
};

#[derive(Debug, Default)]
struct Bounce {
    hosts: Hosts,
    recipient: Vec<u8>,
    replying: bool,
}

impl Reader for Bounce {
    fn read(&mut self, line: &[u8], say: Say<'_>) -> bool {
        let text = line.trim_ascii();
        if let Some((host, command)) = complaint(text) {
            let answered = match command {
                b"RCPT TO" if !self.recipient.is_empty() => {
                    Answered::Command(bounce::recipient("RCPT TO:", &self.recipient))
                }
                b"RCPT TO" => Answered::Command(b"RCPT TO:<postmaster>".to_vec()),
                b"MAIL FROM" => Answered::Command(b"MAIL FROM:<>".to_vec()),
                b"final DATA" => Answered::Message,
                b"greeting" => Answered::Nothing,
                b"EHLO" | b"HELO" => Answered::Command([command, b" localhost"].concat()),
                command => Answered::Command(command.to_vec()),
            };
            self.hosts.begins(host, None, line, say);
            bounce::command(&answered, text, say);
            self.replying = true;
            return true;
        }
        if let Some(rest) = text.strip_prefix(b"Message delivery to '") {
            let end = memchr::memchr(b'\'', rest).unwrap_or(rest.len());
            self.recipient = rest.get(..end).unwrap_or_default().to_vec();
        }
        self.replying &= code(text).is_some();
        if self.replying {
            say(Reading::said(Mark::Second, text));
        }
        self.replying
    }
}

/// The host and what it did not like.
fn complaint(text: &[u8]) -> Option<(&[u8], &[u8])> {
    let at = memchr::memmem::find(text, b" did not like our ")?;
    let command = text.get(at + 18..)?.strip_suffix(b":")?;
    Some((text.get(..at)?, command))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dialect::spoken::told;

    #[test]
    fn complaints_are_read() {
        let record = "Message delivery to 'bad@b' failed\nmx [192.0.2.1] did not like our RCPT TO:\n550-no\n550 5.1.1 no\n\n250 text";
        assert_eq!(
            told(&DIALECT, record, true),
            "Opening Dialled ServerAddress Elision 0:RCPT TO:<bad@b> 1:550-no 1:550 5.1.1 no -Message delivery to 'bad@b' failed -250 text"
        );
    }
}
