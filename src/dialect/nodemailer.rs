//! Nodemailer's logger, and that of its sibling, the smtp-server package.
//!
//! ```text
//! [2026-11-23 10:33:32] INFO  [LEoGswaApRg] Connection established to 192.0.2.1:25
//! [2026-11-23 10:33:32] DEBUG [LEoGswaApRg] S: 220 mx.example.net ESMTP
//! [2026-11-23 10:25:53] DEBUG [#7kilrk451o7ss9rt] C: ehlo client.example
//! [2026-11-23 10:25:53] DEBUG [#7kilrk451o7ss9rt] S: 250-mx.example.net
//! [2026-11-23 10:25:53] DEBUG [#7kilrk451o7ss9rt] 250 STARTTLS
//! ```
//!
//! The client (the first two) marks each line of a reply and leaves the message's lines unmarked; the server,
//! whose keys begin with `#`, marks a reply's first line and counts the message (`C: <20 bytes of DATA>`).
//! Traps: the client puts `/* secret */` in place of the password *inside* the base64; errors repeat the
//! reply; JSON loggers (bunyan, pino) have the side in `tnx`. From nodemailer's sources and recordings of 6
//! and 9.

use std::collections::HashMap;

use super::{
    Custom, Dialect, Reader, Reading, Record, Say, Times, Unmarked, escape,
    failure::{connect_failed, has},
    prompt,
    reply_rows::{Unfinished, goes_on},
    time,
};
use crate::transcript::{ClosedBy, Fact, Mark, Moment};

pub(super) static CLIENT: Dialect = Dialect {
    name: "nodemailer",
    about: "Nodemailer with debug and logger",
    client: "C: ",
    server: "S: ",
    key: "[id]",
    times: Times::Sometimes,
    record: Record::DIALOGUE,
    unmarked: Unmarked::Client,
    custom: Custom::FirstIsClient,
    hints: &["DEBUG", "INFO", "WARN", "ERROR", "\"tnx\""],
    evidence: |line| {
        entry(line).is_some_and(|entry| match entry.key {
            Some(key) => !is_server_key(key) && entry.mark().is_some(),
            None => entry.text.starts_with(b"Creating transport: nodemailer "),
        }) || json(line).is_some_and(|entry| !entry.key.is_some_and(is_server_key))
    },
    reader: || Box::new(Nodemailer { server: false, open: HashMap::new(), last: None }),
};

pub(super) static SERVER: Dialect = Dialect {
    name: "node-smtp-server",
    about: "the smtp-server package for Node, on which WildDuck and others stand",
    client: "C: ",
    server: "S: ",
    key: "[#id]",
    times: Times::Sometimes,
    record: Record::DIALOGUE,
    unmarked: Unmarked::Neither,
    custom: Custom::FirstIsClient,
    hints: &["[#"],
    evidence: |line| {
        entry(line).is_some_and(|entry| {
            entry.key.is_some_and(is_server_key)
                && (entry.mark().is_some() || entry.text.starts_with(b"Connection from "))
        })
    },
    reader: || Box::new(Nodemailer { server: true, open: HashMap::new(), last: None }),
};

fn is_server_key(key: &[u8]) -> bool {
    key.first() == Some(&b'#')
}

/// A row of the log.
#[derive(Debug, Clone, Copy)]
struct Entry<'l> {
    at: Option<Moment>,
    key: Option<&'l [u8]>,
    text: &'l [u8],
}

impl<'l> Entry<'l> {
    /// The mark of the text and what stands behind it.
    fn mark(&self) -> Option<(Mark, &'l [u8])> {
        let mark = match self.text.first()? {
            b'C' => Mark::First,
            b'S' => Mark::Second,
            _ => return None,
        };
        Some((mark, self.text.get(1..)?.strip_prefix(b": ")?))
    }
}

