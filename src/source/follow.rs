//! A log that is still being written: its lines as they come, through rotation and truncation.
//!
//! The end of the file is not the end of the source: whoever follows is asked to wait, and then the file is
//! looked at again. Where its name has gone to another file, or where it was cut short, the source is over,
//! and the next one begins at the start of what the name means now.

use std::{
    cell::Cell,
    fs::{self, File, Metadata},
    io::{self, Read},
    ops::ControlFlow,
    path::Path,
};

use super::text::FIRST_WINDOW;
use super::{CONTAINERS, Course, Kind, Options, Problem, Severity, Source, Visitor, magic, walk};
use crate::error::Error;

/// Waits until it is worth looking again; `false` ends the following.
pub type Wait<'w> = &'w mut dyn FnMut() -> bool;

/// Hands the file at `path` to `visit` as a source that ends only where the file is replaced or cut short;
/// then what took its place as the next source, until `wait` says that it is enough.
///
/// A last line that is not ended waits for its end. The encoding is found from the first lines, once there are
/// any. Containers are a problem: a log that grows is none.
///
/// What is seen is what is there when it is looked at: a log that is cut short and, between two looks, grows
/// beyond what was read of it is taken for the same log, and what stands before that place is not read.
pub fn follow(
    path: &Path,
    options: &Options,
    wait: Wait<'_>,
    visit: Visitor<'_>,
) -> ControlFlow<()> {
    let name = path.to_string_lossy().into_owned();
    let mut begun = false;
    loop {
        let file = match walk::regular(path, Error::reading) {
            Ok((file, _)) => file,
            // Between two files of a rotation there is none, or something else.
            Err(_) if begun => {
                if wait() {
                    continue;
                }
                return ControlFlow::Continue(());
            }
            Err(error) => {
                let problem = Problem::new(Severity::Error, error.to_string());
                return visit(&mut Source::without_lines(name, Kind::Unreadable, problem));
            }
        };
        begun = true;
        let replaced = Cell::new(false);
        let mut growing = Growing {
            file,
            path,
            course: &options.course,
            octets: 0,
            wait: &mut *wait,
            idle: false,
            replaced: &replaced,
        };
        let start = growing.start();
        if let Some(what) = other_than_text(&start) {
            let message = format!("this is {what}, which cannot be followed");
            let problem = Problem::new(Severity::Error, message);
            return visit(&mut Source::without_lines(name, Kind::Unreadable, problem));
        }
        visit(&mut Source::growing(name.clone(), start, growing, options.encoding))?;
        if !replaced.get() {
            return ControlFlow::Continue(());
        }
    }
}

/// What begins like this, where that is no text.
fn other_than_text(start: &[u8]) -> Option<String> {
    let container = CONTAINERS.iter().find(|container| (container.begins)(start));
    let container = container.map(|container| format!("a {}", container.name));
    container.or_else(|| magic::binary(start).map(str::to_owned))
}

/// A file whose end is waited for.
struct Growing<'w> {
    file: File,
    path: &'w Path,
    course: &'w Course,
    /// How many octets of it were read.
    octets: u64,
    wait: Wait<'w>,
    /// It was said that nothing more is there for now.
    idle: bool,
    /// Told where another file took its place.
    replaced: &'w Cell<bool>,
}

impl Growing<'_> {
    /// The first octets: as many as are there once a line is, or all that ever come.
    fn start(&mut self) -> Vec<u8> {
        let mut start = vec![0; FIRST_WINDOW];
        let mut filled = 0;
        while filled < start.len() {
            match self.read(start.get_mut(filled..).unwrap_or_default()) {
                Ok(0) => break,
                Ok(octets) => filled += octets,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                // Nothing more is there for now.
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => {
                    if memchr::memchr(b'\n', start.get(..filled).unwrap_or_default()).is_some() {
                        // Whoever reads on is told again.
                        self.idle = false;
                        break;
                    }
                }
                // What failed once fails again where the rest is read.
                Err(_) => break,
            }
        }
        start.truncate(filled);
        start
    }

    /// Whether the name means another file now, or the file is shorter than what was read of it.
    fn is_replaced(&self) -> bool {
        let (Ok(own), Ok(named)) = (self.file.metadata(), fs::metadata(self.path)) else {
            // The name is gone; as long as no other file has it, this one may still grow.
            return false;
        };
        own.len() < self.octets || !is_same(&own, &named)
    }
}

