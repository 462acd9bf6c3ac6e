//! zip: files by a list at the archive's end, or one after the other where the list is missing.

use std::io::{Read, Seek as _};
use std::ops::ControlFlow;
use std::rc::Rc;

use zip::ZipArchive;
use zip::read::{ZipFile, read_zipfile_from_stream};
use zip::result::ZipError;

use super::limits::Unpacked;
use super::open::{Container, Opening, below};
use super::start::{Seekable, Started};
use super::{Problem, Severity};

const NAME: &str = "zip archive";

pub(super) static CONTAINER: Container = Container { name: NAME, begins, open };

/// A file's header, or the end of an archive that holds none.
fn begins(start: &[u8]) -> bool {
    start.starts_with(b"PK\x03\x04") || start.starts_with(b"PK\x05\x06")
}

fn open(
    opening: &mut Opening<'_>,
    name: &str,
    octets: Started<'_>,
    depth: usize,
) -> ControlFlow<()> {
    let limit = opening.options.limits.in_memory;
    let mut octets = match octets.seekable(limit) {
        Ok(Some(octets)) => octets,
        Ok(None) => {
            let message = format!(
                "this zip archive of more than {limit} octets lies where it cannot be read from its end: unpack it first"
            );
            return opening.unreadable(name, Problem::new(Severity::Error, message));
        }
        Err(error) => return opening.broken(name, NAME, &error),
    };
    let Ok(mut archive) = ZipArchive::new(&mut octets) else {
        return without_list(opening, name, octets, depth);
    };
    for index in 0..archive.len() {
        if opening.spent.reached.get() {
            break;
        }
        let (path, encrypted) = match archive.by_index_raw(index) {
            Ok(file) if file.is_dir() || file.is_symlink() => continue,
            Ok(file) => (path(&file), file.encrypted()),
            Err(error) => {
                refused(opening, &below(name, &format!("entry-{}", index + 1)), &error)?;
                continue;
            }
        };
        if let Some(flow) = opening.count(name) {
            return flow;
        }
        let path = below(name, &path);
        if encrypted {
            let message = "this is encrypted; unpack it with its password and give what it holds";
            opening.unreadable(&path, Problem::new(Severity::Error, message))?;
            continue;
        }
        match archive.by_index(index) {
            Ok(file) => entry(opening, &path, file, depth)?,
            Err(error) => refused(opening, &path, &error)?,
        }
    }
    ControlFlow::Continue(())
}

/// What stands before the place at which an archive breaks off.
fn without_list(
    opening: &mut Opening<'_>,
    name: &str,
    mut octets: Box<dyn Seekable + '_>,
    depth: usize,
) -> ControlFlow<()> {
    if let Err(error) = octets.rewind() {
        return opening.broken(name, NAME, &error);
    }
    while let Ok(Some(file)) = read_zipfile_from_stream(&mut octets) {
        if file.is_dir() {
            continue;
        }
        if let Some(flow) = opening.count(name) {
            return flow;
        }
        entry(opening, &below(name, &path(&file)), file, depth)?;
        if opening.spent.reached.get() {
            break;
        }
    }
    let message = "the zip archive's list of its contents is missing or damaged; \
                   what could be found without it was read";
    opening.container(name, message.to_owned())
}

fn entry<R: Read>(
    opening: &mut Opening<'_>,
    path: &str,
    file: ZipFile<'_, R>,
    depth: usize,
) -> ControlFlow<()> {
    let spent = Rc::clone(&opening.spent);
    let octets = Unpacked { name: "zip entry", octets: file, spent };
    opening.peel(path, Started::new(Box::new(octets)), depth)
}

fn path<R: Read>(file: &ZipFile<'_, R>) -> String {
    match file.name() {
        Ok(name) => name.into_owned(),
        Err(_) => String::from_utf8_lossy(file.name_raw()).into_owned(),
    }
}

fn refused(opening: &mut Opening<'_>, path: &str, error: &ZipError) -> ControlFlow<()> {
    let message = match error {
        ZipError::CompressionMethodNotSupported(method) => {
            format!("this is compressed by zip's method {method}, not known here: unpack it first")
        }
        error => format!("this could not be unpacked ({error}); the other entries were read"),
    };
    opening.unreadable(path, Problem::new(Severity::Error, message))
}
