//! msmtp's log file: one line for each message, with the last reply.
//!
//! ```text
//! Nov 23 10:12:01 host=mx.example.net tls=on auth=on user=ed from=ed@client.example recipients=b@example.net
//!   smtpstatus=550 smtpmsg='550 5.1.1 no such user' errormsg='recipient address b@example.net not accepted by
//!   the server' exitcode=EX_NOUSER
//! ```
//!
//! (It is one line of the log.) Each is a session of its own kind: what was attempted, and the reply that decided
//! it. Which command that was, the error's words tell, which are in the user's language; so is the month. The lines
//! of a reply have `\n` between them. From `src/msmtp.c`, `src/smtp.c` and public pastes.

use super::{
    Custom, Dialect, Reading, Record, Say, Times, Unmarked,
    bounce::{self, Answered},
    escape::backslash_lines,
    failure::{blames_certificate, connect_failed, has},
    sign::around,
    time,
};
use crate::transcript::{ClosedBy, Fact, Mark, Moment};

pub(super) static DIALECT: Dialect = Dialect {
    name: "msmtp-log",
    about: "msmtp's log file",
    client: "from=, recipients=",
    server: "smtpmsg='…'",
    key: "",
    times: Times::Always,
    record: Record::DIALOGUE,
    unmarked: Unmarked::Neither,
    custom: Custom::FirstIsClient,
    hints: &[" exitcode=EX_"],
    evidence: |line| Entry::of(line).is_some(),
    reader: || Box::new(read),
};

/// A line behind its time.
#[derive(Debug, Clone, Copy)]
struct Entry<'l> {
    host: &'l [u8],
    tls: bool,
    /// From the sender's name on.
    rest: &'l [u8],
    reply: Option<&'l [u8]>,
    error: Option<&'l [u8]>,
    sent: bool,
}

impl<'l> Entry<'l> {
    fn of(line: &'l [u8]) -> Option<Self> {
        let start = memchr::memmem::find(line, b"host=")?;
        let (text, code) = around(line.get(start + 5..)?, b" exitcode=EX_")?;
        let (host, rest) = around(text, b" tls=")?;
        let at = memchr::memmem::find(rest, b" from=")?;
        let reply = quoted(rest, b" smtpmsg='");
        let error = quoted(rest, b" errormsg='");
        Some(Self {
            host,
            tls: rest.starts_with(b"on"),
            rest: rest.get(at..)?,
            reply,
            error,
            sent: code.starts_with(b"OK"),
        })
    }

    fn sender(&self) -> &'l [u8] {
        value(self.rest, b" from=").unwrap_or_default()
    }

    fn recipients(&self) -> impl Iterator<Item = &'l [u8]> {
        let all = value(self.rest, b" recipients=").unwrap_or_default();
        all.split(|octet| *octet == b',').filter(|one| !one.is_empty())
    }

    /// The command that the reply answered.
    fn answered(&self) -> Answered {
        let error = self.error.unwrap_or_default();
        let unknown = &b"..."[..];
        if self.sent || has(error, "did not accept the mail") {
            return Answered::Message;
        }
        if let Some(method) = between(error, b"authentication failed (method ", b")") {
            return Answered::Command([b"AUTH ", method, b" ", unknown].concat());
        }
        if error.starts_with(b"authentication failed") {
            return Answered::Command([b"AUTH ", unknown].concat());
        }
        if let Some(recipient) = between(error, b"recipient address ", b" ") {
            return Answered::Command(bounce::recipient("RCPT TO:", recipient));
        }
        if has(error, "envelope from address ") {
            return Answered::Command(bounce::recipient("MAIL FROM:", self.sender()));
        }
        Answered::Unknown
    }
}

fn between<'l>(text: &'l [u8], before: &[u8], behind: &[u8]) -> Option<&'l [u8]> {
    let (_, rest) = around(text, before)?;
    Some(around(rest, behind)?.0)
}

fn value<'l>(text: &'l [u8], name: &[u8]) -> Option<&'l [u8]> {
    let (_, rest) = around(text, name)?;
    rest.split(|octet| *octet == b' ').next()
}

/// What stands in single quotes behind `name`: up to the quote that another name or the end follows.
fn quoted<'l>(text: &'l [u8], name: &[u8]) -> Option<&'l [u8]> {
    let (_, rest) = around(text, name)?;
    let end = memchr::memmem::find(rest, b"' errormsg='").unwrap_or(rest.len());
    let rest = rest.get(..end)?;
    Some(rest.strip_suffix(b"'").unwrap_or(rest))
}

