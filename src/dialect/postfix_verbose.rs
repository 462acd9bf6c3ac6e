//! Postfix with `-v` or `debug_peer_list`: the dialogue in the system log, sessions interleaved.
//!
//! ```text
//! Nov 23 10:13:44 mail postfix/smtpd[12161]: connect from client.example[192.0.2.7]
//! Nov 23 10:13:44 mail postfix/smtpd[12161]: > client.example[192.0.2.7]: 220 mail.example.com ESMTP
//! Nov 23 10:13:45 mail postfix/smtpd[12161]: < client.example[192.0.2.7]: EHLO me
//! Nov 23 10:13:46 mail postfix/smtp[12290]: < mx.example.net[198.51.100.5]:25: 220 mx.example.net
//! ```
//!
//! Traps: in smtpd and postscreen `<` is the client, in smtp and lmtp it is the server, and a smtpd with a
//! content filter before its queue speaks as a client too (peer without brackets). A process serves one
//! session after the other; smtp logs no connect and by default never reads the reply to QUIT. Replies in
//! smtp are cut at 100 octets. The message is not shown. Most lines of such a log are neither commands nor
//! replies; `NOQUEUE: reject` repeats a reply.
//!
//! From recordings of Postfix 3.7 and from its `smtpd_chat.c`, `smtp_chat.c` and `postscreen_send.c`.

use std::{
    borrow::Cow,
    collections::{HashMap, HashSet, VecDeque},
};

use super::{
    Custom, Dialect, Reader, Reading, Record, Say, Times, Unmarked, failure::connect_failure,
    flow::End, peer, time,
};
use crate::transcript::{ClosedBy, Fact, Mark, Moment};

pub(super) static DIALECT: Dialect = Dialect {
    name: "postfix-verbose",
    about: "Postfix's log with -v or debug_peer_list",
    client: "< host[address]: in smtpd and postscreen, > in smtp and lmtp",
    server: "> host[address]: in smtpd and postscreen, < in smtp and lmtp",
    key: "process, and peer where it serves several",
    times: Times::Always,
    record: Record::DIALOGUE,
    unmarked: Unmarked::Neither,
    custom: Custom::FirstIsClient,
    hints: &["]: < ", "]: > ", "< ", "> "],
    evidence: |line| match Logged::of(line) {
        Some(Logged { process: Some((role, _)), text }) => {
            role.is_some_and(|role| Said::of(text, Some(role)).is_some())
        }
        Some(Logged { process: None, text }) => Said::of(text, None).is_some(),
        None => false,
    },
    reader: || Box::new(Log::default()),
};

/// Which of Postfix's programs writes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Role {
    /// smtpd: the server.
    Server,
    /// smtp and lmtp: the client.
    Client,
    /// postscreen: a server in front of the server, one process for all.
    Screen,
}

/// A line of the log, its prefix taken apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Logged<'l> {
    /// Which program, where it is one that speaks SMTP, and its name with the process id, as
    /// `smtpd[12161]`; `None` where the prefix was lost.
    process: Option<(Option<Role>, &'l [u8])>,
    text: &'l [u8],
}

impl<'l> Logged<'l> {
    fn of(line: &'l [u8]) -> Option<Self> {
        if matches!(line, [b'<' | b'>', b' ', ..]) {
            return Some(Self { process: None, text: line });
        }
        let mut from = 0;
        // The process id stands in the first brackets, or behind those of a time.
        for _ in 0..3 {
            let open = from + memchr::memchr(b'[', line.get(from..)?)?;
            let digits =
                line.get(open + 1..)?.iter().take_while(|octet| octet.is_ascii_digit()).count();
            let close = open + 1 + digits;
            let Some(b"]: ") = line.get(close..close + 3).filter(|_| digits > 0) else {
                from = open + 1;
                continue;
            };
            let tag = line.get(..open)?;
            // Program names are short: the stroke before them is near.
            let slash = tag.iter().rposition(|octet| matches!(octet, b'/' | b' '))?;
            let role = match tag.get(slash..)? {
                b"/smtpd" => Some(Role::Server),
                b"/smtp" | b"/lmtp" => Some(Role::Client),
                b"/postscreen" => Some(Role::Screen),
                [b'/', ..] if is_postfix(tag) => None,
                _ => return None,
            };
            let name = line.get(slash + 1..=close)?;
            return Some(Self { process: Some((role, name)), text: line.get(close + 3..)? });
        }
        None
    }
}

