//! `strace` of a mail program: the calls that read and write its connections.
//!
//! ```text
//! 18639 connect(5, {sa_family=AF_INET, sin_port=htons(25), sin_addr=inet_addr("192.0.2.25")}, 16) = 0
//! [pid 18639] recvfrom(5, "220 mx.example.net ESMTP\r\n", 4096, 0, NULL, NULL) = 26
//! 12:16:23.123456 sendto(5, "EHLO client.example\r\n", 21, 0, NULL, 0) = 21
//! ```
//!
//! Traps: a program reads and writes much else; only the descriptors over which SMTP goes count. Texts are cut
//! after 32 octets unless `-s` says otherwise. A call may be left off (`<unfinished ...>`) and come back later
//! (`<... read resumed>`). With `-f` a number stands before each line, with `-y` a name behind the descriptor;
//! whether the program is the client is not said. From recordings of strace 6.1.

use std::{borrow::Cow, collections::BTreeMap};

use super::{
    Custom, Dialect, Reader, Reading, Record, Say, Times, Unmarked, escape,
    failure::connect_failed,
    flow::serves,
    octets::{Clear, Wire},
    prompt, reply_rows, sign, time,
};
use crate::transcript::{ClosedBy, Fact, Mark, Moment};

pub(super) static DIALECT: Dialect = Dialect {
    name: "strace",
    about: "strace of a mail program",
    client: "write(fd, \"…\"",
    server: "read(fd, \"…\"",
    key: "process and descriptor",
    times: Times::Sometimes,
    record: Record { wire: true, ..Record::DIALOGUE },
    unmarked: Unmarked::Neither,
    custom: Custom::FirstIsClient,
    hints: &[
        "connect(",
        "read(",
        "recv(",
        "recvfrom(",
        "recvmsg(",
        "readv(",
        "write(",
        "send(",
        "sendto(",
        "sendmsg(",
        "writev(",
    ],
    evidence: |line| Call::of(line).is_some_and(|call| call.is_evident()),
    reader: || Box::new(Strace::default()),
};

/// How many descriptors are kept in mind.
const MOST: usize = 4096;

/// The calls that carry octets, and the mark that stands for each direction.
const CALLS: &[(&[u8], Mark)] = &[
    (b"read", Mark::Second),
    (b"recv", Mark::Second),
    (b"recvfrom", Mark::Second),
    (b"recvmsg", Mark::Second),
    (b"readv", Mark::Second),
    (b"write", Mark::First),
    (b"send", Mark::First),
    (b"sendto", Mark::First),
    (b"sendmsg", Mark::First),
    (b"writev", Mark::First),
];

/// One call: who made it, when, on which descriptor, and what stands behind that.
#[derive(Debug, Clone, Copy)]
struct Call<'l> {
    at: Option<Moment>,
    process: &'l [u8],
    name: &'l [u8],
    /// Empty where the call comes back, for the beginning of it had the number.
    descriptor: &'l [u8],
    rest: &'l [u8],
}

/// What a call carried.
struct Carried<'l> {
    octets: Cow<'l, [u8]>,
    /// The part of the line that it stands in.
    within: &'l [u8],
    /// The text was cut.
    cut: bool,
}

impl<'l> Call<'l> {
    fn of(line: &'l [u8]) -> Option<Self> {
        let (process, rest) = process(line.trim_ascii_start());
        let (at, rest) = moment(rest);
        let resumed = rest.strip_prefix(b"<... ");
        let (name, rest) = match resumed {
            Some(resumed) => sign::around(resumed, " resumed>")?,
            None => sign::around(rest, "(")?,
        };
        let is_name =
            |octet: &u8| octet.is_ascii_lowercase() || octet.is_ascii_digit() || *octet == b'_';
        if name.is_empty() || name.len() > 16 || !name.iter().all(is_name) {
            return None;
        }
        if resumed.is_some() {
            return Some(Self { at, process, name, descriptor: b"", rest });
        }
        let digits = rest.iter().take(8).take_while(|octet| octet.is_ascii_digit()).count();
        let (descriptor, rest) = rest.split_at_checked(digits).filter(|_| digits > 0)?;
        // `5<TCP:[198.51.100.1:40052->192.0.2.25:25]>`
        let rest = match rest.strip_prefix(b"<") {
            Some(named) => sign::around(named, ">,").map_or(named, |(_, rest)| rest),
            None => rest.strip_prefix(b",").unwrap_or(rest),
        };
        Some(Self { at, process, name, descriptor, rest })
    }

