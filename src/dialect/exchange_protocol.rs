//! The protocol logs of Microsoft Exchange 2007 and later: one CSV row an event, sessions interleaved.
//!
//! ```text
//! #Log-type: SMTP Receive Protocol Log
//! #Fields: date-time,connector-id,session-id,sequence-number,local-endpoint,remote-endpoint,event,data,context
//! 2026-11-23T10:13:45.123Z,EX1\Default,08DE2A6F00000001,0,192.0.2.25:25,198.51.100.7:4242,+,,
//! 2026-11-23T10:13:45.124Z,EX1\Default,08DE2A6F00000001,1,192.0.2.25:25,198.51.100.7:4242,>,220 ex1.example.com,
//! 2026-11-23T10:13:45.190Z,EX1\Default,08DE2A6F00000001,2,192.0.2.25:25,198.51.100.7:4242,<,EHLO client.example,
//! ```
//!
//! Traps: `<` is what Exchange received, so it is the client in a receive log and the server in a send
//! log. Since 2013 the reply to EHLO is one row with the codes dropped and the keywords run together
//! behind `250` and two spaces; before, it was a row a line. The message and the client's answers to 334
//! are not logged. Excerpts come without the header; copies through a spreadsheet have semicolons or tabs
//! for commas. A send log begins a session with `*` (attempting to connect), before its `+`.
//!
//! From Microsoft's description of protocol logging and from logs that people published.

use std::{borrow::Cow, collections::HashSet, iter::Peekable};

use super::{
    Custom, Dialect, Reader, Reading, Record, Say, Times, Unmarked,
    exchange_hello::Lines,
    exchange_row::{Columns, Flaw, Remnant, Row, is_session_id, remnant, torn, width},
    row as flaws, time,
};
use crate::transcript::{ClosedBy, ConnectFailure, Fact, Mark, Moment};

pub(super) static DIALECT: Dialect = Dialect {
    name: "exchange-protocol",
    about: "Microsoft Exchange's SMTP receive and send protocol logs",
    client: "< in a receive log, > in a send log",
    server: "> in a receive log, < in a send log",
    key: "session-id",
    times: Times::Always,
    record: Record::DIALOGUE,
    unmarked: Unmarked::Neither,
    custom: Custom::FirstIsClient,
    hints: &[
        "#Log-type: SMTP",
        "date-time,connector-id",
        ",<,",
        ",>,",
        ",+,",
        ",*,",
        ",-,",
        ";<;",
        ";>;",
        "\t<\t",
        "\t>\t",
        "\"<\"",
        "\">\"",
    ],
    evidence: |line| {
        header(line).is_some_and(|name| name.starts_with(b"Log-type: SMTP"))
            || Row::of(line, &Columns::USUAL).is_some_and(|row| is_session_id(row.session))
    },
    reader: || Box::new(Log::default()),
};

/// Which of the two logs it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Role {
    /// Exchange is the server.
    Receive,
    /// Exchange is the client.
    Send,
}

/// What follows the `#` of one of the header's lines.
fn header(line: &[u8]) -> Option<&[u8]> {
    const NAMES: [&[u8]; 5] = [b"Software:", b"Version:", b"Log-type:", b"Date:", b"Fields:"];
    let text = line.strip_prefix(b"#")?;
    NAMES.iter().any(|name| text.starts_with(name)).then_some(text)
}

/// How many rows may be an excerpt that lacks the rows with which its sessions open.
const EXCERPT: u32 = 4096;

struct Log {
    columns: Columns,
    role: Option<Role>,
    day: time::SameDay,
    /// The sessions whose addresses were told, in the first rows: an excerpt may lack the row that opens one.
    known: HashSet<Vec<u8>>,
    rows: u32,
    /// A header named the columns.
    named: bool,
    /// The rows are those of another kind of log.
    foreign: bool,
    /// A line that had to be put together from a row, reused from row to row.
    line: Vec<u8>,
}

/// What the ports tell where no header does: mail servers listen on few.
fn role(row: &Row<'_>) -> Option<Role> {
    let serves = |endpoint: &[u8]| {
        let port = memchr::memrchr(b':', endpoint).and_then(|colon| endpoint.get(colon + 1..));
        matches!(port, Some(b"25" | b"587" | b"465" | b"475" | b"717" | b"2525" | b"26"))
    };
    let [_, local, remote] = row.middle.columns();
    match (serves(local), serves(remote)) {
        (true, false) => Some(Role::Receive),
        (false, true) => Some(Role::Send),
        _ => None,
    }
}

