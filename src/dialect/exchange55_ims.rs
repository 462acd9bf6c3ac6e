//! The Internet Mail Service of Exchange 5.5, with its protocol log at its fullest.
//!
//! ```text
//! 4/2/26 11:44:31 AM : A connection was accepted from client.example.
//! 4/2/26 11:44:31 AM : <<< IO: |HELO client.example
//! 4/2/26 11:44:31 AM : <<< HELO client.example
//! 4/2/26 11:44:31 AM : >>> 250 OK
//! ```
//!
//! Traps: `<<<` is what it received; every command stands there twice, the first time as the socket gave
//! it, and the message only so. From articles that explain the log.

use super::{Custom, Dialect, Reader, Reading, Record, Say, Times, Unmarked, time};
use crate::transcript::{Fact, Mark, Moment};

pub(super) static DIALECT: Dialect = Dialect {
    name: "exchange55-ims",
    about: "Exchange 5.5's Internet Mail Service's log",
    client: "<<< ",
    server: ">>> ",
    key: "",
    times: Times::Always,
    record: Record::DIALOGUE,
    unmarked: Unmarked::Neither,
    custom: Custom::FirstIsClient,
    hints: &[" : <<< ", " : >>> "],
    evidence: |line| {
        split(line).is_some_and(|(_, text)| matches!(text.get(..4), Some(b"<<< " | b">>> ")))
    },
    reader: || Box::new(Log::default()),
};

/// The time and what stands behind ` : `.
fn split(line: &[u8]) -> Option<(Moment, &[u8])> {
    let (at, rest) = time::strokes(line)?;
    Some((at, rest.strip_prefix(b" : ")?))
}

#[derive(Debug, Default)]
struct Log {
    /// The message is being received.
    message: bool,
}

impl Reader for Log {
    fn read(&mut self, line: &[u8], say: Say<'_>) -> bool {
        let Some((at, text)) = split(line) else { return false };
        let at = Some(at);
        if let Some(reply) = text.strip_prefix(b">>> ") {
            self.message = reply.starts_with(b"354");
            say(Reading::said(Mark::Second, reply).at(at));
        } else if let Some(raw) = text.strip_prefix(b"<<< IO: |") {
            // What is no message is told again, as a command.
            if self.message {
                self.message = raw != b".";
                say(Reading::said(Mark::First, raw).at(at));
            }
        } else if let Some(command) = text.strip_prefix(b"<<< ") {
            if !self.message {
                say(Reading::said(Mark::First, command).at(at));
            }
        } else if let Some(peer) = text.strip_prefix(b"A connection was accepted from ") {
            say(Reading::tells(text, Fact::Opening).at(at));
            let address = peer.strip_suffix(b".").unwrap_or(peer);
            let literal = address.iter().all(|octet| octet.is_ascii_digit() || *octet == b'.');
            if literal {
                let fact = Fact::ClientAddress { address: address.to_vec(), port: None };
                say(Reading::tells(b"", fact));
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
    fn says_each_line_once() {
        check(
            &DIALECT,
            "4/2/26 11:44:31 AM : A connection was accepted from 192.0.2.7.\n\
             4/2/26 11:44:31 AM : <<< IO: |DATA\n\
             4/2/26 11:44:31 AM : <<< DATA\n\
             4/2/26 11:44:31 AM : >>> 354 Send data.\n\
             4/2/26 11:44:31 AM : <<< IO: |Subject: x\n\
             4/2/26 11:44:31 AM : <<< IO: |.\n\
             4/2/26 11:44:31 AM : >>> 250 OK\n\
             250 of these",
            "* = Opening
             * = ClientAddress { address: '192.0.2.7', port: None }
             1 DATA
             2 354 Send data.
             1 Subject: x
             1 .
             2 250 OK
             ? 250 of these",
        );
        evident(&DIALECT, "4/2/26 11:44:31 AM : >>> 250 OK", true);
        evident(&DIALECT, "x : >>> 250 OK", false);
    }
}
