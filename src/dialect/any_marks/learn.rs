//! Which marks a record has: what stands again and again before replies, and before commands.

use super::{
    AnyMarks, Known, Texts, behind,
    count::{Count, Found, Tally, dialogue, is_dot},
    inside::is_quote,
};
use crate::{
    dialect::{Reader, program_text::without_programs},
    transcript::Mark,
};

/// Learns the marks of a record from its lines; `is_command` tells whether a text is a command, and `alone` whether
/// nobody else reads in the record.
///
/// `None` where no pair of marks stands out.
pub(crate) fn learn<'l>(
    lines: impl Iterator<Item = &'l [u8]>,
    is_command: fn(&[u8]) -> bool,
    alone: bool,
) -> Option<Box<dyn Reader>> {
    let lines: Vec<&[u8]> = lines.collect();
    let lines = without_programs(&lines);
    let found = dialogue(lines.iter().copied(), is_command);
    let tally = Tally::of(&found);
    let learnt = Learnt { lines: &lines, tally: &tally, is_command };
    let reader = learnt
        .marks()
        .or_else(|| learnt.words())
        .or_else(|| behind::learn(&lines, is_command).filter(|_| alone))
        .or_else(|| learnt.half(&found).filter(|_| alone))
        .or_else(|| learnt.frame().filter(|_| alone));
    let mut reader = reader?;
    reader.ending = tally.ending();
    Some(Box::new(reader))
}

/// What was counted, and what follows from it.
struct Learnt<'a, 'l> {
    lines: &'a [&'l [u8]],
    tally: &'a Tally,
    is_command: fn(&[u8]) -> bool,
}

impl Learnt<'_, '_> {
    /// Marks that show by themselves: a sign at the end, or a single word.
    fn marks(&self) -> Option<AnyMarks> {
        let Tally { counts, bare_commands, bare_replies, .. } = self.tally;
        let (bare_commands, bare_replies) = (*bare_commands, *bare_replies);
        let plain = |count: &&Count| !count.words;
        // Where the dialogue itself is in the record, a tool that quotes its lines talks about them.
        let bare = bare_replies >= 2;
        let quotes = |count: &Count| count.mark.last().copied().is_some_and(is_quote);
        let sided = |client: bool| -> Vec<&Count> {
            counts
                .iter()
                .filter(plain)
                .filter(|count| !(bare && quotes(count)))
                // A program that tells of each refusal what was refused says nothing new.
                .filter(|count| client || count.echoes < count.replies.max(1))
                .filter(|count| {
                    let (own, other) = count.sides(client);
                    own >= 2 && other * 8 <= own
                        || (client || count.wire)
                            && own == 1
                            && other == 0
                            && !assigns(count)
                            && !is_bullet(count)
                })
                .collect()
        };
        let (mut client, mut server) = (sided(true), without_codes_apart(sided(false)));
        if client.is_empty() || server.is_empty() {
            // Two arrows that mirror each other are marks even in a short excerpt.
            let arrows = counts.iter().filter(plain).find_map(|one| {
                let other = counts.iter().filter(plain).find(|other| {
                    mirror(&one.mark, &other.mark)
                        && one.replies + other.commands == 0
                        && one.commands.min(other.replies) > 0
                })?;
                Some((one, other))
            });
            if let Some((one, other)) = arrows {
                (client, server) = (vec![one], vec![other]);
            }
        }
        // Whoever marks a side marks all of it: a word that stands before a few is a part of the text.
        let commands: usize = client.iter().map(|count| count.commands).sum();
        let replies: usize = server.iter().map(|count| count.replies).sum();
        let by_client = !client.is_empty() && commands >= bare_commands;
        let by_server = !server.is_empty() && replies >= bare_replies;
        let both = by_client && by_server;
        let client_only = by_client && bare_replies >= 2 && bare_commands <= bare_replies;
        let server_only = by_server && bare_commands >= 2;
        // A dialogue without marks stands beside the one that arrows mark.
        let beside = !both && arrows_both_ways(&client, &server);
        let printed = bare_commands + bare_replies == 0
            && client.is_empty()
            && !server.is_empty()
            && self.prints_octets();
        (both || client_only || server_only || beside || printed)
            .then(|| self.reader(&client, &server, both))
    }