/// Whether the name before the process id is one of Postfix's: `mail postfix/qmgr`.
fn is_postfix(tag: &[u8]) -> bool {
    let start = memchr::memrchr(b' ', tag).map_or(0, |space| space + 1);
    tag.get(start..).is_some_and(|name| name.starts_with(b"postfix"))
}

/// A line that somebody said: `< host[address]:port: text`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Said<'l> {
    received: bool,
    peer: &'l [u8],
    /// The peer stands without brackets: a content filter that smtpd speaks to.
    filter: bool,
    text: &'l [u8],
}

impl<'l> Said<'l> {
    fn of(text: &'l [u8], role: Option<Role>) -> Option<Self> {
        let (&[mark @ (b'<' | b'>'), b' '], rest) = text.split_first_chunk()? else { return None };
        // No peer has a space in it, so the first one is behind its colon.
        let space = memchr::memchr(b' ', rest).unwrap_or(rest.len());
        let peer = rest.get(..space)?.strip_suffix(b":")?;
        let filter = match peer.last()? {
            b']' => false,
            b'0'..=b'9' => {
                let port = peer.iter().rposition(|octet| !octet.is_ascii_digit())?;
                match peer.get(..=port)? {
                    [.., b']', b':'] => false,
                    [_, .., b':'] if role == Some(Role::Server) => true,
                    _ => return None,
                }
            }
            _ => return None,
        };
        if !filter && memchr::memchr(b'[', peer).is_none() {
            return None;
        }
        let text = rest.get(space + 1..).unwrap_or_default();
        Some(Self { received: mark == b'<', peer, filter, text })
    }
}

/// Where `:25` ends that may stand at `from`.
fn port_end(text: &[u8], from: usize) -> usize {
    let tail = text.get(from..).unwrap_or_default();
    let digits = tail.iter().skip(1).take_while(|octet| octet.is_ascii_digit()).count();
    if tail.first() == Some(&b':') && digits > 0 { from + 1 + digits } else { from }
}

/// The peer that a text begins with: `client.example[192.0.2.7]:4242` or `[192.0.2.7]:4242`.
fn peer(text: &[u8]) -> Option<&[u8]> {
    let close = memchr::memchr(b']', text)?;
    let peer = text.get(..port_end(text, close + 1))?;
    (memchr::memchr(b'[', peer).is_some() && !peer.contains(&b' ')).then_some(peer)
}

/// Host, address and port of a peer.
fn endpoint(peer: &[u8]) -> Option<(&[u8], &[u8], Option<u16>)> {
    let open = memchr::memchr(b'[', peer)?;
    let close = memchr::memrchr(b']', peer)?;
    let port = peer.get(close + 2..).and_then(|port| std::str::from_utf8(port).ok()?.parse().ok());
    Some((peer.get(..open)?, peer.get(open + 1..close)?, port))
}

/// What is still to come of a process's session.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Expects {
    /// The greeting of the connection that was logged.
    Greeting,
    /// The answer to STARTTLS, which looks like a greeting.
    Upgrade,
    /// That the connection which was lost is taken note of.
    Disconnect,
    /// The reply to QUIT in the session with this key, or another session.
    Farewell(Vec<u8>),
}

#[derive(Debug, Default)]
struct Log {
    /// By process id.
    expects: HashMap<u32, Expects>,
    /// Processes whose connection was logged and is not over: 220 is no greeting of another one.
    connected: HashSet<u32>,
    /// How many of them expect the answer to STARTTLS.
    upgrades: usize,
    /// Processes whose client said QUIT, each with the line at which it did.
    farewells: VecDeque<(u64, u32)>,
    lines: u64,
    /// The key of a session that is not one part of the line, reused from line to line.
    key: Vec<u8>,
    second: time::SameSecond,
    day: time::SameDay,
}

