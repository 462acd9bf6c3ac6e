//! Exim's own debugging output: deliveries with `-v` or `-d`, and the receiving side with `-d`.
//!
//! ```text
//! Connecting to mx.example.net [192.0.2.25]:25 ...  connected
//!   SMTP<< 220 mx.example.net ESMTP
//!   SMTP>> EHLO client.example
//!   SMTP<< 250-mx.example.net Hello
//!          250 HELP
//!   SMTP|> MAIL FROM:<a@client.example>
//! ```
//!
//! Traps: `SMTP>>` is what this Exim sent, so it is the client in a delivery and the server in the
//! receiving process; both may stand in one log. Further lines of a reply carry no mark, but stand
//! under its text. `|>` and `+>` are commands that wait in the buffer, `>|` replies that do. AUTH's argument
//! is masked by as many asterisks. The message is not shown. With `-d+timestamp+pid` each line has a time
//! and a process, which then tells the sessions apart. In a `-bh` run a callout stands behind `>>> `.
//!
//! From recordings of Exim 4.96 and from its `smtp_out.c` and `smtp_in.c`.

use std::borrow::Cow;

use super::{
    Custom, Dialect, Reader, Reading, Record, Say, Times, Unmarked,
    failure::{connect_failed, has},
    flow::End,
    peer,
    reply_rows::{Code, code, goes_on},
    time,
};
use crate::transcript::{ClosedBy, Fact, Mark, Moment};

pub(super) static CLIENT: Dialect = Dialect {
    name: "exim-debug-client",
    about: "Exim delivering with -v or -d",
    client: "SMTP>> ",
    server: "SMTP<< ",
    key: "process id, with -d+pid",
    times: Times::Sometimes,
    record: Record::DIALOGUE,
    unmarked: Unmarked::Neither,
    custom: Custom::FirstIsClient,
    hints: HINTS,
    evidence: |line| {
        Line::of(line).spoken().is_some_and(|spoken| spoken.side == Some(Process::Client))
            || line.starts_with(b"cmdlog: '")
    },
    reader: || Box::new(Debug::new(Process::Client)),
};

pub(super) static SERVER: Dialect = Dialect {
    name: "exim-debug-server",
    about: "Exim receiving with -d",
    client: "SMTP<< ",
    server: "SMTP>> ",
    evidence: |line| {
        Line::of(line).spoken().is_some_and(|spoken| spoken.side == Some(Process::Server))
    },
    reader: || Box::new(Debug::new(Process::Server)),
    ..CLIENT
};

const HINTS: &[&str] = &["SMTP<<", "SMTP>>", "SMTP|>", "SMTP+>", "SMTP>|", "cmdlog: '"];

/// What the Exim process does whose output it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Process {
    /// It delivers.
    Client,
    /// It receives.
    Server,
}

/// A line behind its time and process.
#[derive(Debug, Clone, Copy)]
struct Line<'l> {
    at: Option<Moment>,
    /// The process id, or `>>>` for a callout in a `-bh` run.
    key: Option<&'l [u8]>,
    /// The rest, with its indentation.
    text: &'l [u8],
}

impl<'l> Line<'l> {
    fn of(line: &'l [u8]) -> Self {
        let (at, rest) = match time::clock(line) {
            Some((at, rest)) => (Some(at), rest.strip_prefix(b" ").unwrap_or(rest)),
            None => (None, line),
        };
        let blanks = rest.iter().take(5).take_while(|octet| **octet == b' ').count();
        let digits = rest.iter().skip(blanks).take_while(|octet| octet.is_ascii_digit()).count();
        let end = blanks + digits;
        // Five columns at least, then a space; without a time a reply code could look the same.
        let process = (2..=10).contains(&digits) && blanks <= 4 && rest.get(end) == Some(&b' ');
        let usual = process && (at.is_some() || (blanks + digits >= 5 && digits != 3));
        // In a container, the first processes have short numbers.
        let short = || digits > 0 && blanks + digits <= 5 && follows_process(rest.get(end..));
        if usual || at.is_none() && short() {
            let key = rest.get(blanks..end);
            return Self { at, key, text: rest.get(end + 1..).unwrap_or_default() };
        }
        match rest.strip_prefix(b">>> ") {
            Some(text) => Self { at, key: rest.get(..3), text },
            None => Self { at, key: None, text: rest },
        }
    }

