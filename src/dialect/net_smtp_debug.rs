//! PEAR's `Net_SMTP` with debugging on: Horde, Mantis, and Roundcube's `logs/smtp`.
//!
//! ```text
//! DEBUG: Recv: 220 mx.example.net ESMTP
//! DEBUG: Send: EHLO client.example
//!
//! [23-Nov-2026 10:27:00 +0000]: <a1b2c3d4> Send: MAIL FROM:<a@client.example>
//! ```
//!
//! Traps: what is sent carries its own line end, so that a blank line follows; header and body of a message are
//! one entry each, whose further lines are bare; Roundcube masks (`Send: ****** [8]`) and cuts long entries
//! (`... [truncated 1024 bytes]`). From `Net/SMTP.php`, Roundcube's `rcube_smtp.php` and a recording.

use super::{
    Custom, Dialect, Reader, Reading, Record, Say, Times, Unmarked,
    failure::{connect_failed, has},
    reply_rows, time,
};
use crate::transcript::{ClosedBy, Fact, Mark, Moment};

pub(super) static DIALECT: Dialect = Dialect {
    name: "net-smtp-debug",
    about: "PEAR Net_SMTP's debug output, as in Roundcube and Horde",
    client: "DEBUG: Send: ",
    server: "DEBUG: Recv: ",
    key: "<id> (Roundcube)",
    times: Times::Sometimes,
    record: Record::DIALOGUE,
    unmarked: Unmarked::Client,
    custom: Custom::FirstIsClient,
    hints: &["Send: ", "Recv: "],
    evidence: |line| {
        entry(line).is_some_and(|entry| match entry.mark {
            Mark::Second => reply_rows::code(entry.text).is_some(),
            _ => entry.labelled && reply_rows::begins_with_verb(entry.text),
        })
    },
    reader: || Box::new(NetSmtp::default()),
};

#[derive(Debug)]
struct Entry<'l> {
    at: Option<Moment>,
    key: Option<&'l [u8]>,
    mark: Mark,
    text: &'l [u8],
    /// `DEBUG: ` or a session's id stood before it.
    labelled: bool,
}

fn entry(line: &[u8]) -> Option<Entry<'_>> {
    let (at, rest) = match line.strip_prefix(b"[") {
        Some(inside) => {
            let end = inside.iter().take(40).position(|octet| *octet == b']')?;
            let (stamp, rest) = inside.split_at_checked(end)?;
            let read = time::php_log(stamp).or_else(|| time::iso(stamp));
            let rest = rest.get(1..)?;
            (read.map(|(at, _)| at), rest.strip_prefix(b":").unwrap_or(rest).trim_ascii_start())
        }
        None => (None, line),
    };
    let keyed = rest.strip_prefix(b"<").and_then(|inside| {
        let end = inside.iter().take(16).position(|octet| *octet == b'>')?;
        let (key, rest) = inside.split_at_checked(end)?;
        let plain = key.len() >= 4 && key.iter().all(u8::is_ascii_alphanumeric);
        plain.then_some((key, rest.get(1..)?.strip_prefix(b" ")?))
    });
    let (key, rest) = keyed.map_or((None, rest), |(key, rest)| (Some(key), rest));
    let bare = rest.strip_prefix(b"DEBUG: ");
    let labelled = bare.is_some() || key.is_some();
    let rest = bare.unwrap_or(rest);
    let (mark, text) = match rest.split_at_checked(5)? {
        (b"Send:", text) => (Mark::First, text),
        (b"Recv:", text) => (Mark::Second, text),
        _ => return None,
    };
    let text = text.strip_prefix(b" ").or_else(|| text.is_empty().then_some(text))?;
    Some(Entry { at, key, mark, text, labelled })
}

#[derive(Debug, Default)]
struct NetSmtp {
    /// The session whose message is being sent.
    key: Option<Vec<u8>>,
    /// 354 came; what is bare belongs to the message.
    message: bool,
    /// Something of the message was sent: bare lines go on with it.
    sent: bool,
    /// An entry begins with the next line.
    next_is_entry: bool,
}

