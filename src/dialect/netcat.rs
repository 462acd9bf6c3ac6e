//! nc and ncat: unmarked lines, at most a line about the connection before them.
//!
//! ```text
//! Connection to mx.example.net 25 port [tcp/smtp] succeeded!
//! 220 mx.example.net ESMTP
//! ```
//!
//! From recordings of OpenBSD's nc, traditional nc and Nmap's ncat.

use super::{
    Custom, Dialect, Reading, Record, Say, Times, Unmarked, failure::blames_certificate, prompt,
};
use crate::transcript::{ClosedBy, ConnectFailure, Fact};

pub(super) static DIALECT: Dialect = Dialect {
    name: "nc-ncat",
    about: "netcat: nc or ncat, copied from the terminal",
    client: "",
    server: "",
    key: "",
    times: Times::Never,
    record: Record { wire: true, ..Record::DIALOGUE },
    unmarked: Unmarked::Both,
    custom: Custom::FirstIsClient,
    hints: &["nc ", "ncat", "Ncat", "netcat", "succeeded!", ") open", ") :", "nc: "],
    evidence: |line| {
        line.starts_with(b"Ncat: ")
            || line.starts_with(b"nc: ")
            || line.starts_with(b"netcat: ")
            || succeeded(line).is_some()
            || traditional(line).is_some()
            || prompt::shell_line(line, TOOLS).is_some_and(|shell| talks(&shell))
    },
    reader: || {
        // The host of the failure on the line before.
        let mut failed = None;
        Box::new(move |line: &[u8], say: Say<'_>| {
            let taken = read(&mut failed, line, say);
            failed = failed.take().filter(|_| taken);
            taken
        })
    },
};

const TOOLS: &[&str] = &["nc", "ncat", "netcat", "nc.openbsd", "nc.traditional"];
const VALUED: &[&str] = &["-w", "-i", "-p", "-s", "-q", "-X", "-x", "-G", "-T", "-I", "-O"];

/// A shell line that dials, and does not listen.
fn talks(shell: &prompt::ShellLine<'_>) -> bool {
    let options = shell.words.iter().skip(1).filter(|word| word.first() == Some(&b'-'));
    let listens = options.clone().any(|word| word.get(1) != Some(&b'-') && word.contains(&b'l'));
    let has_port = shell.words.iter().skip(2).any(|word| prompt::port_number(word).is_some());
    !listens && has_port
}

/// `Connection to HOST PORT port [tcp/…] succeeded!` and what stands before the last word.
fn succeeded(line: &[u8]) -> Option<(&[u8], &[u8])> {
    let rest = line.strip_prefix(b"Connection to ")?;
    let mut words = rest.split(|&octet| octet == b' ');
    let (host, port) = (words.next()?, words.find(|word| !word.starts_with(b"("))?);
    rest.ends_with(b"] succeeded!").then_some((host, port))
}

/// What traditional nc tells of an attempt.
struct Attempt<'l> {
    host: &'l [u8],
    address: &'l [u8],
    port: &'l [u8],
    state: &'l [u8],
}

/// `mx.example.net [192.0.2.1] 25 (smtp) open` and its failures.
fn traditional(line: &[u8]) -> Option<Attempt<'_>> {
    let (host, rest) = line.split_at_checked(memchr::memmem::find(line, b" [")?)?;
    let rest = rest.get(2..)?;
    let (address, rest) = rest.split_at_checked(memchr::memmem::find(rest, b"] ")?)?;
    let rest = rest.get(2..)?;
    let (port, rest) = rest.split_at_checked(memchr::memchr(b' ', rest)?)?;
    let state = rest.get(memchr::memchr(b')', rest)? + 1..)?;
    (!host.contains(&b' ') && prompt::port_number(port).is_some() && rest.starts_with(b" ("))
        .then_some(Attempt { host, address, port, state })
}

