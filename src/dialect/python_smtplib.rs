//! Python's smtplib with `set_debuglevel`: each line as a Python literal, each reply twice.
//!
//! ```text
//! send: 'ehlo client.example\r\n'
//! reply: b'250-mx.example.net\r\n'
//! reply: b'250 HELP\r\n'
//! reply: retcode (250); Msg: b'mx.example.net\nHELP'
//! ```
//!
//! Traps: `retcode` repeats the reply without its codes, and is the reply where somebody kept nothing
//! else; `data:` and `connect:` repeat again; the whole message is one literal; copies break long literals
//! over several lines; Python 2 writes no `b`. From smtplib and recordings of Python 3.11.

use super::{
    Custom, Dialect, Reader, Reading, Record, Say, Times, Unmarked, escape,
    failure::{blames_certificate, connect_failed, has},
    reply_rows, time,
};
use crate::transcript::{ClosedBy, Fact, Mark, Moment};

pub(super) static DIALECT: Dialect = Dialect {
    name: "python-smtplib",
    about: "Python's smtplib with set_debuglevel",
    client: "send: ",
    server: "reply: ",
    key: "",
    times: Times::Sometimes,
    record: Record::DIALOGUE,
    unmarked: Unmarked::Neither,
    custom: Custom::FirstIsClient,
    hints: &["send: ", "reply: "],
    evidence: |line| {
        let (_, text) = prefix(line);
        text.starts_with(b"reply: retcode (")
            || text
                .strip_prefix(b"send: ")
                .or_else(|| text.strip_prefix(b"reply: "))
                .is_some_and(|literal| escape::literal(literal).is_some())
    },
    reader: || Box::new(Smtplib::default()),
};

/// The time of a line at level 2, and the line behind it and behind an indentation.
fn prefix(line: &[u8]) -> (Option<Moment>, &[u8]) {
    let text = line.trim_ascii_start();
    match time::clock(text).and_then(|(at, rest)| Some((at, rest.strip_prefix(b" ")?))) {
        Some((at, rest)) => (Some(at), rest),
        None => (None, text),
    }
}

/// A literal that the copy broke.
#[derive(Debug)]
struct Broken {
    /// Whose it is; a remark's literal is only waited out.
    mark: Mark,
    /// What of it was read: quote, text, and so on.
    literal: Vec<u8>,
    at: Option<Moment>,
    /// How far the first line was indented: so are the others.
    indent: usize,
}

/// A broken literal that grew beyond this is given up.
const LONGEST: usize = 1 << 20;

#[derive(Debug, Default)]
struct Smtplib {
    broken: Option<Broken>,
    /// The reply was shown line by line: `retcode` repeats it.
    shown: bool,
    /// Something was said, so that a timeout is no failure to connect.
    spoken: bool,
    /// In a traceback.
    trace: bool,
}

impl Reader for Smtplib {
    fn read(&mut self, line: &[u8], say: Say<'_>) -> bool {
        let (at, text) = prefix(line);
        let known = |words: &[u8]| text.starts_with(words);
        if self.broken.is_some() && !(known(b"send: ") || known(b"reply: ") || known(b"data: (")) {
            return self.go_on(line, say);
        }
        self.broken = None;
        let indent = line.len() - line.trim_ascii_start().len();
        if let Some(literal) = text.strip_prefix(b"send: ") {
            self.shown = false;
            return self.literal(Mark::First, literal, at, indent, say);
        }
        if let Some(rest) = text.strip_prefix(b"reply: retcode (") {
            return self.retcode(rest, line, at, indent, say);
        }
        if let Some(literal) = text.strip_prefix(b"reply: ") {
            self.shown = true;
            return self.literal(Mark::Second, literal, at, indent, say);
        }
        if let Some(rest) = text.strip_prefix(b"connect: ") {
            return connect(rest, line, say);
        }
        if let Some(rest) = text.strip_prefix(b"data: (") {
            let literal = rest.get(5..).unwrap_or_default();
            self.wait_out(literal, indent);
            say(Reading::remark(line));
            return true;
        }
        self.failure(line, text, say)
    }
}

impl Smtplib {
    /// Says the lines of a literal; `false` where there is none.
    fn literal(
        &mut self,
        mark: Mark,
        text: &[u8],
        at: Option<Moment>,
        indent: usize,
        say: Say<'_>,
    ) -> bool {
        let Some(literal) = escape::literal(text) else { return false };
        self.spoken = true;
        self.trace = false;
        if !literal.closed {
            self.broken = Some(Broken { mark, literal: text.to_vec(), at, indent });
            say(Reading::remark(text));
            return true;
        }
        for part in escape::backslash_lines(literal.inner) {
            say(part.said(mark).at(at));
        }
        true
    }

