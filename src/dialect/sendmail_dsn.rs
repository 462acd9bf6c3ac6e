//! Sendmail's bounces: the last commands and replies, between a heading and the next blank line.
//!
//! ```text
//!    ----- Transcript of session follows -----
//! ... while talking to mx.example.net.:
//! >>> RCPT To:<b@example.net>
//! <<< 550 5.1.1 <b@example.net>... User unknown
//! 550 5.1.1 <b@example.net>... User unknown
//! ```
//!
//! Traps: lines without a mark are Sendmail's own summary and no replies; only what failed is shown, so
//! that with pipelining a reply to the unseen RCPT stands below DATA; the bounced message that follows may
//! quote anything. Sendmail 5 writes `While talking to host:`. From recordings of Sendmail 8.17 and from the
//! test files of bounce parsers.

use super::{
    Custom, Dialect, Reader, Reading, Record, Say, Times, Unmarked,
    failure::{connect_failed, has},
    prompt,
};
use crate::transcript::{ClosedBy, Fact, Mark};

pub(super) static DIALECT: Dialect = Dialect {
    name: "sendmail-dsn",
    about: "the transcript in Sendmail's bounces",
    client: ">>> ",
    server: "<<< ",
    key: "",
    times: Times::Never,
    record: Record::DIALOGUE,
    unmarked: Unmarked::Neither,
    custom: Custom::FirstIsClient,
    hints: &["Transcript of session follows", "hile talking to "],
    evidence: |line| heads(line) || talking(line).is_some(),
    reader: || Box::new(Bounce::default()),
};

/// `   ----- Transcript of session follows -----`
fn heads(line: &[u8]) -> bool {
    let text = line.trim_ascii();
    text.starts_with(b"---") && text.ends_with(b"---") && has(text, "Transcript of session follows")
}

/// The host of `... while talking to mx.example.net.:`; a page may have made one sign of the dots, and who wrote the
/// ticket may have typed into them.
fn talking(line: &[u8]) -> Option<&[u8]> {
    let text = line.trim_ascii();
    let text = if let Some(text) = text.strip_prefix(b"While ") {
        text
    } else {
        if !matches!(text.first(), Some(b'.' | 0xe2)) {
            return None;
        }
        let (dots, rest) = text.split_at_checked(memchr::memmem::find(text, b"while ")?)?;
        let dots = dots.trim_ascii_end();
        let one = dots.strip_prefix(b".").unwrap_or(dots) == "\u{2026}".as_bytes();
        let typed =
            (3..=5).contains(&dots.len()) && dots.starts_with(b".") && dots.ends_with(b"..");
        if !one && !typed {
            return None;
        }
        rest.strip_prefix(b"while ")?
    };
    let host = text.strip_prefix(b"talking to ")?.strip_suffix(b":")?;
    Some(host.strip_suffix(b".").unwrap_or(host))
}

#[derive(Debug, Default)]
struct Bounce {
    /// Within the transcript.
    inside: bool,
    /// Something was said since a host was named.
    said: bool,
}

impl Reader for Bounce {
    fn read(&mut self, line: &[u8], say: Say<'_>) -> bool {
        if heads(line) {
            self.inside = true;
            self.said = false;
            say(Reading::tells(line, Fact::Opening));
            return true;
        }
        if let Some(host) = talking(line) {
            self.inside = true;
            self.said = false;
            let host =
                host.strip_prefix(b"[").and_then(|host| host.strip_suffix(b"]")).unwrap_or(host);
            say(Reading::tells(line, Fact::Opening));
            if let Some(fact) = prompt::dialled(host, None) {
                say(Reading::tells(b"", fact));
            }
            // Who talks is connected.
            say(Reading::tells(b"", Fact::Opened));
            return true;
        }
        if !self.inside {
            return false;
        }
        if line.trim_ascii().is_empty() {
            self.inside = false;
            return false;
        }
        let line = if matches!(line.trim_ascii_start().get(..3), Some(b">>>" | b"<<<")) {
            line.trim_ascii_start()
        } else {
            line
        };
        let mark = match line.get(..3) {
            Some(b">>>") => Mark::First,
            // Copies take the mark for quoting.
            _ if !self.said && is_command(line) => {
                self.said = true;
                say(Reading::said(Mark::First, line));
                return true;
            }
            Some(b"<<<") => Mark::Second,
            _ => {
                self.summary(line, say);
                return true;
            }
        };
        self.said = true;
        let text = line.get(3..).unwrap_or_default();
        say(Reading::said(mark, text.strip_prefix(b" ").unwrap_or(text)));
        true
    }
}

