//! tar: files one after the other, each with a header.

use std::cell::Cell;
use std::io::{self, Read};
use std::ops::ControlFlow;

use tar::{Archive, EntryType};

use super::limits;
use super::magic;
use super::open::{Container, Opening, below};
use super::start::Started;

const NAME: &str = "tar archive";

pub(super) static CONTAINER: Container = Container { name: NAME, begins, open };

/// A POSIX or GNU header by its magic, an older one by its checksum.
fn begins(start: &[u8]) -> bool {
    /// Octets of a header, and where its checksum stands.
    const HEADER: usize = 512;
    const CHECKSUM: std::ops::Range<usize> = 148..156;
    let Some(header) = start.get(..HEADER) else { return false };
    if magic::has(header, 257, b"ustar") {
        return true;
    }
    let digits = header.get(CHECKSUM).unwrap_or_default();
    let text = String::from_utf8_lossy(digits);
    let Ok(stored) = u32::from_str_radix(text.trim_matches([' ', '\0']), 8) else { return false };
    let sum: u32 = header.iter().map(|octet| u32::from(*octet)).sum();
    let own: u32 = digits.iter().map(|octet| u32::from(*octet)).sum();
    stored == sum - own + 8 * u32::from(b' ')
}

fn open(
    opening: &mut Opening<'_>,
    name: &str,
    octets: Started<'_>,
    depth: usize,
) -> ControlFlow<()> {
    let mut archive = Archive::new(octets);
    let entries = match archive.entries() {
        Ok(entries) => entries,
        Err(error) => return opening.broken(name, NAME, &error),
    };
    for entry in entries {
        let entry = match entry {
            Ok(entry) => entry,
            Err(error) => return opening.broken(name, NAME, &error),
        };
        let kinds = [EntryType::Regular, EntryType::Continuous, EntryType::GNUSparse];
        if !kinds.contains(&entry.header().entry_type()) {
            continue;
        }
        if let Some(flow) = opening.count(name) {
            return flow;
        }
        let path = String::from_utf8_lossy(&entry.path_bytes()).into_owned();
        let failed = Cell::new(false);
        let left = entry.size();
        let octets = Entry { octets: entry, left, failed: &failed };
        opening.peel(&below(name, &path), Started::new(Box::new(octets)), depth)?;
        if failed.get() {
            // The entry has told why, and nothing can follow it.
            break;
        }
    }
    ControlFlow::Continue(())
}

/// An entry's octets, which are missed where the archive ends before they do.
struct Entry<'f, R> {
    octets: R,
    left: u64,
    failed: &'f Cell<bool>,
}

impl<R: Read> Read for Entry<'_, R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        match self.octets.read(into) {
            Ok(0) if self.left > 0 && !into.is_empty() && !self.failed.get() => {
                self.failed.set(true);
                Err(limits::broken(NAME, &io::ErrorKind::UnexpectedEof.into()))
            }
            Ok(octets) => {
                self.left = self.left.saturating_sub(octets as u64);
                Ok(octets)
            }
            Err(error) => {
                self.failed.set(true);
                Err(limits::broken(NAME, &error))
            }
        }
    }
}
