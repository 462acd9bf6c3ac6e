//! The SMTP service of IIS (and so Exchange 2000 and 2003): W3C extended logs, and IIS's own format.
//!
//! ```text
//! #Fields: date time c-ip cs-username s-sitename s-computername s-ip s-port cs-method cs-uri-stem cs-uri-query sc-status …
//! 2026-11-23 14:10:37 192.0.2.5 OutboundConnectionResponse SMTPSVC1 EX1 - 25 - - 220+mx.example.net+ESMTP 0 …
//! 2026-11-23 14:10:37 192.0.2.5 OutboundConnectionCommand SMTPSVC1 EX1 - 25 EHLO - ex1.example.com 0 …
//! 2026-11-23 14:11:02 198.51.100.7 client SMTPSVC1 EX1 192.0.2.1 0 MAIL - +FROM:<a@client.example> 250 …
//! ```
//!
//! Traps: what comes in is a row a *command*, with the reply's code in `sc-status` and no text; the row of
//! DATA is written once the message has come, so its status is the message's; QUIT has a status of its own
//! invention (240). What goes out is a row a line, with `+` for spaces, and the lines of a reply in one
//! row. No column names the session: deliveries to one address at the same time mix. Columns vary, and
//! the header names them. IIS can write NCSA's common format instead, which keeps less.
//!
//! From logs that people published and from copies of the product's help.

use std::{borrow::Cow, collections::HashMap};

use super::{
    Custom, Dialect, Reader, Reading, Record, Say, Times, Unmarked, reply_rows::joined,
    row as flaws, time,
};
use crate::{
    span::Span,
    transcript::{ClosedBy, Fact, Mark, Moment},
};

pub(super) static DIALECT: Dialect = Dialect {
    name: "iis-smtp",
    about: "the logs of IIS's SMTP service",
    client: "OutboundConnectionCommand; inbound: cs-method and cs-uri-query",
    server: "OutboundConnectionResponse; inbound: sc-status",
    key: "direction and c-ip",
    times: Times::Always,
    record: Record::DIALOGUE,
    unmarked: Unmarked::Neither,
    custom: Custom::FirstIsClient,
    hints: &["SMTPSVC", " SMTP\" "],
    evidence: |line| Row::of(line, &Columns::USUAL).is_some() || is_unusual(line),
    reader: || Box::new(Log::default()),
};

/// At which place of a row each of the columns stands that are used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Columns {
    places: [usize; 7],
    /// How many columns the header names; 0 where there was no header.
    named: usize,
}

impl Columns {
    const NAMES: [&[u8]; 7] = [
        b"c-ip",
        b"cs-username",
        b"s-sitename",
        b"s-port",
        b"cs-method",
        b"cs-uri-query",
        b"sc-status",
    ];
    const USUAL: Self = Self { places: [2, 3, 4, 7, 8, 10, 11], named: 0 };

    fn of(list: &[u8]) -> Option<Self> {
        let mut places = [usize::MAX; 7];
        let mut named = 0;
        for (place, name) in list.trim_ascii().split(|octet| *octet == b' ').enumerate() {
            named = place + 1;
            let known = Self::NAMES.iter().position(|known| name.eq_ignore_ascii_case(known));
            if let Some(slot) = known.and_then(|known| places.get_mut(known)) {
                *slot = place;
            }
        }
        let [peer, _, _, _, method, query, _] = places;
        let found = [peer, method, query].iter().all(|place| *place != usize::MAX);
        found.then_some(Self { places, named })
    }
}

/// Whether it is a row whose columns only the header can tell, which may be long gone.
fn is_unusual(line: &[u8]) -> bool {
    let mut words = line.split(|octet| *octet == b' ').skip_while(|word| {
        let digits = word.strip_prefix(b"SMTPSVC").unwrap_or(b"-");
        !digits.iter().all(u8::is_ascii_digit)
    });
    line.first().is_some_and(u8::is_ascii_hexdigit)
        && words.next().is_some()
        && words.any(|word| {
            [&b"EHLO"[..], b"HELO", b"MAIL", b"RCPT", b"DATA"].contains(&word)
                || matches!(
                    word.get(..4),
                    Some([b'2'..=b'5', b'0'..=b'9', b'0'..=b'9', b'+' | b'-'])
                )
        })
}

/// How many columns IIS's own format has at least: behind the last one stands a further comma.
const NATIVE_COLUMNS: usize = 15;

/// What kind of row it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// Somebody's command to this server, with the code of the answer.
    Inbound,
    /// A command of this server.
    Command,
    /// A reply to this server.
    Response,
}

