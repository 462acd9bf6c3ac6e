//! The log windows of Claws Mail and Sylpheed (`SMTP< `, `ESMTP> `), and fetchmail's `-v` output, which has
//! the same marks behind the program's name.
//!
//! ```text
//! * Connecting to SMTP server: mx.example.net ...
//! [23:03:35] SMTP< 220 mx.example.net ESMTP
//! [23:03:35] ESMTP> EHLO client.example
//! ```
//!
//! Traps: IMAP and POP3 stand in the same log; the message is not shown, its end is `. (EOM)`, and a refusal
//! comes once more without a mark. From Sylpheed's and fetchmail's sources and public logs.

use super::{
    Custom, Dialect, Reading, Record, Say, Times, Unmarked,
    failure::{connect_failed, has},
    prompt, time,
};
use crate::transcript::{Fact, Mark, Moment};

pub(super) static DIALECT: Dialect = Dialect {
    name: "claws-sylpheed",
    about: "the log of Claws Mail or Sylpheed",
    client: "SMTP> , ESMTP> ",
    server: "SMTP< , ESMTP< ",
    key: "",
    times: Times::Sometimes,
    record: Record::DIALOGUE,
    unmarked: Unmarked::Neither,
    custom: Custom::FirstIsClient,
    hints: &["SMTP>", "SMTP<"],
    evidence: |line| said(stamp(line).1).is_some(),
    reader: || Box::new(read_claws),
};

pub(super) static FETCHMAIL: Dialect = Dialect {
    name: "fetchmail",
    about: "fetchmail -v, handing mail on",
    client: "fetchmail: SMTP> ",
    server: "fetchmail: SMTP< ",
    key: "",
    times: Times::Never,
    record: Record::DIALOGUE,
    unmarked: Unmarked::Neither,
    custom: Custom::FirstIsClient,
    hints: &["fetchmail: "],
    evidence: |line| fetchmail(line).and_then(said).is_some(),
    reader: || Box::new(read_fetchmail),
};

fn read_claws(line: &[u8], say: Say<'_>) -> bool {
    let (at, text) = stamp(line);
    if let Some((mark, text)) = said(text) {
        speak(mark, text, line, at, say);
        return true;
    }
    let text = text.trim_ascii_start();
    let Some(remark) = text.strip_prefix(b"*") else { return false };
    let stars = remark.iter().take_while(|octet| matches!(octet, b'*' | b' ')).count();
    let remark = remark.get(stars..).unwrap_or_default();
    let target = remark
        .strip_prefix(b"Connecting to SMTP server: ")
        .or_else(|| remark.strip_prefix(b"Account '"));
    if let Some(rest) = target {
        // Newer: `Account 'x': Connecting to SMTP server: mx.example.net:587...`
        let rest = match memchr::memmem::find(rest, b"SMTP server: ") {
            Some(at) => rest.get(at + 13..).unwrap_or_default(),
            None if remark.starts_with(b"Account '") => return false,
            None => rest,
        };
        opening(rest, line, at, say);
        return true;
    }
    let fact = if has(remark, "an't connect") || has(remark, "onnection refused") {
        connect_failed(remark)
    } else if has(remark, "rror") {
        Fact::ToolError(remark.to_vec())
    } else {
        return false;
    };
    say(Reading::tells(line, fact).at(at));
    true
}

fn read_fetchmail(line: &[u8], say: Say<'_>) -> bool {
    let Some(text) = fetchmail(line) else { return false };
    if let Some((mark, text)) = said(text) {
        speak(mark, text, line, None, say);
        return true;
    }
    if let Some(rest) = text.strip_prefix(b"Trying to connect to ") {
        // `Trying to connect to mx.example.net/587...connected.`
        let end = memchr::memmem::find(rest, b"...").unwrap_or(rest.len());
        opening(rest.get(..end).unwrap_or_default(), line, None, say);
        if has(rest, "failed") || has(rest, "refused") {
            let empty = line.get(..0).unwrap_or_default();
            say(Reading::tells(empty, connect_failed(rest)));
        }
        return true;
    }
    let fact = text.starts_with(b"SMTP error: ").then(|| Fact::ToolError(text.to_vec()));
    say(Reading { fact, ..Reading::remark(line) });
    true
}

