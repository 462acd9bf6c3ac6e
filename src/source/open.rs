//! An input to the sources in it: containers are opened until there is text.

use std::fs::File;
use std::io;
use std::ops::ControlFlow;
use std::rc::Rc;

use encoding_rs::Encoding;

use super::awaited::Awaited;
use super::limits::{self, Counted, Measured, Spent};
use super::start::Started;
use super::{
    CONTAINERS, Identity, Input, Kind, Options, Origin, Problem, Severity, Source, magic, walk,
};
use crate::error::Error;

/// Who looks at the sources of an input; breaks off to see no more.
pub type Visitor<'v> = &'v mut dyn FnMut(&mut Source<'_>) -> ControlFlow<()>;

/// Opens an input and hands each source in it to `visit`, in the order in which they lie in it: one
/// for a plain file, any number for a container. What cannot be opened is handed on too, as
/// [`Kind::Unreadable`].
pub fn open(input: &Input, options: &Options, visit: Visitor<'_>) -> ControlFlow<()> {
    opened(input, options, &Spent::new(options), visit)
}

/// The same, where it unpacks to no more than so many octets; `None` where it does, and what was handed on is not all
/// of it.
pub(crate) fn open_up_to(
    octets: u64,
    input: &Input,
    options: &Options,
    visit: Visitor<'_>,
) -> Option<ControlFlow<()>> {
    let mut options = options.clone();
    let most = options.limits.octets;
    options.limits.octets = most.min(octets);
    let spent = Spent::new(&options);
    let flow = opened(input, &options, &spent, visit);
    (!spent.too_large.get() || most <= octets).then_some(flow)
}

fn opened(
    input: &Input,
    options: &Options,
    spent: &Rc<Spent>,
    visit: Visitor<'_>,
) -> ControlFlow<()> {
    let spent = Rc::clone(spent);
    let mut opening = Opening { options, spent: Rc::clone(&spent), visit };
    let unusable = |error: &Error| Problem::new(Severity::Error, error.to_string());
    let octets = match &input.origin {
        Origin::Unusable(error) => return opening.unreadable(&input.name, unusable(error)),
        Origin::StandardInput => match Awaited::new(|| Ok(io::stdin().lock()), &options.course) {
            Ok(octets) => Started::new(Box::new(Counted { octets, spent })),
            // Without a thread it cannot be interrupted.
            Err(_) => Started::new(Box::new(Counted { octets: io::stdin().lock(), spent })),
        },
        Origin::Special(path) => {
            let special = path.clone();
            match Awaited::new(move || File::open(special), &options.course) {
                Ok(octets) => Started::new(Box::new(Counted { octets, spent })),
                Err(error) => {
                    return opening.unreadable(&input.name, unusable(&Error::reading(path, error)));
                }
            }
        }
        Origin::File(path) => match walk::regular(path, Error::opening) {
            Ok((_, about))
                if Identity::of(&about).is_some_and(|it| options.left_out.contains(&it)) =>
            {
                return ControlFlow::Continue(());
            }
            Ok((file, about)) => Started::file(Measured::new(file, about.len(), spent)),
            Err(error) => return opening.unreadable(&input.name, unusable(&error)),
        },
    };
    opening.peel(&input.name, octets, 0)
}

/// Something that holds sources.
pub(super) struct Container {
    /// Its name, for messages: `gzip stream`.
    pub(super) name: &'static str,
    /// Whether it begins with these octets.
    pub(super) begins: fn(&[u8]) -> bool,
    /// Hands on what it holds. The name is its own, the depth that of what it holds.
    pub(super) open: fn(&mut Opening<'_>, &str, Started<'_>, usize) -> ControlFlow<()>,
}

/// One input on its way to its sources.
pub(super) struct Opening<'o> {
    pub(super) options: &'o Options,
    pub(super) spent: Rc<Spent>,
    visit: Visitor<'o>,
}

impl Opening<'_> {
    /// Opens what may be a container, `depth` containers deep.
    pub(super) fn peel(
        &mut self,
        name: &str,
        octets: Started<'_>,
        depth: usize,
    ) -> ControlFlow<()> {
        if let Some(what) = magic::binary(octets.start()) {
            return self.binary(name, octets, depth, what);
        }
        let Some(container) =
            CONTAINERS.iter().find(|container| (container.begins)(octets.start()))
        else {
            return self.text(name, octets, self.options.encoding);
        };
        if depth >= self.options.limits.depth {
            let message = format!(
                "this {} lies {depth} containers deep, where no more are opened: unpack it first",
                container.name
            );
            return self.unreadable(name, Problem::new(Severity::Error, message));
        }
        (container.open)(self, name, octets, depth + 1)
    }

    /// Hands on text.
    pub(super) fn text(
        &mut self,
        name: &str,
        octets: Started<'_>,
        encoding: Option<&'static Encoding>,
    ) -> ControlFlow<()> {
        let source = Source::started(name.to_owned(), octets, encoding);
        self.hand_on(source)
    }

    /// Hands on a text that was written out of a container that holds none.
    pub(super) fn written(&mut self, name: &str, text: Vec<u8>) -> ControlFlow<()> {
        let octets = Started::new(Box::new(io::Cursor::new(text)));
        let source = Source::started(name.to_owned(), octets, Some(encoding_rs::UTF_8));
        self.hand_on(Source { is_written_here: true, ..source })
    }

    fn binary(
        &mut self,
        name: &str,
        octets: Started<'_>,
        depth: usize,
        what: &'static str,
    ) -> ControlFlow<()> {
        let mut source = Source::started(name.to_owned(), octets, None);
        source.kind = Kind::Binary(what);
        // The logo in a mail is no trouble; a picture where a transcript should be is.
        let severity = if depth == 0 { Severity::Error } else { Severity::Note };
        let message = format!("this is {what}, not text; save the session as text and give that");
        source.problems.push(Problem::new(severity, message));
        self.hand_on(source)
    }

    fn hand_on(&mut self, mut source: Source<'_>) -> ControlFlow<()> {
        source.spent = Some(Rc::clone(&self.spent));
        let flow = (self.visit)(&mut source);
        // Remarks on what the visitor did not care to read concern no other source.
        self.spent.take_remarks();
        flow
    }

    /// Hands on that something could not be opened.
    pub(super) fn unreadable(&mut self, name: &str, problem: Problem) -> ControlFlow<()> {
        (self.visit)(&mut Source::without_lines(name.to_owned(), Kind::Unreadable, problem))
    }

    /// Hands on what was wrong with a container of which something could be read.
    pub(super) fn container(&mut self, name: &str, message: String) -> ControlFlow<()> {
        let problem = Problem::new(Severity::Warning, message);
        (self.visit)(&mut Source::without_lines(name.to_owned(), Kind::Container, problem))
    }

    /// Hands on that a container is broken from here on.
    pub(super) fn broken(&mut self, name: &str, what: &str, error: &io::Error) -> ControlFlow<()> {
        self.container(name, limits::broken(what, error).to_string())
    }

    /// Counts an entry of a container; where it is one too many says so, and answers with what the
    /// container is to return.
    pub(super) fn count(&mut self, container: &str) -> Option<ControlFlow<()>> {
        let message = self.spent.entry()?;
        Some(self.container(container, message))
    }
}

/// The name of something inside a container.
pub(super) fn below(container: &str, name: &str) -> String {
    format!("{container}/{}", name.trim_start_matches("./"))
}