impl Kind {
    /// The kind of a row with this in the column of the user's name.
    fn of(user: &[u8]) -> Self {
        match user {
            b"OutboundConnectionCommand" => Self::Command,
            b"OutboundConnectionResponse" => Self::Response,
            _ => Self::Inbound,
        }
    }
}

/// The columns of a row that are used.
#[derive(Debug, Clone, Copy)]
struct Row<'l> {
    at: Option<Moment>,
    peer: &'l [u8],
    kind: Kind,
    port: &'l [u8],
    method: &'l [u8],
    query: &'l [u8],
    status: &'l [u8],
    line: &'l [u8],
    /// How many columns it has, and how many it should have, where that is known.
    width: usize,
    expected: usize,
}

impl<'l> Row<'l> {
    fn of(line: &'l [u8], columns: &Columns) -> Option<Self> {
        if !line.first().is_some_and(u8::is_ascii_hexdigit) {
            return None;
        }
        if let Some(row) = Self::common(line) {
            return Some(row);
        }
        let mut fields = [&b""[..]; 7];
        let native = memchr::memmem::find(line, b", SMTPSVC").is_some();
        let mut width = 0;
        let at = if native {
            // Address, user, date, time, service, computer, server, three figures, status, error, then
            // method, target, parameters.
            const NATIVE: [usize; 7] = [0, 1, 4, usize::MAX, 12, 14, 10];
            let mut at = None;
            for (place, value) in line.split(|octet| *octet == b',').enumerate() {
                width = place + 1;
                let value = value.trim_ascii();
                if place == 2 {
                    let start = Span::of(line, value).start;
                    at = line.get(start..).and_then(time::strokes).map(|(at, _)| at);
                }
                let known = NATIVE.iter().position(|known| *known == place);
                if let Some(slot) = known.and_then(|known| fields.get_mut(known)) {
                    *slot = value;
                }
            }
            at
        } else {
            let line = line.trim_ascii_end();
            for (place, value) in line.split(|octet| *octet == b' ').enumerate() {
                width = place + 1;
                let known = columns.places.iter().position(|known| *known == place);
                if let Some(slot) = known.and_then(|known| fields.get_mut(known)) {
                    *slot = value;
                }
            }
            time::iso(line).map(|(at, _)| at)
        };
        let [peer, user, site, port, method, query, status] = fields;
        let known_site = columns.places.get(2) != Some(&usize::MAX) || native;
        if known_site && !site.starts_with(b"SMTPSVC") || peer.is_empty() {
            return None;
        }
        let kind = Kind::of(user);
        let bare = |value: &'l [u8]| if value == b"-" { &b""[..] } else { value };
        let (method, query) = (bare(method), bare(query));
        if kind == Kind::Inbound
            && !method.iter().all(|octet| octet.is_ascii_alphanumeric() || *octet == b'-')
        {
            return None;
        }
        let expected = if native { NATIVE_COLUMNS } else { columns.named };
        Some(Self { at, peer, kind, port, method, query, status, line, width, expected })
    }

    /// A row in NCSA's common format:
    /// `192.0.2.5 - OutboundConnectionCommand [23/Nov/2026:14:10:37 -0600] "MAIL -?FROM:<a@b> SMTP" 0 4`.
    fn common(line: &'l [u8]) -> Option<Self> {
        let end = memchr::memmem::rfind(line, b" SMTP\" ")?;
        let open = memchr::memmem::find(line.get(..end)?, b"] \"")?;
        let mut before = line.get(..open)?.splitn(4, |octet| *octet == b' ');
        let (peer, _, user) = (before.next()?, before.next()?, before.next()?);
        let at = time::common_log(before.next()?.strip_prefix(b"[")?).map(|(at, _)| at);
        let kind = Kind::of(user);
        let mut asked = line.get(open + 3..end)?.splitn(2, |octet| *octet == b' ');
        let (method, target) = (asked.next()?, asked.next()?);
        let query = memchr::memchr(b'?', target).and_then(|at| target.get(at + 1..));
        let status = line.get(end + 7..)?.split(|octet| *octet == b' ').next()?;
        let bare = |value: &'l [u8]| if value == b"-" { &b""[..] } else { value };
        let (method, query) = (bare(method), query.unwrap_or_default());
        Some(Self { at, peer, kind, port: b"", method, query, status, line, width: 0, expected: 0 })
    }

    /// The part of the line from one column to the other.
    fn between(&self, first: &[u8], last: &[u8]) -> &'l [u8] {
        let (first, last) = (Span::of(self.line, first), Span::of(self.line, last));
        self.line.get(first.start..last.end).unwrap_or_default()
    }
}

