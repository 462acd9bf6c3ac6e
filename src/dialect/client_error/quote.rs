//! A quoted reply in a line: where it stands, and what it answered.

use std::sync::LazyLock;

use aho_corasick::{AhoCorasick, MatchKind};

use super::{
    erlang,
    forms::{BESIDE, FORMS, Form, Of, STATUS, STEPS, UNAVAILABLE, Written},
    object, trace,
};
use crate::{
    dialect::{
        Reading, Say, bounce,
        escape::{backslash_lines, literal},
        failure::has,
        flow::End as Address,
        reply_rows::{Code, code, goes_on, joined},
    },
    transcript::{Fact, Mark, Moment},
};

/// A reply that an error quotes.
#[derive(Debug)]
pub(super) struct Quote<'l> {
    /// What names the error.
    pub(super) sign: &'l [u8],
    pub(super) answered: Of,
    /// The address that the command named.
    pub(super) address: Option<&'l [u8]>,
    /// The code, where it does not stand in the text.
    code: Option<Code>,
    /// The enhanced code, where it stands behind the text.
    enhanced: Option<&'l [u8]>,
    /// The reply's text, as it stands in the line.
    pub(super) text: &'l [u8],
    /// The text is escaped.
    escaped: bool,
    /// The text is of another line.
    held: bool,
    /// What of the quotation follows in further lines.
    pub(super) further: Option<End>,
    /// The host that answered.
    host: Option<&'l [u8]>,
    /// How many octets of its line stand behind it, where it is one of a list.
    behind: Option<usize>,
}

/// Code and text of a reply without what differs between two quotations of it, and the address that was named.
#[derive(Debug)]
pub(super) struct Words {
    text: Vec<u8>,
    address: Vec<u8>,
}

impl Words {
    /// Whether this is the same reply, as far as both have it: a copy may have broken the line.
    pub(super) fn same(&self, other: &Self) -> bool {
        const ENOUGH: usize = 20;
        let least = self.text.len().min(other.text.len());
        let begins = self.text.starts_with(&other.text) || other.text.starts_with(&self.text);
        self.address == other.address && (self.text == other.text || least >= ENOUGH && begins)
    }
}

/// A quoted reply that waits for what tells the command.
#[derive(Debug)]
pub(super) struct Kept {
    code: Option<Code>,
    enhanced: Option<Vec<u8>>,
    text: Vec<u8>,
    escaped: bool,
    host: Option<Vec<u8>>,
}

impl Kept {
    /// The reply, where it is told at `line`.
    pub(super) fn quote<'l>(&'l self, line: &'l [u8], answered: Of) -> Quote<'l> {
        Quote {
            code: self.code,
            enhanced: self.enhanced.as_deref(),
            escaped: self.escaped,
            host: self.host.as_deref(),
            ..Quote::of_text(line, &self.text, answered)
        }
    }
}

/// Where a quotation goes on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum End {
    /// In a literal that is added to this one.
    Literal,
    /// In lines with this code.
    Line(Code),
}

impl<'l> Quote<'l> {
    /// A reply whose text was put together from several lines, of which `sign` is the last.
    pub(super) const fn of_text(sign: &'l [u8], text: &'l [u8], answered: Of) -> Self {
        Self {
            sign,
            answered,
            address: None,
            code: None,
            enhanced: None,
            text,
            escaped: true,
            held: true,
            further: None,
            host: None,
            behind: None,
        }
    }

    /// A reply that stands escaped in the line.
    pub(super) const fn escaped(sign: &'l [u8], answered: Of, text: &'l [u8]) -> Self {
        Self { held: false, ..Self::of_text(sign, text, answered) }
    }

    const fn new(sign: &'l [u8], answered: Of, code: Option<Code>, text: &'l [u8]) -> Self {
        Self { code, escaped: false, held: false, ..Self::of_text(sign, text, answered) }
    }

