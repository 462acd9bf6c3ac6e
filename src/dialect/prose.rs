//! A command and its refusal that somebody tells in a sentence.
//!
//! ```text
//! I typed RCPT TO:<ed@example.com> and got "550 5.7.1 Relaying denied", why?
//! After MAIL FROM:<a@client.example> the server answered 553 5.1.8 Sender refused.
//! We got 452 4.2.2 Mailbox full in reply to RCPT TO:<bob@example.net>.
//! ```
//!
//! Only where both are written as the wire has them, and somebody says that it happened: a number in a sentence is
//! no reply, and what a server *may* answer was not answered. Like an error's quotation it is left out where a
//! dialogue of the same record tells the reply.

use super::{
    Custom, Dialect, Reader, Reading, Record, Say, Telling, Times, Unmarked,
    bounce::{self, Answered},
    failure::has,
    reply_rows::code,
};
use crate::transcript::{Fact, Mark};

pub(super) static DIALECT: Dialect = Dialect {
    name: "prose",
    about: "a command and its refusal, told in a sentence",
    client: "RCPT TO:<…> … and got",
    server: "got 550 …",
    key: "",
    times: Times::Never,
    record: Record { telling: Telling::Sentence, ..Record::DIALOGUE },
    unmarked: Unmarked::Neither,
    custom: Custom::FirstIsClient,
    hints: &[
        " got ",
        " I get ",
        " we get ",
        " received ",
        " returned ",
        " answered ",
        " replied ",
        " responded ",
        " refused ",
        " rejected ",
        " gave ",
        " said ",
    ],
    evidence: |line| told(line).iter().any(Told::is_refusal),
    reader: || Box::new(Prose::default()),
};

#[derive(Debug, Default)]
struct Prose {
    /// The paragraph has told something.
    begun: bool,
    /// The last reply goes on in the next line.
    unfinished: bool,
}

impl Reader for Prose {
    fn read(&mut self, line: &[u8], say: Say<'_>) -> bool {
        if line.trim_ascii().is_empty() {
            *self = Self::default();
            return false;
        }
        let goes_on = line.first().is_some_and(u8::is_ascii_lowercase);
        let rest = (std::mem::take(&mut self.unfinished) && goes_on).then(|| sentence(line).0);
        let told = told(line);
        if told.is_empty() && rest.is_none() {
            return false;
        }
        let say = &mut |reading: Reading<'_>| say(reading.aside());
        if let Some(rest) = rest {
            let added = [b" ", rest].concat();
            say(Reading::unescaped(Mark::Second, added, rest).joining());
            self.unfinished = !sentence(line).1;
        }
        for Told { command, reply, ends } in told {
            if !std::mem::replace(&mut self.begun, true) {
                say(Reading::tells(line, Fact::Opening));
                bounce::command(&Answered::Unknown, command, say);
            }
            say(Reading::said(Mark::First, command));
            say(Reading::said(Mark::Second, reply));
            self.unfinished = !ends;
        }
        true
    }
}

/// Words that say that a reply came.
const CAME: &[&[u8]] = &[
    b" got ",
    b" I get ",
    b" we get ",
    b" received ",
    b" returned ",
    b" answered ",
    b" replied ",
    b" responded ",
    b" refused ",
    b" rejected ",
    b" gave ",
    b" said ",
];

/// Words that say what a reply, which stands before them, answered.
const ANSWERING: &[&[u8]] = &[
    b" in reply to ",
    b" in response to ",
    b" after ",
    b" when I ",
    b" when we ",
    b" as answer to ",
];

/// Words of rules, guesses and examples.
const UNREAL: &[&str] = &[
    " if ",
    "If ",
    " should ",
    " would ",
    " must ",
    " may ",
    " might ",
    " could ",
    " can ",
    " will ",
    "e.g.",
    "xample:",
    " for example",
    "For example",
    " such as ",
    " instead of ",
    " unless ",
];

/// How far apart the command and the reply may be.
const APART: usize = 80;

/// How far behind a reply's beginning the command is looked for that it answered; a line of a reply has 512 octets
/// (RFC 5321 §4.5.3.1.5).
const REACH: usize = 1024;

/// A command and a reply in a line.
struct Told<'l> {
    command: &'l [u8],
    reply: &'l [u8],
    /// The reply ends in this line.
    ends: bool,
}

