//! Many sources: analysed several at a time, reported in the order of their names.

use std::{ops::ControlFlow, path::Path};

use rayon::prelude::*;

use crate::{
    Options, analyze_source,
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
    source::open(input, &options.source, &mut |source| sink(analyze_source(source, options)))
}