    /// Marks of several words, or of one behind a prefix: `INFO sent 250 ok`. They count where both sides have them
    /// and nearly all of the dialogue stands behind them.
    fn words(&self) -> Option<AnyMarks> {
        let Tally { counts, bare_commands, bare_replies, .. } = self.tally;
        let sided = |client: bool| -> Vec<&Count> {
            let pure = |count: &&Count| {
                let (own, other) = count.sides(client);
                own >= 2 && other == 0 && !is_bullet(count) && (client || count.usual)
            };
            counts.iter().filter(pure).collect()
        };
        let (client, server) = (sided(true), without_codes_apart(sided(false)));
        let sum = |counts: &[&Count]| -> usize { counts.iter().map(|count| count.all()).sum() };
        let all: usize = counts.iter().map(Count::all).sum();
        let bare = |own: &[&Count], bare: usize| if own.is_empty() { bare >= 2 } else { bare == 0 };
        let covered = (sum(&client) + sum(&server) + bare_commands + bare_replies) * 5
            >= (all + bare_commands + bare_replies) * 4;
        let told = bare(&client, *bare_commands) && bare(&server, *bare_replies);
        let both = !client.is_empty() && !server.is_empty();
        let none = client.is_empty() && server.is_empty();
        let one = !(both || none || self.tally.prefix.is_empty());
        (told && covered && (both || one)).then(|| self.reader(&client, &server, both))
    }

    /// One side's lines alone, under one mark: a greeting and what is said again and again, or the commands of a
    /// whole transaction.
    fn half(&self, found: &[Found<'_>]) -> Option<AnyMarks> {
        let Tally { counts, bare_commands, bare_replies, .. } = self.tally;
        let most = counts.iter().max_by_key(|count| count.all())?;
        let stray = counts.iter().map(Count::all).sum::<usize>() - most.all();
        // The strings of a program's list.
        let strings = most.mark.last().copied().is_some_and(is_quote)
            && !most.mark.iter().any(u8::is_ascii_alphanumeric);
        let beside = bare_commands + bare_replies + stray > 1;
        if beside || strings || most.apart > 0 || is_bullet(most) || most.all() < 3 {
            return None;
        }
        let begin = |start: &[u8]| {
            let begins = |found: &&Found<'_>| {
                let begin = found.text.get(..start.len());
                begin.is_some_and(|begin| begin.eq_ignore_ascii_case(start))
            };
            found.iter().filter(begins).count()
        };
        if most.replies == 0 {
            let whole = begin(b"EHLO ") + begin(b"HELO ") > 0 && begin(b"MAIL FROM:") > 0;
            return whole.then(|| self.reader(&[most], &[], false));
        }
        // A list of what codes mean names each of them once.
        let again = begin(b"250") >= 2 && begin(b"220") > 0;
        (most.commands == 0 && again).then(|| self.reader(&[], &[most], false))
    }

    /// No marks, but the same words, quotation marks or brackets around each line, or the line endings of the wire
    /// written out behind each.
    fn frame(&self) -> Option<AnyMarks> {
        let Tally { counts, bare_commands, bare_replies, .. } = self.tally;
        let both = *bare_commands >= 2 && *bare_replies >= 2;
        let stray: usize = counts.iter().map(Count::all).sum();
        let Tally { framed, prefix, .. } = self.tally;
        let framed = *framed || self.tally.ending().is_some() || prefix.has_word();
        (both && framed && !self.tally.strings && stray * 4 <= bare_commands + bare_replies)
            .then(|| self.reader(&[], &[], false))
    }

    fn reader(&self, client: &[&Count], server: &[&Count], both: bool) -> AnyMarks {
        let known = |counts: &[&Count]| -> Vec<Known> {
            let texts = |count: &Count| Texts { closed: count.is_closed(), apart: count.apart > 0 };
            let known = |count: &&Count| Known { form: count.form.clone(), texts: texts(count) };
            counts.iter().map(known).collect()
        };
        let mut learnt = AnyMarks {
            client: known(client),
            server: known(server),
            prefix: Known {
                form: self.tally.prefix.clone(),
                texts: Texts { closed: self.tally.framed, apart: false },
            },
            both,
            ..AnyMarks::default()
        };
        // Where both sides are marked, whatever else looks like a command is the program's own words; unless whoever
        // marked the lines gave it up.
        let given_up = self.tally.bare_commands >= 2 && self.tally.bare_replies >= 2;
        learnt.is_command = (both && !given_up).then_some(self.is_command);
        learnt.hides = both && learnt.hides_messages(self.lines);
        learnt
    }

