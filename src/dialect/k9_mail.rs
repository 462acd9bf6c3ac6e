//! K-9 Mail and Thunderbird for Android: `SMTP >>> ` and `SMTP <<< ` in logcat or the app's own log.
//!
//! ```text
//! 01-04 00:27:23.659 30196 30222 V SmtpTransport: SMTP <<< 220 mx.example.net ESMTP
//! 01-04 00:27:23.660 30196 30222 D SmtpTransport: SMTP >>> EHLO [127.0.0.1]
//! ```
//!
//! Traps: lines of other tags stand between; the app's own log writes its prefix on a line of its
//! own; a command with a password is `*sensitive*` as a whole. From public logs.

use super::{Custom, Dialect, Reading, Record, Say, Times, Unmarked, time};
use crate::transcript::{Fact, Mark, Moment};

pub(super) static DIALECT: Dialect = Dialect {
    name: "k9-mail",
    about: "the log of K-9 Mail or Thunderbird for Android",
    client: "SMTP >>> ",
    server: "SMTP <<< ",
    key: "",
    times: Times::Sometimes,
    record: Record::DIALOGUE,
    unmarked: Unmarked::Neither,
    custom: Custom::FirstIsClient,
    hints: &["SMTP <<< ", "SMTP >>> "],
    evidence: |line| said(line).is_some(),
    reader: || Box::new(read),
};

fn read(line: &[u8], say: Say<'_>) -> bool {
    let at = stamp(line);
    let Some((mark, text)) = said(line) else {
        // Another line of logcat.
        let remark = at.is_some();
        if remark {
            say(Reading::remark(line).at(at));
        }
        return remark;
    };
    if mark == Mark::First && text == b"*sensitive*" {
        say(Reading::tells(line.get(..0).unwrap_or_default(), Fact::AuthHidden).at(at));
    }
    say(Reading::said(mark, text).at(at));
    true
}

fn said(line: &[u8]) -> Option<(Mark, &[u8])> {
    let at = memchr::memmem::find(line, b"SMTP ")?;
    let before = line.get(..at)?;
    let rest = line.get(at + 5..)?;
    let (mark, text) = if let Some(text) = rest.strip_prefix(b">>> ") {
        (Mark::First, text)
    } else {
        (Mark::Second, rest.strip_prefix(b"<<< ")?)
    };
    // At the line's beginning, or behind the tag.
    let tagged = before.trim_ascii_end();
    (tagged.is_empty() || tagged.ends_with(b":") || tagged.ends_with(b"]")).then_some((mark, text))
}

/// `01-04 00:27:23.659`, perhaps behind a bracket: the day and the time, without the year.
fn stamp(line: &[u8]) -> Option<Moment> {
    let line = line.strip_prefix(b"[").unwrap_or(line);
    let [a, b, b'-', c, d, b' ', rest @ ..] = line else {
        return time::iso(line).map(|(at, _)| at);
    };
    let number = |tens: &u8, ones: &u8| {
        let digits = tens.is_ascii_digit() && ones.is_ascii_digit();
        digits.then(|| i64::from(tens - b'0') * 10 + i64::from(ones - b'0'))
    };
    let days = time::days(1970, number(a, b)?, number(c, d)?)?;
    let (at, _) = time::clock(rest)?;
    Some(Moment { micros: at.micros + days * 86_400_000_000, ..at })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dialect::spoken::spoken;

    #[test]
    fn lines_are_read() {
        let record = "\
01-04 00:27:23.659 30196 30222 V SmtpTransport: SMTP <<< 220 mx
[04-11 16:37:18.953 1931:1969 V/SmtpTransport$logger]
SMTP >>> EHLO [127.0.0.1]
01-04 00:27:23.659 30196 30222 D Other: nothing
I saw SMTP >>> once
";
        assert_eq!(spoken(&DIALECT, record), "1:220 mx 0:EHLO [127.0.0.1] -I saw SMTP >>> once");
        assert_eq!(stamp(b"01-02 00:00:01.5 x").map(|at| at.micros), Some(86_401_500_000));
    }
}
