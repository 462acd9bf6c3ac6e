//! Limits against archives that unpack to more than anyone wants, and the count that they hold against.

use std::cell::{Cell, RefCell};
use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::rc::Rc;
use std::sync::Arc;

use super::{Course, INTERRUPTED, Options, Problem, Severity};

/// How far containers are opened. Where a limit bites, reading stops there, a problem says so, and
/// what came before it is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// How many containers may lie in one another: `a.tar.gz` takes two.
    pub depth: usize,
    /// How many octets one input may unpack to, all layers counted.
    pub octets: u64,
    /// How many times its own size an input may unpack to, beyond [`Limits::always`].
    pub ratio: u64,
    /// How many octets an input may unpack to whatever the ratio.
    pub always: u64,
    /// How many entries (files in archives, parts of mails) one input may have.
    pub entries: u64,
    /// How many octets a container may have that has to be held in memory as a whole: a mail, and a
    /// zip archive inside another container.
    pub in_memory: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            depth: 8,
            octets: 256 << 30,
            ratio: 500,
            always: 256 << 20,
            entries: 100_000,
            in_memory: 64 << 20,
        }
    }
}

/// What one input has taken so far, shared by all readers that are stacked on it.
#[derive(Debug)]
pub(super) struct Spent {
    pub(super) limits: Limits,
    course: Arc<Course>,
    /// Octets read from the file or standard input itself.
    read: Cell<u64>,
    /// Octets that all layers unpacked to.
    unpacked: Cell<u64>,
    entries: Cell<u64>,
    /// Whether more was unpacked than an input may unpack to.
    pub(super) too_large: Cell<bool>,
    /// Whether a limit was reached, after which nothing more is opened.
    pub(super) reached: Cell<bool>,
    /// Remarks of the readers in between, for the source that is being read.
    remarks: RefCell<Vec<Problem>>,
}

impl Spent {
    pub(super) fn new(options: &Options) -> Rc<Self> {
        Rc::new(Self {
            limits: options.limits,
            course: Arc::clone(&options.course),
            read: Cell::new(0),
            unpacked: Cell::new(0),
            entries: Cell::new(0),
            too_large: Cell::new(false),
            reached: Cell::new(false),
            remarks: RefCell::new(Vec::new()),
        })
    }

    pub(super) fn remark(&self, problem: Problem) {
        self.remarks.borrow_mut().push(problem);
    }

    pub(super) fn take_remarks(&self) -> Vec<Problem> {
        self.remarks.take()
    }

    /// Counts one more entry; `Some` with what to say where it is one too many, or nothing more is read.
    pub(super) fn entry(&self) -> Option<String> {
        if self.course.is_interrupted() {
            self.reached.set(true);
            return Some(INTERRUPTED.to_owned());
        }
        self.entries.set(self.entries.get() + 1);
        (self.entries.get() > self.limits.entries).then(|| {
            self.reached.set(true);
            format!(
                "more than {} entries; the rest were not opened: unpack it and give the folder",
                self.limits.entries
            )
        })
    }

    fn unpack(&self, octets: usize) -> io::Result<usize> {
        let unpacked = self.unpacked.get() + octets as u64;
        self.unpacked.set(unpacked);
        let Limits { octets: most, ratio, always, .. } = self.limits;
        let excess = if unpacked > most {
            format!("it unpacks to more than {most} octets")
        } else if unpacked > always && unpacked / ratio > self.read.get() {
            format!("it unpacks to more than {ratio} times its size, as a decompression bomb does")
        } else {
            return Ok(octets);
        };
        self.too_large.set(true);
        self.reached.set(true);
        Err(io::Error::other(Broken(format!(
            "{excess}; reading stopped there: unpack it yourself if you trust it"
        ))))
    }
}

/// A file or standard input whose octets are counted.
pub(super) struct Counted<R> {
    pub(super) octets: R,
    pub(super) spent: Rc<Spent>,
}

impl<R: Read> Read for Counted<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        if let Err(interrupted) = self.spent.course.go_on() {
            self.spent.reached.set(true);
            return Err(interrupted);
        }
        let octets = self.octets.read(into)?;
        self.spent.read.set(self.spent.read.get() + octets as u64);
        self.spent.course.add(octets);
        Ok(octets)
    }
}

/// A file, held against how long it was when it was opened.
pub(super) struct Measured {
    octets: Counted<File>,
    /// How long it was; `None` once it was read from another place than its start, or to its end.
    length: Option<u64>,
}

impl Measured {
    pub(super) fn new(octets: File, length: u64, spent: Rc<Spent>) -> Self {
        Self { octets: Counted { octets, spent }, length: Some(length) }
    }

    /// The end was reached: says so where it is not where it was.
    fn ended(&mut self) {
        let spent = &self.octets.spent;
        let (read, Some(length)) = (spent.read.get(), self.length.take()) else { return };
        if read == length {
            return;
        }
        // Files that no disk holds have any length.
        let now = self.octets.octets.metadata().map_or(length, |about| about.len());
        if now < length && read < length {
            let message = format!(
                "the file became shorter while it was read: of {length} octets {} were cut off before \
                 they were read",
                length - read
            );
            spent.remark(Problem::new(Severity::Warning, message));
        } else if now > length && read > length {
            let message = "the file grew while it was read; what had come by then was read";
            spent.remark(Problem::new(Severity::Note, message));
        }
    }
}

impl Read for Measured {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let octets = self.octets.read(into)?;
        if octets == 0 && !into.is_empty() {
            self.ended();
        }
        Ok(octets)
    }
}

impl Seek for Measured {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        self.length = None;
        self.octets.octets.seek(to)
    }
}

/// What a decompressor yields, held against the limits, and its errors in our words.
pub(super) struct Unpacked<R> {
    /// The compression's name, for messages.
    pub(super) name: &'static str,
    pub(super) octets: R,
    pub(super) spent: Rc<Spent>,
}

impl<R: Read> Read for Unpacked<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        if self.spent.reached.get() {
            return Ok(0);
        }
        match self.octets.read(into) {
            Ok(octets) => self.spent.unpack(octets),
            Err(error) if error.kind() == io::ErrorKind::Interrupted => Err(error),
            Err(error) => Err(broken(self.name, &error)),
        }
    }
}

/// The error for a container that breaks off or is damaged; errors that already are in our words
/// stay as they are.
pub(super) fn broken(name: &str, error: &io::Error) -> io::Error {
    let message = own_words(error).unwrap_or_else(|| {
        if error.kind() == io::ErrorKind::UnexpectedEof {
            format!("the {name} ends early; what came before it was read")
        } else {
            format!("the {name} is damaged ({error}); what came before it was read")
        }
    });
    io::Error::new(error.kind(), Broken(message))
}

/// What an error says, where it is in our own words, however often a library has wrapped it.
pub(super) fn own_words(error: &io::Error) -> Option<String> {
    let mut inner = error.get_ref().map(|inner| inner as &(dyn std::error::Error + 'static));
    while let Some(error) = inner {
        if let Some(Broken(message)) = error.downcast_ref() {
            return Some(message.clone());
        }
        if let Some(message) = error.downcast_ref().and_then(own_words) {
            return Some(message);
        }
        inner = error.source();
    }
    None
}

/// An error message in our own words, to be told from a library's on its way up.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub(super) struct Broken(pub(super) String);
