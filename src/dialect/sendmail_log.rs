//! Sendmail's log: what hosts answered to deliveries, and what Sendmail refused to clients.
//!
//! ```text
//! Nov 23 10:13:45 mx sm-mta[71]: 3AN9DjXX000071: to=<b@example.net>, delay=00:00:02, mailer=esmtp, pri=120314,
//!   relay=mx.example.net. [192.0.2.25], dsn=4.1.8, stat=Deferred: 450 4.1.8 <a@b>: Sender address rejected
//! Nov 23 10:13:46 mx sm-mta[72]: ruleset=check_rcpt, arg1=<c@example.org>, relay=client.example [192.0.2.7],
//!   reject=550 5.7.1 <c@example.org>... Relaying denied
//! ```
//!
//! (Each is one line of the log.) Each such line is a session of its own kind. Traps: `stat=User unknown` and its like
//! are Sendmail's words and no reply, which only newer versions add (`reply=550 …`); which command a delivery failed
//! at is not told; the names of hosts end with a dot. From Sendmail's `deliver.c` and `srvrsmtp.c` and from logs that
//! people published.

use super::{
    Custom, Dialect, Reading, Record, Say, Times, Unmarked,
    bounce::{self, Answered},
    failure::{connect_failed, has},
    flow::End,
    reply_rows::code,
    sign::around,
    time,
};
use crate::transcript::{Fact, Moment};

pub(super) static DIALECT: Dialect = Dialect {
    name: "sendmail-log",
    about: "refusals in Sendmail's log",
    client: "ruleset=check_…, arg1=",
    server: "stat=Deferred: , reply=, reject=",
    key: "",
    times: Times::Always,
    record: Record::DIALOGUE,
    unmarked: Unmarked::Neither,
    custom: Custom::FirstIsClient,
    hints: &[", stat=", ", reject="],
    evidence: |line| delivery(line).is_some() || refusal(line).is_some(),
    reader: || Box::new(read),
};

/// What a delivery came to.
enum Failure<'l> {
    Reply(&'l [u8]),
    /// There was no connection, in Sendmail's words.
    Unconnected(&'l [u8]),
}

/// The relay of a delivery that failed, `mx.example.net. [192.0.2.25]`, and how.
fn delivery(line: &[u8]) -> Option<(&[u8], Failure<'_>)> {
    let (before, status) = around(line, b", stat=")?;
    let (_, fields) = around(before, b"dsn=")?;
    let relay = around(before, b", relay=").map_or(&b""[..], |(_, relay)| {
        let end = memchr::memmem::find(relay, b", ").unwrap_or(relay.len());
        relay.get(..end).unwrap_or_default()
    });
    if let Some((_, reply)) = around(fields, b"reply=").filter(|(_, reply)| code(reply).is_some())
        && !reply.starts_with(b"2")
    {
        return Some((relay, Failure::Reply(reply)));
    }
    let words = status.strip_prefix(b"Deferred: ").unwrap_or(status);
    let failure = if code(words).is_some_and(|_| !words.starts_with(b"2")) {
        Failure::Reply(words)
    } else if words.starts_with(b"Connection refused by ")
        || words.starts_with(b"Connection timed out with ")
        || words.starts_with(b"No route to host")
    {
        Failure::Unconnected(words)
    } else {
        return None;
    };
    Some((relay, failure))
}

/// What was refused to a client.
struct Refusal<'l> {
    answered: Answered,
    /// `client.example [192.0.2.7]`; empty where it is not told.
    client: &'l [u8],
    reply: &'l [u8],
}

fn refusal(line: &[u8]) -> Option<Refusal<'_>> {
    let at = memchr::memmem::rfind(line, b", reject=")?;
    let (before, reply) = (line.get(..at)?, line.get(at + 9..)?);
    code(reply)?;
    let field = |name: &[u8]| {
        let (_, value) = around(before, name)?;
        value.get(..memchr::memmem::find(value, b", ").unwrap_or(value.len()))
    };
    let argument = |command: &str, name: &[u8]| {
        let address = field(name).filter(|address| !address.is_empty()).unwrap_or(b"...");
        Answered::Command(bounce::recipient(command, address))
    };
    let answered = if has(before, "ruleset=check_rcpt") {
        argument("RCPT TO:", b"arg1=")
    } else if has(before, "ruleset=check_mail") {
        argument("MAIL FROM:", b"arg1=")
    } else if has(before, "ruleset=check_relay") || has(before, "Milter: connect") {
        Answered::Nothing
    } else if has(before, "Milter: to=") {
        argument("RCPT TO:", b"Milter: to=")
    } else if has(before, "Milter: from=") {
        argument("MAIL FROM:", b"Milter: from=")
    } else if has(before, "Milter: data") || has(before, "ruleset=check_eom") {
        Answered::Message
    } else {
        return None;
    };
    // Where a queue's identifier or a process's number is only a name to fill in, this is no log.
    if has(before, "}: ") {
        return None;
    }
    Some(Refusal { answered, client: field(b", relay=").unwrap_or_default(), reply })
}

