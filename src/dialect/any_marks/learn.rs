//! Which marks a record has: what stands again and again before replies, and before commands.

use super::{AnyMarks, Form, form, is_quote};
use crate::{
    dialect::{Reader, escape::literal, program_text::without_programs},
    transcript::Mark,
};

/// How far into a line a mark may reach, in octets.
const LONGEST: usize = 96;

/// How far into a line a mark that ends with a quote may reach: many loggers write much before it.
const LONGEST_QUOTED: usize = 320;

/// How many different marks are kept apart while learning.
const MOST: usize = 64;

/// How the wire's line ending is written out.
const CRLF: &[u8] = br"\r\n";

/// How often a form stood before what each side says.
#[derive(Debug)]
struct Count {
    form: Form,
    commands: usize,
    replies: usize,
    /// How many of the replies are the one before, said again under this mark.
    echoes: usize,
    /// The text was quoted, with the line ending of the wire escaped in it.
    wire: bool,
}

/// A line of the dialogue.
struct Found<'l> {
    /// What stands before its text.
    before: &'l [u8],
    reply: bool,
    /// It is the reply before, under another mark.
    echo: bool,
    /// The text is the wire's, escaped.
    wire: bool,
}

/// Learns the marks of a record from its lines; `is_command` tells whether a text is a command.
///
/// `None` where no pair of marks stands out.
pub(crate) fn learn<'l>(
    lines: impl Iterator<Item = &'l [u8]>,
    is_command: fn(&[u8]) -> bool,
) -> Option<Box<dyn Reader>> {
    let lines: Vec<&[u8]> = lines.collect();
    let lines = without_programs(&lines);
    let mut counts: Vec<Count> = Vec::new();
    let (mut bare_commands, mut bare_replies) = (0, 0);
    for found in dialogue(lines.iter().copied(), is_command) {
        let Found { before, reply, echo, wire } = found;
        if before.trim_ascii().is_empty() {
            *(if reply { &mut bare_replies } else { &mut bare_commands }) += 1;
            continue;
        }
        if !is_mark(before) {
            continue;
        }
        let form = form(before);
        let place = counts.iter().position(|count| count.form == form);
        if place.is_none() && counts.len() < MOST {
            counts.push(Count { form, commands: 0, replies: 0, echoes: 0, wire: false });
        }
        let place = place.unwrap_or(counts.len() - 1);
        if let Some(count) = counts.get_mut(place) {
            *(if reply { &mut count.replies } else { &mut count.commands }) += 1;
            count.echoes += usize::from(echo);
            count.wire |= wire;
        }
    }
    // Where the dialogue itself is in the record, a tool that quotes its lines talks about them.
    let bare = bare_replies >= 2;
    let quotes = |form: &Form| form.last().copied().is_some_and(is_quote);
    let sided = |client: bool| -> Vec<Form> {
        counts
            .iter()
            .filter(|count| !(bare && quotes(&count.form)))
            // A program that tells of each refusal what was refused says nothing new.
            .filter(|count| client || count.echoes < count.replies.max(1))
            .filter(|count| {
                let (own, other) = if client {
                    (count.commands, count.replies)
                } else {
                    (count.replies, count.commands)
                };
                own >= 2 && other * 8 <= own
                    || (client || count.wire)
                        && own == 1
                        && other == 0
                        && !assigns(&count.form)
                        && !is_bullet(&count.form)
            })
            .map(|count| count.form.clone())
            .collect()
    };
    let marks = |client, server| AnyMarks { client, server, ..AnyMarks::default() };
    let mut learnt = marks(sided(true), sided(false));
    if learnt.client.is_empty() || learnt.server.is_empty() {
        // Two arrows that mirror each other are marks even in a short excerpt.
        let arrows = counts.iter().find_map(|client| {
            let server = counts.iter().find(|server| {
                mirror(&client.form, &server.form)
                    && client.replies + server.commands == 0
                    && client.commands.min(server.replies) > 0
            })?;
            Some((client.form.clone(), server.form.clone()))
        });
        if let Some((client, server)) = arrows {
            learnt = marks(vec![client], vec![server]);
        }
    }
    // Whoever marks a side marks all of it: a word that stands before a few is a part of the text.
    let marked = |forms: &[Form], of: fn(&Count) -> usize| -> usize {
        counts.iter().filter(|count| forms.contains(&count.form)).map(of).sum()
    };
    let client = !learnt.client.is_empty()
        && marked(&learnt.client, |count| count.commands) >= bare_commands;
    let server =
        !learnt.server.is_empty() && marked(&learnt.server, |count| count.replies) >= bare_replies;
    let both = client && server;
    let client_only = client && bare_replies >= 2 && bare_commands <= bare_replies;
    let server_only = server && bare_commands >= 2;
    // A dialogue without marks stands beside the one that arrows mark.
    let beside = !both && arrows_both_ways(&counts, &learnt);
    // Where both sides are marked, whatever else looks like a command is the program's own words; unless whoever
    // marked the lines gave it up.
    let given_up = bare_commands >= 2 && bare_replies >= 2;
    learnt.is_command = (both && !given_up).then_some(is_command);
    learnt.hides = both && learnt.hides_messages(&lines);
    let printed = bare_commands + bare_replies == 0 && prints_octets(&lines, &learnt, &counts);
    (both || client_only || server_only || beside || printed)
        .then(|| Box::new(learnt) as Box<dyn Reader>)
}

