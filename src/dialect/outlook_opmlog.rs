//! Outlook's `OPMLog.log` and Outlook Express's `smtp.log`: `<tx>` and `<rx>`, `[tx]` and `[rx]`.
//!
//! ```text
//! 2008.11.17 17:31:49 SMTP (mx.example.net): <rx> 220 mx.example.net ESMTP
//! SMTP: 14:40:58 [tx] EHLO client
//! ```
//!
//! Traps: sessions of IMAP and POP stand in the same log; passwords are stars. From public logs.

use super::{
    Custom, Dialect, Reading, Record, Say, Times, Unmarked,
    failure::{connect_failed, has},
    prompt, time,
};
use crate::transcript::{ClosedBy, Fact, Mark, Moment};

pub(super) static DIALECT: Dialect = Dialect {
    name: "outlook-opmlog",
    about: "the transport logs of Outlook and Outlook Express",
    client: "<tx> , [tx] ",
    server: "<rx> , [rx] ",
    key: "",
    times: Times::Always,
    record: Record::DIALOGUE,
    unmarked: Unmarked::Neither,
    custom: Custom::FirstIsClient,
    hints: &["<tx> ", "<rx> ", "[tx] ", "[rx] "],
    evidence: |line| entry(line).is_some_and(|entry| mark(entry.text).is_some()),
    reader: || Box::new(read),
};

struct Entry<'l> {
    at: Option<Moment>,
    host: Option<&'l [u8]>,
    text: &'l [u8],
}

fn read(line: &[u8], say: Say<'_>) -> bool {
    let Some(Entry { at, host, text }) = entry(line) else { return false };
    if let Some((mark, text)) = mark(text) {
        say(Reading::said(mark, text).at(at));
        return true;
    }
    let empty = line.get(..0).unwrap_or_default();
    let text = text.strip_prefix(b"[db] ").unwrap_or(text);
    if text.starts_with(b"Begin execution") || text.starts_with(b"Connecting to '") {
        say(Reading::tells(line, Fact::Opening).at(at));
        // `Connecting to 'mx.example.net' on port 25.`
        let mut parts = text.split(|octet| *octet == b'\'').skip(1);
        let named = parts.next().or(host);
        let port = parts.next().and_then(|rest| {
            let digits = rest.iter().copied().filter(u8::is_ascii_digit).collect::<Vec<u8>>();
            prompt::port_number(&digits)
        });
        if let Some(host) = named {
            say(Reading::tells(empty, Fact::Dialled { host: host.to_vec(), port }).at(at));
        }
        return true;
    }
    let fact = if text.starts_with(b"Connected to host") {
        Some(Fact::Opened)
    } else if text.starts_with(b"Disconnected from host") || has(text, "' closed.") {
        Some(Fact::Closed(ClosedBy::Unknown))
    } else if has(text, "Unable to connect") || has(text, "0x800CCC0E") || has(text, "0x800ccc0e") {
        Some(connect_failed(text))
    } else if text.starts_with(b"Securing connection") {
        None
    } else if has(text, "hr = 0x8") {
        Some(Fact::ToolError(text.to_vec()))
    } else {
        None
    };
    say(Reading { fact, ..Reading::remark(line).at(at) });
    true
}

/// An entry about SMTP, in either program's form.
fn entry(line: &[u8]) -> Option<Entry<'_>> {
    if let Some(rest) = line.strip_prefix(b"SMTP: ") {
        let (at, rest) = time::clock(rest)?;
        return Some(Entry { at: Some(at), host: None, text: rest.strip_prefix(b" ")? });
    }
    let (at, rest) = time::iso(line)?;
    let rest = rest.strip_prefix(b" SMTP (")?;
    let (host, rest) = rest.split_at_checked(memchr::memchr(b')', rest)?)?;
    Some(Entry { at: Some(at), host: Some(host), text: rest.strip_prefix(b"): ")? })
}

fn mark(text: &[u8]) -> Option<(Mark, &[u8])> {
    let (mark, text) = match text.split_at_checked(4)? {
        (b"<tx>" | b"[tx]", text) => (Mark::First, text),
        (b"<rx>" | b"[rx]", text) => (Mark::Second, text),
        _ => return None,
    };
    Some((mark, text.strip_prefix(b" ").unwrap_or(text)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dialect::spoken::told;

    #[test]
    fn both_programs_are_read() {
        for record in [
            "2008.11.17 17:31:49 SMTP (mx.example.net): Begin execution\n2008.11.17 17:31:49 SMTP (mx.example.net): <rx> 220 mx\n2008.11.17 17:31:49 SMTP (mx.example.net): <tx> EHLO x\n2008.11.17 17:31:49 SMTP (mx.example.net): Disconnected from host\n",
            "SMTP: 14:40:58 [db] Connecting to 'mx.example.net' on port 25.\nSMTP: 14:40:58 [rx] 220 mx\nSMTP: 14:40:58 [tx] EHLO x\nSMTP: 14:40:58 [db] Connection to 'mx.example.net' closed.\n",
        ] {
            assert_eq!(told(&DIALECT, record, true), "Opening Dialled 1:220 mx 0:EHLO x Closed");
        }
    }
}