    /// The next line of a broken literal.
    fn go_on(&mut self, line: &[u8], say: Say<'_>) -> bool {
        let Some(broken) = &mut self.broken else { return false };
        let indent =
            line.iter().take(broken.indent).take_while(|octet| octet.is_ascii_whitespace());
        let text = line.get(indent.count()..).unwrap_or_default();
        broken.literal.extend_from_slice(text);
        let ended = escape::literal(&broken.literal).is_some_and(|literal| literal.closed);
        if !ended && broken.literal.len() < LONGEST {
            say(Reading::remark(line));
            return true;
        }
        let Some(Broken { mark, literal, at, .. }) = self.broken.take() else { return false };
        let inner = escape::literal(&literal).map_or(&b""[..], |literal| literal.inner);
        if mark == Mark::Tool {
            say(Reading::remark(line));
            return true;
        }
        // All of it is said where it ends; only the last line is known to stand there.
        let mut parts: Vec<_> = escape::backslash_lines(inner).collect();
        let last = parts.pop();
        for part in parts {
            let nowhere = line.get(..0).unwrap_or_default();
            let ending = part.ending;
            let reading = Reading::unescaped(mark, part.text.into_owned(), nowhere);
            say(Reading { ending, ..reading }.at(at));
        }
        if let Some(part) = last {
            let ending = part.ending;
            let reading = Reading::unescaped(mark, part.text.into_owned(), text);
            say(Reading { ending, ..reading }.at(at));
        }
        true
    }

    /// A literal that repeats what was said may be broken too.
    fn wait_out(&mut self, text: &[u8], indent: usize) {
        if escape::literal(text).is_some_and(|literal| !literal.closed) {
            let literal = text.to_vec();
            self.broken = Some(Broken { mark: Mark::Tool, literal, at: None, indent });
        }
    }

    /// `250); Msg: b'mx.example.net\nHELP'`: a reply without the codes of its lines.
    fn retcode(
        &mut self,
        rest: &[u8],
        line: &[u8],
        at: Option<Moment>,
        indent: usize,
        say: Say<'_>,
    ) -> bool {
        let text = rest.get(3..).and_then(|rest| rest.strip_prefix(b"); Msg: "));
        let code = rest.get(..3).filter(|code| reply_rows::code(code).is_some());
        let (Some(text), Some(code)) = (text, code) else {
            say(Reading::remark(line));
            return true;
        };
        let literal = escape::literal(text);
        let Some(literal) = literal.filter(|literal| literal.closed && !self.shown) else {
            self.wait_out(text, indent);
            say(Reading::remark(line));
            return true;
        };
        self.spoken = true;
        let mut parts = escape::backslash_lines(literal.inner).peekable();
        while let Some(part) = parts.next() {
            let separator: &[u8] = if parts.peek().is_some() { b"-" } else { b" " };
            let whole = [code, separator, &part.text].concat();
            say(Reading::unescaped(Mark::Second, whole, part.within).at(at));
        }
        true
    }

    /// Exceptions after the dialogue.
    fn failure(&mut self, line: &[u8], text: &[u8], say: Say<'_>) -> bool {
        if text.starts_with(b"Traceback (most recent call last)") {
            self.trace = true;
            say(Reading::remark(line));
            return true;
        }
        if self.trace && line.starts_with(b"  ") {
            say(Reading::remark(line));
            return true;
        }
        let name = text.iter().take_while(|octet| octet.is_ascii_alphanumeric() || **octet == b'.');
        let (name, rest) = text.split_at_checked(name.count()).unwrap_or_default();
        let class = name.rsplit(|octet| *octet == b'.').next().unwrap_or(name);
        let raised = class.starts_with(b"SMTP") && class.len() > 8
            || class.ends_with(b"Error")
            || matches!(name, b"socket.timeout" | b"socket.gaierror");
        if !raised || !matches!(rest.first(), Some(b':' | b'(')) {
            return false;
        }
        self.trace = false;
        let fact = if has(text, "unexpectedly closed") || class == b"ConnectionResetError" {
            Fact::Closed(ClosedBy::Server)
        } else if blames_certificate(text) {
            Fact::CertificateProblem(text.to_vec())
        } else if class.starts_with(b"SSL") {
            Fact::TlsFailed(text.to_vec())
        } else if class.starts_with(b"SMTP") {
            Fact::ToolError(text.to_vec())
        } else if has(text, "timed out") && self.spoken {
            Fact::TimedOut
        } else if !self.spoken {
            connect_failed(text)
        } else {
            Fact::ToolError(text.to_vec())
        };
        say(Reading::tells(line, fact));
        true
    }
}

