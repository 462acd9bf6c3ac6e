//! Character encodings: which one a source is in, where its lines end, and its text as UTF-8.

use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};

use crate::error::Error;

/// The encoding with this name, as `--encoding` takes it (any label of the WHATWG standard).
///
/// ```
/// use smtplog::source::encoding;
/// assert_eq!(encoding("latin1").unwrap().name(), "windows-1252");
/// assert!(encoding("klingon").is_err());
/// ```
pub fn encoding(name: &str) -> Result<&'static Encoding, Error> {
    let known = Encoding::for_label(name.as_bytes());
    // `replacement` decodes any text to one replacement character.
    known
        .filter(|encoding| *encoding != encoding_rs::REPLACEMENT)
        .ok_or_else(|| Error::UnknownEncoding { name: name.to_owned() })
}

/// How many octets of a source are looked at before it is read.
pub(super) const FIRST_WINDOW: usize = 64 << 10;

/// What the first octets of a source told about it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Detected {
    pub(super) encoding: &'static Encoding,
    pub(super) splitter: Splitter,
    /// How many octets a byte order mark takes at the start.
    pub(super) mark: usize,
}

/// Finds the encoding from the first octets: the chosen one; else a byte order mark; else NUL in
/// every second octet (UTF-16); else UTF-8 unless more of it is ill-formed than well-formed.
pub(super) fn detect(start: &[u8], chosen: Option<&'static Encoding>) -> Detected {
    let marked = Encoding::for_bom(start);
    let (encoding, mark) = match (chosen, marked) {
        (Some(chosen), Some((found, mark))) if chosen == found => (chosen, mark),
        (Some(chosen), _) => (chosen, 0),
        (None, Some((found, mark))) => (found, mark),
        (None, None) => {
            let guessed = utf_16(start).or_else(|| single_octet(start)).unwrap_or(UTF_8);
            (guessed, 0)
        }
    };
    let unit = Unit::of(encoding);
    let text = start.get(mark..).unwrap_or_default();
    let feeds = Splitter { unit, returns: false };
    let returns = feeds.next(text, 0, true).is_none()
        && Splitter { unit, returns: true }.next(text, 0, true).is_some();
    Detected { encoding, splitter: Splitter { unit, returns }, mark }
}

/// UTF-16 without a mark: most text is in the range below U+0100, so one octet of nearly every pair
/// is NUL, and always the same one.
fn utf_16(start: &[u8]) -> Option<&'static Encoding> {
    const ENOUGH: usize = 4096;
    let start = start.get(..ENOUGH).unwrap_or(start);
    let pairs = start.len() / 2;
    let (mut first, mut second) = (0, 0);
    for pair in start.chunks_exact(2) {
        match pair {
            [0, 0] => return None,
            [0, _] => first += 1,
            [_, 0] => second += 1,
            _ => {}
        }
    }
    let most = |nul: usize| nul > 0 && nul * 10 >= pairs * 7;
    match (most(first), most(second)) {
        (false, true) if first * 20 <= pairs => Some(UTF_16LE),
        (true, false) if second * 20 <= pairs => Some(UTF_16BE),
        _ => None,
    }
}

/// windows-1252, where octets above 127 are not UTF-8 and there are no control characters that text
/// does not have. A few ill-formed octets in a UTF-8 text leave it UTF-8.
fn single_octet(start: &[u8]) -> Option<&'static Encoding> {
    let (mut well, mut ill) = (0_usize, 0_usize);
    let mut at = 0;
    for chunk in start.utf8_chunks() {
        well += chunk.valid().chars().filter(|c| !c.is_ascii()).count();
        at += chunk.valid().len() + chunk.invalid().len();
        // A character cut off where the first window ends is no sign of anything.
        let cut_off = at == start.len() && at >= FIRST_WINDOW;
        if !chunk.invalid().is_empty() && !cut_off {
            ill += 1;
        }
    }
    let strange = |octet: &u8| *octet == 0 || (1..7).contains(octet) || (14..27).contains(octet);
    let text_like = start.iter().filter(|octet| strange(octet)).count() * 50 <= start.len();
    (ill > well && text_like).then_some(WINDOWS_1252)
}

/// Decodes one line's content and adds it to `out`.
pub(super) fn decode(encoding: &'static Encoding, content: &[u8], out: &mut Vec<u8>) {
    if encoding.is_ascii_compatible() && content.is_ascii() {
        out.extend_from_slice(content);
        return;
    }
    let mut decoder = encoding.new_decoder_without_bom_handling();
    let room = decoder.max_utf8_buffer_length(content.len()).unwrap_or(content.len() * 3 + 16);
    let start = out.len();
    out.resize(start + room, 0);
    let target = out.get_mut(start..).unwrap_or_default();
    let (_, _, written, _) = decoder.decode_to_utf8(content, target, true);
    out.truncate(start + written);
}

/// How many octets make a code unit, and in which order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Unit {
    Octet,
    Little,
    Big,
}

impl Unit {
    fn of(encoding: &'static Encoding) -> Self {
        if encoding == UTF_16LE {
            Self::Little
        } else if encoding == UTF_16BE {
            Self::Big
        } else {
            Self::Octet
        }
    }