/// How many lines after a client's QUIT the reply to it may still come.
const FAREWELL_LINES: u64 = 2000;

impl Reader for Log {
    fn read(&mut self, line: &[u8], say: Say<'_>) -> bool {
        let Some(logged) = Logged::of(line) else { return false };
        self.lines += 1;
        self.forget(say);
        let Some((role, process)) = logged.process else {
            let Some(said) = Said::of(logged.text, None) else { return false };
            let mark = if said.received { Mark::First } else { Mark::Second };
            say(Reading { fact: hides(said.text), ..Reading::said(mark, said.text).of(said.peer) });
            return true;
        };
        let Some(role) = role else { return true };
        if let Some(said) = Said::of(logged.text, Some(role)) {
            self.said(line, role, process, &said, say);
        } else if role == Role::Client {
            self.client_event(line, process, logged.text, say);
        } else {
            self.server_event(line, role, process, logged.text, say);
        }
        true
    }
}

/// The message follows, and is not shown.
fn hides(text: &[u8]) -> Option<Fact> {
    text.starts_with(b"354").then_some(Fact::BodyHidden(None))
}

/// The number in `smtpd[12161]`.
fn process_id(process: &[u8]) -> u32 {
    process
        .iter()
        .filter(|octet| octet.is_ascii_digit())
        .fold(0, |sum: u32, digit| sum.wrapping_mul(10).wrapping_add(u32::from(digit - b'0')))
}

impl Log {
    /// The time that a line begins with.
    fn at(&mut self, line: &[u8]) -> Option<Moment> {
        if line.first().is_some_and(u8::is_ascii_digit) {
            return self.day.iso(line).map(|(at, _)| at);
        }
        self.second.syslog(line)
    }

    fn said(&mut self, line: &[u8], role: Role, process: &[u8], said: &Said<'_>, say: Say<'_>) {
        let at = self.at(line);
        let client = (role == Role::Client || said.filter) != said.received;
        let mark = if client { Mark::First } else { Mark::Second };
        let reading = Reading { fact: hides(said.text), ..Reading::said(mark, said.text).at(at) };
        match role {
            Role::Screen => say(reading.of(said.peer)),
            Role::Server if !said.filter => {
                if client {
                    if said.text.eq_ignore_ascii_case(b"STARTTLS") {
                        self.expect(process_id(process), Expects::Upgrade);
                    }
                } else if self.greets(process, said.text, false, say)
                    && !self.connected.contains(&process_id(process))
                {
                    say(Reading::tells(b"", Fact::Opening).of(process));
                    tell_client(said.peer, process, say);
                }
                say(reading.of(process));
            }
            Role::Server | Role::Client => {
                self.compose_key(process, said.peer);
                if client {
                    let id = process_id(process);
                    if said.text.eq_ignore_ascii_case(b"STARTTLS") {
                        self.expect(id, Expects::Upgrade);
                    } else if said.text.eq_ignore_ascii_case(b"QUIT") {
                        self.expect(id, Expects::Farewell(self.key.clone()));
                        self.farewells.push_back((self.lines, id));
                    }
                } else if self.greets(process, said.text, true, say) {
                    // The name where there is one: some peers are an address with a port.
                    say(Reading::tells(b"", Fact::Opening).of(&self.key));
                    if let Some((host, address, port)) = endpoint(said.peer) {
                        self.tells_server(host, End { address, port }, say);
                    }
                }
                say(reading.of(&self.key));
            }
        }
    }

    /// Says which host the session of the last line is with.
    fn tells_server(&self, host: &[u8], end: End<'_>, say: Say<'_>) {
        peer::server(Some(host), Some(end), b"", &mut |reading| say(reading.of(&self.key)));
    }

