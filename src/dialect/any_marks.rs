//! Any consistent pair of marks: a form that no dialect knows.
//!
//! ```text
//! server says | 220 mx.example.net ESMTP
//! client says | EHLO client.example
//! ```
//!
//! The marks are learnt from the record itself: what stands again and again before reply codes is the
//! server's, what stands before commands is the client's, whatever digits (times, numbers) change within
//! it. One side may be without a mark. Traps: a quotation mark before both sides is no mark of either.

use super::{
    Custom, Dialect, Reader, Reading, Say, Unmarked,
    escape::{backslash_lines, literal, token_lines},
    program_text::without_programs,
    telnet_unix,
};
use crate::transcript::{Fact, Mark};

pub(super) static DIALECT: Dialect = Dialect {
    name: "any-marks",
    about: "any consistent marks before the client's and the server's lines, learnt from the record",
    client: "any",
    server: "any",
    key: "",
    times: "never",
    unmarked: Unmarked::Both,
    custom: Custom::FirstIsClient,
    hints: &[],
    evidence: |_| false,
    reader: || Box::new(AnyMarks::default()),
};

/// How far into a line a mark may reach, in octets.
const LONGEST: usize = 96;

/// How far into a line a mark that ends with a quote may reach: many loggers write much before it.
const LONGEST_QUOTED: usize = 320;

/// How many different marks are kept apart while learning.
const MOST: usize = 64;

/// What stands before the text, with each run of digits as one `0`.
type Form = Vec<u8>;

#[derive(Debug, Default)]
struct AnyMarks {
    client: Vec<Form>,
    server: Vec<Form>,
    /// Whether a text is a command.
    is_command: Option<fn(&[u8]) -> bool>,
    /// The last line under a mark: the mark as it stood, and the text.
    last: Option<(Vec<u8>, Vec<u8>)>,
    /// A message is on its way: what follows may look like anything.
    message: bool,
    /// Messages are not in the record.
    hides: bool,
}

