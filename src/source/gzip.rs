//! gzip (RFC 1952): one or more members, each with its checksum.

use std::io::{self, BufRead as _, BufReader, Read};
use std::ops::ControlFlow;
use std::rc::Rc;

use flate2::bufread::GzDecoder;

use super::limits::{Spent, Unpacked};
use super::open::{Container, Opening};
use super::start::Started;
use super::{Problem, Severity};

const NAME: &str = "gzip stream";

pub(super) static CONTAINER: Container =
    Container { name: NAME, begins: |start| start.starts_with(b"\x1F\x8B\x08"), open };

fn open(
    opening: &mut Opening<'_>,
    name: &str,
    octets: Started<'_>,
    depth: usize,
) -> ControlFlow<()> {
    let spent = Rc::clone(&opening.spent);
    let members = Members {
        decoder: Some(GzDecoder::new(BufReader::with_capacity(super::WINDOW, octets))),
        spent: Rc::clone(&spent),
    };
    let octets = Unpacked { name: NAME, octets: members, spent };
    opening.peel(name, Started::new(Box::new(octets)), depth)
}

/// The members one after the other. What follows the last one and is no gzip is left out with a
/// remark, as gzip(1) does.
struct Members<R> {
    decoder: Option<GzDecoder<BufReader<R>>>,
    spent: Rc<Spent>,
}

impl<R: Read> Read for Members<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        while let Some(decoder) = &mut self.decoder {
            match decoder.read(into) {
                Ok(0) if !into.is_empty() => {}
                Ok(octets) => return Ok(octets),
                Err(error) => {
                    self.decoder = None;
                    return Err(error);
                }
            }
            let Some(decoder) = self.decoder.take() else { break };
            let mut octets = decoder.into_inner();
            let next = octets.fill_buf()?;
            if next.first() == Some(&0x1F) {
                self.decoder = Some(GzDecoder::new(octets));
            } else if next.iter().any(|octet| *octet != 0) {
                let message = "octets after the end of the gzip stream are not gzip; left out";
                self.spent.remark(Problem::new(Severity::Note, message));
            }
        }
        Ok(0)
    }
}
