//! Cisco ESA's mail log: what hosts answered to deliveries.
//!
//! ```text
//! Mon Nov 23 10:13:45 2026 Info: Bounced: DCID 71 MID 1904 From: <a@b.example> To: <b@example.net> RID 0 - 5.1.0 -
//!   Unknown address error ('550', ['5.1.1 <b@example.net>... User unknown']) []
//! ```
//!
//! (It is one line of the log.) Each such line is a session of its own kind: a reply, to which command is not told.
//! Traps: the words before the parentheses are the appliance's; `'000'` is no reply, but a failure before any. From
//! logs that people published and from the product's help.

use super::{
    Custom, Dialect, Reading, Record, Say, Times, Unmarked,
    bounce::{self, Answered},
    escape::{backslash, literal},
    reply_rows::code,
    time,
};
use crate::transcript::{Fact, Mark};

pub(super) static DIALECT: Dialect = Dialect {
    name: "cisco-esa-log",
    about: "refused deliveries in Cisco ESA's mail log",
    client: "",
    server: "Info: Bounced: … ('code', ['text'])",
    key: "",
    times: Times::Always,
    record: Record::DIALOGUE,
    unmarked: Unmarked::Neither,
    custom: Custom::FirstIsServer,
    hints: &["Info: Bounced: ", "Info: Delayed: "],
    evidence: |line| reply(line).is_some(),
    reader: || Box::new(read),
};

/// Where the reply stands in the line, and the reply.
fn reply(line: &[u8]) -> Option<(&[u8], Vec<u8>)> {
    let marked = [&b"Info: Bounced: DCID"[..], b"Info: Delayed: DCID"]
        .iter()
        .any(|words| memchr::memmem::find(line, words).is_some());
    let at = memchr::memmem::rfind(line, b" ('").filter(|_| marked)?;
    let within = line.get(at + 2..)?;
    let number = literal(within)?;
    let mut reply = number.inner.to_vec();
    code(&reply)?;
    let mut rest = number.rest.strip_prefix(b", [")?;
    while let Some(text) = literal(rest) {
        reply.push(b' ');
        reply.extend_from_slice(&backslash(text.inner));
        rest = text.rest.strip_prefix(b", ").unwrap_or_default();
    }
    Some((within, reply))
}

fn read(line: &[u8], say: Say<'_>) -> bool {
    let Some((within, reply)) = reply(line) else { return false };
    let at = time::ctime(line).map(|(at, _)| at);
    say(Reading::tells(line, Fact::Opening).at(at));
    bounce::command(&Answered::Unknown, within, say);
    say(Reading::unescaped(Mark::First, reply, within).at(at));
    true
}

#[cfg(test)]
mod tests {
    use super::{
        super::shown::{check, evident},
        *,
    };

    #[test]
    fn replies_are_told_and_failures_before_any_are_not() {
        check(
            &DIALECT,
            "Mon Nov 23 10:13:45 2026 Info: Bounced: DCID 71 MID 1904 From: <a@b.example> To: <b@example.net> RID 0 - 5.1.0 - Unknown address error ('550', ['5.1.1 <b@example.net>... User', 'unknown']) []\n\
             Mon Nov 23 10:13:46 2026 Info: Bounced: DCID 0 MID 1905 to RID 0 - 5.1.2 - Bad destination host ('000', ['DNS Hard Error'])",
            "* = Opening
             * = Elision
             1 550 5.1.1 <b@example.net>... User unknown
             ? Mon Nov 23 10:13:46 2026 Info: Bounced: DCID 0 MID 1905 to RID 0 - 5.1.2 - Bad destination host ('000', ['DNS Hard Error'])",
        );
        evident(
            &DIALECT,
            "Info: Delayed: DCID 1 MID 2 to RID 0 - 4.3.2 - no ('421', ['4.3.2 later'])",
            true,
        );
    }
}
