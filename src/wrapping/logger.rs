//! What a logger puts before each line: syslog in its three forms, a container's name, a time.
//!
//! Only a shape that four of five lines share is taken off, and only where the lines behind it are
//! SMTP: Postfix's own lines keep theirs, since its dialect reads process and time there.

use std::borrow::Cow;

use super::{
    likeness,
    proof::{self, Knows},
    shared,
};

/// A logger's prefix at the beginning of one line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Prefix {
    /// Its length in octets.
    pub(super) front: usize,
    /// Where in it the time stands.
    pub(super) time: Option<(usize, usize)>,
}

type Shape = fn(&[u8]) -> Option<Prefix>;

/// The shapes, each with whether marks may stand between the prefix and SMTP, and whether nothing but a
/// logger writes it.
///
/// Behind a mere time they may not: several tools write a time before their own marks.
const SHAPES: &[(Shape, bool, bool)] = &[
    (syslog, true, true),
    (container, true, true),
    (pod, true, true),
    (log4j, true, false),
    (month_and_time, true, false),
    (bare_time, false, false),
];

/// The prefix of each line, where the lines share one: around a page's source, only what nothing but a logger
/// writes.
pub(super) fn learn(lines: &[&[u8]], page: bool, knows: Knows) -> Option<Vec<(usize, Prefix)>> {
    if !page && let Some(prefix) = shared::learn(lines) {
        let found = lines.iter().enumerate().filter_map(|(index, line)| {
            Some((index, Prefix { front: shared::front(prefix, line)?, time: quoted_time(line) }))
        });
        return Some(found.collect());
    }
    let written = || lines.iter().filter(|line| !line.trim_ascii().is_empty());
    let first: Vec<_> = written().take(32).collect();
    for (shape, marks, certain) in SHAPES.iter().filter(|(_, _, certain)| !page || *certain) {
        let some = first.iter().filter(|line| shape(line).is_some()).count();
        if some == 0 || some * 10 < first.len() * 6 {
            continue;
        }
        let found: Vec<(usize, Prefix)> = lines
            .iter()
            .enumerate()
            .filter_map(|(index, line)| Some((index, shape(line)?)))
            .collect();
        if found.len() * 5 < written().count() * 4 {
            continue;
        }
        if !marks && let Some(indented) = indented(lines, &found, knows) {
            return Some(indented);
        }
        let pairs = || {
            found.iter().filter_map(|(index, prefix)| {
                let line = lines.get(*index)?;
                Some((*line, line.get(prefix.front..)?))
            })
        };
        let inner = pairs().map(|(_, inner)| inner);
        let test = if *marks { likeness::marked } else { likeness::bare };
        let (replies, commands) = likeness::count(inner.clone(), test);
        // Behind what only a logger writes, the server's half alone will do.
        let own = || pairs().any(|(line, inner)| !(knows(line) & !knows(inner)).is_empty());
        let half =
            *certain && (likeness::count(inner, likeness::bare).0 >= 3 || replies >= 3 && !own());
        let plain = pairs().map(|(line, inner)| (line, without_escapes(inner)));
        if replies > 0 && commands > 0 || half || proof::holds(plain, knows) {
            return Some(without_marks(lines, found));
        }
    }
    None
}

/// The prefixes with no more than the blanks that all of them end with, where a tool's own lines begin with
/// blanks.
fn indented(
    lines: &[&[u8]],
    found: &[(usize, Prefix)],
    knows: Knows,
) -> Option<Vec<(usize, Prefix)>> {
    let blanks = |(index, prefix): &(usize, Prefix)| {
        let before = lines.get(*index)?.get(..prefix.front)?;
        Some(before.len() - before.trim_ascii_end().len())
    };
    let rest = |(index, prefix): &(usize, Prefix)| lines.get(*index)?.get(prefix.front..);
    let written = |found: &&(usize, Prefix)| rest(found).is_some_and(|rest| !rest.is_empty());
    let fewest = found.iter().filter(written).filter_map(blanks).min()?;
    let fewer: Vec<(usize, Prefix)> = found
        .iter()
        .map(|found| {
            let surplus = blanks(found).map_or(0, |blanks| blanks.saturating_sub(fewest));
            (found.0, Prefix { front: found.1.front - surplus, ..found.1 })
        })
        .collect();
    let known = |found: &[(usize, Prefix)]| {
        found.iter().filter(|found| rest(found).is_some_and(|rest| !knows(rest).is_empty())).count()
    };
    let differ = fewer != found;
    (differ && known(&fewer) > known(found)).then_some(fewer)
}