    /// What tells two quotations of one reply.
    pub(super) fn words(&self) -> Words {
        const KEPT: usize = 40;
        let first = if self.escaped { backslash_lines(self.text).next() } else { None };
        let text = first.as_ref().map_or(self.text, |line| &line.text);
        let text = joined(text, b" ").next().unwrap_or_default();
        let code = self.code.unwrap_or_default();
        let signs = code.iter().chain(text).filter(|octet| octet.is_ascii_alphanumeric());
        Words {
            text: signs.take(KEPT).copied().collect(),
            address: self.address.unwrap_or_default().to_vec(),
        }
    }

    /// Whether this is an exception's value, of which the kind is not told beside it.
    pub(super) fn is_value(&self) -> bool {
        self.sign.is_empty() && self.answered == Of::Told
    }

    /// The same reply without the line that it stands in.
    pub(super) fn kept(&self) -> Kept {
        Kept {
            code: self.code,
            enhanced: self.enhanced.map(<[u8]>::to_vec),
            text: self.text.to_vec(),
            escaped: self.escaped,
            host: self.host.map(<[u8]>::to_vec),
        }
    }

    /// Says which host answered, as far as that is told.
    pub(super) fn host(&self, line: &[u8], say: Say<'_>) {
        let empty = line.get(..0).unwrap_or_default();
        let Some(host) = self.host else { return };
        let (name, end) = bounce::parts(host);
        if let Some(name) = name {
            let port = end.and_then(|end| end.port);
            say(Reading::tells(empty, Fact::Dialled { host: name.to_vec(), port }));
        }
        if let Some(Address { address, port }) = end {
            say(Reading::tells(empty, Fact::ServerAddress { address: address.to_vec(), port }));
        }
    }

    /// Says the lines of the reply, of which further ones follow or not.
    pub(super) fn reply(&self, goes_on: bool, at: Option<Moment>, say: Say<'_>) {
        let Self { code, enhanced, text, escaped, .. } = *self;
        let shown = Shown { code, enhanced, text, escaped, goes_on };
        if self.held {
            let say = &mut |reading: Reading<'_>| {
                say(Reading::unescaped(Mark::Second, reading.text.to_vec(), self.sign).at(at));
            };
            lines(shown, at, say);
        } else {
            lines(shown, at, say);
        }
    }
}

/// Says the lines of a reply, each with the code: libraries take it off all lines or off the further ones.
pub(super) fn lines(reply: Shown<'_>, at: Option<Moment>, say: Say<'_>) {
    let Shown { code: own, enhanced, text, escaped, goes_on } = reply;
    let mut shown: Vec<(Vec<u8>, &[u8])> = Vec::new();
    if escaped {
        let said = backslash_lines(text).filter(|line| !line.text.trim_ascii().is_empty());
        for line in said {
            let parts = joined(&line.text, b" ");
            shown.extend(parts.map(|part| (part.trim_ascii().to_vec(), line.within)));
        }
    } else {
        let lines = joined(text, b" ").map(<[u8]>::trim_ascii_end);
        shown.extend(lines.map(|line| (line.to_vec(), line)));
    }
    if shown.is_empty() {
        shown.push((Vec::new(), text));
    }
    let own = own.or_else(|| code(&shown.first()?.0)).unwrap_or(*b"   ");
    let last = shown.len().saturating_sub(1);
    for (index, (line, within)) in shown.iter().enumerate() {
        let words = match line.strip_prefix(&own) {
            Some(rest) if code(line).is_some() => rest.get(1..).unwrap_or_default(),
            _ => line,
        };
        let mark: &[u8] = match (index == last && !goes_on, words) {
            (true, b"") => b"",
            (true, _) => b" ",
            (false, _) => b"-",
        };
        let line = match enhanced {
            Some(enhanced) => [&own, mark, enhanced, b" ", words].concat(),
            None => [&own, mark, words].concat(),
        };
        let reading = if line.as_slice() == *within {
            Reading::said(Mark::Second, within)
        } else {
            Reading::unescaped(Mark::Second, line, within)
        };
        say(reading.at(at));
    }
}

