//! xz: one or more streams of LZMA2 blocks with checksums.

use std::io::{self, Read};
use std::ops::ControlFlow;
use std::rc::Rc;

use lzma_rust2::XzReader;

use super::limits::Unpacked;
use super::open::{Container, Opening};
use super::start::Started;

const NAME: &str = "xz stream";

pub(super) static CONTAINER: Container =
    Container { name: NAME, begins: |start| start.starts_with(b"\xFD7zXZ\0"), open };

fn open(
    opening: &mut Opening<'_>,
    name: &str,
    octets: Started<'_>,
    depth: usize,
) -> ControlFlow<()> {
    let spent = Rc::clone(&opening.spent);
    let stream = Stream(XzReader::new(io::BufReader::new(octets), true));
    let octets = Unpacked { name: NAME, octets: stream, spent };
    opening.peel(name, Started::new(Box::new(octets)), depth)
}

/// The decoder forgets what it has unpacked within the call in which it fails: little is asked of it
/// at a time, so that little is lost of a stream that breaks off.
struct Stream<R: Read>(XzReader<R>);

const AT_A_TIME: usize = 2048;

impl<R: Read> Read for Stream<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let most = into.len().min(AT_A_TIME);
        self.0.read(into.get_mut(..most).unwrap_or_default())
    }
}
