//! qpsmtpd's log: the commands that it dispatches, its replies bare.
//!
//! ```text
//! 12345 Connection from client.example [192.0.2.7]
//! 12345 220 mx.example ESMTP qpsmtpd
//! 12345 dispatching EHLO client.example
//! 12345 250-mx.example Hi client.example
//! ```
//!
//! Traps: everything else that the server logs stands behind the process id too. A time or a name may stand
//! before it. Passwords are `<hidden credentials>`, the message is not shown. From its `TcpServer.pm`.

use super::{Custom, Dialect, Reading, Record, Say, Times, Unmarked, reply_rows::code, time};
use crate::transcript::{ClosedBy, Fact, Mark, Moment};

pub(super) static DIALECT: Dialect = Dialect {
    name: "qpsmtpd",
    about: "qpsmtpd's log",
    client: "dispatching ",
    server: "pid ",
    key: "process id",
    times: Times::Sometimes,
    record: Record::DIALOGUE,
    unmarked: Unmarked::Neither,
    custom: Custom::FirstIsClient,
    hints: &[" dispatching "],
    evidence: |line| Line::of(line).is_some_and(|line| line.text.starts_with(b"dispatching ")),
    reader: || Box::new(read),
};

struct Line<'l> {
    at: Option<Moment>,
    process: &'l [u8],
    text: &'l [u8],
}

impl<'l> Line<'l> {
    fn of(line: &'l [u8]) -> Option<Self> {
        let (at, rest) = match time::tai64n(line).or_else(|| time::iso(line)) {
            Some((at, rest)) => (Some(at), rest.trim_ascii_start()),
            None => (None, line),
        };
        Self::numbered(rest, at).or_else(|| {
            let space = memchr::memchr(b' ', rest)?;
            Self::numbered(rest.get(space + 1..)?, at)
        })
    }

    fn numbered(text: &'l [u8], at: Option<Moment>) -> Option<Self> {
        let digits = text.iter().take_while(|octet| octet.is_ascii_digit()).count();
        let (process, rest) = text.split_at_checked(digits)?;
        let text = rest.strip_prefix(b" ")?;
        (2..=10).contains(&digits).then_some(Self { at, process, text })
    }
}

fn read(line: &[u8], say: Say<'_>) -> bool {
    let Some(Line { at, process, text }) = Line::of(line) else { return false };
    let reading = if let Some(command) = text.strip_prefix(b"dispatching ") {
        Reading::said(Mark::First, command)
    } else if let Some(code) = code(text) {
        let hidden = (code == *b"354").then_some(Fact::BodyHidden(None));
        Reading { fact: hidden, ..Reading::said(Mark::Second, text) }
    } else if text.starts_with(b"Connection from ") {
        Reading::tells(text, Fact::Opening)
    } else if text.starts_with(b"click, disconnecting") {
        Reading::tells(text, Fact::Closed(ClosedBy::Unknown))
    } else {
        return true;
    };
    let opens = reading.fact.as_ref().is_some_and(Fact::opens);
    say(reading.at(at).of(process));
    if opens
        && let Some(open) = memchr::memchr(b'[', text)
        && let Some(address) =
            text.get(open + 1..).and_then(|rest| rest.split(|o| *o == b']').next())
    {
        let fact = Fact::ClientAddress { address: address.to_vec(), port: None };
        say(Reading::tells(b"", fact).of(process));
    }
    true
}

#[cfg(test)]
mod tests {
    use super::{
        super::shown::{check, evident},
        *,
    };

    #[test]
    fn reads_bare_replies() {
        check(
            &DIALECT,
            "12345 Connection from client.example [192.0.2.7]\n\
             12345 220 mx.example ESMTP qpsmtpd\n\
             @400000005f2c1a2b1c3d4e5f 12345 dispatching EHLO client.example\n\
             12345 250-mx.example Hi\n\
             mx 12345 354 go ahead\n\
             12345 running plugin (ehlo): x\n\
             12345 click, disconnecting\n\
             hello there",
            "[12345] * = Opening
             [12345] * = ClientAddress { address: '192.0.2.7', port: None }
             [12345] 2 220 mx.example ESMTP qpsmtpd
             [12345] 1 EHLO client.example
             [12345] 2 250-mx.example Hi
             [12345] 2 354 go ahead = BodyHidden(None)
             [12345] * = Closed(Unknown)
             ? hello there",
        );
        evident(&DIALECT, "12345 dispatching QUIT", true);
        evident(&DIALECT, "we are dispatching QUIT", false);
    }
}