/// `to ('mx.example.net', 25) None`, `('mx.example.net', 25)`, and the greeting's text once more.
fn connect(rest: &[u8], line: &[u8], say: Say<'_>) -> bool {
    let target = rest.strip_prefix(b"to ").unwrap_or(rest);
    let literal = target.strip_prefix(b"(").and_then(escape::literal);
    let Some(literal) = literal else {
        let repeats = escape::literal(rest).is_some() || rest.starts_with(b"(");
        if repeats {
            say(Reading::remark(line));
        }
        return repeats;
    };
    let port = literal.rest.strip_prefix(b", ").and_then(|rest| {
        let digits = rest.iter().take_while(|octet| octet.is_ascii_digit()).count();
        std::str::from_utf8(rest.get(..digits)?).ok()?.parse().ok()
    });
    say(Reading::tells(line, Fact::Opening));
    say(Reading::tells(b"", Fact::Dialled { host: literal.inner.to_vec(), port }));
    true
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        dialect::tests::{read, rows},
        transcript::Ending,
    };

    #[test]
    fn replies_are_said_once() {
        let lines = [
            "10:33:31.014881 connect: to ('mx.example', 25) None",
            r"10:33:31.016561 reply: b'220 mx.example\r\n'",
            r"10:33:31.016588 reply: retcode (220); Msg: b'mx.example'",
            r"10:33:31.016593 connect: b'mx.example'",
            r#"10:33:31.061140 send: "rcpt TO:<o'b@x.example>\r\n""#,
            r"10:33:31.061180 reply: b'550 5.1.1 User unknown\r\n'",
            r"10:33:31.105930 reply: retcode (550); Msg: b'5.1.1 User unknown'",
            "smtplib.SMTPRecipientsRefused: {'b@x.example': (550, b'no')}",
        ];
        assert_eq!(
            rows(&read(&DIALECT, &lines)),
            [
                "T Opening",
                "T Dialled mx.example:25",
                "2 220 mx.example",
                "T",
                "T",
                "1 rcpt TO:<o'b@x.example>",
                "2 550 5.1.1 User unknown",
                "T",
                "T ToolError"
            ]
        );
    }

    #[test]
    fn retcode_alone_is_the_reply() {
        let lines = [r"send: 'ehlo me\r\n'", r"reply: retcode (250); Msg: b'mx.example\nHELP'"];
        assert_eq!(rows(&read(&DIALECT, &lines)), ["1 ehlo me", "2 250-mx.example", "2 250 HELP"]);
    }

    #[test]
    fn the_message_is_one_literal() {
        let mut endings = Vec::new();
        let mut reader = (DIALECT.reader)();
        reader.read(br"send: b'Subject: hi\r\n\r\n..dot\r\n.\r\n'", &mut |reading| {
            endings.push((reading.text.to_vec(), reading.ending));
        });
        let crlf = Some(Ending::Shown(true));
        assert_eq!(
            endings,
            [
                (b"Subject: hi".to_vec(), crlf),
                (Vec::new(), crlf),
                (b"..dot".to_vec(), crlf),
                (b".".to_vec(), crlf)
            ]
        );
    }

    #[test]
    fn broken_literals_are_put_together() {
        let lines = [
            "\treply: b'250-mx.exam",
            "\tple\\r",
            "\t\\n'",
            "\treply: retcode (250); Msg: b'mx.exam",
            "\tple'",
            "\tsend: 'quit\\r\\n'",
        ];
        assert_eq!(
            rows(&read(&DIALECT, &lines)),
            ["T", "T", "2 250-mx.example", "T", "T", "1 quit"]
        );
    }

    #[test]
    fn failures_depend_on_what_was_said() {
        let refused = "ConnectionRefusedError: [Errno 111] Connection refused";
        assert_eq!(rows(&read(&DIALECT, &[refused])), ["T ConnectFailed(Refused)"]);
        let lines = [r"send: 'data\r\n'", "TimeoutError: timed out"];
        assert_eq!(rows(&read(&DIALECT, &lines)), ["1 data", "T TimedOut"]);
        let lines = ["smtplib.SMTPServerDisconnected: Connection unexpectedly closed"];
        assert_eq!(rows(&read(&DIALECT, &lines)), ["T Closed(Server)"]);
    }
}
