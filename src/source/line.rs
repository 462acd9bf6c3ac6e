//! Lines of a source in blocks: read in windows, without a copy or an allocation a line.

use std::io::{self, Read};

use encoding_rs::Encoding;

use super::text::{self, Splitter};
use crate::transcript::Ending;

/// How many octets are read at a time.
pub const WINDOW: usize = 64 << 10;

/// The longest line that is handed out in one piece, in octets of the source with its ending; a
/// longer one comes in parts.
pub const MAX_LINE: usize = 1 << 20;

/// One line of a source, or one part of a line longer than [`MAX_LINE`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Line<'b> {
    /// 1-based number in the source; the parts of a line share theirs.
    pub number: u64,
    /// Octet of the source at which it begins.
    pub offset: u64,
    /// How many octets of the source it takes, with its ending.
    pub octets: u32,
    /// Its text without the ending: the source's own octets where the source is UTF-8 (or claims to
    /// be: ill-formed octets are left as they are), else decoded to UTF-8.
    pub text: &'b [u8],
    /// How it ended.
    pub ending: Ending,
    /// A part that goes on with the line of the part before it.
    pub continued: bool,
    /// A part after which the same line goes on.
    pub unfinished: bool,
}

/// A stretch of whole lines (or one part of an overlong line). It owns its octets, can be sent to
/// another thread, and is refilled in place by [`Source::read`](super::Source::read).
#[derive(Debug, Clone, Default)]
pub struct Block {
    /// The text of all lines with their endings in the first `filled` octets; room after them.
    text: Vec<u8>,
    filled: usize,
    /// Where each line ends in `text`.
    ends: Vec<u32>,
    /// Where each line ends among the block's octets of the source; empty where that is `ends`.
    source_ends: Vec<u32>,
    number: u64,
    offset: u64,
    continued: bool,
    unfinished: bool,
}

impl Block {
    /// A block with nothing in it, to be filled.
    pub fn new() -> Self {
        Self::default()
    }

    /// How many lines, or parts of lines, it holds.
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// Whether it holds nothing.
    pub fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }

    /// The text of all its lines with their endings, as one slice.
    pub fn text(&self) -> &[u8] {
        self.text.get(..self.filled).unwrap_or_default()
    }

    /// How many octets of the source it takes.
    pub fn octets(&self) -> u64 {
        let ends = if self.source_ends.is_empty() { &self.ends } else { &self.source_ends };
        ends.last().copied().unwrap_or(0).into()
    }

    /// Its lines in order.
    pub fn iter(&self) -> Lines<'_> {
        Lines { block: self, index: 0, start: 0, source_start: 0 }
    }

    fn clear(&mut self) {
        self.filled = 0;
        self.ends.clear();
        self.source_ends.clear();
        self.continued = false;
        self.unfinished = false;
    }
}

/// The lines of a [`Block`].
#[derive(Debug, Clone)]
pub struct Lines<'b> {
    block: &'b Block,
    index: usize,
    start: usize,
    source_start: u32,
}

impl<'b> Iterator for Lines<'b> {
    type Item = Line<'b>;

    #[inline]
    fn next(&mut self) -> Option<Line<'b>> {
        let block = self.block;
        let end32 = *block.ends.get(self.index)?;
        let source_end = block.source_ends.get(self.index).copied().unwrap_or(end32);
        let end = end32 as usize;
        let whole = block.text.get(self.start..end).unwrap_or_default();
        let unfinished = block.unfinished && self.index + 1 == block.ends.len();
        let (text, ending) = if unfinished { (whole, Ending::None) } else { without_ending(whole) };
        let line = Line {
            number: block.number + self.index as u64,
            offset: block.offset + u64::from(self.source_start),
            octets: source_end - self.source_start,
            text,
            ending,
            continued: block.continued && self.index == 0,
            unfinished,
        };
        self.index += 1;
        self.start = end;
        self.source_start = source_end;
        Some(line)
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        let left = self.block.ends.len().saturating_sub(self.index);
        (left, Some(left))
    }
}

impl ExactSizeIterator for Lines<'_> {}

impl<'b> IntoIterator for &'b Block {
    type Item = Line<'b>;
    type IntoIter = Lines<'b>;

