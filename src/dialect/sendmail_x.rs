//! `sendmail -X file`: all that a Sendmail reads and writes, each line behind its process.
//!
//! ```text
//! 28891 === CONNECT [127.0.0.1]
//! 28891 <<< 220 mx.example.net ESMTP
//! 28891 >>> EHLO client.example
//! 28895 >>> 220 client.example ESMTP Sendmail
//! 28895 <<< EHLO me
//! ```
//!
//! Traps: `<<<` is what Sendmail read, so it is the server where it delivers and the client where it
//! receives; a message given on its standard input stands there as `<<<` too, before any connection. While
//! it works out the size of a bounce it "writes" the bounce, outside of any DATA. Processes interleave.
//!
//! From recordings of Sendmail 8.17.

use std::collections::HashMap;

use super::{
    Custom, Dialect, Reader, Reading, Record, Say, Times, Unmarked, prompt, reply_rows::code,
};
use crate::transcript::{ClosedBy, Fact, Mark};

pub(super) static DIALECT: Dialect = Dialect {
    name: "sendmail-x",
    about: "sendmail -X, its traffic log",
    client: ">>> where it delivers, <<< where it receives",
    server: "<<< where it delivers, >>> where it receives",
    key: "process id",
    times: Times::Never,
    record: Record::DIALOGUE,
    unmarked: Unmarked::Neither,
    custom: Custom::FirstIsClient,
    hints: &[" <<< ", " >>> ", " === CONNECT", " === EXEC"],
    evidence: |line| {
        Line::of(line).is_some_and(|line| match line.mark {
            b"===" => line.text.starts_with(b"CONNECT ") || line.text.starts_with(b"EXEC "),
            _ => code(line.text).is_some() || is_command(line.text),
        })
    },
    reader: || Box::new(Traffic::default()),
};

/// A line, taken apart.
#[derive(Debug, Clone, Copy)]
struct Line<'l> {
    process: &'l [u8],
    mark: &'l [u8],
    text: &'l [u8],
}

impl<'l> Line<'l> {
    fn of(line: &'l [u8]) -> Option<Self> {
        let digits = line.iter().take_while(|octet| octet.is_ascii_digit()).count();
        let (process, rest) = line.split_at_checked(digits)?;
        let (mark, rest) = rest.strip_prefix(b" ")?.split_at_checked(3)?;
        let text = match rest {
            [b' ', text @ ..] => text,
            [] => rest,
            _ => return None,
        };
        let known = matches!(mark, b"<<<" | b">>>" | b"===");
        ((4..=10).contains(&digits) && known).then_some(Self { process, mark, text })
    }
}

/// Whether the text begins with a verb that Sendmail sends.
fn is_command(text: &[u8]) -> bool {
    const VERBS: [&[u8]; 15] = [
        b"EHLO", b"HELO", b"LHLO", b"MAIL", b"RCPT", b"DATA", b"RSET", b"QUIT", b"NOOP", b"VRFY",
        b"EXPN", b"ETRN", b"VERB", b"AUTH", b"HELP",
    ];
    if text.get(..8).is_some_and(|verb| verb.eq_ignore_ascii_case(b"STARTTLS")) {
        return true;
    }
    let verb = text.get(..4).unwrap_or_default();
    matches!(text.get(4), None | Some(b' '))
        && VERBS.iter().any(|known| verb.eq_ignore_ascii_case(known))
}

/// What a process does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Doing {
    /// It reads a message from its standard input.
    Submitting,
    /// It delivers; the last reply asked for more: the message, or an answer to a challenge.
    Delivering { message: bool, challenged: bool },
    /// It receives.
    Receiving,
}

#[derive(Debug, Default)]
struct Traffic {
    processes: HashMap<Vec<u8>, Doing>,
}

const DELIVERING: Doing = Doing::Delivering { message: false, challenged: false };