fn read(failed: &mut Option<Vec<u8>>, line: &[u8], say: Say<'_>) -> bool {
    let text = line.trim_ascii();
    let has = |words: &str| memchr::memmem::find(text, words.as_bytes()).is_some();
    if let Some((host, port)) = succeeded(text) {
        say(Reading::tells(text, Fact::Opened));
        if let Some(fact) = prompt::dialled(host, Some(port)) {
            say(Reading::tells(b"", fact));
        }
        return true;
    }
    if let Some(Attempt { host, address, port, state }) = traditional(text) {
        say(Reading::tells(text, if has(") open") { Fact::Opened } else { Fact::Opening }));
        if host != b"(UNKNOWN)"
            && let Some(fact) = prompt::dialled(host, Some(port))
        {
            say(Reading::tells(b"", fact));
        }
        let port = prompt::port_number(port);
        say(Reading::tells(b"", Fact::ServerAddress { address: address.to_vec(), port }));
        if let Some(failure) = failure(state) {
            say(Reading::tells(b"", Fact::ConnectFailed(failure)));
        }
        return true;
    }
    if let Some(rest) = text.strip_prefix(b"Ncat: ") {
        let encrypted = rest.strip_prefix(b"SSL connection to ");
        if let Some(peer) = encrypted.or_else(|| rest.strip_prefix(b"Connected to ")) {
            let peer = peer.strip_suffix(b".").unwrap_or(peer);
            let colon = peer.iter().rposition(|&octet| octet == b':').unwrap_or(peer.len());
            let (address, port) = peer.split_at_checked(colon).unwrap_or((peer, b""));
            let port = port.get(1..).and_then(prompt::port_number);
            say(Reading::tells(text, Fact::Opened));
            say(Reading::tells(b"", Fact::ServerAddress { address: address.to_vec(), port }));
            if encrypted.is_some() {
                say(Reading::tells(b"", Fact::TlsStarted { version: None, cipher: None }));
            }
        } else if blames_certificate(rest) {
            say(Reading::tells(text, Fact::CertificateProblem(rest.to_vec())));
        } else if let Some(failure) = failure(rest) {
            say(Reading::tells(text, Fact::ConnectFailed(failure)));
        } else if memchr::memmem::find(rest, b"bytes sent").is_some() {
            say(Reading::tells(text, Fact::Closed(ClosedBy::Unknown)));
        } else if rest.starts_with(b"Version ") {
            say(Reading::tells(text, Fact::Opening));
        } else {
            say(Reading::remark(text));
        }
        return true;
    }
    if text.starts_with(b"nc: ") || text.starts_with(b"netcat: ") {
        let Some(failure) = failure(text) else {
            say(Reading::tells(text, Fact::ToolError(text.to_vec())));
            return true;
        };
        // One command tries all addresses of a host.
        let host = text.split(|octet| *octet == b' ').nth(3).filter(|_| has("connect to "));
        if failed.as_deref() != host || host.is_none() {
            say(Reading::tells(text, Fact::Opening));
            say(Reading::tells(b"", Fact::ConnectFailed(failure)));
        } else {
            say(Reading::tells(text, Fact::ConnectFailed(failure)));
        }
        *failed = host.map(<[u8]>::to_vec);
        return true;
    }
    if let Some(shell) = prompt::shell_line(text, TOOLS)
        && talks(&shell)
        && let Some(fact) = prompt::host_and_port(&shell.words, VALUED)
    {
        say(Reading::tells(text, Fact::Opening));
        say(Reading::tells(b"", fact));
        return true;
    }
    false
}

fn failure(text: &[u8]) -> Option<ConnectFailure> {
    let has = |words: &str| memchr::memmem::find(text, words.as_bytes()).is_some();
    if has("refused") {
        Some(ConnectFailure::Refused)
    } else if has("timed out") || has("TIMEOUT") {
        Some(ConnectFailure::TimedOut)
    } else if has("not known") || has("resolve") || has("Unknown host") || has("not resolved") {
        Some(ConnectFailure::NotFound)
    } else if has("No route") || has("unreachable") {
        Some(ConnectFailure::Other)
    } else {
        None
    }
}
