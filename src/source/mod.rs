//! A path or standard input to named, decoded lines: one container or encoding a file. Knows nothing of SMTP.
//!
//! *Enters*: paths ([`walk()`]) and how to read them ([`Options`]).
//! *Leaves*: [`Source`]s in a fixed order, handed by [`open`] to a visitor, each read in [`Block`]s of
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

mod limits;
mod line;
mod text;
mod walk;

use std::fs::File;
use std::io::{self, Read};
use std::ops::ControlFlow;
use std::rc::Rc;

use encoding_rs::Encoding;

use crate::error::Error;
pub use limits::Limits;
use limits::{Broken, Counted, Spent};
pub use line::{Block, Line, Lines, MAX_LINE, WINDOW};
pub use text::encoding;
pub use walk::{Input, Origin, walk};

/// How sources are read.
#[derive(Debug, Clone, Copy, Default)]
pub struct Options {
    /// The character encoding of all sources, as [`encoding`] names it; found out where `None`.
    pub encoding: Option<&'static Encoding>,
    /// How far containers are opened.
    pub limits: Limits,
}

/// How bad a problem is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// Worth knowing; nothing is missing.
    Note,
    /// Something could not be read; the rest was.
    Warning,
    /// Nothing of it could be read.
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
}

impl<'r> Source<'r> {
    /// A source that reads from `octets`.
    pub fn new(name: impl Into<String>, octets: impl Read + 'r, options: &Options) -> Self {
        let octets = Started::new(Box::new(octets));
        Self::started(name.into(), octets, options, Kind::Text)
    }

    fn started(name: String, octets: Started<'r>, options: &Options, kind: Kind) -> Self {
        let detected = text::detect(octets.start(), options.encoding);
        let octets = octets.after(detected.mark);
        Self {
            name,
            kind,
            encoding: detected.encoding,
            lines: line::Reader::new(Box::new(octets), &detected),
            problems: Vec::new(),
            spent: None,
        }
    }

    /// A source without lines that says what could not be opened.
    fn unreadable(name: String, problem: Problem) -> Self {
        let mut source = Self::new(name, io::empty(), &Options::default());
        source.kind = Kind::Unreadable;
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
            let own_words = error.get_ref().is_some_and(|inner| inner.is::<Broken>());
            let message = if own_words {
                error.to_string()
            } else {
                format!("reading failed ({error}); what came before was read")
            };
            self.problems.push(Problem { severity: Severity::Warning, line, message });
        }
        for remark in self.spent.iter().flat_map(|spent| spent.take_remarks()) {
            self.problems.push(Problem { line, ..remark });
        }
        false
    }
}

/// Who looks at the sources of an input; breaks off to see no more.
pub type Visitor<'v> = &'v mut dyn FnMut(&mut Source<'_>) -> ControlFlow<()>;

/// Opens an input and hands each source in it to `visit`, in the order in which they lie in it: one
/// for a plain file, any number for a container. What cannot be opened is handed on too, as
/// [`Kind::Unreadable`].
pub fn open(input: &Input, options: &Options, visit: Visitor<'_>) -> ControlFlow<()> {
    let refuse = |error: &Error, visit: Visitor<'_>| {
        let problem = Problem::new(Severity::Error, error.to_string());
        visit(&mut Source::unreadable(input.name.clone(), problem))
    };
    let spent = Spent::new(options.limits);
    let octets: Box<dyn Read> = match &input.origin {
        Origin::Unusable(error) => return refuse(error, visit),
        Origin::StandardInput => Box::new(Counted { octets: io::stdin(), spent }),
        Origin::File(path) => match File::open(path) {
            Ok(octets) => Box::new(Counted { octets, spent }),
            Err(error) => return refuse(&Error::reading(path, error), visit),
        },
    };
    let octets = Started::new(octets);
    visit(&mut Source::started(input.name.clone(), octets, options, Kind::Text))
}

/// Octets whose first ones have been looked at and are still to be read.
struct Started<'r> {
    start: Vec<u8>,
    at: usize,
    octets: Box<dyn Read + 'r>,
    failure: Option<io::Error>,
}

impl<'r> Started<'r> {
    fn new(mut octets: Box<dyn Read + 'r>) -> Self {
        let mut start = Vec::new();
        let first = (&mut octets).take(text::FIRST_WINDOW as u64).read_to_end(&mut start);
        Self { start, at: 0, octets, failure: first.err() }
    }

    /// The first octets.
    fn start(&self) -> &[u8] {
        &self.start
    }

    /// Leaves out the first octets.
    fn after(mut self, octets: usize) -> Self {
        self.at = octets;
        self
    }
}

impl Read for Started<'_> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let mut rest = self.start.get(self.at..).unwrap_or_default();
        if rest.is_empty() {
            self.start = Vec::new();
            return match self.failure.take() {
                Some(error) => Err(error),
                None => self.octets.read(into),
            };
        }
        let octets = rest.read(into)?;
        self.at += octets;
        Ok(octets)
    }
}
