//! telnet on Unix: unmarked lines between `Trying …` and `Connection closed by foreign host.`
//!
//! ```text
//! Trying 192.0.2.1...
//! Connected to mx.example.net.
//! Escape character is '^]'.
//! 220 mx.example.net ESMTP
//! ```
//!
//! Traps: one `Trying` for each address of the host; `^]` and `telnet> quit` leave it; piped input
//! shows no commands at all. From recordings of inetutils and netkit telnet.

use super::{
    Custom, Dialect, Reader, Reading, Record, Say, Times, Unmarked, failure::connect_failure,
    prompt,
};
use crate::transcript::{ClosedBy, ConnectFailure, Fact};

pub(super) static DIALECT: Dialect = Dialect {
    name: "telnet-unix",
    about: "telnet on Unix, copied from the terminal",
    client: "",
    server: "",
    key: "",
    times: Times::Never,
    record: Record { wire: true, ..Record::DIALOGUE },
    unmarked: Unmarked::Both,
    custom: Custom::FirstIsClient,
    hints: &[
        "telnet",
        "Trying ",
        "Escape character",
        "Connected to ",
        "foreign host",
        "lookup failure",
    ],
    evidence: |line| {
        line.starts_with(b"Escape character is ")
            || (line.starts_with(b"Trying ") && line.ends_with(b"..."))
            || line.starts_with(b"Connection closed by foreign host")
            || line.starts_with(b"telnet: ")
            || line.starts_with(b"Server lookup failure")
            || (!prompt::is_windows(line)
                && prompt::shell_line(line, &["telnet"])
                    .is_some_and(|shell| shell.words.len() >= 2))
    },
    reader: || Box::new(Telnet::default()),
};

/// BSD's telnet tells the cause with each address, and at the end only that it gave up.
#[derive(Debug, Default)]
struct Telnet {
    /// Why the address before could not be reached.
    failed: Option<ConnectFailure>,
}

impl Reader for Telnet {
    fn read(&mut self, line: &[u8], say: Say<'_>) -> bool {
        let text = line.trim_ascii();
        if text.starts_with(b"telnet: connect to address ") {
            self.failed = Some(connect_failure(text));
        } else if text == b"telnet: Unable to connect to remote host"
            && let Some(failure) = self.failed.take()
        {
            say(Reading::tells(text, Fact::ConnectFailed(failure)));
            return true;
        } else if text.starts_with(b"Connected to ") {
            self.failed = None;
        }
        read(line, say)
    }
}

/// What telnet itself says, where somebody put a mark before it; `false` for anything else.
pub(super) fn marked(text: &[u8], say: Say<'_>) -> bool {
    const WORDS: [&[u8]; 4] = [
        b"Trying ",
        b"Connected to ",
        b"Escape character is ",
        b"Connection closed by foreign host",
    ];
    WORDS.iter().any(|words| text.starts_with(words)) && read(text, say)
}

/// Whether it is an address of which somebody took out parts: `192.0.x.x`.
fn is_masked(word: &[u8]) -> bool {
    let parts = word.split(|octet| *octet == b'.');
    let masked = |part: &[u8]| {
        part.iter().all(|octet| matches!(octet, b'0'..=b'9' | b'x' | b'X' | b'*' | b'#'))
    };
    parts.clone().count() == 4 && parts.into_iter().all(|part| !part.is_empty() && masked(part))
}

fn read(line: &[u8], say: Say<'_>) -> bool {
    let text = line.trim_ascii();
    if let Some(rest) = text.strip_prefix(b"Trying ") {
        let Some(end) = memchr::memmem::find(rest, b"...") else { return false };
        let target = rest.get(..end).unwrap_or_default();
        say(Reading::tells(text, Fact::Opening));
        // Some put a name there, and some who publish a record other words.
        let fact = if prompt::is_address(target) || is_masked(target) {
            Some(Fact::ServerAddress { address: target.to_vec(), port: None })
        } else {
            prompt::dialled(target, None)
        };
        if let Some(fact) = fact {
            say(Reading::tells(b"", fact));
        }
        return true;
    }
    if let Some(rest) = text.strip_prefix(b"Connected to ") {
        let host = rest.strip_suffix(b".").unwrap_or(rest);
        let host = host.split(|&octet| octet == b' ').next().unwrap_or(host);
        if rest.len() == host.len() && !host.contains(&b'.') {
            return false;
        }
        say(Reading::tells(text, Fact::Opened));
        say(Reading::tells(b"", Fact::Dialled { host: host.to_vec(), port: None }));
        return true;
    }
    if text.starts_with(b"Escape character is ") {
        say(Reading::tells(text, Fact::Opened));
        return true;
    }
    if text.starts_with(b"Connection closed by foreign host") {
        say(Reading::tells(text, Fact::Closed(ClosedBy::Server)));
        return true;
    }
    if matches!(text, b"Connection closed." | b"Connection to host closed.") {
        say(Reading::tells(text, Fact::Closed(ClosedBy::Client)));
        return true;
    }
    if let Some(command) = text.strip_prefix(b"telnet>") {
        match command.trim_ascii() {
            b"q" | b"quit" | b"e" | b"exit" | b"c" | b"close" => {
                say(Reading::tells(text, Fact::Closed(ClosedBy::Client)));
            }
            _ => say(Reading::remark(text)),
        }
        return true;
    }
    if text == b"^]" {
        say(Reading::remark(text));
        return true;
    }
    if let Some(fact) = failure(text) {
        say(Reading::tells(text, fact));
        return true;
    }
    if let Some(shell) = prompt::shell_line(text, &["telnet"])
        && let Some(fact) = prompt::host_and_port(&shell.words, &["-l", "-n", "-b", "-e"])
        && !prompt::is_windows(text)
        && (shell.prompted || plausible(&shell.words))
    {
        say(Reading::tells(text, Fact::Opening));
        say(Reading::tells(b"", fact));
        return true;
    }
    false
}

/// Without a prompt before it, `telnet HOST PORT` is a command and `telnet is a tool` is prose.
fn plausible(words: &[&[u8]]) -> bool {
    let operands: Vec<_> =
        words.iter().skip(1).filter(|word| word.first() != Some(&b'-')).collect();
    match operands.as_slice() {
        [_, port] => prompt::port_number(port).is_some(),
        [host] => host.contains(&b'.'),
        _ => false,
    }
}

/// What telnet's own error lines tell. A failed address before the next `Trying` is a remark.
fn failure(text: &[u8]) -> Option<Fact> {
    let has = |words: &str| memchr::memmem::find(text, words.as_bytes()).is_some();
    if !(text.starts_with(b"telnet: ")
        || text.starts_with(b"Server lookup failure")
        || text.starts_with(b"Connection failed: "))
    {
        return None;
    }
    let failure = if has("refused") {
        ConnectFailure::Refused
    } else if has("timed out") || has("timeout") {
        ConnectFailure::TimedOut
    } else if has("could not resolve")
        || has("not known")
        || has("lookup failure")
        || has("Name or service")
        || has("No address associated")
        || has("nodename nor servname")
        || has("Unknown host")
        || has("failure in name resolution")
    {
        ConnectFailure::NotFound
    } else {
        ConnectFailure::Other
    };
    if has("connect to address") || text.starts_with(b"Connection failed: ") {
        return Some(Fact::ToolError(text.to_vec()));
    }
    Some(Fact::ConnectFailed(failure))
}
