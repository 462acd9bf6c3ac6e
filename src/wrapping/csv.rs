//! Lines that an export put into a table with separators, RFC 4180's or its like: each line in quotes, or in
//! one of several columns.
//!
//! ```text
//! "220 mx.example.net ESMTP ""at your service"""
//! 17,2026-11-23 10:12:01,"EHLO client.example"
//! ```
//!
//! A line takes part where it has as many columns as nearly all have; which column holds the dialogue, what
//! is in it tells. Several recorders write such rows themselves: what they put there is their own.

use std::borrow::Cow;

use super::{Knows, envelope::Content, likeness, logger};

/// How many of the first lines tell whether there is a table.
const FIRST: usize = 64;

/// How many lines tell which column speaks.
const ASKED: usize = 1024;

/// How many columns a table has at most.
const WIDEST: usize = 32;

/// What may stand between columns; blanks of a text would do for tabs, so these want quotes besides.
const SEPARATORS: [u8; 3] = [b',', b';', b'\t'];

/// A table's layout.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Table {
    /// What stands between two columns.
    separator: Separator,
    /// How many there are.
    columns: usize,
    /// Which of them, from 0, holds the text.
    text: usize,
    /// Which of them holds a time.
    time: Option<usize>,
    /// The text is the only column in quotes.
    lone: bool,
}

/// What stands between two columns.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Separator {
    sign: u8,
    /// Behind the seconds of a time, a comma is none: each line has a fraction there.
    fractions: bool,
}

/// A column of a row: where it stands, and whether in quotes, which do not count.
#[derive(Debug, Clone, Copy)]
struct Column {
    start: usize,
    end: usize,
    quoted: bool,
}

impl Column {
    fn of(self, row: &[u8]) -> &[u8] {
        row.get(self.start..self.end).unwrap_or_default()
    }
}

impl Table {
    /// The table that nearly all of the first lines are rows of, with a column that holds a dialogue.
    pub(super) fn learn(lines: &[&[u8]], knows: Knows) -> Option<Self> {
        let written = || lines.iter().copied().filter(|line| !line.trim_ascii().is_empty());
        // A look at two of the first lines spares most windows the closer one.
        let may = |line: &&[u8]| {
            matches!(line, [b'"', .., b'"'])
                || SEPARATORS.iter().any(|separator| line.contains(separator))
        };
        if written().take(4).filter(may).count() < 2 {
            return None;
        }
        let first: Vec<&[u8]> = written().take(FIRST).collect();
        let fractions = first.iter().any(|line| fraction(line).is_some())
            && first.iter().all(|line| fraction(line) != Some(false));
        SEPARATORS.into_iter().find_map(|sign| {
            let separator = Separator { sign, fractions };
            let columns = parted(separator, &first)?;
            Self::speaking(separator, columns, written().take(ASKED), knows)
        })
    }

    /// The table with the column of text: the one in which most is said, or the only one in quotes.
    fn speaking<'l>(
        separator: Separator,
        count: usize,
        lines: impl Iterator<Item = &'l [u8]>,
        knows: Knows,
    ) -> Option<Self> {
        let (mut said, mut quoted, mut timed) = (vec![0; count], vec![0; count], vec![0; count]);
        let mut rows = 0;
        for line in lines {
            let Some(row) = columns(line, separator).filter(|row| row.len() == count) else {
                continue;
            };
            rows += 1;
            let counts = said.iter_mut().zip(&mut quoted).zip(&mut timed);
            for (column, ((said, quoted), timed)) in row.iter().zip(counts) {
                let text = column.of(line);
                *said += usize::from(says(text, knows));
                *quoted += usize::from(column.quoted);
                *timed += usize::from(logger::time(text).is_some());
            }
        }
        let nearly_all = |found: &usize| found * 5 >= rows * 4;
        let mut in_quotes = (0..count).filter(|at| quoted.get(*at).is_some_and(nearly_all));
        let lone = in_quotes.next().filter(|_| rows >= 3 && in_quotes.next().is_none());
        let most = (0..count).rev().max_by_key(|at| said.get(*at));
        let text = most.filter(|at| said.get(*at).is_some_and(|said| *said > 0)).or(lone)?;
        let time = (0..count).find(|at| *at != text && timed.get(*at).is_some_and(nearly_all));
        Some(Self { separator, columns: count, text, time, lone: lone == Some(text) })
    }

    /// Whether nothing but the text is in quotes: whoever wrote that wrote it into a table.
    pub(super) const fn is_lone(self) -> bool {
        self.lone
    }

    /// What a row holds in the table's column; `None` for what is no row of this table.
    pub(super) fn open(self, line: &[u8]) -> Option<Content<'_>> {
        let row = columns(line, self.separator).filter(|row| row.len() == self.columns)?;
        let text = *row.get(self.text)?;
        if self.columns == 1 && !text.quoted {
            return None;
        }
        let time = self.time.and_then(|at| row.get(at)).map(|time| time.of(line));
        let (skipped, tail) = (text.start, line.len().saturating_sub(text.end));
        let text = without_doubled(text.of(line), text.quoted);
        Some(Content { text, skipped, tail, goes_on: false, time })
    }
}

