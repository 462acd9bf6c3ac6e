//! Labels on lines of their own, and what each side said in the lines below.
//!
//! ```text
//! SERVER 1:
//! └──220 mx.example.net ESMTP
//! CLIENT 1:
//! └──EHLO client.example
//!
//! SEND:
//! "EHLO client.example\r\n"
//! RECEIVE:
//! "250 mx.example.net\r\n"
//! ```
//!
//! Early versions of Nodemailer write the first form, with the number of the connection, and other small programs
//! the second. Traps: `SEND` is a verb, too; a heading such as `Server:` stands over anything, so a label counts only
//! before a line of SMTP, until the record has shown that it has labels of both sides.
//!
//! From public reports of programs' errors.

use super::{
    Custom, Dialect, Reader, Reading, Record, Say, Times, Unmarked,
    escape::{backslash_lines, literal},
    reply_rows::code,
};
use crate::transcript::Mark;

pub(super) static DIALECT: Dialect = Dialect {
    name: "label-lines",
    about: "labels on lines of their own, with what was said below them",
    client: "CLIENT:, SEND:",
    server: "SERVER:, RECEIVE:",
    key: "the number in the label",
    times: Times::Never,
    record: Record::DIALOGUE,
    unmarked: Unmarked::Neither,
    custom: Custom::FirstIsClient,
    hints: &[
        "SEND", "SENT", "CLIENT", "REQUEST", "Send", "Sent", "Client", "Request", "RECV",
        "RECEIVE", "SERVER", "RESPONSE", "Recv", "Receive", "Server", "Response",
    ],
    evidence: |line| label(line).is_some(),
    reader: || Box::new(LabelLines::default()),
};

/// Words of labels, and whose lines they stand over.
const WORDS: &[(&str, Mark)] = &[
    ("SEND", Mark::First),
    ("SENT", Mark::First),
    ("SENDING", Mark::First),
    ("CLIENT", Mark::First),
    ("REQUEST", Mark::First),
    ("RECV", Mark::Second),
    ("RECEIVE", Mark::Second),
    ("RECEIVED", Mark::Second),
    ("RECEIVING", Mark::Second),
    ("SERVER", Mark::Second),
    ("RESPONSE", Mark::Second),
];

/// What commands begin with, as far as a label needs a proof.
const VERBS: &[&str] = &[
    "EHLO ",
    "HELO ",
    "LHLO ",
    "MAIL FROM:",
    "RCPT TO:",
    "AUTH ",
    "STARTTLS",
    "DATA",
    "QUIT",
    "RSET",
    "NOOP",
];

/// Signs that a branch of a tree is drawn with.
const BRANCHES: [&str; 4] =
    ["\u{2514}\u{2500}\u{2500}", "\u{251c}\u{2500}\u{2500}", "\u{2514}\u{2500}", "|--"];

/// A line that labels those below it: whose they are, and the number of the connection.
fn label(line: &[u8]) -> Option<(Mark, &[u8])> {
    let text = line.trim_ascii();
    let text = text.strip_prefix(b"**").and_then(|rest| rest.strip_suffix(b"**")).unwrap_or(text);
    let text = text.strip_suffix(b":")?;
    let end = text.iter().position(|octet| !octet.is_ascii_alphabetic()).unwrap_or(text.len());
    let (word, number) = text.split_at_checked(end)?;
    let (_, mark) = WORDS.iter().find(|(known, _)| known.as_bytes().eq_ignore_ascii_case(word))?;
    let number = number.trim_ascii_start();
    (number.len() <= 9 && number.iter().all(u8::is_ascii_digit)).then_some((*mark, number))
}

/// The text of a line below a label, without what is drawn before it.
fn text_of(line: &[u8]) -> &[u8] {
    let text = line.trim_ascii();
    let drawn = BRANCHES.iter().find_map(|sign| text.strip_prefix(sign.as_bytes()));
    drawn.map_or(text, <[u8]>::trim_ascii_start)
}

/// Whether a line below a label shows that this is a dialogue.
fn proves(line: &[u8]) -> bool {
    let text = text_of(line);
    let text = literal(text).map_or(text, |quoted| quoted.inner);
    let begins = |verb: &&str| {
        text.get(..verb.len()).is_some_and(|begin| begin.eq_ignore_ascii_case(verb.as_bytes()))
    };
    code(text).is_some() || VERBS.iter().any(begins)
}

#[derive(Debug, Default)]
struct LabelLines {
    /// The label that stands over the line, if one does.
    over: Option<Over>,
    /// The line behind the one that is read.
    next: Next,
    /// Both sides have had a label.
    proven: (bool, bool),
    /// The numbers of the connections that wait for a message.
    messages: Vec<Vec<u8>>,
}

