//! The text of a refusal as the table's phrases want it, and the phrases looked for in it, all at once.

use std::sync::LazyLock;

use memchr::memmem;

use super::{row::Row, rows};
use crate::grammar::{self, phrase::Found};

/// The whole text of a reply in lower case: its lines joined by a blank, each without the enhanced code that
/// it begins with, runs of blanks as one, typographic apostrophes as plain ones, mail addresses as `@`.
///
/// Addresses are taken out lest a mailbox called `spam` or `virus` decide what was wrong with it; so is a
/// bare name in angle brackets.
pub(super) fn normalised<'t>(lines: impl Iterator<Item = &'t [u8]>) -> Vec<u8> {
    let mut out: Vec<u8> = Vec::new();
    for line in lines {
        push(&mut out, b' ');
        let mut rest = line;
        while let Some((&octet, after)) = rest.split_first() {
            rest = after;
            let named = if octet == b'<' { after_name(rest) } else { None };
            if let Some(after) = named {
                push(&mut out, b' ');
                out.extend_from_slice(b"@ ");
                rest = after;
                continue;
            }
            match octet {
                b'@' => {
                    let kept = out.iter().rposition(|octet| ends_address(*octet));
                    out.truncate(kept.map_or(0, |last| last + 1));
                    let end = rest.iter().position(|octet| ends_address(*octet));
                    rest = rest.get(end.unwrap_or(rest.len())..).unwrap_or_default();
                    out.push(b'@');
                }
                // U+2019, the apostrophe of word processors.
                0xE2 if matches!(rest, [0x80, 0x99, ..]) => {
                    rest = rest.get(2..).unwrap_or_default();
                    out.push(b'\'');
                }
                b'<' | b'>' if !out.ends_with(b"bare <lf") && !begins_with_lf(rest) => {
                    push(&mut out, b' ');
                }
                octet if octet.is_ascii_whitespace() => push(&mut out, b' '),
                octet => out.push(octet.to_ascii_lowercase()),
            }
        }
    }
    out
}

/// `bare <LF>` is the one phrase with angle brackets of its own.
fn begins_with_lf(rest: &[u8]) -> bool {
    rest.get(..3).is_some_and(|head| head.eq_ignore_ascii_case(b"lf>"))
}

/// What stands behind `name>`: a mailbox without its domain, and no line ending such as `<CRLF>`.
fn after_name(rest: &[u8]) -> Option<&[u8]> {
    let end = rest.iter().take(65).position(|octet| !is_of_name(*octet))?;
    let (name, after) = rest.split_at_checked(end)?;
    let ending = [&b"lf"[..], b"cr", b"crlf"].iter().any(|word| name.eq_ignore_ascii_case(word));
    let after = after.strip_prefix(b">")?;
    (!name.is_empty() && !ending && !name.contains(&b'.')).then_some(after)
}

const fn is_of_name(octet: u8) -> bool {
    octet.is_ascii_alphanumeric() || matches!(octet, b'.' | b'-' | b'_' | b'+')
}

/// Adds a blank unless one is there, or nothing yet.
fn push(out: &mut Vec<u8>, blank: u8) {
    if out.last().is_some_and(|last| *last != blank) {
        out.push(blank);
    }
}

const fn ends_address(octet: u8) -> bool {
    matches!(
        octet,
        b' ' | b'\t'
            | b'<'
            | b'>'
            | b'('
            | b')'
            | b'['
            | b']'
            | b'"'
            | b'\''
            | b'`'
            | b','
            | b';'
            | b':'
            | b'='
    )
}

/// What a row's text is worth.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Kind {
    /// It may mean something else as well.
    Hint,
    /// It says it plainly.
    Phrase,
    /// A provider's own number.
    SubCode,
}

/// One place where a phrase of the table stands in a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Hit {
    /// The row, by its place in [`Phrases::rows`].
    pub(super) row: usize,
    /// What it is worth.
    pub(super) kind: Kind,
    /// The phrase's octets: the longer, the less it is chance.
    pub(super) length: usize,
}

/// All phrases of the table, ready to be looked for in one pass.
pub(super) struct Phrases {
    /// The rows.
    pub(super) rows: Vec<&'static Row>,
    /// The rows that tell without text, by their places.
    pub(super) plain: Vec<usize>,
    patterns: Vec<Pattern>,
    heads: grammar::Phrases,
}

struct Pattern {
    row: usize,
    kind: Kind,
    /// Whether the word may go on behind the phrase.
    open: bool,
    /// What stands before the first gap.
    head: String,
    /// The gaps, each with what stands behind it.
    parts: Vec<(Gap, String)>,
    /// One word, which the name of a host or the address of a page may hold by chance.
    word: bool,
    /// The whole phrase's octets.
    length: usize,
}

/// What a phrase leaves open.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Gap {
    /// `..`: anything.
    Anything,
    /// `_`: one word.
    Word,
}

