//! The dialects that read in a source: woken by evidence, asked line by line, the last one first.

use super::incoming::{Incoming, Part};
use crate::{
    dialect::{self, Dialect, Reader, Reading, Unmarked},
    grammar::shape,
    places::Places,
};

/// A dialect at work.
struct Active {
    /// Its place in `dialect::ALL`.
    index: u16,
    reader: Box<dyn Reader>,
    /// It reads lines as they stand; others read them without their wrappers.
    whole: bool,
}

/// Of `places`, the dialects that a line is characteristic of.
fn evident(line: &[u8], places: Places) -> Places {
    dialect::evident(line, dialect::hinted(line) & places)
}

/// The dialects that read in this source.
pub(super) struct Readers {
    forced: bool,
    /// The marks of lines that no dialect takes were looked for: once, in the first lines.
    learnt: bool,
    active: Vec<Active>,
    /// The place in `active` of the one that took the last line.
    last: usize,
}

impl Readers {
    pub(super) fn new(forced: Option<&'static Dialect>) -> Self {
        let mut readers =
            Self { forced: forced.is_some(), learnt: false, active: Vec::new(), last: 0 };
        if let Some(index) = forced.and_then(dialect::place) {
            readers.wake(index, true);
            readers.wake(index, false);
        }
        readers
    }

    /// Whether a dialect reads here that has a clock of its own.
    pub(super) fn tell_times(&self) -> bool {
        self.active.iter().any(|active| !dialect::is_timeless(active.index))
    }

    /// Whether the dialect that took the last line writes all that was said in lines of its own: each with a
    /// session's key, or each with a mark.
    pub(super) fn is_settled(&self) -> bool {
        self.active.get(self.last).is_some_and(|active| {
            let dialect = dialect::ALL.get(usize::from(active.index));
            active.whole
                && dialect.is_some_and(|dialect| {
                    !dialect.key.is_empty() || dialect.unmarked == Unmarked::Neither
                })
        })
    }

    /// Offers a line, and the one behind it, to the dialect that took the last one alone.
    pub(super) fn read_settled(
        &mut self,
        line: &[u8],
        next: &[u8],
        say: &mut dyn FnMut(u16, Reading<'_>),
    ) -> bool {
        if let Some(active) = self.active.get_mut(self.last) {
            active.reader.ahead(next);
        }
        self.read_last(line, say)
    }

    /// Offers a line to the dialect that took the last one alone.
    pub(super) fn read_last(&mut self, line: &[u8], say: &mut dyn FnMut(u16, Reading<'_>)) -> bool {
        let Some(active) = self.active.get_mut(self.last) else { return false };
        let index = active.index;
        active.reader.read(line, &mut |reading| say(index, reading))
    }

    /// Lets a dialect read from now on.
    fn wake(&mut self, index: u16, whole: bool) {
        let Some(dialect) = dialect::ALL.get(usize::from(index)) else { return };
        let place = self.active.partition_point(|active| active.index <= index);
        self.active.insert(place, Active { index, reader: (dialect.reader)(), whole });
        self.last = 0;
    }

    /// Wakes the dialects for which these lines hold evidence, as they stand or without wrappers.
    pub(super) fn learn(&mut self, lines: &[Incoming<'_>], parts: &[Part<'_>]) {
        if self.forced {
            return;
        }
        let mut asleep = Places::ALL;
        for active in &self.active {
            asleep &= !Places::of(active.index);
        }
        let (mut standing, mut unwrapped) = (Places::NONE, Places::NONE);
        let mut parts_left = parts.iter().peekable();
        for (index, line) in lines.iter().enumerate() {
            // A line that is evidence with and without its wrappers is so without them: whoever reads
            // it as it stands would take it out of the dialogue around it. A page's line may be several,
            // which a dialect that reads pages takes as one.
            let (mut inside, mut texts) = (Places::NONE, 0);
            while let Some(part) = parts_left.next_if(|part| part.line == index) {
                texts += usize::from(part.kind.is_none() && !part.text.trim_ascii().is_empty());
                if part.is_unwrapped(line) {
                    inside |= evident(&part.text, asleep & !standing);
                }
            }
            unwrapped |= inside;
            let asked = if texts > 1 { asleep } else { asleep & !inside };
            standing |= evident(line.text, asked & !standing);
        }
        for index in 0..u16::try_from(dialect::ALL.len()).unwrap_or(u16::MAX) {
            if standing.holds(index) {
                self.wake(index, true);
            } else if unwrapped.holds(index) {
                self.wake(index, false);
            }
        }
        if !self.learnt {
            self.learnt = true;
            self.learn_marks(parts);
        }
    }

    /// Learns the marks of lines that no dialect takes.
    fn learn_marks(&mut self, parts: &[Part<'_>]) {
        let Some(index) = dialect::learnt() else { return };
        let mut untaken: Vec<&[u8]> = Vec::new();
        let mut alone = true;
        let mut following = parts.iter().skip(1);
        for part in parts {
            let silent = &mut |_: u16, _: Reading<'_>| {};
            let next = following.next().map_or(&b""[..], |next| &next.text);
            self.ahead(next, true);
            self.ahead(next, false);
            if !self.read(&part.text, true, silent) && !self.read(&part.text, false, silent) {
                untaken.push(&part.text);
            } else {
                alone = false;
            }
        }
        let learnt = dialect::any_marks::learn(untaken.into_iter(), shape::is_mail_command, alone);
        // Readers keep what they saw: those that looked ahead begin anew.
        for active in &mut self.active {
            if let Some(dialect) = dialect::ALL.get(usize::from(active.index)) {
                active.reader = (dialect.reader)();
            }
        }
        if let Some(reader) = learnt {
            self.active.push(Active { index, reader, whole: false });
        }
        self.last = 0;
    }

    /// Has the active dialects say what they still hold back.
    pub(super) fn finish(&mut self, say: &mut dyn FnMut(u16, Reading<'_>)) {
        for active in &mut self.active {
            active.reader.finish(&mut |reading| say(active.index, reading));
        }
    }

    /// Tells the active dialects that the block is over in which they read.
    pub(super) fn leave(&mut self) {
        self.active.iter_mut().for_each(|active| active.reader.leave());
    }

    /// Shows the active dialects of one kind the line behind the one that they are offered next.
    pub(super) fn ahead(&mut self, next: &[u8], whole: bool) {
        for active in self.active.iter_mut().filter(|active| active.whole == whole) {
            active.reader.ahead(next);
        }
    }

    /// Offers a line to the active dialects of one kind; `false` where none takes it.
    pub(super) fn read(
        &mut self,
        line: &[u8],
        whole: bool,
        say: &mut dyn FnMut(u16, Reading<'_>),
    ) -> bool {
        if let Some(active) = self.active.get_mut(self.last)
            && active.whole == whole
            && active.reader.read(line, &mut |reading| say(active.index, reading))
        {
            return true;
        }
        let last = self.last;
        for (place, active) in self.active.iter_mut().enumerate() {
            if place != last
                && active.whole == whole
                && active.reader.read(line, &mut |reading| say(active.index, reading))
            {
                self.last = place;
                return true;
            }
        }
        false
    }
}