impl Told<'_> {
    /// Whether it is a refusal of something that names an address.
    fn is_refusal(&self) -> bool {
        matches!(self.reply.first(), Some(b'4' | b'5')) && self.command.contains(&b'<')
    }
}

/// Whether the sentence that stands between these places, from its beginning, speaks of what may be.
fn is_unreal(text: &[u8], start: usize, end: usize) -> bool {
    let before = text.get(..start).unwrap_or_default();
    let begin = memchr::memmem::rfind(before, b". ").unwrap_or(0);
    let sentence = text.get(begin..end).unwrap_or_default();
    is_guess(sentence)
}

/// Whether words speak of what may be.
pub(super) fn is_guess(text: &[u8]) -> bool {
    UNREAL.iter().any(|words| has(text, words))
}

/// What a line tells, in its order.
fn told(line: &[u8]) -> Vec<Told<'_>> {
    let mut all = Vec::new();
    let mut from = 0;
    while let Some((told, end)) = line.get(from..).and_then(next) {
        from += end;
        all.push(told);
    }
    all
}

/// The first command and reply of a text, and where they end.
fn next(text: &[u8]) -> Option<(Told<'_>, usize)> {
    let (start, quoted) = reply_at(text)?;
    let behind = text.get(start..)?;
    let (reply, ends) = match quoted {
        Some(quote) => (behind.get(..memchr::memchr(quote, behind)?)?, true),
        None => sentence(behind),
    };
    let end = start + reply.len();
    let came = |words: &[u8]| CAME.iter().any(|came| memchr::memmem::find(words, came).is_some());
    if let Some(command) = command(text.get(..start)?, true) {
        let between = text.get(command.end..start)?;
        let unreal = is_unreal(text, command.start, start);
        if between.len() <= APART && came(&[between, b" "].concat()) && !unreal {
            return Some((Told { command: text.get(command)?, reply, ends }, end));
        }
    }
    // `… 452 4.2.2 Mailbox full in reply to RCPT TO:<…>`
    came(text.get(..start)?).then_some(())?;
    let command = command(behind.get(..REACH).unwrap_or(behind), false)?;
    let words = behind.get(..command.start)?;
    let at =
        ANSWERING.iter().filter_map(|words_of| memchr::memmem::rfind(words, words_of)).max()?;
    let between = words.get(at..)?;
    let inside = quoted.is_none() || reply.len() <= at;
    let unreal = is_unreal(text, start, start + command.end);
    (inside && between.len() <= APART && !between.contains(&b'.') && !unreal).then_some(())?;
    let reply = if quoted.is_some() { reply } else { words.get(..at)?.trim_ascii_end() };
    let end = start + command.end;
    Some((Told { command: behind.get(command)?, reply, ends: true }, end))
}

/// Where a reply with an enhanced code begins, and the mark that it is quoted in.
fn reply_at(text: &[u8]) -> Option<(usize, Option<u8>)> {
    let digits = text.iter().enumerate().filter(|(_, octet)| matches!(octet, b'2'..=b'5'));
    digits.map(|(at, _)| at).find_map(|at| {
        let before = at.checked_sub(1).and_then(|before| text.get(before)).copied();
        let quoted = before.filter(|octet| matches!(octet, b'"' | b'\'' | b'`'));
        let begins = matches!(before, None | Some(b' ')) || quoted.is_some();
        let text = text.get(at..).filter(|_| begins)?;
        let words = text.get(4..)?;
        let enhanced =
            matches!(words, [class, b'.', b'0'..=b'9', ..] if text.first() == Some(class));
        let lettered = || words.iter().take(REACH).any(u8::is_ascii_alphabetic);
        let told = code(text).is_some() && enhanced && lettered();
        told.then_some((at, quoted))
    })
}

