//! OpenSMTPD's ordinary log: what it refused to clients, and what hosts answered to deliveries.
//!
//! ```text
//! Nov 23 10:13:45 mx smtpd[71]: 878b8978578d25f1 smtp connected address=192.0.2.7 host=client.example
//! Nov 23 10:13:46 mx smtpd[71]: 878b8978578d25f1 smtp failed-command command="RCPT TO:<b@example.net>" result="550 …"
//! Nov 23 10:13:47 mx smtpd[71]: 5d2e2c8d1f0a7b33 mta delivery evpid=… to=<b@example.net> … relay="192.0.2.25
//!   (mx.example.net)" delay=1s result="PermFail" stat="550 5.1.1 no"
//! ```
//!
//! (Each is one line of the log.) Traps: versions differ in how they say the same (`smtp event=failed-command`,
//! `smtp-in: Failed command on session …: "…" => …`, `relay: PermFail for …`); commands that were accepted are not
//! told; which command a delivery failed at is not told; an empty command is the connection itself; where OpenSMTPD
//! traces as well (`opensmtpd-trace`), the same stands in the dialogue. From OpenSMTPD's
//! `smtp_session.c` and `mta_session.c` and from logs that people published.

use super::{
    Custom, Dialect, Reader, Reading, Record, Say, Times, Unmarked,
    bounce::{self, Answered},
    escape::literal,
    failure::has,
    prompt,
    reply_rows::code,
    sign::around,
    time,
};
use crate::transcript::{ClosedBy, Fact, Mark, Moment};

pub(super) static DIALECT: Dialect = Dialect {
    name: "opensmtpd-log",
    about: "refusals in OpenSMTPD's log",
    client: "failed-command command=",
    server: "result=, stat=",
    key: "session",
    times: Times::Sometimes,
    record: Record::DIALOGUE,
    unmarked: Unmarked::Neither,
    custom: Custom::FirstIsClient,
    hints: &[
        " smtp failed-command ",
        "event=failed-command ",
        "Failed command on session ",
        "PermFail",
        "TempFail",
    ],
    evidence: |line| {
        matches!(Entry::of(line), Some(Entry::Refused { .. } | Entry::Undelivered { .. }))
    },
    reader: || Box::new(Log::default()),
};

/// What a line tells.
enum Entry<'l> {
    /// A client came.
    Connected { session: &'l [u8], address: &'l [u8] },
    /// A command was refused; empty where it was the connection.
    Refused { session: &'l [u8], command: &'l [u8], reply: &'l [u8] },
    /// A host took no mail.
    Undelivered { relay: &'l [u8], reply: &'l [u8] },
    /// The client is gone.
    Disconnected { session: &'l [u8] },
}

impl<'l> Entry<'l> {
    fn of(line: &'l [u8]) -> Option<Self> {
        event(line).or_else(|| sentence(line))
    }
}

/// `878b8978578d25f1 smtp failed-command command="…" result="…"`, with `event=` before its name or without.
fn event(line: &[u8]) -> Option<Entry<'_>> {
    let (before, text, receives) = match around(line, b" smtp ") {
        Some((before, text)) => (before, text, true),
        None => around(line, b" mta ").map(|(before, text)| (before, text, false))?,
    };
    let (before, session) = before.split_at_checked(before.len().checked_sub(16)?)?;
    let begins = before.is_empty() || before.ends_with(b": ");
    (begins && session.iter().all(u8::is_ascii_hexdigit)).then_some(())?;
    let text = text.strip_prefix(b"event=").unwrap_or(text);
    let (name, rest) = around(text, b" ")?;
    Some(match (name, receives) {
        (b"connected", true) => Entry::Connected { session, address: value(rest, b"address=")? },
        (b"failed-command", true) => {
            let command = quoted(rest, b"command=")?;
            Entry::Refused { session, command, reply: last(rest, b"result=")? }
        }
        (b"disconnected", true) => Entry::Disconnected { session },
        (b"delivery", false) => {
            let reply = last(rest, b"stat=").filter(|reply| code(reply).is_some())?;
            let failed = has(rest, "result=\"PermFail\"") || has(rest, "result=\"TempFail\"");
            failed.then_some(Entry::Undelivered { relay: quoted(rest, b"relay=")?, reply })?
        }
        _ => return None,
    })
}

