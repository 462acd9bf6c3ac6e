//! `text`: for people, on a terminal or in a mail: the verdict first.

use std::io::{self, Write};

use super::{Format, Render, Style, safe};
use crate::report::{SourceReport, Summary};

pub(super) static FORMAT: Format = Format {
    name: "text",
    about: "for people: the verdict, what was said, what was found where",
    renderer: |_: Style| Box::new(Text),
};

struct Text;

impl Render for Text {
    fn source(&mut self, source: &SourceReport, out: &mut dyn Write) -> io::Result<()> {
        for session in &source.sessions {
            writeln!(out, "{}", safe::line(&session.verdict))?;
            for finding in &session.findings {
                writeln!(
                    out,
                    "{}:{}: {}",
                    finding.line,
                    finding.rule,
                    safe::line(&finding.message)
                )?;
            }
        }
        Ok(())
    }

    fn finish(&mut self, _: &Summary, _: &mut dyn Write) -> io::Result<()> {
        Ok(())
    }
}