fn read(line: &[u8], say: Say<'_>) -> bool {
    let Some(entry) = Entry::of(line) else { return false };
    let at = time::stamped(line).map(|(at, _)| at);
    say(Reading::tells(line, Fact::Opening).at(at));
    say(Reading::tells(b"", Fact::Dialled { host: entry.host.to_vec(), port: None }).at(at));
    if let Some(reply) = entry.reply {
        replied(&entry, reply, at, say);
        return true;
    }
    let fact = failure(entry.error.unwrap_or_default());
    if !matches!(fact, Fact::ConnectFailed(_)) {
        say(Reading::tells(b"", Fact::Opened).at(at));
    }
    say(Reading::tells(b"", fact).at(at));
    true
}

/// What was attempted, and the reply that decided it.
fn replied(entry: &Entry<'_>, reply: &[u8], at: Option<Moment>, say: Say<'_>) {
    if entry.tls {
        say(Reading::tells(b"", Fact::TlsStarted { version: None, cipher: None }).at(at));
    }
    let answered = entry.answered();
    let within = entry.rest.get(..0).unwrap_or_default();
    // What led there was answered, and the log does not say how.
    let mut before = Vec::new();
    let sender = || bounce::recipient("MAIL FROM:", entry.sender());
    match &answered {
        Answered::Message => {
            before.push(sender());
            before.extend(entry.recipients().map(|one| bounce::recipient("RCPT TO:", one)));
        }
        Answered::Command(command) if command.starts_with(b"RCPT") => before.push(sender()),
        _ => {}
    }
    if !before.is_empty() {
        say(Reading::tells(within, Fact::Elision).at(at));
        say(Reading::tells(within, Fact::RepliesHidden).at(at));
    }
    for command in before {
        say(Reading::unescaped(Mark::First, command, within).at(at));
    }
    bounce::command(&answered, within, say);
    for part in backslash_lines(reply) {
        say(part.said(Mark::Second).at(at));
    }
    if answered == Answered::Unknown
        && let Some(error) = entry.error
    {
        say(Reading::tells(b"", Fact::ToolError(error.to_vec())).at(at));
    }
}

/// What happened where no reply decided.
fn failure(error: &[u8]) -> Fact {
    if error.starts_with(b"cannot connect to ") || has(error, "cannot locate host") {
        connect_failed(error)
    } else if has(error, "TLS") && blames_certificate(error) {
        Fact::CertificateProblem(error.to_vec())
    } else if has(error, "sent an empty reply") || has(error, "network read error") {
        Fact::Closed(ClosedBy::Server)
    } else if has(error, "TLS handshake failed") {
        Fact::TlsFailed(error.to_vec())
    } else {
        Fact::ToolError(error.to_vec())
    }
}

#[cfg(test)]
mod tests {
    use super::{
        super::shown::{check, evident},
        *,
    };

    #[test]
    fn each_message_is_a_session() {
        check(
            &DIALECT,
            "Nov 23 10:12:01 host=mx.example tls=on auth=on user=ed from=ed@c.example recipients=a@b,c@d mailsize=9 smtpstatus=250 smtpmsg='250 2.0.0 it's in' exitcode=EX_OK\n\
             host=mx.example tls=off auth=off from=ed@c.example recipients=a@b smtpstatus=550 smtpmsg='550-5.1.1 no\\n550 5.1.1 user' errormsg='recipient address a@b not accepted by the server' exitcode=EX_NOUSER\n\
             host=mx.example tls=off auth=off from=ed@c.example recipients=a@b errormsg='cannot connect to mx.example, port 25: Connection refused' exitcode=EX_TEMPFAIL\n\
             host=mx.example and nothing else",
            "* = Opening
             * = Dialled { host: 'mx.example', port: None }
             * = TlsStarted { version: None, cipher: None }
             * = Elision
             * = RepliesHidden
             1 MAIL FROM:<ed@c.example>
             1 RCPT TO:<a@b>
             1 RCPT TO:<c@d>
             * = Elision
             * = BodyHidden(None)
             1 .
             2 250 2.0.0 it's in
             * = Opening
             * = Dialled { host: 'mx.example', port: None }
             * = Elision
             * = RepliesHidden
             1 MAIL FROM:<ed@c.example>
             * = Elision
             1 RCPT TO:<a@b>
             2 550-5.1.1 no
             2 550 5.1.1 user
             * = Opening
             * = Dialled { host: 'mx.example', port: None }
             * = ConnectFailed(Refused)
             ? host=mx.example and nothing else",
        );
        evident(&DIALECT, "the host=mx answered exitcode=EX_OK", false);
    }
}