    fn into_iter(self) -> Lines<'b> {
        self.iter()
    }
}

#[inline]
fn without_ending(whole: &[u8]) -> (&[u8], Ending) {
    match whole {
        [text @ .., b'\r', b'\r', b'\n'] => (text, Ending::CrCrLf),
        [text @ .., b'\r', b'\n'] => (text, Ending::CrLf),
        [text @ .., b'\n'] => (text, Ending::Lf),
        [text @ .., b'\r'] => (text, Ending::Cr),
        text => (text, Ending::None),
    }
}

/// Reads blocks of lines from octets in a known encoding.
pub(super) struct Reader<R> {
    octets: R,
    encoding: &'static Encoding,
    splitter: Splitter,
    window: usize,
    longest: usize,
    /// Octets that were read and not yet handed out.
    rest: Vec<u8>,
    /// The window of a source that has to be decoded.
    window_octets: Vec<u8>,
    offset: u64,
    number: u64,
    continued: bool,
    ended: bool,
    /// The octets may come to no end for now.
    waits: bool,
    failure: Option<io::Error>,
}

/// What of a window is ready to be handed out.
struct Cut {
    end: usize,
    unfinished: bool,
}

impl<R: Read> Reader<R> {
    /// Reads from `octets`, the source's octet number `offset` (after a byte order mark) onward.
    pub(super) fn new(octets: R, detected: &text::Detected) -> Self {
        Self {
            octets,
            encoding: detected.encoding,
            splitter: detected.splitter,
            window: WINDOW,
            longest: MAX_LINE,
            rest: Vec::new(),
            window_octets: Vec::new(),
            offset: detected.mark as u64,
            number: 1,
            continued: false,
            ended: false,
            waits: false,
            failure: None,
        }
    }

    /// The same for octets that say [`io::ErrorKind::WouldBlock`] once before they wait for more.
    pub(super) fn waiting(self) -> Self {
        Self { waits: true, ..self }
    }

    /// The same for octets of which there are so many: a small text needs no large window.
    pub(super) fn of_size(self, octets: Option<usize>) -> Self {
        let whole = octets.map_or(self.window, |octets| octets.saturating_add(1));
        Self { window: self.window.min(whole), ..self }
    }

    #[cfg(test)]
    fn with_sizes(mut self, window: usize, longest: usize) -> Self {
        self.window = window;
        self.longest = longest;
        self
    }

    /// Octets of the source that were handed out so far, with its byte order mark.
    pub(super) fn offset(&self) -> u64 {
        self.offset
    }

    /// Lines that were handed out so far.
    pub(super) fn count(&self) -> u64 {
        self.number - u64::from(!self.continued)
    }

    /// Why reading stopped before the end of the source, once [`Reader::read`] has said `false`.
    pub(super) fn take_failure(&mut self) -> Option<io::Error> {
        self.failure.take()
    }

    /// Refills `block` with the next lines; `false` at the end.
    pub(super) fn read(&mut self, block: &mut Block) -> bool {
        block.clear();
        let plain = self.encoding == encoding_rs::UTF_8;
        let mut window =
            std::mem::take(if plain { &mut block.text } else { &mut self.window_octets });
        let cut = self.fill(&mut window);
        block.number = self.number;
        block.offset = self.offset;
        block.continued = self.continued;
        block.unfinished = cut.unfinished;
        if plain {
            let ready = window.get(..cut.end).unwrap_or_default();
            self.splitter.ends(ready, &mut block.ends);
            block.filled = cut.end;
            block.text = window;
        } else {
            self.decode(window.get(..cut.end).unwrap_or_default(), block);
            self.window_octets = window;
        }
        if self.continued && block.ends.is_empty() {
            // The source ends right where an overlong line was cut: its last part is empty.
            block.ends.push(0);
        }
        self.offset += cut.end as u64;
        self.number += block.ends.len() as u64 - u64::from(cut.unfinished);
        self.continued = cut.unfinished;
        !block.ends.is_empty()
    }