/// Where a command stands: the last one of a text, or the first.
fn command(text: &[u8], last: bool) -> Option<std::ops::Range<usize>> {
    const PATHS: [&[u8]; 4] = [b"MAIL FROM:", b"RCPT TO:", b"mail from:", b"rcpt to:"];
    const PLAIN: [&[u8]; 4] = [b"QUIT", b"DATA", b"RSET", b"STARTTLS"];
    let find = |verb: &[u8]| {
        if last { memchr::memmem::rfind(text, verb) } else { memchr::memmem::find(text, verb) }
    };
    let with_path = PATHS.iter().filter_map(|verb| {
        let start = find(verb)?;
        let path = text.get(start + verb.len()..)?;
        let blank = usize::from(path.first() == Some(&b' '));
        let inner = path.get(blank..)?.strip_prefix(b"<")?;
        let length = memchr::memchr(b'>', inner)?;
        let address = inner.get(..length)?;
        let plain = !address.iter().any(u8::is_ascii_whitespace);
        let end = start + verb.len() + blank + length + 2;
        (plain && (address.is_empty() || address.contains(&b'@'))).then_some(start..end)
    });
    let plain = PLAIN.iter().filter_map(|verb| {
        let start = find(verb)?;
        let end = start + verb.len();
        let letter = |at: Option<usize>| {
            at.and_then(|at| text.get(at)).is_some_and(u8::is_ascii_alphanumeric)
        };
        (!letter(start.checked_sub(1)) && !letter(Some(end))).then_some(start..end)
    });
    let all = with_path.chain(plain);
    if last { all.max_by_key(|range| range.start) } else { all.min_by_key(|range| range.start) }
}

/// A reply up to the end of the sentence that it is told in, and whether that is in this line.
fn sentence(reply: &[u8]) -> (&[u8], bool) {
    // The dots of the enhanced code have no blank behind them. The first end ends the search: a line may hold many replies.
    let end = memchr::memchr_iter(b' ', reply).find_map(|at| {
        let sign = at.checked_sub(1).filter(|sign| {
            reply.get(*sign).is_some_and(|octet| matches!(octet, b'.' | b',' | b';' | b'?'))
        });
        let word = || {
            let rest = reply.get(at..)?;
            (rest.starts_with(b" and ") || rest.starts_with(b" but ")).then_some(at)
        };
        sign.or_else(word)
    });
    let told = end.and_then(|end| reply.get(..end)).unwrap_or(reply).trim_ascii_end();
    let kept = told.iter().rposition(|octet| !matches!(octet, b'.' | b',' | b')' | b'?' | b'!'));
    let text = told.get(..kept.map_or(0, |at| at + 1)).unwrap_or(told);
    (text, end.is_some() || text.len() < told.len())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dialect::spoken::told;

    #[test]
    fn sentences_tell_a_command_and_its_reply() {
        for (line, want) in [
            (
                "I typed RCPT TO:<ed@b.example> and got \"550 5.7.1 Relaying denied\", why?",
                "RCPT TO:<ed@b.example> 1:550 5.7.1 Relaying denied",
            ),
            (
                "After MAIL FROM:<a@b.example> the server answered 553 5.1.8 Sender refused. Then it hung up.",
                "MAIL FROM:<a@b.example> 1:553 5.1.8 Sender refused",
            ),
            (
                "We got 452 4.2.2 Mailbox full in reply to RCPT TO:<c@d.example>.",
                "RCPT TO:<c@d.example> 1:452 4.2.2 Mailbox full",
            ),
            (
                "I typed MAIL FROM:<a@b.example> and got 250 2.1.0 Ok, then I typed\nRCPT TO:<c@d.example> and got 554 5.7.1 Relay\naccess denied. After QUIT it said 221 2.0.0 Bye. Is that right?",
                "MAIL FROM:<a@b.example> 1:250 2.1.0 Ok 0:RCPT TO:<c@d.example> 1:554 5.7.1 Relay 1: access denied 0:QUIT 1:221 2.0.0 Bye",
            ),
            (
                "The relay returned '554 5.7.1 no' after RCPT TO:<c@d.example>",
                "RCPT TO:<c@d.example> 1:554 5.7.1 no",
            ),
        ] {
            assert_eq!(told(&DIALECT, line, false), format!("0:{want}"), "{line}");
        }
    }

    #[test]
    fn what_did_not_happen_is_not_told() {
        for line in [
            "If RCPT TO:<c@d.example> is unknown, I get 550 5.1.1 no such user",
            "RCPT TO:<c@d.example> should be refused; we got 550 5.1.1 no",
            "we got 550 people after the party",
            "I sent RCPT TO and got 550 5.1.1 no",
            "RCPT TO:<c@d.example>",
            "550 5.1.1 no",
            "RCPT TO:<c@d.example> 550 5.1.1 no",
            "we got 550 of them after RCPT TO:<c@d.example>",
        ] {
            assert_eq!(told(&DIALECT, line, false), format!("-{line}"), "{line}");
        }
    }
}
