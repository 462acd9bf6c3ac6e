//! What stands before the lines of a dialogue, and how often before which side's.

use super::{
    apart,
    begins::text_begins,
    form::Form,
    inside::{Closing, ENDINGS, Inside, ending, is_quote},
};
use crate::dialect::escape::literal;

/// How many different marks are kept apart while learning.
const MOST: usize = 64;

/// How many values a word may have that tells the sides apart.
const FEW: usize = 4;

/// A line of the dialogue.
#[derive(Debug, Clone, Copy)]
pub(super) struct Found<'l> {
    /// What stands before its text.
    pub(super) before: &'l [u8],
    pub(super) text: &'l [u8],
    pub(super) reply: bool,
    /// It is the reply before, under another mark.
    echo: bool,
    /// The text is the wire's, escaped.
    wire: bool,
    /// The code stands apart from the text.
    apart: bool,
    closing: Closing,
    /// The line's ending, written out.
    ending: Option<&'static str>,
}

/// How often a form stood before what each side says.
#[derive(Debug)]
pub(super) struct Count {
    pub(super) form: Form,
    /// What of it tells the sides apart, as it stood first: behind the prefix of all lines.
    pub(super) mark: Vec<u8>,
    /// It is several words without a sign at the end, as in prose.
    pub(super) words: bool,
    pub(super) commands: usize,
    pub(super) replies: usize,
    /// How many of the replies are the one before, said again under this mark.
    pub(super) echoes: usize,
    /// Among the replies are some that every dialogue has.
    pub(super) usual: bool,
    /// The text was quoted, with the line ending of the wire escaped in it.
    pub(super) wire: bool,
    /// How many of the replies have their codes apart from their texts.
    pub(super) apart: usize,
    /// How many of the texts were closed by a sign that goes with the one before them.
    closed: usize,
}

impl Count {
    pub(super) const fn all(&self) -> usize {
        self.commands + self.replies
    }

    /// How many lines are of that side, and how many of the other.
    pub(super) const fn sides(&self, client: bool) -> (usize, usize) {
        if client { (self.commands, self.replies) } else { (self.replies, self.commands) }
    }

    pub(super) const fn is_closed(&self) -> bool {
        self.closed * 10 >= self.all() * 9
    }
}

/// All that was counted.
#[derive(Debug, Default)]
pub(super) struct Tally {
    pub(super) counts: Vec<Count>,
    /// What stands before the lines of both sides.
    pub(super) prefix: Form,
    /// Behind it, signs or quotation marks stand around the texts.
    pub(super) framed: bool,
    /// They are quotation marks with nothing else before them, as around the strings of a program.
    pub(super) strings: bool,
    /// How many commands and replies have nothing before them but the prefix.
    pub(super) bare_commands: usize,
    pub(super) bare_replies: usize,
    /// How many texts show each of the endings, and how many there are.
    endings: [usize; ENDINGS.len()],
    found: usize,
}

