//! smtp-cli with `--verbose`: codes in brackets, texts in quotation marks.
//!
//! ```text
//! [220] 'mx.example.net ESMTP'
//! > EHLO client.example
//! [250] 'mx.example.net'
//! [250] 'HELP'
//! ```
//!
//! Traps: nothing tells the last line of a reply from the others but what follows it: lines with the same
//! code, one after the other, are one reply. The message is not shown. From a public paste.

use super::{
    Custom, Dialect, Reader, Reading, Record, Say, Times, Unmarked,
    reply_rows::{self, Code},
};
use crate::transcript::{Fact, Mark};

pub(super) static DIALECT: Dialect = Dialect {
    name: "smtp-cli",
    about: "smtp-cli with --verbose",
    client: "> ",
    server: "[code] 'text'",
    key: "",
    times: Times::Never,
    record: Record::DIALOGUE,
    unmarked: Unmarked::Neither,
    custom: Custom::FirstIsClient,
    hints: &["] '"],
    evidence: |line| bracketed(line).is_some(),
    reader: || Box::new(SmtpCli::default()),
};

/// The code and the text of `[250] 'text'`.
fn bracketed(line: &[u8]) -> Option<(Code, &[u8])> {
    let code = reply_rows::code(line.get(1..4)?)?;
    let rest = line.strip_prefix(b"[")?.get(3..)?;
    let text = rest.strip_prefix(b"] '")?.strip_suffix(b"'")?;
    Some((code, text))
}

#[derive(Debug, Default)]
struct SmtpCli {
    /// The code of the next line, where it is a reply's.
    next: Option<Code>,
    message_due: bool,
}

impl Reader for SmtpCli {
    fn ahead(&mut self, next: &[u8]) {
        self.next = bracketed(next).map(|(code, _)| code);
    }

    fn read(&mut self, line: &[u8], say: Say<'_>) -> bool {
        if let Some((code, text)) = bracketed(line) {
            if self.message_due && code != *b"354" {
                say(Reading::tells(b"", Fact::BodyHidden(None)));
            }
            self.message_due = code == *b"354";
            let separator: &[u8] = if self.next == Some(code) { b"-" } else { b" " };
            let whole = [&code[..], separator, text].concat();
            say(Reading::unescaped(Mark::Second, whole, line));
            return true;
        }
        let Some(command) = line.strip_prefix(b"> ") else { return false };
        self.message_due = false;
        say(Reading::said(Mark::First, command));
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dialect::tests::{read, rows};

    #[test]
    fn lines_of_one_code_are_one_reply() {
        let lines = [
            "[220] 'mx.example'",
            "> EHLO me",
            "[250] 'mx.example'",
            "[250] 'HELP'",
            "> DATA",
            "[354] 'go'",
            "[250] 'it's in'",
            "[note] 'x'",
        ];
        assert_eq!(
            rows(&read(&DIALECT, &lines)),
            [
                "2 220 mx.example",
                "1 EHLO me",
                "2 250-mx.example",
                "2 250 HELP",
                "1 DATA",
                "2 354 go",
                "T BodyHidden(None)",
                "2 250 it's in",
                "-"
            ]
        );
    }
}
