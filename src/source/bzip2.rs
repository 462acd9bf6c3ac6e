//! bzip2: one or more streams of blocks, each with its checksum.

use std::ops::ControlFlow;
use std::rc::Rc;

use bzip2::read::MultiBzDecoder;

use super::limits::Unpacked;
use super::open::{Container, Opening};
use super::start::Started;

const NAME: &str = "bzip2 stream";

pub(super) static CONTAINER: Container = Container { name: NAME, begins, open };

/// `BZh`, the block size, and the mark of a block (pi) or of the end (its square root).
fn begins(start: &[u8]) -> bool {
    matches!(
        start,
        [b'B', b'Z', b'h', b'1'..=b'9', 0x31, 0x41, 0x59, 0x26, 0x53, 0x59, ..]
            | [b'B', b'Z', b'h', b'1'..=b'9', 0x17, 0x72, 0x45, 0x38, 0x50, 0x90, ..]
    )
}

fn open(
    opening: &mut Opening<'_>,
    name: &str,
    octets: Started<'_>,
    depth: usize,
) -> ControlFlow<()> {
    let spent = Rc::clone(&opening.spent);
    let octets = Unpacked { name: NAME, octets: MultiBzDecoder::new(octets), spent };
    opening.peel(name, Started::new(Box::new(octets)), depth)
}
