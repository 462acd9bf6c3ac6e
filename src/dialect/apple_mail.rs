//! Apple Mail's Connection Doctor: a header for each chunk with its socket, then the chunk.
//!
//! ```text
//! READ Dec 31 11:39:39.553 [kCFStreamSocketSecurityLevelNone] -- host:mx.example.net -- port:587 -- socket:0x610000e75f40 -- thread:0x618000672ac0
//! 220 mx.example.net ESMTP
//!
//! WROTE Dec 31 11:39:39.559 [kCFStreamSocketSecurityLevelNone] -- host:mx.example.net -- port:587 -- socket:0x610000e75f40 -- thread:0x618000672ac0
//! EHLO [192.0.2.1]
//! ```
//!
//! Traps: sessions of IMAP stand between, told apart by their port; the blank line before a header is not the
//! chunk's; passwords are stars. From public logs.

use super::{Custom, Dialect, Reader, Reading, Record, Say, Times, Unmarked, prompt, time};
use crate::transcript::{Fact, Mark, Moment};

pub(super) static DIALECT: Dialect = Dialect {
    name: "apple-mail",
    about: "Apple Mail's Connection Doctor",
    client: "WROTE … -- socket:0x…",
    server: "READ … -- socket:0x…",
    key: "the socket's address",
    times: Times::Always,
    record: Record { announces: true, ..Record::DIALOGUE },
    unmarked: Unmarked::Neither,
    custom: Custom::FirstIsClient,
    hints: &["-- port:"],
    evidence: |line| header(line).is_some_and(|header| !header.other),
    reader: || Box::new(AppleMail::default()),
};

#[derive(Debug, Default)]
struct AppleMail {
    /// Mark, time and socket of the chunk.
    chunk: Option<(Mark, Option<Moment>, Vec<u8>)>,
    /// The chunk is of IMAP or POP.
    other: bool,
    blanks: usize,
    next_is_header: bool,
}

impl Reader for AppleMail {
    fn ahead(&mut self, next: &[u8]) {
        self.next_is_header = header(next).is_some();
    }

    fn read(&mut self, line: &[u8], say: Say<'_>) -> bool {
        if let Some(header) = header(line) {
            self.blanks = 0;
            self.other = header.other;
            self.chunk = None;
            let at = header.at;
            if header.other {
                say(Reading::remark(line).at(at));
                return true;
            }
            let empty = line.get(..0).unwrap_or_default();
            match header.event {
                Event::Connecting => {
                    say(Reading::tells(line, Fact::Opening).at(at).of(header.socket));
                    if let Some(fact) = prompt::dialled(header.host, Some(header.port)) {
                        say(Reading::tells(empty, fact).at(at).of(header.socket));
                    }
                }
                Event::Connected => {
                    say(Reading::tells(line, Fact::Opened).at(at).of(header.socket));
                }
                Event::Said(mark) => {
                    say(Reading::remark(line).at(at).of(header.socket));
                    self.chunk = Some((mark, at, header.socket.to_vec()));
                }
            }
            return true;
        }
        if self.other {
            say(Reading::remark(line));
            return true;
        }
        let Some((mark, at, socket)) = &self.chunk else { return false };
        if line.is_empty() {
            if !self.next_is_header {
                self.blanks += 1;
            }
            return true;
        }
        let empty = line.get(..0).unwrap_or_default();
        for _ in 0..std::mem::take(&mut self.blanks) {
            say(Reading::said(*mark, empty).at(*at).of(socket));
        }
        say(Reading::said(*mark, line).at(*at).of(socket));
        true
    }
}

enum Event {
    Connecting,
    Connected,
    Said(Mark),
}

struct Header<'l> {
    event: Event,
    at: Option<Moment>,
    host: &'l [u8],
    port: &'l [u8],
    socket: &'l [u8],
    /// Another protocol's port.
    other: bool,
}

fn header(line: &[u8]) -> Option<Header<'_>> {
    let (event, rest) = if let Some(rest) = line.strip_prefix(b"READ ") {
        (Event::Said(Mark::Second), rest)
    } else if let Some(rest) = line.strip_prefix(b"WROTE ") {
        (Event::Said(Mark::First), rest)
    } else if let Some(rest) = line.strip_prefix(b"INITIATING CONNECTION ") {
        (Event::Connecting, rest)
    } else {
        (Event::Connected, line.strip_prefix(b"CONNECTED ")?)
    };
    let field = |name: &[u8]| {
        let rest = rest.get(memchr::memmem::find(rest, name)? + name.len()..)?;
        rest.split(|octet| *octet == b' ').next()
    };
    let port = field(b"port:")?;
    Some(Header {
        event,
        at: time::syslog(rest).map(|(at, _)| at),
        host: field(b"host:")?,
        port,
        socket: field(b"socket:").unwrap_or_default(),
        other: matches!(port, b"143" | b"993" | b"110" | b"995"),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dialect::spoken::told;

    #[test]
    fn chunks_are_read() {
        let tail = "Dec 31 11:39:39.553 [kCFStreamSocketSecurityLevelNone] -- host:mx.example.net -- port:587 -- socket:0x61 -- thread:0x62";
        let imap = tail.replace("587", "993");
        let record = format!(
            "INITIATING CONNECTION {tail}\n\nREAD {tail}\n250-mx\n250 HELP\n\nREAD {imap}\n* OK\n\nWROTE {tail}\na\n\nb\n.\n"
        );
        assert_eq!(
            told(&DIALECT, &record, true).replace("0x61/", ""),
            "Opening Dialled 1:250-mx 1:250 HELP 0:a 0: 0:b 0:."
        );
    }
}