impl Default for Log {
    fn default() -> Self {
        Self {
            columns: Columns::USUAL,
            role: None,
            day: time::SameDay::default(),
            known: HashSet::new(),
            rows: 0,
            named: false,
            foreign: false,
            line: Vec::new(),
        }
    }
}

impl Reader for Log {
    fn read(&mut self, line: &[u8], say: Say<'_>) -> bool {
        if let Some(row) = Row::of(line, &self.columns) {
            if let Some(flaw) = row.flaw {
                self.flawed(line, &row, flaw, say);
            } else {
                self.row(&row, say);
            }
            return true;
        }
        let list = if let Some(text) = header(line) {
            match text {
                b"Log-type: SMTP Receive Protocol Log" => self.role = Some(Role::Receive),
                b"Log-type: SMTP Send Protocol Log" => self.role = Some(Role::Send),
                _ => self.foreign |= text.starts_with(b"Log-type:"),
            }
            self.foreign &= !text.starts_with(b"Log-type: SMTP");
            text.strip_prefix(b"Fields:")
        } else if line.starts_with(b"date-time,connector-id") {
            Some(line)
        } else {
            return self.remnant(line, say);
        };
        if let Some(list) = list {
            let columns = Columns::of(list);
            self.named = columns.is_some();
            self.foreign |= columns.is_none();
            self.columns = columns.unwrap_or_else(|| self.columns.clone());
        }
        say(Reading::remark(line));
        true
    }
}

impl Log {
    /// A row that is not as Exchange writes rows.
    #[cold]
    fn flawed(&mut self, line: &[u8], row: &Row<'_>, flaw: Flaw, say: Say<'_>) {
        if flaw != Flaw::Short && self.torn(line, say) {
            return;
        }
        let found = width(line);
        let usual = usize::from(self.columns.named);
        // Who copies rows for others leaves out a context that is empty.
        let whole = flaw == Flaw::Short && found + 1 == usual && !self.named;
        if flaw == Flaw::Quotes {
            say(Reading::damaged(b"", flaws::QUOTES.to_owned()));
        } else if !whole {
            let table = if self.named { flaws::NAMED } else { "Exchange writes" };
            say(Reading::damaged(b"", flaws::columns(found, table, usual)));
        }
        self.row(row, say);
    }

    /// Reads a line in which a row breaks off and another one begins; `false` where it is none.
    fn torn(&mut self, line: &[u8], say: Say<'_>) -> bool {
        let mut rest = line;
        while let Some(at) = torn(rest, &self.columns) {
            let (head, tail) = rest.split_at(at);
            say(Reading::damaged(b"", flaws::TORN.to_owned()));
            if let Some(row) = Row::of(head, &self.columns) {
                self.row(&row, say);
            }
            rest = tail;
        }
        let torn = rest.len() < line.len();
        if torn && let Some(row) = Row::of(rest, &self.columns) {
            self.row(&row, say);
        }
        torn
    }

    /// A line that is no row; `false` where nothing is left of one, either.
    #[cold]
    fn remnant(&mut self, line: &[u8], say: Say<'_>) -> bool {
        if self.foreign || line.is_empty() {
            return false;
        }
        if self.torn(line, say) {
            return true;
        }
        let known = self.rows > 0 || self.named;
        let what = match remnant(line) {
            Some(Remnant::Tail) => flaws::HEADLESS.to_owned(),
            Some(Remnant::Head) if known => {
                let table = if self.named { flaws::NAMED } else { "Exchange writes" };
                flaws::columns(width(line), table, self.columns.named.into())
            }
            _ => return false,
        };
        say(Reading::damaged(line, what));
        true
    }

