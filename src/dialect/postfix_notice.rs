//! The notices that Postfix mails to its postmaster: the dialogue of one session, long lines folded.
//!
//! ```text
//! Subject: Postfix SMTP server: errors from client.example[192.0.2.7]
//!
//! Transcript of session follows.
//!
//!  Out: 220 mail.example.com ESMTP Postfix
//!  In:  EHLO me
//! ```
//!
//! Traps: a server's notice says `In` for the client, a client's (`Postfix SMTP client: errors from …`)
//! says `Out`; lines are folded at white space, and what goes on has five spaces before it. The message is
//! not shown. `Session aborted, reason: …` ends it where no QUIT did.
//!
//! From recordings of Postfix 3.7 and from its `smtpd_chat.c` and `smtp_chat.c`.

use super::{Custom, Dialect, Reader, Reading, Record, Say, Times, Unmarked};
use crate::transcript::{ClosedBy, Fact, Mark};

pub(super) static DIALECT: Dialect = Dialect {
    name: "postfix-notice",
    about: "Postfix's mails to the postmaster about a session with errors",
    client: "In: in a server's notice, Out: in a client's",
    server: "Out: in a server's notice, In: in a client's",
    key: "",
    times: Times::Never,
    record: Record::DIALOGUE,
    unmarked: Unmarked::Neither,
    custom: Custom::FirstIsClient,
    hints: &["In:  ", "Out: ", ": errors from "],
    evidence: |line| {
        [&b" In:  "[..], b"In:  ", b" Out: "].iter().any(|mark| line.starts_with(mark))
            || subject(line).is_some()
    },
    reader: || Box::new(Notice::default()),
};

/// Who is told about and where: ` server`, `host[address]`.
fn subject(line: &[u8]) -> Option<(bool, &[u8])> {
    let rest = line.strip_prefix(b"Subject: Postfix ")?;
    let rest = rest.strip_prefix(b"SMTP ").or_else(|| rest.strip_prefix(b"LMTP "))?;
    let client = rest.starts_with(b"client: ");
    if !client && !rest.starts_with(b"server: ") {
        return None;
    }
    let at = memchr::memmem::find(rest, b"errors from ")?;
    Some((client, rest.get(at + 12..)?.trim_ascii()))
}

/// Whether a line came in, and its text. Quoting mails may have lost the space at its beginning.
fn marked(line: &[u8]) -> Option<(bool, &[u8])> {
    let line = line.strip_prefix(b" ").unwrap_or(line);
    if let Some(text) = line.strip_prefix(b"In:  ") {
        return Some((true, text));
    }
    match line {
        b"In:" | b"In: " => Some((true, b"")),
        b"Out:" => Some((false, b"")),
        _ => Some((false, line.strip_prefix(b"Out: ")?)),
    }
}

#[derive(Debug, Default)]
struct Notice {
    /// The notice is a client's.
    client: bool,
    /// The mark of the line that may go on.
    said: Option<Mark>,
}

impl Reader for Notice {
    fn read(&mut self, line: &[u8], say: Say<'_>) -> bool {
        if let Some((received, text)) = marked(line) {
            let mark = if received == self.client { Mark::Second } else { Mark::First };
            self.said = Some(mark);
            let hidden = text.starts_with(b"354").then_some(Fact::BodyHidden(None));
            say(Reading { fact: hidden, ..Reading::said(mark, text) });
            return true;
        }
        if let Some(mark) = self.said
            && line.starts_with(b"     ")
            && let Some(text) = line.get(4..)
        {
            say(Reading::said(mark, text).joining());
            return true;
        }
        self.said = None;
        if let Some((client, peer)) = subject(line) {
            self.client = client;
            say(Reading::tells(line, Fact::Opening));
            if let Some(fact) = address(client, peer) {
                say(Reading::tells(b"", fact));
            }
            return true;
        }
        if let Some(reason) = line.strip_prefix(b"Session aborted, reason: ") {
            let fact = match reason {
                b"lost connection" if self.client => Fact::Closed(ClosedBy::Server),
                b"lost connection" => Fact::Closed(ClosedBy::Client),
                b"timeout" => Fact::TimedOut,
                _ => Fact::ToolError(line.to_vec()),
            };
            say(Reading::tells(line, fact));
            return true;
        }
        let remark = line.starts_with(b"Transcript of session follows.")
            || line.starts_with(b"For other details, see the local mail logfile")
            || line.starts_with(b"Unexpected response from ");
        if remark {
            say(Reading::remark(line));
        }
        remark
    }
}

/// `host[192.0.2.7]:25`
fn address(client: bool, peer: &[u8]) -> Option<Fact> {
    let open = memchr::memchr(b'[', peer)?;
    let close = memchr::memrchr(b']', peer)?;
    let address = peer.get(open + 1..close)?.to_vec();
    let port = peer.get(close + 2..).and_then(|port| std::str::from_utf8(port).ok()?.parse().ok());
    Some(if client {
        Fact::ServerAddress { address, port }
    } else {
        Fact::ClientAddress { address, port }
    })
}

#[cfg(test)]
mod tests {
    use super::{
        super::shown::{check, evident},
        *,
    };

    #[test]
    fn reads_notices_of_both_sides() {
        check(
            &DIALECT,
            "Subject: Postfix SMTP server: errors from localhost[127.0.0.1]:59160\n\
             \n\
             Transcript of session follows.\n\
             \n Out: 220 mail.example.com ESMTP Postfix\
             \n In:  RCPT\
             \n     TO:<averyveryverylongaddress@example.net>\
             \n     NOTIFY=NEVER\
             \n Out: 354 go on\
             \n\n\
             Session aborted, reason: lost connection\n\
             Subject: Postfix LMTP client: errors from mx.example.net[2001:db8::1]:24\n\
             Unexpected response from mx.example.net[2001:db8::1]:24 in EHLO command:\
             \n In:  220 mx.example.net\
             \n Out: LHLO mail.example.com",
            "* = Opening
             * = ClientAddress { address: '127.0.0.1', port: Some(59160) }
             ?
             ?
             2 220 mail.example.com ESMTP Postfix
             1 RCPT
             1+ TO:<averyveryverylongaddress@example.net>
             1+ NOTIFY=NEVER
             2 354 go on = BodyHidden(None)
             ?
             * = Closed(Client)
             * = Opening
             * = ServerAddress { address: '2001:db8::1', port: Some(24) }
             2 220 mx.example.net
             1 LHLO mail.example.com",
        );
    }

    #[test]
    fn knows_its_lines() {
        evident(&DIALECT, "Subject: Postfix SMTP client: errors from mx[192.0.2.1]:25", true);
        evident(&DIALECT, " In:  QUIT", true);
        evident(&DIALECT, " Out: 221 2.0.0 Bye", true);
        evident(&DIALECT, "In: the beginning", false);
        evident(&DIALECT, "Subject: errors from you", false);
    }
}