    /// Says something at the line's time, in its process's session.
    fn say(&self, reading: Reading<'_>, say: Say<'_>) {
        // A callout stands in the middle of another session's lines.
        let key = self.key.map(Cow::Borrowed);
        say(Reading { at: self.at, key, ..reading });
    }

    /// How far the text is indented, by spaces or the lines of a drawn box, and the text there.
    fn indented(&self) -> (usize, &'l [u8]) {
        let depth =
            self.text.iter().take_while(|octet| **octet == b' ' || !octet.is_ascii()).count();
        (depth, self.text.get(depth..).unwrap_or_default())
    }

    /// What is behind `SMTP<< ` and its kin.
    fn spoken(&self) -> Option<Spoken<'l>> {
        let (depth, text) = self.indented();
        let rest = text.strip_prefix(b"SMTP")?;
        let (mark, rest) = rest.split_at_checked(2)?;
        let text = match rest {
            [b' ', text @ ..] => text,
            [] => rest,
            _ => return None,
        };
        let replies = code(text).is_some();
        let side = match mark {
            b"|>" | b"+>" => Some(Process::Client),
            b">|" => Some(Process::Server),
            // The line's own words tell; where they do not, a delivery is indented.
            b"<<" | b">>" if replies => {
                Some(if mark == b"<<" { Process::Client } else { Process::Server })
            }
            b">>" => Some(Process::Client),
            b"<<" if depth < 2 => Some(Process::Server),
            b"<<" => None,
            _ => return None,
        };
        Some(Spoken { sent: mark != b"<<", side, text })
    }
}

/// Whether the text is what stands behind a process id and behind no reply code: a mark, a further line of a reply
/// under its text, a line for the log.
fn follows_process(text: Option<&[u8]>) -> bool {
    let text = text.unwrap_or_default();
    let inner = text.trim_ascii_start();
    match text.len() - inner.len() {
        0 => false,
        9.. => code(inner).is_some(),
        _ => [
            &b"SMTP<<"[..],
            b"SMTP>>",
            b"SMTP|>",
            b"SMTP+>",
            b"SMTP>|",
            b"SMTP(",
            b"LOG: ",
            b"Connecting to ",
        ]
        .iter()
        .any(|words| inner.starts_with(words)),
    }
}

/// A command or a reply.
#[derive(Debug, Clone, Copy)]
struct Spoken<'l> {
    /// This Exim said it.
    sent: bool,
    /// What the process does, where the line tells.
    side: Option<Process>,
    text: &'l [u8],
}

struct Debug {
    process: Process,
    /// The replies that go on, each with its process id (empty where there is none).
    going_on: Vec<(Vec<u8>, Code)>,
    /// The next line is the text of a line for Exim's log.
    logs: bool,
}

impl Debug {
    const fn new(process: Process) -> Self {
        Self { process, going_on: Vec::new(), logs: false }
    }
}

impl Reader for Debug {
    fn read(&mut self, line: &[u8], say: Say<'_>) -> bool {
        let line = Line::of(line);
        let log = std::mem::take(&mut self.logs);
        if let Some(spoken) = line.spoken() {
            let ours = spoken.side.is_none_or(|side| side == self.process);
            if ours {
                self.spoken(&line, &spoken, say);
            }
            return ours;
        }
        if self.goes_on(&line, say) || self.connection(&line, say) {
            return true;
        }
        let (depth, text) = line.indented();
        if depth < 2 && text.starts_with(b"LOG: ") && !text.starts_with(b"LOG: MAIN PANIC DIE") {
            self.logs = true;
            return true;
        }
        if log && depth >= 2 {
            self.logged(&line, text, say);
            return true;
        }
        text.starts_with(b"cmdlog: '") || text.starts_with(b"SMTP>- ")
    }
}

