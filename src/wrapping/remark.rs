//! What people write behind the commands of a listing: a remark (`HELO x   # say hello`, `DATA <== go on`), or the
//! reply (`QUIT   # 221 bye`, or in a table `QUIT | 221 bye |`), which is then a line of its own.

use super::likeness::{self, Beginning};
use crate::grammar::shape::verb_at;

/// What stands behind the text of a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Behind {
    /// The line's index.
    pub(super) index: usize,
    /// Octets before the text: of a line that holds nothing but a reply behind a sign.
    pub(super) front: usize,
    /// Octets of the remark, or of the blanks and the sign before the reply.
    pub(super) back: usize,
    /// Octets of the reply.
    pub(super) reply: usize,
}

/// Signs that a remark begins with.
const SIGNS: &[&[u8]] = &[
    b"#",
    b"//",
    b"<==",
    b"<--",
    b"<-",
    b"<=",
    b"-->",
    b"->",
    b"=>",
    b"==>",
    b"\xe2\x86\x90",
    b"\xe2\x86\x92",
    b"|",
];

/// A line cut in front of a sign.
struct Cut<'l> {
    index: usize,
    sign: &'l [u8],
    /// Octets of a table's border before the text.
    border: usize,
    /// The length of what stands before the blanks and the sign.
    head: usize,
    /// How many blanks stand before the sign.
    blanks: usize,
    /// Where the text behind the sign begins.
    tail: usize,
    reply: bool,
}

/// What stands behind commands. One sign must be proven: by two commands, or by a gap that nobody types.
pub(super) fn learn(lines: &[&[u8]]) -> Vec<Behind> {
    let commands: Vec<Cut<'_>> = lines
        .iter()
        .enumerate()
        .filter(|(_, line)| begins_with_verb(line))
        .filter_map(|(index, line)| {
            cut(index, line).filter(|cut| {
                let head = line.get(cut.border..cut.head).unwrap_or_default();
                likeness::marked(head) == Some(Beginning::Command) && !head.ends_with(b":")
            })
        })
        .collect();
    let proven = |sign: &[u8]| {
        let same = || commands.iter().filter(|cut| cut.sign == sign);
        same().any(|cut| cut.blanks >= 2) || same().count() >= 2
    };
    if !commands.iter().any(|cut| proven(cut.sign)) {
        return Vec::new();
    }
    let behind = |cut: &Cut<'_>, length: usize| {
        if cut.head <= cut.border {
            return Behind { index: cut.index, front: cut.tail, back: 0, reply: 0 };
        }
        let reply = if cut.reply { length - cut.tail } else { 0 };
        let Cut { index, border: front, .. } = *cut;
        Behind { index, front, back: length - cut.head - reply, reply }
    };
    lines
        .iter()
        .enumerate()
        .filter_map(|(index, line)| {
            let cut = cut(index, line)?;
            let head = line.get(cut.border..cut.head).unwrap_or_default().trim_ascii();
            let takes = head == b"."
                || head.is_empty() && cut.reply
                || cut.blanks >= 2 && likeness::marked(head) == Some(Beginning::Reply)
                || commands.iter().any(|command| command.index == index);
            (takes && proven(cut.sign)).then(|| behind(&cut, line.len()))
        })
        .collect()
}

/// Whether a line begins like a command, behind a mark or without one. Cheap: few lines of a log do.
fn begins_with_verb(line: &[u8]) -> bool {
    let from = line.iter().take(12).position(u8::is_ascii_alphabetic).map(|at| {
        match line.get(at..at + 2) {
            Some([b'C' | b'c', b':']) => at + 2,
            _ => at,
        }
    });
    let rest = from.and_then(|from| line.get(from..)).unwrap_or_default().trim_ascii_start();
    verb_at(rest).is_some()
}

/// Cuts a line at the first sign, or at a bracket that closes at its end.
fn cut(index: usize, line: &[u8]) -> Option<Cut<'_>> {
    let line = line.trim_ascii_end();
    let border =
        line.strip_prefix(b"|").map_or(0, |rest| line.len() - rest.trim_ascii_start().len());
    // Where the last words before each place end. Nothing here looks at the same octets from every place.
    let mut head = 0;
    let mut bracketed = None;
    for (at, octet) in line.iter().enumerate() {
        let before = head;
        if !octet.is_ascii_whitespace() {
            head = at + 1;
        }
        if at < border || before == at && at > 0 {
            continue;
        }
        let head = before;
        let rest = line.get(at..)?;
        let cut = |sign, tail| {
            let blanks = at - head;
            Cut { index, sign, border, head, blanks, tail, reply: false }
        };
        match octet {
            b'(' | b'[' => {
                let closing = if *octet == b'(' { b')' } else { b']' };
                if rest.len() > 1 && line.last() == Some(&closing) {
                    let inside = bracketed.get_or_insert_with(|| Bracketed::of(line));
                    if inside.is_remark(at) {
                        return Some(cut(rest.get(..1)?, line.len()));
                    }
                }
            }
            b'#' | b'/' | b'<' | b'-' | b'=' | b'|' | 0xe2 => {
                // The longest one.
                let sign = SIGNS
                    .iter()
                    .filter(|sign| rest.starts_with(sign))
                    .max_by_key(|sign| sign.len());
                let Some(sign) = sign else { continue };
                let text = rest.get(sign.len()..)?;
                // `<=>`, `#1`, `</b>` and an address in brackets are none.
                let opens = text.first().is_none_or(|octet| {
                    octet.is_ascii_whitespace() || *sign == b"#" && octet.is_ascii_alphabetic()
                });
                let tail = line.len() - text.trim_ascii_start().len();
                let text = line.get(tail..)?;
                let reply = likeness::bare(text) == Some(Beginning::Reply);
                // A table's last column counts where it holds the whole reply.
                let column = *sign == b"|";
                if opens && (!column || reply && is_last_column(text)) {
                    return Some(Cut { reply, ..cut(rest.get(..sign.len())?, tail) });
                }
            }
            _ => {}
        }
    }
    None
}

