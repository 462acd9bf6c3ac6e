//! go-mail with its debug log: arrows between C and S, replies without the codes of their further lines.
//!
//! ```text
//! 2023/01/15 20:21:18 [DEBUG] C --> S: EHLO client.example
//! 2023/01/15 20:21:18 [DEBUG] C <-- S: 250 mx.example.net
//! PIPELINING
//! SIZE 152428800
//! ```
//!
//! Go's `net/textproto` takes the codes off and joins the lines; the reader puts `250-` and `250 ` back, for
//! which it has to see the next line. Traps: between what belongs to a reply anything may be printed; the
//! message is not logged; `log/slog` writes JSON. From go-mail's documentation.

use std::borrow::Cow;

use super::{
    Custom, Dialect, Reader, Reading, Record, Say, Times, Unmarked, escape,
    reply_rows::{self, Code},
    time,
};
use crate::transcript::{Fact, Mark, Moment};

pub(super) static DIALECT: Dialect = Dialect {
    name: "go-mail",
    about: "go-mail for Go, with its debug log",
    client: "C --> S: ",
    server: "C <-- S: ",
    key: "",
    times: Times::Sometimes,
    record: Record::DIALOGUE,
    unmarked: Unmarked::Server,
    custom: Custom::FirstIsClient,
    hints: &["C --> S: ", "C <-- S: ", "\"direction\":"],
    evidence: |line| entry(line).is_some() || json(line).is_some(),
    reader: || Box::new(GoMail::default()),
};

#[derive(Debug)]
struct Entry<'l> {
    at: Option<Moment>,
    mark: Mark,
    text: &'l [u8],
}

fn entry(line: &[u8]) -> Option<Entry<'_>> {
    let arrow = memchr::memmem::find(line, b" S: ").filter(|at| (5..80).contains(at))?;
    let (before, rest) = line.split_at_checked(arrow)?;
    let mark = match (before.ends_with(b"C -->"), before.ends_with(b"C <--")) {
        (true, _) => Mark::First,
        (_, true) => Mark::Second,
        _ => return None,
    };
    Some(Entry { at: time::iso(before).map(|(at, _)| at), mark, text: rest.get(4..)? })
}

/// `{"level":"DEBUG","msg":"250 mx.example.net\nSIZE","direction":{"from":"server","to":"client"}}`
fn json(line: &[u8]) -> Option<(Mark, &[u8])> {
    if line.first() != Some(&b'{') {
        return None;
    }
    let after = |name: &str| {
        let at = memchr::memmem::find(line, name.as_bytes())?;
        line.get(at + name.len()..)
    };
    let mark = match after("\"direction\":{\"from\":\"")?.get(..6)? {
        b"client" => Mark::First,
        b"server" => Mark::Second,
        _ => return None,
    };
    let literal = escape::literal(after("\"msg\":")?).filter(|literal| literal.closed)?;
    Some((mark, literal.inner))
}

#[derive(Debug, Default)]
struct GoMail {
    next: Vec<u8>,
    /// The code of the reply whose further lines are due.
    code: Option<Code>,
    /// What the reply answers has keywords in its further lines.
    keywords: bool,
    /// 354 was the last reply.
    message_due: bool,
}

impl Reader for GoMail {
    fn ahead(&mut self, next: &[u8]) {
        self.next.clear();
        self.next.extend_from_slice(next.get(..128.min(next.len())).unwrap_or_default());
    }

    fn read(&mut self, line: &[u8], say: Say<'_>) -> bool {
        if let Some((mark, text)) = json(line) {
            self.before(mark, text, say);
            let code = reply_rows::code(text);
            let mut parts = escape::backslash_lines(text).peekable();
            let mut first = true;
            while let Some(part) = parts.next() {
                match code.filter(|_| mark == Mark::Second) {
                    Some(code) => {
                        let more = parts.peek().is_some();
                        say(with_code(code, &part.text, part.within, first, more));
                    }
                    None => say(part.said(mark)),
                }
                first = false;
            }
            return true;
        }
        if let Some(Entry { at, mark, text }) = entry(line) {
            self.before(mark, text, say);
            self.code = reply_rows::code(text).filter(|_| mark == Mark::Second && self.goes_on());
            say(match self.code {
                Some(code) => with_code(code, text, text, true, true).at(at),
                None => Reading::said(mark, text).at(at),
            });
            return true;
        }
        let Some(code) = self.code else { return false };
        let more = self.goes_on();
        self.code = Some(code).filter(|_| more);
        say(with_code(code, line, line, false, more));
        true
    }
}

