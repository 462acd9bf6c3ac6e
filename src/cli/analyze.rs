//! `analyze`: the main job.

use std::{
    io::{self, Write as _},
    ops::ControlFlow,
};

use super::{
    args::{Analyze, Color},
    message,
    output::Output,
    status::Status,
};
use crate::{
    Options,
    render::Style,
    report::Summary,
    rules::{Judging, Selection},
    source,
};

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
    let style = Style { color: arguments.color == Color::Always, ..Style::default() };
    let mut renderer = (arguments.format.renderer)(style);
    let mut output = Output::open(arguments.output.as_deref())?;
    renderer.begin(&mut output)?;
    let mut summary = Summary::default();
    let (mut failed, mut found) = (false, false);
    let mut written = Ok(());
    let _ = crate::analyze(&arguments.paths, &options, arguments.jobs, &mut |source| {
        summary.add_source(&source);
        for problem in source.problems.iter().filter(|problem| problem.severity == "error") {
            failed = true;
            message::error(&problem.message);
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
    if summary.sessions == 0 {
        message::error("no SMTP dialogue was found in any input");
        failed = true;
    }
    Ok(match (failed, found) {
        (true, _) => Status::Failed,
        (false, true) => Status::Findings,
        (false, false) => Status::Clean,
    })
}
