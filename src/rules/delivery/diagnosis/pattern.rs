//! One phrase of the table, taken apart, and whether it stands in a text.

use std::borrow::Cow;

use super::text::{behind_word, is_denied, is_edge, is_in_name};

/// What a phrase is worth.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Kind {
    /// It may mean something else as well.
    Hint,
    /// It says it plainly.
    Phrase,
    /// A provider's own number.
    SubCode,
}

/// A phrase, whose beginning is looked for in a text together with all others.
///
/// Of a phrase that begins with alternatives, each is a beginning of its own; what stands behind the first of them
/// is compared where the beginning was found.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Pattern {
    /// The row that it belongs to, by its place.
    pub(super) row: usize,
    /// What it is worth.
    pub(super) kind: Kind,
    /// Whether the word may go on behind it.
    open: bool,
    /// What follows its beginning.
    steps: Vec<Step>,
}

/// How many octets `..` stands for at most: what stands farther behind belongs to another sentence, and a long
/// text that begins a phrase again and again is not looked through to its end each time.
const WIDEST_GAP: usize = 512;

#[derive(Debug, PartialEq, Eq)]
enum Step {
    /// These octets.
    Text(&'static str),
    /// One of these.
    Either(Vec<&'static str>),
    /// `..`: anything.
    Anything,
    /// `_`: one word between blanks.
    Word,
}

impl Pattern {
    /// A phrase, and every way in which it may begin.
    pub(super) fn new(
        row: usize,
        kind: Kind,
        phrase: &'static str,
    ) -> (Self, Vec<Cow<'static, str>>) {
        let (phrase, open) = match phrase.strip_suffix('*') {
            Some(phrase) => (phrase, true),
            None => (phrase, false),
        };
        let mut steps = Vec::new();
        let mut rest = phrase;
        while !rest.is_empty() {
            let (step, behind) = first_step(rest);
            steps.push(step);
            rest = behind;
        }
        // As much of the beginning as is one text, behind alternatives too.
        let (heads, taken) = match &steps[..] {
            [Step::Text(text), ..] => (vec![Cow::Borrowed(*text)], 1),
            [Step::Either(choices), Step::Text(text), ..] => {
                (choices.iter().map(|choice| Cow::Owned(format!("{choice}{text}"))).collect(), 2)
            }
            [Step::Either(choices), ..] => {
                (choices.iter().map(|choice| Cow::Borrowed(*choice)).collect(), 1)
            }
            _ => (Vec::new(), 0),
        };
        steps.drain(..taken);
        (Self { row, kind, open, steps }, heads)
    }

    /// How many octets of the phrase stand in a text as whole words, where its beginning stands.
    pub(super) fn fits(&self, text: &[u8], start: usize, end: usize) -> Option<usize> {
        if !is_edge(text, start) {
            return None;
        }
        if self.kind != Kind::SubCode
            && (is_denied(text, start) || is_part_of_name(text, start, end))
        {
            return None;
        }
        self.follow(&self.steps, text, end, end - start)
    }

    /// The octets of the whole phrase, where `steps` follow at this place.
    fn follow(&self, steps: &[Step], text: &[u8], at: usize, length: usize) -> Option<usize> {
        let Some((step, behind)) = steps.split_first() else {
            return (self.open || is_edge(text, at)).then_some(length);
        };
        let rest = text.get(at..)?;
        match step {
            Step::Text(words) => {
                rest.strip_prefix(words.as_bytes())?;
                self.follow(behind, text, at + words.len(), length + words.len())
            }
            Step::Either(choices) => choices.iter().find_map(|words| {
                rest.strip_prefix(words.as_bytes())?;
                self.follow(behind, text, at + words.len(), length + words.len())
            }),
            Step::Word if is_edge(text, at) => {
                self.follow(behind, text, at + behind_word(rest)?, length + " _ ".len())
            }
            Step::Anything if is_edge(text, at) => (at..text.len())
                .take(WIDEST_GAP)
                .filter(|at| is_edge(text, *at))
                .find_map(|at| self.follow(behind, text, at, length + " .. ".len())),
            Step::Word | Step::Anything => None,
        }
    }
}

/// One word alone may be a part of the name of a host, or of the address of a page, by chance.
fn is_part_of_name(text: &[u8], start: usize, end: usize) -> bool {
    let word = text.get(start..end).unwrap_or_default();
    word.iter().all(u8::is_ascii_lowercase) && is_in_name(text, start, end)
}

/// The first step of a phrase that is not empty, and what is left of it.
fn first_step(phrase: &'static str) -> (Step, &'static str) {
    opening(phrase).unwrap_or_else(|| {
        let opens = |at: &usize| phrase.get(*at..).is_some_and(|rest| opening(rest).is_some());
        let signs = memchr::memchr2_iter(b' ', b'(', phrase.as_bytes());
        let end = signs.filter(|at| *at > 0).find(opens).unwrap_or(phrase.len());
        let (text, behind) = phrase.split_at(end);
        (Step::Text(text), behind)
    })
}

/// The gap or the alternatives that a phrase begins with, and what is left of it.
fn opening(phrase: &'static str) -> Option<(Step, &'static str)> {
    if let Some(behind) = phrase.strip_prefix(" .. ") {
        return Some((Step::Anything, behind));
    }
    if let Some(behind) = phrase.strip_prefix(" _ ") {
        return Some((Step::Word, behind));
    }
    // `(554.30)` is a text with parentheses.
    let (group, behind) = phrase.strip_prefix('(')?.split_once(')')?;
    group.contains('|').then(|| (Step::Either(group.split('|').collect()), behind))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stands(phrase: &'static str, kind: Kind, text: &str) -> bool {
        let (pattern, heads) = Pattern::new(0, kind, phrase);
        let text = text.as_bytes();
        heads.iter().any(|head| {
            memchr::memmem::find_iter(text, head.as_bytes())
                .any(|start| pattern.fits(text, start, start + head.len()).is_some())
        })
    }

    #[test]
    fn phrases_are_taken_apart() {
        let (pattern, heads) = Pattern::new(0, Kind::Phrase, "no such (user|mailbox) here");
        assert_eq!(heads, ["no such "]);
        assert_eq!(pattern.steps, [Step::Either(vec!["user", "mailbox"]), Step::Text(" here")]);
        let (pattern, heads) = Pattern::new(0, Kind::Phrase, "(user|mailbox) is _ (off|out)");
        assert_eq!(heads, ["user is", "mailbox is"]);
        assert_eq!(pattern.steps, [Step::Word, Step::Either(vec!["off", "out"])]);
        let (pattern, heads) = Pattern::new(0, Kind::SubCode, "(554.30)*");
        assert_eq!((heads, pattern.open), (vec![Cow::Borrowed("(554.30)")], true));
    }

    #[test]
    fn whole_words_gaps_and_alternatives() {
        for (phrase, text, is_there) in [
            ("greylist*", "you are greylisted, come back", true),
            ("greylist", "you are greylisted, come back", false),
            ("spam", "this is spam", true),
            ("spam", "see spamhaus", false),
            ("spam", "the spam's sender", false),
            ("listed in", "is listed in it", true),
            ("listed in", "is not listed in it", false),
            ("listed in", "isn't listed in it", false),
            ("user unknown in .. table", "user unknown in virtual alias table", true),
            ("user unknown in .. table", "user unknown in virtual alias tables of table", true),
            ("user unknown in .. table", "table: user unknown in list", false),
            ("user _ unknown", "user @ unknown", true),
            ("user _ unknown", "user \"nosuch\" unknown", true),
            ("user _ unknown", "user limit reached, unknown", false),
            ("no (|such )(user|mailbox)", "no mailbox of that kind", true),
            ("no (|such )(user|mailbox)", "no such user", true),
            ("no (|such )(user|mailbox)", "no such users", false),
            ("(user|mailbox) (|is )(off|out)", "mailbox is off", true),
            ("(user|mailbox) (|is )(off|out)", "mailbox off", true),
            ("(user|mailbox) (|is )(off|out)", "mailbox is offline", false),
        ] {
            assert_eq!(stands(phrase, Kind::Phrase, text), is_there, "{phrase}: {text}");
        }
        let far = format!("user unknown in {} table", "x ".repeat(WIDEST_GAP));
        assert!(!stands("user unknown in .. table", Kind::Phrase, &far));
        // A provider's number is one whatever stands before it.
        assert!(stands("bl000001", Kind::SubCode, "not bl000001"));
    }
}
