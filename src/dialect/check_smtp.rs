//! `check_smtp -v` of the Nagios and Monitoring plugins: what it sends with `sent`, replies bare.
//!
//! ```text
//! HELOCMD: HELO client.example
//! FROM CMD: MAIL FROM:<a@client.example>
//! 250 mx.example.net
//! 250 2.1.0 Ok
//! sent QUIT
//! received 221 2.0.0 Bye
//! ```
//!
//! Traps: hello and MAIL are announced and not shown when they are sent, the commands of `-C` not at all; only
//! some versions show the greeting; with TLS the reply to the second EHLO comes twice; a reply that was not
//! expected is quoted, over several lines. From recordings of version 2.3.3, its source and public reports.

use super::{
    Custom, Dialect, Reader, Reading, Record, Say, Times, Unmarked,
    failure::{connect_failed, has},
    prompt,
    reply_rows::{Unfinished, code},
};
use crate::transcript::{Fact, Mark};

pub(super) static DIALECT: Dialect = Dialect {
    name: "check-smtp",
    about: "check_smtp -v of the Nagios and Monitoring plugins",
    client: "sent ",
    server: "received ",
    key: "",
    times: Times::Never,
    record: Record::DIALOGUE,
    unmarked: Unmarked::Server,
    custom: Custom::FirstIsClient,
    hints: &["HELOCMD: "],
    evidence: |line| announced(line).is_some_and(|hello| code(hello).is_none()),
    reader: || Box::new(Check::default()),
};

/// The hello that a line announces.
fn announced(line: &[u8]) -> Option<&[u8]> {
    let hello = line.strip_prefix(b"HELOCMD: ")?;
    let verb = hello.get(..4)?;
    [b"EHLO", b"HELO", b"LHLO"].iter().any(|known| verb == *known).then_some(hello)
}

#[derive(Debug, Default)]
struct Check {
    /// A record was begun.
    begun: bool,
    /// The greeting was shown.
    greeted: bool,
    /// Commands that were announced and not answered.
    hello: Option<Vec<u8>>,
    mail: Option<Vec<u8>>,
    /// The last `sent` was not answered.
    asked: bool,
    /// The reply whose further lines come.
    reply: Unfinished,
    /// The first line of the last bare reply.
    last: Vec<u8>,
    /// A reply is being repeated.
    again: bool,
    /// A quotation goes on.
    quoted: bool,
}

impl Reader for Check {
    fn read(&mut self, line: &[u8], say: Say<'_>) -> bool {
        if let Some(hello) = announced(line) {
            *self = Self { begun: true, hello: Some(hello.to_vec()), ..Self::default() };
            say(Reading::tells(line, Fact::Opening));
            return true;
        }
        if !self.begun {
            return false;
        }
        if let Some(mail) = line.strip_prefix(b"FROM CMD: ") {
            self.mail = Some(mail.to_vec());
            say(Reading::remark(line));
        } else if let Some(command) = line.strip_prefix(b"sent ") {
            // Versions before 2 show neither that hello was sent nor its reply.
            let unseen = self.greeted.then(|| self.hello.take()).flatten();
            if let Some(hello) = unseen.filter(|hello| hello != command) {
                let none = line.get(..0).unwrap_or_default();
                say(Reading::unescaped(Mark::First, hello, none));
            }
            if self.hello.as_deref() == Some(command) {
                self.hello = None;
            }
            self.asked = true;
            say(Reading::said(Mark::First, command));
        } else if let Some(reply) = line.strip_prefix(b"received ") {
            self.asked = false;
            self.reply.said(reply);
            say(Reading::said(Mark::Second, reply));
        } else if self.quoted {
            self.quoted = !has(line, "' to command '");
            say(Reading::remark(line));
        } else if line.starts_with(b"SMTP ") || line.starts_with(b"|time=") {
            self.quoted = has(line, " Invalid response '") && !has(line, "' to command '");
            say(Reading::remark(line));
        } else if let Some(rest) = line.strip_prefix(b"connect to address ") {
            self.unconnected(rest, line, say);
        } else if self.reply.takes(line) {
            say(if self.again { Reading::remark(line) } else { Reading::said(Mark::Second, line) });
        } else if code(line).is_some() {
            self.bare(line, say);
        } else {
            return false;
        }
        true
    }
}