    fn row(&mut self, row: &Row<'_>, say: Say<'_>) {
        let at = self.day.iso(row.time).map(|(at, _)| at);
        let role = self.role.or_else(|| role(row));
        if self.rows < EXCERPT {
            self.rows += 1;
            let fresh =
                !self.known.contains(row.session) && self.known.insert(row.session.to_vec());
            // The row that opens a session tells them itself.
            if fresh && matches!(row.event, b"<" | b">") {
                addresses(row, role, say);
            }
        }
        match row.event {
            b"<" | b">" => {
                let received = row.event == b"<";
                let client = received != (role == Some(Role::Send));
                let mark = if client { Mark::First } else { Mark::Second };
                self.said(row, mark, at, say);
            }
            b"+" => opened(row, role, at, say),
            b"-" => {
                let by = match row.context.inner {
                    [b'L', b'o', b'c', b'a', b'l', ..] => closed(role, Role::Receive),
                    [b'R', b'e', b'm', b'o', b't', b'e', ..] => closed(role, Role::Send),
                    _ => ClosedBy::Unknown,
                };
                let reading = Reading::tells(row.context.inner, Fact::Closed(by)).at(at);
                say(reading.of(row.session).numbered(row.number()));
            }
            _ => info(row, role, at, say),
        }
    }

    /// A command or a reply.
    fn said(&mut self, row: &Row<'_>, mark: Mark, at: Option<Moment>, say: Say<'_>) {
        let inner = row.data.inner;
        let code = inner.get(..3);
        // Two spaces tell it; where copying has left one, only a long row can be a whole list.
        if code == Some(b"250")
            && inner.get(3) == Some(&b' ')
            && (inner.get(4) == Some(&b' ') || (inner.len() > 40 && inner.get(4..6) != Some(b"2.")))
        {
            let mut lines = Lines::of(inner).peekable();
            if lines.peek().is_some_and(|first| first.len() < inner.len()) {
                self.joined(row, lines, mark, at, say);
                return;
            }
        }
        let fact = match code {
            Some(b"354") => Some(Fact::BodyHidden(None)),
            Some(b"334") => Some(Fact::AuthHidden),
            _ => None,
        };
        // Quotes within quotes are doubled.
        let doubled = row.data.quoted && memchr::memchr(b'"', inner).is_some();
        if doubled {
            self.line.clear();
            let mut rest = inner;
            while let Some(quote) = memchr::memmem::find(rest, b"\"\"") {
                let (before, after) = rest.split_at(quote + 1);
                self.line.extend_from_slice(before);
                rest = after.get(1..).unwrap_or_default();
            }
            self.line.extend_from_slice(rest);
        }
        // Built in one piece: this is where most rows of a log come by.
        say(Reading {
            mark,
            text: Cow::Borrowed(if doubled { &self.line } else { inner }),
            within: doubled.then_some(inner),
            at,
            key: Some(Cow::Borrowed(row.session)),
            fact,
            ending: None,
            number: row.number(),
            joins: false,
        });
    }

    /// The lines of a reply that stands in one row, each with the code that it had on the wire.
    fn joined<'l>(
        &mut self,
        row: &Row<'l>,
        mut lines: Peekable<Lines<'l>>,
        mark: Mark,
        at: Option<Moment>,
        say: Say<'_>,
    ) {
        let mut first = true;
        while let Some(within) = lines.next() {
            let text = if first { within.get(3..).unwrap_or_default() } else { within };
            first = false;
            self.line.clear();
            self.line.extend_from_slice(b"250");
            self.line.push(if lines.peek().is_some() { b'-' } else { b' ' });
            self.line.extend_from_slice(text.trim_ascii());
            let reading =
                Reading::said(mark, &self.line).at(at).of(row.session).numbered(row.number());
            say(Reading { within: Some(within), ..reading });
        }
    }
}

/// Who closed: the local side is the server's in a receive log.
const fn closed(role: Option<Role>, server: Role) -> ClosedBy {
    match (role, server) {
        (None, _) => ClosedBy::Unknown,
        (Some(Role::Receive), Role::Receive) | (Some(Role::Send), Role::Send) => ClosedBy::Server,
        _ => ClosedBy::Client,
    }
}

/// `+`: a connection. In a send log the attempt came before and opened the session.
fn opened(row: &Row<'_>, role: Option<Role>, at: Option<Moment>, say: Say<'_>) {
    let [sequence, ..] = row.middle.columns();
    let fact = if sequence == b"0" { Fact::Opening } else { Fact::Opened };
    say(Reading::tells(row.event, fact).at(at).of(row.session).numbered(row.number()));
    if !row.connector.is_empty() {
        let connector = Fact::Connector(row.connector.to_vec());
        say(Reading::tells(b"", connector).of(row.session));
    }
    addresses(row, role, say);
}

