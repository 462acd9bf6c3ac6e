//! Rows of a log that a mail program or a console broke because they were too wide.
//!
//! What tells it is the width. A program that breaks lines between words leaves no line that the next word
//! would still have fitted on; one that breaks them anywhere leaves all broken lines equally long. Where
//! nearly all lines that begin unlike rows stand behind a line that was full, they are the rest of a row.

use std::collections::{HashMap, HashSet};

use super::{Knows, wraps::Joint};

/// How wide lines are that were broken between words.
const WORDS: std::ops::RangeInclusive<usize> = 56..=100;

/// How wide lines are that were broken anywhere.
const ANYWHERE: std::ops::RangeInclusive<usize> = 60..=200;

/// How many octets of a line tell how rows begin.
const HEAD: usize = 8;

/// How the lines of a window go on in the lines behind them, by the places of the latter.
///
/// ```
/// use smtplog::wrapping::{Joint, broken_rows};
/// let lines: [&[u8]; 4] = [
///     b"10:33:30 EHLO client.example, from [192.0.2.7] at port 25 of",
///     b"the host",
///     b"10:33:31 MAIL FROM:<somebody@client.example>, as before from",
///     b"[192.0.2.7]",
/// ];
/// let broken = broken_rows(&lines, |line| line.starts_with(b"10:").into());
/// assert_eq!(broken, [(1, Joint::Blank), (3, Joint::Blank)]);
/// ```
pub fn broken_rows(lines: &[&[u8]], knows: Knows) -> Vec<(usize, Joint)> {
    let widest = lines.iter().map(|line| line.len()).max().unwrap_or_default();
    let full = lines.iter().filter(|line| line.len() == widest).count();
    let words = words_width(lines).filter(|width| WORDS.contains(width));
    let anywhere = ANYWHERE.contains(&widest) && full >= 3;
    if !anywhere && words.is_none() {
        return Vec::new();
    }
    let rows = Rows::of(lines, knows);
    if anywhere {
        let found = rows.going_on(lines, 3, |line, next| {
            let full = line.len() == widest && next.first() != Some(&b'\t');
            if full { Behind::Full } else { Behind::Short }
        });
        if !found.is_empty() {
            return found.into_iter().map(|index| (index, Joint::Nothing)).collect();
        }
    }
    let Some(width) = words else { return Vec::new() };
    let found = rows.going_on(lines, 2, |line, next| {
        if line.len() + 1 + first_word(next) <= width || next.first() == Some(&b' ') {
            Behind::Short
        } else if line.len() * 3 >= width * 2 {
            Behind::Full
        } else {
            Behind::Either
        }
    });
    found.into_iter().map(|index| (index, Joint::Blank)).collect()
}

/// The width that no line exceeds that could have been broken.
fn words_width(lines: &[&[u8]]) -> Option<usize> {
    let breakable = |line: &&&[u8]| {
        let start = line.iter().position(|octet| *octet != b' ').unwrap_or_default();
        let inner = line.get(start..).unwrap_or_default();
        memchr::memchr(b' ', inner).is_some_and(|blank| start + blank <= *WORDS.end())
    };
    lines.iter().filter(breakable).map(|line| line.len()).max()
}

fn first_word(line: &[u8]) -> usize {
    memchr::memchr(b' ', line).unwrap_or(line.len())
}

/// Which lines begin as rows of the log do.
struct Rows {
    is_row: Vec<bool>,
}