    /// Whether a server's line begins a session of which nothing was logged yet.
    fn greets(&mut self, process: &[u8], text: &[u8], quits: bool, say: Say<'_>) -> bool {
        let ready = text.starts_with(b"220");
        // Only these lines can be an answer that is looked out for.
        let refused = self.upgrades > 0 && matches!(text.first(), Some(b'4' | b'5'));
        let farewell = quits && !self.farewells.is_empty();
        if !ready && !refused && !farewell {
            return false;
        }
        let id = process_id(process);
        match self.expects.get(&id) {
            None => ready,
            Some(Expects::Greeting | Expects::Disconnect) => {
                self.expects.remove(&id);
                false
            }
            Some(Expects::Upgrade) => {
                self.expects.remove(&id);
                self.upgrades = self.upgrades.saturating_sub(1);
                false
            }
            Some(Expects::Farewell(_)) if text.starts_with(b"221") => false,
            Some(Expects::Farewell(key)) => {
                let same = *key == self.key;
                if !same {
                    say(Reading::tells(b"", Fact::Closed(ClosedBy::Client)).of(key));
                }
                self.expects.remove(&id);
                ready || same
            }
        }
    }

    fn expect(&mut self, id: u32, what: Expects) {
        self.upgrades += usize::from(what == Expects::Upgrade);
        if self.expects.insert(id, what) == Some(Expects::Upgrade) {
            self.upgrades = self.upgrades.saturating_sub(1);
        }
    }

    /// Ends the sessions whose client said QUIT long ago.
    fn forget(&mut self, say: Say<'_>) {
        // Nothing to do for most lines.
        while let Some((line, id)) = self.farewells.front().copied()
            && line + FAREWELL_LINES < self.lines
        {
            self.farewells.pop_front();
            // The same process may have said QUIT in a later session.
            let again = self.farewells.iter().any(|(_, later)| *later == id);
            if !again && let Some(Expects::Farewell(key)) = self.expects.get(&id) {
                say(Reading::tells(b"", Fact::Closed(ClosedBy::Client)).of(key));
                self.expects.remove(&id);
            }
        }
    }

    fn compose_key(&mut self, process: &[u8], peer: &[u8]) {
        self.key.clear();
        self.key.extend_from_slice(process);
        self.key.push(b' ');
        self.key.extend_from_slice(peer);
    }

    /// What smtpd and postscreen tell about a connection.
    fn server_event(&mut self, line: &[u8], role: Role, process: &[u8], text: &[u8], say: Say<'_>) {
        let after = |words: &str| text.strip_prefix(words.as_bytes());
        if role == Role::Screen {
            let (name, fact) = if let Some(name) = after("CONNECT from ") {
                (name, Fact::Opening)
            } else if let Some(name) = after("HANGUP after ") {
                let from = memchr::memmem::find(name, b" from ").map_or(0, |at| at + 6);
                (name.get(from..).unwrap_or_default(), Fact::Closed(ClosedBy::Client))
            } else if let Some(name) = after("DISCONNECT ") {
                (name, Fact::Closed(ClosedBy::Unknown))
            } else {
                return;
            };
            let Some(key) = peer(name) else { return };
            let opens = fact.opens();
            say(Reading::tells(text, fact).at(self.at(line)).of(key));
            if opens {
                tell_client(key, key, say);
            }
            return;
        }
        let id = || process_id(process);
        let fact = if let Some(name) = after("connect from ") {
            self.expect(id(), Expects::Greeting);
            self.connected.insert(id());
            say(Reading::tells(text, Fact::Opening).at(self.at(line)).of(process));
            if let Some(peer) = peer(name) {
                tell_client(peer, process, say);
            }
            return;
        } else if after("disconnect from ").is_some() {
            self.connected.remove(&id());
            if self.expects.remove(&id()) == Some(Expects::Disconnect) {
                return;
            }
            Fact::Closed(ClosedBy::Unknown)
        } else if after("lost connection after ").is_some() {
            self.connected.remove(&id());
            self.expect(id(), Expects::Disconnect);
            Fact::Closed(ClosedBy::Client)
        } else if after("timeout after ").is_some() {
            Fact::TimedOut
        } else if let Some(fact) = tls(text) {
            fact
        } else if let Some(user) = after_words(text, ", sasl_username=") {
            Fact::AuthenticatedAs(
                user.split(|octet| *octet == b',').next().unwrap_or(user).to_vec(),
            )
        } else {
            return;
        };
        say(Reading::tells(text, fact).at(self.at(line)).of(process));
    }