/// How many columns nearly all lines have, where they are a table's.
fn parted(separator: Separator, lines: &[&[u8]]) -> Option<usize> {
    let mut counts = [0_usize; WIDEST + 1];
    let mut quotes = 0;
    for row in lines.iter().filter_map(|line| columns(line, separator)) {
        if let Some(count) = counts.get_mut(row.len()) {
            *count += 1;
        }
        quotes += usize::from(row.iter().any(|column| column.quoted));
    }
    let (columns, same) = counts.into_iter().enumerate().max_by_key(|(_, count)| *count)?;
    let nearly_all = |count: usize| count * 5 >= lines.len() * 4;
    let wants_quotes = columns == 1 || separator.sign == b'\t';
    (nearly_all(same) && (!wants_quotes || nearly_all(quotes))).then_some(columns)
}

/// Whether a column's text is a part of a dialogue: more than a number, which a code might be.
fn says(text: &[u8], knows: Knows) -> bool {
    likeness::marked(text).is_some() && !text.iter().all(u8::is_ascii_digit)
        || !knows(text).is_empty()
}

/// A column's text: two quotes inside quotes are one.
fn without_doubled(text: &[u8], quoted: bool) -> Cow<'_, [u8]> {
    if !quoted || memchr::memchr(b'"', text).is_none() {
        return Cow::Borrowed(text);
    }
    let mut plain = Vec::with_capacity(text.len());
    let mut escaped = false;
    for octet in text {
        escaped = *octet == b'"' && !escaped;
        if !escaped {
            plain.push(*octet);
        }
    }
    Cow::Owned(plain)
}

/// The columns of a line; `None` where its quotes are none of a table, or there are too many columns.
fn columns(line: &[u8], separator: Separator) -> Option<Vec<Column>> {
    let mut columns = Vec::new();
    let mut start = 0;
    loop {
        let rest = line.get(start..)?;
        let (column, next) = if let Some(inside) = rest.strip_prefix(b"\"") {
            let length = up_to_quote(inside)?;
            let end = start + 1 + length;
            let behind = line.get(end + 1..)?;
            if !matches!(behind.first(), None | Some(b'\r'))
                && behind.first() != Some(&separator.sign)
            {
                return None;
            }
            (Column { start: start + 1, end, quoted: true }, end + 1)
        } else {
            let mut ends = memchr::memchr_iter(separator.sign, rest);
            let parts = |at: &usize| !(separator.fractions && is_behind_time(rest, *at));
            let length = ends.find(parts).unwrap_or(rest.len());
            if separator.sign == b';' && rest.get(..length).is_some_and(is_entity) {
                return None;
            }
            (Column { start, end: start + length, quoted: false }, start + length)
        };
        columns.push(column);
        if columns.len() > WIDEST {
            return None;
        }
        if line.get(next) != Some(&separator.sign) {
            return Some(columns);
        }
        start = next + 1;
    }
}