/// The prefixes without the word at their ends where it is a mark: one before replies, another before commands.
fn without_marks(lines: &[&[u8]], mut found: Vec<(usize, Prefix)>) -> Vec<(usize, Prefix)> {
    let (mut server, mut client): (Vec<&[u8]>, Vec<&[u8]>) = (Vec::new(), Vec::new());
    for (index, prefix) in &found {
        let Some((before, text)) =
            lines.get(*index).and_then(|line| line.split_at_checked(prefix.front))
        else {
            continue;
        };
        match likeness::bare(text) {
            Some(likeness::Beginning::Reply) => server.push(last_word(before)),
            Some(likeness::Beginning::Command) => client.push(last_word(before)),
            None => {}
        }
    }
    let is_mark = |word: &[u8]| word.ends_with(b":") || word.ends_with(b"]");
    server.retain(|word| is_mark(word));
    client.retain(|word| is_mark(word));
    let shared = server.iter().any(|word| client.contains(word));
    if shared || server.len() < 2 || client.len() < 2 {
        return found;
    }
    for (index, prefix) in &mut found {
        let before =
            lines.get(*index).and_then(|line| line.get(..prefix.front)).unwrap_or_default();
        let word = last_word(before);
        if server.contains(&word) || client.contains(&word) {
            prefix.front = before.trim_ascii_end().len() - word.len();
        }
    }
    found
}

fn last_word(text: &[u8]) -> &[u8] {
    text.trim_ascii_end().rsplit(u8::is_ascii_whitespace).next().unwrap_or_default()
}

/// The line with its escapes turned back, and without those for terminals.
fn without_escapes(line: &[u8]) -> Cow<'_, [u8]> {
    if memchr::memmem::find(line, b"#0").is_none() {
        return Cow::Borrowed(line);
    }
    let mut text = Vec::with_capacity(line.len());
    unescape(line, &mut text);
    Cow::Owned(super::peeling::without_escapes(&text).into_owned())
}

/// Where a time stands at a line's beginning, perhaps behind signs of quoting.
fn quoted_time(line: &[u8]) -> Option<(usize, usize)> {
    let signs = line.iter().take_while(|octet| matches!(octet, b'>' | b' ')).count();
    let (start, end) = time(line.get(signs..)?)?;
    Some((signs + start, signs + end))
}

/// Where a time stands at a line's beginning, perhaps in brackets.
pub(super) fn time(line: &[u8]) -> Option<(usize, usize)> {
    let open = usize::from(matches!(line.first(), Some(b'[' | b'(')));
    let rest = line.get(open..)?;
    let time = iso_time(rest).or_else(|| clock(rest)).or_else(|| month_time(rest));
    let time = time.or_else(|| weekday_time(rest)).or_else(|| seconds(rest))?;
    Some((open, open + time))
}

/// Syslog: a time, a host, a tag with a colon; with or without a priority.
fn syslog(line: &[u8]) -> Option<Prefix> {
    let mut at = priority(line).unwrap_or(0);
    let rest = line.get(at..)?;
    if at > 0 && rest.starts_with(b"1 ") {
        // RFC 5424: version, time, host, program, process, message id, structured data.
        let words = word_ends(line, at, 7)?;
        let (start, end) = (at + 2, *words.get(1)?);
        let data = *words.get(5)? + 1;
        let structured = line.get(data..)?;
        let front = if structured.starts_with(b"-") {
            data + 1
        } else {
            data + memchr::memmem::find(structured, b"] ")? + 1
        };
        let blank = usize::from(line.get(front) == Some(&b' '));
        return Some(Prefix { front: front + blank, time: Some((start, end)) });
    }
    let time = month_time(rest)
        .or_else(|| iso_time(rest))
        .or_else(|| weekday_time(rest))
        .or_else(|| seconds(rest))?;
    let start = at;
    at += time;
    let host = line.get(at + 1..)?.iter().take(256).position(|octet| *octet == b' ')?;
    let tag_at = at + 1 + host + 1;
    let tag = line.get(tag_at..)?;
    let colon = tag.iter().take(64).position(|octet| matches!(octet, b':' | b' '))?;
    if tag.get(colon) != Some(&b':') || colon == 0 || line.get(at) != Some(&b' ') || host == 0 {
        return None;
    }
    // Programs whose dialects read their own prefix.
    if tag.starts_with(b"postfix") || tag.starts_with(b"postlogd") {
        return None;
    }
    let front = tag_at + colon + 1;
    let blank = usize::from(line.get(front) == Some(&b' '));
    Some(Prefix { front: front + blank, time: Some((start, start + time)) })
}

