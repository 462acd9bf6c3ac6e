//! Evolution's Camel library with `CAMEL_DEBUG=smtp`.
//!
//! ```text
//! [SMTP] received: 220 mx.example.net ESMTP
//! [SMTP] sending: EHLO client.example
//! ```
//!
//! From Camel's source; the message is not shown.

use super::{Custom, Dialect, Reading, Record, Say, Times, Unmarked};
use crate::transcript::Mark;

pub(super) static DIALECT: Dialect = Dialect {
    name: "evolution-camel",
    about: "Evolution with CAMEL_DEBUG=smtp",
    client: "[SMTP] sending: ",
    server: "[SMTP] received: ",
    key: "",
    times: Times::Never,
    record: Record::DIALOGUE,
    unmarked: Unmarked::Neither,
    custom: Custom::FirstIsClient,
    hints: &["[SMTP] "],
    evidence: |line| said(line).is_some(),
    reader: || Box::new(read),
};

fn read(line: &[u8], say: Say<'_>) -> bool {
    if let Some((mark, text)) = said(line) {
        say(Reading::said(mark, text));
        return true;
    }
    let remark = line.starts_with(b"[SMTP] ");
    if remark {
        say(Reading::remark(line));
    }
    remark
}

fn said(line: &[u8]) -> Option<(Mark, &[u8])> {
    let rest = line.strip_prefix(b"[SMTP] ")?;
    let (mark, text) = if let Some(text) = rest.strip_prefix(b"sending:") {
        (Mark::First, text)
    } else {
        (Mark::Second, rest.strip_prefix(b"received:")?)
    };
    Some((mark, text.strip_prefix(b" ").unwrap_or(text)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dialect::spoken::spoken;

    #[test]
    fn lines_are_read() {
        let record = "[SMTP] received: 220 mx\n[SMTP] sending: EHLO x\n[SMTP] connecting\nelse";
        assert_eq!(spoken(&DIALECT, record), "1:220 mx 0:EHLO x -else");
    }
}
