//! What a bounce quotes of a session: the host, the command that was refused, the reply.
//!
//! Not a dialect: the dialects of bounces ask it. They know one exchange of a session, and say the
//! command from the words that name it (`after end of data`, `in reply to RCPT TO command`).

use std::borrow::Cow;

use super::{Reading, Say, flow::End, peer, reply_rows};
use crate::transcript::{Fact, Mark, Moment};

/// The hosts that a bounce names, each a session.
#[derive(Debug, Default)]
pub(super) struct Hosts {
    last: Vec<u8>,
}

/// The command that a reply answered, as a bounce names it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Answered {
    /// The connection itself: the reply was a greeting.
    Nothing,
    /// A command line.
    Command(Vec<u8>),
    /// The message's end.
    Message,
    /// A command that the bounce does not name.
    Unknown,
}

impl Hosts {
    /// A quoted host: a session begins, unless it goes on with another recipient.
    pub(super) fn begins(&mut self, host: &[u8], at: Option<Moment>, line: &[u8], say: Say<'_>) {
        let empty = line.get(..0).unwrap_or_default();
        if self.last == host && !host.is_empty() {
            return;
        }
        self.last = host.to_vec();
        // A line of its own: what only adds to the line before would begin nothing.
        say(Reading::tells(line, Fact::Opening).at(at));
        let (name, end) = parts(host);
        peer::server(name, end, empty, &mut |reading| say(reading.at(at)));
    }

    /// The bounce is over; a host that is named again is another session's.
    pub(super) fn ends(&mut self) {
        self.last.clear();
    }
}

/// Says the command that a reply answered; `within` is what names it.
///
/// A command has no time here: a line that tells both was written when the reply came, and nobody measured how long
/// that took.
pub(super) fn command(answered: &Answered, within: &[u8], say: Say<'_>) {
    // What came before is not quoted; a greeting has nothing before it.
    if *answered != Answered::Nothing {
        say(Reading::tells(within.get(..0).unwrap_or_default(), Fact::Elision));
    }
    match answered {
        Answered::Nothing | Answered::Unknown => {}
        Answered::Command(command) => {
            say(Reading::unescaped(Mark::First, command.clone(), within));
        }
        Answered::Message => {
            say(Reading::tells(within.get(..0).unwrap_or_default(), Fact::BodyHidden(None)));
            say(Reading::unescaped(Mark::First, b".".to_vec(), within));
        }
    }
}

/// Says the lines of a reply that stand behind each other.
///
/// `within` is the line that the row stands in, where it is not a part of the line.
pub(super) fn reply(row: &[u8], within: Option<&[u8]>, at: Option<Moment>, say: Say<'_>) {
    for line in reply_rows::joined(row, b" ") {
        said(Cow::Borrowed(line.trim_ascii_end()), line, within, at, say);
    }
}

/// The same of a row that quotes all of a reply: a client gives up on a whole one, so what looks like an unfinished
/// one was cut short by whoever quotes it.
pub(super) fn whole_reply(row: &[u8], within: Option<&[u8]>, at: Option<Moment>, say: Say<'_>) {
    let mut lines = reply_rows::joined(row, b" ").map(<[u8]>::trim_ascii_end).peekable();
    while let Some(line) = lines.next() {
        let mut text = Cow::Borrowed(line);
        if lines.peek().is_none()
            && reply_rows::goes_on(line)
            && let Some(hyphen) = text.to_mut().get_mut(3)
        {
            *hyphen = b' ';
        }
        said(text, line, within, at, say);
    }
}

/// Says a line of a reply, which was made from `line` unless it stands within another.
fn said(text: Cow<'_, [u8]>, line: &[u8], within: Option<&[u8]>, at: Option<Moment>, say: Say<'_>) {
    let reading = match (text, within) {
        (Cow::Borrowed(text), None) => Reading::said(Mark::Second, text),
        (text, within) => {
            Reading::unescaped(Mark::Second, text.into_owned(), within.unwrap_or(line))
        }
    };
    say(reading.at(at));
}

/// Name and address of `mx.example.net[192.0.2.1]:25`, `mx.example.net [192.0.2.1]`, `192.0.2.1`.
pub(super) fn parts(host: &[u8]) -> (Option<&[u8]>, Option<End<'_>>) {
    let Some(open) = memchr::memchr(b'[', host) else {
        let address = host.iter().all(|octet| octet.is_ascii_digit() || *octet == b'.')
            || memchr::memchr(b':', host).is_some();
        return if host.is_empty() {
            (None, None)
        } else if address {
            (None, Some(End { address: host, port: None }))
        } else {
            (Some(host), None)
        };
    };
    let (name, rest) = host.split_at_checked(open).unwrap_or_default();
    let name = name.trim_ascii_end();
    let close = memchr::memchr(b']', rest).unwrap_or(rest.len());
    let address = rest.get(1..close).unwrap_or_default();
    let port = rest
        .get(close + 1..)
        .and_then(|rest| rest.strip_prefix(b":"))
        .and_then(super::prompt::port_number);
    (Some(name).filter(|name| !name.is_empty()), Some(End { address, port }))
}

/// A recipient between angle brackets.
pub(super) fn recipient(command: &str, address: &[u8]) -> Vec<u8> {
    let address = address.strip_prefix(b"<").unwrap_or(address);
    let address = address.strip_suffix(b">").unwrap_or(address);
    [command.as_bytes(), b"<", address, b">"].concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hosts_are_taken_apart() {
        for (host, name, address, port) in [
            (
                &b"mx.example.net[192.0.2.1]:25"[..],
                Some(&b"mx.example.net"[..]),
                Some(&b"192.0.2.1"[..]),
                Some(25),
            ),
            (b"mx.example.net [192.0.2.1]", Some(b"mx.example.net"), Some(b"192.0.2.1"), None),
            (b"192.0.2.1", None, Some(b"192.0.2.1"), None),
            (b"mx.example.net", Some(b"mx.example.net"), None, None),
        ] {
            let (found, end) = parts(host);
            assert_eq!((found, end.map(|end| end.address)), (name, address));
            assert_eq!(end.and_then(|end| end.port), port);
        }
        assert_eq!(recipient("RCPT TO:", b"<a@b>"), b"RCPT TO:<a@b>");
    }
}