impl Rows {
    fn of(lines: &[&[u8]], knows: Knows) -> Self {
        let known: Vec<bool> = lines.iter().map(|line| !knows(line).is_empty()).collect();
        let mut heads: HashSet<[u8; HEAD]> = lines
            .iter()
            .zip(&known)
            .filter(|(_, known)| **known)
            .filter_map(|(l, _)| head(l))
            .collect();
        // A time at the beginning of many lines makes rows even of those that tell nothing.
        let mut counts: HashMap<[u8; HEAD], usize> = HashMap::new();
        for head in lines.iter().filter_map(|line| head(line)).filter(|head| is_time(*head)) {
            *counts.entry(head).or_default() += 1;
        }
        let many = counts.into_iter().filter(|(_, count)| *count >= 3 && count * 5 >= lines.len());
        heads.extend(many.map(|(head, _)| head));
        let marks: HashSet<&[u8]> = lines
            .iter()
            .zip(&known)
            .filter(|(_, known)| **known)
            .filter_map(|(line, _)| mark(line))
            .collect();
        let is_row = |(line, known): (&&[u8], bool)| {
            known
                || head(line).is_some_and(|head| heads.contains(&head))
                || mark(line).is_some_and(|mark| marks.contains(mark))
        };
        Self { is_row: lines.iter().zip(known).map(is_row).collect() }
    }

    /// The lines that go on a row, where at least `fewest` do and nearly all lines before such lines are full.
    fn going_on(
        &self,
        lines: &[&[u8]],
        fewest: usize,
        behind: impl Fn(&[u8], &[u8]) -> Behind,
    ) -> Vec<usize> {
        let mut found = Vec::new();
        let mut others = 0;
        let mut inside = false;
        for (index, pair) in lines.windows(2).enumerate() {
            let [line, next] = *pair else { break };
            inside |= self.is_row.get(index) == Some(&true);
            let begins = self.is_row.get(index + 1) == Some(&true);
            if next.trim_ascii().is_empty() || begins {
                inside = false;
            } else if memchr::memmem::find(line, b"354 ").is_some() {
                // A message may follow.
                inside = false;
            } else if inside {
                let behind = behind(line, next);
                inside = behind == Behind::Full;
                others += usize::from(behind == Behind::Short);
                if inside {
                    found.push(index + 1);
                }
            }
        }
        let proven = found.len() >= fewest && found.len() >= others * 3;
        if proven { found } else { Vec::new() }
    }
}

/// What stands before a line that is no row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Behind {
    /// A line on which it would not have fitted.
    Full,
    /// A line on which it would have.
    Short,
    /// A short line on which so long a word would not have fitted.
    Either,
}

/// How a line begins: digits and letters of any kind alike; `None` where it begins with nothing else, as any text
/// and any base64 may.
fn head(line: &[u8]) -> Option<[u8; HEAD]> {
    let mut head = *line.first_chunk::<HEAD>()?;
    if head.iter().all(u8::is_ascii_alphanumeric) {
        return None;
    }
    for octet in &mut head {
        if octet.is_ascii_digit() {
            *octet = b'0';
        } else if octet.is_ascii_alphabetic() {
            *octet = b'a';
        }
    }
    Some(head)
}

/// The sign that a line begins with, such as `C: ` or `>>> `: up to the blank behind it, and more than letters and digits.
fn mark(line: &[u8]) -> Option<&[u8]> {
    let start = line.iter().position(|octet| *octet != b' ')?;
    let end = start + line.get(start..)?.iter().position(|octet| *octet == b' ')?;
    let mark = line.get(..end).filter(|mark| mark.len() < HEAD)?;
    (!mark.trim_ascii().iter().all(u8::is_ascii_alphanumeric)).then_some(mark)
}

/// Whether a line begins with a date or a time.
fn is_time(head: [u8; HEAD]) -> bool {
    const TIMES: [&[u8; HEAD]; 11] = [
        b"0000-00-",
        b"0000/00/",
        b"0000.00.",
        b"00:00:00",
        b"00/00/00",
        b"00-00-00",
        b"[0000-00",
        b"[00:00:0",
        b"(00:00:0",
        b"aaa 00 0",
        b"aaa  0 0",
    ];
    TIMES.contains(&&head)
}

#[cfg(test)]
mod tests {
    use super::*;