impl Check {
    /// The first line of a reply without a mark.
    fn bare(&mut self, line: &[u8], say: Say<'_>) {
        self.reply.said(line);
        self.again = !self.asked && self.last == line && code(line) == Some(*b"250");
        if self.again && (self.hello.is_none() && line.get(3) == Some(&b'-')) {
            say(Reading::remark(line));
            return;
        }
        self.again = false;
        self.last = line.to_vec();
        let greets = self.hello.is_some() && code(line) == Some(*b"220");
        self.greeted |= greets;
        if !std::mem::take(&mut self.asked) && !greets {
            let command = self.hello.take().or_else(|| self.mail.take());
            let none = line.get(..0).unwrap_or_default();
            match command {
                Some(command) => say(Reading::unescaped(Mark::First, command, none)),
                // One of `-C`, which is not shown.
                None => say(Reading::tells(none, Fact::Elision)),
            }
        }
        say(Reading::said(Mark::Second, line));
    }

    /// `127.0.0.1 and port 25: Connection refused`
    fn unconnected(&mut self, rest: &[u8], line: &[u8], say: Say<'_>) {
        say(Reading::tells(line, connect_failed(rest)));
        let Some(at) = memchr::memmem::find(rest, b" and port ") else { return };
        let (address, port) = rest.split_at_checked(at).unwrap_or_default();
        let port = port.get(10..).and_then(|port| port.split(|octet| *octet == b':').next());
        let port = port.and_then(prompt::port_number);
        let end = Fact::ServerAddress { address: address.to_vec(), port };
        say(Reading::tells(line.get(..0).unwrap_or_default(), end));
        self.begun = false;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dialect::spoken::told;

    #[test]
    fn runs_are_read() {
        for (record, want) in [
            (
                "HELOCMD: HELO me\nFROM CMD: MAIL FROM:<a@b>\n250 mx\n553 5.7.1 no\nsent QUIT\nreceived 221 Bye\n\nSMTP OK - 0.001 sec. response time, 221 Bye\n|time=0.001s;;;0.000000",
                "Opening 0:HELO me 1:250 mx 0:MAIL FROM:<a@b> 1:553 5.7.1 no 0:QUIT 1:221 Bye",
            ),
            (
                "HELOCMD: HELO me\n220 mx ready\nsent QUIT\nreceived 221 mx bye\n\nSMTP OK - 0.1 sec. response time, 221 mx bye",
                "Opening 1:220 mx ready 0:HELO me 0:QUIT 1:221 mx bye",
            ),
            (
                "HELOCMD: EHLO me\n220 mx ready\nsent EHLO me\n250-mx\n250 HELP\n250-mx\n250 HELP\n530 5.7.57 no\nsent QUIT",
                "Opening 1:220 mx ready 0:EHLO me 1:250-mx 1:250 HELP Elision 1:530 5.7.57 no 0:QUIT",
            ),
            (
                "HELOCMD: HELO me\n250 mx\n550-no\n550 never\nSMTP WARNING - Invalid response '550-no\n550 never' to command 'RCPT TO:<c@d>'\nsent QUIT",
                "Opening 0:HELO me 1:250 mx Elision 1:550-no 1:550 never 0:QUIT",
            ),
            (
                "HELOCMD: HELO me\nconnect to address 192.0.2.1 and port 25: Connection refused\nSMTP CRITICAL - 0.000 sec.",
                "Opening ConnectFailed ServerAddress -SMTP CRITICAL - 0.000 sec.",
            ),
            ("sent QUIT\nreceived 221 Bye", "-sent QUIT -received 221 Bye"),
        ] {
            assert_eq!(told(&DIALECT, record, true), want, "{record}");
        }
    }
}