/// A reply as a quotation has it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Shown<'l> {
    /// The code, where it does not stand in the text.
    pub(super) code: Option<Code>,
    /// The enhanced code, where it does not stand in the text.
    pub(super) enhanced: Option<&'l [u8]>,
    pub(super) text: &'l [u8],
    pub(super) escaped: bool,
    /// Further lines of it follow.
    pub(super) goes_on: bool,
}

/// How many octets at the end of a quotation's last line are not the reply's: quotation marks and brackets.
pub(super) fn behind(text: &[u8]) -> usize {
    let kept = text.iter().rposition(|octet| !matches!(octet, b'"' | b'\'' | b';' | b' '));
    text.len() - kept.map_or(0, |at| at + 1)
}

/// A code that refuses something, and not what HTTP answers with.
pub(super) fn refusal(text: &[u8]) -> Option<Code> {
    const PHRASES: [&[u8]; 6] = [
        b"Internal Server Error",
        b"Not Implemented",
        b"Bad Gateway",
        b"Service Unavailable",
        b"Gateway Time",
        b"HTTP",
    ];
    let code = code(text)?;
    let words = text.get(4..).unwrap_or_default();
    let web = match &code {
        b"421" => false,
        [b'4', b'0'..=b'3', _] => true,
        [b'5', b'0', _] => PHRASES.iter().any(|phrase| words.starts_with(phrase)),
        _ => false,
    };
    let enhanced = matches!(words, [class, b'.', b'0'..=b'9', ..] if code.first() == Some(class));
    (matches!(code.first(), Some(b'4' | b'5')) && (enhanced || !web)).then_some(code)
}

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
                if is_program(before) {
                    return Vec::new();
                }
                let most = if self.answered == Of::Recipient { usize::MAX } else { 1 };
                return tuples(sign, rest, self.answered, most);
            }
            Written::BareTuple => bare_tuple(line, before, start),
            Written::Plain => self.plain(before, sign, rest),
            Written::Colon => colon(sign, rest, self.answered),
            Written::Parenthesis => parenthesis(sign, rest),
            Written::Struct => go_struct(sign, rest),
            Written::Severity => severity(sign, rest),
            Written::Details => details(sign, rest),
            Written::Status => {
                status(before, sign, rest).or_else(|| self.plain(before, sign, rest))
            }
            Written::Response => response(sign, rest),
            Written::Erlang => erlang::quote(sign, rest),
        };
        let told = one.map(|quote| match quote.answered {
            Of::Told => Quote { answered: beside(line), ..quote },
            _ => quote,
        });
        told.into_iter().collect()
    }

    /// `550 5.1.1 no`, in quotation marks or not.
    fn plain<'l>(&self, before: &'l [u8], sign: &'l [u8], rest: &'l [u8]) -> Option<Quote<'l>> {
        let rest = rest.trim_ascii_start();
        let rest = match sign.strip_prefix(b"Net::SMTP").filter(|class| class != b": ") {
            Some(_) => {
                [&b": "[..], b"(", b"- "].iter().find_map(|sign| rest.strip_prefix(*sign))?
            }
            None => rest,
        };
        // `could not send email 1: 550 …`
        let numbered = rest.split_first_chunk::<3>().filter(|_| sign.ends_with(b" email "));
        let rest = match numbered {
            Some(([b'0'..=b'9', b':', b' '], rest)) => rest,
            Some(_) => return None,
            None => rest,
        };
        // `could not send email 1: Rcpt: 550 …`
        let step =
            || STEPS.iter().find_map(|(word, of)| Some((rest.strip_prefix(word.as_bytes())?, *of)));
        let (rest, answered) = numbered.and_then(|_| step()).unwrap_or((rest, self.answered));
        let host = (sign == b"] said: ").then(|| host_before(before)).flatten();
        if sign == b"] said: " && host.is_none() {
            return None;
        }
        let inside = is_string(before) != is_string(sign);
        let (text, escaped, further) = quotation(inside, rest)?;
        let own = refusal(text)?;
        let text = without_tail(text);
        // `Server error: 500` says nothing that a mail server would.
        if text.len() <= 4 {
            return None;
        }
        let goes =
            further.or_else(|| (!escaped && goes_on(last_line(text))).then_some(End::Line(own)));
        let quote = Quote::new(sign, answered, None, text);
        Some(Quote { escaped, further: goes, host, address: address_in(before), ..quote })
    }
}

