//! hMailServer's log: quoted columns, both its roles and other protocols in one file.
//!
//! ```text
//! "SMTPD"	2716	37	"2026-11-23 13:57:54.251"	"192.0.2.7"	"SENT: 220 mx.example ESMTP"
//! "SMTPD"	2716	37	"2026-11-23 13:57:54.301"	"192.0.2.7"	"RECEIVED: EHLO client.example"
//! "SMTPD"	2716	37	"2026-11-23 13:57:54.302"	"192.0.2.7"	"SENT: 250-mx.example[nl]250 AUTH LOGIN"
//! "SMTPC"	2720	38	"2026-11-23 13:58:01.120"	"198.51.100.5"	"RECEIVED: 220 mx.example.net"
//! ```
//!
//! Traps: `SMTPD` receives mail, `SMTPC` delivers it, so `RECEIVED` changes sides; a reply is one row with
//! `[nl]` between its lines; quotes within the last column are not doubled; the thread changes within a
//! session. Passwords are `***`, the message is not shown. Copies have spaces for tabs, or lost the first
//! columns. From the server's `Logger.cpp` and records that people published.

use std::borrow::Cow;

use super::{
    Custom, Dialect, Reader, Reading, Record, Say, Times, Unmarked, escape::token_lines,
    row as flaws, time,
};
use crate::transcript::{ClosedBy, Fact, Mark};

pub(super) static DIALECT: Dialect = Dialect {
    name: "hmailserver",
    about: "hMailServer's log",
    client: "RECEIVED: in SMTPD rows, SENT: in SMTPC rows",
    server: "SENT: in SMTPD rows, RECEIVED: in SMTPC rows",
    key: "role and session",
    times: Times::Always,
    record: Record::DIALOGUE,
    unmarked: Unmarked::Neither,
    custom: Custom::FirstIsClient,
    hints: &["\"SENT: ", "\"RECEIVED: "],
    evidence: |line| Row::of(line).is_some(),
    reader: || Box::new(Log::default()),
};

/// How many columns a row of a dialogue has.
const COLUMNS: usize = 6;

/// A row that holds a part of a dialogue.
#[derive(Debug, Clone, Copy)]
struct Row<'l> {
    /// It is a row of a delivery.
    delivers: bool,
    session: Option<&'l [u8]>,
    time: Option<&'l [u8]>,
    peer: Option<&'l [u8]>,
    received: bool,
    text: &'l [u8],
    /// The quote before the text never closes.
    unclosed: bool,
}

impl<'l> Row<'l> {
    fn of(line: &'l [u8]) -> Option<Self> {
        let quote = line.first()?;
        if *quote != b'"' {
            return None;
        }
        let (at, received, text) = said(line)?;
        let mut columns = Columns { rest: line.get(..at)?.trim_ascii_end() };
        let kind = columns.next()?;
        let closed = text.strip_suffix(b"\"");
        let (text, unclosed) = (closed.unwrap_or(text), closed.is_none());
        let delivers = match kind {
            b"SMTPD" => false,
            b"SMTPC" => true,
            // A copy without the first columns: only the peer is left.
            _ if columns.rest.is_empty() => {
                let (session, time, peer) = (None, None, Some(kind));
                return Some(Self {
                    delivers: false,
                    session,
                    time,
                    peer,
                    received,
                    text,
                    unclosed,
                });
            }
            _ => return None,
        };
        columns.next();
        let (session, time, peer) = (columns.next(), columns.next(), columns.next());
        Some(Self { delivers, session, time, peer, received, text, unclosed })
    }
}

/// Where the last column begins, whether it was received, and its text.
fn said(line: &[u8]) -> Option<(usize, bool, &[u8])> {
    let mut from = 1;
    loop {
        let quote = from + memchr::memchr(b'"', line.get(from..)?)?;
        let rest = line.get(quote + 1..)?;
        let blank = matches!(line.get(quote - 1), Some(b'\t' | b' '));
        if let Some(text) = rest.strip_prefix(b"SENT: ").filter(|_| blank) {
            return Some((quote, false, text));
        }
        if let Some(text) = rest.strip_prefix(b"RECEIVED: ").filter(|_| blank) {
            return Some((quote, true, text));
        }
        from = quote + 1;
    }
}

/// The columns of a row, without their quotes.
struct Columns<'l> {
    rest: &'l [u8],
}

impl<'l> Iterator for Columns<'l> {
    type Item = &'l [u8];

    fn next(&mut self) -> Option<&'l [u8]> {
        let text = self.rest;
        let (column, rest) = if let Some(quoted) = text.strip_prefix(b"\"") {
            let end = memchr::memchr(b'"', quoted)?;
            (quoted.get(..end)?, quoted.get(end + 1..)?)
        } else {
            let end = memchr::memchr2(b'\t', b' ', text).unwrap_or(text.len());
            text.split_at_checked(end).filter(|(column, _)| !column.is_empty())?
        };
        self.rest = rest.trim_ascii_start();
        Some(column)
    }
}

#[derive(Debug, Default)]
struct Log {
    /// Reused from row to row.
    key: Vec<u8>,
}

