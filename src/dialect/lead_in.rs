//! A refusal that somebody quotes behind a colon, and nothing of the dialogue that it ended.
//!
//! ```text
//! Since Monday our users get this error:
//!
//! 550 5.7.1 <b@example.net>: Relay access denied
//! ```
//!
//! Where the words name the command (`… replied to command 'EHLO':`), that is told, too, and the reply needs no
//! enhanced code.
//!
//! Only one reply with an enhanced code, only where the words before the colon say that it came. Traps: a page that
//! lists what a server may answer has such words, too, and several replies with different codes; where anything of a
//! dialogue stands before it, the reply is a part of that.
//!
//! Like what a sentence tells it is left out where a dialogue of the same record tells the reply.

use super::{
    Custom, Dialect, Reader, Reading, Record, Say, Telling, Times, Unmarked,
    bounce::{self, Answered},
    failure::has,
    prose::is_guess,
    reply_rows::{Code, code, goes_on},
};
use crate::transcript::{Fact, Mark};

pub(super) static DIALECT: Dialect = Dialect {
    name: "lead-in",
    about: "a refusal that somebody quotes behind a colon",
    client: "",
    server: "this error: … 550 …",
    key: "",
    times: Times::Never,
    record: Record { telling: Telling::Sentence, ..Record::DIALOGUE },
    unmarked: Unmarked::Neither,
    custom: Custom::FirstIsClient,
    hints: &[
        "rror", "ounce", "eject", "efused", "esponse", "repl", "says", "said", "message", "fail",
        "Fail", "eliver", "got ", "get", "eceive", "ehler", "eturn",
    ],
    evidence: |line| lead(line).is_some(),
    reader: || Box::new(LeadIn::default()),
};

/// Words that say that what stands behind them came from a server.
const WORDS: &[&str] = &[
    "error",
    "bounce",
    "reject",
    "refused",
    "response",
    "reply",
    "replied",
    "says",
    "said",
    "message",
    "failed",
    "failure",
    "undeliver",
    "got",
    "get",
    "getting",
    "received",
    "receive",
    "returned",
    "fehler",
    "erreur",
    "errore",
];

/// Words of somebody who tells what happened to him, for what stands in the same line.
const PERSONS: &[&str] = &[
    "i",
    "we",
    "my",
    "our",
    "i'm",
    "we're",
    "they",
    "users",
    "user",
    "he",
    "she",
    "customer",
    "customers",
    "outlook",
    "thunderbird",
    "gmail",
];

/// The longest line that leads in.
const LONGEST: usize = 240;
/// How many lines without words may stand between the colon and the reply.
const BLANKS: u8 = 2;
/// How many replies are remembered, so that none is told twice.
const TOLD: usize = 16;
/// How much of a reply tells it from others.
const ENOUGH: usize = 60;

/// Signs that logs and programs write, and sentences do not.
const SIGNS: &[u8] = b"=<>[]{}|\\;";

/// What stands behind the colon of a line that leads in to a reply; empty where the line ends with it.
fn lead(line: &[u8]) -> Option<&[u8]> {
    let text = line.trim_ascii();
    if text.len() > LONGEST + 512 {
        return None;
    }
    let text_end =
        text.iter().rposition(|octet| !matches!(octet, b'*' | b'_')).map_or(0, |at| at + 1);
    let ends = text.get(..text_end)?.strip_suffix(b":").map(|before| (before, &b""[..]));
    let inside = || {
        let at = memchr::memmem::find_iter(text, b": ")
            .find(|at| text.get(at + 2..).is_some_and(|rest| refusal(bare(rest)).is_some()))?;
        Some((text.get(..at)?, text.get(at + 2..)?))
    };
    let (before, behind) = ends.or_else(inside)?;
    if before.iter().any(|octet| SIGNS.contains(octet)) {
        return None;
    }
    // The last sentence leads in.
    let begin = memchr::memmem::rfind(before, b". ").map_or(0, |at| at + 1);
    let told = before.get(begin..)?;
    if before.len() > LONGEST || !before.first()?.is_ascii_alphabetic() || is_guess(told) {
        return None;
    }
    let lower = told.to_ascii_lowercase();
    let words = || lower.split(|octet| !octet.is_ascii_alphabetic() && *octet != b'\'');
    let told = words().any(|word| {
        WORDS.iter().any(|known| {
            let known = known.as_bytes();
            if known.len() > 4 { word.starts_with(known) } else { word == known }
        })
    });
    let person = || words().any(|word| PERSONS.iter().any(|known| known.as_bytes() == word));
    (told && (behind.is_empty() || person())).then_some(behind)
}