impl AnyMarks {
    /// Under which mark a line stands, and where its text begins.
    fn marked(&self, line: &[u8]) -> Option<(Mark, usize)> {
        let longest = |forms: &[Form]| forms.iter().filter_map(|form| matches(form, line)).max();
        match (longest(&self.client), longest(&self.server)) {
            (Some(client), Some(server)) if server > client => Some((Mark::Second, server)),
            (Some(client), _) => Some((Mark::First, client)),
            (None, Some(server)) => Some((Mark::Second, server)),
            (None, None) => None,
        }
    }

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

/// How the wire's line ending is written out.
const CRLF: &[u8] = br"\r\n";

/// How often a form stood before what each side says.
#[derive(Debug)]
struct Count {
    form: Form,
    commands: usize,
    replies: usize,
    /// The text was quoted, with the line ending of the wire escaped in it.
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
    for (before, reply, wire) in dialogue(lines.iter().copied(), is_command) {
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
            counts.push(Count { form, commands: 0, replies: 0, wire: false });
        }
        let place = place.unwrap_or(counts.len() - 1);
        if let Some(count) = counts.get_mut(place) {
            *(if reply { &mut count.replies } else { &mut count.commands }) += 1;
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

/// What stands before each command and each reply (`true`), and whether the text is the wire's, escaped; without those inside a message: from 354 on
/// anything may look like either, until the mark of the 354 comes again, or a dot.
fn dialogue<'l>(
    lines: impl Iterator<Item = &'l [u8]>,
    is_command: fn(&[u8]) -> bool,
) -> Vec<(&'l [u8], bool, bool)> {
    let mut found = Vec::new();
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
        found.push((before, reply, shows_wire(line, before)));
        if reply && text.starts_with(b"354") {
            message = Some((before, found.len()));
        }
    }
    found
}

const fn is_quote(octet: u8) -> bool {
    matches!(octet, b'"' | b'\'')
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

fn form(mark: &[u8]) -> Form {
    let mut form = Form::new();
    for octet in mark {
        if octet.is_ascii_digit() {
            if form.last() != Some(&b'0') {
                form.push(b'0');
            }
        } else {
            form.push(*octet);
        }
    }
    form
}

/// How many octets of the line the form takes; `None` where the line does not begin with it.
///
/// The blank at a mark's end may be missing where nothing follows it.
fn matches(form: &[u8], line: &[u8]) -> Option<usize> {
    let mut at = 0;
    for octet in form {
        match line.get(at) {
            Some(here) if *octet == b'0' && here.is_ascii_digit() => {
                at += line.iter().skip(at).take_while(|octet| octet.is_ascii_digit()).count();
            }
            Some(here) if here == octet => at += 1,
            None if *octet == b' ' => {}
            _ => return None,
        }
    }
    Some(at)
}

/// `354 End data with <CRLF>.<CRLF>`: a reply's own words, not how the line ends.
fn tells_of_the_end(text: &[u8]) -> bool {
    text.starts_with(b"354") && memchr::memmem::find(text, b"<CRLF>.<CRLF>").is_some()
}

impl Reader for AnyMarks {
    fn read(&mut self, line: &[u8], say: Say<'_>) -> bool {
        let Some((mark, at)) = self.marked(line) else {
            let word = line.split(|octet| *octet == b' ').next().unwrap_or_default();
            let talks = if self.message {
                self.hides
            } else {
                self.is_command.is_some_and(|test| test(line) || test(word))
            };
            if talks {
                say(Reading::remark(line));
            }
            return talks;
        };
        let text = line.get(at..).unwrap_or_default();
        let before = line.get(..at).unwrap_or_default();
        // The mark is quoted with the text, as in a list of lines in a program's source.
        let opening = before.trim_ascii_start().first().copied().filter(|octet| is_quote(*octet));
        let text = match (opening, before.last()) {
            (Some(quote), Some(last)) if !is_quote(*last) => {
                let end = text.trim_ascii_end();
                let end = end.strip_suffix(b",").unwrap_or(end);
                end.strip_suffix(&[quote]).unwrap_or(text)
            }
            _ => text,
        };
        if telnet_unix::marked(text, say) {
            return true;
        }
        if mark == Mark::Second {
            self.message = text.starts_with(b"354");
            if self.message && self.hides {
                say(Reading::tells(text.get(..0).unwrap_or_default(), Fact::BodyHidden(None)));
            }
        }
        // Some programs log what they read, and again what they took it for.
        let again = mark == Mark::First
            && self.last.as_ref().is_some_and(|(mark, last)| mark != before && last == text);
        if again && !text.is_empty() && !self.message {
            say(Reading::remark(line));
            return true;
        }
        self.last = Some((before.to_vec(), text.to_vec()));
        if before.ends_with(b"\\\"") {
            // Quoted twice over: only the end is looked for.
            let end = memchr::memmem::find(text, b"\\\"").unwrap_or(text.len());
            say(Reading::said(mark, text.get(..end).unwrap_or(text)));
        } else if before.last().copied().is_some_and(is_quote)
            && let Some(literal) = line.get(at - 1..).and_then(literal)
        {
            if literal.inner.is_empty() {
                say(Reading::said(mark, literal.inner));
            }
            for part in backslash_lines(literal.inner) {
                say(part.said(mark));
            }
        } else if memchr::memmem::find(text, b"<CRLF>").is_some() && !tells_of_the_end(text) {
            token_lines(text, b"<CRLF>", true).for_each(|part| say(part.said(mark)));
        } else if text.ends_with(b"\\n") {
            backslash_lines(text).for_each(|part| say(part.said(mark)));
        } else {
            say(Reading::said(mark, text));
        }
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is_command(text: &[u8]) -> bool {
        [&b"EHLO "[..], b"MAIL FROM:", b"QUIT"].iter().any(|verb| text.starts_with(verb))
    }

    fn sides(record: &str) -> Vec<(Mark, String)> {
        let mut reader = learn(record.lines().map(str::as_bytes), is_command).expect("marks");
        let mut said = Vec::new();
        for line in record.lines() {
            reader.read(line.as_bytes(), &mut |reading| {
                said.push((reading.mark, String::from_utf8_lossy(&reading.text).into_owned()));
            });
        }
        said
    }

    #[test]
    fn marks_with_changing_times_are_learnt() {
        let said = sides(
            "12:00:01 in| 220 mx.example.net\n12:00:02 out| EHLO c.example\n12:00:02 in| 250-mx.example.net\n\
             12:00:02 in| 250 HELP\n12:00:09 out| QUIT\n12:00:10 in| 221 Bye\n",
        );
        assert_eq!(said.len(), 6);
        assert_eq!(said.first(), Some(&(Mark::Second, "220 mx.example.net".to_owned())));
        assert_eq!(said.get(4), Some(&(Mark::First, "QUIT".to_owned())));
    }

    #[test]
    fn a_word_before_codes_in_a_message_is_no_mark() {
        let record = "220 mx.example.net\nEHLO c.example\n250 mx.example.net\nMAIL FROM:<a@c.example>\n\
            250 Ok\nnumber 250 is the code\nnumber 550 is the other\nQUIT\n221 Bye\n";
        assert!(learn(record.lines().map(str::as_bytes), is_command).is_none());
    }

    #[test]
    fn a_message_does_not_unmake_marks() {
        let said = sides(
            "[S] 220 mx.example.net\n[C] EHLO c.example\n[S] 250 mx.example.net\n[S] 354 go ahead\n\
             [C] 250 is a number\n[C] 550 too\n[C] .\n[S] 250 ok\n",
        );
        assert_eq!(said.get(4), Some(&(Mark::First, "250 is a number".to_owned())));
        assert_eq!(said.last(), Some(&(Mark::Second, "250 ok".to_owned())));
    }

    #[test]
    fn arrows_that_mirror_each_other_are_known_at_once() {
        for (client, server) in [(">>>", "<<<"), ("-->", "<--"), ("<=", "=>")] {
            let said = sides(&format!("{client} QUIT\n{server} 221 2.0.0 Bye\n"));
            assert_eq!(
                said,
                [(Mark::First, "QUIT".into()), (Mark::Second, "221 2.0.0 Bye".into())]
            );
        }
        let other = ["a> QUIT", "b> 221 2.0.0 Bye"];
        assert!(learn(other.iter().map(|line| line.as_bytes()), is_command).is_none());
    }

    #[test]
    fn quoted_text_is_unescaped() {
        let said = sides(
            "trace 11:02:03 peer=192.0.2.7 write=\"220 mx.example.net\\r\\n\" size=20\n\
             trace 11:02:03 peer=192.0.2.7 read=\"EHLO c.example\\r\\n\" size=16\n\
             trace 11:02:04 peer=192.0.2.7 write=\"250-mx.example.net\\r\\n250 HELP\\r\\n\" size=30\n",
        );
        assert_eq!(
            said,
            [
                (Mark::Second, "220 mx.example.net".to_owned()),
                (Mark::First, "EHLO c.example".to_owned()),
                (Mark::Second, "250-mx.example.net".to_owned()),
                (Mark::Second, "250 HELP".to_owned()),
            ]
        );
        let listed = "  \"S: 220 mx.example.net\",\n  \"C: EHLO c.example\",\n  \"S: 250 mx\",\n  \"C: QUIT\"\n";
        assert_eq!(sides(listed)[1], (Mark::First, "EHLO c.example".to_owned()));
        assert_eq!(sides(listed)[3], (Mark::First, "QUIT".to_owned()));
        let once = "IN: \"220 mx.example.net\\r\\n\"\nOUT: \"EHLO c.example\"\n";
        assert_eq!(sides(once).len(), 2);
        let shown = "in> 220 mx.example.net<CRLF>\nout> EHLO c.example\\r\\n\n\
            in> 250-mx.example.net<CRLF>250 HELP<CRLF>\n";
        assert_eq!(
            sides(shown).iter().map(|(_, text)| text.as_str()).collect::<Vec<_>>(),
            ["220 mx.example.net", "EHLO c.example", "250-mx.example.net", "250 HELP"]
        );
        let source = "push(\"220 mx.example.net\\r\\n\"\nsend(\"EHLO c.example\\r\\n\"\n";
        assert!(learn(source.lines().map(str::as_bytes), is_command).is_none());
        let source = "greets = \"220 mx.example.net\\r\\n\"\nhello = \"EHLO c.example\\r\\n\"\n";
        assert!(learn(source.lines().map(str::as_bytes), is_command).is_none());
    }

    #[test]
    fn a_quotation_mark_before_both_sides_is_no_mark() {
        let record =
            "> 220 mx.example.net\n> EHLO c.example\n> 250 mx.example.net\n> QUIT\n> 221 Bye\n";
        assert!(learn(record.lines().map(str::as_bytes), is_command).is_none());
    }

    #[test]
    fn line_endings_that_are_written_out_are_no_text() {
        let record = "7 in([192.0.2.7]) out: 220 mx\\r\\n\n7 in([192.0.2.7]) inp: EHLO a\\r\\n\n\
            7 in([192.0.2.7]) out: 250-mx\\r\\n250 OK\\r\\n\n7 in([192.0.2.7]) inp: QUIT\\r\\n\n\
            7 in([192.0.2.7]) out: 221 bye\\r\\n";
        let said = sides(record);
        let said: Vec<&str> = said.iter().map(|(_, text)| text.as_str()).collect();
        assert_eq!(said, ["220 mx", "EHLO a", "250-mx", "250 OK", "QUIT", "221 bye"]);
    }

    #[test]
    fn a_command_that_is_logged_twice_was_sent_once() {
        let record = "Sent: 220 mx.example.net\nRead: EHLO c.example\nTook: EHLO c.example\nSent: 250 mx\n\
            EHLO c.example is welcome\nRead: MAIL FROM:<a@b>\nTook: MAIL FROM:<a@b>\nSent: 250 ok\n\
            Read: QUIT\nTook: QUIT\nSent: 221 bye\n";
        let said = sides(record);
        let said: Vec<(Mark, &str)> =
            said.iter().map(|(mark, text)| (*mark, text.as_str())).collect();
        let commands: Vec<&str> =
            said.iter().filter(|(mark, _)| *mark == Mark::First).map(|(_, text)| *text).collect();
        assert_eq!(commands, ["EHLO c.example", "MAIL FROM:<a@b>", "QUIT"]);
        assert!(said.contains(&(Mark::Tool, "EHLO c.example is welcome")));
    }

    #[test]
    fn a_message_that_is_not_shown_is_none_of_the_programs_words() {
        let record = "Sent: 220 mx.example.net\nRead: EHLO c.example\nSent: 250 mx\nRead: DATA\n\
            DATA is called\nSent: 354 go\nParsing 264 octets\nSent: 250 ok\nRead: QUIT\nSent: 221 bye\n";
        let said = sides(record);
        let remarks: Vec<&str> = said
            .iter()
            .filter(|(mark, _)| *mark == Mark::Tool)
            .map(|(_, text)| text.as_str())
            .collect();
        assert_eq!(remarks, ["", "Parsing 264 octets"]);
        let shown = "Sent: 220 mx.example.net\nRead: EHLO c.example\nSent: 250 mx\nRead: QUIT\n\
            Sent: 354 go\nHello\n.\nSent: 250 ok\n";
        assert!(sides(shown).iter().all(|(mark, _)| *mark != Mark::Tool));
    }
}
