//! Exim's main log: what hosts answered to deliveries, and what Exim refused to clients.
//!
//! ```text
//! 2026-11-23 10:13:10.118 [8064] 1xVR2s-000261-01 ** b@example.net R=r T=t H=mx.example.net [192.0.2.25]: SMTP
//!   error from remote mail server after RCPT TO:<b@example.net>: 550-5.1.1 no\n550 5.1.1 such user
//! 2026-11-23 12:24:16 [4736] H=(me) [192.0.2.7] F=<a@b.example> rejected RCPT <c@d.example>: relay not permitted
//! 2026-11-23 12:24:16 [4737] SMTP syntax error in "FOO" H=(me) [192.0.2.7] unrecognized command
//! ```
//!
//! (Each is one line of the log.) The lines about a delivery are sessions of their own kind: one command and
//! its reply. Those about a client belong together where the log names the process, and the codes of Exim's
//! own replies, which the log leaves out, are those that Exim gives there unless its configuration says
//! otherwise: 550 and 451 for refusals, 500, 501 and 503 for errors. From recordings of Exim 4.96 and from
//! its `smtp_in.c` and `transports/smtp.c`.

use super::{
    Custom, Dialect, Reader, Reading, Record, Say, Times, Unmarked,
    bounce::{self, Answered},
    failure::{connect_failed, has},
    flow::End,
    peer,
    prompt::port_number,
    reply_rows::code,
    sign::around,
    time,
};
use crate::transcript::{ClosedBy, Fact, Mark, Moment};

pub(super) static DIALECT: Dialect = Dialect {
    name: "exim-mainlog",
    about: "refusals in Exim's main log",
    client: "after …:, rejected … <…>, error in \"…\"",
    server: "behind these",
    key: "process id, with log_selector = +pid",
    times: Times::Always,
    record: Record::DIALOGUE,
    unmarked: Unmarked::Neither,
    custom: Custom::FirstIsClient,
    hints: &[
        " remote mail server after ",
        " rejected ",
        " SMTP syntax error in ",
        " SMTP protocol error in ",
        " authenticator failed for ",
        " Remote host closed connection in response to ",
        " SMTP timeout after ",
        " Connection refused",
        " Connection timed out",
        " No route to host",
        " Network is unreachable",
    ],
    evidence: |line| {
        Entry::of(line).is_some_and(|entry| {
            Delivery::of(entry.text).is_some()
                || unreached(entry.text).is_some()
                || refusal(entry.text).is_some()
        })
    },
    reader: || Box::new(Log::default()),
};

/// A line of the log behind its time.
#[derive(Debug, Clone, Copy)]
struct Entry<'l> {
    at: Moment,
    process: Option<&'l [u8]>,
    text: &'l [u8],
}

impl<'l> Entry<'l> {
    fn of(line: &'l [u8]) -> Option<Self> {
        // Exim puts a space between date and time; with a `T`, it is another logger's line.
        if !line.first()?.is_ascii_digit()
            || line.get(4) != Some(&b'-')
            || line.get(10) != Some(&b' ')
        {
            return None;
        }
        let (at, rest) = time::iso(line)?;
        let rest = rest.strip_prefix(b" ")?;
        // The offset may stand behind a space.
        let rest = match rest.split_at_checked(6) {
            Some(([b'+' | b'-', zone @ .., b' '], behind))
                if zone.iter().all(u8::is_ascii_digit) =>
            {
                behind
            }
            _ => rest,
        };
        let process = rest.strip_prefix(b"[").and_then(|rest| {
            let digits = rest.iter().take_while(|octet| octet.is_ascii_digit()).count();
            rest.get(digits..)?.starts_with(b"] ").then(|| rest.get(..digits))?
        });
        let text = match process {
            Some(process) => rest.get(process.len() + 3..)?,
            None => rest,
        };
        Some(Self { at, process, text })
    }
}

/// A delivery that a host refused or broke off.
#[derive(Debug, Clone, Copy)]
struct Delivery<'l> {
    host: Option<Host<'l>>,
    /// The command in words: `RCPT TO:<b@example.net>`, `end of data`, `initial connection`.
    words: &'l [u8],
    /// The reply, its lines with `\n` between them; or what came instead of one.
    reply: Result<&'l [u8], Lost>,
}