/// How versions before 5.9 say it: `smtp-in: Failed command on session 878b8978578d25f1: "…" => 550 …`.
fn sentence(line: &[u8]) -> Option<Entry<'_>> {
    if let Some((_, rest)) = around(line, b"smtp-in: ") {
        if let Some(rest) = rest.strip_prefix(b"Failed command on session ") {
            let (session, rest) = around(rest, b": ")?;
            let command = literal(rest)?;
            let reply = command.rest.strip_prefix(b" => ")?;
            return Some(Entry::Refused { session, command: command.inner, reply });
        }
        if let Some(rest) = rest.strip_prefix(b"New session ") {
            let (session, rest) = around(rest, b" from host ")?;
            let (_, address) = around(rest, b"[")?;
            return Some(Entry::Connected { session, address: around(address, b"]")?.0 });
        }
        let session = rest
            .strip_prefix(b"Closing session ")
            .or_else(|| rest.strip_prefix(b"Received disconnect from session "))?;
        return Some(Entry::Disconnected { session });
    }
    let (_, rest) =
        around(line, b"relay: PermFail for ").or_else(|| around(line, b"relay: TempFail for "))?;
    let (rest, reply) = around(rest, b", stat=")?;
    let (_, relay) = around(rest, b", relay=")?;
    let relay = around(relay, b", delay=").map_or(relay, |(relay, _)| relay);
    code(reply).is_some().then_some(Entry::Undelivered { relay, reply })
}

/// What stands behind `name=` up to the next blank.
fn value<'l>(text: &'l [u8], name: &[u8]) -> Option<&'l [u8]> {
    around(text, name)?.1.split(|octet| *octet == b' ').next()
}

/// What stands in quotes behind `name=`.
fn quoted<'l>(text: &'l [u8], name: &[u8]) -> Option<&'l [u8]> {
    literal(around(text, name)?.1).map(|literal| literal.inner)
}

/// The same of what stands last in the line: with more behind it, the line is wrapped in something.
fn last<'l>(text: &'l [u8], name: &[u8]) -> Option<&'l [u8]> {
    let literal = literal(around(text, name)?.1)?;
    literal.rest.trim_ascii().is_empty().then_some(literal.inner)
}

#[derive(Debug, Default)]
struct Log {
    /// The dialogue itself is in the record.
    traced: bool,
}

impl Reader for Log {
    fn read(&mut self, line: &[u8], say: Say<'_>) -> bool {
        self.traced |= line.starts_with(b"smtp: 0x") || line.starts_with(b"mta: 0x");
        !self.traced && read(line, say)
    }
}

fn read(line: &[u8], say: Say<'_>) -> bool {
    let Some(entry) = Entry::of(line) else { return false };
    let at = time::stamped(line).map(|(at, _)| at);
    match entry {
        Entry::Connected { session, address } => {
            say(Reading::tells(line, Fact::Opening).at(at).of(session));
            if address != b"local" {
                let fact = Fact::ClientAddress { address: address.to_vec(), port: None };
                say(Reading::tells(b"", fact).at(at).of(session));
            }
        }
        Entry::Refused { session, command, reply } => {
            let answered = match command.trim_ascii() {
                b"" => Answered::Nothing,
                command => Answered::Command(command.to_vec()),
            };
            bounce::command(&answered, command, &mut |reading| say(reading.of(session)));
            say(Reading::said(Mark::Second, reply).at(at).of(session));
        }
        Entry::Undelivered { relay, reply } => undelivered(line, relay, reply, at, say),
        Entry::Disconnected { session } => {
            say(Reading::tells(line, Fact::Closed(ClosedBy::Client)).at(at).of(session));
        }
    }
    true
}