/// The last line of a reply in one row.
fn last_line(text: &[u8]) -> &[u8] {
    joined(text, b" ").last().unwrap_or(text)
}

/// The host before Postfix's words, where they stand neither in its log nor in its bounce.
fn host_before(before: &[u8]) -> Option<&[u8]> {
    let at = memchr::memmem::rfind(before, b"host ")?;
    let host = before.get(at + 5..)?;
    let lead = before.get(..at)?;
    let own = has(lead, "postfix") || has(lead, ", status=") || lead.first() == Some(&b'<');
    let indented = !lead.is_empty() && lead.trim_ascii().is_empty();
    let addressed = lead.strip_suffix(b": ").is_some_and(|lead| lead.contains(&b'@'));
    let plain = host.contains(&b'[') && !host.iter().any(u8::is_ascii_whitespace);
    (plain && !own && !indented && !addressed).then_some(host)
}

/// Whether a text ends inside a string of JSON or of `key="value"`.
fn is_string(text: &[u8]) -> bool {
    text.iter().filter(|octet| **octet == b'"').count() % 2 == 1
}

/// The quotation that a text begins with, or the text up to its end; whether it is escaped, and where it goes on.
fn quotation(inside: bool, text: &[u8]) -> Option<(&[u8], bool, Option<End>)> {
    if let Some(inner) = text.strip_prefix(b"\\\"") {
        let end = memchr::memmem::find(inner, b"\\\"").unwrap_or(inner.len());
        return Some((inner.get(..end)?, true, None));
    }
    if let Some(found) = literal(text) {
        let further = found.rest.trim_ascii() == b"+";
        if found.closed {
            return Some((found.inner, true, further.then_some(End::Literal)));
        }
        let own = code(found.inner)?;
        return Some((found.inner, false, Some(End::Line(own))));
    }
    if inside {
        let end = ends_string(text).unwrap_or(text.len());
        return Some((text.get(..end)?, true, None));
    }
    Some((text, false, None))
}

/// Where the string ends that a text stands in.
fn ends_string(text: &[u8]) -> Option<usize> {
    let mut at = 0;
    loop {
        let here = at + memchr::memchr2(b'\\', b'"', text.get(at..)?)?;
        if text.get(here) == Some(&b'"') {
            return Some(here);
        }
        at = here + 2;
    }
}

/// A reply without what the error says behind it.
fn without_tail(text: &[u8]) -> &[u8] {
    const TAILS: [&[u8]; 9] = [
        b" (in reply to ",
        b" (Net::SMTP",
        b", affected recipient(s):",
        b". Please check the message",
        b"; nested exception is",
        b"; message exceptions (",
        b"\\n    at ",
        b"\" {\"exception\"",
        b" at SMTPConnection.",
    ];
    let end = TAILS.iter().filter_map(|tail| memchr::memmem::find(text, tail)).min();
    let text = end.and_then(|end| text.get(..end)).unwrap_or(text).trim_ascii_end();
    // `[Error: … 550 no]`, `(550 no):`, `…: 550 no;`
    let text = text.strip_suffix(b"):").unwrap_or(text);
    let text = text.strip_suffix(b";").unwrap_or(text).trim_ascii_end();
    let opens = |open: u8| text.contains(&open);
    match text.split_last() {
        Some((b']', inner)) if !opens(b'[') => inner,
        Some((b')', inner)) if !opens(b'(') => inner,
        Some((b'}', inner)) if !opens(b'{') => inner.trim_ascii_end(),
        _ => text,
    }
}