/// What came instead of a reply.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Lost {
    Closed,
    TimedOut,
}

impl<'l> Delivery<'l> {
    fn of(text: &'l [u8]) -> Option<Self> {
        const SENTENCES: &[(&str, Option<Lost>)] = &[
            ("SMTP error from remote mail server after ", None),
            ("SMTP error from remote mailer after ", None),
            ("LMTP error after ", None),
            ("Remote host closed connection in response to ", Some(Lost::Closed)),
            ("SMTP timeout after ", Some(Lost::TimedOut)),
        ];
        let ((before, rest), lost) =
            SENTENCES.iter().find_map(|(sentence, lost)| Some((around(text, sentence)?, *lost)))?;
        let host = Host::logged(before);
        let rest = rest.strip_prefix(b"pipelined ").unwrap_or(rest);
        if let Some(lost) = lost {
            return Some(Self { host, words: without_times(rest), reply: Err(lost) });
        }
        let at = memchr::memmem::find_iter(rest, b": ").find(|at| {
            let rest = rest.get(at + 2..).unwrap_or_default();
            code(rest).is_some() || rest.starts_with(b"host ")
        })?;
        let (words, reply) = (rest.get(..at)?, rest.get(at + 2..)?);
        // Older versions name the host here.
        let (host, reply) = match reply.strip_prefix(b"host ") {
            Some(rest) => {
                let close = memchr::memchr(b']', rest)?;
                (Host::of(rest.get(..=close)?), rest.get(close + 1..)?.strip_prefix(b": ")?)
            }
            None => (host, reply),
        };
        Some(Self { host, words, reply: Ok(without_times(reply)) })
    }

    fn answered(&self) -> Answered {
        match self.words {
            b"initial connection" => Answered::Nothing,
            b"end of data" => Answered::Message,
            command => Answered::Command(command.to_vec()),
        }
    }
}

/// A host as the log names it.
#[derive(Debug, Clone, Copy)]
struct Host<'l> {
    /// Empty where it has none.
    name: &'l [u8],
    end: End<'l>,
}

impl<'l> Host<'l> {
    /// `mx.example.net [192.0.2.25]:25`, `name (helo) [192.0.2.7]`, `(helo) [192.0.2.7]`
    fn of(text: &'l [u8]) -> Option<Self> {
        let open = memchr::memchr(b'[', text)?;
        let close = memchr::memchr(b']', text).filter(|close| *close > open)?;
        let name = text.get(..open)?;
        let name = memchr::memchr(b'(', name).map_or(Some(name), |at| name.get(..at))?;
        let port = text.get(close + 1..)?.strip_prefix(b":").unwrap_or_default();
        let digits = port.iter().take_while(|octet| octet.is_ascii_digit()).count();
        let port = port.get(..digits).and_then(port_number);
        let address = text.get(open + 1..close)?;
        Some(Self { name: name.trim_ascii(), end: End { address, port } })
    }

    /// Behind `H=`.
    fn logged(text: &'l [u8]) -> Option<Self> {
        Self::of(around(text, "H=")?.1)
    }

    fn opens(&self, line: &[u8], say: Say<'_>) {
        say(Reading::tells(line, Fact::Opening));
        let name = Some(self.name).filter(|name| !name.is_empty());
        peer::server(name, Some(self.end), b"", say);
    }
}

/// The text without ` DT=0.000s` and its like, which follow a delivery's reply.
fn without_times(text: &[u8]) -> &[u8] {
    let mut text = text.trim_ascii_end();
    while let Some(space) = memchr::memrchr(b' ', text)
        && let Some(last) = text.get(space + 1..)
        && (last.starts_with(b"DT=") || last.starts_with(b"QT="))
        && last.ends_with(b"s")
    {
        text = text.get(..space).unwrap_or(text);
    }
    text
}