/// Whether a program prints what it read, as Python shows octets, and nothing of what it sent: `b'220 mx\r\n'` and
/// nothing else on these lines.
fn prints_octets(lines: &[&[u8]], learnt: &AnyMarks, counts: &[Count]) -> bool {
    let shown =
        |line: &[u8]| matches!(line, [b'b', quote, .., last] if is_quote(*quote) && quote == last);
    let octets =
        |count: &Count| count.commands == 0 && matches!(count.form.as_slice(), b"b'" | b"b\"");
    learnt.client.is_empty()
        && !learnt.server.is_empty()
        && counts.iter().all(|count| is_bullet(&count.form) || octets(count))
        && lines
            .iter()
            .filter(|line| line.starts_with(b"b'"))
            .all(|line| shown(line.trim_ascii_end()))
}

/// Whether the marks are two arrows that mirror each other, with commands under the one and replies under the other.
fn arrows_both_ways(counts: &[Count], learnt: &AnyMarks) -> bool {
    let ([client], [server]) = (learnt.client.as_slice(), learnt.server.as_slice()) else {
        return false;
    };
    let pure = |form: &Form| {
        let count = counts.iter().find(|count| count.form == *form);
        count.is_some_and(|count| {
            count.commands.max(count.replies) >= 2 && count.commands.min(count.replies) == 0
        })
    };
    mirror(client, server) && pure(client) && pure(server)
}

/// Each command and each reply, without those inside a message: from 354 on anything may look like either, until the
/// mark of the 354 comes again, or a dot.
fn dialogue<'l>(
    lines: impl Iterator<Item = &'l [u8]>,
    is_command: fn(&[u8]) -> bool,
) -> Vec<Found<'l>> {
    let mut found = Vec::new();
    let mut last: Option<(&[u8], &[u8])> = None;
    // The mark before 354, and how much was found before the message.
    let mut message: Option<(&[u8], usize)> = None;
    for line in lines {
        let begins = text_begins(line, is_command).and_then(|(at, reply)| {
            let (before, text) = line.split_at_checked(at)?;
            Some((before, text, reply))
        });
        if let Some((mark, sound)) = message {
            let again =
                begins.is_some_and(|(before, _, reply)| reply && form(before) == form(mark));
            if again || is_dot(line) {
                found.truncate(sound);
                message = None;
            }
        }
        let Some((before, text, reply)) = begins else { continue };
        let echo = reply && last.is_some_and(|(mark, said)| mark != before && said == text);
        last = reply.then_some((before, text));
        found.push(Found { before, reply, echo, wire: shows_wire(line, before) });
        if reply && text.starts_with(b"354") {
            message = Some((before, found.len()));
        }
    }
    found
}

impl AnyMarks {
    /// Whether the server answers messages of which no line is there: neither one under the client's mark nor the
    /// dot. What stands in their places is the program's own.
    fn hides_messages(&self, lines: &[&[u8]]) -> bool {
        let (mut message, mut hidden) = (false, false);
        for line in lines {
            match self.marked(line) {
                Some((Mark::Second, at)) => {
                    hidden |= message;
                    message = line.get(at..).is_some_and(|text| text.starts_with(b"354"));
                }
                Some(_) if message => return false,
                None if message && is_dot(line) => return false,
                _ => {}
            }
        }
        hidden
    }
}

/// Whether what stands between the quote at a mark's end and the next one ends with the wire's line ending,
/// escaped. In a program's source, something would be called.
fn shows_wire(line: &[u8], before: &[u8]) -> bool {
    let Some(last) = before.len().checked_sub(1) else { return false };
    let quoted = before.get(last).copied().is_some_and(is_quote) && !before.contains(&b'(');
    quoted
        && line
            .get(last..)
            .and_then(literal)
            .is_some_and(|literal| literal.closed && literal.inner.ends_with(b"\\n"))
}

