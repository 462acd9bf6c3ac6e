//! The refusals of Trend Micro's `InterScan`, with the arrows the other way round.
//!
//! ```text
//! Sent <<< RCPT TO:<b@example.net>
//! Received >>> 550 5.1.1 <b@example.net>... user unknown
//! ```
//!
//! From the test files of bounce parsers.

use super::{Custom, Dialect, Reading, Record, Say, Times, Unmarked};
use crate::transcript::Mark;

pub(super) static DIALECT: Dialect = Dialect {
    name: "interscan-dsn",
    about: "the refusal in InterScan's bounces",
    client: "Sent <<< ",
    server: "Received >>> ",
    key: "",
    times: Times::Never,
    record: Record::DIALOGUE,
    unmarked: Unmarked::Neither,
    custom: Custom::FirstIsClient,
    hints: &["Sent <<< ", "Received >>> "],
    evidence: |line| marked(line).is_some(),
    reader: || Box::new(read),
};

fn marked(line: &[u8]) -> Option<(Mark, &[u8])> {
    let sent = line.strip_prefix(b"Sent <<< ").map(|text| (Mark::First, text));
    sent.or_else(|| Some((Mark::Second, line.strip_prefix(b"Received >>> ")?)))
}

fn read(line: &[u8], say: Say<'_>) -> bool {
    let Some((mark, text)) = marked(line) else { return false };
    say(Reading::said(mark, text));
    true
}

#[cfg(test)]
mod tests {
    use super::{super::shown::check, *};

    #[test]
    fn reads_both_arrows() {
        check(
            &DIALECT,
            "Sent <<< RCPT TO:<b@example.net>\nReceived >>> 550 5.1.1 no\nSent by me",
            "1 RCPT TO:<b@example.net>
             2 550 5.1.1 no
             ? Sent by me",
        );
    }
}
