//! Blat with `-debug`: `putline` and `getline` before what its functions of these names sent and got.
//!
//! ```text
//! <<<getline<<< 250-mx.example.net
//! 250 HELP
//! >>>putline>>> MAIL FROM:<a@client.example>
//! ```
//!
//! Trap: what came in one read is marked once; further lines are bare. From Blat's documentation.

use super::{
    Custom, Dialect, Reader, Reading, Record, Say, Times, Unmarked, reply_rows::Unfinished,
};
use crate::transcript::Mark;

pub(super) static DIALECT: Dialect = Dialect {
    name: "blat",
    about: "Blat for Windows with -debug",
    client: ">>>putline>>> ",
    server: "<<<getline<<< ",
    key: "",
    times: Times::Never,
    record: Record::DIALOGUE,
    unmarked: Unmarked::Server,
    custom: Custom::FirstIsClient,
    hints: &["<<<getline<<<", ">>>putline>>>"],
    evidence: |line| marked(line).is_some(),
    reader: || Box::new(Blat::default()),
};

fn marked(line: &[u8]) -> Option<(Mark, &[u8])> {
    let (mark, rest) = match line.split_at_checked(13)? {
        (b">>>putline>>>", rest) => (Mark::First, rest),
        (b"<<<getline<<<", rest) => (Mark::Second, rest),
        _ => return None,
    };
    Some((mark, rest.strip_prefix(b" ").unwrap_or(rest)))
}

#[derive(Debug, Default)]
struct Blat {
    reply: Unfinished,
}

impl Reader for Blat {
    fn read(&mut self, line: &[u8], say: Say<'_>) -> bool {
        if let Some((mark, text)) = marked(line) {
            self.reply.said(if mark == Mark::Second { text } else { b"" });
            say(Reading::said(mark, text));
            return true;
        }
        let further = self.reply.takes(line);
        if further {
            say(Reading::said(Mark::Second, line));
        }
        further
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dialect::tests::{read, rows};

    #[test]
    fn further_lines_are_bare() {
        let lines =
            ["<<<getline<<< 250-mx", "250 HELP", ">>>putline>>> QUIT", ">>>putline>>>", "250 no"];
        assert_eq!(rows(&read(&DIALECT, &lines)), ["2 250-mx", "2 250 HELP", "1 QUIT", "1 ", "-"]);
    }
}
