//! Zstandard (RFC 8878): one or more frames, among them ones to be skipped.

use std::io::{self, BufRead as _, BufReader, Read};
use std::ops::ControlFlow;
use std::rc::Rc;

use ruzstd::decoding::errors::{FrameDecoderError, ReadFrameHeaderError};
use ruzstd::decoding::{BlockDecodingStrategy, FrameDecoder};

use super::limits::Unpacked;
use super::open::{Container, Opening};
use super::start::Started;

const NAME: &str = "zstd stream";

pub(super) static CONTAINER: Container = Container { name: NAME, begins, open };

/// RFC 8878 §3.1.1 and §3.1.2: the magic numbers, little-endian.
fn begins(start: &[u8]) -> bool {
    matches!(start, [0x28, 0xB5, 0x2F, 0xFD, ..] | [0x50..=0x5F, 0x2A, 0x4D, 0x18, ..])
}

fn open(
    opening: &mut Opening<'_>,
    name: &str,
    octets: Started<'_>,
    depth: usize,
) -> ControlFlow<()> {
    let spent = Rc::clone(&opening.spent);
    let frames = Frames {
        octets: BufReader::with_capacity(super::WINDOW, octets),
        decoder: FrameDecoder::new(),
        state: State::Between,
        failure: None,
    };
    let octets = Unpacked { name: NAME, octets: frames, spent };
    opening.peel(name, Started::new(Box::new(octets)), depth)
}

/// The frames one after the other.
struct Frames<R> {
    octets: BufReader<R>,
    decoder: FrameDecoder,
    state: State,
    /// Why the frame is the last one; told once what came before it has been handed out.
    failure: Option<io::Error>,
}

enum State {
    Between,
    Within,
    Ended,
}

impl<R: Read> Read for Frames<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        loop {
            match self.state {
                State::Ended => return Ok(0),
                State::Between => self.begin()?,
                State::Within => {
                    let octets = self.decoder.read(into)?;
                    if octets > 0 || into.is_empty() {
                        return Ok(octets);
                    }
                    self.go_on()?;
                }
            }
        }
    }
}

impl<R: Read> Frames<R> {
    fn begin(&mut self) -> io::Result<()> {
        self.state = State::Ended;
        if self.octets.fill_buf()?.is_empty() {
            return Ok(());
        }
        match self.decoder.reset(&mut self.octets) {
            Ok(()) => self.state = State::Within,
            Err(FrameDecoderError::ReadFrameHeaderError(ReadFrameHeaderError::SkipFrame {
                length,
                ..
            })) => {
                io::copy(&mut (&mut self.octets).take(length.into()), &mut io::sink())?;
                self.state = State::Between;
            }
            Err(error) => return Err(failed(error)),
        }
        Ok(())
    }

    /// Decodes one more block, or leaves the frame.
    fn go_on(&mut self) -> io::Result<()> {
        if !self.decoder.is_finished() {
            let blocks = BlockDecodingStrategy::UptoBlocks(1);
            if let Err(error) = self.decoder.decode_blocks(&mut self.octets, blocks) {
                self.failure = Some(failed(error));
                // The decoder keeps its window until the frame ends: end it with an empty last block
                // (and a checksum that nobody compares), or what is in the window would be lost.
                let end: &[u8] = &[1, 0, 0, 0, 0, 0, 0];
                if self.decoder.decode_blocks(end, BlockDecodingStrategy::All).is_err() {
                    self.state = State::Ended;
                    return self.failure.take().map_or(Ok(()), Err);
                }
            }
            return Ok(());
        }
        if let Some(error) = self.failure.take() {
            self.state = State::Ended;
            return Err(error);
        }
        self.state = State::Between;
        let stored = self.decoder.get_checksum_from_data();
        if stored.is_some() && stored != self.decoder.get_calculated_checksum() {
            self.state = State::Ended;
            return Err(io::Error::new(io::ErrorKind::InvalidData, "the checksum does not match"));
        }
        Ok(())
    }
}

/// A decoder's error with the kind of the input's error that it wraps.
fn failed(error: FrameDecoderError) -> io::Error {
    let mut kind = io::ErrorKind::InvalidData;
    let mut inner: Option<&(dyn std::error::Error + 'static)> = Some(&error);
    while let Some(cause) = inner {
        if let Some(cause) = cause.downcast_ref::<io::Error>() {
            kind = cause.kind();
        }
        inner = cause.source();
    }
    io::Error::new(kind, error)
}