/// What the words of a line say that the reply answered.
fn beside(line: &[u8]) -> Of {
    let named = BESIDE.iter().find(|(words, _)| has(line, words)).map(|(_, of)| *of);
    named.or_else(|| object::command_in(line)).or_else(|| trace::frame_in(line)).unwrap_or(Of::Told)
}

/// `The rejected e-mail address was 'bad@example.net'`
fn address_in(before: &[u8]) -> Option<&[u8]> {
    let at = memchr::memmem::find(before, b"rejected e-mail address was ")?;
    let quoted = literal(before.get(at + 28..)?)?;
    Some(quoted.inner).filter(|address| address.contains(&b'@'))
}

/// Whether the name of an exception stands in program text: `raise smtplib.SMTPDataError(…`.
fn is_program(before: &[u8]) -> bool {
    const WORDS: [&[u8]; 7] = [b"raise", b"throw", b"new", b"return", b"except", b"yield", b"("];
    let path = before
        .iter()
        .rev()
        .take_while(|octet| octet.is_ascii_alphanumeric() || matches!(octet, b'.' | b'_' | b':'))
        .count();
    let lead = before.get(..before.len() - path).unwrap_or_default().trim_ascii_end();
    lead.ends_with(b"=") || WORDS.iter().any(|word| lead.ends_with(word))
}

/// `(550, b'…'` in a text.
struct Tuple<'l> {
    before: &'l [u8],
    code: Code,
    said: &'l [u8],
    behind: &'l [u8],
}

impl<'l> Tuple<'l> {
    /// The next one.
    fn of(text: &'l [u8]) -> Option<Self> {
        let mut from = 0;
        loop {
            let at = from + memchr::memchr(b'(', text.get(from..)?)?;
            from = at + 1;
            let (code, rest) = text.get(from..)?.split_first_chunk::<3>()?;
            let Some(found) = rest.strip_prefix(b", ").and_then(literal) else { continue };
            if refusal(code).is_some() {
                let (before, said, behind) = (text.get(..at)?, found.inner, found.rest);
                return Some(Self { before, code: *code, said, behind });
            }
        }
    }
}

/// `: (550, b'…')`, `(550, b'…', 'a@b')`, `: {'a@b': (550, b'…')}`, `: [SMTPRecipientRefused(550, '…', 'a@b')]`
fn tuples<'l>(sign: &'l [u8], rest: &'l [u8], answered: Of, most: usize) -> Vec<Quote<'l>> {
    let opens = rest.strip_prefix(b": ").unwrap_or(rest);
    let mut found = Vec::new();
    if !matches!(opens.first(), Some(b'(' | b'{' | b'[')) {
        return found;
    }
    let mut text = opens;
    while found.len() < most
        && let Some(Tuple { before, code, said, behind }) = Tuple::of(text)
    {
        let third = || literal(behind.strip_prefix(b", ")?).map(|found| found.inner);
        let address = addressed(before).or_else(third).filter(|address| address.contains(&b'@'));
        let quote = Quote::new(sign, answered, Some(code), said);
        found.push(Quote { escaped: true, address, behind: Some(behind.len()), ..quote });
        text = behind;
    }
    found
}

/// The address of a dictionary's key: `{'a@b': `.
fn addressed(before: &[u8]) -> Option<&[u8]> {
    let quoted = before.strip_suffix(b": ")?;
    let (quote, inner) = quoted.split_last()?;
    matches!(quote, b'\'' | b'"').then_some(())?;
    let start = memchr::memrchr(*quote, inner)?;
    inner.get(start + 1..)
}

/// Codes of refusals that hardly another protocol has (RFC 5321 §4.2.3, RFC 4954 §6).
const MAIL_CODES: [&Code; 12] = [
    b"421", b"450", b"451", b"452", b"454", b"530", b"534", b"535", b"550", b"552", b"553", b"554",
];

