//! sendEmail, the Perl program, with `-v -v`: replies in one row, their lines joined with commas.
//!
//! ```text
//! Nov 23 12:16:23 host sendemail[1550]: DEBUG => Connecting to mx.example.net:25
//! Nov 23 12:16:23 host sendemail[1550]: SUCCESS => Received: ⇥250-mx.example.net, 250-SIZE 52428800, 250 HELP
//! Nov 23 12:16:23 host sendemail[1550]: INFO => Sending: ⇥MAIL FROM:<a@client.example>
//! ```
//!
//! Traps: `SUCCESS` and `ERROR` say no more than the reply's code; the message is not shown. From `sendEmail.pl`,
//! public pastes and a recording.

use super::{
    Custom, Dialect, Reading, Record, Say, Times, Unmarked,
    failure::{connect_failed, has},
    prompt, reply_rows, time,
};
use crate::transcript::{Fact, Mark, Moment};

pub(super) static DIALECT: Dialect = Dialect {
    name: "sendemail-pl",
    about: "sendEmail (the Perl program) with -v",
    client: "INFO => Sending: ",
    server: "SUCCESS => Received: ",
    key: "[pid]",
    times: Times::Sometimes,
    record: Record::DIALOGUE,
    unmarked: Unmarked::Neither,
    custom: Custom::FirstIsClient,
    hints: &[" => "],
    evidence: |line| {
        let entry = entry(line);
        entry.text.starts_with(b"SUCCESS => Received: ")
            || entry.text.starts_with(b"ERROR => Received: ")
            || entry.text.starts_with(b"INFO => Sending: ")
            || (entry.key.is_some() && entry.text.starts_with(b"DEBUG => Connecting to "))
    },
    reader: || Box::new(read),
};

#[derive(Debug)]
struct Entry<'l> {
    at: Option<Moment>,
    key: Option<&'l [u8]>,
    text: &'l [u8],
}

/// Takes off `Nov 23 12:16:23 host sendEmail[1550]: `, where it stands.
fn entry(line: &[u8]) -> Entry<'_> {
    let bare = Entry { at: None, key: None, text: line };
    let Some(at) = memchr::memmem::find(line, b"mail[").filter(|at| *at < 100) else { return bare };
    let (before, rest) = line.split_at(at);
    let named =
        before.ends_with(b"sendE") || before.ends_with(b"sende") || before.ends_with(b"send");
    let pid = rest.get(5..).unwrap_or_default();
    let digits = pid.iter().take_while(|octet| octet.is_ascii_digit()).count();
    let (pid, tail) = pid.split_at(digits);
    match tail.strip_prefix(b"]: ") {
        Some(text) if named && digits > 0 => {
            let at = time::stamped(before).map(|(at, _)| at);
            Entry { at, key: Some(pid), text }
        }
        _ => bare,
    }
}

fn read(line: &[u8], say: Say<'_>) -> bool {
    let Entry { at, key, text } = entry(line);
    let mut tell = |reading: Reading<'_>| {
        let reading = reading.at(at);
        match key {
            Some(key) => say(reading.of(key)),
            None => say(reading),
        }
    };
    let level = memchr::memmem::find(text, b" => ").filter(|at| *at <= 8);
    let Some((level, words)) = level.and_then(|at| text.split_at_checked(at)) else {
        if key.is_some() {
            tell(Reading::remark(line));
        }
        return key.is_some();
    };
    if !matches!(
        level,
        b"DEBUG" | b"INFO" | b"SUCCESS" | b"ERROR" | b"NOTICE" | b"WARNING" | b"HINT"
    ) {
        return false;
    }
    let words = words.get(4..).unwrap_or_default();
    if let Some(reply) = words.strip_prefix(b"Received:") {
        let reply = reply.trim_ascii_start();
        for part in reply_rows::joined(reply, b", ") {
            tell(Reading::said(Mark::Second, part));
        }
        return true;
    }
    if let Some(command) = words.strip_prefix(b"Sending:") {
        tell(Reading::said(Mark::First, command.trim_ascii_start()));
        return true;
    }
    if let Some(target) = words.strip_prefix(b"Connecting to ") {
        tell(Reading::tells(line, Fact::Opening));
        if let Some(fact) = prompt::dialled(target.trim_ascii(), None) {
            tell(Reading::tells(b"", fact));
        }
        return true;
    }
    let fact = if words.starts_with(b"Sending message body") {
        Some(Fact::BodyHidden(None))
    } else if let Some(address) = words.strip_prefix(b"My IP address is: ") {
        Some(Fact::ClientAddress { address: address.trim_ascii().to_vec(), port: None })
    } else if words.starts_with(b"TLS session initialized") {
        Some(Fact::TlsStarted { version: None, cipher: None })
    } else if words.starts_with(b"Connection attempt to ") && has(words, "failed") {
        Some(connect_failed(words))
    } else if level == b"ERROR" {
        Some(Fact::ToolError(words.to_vec()))
    } else {
        None
    };
    tell(Reading { fact, ..Reading::remark(line) });
    true
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dialect::tests::{read, rows};

    #[test]
    fn replies_are_joined() {
        let lines = [
            "Nov 23 12:16:23 mx1 sendemail[1550]: DEBUG => Connecting to mx.example:25",
            "Nov 23 12:16:23 mx1 sendEmail[1550]: SUCCESS => Received: \t250-mx, hello, 250-SIZE 1, 250 HELP",
            "Nov 23 12:16:23 mx1 sendemail[1550]: INFO => Sending: \tDATA",
            "Nov 23 12:16:23 mx1 sendemail[1550]: INFO => Sending message body",
            "Nov 23 12:16:23 mx1 sendemail[1550]: Email was sent successfully!",
            "ERROR => Received: \t550 no",
            "A => B",
        ];
        let said = read(&DIALECT, &lines);
        assert_eq!(
            rows(&said),
            [
                "T Opening",
                "T Dialled mx.example:25",
                "2 250-mx, hello",
                "2 250-SIZE 1",
                "2 250 HELP",
                "1 DATA",
                "T BodyHidden(None)",
                "T",
                "2 550 no",
                "-"
            ]
        );
        assert_eq!(said.first().and_then(|said| said.key.as_deref()), Some(&b"1550"[..]));
        assert!(said.first().is_some_and(|said| said.at.is_some()));
    }
}