/// The command that the words before a colon name in quotation marks: `answered to command 'EHLO':`.
fn commanded(before: &[u8]) -> Option<Answered> {
    const NAMES: [(&str, &str); 8] = [
        ("EHLO", "EHLO ..."),
        ("HELO", "HELO ..."),
        ("MAIL", "MAIL FROM:<...>"),
        ("MAIL FROM", "MAIL FROM:<...>"),
        ("RCPT", "RCPT TO:<...>"),
        ("RCPT TO", "RCPT TO:<...>"),
        ("DATA", "DATA"),
        ("STARTTLS", "STARTTLS"),
    ];
    let at = memchr::memmem::rfind(before, b"command ")?;
    let quoted = before.get(at + 8..)?.trim_ascii();
    let mark = quoted.first().filter(|mark| matches!(mark, b'\'' | b'"' | b'`'))?;
    let name = quoted.get(1..)?.split(|octet| octet == mark).next()?;
    let known = NAMES.iter().find(|(known, _)| name.eq_ignore_ascii_case(known.as_bytes()));
    known.map(|(_, command)| Answered::Command(command.as_bytes().to_vec()))
}

/// A line without the marks that quote it.
fn bare(line: &[u8]) -> &[u8] {
    let is_mark =
        |octet: &u8| matches!(octet, b'"' | b'\'' | b'`' | b'>' | b' ' | b'*' | b'#' | b'<');
    let start = line.iter().position(|octet| !is_mark(octet)).unwrap_or(line.len());
    let text = line.get(start..).unwrap_or_default().trim_ascii_end();
    if start == 0 {
        return text;
    }
    let end = text.iter().rposition(|octet| !matches!(octet, b'"' | b'\'' | b'`' | b'*'));
    text.get(..end.map_or(0, |at| at + 1)).unwrap_or(text)
}

/// The code of a refusal with an enhanced code of the same class, and with words.
fn refusal(text: &[u8]) -> Option<Code> {
    let own = code(text)?;
    let words = text.get(4..)?;
    let enhanced = matches!(words, [class, b'.', b'0'..=b'9', ..] if own.first() == Some(class));
    let lettered = words.iter().any(u8::is_ascii_alphabetic);
    (matches!(own.first(), Some(b'4' | b'5')) && enhanced && lettered).then_some(own)
}

/// Whether a line is of a dialogue, whatever stands before it.
fn speaks(line: &[u8]) -> bool {
    const VERBS: [&str; 8] =
        ["EHLO ", "HELO ", "MAIL FROM:", "RCPT TO:", "ehlo ", "helo ", "mail from:", "rcpt to:"];
    const REPLIES: [&[u8]; 3] = [b"220 ", b"250-", b"250 "];
    // Replies quote verbs, too.
    let named = || code(line).is_none() && VERBS.iter().any(|verb| has(line, verb));
    REPLIES.iter().any(|reply| line.starts_with(reply)) || named()
}

#[derive(Debug, Default)]
struct LeadIn {
    /// Somebody led in, and so many lines without words came since.
    led: Option<u8>,
    /// The command that the words named.
    named: Option<Answered>,
    /// The reply goes on with this code.
    further: Option<Code>,
    /// The line behind the one that is read begins with this code.
    next: Option<Code>,
    /// What was told.
    told: Vec<Vec<u8>>,
    /// A dialogue stands in the record.
    dialogue: bool,
}

impl LeadIn {
    /// Whether another reply stands in the next line.
    fn is_listed(&self, text: &[u8], own: Code) -> bool {
        self.next.is_some_and(|next| next != own || !goes_on(text))
    }