    /// What smtp and lmtp tell about a connection.
    fn client_event(&mut self, line: &[u8], process: &[u8], text: &[u8], say: Say<'_>) {
        if let Some(name) = text.strip_prefix(b"connect to ")
            && let Some(peer) = peer(name)
            && let Some(words) = name.get(peer.len()..).and_then(|rest| rest.strip_prefix(b": "))
        {
            let failure = connect_failure(words);
            self.compose_key(process, peer);
            let at = self.at(line);
            say(Reading::tells(text, Fact::Opening).at(at).of(&self.key));
            if let Some((host, address, port)) = endpoint(peer) {
                self.tells_server(host, End { address, port }, say);
            }
            say(Reading::tells(b"", Fact::ConnectFailed(failure)).of(&self.key));
            say(Reading::tells(b"", Fact::Closed(ClosedBy::Unknown)).of(&self.key));
            return;
        }
        let Some(fact) = tls(text) else { return };
        let name = after_words(text, " established to ")
            .or_else(|| after_words(text, " error to "))
            .or_else(|| after_words(text, " failed for "));
        if let Some(peer) = name.and_then(peer) {
            self.compose_key(process, peer);
            say(Reading::tells(text, fact).at(self.at(line)).of(&self.key));
        }
    }
}

fn tell_client(peer: &[u8], key: &[u8], say: Say<'_>) {
    if let Some((_, address, port)) = endpoint(peer) {
        let fact = Fact::ClientAddress { address: address.to_vec(), port };
        say(Reading { key: Some(Cow::Borrowed(key)), ..Reading::tells(b"", fact) });
    }
}

fn after_words<'l>(text: &'l [u8], words: &str) -> Option<&'l [u8]> {
    let at = memchr::memmem::find(text, words.as_bytes())?;
    text.get(at + words.len()..)
}

/// `Anonymous TLS connection established from X: TLSv1.3 with cipher TLS_AES_256_GCM_SHA384 (256/256 bits)`,
/// `SSL_accept error from X: -1`, `certificate verification failed for X: untrusted issuer Y`
fn tls(text: &[u8]) -> Option<Fact> {
    if text.starts_with(b"SSL_accept error from ") || text.starts_with(b"SSL_connect error to ") {
        return Some(Fact::TlsFailed(text.to_vec()));
    }
    if text.starts_with(b"certificate verification failed for ") {
        let words = after_words(text, "]:").unwrap_or(text);
        let words = after_words(words, ": ").unwrap_or(words);
        return Some(Fact::CertificateProblem(words.to_vec()));
    }
    let words = after_words(text, "TLS connection established ")?;
    let start = memchr::memmem::rfind(words, b": ")? + 2;
    let mut words = words.get(start..)?.split(|octet| *octet == b' ');
    let version = words.next().map(<[u8]>::to_vec);
    let cipher = words.nth(2).map(<[u8]>::to_vec);
    Some(Fact::TlsStarted { version, cipher })
}

#[cfg(test)]
mod tests {
    use super::{
        super::shown::{check, evident},
        *,
    };