/// `[2026-11-23 10:33:32] DEBUG [id] text`; time and id may be missing.
fn entry(line: &[u8]) -> Option<Entry<'_>> {
    let (at, rest) = match line.strip_prefix(b"[").and_then(time::iso) {
        Some((at, rest)) => (Some(at), rest.strip_prefix(b"] ")?),
        None => (None, line),
    };
    // Early releases have a colon behind the level.
    let rest = [&b"DEBUG"[..], b"INFO", b"WARN", b"ERROR", b"TRACE"]
        .iter()
        .find_map(|level| rest.strip_prefix(*level))?;
    let rest = rest.strip_prefix(b":").unwrap_or(rest).strip_prefix(b" ")?;
    let rest = rest.strip_prefix(b" ").unwrap_or(rest);
    let keyed = rest.strip_prefix(b"[").and_then(|inner| {
        let end = inner.iter().take(40).position(|octet| *octet == b']')?;
        let (key, tail) = inner.split_at_checked(end)?;
        let plain =
            key.iter().all(|octet| octet.is_ascii_alphanumeric() || b"#+/=_-".contains(octet));
        let tail = tail.get(1..)?;
        let tail = tail.strip_prefix(b" ").or_else(|| tail.is_empty().then_some(tail))?;
        (plain && !key.is_empty()).then_some((key, tail))
    });
    Some(match keyed {
        Some((key, text)) => Entry { at, key: Some(key), text },
        None => Entry { at, key: None, text: rest },
    })
}

/// A row of a JSON logger: the session, whose words, and the words still escaped.
#[derive(Debug, Clone, Copy)]
struct JsonEntry<'l> {
    key: Option<&'l [u8]>,
    mark: Mark,
    text: &'l [u8],
}

fn json(line: &[u8]) -> Option<JsonEntry<'_>> {
    let line = line.trim_ascii();
    if line.first() != Some(&b'{') {
        return None;
    }
    let value = |name: &str| {
        let at = memchr::memmem::find(line, name.as_bytes())?;
        let literal = line.get(at + name.len()..)?.trim_ascii_start();
        escape::literal(literal).filter(|literal| literal.closed).map(|literal| literal.inner)
    };
    let mark = match value("\"tnx\":")? {
        b"client" | b"C" => Mark::First,
        b"server" | b"S" => Mark::Second,
        b"message" => Mark::Unmarked,
        _ => Mark::Tool,
    };
    // Winston says `message`, bunyan and pino `msg`.
    let text = value("\"msg\":").or_else(|| value("\"message\":"))?;
    Some(JsonEntry { key: value("\"sid\":"), mark, text })
}

/// What a session is in the middle of.
#[derive(Debug, Default)]
struct Open {
    reply: Unfinished,
    /// The message is being sent.
    message: bool,
}

/// How many sessions may be in the middle of something at once; with more, all are forgotten.
const MOST_OPEN: usize = 4096;

#[derive(Debug)]
struct Nodemailer {
    server: bool,
    open: HashMap<Vec<u8>, Open>,
    /// The session whose reply goes on in the next line, which early releases leave bare.
    last: Option<Vec<u8>>,
}

impl Reader for Nodemailer {
    fn read(&mut self, line: &[u8], say: Say<'_>) -> bool {
        if !self.server
            && let Some(found) = json(line)
        {
            return read_json(found, line, say);
        }
        let Some(entry) = entry(line) else { return self.further(line, say) };
        self.last = None;
        let Some(key) = entry.key else {
            if self.server {
                return false;
            }
            let error =
                line.starts_with(b"ERROR") || has(line.get(..28).unwrap_or(line), "] ERROR ");
            let fact = error.then(|| Fact::ToolError(entry.text.to_vec()));
            say(Reading { fact, ..Reading::remark(line) });
            return true;
        };
        if is_server_key(key) != self.server {
            return false;
        }
        if let Some((mark, text)) = entry.mark() {
            self.said(key, mark, text, entry, say);
            return true;
        }
        let server = self.server;
        let state = self.state(key);
        if server && state.reply.takes(entry.text) {
            say(Reading::said(Mark::Second, entry.text).at(entry.at).of(key));
            return true;
        }
        let encoded = entry.text.first() == Some(&b'<') && has(entry.text, " bytes encoded ");
        if state.message && !encoded && !server {
            say(Reading::said(Mark::First, entry.text).at(entry.at).of(key));
            return true;
        }
        self.remark(key, entry, line, say);
        true
    }
}

impl Nodemailer {
    /// A bare line, which may be a further one of a reply.
    fn further(&mut self, line: &[u8], say: Say<'_>) -> bool {
        let Some(key) = &self.last else { return false };
        let takes = self.open.get_mut(key).is_some_and(|open| open.reply.takes(line));
        if takes {
            say(Reading::said(Mark::Second, line).of(key));
        } else {
            self.last = None;
        }
        takes
    }

