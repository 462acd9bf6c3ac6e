//! `FakeSMTP`'s log panel.
//!
//! ```text
//! 09:41:12 AM - Server: 250-mx.example
//! 250-8BITMIME
//! 250 Ok
//! 09:41:12 AM - Client: MAIL FROM:<a@client.example>
//! ```
//!
//! Traps: only the first line of a reply carries the mark; the client's lines of an AUTH dialogue and the
//! message are not shown. From records that people published.

use super::{
    Custom, Dialect, Reader, Reading, Record, Say, Times, Unmarked,
    reply_rows::{Unfinished, code},
    time,
};
use crate::transcript::{Fact, Mark, Moment};

pub(super) static DIALECT: Dialect = Dialect {
    name: "fakesmtp",
    about: "FakeSMTP's log",
    client: " - Client: ",
    server: " - Server: ",
    key: "",
    times: Times::Always,
    record: Record::DIALOGUE,
    unmarked: Unmarked::Server,
    custom: Custom::FirstIsClient,
    hints: &[" - Client: ", " - Server: "],
    evidence: |line| said(line).is_some(),
    reader: || Box::new(Log::default()),
};

fn said(line: &[u8]) -> Option<(Moment, Mark, &[u8])> {
    let (at, rest) = time::clock_of_day(line)?;
    let rest = rest.strip_prefix(b" - ")?;
    let client = rest.strip_prefix(b"Client: ").map(|text| (at, Mark::First, text));
    client.or_else(|| Some((at, Mark::Second, rest.strip_prefix(b"Server: ")?)))
}

#[derive(Debug, Default)]
struct Log {
    reply: Unfinished,
    at: Option<Moment>,
}

impl Reader for Log {
    fn read(&mut self, line: &[u8], say: Say<'_>) -> bool {
        let Some((at, mark, text)) = said(line) else {
            let further = self.reply.takes(line);
            if further {
                say(Reading::said(Mark::Second, line).at(self.at));
            }
            return further;
        };
        self.at = Some(at);
        let mut reading = Reading::said(mark, text).at(self.at);
        if mark == Mark::Second {
            self.reply.said(text);
            reading.fact = match code(text).as_ref() {
                Some(b"354") => Some(Fact::BodyHidden(None)),
                Some(b"334") => Some(Fact::AuthHidden),
                _ => None,
            };
        }
        say(reading);
        true
    }
}

#[cfg(test)]
mod tests {
    use super::{
        super::shown::{check, evident},
        *,
    };

    #[test]
    fn takes_further_lines_of_a_reply() {
        check(
            &DIALECT,
            "09:41:12 AM - Server: 250-mx.example\n\
             250-8BITMIME\n\
             250 Ok\n\
             250 of these\n\
             09:41:12 AM - Client: DATA\n\
             09:41:13 AM - Server: 354 go",
            "2 250-mx.example
             2 250-8BITMIME
             2 250 Ok
             ? 250 of these
             1 DATA
             2 354 go = BodyHidden(None)",
        );
        evident(&DIALECT, "9:41:12 - Client: QUIT", true);
        evident(&DIALECT, "me - Client: QUIT", false);
    }
}