impl Pattern {
    fn new(row: usize, kind: Kind, phrase: &str) -> Self {
        let (phrase, open) = match phrase.strip_suffix('*') {
            Some(phrase) => (phrase, true),
            None => (phrase, false),
        };
        let (head, mut rest) = before_gap(phrase);
        let mut parts = Vec::new();
        while let Some((gap, behind)) = rest {
            let (part, after) = before_gap(behind);
            parts.push((gap, part.to_owned()));
            rest = after;
        }
        let word = kind != Kind::SubCode && phrase.bytes().all(|octet| octet.is_ascii_lowercase());
        Self { row, kind, open, head: head.to_owned(), parts, word, length: phrase.len() }
    }
}

/// The phrase up to its first gap; the gap and what stands behind it.
fn before_gap(phrase: &str) -> (&str, Option<(Gap, &str)>) {
    let gap = |sign, gap| {
        let (head, behind) = phrase.split_once(sign)?;
        Some((head, (gap, behind)))
    };
    let (one, other) = (gap(" .. ", Gap::Anything), gap(" _ ", Gap::Word));
    let first = match (one, other) {
        (Some(one), Some(other)) => Some(if one.0.len() < other.0.len() { one } else { other }),
        (one, other) => one.or(other),
    };
    first.map_or((phrase, None), |(head, rest)| (head, Some(rest)))
}

/// A phrase for every choice of its alternatives: `no such (user|mailbox)` is two phrases.
fn spelled_out(phrase: &str) -> Vec<String> {
    let group = phrase.split_once('(').and_then(|(before, rest)| {
        let (group, behind) = rest.split_once(')')?;
        group.contains('|').then_some((before, group, behind))
    });
    let Some((before, group, behind)) = group else { return vec![phrase.to_owned()] };
    let behind = spelled_out(behind);
    let one = |word| behind.iter().map(move |behind| format!("{before}{word}{behind}"));
    group.split('|').flat_map(one).collect()
}

/// The phrases of the whole table.
pub(super) static PHRASES: LazyLock<Phrases> = LazyLock::new(Phrases::new);

impl Phrases {
    fn new() -> Self {
        let rows: Vec<&'static Row> = rows::all().collect();
        let mut patterns = Vec::new();
        let mut plain = Vec::new();
        for (place, row) in rows.iter().enumerate() {
            let kinds = [
                (Kind::SubCode, row.sub_codes),
                (Kind::Phrase, row.phrases),
                (Kind::Hint, row.hints),
            ];
            for (kind, phrases) in kinds {
                let spelled = phrases.iter().flat_map(|phrase| spelled_out(phrase));
                patterns.extend(spelled.map(|phrase| Pattern::new(place, kind, &phrase)));
            }
            // A provider's own numbers tell without its words, too.
            let numbered = row.provider.is_some() && row.has_enhanced_codes() && !row.vague;
            if !row.has_text() || numbered {
                plain.push(place);
            }
        }
        let heads = patterns.iter().map(|pattern| pattern.head.clone()).collect();
        Self { rows, plain, patterns, heads }
    }

    /// Every phrase that stands in a normalised text, as whole words.
    pub(super) fn find(&self, text: &[u8]) -> Vec<Hit> {
        let mut hits = Vec::new();
        self.heads.each(text, |found| {
            let pattern = self.patterns.get(found.phrase);
            hits.extend(pattern.and_then(|pattern| pattern.hit(text, found)));
        });
        hits
    }
}

impl Pattern {
    /// Whether the phrase stands in a text as whole words, where its head does.
    fn hit(&self, text: &[u8], head: Found) -> Option<Hit> {
        let mut parts = self.parts.iter().peekable();
        let mut end = head.end;
        let whole = |end: usize, last: bool| (last && self.open) || is_edge(text, end);
        if !is_edge(text, head.start) || !whole(end, parts.peek().is_none()) {
            return None;
        }
        if self.word && is_in_name(text, head.start, head.end) {
            return None;
        }
        if self.kind != Kind::SubCode && is_denied(text, head.start) {
            return None;
        }
        while let Some((gap, part)) = parts.next() {
            let rest = text.get(end..)?;
            let start = end
                + match gap {
                    Gap::Anything => memmem::find(rest, part.as_bytes())?,
                    Gap::Word => behind_word(rest).filter(|at| {
                        rest.get(*at..).is_some_and(|rest| rest.starts_with(part.as_bytes()))
                    })?,
                };
            end = start + part.len();
            if !is_edge(text, start) || !whole(end, parts.peek().is_none()) {
                return None;
            }
        }
        Some(Hit { row: self.row, kind: self.kind, length: self.length })
    }
}

/// Whether no word goes across this place: `recipient's` is one.
fn is_edge(text: &[u8], at: usize) -> bool {
    let word = |at: usize| text.get(at).is_some_and(u8::is_ascii_alphanumeric);
    let of = || text.get(at..).is_some_and(|rest| rest.starts_with(b"'s") && !word(at + 2));
    at == 0 || !(word(at - 1) && (word(at) || of()))
}

