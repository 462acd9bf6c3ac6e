//! Lines that stand in the source otherwise than their program wrote them: in a collector's envelopes, or broken
//! over several lines.

use super::incoming::Incoming;
use crate::{
    dialect,
    transcript::Moment,
    wrapping::{self, Envelope, Joint},
};

/// A line with a text of its own, made of one line of the source or of several.
pub(super) struct Row<'l> {
    line: Incoming<'l>,
    text: Vec<u8>,
}

impl<'l> Row<'l> {
    fn of(line: &Incoming<'l>) -> Self {
        Self { line: *line, text: line.text.to_vec() }
    }

    /// Adds a text that stands in the next line of the source.
    fn goes_on(&mut self, text: &[u8], line: &Incoming<'_>) {
        self.text.extend_from_slice(text);
        let octets = line.offset + u64::from(line.octets) - self.line.offset;
        self.line.octets = u32::try_from(octets).unwrap_or(u32::MAX);
        self.line.ending = line.ending;
    }

    /// The same row, for the next window.
    fn kept(self) -> Row<'static> {
        Row { line: Incoming { text: b"", ..self.line }, text: self.text }
    }
}

/// The rows as lines.
pub(super) fn lines<'r>(rows: &'r [Row<'_>]) -> Vec<Incoming<'r>> {
    rows.iter().map(|row| Incoming { text: &row.text, ..row.line }).collect()
}

/// The lines, each broken row of a log in one; nothing where none is broken.
pub(super) fn whole<'l>(lines: &[Incoming<'l>]) -> Vec<Row<'l>> {
    let texts: Vec<&[u8]> = lines.iter().map(|line| line.text).collect();
    let broken = wrapping::broken_rows(&texts, dialect::rows);
    if broken.is_empty() {
        return Vec::new();
    }
    let mut rows: Vec<Row<'_>> = Vec::new();
    let mut broken = broken.into_iter().peekable();
    for (index, line) in lines.iter().enumerate() {
        let joint = broken.next_if(|(at, _)| *at == index);
        if let (Some((_, joint)), Some(row)) = (joint, rows.last_mut()) {
            row.text.extend_from_slice(if joint == Joint::Blank { b" " } else { b"" });
            row.goes_on(line.text, line);
            row.line.tail = line.tail;
        } else {
            rows.push(Row::of(line));
        }
    }
    rows
}

/// Takes lines out of the envelopes that a collector put them into.
#[derive(Default)]
pub(super) struct Collector {
    envelope: Option<Envelope>,
    /// A line that goes on in the next window's first envelope.
    begun: Option<Row<'static>>,
}

impl Collector {
    /// What the envelopes hold; `None` where there are none. Lines that are `new` may be the first ones that stand
    /// in envelopes.
    pub(super) fn opened<'l>(&mut self, lines: &[Incoming<'l>], new: bool) -> Option<Vec<Row<'l>>> {
        if self.envelope.is_none() && new {
            let texts: Vec<&[u8]> = lines.iter().map(|line| line.text).collect();
            self.envelope = Envelope::learn(&texts, dialect::shown);
        }
        let envelope = self.envelope?;
        let held: Vec<_> = lines.iter().map(|line| envelope.open(line.text)).collect();
        // Not every collector keeps the ends of lines, and then none of them tells anything.
        let broken = held.iter().flatten().filter(|content| content.goes_on).count();
        let tells = envelope == Envelope::Cri || broken * 2 < held.iter().flatten().count();
        let mut rows: Vec<Row<'_>> = Vec::with_capacity(lines.len());
        let mut begun = self.begun.is_some();
        rows.extend(self.begun.take());
        let mut time: Option<Moment> = None;
        for (line, content) in lines.iter().zip(held) {
            let Some(content) = content else {
                time = envelope.time(line.text).and_then(dialect::logged_at).or(time);
                if !envelope.is_empty(line.text) {
                    rows.push(Row::of(line));
                    begun = false;
                }
                continue;
            };
            if let Some(row) = rows.last_mut().filter(|_| begun) {
                row.goes_on(&content.text, line);
                (row.line.skipped, row.line.tail) = (0, 0);
            } else {
                let (skipped, tail) = (line.skipped + content.skipped, line.tail + content.tail);
                let at = content.time.and_then(dialect::logged_at).or_else(|| time.take());
                for text in content.text.split(|octet| *octet == b'\n') {
                    let text = text.strip_suffix(b"\r").unwrap_or(text).to_vec();
                    rows.push(Row { line: Incoming { skipped, tail, at, ..*line }, text });
                }
            }
            begun = tells && content.goes_on;
        }
        if begun {
            self.begun = rows.pop().map(Row::kept);
        }
        Some(rows)
    }

    /// The line that still goes on where the source ends.
    pub(super) fn finish(&mut self) -> Option<Row<'static>> {
        self.begun.take()
    }
}
