//! `CodeIgniter`'s `print_debugger()`: each reply behind a word for the command that it answers.
//!
//! ```text
//! 220 mx.example.net ESMTP
//! <br /><pre>hello: 250-mx.example.net
//! 250 HELP
//! </pre><pre>from: 250 2.1.0 Sender ok
//! </pre>
//! ```
//!
//! The commands themselves are not in it. Traps: the AUTH dialogue is not there at all, but a refused password is
//! (`Failed to authenticate password. Error: 535 …`); the greeting is bare; behind the dialogue stands the mail's
//! header; copies out of databases have it in one string with `\r\n`. From public pastes and `Email.php`.

use super::{
    Custom, Dialect, Reader, Reading, Record, Say, Times, Unmarked, escape,
    failure::has,
    reply_rows::{self, Unfinished},
};
use crate::transcript::{Fact, Mark};

pub(super) static DIALECT: Dialect = Dialect {
    name: "codeigniter",
    about: "CodeIgniter's e-mail debugger",
    client: "",
    server: "hello: ",
    key: "",
    times: Times::Never,
    record: Record::DIALOGUE,
    unmarked: Unmarked::Server,
    custom: Custom::FirstIsClient,
    hints: &["hello: ", "starttls: ", "from: ", "to: ", "data: ", "quit: ", "Failed to "],
    evidence: |line| {
        let pre = memchr::memmem::find(line, b"<pre>").and_then(|at| line.get(at + 5..));
        let text = pre.unwrap_or(line);
        labelled(text).is_some() || password_refused(text).is_some()
    },
    reader: || Box::new(CodeIgniter::default()),
};

const LABELS: [&[u8]; 7] =
    [b"hello: ", b"starttls: ", b"from: ", b"to: ", b"data: ", b"reset: ", b"quit: "];

/// The reply behind a label.
fn labelled(text: &[u8]) -> Option<&[u8]> {
    let reply = LABELS.iter().find_map(|label| text.strip_prefix(*label))?;
    reply_rows::code(reply).map(|_| reply)
}

/// The reply behind `Failed to authenticate password. Error: `.
fn password_refused(text: &[u8]) -> Option<&[u8]> {
    let told = text.strip_prefix(b"Failed to ")?;
    let at = memchr::memmem::find(told, b" Error: ")?;
    told.get(at + 8..).filter(|reply| reply_rows::code(reply).is_some())
}

/// The lines of a reply that stand on one, as a page shows them.
fn lines(reply: &[u8]) -> Vec<&[u8]> {
    let mut rest = reply;
    let mut found = Vec::new();
    while let Some((code, _)) = rest.split_at_checked(3)
        && reply_rows::goes_on(rest)
        && let Some(at) = memchr::memmem::find_iter(rest, b" ").find(|at| {
            let next = rest.get(at + 1..).unwrap_or_default();
            next.starts_with(code) && matches!(next.get(3), Some(b'-' | b' '))
        })
    {
        found.push(rest.get(..at).unwrap_or_default());
        rest = rest.get(at + 1..).unwrap_or_default();
    }
    found.push(rest);
    found
}

#[derive(Debug, Default)]
struct CodeIgniter {
    reply: Unfinished,
    /// The last reply was 354.
    message_due: bool,
}

impl Reader for CodeIgniter {
    fn read(&mut self, line: &[u8], say: Say<'_>) -> bool {
        let row = has(line, "\\r\\n") && has(line, "<pre>");
        if !row {
            return self.fragments(line, line, say);
        }
        let mut any = false;
        for part in escape::backslash_lines(line) {
            let took = self.fragments(&part.text, part.within, say);
            if !took && !part.within.is_empty() {
                say(Reading::remark(part.within));
            }
            any |= took;
        }
        any
    }
}

