//! Where the lines of an error quote a reply: behind the sign of a form.

use std::sync::LazyLock;

use aho_corasick::{AhoCorasick, MatchKind};

use super::{
    erlang,
    forms::{BESIDE, FORMS, Form, Of, Written},
    object,
    quote::Quote,
    trace, written,
};
use crate::dialect::failure::has;

/// How many signs of errors are looked behind in a line, besides those inside of lists that were read. What stands
/// before and behind a sign is read for each, so that without a bound the time would grow with a line's square.
const MOST: usize = 256;

/// Every reply that a line quotes.
pub(super) fn quotes(line: &[u8]) -> impl Iterator<Item = Quote<'_>> {
    let found = SIGNS.as_ref().map(|signs| signs.find_iter(line));
    let (mut looked, mut listed) = (0, 0);
    found.into_iter().flatten().flat_map(move |found| {
        let form = FORMS.get(found.pattern().as_usize());
        let Some(form) = form.filter(|_| looked < MOST && found.start() >= listed) else {
            return Vec::new();
        };
        looked += 1;
        let quotes = form.quotes(line, found.start(), found.end());
        listed = line.len() - quotes.last().and_then(|quote| quote.behind).unwrap_or(line.len());
        quotes
    })
}

static SIGNS: LazyLock<Option<AhoCorasick>> = LazyLock::new(|| {
    let mut builder = AhoCorasick::builder();
    let builder = builder.match_kind(MatchKind::LeftmostFirst);
    builder.build(FORMS.iter().map(|form| form.sign)).ok()
});

impl Form {
    /// The replies behind this form's sign.
    fn quotes<'l>(&self, line: &'l [u8], start: usize, end: usize) -> Vec<Quote<'l>> {
        let (Some(before), Some(sign), Some(rest)) =
            (line.get(..start), line.get(start..end), line.get(end..))
        else {
            return Vec::new();
        };
        let one = match self.written {
            Written::Tuples => {
                if written::is_program(before) {
                    return Vec::new();
                }
                let most = if self.answered == Of::Recipient { usize::MAX } else { 1 };
                return written::tuples(sign, rest, self.answered, most);
            }
            Written::BareTuple => written::bare_tuple(line, before, start),
            Written::Plain => self.plain(before, sign, rest),
            Written::Enhanced => self
                .plain(before, sign, rest)
                .filter(|quote| written::is_enhanced(quote.text) && !is_comment(before)),
            Written::Colon => written::colon(sign, rest, self.answered),
            Written::Parenthesis => written::parenthesis(sign, rest),
            Written::Labelled => written::labelled(sign, rest),
            Written::Pear => written::pear(before, sign, rest),
            Written::Struct => written::go_struct(sign, rest),
            Written::Severity => written::severity(sign, rest),
            Written::Details => written::details(sign, rest),
            Written::Status => {
                written::status(before, sign, rest).or_else(|| self.plain(before, sign, rest))
            }
            Written::Response => written::response(sign, rest),
            Written::Bare => written::bare(before, sign, rest, self.answered),
            Written::Erlang => erlang::quote(sign, rest),
        };
        let told = one.map(|quote| match quote.answered {
            Of::Told => Quote { answered: beside(line), ..quote },
            _ => quote,
        });
        told.into_iter().collect()
    }
}

/// Whether what stands before a sign is a program's, and not what it wrote.
fn is_comment(before: &[u8]) -> bool {
    let text = before.trim_ascii_start();
    [&b"//"[..], b"#", b"*", b"/*", b"--", b";"].iter().any(|sign| text.starts_with(sign))
}

/// What the words of a line say that the reply answered.
fn beside(line: &[u8]) -> Of {
    let named = BESIDE.iter().find(|(words, _)| has(line, words)).map(|(_, of)| *of);
    named.or_else(|| object::command_in(line)).or_else(|| trace::frame_in(line)).unwrap_or(Of::Told)
}