    /// Reads until `window` is full, the source ends and at least one line is complete, and keeps what
    /// follows the last one. What is learnt from a block must not depend on how the octets came in, nor
    /// may a last line without an ending stand in a block of its own.
    fn fill(&mut self, window: &mut Vec<u8>) -> Cut {
        let room = self.window.max(self.rest.len()).max(4).min(self.longest);
        if window.len() < room {
            window.resize(room, 0);
        }
        let mut filled = self.rest.len();
        if let Some(start) = window.get_mut(..filled) {
            start.copy_from_slice(&self.rest);
        }
        self.rest.clear();
        let mut searched = 0;
        loop {
            let so_far = window.get(..filled).unwrap_or_default();
            if self.ended {
                return self.cut(window, filled, filled, false);
            }
            if filled >= room {
                if let Some(end) = self.splitter.last(so_far, searched, false) {
                    return self.cut(window, filled, end, false);
                }
                searched = filled;
            }
            if filled >= self.longest {
                let end = text::boundary(so_far, self.longest, self.splitter);
                return self.cut(window, filled, end, true);
            }
            if filled == window.len() {
                window.resize((filled * 2).min(self.longest), 0);
            }
            let end = window.len().min(self.longest);
            match self.octets.read(window.get_mut(filled..end).unwrap_or_default()) {
                Ok(0) => self.ended = true,
                Ok(octets) => filled = (filled + octets).min(end),
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                // Nothing is there for now: whoever follows wants the lines that are.
                Err(error) if self.waits && error.kind() == io::ErrorKind::WouldBlock => {
                    let so_far = window.get(..filled).unwrap_or_default();
                    if let Some(end) = self.splitter.last(so_far, 0, false) {
                        return self.cut(window, filled, end, false);
                    }
                }
                Err(error) => {
                    self.ended = true;
                    self.failure = Some(error);
                }
            }
        }
    }

    fn cut(&mut self, window: &[u8], filled: usize, end: usize, unfinished: bool) -> Cut {
        self.rest.extend_from_slice(window.get(end..filled).unwrap_or_default());
        Cut { end, unfinished }
    }