impl Read for Growing<'_> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        loop {
            // Asked before reading: what was written before the name went elsewhere is still read.
            let replaced = self.is_replaced();
            let octets = self.file.read(into)?;
            if octets > 0 {
                // Where nothing is left to be read, nothing is missing.
                self.course.go_on()?;
            }
            self.octets += octets as u64;
            if octets > 0 || into.is_empty() {
                self.idle = false;
                return Ok(octets);
            }
            if replaced {
                self.replaced.set(true);
                return Ok(0);
            }
            // Before the waiting, what was read is handed out.
            if !std::mem::replace(&mut self.idle, true) {
                return Err(io::ErrorKind::WouldBlock.into());
            }
            if !(self.wait)() {
                return Ok(0);
            }
        }
    }
}

#[cfg(unix)]
fn is_same(one: &Metadata, other: &Metadata) -> bool {
    use std::os::unix::fs::MetadataExt as _;
    (one.dev(), one.ino()) == (other.dev(), other.ino())
}

#[cfg(not(unix))]
fn is_same(one: &Metadata, other: &Metadata) -> bool {
    one.created().ok() == other.created().ok()
}

#[cfg(test)]
mod tests {
    use std::{fs::OpenOptions, io::Write as _};

    use super::*;
    use crate::source::Block;

    /// The lines of each source, while `steps` happen one after the other whenever the end is reached.
    fn followed(path: &Path, steps: &mut dyn FnMut(usize) -> bool) -> Vec<Vec<String>> {
        let mut sources = Vec::new();
        let mut step = 0;
        let mut wait = || {
            step += 1;
            steps(step)
        };
        let flow = follow(path, &Options::default(), &mut wait, &mut |source| {
            let mut lines = Vec::new();
            let mut block = Block::new();
            while source.read(&mut block) {
                lines.extend(block.iter().map(|line| {
                    format!("{}: {}", line.number, String::from_utf8_lossy(line.text))
                }));
            }
            sources.push(lines);
            ControlFlow::Continue(())
        });
        assert!(flow.is_continue());
        sources
    }

    fn append(path: &Path, text: &str) {
        let mut file = OpenOptions::new().create(true).append(true).open(path).unwrap();
        file.write_all(text.as_bytes()).unwrap();
    }

    #[test]
    fn a_line_waits_for_its_end() {
        let folder = tempfile::tempdir().unwrap();
        let log = folder.path().join("log");
        append(&log, "220 mx\nQU");
        let sources = followed(&log, &mut |step| {
            match step {
                1 => append(&log, "IT"),
                2 => append(&log, "\n221 bye\n"),
                _ => return false,
            }
            true
        });
        assert_eq!(sources, [["1: 220 mx", "2: QUIT", "3: 221 bye"]]);
    }

    #[test]
    fn lines_are_handed_out_before_the_waiting() {
        let folder = tempfile::tempdir().unwrap();
        let log = folder.path().join("log");
        append(&log, "a\nb\nc");
        let lines = Cell::new(0);
        let mut seen = Vec::new();
        let mut wait = || {
            seen.push(lines.get());
            if seen.len() == 1 {
                append(&log, "\n");
            }
            seen.len() < 2
        };
        let _ = follow(&log, &Options::default(), &mut wait, &mut |source| {
            let mut block = Block::new();
            while source.read(&mut block) {
                lines.set(lines.get() + block.len());
            }
            ControlFlow::Continue(())
        });
        assert_eq!(seen, [2, 3]);
    }

    #[test]
    fn a_rotated_log_is_finished_and_the_next_one_begun() {
        let folder = tempfile::tempdir().unwrap();
        let (log, old) = (folder.path().join("log"), folder.path().join("log.1"));
        append(&log, "a\n");
        let sources = followed(&log, &mut |step| {
            match step {
                1 => fs::rename(&log, &old).unwrap(),
                2 => append(&old, "b\n"),
                3 => append(&log, "c\n"),
                _ => return false,
            }
            true
        });
        assert_eq!(sources, [vec!["1: a", "2: b"], vec!["1: c"]]);
    }

    #[test]
    fn a_log_that_was_cut_short_is_read_from_its_start() {
        let folder = tempfile::tempdir().unwrap();
        let log = folder.path().join("log");
        append(&log, "a\nb\n");
        let sources = followed(&log, &mut |step| {
            match step {
                1 => fs::write(&log, "c\n").unwrap(),
                _ => return false,
            }
            true
        });
        assert_eq!(sources, [vec!["1: a", "2: b"], vec!["1: c"]]);
    }