/// A host that could not be reached, and the system's words.
fn unreached(text: &[u8]) -> Option<(Host<'_>, &[u8])> {
    if let Some(found) = put_off(text) {
        return Some(found);
    }
    let at = [
        " Connection refused",
        " Connection timed out",
        " No route to host",
        " Network is unreachable",
    ]
    .iter()
    .find_map(|words| {
        let at = memchr::memmem::find(text, words.as_bytes())?;
        let end = text.get(at + words.len()..)?;
        (end.is_empty() || end.starts_with(b" DT=")).then_some(at)
    })?;
    let before = text.get(..at)?;
    let host = Host::logged(before).or_else(|| {
        // `1xVR2s-000261-01 mx.example.net [192.0.2.25]`, as older versions have it.
        let bracket = memchr::memrchr(b'[', before)?;
        let name = before.get(..bracket)?.trim_ascii_end();
        let start = memchr::memrchr(b' ', name).map_or(0, |space| space + 1);
        Host::of(before.get(start..)?)
    })?;
    Some((host, text.get(at + 1..).unwrap_or_default()))
}

/// A recipient that waits for a host, which could not be reached:
/// `== b@example.net R=r T=t defer (113): No route to host H=mx.example.net [192.0.2.25]`
fn put_off(text: &[u8]) -> Option<(Host<'_>, &[u8])> {
    const WORDS: [&str; 4] = [
        "Connection refused",
        "Connection timed out",
        "No route to host",
        "Network is unreachable",
    ];
    let (before, rest) = around(text, " defer (")?;
    has(before, " == ").then_some(())?;
    let (_, rest) = around(rest, "): ")?;
    let words = WORDS.iter().find(|words| rest.starts_with(words.as_bytes()))?;
    let (words, behind) = rest.split_at_checked(words.len())?;
    behind.starts_with(b" H=").then_some(())?;
    Some((Host::logged(behind)?, words))
}

/// A client's command that Exim refused.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Refusal {
    answered: Answered,
    reply: Vec<u8>,
}

/// What Exim refused to a client, with its own words.
fn refusal(text: &[u8]) -> Option<Refusal> {
    let with_code = |usual: &[u8], words: &[u8]| {
        if code(words).is_some() { words.to_vec() } else { [usual, b" ", words].concat() }
    };
    for (kind, protocol) in
        [("SMTP syntax error in \"", false), ("SMTP protocol error in \"", true)]
    {
        let Some(rest) = text.strip_prefix(kind.as_bytes()) else { continue };
        let (command, rest) = around(rest, "\" ")?;
        // The words follow the client: `H=(me) [192.0.2.7] U=… words`.
        let at = memchr::memchr(b']', rest)?;
        let words = rest.get(at + 1..)?.trim_ascii();
        let usual: &[u8] = match () {
            () if protocol => b"503",
            () if words.starts_with(b"unrecognized command") => b"500",
            () => b"501",
        };
        let answered = Answered::Command(command.to_vec());
        return Some(Refusal { answered, reply: with_code(usual, words) });
    }
    if let Some((before, rest)) = around(text, " authenticator failed for ") {
        if before.contains(&b' ') {
            return None;
        }
        let at =
            memchr::memmem::find(rest, b": 5").or_else(|| memchr::memmem::find(rest, b": 4"))?;
        let reply = rest.get(at + 2..)?;
        let reply = around(reply, " (set_id=").map_or(reply, |(reply, _)| reply);
        let answered = Answered::Command(b"AUTH ...".to_vec());
        return code(reply).is_some().then(|| Refusal { answered, reply: reply.to_vec() });
    }
    let (before, rest) = around(text, "rejected ")?;
    let about_client = before.starts_with(b"H=") || before.starts_with(b"U=") || has(before, " H=");
    if !about_client {
        return None;
    }
    let usual: &[u8] = if before.ends_with(b"temporarily ") { b"451" } else { b"550" };
    let (what, words) = around(rest, ": ")?;
    let (verb, argument) = match memchr::memchr(b' ', what) {
        Some(space) => (what.get(..space)?, what.get(space + 1..)?),
        None => (what, &b""[..]),
    };
    let answered = match verb {
        b"RCPT" => Answered::Command(bounce::recipient("RCPT TO:", argument)),
        b"MAIL" => Answered::Command(bounce::recipient("MAIL FROM:", argument)),
        b"EHLO" | b"HELO" => match argument.strip_prefix(b"or HELO ") {
            Some(name) => Answered::Command([b"EHLO ", name].concat()),
            None => Answered::Command([verb, b" ", argument].concat()),
        },
        b"connection" => Answered::Nothing,
        b"after" if argument.starts_with(b"DATA") => Answered::Message,
        b"VRFY" | b"EXPN" | b"ETRN" | b"AUTH" => Answered::Command([verb, b" ", argument].concat()),
        _ => return None,
    };
    Some(Refusal { answered, reply: with_code(usual, words) })
}

