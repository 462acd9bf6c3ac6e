//! Whatever a logger puts before each line: one beginning that both sides' lines share.
//!
//! `[stdout] `, `10:17:29,609 INFO  [stdout] (default task-1) `: no list holds all of these. What stands
//! before replies *and* before commands is no mark of either, but a prefix, whatever its digits are.

use super::likeness::{self, Beginning};

/// How far into a line a prefix may reach, in octets.
const LONGEST: usize = 120;

/// How many different beginnings are looked at.
const MOST: usize = 32;

/// A beginning with its digits, and how often it stands before what each side says.
struct Count<'l> {
    before: &'l [u8],
    replies: usize,
    commands: usize,
}

/// The beginning that most lines share, replies and commands among them.
pub(super) fn learn<'l>(lines: &[&'l [u8]]) -> Option<&'l [u8]> {
    let mut counts: Vec<Count<'l>> = Vec::new();
    for line in lines {
        let Some((at, looks)) = text_begins(line) else { continue };
        let before = line.get(..at)?;
        if ends_with_arrow(before) {
            continue;
        }
        let place = counts.iter().position(|count| front(count.before, before) == Some(at));
        if place.is_none() && counts.len() < MOST {
            counts.push(Count { before, replies: 0, commands: 0 });
        }
        let place = place.unwrap_or(counts.len() - 1);
        if let Some(count) = counts.get_mut(place) {
            match looks {
                Beginning::Reply => count.replies += 1,
                Beginning::Command => count.commands += 1,
            }
        }
    }
    let best = counts
        .iter()
        .filter(|count| count.replies > 1 && count.commands > 1)
        .max_by_key(|count| count.replies + count.commands)?;
    let written = lines.iter().filter(|line| !line.trim_ascii().is_empty());
    let (all, shared) = written.fold((0, 0), |(all, shared), line| {
        (all + 1, shared + usize::from(front(best.before, line).is_some()))
    });
    (shared * 5 >= all * 4).then_some(best.before)
}

/// Where a reply or a command begins behind words that may be a prefix: they end with a sign and a blank.
fn text_begins(line: &[u8]) -> Option<(usize, Beginning)> {
    let mut signs = false;
    for (at, pair) in line.windows(2).enumerate().take(LONGEST) {
        signs |= pair.first().is_some_and(u8::is_ascii_punctuation);
        if let [b' ' | b'\t', next] = pair
            && signs
            && next.is_ascii_alphanumeric()
            && let Some(looks) = likeness::bare(line.get(at + 1..)?)
        {
            return Some((at + 1, looks));
        }
    }
    None
}

/// An arrow is a mark, even where a message quotes replies under it.
fn ends_with_arrow(before: &[u8]) -> bool {
    let word = before.trim_ascii_end().rsplit(u8::is_ascii_whitespace).next().unwrap_or_default();
    !word.is_empty()
        && word.iter().all(|octet| matches!(octet, b'<' | b'>' | b'-' | b'=' | b'~' | b'*'))
}

/// How many octets of the line are the prefix, with whatever digits it has there; a blank at its end may be
/// missing where nothing follows.
pub(super) fn front(prefix: &[u8], line: &[u8]) -> Option<usize> {
    let mut at = 0;
    let mut digits = false;
    for octet in prefix {
        if octet.is_ascii_digit() {
            if !digits {
                let run = line.get(at..)?.iter().take_while(|octet| octet.is_ascii_digit()).count();
                if run == 0 {
                    return None;
                }
                at += run;
            }
            digits = true;
            continue;
        }
        digits = false;
        match line.get(at) {
            Some(here) if here == octet => at += 1,
            None if *octet == b' ' => {}
            _ => return None,
        }
    }
    Some(at)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn learnt(lines: &[&'static str]) -> Option<&'static str> {
        let lines: Vec<&'static [u8]> = lines.iter().map(|line| line.as_bytes()).collect();
        learn(&lines).map(|prefix| std::str::from_utf8(prefix).unwrap())
    }

    #[test]
    fn what_both_sides_share_is_a_prefix() {
        let jboss = [
            "10:17:29,609 INFO  [stdout] (default task-1) DEBUG SMTP: useEhlo true",
            "10:17:29,610 INFO  [stdout] (default task-1) 220 mx",
            "10:17:29,711 INFO  [stdout] (default task-1) EHLO me",
            "10:17:29,812 INFO  [stdout] (default task-1) 250 mx",
            "10:17:30,001 INFO  [stdout] (default task-1)",
            "10:17:30,002 INFO  [stdout] (default task-1) QUIT",
        ];
        assert_eq!(learnt(&jboss), Some("10:17:29,610 INFO  [stdout] (default task-1) "));
        let prefix = jboss[1].as_bytes().get(..45).unwrap();
        assert_eq!(front(prefix, jboss[4].as_bytes()), Some(44));
    }

    #[test]
    fn a_mark_is_no_prefix() {
        assert_eq!(
            learnt(&["S: 220 mx", "C: EHLO me", "S: 250 mx", "C: QUIT", "S: 221 bye"]),
            None
        );
        assert_eq!(learnt(&["220 mx", "EHLO me", "250 mx", "QUIT", "221 bye"]), None);
        let sent = ["7 > EHLO me", "7 > QUIT", "7 > QUIT", "7 > 250 a", "7 > 250 b", "7 > text"];
        assert_eq!(learnt(&sent), None);
        let tool = ["x: > EHLO me", "x: < 250 mx", "x: > QUIT", "x: < 221 bye"];
        assert_eq!(learnt(&tool), None);
    }
}