    #[test]
    fn a_log_may_begin_empty_in_any_encoding_and_be_named_by_its_first_line() {
        let utf_16 =
            |text: &str| text.encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<_>>();
        let folder = tempfile::tempdir().unwrap();
        let log = folder.path().join("log");
        append(&log, "");
        let write = |octets: &[u8]| {
            OpenOptions::new().append(true).open(&log).unwrap().write_all(octets).unwrap();
        };
        // A line comes in four pieces, cut within its characters.
        let line = utf_16("\u{feff}220 mx\n");
        let sources = followed(&log, &mut |step| {
            match step {
                1 => write(&line[..1]),
                2 => write(&line[1..7]),
                3 => write(&line[7..line.len() - 1]),
                4 => write(&line[line.len() - 1..]),
                5 => write(&utf_16("QUIT\r\n221 b\u{fc}e")),
                _ => return false,
            }
            true
        });
        assert_eq!(sources, [["1: 220 mx", "2: QUIT", "3: 221 b\u{fc}e"]]);
    }

    #[test]
    fn another_file_is_begun_whether_it_is_smaller_or_larger() {
        for (name, text) in [("smaller", "c\n"), ("larger", "c\nd\ne\nf\n")] {
            let folder = tempfile::tempdir().unwrap();
            let (log, new) = (folder.path().join("log"), folder.path().join("new"));
            append(&log, "a\nb");
            let sources = followed(&log, &mut |step| {
                match step {
                    1 => append(&new, text),
                    // What is not ended then never will be.
                    2 => fs::rename(&new, &log).unwrap(),
                    _ => return false,
                }
                true
            });
            assert_eq!(
                (sources[0].join(" "), sources.len()),
                ("1: a 2: b".to_owned(), 2),
                "{name}"
            );
            assert_eq!(sources[1].len(), text.lines().count(), "{name}");
        }
    }

    #[test]
    fn a_log_may_be_gone_for_a_while() {
        let folder = tempfile::tempdir().unwrap();
        let (log, away) = (folder.path().join("log"), folder.path().join("away"));
        append(&log, "a\n");
        let sources = followed(&log, &mut |step| {
            match step {
                1 => fs::rename(&log, &away).unwrap(),
                2 => append(&away, "b\n"),
                3 => fs::rename(&away, &log).unwrap(),
                4 => append(&log, "c\n"),
                5 => fs::remove_file(&log).unwrap(),
                // What is no file has not taken its place for good.
                6 => fs::create_dir(&log).unwrap(),
                7 => fs::remove_dir(&log).unwrap(),
                8 => append(&log, "d\n"),
                _ => return false,
            }
            true
        });
        assert_eq!(sources, [vec!["1: a", "2: b", "3: c"], vec!["1: d"]]);
    }

    #[test]
    fn what_was_cut_short_and_grew_again_between_two_looks_is_not_seen() {
        let folder = tempfile::tempdir().unwrap();
        let log = folder.path().join("log");
        append(&log, "a\n");
        let sources = followed(&log, &mut |step| {
            match step {
                1 => fs::write(&log, "b\nc\n").unwrap(),
                _ => return false,
            }
            true
        });
        assert_eq!(sources, [["1: a", "2: c"]]);
    }

    #[test]
    fn what_is_no_text_is_not_followed() {
        let folder = tempfile::tempdir().unwrap();
        let log = folder.path().join("log.gz");
        fs::write(&log, b"\x1f\x8b\x08\0\0\0\0\0\0\x03\n").unwrap();
        let mut told = Vec::new();
        let _ = follow(&log, &Options::default(), &mut || false, &mut |source| {
            told.extend(source.take_problems());
            ControlFlow::Continue(())
        });
        assert_eq!(told[0].message, "this is a gzip stream, which cannot be followed");
    }

    #[test]
    fn an_interruption_ends_the_reading_of_what_is_there_already() {
        let folder = tempfile::tempdir().unwrap();
        let log = folder.path().join("log");
        append(&log, &"220 mx\n".repeat(100_000));
        let options = Options::default();
        let mut told = Vec::new();
        let flow = follow(&log, &options, &mut || false, &mut |source| {
            let mut block = Block::new();
            while source.read(&mut block) {
                options.course.interrupt();
            }
            told.push((source.lines(), source.take_problems()));
            ControlFlow::Continue(())
        });
        assert!(flow.is_continue());
        let [(lines, problems)] = &told[..] else { panic!("{told:?}") };
        assert!((1000..100_000).contains(lines), "{lines}");
        assert_eq!(problems[0].message, super::super::INTERRUPTED);
    }

    #[test]
    fn a_log_that_is_not_there_is_a_problem() {
        let folder = tempfile::tempdir().unwrap();
        let mut problems = 0;
        let path = folder.path().join("missing");
        let _ = follow(&path, &Options::default(), &mut || true, &mut |source| {
            problems += source.problems().len();
            ControlFlow::Continue(())
        });
        assert_eq!(problems, 1);
    }
}
