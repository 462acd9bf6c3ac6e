//! A path or standard input to named, decoded lines: one container or encoding a file. Knows nothing of SMTP.
//!
//! *Enters*: paths ([`walk()`]) and how to read them ([`Options`]).
//! *Leaves*: [`Source`]s in a fixed order, handed by [`open()`] to a visitor, each read in [`Block`]s of
//! [`Line`]s. Whatever could not be read becomes a [`Problem`] of the source that it concerns.
//!
//! ```
//! use std::ops::ControlFlow;
//! use smtplog::source::{self, Block, Options};
//!
//! let mut block = Block::new();
//! for input in source::walk(&["Cargo.toml"]) {
//!     let _ = source::open(&input, &Options::default(), &mut |source| {
//!         while source.read(&mut block) {
//!             for line in &block {
//!                 assert!(line.number > 0 && line.text.len() <= line.octets as usize);
//!             }
//!         }
//!         assert!(source.problems().is_empty());
//!         ControlFlow::Continue(())
//!     });
//! }
//! ```

mod awaited;
mod bzip2;
mod course;
mod eml;
mod follow;
mod gzip;
mod limits;
mod line;
mod magic;
mod mbox;
mod open;
mod pcap;
mod start;
mod tar;
mod tcp;
mod text;
mod walk;
mod xz;
mod zip;
mod zstd;

use std::io::{self, Read};
use std::rc::Rc;
use std::sync::Arc;

use encoding_rs::Encoding;

pub use course::{Course, INTERRUPTED, Identity};
pub use follow::{Wait, follow};
pub use limits::Limits;
use limits::Spent;
pub use line::{Block, Line, Lines, MAX_LINE, WINDOW};
use open::Container;
pub(crate) use open::open_up_to;
pub use open::{Visitor, open};
use start::Started;
pub use text::encoding;
pub use walk::{Input, Origin, walk, walk_on};

/// What sources may be wrapped in. To add one, write its file and name it here; the first whose
/// first octets match is taken.
static CONTAINERS: &[&Container] = &[
    &gzip::CONTAINER,
    &zstd::CONTAINER,
    &bzip2::CONTAINER,
    &xz::CONTAINER,
    &zip::CONTAINER,
    &tar::CONTAINER,
    &pcap::CONTAINER,
    &mbox::CONTAINER,
    &eml::CONTAINER,
];

/// How sources are read.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// The character encoding of all sources, as [`encoding`] names it; found out where `None`.
    pub encoding: Option<&'static Encoding>,
    /// How far containers are opened.
    pub limits: Limits,
    /// How far the reading has come, and whether it goes on.
    pub course: Arc<Course>,
    /// Files that are not read wherever they are found: those that the report is written to.
    pub left_out: Vec<Identity>,
}

/// How bad a problem is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// Worth knowing; nothing is missing.
    Note,
    /// Something could not be read; the rest was.
    Warning,
    /// Nothing of it could be read; or the system failed, and nobody knows what is missing.
    Error,
}

/// What could not be read, or only with a doubt.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// How bad it is.
    pub severity: Severity,
    /// The 1-based line of the source at which it showed.
    pub line: Option<u64>,
    /// What happened and what to do, in words of our own; may quote names from the input.
    pub message: String,
}

impl Problem {
    fn new(severity: Severity, message: impl Into<String>) -> Self {
        Self { severity, line: None, message: message.into() }
    }
}

/// What a source is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Kind {
    /// Text, as far as its first octets tell.
    Text,
    /// Something else, well known: `a PNG picture`. It has lines all the same, which nobody need read.
    Binary(&'static str),
    /// A container, told of for its problems alone: it has no lines, and what could be read in it
    /// comes as sources of its own.
    Container,
    /// A path, or a part of a container, that could not be opened; it has problems and no lines.
    Unreadable,
}

/// One text: a file, or what a container holds, or standard input.
pub struct Source<'r> {
    name: String,
    kind: Kind,
    encoding: &'static Encoding,
    lines: line::Reader<Box<dyn Read + 'r>>,
    problems: Vec<Problem>,
    spent: Option<Rc<Spent>>,
    is_written_here: bool,
}