/// Says a line; the end of a message that the log leaves out is `. (EOM)`.
fn speak(mark: Mark, text: &[u8], line: &[u8], at: Option<Moment>, say: Say<'_>) {
    let bare = text.strip_suffix(b" (EOM)").filter(|text| *text == b".");
    if mark == Mark::First && (bare.is_some() || text == b".") {
        say(Reading::tells(line.get(..0).unwrap_or_default(), Fact::BodyHidden(None)).at(at));
    }
    say(Reading::said(mark, bare.unwrap_or(text)).at(at));
}

fn opening(target: &[u8], line: &[u8], at: Option<Moment>, say: Say<'_>) {
    say(Reading::tells(line, Fact::Opening).at(at));
    let target = target.trim_ascii_end();
    let target = target.strip_suffix(b"...").unwrap_or(target).trim_ascii_end();
    let word = target.split(|octet| *octet == b' ').next().unwrap_or_default();
    let (host, port) = match memchr::memchr(b'/', word) {
        Some(slash) => (word.get(..slash).unwrap_or_default(), word.get(slash + 1..)),
        None => (word, None),
    };
    if let Some(fact) = prompt::dialled(host, port) {
        say(Reading::tells(line.get(..0).unwrap_or_default(), fact).at(at));
    }
}

/// `SMTP< 220 …`, `ESMTP> EHLO …`, and `SMTP>. (EOM)`, which has no blank.
fn said(text: &[u8]) -> Option<(Mark, &[u8])> {
    let rest = text.strip_prefix(b"* ").unwrap_or(text);
    let rest = rest.strip_prefix(b"E").unwrap_or(rest).strip_prefix(b"SMTP")?;
    let (mark, text) = match rest {
        [b'>', text @ ..] => (Mark::First, text),
        [b'<', text @ ..] => (Mark::Second, text),
        _ => return None,
    };
    match text {
        [b' ', text @ ..] => Some((mark, text)),
        [] | [b'.', ..] => Some((mark, text)),
        _ => None,
    }
}

/// `[23:03:35] `
fn stamp(line: &[u8]) -> (Option<Moment>, &[u8]) {
    let inner = line.strip_prefix(b"[").and_then(time::clock);
    match inner.and_then(|(at, rest)| Some((at, rest.strip_prefix(b"] ")?))) {
        Some((at, rest)) => (Some(at), rest),
        None => (None, line),
    }
}

fn fetchmail(line: &[u8]) -> Option<&[u8]> {
    if let Some(rest) = line.strip_prefix(b"fetchmail: ") {
        return Some(rest);
    }
    let rest = line.get(memchr::memmem::find(line, b" fetchmail[")?..)?;
    rest.get(memchr::memmem::find(rest, b"]: ")? + 3..)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dialect::spoken::told;

    #[test]
    fn logs_are_read() {
        let record = "\
* Connecting to SMTP server: mx.example.net ...
[23:03:35] SMTP< 220 mx
[23:03:35] ESMTP> EHLO x
[23:03:36] IMAP4< 10 OK
[23:03:36] SMTP> . (EOM)
** error occurred on SMTP session
";
        assert_eq!(
            told(&DIALECT, record, true),
            "Opening Dialled 1:220 mx 0:EHLO x BodyHidden 0:. ToolError -[23:03:36] IMAP4< 10 OK"
        );
        let record = "\
fetchmail: POP3> LIST 1
fetchmail: Trying to connect to mx.example.net/587...connected.
fetchmail: SMTP< 220 mx
fetchmail: SMTP>. (EOM)
fetchmail: SMTP error: 530 no
";
        assert_eq!(
            told(&FETCHMAIL, record, true),
            "Opening Dialled 1:220 mx BodyHidden 0:. ToolError"
        );
    }
}
