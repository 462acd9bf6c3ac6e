//! `redact`: the same text, safe to attach.

use std::{
    io::{self, Write as _},
    ops::ControlFlow,
    sync::Arc,
};

use encoding_rs::UTF_8;

use super::{
    args::Redact,
    interruption::{self, Rest},
    message,
    output::Output,
    status::{self, Status},
};
use crate::{
    Options,
    redact::{Redactor, Unsafe},
    redact_bytes,
    source::{self, Block, Course, INTERRUPTED, Kind, Severity, Source},
};

/// Writes every text with other names for people and hosts, one after the other.
pub(super) fn run(arguments: &Redact) -> io::Result<Status> {
    let mut output = Output::open(arguments.output.as_deref())?;
    let options = source::Options {
        left_out: output.identity().into_iter().collect(),
        ..arguments.form.source()
    };
    interruption::ends(&options.course);
    let mut rest = Rest::default();
    let mut redactor = Redactor::default();
    let course = Arc::clone(&options.course);
    let mut seen = Seen { course, dialect: arguments.form.dialect, ..Seen::default() };
    let mut written = Ok(());
    for input in source::walk_on(&paths(arguments), &options.course) {
        if options.course.is_interrupted() {
            rest.unread(input.name);
            continue;
        }
        let flow = source::open(&input, &options, &mut |source| {
            let Some(text) = seen.text(source, &mut redactor) else {
                // Half of a text is no text that anybody asked for.
                rest.unread(source.name().to_owned());
                return ControlFlow::Continue(());
            };
            written = output.write_all(&text);
            if written.is_ok() { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
        });
        if flow.is_break() {
            break;
        }
    }
    let interrupted = options.course.is_interrupted();
    if let Err(error) = written.and_then(|()| output.close()) {
        return Ok(status::of_error(&error, interrupted));
    }
    if interrupted {
        rest.tell("text");
        return Ok(Status::Interrupted);
    }
    Ok(seen.status())
}

/// What was named, or standard input.
fn paths(arguments: &Redact) -> Vec<std::path::PathBuf> {
    if arguments.paths.is_empty() { vec!["-".into()] } else { arguments.paths.clone() }
}

/// What the exit status depends on.
#[derive(Default)]
struct Seen {
    course: Arc<Course>,
    dialect: Option<&'static crate::dialect::Dialect>,
    dialogue: bool,
    unreadable: bool,
}

impl Seen {
    /// The text of a source in other names, as UTF-8; nothing of what is no text, and `None` where the reading
    /// was interrupted.
    fn text(&mut self, source: &mut Source<'_>, redactor: &mut Redactor) -> Option<Vec<u8>> {
        let mut text = Vec::new();
        let mut block = Block::new();
        let is_text = source.kind() == Kind::Text;
        if is_text {
            while source.read(&mut block) {
                text.extend_from_slice(block.text());
            }
        } else if let Kind::Binary(what) = source.kind() {
            message::note(&format!("{}: {what} is left out", source.name()));
        }
        for problem in source.take_problems() {
            if problem.message == INTERRUPTED {
                return None;
            }
            if problem.severity == Severity::Error {
                self.unreadable = true;
                // What cannot be opened names itself.
                let named = problem.message.contains(&format!("`{}`", source.name()));
                message::error(&if named {
                    problem.message
                } else {
                    format!("{}: {}", source.name(), problem.message)
                });
            } else {
                message::note(&format!("{}: {}", source.name(), problem.message));
            }
        }
        let options = Options {
            dialect: self.dialect,
            source: source::Options {
                encoding: Some(UTF_8),
                course: Arc::clone(&self.course),
                ..source::Options::default()
            },
            ..Options::default()
        };
        let redacted = match redact_bytes(redactor, &text, &options) {
            Ok(redacted) => redacted,
            Err(Unsafe::Interrupted) => return None,
            Err(left) => {
                self.unreadable = true;
                message::error(&format!(
                    "{}: {left}, whatever is replaced: nothing of this file is written; take its secrets out \
                     by hand before you pass it on",
                    source.name()
                ));
                return None;
            }
        };
        if redacted.is_dialogue {
            self.dialogue = true;
        } else if !text.is_empty() {
            let name = source.name();
            message::note(&format!(
                "{name}: there is no SMTP in it; read it before you pass it on"
            ));
        } else if is_text && !self.unreadable {
            message::note(&format!("{}: it is empty", source.name()));
        }
        Some(redacted.text)
    }

    const fn status(&self) -> Status {
        if self.unreadable || !self.dialogue { Status::Failed } else { Status::Clean }
    }
}