    /// Whether a program prints what it read, as Python shows octets, and nothing of what it sent: `b'220 mx\r\n'` and
    /// nothing else on these lines.
    fn prints_octets(&self) -> bool {
        let shown = |line: &[u8]| matches!(line, [b'b', quote, .., last] if is_quote(*quote) && quote == last);
        let octets =
            |count: &Count| count.commands == 0 && matches!(count.mark.as_slice(), b"b'" | b"b\"");
        self.tally
            .counts
            .iter()
            .filter(|count| !count.words)
            .all(|count| is_bullet(count) || octets(count))
            && self
                .lines
                .iter()
                .filter(|line| line.starts_with(b"b'"))
                .all(|line| shown(line.trim_ascii_end()))
    }
}

/// The server's marks without those before codes that stand apart from their texts, where these may be something else,
/// or where the replies are shown as they came, too.
fn without_codes_apart(mut server: Vec<&Count>) -> Vec<&Count> {
    let whole = server.iter().any(|count| count.apart == 0);
    server.retain(|count| {
        count.apart == 0
            || !whole && count.usual && count.apart == count.replies && count.replies >= 3
    });
    server
}

/// Whether the marks are two arrows that mirror each other, with commands under the one and replies under the other.
fn arrows_both_ways(client: &[&Count], server: &[&Count]) -> bool {
    let ([client], [server]) = (client, server) else { return false };
    let pure = |count: &Count| {
        count.commands.max(count.replies) >= 2 && count.commands.min(count.replies) == 0
    };
    mirror(&client.mark, &server.mark) && pure(client) && pure(server)
}

impl AnyMarks {
    /// Whether the server answers messages of which no line is there: neither one under the client's mark nor the
    /// dot. What stands in their places is the program's own.
    fn hides_messages(&self, lines: &[&[u8]]) -> bool {
        let (mut message, mut hidden) = (false, false);
        for line in lines {
            match self.marked(line) {
                Some((Mark::Second, at, _)) => {
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

/// Whether a quoted text is given to a name, as in a program's source: `greeting = "220 mx"`.
fn assigns(count: &Count) -> bool {
    count.mark.split_last().is_some_and(|(last, before)| is_quote(*last) && before.ends_with(b"= "))
}

/// The sign before an item of a list.
fn is_bullet(count: &Count) -> bool {
    let numbered = || {
        let digits = count.mark.iter().take_while(|octet| octet.is_ascii_digit()).count();
        digits > 0 && matches!(count.mark.get(digits..).map(<[u8]>::trim_ascii), Some(b"." | b")"))
    };
    matches!(count.mark.trim_ascii(), b"-" | b"*" | b"+") || numbered()
}

/// Signs and the ones that point the other way.
const MIRRORED: &[(char, char)] = &[
    ('<', '>'),
    ('\u{2190}', '\u{2192}'),
    ('\u{21d0}', '\u{21d2}'),
    ('\u{ab}', '\u{bb}'),
    ('\u{25c0}', '\u{25b6}'),
    ('\u{2b05}', '\u{27a1}'),
    ('\u{2b07}', '\u{2b06}'),
];

/// Whether these are arrows of which one points the other way: `-->` and `<--`, `>>>` and `<<<`.
fn mirror(one: &[u8], other: &[u8]) -> bool {
    let signs = |mark: &[u8]| std::str::from_utf8(mark.trim_ascii()).ok().map(str::to_owned);
    let (Some(one), Some(other)) = (signs(one), signs(other)) else { return false };
    let swapped = |sign: char| {
        MIRRORED.iter().find_map(|(left, right)| match sign {
            _ if sign == *left => Some(*right),
            _ if sign == *right => Some(*left),
            _ => None,
        })
    };
    one != other
        && one.chars().all(|sign| matches!(sign, '-' | '=' | '~') || swapped(sign).is_some())
        && one.chars().rev().map(|sign| swapped(sign).unwrap_or(sign)).eq(other.chars())
}