    const ROWS: [&str; 6] = [
        "2026-11-23 10:33:30 SERVER -> CLIENT: 220 mx.example.net ESMTP ready to take mail at any time",
        "2026-11-23 10:33:31 CLIENT -> SERVER: EHLO client.example",
        "2026-11-23 10:33:31 SERVER -> CLIENT: 550 5.1.1 <bob@example.net>: Recipient address rejected: no such user here",
        "2026-11-23 10:33:32 CLIENT -> SERVER: QUIT",
        "2026-11-23 10:33:32 nothing that anybody knows, but with a time at its beginning as other rows have",
        "2026-11-23 10:33:33 SERVER -> CLIENT: 221 2.0.0 Bye, and thank you for all the mail that you brought",
    ];

    fn knows(line: &[u8]) -> crate::places::Places {
        memchr::memmem::find(line, b" -> ").is_some().into()
    }

    fn again(lines: &[String]) -> Vec<String> {
        let octets: Vec<&[u8]> = lines.iter().map(String::as_bytes).collect();
        let mut broken = broken_rows(&octets, knows).into_iter().peekable();
        let mut joined: Vec<String> = Vec::new();
        for (index, line) in lines.iter().enumerate() {
            match (broken.next_if(|(at, _)| *at == index), joined.last_mut()) {
                (Some((_, joint)), Some(row)) => {
                    row.push_str(if joint == Joint::Blank { " " } else { "" });
                    row.push_str(line);
                }
                _ => joined.push(line.clone()),
            }
        }
        joined
    }

    fn between_words(row: &str, width: usize) -> Vec<String> {
        let mut lines = vec![String::new()];
        for word in row.split(' ') {
            let full = lines.last().is_some_and(|line| line.len() + 1 + word.len() > width);
            if full {
                lines.push(String::new());
            }
            if let Some(line) = lines.last_mut() {
                if !line.is_empty() {
                    line.push(' ');
                }
                line.push_str(word);
            }
        }
        lines
    }

    #[test]
    fn rows_are_whole_again() {
        for width in [60, 72, 76, 80] {
            let lines: Vec<String> =
                ROWS.iter().flat_map(|row| between_words(row, width)).collect();
            assert!(lines.len() > ROWS.len());
            assert_eq!(again(&lines), ROWS, "{width}");
            let pieces = |row: &&str| -> Vec<String> {
                let octets: Vec<char> = row.chars().collect();
                octets.chunks(width).map(|piece| piece.iter().collect()).collect()
            };
            let lines: Vec<String> = ROWS.iter().flat_map(pieces).collect();
            assert_eq!(again(&lines), ROWS, "{width}");
        }
    }

    #[test]
    fn an_encoded_body_is_no_row_that_went_on() {
        let body = (0..64_usize).map(|line| {
            const DIGITS: &[u8] = b"ABCDEFGHabcdefgh0123456789+/";
            let digits = (0..76).map(|at| DIGITS.get((line * 7 + at * at) % DIGITS.len()));
            digits.flatten().map(|digit| char::from(*digit)).collect::<String>()
        });
        let rows = body.clone().map(|line| format!("C: {line}"));
        let rows = ["S: 354 go -> on", "C: -> x"].map(str::to_owned).into_iter().chain(rows);
        let rows: Vec<String> = rows.collect();
        assert_eq!(again(&rows), rows);
        let bare = ["Connected -> to"].map(str::to_owned).into_iter().chain(body);
        let bare: Vec<String> = bare.collect();
        assert_eq!(again(&bare), bare);
    }

    #[test]
    fn rows_that_nobody_broke_stay_as_they_are() {
        let whole: Vec<String> = ROWS.iter().map(|row| (*row).to_owned()).collect();
        assert_eq!(again(&whole), whole);
        // Lines without a time that do not follow full ones.
        let mixed = "10:33:30 a -> b\nand more\n10:33:31 a -> b: something quite a bit longer than the rest\n\
            loose\n10:33:32 a -> b\nloose\n10:33:33 a -> b: something quite a bit longer than the rest, too\nloose";
        let mixed: Vec<String> = mixed.lines().map(str::to_owned).collect();
        assert_eq!(again(&mixed), mixed);
    }
}
