//! `analyze`: the main job.

use std::{
    io::{self, Write as _},
    ops::ControlFlow,
};

use super::{args::Analyze, message, output::Output, status::Status, terminal};
use crate::{
    Options,
    report::Summary,
    rules::{Judging, Selection},
    source,
};

/// How many inputs are named where no SMTP was found in any.
const REMARKS: usize = 10;

/// Analyses, and prints the report.
pub(super) fn run(arguments: &Analyze) -> io::Result<Status> {
    let options = Options {
        judging: Judging {
            edition: arguments.rfc,
            local_domains: arguments.local_domains.clone(),
            trusted_networks: arguments.trusted_networks.clone(),
        },
        dialect: arguments.dialect,
        selection: Selection { select: arguments.select.clone(), ignore: arguments.ignore.clone() },
        show_hints: arguments.show_hints,
        show_secrets: arguments.show_secrets,
        source: source::Options { encoding: arguments.encoding, ..source::Options::default() },
    };
    let style = terminal::style(arguments.color, arguments.verbose, arguments.output.is_some());
    let mut renderer = (arguments.format.renderer)(style);
    let told = arguments.format.name == "text" && arguments.output.is_none() && !arguments.quiet;
    let mut output = Output::open(arguments.output.as_deref())?;
    renderer.begin(&mut output)?;
    let mut summary = Summary::default();
    let (mut failed, mut found) = (false, false);
    let mut unlike = Vec::new();
    let mut written = Ok(());
    let _ = crate::analyze(&arguments.paths, &options, arguments.jobs, &mut |source| {
        summary.add_source(&source);
        for problem in &source.problems {
            let told = if problem.message.contains(&source.name) {
                problem.message.clone()
            } else {
                format!("{}: {}", source.name, problem.message)
            };
            if problem.severity == "error" {
                failed = true;
                message::error(&told);
            } else if summary.sessions == 0 && unlike.len() < REMARKS {
                unlike.push(told);
            }
        }
        found |= source
            .sessions
            .iter()
            .flat_map(|session| &session.findings)
            .any(|finding| arguments.fail_on.counts(finding.severity));
        written = renderer.source(&source, &mut output).and_then(|()| output.flush());
        if written.is_ok() { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
    });
    written?;
    renderer.finish(&summary, &mut output)?;
    output.close()?;
    if summary.sessions == 0 && !(failed && unlike.is_empty()) {
        failed = true;
        message::error("no SMTP was found in any input");
        // Text for people has said so itself.
        if !told {
            unlike.iter().for_each(|remark| message::note(remark));
        }
    }
    Ok(match (failed, found) {
        (true, _) => Status::Failed,
        (false, true) => Status::Findings,
        (false, false) => Status::Clean,
    })
}