/// `<34>`
fn priority(line: &[u8]) -> Option<usize> {
    let rest = line.strip_prefix(b"<")?;
    let digits = rest.iter().take(4).take_while(|octet| octet.is_ascii_digit()).count();
    (digits > 0 && rest.get(digits) == Some(&b'>')).then_some(digits + 2)
}

/// Where the first `count` words from `at` on end.
fn word_ends(line: &[u8], at: usize, count: usize) -> Option<Vec<usize>> {
    let ends: Vec<usize> =
        memchr::memchr_iter(b' ', line.get(at..)?).map(|blank| at + blank).take(count).collect();
    (ends.len() >= 6).then_some(ends)
}

/// `mail-1  | `, as container tools join several logs.
fn container(line: &[u8]) -> Option<Prefix> {
    let name = line
        .iter()
        .take(64)
        .take_while(|octet| octet.is_ascii_alphanumeric() || matches!(octet, b'_' | b'-' | b'.'))
        .count();
    let blanks = line.iter().skip(name).take_while(|octet| **octet == b' ').count();
    let bar = name + blanks;
    if name == 0 || blanks == 0 || line.get(bar) != Some(&b'|') {
        return None;
    }
    let front = bar + 1 + usize::from(line.get(bar + 1) == Some(&b' '));
    Some(Prefix { front, time: None })
}

/// `[pod/mail-0/smtp] `, as `kubectl logs --prefix` writes it.
fn pod(line: &[u8]) -> Option<Prefix> {
    let name = line.strip_prefix(b"[pod/")?;
    let end = name.iter().take(256).position(|octet| matches!(octet, b']' | b' '))?;
    let front = 5 + end + 2;
    (line.get(front - 2..front) == Some(b"] ")).then_some(Prefix { front, time: None })
}

/// `2026-11-23 10:12:01,123 DEBUG [main] smtp - `, `[2026-11-23 10:12:01] mail.DEBUG: `
fn log4j(line: &[u8]) -> Option<Prefix> {
    let open = usize::from(line.first() == Some(&b'['));
    let rest = line.get(open..)?;
    let time = iso_time(rest).or_else(|| clock(rest))?;
    let head = line.get(..line.len().min(160))?;
    let level = ["DEBUG", "INFO", "TRACE", "WARN", "FINE", "ERROR", "debug", "info"]
        .iter()
        .filter_map(|level| memchr::memmem::find(head, level.as_bytes()).map(|at| at + level.len()))
        .min()?;
    if level <= open + time {
        return None;
    }
    let tail = head.get(level..)?;
    let end_of = |sign: &[u8]| memchr::memmem::find(tail, sign).map(|at| level + at + sign.len());
    // A reply has colons and dashes of its own.
    let said = |front: &usize| line.get(*front..).and_then(likeness::bare).is_some();
    let front = if tail.starts_with(b": ") {
        level + 2
    } else if let Some(front) = end_of(b"] ").filter(said) {
        front
    } else {
        end_of(b" - ").or_else(|| end_of(b": ")).or_else(|| end_of(b"] "))?
    };
    // A mark is the dialect's: `[2026-11-23 10:12:01] DEBUG [a1b2] C: QUIT`.
    let mark = line.get(..front)?.trim_ascii_end();
    let marked = [&b" C:"[..], b" S:", b"SERVER:", b"CLIENT:", b"Client:", b"Server:"]
        .iter()
        .any(|sign| mark.ends_with(sign));
    (!marked).then_some(Prefix { front, time: Some((open, open + time)) })
}

/// `Nov 23 10:12:01 ` and nothing else, as `ts` writes it.
fn month_and_time(line: &[u8]) -> Option<Prefix> {
    let time = month_time(line)?;
    (line.get(time) == Some(&b' ')).then_some(Prefix { front: time + 1, time: Some((0, time)) })
}