    /// Decodes the lines of a window into `block`. An ending is never given to the decoder, so that
    /// ill-formed text cannot swallow it.
    fn decode(&self, window: &[u8], block: &mut Block) {
        block.text.clear();
        let mut ends = Vec::new();
        self.splitter.ends(window, &mut ends);
        let mut start = 0;
        for &source_end in &ends {
            let whole = window.get(start..source_end as usize).unwrap_or_default();
            let (content, ending) = self.splitter.content(whole);
            text::decode(self.encoding, content, &mut block.text);
            block.text.extend_from_slice(ending);
            // A part is at most MAX_LINE octets, a window little more: decoding triples at most.
            block.ends.push(u32::try_from(block.text.len()).unwrap_or(u32::MAX));
            start = source_end as usize;
        }
        block.source_ends = ends;
        block.filled = block.text.len();
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// A line with its text copied out.
    type Owned = (u64, u64, u32, Vec<u8>, Ending, bool, bool);

    fn read(octets: &[u8], window: usize, longest: usize) -> (Vec<Owned>, u64, u64) {
        let detected = text::detect(octets, None);
        let rest = &octets[detected.mark..];
        let mut reader = Reader::new(rest, &detected).with_sizes(window, longest);
        let mut block = Block::new();
        let mut lines = Vec::new();
        while reader.read(&mut block) {
            assert!(!block.is_empty());
            assert!(block.text.len() <= longest.max(window) * 4);
            lines.extend(block.iter().map(|line| {
                let Line { number, offset, octets, text, ending, continued, unfinished } = line;
                (number, offset, octets, text.to_vec(), ending, continued, unfinished)
            }));
        }
        (lines, reader.offset(), reader.count())
    }

    fn texts(octets: &[u8]) -> Vec<(String, Ending)> {
        let (lines, _, _) = read(octets, WINDOW, MAX_LINE);
        lines.into_iter().map(|line| (String::from_utf8_lossy(&line.3).into(), line.4)).collect()
    }

    #[test]
    fn endings() {
        use Ending::{Cr, CrCrLf, CrLf, Lf, None};
        for (input, expected) in [
            (&b""[..], &[][..]),
            (b"a", &[("a", None)]),
            (b"a\n", &[("a", Lf)]),
            (b"\n\n", &[("", Lf), ("", Lf)]),
            (b"a\r\nb\nc", &[("a", CrLf), ("b", Lf), ("c", None)]),
            (b"a\r\r\nb\r\r\r\n", &[("a", CrCrLf), ("b\r", CrCrLf)]),
            // A progress meter's CR inside lines is no line end.
            (b"1%\r2%\r\nb\n", &[("1%\r2%", CrLf), ("b", Lf)]),
            // Only CR: an old Mac's text.
            (b"a\rb\r\rc", &[("a", Cr), ("b", Cr), ("", Cr), ("c", None)]),
            (b"a\nb\r", &[("a", Lf), ("b", Cr)]),
        ] {
            let lines = texts(input);
            let lines: Vec<_> = lines.iter().map(|(text, end)| (text.as_str(), *end)).collect();
            assert_eq!(lines, expected, "{input:?}");
        }
    }

    #[test]
    fn encodings() {
        let utf_16 = |text: &str, big: bool| -> Vec<u8> {
            text.encode_utf16()
                .flat_map(|unit| if big { unit.to_be_bytes() } else { unit.to_le_bytes() })
                .collect()
        };
        let text = "220 mx.exämple – \u{10A0A}\u{A0A}\r\nQUIT now, please\n";
        let with_mark = format!("\u{feff}{text}");
        for (input, name, mark) in [
            (text.as_bytes().to_vec(), "UTF-8", 0),
            (with_mark.as_bytes().to_vec(), "UTF-8", 3),
            (utf_16(text, false), "UTF-16LE", 0),
            (utf_16(text, true), "UTF-16BE", 0),
            (utf_16(&with_mark, false), "UTF-16LE", 2),
            (utf_16(&with_mark, true), "UTF-16BE", 2),
        ] {
            let detected = text::detect(&input, None);
            assert_eq!((detected.encoding.name(), detected.mark), (name, mark));
            let lines = texts(&input);
            let first = "220 mx.exämple – \u{10A0A}\u{A0A}";
            assert_eq!(lines[0], (first.to_owned(), Ending::CrLf), "{name}");
            assert_eq!(lines[1], ("QUIT now, please".to_owned(), Ending::Lf), "{name}");
        }
        let (lines, ..) = read(b"250 caf\xE9\n\x93ok\x94\n", WINDOW, MAX_LINE);
        assert_eq!(lines[0].3, "250 café".as_bytes());
        assert_eq!((lines[1].1, lines[1].2, &lines[1].3[..]), (9, 5, "“ok”".as_bytes()));
        // One wrong octet does not turn a UTF-8 text into another encoding, and stays what it was.
        let (lines, ..) = read(b"\xC3\xA9\xC3\xA8 \xFF\n", WINDOW, MAX_LINE);
        assert_eq!(lines[0].3, b"\xC3\xA9\xC3\xA8 \xFF");
        let odd = [&utf_16("ab\nc", false)[..], b"d"].concat();
        assert_eq!(texts(&odd)[1], ("c\u{fffd}".to_owned(), Ending::None));
    }

    #[test]
    fn blocks_do_not_depend_on_how_the_octets_come() {
        /// Gives one octet at a time, as a slow pipe does.
        struct Trickle<'a>(&'a [u8]);
        impl Read for Trickle<'_> {
            fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
                let length = into.len().min(1);
                Read::read(&mut self.0, &mut into[..length])
            }
        }
        let octets = b"> 220 mx\n> QUIT\n> 221 bye";
        let mut reader = Reader::new(Trickle(octets), &text::detect(octets, None));
        let mut block = Block::new();
        assert!(reader.read(&mut block));
        assert_eq!((block.len(), block.octets()), (3, octets.len() as u64));
        assert!(!reader.read(&mut block));
    }

    #[test]
    fn an_overlong_line_comes_in_parts() {
        let (lines, octets, count) = read("aäöü\rb\r\nc".as_bytes(), 4, 8);
        let parts: Vec<_> = lines
            .iter()
            .map(|line| (line.0, line.2, std::str::from_utf8(&line.3).unwrap(), line.5, line.6))
            .collect();
        // The CR that would be the last octet of the first part goes to the second.
        assert_eq!(
            parts,
            [(1, 7, "aäöü", false, true), (1, 4, "\rb", true, false), (2, 1, "c", false, false)]
        );
        assert_eq!((octets, count), (12, 2));
        // The source ends where the line was cut.
        let (lines, octets, count) = read(b"12345678", 64, 8);
        assert_eq!((lines.len(), octets, count), (2, 8, 1));
        assert!(lines[0].6 && lines[1].5 && !lines[1].6);
    }

    #[test]
    fn what_was_read_before_a_failure_is_kept() {
        struct Failing<'o>(&'o [u8]);
        impl Read for Failing<'_> {
            fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
                if self.0.is_empty() {
                    Err(io::Error::other("bad disk"))
                } else {
                    self.0.read(into)
                }
            }
        }
        let detected = text::detect(b"", None);
        let mut reader = Reader::new(Failing(b"a\nb"), &detected);
        let mut block = Block::new();
        let mut texts = Vec::new();
        while reader.read(&mut block) {
            texts.extend(block.iter().map(|line| line.text.to_vec()));
        }
        assert_eq!(texts, [b"a", b"b"]);
        assert_eq!(reader.take_failure().unwrap().to_string(), "bad disk");
        assert!(!reader.read(&mut block));
    }

    /// Octets that make lines, characters of several octets and UTF-16 likely.
    fn octets() -> impl Strategy<Value = Vec<u8>> {
        let few = prop::sample::select(b"\r\n\r\na0 \0\xC3\xA4\xE2\x80\xFF\xFE\x0A\xD8".to_vec());
        let wide = prop::collection::vec(
            prop::sample::select(vec![
                b"\n\0",
                b"\r\0",
                b"a\0",
                b"b\0",
                b"c\0",
                b"\0\n",
                b"\xE4\0",
                b"\x0A\x0A",
                b"\x3D\xD8",
            ]),
            0..60,
        );
        prop_oneof![
            prop::collection::vec(any::<u8>(), 0..200),
            prop::collection::vec(few, 0..200),
            wide.prop_map(|pairs| pairs.into_iter().flatten().copied().collect()),
            "[a-z]{0,9}(\r\n[a-zäé]{0,30}){0,20}"
                .prop_map(|text| { text.encode_utf16().flat_map(u16::to_be_bytes).collect() }),
        ]
    }

    proptest! {
        #[test]
        fn every_octet_belongs_to_one_line(octets in octets(), longest in 4_usize..64) {
            let longest = longest / 2 * 2;
            let detected = text::detect(&octets, None);
            let (lines, end, count) = read(&octets, WINDOW, longest);
            prop_assert_eq!(end, octets.len() as u64);
            let mut at = detected.mark as u64;
            let mut number = 0;
            let mut continued = false;
            for line in &lines {
                prop_assert_eq!(line.1, at);
                at += u64::from(line.2);
                number += u64::from(!continued);
                prop_assert_eq!(line.0, number);
                prop_assert_eq!(line.5, continued);
                continued = line.6;
                if detected.encoding == encoding_rs::UTF_8 {
                    let whole = &octets[usize::try_from(line.1).unwrap()..usize::try_from(at).unwrap()];
                    prop_assert!(whole.starts_with(&line.3));
                    prop_assert!(!line.3.contains(&b'\n'));
                } else {
                    prop_assert!(std::str::from_utf8(&line.3).is_ok());
                }
            }
            prop_assert_eq!(at, octets.len() as u64);
            prop_assert_eq!(count, number);
            prop_assert!(!continued);
        }

        #[test]
        fn the_window_makes_no_difference(
            octets in octets(), window in 1_usize..300, longest in 4_usize..300,
        ) {
            let longest = longest / 2 * 2;
            let window = window.min(longest);
            prop_assert_eq!(read(&octets, window, longest), read(&octets, longest, longest));
            prop_assert_eq!(read(&octets, window, MAX_LINE), read(&octets, WINDOW, MAX_LINE));
        }
    }
}