impl CodeIgniter {
    /// What stands between the tags of a line.
    fn fragments(&mut self, text: &[u8], within: &[u8], say: Say<'_>) -> bool {
        let mut rest = text;
        let mut any = false;
        loop {
            let tag = [&b"<br />"[..], b"<pre>", b"</pre>"]
                .iter()
                .filter_map(|tag| Some((memchr::memmem::find(rest, tag)?, tag.len())))
                .min();
            let (fragment, next) = match tag {
                Some((at, length)) => (rest.get(..at).unwrap_or(rest), rest.get(at + length..)),
                None => (rest, None),
            };
            any |= self.fragment(fragment, within, say);
            match next {
                Some(next) => rest = next,
                None => return any,
            }
        }
    }

    fn fragment(&mut self, text: &[u8], within: &[u8], say: Say<'_>) -> bool {
        if let Some(reply) = labelled(text) {
            self.said(reply, within, say);
            return true;
        }
        if self.reply.takes(text) {
            tell(text, within, say);
            return true;
        }
        // The password's refusal is shown nowhere else; other errors repeat a reply.
        if let Some(reply) = password_refused(text) {
            say(Reading::tells(b"", Fact::AuthHidden));
            for line in lines(reply) {
                self.said(line, within, say);
            }
            return true;
        }
        if text.starts_with(b"The following SMTP error was encountered: ") {
            self.reply = Unfinished::NONE;
            say(Reading::tells(b"", Fact::ToolError(text.to_vec())));
            return true;
        }
        // In a string, the greeting stands behind the quotation mark.
        let quoted = text.iter().rposition(|octet| matches!(octet, b'\'' | b'"'));
        let greeting = quoted.map_or(text, |at| text.get(at + 1..).unwrap_or_default());
        let greets = reply_rows::code(greeting) == Some(*b"220") && greeting.len() > 4;
        if greets {
            self.said(greeting, within, say);
        }
        greets
    }

    fn said(&mut self, reply: &[u8], within: &[u8], say: Say<'_>) {
        if self.message_due {
            say(Reading::tells(b"", Fact::BodyHidden(None)));
        }
        self.message_due = reply.starts_with(b"354");
        self.reply.said(reply);
        tell(reply, within, say);
    }
}

/// Says a part of a reply that the record shows in `within`.
fn tell(text: &[u8], within: &[u8], say: Say<'_>) {
    let part = memchr::memmem::find(within, text).and_then(|at| within.get(at..at + text.len()));
    say(match part {
        Some(part) => Reading::said(Mark::Second, part),
        None => Reading::unescaped(Mark::Second, text.to_vec(), within),
    });
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dialect::tests::{read, rows};

    #[test]
    fn labels_are_no_commands() {
        let lines = [
            "220 mx.example ESMTP",
            "<br /><pre>hello: 250-mx.example",
            "250 HELP",
            "</pre>Failed to authenticate password. Error: 535-5.7.8 no",
            "535 5.7.8 no<br />Unable to send email",
            "Date: Fri, 14 Apr 2023 13:40:43 +0000",
            "starttls: 220 go",
        ];
        assert_eq!(
            rows(&read(&DIALECT, &lines)),
            [
                "2 220 mx.example ESMTP",
                "2 250-mx.example",
                "2 250 HELP",
                "T AuthHidden",
                "2 535-5.7.8 no",
                "2 535 5.7.8 no",
                "-",
                "2 220 go"
            ]
        );
    }

    #[test]
    fn a_refusal_on_one_line_has_all_its_lines() {
        let line = "Failed to authenticate password. Error: 534-5.7.14 log in 534-5.7.14 then 534 5.7.14 again";
        assert_eq!(
            rows(&read(&DIALECT, &[line])),
            ["T AuthHidden", "2 534-5.7.14 log in", "2 534-5.7.14 then", "2 534 5.7.14 again"]
        );
    }

    #[test]
    fn a_string_holds_it_all() {
        let line = r"(4, '220 mx\r\n<br /><pre>hello: 250-mx\r\n250 HELP\r\n</pre>";
        assert_eq!(rows(&read(&DIALECT, &[line])), ["2 220 mx", "2 250-mx", "2 250 HELP", "T"]);
    }
}