    /// Whether it is one that a trace of a mail program has, whatever else was traced.
    fn is_evident(&self) -> bool {
        if self.mark().is_none() {
            return self.name == b"connect"
                && self.rest.trim_ascii_start().starts_with(b"{sa_family=AF_INET");
        }
        let carried = self.octets();
        is_smtp(&carried.octets) || (self.outcome().is_some() && !carried.within.is_empty())
    }

    /// Which way its octets went.
    fn mark(&self) -> Option<Mark> {
        CALLS.iter().find(|(name, _)| *name == self.name).map(|(_, mark)| *mark)
    }

    /// What it carried: in one text, or in several behind one another.
    fn octets(&self) -> Carried<'l> {
        let mut carried = Carried { octets: Cow::Borrowed(b""), within: b"", cut: false };
        let mut rest = self.rest.trim_ascii_start();
        let vector = rest.first().is_some_and(|octet| matches!(octet, b'{' | b'['));
        while let Some(at) = memchr::memchr(b'"', rest) {
            let (before, text) = rest.split_at(at);
            let Some(literal) = escape::literal(text) else { break };
            rest = literal.rest;
            let holds = if vector {
                before.ends_with(b"iov_base=")
                    || before.ends_with(b"[{")
                    || before.ends_with(b", {")
            } else {
                before.is_empty()
            };
            if holds {
                let octets = escape::backslash(literal.inner);
                if carried.within.is_empty() {
                    carried.octets = octets;
                    carried.within = literal.inner;
                } else {
                    carried.octets.to_mut().extend_from_slice(&octets);
                }
                carried.cut = rest.starts_with(b"...") || !literal.closed;
            }
            if !vector {
                break;
            }
        }
        carried
    }

    /// What came of it: `= 36`, `= -1 ECONNREFUSED (Connection refused)`; `None` where the line does not tell.
    fn outcome(&self) -> Option<&'l [u8]> {
        let at = memchr::memmem::rfind(self.rest, b") = ")?;
        self.rest.get(at + 4..)
    }

    fn is_unfinished(&self) -> bool {
        self.rest.trim_ascii_end().ends_with(b"<unfinished ...>")
    }
}

/// The number of the process, where one is named: `[pid  18639] `, `18639 `.
fn process(line: &[u8]) -> (&[u8], &[u8]) {
    let (bracketed, inner) = match line.strip_prefix(b"[pid ") {
        Some(inner) => (true, inner.trim_ascii_start()),
        None => (false, line),
    };
    let digits = inner.iter().take(8).take_while(|octet| octet.is_ascii_digit()).count();
    let Some((number, rest)) = inner.split_at_checked(digits).filter(|_| digits > 0) else {
        return (b"", line);
    };
    match (bracketed, rest) {
        (true, [b']', b' ', rest @ ..]) | (false, [b' ', rest @ ..]) => {
            (number, rest.trim_ascii_start())
        }
        _ => (b"", line),
    }
}

/// The time of day before a call; seconds since 1970 or since the call before are passed over.
fn moment(text: &[u8]) -> (Option<Moment>, &[u8]) {
    if let Some((at, rest)) = time::clock(text)
        && let Some(rest) = rest.strip_prefix(b" ")
    {
        return (Some(at), rest);
    }
    let digits = text.iter().take_while(|octet| octet.is_ascii_digit() || **octet == b'.').count();
    let rest = text.get(digits..).and_then(|rest| rest.strip_prefix(b" "));
    (None, rest.filter(|_| digits > 0).unwrap_or(text))
}

/// With which of the client's lines a record may begin.
const COMMANDS: [&[u8]; 5] = [b"EHLO ", b"HELO ", b"LHLO ", b"MAIL FROM:", b"QUIT"];

fn begins_with(line: &[u8], words: &[u8]) -> bool {
    line.get(..words.len()).is_some_and(|start| start.eq_ignore_ascii_case(words))
}

/// Whether SMTP begins so.
fn is_smtp(octets: &[u8]) -> bool {
    let reply = matches!(octets, [b'2'..=b'5', b'0'..=b'5', b'0'..=b'9', b' ' | b'-', ..]);
    let end = memchr::memchr(b'\n', octets).unwrap_or(octets.len());
    let line = octets.get(..end).unwrap_or(octets);
    reply && reply_rows::code(line).is_some()
        || end < octets.len() && COMMANDS.iter().any(|verb| begins_with(line, verb))
}