/// Where the last octets of certain kinds stand before a line's last octet, which closes a bracket: what tells of every
/// bracket before it whether it holds them.
struct Bracketed {
    letter: Option<usize>,
    blank: Option<usize>,
    /// An address, a parameter or a domain literal is the command's.
    sign: Option<usize>,
}

impl Bracketed {
    fn of(line: &[u8]) -> Self {
        let inside = line.split_last().map_or(line, |(_, inside)| inside);
        let last = |is: fn(&u8) -> bool| inside.iter().rposition(is);
        Self {
            letter: last(|octet| !octet.is_ascii() || octet.is_ascii_alphabetic()),
            blank: last(|octet| !octet.is_ascii() || *octet == b' '),
            sign: last(|octet| b"@=:<>".contains(octet)),
        }
    }

    /// Whether the bracket that opens at this place holds words.
    fn is_remark(&self, opens: usize) -> bool {
        let inside = |last: Option<usize>| last.is_some_and(|last| last > opens);
        inside(self.letter) && inside(self.blank) && !inside(self.sign)
    }
}

/// Whether a code and words stand in a table's last column; a code alone is what somebody writes about a reply.
fn is_last_column(text: &[u8]) -> bool {
    let cell = text.strip_suffix(b"|").unwrap_or(text).trim_ascii_end();
    cell.len() > 4 && !cell.contains(&b'|')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(lines: &[&str]) -> Vec<String> {
        let octets: Vec<&[u8]> = lines.iter().map(|line| line.as_bytes()).collect();
        let found = learn(&octets);
        lines
            .iter()
            .enumerate()
            .flat_map(|(index, line)| {
                let Some(behind) = found.iter().find(|behind| behind.index == index) else {
                    return vec![(*line).to_owned()];
                };
                let end = line.len() - behind.reply;
                let text = line.get(behind.front..end - behind.back).unwrap().to_owned();
                let reply = line.get(end..).unwrap().to_owned();
                if reply.is_empty() { vec![text] } else { vec![text, reply] }
            })
            .collect()
    }

    #[test]
    fn remarks_are_taken_off_commands() {
        for (lines, want) in [
            (
                &["HELO me # hello", "250 mx # is it", "QUIT # bye"][..],
                &["HELO me", "250 mx # is it", "QUIT"][..],
            ),
            (&["data     <== the message", ".   <== its end"], &["data", "."]),
            (
                &["HELO me | 250 mx |", "QUIT | 221 bye |"],
                &["HELO me", "250 mx |", "QUIT", "221 bye |"],
            ),
            (
                &["| HELO me | 250 mx |", "| QUIT | 221 bye |"],
                &["HELO me", "250 mx |", "QUIT", "221 bye |"],
            ),
            (&["QUIT   # go", "221 bye   # gone", "221 # 1"], &["QUIT", "221 bye", "221 # 1"]),
            (&["C: HELO me  (say hello)", "C: QUIT  (and go)"], &["C: HELO me", "C: QUIT"]),
            (
                &["MAIL FROM:<a@b.example> \u{2190} von", "QUIT \u{2190} Ende"],
                &["MAIL FROM:<a@b.example>", "QUIT"],
            ),
            (
                &["   # 220 mx", "HELO me   # 250 mx", "QUIT  # 221 bye"],
                &["220 mx", "HELO me", "250 mx", "QUIT", "221 bye"],
            ),
        ] {
            assert_eq!(texts(lines), want, "{lines:?}");
        }
    }

    #[test]
    fn brackets_are_judged_by_what_is_inside() {
        for (line, want) in [
            ("HELO me (say hello)", Some(7)),
            ("HELO me ( ( say hello)", Some(7)),
            ("HELO me (a@b.example) (say hello)", Some(21)),
            ("HELO me (=) (hello)", None),
            ("EHLO [192.0.2.1]", None),
            ("HELO (", None),
        ] {
            assert_eq!(cut(0, line.as_bytes()).map(|cut| cut.head), want, "{line}");
        }
    }

    #[test]
    fn what_belongs_to_a_command_stays() {
        for lines in [
            &["HELO me # hello", "250 mx"][..],
            &["EHLO [192.0.2.1]", "EHLO [IPv6:2001:db8::1]"],
            &["MAIL FROM: <a@b.example> SIZE=1", "RCPT TO: <b@c.example> NOTIFY=NEVER"],
            &["MAIL FROM:  [a@b.example]", "RCPT TO:  [a@b.example]"],
            &["HELO | say hello |", "QUIT | leave |"],
            &["| VRFY ann | 252 | there |", "| VRFY bob | 550 | not there |"],
            &["| VRFY ann | 252 |", "| VRFY bob | 550 |"],
            &["help //", "no command # here", "another one   # here"],
        ] {
            assert_eq!(texts(lines), lines, "{lines:?}");
        }
    }
}