    /// Says a reply, or that it was said before.
    fn tell(&mut self, text: &[u8], line: &[u8], own: Code, say: Say<'_>) {
        let say = &mut |reading: Reading<'_>| say(reading.aside());
        self.further = (goes_on(text) && self.next == Some(own)).then_some(own);
        let kept = text.get(..ENOUGH).unwrap_or(text);
        if self.told.iter().any(|told| told == kept) {
            say(Reading::remark(line));
            return;
        }
        if self.told.len() < TOLD {
            self.told.push(kept.to_vec());
        }
        say(Reading::tells(line.get(..0).unwrap_or_default(), Fact::Opening));
        bounce::command(&self.named.take().unwrap_or(Answered::Unknown), text, say);
        say(Reading::said(Mark::Second, text));
    }
}

impl Reader for LeadIn {
    fn ahead(&mut self, next: &[u8]) {
        self.next = code(bare(next));
    }

    fn read(&mut self, line: &[u8], say: Say<'_>) -> bool {
        let text = bare(line);
        if let Some(own) = self.further.take() {
            if code(text) != Some(own) {
                return false;
            }
            self.further = (goes_on(text) && self.next == Some(own)).then_some(own);
            say(Reading::said(Mark::Second, text).aside());
            return true;
        }
        if text.is_empty() {
            self.led = self.led.filter(|blanks| *blanks < BLANKS).map(|blanks| blanks + 1);
            return false;
        }
        if self.dialogue || speaks(text) {
            self.dialogue = true;
            return false;
        }
        let led = self.led.take().is_some();
        let own = refusal(text).or_else(|| {
            let own = code(text).filter(|own| matches!(own.first(), Some(b'4' | b'5')));
            own.filter(|_| self.named.is_some() && text.len() > 4)
        });
        if led && let Some(own) = own.filter(|own| !self.is_listed(text, *own)) {
            self.tell(text, line, own, say);
            return true;
        }
        self.named = None;
        let Some(behind) = lead(line) else { return false };
        self.named = commanded(line.get(..line.len() - behind.len()).unwrap_or(line));
        if behind.is_empty() {
            self.led = Some(0);
            return false;
        }
        let text = bare(behind);
        let Some(own) = refusal(text).filter(|own| !self.is_listed(text, *own)) else {
            return false;
        };
        self.tell(text, line, own, say);
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dialect::spoken::told;

    #[test]
    fn a_refusal_stands_behind_a_colon() {
        for (record, want) in [
            (
                "Our users get this error:\n\n550 5.7.1 <b@d.example>: Relay denied",
                "1:550 5.7.1 <b@d.example>: Relay denied -Our users get this error:",
            ),
            (
                "The bounce says:\n> 550-5.1.1 No such\n> 550 5.1.1 user\nHelp!",
                "1:550-5.1.1 No such 1:550 5.1.1 user -The bounce says: -Help!",
            ),
            ("The response I get is: \"554 5.7.1 no\"", "1:554 5.7.1 no"),
            (
                "Bad response from 'mx.b.example' to command 'EHLO':\n501 bad EHLO argument\nIt failed",
                "0:EHLO ... 1:501 bad EHLO argument -Bad response from 'mx.b.example' to command 'EHLO': -It failed",
            ),
        ] {
            assert_eq!(told(&DIALECT, record, false), want, "{record}");
        }
    }

    #[test]
    fn lists_and_dialogues_are_left_alone() {
        for record in [
            "Error messages:\n550 5.1.1 unknown\n550 5.7.1 relay\n451 4.3.0 later",
            "You may get this error:\n550 5.1.1 unknown",
            "RCPT TO:<b@d.example>\nI got this error:\n550 5.1.1 unknown",
            "Errors:\n550 people got lost",
            "error: 550 5.1.1 unknown",
            "F=<a@b.example> rejected RCPT <c@d.example>:\n550 5.1.1 unknown",
            "We moved:\n550 5.1.1 is our number",
        ] {
            let said = told(&DIALECT, record, false);
            assert!(!said.contains("1:"), "{record}: {said}");
        }
    }
}