impl Reader for Log {
    fn read(&mut self, line: &[u8], say: Say<'_>) -> bool {
        let Some(row) = Row::of(line) else { return self.other(line, say) };
        let at = row.time.and_then(|time| time::iso(time)).map(|(at, _)| at);
        if row.unclosed && row.session.is_some() {
            say(Reading::damaged(b"", flaws::QUOTES.to_owned()));
        }
        if let Some(session) = row.session {
            self.compose_key(row.delivers, session);
        }
        let key = row.session.map(|_| &self.key);
        let client = row.received != row.delivers;
        if !client
            && row.text.starts_with(b"220")
            && let Some(peer) = row.peer
        {
            let address = peer.to_vec();
            let fact = if row.delivers {
                Fact::ServerAddress { address, port: None }
            } else {
                Fact::ClientAddress { address, port: None }
            };
            let key = key.map(|key| Cow::Borrowed(key.as_slice()));
            say(Reading { key, ..Reading::tells(b"", fact) });
        }
        let mark = if client { Mark::First } else { Mark::Second };
        let hidden = !client && row.text.starts_with(b"354");
        for part in token_lines(row.text, b"[nl]", true) {
            let key = key.map(|key| Cow::Borrowed(key.as_slice()));
            let fact = hidden.then_some(Fact::BodyHidden(None));
            say(Reading { at, key, fact, ..part.said(mark) });
        }
        true
    }
}

impl Log {
    fn compose_key(&mut self, delivers: bool, session: &[u8]) {
        self.key.clear();
        self.key.extend_from_slice(if delivers { b"SMTPC " } else { b"SMTPD " });
        self.key.extend_from_slice(session);
    }

    /// Rows of other kinds; they tell when a session ends.
    fn other(&mut self, line: &[u8], say: Say<'_>) -> bool {
        const KINDS: [&[u8]; 10] = [
            b"DEBUG",
            b"TCPIP",
            b"APPLICATION",
            b"ERROR",
            b"IMAPD",
            b"POP3D",
            b"POP3C",
            b"SMTPD",
            b"SMTPC",
            b"EVENT",
        ];
        let mut columns = Columns { rest: line };
        if line.first() != Some(&b'"') || !columns.next().is_some_and(|kind| KINDS.contains(&kind))
        {
            return false;
        }
        let spoken = line.starts_with(b"\"SMTPD\"") || line.starts_with(b"\"SMTPC\"");
        if spoken {
            let whole = 1 + columns.by_ref().count();
            let found = whole + usize::from(!columns.rest.is_empty());
            if found < COLUMNS {
                let what = flaws::columns(found, "hMailServer writes", COLUMNS);
                say(Reading::damaged(line, what));
                return true;
            }
        }
        let ended = memchr::memmem::find(line, b"\"Ending session ")
            .and_then(|at| line.get(at + 16..))
            .and_then(|rest| rest.strip_suffix(b"\""));
        if let Some(session) = ended {
            for delivers in [false, true] {
                self.compose_key(delivers, session);
                say(Reading::tells(b"", Fact::Closed(ClosedBy::Unknown)).of(&self.key));
            }
        }
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
    fn reads_both_roles() {
        check(
            &DIALECT,
            "\"TCPIP\"\t2716\t\"2026-11-23 13:57:54.250\"\t\"TCP - 192.0.2.7 connected to 192.0.2.1:25.\"\n\
             \"SMTPD\"\t2716\t37\t\"2026-11-23 13:57:54.251\"\t\"192.0.2.7\"\t\"SENT: 220 mx ESMTP\"\n\
             \"SMTPD\"\t2717\t37\t\"2026-11-23 13:57:54.301\"\t\"192.0.2.7\"\t\"RECEIVED: MAIL FROM:<\"a\" b\"@c>\"\n\
             \"SMTPC\"\t2716\t37\t\"2026-11-23 13:57:54.301\"\t\"198.51.100.5\"\t\"RECEIVED: 220 mx\"\n\
             \"SMTPD\"\t2716\t37\t\"2026-11-23 13:57:54.302\"\t\"192.0.2.7\"\t\"SENT: 250-mx[nl]250-SIZE[nl]250 HELP\"\n\
             \"SMTPC\"   2716   37   \"2026-11-23 13:57:54.301\"   \"198.51.100.5\"   \"SENT: DATA\"\n\
             \"DEBUG\"\t2716\t\"2026-11-23 13:57:54.252\"\t\"Ending session 37\"\n\
             \"IMAPD\"\t2716\t3\t\"2026-11-23 13:57:54.302\"\t\"192.0.2.7\"\t\"SENT: * OK IMAPrev1\"\n\
             \"192.0.2.7\"    \"SENT: 354 OK, send.\"",
            "[SMTPD 37] * = ClientAddress { address: '192.0.2.7', port: None }
             [SMTPD 37] 2 220 mx ESMTP
             [SMTPD 37] 1 MAIL FROM:<\"a\" b\"@c>
             [SMTPC 37] * = ServerAddress { address: '198.51.100.5', port: None }
             [SMTPC 37] 2 220 mx
             [SMTPD 37] 2 250-mx
             [SMTPD 37] 2 250-SIZE
             [SMTPD 37] 2 250 HELP
             [SMTPC 37] 1 DATA
             [SMTPD 37] * = Closed(Unknown)
             [SMTPC 37] * = Closed(Unknown)
             2 354 OK, send. = BodyHidden(None)",
        );
        evident(
            &DIALECT,
            "\"SMTPC\"\t1\t2\t\"2026-11-23 13:57:54.302\"\t\"::1\"\t\"SENT: QUIT\"",
            true,
        );
        evident(
            &DIALECT,
            "\"POP3D\"\t1\t2\t\"2026-11-23 13:57:54.302\"\t\"::1\"\t\"SENT: +OK\"",
            false,
        );
        evident(&DIALECT, "He wrote \"SENT: 250\"", false);
    }
}
