//! Paths to inputs: folders walked in a fixed order, with what cannot be read reported in its place.

use std::fs::{File, FileType, Metadata};
use std::io;
use std::path::{Path, PathBuf};

use walkdir::WalkDir;

use super::course::{Course, INTERRUPTED};
use crate::error::Error;

/// Something to open: a file, standard input, or the reason why a path is neither.
#[derive(Debug)]
pub struct Input {
    /// The path as it is shown; `-` for standard input.
    pub name: String,
    /// Where its octets come from.
    pub origin: Origin,
}

/// Where the octets of an [`Input`] come from.
#[derive(Debug)]
#[non_exhaustive]
pub enum Origin {
    /// A file.
    File(PathBuf),
    /// A pipe or a device that was named itself; its octets may be long in coming.
    Special(PathBuf),
    /// Standard input.
    StandardInput,
    /// Nowhere: the path could not be used.
    Unusable(Error),
}

impl Input {
    /// The file at `path`.
    pub fn file(path: &Path) -> Self {
        Self { name: shown(path), origin: Origin::File(path.to_owned()) }
    }

    /// Standard input.
    pub fn standard_input() -> Self {
        Self { name: "-".to_owned(), origin: Origin::StandardInput }
    }

    fn unusable(path: &Path, error: Error) -> Self {
        Self { name: shown(path), origin: Origin::Unusable(error) }
    }

    /// Why the path cannot be used, where that is known before it is opened.
    pub fn error(&self) -> Option<&Error> {
        match &self.origin {
            Origin::Unusable(error) => Some(error),
            Origin::File(_) | Origin::Special(_) | Origin::StandardInput => None,
        }
    }
}

/// The inputs that `paths` stand for: `-`, or no path at all, is standard input; a folder stands for
/// all files below it, in the order of their names. Links are followed, but not back to a folder
/// above them; a pipe or device is read only where it is named itself.
///
/// A path that cannot be used becomes an input that says so; it never takes others with it.
pub fn walk<P: AsRef<Path>>(paths: &[P]) -> Vec<Input> {
    walk_on(paths, &Course::default())
}

/// The same, until it is interrupted: a folder whose files were not all found by then is an input of its own, which
/// says so.
pub fn walk_on<P: AsRef<Path>>(paths: &[P], course: &Course) -> Vec<Input> {
    if paths.is_empty() {
        return vec![Input::standard_input()];
    }
    paths.iter().flat_map(|path| inputs(path.as_ref(), course)).collect()
}

fn inputs(path: &Path, course: &Course) -> Vec<Input> {
    if path.as_os_str() == "-" {
        return vec![Input::standard_input()];
    }
    match path.metadata() {
        Ok(about) if about.is_dir() => folder(path, course),
        Ok(about) if about.is_file() => vec![Input::file(path)],
        Ok(_) => vec![Input { name: shown(path), origin: Origin::Special(path.to_owned()) }],
        Err(error) => vec![Input::unusable(path, Error::reading(path, error))],
    }
}

fn folder(path: &Path, course: &Course) -> Vec<Input> {
    let mut interrupted = false;
    // Put in order behind the walk: a walk in the order of names reads each folder whole before it tells of the first
    // file in it, and one of millions cannot be interrupted meanwhile.
    let mut found: Vec<(PathBuf, Option<Error>)> = WalkDir::new(path)
        .follow_links(true)
        .into_iter()
        .take_while(|_| {
            interrupted |= course.is_interrupted();
            !interrupted
        })
        .filter_map(|entry| match entry {
            Ok(entry) if entry.file_type().is_dir() => None,
            Ok(entry) => {
                let what = special(entry.file_type());
                let path = entry.into_path();
                let error = what.map(|what| Error::NotAFile { path: path.clone(), what });
                Some((path, error))
            }
            Err(error) => Some(refused(path, error)),
        })
        .collect();
    // Paths are compared name by name.
    found.sort_unstable_by(|(one, _), (other, _)| one.cmp(other));
    let mut found: Vec<Input> = found
        .into_iter()
        .map(|(path, error)| match error {
            None => Input { name: shown(&path), origin: Origin::File(path) },
            Some(error) => Input::unusable(&path, error),
        })
        .collect();
    if interrupted {
        let reason = io::Error::new(io::ErrorKind::Interrupted, INTERRUPTED);
        found.push(Input::unusable(path, Error::reading(path, reason)));
    }
    found
}

fn refused(folder: &Path, error: walkdir::Error) -> (PathBuf, Option<Error>) {
    let path = error.path().unwrap_or(folder).to_owned();
    if let Some(above) = error.loop_ancestor() {
        let above = above.to_owned();
        return (path.clone(), Some(Error::LinkLoop { path, above }));
    }
    let reason = error.into_io_error().unwrap_or_else(|| io::ErrorKind::Other.into());
    let error = Error::reading(&path, reason);
    (path, Some(error))
}