/// `(535, b'5.7.8 no')` and `{'a@b': (550, b'no')}` without the name of the exception; not what smtplib prints of
/// replies while it records.
fn bare_tuple<'l>(line: &'l [u8], before: &'l [u8], start: usize) -> Option<Quote<'l>> {
    let open = start.checked_sub(4)?;
    let lead = before.get(..open)?;
    let recorded = line.starts_with(b"data: ") || line.starts_with(b"reply: ");
    let named = FORMS.iter().any(|form| form.written == Written::Tuples && has(lead, form.sign));
    if recorded || named || lead.trim_ascii_end().ends_with(b"=") || has(lead, "raise ") {
        return None;
    }
    let Tuple { before: inside, code, said, .. } = Tuple::of(line.get(open..)?)?;
    // Other protocols have such codes, too.
    let enhanced = matches!(said, [class, b'.', b'0'..=b'9', ..] if code.first() == Some(class));
    (inside.is_empty() && (enhanced || MAIL_CODES.contains(&&code))).then_some(())?;
    let address = addressed(lead).filter(|address| address.contains(&b'@'));
    let answered = if address.is_some() { Of::Recipient } else { Of::Told };
    // What is handed to a function is a program's.
    let open_dictionary = addressed(lead).and_then(|_| memchr::memrchr(b'{', lead));
    let outside = open_dictionary.and_then(|at| lead.get(..at)).unwrap_or(lead).trim_ascii_end();
    if matches!(outside.last(), Some(b',' | b'(' | b'=' | b'[')) {
        return None;
    }
    // A call has its function's name before the parenthesis.
    let called = lead.last().is_some_and(|octet| octet.is_ascii_alphanumeric() || *octet == b'_');
    let sign = line.get(open..open).unwrap_or_default();
    let quote = Quote::new(sign, answered, Some(code), said);
    (!called).then_some(Quote { escaped: true, address, ..quote })
}

/// `535: 5.7.8 no`
fn colon<'l>(sign: &'l [u8], rest: &'l [u8], answered: Of) -> Option<Quote<'l>> {
    const NAMED: &[u8] = b"AuthenticationInvalidCredentials";
    let (code, text) = match rest.strip_prefix(NAMED) {
        Some(text) => (*b"535", text),
        None => rest.split_first_chunk::<3>().map(|(code, text)| (*code, text))?,
    };
    let text = text.strip_prefix(b": ")?;
    refusal(&code)?;
    Some(Quote::new(sign, answered, Some(code), without_tail(text)))
}

/// `550): 5.1.1 no`
fn parenthesis<'l>(sign: &'l [u8], rest: &'l [u8]) -> Option<Quote<'l>> {
    let (code, text) = rest.split_first_chunk::<3>()?;
    refusal(code)?;
    let text = text.strip_prefix(b")")?;
    let text = text.strip_prefix(b": ").unwrap_or(text.get(..0)?);
    let end = ends_string(text).unwrap_or(text.len());
    Some(Quote::new(sign, Of::Told, Some(*code), without_tail(text.get(..end)?)))
}

/// `Code:550, Msg:"5.1.1 no"`
fn go_struct<'l>(sign: &'l [u8], rest: &'l [u8]) -> Option<Quote<'l>> {
    let rest = rest.strip_prefix(b"Code:")?.trim_ascii_start();
    let (code, rest) = rest.split_first_chunk::<3>()?;
    refusal(code)?;
    let rest = rest.strip_prefix(b", Msg:")?.trim_ascii_start();
    let quote = Quote::new(sign, Of::Told, Some(*code), literal(rest)?.inner);
    Some(Quote { escaped: true, ..quote })
}