/// Whether digits follow the first comma behind a time of day, as a fraction of its seconds does.
fn fraction(line: &[u8]) -> Option<bool> {
    let at = memchr::memchr_iter(b',', line).find(|at| is_behind_time(line, *at))?;
    let digits = line.iter().skip(at + 1).take_while(|octet| octet.is_ascii_digit()).count();
    Some(digits == 3)
}

/// Whether the comma at this place stands behind a time of day: `10:12:01,123`.
fn is_behind_time(text: &[u8], at: usize) -> bool {
    let before = text.get(at.saturating_sub(3)..at).unwrap_or_default();
    text.get(at) == Some(&b',') && matches!(before, [b':', b'0'..=b'5', b'0'..=b'9'])
}

/// Whether a semicolon behind this would end one of a page's entities, such as `&lt;`.
fn is_entity(text: &[u8]) -> bool {
    let name = text.iter().rev().take_while(|octet| octet.is_ascii_alphanumeric()).count();
    let sign = text.get(..text.len() - name).unwrap_or_default();
    name > 0 && (sign.ends_with(b"&") || sign.ends_with(b"&#"))
}

/// How many octets stand before the quote that ends a column.
fn up_to_quote(inside: &[u8]) -> Option<usize> {
    let mut at = 0;
    loop {
        at += memchr::memchr(b'"', inside.get(at..)?)?;
        if inside.get(at + 1) != Some(&b'"') {
            return Some(at);
        }
        at += 2;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::places::Places;

    /// A row's text and time.
    type Row = Option<(String, Option<String>)>;

    fn opened(lines: &[&str]) -> Option<Vec<Row>> {
        let lines: Vec<&[u8]> = lines.iter().map(|line| line.as_bytes()).collect();
        let table = Table::learn(&lines, |_| Places::NONE)?;
        let string = |octets: &[u8]| String::from_utf8(octets.to_vec()).unwrap();
        let opened = lines.iter().map(|line| {
            let content = table.open(line)?;
            let within = line.get(content.skipped..line.len() - content.tail).unwrap();
            assert_eq!(string(within).replace("\"\"", "\""), string(&content.text));
            Some((string(&content.text), content.time.map(string)))
        });
        Some(opened.collect())
    }

    #[test]
    fn the_column_that_speaks_is_opened() {
        let text = |text: &str| Some((text.to_owned(), None));
        let at = |time: &str, text: &str| Some((text.to_owned(), Some(time.to_owned())));
        assert_eq!(
            opened(&["\"220 mx \"\"new\"\"\"", "\"EHLO me\"", "\"250 a, b\"", "\"\"", "QUIT"]),
            Some(vec![text("220 mx \"new\""), text("EHLO me"), text("250 a, b"), text(""), None])
        );
        assert_eq!(
            opened(&[
                "id,time,message",
                "1,10:12:01,220 mx",
                "2,10:12:02,EHLO me",
                "3,10:12:02,\"250 mx, hello\"",
                "4,10:12:03,QUIT",
            ])
            .unwrap()
            .get(1..4),
            Some(
                &[
                    at("10:12:01", "220 mx"),
                    at("10:12:02", "EHLO me"),
                    at("10:12:02", "250 mx, hello")
                ][..]
            )
        );
        let fractions = ["10:12:01,003 S: \"220 mx\"", "10:12:01,212 C: \"QUIT\""];
        assert_eq!(opened(&fractions), None);
        assert_eq!(
            opened(&["\"1\"\t\"220 mx\"", "\"2\"\t\"QUIT\""]),
            Some(vec![text("220 mx"), text("QUIT")])
        );
    }

    #[test]
    fn what_is_no_table_stays_as_it_is() {
        for lines in [
            &["220 mx, hello", "EHLO me", "250 mx", "QUIT", "221 bye"][..],
            &["\"220 mx\" is what it says", "\"EHLO\" is what I say"],
            &["1\t220 mx", "2\tEHLO me", "3\t250 mx"],
            &["220 mx", "EHLO me", "250 mx"],
            &["&lt;- 220 mx", " -&gt; EHLO me", "&lt;- 250 mx", " -&gt; QUIT"],
        ] {
            assert_eq!(opened(lines), None, "{lines:?}");
        }
    }
}