/// What was last heard of a session.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Heard {
    /// Something that says nothing about its end.
    Anything,
    /// STARTTLS: a 220 or an EHLO goes on with the same session.
    Starttls,
    /// QUIT.
    Quit,
}

struct Log {
    columns: Columns,
    /// The rows are those of another kind of log.
    foreign: bool,
    heard: HashMap<Vec<u8>, Heard>,
    /// Both reused from row to row.
    key: Vec<u8>,
    text: Vec<u8>,
}

impl Default for Log {
    fn default() -> Self {
        Self {
            columns: Columns::USUAL,
            foreign: false,
            heard: HashMap::new(),
            key: Vec::new(),
            text: Vec::new(),
        }
    }
}

impl Reader for Log {
    fn read(&mut self, line: &[u8], say: Say<'_>) -> bool {
        if let Some(text) = line.strip_prefix(b"#") {
            if let Some(list) = text.strip_prefix(b"Fields:") {
                let columns = Columns::of(list);
                self.foreign = columns.is_none();
                self.columns = columns.unwrap_or(self.columns);
            }
            return [&b"Software:"[..], b"Version:", b"Date:", b"Fields:"]
                .iter()
                .any(|name| text.starts_with(name));
        }
        let Some(row) = Row::of(line, &self.columns) else { return self.remnant(line, say) };
        let native = row.expected == NATIVE_COLUMNS && row.width >= NATIVE_COLUMNS;
        if row.expected > 0 && row.width != row.expected && !native {
            self.flawed(&row, say);
        }
        self.key.clear();
        self.key.extend_from_slice(if row.kind == Kind::Inbound { b"from " } else { b"to " });
        self.key.extend_from_slice(row.peer);
        let heard = self.heard.get(&self.key).copied();
        let next = match row.kind {
            Kind::Response => self.response(&row, heard, say),
            Kind::Command => Some(self.command(&row, say)),
            Kind::Inbound => self.inbound(&row, heard, say),
        };
        if next.is_none() {
            self.heard.remove(&self.key);
        } else if next != heard
            && let Some(next) = next
        {
            self.heard.insert(self.key.clone(), next);
        }
        true
    }
}

impl Log {
    /// A row with columns too few or too many.
    #[cold]
    fn flawed(&self, row: &Row<'_>, say: Say<'_>) {
        let table =
            if row.expected == self.columns.named { flaws::NAMED } else { "IIS writes at least" };
        say(Reading::damaged(b"", flaws::columns(row.width, table, row.expected)));
    }

    /// A line that is no row; `false` where it is no beginning of one, either.
    fn remnant(&self, line: &[u8], say: Say<'_>) -> bool {
        let width = line.trim_ascii_end().split(|octet| *octet == b' ').count();
        if self.foreign || width >= self.columns.named || time::iso(line).is_none() {
            return false;
        }
        let column = |place: usize| line.split(|octet| *octet == b' ').nth(place);
        let [peer, _, site, ..] = self.columns.places;
        let fits = column(peer).is_none_or(|peer| {
            peer.iter().all(|octet| octet.is_ascii_hexdigit() || matches!(octet, b'.' | b':'))
        });
        let fits = fits && column(site).is_none_or(|site| b"SMTPSVC".starts_with(site));
        if fits {
            say(Reading::damaged(line, flaws::columns(width, flaws::NAMED, self.columns.named)));
        }
        fits
    }

    /// What another server said; what is known of the session then.
    fn response(&mut self, row: &Row<'_>, heard: Option<Heard>, say: Say<'_>) -> Option<Heard> {
        spaced(row.query, &mut self.text);
        if self.text.starts_with(b"220") && heard != Some(Heard::Starttls) {
            say(Reading::tells(b"", Fact::Opening).of(&self.key));
            let port = std::str::from_utf8(row.port).ok().and_then(|port| port.parse().ok());
            let fact = Fact::ServerAddress { address: row.peer.to_vec(), port };
            say(Reading::tells(b"", fact).of(&self.key));
        }
        let hidden = self.text.starts_with(b"354");
        for line in joined(&self.text, b" ") {
            let within = Some(Span::of(&self.text, line).slice(row.query));
            let fact = hidden.then_some(Fact::BodyHidden(None));
            let text = Cow::Borrowed(line.trim_ascii_end());
            let reading = Reading { text, within, fact, ..Reading::said(Mark::Second, b"") };
            say(reading.at(row.at).of(&self.key));
        }
        if heard == Some(Heard::Quit) {
            say(Reading::tells(b"", Fact::Closed(ClosedBy::Client)).of(&self.key));
            return None;
        }
        Some(Heard::Anything)
    }