/// lettre's `Debug`: the code's three digits are words (RFC 5321 §4.2.1).
fn severity<'l>(sign: &'l [u8], rest: &'l [u8]) -> Option<Quote<'l>> {
    const CATEGORIES: [(&str, u8); 6] = [
        ("Syntax", b'0'),
        ("Information", b'1'),
        ("Connections", b'2'),
        ("Unspecified3", b'3'),
        ("Unspecified4", b'4'),
        ("MailSystem", b'5'),
    ];
    const DIGITS: [&str; 10] =
        ["Zero", "One", "Two", "Three", "Four", "Five", "Six", "Seven", "Eight", "Nine"];
    let word = |name: &str| {
        let at = memchr::memmem::find(rest, name.as_bytes())? + name.len();
        let text = rest.get(at..)?;
        let end = text.iter().position(|octet| !octet.is_ascii_alphanumeric())?;
        text.get(..end)
    };
    let first = if has(sign, "Permanent") { b'5' } else { b'4' };
    let category = word("category: ")?;
    let (_, second) = CATEGORIES.iter().find(|(name, _)| name.as_bytes() == category)?;
    let detail = word("detail: ")?;
    let third = (b'0'..).zip(DIGITS).find(|(_, name)| name.as_bytes() == detail)?.0;
    let source = memchr::memmem::find(rest, b"source: ").and_then(|at| rest.get(at + 8..));
    let text = source.and_then(literal).map_or(rest.get(..0)?, |source| source.inner);
    let quote = Quote::new(sign, Of::Told, Some([first, *second, third]), text);
    Some(Quote { escaped: true, ..quote })
}

/// `DATA END command failed Detail: no SMTP code: 550 Additional SMTP info: 5.1.1`
fn details<'l>(sign: &'l [u8], rest: &'l [u8]) -> Option<Quote<'l>> {
    let at = memchr::memmem::rfind(rest, b" SMTP code: ")?;
    let (code, _) = rest.get(at + 12..)?.split_first_chunk::<3>()?;
    refusal(code)?;
    let text = rest.get(..at)?;
    let text = match memchr::memmem::find(text, b" Detail: ") {
        Some(at) => text.get(at + 9..)?,
        None => text.get(..0)?,
    };
    let info = memchr::memmem::find(rest, b" Additional SMTP info: ");
    let enhanced = info.and_then(|info| rest.get(info + 23..)).map(|info| {
        let end = info.iter().position(|octet| !matches!(octet, b'0'..=b'9' | b'.'));
        end.and_then(|end| info.get(..end)).unwrap_or(info)
    });
    let quote = Quote::new(sign, Of::Told, Some(*code), text);
    Some(Quote { enhanced: enhanced.filter(|enhanced| !enhanced.is_empty()), ..quote })
}

/// The text of a reply whose code .NET puts into words before it.
fn status<'l>(before: &'l [u8], sign: &'l [u8], text: &'l [u8]) -> Option<Quote<'l>> {
    if text.is_empty() || refusal(text).is_some() {
        return None;
    }
    let before = before.trim_ascii_end();
    let known = STATUS.iter().find(|(words, _)| before.ends_with(words.as_bytes()));
    let unavailable = before.ends_with(UNAVAILABLE.as_bytes());
    let code = match (known, text) {
        (Some((_, code)), _) => **code,
        (None, [b'5', b'.', ..]) if unavailable => *b"550",
        (None, [b'4', b'.', ..]) if unavailable => *b"450",
        _ => return None,
    };
    let end = if is_string(before) { ends_string(text) } else { None };
    let text = text.get(..end.unwrap_or(text.len()))?;
    Some(Quote::new(sign, Of::Told, Some(code), without_tail(text)))
}

/// `mx.example.net, port: 25, response: 554`
fn response<'l>(sign: &'l [u8], rest: &'l [u8]) -> Option<Quote<'l>> {
    let at = memchr::memmem::find(rest, b", response: ")?;
    let (code, behind) = rest.get(at + 12..)?.split_first_chunk::<3>()?;
    refusal(code)?;
    let ends = behind.first().is_none_or(|next| !next.is_ascii_alphanumeric());
    let host = rest.get(..memchr::memmem::find(rest, b", port: ")?)?;
    let text = rest.get(at + 12..at + 15)?;
    let quote = Quote::new(sign, Of::Greeting, None, text);
    ends.then_some(Quote { host: Some(host), ..quote })
}