/// `192.0.2.25 (mx.example.net)` took no mail.
fn undelivered(line: &[u8], relay: &[u8], reply: &[u8], at: Option<Moment>, say: Say<'_>) {
    say(Reading::tells(line, Fact::Opening).at(at));
    let (address, name) = around(relay, b" (").unwrap_or((relay, b""));
    let name = name.strip_suffix(b")").unwrap_or(name);
    if let Some(fact) = prompt::dialled(name, None).filter(|_| name != address) {
        say(Reading::tells(b"", fact).at(at));
    }
    let address = Fact::ServerAddress { address: address.to_vec(), port: None };
    say(Reading::tells(b"", address).at(at));
    bounce::command(&Answered::Unknown, line, say);
    bounce::whole_reply(reply, None, at, say);
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
            "Nov 23 10:13:45 mx smtpd[71]: 878b8978578d25f1 smtp connected address=192.0.2.7 host=client.example\n\
             Nov 23 10:13:46 mx smtpd[71]: 878b8978578d25f1 smtp failed-command command=\"RCPT TO:<b@example.net> \" result=\"550 Invalid recipient: <b@example.net>\"\n\
             Nov 23 10:13:46 mx smtpd[71]: 878b8978578d25f1 smtp disconnected reason=quit\n\
             5d2e2c8d1f0a7b33 mta event=delivery evpid=1 from=<> to=<b@example.net> rcpt=<-> source=\"192.0.2.7\" relay=\"192.0.2.25 (mx.example.net)\" delay=1s result=\"PermFail\" stat=\"550 5.1.1 no\"\n\
             5d2e2c8d1f0a7b33 mta delivery evpid=1 from=<> to=<b@example.net> rcpt=<-> source=\"192.0.2.7\" relay=\"192.0.2.25 (192.0.2.25)\" delay=1s result=\"Ok\" stat=\"250 ok\"",
            "[878b8978578d25f1] * = Opening
             [878b8978578d25f1] * = ClientAddress { address: '192.0.2.7', port: None }
             [878b8978578d25f1] * = Elision
             [878b8978578d25f1] 1 RCPT TO:<b@example.net>
             [878b8978578d25f1] 2 550 Invalid recipient: <b@example.net>
             [878b8978578d25f1] * = Closed(Client)
             * = Opening
             * = Dialled { host: 'mx.example.net', port: None }
             * = ServerAddress { address: '192.0.2.25', port: None }
             * = Elision
             2 550 5.1.1 no
             ? 5d2e2c8d1f0a7b33 mta delivery evpid=1 from=<> to=<b@example.net> rcpt=<-> source=\"192.0.2.7\" relay=\"192.0.2.25 (192.0.2.25)\" delay=1s result=\"Ok\" stat=\"250 ok\"",
        );
    }

    #[test]
    fn older_versions_say_it_otherwise() {
        check(
            &DIALECT,
            "smtp-in: New session 878b8978578d25f1 from host localhost [127.0.0.1]\n\
             smtp-in: Failed command on session 878b8978578d25f1: \"RCPT TO:<b@example.net>\" => 550 Invalid recipient\n\
             relay: TempFail for 6430369adcce4408: session=5d2e2c8d1f0a7b33, from=<a@b>, to=<b@example.net>, rcpt=<->, source=127.0.0.1, relay=192.0.2.25 (mx.example.net), delay=0s, stat=450 later",
            "[878b8978578d25f1] * = Opening
             [878b8978578d25f1] * = ClientAddress { address: '127.0.0.1', port: None }
             [878b8978578d25f1] * = Elision
             [878b8978578d25f1] 1 RCPT TO:<b@example.net>
             [878b8978578d25f1] 2 550 Invalid recipient
             * = Opening
             * = Dialled { host: 'mx.example.net', port: None }
             * = ServerAddress { address: '192.0.2.25', port: None }
             * = Elision
             2 450 later",
        );
        evident(&DIALECT, "878b8978578d25f1 smtp connected address=192.0.2.7 host=x", false);
        evident(
            &DIALECT,
            "we talk about smtp failed-command command=\"QUIT\" result=\"500 no\"",
            false,
        );
    }
}
