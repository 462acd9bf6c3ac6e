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
//! So is one without such words that shows by itself that a server gave it: several lines with one enhanced code, or
//! an address, a link or brackets in it.
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
    reply_rows::{Code, code, goes_on, joined},
};
use crate::transcript::{Fact, Mark};

pub(super) static DIALECT: Dialect = Dialect {
    name: "lead-in",
    about: "a refusal that somebody quotes behind a colon",
    client: "",
    server: "this error: … 550 …",
    key: "",
    times: Times::Never,
    record: Record { telling: Telling::Sentence, announces: true, ..Record::DIALOGUE },
    unmarked: Unmarked::Neither,
    custom: Custom::FirstIsClient,
    hints: &[
        "rror", "ounce", "eject", "efused", "esponse", "repl", "says", "said", "message", "fail",
        "Fail", "eliver", "got ", "get", "eceive", "ehler", "eturn", "421 4.", "421-4.", "450 4.",
        "450-4.", "451 4.", "451-4.", "452 4.", "452-4.", "454 4.", "501 5.", "503 5.", "504 5.",
        "521 5.", "530 5.", "530-5.", "535 5.", "535-5.", "550 5.", "550-5.", "552 5.", "552-5.",
        "553 5.", "553-5.", "554 5.", "554-5.", "\u{ff1a}",
    ],
    evidence: |line| lead(line).is_some() || alone(line).is_some(),
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

/// The colon of texts in Chinese and Japanese.
const WIDE_COLON: &[u8] = "\u{ff1a}".as_bytes();

/// Words of such texts, and of others in letters beyond ASCII, that say that a reply came.
const WIDE_WORDS: &[&str] = &[
    "\u{62a5}\u{9519}",
    "\u{9519}\u{8bef}",
    "\u{63d0}\u{793a}",
    "\u{8fd4}\u{56de}",
    "\u{9000}\u{4fe1}",
    "\u{30a8}\u{30e9}\u{30fc}",
    "\u{448}\u{438}\u{431}\u{43a}",
];

/// What a server did, for sentences about one.
const SAID: &[&str] = &["said", "says", "replied", "responded", "answered", "returned"];

/// The longest line that leads in.
const LONGEST: usize = 240;
/// How many lines without words may stand between the colon and the reply.
const BLANKS: u8 = 2;
/// How many signs of a quotation are looked behind in a line.
const MOST: usize = 64;
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
    let text_end = text.get(..text_end)?;
    let ends = text_end.strip_suffix(b":").or_else(|| text_end.strip_suffix(WIDE_COLON));
    let ends = ends.map(|before| (before, &b""[..]));
    let inside = || {
        let marks = [&b": "[..], b" \"", b" '", b" `"];
        let mut places = marks.iter().flat_map(|mark| {
            memchr::memmem::find_iter(text, *mark).take(MOST).map(|at| (at, mark.len()))
        });
        let (at, length) = places.find(|(at, length)| {
            text.get(at + length..).is_some_and(|rest| refusal(bare(rest)).is_some())
        })?;
        let behind = text.get(at + length..)?;
        // What stands in quotation marks ends with them.
        let end = match text.get(at + 1)? {
            b' ' => None,
            quote => memchr::memchr(*quote, behind),
        };
        Some((text.get(..at)?, end.map_or(behind, |end| behind.get(..end).unwrap_or(behind))))
    };
    let (before, behind) = ends.or_else(inside)?;
    if before.iter().any(|octet| SIGNS.contains(octet)) {
        return None;
    }
    // The last sentence leads in.
    let begin = memchr::memmem::rfind(before, b". ").map_or(0, |at| at + 1);
    let told = before.get(begin..)?;
    let told = unlisted(told);
    let begins = told.first().is_some_and(|first| first.is_ascii_alphabetic() || !first.is_ascii());
    if before.len() > LONGEST || !begins || is_guess(told) {
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
    let wide = || WIDE_WORDS.iter().any(|word| has(before, word));
    let told = told || behind.is_empty() && wide();
    let person = || words().any(|word| PERSONS.iter().any(|known| known.as_bytes() == word));
    let server = || {
        let said = |word: &[u8]| SAID.iter().any(|known| known.as_bytes() == word);
        words().any(|word| matches!(word, b"server" | b"host" | b"error")) && words().any(said)
    };
    (told && (behind.is_empty() || person() || server())).then_some(behind)
}

/// A line without the number or the sign that lists it.
fn unlisted(text: &[u8]) -> &[u8] {
    let text = text.trim_ascii_start();
    let digits = text.iter().take_while(|octet| octet.is_ascii_digit()).count();
    match text.get(digits..) {
        Some([b'.' | b')', b' ', rest @ ..]) if digits > 0 => rest,
        Some([b'-' | b'*', b' ', rest @ ..]) if digits == 0 => rest,
        _ => text,
    }
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

/// A refusal that shows by itself that a server gave it, without the marks that quote it.
fn alone(line: &[u8]) -> Option<(&[u8], Code)> {
    let quoted = line.iter().take_while(|octet| matches!(octet, b'>' | b' ' | b'`' | b'*')).count();
    let text = line.get(quoted..)?.trim_ascii_end();
    let text = text.strip_suffix(b"`").unwrap_or(text);
    let own = refusal(text)?;
    let rows = goes_on(text) && joined(text, b" ").nth(1).is_some();
    let program = matches!(text.last(), Some(b',' | b';' | b'"' | b'\'' | b'\\' | b'{'));
    (!program && (rows || goes_on(text) || is_concrete(text))).then_some((text, own))
}

/// Whether a reply holds what no list of replies has: an address, a link, what a server puts into brackets.
fn is_concrete(text: &[u8]) -> bool {
    let address = || {
        memchr::memchr_iter(b'@', text).take(MOST).any(|at| {
            let around = (at.checked_sub(1).and_then(|at| text.get(at)), text.get(at + 1));
            matches!(around, (Some(before), Some(behind))
                if before.is_ascii_alphanumeric() && behind.is_ascii_alphanumeric())
        })
    };
    let bracket = || {
        let open = memchr::memchr(b'[', text).and_then(|at| text.get(at + 1..));
        open.is_some_and(|inner| memchr::memchr(b']', inner).is_some_and(|length| length > 3))
    };
    let host = || {
        let open = memchr::memchr(b'<', text).and_then(|at| text.get(at + 1..));
        let inner = open.and_then(|text| text.get(..memchr::memchr(b'>', text)?));
        inner.is_some_and(|inner| {
            let dotted = inner.iter().position(|octet| *octet == b'.');
            dotted.is_some_and(|at| at > 1 && inner.get(at + 1).is_some_and(u8::is_ascii_lowercase))
        })
    };
    has(text, "://") || address() || bracket() || host()
}

/// Whether a line is of a dialogue, whatever stands before it.
fn speaks(line: &[u8]) -> bool {
    const VERBS: [&str; 4] = ["ehlo ", "helo ", "mail from:", "rcpt to:"];
    // What bounces quote is read with the words around it.
    const BOUNCES: [&str; 3] = ["SMTP error from ", "] said:", "Diagnostic-Code:"];
    if let Some(own) = code(line) {
        // Replies quote verbs, too.
        return matches!(own.first(), Some(b'2' | b'3'));
    }
    let line = line.get(..LONGEST).unwrap_or(line);
    let lower = line.to_ascii_lowercase();
    VERBS.iter().any(|verb| has(&lower, verb)) || BOUNCES.iter().any(|words| has(line, words))
}

#[derive(Debug, Default)]
struct LeadIn {
    /// Somebody led in, and so many lines without words came since.
    led: Option<u8>,
    /// The command that the words named.
    named: Option<Answered>,
    /// The reply goes on with this code.
    further: Option<Code>,
    /// The line before was a reply, too: this is one of a list.
    listed: bool,
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
        let last = joined(text, b" ").last().unwrap_or(text);
        self.further = (goes_on(last) && self.next == Some(own)).then_some(own);
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
        for row in joined(text, b" ") {
            say(Reading::said(Mark::Second, row.trim_ascii_end()));
        }
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
        let listed = std::mem::replace(&mut self.listed, code(text).is_some());
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
        if let Some((text, own)) = alone(line).filter(|(text, own)| {
            let last = joined(text, b" ").last().unwrap_or(text);
            !listed && !self.is_listed(last, *own) && (!goes_on(last) || self.next == Some(*own))
        }) {
            self.tell(text, line, own, say);
            return true;
        }
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
            ("I only ever get \"554 5.7.1 no\" from them", "1:554 5.7.1 no"),
            ("2. The error says '504 5.7.4 no type'", "1:504 5.7.4 no type"),
            (
                "\u{62a5}\u{9519}\u{ff1a}\n504 5.7.4 no type",
                "1:504 5.7.4 no type -\u{62a5}\u{9519}\u{ff1a}",
            ),
            ("Server mx said: 451 4.7.1 Try again later", "1:451 4.7.1 Try again later"),
            (
                "It does not work\n\n550 5.1.1 <b@d.example>: User unknown\n\nHelp!",
                "1:550 5.1.1 <b@d.example>: User unknown -It does not work -Help!",
            ),
            (
                "`550-5.7.1 Not accepted due to 550-5.7.1 a policy, see 550 5.7.1 there. x1 - gsmtp`",
                "1:550-5.7.1 Not accepted due to 1:550-5.7.1 a policy, see 1:550 5.7.1 there. x1 - gsmtp",
            ),
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
            "550 5.1.1 User unknown",
            "550 5.1.1 User unknown\n551 5.7.1 <b@d.example>: no",
            "\"550 5.1.1 <b@d.example>: User unknown\",",
            "rcpt to: b@d.example\n550 5.1.1 <b@d.example>: User unknown",
        ] {
            let said = told(&DIALECT, record, false);
            assert!(!said.contains("1:"), "{record}: {said}");
        }
    }
}