/// Whether the word before says that it is not so: `not listed in the directory`.
fn is_denied(text: &[u8], start: usize) -> bool {
    let before = text.get(..start).and_then(|before| before.strip_suffix(b" "));
    before.is_some_and(|before| {
        before.ends_with(b"n't")
            || before.strip_suffix(b"not").is_some_and(|head| is_edge(text, head.len()))
    })
}

/// Where the text goes on behind ` word `.
fn behind_word(rest: &[u8]) -> Option<usize> {
    let word = rest.strip_prefix(b" ")?;
    let length = memchr::memchr(b' ', word).filter(|length| *length > 0)?;
    Some(length + 2)
}

/// Whether a word is a part of the name of a host or of the address of a page.
fn is_in_name(text: &[u8], start: usize, end: usize) -> bool {
    let alphanumeric = |at: usize| text.get(at).is_some_and(u8::is_ascii_alphanumeric);
    let dot = |at: usize| text.get(at) == Some(&b'.');
    let before = start > 1 && dot(start - 1) && alphanumeric(start - 2);
    if before || (dot(end) && alphanumeric(end + 1)) {
        return true;
    }
    let head = text.get(..start).unwrap_or_default();
    let token = memchr::memrchr(b' ', head).map_or(0, |blank| blank + 1);
    head.get(token..).is_some_and(|token| memmem::find(token, b"//").is_some())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_as_phrases_want_them() {
        for (lines, expected) in [
            (&["User  Unknown"][..], "user unknown"),
            (&["The account", "does not exist"], "the account does not exist"),
            (&["<virus@example.com>: User unknown"], "@ : user unknown"),
            (&["virus@example.com... User unknown"], "@ user unknown"),
            (&["doesn’t exist"], "doesn't exist"),
            (
                &["see http://example.com/?p=NoSuchUser x-y.1 - gsmtp"],
                "see http://example.com/?p=nosuchuser x-y.1 - gsmtp",
            ),
            (&["bare <LF> received"], "bare <lf> received"),
            (&["User <nosuch> unknown"], "user @ unknown"),
            (&["end with <CRLF>.<CRLF>"], "end with crlf . crlf "),
            (&["", "a"], "a"),
        ] {
            let found = normalised(lines.iter().map(|line| line.as_bytes()));
            assert_eq!(String::from_utf8_lossy(&found), expected);
        }
    }

    #[test]
    fn phrases_are_lower_case_and_not_empty() {
        for row in rows::all() {
            for phrase in row.sub_codes.iter().chain(row.phrases).chain(row.hints) {
                assert!(phrase.len() > 2, "{phrase}");
                assert!(!phrase.bytes().any(|octet| octet.is_ascii_uppercase()), "{phrase}");
            }
        }
    }

    #[test]
    fn alternatives_are_spelled_out() {
        assert_eq!(spelled_out("(554.30)"), ["(554.30)"]);
        assert_eq!(spelled_out("no (a|b)"), ["no a", "no b"]);
        assert_eq!(spelled_out("(a|b) (|is )c"), ["a c", "a is c", "b c", "b is c"]);
    }

    #[test]
    fn whole_words_and_gaps() {
        let has = |text: &str, phrase: &str| {
            let row = |hit: Hit| PHRASES.rows[hit.row];
            PHRASES.find(text.as_bytes()).into_iter().any(|hit| {
                let row = row(hit);
                let mut phrases = row.phrases.iter().chain(row.sub_codes);
                phrases.any(|of_row| spelled_out(of_row).iter().any(|one| one == phrase))
            })
        };
        assert!(has("you are greylisted, come back", "greylist*"));
        assert!(has("this is spam", "spam"));
        assert!(!has("see spamhaus", "spam"));
        assert!(!has("the spam's sender", "spam"));
        assert!(has("is listed in it", "listed in"));
        assert!(!has("is not listed in it", "listed in"));
        assert!(!has("isn't listed in it", "listed in"));
        assert!(has("user unknown in virtual alias table", "user unknown in .. table"));
        assert!(!has("table: user unlisted", "user unknown in .. table"));
        assert!(has("user @ unknown", "user _ unknown"));
        assert!(has("user \"nosuch\" unknown", "user _ unknown"));
        assert!(!has("user limit reached, unknown", "user _ unknown"));
    }

    #[test]
    fn names_of_hosts_and_pages_are_no_evidence() {
        let words = |text: &str| {
            let hits = PHRASES.find(text.as_bytes()).into_iter();
            hits.filter(|hit| hit.kind != Kind::SubCode).count()
        };
        assert_eq!(words("see mx.spam.example"), 0);
        assert_eq!(words("see https://example.net/spam/why"), 0);
        assert!(words("this is spam.") > 0);
        assert!(words("spam: see mx.example") > 0);
    }
}