#[derive(Debug, Default)]
struct Log {
    /// The last reply that a delivery got, with its message's name: told once for the host and again for
    /// the recipient.
    last: Vec<u8>,
    /// The processes whose sessions are told, the oldest first.
    open: std::collections::VecDeque<Vec<u8>>,
}

/// How many processes are remembered.
const MAX_OPEN: usize = 4096;

impl Reader for Log {
    fn read(&mut self, line: &[u8], say: Say<'_>) -> bool {
        let Some(entry) = Entry::of(line) else { return false };
        if let Some(delivery) = Delivery::of(entry.text) {
            self.delivery(&entry, &delivery, line, say);
            return true;
        }
        if let Some((host, words)) = unreached(entry.text) {
            let told = [host.name, b" ", host.end.address, b" ", words].concat();
            if told == self.last {
                say(Reading::remark(line));
            } else {
                self.last = told;
                host.opens(line, say);
                say(Reading::tells(b"", connect_failed(words)));
            }
            return true;
        }
        self.client(&entry, line, say)
    }
}

impl Log {
    /// A line about a delivery.
    fn delivery(&mut self, entry: &Entry<'_>, delivery: &Delivery<'_>, line: &[u8], say: Say<'_>) {
        let message = entry.text.split(|octet| *octet == b' ').next().unwrap_or_default();
        let told =
            [message, b" ", delivery.words, b" ", delivery.reply.unwrap_or_default()].concat();
        if told == self.last {
            say(Reading::remark(line));
            return;
        }
        self.last = told;
        match delivery.host {
            Some(host) => host.opens(line, say),
            None => say(Reading::tells(line, Fact::Opening)),
        }
        if delivery.reply.is_err() {
            say(Reading::tells(b"", Fact::Opened));
        }
        bounce::command(&delivery.answered(), line, say);
        match delivery.reply {
            Ok(reply) => say_lines(reply, entry.at, say),
            Err(Lost::Closed) => say(Reading::tells(b"", Fact::Closed(ClosedBy::Server))),
            Err(Lost::TimedOut) => say(Reading::tells(b"", Fact::TimedOut)),
        }
    }

    /// A line about a client.
    fn client(&mut self, entry: &Entry<'_>, line: &[u8], say: Say<'_>) -> bool {
        let known = entry.process.filter(|process| self.open.iter().any(|open| open == process));
        if let Some(refusal) = refusal(entry.text) {
            if known.is_none() {
                say(keyed(Reading::tells(line, Fact::Opening), entry.process));
                if let Some(End { address, port }) = Host::logged(entry.text).map(|host| host.end) {
                    let client = Fact::ClientAddress { address: address.to_vec(), port };
                    say(keyed(Reading::tells(b"", client), entry.process));
                }
                if let Some(process) = entry.process {
                    if self.open.len() >= MAX_OPEN {
                        self.open.pop_front();
                    }
                    self.open.push_back(process.to_vec());
                }
            }
            bounce::command(&refusal.answered, line, &mut |reading| {
                say(keyed(reading, entry.process));
            });
            let reply = Reading::unescaped(Mark::Second, refusal.reply, line).at(Some(entry.at));
            say(keyed(reply, entry.process));
            return true;
        }
        let Some(process) = known else { return false };
        let closed = if has(entry.text, " closed by QUIT")
            || has(entry.text, " lost")
            || has(entry.text, "unexpected disconnection")
        {
            ClosedBy::Client
        } else if has(entry.text, " dropped: ") || has(entry.text, " closed after ") {
            ClosedBy::Server
        } else {
            return Self::accepted(entry, process, line, say);
        };
        self.open.retain(|open| open != process);
        if has(entry.text, " closed by QUIT") {
            say(Reading::unescaped(Mark::First, b"QUIT".to_vec(), line).of(process));
        }
        say(Reading::tells(line, Fact::Closed(closed)).of(process));
        true
    }

