//! The log of `DragonFly`'s mail agent: what a host answered to a delivery, and to which command.
//!
//! ```text
//! Nov 23 10:13:45 mx dma[3f81a.7]: remote delivery to mx.example.net [192.0.2.25] failed after RCPT TO: 550 5.1.1 no
//! Nov 23 10:13:46 mx dma[3f81b.7]: remote delivery deferred: mx.example.net [192.0.2.25] failed after MAIL FROM: 451 4
//! ```
//!
//! Each such line is a session of its own kind. Traps: what is behind the command may be the program's own words for
//! a connection that broke. From dma's source (`net.c`) and from logs that people published.

use super::{
    Custom, Dialect, Record, Say, Times, Unmarked,
    bounce::{self, Answered, Hosts},
    reply_rows::code,
    sign::around,
    time,
};

pub(super) static DIALECT: Dialect = Dialect {
    name: "dma-log",
    about: "refusals in the log of DragonFly's mail agent",
    client: "failed after …:",
    server: "the reply behind it",
    key: "",
    times: Times::Always,
    record: Record::DIALOGUE,
    unmarked: Unmarked::Neither,
    custom: Custom::FirstIsClient,
    hints: &["] failed after "],
    evidence: |line| delivery(line).is_some(),
    reader: || Box::new(read),
};

/// A delivery that failed.
struct Delivery<'l> {
    /// `mx.example.net [192.0.2.25]`
    host: &'l [u8],
    command: &'l [u8],
    reply: &'l [u8],
}

fn delivery(line: &[u8]) -> Option<Delivery<'_>> {
    let (_, text) = around(line, b"]: remote delivery ")?;
    let text = text.strip_prefix(b"to ").or_else(|| text.strip_prefix(b"deferred: "))?;
    let (host, told) = around(text, b" failed after ")?;
    let (command, reply) = around(told, b": ")?;
    code(reply)?;
    host.ends_with(b"]").then_some(Delivery { host, command, reply })
}

fn read(line: &[u8], say: Say<'_>) -> bool {
    let Some(Delivery { host, command, reply }) = delivery(line) else { return false };
    let at = time::stamped(line).map(|(at, _)| at);
    let answered = match command {
        b"RCPT TO" => Answered::Command(bounce::recipient("RCPT TO:", b"...")),
        b"MAIL FROM" => Answered::Command(bounce::recipient("MAIL FROM:", b"...")),
        b"final DATA" => Answered::Message,
        b"connect" | b"greeting" => Answered::Nothing,
        b"EHLO" | b"HELO" => Answered::Command([command, b" ..."].concat()),
        command => Answered::Command(command.to_vec()),
    };
    Hosts::default().begins(host, at, line, say);
    bounce::command(&answered, line, say);
    bounce::whole_reply(reply, None, at, say);
    true
}

#[cfg(test)]
mod tests {
    use super::{super::shown::evident, *};
    use crate::dialect::spoken::told;

    #[test]
    fn deliveries_are_read() {
        let record = "Nov 23 10:13:44 mx dma[3f81a.7]: trying remote delivery to mx.example.net [192.0.2.25] pref 10\n\
                      Nov 23 10:13:45 mx dma[3f81a.7]: remote delivery to mx.example.net [192.0.2.25] failed after RCPT TO: 550 5.1.1 no";
        assert_eq!(
            told(&DIALECT, record, true),
            "Opening Dialled ServerAddress Elision 0:RCPT TO:<...> 1:550 5.1.1 no -Nov 23 10:13:44 mx dma[3f81a.7]: trying remote delivery to mx.example.net [192.0.2.25] pref 10"
        );
        evident(
            &DIALECT,
            "mx dma[1.2]: remote delivery to mx [192.0.2.25] failed after RCPT TO: lost",
            false,
        );
    }
}