impl Tally {
    pub(super) fn of(found: &[Found<'_>]) -> Self {
        let mut groups = groups(found);
        let prefix = prefix(&mut groups);
        let mut tally = Self { prefix, ..Self::default() };
        let mut framed = 0;
        for group in &groups {
            let mut count = Count {
                form: group.form.clone(),
                mark: Vec::new(),
                words: false,
                commands: 0,
                replies: 0,
                echoes: 0,
                usual: false,
                wire: false,
                apart: 0,
                closed: 0,
            };
            for found in &group.found {
                *(if found.reply { &mut count.replies } else { &mut count.commands }) += 1;
                count.echoes += usize::from(found.echo);
                count.usual |= found.reply
                    && (found.text.starts_with(b"220") || found.text.starts_with(b"250"));
                count.wire |= found.wire;
                count.apart += usize::from(found.apart);
                count.closed += usize::from(matches!(found.closing, Closing::Sign | Closing::Tag));
            }
            let Some(first) = group.found.first() else { continue };
            let before = first.before;
            if before.trim_ascii().is_empty() || group.form == tally.prefix {
                tally.bare_commands += count.commands;
                tally.bare_replies += count.replies;
                let quoted =
                    group.found.iter().filter(|found| found.closing == Closing::Quote).count();
                framed += count.closed + quoted;
                tally.strings |= quoted > 0 && !before.iter().any(u8::is_ascii_alphanumeric);
                continue;
            }
            let mark = before.get(tally.prefix.front(before).unwrap_or(0)..).unwrap_or_default();
            if may_mark(before) {
                count.mark = mark.to_vec();
                count.words = !is_sign_or_word(mark);
                tally.counts.push(count);
            }
        }
        let bare = tally.bare_commands + tally.bare_replies;
        tally.framed = bare > 0 && framed * 10 >= bare * 9;
        tally.found = found.len();
        for found in found {
            let place = ENDINGS.iter().position(|ending| Some(*ending) == found.ending);
            if let Some(count) = place.and_then(|place| tally.endings.get_mut(place)) {
                *count += 1;
            }
        }
        tally
    }

    /// How the record writes out the endings of lines.
    pub(super) fn ending(&self) -> Option<&'static str> {
        let most = self.endings.iter().zip(ENDINGS).max_by_key(|(count, _)| **count);
        most.filter(|(count, _)| **count >= 2 && *count * 5 >= self.found * 3)
            .map(|(_, ending)| *ending)
    }
}

/// Lines of the dialogue before which the same form stands.
struct Group<'f, 'l> {
    form: Form,
    found: Vec<&'f Found<'l>>,
}

impl Group<'_, '_> {
    fn is_mixed(&self) -> bool {
        let replies = self.found.iter().filter(|found| found.reply).count();
        replies >= 2 && self.found.len() - replies >= 2
    }
}

fn groups<'f, 'l>(found: &'f [Found<'l>]) -> Vec<Group<'f, 'l>> {
    let mut groups: Vec<Group<'_, '_>> = Vec::new();
    for found in found {
        let form = Form::of(found.before);
        let place = groups.iter().position(|group| group.form == form);
        if place.is_none() && groups.len() < MOST {
            groups.push(Group { form, found: Vec::new() });
        }
        let place = place.unwrap_or(groups.len() - 1);
        if let Some(group) = groups.get_mut(place) {
            group.found.push(found);
        }
    }
    groups
        .into_iter()
        .flat_map(|group| if group.is_mixed() { parted(group) } else { vec![group] })
        .collect()
}

/// A group of both sides, parted by a word in which only numbers differ: `10.0.0.2:25 -> 10.0.0.1:43210`. Times and
/// counters have more values than two sides have, or both sides share them.
fn parted<'f, 'l>(group: Group<'f, 'l>) -> Vec<Group<'f, 'l>> {
    let blank = |octet: &u8| matches!(octet, b' ' | b'\t');
    let words = |before: &'l [u8]| before.split(blank);
    let Some(first) = group.found.first() else { return vec![group] };
    let all = words(first.before).count();
    for index in 0..all {
        let mut parts: Vec<(&[u8], Vec<&'f Found<'l>>)> = Vec::new();
        for found in &group.found {
            let Some(word) = words(found.before).nth(index) else { break };
            match parts.iter_mut().find(|(known, _)| *known == word) {
                Some((_, part)) => part.push(found),
                None => parts.push((word, vec![found])),
            }
            if parts.len() > FEW {
                break;
            }
        }
        let pure = |part: &[&Found<'_>]| {
            let reply = part.first().is_some_and(|found| found.reply);
            part.iter().all(|found| found.reply == reply)
        };
        let told: usize = parts.iter().map(|(_, part)| part.len()).sum();
        if told == group.found.len() && parts.len() > 1 && parts.iter().all(|(_, part)| pure(part))
        {
            let part = |(word, found): (&'l [u8], Vec<&'f Found<'l>>)| {
                let before = found.first().map_or(&b""[..], |found| found.before);
                let start: usize = words(before).take(index).map(|word| word.len() + 1).sum();
                let (head, rest) = before.split_at_checked(start).unwrap_or((before, b""));
                let behind = rest.get(word.len()..).unwrap_or_default();
                Group { form: Form::with_word(head, word, behind), found }
            };
            return parts.into_iter().map(part).collect();
        }
    }
    vec![group]
}