    /// What is known of the session with this key.
    fn state(&mut self, key: &[u8]) -> &mut Open {
        if self.open.len() >= MOST_OPEN {
            self.open.clear();
        }
        self.open.entry(key.to_vec()).or_default()
    }

    fn said(&mut self, key: &[u8], mark: Mark, text: &[u8], entry: Entry<'_>, say: Say<'_>) {
        let server = self.server;
        let state = self.state(key);
        if mark == Mark::Second {
            state.message = text.starts_with(b"354");
            state.reply.said(text);
            self.last = goes_on(text).then(|| key.to_vec());
        } else {
            state.reply = Unfinished::NONE;
            let counted =
                text.strip_prefix(b"<").and_then(|rest| rest.strip_suffix(b" bytes of DATA>"));
            if let Some(octets) = counted.filter(|_| server) {
                let octets = std::str::from_utf8(octets).ok().and_then(|text| text.parse().ok());
                say(Reading::tells(text, Fact::BodyHidden(octets)).at(entry.at).of(key));
                return;
            }
        }
        say(Reading::said(mark, text).at(entry.at).of(key));
    }

    fn remark(&mut self, key: &[u8], entry: Entry<'_>, line: &[u8], say: Say<'_>) {
        let error = line.starts_with(b"ERROR") || has(line.get(..28).unwrap_or(line), "] ERROR ");
        let mut over = false;
        let mut tell = |text, fact| {
            over |= matches!(fact, Some(Fact::Closed(_) | Fact::ConnectFailed(_)));
            say(Reading { fact, ..Reading::remark(text) }.at(entry.at).of(key));
        };
        event(entry.text, line, error, &mut tell);
        if over {
            self.open.remove(key);
        }
    }
}

/// What an event of the connection tells; `error` where it was logged as one.
fn event<'l>(
    text: &[u8],
    line: &'l [u8],
    error: bool,
    tell: &mut dyn FnMut(&'l [u8], Option<Fact>),
) {
    if let Some(rest) = text.strip_prefix(b"Connection established to ") {
        tell(line, Some(Fact::Opened));
        if let Some(Fact::Dialled { host, port }) = prompt::dialled(rest, None) {
            tell(b"", Some(Fact::ServerAddress { address: host, port }));
        }
        return;
    }
    if let Some(rest) = text.strip_prefix(b"Resolved ") {
        let host = rest.split(|octet| *octet == b' ').next().unwrap_or(rest);
        tell(line, Some(Fact::Opening));
        tell(b"", Some(Fact::Dialled { host: host.to_vec(), port: None }));
        return;
    }
    let fact = if text.starts_with(b"Connection upgraded ") {
        Some(Fact::TlsStarted { version: None, cipher: None })
    } else if text.starts_with(b"Connection from ") {
        Some(Fact::Opening)
    } else if text.starts_with(b"Connection closed") {
        Some(Fact::Closed(ClosedBy::Unknown))
    } else if text.starts_with(b"Closing connection to the server") {
        Some(Fact::Closed(ClosedBy::Client))
    } else if text.starts_with(b"connect E") || text.starts_with(b"getaddrinfo ") {
        Some(connect_failed(text))
    } else if text.starts_with(b"Greeting never received") || text.starts_with(b"Timeout") {
        Some(Fact::TimedOut)
    } else if text.starts_with(b"Connection timeout") {
        Some(connect_failed(text))
    } else if let Some(rest) = text.strip_prefix(b"User \"") {
        rest.strip_suffix(b"\" authenticated").map(|user| Fact::AuthenticatedAs(user.to_vec()))
    } else {
        error.then(|| Fact::ToolError(text.to_vec()))
    };
    tell(line, fact);
}