    #[test]
    fn reads_a_server_and_what_it_says_about_its_connections() {
        check(
            &DIALECT,
            "Nov 23 10:13:44 mail postfix/smtpd[12161]: connect from c.example[2001:db8::7]:4242\n\
             Nov 23 10:13:44 mail postfix/smtpd[12161]: smtp_stream_setup: maxtime=300 enable_deadline=0\n\
             Nov 23 10:13:44 mail postfix/smtpd[12161]: > c.example[2001:db8::7]:4242: 220 mail.example.com\n\
             Nov 23 10:13:44 mail postfix/smtpd[12161]: < c.example[2001:db8::7]:4242: STARTTLS\n\
             Nov 23 10:13:44 mail postfix/smtpd[12161]: > c.example[2001:db8::7]:4242: 220 2.0.0 Ready\n\
             Nov 23 10:13:44 mail postfix/smtpd[12161]: Anonymous TLS connection established from c.example[2001:db8::7]:4242: TLSv1.3 with cipher TLS_AES_256_GCM_SHA384 (256/256 bits)\n\
             Nov 23 10:13:44 mail postfix/smtpd[12161]: >>> START Recipient address RESTRICTIONS <<<\n\
             Nov 23 10:13:44 mail postfix/smtpd[12161]: > 127.0.0.1:10025: EHLO mail.example.com\n\
             Nov 23 10:13:44 mail postfix/smtpd[12161]: > c.example[2001:db8::7]:4242: 354 End\n\
             Nov 23 10:13:44 mail postfix/smtpd[12161]: BBAFC9F28A7: client=c.example[2001:db8::7]:4242, sasl_method=PLAIN, sasl_username=elvis\n\
             Nov 23 10:13:44 mail postfix/smtpd[12161]: lost connection after DATA from c.example[2001:db8::7]:4242\n\
             Nov 23 10:13:44 mail postfix/smtpd[12161]: disconnect from c.example[2001:db8::7]:4242 ehlo=1\n\
             Nov 23 10:13:44 mail postfix/qmgr[12162]: BBAFC9F28A7: removed\n\
             Nov 23 10:13:44 mail dovecot[12162]: imap: < 250 ok",
            "[smtpd[12161]] * = Opening
             [smtpd[12161]] * = ClientAddress { address: '2001:db8::7', port: Some(4242) }
             [smtpd[12161]] 2 220 mail.example.com
             [smtpd[12161]] 1 STARTTLS
             [smtpd[12161]] 2 220 2.0.0 Ready
             [smtpd[12161]] * = TlsStarted { version: Some('TLSv1.3'), cipher: Some('TLS_AES_256_GCM_SHA384') }
             [smtpd[12161] 127.0.0.1:10025] 1 EHLO mail.example.com
             [smtpd[12161]] 2 354 End = BodyHidden(None)
             [smtpd[12161]] * = AuthenticatedAs('elvis')
             [smtpd[12161]] * = Closed(Client)
             ? Nov 23 10:13:44 mail dovecot[12162]: imap: < 250 ok",
        );
    }

