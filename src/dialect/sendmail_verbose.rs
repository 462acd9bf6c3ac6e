//! `sendmail -v` and `mail -v`: commands behind `>>> `, replies bare, and what became of each recipient.
//!
//! ```text
//! b@example.net... Connecting to mx.example.net. via esmtp...
//! 220 mx.example.net ESMTP
//! >>> EHLO client.example
//! 250 HELP
//! b@example.net... Sent (2.0.0 OK queued as 4F1A2B3C)
//! Closing connection to mx.example.net.
//! ```
//!
//! Traps: several hosts and recipients one after the other; a cached connection begins a transaction, not
//! a session; `b@example.net... Deferred: 450 …` quotes a reply; the message is not shown. With `VERB` a
//! sendmail that relays tells its own deliveries in lines that begin with `050 `: a session within the
//! session. From recordings of Sendmail 8.17.

use super::{
    Custom, Dialect, Reading, Record, Say, Times, Unmarked,
    failure::{connect_failed, has},
};
use crate::transcript::{ClosedBy, Fact, Mark};

pub(super) static DIALECT: Dialect = Dialect {
    name: "sendmail-verbose",
    about: "sendmail -v and mail -v",
    client: ">>> ",
    server: "",
    key: "050, for what a relay tells",
    times: Times::Never,
    record: Record::DIALOGUE,
    unmarked: Unmarked::Server,
    custom: Custom::FirstIsClient,
    hints: &["... "],
    evidence: |line| status(nested(line).unwrap_or(line)).is_some_and(is_usual),
    reader: || Box::new(read),
};

/// What a line says of a recipient or a host, as `Sent (…)` in `b@example.net... Sent (…)`.
fn status(line: &[u8]) -> Option<&[u8]> {
    let space = memchr::memchr(b' ', line)?;
    let name = line.get(..space)?.strip_suffix(b"...")?;
    (!name.is_empty()).then(|| line.get(space + 1..).unwrap_or_default())
}

fn is_usual(status: &[u8]) -> bool {
    const USUAL: &[&str] = &["Connecting to ", "Sent (", "Deferred", "Using cached "];
    USUAL.iter().any(|words| status.starts_with(words.as_bytes()))
}

/// What a relay tells of its own delivery: the text behind `050 `.
fn nested(line: &[u8]) -> Option<&[u8]> {
    line.strip_prefix(b"050 ").or_else(|| line.strip_prefix(b"050-"))
}

fn read(line: &[u8], say: Say<'_>) -> bool {
    let Some(inner) = nested(line) else { return plain(line, say) };
    let key = line.get(..3).unwrap_or_default();
    if !plain(inner, &mut |reading| say(reading.of(key))) {
        // The relay's lines are all marked by their code: what is left of them is a reply.
        say(Reading::said(Mark::Second, inner).of(key));
    }
    true
}

fn plain(line: &[u8], say: Say<'_>) -> bool {
    if let Some(text) = line.strip_prefix(b">>> ") {
        if text == b"." {
            say(Reading::tells(b"", Fact::BodyHidden(None)));
        }
        say(Reading::said(Mark::First, text));
        return true;
    }
    let Some(status) = status(line) else {
        let remark = line.starts_with(b"Closing connection to ");
        if remark {
            say(Reading::remark(line));
        }
        return remark;
    };
    if let Some(target) = status.strip_prefix(b"Connecting to ") {
        say(Reading::tells(line, Fact::Opening));
        if let Some(fact) = dialled(target) {
            say(Reading::tells(b"", fact));
        }
    } else if has(status, "Connection refused") || has(status, "Connection timed out with") {
        say(Reading::tells(line, connect_failed(status)));
    } else if has(status, "Connection reset") {
        say(Reading::tells(line, Fact::Closed(ClosedBy::Server)));
    } else {
        say(Reading::remark(line));
    }
    true
}

/// `mx.example.net. via esmtp...`, `[127.0.0.1] port 2526 via relay...`
fn dialled(target: &[u8]) -> Option<Fact> {
    let mut words = target.split(|octet| *octet == b' ');
    let host = words.next()?;
    let host = host.strip_suffix(b".").unwrap_or(host);
    let host = host.strip_prefix(b"[").and_then(|host| host.strip_suffix(b"]")).unwrap_or(host);
    let port = match (words.next(), words.next()) {
        (Some(b"port"), Some(port)) => std::str::from_utf8(port).ok()?.parse().ok(),
        _ => None,
    };
    Some(Fact::Dialled { host: host.to_vec(), port })
}

#[cfg(test)]
mod tests {
    use super::{
        super::shown::{check, evident},
        *,
    };

    #[test]
    fn leaves_replies_bare() {
        check(
            &DIALECT,
            "b@dest.test,c@dest.test... Connecting to [127.0.0.1] port 2526 via relay...\n\
             220 mx.example.net ESMTP\n\
             >>> EHLO sm.example.com\n\
             250 2.1.0 <a@ex.com>... Sender ok\n\
             >>> .\n\
             b@dest.test... Sent (2.0.0 OK queued)\n\
             a@ex.com... Using cached ESMTP connection to [127.0.0.1] via relay...\n\
             c@dest.test... Connecting to mx.dest.test. via esmtp...\n\
             c@dest.test... Deferred: Connection refused by mx.dest.test.\n\
             Closing connection to [127.0.0.1]",
            "* = Opening
             * = Dialled { host: '127.0.0.1', port: Some(2526) }
             ? 220 mx.example.net ESMTP
             1 EHLO sm.example.com
             ? 250 2.1.0 <a@ex.com>... Sender ok
             * = BodyHidden(None)
             1 .
             * = Opening
             * = Dialled { host: 'mx.dest.test', port: None }
             * = ConnectFailed(Refused)",
        );
    }

    #[test]
    fn reads_what_a_relay_tells() {
        check(
            &DIALECT,
            ">>> .\n\
             050 <b@dest.test>... Connecting to mx.dest.test. via esmtp...\n\
             050 220 mx.dest.test\n\
             050 >>> EHLO me\n\
             050 <b@dest.test>... Sent\n\
             250 2.0.0 ok",
            "* = BodyHidden(None)
             1 .
             [050] * = Opening
             [050] * = Dialled { host: 'mx.dest.test', port: None }
             [050] 2 220 mx.dest.test
             [050] 1 EHLO me
             ? 250 2.0.0 ok",
        );
    }

    #[test]
    fn knows_its_lines() {
        evident(&DIALECT, "b@dest.test... Sent (ok)", true);
        evident(&DIALECT, "050 b@dest.test... Connecting to mx via esmtp...", true);
        evident(&DIALECT, "Well... Sent by mail", false);
        evident(&DIALECT, "250 2.1.0 <a@ex.com>... Sender ok", false);
    }
}