/// The addresses of both sides, which each row has.
fn addresses(row: &Row<'_>, role: Option<Role>, say: Say<'_>) {
    let [_, local, remote] = row.middle.columns();
    let (server, client) = match role {
        Some(Role::Receive) => (local, remote),
        Some(Role::Send) => (remote, local),
        None => return,
    };
    if let Some((address, port)) = endpoint(server) {
        say(Reading::tells(b"", Fact::ServerAddress { address, port }).of(row.session));
    }
    if let Some((address, port)) = endpoint(client) {
        say(Reading::tells(b"", Fact::ClientAddress { address, port }).of(row.session));
    }
}

/// `192.0.2.1:25`, `[2001:db8::1]:25`
fn endpoint(text: &[u8]) -> Option<(Vec<u8>, Option<u16>)> {
    let colon = memchr::memrchr(b':', text)?;
    let (address, port) = (text.get(..colon)?, text.get(colon + 1..)?);
    let address = address.strip_prefix(b"[").and_then(|a| a.strip_suffix(b"]")).unwrap_or(address);
    let port = std::str::from_utf8(port).ok()?.parse().ok();
    (!address.is_empty()).then(|| (address.to_vec(), port))
}

/// `*`: what Exchange tells about the connection, in its own words.
fn info(row: &Row<'_>, role: Option<Role>, at: Option<Moment>, say: Say<'_>) {
    let (data, context) = (row.data.inner, row.context.inner);
    let text = if context.is_empty() { data } else { context };
    let has = |words: &str| memchr::memmem::find(text, words.as_bytes()).is_some();
    let fact = if text.starts_with(b"attempting to connect") {
        say(Reading::tells(text, Fact::Opening).at(at).of(row.session).numbered(row.number()));
        if let Some((host, port)) = endpoint(row.middle.columns()[2]) {
            say(Reading::tells(b"", Fact::Dialled { host, port }).of(row.session));
        }
        return;
    } else if text.starts_with(b"TLS protocol ") && has(" negotiation succeeded") {
        Some(tls(text))
    } else if text.starts_with(b"TLS negotiation failed") {
        Some(Fact::TlsFailed(text.to_vec()))
    } else if text.starts_with(b"Failed to connect") {
        Some(Fact::ConnectFailed(if has("10061") {
            ConnectFailure::Refused
        } else if has("10060") {
            ConnectFailure::TimedOut
        } else if has("11001") {
            ConnectFailure::NotFound
        } else {
            ConnectFailure::Other
        }))
    } else if context == b"authenticated" && !data.is_empty() {
        Some(Fact::AuthenticatedAs(data.to_vec()))
    } else if context == b"Certificate subject" && role == Some(Role::Send) {
        data.strip_prefix(b"CN=").map(|name| {
            let end = memchr::memchr(b',', name).unwrap_or(name.len());
            Fact::CertificateName(name.get(..end).unwrap_or(name).to_vec())
        })
    } else {
        None
    };
    let text = if text.is_empty() { row.event } else { text };
    let reading = Reading::remark(text).at(at).of(row.session).numbered(row.number());
    say(Reading { fact, ..reading });
}

/// `TLS protocol SP_PROT_TLS1_2_SERVER negotiation succeeded using bulk encryption algorithm CALG_AES_256
/// with strength 256 bits, MAC hash algorithm …`
fn tls(text: &[u8]) -> Fact {
    let after = |words: &str| {
        let start = memchr::memmem::find(text, words.as_bytes())? + words.len();
        text.get(start..)?.split(|octet| matches!(octet, b' ' | b',')).next()
    };
    let version = after("SP_PROT_TLS").map(|name| {
        let digits = name.split(|octet| !octet.is_ascii_digit()).filter(|part| !part.is_empty());
        let digits: Vec<&[u8]> = digits.collect();
        let mut version = b"TLSv".to_vec();
        version.extend_from_slice(&digits.join(&b"."[..]));
        if digits.len() == 1 {
            version.extend_from_slice(b".0");
        }
        version
    });
    let cipher = after("encryption algorithm ")
        .map(|name| name.strip_prefix(b"CALG_").unwrap_or(name).to_vec());
    Fact::TlsStarted { version, cipher }
}