/// A date and time, or a time, perhaps in brackets, and nothing else.
fn bare_time(line: &[u8]) -> Option<Prefix> {
    let open = usize::from(matches!(line.first(), Some(b'[' | b'(')));
    let rest = line.get(open..)?;
    let time = iso_time(rest).or_else(|| clock(rest))?;
    let mut front = open + time;
    if open == 1 {
        if !matches!(line.get(front), Some(b']' | b')')) {
            return None;
        }
        front += 1;
    }
    front += usize::from(matches!(line.get(front), Some(b':' | b'|' | b',')));
    let blanks =
        line.get(front..)?.iter().take_while(|octet| matches!(octet, b' ' | b'\t')).count();
    (blanks > 0 || front == line.len())
        .then_some(Prefix { front: front + blanks, time: Some((open, open + time)) })
}

/// The length of `Nov 23 10:12:01`, perhaps with a fraction.
fn month_time(text: &[u8]) -> Option<usize> {
    const MONTHS: &[&[u8]] = &[
        b"Jan", b"Feb", b"Mar", b"Apr", b"May", b"Jun", b"Jul", b"Aug", b"Sep", b"Oct", b"Nov",
        b"Dec",
    ];
    let day = text.get(3..7)?;
    let shaped = MONTHS.contains(&text.get(..3)?)
        && matches!(day, [b' ', b' ' | b'0'..=b'3', b'0'..=b'9', b' ']);
    shaped.then(|| clock(text.get(7..)?)).flatten().map(|length| 7 + length)
}

/// The length of `Mon 2026-11-23 10:12:01 CET`, as journalctl writes it with `-o short-full`.
fn weekday_time(text: &[u8]) -> Option<usize> {
    const DAYS: &[&[u8]] = &[b"Mon", b"Tue", b"Wed", b"Thu", b"Fri", b"Sat", b"Sun"];
    let shaped = DAYS.contains(&text.get(..3)?) && text.get(3) == Some(&b' ');
    let time = 4 + iso_time(text.get(4..).filter(|_| shaped)?)?;
    let zone = text.get(time..)?.strip_prefix(b" ")?;
    let letters = zone.iter().take(6).take_while(|octet| octet.is_ascii_uppercase()).count();
    Some(if letters >= 3 && zone.get(letters) == Some(&b' ') { time + 1 + letters } else { time })
}

/// The length of `1795428721.123456`: seconds since 1970, as journalctl writes them with `-o short-unix`.
fn seconds(text: &[u8]) -> Option<usize> {
    let digits = |text: &[u8]| text.iter().take(11).take_while(|o| o.is_ascii_digit()).count();
    let fraction = text.get(10..)?.strip_prefix(b".")?;
    (digits(text) == 10 && digits(fraction) == 6).then_some(17)
}

/// The length of `10:12:01`, perhaps with a fraction.
fn clock(text: &[u8]) -> Option<usize> {
    let time = text.get(..8)?;
    let shaped = time.iter().enumerate().all(|(at, octet)| match at {
        2 | 5 => *octet == b':',
        _ => octet.is_ascii_digit(),
    });
    if !shaped {
        return None;
    }
    let fraction = match text.get(8) {
        Some(b'.' | b',') => {
            text.iter().skip(9).take(9).take_while(|octet| octet.is_ascii_digit()).count()
        }
        _ => 0,
    };
    Some(if fraction > 0 { 9 + fraction } else { 8 })
}

/// The length of `2026-11-23T10:12:01.5+01:00` or `2026-11-23 10:12:01`.
fn iso_time(text: &[u8]) -> Option<usize> {
    let date = text.get(..11)?;
    let shaped = date.iter().enumerate().all(|(at, octet)| match at {
        4 | 7 => matches!(octet, b'-' | b'/' | b'.'),
        10 => matches!(octet, b'T' | b' '),
        _ => octet.is_ascii_digit(),
    });
    if !shaped {
        return None;
    }
    let length = 11 + clock(text.get(11..)?)?;
    Some(match text.get(length..).unwrap_or_default() {
        [b'Z', ..] => length + 1,
        [b'+' | b'-', one, two, b':', three, four, ..]
            if [one, two, three, four].iter().all(|octet| octet.is_ascii_digit()) =>
        {
            length + 6
        }
        [b'+' | b'-', zone @ ..] if zone.iter().take(4).all(u8::is_ascii_digit) => length + 5,
        _ => length,
    })
}

