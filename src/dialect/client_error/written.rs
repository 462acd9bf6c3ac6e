//! What a quotation holds, for each way of writing that [`Written`] lists.

use super::{
    forms::{FORMS, Form, Of, STATUS, STEPS, UNAVAILABLE, Written},
    quote::{End, Quote},
};
use crate::dialect::{
    escape::literal,
    failure::has,
    reply_rows::{Code, code, goes_on, joined},
};

impl Form {
    /// `550 5.1.1 no`, in quotation marks or not.
    pub(super) fn plain<'l>(
        &self,
        before: &'l [u8],
        sign: &'l [u8],
        rest: &'l [u8],
    ) -> Option<Quote<'l>> {
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
        if text.len() <= 4 || is_made_up(text) {
            return None;
        }
        let goes =
            further.or_else(|| (!escaped && goes_on(last_line(text))).then_some(End::Line(own)));
        let quote = Quote::new(sign, answered, None, text);
        Some(Quote { escaped, further: goes, host, address: address_in(before), ..quote })
    }
}

/// Whether it is no reply of a server: `421 [Net::SMTP] Timeout` is what `Net::Cmd` says where none came.
fn is_made_up(text: &[u8]) -> bool {
    let words = text.get(4..).and_then(|words| words.strip_prefix(b"["));
    let class = words.and_then(|words| words.split(|octet| *octet == b']').next());
    class.is_some_and(|class| memchr::memmem::find(class, b"::").is_some())
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

/// Where a trace begins that stands in the same line: ` at Name.Space.Method(`.
fn frame(text: &[u8]) -> Option<usize> {
    memchr::memmem::find_iter(text, b" at ").take(16).find(|at| {
        let name = text.get(at + 4..).unwrap_or_default();
        let end = name.iter().position(|octet| !octet.is_ascii_alphanumeric() && *octet != b'.');
        let dotted = |end: usize| name.get(..end).is_some_and(|name| name.contains(&b'.'));
        end.is_some_and(|end| name.get(end) == Some(&b'(') && dotted(end))
    })
}

/// A reply without what the error says behind it.
fn without_tail(text: &[u8]) -> &[u8] {
    const TAILS: [&[u8]; 10] = [
        b"]' in ",
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
    let tails = TAILS.iter().filter_map(|tail| memchr::memmem::find(text, tail));
    let end = tails.chain(frame(text)).min();
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

/// `The rejected e-mail address was 'bad@example.net'`
fn address_in(before: &[u8]) -> Option<&[u8]> {
    let at = memchr::memmem::find(before, b"rejected e-mail address was ")?;
    let quoted = literal(before.get(at + 28..)?)?;
    Some(quoted.inner).filter(|address| address.contains(&b'@'))
}

/// Whether the name of an exception stands in program text: `raise smtplib.SMTPDataError(…`.
pub(super) fn is_program(before: &[u8]) -> bool {
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
pub(super) fn tuples<'l>(
    sign: &'l [u8],
    rest: &'l [u8],
    answered: Of,
    most: usize,
) -> Vec<Quote<'l>> {
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
pub(super) fn bare_tuple<'l>(line: &'l [u8], before: &'l [u8], start: usize) -> Option<Quote<'l>> {
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
pub(super) fn colon<'l>(sign: &'l [u8], rest: &'l [u8], answered: Of) -> Option<Quote<'l>> {
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
pub(super) fn parenthesis<'l>(sign: &'l [u8], rest: &'l [u8]) -> Option<Quote<'l>> {
    let (code, text) = rest.split_first_chunk::<3>()?;
    refusal(code)?;
    let text = text.strip_prefix(b")")?;
    let text = text.strip_prefix(b": ").unwrap_or(text.get(..0)?);
    let end = ends_string(text).unwrap_or(text.len());
    Some(Quote::new(sign, Of::Told, Some(*code), without_tail(text.get(..end)?)))
}

/// `535): Authentication failed`, `550): Failed to add recipient "b@example.net" (5.1.1 no)`: the words before the
/// parentheses are the program's.
pub(super) fn labelled<'l>(sign: &'l [u8], rest: &'l [u8]) -> Option<Quote<'l>> {
    let (code, text) = rest.split_first_chunk::<3>()?;
    refusal(code)?;
    let text = text.strip_prefix(b")")?.trim_ascii_start().strip_prefix(b":")?.trim_ascii();
    let said = text.strip_suffix(b".").unwrap_or(text).strip_suffix(b")");
    let said = said.and_then(|text| text.get(memchr::memchr(b'(', text)? + 1..));
    let address = said.and_then(|_| text.split(|octet| *octet == b'"').nth(1));
    let quote = Quote::new(sign, Of::Told, Some(*code), said.unwrap_or(text.get(..0)?));
    Some(Quote { address: address.filter(|address| address.contains(&b'@')), ..quote })
}

/// `code: 550, response: 5.1.1 no)`, `550)`. In the brackets of `[SMTP: … (code: 550, response: 5.1.1 no)]` the
/// reply may go on in lines without its code.
pub(super) fn pear<'l>(before: &[u8], sign: &'l [u8], rest: &'l [u8]) -> Option<Quote<'l>> {
    let rest = rest.strip_prefix(b"code: ").unwrap_or(rest);
    let (code, text) = rest.split_first_chunk::<3>()?;
    refusal(code)?;
    let ended = memchr::memmem::find(text, b")]");
    if let Some(said) = text.strip_prefix(b", response: ")
        && ended.is_none()
        && has(before, "[SMTP: ")
    {
        let quote = Quote::new(sign, Of::Told, Some(*code), said);
        return Some(Quote { further: Some(End::Bracket), ..quote });
    }
    let end = ended.or_else(|| memchr::memrchr(b')', text));
    let text = text.get(..end?)?;
    let said = text.strip_prefix(b", response: ").unwrap_or(text.get(..0)?);
    Some(Quote::new(sign, Of::Told, Some(*code), said))
}

/// `Code:550, Msg:"5.1.1 no"`
pub(super) fn go_struct<'l>(sign: &'l [u8], rest: &'l [u8]) -> Option<Quote<'l>> {
    let rest = rest.strip_prefix(b"Code:")?.trim_ascii_start();
    let (code, rest) = rest.split_first_chunk::<3>()?;
    refusal(code)?;
    let rest = rest.strip_prefix(b", Msg:")?.trim_ascii_start();
    let quote = Quote::new(sign, Of::Told, Some(*code), literal(rest)?.inner);
    Some(Quote { escaped: true, ..quote })
}

/// lettre's `Debug`: the code's three digits are words (RFC 5321 §4.2.1).
pub(super) fn severity<'l>(sign: &'l [u8], rest: &'l [u8]) -> Option<Quote<'l>> {
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
pub(super) fn details<'l>(sign: &'l [u8], rest: &'l [u8]) -> Option<Quote<'l>> {
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
pub(super) fn status<'l>(before: &'l [u8], sign: &'l [u8], text: &'l [u8]) -> Option<Quote<'l>> {
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
pub(super) fn response<'l>(sign: &'l [u8], rest: &'l [u8]) -> Option<Quote<'l>> {
    let at = memchr::memmem::find(rest, b", response: ")?;
    let (code, behind) = rest.get(at + 12..)?.split_first_chunk::<3>()?;
    refusal(code)?;
    let ends = behind.first().is_none_or(|next| !next.is_ascii_alphanumeric());
    let host = rest.get(..memchr::memmem::find(rest, b", port: ")?)?;
    let text = rest.get(at + 12..at + 15)?;
    let quote = Quote::new(sign, Of::Greeting, None, text);
    ends.then_some(Quote { host: Some(host), ..quote })
}

/// `550`, where a program tells no more than the code.
pub(super) fn bare<'l>(
    before: &'l [u8],
    sign: &'l [u8],
    rest: &'l [u8],
    answered: Of,
) -> Option<Quote<'l>> {
    let text = rest.get(..3)?;
    refusal(text)?;
    // Where words follow, they are the server's, and another program quotes it.
    let behind = rest.get(3..)?.trim_ascii_end();
    let ends = behind.starts_with(b" (see ")
        || behind.first().is_none_or(|next| b"\"')].,;".contains(next));
    // `* RCPT failed: 550` is a row of curl's record, which tells the reply itself.
    let recorded = before.ends_with(b"* ") || before.ends_with(b"== Info: ");
    (ends && !recorded).then(|| Quote::new(sign, answered, None, text))
}

/// Whether a reply has an enhanced code of its own class (RFC 3463 §2).
pub(super) fn is_enhanced(text: &[u8]) -> bool {
    matches!(text, [own, _, _, _, class, b'.', b'0'..=b'9', ..] if own == class)
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