impl Debug {
    /// A line that carries a mark.
    fn spoken(&mut self, line: &Line<'_>, spoken: &Spoken<'_>, say: Say<'_>) {
        let client = spoken.sent == (self.process == Process::Client);
        let text = spoken.text;
        if client
            && (text == b"(writing message)"
                || text.starts_with(b"writing message and terminating"))
        {
            line.say(Reading::remark(text), say);
            return;
        }
        let mark = if client { Mark::First } else { Mark::Second };
        let mut reading = Reading::said(mark, text);
        if !client {
            let key = line.key.unwrap_or_default();
            self.going_on.retain(|(known, _)| known != key);
            if let Some(code) = code(text).filter(|_| goes_on(text)) {
                self.going_on.push((key.to_vec(), code));
            }
            if text.starts_with(b"354") {
                reading.fact = Some(Fact::BodyHidden(None));
            }
        }
        line.say(reading, say);
    }

    /// A further line of a reply, under the text of the one before.
    fn goes_on(&mut self, line: &Line<'_>, say: Say<'_>) -> bool {
        let key = line.key.unwrap_or_default();
        let (depth, text) = line.indented();
        let Some(place) = self.going_on.iter().position(|(known, code_then)| {
            known == key && depth >= 4 && code(text) == Some(*code_then)
        }) else {
            return false;
        };
        if !goes_on(text) {
            self.going_on.remove(place);
        }
        line.say(Reading::said(Mark::Second, text), say);
        true
    }

    /// What is told about the connection.
    fn connection(&self, line: &Line<'_>, say: Say<'_>) -> bool {
        let (_, text) = line.indented();
        if self.process == Process::Client
            && let Some(target) = text.strip_prefix(b"Connecting to ")
            && let Some((host, address, port)) = endpoint(target)
        {
            line.say(Reading::tells(text, Fact::Opening), say);
            let end = End { address, port };
            peer::server(Some(host), Some(end), b"", &mut |reading| line.say(reading, say));
            if has(text, "failed: ") {
                line.say(Reading::tells(b"", connect_failed(text)), say);
            } else if text.ends_with(b" connected") {
                line.say(Reading::tells(b"", Fact::Opened), say);
            }
            return true;
        }
        let closed_by_self = match self.process {
            Process::Client => ClosedBy::Client,
            Process::Server => ClosedBy::Server,
        };
        let closed_by_other = match self.process {
            Process::Client => ClosedBy::Server,
            Process::Server => ClosedBy::Client,
        };
        let fact = if text == b"connected" && self.process == Process::Client {
            Fact::Opened
        } else if text.starts_with(b"failed: ") && self.process == Process::Client {
            connect_failed(text)
        } else if text == b"SMTP(close)>>" {
            Fact::Closed(closed_by_self)
        } else if let Some(reason) =
            text.strip_prefix(b"SMTP(").and_then(|rest| rest.strip_suffix(b")<<"))
        {
            if has(reason, "timed out") || has(reason, "timeout") {
                Fact::TimedOut
            } else {
                Fact::Closed(closed_by_other)
            }
        } else {
            return text == b"SMTP(shutdown)>>" || text == b"SMTP(TLS shutdown)>>";
        };
        line.say(Reading::tells(text, fact), say);
        true
    }

    /// A line that also went to Exim's log.
    fn logged(&self, line: &Line<'_>, text: &[u8], say: Say<'_>) {
        let client = text.strip_prefix(b"SMTP connection from ").filter(|_| {
            self.process == Process::Server && !has(text, " closed") && !has(text, " lost")
        });
        if let Some(peer) = client {
            line.say(Reading::tells(text, Fact::Opening), say);
            if let Some((_, address, port)) = endpoint(peer) {
                let fact = Fact::ClientAddress { address: address.to_vec(), port };
                line.say(Reading::tells(b"", fact), say);
            }
        } else if has(text, "SSL verify error: ") {
            line.say(Reading::tells(text, Fact::CertificateProblem(text.to_vec())), say);
        }
    }
}

/// `mx.example.net [192.0.2.25]:25 from 192.0.2.7 ...`
fn endpoint(text: &[u8]) -> Option<(&[u8], &[u8], Option<u16>)> {
    let open = memchr::memchr(b'[', text)?;
    let close = open + memchr::memchr(b']', text.get(open..)?)?;
    let host = text.get(..open)?.trim_ascii();
    let tail = text.get(close + 1..)?;
    let digits = tail.iter().skip(1).take_while(|octet| octet.is_ascii_digit()).count();
    let port = tail.strip_prefix(b":").and_then(|port| port.get(..digits));
    let port = port.and_then(|port| std::str::from_utf8(port).ok()?.parse().ok());
    Some((host, text.get(open + 1..close)?, port))
}