/// A descriptor that is open.
#[derive(Debug, Default)]
struct Descriptor {
    /// SMTP went over it.
    mail: bool,
    wires: [Wire; 2],
    clear: Clear,
    /// The address that it was connected to.
    peer: Option<(Vec<u8>, Option<u16>)>,
}

#[derive(Debug, Default)]
struct Strace {
    open: BTreeMap<Vec<u8>, Descriptor>,
    /// The descriptor of each process's call that has not come back.
    unfinished: BTreeMap<Vec<u8>, Vec<u8>>,
}

impl Reader for Strace {
    fn read(&mut self, line: &[u8], say: Say<'_>) -> bool {
        let Some(call) = Call::of(line) else {
            // `--- SIGCHLD {…} ---`, `+++ exited with 0 +++`
            let (_, rest) = process(line);
            let own = rest.starts_with(b"--- SIG") || rest.starts_with(b"+++ ");
            if own {
                say(Reading::remark(line).aside());
            }
            return own;
        };
        let key = self.key(&call);
        match call.name {
            b"connect" => self.connects(&call, key, line, say),
            b"close" => self.closes(&call, &key, line, say),
            _ => self.carries(&call, &key, line, say),
        }
        true
    }

    fn finish(&mut self, say: Say<'_>) {
        for (key, mut descriptor) in std::mem::take(&mut self.open) {
            flush(&mut descriptor, &key, b"", say);
        }
    }
}

impl Strace {
    /// The process and the descriptor; where a call comes back, those that it began with.
    fn key(&mut self, call: &Call<'_>) -> Vec<u8> {
        if call.descriptor.is_empty() {
            return self.unfinished.remove(call.process).unwrap_or_default();
        }
        let gap: &[u8] = if call.process.is_empty() { b"" } else { b" " };
        let key = [call.process, gap, call.descriptor].concat();
        if call.is_unfinished() && self.unfinished.len() < MOST {
            self.unfinished.insert(call.process.to_vec(), key.clone());
        }
        key
    }

    fn connects(&mut self, call: &Call<'_>, key: Vec<u8>, line: &[u8], say: Say<'_>) {
        let value = |name: &str, end: &str| {
            let (_, rest) = sign::around(call.rest, name)?;
            sign::around(rest, end).map(|(value, _)| value)
        };
        let port = value("port=htons(", ")").and_then(prompt::port_number);
        let address = value("inet_addr(\"", "\"").or_else(|| {
            let (_, rest) = sign::around(call.rest, "AF_INET6, \"")?;
            sign::around(rest, "\"").map(|(value, _)| value)
        });
        let Some(address) = address else { return say(Reading::remark(line).aside()) };
        let refused = call.outcome().filter(|outcome| {
            outcome.starts_with(b"-1 ") && !outcome.starts_with(b"-1 EINPROGRESS")
        });
        if let Some(words) = refused {
            if serves(port) > 1 {
                say(Reading::tells(line, Fact::Opening).at(call.at).of(&key));
                let server = Fact::ServerAddress { address: address.to_vec(), port };
                let none = line.get(..0).unwrap_or_default();
                say(Reading::tells(none, server).of(&key));
                say(Reading::tells(none, connect_failed(words)).of(&key));
            } else {
                say(Reading::remark(line).aside());
            }
            self.open.remove(&key);
            return;
        }
        say(Reading::remark(line).aside());
        let peer = Some((address.to_vec(), port));
        if self.open.len() < MOST {
            self.open.insert(key, Descriptor { peer, ..Descriptor::default() });
        }
    }

    fn closes(&mut self, call: &Call<'_>, key: &[u8], line: &[u8], say: Say<'_>) {
        match self.open.remove(key).filter(|descriptor| descriptor.mail) {
            Some(mut descriptor) => {
                flush(&mut descriptor, key, line, say);
                let closed = Fact::Closed(ClosedBy::Unknown);
                say(Reading::tells(line, closed).at(call.at).of(key));
            }
            None => say(Reading::remark(line).aside()),
        }
    }