/// Opens a file, and nothing that took its place since it was found: a pipe would be waited for, and a device may have
/// no end. `refused` makes the error of what the operating system says.
pub(super) fn regular(
    path: &Path,
    refused: fn(&Path, io::Error) -> Error,
) -> Result<(File, Metadata), Error> {
    let is_file = |about: Metadata| match special(about.file_type()) {
        Some(what) => Err(Error::NoFileAnyMore { path: path.to_owned(), what }),
        None => Ok(about),
    };
    let failed = |error| refused(path, error);
    is_file(path.metadata().map_err(failed)?)?;
    let file = File::open(path).map_err(failed)?;
    let about = is_file(file.metadata().map_err(failed)?)?;
    Ok((file, about))
}

#[cfg(unix)]
fn special(kind: FileType) -> Option<&'static str> {
    use std::os::unix::fs::FileTypeExt as _;
    if kind.is_file() {
        None
    } else if kind.is_dir() {
        Some("a folder")
    } else if kind.is_fifo() {
        Some("a pipe")
    } else if kind.is_socket() {
        Some("a socket")
    } else {
        Some("a device")
    }
}

#[cfg(not(unix))]
fn special(kind: FileType) -> Option<&'static str> {
    (!kind.is_file()).then_some("not a file")
}

fn shown(path: &Path) -> String {
    path.to_string_lossy().into_owned()
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    #[test]
    fn nothing_and_a_dash_are_standard_input() {
        assert!(matches!(walk::<&str>(&[])[..], [Input { origin: Origin::StandardInput, .. }]));
        assert_eq!(walk(&["-"])[0].name, "-");
    }

    #[test]
    fn an_interruption_ends_the_walk() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("a"), "").unwrap();
        let course = Course::default();
        course.interrupt();
        let found = walk_on(&[folder.path()], &course);
        assert!(matches!(&found[..], [rest] if rest.name == shown(folder.path())), "{found:?}");
    }

    #[test]
    fn a_folder_is_walked_in_the_order_of_names() {
        let folder = tempfile::tempdir().unwrap();
        for name in ["b/2", "b/1", "a", "c", "b-1", "b.1/0"] {
            let path = folder.path().join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, "x").unwrap();
        }
        let found = walk(&[folder.path()]);
        let names: Vec<_> = found
            .iter()
            .map(|input| input.name.strip_prefix(folder.path().to_str().unwrap()).unwrap())
            .collect();
        assert_eq!(names, ["/a", "/b/1", "/b/2", "/b-1", "/b.1/0", "/c"]);
    }

    #[cfg(unix)]
    #[test]
    fn what_took_the_place_of_a_file_is_not_waited_for() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a");
        let open = || regular(&path, Error::opening).map(|(_, about)| about.len());
        assert!(matches!(open(), Err(Error::Gone { .. })));
        fs::write(&path, "x").unwrap();
        assert!(matches!(open(), Ok(1)));
        fs::remove_file(&path).unwrap();
        std::os::unix::fs::symlink("/dev/zero", &path).unwrap();
        let error = open().unwrap_err().to_string();
        assert!(
            error.ends_with("is a device now: it was a file before, and was not read"),
            "{error}"
        );
        fs::remove_file(&path).unwrap();
        fs::create_dir(&path).unwrap();
        assert!(matches!(open(), Err(Error::NoFileAnyMore { what: "a folder", .. })));
    }

    #[test]
    fn a_missing_path_does_not_take_the_others_with_it() {
        let folder = tempfile::tempdir().unwrap();
        let here = folder.path().join("here");
        fs::write(&here, "x").unwrap();
        let found = walk(&[folder.path().join("missing"), here]);
        assert!(matches!(found[0].error(), Some(Error::NotFound { .. })));
        assert!(found[1].error().is_none());
    }

    #[cfg(unix)]
    #[test]
    fn loops_of_links_sockets_and_dead_links_are_named() {
        use std::os::unix::{fs::symlink, net::UnixListener};
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("kept"), "x").unwrap();
        symlink(folder.path(), folder.path().join("loop")).unwrap();
        symlink(folder.path().join("gone"), folder.path().join("dead")).unwrap();
        let _socket = UnixListener::bind(folder.path().join("socket")).unwrap();
        let found = walk(&[folder.path()]);
        let what: Vec<_> = found
            .iter()
            .map(|input| match input.error() {
                None => "file",
                Some(Error::LinkLoop { .. }) => "loop",
                Some(Error::NotAFile { what, .. }) => what,
                Some(Error::NotFound { .. }) => "dead",
                Some(_) => "?",
            })
            .collect();
        assert_eq!(what, ["dead", "file", "loop", "a socket"]);
    }
}
