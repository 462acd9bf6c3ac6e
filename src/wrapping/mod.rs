//! What was put around a transcript on its way into a ticket: one wrapper a file, each removed and accounted for.
//!
//! *Enters*: the lines of a source without their endings, a window of them at a time.
//! *Leaves*: for each line the text inside and how many octets stand before and behind it.
//!
//! Two kinds of wrappers: those that a line shows by itself (terminal escapes, fences, tags), and
//! those that only its neighbours prove (quoting, indentation, line numbers, a logger's prefix, a
//! page's entities). The second kind is learnt from a window of lines before its lines are peeled.

mod ansi;
mod array;
mod backspace;
mod bbcode;
mod brackets;
mod cells;
mod comment;
mod csv;
mod diagram;
mod ending;
mod envelope;
mod html;
mod indent;
mod joined;
mod keys;
mod likeness;
mod literal;
mod logger;
mod markdown;
mod numbering;
mod peeling;
mod plan;
mod program;
mod proof;
mod putty;
mod quote;
mod remark;
mod rows;
mod runs;
mod script;
mod serial;
mod shared;
mod spacing;
mod typography;
mod wraps;

use peeling::{is_bare, whole};
use plan::Taken;

use crate::places::Places;

pub use csv::Table;
pub use envelope::{Content, Envelope, Key};
pub use program::{is_statement, quoted_in_programs};
pub use proof::Knows;
pub use quote::quoting;
pub use rows::broken_rows;
pub use spacing::Spacing;
pub use wraps::Joint;

/// How many lines to give to [`Peeler::learn`] at a time.
pub const WINDOW: usize = 2048;

/// A line that is wrapper as a whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wrapper {
    /// A Markdown fence.
    Fence,
    /// A tag of a page, of `BBCode` or of Jira.
    Tag,
    /// The first line of a typescript.
    ScriptStarted,
    /// The last line of a typescript.
    ScriptDone,
    /// PuTTY's header.
    Putty,
}

impl Wrapper {
    /// Whether a new capture begins behind the line, so that a session before it is over.
    pub const fn begins_capture(self) -> bool {
        matches!(self, Self::ScriptStarted | Self::Putty)
    }
}

/// A line with its wrappers taken off.
///
/// `skipped` octets, the `octets` that the text was made from, a tail and `rest` make the line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Peeled<'l> {
    /// The text: a part of the line where it stands there as it is; the whole line where it is
    /// wrapper.
    pub text: &'l [u8],
    /// Octets of the line before the text.
    pub skipped: usize,
    /// Octets of the line that the text was made from.
    pub octets: usize,
    /// How many octets at the line's end follow a line break inside it (a page's `<br>`), or are a reply that
    /// somebody wrote behind a command: they are for [`Peeler::further`]. Mostly 0.
    pub rest: usize,
    /// What the line is where it holds no text.
    pub kind: Option<Wrapper>,
    /// The time that a logger wrote before it, in the logger's own form.
    pub at: Option<&'l [u8]>,
    /// The line goes on where the one before it stopped: somebody broke a long line.
    pub joint: Option<Joint>,
    /// Somebody wrote a remark behind the text, put further lines behind it or set its signs: as it stands, the line
    /// is no recording tool's.
    pub altered: bool,
}

impl<'l> Peeled<'l> {
    /// A line that nothing is wrapped around.
    pub const fn whole(line: &'l [u8]) -> Self {
        whole(line, None)
    }
}

/// Takes wrappers off the lines of one source.
///
/// ```
/// use smtplog::wrapping::Peeler;
/// let lines: &[&[u8]] = &[b"> 220 mx.example.net", b"> QUIT", b"> 221 bye"];
/// let mut peeler = Peeler::default();
/// peeler.learn(&mut lines.iter().copied());
/// let mut scratch = Vec::new();
/// let peeled = peeler.peel(lines[0], &mut scratch);
/// assert_eq!((peeled.text, peeled.skipped), (&b"220 mx.example.net"[..], 2));
/// ```
#[derive(Debug)]
pub struct Peeler {
    knows: Knows,
    /// What wraps each line of the window; empty where nothing does.
    plan: Vec<Taken>,
    /// The next line of the window.
    next: usize,
    /// The last lines of the window before: what wraps them wraps what follows.
    before: Vec<Vec<u8>>,
    /// The window is a page's source.
    page: bool,
    /// Markdown's signs are escaped in the window.
    escapes: bool,
    /// How a copy joined lines of the window.
    joined: joined::Joined,
}

impl Default for Peeler {
    fn default() -> Self {
        Self::knowing(|_| Places::NONE)
    }
}

impl Peeler {
    /// Takes wrappers off lines that are a recording tool's without them, too.
    pub fn knowing(knows: Knows) -> Self {
        Self {
            knows,
            plan: Vec::new(),
            next: 0,
            before: Vec::new(),
            page: false,
            escapes: false,
            joined: joined::Joined::default(),
        }
    }

    /// Whether the window is a page's source, in which signs stand as entities.
    pub const fn is_page(&self) -> bool {
        self.page
    }

    /// Peels the next line of the window.
    pub fn peel<'l>(&mut self, line: &'l [u8], scratch: &'l mut Vec<u8>) -> Peeled<'l> {
        let taken = self.plan.get(self.next).copied();
        self.next += 1;
        if taken.is_none() && !self.page && !self.escapes && !self.joined.any() && is_bare(line) {
            return whole(line, None);
        }
        let taken = taken.unwrap_or_default();
        self.unwrap(line, self.cut(line, taken.front), taken, scratch)
    }

    /// Peels the octets at the end of a line that [`Peeled::rest`] counts.
    pub fn further<'l>(&self, rest: &'l [u8], scratch: &'l mut Vec<u8>) -> Peeled<'l> {
        let cut = self.cut(rest, 0);
        // A reply out of a table's column ends with its border.
        let back = if cut.is_none() { comment::border(rest) } else { 0 };
        self.unwrap(rest, cut, Taken { back, ..Taken::default() }, scratch)
    }
}

#[cfg(test)]
mod tests;