    /// What this server said to another one.
    fn command(&mut self, row: &Row<'_>, say: Say<'_>) -> Heard {
        self.say_command(row, say);
        after(row.method)
    }

    /// What a client said, and the code that it got.
    fn inbound(&mut self, row: &Row<'_>, heard: Option<Heard>, say: Say<'_>) -> Option<Heard> {
        let hello =
            row.method.eq_ignore_ascii_case(b"EHLO") || row.method.eq_ignore_ascii_case(b"HELO");
        if row.method.is_empty() {
            return heard;
        }
        if hello && heard.is_none() {
            say(Reading::tells(b"", Fact::Opening).of(&self.key));
            let fact = Fact::ClientAddress { address: row.peer.to_vec(), port: None };
            say(Reading::tells(b"", fact).of(&self.key));
        }
        self.say_command(row, say);
        let quits = row.method.eq_ignore_ascii_case(b"QUIT");
        let code = row.status.len() == 3 && row.status != b"000";
        if code && !quits {
            // The row of DATA is written after the message, which only a 354 can have brought.
            if row.method.eq_ignore_ascii_case(b"DATA") && row.status.starts_with(b"2") {
                let go = Reading::unescaped(Mark::Second, b"354".to_vec(), row.method);
                let go = Reading { fact: Some(Fact::BodyHidden(None)), ..go };
                say(go.at(row.at).of(&self.key));
            }
            say(Reading::said(Mark::Second, row.status).at(row.at).of(&self.key));
        }
        if quits {
            say(Reading::tells(b"", Fact::Closed(ClosedBy::Client)).of(&self.key));
            return None;
        }
        Some(after(row.method))
    }

    fn say_command(&mut self, row: &Row<'_>, say: Say<'_>) {
        // The message's id or the like stands there, which was not sent.
        let alone = row.query.is_empty()
            || row.method.eq_ignore_ascii_case(b"DATA")
            || row.method.eq_ignore_ascii_case(b"QUIT");
        if alone {
            say(Reading::said(Mark::First, row.method).at(row.at).of(&self.key));
            return;
        }
        self.text.clear();
        self.text.extend_from_slice(row.method);
        let mut query = Vec::new();
        spaced(row.query, &mut query);
        self.text.push(b' ');
        self.text.extend_from_slice(query.trim_ascii());
        let within = Some(row.between(row.method, row.query));
        let text = Cow::Borrowed(self.text.as_slice());
        let reading = Reading { text, within, ..Reading::said(Mark::First, b"") };
        say(reading.at(row.at).of(&self.key));
    }
}

fn after(method: &[u8]) -> Heard {
    if method.eq_ignore_ascii_case(b"STARTTLS") {
        Heard::Starttls
    } else if method.eq_ignore_ascii_case(b"QUIT") {
        Heard::Quit
    } else {
        Heard::Anything
    }
}

/// The text with spaces for `+`, except within angle brackets, where a mailbox may hold one.
fn spaced(query: &[u8], text: &mut Vec<u8>) {
    text.clear();
    let mut within = false;
    for &octet in query {
        match octet {
            b'<' => within = true,
            b'>' => within = false,
            _ => {}
        }
        text.push(if octet == b'+' && !within { b' ' } else { octet });
    }
}

#[cfg(test)]
mod tests {
    use super::{
        super::shown::{check, evident},
        *,
    };

    #[test]
    fn reads_deliveries() {
        check(
            &DIALECT,
            "#Software: Microsoft Internet Information Services 6.0\n\
             2026-11-23 14:10:37 192.0.2.5 OutboundConnectionResponse SMTPSVC1 EX1 - 25 - - 220+mx.example.net+ESMTP 0 0 58 0 47 SMTP - - - -\n\
             2026-11-23 14:10:37 192.0.2.5 OutboundConnectionCommand SMTPSVC1 EX1 - 25 EHLO - ex1.example.com 0 0 4 0 47 SMTP - - - -\n\
             2026-11-23 14:10:37 192.0.2.5 OutboundConnectionResponse SMTPSVC1 EX1 - 25 - - 250-mx.example.net+250-SIZE+10+250+HELP 0 0 58 0 47 SMTP - - - -\n\
             2026-11-23 14:10:37 192.0.2.5 OutboundConnectionCommand SMTPSVC1 EX1 - 25 MAIL - FROM:<a+b@c>+SIZE=1 0 0 4 0 47 SMTP - - - -\n\
             2026-11-23 14:10:37 192.0.2.5 OutboundConnectionCommand SMTPSVC1 EX1 - 25 QUIT - - 0 0 4 0 47 SMTP - - - -\n\
             2026-11-23 14:10:37 192.0.2.5 OutboundConnectionResponse SMTPSVC1 EX1 - 25 - - 221+bye 0 0 58 0 47 SMTP - - - -",
            "[to 192.0.2.5] * = Opening
             [to 192.0.2.5] * = ServerAddress { address: '192.0.2.5', port: Some(25) }
             [to 192.0.2.5] 2 220 mx.example.net ESMTP
             [to 192.0.2.5] 1 EHLO ex1.example.com
             [to 192.0.2.5] 2 250-mx.example.net
             [to 192.0.2.5] 2 250-SIZE 10
             [to 192.0.2.5] 2 250 HELP
             [to 192.0.2.5] 1 MAIL FROM:<a+b@c> SIZE=1
             [to 192.0.2.5] 1 QUIT
             [to 192.0.2.5] 2 221 bye
             [to 192.0.2.5] * = Closed(Client)",
        );
    }

