//! qmail's bounces: who does not like what, then `Remote host said:`.
//!
//! ```text
//! <bad@example.net>:
//! 192.0.2.1 does not like recipient.
//! Remote host said: 550 5.1.1 User unknown
//! Giving up on 192.0.2.1.
//! ```
//!
//! Traps: further lines of a reply stand behind it without words before them. From the test files of bounce
//! parsers and qmail's source.

use super::{
    Custom, Dialect, Reader, Reading, Record, Say, Times, Unmarked,
    bounce::{self, Answered, Hosts},
    failure::{connect_failed, has},
    reply_rows::code,
};
use crate::transcript::{ClosedBy, ConnectFailure, Fact, Mark};

pub(super) static DIALECT: Dialect = Dialect {
    name: "qmail-bounce",
    about: "the refusal in qmail's bounces",
    client: "does not like recipient.",
    server: "Remote host said: ",
    key: "",
    times: Times::Never,
    record: Record::DIALOGUE,
    unmarked: Unmarked::Neither,
    custom: Custom::FirstIsClient,
    hints: &["Remote host said: ", "does not like ", "Giving up on ", "emote host ", "#4.4.1"],
    evidence: |line| {
        line.starts_with(b"Remote host said: ")
            || line.ends_with(b" does not like recipient.")
            || line.ends_with(b" does not like sender.")
            || line.starts_with(b"Giving up on ")
            || has(line, "no SMTP connection got far enough")
            || line.starts_with(b"Sorry, I wasn't able to establish an SMTP connection")
    },
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
        if text.first() == Some(&b'<') && text.ends_with(b">:") {
            self.recipient = text.get(..text.len() - 1).unwrap_or_default().to_vec();
            self.replying = false;
            say(Reading::remark(line));
            return true;
        }
        if let Some(reply) = text.strip_prefix(b"Remote host said: ") {
            self.replying = true;
            bounce::reply(reply, None, None, say);
            return true;
        }
        if self.replying && code(text).is_some() {
            say(Reading::said(Mark::Second, text));
            return true;
        }
        self.replying = false;
        if let Some(rest) = text.strip_prefix(b"Giving up on ") {
            let _ = rest;
            say(Reading::remark(line));
            return true;
        }
        if let Some((host, answered)) = complaint(text, &self.recipient) {
            self.hosts.begins(host, None, line, say);
            bounce::command(&answered, text, say);
            if answered == Answered::Nothing {
                say(Reading::remark(line));
            }
            return true;
        }
        if let Some(at) = memchr::memmem::find(text, b"no SMTP connection got far enough; ") {
            return self.summary(text.get(at..).unwrap_or_default(), line, say);
        }
        let fact = if has(text, "wasn't able to establish an SMTP connection") {
            Fact::ConnectFailed(match connect_failed(text) {
                Fact::ConnectFailed(failure) => failure,
                _ => ConnectFailure::Other,
            })
        } else if has(text, "couldn't find any host named")
            || has(text, "couldn't find a mail exchanger")
        {
            Fact::ConnectFailed(ConnectFailure::NotFound)
        } else if has(text, " but connection died") {
            Fact::Closed(ClosedBy::Server)
        } else {
            return false;
        };
        let host = between(text, b"onnected to ", b" but").unwrap_or_default();
        self.hosts.ends();
        self.hosts.begins(host, None, line, say);
        say(Reading::tells(line, fact));
        self.hosts.ends();
        true
    }
}

impl Bounce {
    /// `most progress was RCPT TO response; remote host 192.0.2.1 said: 550 …`
    fn summary(&mut self, text: &[u8], line: &[u8], say: Say<'_>) -> bool {
        let Some(at) = memchr::memmem::find(text, b" said: ") else { return false };
        let reply = text.get(at + 7..).unwrap_or_default();
        let host = between(text, b"remote host ", b" said: ").unwrap_or_default();
        let answered = match between(text, b"most progress was ", b" response") {
            Some(b"RCPT TO") => addressed(&self.recipient),
            Some(b"MAIL FROM") => Answered::Command(b"MAIL FROM:<...>".to_vec()),
            Some(b"DATA") => Answered::Command(b"DATA".to_vec()),
            Some(b"EHLO" | b"HELO") => Answered::Command(b"EHLO ...".to_vec()),
            _ => Answered::Nothing,
        };
        self.hosts.begins(host, None, line, say);
        bounce::command(&answered, text.get(..at).unwrap_or_default(), say);
        bounce::reply(reply, None, None, say);
        true
    }
}

/// The host and the command of a sentence that tells what it did not like.
pub(super) fn complaint<'l>(text: &'l [u8], recipient: &[u8]) -> Option<(&'l [u8], Answered)> {
    let rcpt = || addressed(recipient);
    let mail = || Answered::Command(b"MAIL FROM:<...>".to_vec());
    for (words, answered) in [
        (&b" does not like recipient."[..], rcpt()),
        (b" does not like sender.", mail()),
        (b" failed on DATA command.", Answered::Command(b"DATA".to_vec())),
        (b" failed after I sent the message.", Answered::Message),
    ] {
        if let Some(host) = text.strip_suffix(words) {
            return Some((host, answered));
        }
    }
    let rest = text.strip_prefix(b"Connected to ")?;
    for (words, answered) in [
        (&b" but greeting failed."[..], Answered::Nothing),
        (b" but sender was rejected.", mail()),
        (b" but my name was rejected.", Answered::Command(b"HELO ...".to_vec())),
    ] {
        if let Some(host) = rest.strip_suffix(words) {
            return Some((host, answered));
        }
    }
    None
}

/// The command with a recipient, which the bounce may not tell.
fn addressed(recipient: &[u8]) -> Answered {
    let recipient = if recipient.is_empty() { b"..." } else { recipient };
    Answered::Command(bounce::recipient("RCPT TO:", recipient))
}

fn between<'l>(text: &'l [u8], start: &[u8], end: &[u8]) -> Option<&'l [u8]> {
    let rest = text.get(memchr::memmem::find(text, start)? + start.len()..)?;
    rest.get(..memchr::memmem::find(rest, end)?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dialect::spoken::told;

    #[test]
    fn sentences_are_read() {
        for (record, want) in [
            (
                "<bad@b>:\n192.0.2.1 does not like recipient.\nRemote host said: 550-no\n550 5.1.1 no\nGiving up on 192.0.2.1.\n",
                "Opening ServerAddress Elision 0:RCPT TO:<bad@b> 1:550-no 1:550 5.1.1 no",
            ),
            (
                "mx.b.example does not like recipient.\nRemote host said: 550 no\n",
                "Opening Dialled Elision 0:RCPT TO:<...> 1:550 no",
            ),
            (
                "<a@b>:\nConnected to 192.0.2.1 but greeting failed.\nRemote host said: 554 no\n",
                "Opening ServerAddress 1:554 no",
            ),
            (
                "<a@b>:\n192.0.2.1 failed after I sent the message.\nRemote host said: 554 no\n",
                "Opening ServerAddress Elision BodyHidden 0:. 1:554 no",
            ),
            (
                "<a@b>:\nSorry, I wasn't able to establish an SMTP connection. (#4.4.1)\n",
                "Opening ConnectFailed",
            ),
            (
                "<a@b>:\nSorry, no SMTP connection got far enough; most progress was RCPT TO response; remote host 192.0.2.1 said: 550 no",
                "Opening ServerAddress Elision 0:RCPT TO:<a@b> 1:550 no",
            ),
        ] {
            assert_eq!(told(&DIALECT, record, true), want, "{record}");
        }
    }
}