    /// The unit that begins at `at`; NUL for one that is cut off.
    fn get(self, octets: &[u8], at: usize) -> u16 {
        let octet = |at: usize| octets.get(at).copied().unwrap_or(0);
        match self {
            Self::Octet => u16::from(octet(at)),
            Self::Little => u16::from_le_bytes([octet(at), octet(at + 1)]),
            Self::Big => u16::from_be_bytes([octet(at), octet(at + 1)]),
        }
    }
}

const LF: u16 = b'\n' as u16;
const CR: u16 = b'\r' as u16;

/// Finds the ends of lines in undecoded octets.
#[derive(Debug, Clone, Copy)]
pub(super) struct Splitter {
    unit: Unit,
    /// Lines end with CR alone, because the source's first octets have CR and no LF at all.
    returns: bool,
}

impl Splitter {
    const fn width(self) -> usize {
        match self.unit {
            Unit::Octet => 1,
            Unit::Little | Unit::Big => 2,
        }
    }

    /// The end of the line that `at` (the start of a unit) lies in. Without `all`, a CR at the very
    /// end is not yet known to end a line.
    fn next(self, octets: &[u8], mut at: usize, all: bool) -> Option<usize> {
        let width = self.width();
        while let Some(rest) = octets.get(at..) {
            // Both octets of a unit may hold the value that is searched for; alignment decides.
            let found = if self.returns {
                memchr::memchr2(b'\r', b'\n', rest)?
            } else {
                memchr::memchr(b'\n', rest)?
            };
            let start = (at + found) / width * width;
            at = start + width;
            if at > octets.len() {
                return None;
            }
            match self.unit.get(octets, start) {
                LF => return Some(at),
                CR if self.returns && at + width > octets.len() => return all.then_some(at),
                CR if self.returns && self.unit.get(octets, at) == LF => return Some(at + width),
                CR if self.returns => return Some(at),
                _ => {}
            }
        }
        None
    }

    /// The end of the last line that is complete, if it lies after `from`.
    pub(super) fn last(self, octets: &[u8], from: usize, all: bool) -> Option<usize> {
        let width = self.width();
        // What came before may end with half a unit, or with a CR that was not yet decided.
        let from = from.saturating_sub(2 * width) / width * width;
        let mut end = octets.len();
        while let Some(rest) = octets.get(from..end) {
            let found = if self.returns {
                memchr::memrchr2(b'\r', b'\n', rest)?
            } else {
                memchr::memrchr(b'\n', rest)?
            };
            let start = (from + found) / width * width;
            let after = start + width;
            if after <= octets.len() {
                match self.unit.get(octets, start) {
                    LF => return Some(after),
                    CR if self.returns && (all || after + width <= octets.len()) => {
                        return Some(after);
                    }
                    _ => {}
                }
            }
            end = start;
        }
        None
    }

    /// The ends of all lines; what follows the last ending counts as a line.
    pub(super) fn ends(self, octets: &[u8], ends: &mut Vec<u32>) {
        // A block is never longer than a few MiB.
        let position = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
        let mut at = 0;
        if self.width() == 1 && !self.returns {
            ends.extend(memchr::memchr_iter(b'\n', octets).map(|found| position(found + 1)));
            at = ends.last().map_or(0, |end| *end as usize);
        } else {
            while let Some(end) = self.next(octets, at, true) {
                ends.push(position(end));
                at = end;
            }
        }
        if at < octets.len() {
            ends.push(position(octets.len()));
        }
    }

    /// A line's octets without its ending, and the ending in ASCII.
    pub(super) fn content(self, whole: &[u8]) -> (&[u8], &'static [u8]) {
        let width = self.width();
        let mut end = whole.len();
        let before = |end: usize, wanted: u16| {
            end.checked_sub(width)
                .filter(|at| at % width == 0 && self.unit.get(whole, *at) == wanted)
        };
        let mut ending: &'static [u8] = b"";
        if let Some(at) = before(end, LF) {
            (end, ending) = (at, b"\n");
            if let Some(at) = before(end, CR) {
                (end, ending) = (at, b"\r\n");
                if let Some(at) = before(end, CR) {
                    (end, ending) = (at, b"\r\r\n");
                }
            }
        } else if let Some(at) = before(end, CR) {
            (end, ending) = (at, b"\r");
        }
        (whole.get(..end).unwrap_or_default(), ending)
    }
}

/// Where to cut an overlong line, at most `longest` octets from its start: not within a code unit or
/// a UTF-8 character, and not before an LF that a CR may belong to.
pub(super) fn boundary(octets: &[u8], longest: usize, splitter: Splitter) -> usize {
    let width = splitter.width();
    let mut end = longest.min(octets.len()) / width * width;
    if width == 1 {
        // What would come next is not there to look at, so look for a character that is cut off.
        let tail = octets.get(end.saturating_sub(3)..end).unwrap_or_default();
        let cut_off = tail.iter().rev().zip(1..).find_map(|(octet, back)| match octet {
            0xC0..=0xDF => Some((back < 2).then_some(back)),
            0xE0..=0xEF => Some((back < 3).then_some(back)),
            0xF0..=0xF7 => Some(Some(back)),
            0x80..=0xBF => None,
            _ => Some(None),
        });
        end -= cut_off.flatten().unwrap_or(0);
    }
    for _ in 0..2 {
        if end > width && splitter.unit.get(octets, end - width) == CR {
            end -= width;
        }
    }
    if end == 0 { longest.min(octets.len()) } else { end }
}
