//! Thunderbird before 91 and other Mozilla programs with `NSPR_LOG_MODULES` or `MOZ_LOG` set to `SMTP:4`.
//!
//! ```text
//! 2020-01-01 10:00:00.123456 UTC - [1234:Main Thread]: I/SMTP SMTP Response: 220 mx.example.net ESMTP
//! 0[1234]: SMTP Send: EHLO [192.0.2.1]
//! ```
//!
//! Traps: a command with a password is replaced by a sentence. From Thunderbird's source and public logs.

use super::{
    Custom, Dialect, Reader, Reading, Record, Say, Times, Unmarked, failure::has, prompt,
    reply_rows::code, time,
};
use crate::transcript::{Fact, Mark};

pub(super) static DIALECT: Dialect = Dialect {
    name: "thunderbird-cpp",
    about: "Thunderbird's log before version 91",
    client: "SMTP Send: ",
    server: "SMTP Response: ",
    key: "",
    times: Times::Sometimes,
    record: Record::DIALOGUE,
    unmarked: Unmarked::Neither,
    custom: Custom::FirstIsClient,
    hints: &["SMTP Send: ", "SMTP Response: "],
    evidence: |line| said(line).is_some(),
    reader: || Box::new(Thunderbird::default()),
};

#[derive(Debug, Default)]
struct Thunderbird {
    /// The last reply asked for a line of the AUTH dialogue.
    challenged: bool,
}

impl Reader for Thunderbird {
    fn read(&mut self, line: &[u8], say: Say<'_>) -> bool {
        let at = time::iso(line).map(|(at, rest)| {
            let zoned = at.zoned || rest.starts_with(b" UTC");
            crate::transcript::Moment { zoned, ..at }
        });
        if let Some((mark, text)) = said(line) {
            let suppressed = mark == Mark::First && text.starts_with(b"Logging suppressed");
            if suppressed && !self.challenged {
                say(Reading::tells(line, Fact::AuthHidden).at(at));
            } else {
                say(Reading::said(mark, text).at(at));
            }
            self.challenged = mark == Mark::Second && code(text) == Some(*b"334");
            return true;
        }
        if let Some(target) = after(line, b"SMTP Connecting to: ") {
            say(Reading::tells(line, Fact::Opening).at(at));
            let mut words = target.split(|octet| *octet == b' ').filter(|word| !word.is_empty());
            let host = words.next().unwrap_or_default();
            let port = words.find(|word| word.first().is_some_and(u8::is_ascii_digit));
            if let Some(fact) = prompt::dialled(host, port) {
                say(Reading::tells(line.get(..0).unwrap_or_default(), fact).at(at));
            }
            return true;
        }
        let ours = has(line, "/SMTP ") || has(line, ": SMTP ");
        if ours {
            say(Reading::remark(line).at(at));
        }
        ours
    }
}

fn said(line: &[u8]) -> Option<(Mark, &[u8])> {
    if let Some(text) = after(line, b"SMTP Response: ") {
        return Some((Mark::Second, text));
    }
    after(line, b"SMTP Send: ").map(|text| (Mark::First, text))
}

fn after<'l>(line: &'l [u8], words: &[u8]) -> Option<&'l [u8]> {
    let at = memchr::memmem::find(line, words).filter(|at| *at < 120)?;
    line.get(at + words.len()..)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dialect::spoken::told;

    #[test]
    fn logs_are_read() {
        let record = "\
2020-01-01 10:00:00.123456 UTC - [1234:Main Thread]: I/SMTP SMTP Connecting to: mx.example.net on port: 587
2020-01-01 10:00:00.123456 UTC - [1234:Main Thread]: I/SMTP SMTP Response: 220 mx
0[1234]: SMTP Send: EHLO [192.0.2.1]
0[1234]: SMTP entering state: 4
";
        assert_eq!(told(&DIALECT, record, true), "Opening Dialled 1:220 mx 0:EHLO [192.0.2.1]");
    }
}
