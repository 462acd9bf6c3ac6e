//! Courier's log: what it refused to clients, and what hosts answered to deliveries.
//!
//! ```text
//! Nov 23 10:13:45 mx courieresmtpd: error,relay=::ffff:192.0.2.7,from=<a@b.example>,to=<b@example.net>: 550 User unknown.
//! Nov 23 10:13:46 mx courieresmtpd: error,relay=192.0.2.7,msg="535 Authentication failed.",cmd: AUTH LOGIN
//! Nov 23 10:13:47 mx courieresmtp: id=0002,from=<a@b.example>,addr=<b@example.net>: 550 5.1.1 no
//! ```
//!
//! Each such line is a session of its own kind; a reply of several lines is as many lines, with the same words before
//! them. Traps: which command a delivery failed at is not told; not every message is a reply. From Courier's
//! `courieresmtpd.c` and from logs that people published.

use super::{
    Custom, Dialect, Reader, Reading, Record, Say, Times, Unmarked,
    bounce::{self, Answered},
    reply_rows::{code, goes_on},
    sign::around,
    time,
};
use crate::transcript::{Fact, Mark};

pub(super) static DIALECT: Dialect = Dialect {
    name: "courier-log",
    about: "refusals in Courier's log",
    client: "to=, cmd: ",
    server: ": code text, msg=",
    key: "",
    times: Times::Sometimes,
    record: Record::DIALOGUE,
    unmarked: Unmarked::Neither,
    custom: Custom::FirstIsClient,
    hints: &["courieresmtpd: error,relay=", "courieresmtp: id="],
    evidence: |line| Refusal::of(line).is_some(),
    reader: || Box::new(Log::default()),
};

struct Refusal<'l> {
    /// What stands before the reply.
    before: &'l [u8],
    /// The client's address; `None` where a host answered Courier.
    client: Option<&'l [u8]>,
    answered: Answered,
    reply: &'l [u8],
}

impl<'l> Refusal<'l> {
    fn of(line: &'l [u8]) -> Option<Self> {
        if let Some((_, fields)) = around(line, b"courieresmtpd: error,relay=") {
            let (client, rest) = around(fields, b",")?;
            if let Some((before, rest)) = around(rest, b"msg=\"") {
                let (reply, command) = around(rest, b"\",cmd: ")?;
                code(reply)?;
                let answered = Answered::Command(command.trim_ascii_end().to_vec());
                return Some(Self { before, client: Some(client), answered, reply });
            }
            let (before, reply) = reply(rest)?;
            let answered = if let Some(to) = field(before, b"to=") {
                Answered::Command(bounce::recipient("RCPT TO:", to))
            } else {
                Answered::Command(bounce::recipient("MAIL FROM:", field(before, b"from=")?))
            };
            return Some(Self { before, client: Some(client), answered, reply });
        }
        let (_, fields) = around(line, b"courieresmtp: id=")?;
        let (before, reply) = reply(fields)?;
        field(before, b"addr=")?;
        Some(Self { before, client: None, answered: Answered::Unknown, reply })
    }
}

/// What stands before `: 550 …`, and that.
fn reply(text: &[u8]) -> Option<(&[u8], &[u8])> {
    let at = memchr::memmem::find(text, b">: ")?;
    let (before, reply) = (text.get(..=at)?, text.get(at + 3..)?);
    code(reply).filter(|_| !reply.starts_with(b"2")).map(|_| (before, reply))
}

/// What stands in brackets behind `name=`.
fn field<'l>(text: &'l [u8], name: &[u8]) -> Option<&'l [u8]> {
    let (_, value) = around(text, name)?;
    around(value.strip_prefix(b"<")?, b">").map(|(value, _)| value)
}

#[derive(Debug, Default)]
struct Log {
    /// What stood before a line of a reply that goes on.
    open: Option<Vec<u8>>,
}

impl Reader for Log {
    fn read(&mut self, line: &[u8], say: Say<'_>) -> bool {
        let Some(Refusal { before, client, answered, reply }) = Refusal::of(line) else {
            return false;
        };
        let at = time::stamped(line).map(|(at, _)| at);
        let further = self.open.take().is_some_and(|open| open == before);
        if goes_on(reply) {
            self.open = Some(before.to_vec());
        }
        if !further {
            say(Reading::tells(line, Fact::Opening).at(at));
            if let Some(address) = client {
                let fact = Fact::ClientAddress { address: address.to_vec(), port: None };
                say(Reading::tells(b"", fact).at(at));
            }
            bounce::command(&answered, before, say);
        }
        say(Reading::said(Mark::Second, reply).at(at));
        true
    }
}

#[cfg(test)]
mod tests {
    use super::{
        super::shown::{check, evident},
        *,
    };

    #[test]
    fn refusals_of_both_directions_are_read() {
        check(
            &DIALECT,
            "Nov 23 10:13:45 mx courieresmtpd: error,relay=::ffff:192.0.2.7,from=<a@b.example>,to=<b@example.net>: 550 User unknown.\n\
             Nov 23 10:13:45 mx courieresmtpd: error,relay=::ffff:192.0.2.7,from=<a@b.example>: 517 no\n\
             Nov 23 10:13:46 mx courieresmtpd: error,relay=192.0.2.7,msg=\"535 Authentication failed.\",cmd: AUTH LOGIN\n\
             Nov 23 10:13:47 mx courieresmtp: id=0002,from=<a@b.example>,addr=<b@example.net>: 550-5.1.1 no\n\
             Nov 23 10:13:47 mx courieresmtp: id=0002,from=<a@b.example>,addr=<b@example.net>: 550 5.1.1 really\n\
             Nov 23 10:13:47 mx courieresmtp: id=0002,from=<a@b.example>,addr=<b@example.net>,status: failure",
            "* = Opening
             * = ClientAddress { address: '::ffff:192.0.2.7', port: None }
             * = Elision
             1 RCPT TO:<b@example.net>
             2 550 User unknown.
             * = Opening
             * = ClientAddress { address: '::ffff:192.0.2.7', port: None }
             * = Elision
             1 MAIL FROM:<a@b.example>
             2 517 no
             * = Opening
             * = ClientAddress { address: '192.0.2.7', port: None }
             * = Elision
             1 AUTH LOGIN
             2 535 Authentication failed.
             * = Opening
             * = Elision
             2 550-5.1.1 no
             2 550 5.1.1 really
             ? Nov 23 10:13:47 mx courieresmtp: id=0002,from=<a@b.example>,addr=<b@example.net>,status: failure",
        );
        evident(
            &DIALECT,
            "courieresmtpd: error,relay=192.0.2.7,msg=\"Connection reset\",cmd: QUIT",
            false,
        );
        evident(&DIALECT, "courieresmtpd: started,ip=[192.0.2.7]", false);
    }
}