impl Reader for NetSmtp {
    fn ahead(&mut self, next: &[u8]) {
        self.next_is_entry = entry(next).is_some();
    }

    fn read(&mut self, line: &[u8], say: Say<'_>) -> bool {
        let Some(entry) = entry(line) else { return self.bare(line, say) };
        let reading = Reading::said(entry.mark, entry.text).at(entry.at);
        let of = |reading: Reading<'_>, say: Say<'_>| match entry.key {
            Some(key) => say(reading.of(key)),
            None => say(reading),
        };
        if entry.mark == Mark::Second {
            self.message = entry.text.starts_with(b"354");
            self.sent = false;
            self.key = entry.key.map(<[u8]>::to_vec);
        } else if self.message {
            self.sent = true;
            self.message = entry.text != b".";
            if is_cut(entry.text) {
                of(Reading::tells(line, Fact::BodyHidden(None)), say);
                return true;
            }
        }
        of(reading, say);
        true
    }
}

impl NetSmtp {
    fn bare(&mut self, line: &[u8], say: Say<'_>) -> bool {
        if let Some(fact) = unanswered(line) {
            say(Reading::tells(line, fact));
            return true;
        }
        if !(self.message && self.sent) {
            return false;
        }
        // The entry's own line end, not a line of the message.
        let ends_entry = line.is_empty() && self.next_is_entry;
        let reading = match () {
            () if ends_entry => Reading::remark(line),
            () if is_cut(line) => Reading::tells(line, Fact::BodyHidden(None)),
            () => Reading::said(Mark::First, line),
        };
        match &self.key {
            Some(key) => say(Reading { key: Some(key.into()), ..reading }),
            None => say(reading),
        }
        true
    }
}

/// What PEAR's error tells where no reply came: `Failed to add recipient: a@example.net [SMTP: Invalid response code
/// received from server (code: -1, response: )]`.
fn unanswered(line: &[u8]) -> Option<Fact> {
    let text = line.trim_ascii_end().strip_suffix(b" (code: -1, response: )]")?;
    let at = memchr::memmem::find(text, b" [SMTP: ")?;
    let words = text.get(at + 8..)?;
    let never = words.starts_with(b"Failed to connect socket: ");
    let closed = || has(words, "Invalid response code").then_some(Fact::Closed(ClosedBy::Server));
    if never { Some(connect_failed(words)) } else { closed() }
}

/// `... [truncated 1024 bytes]`
fn is_cut(text: &[u8]) -> bool {
    text.ends_with(b" bytes]") && memchr::memmem::find(text, b"[truncated ").is_some()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dialect::tests::{read, rows};

    #[test]
    fn entries_end_in_a_blank_line() {
        let lines = [
            "DEBUG: Recv: 354 go",
            "DEBUG: Send: Subject: x",
            "",
            "body",
            "",
            "",
            "DEBUG: Send: .",
            "",
            "DEBUG: Recv: 250 ok",
            "nobody",
        ];
        assert_eq!(
            rows(&read(&DIALECT, &lines)),
            ["2 354 go", "1 Subject: x", "1 ", "1 body", "1 ", "T", "1 .", "-", "2 250 ok", "-"]
        );
    }

    #[test]
    fn roundcube_has_ids() {
        let lines = [
            "[23-Nov-2026 10:27:00 +0000]: <a1b2c3d4> Send: AUTH LOGIN",
            "[23-Nov-2026 10:27:00 +0000]: <a1b2c3d4> Send: ****** [8]",
            "[23-Nov-2026 10:27:01 +0000]: <a1b2c3d4> Recv: 354 go",
            "[23-Nov-2026 10:27:01 +0000]: <a1b2c3d4> Send: From: x... [truncated 2000 bytes]",
        ];
        let said = read(&DIALECT, &lines);
        assert_eq!(rows(&said), ["1 AUTH LOGIN", "1 ****** [8]", "2 354 go", "T BodyHidden(None)"]);
        assert!(said.iter().all(|said| said.key.as_deref() == Some(b"a1b2c3d4")));
        assert!(!(DIALECT.evidence)(b"Send: more money"));
    }
}