impl<'r> Source<'r> {
    /// A source that reads from `octets`.
    pub fn new(name: impl Into<String>, octets: impl Read + 'r, options: &Options) -> Self {
        let octets = Started::new(Box::new(octets));
        Self::started(name.into(), octets, options.encoding)
    }

    fn started(name: String, octets: Started<'r>, encoding: Option<&'static Encoding>) -> Self {
        let detected = text::detect(octets.start(), encoding);
        let all = octets.all();
        let octets = octets.after(detected.mark);
        Self {
            name,
            kind: Kind::Text,
            encoding: detected.encoding,
            lines: line::Reader::new(Box::new(octets) as Box<dyn Read + 'r>, &detected)
                .of_size(all),
            problems: Vec::new(),
            spent: None,
            is_written_here: false,
        }
    }

    /// Text that goes on behind its first octets, though it may come to no end for now.
    fn growing(
        name: String,
        start: Vec<u8>,
        rest: impl Read + 'r,
        encoding: Option<&'static Encoding>,
    ) -> Self {
        let detected = text::detect(&start, encoding);
        let mut start = io::Cursor::new(start);
        start.set_position(detected.mark as u64);
        let octets: Box<dyn Read + 'r> = Box::new(start.chain(rest));
        Self {
            name,
            kind: Kind::Text,
            encoding: detected.encoding,
            lines: line::Reader::new(octets, &detected).waiting(),
            problems: Vec::new(),
            spent: None,
            is_written_here: false,
        }
    }

    /// A source without lines that says what went wrong.
    fn without_lines(name: String, kind: Kind, problem: Problem) -> Self {
        let mut source = Self::new(name, io::empty(), &Options::default());
        source.kind = kind;
        source.problems.push(problem);
        source
    }

    /// The path, and below it the names inside containers: `ticket.eml/session.txt.gz`. Names come
    /// from the input and may hold any character.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// What it is.
    pub const fn kind(&self) -> Kind {
        self.kind
    }

    /// Whether this program wrote the text itself, out of the packets of a connection: nothing wraps its
    /// lines, and nothing else stands between them.
    pub const fn is_written_here(&self) -> bool {
        self.is_written_here
    }

    /// The name of its character encoding in lower case: `utf-8`, `utf-16le`, `windows-1252`.
    pub fn encoding(&self) -> String {
        self.encoding.name().to_ascii_lowercase()
    }

    /// Octets read so far (with a byte order mark): all of them once [`Source::read`] was `false`.
    pub fn octets(&self) -> u64 {
        self.lines.offset()
    }

    /// Lines read so far: all of them once [`Source::read`] was `false`.
    pub fn lines(&self) -> u64 {
        self.lines.count()
    }

    /// What could not be read; complete once [`Source::read`] was `false`.
    pub fn problems(&self) -> &[Problem] {
        &self.problems
    }

    /// Takes the problems out.
    pub fn take_problems(&mut self) -> Vec<Problem> {
        std::mem::take(&mut self.problems)
    }

    /// Refills `block` with the next lines; `false` at the end, or where no more can be read, which
    /// [`Source::problems`] then tells.
    pub fn read(&mut self, block: &mut Block) -> bool {
        if self.lines.read(block) {
            return true;
        }
        let line = Some(self.lines.count()).filter(|count| *count > 0);
        if let Some(error) = self.lines.take_failure() {
            let (severity, message) = limits::own_words(&error).map_or_else(
                || {
                    let before = if line.is_some() { "; what came before was read" } else { "" };
                    (Severity::Error, format!("reading failed ({error}){before}"))
                },
                |message| (Severity::Warning, message),
            );
            self.problems.push(Problem { severity, line, message });
        }
        for remark in self.spent.iter().flat_map(|spent| spent.take_remarks()) {
            self.problems.push(Problem { line: remark.line.or(line), ..remark });
        }
        false
    }
}

#[cfg(test)]
mod tests;