#[cfg(test)]
mod tests {
    use super::{
        super::shown::{check, evident},
        *,
    };

    #[test]
    fn reads_a_delivery() {
        check(
            &CLIENT,
            "LOG: MAIN\n  \
               <= a@client.example.com P=local S=293\n\
             Connecting to mx.example [2001:db8::1]:2530 ...  TFO mode sendto, no data: EINPROGRESS\n \
              connected\n  \
               SMTP<< 220-mx.example\n         \
                      220 ready\n  \
               SMTP>> EHLO client.example.com\n\
             cmd buf flush 25 bytes\n  \
               SMTP|> RCPT TO:<b@dest.test>\n  \
               SMTP>> (writing message)\n  \
               SMTP+> .\n  \
               SMTP(shutdown)>>\n  \
               SMTP(Connection reset by peer)<<\n\
             cmdlog: '220:EHLO'\n\
             Connecting to mx.example [192.0.2.1]:25 ... failed: Connection refused\n\
             SMTP<< EHLO me",
            "* = Opening
             * = Dialled { host: 'mx.example', port: Some(2530) }
             * = ServerAddress { address: '2001:db8::1', port: Some(2530) }
             * = Opened
             2 220-mx.example
             2 220 ready
             1 EHLO client.example.com
             ? cmd buf flush 25 bytes
             1 RCPT TO:<b@dest.test>
             1 .
             * = Closed(Server)
             * = Opening
             * = Dialled { host: 'mx.example', port: Some(25) }
             * = ServerAddress { address: '192.0.2.1', port: Some(25) }
             * = ConnectFailed(Refused)
             ? SMTP<< EHLO me",
        );
    }

    #[test]
    fn keeps_processes_apart() {
        check(
            &CLIENT,
            "10:34:13.006  8521   SMTP<< 250-mx.example.net Hello\n\
             10:34:13.007 12345   SMTP>> QUIT\n\
             10:34:13.048  8521          250 HELP\n \
              8521   SMTP>> QUIT\n  \
               290   SMTP<< 250-mx.example.net\n  \
               290          250 HELP\n \
              292   SMTP>> QUIT\n\
             >>>   SMTP>> RCPT TO:<a@b>",
            "[8521] 2 250-mx.example.net Hello
             [12345] 1 QUIT
             [8521] 2 250 HELP
             [8521] 1 QUIT
             [290] 2 250-mx.example.net
             [290] 2 250 HELP
             [292] 1 QUIT
             [>>>] 1 RCPT TO:<a@b>",
        );
    }

    #[test]
    fn reads_the_receiving_side() {
        check(
            &SERVER,
            "LOG: smtp_connection MAIN\n  \
               SMTP connection from [192.0.2.7]:4242\n\
             SMTP>> 220 client.example.com ESMTP\n\
             SMTP<< EHLO me\n\
             SMTP>> 250-client.example.com Hello root at me\n       \
                    250-SIZE 52428800\n       \
                    250 HELP\n\
             SMTP<< DATA\n\
             SMTP>> 354 go\n\
             SMTP>- flush\n\
             SMTP>| 250 OK\n\
             LOG: smtp_connection MAIN\n  \
               SMTP connection from [192.0.2.7]:4242 closed by QUIT\n  \
               SMTP>> EHLO me",
            "* = Opening
             * = ClientAddress { address: '192.0.2.7', port: Some(4242) }
             2 220 client.example.com ESMTP
             1 EHLO me
             2 250-client.example.com Hello root at me
             2 250-SIZE 52428800
             2 250 HELP
             1 DATA
             2 354 go = BodyHidden(None)
             2 250 OK
             ?   SMTP>> EHLO me",
        );
    }

    #[test]
    fn tells_the_sides_apart() {
        for (line, client, server) in [
            ("  SMTP<< 220 mx", true, false),
            ("10:34:13.006  8521   SMTP>> EHLO x", true, false),
            ("SMTP>> EHLO x", true, false),
            ("SMTP<< EHLO x", false, true),
            ("SMTP>> 250 OK", false, true),
            ("SMTP >>> EHLO x", false, false),
            ("E: SMTP<<x", false, false),
        ] {
            evident(&CLIENT, line, client);
            evident(&SERVER, line, server);
        }
    }
}