impl Reader for Traffic {
    fn read(&mut self, line: &[u8], say: Say<'_>) -> bool {
        let Some(line) = Line::of(line) else { return false };
        let Line { process, mark, text } = line;
        if mark == b"===" {
            if let Some(host) = text.strip_prefix(b"CONNECT ") {
                self.processes.insert(process.to_vec(), DELIVERING);
                say(Reading::tells(text, Fact::Opening).of(process));
                let host = host
                    .strip_prefix(b"[")
                    .and_then(|host| host.strip_suffix(b"]"))
                    .unwrap_or(host);
                if let Some(fact) = prompt::dialled(host, None) {
                    say(Reading::tells(b"", fact).of(process));
                }
            }
            return true;
        }
        let read = mark == b"<<<";
        if !self.processes.contains_key(process) {
            self.processes.insert(process.to_vec(), begins(read, text));
        }
        let Some(doing) = self.processes.get_mut(process) else { return true };
        if read && text == b"[EOF]" {
            let by = match doing {
                Doing::Submitting => return true,
                Doing::Delivering { .. } => ClosedBy::Server,
                Doing::Receiving => ClosedBy::Client,
            };
            *doing = DELIVERING;
            say(Reading::tells(text, Fact::Closed(by)).of(process));
            return true;
        }
        let client = match doing {
            Doing::Submitting if read || code(text).is_none() => return true,
            // It takes mail over SMTP on its standard input.
            Doing::Submitting => {
                *doing = Doing::Receiving;
                false
            }
            Doing::Receiving => read,
            Doing::Delivering { message, challenged } => {
                if read {
                    let begins = |wanted: &[u8; 3]| code(text).as_ref() == Some(wanted);
                    (*message, *challenged) = (begins(b"354"), begins(b"334"));
                } else if *message {
                    *message = text != b".";
                } else if !*challenged && !is_command(text) {
                    // A bounce whose size it works out.
                    return true;
                }
                !read
            }
        };
        say(Reading::said(if client { Mark::First } else { Mark::Second }, text).of(process));
        true
    }
}

/// What a process does, from its first line.
fn begins(read: bool, text: &[u8]) -> Doing {
    match (read, code(text).is_some()) {
        (true, true) => DELIVERING,
        (false, true) => Doing::Receiving,
        (true, false) if is_command(text) => Doing::Receiving,
        (true, false) => Doing::Submitting,
        (false, false) => DELIVERING,
    }
}

#[cfg(test)]
mod tests {
    use super::{
        super::shown::{check, evident},
        *,
    };

    #[test]
    fn keeps_processes_and_messages_apart() {
        check(
            &DIALECT,
            "28886 <<< Subject: x\n\
             28886 <<< [EOF]\n\
             28891 === CONNECT [127.0.0.1]\n\
             28891 <<< 354 go\n\
             28895 >>> 220 client.example\n\
             28891 >>> Subject: x\n\
             28891 >>> \n\
             28891 >>> .\n\
             28895 <<< EHLO me\n\
             28891 <<< 250 ok\n\
             28891 >>> This is a MIME-encapsulated message\n\
             28891 >>> >>> RCPT To:<bad@dest.test>\n\
             28891 >>> RSET\n\
             28895 <<< [EOF]\n\
             12 <<< 250 days",
            "[28891] * = Opening
             [28891] * = Dialled { host: '127.0.0.1', port: None }
             [28891] 2 354 go
             [28895] 2 220 client.example
             [28891] 1 Subject: x
             [28891] 1 \n\
             [28891] 1 .
             [28895] 1 EHLO me
             [28891] 2 250 ok
             [28891] 1 RSET
             [28895] * = Closed(Client)
             ? 12 <<< 250 days",
        );
        evident(&DIALECT, "28886 <<< Subject: x", false);
        evident(&DIALECT, "28886 >>> MAIL From:<a@b>", true);
        evident(&DIALECT, "28886 >>> RSET", true);
    }
}
