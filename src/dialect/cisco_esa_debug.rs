//! The injection and domain debug logs of Cisco's (once `IronPort`'s) Email Security Appliance.
//!
//! ```text
//! Sat Nov 21 02:37:22 2026 Info: 102503993 Sent: 'MAIL FROM:<a@client.example>'
//! Sat Nov 21 02:37:23 2026 Info: 102503993 Rcvd: '250 OK'
//! ```
//!
//! Traps: in a domain log the appliance is the client, in an injection log the server. The mail logs of
//! the same product hold no dialogue. From the vendor's manual.

use super::{
    Custom, Dialect, Reading, Record, Say, Times, Unmarked, escape::backslash_lines, time,
};
use crate::transcript::{Fact, Mark, Moment};

pub(super) static DIALECT: Dialect = Dialect {
    name: "cisco-esa-debug",
    about: "Cisco ESA's injection and domain debug logs",
    client: "Sent: in a domain log, Rcvd: in an injection log",
    server: "Rcvd: in a domain log, Sent: in an injection log",
    key: "connection",
    times: Times::Always,
    record: Record::DIALOGUE,
    unmarked: Unmarked::Neither,
    custom: Custom::FirstIsClient,
    hints: &[" Sent: '", " Rcvd: '"],
    evidence: |line| Line::of(line).is_some(),
    reader: || Box::new(read),
};

struct Line<'l> {
    at: Option<Moment>,
    key: &'l [u8],
    mark: Mark,
    text: &'l [u8],
}

impl<'l> Line<'l> {
    fn of(line: &'l [u8]) -> Option<Self> {
        let at = memchr::memmem::find(line, b"Info: ")?;
        let rest = line.get(at + 6..)?;
        let digits = rest.iter().take_while(|octet| octet.is_ascii_digit()).count();
        let (key, rest) = rest.split_at_checked(digits).filter(|_| digits > 0)?;
        let (mark, text) = match rest.strip_prefix(b" Sent: '") {
            Some(text) => (Mark::First, text),
            None => (Mark::Second, rest.strip_prefix(b" Rcvd: '")?),
        };
        let text = text.strip_suffix(b"'").unwrap_or(text);
        Some(Self { at: time::ctime(line).map(|(at, _)| at), key, mark, text })
    }
}

fn read(line: &[u8], say: Say<'_>) -> bool {
    let Some(line) = Line::of(line) else { return false };
    let hidden = line.text.starts_with(b"354").then_some(Fact::BodyHidden(None));
    for part in backslash_lines(line.text) {
        let reading = Reading { fact: hidden.clone(), ..part.said(line.mark) };
        say(reading.at(line.at).of(line.key));
    }
    true
}

#[cfg(test)]
mod tests {
    use super::{
        super::shown::{check, evident},
        *,
    };

    #[test]
    fn reads_both_marks() {
        check(
            &DIALECT,
            "Sat Nov 21 02:37:22 2026 Info: 102503993 Sent: 'MAIL FROM:<o'x@client.example>'\n\
             Sat Nov 21 02:37:23 2026 Info: 102503993 Rcvd: '250-a\\r\\n250 OK\\r\\n'\n\
             Sat Nov 21 02:37:23 2026 Info: MID 1 ICID 2 From: <a@b>",
            "[102503993] 1 MAIL FROM:<o'x@client.example>
             [102503993] 2 250-a
             [102503993] 2 250 OK
             ? Sat Nov 21 02:37:23 2026 Info: MID 1 ICID 2 From: <a@b>",
        );
        evident(&DIALECT, "Info: 1 Sent: 'QUIT'", true);
    }
}