    #[test]
    fn reads_what_comes_in() {
        check(
            &DIALECT,
            "#Fields: time c-ip cs-method cs-uri-stem cs-uri-query sc-status\n\
             14:11:02 198.51.100.7 EHLO - +client 250\n\
             14:11:02 198.51.100.7 RCPT - +TO:<a@b> 550\n\
             14:11:02 198.51.100.7 DATA - +<id@client> 250\n\
             14:11:02 198.51.100.7 QUIT - client 240\n\
             198.51.100.7, client, 4/23/2026, 9:47:02, SMTPSVC1, EX1, 192.0.2.1, 0, 36, 49, 250, 0, MAIL, -, FROM:<a@b>,",
            "[from 198.51.100.7] * = Opening
             [from 198.51.100.7] * = ClientAddress { address: '198.51.100.7', port: None }
             [from 198.51.100.7] 1 EHLO client
             [from 198.51.100.7] 2 250
             [from 198.51.100.7] 1 RCPT TO:<a@b>
             [from 198.51.100.7] 2 550
             [from 198.51.100.7] 1 DATA
             [from 198.51.100.7] 2 354 = BodyHidden(None)
             [from 198.51.100.7] 2 250
             [from 198.51.100.7] 1 QUIT
             [from 198.51.100.7] * = Closed(Client)
             [from 198.51.100.7] 1 MAIL FROM:<a@b>
             [from 198.51.100.7] 2 250",
        );
        evident(
            &DIALECT,
            "192.0.2.7 HOST SMTPSVC1 HOST 192.0.2.1 0 EHLO +client.example 0 18 SMTP - -",
            true,
        );
        evident(
            &DIALECT,
            "2026-11-23 14:10:37 192.0.2.5 client W3SVC1 EX1 192.0.2.1 80 GET /SMTPSVC - 200",
            false,
        );
    }

    #[test]
    fn reads_the_common_format() {
        check(
            &DIALECT,
            "192.0.2.5 - OutboundConnectionResponse [23/Nov/2026:14:10:37 -0600] \"- -?220+mx.example.net+ESMTP SMTP\" 0 82\n\
             198.51.100.7 - client [23/Nov/2026:14:10:37 -0600] \"HELO -?+client SMTP\" 250 46\n\
             192.0.2.5 - OutboundConnectionCommand [23/Nov/2026:14:10:38 -0600] \"MAIL -?FROM:<a@b> SMTP\" 0 4\n\
             192.0.2.5 - OutboundConnectionResponse [23/Nov/2026:14:10:38 -0600] \"- -?354+end+with+\".\" SMTP\" 0 4\n\
             192.0.2.5 - OutboundConnectionCommand [23/Nov/2026:14:10:38 -0600] \"QUIT - SMTP\" 0 4\n\
             198.51.100.7 - - [23/Nov/2026:14:10:39 -0600] \"GET /index.html HTTP/1.1\" 200 46",
            "[to 192.0.2.5] * = Opening
             [to 192.0.2.5] * = ServerAddress { address: '192.0.2.5', port: None }
             [to 192.0.2.5] 2 220 mx.example.net ESMTP
             [from 198.51.100.7] * = Opening
             [from 198.51.100.7] * = ClientAddress { address: '198.51.100.7', port: None }
             [from 198.51.100.7] 1 HELO client
             [from 198.51.100.7] 2 250
             [to 192.0.2.5] 1 MAIL FROM:<a@b>
             [to 192.0.2.5] 2 354 end with \".\" = BodyHidden(None)
             [to 192.0.2.5] 1 QUIT
             ? 198.51.100.7 - - [23/Nov/2026:14:10:39 -0600] \"GET /index.html HTTP/1.1\" 200 46",
        );
    }
}