/// Whether a quoted text is given to a name, as in a program's source: `greeting = "220 mx"`.
fn assigns(form: &Form) -> bool {
    form.split_last().is_some_and(|(last, before)| is_quote(*last) && before.ends_with(b"= "))
}

/// The sign before an item of a list.
fn is_bullet(form: &Form) -> bool {
    matches!(form.trim_ascii(), b"-" | b"*" | b"+" | b"0." | b"0)")
}

/// The line is the dot that ends a message, behind a mark or without one.
fn is_dot(line: &[u8]) -> bool {
    let line = line.trim_ascii_end();
    let before = line.strip_suffix(b".").and_then(|before| before.split_last());
    line == b"."
        || before.is_some_and(|(last, _)| matches!(last, b' ' | b'\t' | b':' | b'>' | b'|'))
}

/// Whether these are arrows of which one points the other way: `-->` and `<--`, `>>>` and `<<<`.
fn mirror(one: &[u8], other: &[u8]) -> bool {
    let (one, other) = (one.trim_ascii(), other.trim_ascii());
    let swapped = one.iter().rev().map(|octet| match octet {
        b'<' => b'>',
        b'>' => b'<',
        other => *other,
    });
    one.iter().all(|octet| matches!(octet, b'<' | b'>' | b'-' | b'=' | b'~'))
        && one != other
        && swapped.eq(other.iter().copied())
}

/// Where the text of a marked line begins, and whether it is a reply: the first place behind a mark from
/// which on the line is a reply or a command.
fn text_begins(line: &[u8], is_command: fn(&[u8]) -> bool) -> Option<(usize, bool)> {
    let mut boundary = true;
    for (at, octet) in line.iter().enumerate().take(LONGEST_QUOTED) {
        let rest = line.get(at..)?;
        if boundary {
            if is_reply(rest) {
                return Some((at, true));
            }
            let bare = rest.strip_suffix(CRLF).unwrap_or(rest);
            if octet.is_ascii_alphabetic()
                && (is_command(unquoted(line, at).unwrap_or(bare)) || lost_its_address(bare))
            {
                return Some((at, false));
            }
        }
        boundary = matches!(
            octet,
            b' ' | b'\t' | b'>' | b'<' | b':' | b'|' | b'"' | b'\'' | b']' | b')' | b'='
        ) && (at < LONGEST || is_quote(*octet));
    }
    None
}

/// `MAIL FROM:` and nothing else: a forum took `<a@b>` for markup.
fn lost_its_address(text: &[u8]) -> bool {
    let text = text.trim_ascii_end();
    text.eq_ignore_ascii_case(b"MAIL FROM:") || text.eq_ignore_ascii_case(b"RCPT TO:")
}

/// What stands between the quote before `at` and the next one, without the wire's line ending.
fn unquoted(line: &[u8], at: usize) -> Option<&[u8]> {
    let quote =
        at.checked_sub(1).filter(|before| line.get(*before).copied().is_some_and(is_quote))?;
    let mut inner = literal(line.get(quote..)?)?.inner;
    for escape in [b"\\n", b"\\r"] {
        inner = inner.strip_suffix(escape).unwrap_or(inner);
    }
    Some(inner)
}

/// Whether this may be a mark: it ends with a sign, or is a single word.
fn is_mark(before: &[u8]) -> bool {
    let before = before.trim_ascii();
    // What stands in a sentence between backticks.
    if before.starts_with(b"`") && before.len() > 1 {
        return false;
    }
    // In a program's source, something is called with the text.
    if before.ends_with(b"('") || before.ends_with(b"(\"") {
        return false;
    }
    // A remark behind a statement; what a web server answered to a request.
    let behind = before.strip_suffix(b"#").or_else(|| before.strip_suffix(b"//"));
    if behind.is_some_and(|code| matches!(code.trim_ascii_end().last(), Some(b',' | b';')))
        || memchr::memmem::find(before, b" HTTP/").is_some()
    {
        return false;
    }
    before.last().is_some_and(u8::is_ascii_punctuation)
        || !before.iter().any(u8::is_ascii_whitespace)
}

/// A reply code with a separator and some text, or alone at the end of the line.
fn is_reply(rest: &[u8]) -> bool {
    let [b'2'..=b'5', b'0'..=b'5', third, tail @ ..] = rest else { return false };
    third.is_ascii_digit()
        && match tail.split_first() {
            None => true,
            Some((b'-', text)) => text.first().is_some_and(|octet| !octet.is_ascii_digit()),
            Some((b' ', text)) => text.iter().any(u8::is_ascii_alphabetic),
            Some(_) => false,
        }
}