/// Appends the line with syslog's `#015` and its like turned back; a CR at the end is dropped.
pub(super) fn unescape(line: &[u8], out: &mut Vec<u8>) {
    let mut rest = line;
    while let Some((first, tail)) = rest.split_first() {
        if let [b'#', b'0', a @ b'0'..=b'3', b @ b'0'..=b'7', after @ ..] = rest {
            out.push((a - b'0') * 8 + (b - b'0'));
            rest = after;
        } else {
            out.push(*first);
            rest = tail;
        }
    }
    while out.last() == Some(&b'\r') {
        out.pop();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::places::Places;

    #[test]
    fn prefixes_are_measured() {
        for (line, shape, want) in [
            ("Nov 23 10:12:01 mx logger: 220 mx", syslog as Shape, Some("220 mx")),
            ("Nov  3 10:12:01 mx smtp[12]: C: QUIT", syslog, Some("C: QUIT")),
            ("2026-11-23T10:12:01.123+01:00 mx app[1]: QUIT", syslog, Some("QUIT")),
            ("<34>1 2026-11-23T10:12:01Z mx app 12 - - QUIT", syslog, Some("QUIT")),
            ("<34>Nov 23 10:12:01 mx app: QUIT", syslog, Some("QUIT")),
            ("Nov 23 10:12:01 mx postfix/smtpd[1]: < h[1]: QUIT", syslog, None),
            ("mail-1  | QUIT", container, Some("QUIT")),
            ("[pod/mail-0/smtp] QUIT", pod, Some("QUIT")),
            ("1795428721.123456 mx app[1]: QUIT", syslog, Some("QUIT")),
            ("Mon 2026-11-23 10:12:01 CET mx app[1]: QUIT", syslog, Some("QUIT")),
            ("2026-11-23 10:12:01,123 DEBUG [main] smtp - QUIT", log4j, Some("QUIT")),
            ("[2026-11-23 10:12:01] mail.DEBUG: QUIT", log4j, Some("QUIT")),
            ("Nov 23 10:12:01 QUIT", month_and_time, Some("QUIT")),
            ("[10:12:01] QUIT", bare_time, Some("QUIT")),
            ("10:12:01.5  QUIT", bare_time, Some("QUIT")),
            ("250 ok", bare_time, None),
        ] {
            let found = shape(line.as_bytes()).map(|prefix| &line.as_bytes()[prefix.front..]);
            assert_eq!(found, want.map(str::as_bytes), "{line}");
        }
    }

    #[test]
    fn times_are_not_taken_from_marked_dialects() {
        let plain: Vec<&[u8]> = vec![b"10:12:01 220 mx", b"10:12:01 QUIT", b"10:12:02 221 bye"];
        assert_eq!(learn(&plain, false, |_| Places::NONE).map_or(0, |found| found.len()), 3);
        let marked: Vec<&[u8]> = vec![b"10:12:01 < 220 mx", b"10:12:01 > QUIT"];
        assert_eq!(learn(&marked, false, |_| Places::NONE), None);
    }

    #[test]
    fn a_word_that_tells_the_sides_apart_is_no_loggers() {
        let lines: Vec<&[u8]> = vec![
            b"2026/11/23 10:12:01 srv TRACE [a1b2] Sending: 220 mx",
            b"2026/11/23 10:12:01 srv TRACE [a1b2] Received: EHLO me",
            b"2026/11/23 10:12:01 srv DEBUG [a1b2] Welcome: me",
            b"2026/11/23 10:12:01 srv TRACE [a1b2] Sending: 250 mx",
            b"2026/11/23 10:12:01 srv TRACE [a1b2] Received: QUIT",
        ];
        let found = learn(&lines, false, |_| Places::NONE).unwrap_or_default();
        let inner: Vec<&[u8]> =
            found.iter().map(|(index, prefix)| &lines[*index][prefix.front..]).collect();
        let want: [&[u8]; 5] = [
            b"Sending: 220 mx",
            b"Received: EHLO me",
            b"me",
            b"Sending: 250 mx",
            b"Received: QUIT",
        ];
        assert_eq!(inner, want);
    }

    #[test]
    fn syslog_escapes_are_turned_back() {
        let mut out = Vec::new();
        unescape(b"250 a#011b #1 ok#015", &mut out);
        assert_eq!(out, b"250 a\tb #1 ok");
    }
}