/// What nearly all lines with something before them begin with: a logger's words, and no mark of a side.
fn prefix(groups: &mut [Group<'_, '_>]) -> Form {
    groups.sort_by_key(|group| std::cmp::Reverse(group.found.len()));
    let before = |group: &&Group<'_, '_>| {
        group.found.first().is_some_and(|found| !found.before.trim_ascii().is_empty())
    };
    let written = || groups.iter().filter(before);
    let all: usize = written().map(|group| group.found.len()).sum();
    let (mut covered, mut used) = (0, 0);
    let mut prefix: Option<Form> = None;
    // One side's marks have a beginning of their own.
    let replies = |group: &Group<'_, '_>| group.found.iter().filter(|found| found.reply).count();
    let heard: usize = written().map(replies).sum();
    if heard == 0 || heard == all {
        return Form::default();
    }
    for group in written() {
        if covered * 10 >= all * 9 {
            break;
        }
        covered += group.found.len();
        used += 1;
        prefix = Some(match prefix {
            Some(prefix) => prefix.common(&group.form),
            None => group.form.clone(),
        });
    }
    let lone = used == 1 && written().next().is_some_and(|group| !group.is_mixed());
    prefix.filter(|_| !lone).unwrap_or_default()
}

/// Each command and each reply, without those inside a message: from 354 on anything may look like either, until the
/// mark of the 354 comes again, or a dot.
pub(super) fn dialogue<'l>(
    lines: impl Iterator<Item = &'l [u8]>,
    is_command: fn(&[u8]) -> bool,
) -> Vec<Found<'l>> {
    let mut found = Vec::new();
    let mut last: Option<(&[u8], &[u8])> = None;
    // The mark before 354, and how much was found before the message.
    let mut message: Option<(&[u8], usize)> = None;
    for line in lines {
        let whole = text_begins(line, is_command);
        let apart = if whole.is_none() { apart::begins(line) } else { None };
        let begins = whole.or_else(|| apart.map(|at| (at, true))).and_then(|(at, reply)| {
            let (before, text) = line.split_at_checked(at)?;
            Some((before, text, reply))
        });
        if let Some((mark, sound)) = message {
            let again = begins
                .is_some_and(|(before, _, reply)| reply && Form::of(before) == Form::of(mark));
            if again || is_dot(line) {
                found.truncate(sound);
                message = None;
            }
        }
        let Some((before, rest, reply)) = begins else { continue };
        let echo = reply && last.is_some_and(|(mark, said)| mark != before && said == rest);
        last = reply.then_some((before, rest));
        let Inside { text, closing } = Inside::of(line, before.len());
        let (wire, ending) = (shows_wire(line, before), ending(text.trim_ascii_end()));
        let apart = apart.is_some();
        found.push(Found { before, text, reply, echo, wire, apart, closing, ending });
        if reply && text.starts_with(b"354") {
            message = Some((before, found.len()));
        }
    }
    found
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

/// The line is the dot that ends a message, behind a mark or without one.
pub(super) fn is_dot(line: &[u8]) -> bool {
    let line = line.trim_ascii_end();
    let before = line.strip_suffix(b".").and_then(|before| before.split_last());
    line == b"."
        || before.is_some_and(|(last, _)| matches!(last, b' ' | b'\t' | b':' | b'>' | b'|'))
}

/// Whether what stands before a text may be a mark, or hold one.
fn may_mark(before: &[u8]) -> bool {
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
    behind.is_none_or(|code| !matches!(code.trim_ascii_end().last(), Some(b',' | b';')))
        && memchr::memmem::find(before, b" HTTP/").is_none()
}

/// Whether a mark ends with a sign, or is a single word.
fn is_sign_or_word(mark: &[u8]) -> bool {
    let mark = mark.trim_ascii();
    mark.last().is_some_and(|octet| octet.is_ascii_punctuation() || !octet.is_ascii())
        || !mark.iter().any(u8::is_ascii_whitespace)
}