fn read(line: &[u8], say: Say<'_>) -> bool {
    let at = || time::stamped(line).map(|(at, _)| at);
    if let Some((relay, failure)) = delivery(line) {
        let at = at();
        opens(line, relay, at, say);
        match failure {
            Failure::Reply(reply) => {
                bounce::command(&Answered::Unknown, line, say);
                bounce::whole_reply(reply, None, at, say);
            }
            Failure::Unconnected(words) => {
                say(Reading::tells(b"", connect_failed(words)).at(at));
            }
        }
        return true;
    }
    let Some(refusal) = refusal(line) else { return false };
    let at = at();
    say(Reading::tells(line, Fact::Opening).at(at));
    if let (_, Some(End { address, port })) = bounce::parts(refusal.client) {
        say(Reading::tells(b"", Fact::ClientAddress { address: address.to_vec(), port }).at(at));
    }
    bounce::command(&refusal.answered, line, say);
    bounce::whole_reply(refusal.reply, None, at, say);
    true
}

/// A session with the relay of a delivery.
fn opens(line: &[u8], relay: &[u8], at: Option<Moment>, say: Say<'_>) {
    say(Reading::tells(line, Fact::Opening).at(at));
    let (name, end) = bounce::parts(relay);
    if let Some(name) = name {
        let host = name.strip_suffix(b".").unwrap_or(name).to_vec();
        say(Reading::tells(b"", Fact::Dialled { host, port: None }).at(at));
    }
    if let Some(End { address, port }) = end {
        say(Reading::tells(b"", Fact::ServerAddress { address: address.to_vec(), port }).at(at));
    }
}

#[cfg(test)]
mod tests {
    use super::{
        super::shown::{check, evident},
        *,
    };

    #[test]
    fn deliveries_and_clients() {
        check(
            &DIALECT,
            "Nov 23 10:13:45 mx sm-mta[71]: 3AN9DjXX000071: to=<b@example.net>, mailer=esmtp, relay=mx.example.net. [192.0.2.25], dsn=4.1.8, stat=Deferred: 450 4.1.8 <a@b>: no such domain\n\
             Nov 23 10:13:46 mx sm-mta[71]: 3AN9DjXX000072: to=<b@example.net>, mailer=esmtp, relay=mx.example.net. [192.0.2.25], dsn=5.1.1, reply=550 5.1.1 <b@example.net>... User unknown, stat=User unknown\n\
             Nov 23 10:13:46 mx sm-mta[71]: 3AN9DjXX000073: to=<b@example.net>, mailer=esmtp, relay=mx.example.net. [192.0.2.25], dsn=4.0.0, stat=Deferred: Connection refused by mx.example.net.\n\
             Nov 23 10:13:47 mx sm-mta[71]: 3AN9DjXX000074: to=<b@example.net>, mailer=esmtp, relay=mx.example.net. [192.0.2.25], dsn=2.0.0, stat=Sent (250 ok)\n\
             Nov 23 10:13:48 mx sm-mta[72]: ruleset=check_rcpt, arg1=<c@example.org>, relay=client.example [192.0.2.7], reject=550 5.7.1 <c@example.org>... Relaying denied\n\
             Nov 23 10:13:49 mx sm-mta[72]: 3AN9DjXX000075: Milter: data, reject=554 5.7.1 spam",
            "* = Opening
             * = Dialled { host: 'mx.example.net', port: None }
             * = ServerAddress { address: '192.0.2.25', port: None }
             * = Elision
             2 450 4.1.8 <a@b>: no such domain
             * = Opening
             * = Dialled { host: 'mx.example.net', port: None }
             * = ServerAddress { address: '192.0.2.25', port: None }
             * = Elision
             2 550 5.1.1 <b@example.net>... User unknown
             * = Opening
             * = Dialled { host: 'mx.example.net', port: None }
             * = ServerAddress { address: '192.0.2.25', port: None }
             * = ConnectFailed(Refused)
             ? Nov 23 10:13:47 mx sm-mta[71]: 3AN9DjXX000074: to=<b@example.net>, mailer=esmtp, relay=mx.example.net. [192.0.2.25], dsn=2.0.0, stat=Sent (250 ok)
             * = Opening
             * = ClientAddress { address: '192.0.2.7', port: None }
             * = Elision
             1 RCPT TO:<c@example.org>
             2 550 5.7.1 <c@example.org>... Relaying denied
             * = Opening
             * = Elision
             * = BodyHidden(None)
             1 .
             2 554 5.7.1 spam",
        );
        evident(&DIALECT, "to=<b@example.net>, dsn=5.1.1, stat=User unknown", false);
        evident(&DIALECT, "f\"sm-mta[{pid}]: {id}: Milter: data, reject=550 5.7.1 spam\",", false);
    }
}
