//! What wraps the lines of a window, learnt from them together: the plan that its lines are peeled by.

use std::borrow::Cow;

use super::{
    Joint, Knows, Peeler, array, brackets, cells, comment, diagram, ending, html, indent, joined,
    keys, literal, logger, markdown, numbering, peeling::without_escapes, quote, remark, serial,
    wraps,
};

/// What the neighbours of a line prove to wrap it.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Taken {
    pub(super) front: usize,
    pub(super) back: usize,
    pub(super) time: Option<(usize, usize)>,
    pub(super) syslog: bool,
    pub(super) joint: Option<Joint>,
    /// Octets at the end that are a line of their own.
    pub(super) rest: usize,
    pub(super) altered: bool,
    /// Which side says it, as a mark.
    pub(super) mark: &'static [u8],
}

impl Peeler {
    /// Looks at the next lines of the source before they are peeled; at most [`WINDOW`](super::WINDOW) is advised.
    pub fn learn(&mut self, lines: &mut dyn Iterator<Item = &[u8]>) {
        let before = std::mem::take(&mut self.before);
        let window: Vec<Cow<'_, [u8]>> = lines.map(without_escapes).collect();
        let mut inner: Vec<&[u8]> =
            before.iter().map(Vec::as_slice).chain(window.iter().map(AsRef::as_ref)).collect();
        self.plan.clear();
        self.next = before.len();
        let all = inner.len().saturating_sub(REMEMBERED);
        self.before =
            inner.get(all..).unwrap_or_default().iter().map(|line| line.to_vec()).collect();
        self.page = html::learn(&inner, self.knows);
        self.escapes = inner.iter().any(|line| markdown::shows_escapes(line));
        self.joined = joined::Joined::learn(&inner);
        // A quoted listing is numbered inside its quoting, and a logger may take down either: each level is
        // learnt on what is left.
        let mut logged = false;
        for level in 0..LEVELS {
            let mut any = false;
            if !logged && let Some(found) = logger::learn(&inner, self.page, self.knows) {
                (logged, any) = (true, level > 0);
                self.take_prefixes(&found, &mut inner);
            }
            if level == 0 {
                for around in literal::learn(&inner) {
                    self.shave(&mut inner, around.index, around.front, around.back);
                }
            }
            for (may_apply, learn, around_pages) in LEARNT {
                // One look at how lines begin spares most windows the closer ones.
                let applies = *around_pages || !self.page;
                if !applies || !inner.iter().any(|line| may_apply(line)) {
                    continue;
                }
                if let Some(found) = learn(&inner, self.knows) {
                    any = true;
                    self.take(&found, &mut inner);
                }
            }
            if !any {
                break;
            }
            self.page = self.page || html::learn(&inner, self.knows);
        }
        if self.page {
            return;
        }
        for (index, back) in cells::learn(&inner) {
            self.shave(&mut inner, index, 0, back);
        }
        for (index, back) in ending::learn(&inner) {
            self.shave(&mut inner, index, 0, back);
        }
        for index in brackets::learn(&inner) {
            if let Some(taken) = self.shave(&mut inner, index, 1, 1) {
                taken.altered = true;
            }
        }
        for key in keys::learn(&inner) {
            if let Some(taken) = self.shave(&mut inner, key.index, key.front, key.back) {
                taken.altered = true;
            }
        }
        for around in diagram::learn(&inner) {
            if let Some(taken) = self.shave(&mut inner, around.index, around.front, around.back) {
                (taken.altered, taken.mark) = (true, around.mark);
            }
        }
        for behind in remark::learn(&inner) {
            self.plan.resize(inner.len(), Taken::default());
            if let Some(taken) = self.plan.get_mut(behind.index) {
                taken.front += behind.front;
                taken.back += behind.back;
                taken.rest = behind.reply;
                taken.altered = true;
            }
        }
        for (index, joint) in wraps::learn(&inner) {
            self.plan.resize(inner.len(), Taken::default());
            if let Some(taken) = self.plan.get_mut(index) {
                taken.joint = Some(joint);
            }
        }
    }

    /// Takes octets off both ends of a line of the window; what is known of that line, where there is one.
    fn shave(
        &mut self,
        inner: &mut [&[u8]],
        index: usize,
        front: usize,
        back: usize,
    ) -> Option<&mut Taken> {
        self.plan.resize(inner.len(), Taken::default());
        let (taken, line) = (self.plan.get_mut(index)?, inner.get_mut(index)?);
        taken.front += front;
        taken.back += back;
        *line = line.get(front..line.len().saturating_sub(back)).unwrap_or_default();
        Some(taken)
    }

    /// Takes a logger's prefixes off.
    fn take_prefixes(&mut self, found: &[(usize, logger::Prefix)], inner: &mut [&[u8]]) {
        for (index, prefix) in found {
            if let Some(taken) = self.shave(inner, *index, prefix.front, 0) {
                let before = taken.front - prefix.front;
                taken.time = prefix.time.map(|(start, end)| (before + start, before + end));
                taken.syslog = true;
            }
        }
    }

    /// Takes octets off the fronts of lines, and a table's right border off their ends.
    fn take(&mut self, found: &[(usize, usize)], inner: &mut [&[u8]]) {
        for (index, front) in found {
            let line = inner.get(*index).copied().unwrap_or_default();
            let sign = line.get(..*front).unwrap_or_default();
            let text = line.get(*front..).unwrap_or_default();
            let border = if sign.contains(&b'|') { comment::border(text) } else { 0 };
            self.shave(inner, *index, *front, border);
        }
    }
}

/// Whether a line's beginning makes a wrapper possible.
type MayBegin = fn(&[u8]) -> bool;
/// Finds how many octets of which lines a wrapper takes.
type Learn = fn(&[&[u8]], Knows) -> Option<Vec<(usize, usize)>>;

/// What stands before each line of a block: which beginnings of lines make it possible, how it is learnt,
/// and whether a page's source stands in it, too.
const LEARNT: &[(MayBegin, Learn, bool)] = &[
    (quote::may_begin, quote::learn, true),
    (comment::may_begin, comment::learn, false),
    (serial::may_begin, serial::learn, false),
    (numbering::may_begin, numbering::learn, true),
    (array::may_begin, array::learn, true),
    (indent::may_begin, indent::learn, false),
];

/// How many lines of a window the next one is learnt with.
const REMEMBERED: usize = 16;

/// How many wrappers of one kind may stand inside each other.
const LEVELS: usize = 6;