/// `RCPT To:<b@example.net>`, `DATA`: Sendmail's own words never look so.
fn is_command(line: &[u8]) -> bool {
    let begins =
        |words: &[u8]| line.get(..words.len()).is_some_and(|own| own.eq_ignore_ascii_case(words));
    [&b"MAIL From:<"[..], b"RCPT To:<"].iter().any(|words| begins(words))
        || [&b"EHLO "[..], b"HELO "].iter().any(|words| begins(words))
        || line.trim_ascii_end().eq_ignore_ascii_case(b"DATA")
}

impl Bounce {
    /// Sendmail's own words.
    fn summary(&self, line: &[u8], say: Say<'_>) {
        if has(line, "Connection reset by") || has(line, "closed connection") {
            say(Reading::tells(line, Fact::Closed(ClosedBy::Server)));
        } else if !self.said && (has(line, "Connection refused by") || has(line, "timed out with"))
        {
            say(Reading::tells(line, connect_failed(line)));
        } else {
            say(Reading::remark(line));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{
        super::shown::{check, evident},
        *,
    };

    #[test]
    fn reads_the_transcript_and_nothing_else() {
        check(
            &DIALECT,
            ">>> not yet\n   \
                ----- Transcript of session follows -----\n\
             .... while talking to [127.0.0.1]:\n\
             >>> DATA\n\
             <<< 550-5.1.1 <bad@example.net>: rejected:\n\
             <<< 550 5.1.1 User unknown\n\
             550 5.1.1 bad@dest.test... User unknown\n\
             <<< 503 Need RCPT\n\
             ... while talking to mx.dest.test.:\n\
             <b@dest.test>... Deferred: Connection refused by mx.dest.test.\n\
             \n\
             250 of these\n\
             While talking to smtp.example.com:\n\
             >>> QUIT\n\
             421 smtp.example.com (smtp)... Deferred: Connection reset by peer during QUIT",
            "? >>> not yet
             * = Opening
             * = Opening
             * = Dialled { host: '127.0.0.1', port: None }
             * = Opened
             1 DATA
             2 550-5.1.1 <bad@example.net>: rejected:
             2 550 5.1.1 User unknown
             2 503 Need RCPT
             * = Opening
             * = Dialled { host: 'mx.dest.test', port: None }
             * = Opened
             * = ConnectFailed(Refused)
             ?
             ? 250 of these
             * = Opening
             * = Dialled { host: 'smtp.example.com', port: None }
             * = Opened
             1 QUIT
             * = Closed(Server)",
        );
        evident(&DIALECT, "----- Transcript of session follows -----", true);
        evident(&DIALECT, "Transcript of session follows.", false);
        evident(&DIALECT, "I was happy while talking to you:", false);
        evident(&DIALECT, "... while talking to mx.example.net.:", true);
        evident(&DIALECT, "\u{2026} while talking to mx.example.net.:", true);
        evident(&DIALECT, ".,.. while talking to mx.example.net.:", true);
        evident(&DIALECT, "So... while talking to them:", false);
    }

    #[test]
    fn a_notification_may_be_indented() {
        check(
            &DIALECT,
            "    ----- Transcript of session follows -----\n \
              ... while talking to mx.example.net.:\n \
              >>> RCPT To:<b@example.net>\n \
              <<< 550 no\n \
              550 5.1.1 <b@example.net>... User unknown\n \
              ",
            "* = Opening
             * = Opening
             * = Dialled { host: 'mx.example.net', port: None }
             * = Opened
             1 RCPT To:<b@example.net>
             2 550 no
             ?  ",
        );
    }

    #[test]
    fn a_command_may_have_lost_its_mark() {
        check(
            &DIALECT,
            "... while talking to mx.example.net.:\n\
             MAIL From:<a@b> SIZE=10\n\
             <<< 503 You already said HELO\n\
             554 5.0.0 Service unavailable",
            "* = Opening
             * = Dialled { host: 'mx.example.net', port: None }
             * = Opened
             1 MAIL From:<a@b> SIZE=10
             2 503 You already said HELO",
        );
    }
}