/// A row of a JSON logger; `false` where it is the server's.
fn read_json(found: JsonEntry<'_>, line: &[u8], say: Say<'_>) -> bool {
    let key = found.key.unwrap_or_default();
    if is_server_key(key) {
        return false;
    }
    let mark = if found.mark == Mark::Unmarked { Mark::First } else { found.mark };
    if mark == Mark::Tool || mark == Mark::First && has(found.text, " bytes encoded mime message") {
        let mut tell = |text, fact| {
            let reading = Reading { fact, ..Reading::remark(text) };
            say(if found.key.is_some() { reading.of(key) } else { reading });
        };
        event(found.text, line, false, &mut tell);
        return true;
    }
    for part in escape::backslash_lines(found.text) {
        let bare = part.text.strip_prefix(b"S: ").or(part.text.strip_prefix(b"C: "));
        let reading = match bare {
            Some(text) => Reading::unescaped(mark, text.to_vec(), part.within),
            // The library splits a reply into lines and joins them in its own way.
            None if mark == Mark::Second => Reading { ending: None, ..part.said(mark) },
            None => part.said(mark),
        };
        say(if found.key.is_some() { reading.of(key) } else { reading });
    }
    true
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dialect::tests::{read, rows};

    #[test]
    fn the_message_is_unmarked() {
        let lines = [
            "[2026-11-23 10:33:32] DEBUG [aB+] Resolved mx.example as 192.0.2.1 [cache miss]",
            "[2026-11-23 10:33:32] INFO  [aB+] Connection established to 192.0.2.1:25",
            "[2026-11-23 10:33:32] DEBUG [aB+] C: DATA",
            "[2026-11-23 10:33:32] DEBUG [aB+] S: 354 go",
            "[2026-11-23 10:33:32] DEBUG [aB+] Subject: hi",
            "[2026-11-23 10:33:32] DEBUG [aB+] ",
            "[2026-11-23 10:33:32] DEBUG [aB+] .",
            "[2026-11-23 10:33:32] INFO  [aB+] <248 bytes encoded mime message (source size 245 bytes)>",
            "[2026-11-23 10:33:32] DEBUG [aB+] S: 550-no",
            "[2026-11-23 10:33:32] DEBUG [aB+] S: 550 no",
            "[2026-11-23 10:33:32] ERROR Send Error: 550-no",
            "[2026-11-23 10:33:32] ERROR 550 no",
            "[2026-11-23 10:33:32] DEBUG [aB+] Closing connection to the server using \"end\"",
        ];
        let said = read(&CLIENT, &lines);
        assert_eq!(
            rows(&said),
            [
                "T Opening",
                "T Dialled mx.example",
                "T Opened",
                "T ServerAddress 192.0.2.1:25",
                "1 DATA",
                "2 354 go",
                "1 Subject: hi",
                "1 ",
                "1 .",
                "T",
                "2 550-no",
                "2 550 no",
                "T ToolError",
                "T ToolError",
                "T Closed(Client)"
            ]
        );
        assert_eq!(said.get(4).and_then(|said| said.key.as_deref()), Some(&b"aB+"[..]));
    }

    #[test]
    fn the_server_counts_the_message() {
        let lines = [
            "[2026-11-23 10:25:53] INFO  [#7kil] Connection from client.example",
            "[2026-11-23 10:25:53] DEBUG [#7kil] S: 250-vm",
            "[2026-11-23 10:25:53] DEBUG [#7kil] 250 STARTTLS",
            "[2026-11-23 10:25:53] DEBUG [#7kil] C: <20 bytes of DATA>",
            "[2026-11-23 10:25:53] DEBUG [#7kil] C: AUTH PLAIN /* secured */",
            "[2026-11-23 10:25:53] INFO  [#7kil] Connection closed to client.example",
        ];
        assert_eq!(
            rows(&read(&SERVER, &lines)),
            [
                "T Opening",
                "2 250-vm",
                "2 250 STARTTLS",
                "T BodyHidden(Some(20))",
                "1 AUTH PLAIN /* secured */",
                "T Closed(Unknown)"
            ]
        );
    }

    #[test]
    fn json_has_the_side_in_a_field() {
        let lines = [
            r#"{"level":20,"sid":"x1","tnx":"server","msg":"250-mx.example\r\n250 HELP"}"#,
            r#"{"level":20,"sid":"x1","tnx":"client","msg":"QUIT"}"#,
            r#"{"level":"info","message":"Connection closed","sid":"x1","tnx":"network"}"#,
        ];
        assert_eq!(
            rows(&read(&CLIENT, &lines)),
            ["2 250-mx.example", "2 250 HELP", "1 QUIT", "T Closed(Unknown)"]
        );
    }

    #[test]
    fn times_may_be_missing() {
        assert_eq!(
            rows(&read(&CLIENT, &["DEBUG [JEYE] C: STARTTLS", "INFO is a word"])),
            ["1 STARTTLS", "T"]
        );
    }
}
