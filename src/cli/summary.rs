//! `summary`: many sessions in one screen.

use std::{
    io,
    ops::ControlFlow,
    sync::{Mutex, MutexGuard, PoisonError},
    thread::{self, ThreadId},
};

use super::{
    analyze::{Seen, options, remark_on_terminal},
    args::Summarize,
    interruption::{self, Rest},
    message,
    output::Output,
    progress::Progress,
    status::{self, Status},
    terminal,
};
use crate::{
    Heard, News, Options, Work,
    report::summary::{Question, Tally},
};

/// How many rows a list has where nothing else is asked for, and how many the one table of `--by`.
const ROWS: usize = 10;
const ROWS_OF_ONE_TABLE: usize = 50;

/// Counts, and prints the summary.
pub(super) fn run(arguments: &Summarize) -> io::Result<Status> {
    let common = &arguments.common;
    if arguments.since.zip(arguments.until).is_some_and(|(since, until)| since >= until) {
        message::error(
            "no session begins within no time: `--since` must be earlier than `--until`",
        );
        return Ok(Status::Failed);
    }
    let style = terminal::style(common.color, false, common.output.is_some());
    // A file that cannot be written is better known before an hour of reading.
    let mut out = match &common.output {
        None if common.quiet => Output::None,
        path => Output::open(path.as_deref())?,
    };
    let mut options = options(common);
    options.source.left_out.extend(out.identity());
    let course = &options.source.course;
    interruption::ends(course);
    remark_on_terminal(common);
    let progress = Progress::start(!common.no_progress && !common.quiet, course);
    let question = Question {
        by: arguments.by.map(Into::into),
        since: arguments.since,
        until: arguments.until,
        condition: arguments.condition.clone(),
    };
    let work = Counting {
        options: &options,
        whole: Mutex::new(Tally::new(question.clone())),
        parts: Mutex::default(),
        question,
    };
    let mut seen = Seen::new(!common.quiet);
    let mut rest = Rest::default();
    let (mut sources, mut sessions) = (0, 0);
    let _ = crate::run(&common.paths, &options, common.jobs, &work, &mut |news| {
        let speaks = seen.speaks_of(&news);
        progress.told(sources, sessions, speaks, || match news {
            News::Sessions(counted) => {
                sessions += counted.sessions;
                seen.sessions = true;
            }
            News::Source(source) => {
                sources += 1;
                locked(&work.whole).read(&source);
                rest.source(&source);
                seen.source(&source);
            }
            News::Unread(name) => rest.unread(name),
        });
        ControlFlow::Continue(())
    });
    progress.end();
    let tally = work.whole();
    let rows = match arguments.top {
        Some(0) => usize::MAX,
        Some(rows) => rows,
        None if arguments.by.is_some() => ROWS_OF_ONE_TABLE,
        None => ROWS,
    };
    let summary = tally.finish(rows);
    let interrupted = course.is_interrupted();
    let written = (arguments.format.write)(&summary, style, &mut out);
    if let Err(error) = written.and_then(|()| out.close()) {
        return Ok(status::of_error(&error, interrupted));
    }
    if interrupted {
        rest.tell("summary");
        return Ok(Status::Interrupted);
    }
    seen.findings = common.fail_on.least().is_some_and(|least| tally.findings_from(least) > 0);
    Ok(seen.status())
}

/// Counts sessions in as many parts as there are threads; how they are split does not matter.
struct Counting<'o> {
    options: &'o Options,
    question: Question,
    whole: Mutex<Tally>,
    /// Parts that no thread has in its hands, each with the thread that had it last: where another one went
    /// on with it, the two would wait for each other at the allocator's door.
    parts: Mutex<Vec<(ThreadId, Tally)>>,
}

/// Sessions that were counted, and the part that they are counted in as long as more are to come.
#[derive(Default)]
struct Counted {
    sessions: u64,
    part: Option<Tally>,
}

impl Work for Counting<'_> {
    type Done = Counted;

    const READS: bool = false;

    fn session(&self, heard: &Heard<'_, '_>, done: &mut Counted) {
        done.sessions += 1;
        let mut part = done.part.take().unwrap_or_else(|| {
            let mut parts = locked(&self.parts);
            let own = parts.iter().position(|(owner, _)| *owner == thread::current().id());
            let own = own.map(|place| parts.swap_remove(place).1);
            own.unwrap_or_else(|| Tally::new(self.question.clone()))
        });
        part.see(heard.source, heard.session, heard.findings, |it| self.options.asks_for(it));
        if part.is_full() {
            locked(&self.whole).add(part);
        } else {
            done.part = Some(part);
        }
    }

    fn over(&self, done: &mut Counted) {
        if let Some(part) = done.part.take() {
            locked(&self.parts).push((thread::current().id(), part));
        }
    }
}

impl Counting<'_> {
    /// All parts together.
    fn whole(self) -> Tally {
        let mut whole = self.whole.into_inner().unwrap_or_else(PoisonError::into_inner);
        let parts = self.parts.into_inner().unwrap_or_else(PoisonError::into_inner);
        for (_, part) in parts {
            whole.add(part);
        }
        whole
    }
}

fn locked<T>(shared: &Mutex<T>) -> MutexGuard<'_, T> {
    shared.lock().unwrap_or_else(PoisonError::into_inner)
}
