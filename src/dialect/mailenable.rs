//! `MailEnable`'s SMTP activity log: a command and its reply in one row of tabs.
//!
//! ```text
//! 11/23/26 00:00:25	SMTP-IN	FE7A5EF7.MAI	816	192.0.2.7			220 mx.example ESMTP MailEnable	0	0
//! 11/23/26 00:00:25	SMTP-IN	FE7A5EF7.MAI	816	192.0.2.7	EHLO	EHLO client.example	250-mx.example	129	14
//! ```
//!
//! Columns: time, direction, message, socket, peer's address, verb, line, reply, octets sent and
//! received, user. Traps: the first row of a connection has a reply and no command; the answers to an AUTH
//! challenge stand behind the verb `AUTH`. From the vendor's description of the log.

use super::{
    Custom, Dialect, Reader, Reading, Record, Say, Times, Unmarked,
    reply_rows::{code, joined},
    row as flaws, time,
};
use crate::transcript::{ClosedBy, Fact, Mark};

pub(super) static DIALECT: Dialect = Dialect {
    name: "mailenable",
    about: "MailEnable's SMTP activity log",
    client: "seventh column",
    server: "eighth column",
    key: "direction and socket",
    times: Times::Always,
    record: Record::DIALOGUE,
    unmarked: Unmarked::Neither,
    custom: Custom::FirstIsClient,
    hints: &["\tSMTP-IN\t", "\tSMTP-OU\t"],
    evidence: |line| Row::of(line).is_some(),
    reader: || Box::new(Log::default()),
};

struct Row<'l> {
    time: &'l [u8],
    direction: &'l [u8],
    socket: &'l [u8],
    peer: &'l [u8],
    verb: &'l [u8],
    command: &'l [u8],
    reply: &'l [u8],
    /// How many columns it has.
    width: usize,
}

impl<'l> Row<'l> {
    fn of(line: &'l [u8]) -> Option<Self> {
        let mut columns = line.split(|octet| *octet == b'\t');
        let (time, direction) = (columns.next()?, columns.next()?);
        if direction != b"SMTP-IN" && direction != b"SMTP-OU" {
            return None;
        }
        let (_, socket, peer) = (columns.next()?, columns.next()?, columns.next()?);
        let (verb, command, reply) = (columns.next()?, columns.next()?, columns.next()?);
        let width = 8 + columns.count();
        Some(Self { time, direction, socket, peer, verb, command, reply, width })
    }
}

#[derive(Debug, Default)]
struct Log {
    /// Reused from row to row.
    key: Vec<u8>,
    /// A row was whole.
    whole: bool,
}

/// How many columns a row has at least.
const COLUMNS: usize = 10;

impl Reader for Log {
    fn read(&mut self, line: &[u8], say: Say<'_>) -> bool {
        let Some(row) = Row::of(line) else { return self.remnant(line, say) };
        self.whole |= row.width >= COLUMNS;
        // Copies may lack the last columns, and then all rows do.
        if row.width < COLUMNS && self.whole {
            say(Reading::damaged(b"", flaws::columns(row.width, WRITES, COLUMNS)));
        }
        self.key.clear();
        self.key.extend_from_slice(row.direction);
        self.key.push(b' ');
        self.key.extend_from_slice(row.socket);
        let at = time::strokes(row.time).map(|(at, _)| at);
        let command = row.command.trim_ascii_end();
        if !command.is_empty() {
            say(Reading::said(Mark::First, command).at(at).of(&self.key));
        } else if row.reply.starts_with(b"220") {
            say(Reading::tells(row.direction, Fact::Opening).at(at).of(&self.key));
            let address = row.peer.to_vec();
            let fact = if row.direction == b"SMTP-IN" {
                Fact::ClientAddress { address, port: None }
            } else {
                Fact::ServerAddress { address, port: None }
            };
            say(Reading::tells(b"", fact).of(&self.key));
        }
        let reply = row.reply.trim_ascii();
        if code(reply).is_some() {
            for line in joined(reply, b" ") {
                let hidden = line.starts_with(b"354").then_some(Fact::BodyHidden(None));
                let reading = Reading { fact: hidden, ..Reading::said(Mark::Second, line) };
                say(reading.at(at).of(&self.key));
            }
        }
        if row.verb.eq_ignore_ascii_case(b"QUIT") {
            say(Reading::tells(b"", Fact::Closed(ClosedBy::Client)).of(&self.key));
        }
        true
    }
}

/// Whose number of columns it is.
const WRITES: &str = "MailEnable writes at least";

impl Log {
    /// A line that is no row; `false` where it is no beginning of one, either.
    fn remnant(&self, line: &[u8], say: Say<'_>) -> bool {
        let mut columns = line.split(|octet| *octet == b'\t');
        let timed = columns.next().is_some_and(|time| time::strokes(time).is_some());
        let known = matches!(columns.next(), Some(b"SMTP-IN" | b"SMTP-OU"));
        if timed && known && self.whole {
            let width = line.split(|octet| *octet == b'\t').count();
            say(Reading::damaged(line, flaws::columns(width, WRITES, COLUMNS)));
        }
        timed && known
    }
}

#[cfg(test)]
mod tests {
    use super::{
        super::shown::{check, evident},
        *,
    };

    #[test]
    fn reads_command_and_reply_of_a_row() {
        check(
            &DIALECT,
            "11/23/26 00:00:25\tSMTP-IN\tFE7A.MAI\t816\t192.0.2.7\t\t\t220 mx ESMTP\t0\t0\n\
             11/23/26 00:00:25\tSMTP-IN\tFE7A.MAI\t816\t192.0.2.7\tEHLO\tEHLO client\t250-mx Hello 250-SIZE 10 250 HELP\t129\t14\n\
             11/23/26 00:00:25\tSMTP-IN\tFE7A.MAI\t816\t192.0.2.7\tAUTH\tdXNlcg==\t535 no\t34\t14\tx@y\n\
             11/23/26 00:00:25\tSMTP-IN\tFE7A.MAI\t816\t192.0.2.7\tQUIT\tQUIT\t221 bye\t34\t14",
            "[SMTP-IN 816] * = Opening
             [SMTP-IN 816] * = ClientAddress { address: '192.0.2.7', port: None }
             [SMTP-IN 816] 2 220 mx ESMTP
             [SMTP-IN 816] 1 EHLO client
             [SMTP-IN 816] 2 250-mx Hello
             [SMTP-IN 816] 2 250-SIZE 10
             [SMTP-IN 816] 2 250 HELP
             [SMTP-IN 816] 1 dXNlcg==
             [SMTP-IN 816] 2 535 no
             [SMTP-IN 816] 1 QUIT
             [SMTP-IN 816] 2 221 bye
             [SMTP-IN 816] * = Closed(Client)",
        );
        evident(&DIALECT, "a\tSMTP-IN\tb", false);
    }
}