    fn carries(&mut self, call: &Call<'_>, key: &[u8], line: &[u8], say: Say<'_>) {
        let carried = call.octets();
        let known = self.open.get(key).is_some_and(|descriptor| descriptor.mail);
        let Some(mark) = call
            .mark()
            .filter(|_| !key.is_empty() && !carried.within.is_empty())
            .filter(|_| known || (is_smtp(&carried.octets) && self.open.len() < MOST))
        else {
            return say(Reading::remark(line).aside());
        };
        let descriptor = self.open.entry(key.to_vec()).or_default();
        if !known {
            descriptor.mail = true;
            let none = line.get(..0).unwrap_or_default();
            say(Reading::tells(none, Fact::Opening).at(call.at).of(key));
            if let Some((address, port)) = descriptor.peer.take() {
                say(Reading::tells(none, Fact::ServerAddress { address, port }).of(key));
            }
        }
        let Descriptor { wires: [first, second], clear, .. } = descriptor;
        if clear.packet(&carried.octets) {
            return say(Reading::remark(line).at(call.at).of(key));
        }
        let wire = if mark == Mark::Second { second } else { first };
        let mut said = |reading: Reading<'_>| {
            clear.line(&reading.text);
            say(reading.of(key));
        };
        let at = call.at;
        wire.feed(&carried.octets, mark, carried.within, &|reading| reading.at(at), &mut said);
        // How a text ended that was cut, nobody knows.
        if carried.cut && wire.is_holding() {
            said(Reading::unescaped(mark, wire.take(), carried.within).at(at));
        }
    }
}

/// Says the lines that never ended.
fn flush(descriptor: &mut Descriptor, key: &[u8], line: &[u8], say: Say<'_>) {
    let within = line.get(..0).unwrap_or_default();
    let [first, second] = &mut descriptor.wires;
    for (wire, mark) in [(first, Mark::First), (second, Mark::Second)] {
        wire.flush(mark, within, &|reading| reading.of(key), say);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dialect::spoken::told;

    #[test]
    fn only_descriptors_with_smtp_count() {
        let record = r#"
77 openat(AT_FDCWD, "/etc/hosts", O_RDONLY) = 3
77 read(3, "127.0.0.1 localhost\n", 4096) = 20
77 read(3, "nameserver 192.0.2.53\n", 4096) = 22
77 connect(5, {sa_family=AF_INET, sin_port=htons(25), sin_addr=inet_addr("192.0.2.25")}, 16) = 0
77 recvfrom(5, "220 mx.exa", 4096, 0, NULL, NULL) = 10
77 recvfrom(5, "mple ESMTP\r\n", 4096, 0, NULL, NULL) = 12
77 12:00:00 write(5, "EHLO c\r\n", 8) = 8
77 writev(5, [{iov_base="MAIL FROM:<a@", iov_len=13}, {iov_base="b.example>\r\n", iov_len=12}], 2) = 25
77 read(5,  <unfinished ...>
78 write(1, "QUIT\n", 5) = 5
77 <... read resumed>"250 it is a rather long line that was c"..., 4096) = 60
77 close(5) = 0
"#;
        assert_eq!(
            told(&DIALECT, record, true),
            "77 5/Opening 77 5/ServerAddress 77 5/1:220 mx.example ESMTP 77 5/0:EHLO c \
             77 5/0:MAIL FROM:<a@b.example> 78 1/Opening 78 1/0:QUIT \
             77 5/1:250 it is a rather long line that was c 77 5/Closed \
             -77 openat(AT_FDCWD, \"/etc/hosts\", O_RDONLY) = 3"
        );
    }

    #[test]
    fn a_refused_connection_is_told() {
        let record = "connect(4, {sa_family=AF_INET6, sin6_port=htons(587), sin6_flowinfo=htonl(0), \
            inet_pton(AF_INET6, \"2001:db8::1\", &sin6_addr), sin6_scope_id=0}, 28) = -1 ECONNREFUSED (Connection refused)";
        assert_eq!(told(&DIALECT, record, true), "4/Opening 4/ServerAddress 4/ConnectFailed");
    }

    #[test]
    fn evidence_is_a_call_with_a_text() {
        assert!((DIALECT.evidence)(br#"sendto(5, "EHLO x\r\n", 8, 0, NULL, 0) = 8"#));
        assert!((DIALECT.evidence)(br#"1 read(5, "250-mx\r\n250 SIZE 1\r\n", 99) = 20"#));
        assert!((DIALECT.evidence)(br#"read(3, "\177ELF\2\1\1", 832) = 832"#));
        assert!(!(DIALECT.evidence)(br#"    read(3, "\n", 1);"#));
        assert!(!(DIALECT.evidence)(b"read(250 ok)"));
    }
}