#[cfg(test)]
mod tests {
    use super::{
        super::shown::{check, evident},
        *,
    };

    #[test]
    fn reads_a_receive_log() {
        check(
            &DIALECT,
            concat!(
                "#Log-type: SMTP Receive Protocol Log\n",
                "2026-11-23T10:13:45.123Z,EX1\\Default,08DE2A6F00000001,0,192.0.2.25:25,[2001:db8::7]:4242,+,,\n",
                "2026-11-23T10:13:45.124Z,EX1\\Default,08DE2A6F00000001,1,192.0.2.25:25,[2001:db8::7]:4242,*,SMTPSubmit SMTPAcceptAnySender,Set Session Permissions\n",
                "2026-11-23T10:13:45.125Z,EX1\\Default,08DE2A6F00000001,2,192.0.2.25:25,[2001:db8::7]:4242,>,\"220 ex1 ready at Mon, 23 Nov\",\n",
                "2026-11-23T10:13:45.190Z,EX1\\Default,08DE2A6F00000001,3,192.0.2.25:25,[2001:db8::7]:4242,<,EHLO client.example,\n",
                "2026-11-23T10:13:45.191Z,EX1\\Default,08DE2A6F00000001,4,192.0.2.25:25,[2001:db8::7]:4242,>,250  ex1 Hello [2001:db8::7] SIZE 37748736 PIPELINING AUTH GSSAPI NTLM XOAUTH2 X-EXPS GSSAPI 8BITMIME XNEW CHUNKING,\n",
                "2026-11-23T10:13:46.000Z,EX1\\Default,08DE2A6F00000001,5,192.0.2.25:25,[2001:db8::7]:4242,<,\"MAIL FROM:<\"\"a b\"\"@client.example>\",\n",
                "2026-11-23T10:13:46.010Z,EX1\\Default,08DE2A6F00000001,6,192.0.2.25:25,[2001:db8::7]:4242,>,250 2.1.0 Sender OK,\n",
                "2026-11-23T10:13:46.010Z,EX1\\Default,08DE2A6F00000001,7,192.0.2.25:25,[2001:db8::7]:4242,>,354 Start mail input,\n",
                "2026-11-23T10:13:46.020Z,EX1\\Default,08DE2A6F00000001,8,192.0.2.25:25,[2001:db8::7]:4242,-,,Remote(SocketError)\n",
            ),
            "[08DE2A6F00000001] * = Opening
             [08DE2A6F00000001] * = Connector('EX1\\Default')
             [08DE2A6F00000001] * = ServerAddress { address: '192.0.2.25', port: Some(25) }
             [08DE2A6F00000001] * = ClientAddress { address: '2001:db8::7', port: Some(4242) }
             [08DE2A6F00000001] 2 220 ex1 ready at Mon, 23 Nov
             [08DE2A6F00000001] 1 EHLO client.example
             [08DE2A6F00000001] 2 250-ex1 Hello [2001:db8::7]
             [08DE2A6F00000001] 2 250-SIZE 37748736
             [08DE2A6F00000001] 2 250-PIPELINING
             [08DE2A6F00000001] 2 250-AUTH GSSAPI NTLM XOAUTH2
             [08DE2A6F00000001] 2 250-X-EXPS GSSAPI
             [08DE2A6F00000001] 2 250-8BITMIME
             [08DE2A6F00000001] 2 250-XNEW
             [08DE2A6F00000001] 2 250 CHUNKING
             [08DE2A6F00000001] 1 MAIL FROM:<\"a b\"@client.example>
             [08DE2A6F00000001] 2 250 2.1.0 Sender OK
             [08DE2A6F00000001] 2 354 Start mail input = BodyHidden(None)
             [08DE2A6F00000001] * = Closed(Client)",
        );
    }