#[derive(Debug)]
struct Over {
    mark: Mark,
    number: Vec<u8>,
    /// How many lines stood under it.
    lines: usize,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
enum Next {
    #[default]
    Nothing,
    Words,
    Dialogue,
}

/// For how many connections it is remembered that a message is due.
const MOST: usize = 64;

impl Reader for LabelLines {
    fn ahead(&mut self, next: &[u8]) {
        self.next = match next.trim_ascii() {
            b"" => Next::Nothing,
            _ if label(next).is_some() => Next::Nothing,
            _ if proves(next) => Next::Dialogue,
            _ => Next::Words,
        };
    }

    fn read(&mut self, line: &[u8], say: Say<'_>) -> bool {
        if let Some((mark, number)) = label(line) {
            let due = mark == Mark::First && self.messages.iter().any(|due| *due == number);
            let proven = due || self.proven == (true, true) && self.next == Next::Words;
            if self.next != Next::Dialogue && !proven {
                self.over = None;
                return false;
            }
            if mark == Mark::First {
                self.proven.0 = true;
            } else {
                self.proven.1 = true;
            }
            self.over = Some(Over { mark, number: number.to_vec(), lines: 0 });
            let remark = Reading::remark(line);
            say(if number.is_empty() { remark } else { remark.of(number) });
            return true;
        }
        let Some(mut over) = self.over.take() else { return false };
        let message = self.messages.iter().position(|number| *number == over.number);
        let client = over.mark == Mark::First;
        let text = text_of(line);
        if text.is_empty() && !(client && message.is_some()) {
            return false;
        }
        let goes = client && (message.is_some() || over.lines == 0 || proves(line));
        if !goes && (client || code(literal(text).map_or(text, |quoted| quoted.inner)).is_none()) {
            return false;
        }
        let number = over.number.clone();
        let say = &mut |reading: Reading<'_>| {
            let reading = if number.is_empty() { reading } else { reading.of(&number) };
            say(reading);
        };
        let quoted = literal(text).filter(|one| one.closed && one.rest.trim_ascii().is_empty());
        if let Some(quoted) = quoted {
            backslash_lines(quoted.inner).for_each(|line| say(line.said(over.mark)));
        } else {
            let kept = if client && message.is_some() { line } else { text };
            say(Reading::said(over.mark, kept));
        }
        let said = literal(text).map_or(text, |quoted| quoted.inner);
        if client && said.starts_with(b".") {
            self.messages.retain(|number| *number != over.number);
        }
        if !client {
            self.messages.retain(|number| *number != over.number);
            if said.starts_with(b"354") && self.messages.len() < MOST {
                self.messages.push(over.number.clone());
            }
        }
        over.lines += 1;
        self.over = Some(over);
        true
    }

    fn leave(&mut self) {
        self.over = None;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dialect::spoken::{spoken, told};

    #[test]
    fn labels_stand_over_what_was_said() {
        let tree = "SERVER:\n└──220 mx.example.net\nCLIENT:\n└──EHLO a.example\nSERVER:\n└──250-mx.example.net\n   250 HELP\nConnection secured";
        assert_eq!(
            spoken(&DIALECT, tree),
            "1:220 mx.example.net 0:EHLO a.example 1:250-mx.example.net 1:250 HELP -Connection secured"
        );
        let quoted =
            "SEND:\n\"EHLO a.example\\r\\n\"\nRECEIVE:\n\"250-mx\\r\\n250 HELP\\r\\n\"\n--> done";
        assert_eq!(spoken(&DIALECT, quoted), "0:EHLO a.example 1:250-mx 1:250 HELP ---> done");
    }

    #[test]
    fn numbers_part_connections() {
        let two = "SERVER 1:\n└──220 a\nSERVER 2:\n└──220 b\nCLIENT 1:\n└──QUIT";
        assert_eq!(told(&DIALECT, two, true), "1/1:220 a 2/1:220 b 1/0:QUIT");
    }

    #[test]
    fn a_message_stands_under_its_label() {
        let record = "Server:\n354 go on\nClient:\nSubject: x\n\ntext\n.\nServer:\n250 Ok";
        assert_eq!(spoken(&DIALECT, record), "1:354 go on 0:Subject: x 0: 0:text 0:. 1:250 Ok");
    }

    #[test]
    fn headings_are_no_labels() {
        for record in ["Server:\nDell R720", "SEND:\nthe mail", "Client:\n\nQUIT", "Request: GET /"]
        {
            assert!(!spoken(&DIALECT, record).contains(":2"), "{record}");
            assert!(spoken(&DIALECT, record).starts_with('-'), "{record}");
        }
    }
}