    /// `1xVT5l-0001EP-0M <= a@b.example H=(me) [192.0.2.7] P=esmtp`: a message came in.
    fn accepted(entry: &Entry<'_>, process: &[u8], line: &[u8], say: Say<'_>) -> bool {
        let Some((name, rest)) = around(entry.text, " <= ") else { return false };
        if !has(rest, "smtp") || name.contains(&b' ') {
            return false;
        }
        bounce::command(&Answered::Message, line, &mut |reading| say(reading.of(process)));
        let reply = [b"250 OK id=", name].concat();
        say(Reading::unescaped(Mark::Second, reply, line).at(Some(entry.at)).of(process));
        true
    }
}

fn keyed<'l>(reading: Reading<'l>, process: Option<&'l [u8]>) -> Reading<'l> {
    match process {
        Some(process) => reading.of(process),
        None => reading,
    }
}

/// Says the lines of a reply that stand behind each other with `\n` between them.
fn say_lines(reply: &[u8], at: Moment, say: Say<'_>) {
    let mut rest = reply;
    while let Some((text, further)) = around(rest, "\\n") {
        say(Reading::said(Mark::Second, text).at(Some(at)));
        rest = further;
    }
    if !rest.is_empty() {
        say(Reading::said(Mark::Second, rest).at(Some(at)));
    }
}

#[cfg(test)]
mod tests {
    use super::{
        super::shown::{check, evident},
        *,
    };

    #[test]
    fn deliveries_and_clients() {
        check(
            &DIALECT,
            "2026-11-23 10:13:10.118 [8064] 1xVR2s-000261-01 ** b@example.net F=<a@b.example> R=r T=t H=mx.example.net [192.0.2.25]:2526 I=[192.0.2.7]:52184: SMTP error from remote mail server after RCPT TO:<b@example.net>: 550-5.1.1 no\\n550 5.1.1 such user DT=0.000s\n\
             2026-11-23 10:13:11 1xVR2s-000261-02 mx.example.net [192.0.2.25] Connection refused\n\
             2026-11-23 12:24:16 [4737] H=(me) [192.0.2.7] F=<a@b.example> rejected RCPT <c@d.example>: relay not permitted\n\
             2026-11-23 12:24:16 [4737] SMTP syntax error in \"FOO\" H=(me) [192.0.2.7] unrecognized command\n\
             2026-11-23 12:24:17 [4737] 1xVT5l-0001EP-0M <= a@b.example H=(me) [192.0.2.7] P=smtp S=243\n\
             2026-11-23 12:24:17 [4738] 1xVT5l-0001EP-0M Completed\n\
             2026-11-23 12:24:17 [4737] SMTP connection from (me) [192.0.2.7] closed by QUIT",
            "* = Opening
             * = Dialled { host: 'mx.example.net', port: Some(2526) }
             * = ServerAddress { address: '192.0.2.25', port: Some(2526) }
             * = Elision
             1 RCPT TO:<b@example.net>
             2 550-5.1.1 no
             2 550 5.1.1 such user
             * = Opening
             * = Dialled { host: 'mx.example.net', port: None }
             * = ServerAddress { address: '192.0.2.25', port: None }
             * = ConnectFailed(Refused)
             [4737] * = Opening
             [4737] * = ClientAddress { address: '192.0.2.7', port: None }
             [4737] * = Elision
             [4737] 1 RCPT TO:<c@d.example>
             [4737] 2 550 relay not permitted
             [4737] * = Elision
             [4737] 1 FOO
             [4737] 2 500 unrecognized command
             [4737] * = Elision
             [4737] * = BodyHidden(None)
             [4737] 1 .
             [4737] 2 250 OK id=1xVT5l-0001EP-0M
             ? 2026-11-23 12:24:17 [4738] 1xVT5l-0001EP-0M Completed
             [4737] 1 QUIT
             [4737] * = Closed(Client)",
        );
        check(
            &DIALECT,
            "2026-11-23 10:13:11 1xVR2s-000261-02 == b@example.net R=r T=t defer (113): No route to host H=mx.example.net [192.0.2.25]: more",
            "* = Opening
             * = Dialled { host: 'mx.example.net', port: None }
             * = ServerAddress { address: '192.0.2.25', port: None }
             * = ConnectFailed(Other)",
        );
        evident(&DIALECT, "2026-11-23 12:24:16 I rejected him: no", false);
    }
}