    #[test]
    fn reads_a_send_log_without_its_header() {
        check(
            &DIALECT,
            "2026-11-23T10:13:45.1Z,Out,08DE2A6F00000002,0,,198.51.100.7:25,*,,attempting to connect\n\
             2026-11-23T10:13:45.2Z,Out,08DE2A6F00000002,1,192.0.2.25:4242,198.51.100.7:25,+,,\n\
             2026-11-23T10:13:45.3Z,Out,08DE2A6F00000002,2,192.0.2.25:4242,198.51.100.7:25,<,220 mx.example.net,\n\
             2026-11-23T10:13:45.4Z,Out,08DE2A6F00000002,3,192.0.2.25:4242,198.51.100.7:25,>,EHLO ex1.example.com,\n\
             2026-11-23T10:13:45.5Z,Out,08DE2A6F00000002,4,192.0.2.25:4242,198.51.100.7:25,<,250-SIZE 10240000,\n\
             2026-11-23T10:13:45.5Z,Out,08DE2A6F00000002,5,192.0.2.25:4242,198.51.100.7:25,*,,\"TLS protocol SP_PROT_TLS1_2_CLIENT negotiation succeeded using bulk encryption algorithm CALG_AES_256 with strength 256 bits, MAC\"\n\
             2026-11-23T10:13:45.6Z,Out,08DE2A6F00000002,6,192.0.2.25:4242,198.51.100.7:25,-,,Local\n\
             2026-11-23T10:13:45.7Z,Out,08DE2A6F00000003,0,,198.51.100.7:25,*,,\"Failed to connect. Winsock error code: 10061, Win32 error code: 10061\"",
            "[08DE2A6F00000002] * = Opening
             [08DE2A6F00000002] * = Dialled { host: '198.51.100.7', port: Some(25) }
             [08DE2A6F00000002] * = Opened
             [08DE2A6F00000002] * = Connector('Out')
             [08DE2A6F00000002] * = ServerAddress { address: '198.51.100.7', port: Some(25) }
             [08DE2A6F00000002] * = ClientAddress { address: '192.0.2.25', port: Some(4242) }
             [08DE2A6F00000002] 2 220 mx.example.net
             [08DE2A6F00000002] 1 EHLO ex1.example.com
             [08DE2A6F00000002] 2 250-SIZE 10240000
             [08DE2A6F00000002] * = TlsStarted { version: Some('TLSv1.2'), cipher: Some('AES_256') }
             [08DE2A6F00000002] * = Closed(Client)
             [08DE2A6F00000003] * = ConnectFailed(Refused)",
        );
    }

    #[test]
    fn reads_rows_that_passed_through_other_programs() {
        check(
            &DIALECT,
            "- 2026-11-23T10:13:45.1Z;EX1\\D;08DE2A6F00000004;2;192.0.2.25:25;198.51.100.7:4242;<;QUIT;\n\
             \"2026-11-23T10:13:45.2Z\",\"EX1\\D, x\",\"08DE2A6F00000004\",\"3\",\"192.0.2.25:25\",\"198.51.100.7:4242\",\">\",\"221 2.0.0 Bye, bye\",\"\"\n\
             2026-11-23T10:13:45.3Z,EX1\\D,08DE2A6F00000004,4,,,>,221 cut of\n\
             #Fields: session-id,date-time,event,data\n\
             08DE2A6F00000005,2026-11-23T10:13:45.4Z,<,NOOP\n\
             not,a,row,at,all",
            "[08DE2A6F00000004] * = ServerAddress { address: '192.0.2.25', port: Some(25) }
             [08DE2A6F00000004] * = ClientAddress { address: '198.51.100.7', port: Some(4242) }
             [08DE2A6F00000004] 1 QUIT
             [08DE2A6F00000004] 2 221 2.0.0 Bye, bye
             [08DE2A6F00000004] 2 221 cut of
             [08DE2A6F00000005] 1 NOOP
             ? not,a,row,at,all",
        );
    }

    #[test]
    fn knows_its_rows() {
        evident(&DIALECT, "#Log-type: SMTP Send Protocol Log", true);
        evident(
            &DIALECT,
            "2026-11-23T10:13:45.1Z,Out,08DE2A6F00000002,1,192.0.2.25:4242,198.51.100.7:25,+,,",
            true,
        );
        evident(&DIALECT, "2026-11-23T10:13:45.1Z,a,b,c,d,e,+,,", false);
        evident(&DIALECT, "a,<,b", false);
        evident(&DIALECT, "#Log-type: Message Tracking Log", false);
    }
}