impl GoMail {
    /// What follows from who speaks next.
    fn before(&mut self, mark: Mark, text: &[u8], say: Say<'_>) {
        if mark == Mark::First {
            let hello = [&b"EHLO"[..], b"LHLO", b"HELP"];
            self.keywords = hello.iter().any(|verb| text.starts_with(verb));
            self.message_due = false;
        } else {
            if self.message_due {
                say(Reading::tells(b"", Fact::BodyHidden(None)));
            }
            self.message_due = text.starts_with(b"354");
        }
    }

    /// Whether the next line is a further line of the reply: a keyword of EHLO, or an enhanced code.
    fn goes_on(&self) -> bool {
        let next = self.next.as_slice();
        let keyword = next.iter().take_while(|octet| {
            octet.is_ascii_uppercase() || octet.is_ascii_digit() || matches!(octet, b'-' | b'=')
        });
        let length = keyword.count();
        let keyword = length >= 3 && matches!(next.get(length), None | Some(b' ' | b'='));
        let enhanced = matches!(next, [b'2' | b'4' | b'5', b'.', b'0'..=b'9', ..]);
        entry(next).is_none() && ((keyword && self.keywords) || enhanced)
    }
}

/// A line of a reply that lost its code, or the hyphen behind it.
fn with_code<'l>(
    code: Code,
    text: &[u8],
    within: &'l [u8],
    first: bool,
    more: bool,
) -> Reading<'l> {
    let text = if first { text.get(4..).unwrap_or_default() } else { text };
    let separator: &[u8] = if more { b"-" } else { b" " };
    let whole = [&code[..], separator, text].concat();
    match (first, more) {
        (true, false) if whole == within => {
            Reading { text: Cow::Borrowed(within), ..Reading::said(Mark::Second, within) }
        }
        _ => Reading::unescaped(Mark::Second, whole, within),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dialect::tests::{read, rows};

    #[test]
    fn codes_come_back() {
        let lines = [
            "2023/01/15 20:21:18 [DEBUG] C <-- S: 220 mx.example",
            "2023/01/15 20:21:18 [DEBUG] C --> S: EHLO me",
            "2023/01/15 20:21:18 [DEBUG] C <-- S: 250 mx.example",
            "PIPELINING",
            "AUTH=LOGIN PLAIN",
            "2023/01/15 20:21:18 [DEBUG] C --> S: DATA",
            "2023/01/15 20:21:18 [DEBUG] C <-- S: 354 go",
            "2023/01/15 20:21:18 [DEBUG] C <-- S: 550 5.7.1 no",
            "5.7.1 no",
            "and now?",
        ];
        assert_eq!(
            rows(&read(&DIALECT, &lines)),
            [
                "2 220 mx.example",
                "1 EHLO me",
                "2 250-mx.example",
                "2 250-PIPELINING",
                "2 250 AUTH=LOGIN PLAIN",
                "1 DATA",
                "2 354 go",
                "T BodyHidden(None)",
                "2 550-5.7.1 no",
                "2 550 5.7.1 no",
                "-"
            ]
        );
    }

    #[test]
    fn json_holds_the_whole_reply() {
        let line = r#"{"msg":"250 mx\nSIZE 1\nHELP","direction":{"from":"server","to":"client"}}"#;
        assert_eq!(rows(&read(&DIALECT, &[line])), ["2 250-mx", "2 250-SIZE 1", "2 250 HELP"]);
    }
}
