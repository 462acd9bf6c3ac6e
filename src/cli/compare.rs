//! `compare`: two sessions side by side.

use std::{io, ops::ControlFlow, path::Path};

use super::{args::Compare, interruption, message, output::Output, status::Status, terminal};
use crate::{
    Heard, News, Options, Work,
    report::{
        SessionReport,
        compare::{Sided, Weight, compare},
    },
    rules::Judging,
};

/// A session with the name of its source.
type Picked = (String, SessionReport);

/// Finds both sessions, compares them, and prints what differs.
pub(super) fn run(arguments: &Compare) -> io::Result<Status> {
    let options = Options {
        judging: Judging {
            edition: arguments.rfc,
            local_domains: arguments.local_domains.clone(),
            trusted_networks: Vec::new(),
        },
        dialect: arguments.form.dialect,
        source: arguments.form.source(),
        ..Options::default()
    };
    let course = &options.source.course;
    interruption::ends(course);
    let good =
        pick(&arguments.good, &options, arguments.good_session, |outcome| outcome == "queued");
    let bad = pick(&arguments.bad, &options, arguments.bad_session, |outcome| {
        !matches!(outcome, "queued" | "no-mail")
    });
    if course.is_interrupted() {
        message::note("interrupted; nothing was compared");
        return Ok(Status::Interrupted);
    }
    let (Some(good), Some(bad)) = (good, bad) else { return Ok(Status::Failed) };
    let comparison = compare(sided(&good), sided(&bad));
    let style = terminal::style(arguments.color, false, arguments.output.is_some());
    let mut out = Output::open(arguments.output.as_deref())?;
    (arguments.format.write)(&comparison, style, &mut out)?;
    out.close()?;
    let matters = comparison.first.is_some_and(|first| first.weight == Weight::Matters);
    Ok(if matters { Status::Findings } else { Status::Clean })
}

fn sided((source, session): &Picked) -> Sided<'_> {
    Sided { source, session }
}

/// The session of a source that is meant: the one with this number, else the first with an outcome that fits,
/// else the first. Says so where there is none.
fn pick(
    path: &Path,
    options: &Options,
    number: Option<u64>,
    fits: impl Fn(&str) -> bool + Sync,
) -> Option<Picked> {
    let choosing = Choosing {
        options,
        fits: |it: &Heard<'_, '_>| match number {
            Some(number) => it.id == number,
            None => fits(it.session.outcome.name()),
        },
    };
    let mut first = None;
    let mut fitting = None;
    let mut problems = Vec::new();
    let _ = crate::run(&[path], options, 1, &choosing, &mut |news| {
        match news {
            News::Sessions(some) => {
                first = first.take().or(some.first);
                fitting = fitting.take().or(some.fitting);
            }
            News::Source(source) => {
                problems.extend(source.problems.into_iter().map(|it| it.message));
            }
            News::Unread(_) => {}
        }
        if fitting.is_some() { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    });
    let picked = fitting.or(first.filter(|_| number.is_none()));
    if picked.is_none() && !options.source.course.is_interrupted() {
        let path = path.display();
        message::error(&match number {
            Some(number) => format!("{path}: there is no session {number}"),
            None => format!("{path}: no SMTP was found"),
        });
        for problem in &problems {
            message::note(problem);
        }
    }
    picked
}

/// Keeps the first session, and the first that fits.
struct Choosing<'o, F> {
    options: &'o Options,
    fits: F,
}

#[derive(Default)]
struct Candidates {
    first: Option<Picked>,
    fitting: Option<Picked>,
}

impl<F: Fn(&Heard<'_, '_>) -> bool + Sync> Work for Choosing<'_, F> {
    type Done = Candidates;

    fn session(&self, heard: &Heard<'_, '_>, candidates: &mut Candidates) {
        let report = || (heard.source.to_owned(), self.options.report(heard));
        if candidates.fitting.is_none() && (self.fits)(heard) {
            candidates.fitting = Some(report());
        }
        if candidates.first.is_none() {
            candidates.first = Some(report());
        }
    }
}