    #[test]
    fn tells_the_sessions_of_a_client_apart() {
        check(
            &DIALECT,
            "2026-11-23T10:13:46+00:00 mail postfix-out/smtp[12290]: < mx[192.0.2.5]:25: 220 mx\n\
             2026-11-23T10:13:46+00:00 mail postfix-out/smtp[12290]: > mx[192.0.2.5]:25: STARTTLS\n\
             2026-11-23T10:13:46+00:00 mail postfix-out/smtp[12290]: < mx[192.0.2.5]:25: 220 go\n\
             2026-11-23T10:13:46+00:00 mail postfix-out/smtp[12290]: > mx[192.0.2.5]:25: QUIT\n\
             2026-11-23T10:13:46+00:00 mail postfix-out/smtp[12290]: < mx[192.0.2.5]:25: 220 mx\n\
             2026-11-23T10:13:46+00:00 mail postfix-out/smtp[12290]: > mx[192.0.2.5]:25: QUIT\n\
             2026-11-23T10:13:46+00:00 mail postfix-out/smtp[12290]: < mx[192.0.2.5]:25: 221 bye\n\
             2026-11-23T10:13:46+00:00 mail postfix-out/lmtp[12290]: < imap[private/lmtp]: 220 imap\n\
             2026-11-23T10:13:46+00:00 mail postfix-out/smtp[12290]: connect to mx[192.0.2.9]:25: Connection refused",
            "[smtp[12290] mx[192.0.2.5]:25] * = Opening
             [smtp[12290] mx[192.0.2.5]:25] * = Dialled { host: 'mx', port: Some(25) }
             [smtp[12290] mx[192.0.2.5]:25] * = ServerAddress { address: '192.0.2.5', port: Some(25) }
             [smtp[12290] mx[192.0.2.5]:25] 2 220 mx
             [smtp[12290] mx[192.0.2.5]:25] 1 STARTTLS
             [smtp[12290] mx[192.0.2.5]:25] 2 220 go
             [smtp[12290] mx[192.0.2.5]:25] 1 QUIT
             [smtp[12290] mx[192.0.2.5]:25] * = Opening
             [smtp[12290] mx[192.0.2.5]:25] * = Dialled { host: 'mx', port: Some(25) }
             [smtp[12290] mx[192.0.2.5]:25] * = ServerAddress { address: '192.0.2.5', port: Some(25) }
             [smtp[12290] mx[192.0.2.5]:25] 2 220 mx
             [smtp[12290] mx[192.0.2.5]:25] 1 QUIT
             [smtp[12290] mx[192.0.2.5]:25] 2 221 bye
             [smtp[12290] mx[192.0.2.5]:25] * = Closed(Client)
             [lmtp[12290] imap[private/lmtp]] * = Opening
             [lmtp[12290] imap[private/lmtp]] * = Dialled { host: 'imap', port: None }
             [lmtp[12290] imap[private/lmtp]] * = ServerAddress { address: 'private/lmtp', port: None }
             [lmtp[12290] imap[private/lmtp]] 2 220 imap
             [smtp[12290] mx[192.0.2.9]:25] * = Opening
             [smtp[12290] mx[192.0.2.9]:25] * = Dialled { host: 'mx', port: Some(25) }
             [smtp[12290] mx[192.0.2.9]:25] * = ServerAddress { address: '192.0.2.9', port: Some(25) }
             [smtp[12290] mx[192.0.2.9]:25] * = ConnectFailed(Refused)
             [smtp[12290] mx[192.0.2.9]:25] * = Closed(Unknown)",
        );
    }

    #[test]
    fn reads_postscreen_and_lines_without_their_prefix() {
        check(
            &DIALECT,
            "Nov 23 10:13:44 mail postfix/postscreen[9]: CONNECT from [192.0.2.7]:4242 to [192.0.2.1]:25\n\
             Nov 23 10:13:44 mail postfix/postscreen[9]: > [192.0.2.7]:4242: 220-mail.example.com\n\
             Nov 23 10:13:44 mail postfix/postscreen[9]: < [192.0.2.7]:4242: EHLO x\n\
             Nov 23 10:13:44 mail postfix/postscreen[9]: HANGUP after 0.1 from [192.0.2.7]:4242 in tests\n\
             > localhost[127.0.0.1]: 250 ok\n\
             < localhost[127.0.0.1]:\n\
             > EHLO x",
            "[[192.0.2.7]:4242] * = Opening
             [[192.0.2.7]:4242] * = ClientAddress { address: '192.0.2.7', port: Some(4242) }
             [[192.0.2.7]:4242] 2 220-mail.example.com
             [[192.0.2.7]:4242] 1 EHLO x
             [[192.0.2.7]:4242] * = Closed(Client)
             [localhost[127.0.0.1]] 2 250 ok
             [localhost[127.0.0.1]] 1 \n\
             ? > EHLO x",
        );
    }

    #[test]
    fn knows_its_lines() {
        evident(&DIALECT, "Nov 23 10:13:44 mail postfix/submission/smtpd[1]: < a[b]: EHLO x", true);
        evident(&DIALECT, "postfix/smtpd[476]: > unknown[192.0.2.1]: 220 x", true);
        evident(&DIALECT, "> a.example[192.0.2.1]:25: EHLO x", true);
        evident(&DIALECT, "> EHLO [192.0.2.1]: x", false);
        evident(&DIALECT, "Nov 23 10:13:44 mail postfix/smtpd[1]: >>> END ETRN <<<", false);
        evident(&DIALECT, "Nov 23 10:13:44 mail postfix/qmgr[1]: < a[b]: EHLO x", false);
        evident(&DIALECT, "Nov 23 10:13:44 mail smtpd[1]: < a[b]: EHLO x", false);
    }
}
