//! Many sources: analysed several at a time, reported in the order of their names.

use std::{ops::ControlFlow, path::Path};

use rayon::prelude::*;

use crate::{
    Options, analyze_source,
    dialect::DELIVERY_STATUS,
    report::SourceReport,
    source::{self, Input},
};

/// How many inputs for each job are analysed before their reports are handed on.
const AHEAD: usize = 32;

/// What takes the reports; breaks off to see no more.
pub type Sink<'s> = &'s mut dyn FnMut(SourceReport) -> ControlFlow<()>;

/// Analyses every source that `paths` stand for, `jobs` at a time (0: as many as there are processors),
/// and hands their reports to `sink` in the order of the paths, which is the same for any number of jobs.
///
/// Folders are walked and containers opened; what cannot be read is a report with a problem.
pub fn analyze<P: AsRef<Path>>(
    paths: &[P],
    options: &Options,
    jobs: usize,
    sink: Sink<'_>,
) -> ControlFlow<()> {
    let inputs = source::walk(paths);
    let pool = match inputs.len() {
        0 | 1 => None,
        _ if jobs == 1 => None,
        // Where no threads are to be had, one after the other does it, too.
        _ => rayon::ThreadPoolBuilder::new().num_threads(jobs).build().ok(),
    };
    let Some(pool) = pool else {
        return inputs.iter().try_for_each(|input| open(input, options, sink));
    };
    for some in inputs.chunks(AHEAD * pool.current_num_threads()) {
        let reports: Vec<Vec<SourceReport>> = pool.install(|| {
            some.par_iter()
                .map(|input| {
                    let mut reports = Vec::new();
                    let _ = open(input, options, &mut |report| {
                        reports.push(report);
                        ControlFlow::Continue(())
                    });
                    reports
                })
                .collect()
        });
        reports.into_iter().flatten().try_for_each(&mut *sink)?;
    }
    ControlFlow::Continue(())
}

fn open(input: &Input, options: &Options, sink: Sink<'_>) -> ControlFlow<()> {
    let mut told = Told::default();
    source::open(input, &options.source, &mut |source| {
        let mut report = analyze_source(source, options);
        told.leave_out(&mut report);
        sink(report)
    })
}

/// The mails of an input that have told of a session.
///
/// A bounce says what was refused twice: in the words that people read, and in the fields of its
/// delivery status, which are a part of their own and know less. The second time is no other session.
#[derive(Debug, Default)]
struct Told {
    mail: Option<String>,
}

impl Told {
    fn leave_out(&mut self, report: &mut SourceReport) {
        let Some((mail, _)) = report.name.rsplit_once('/') else { return };
        if self.mail.as_deref() == Some(mail) {
            report.sessions.retain(|session| session.dialect != DELIVERY_STATUS);
        } else {
            self.mail = None;
        }
        if report.sessions.iter().any(|session| session.dialect != DELIVERY_STATUS) {
            self.mail = Some(mail.to_owned());
        }
    }
}
