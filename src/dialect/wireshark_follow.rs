//! Wireshark's "Follow TCP stream" and `tshark -z follow,tcp,…` in the forms ascii, hex, raw and YAML.
//!
//! ```text
//! Follow: tcp,ascii
//! Filter: tcp.stream eq 0
//! Node 0: 192.0.2.1:40052
//! Node 1: 192.0.2.2:25
//! <TAB>30
//! 220 mx.example.net ESMTP ready
//!
//! 6
//! QUIT
//! ```
//!
//! A tab (four blanks where Wireshark saved it) stands before what Node 1 said: before the number of
//! octets in the ascii form, before each row in hex and raw; a copy may have lost it. Traps: the number counts CR LF or LF, which
//! the text no longer shows; a chunk may end within a line; a line of a message may be a number; after
//! STARTTLS everything is TLS. Saved from the window as text there are no marks at all (`raw-unmarked`).
//! From recordings of tshark 4.0 and the streams of public captures.

use base64::Engine as _;

use super::{
    Custom, Dialect, Reader, Reading, Record, Say, Times, Unmarked,
    chunk::Chunk,
    flow::serves,
    octets::{self, Clear, Wire},
    prompt,
};
use crate::transcript::{Fact, Mark, Moment};

pub(super) static DIALECT: Dialect = Dialect {
    name: "wireshark-follow",
    about: "Wireshark's Follow TCP Stream, as tshark prints it and Wireshark saves it",
    client: "none, or peer 0",
    server: "tab, or peer 1",
    key: "",
    times: Times::Sometimes,
    record: Record { announces: true, wire: true, ..Record::DIALOGUE },
    unmarked: Unmarked::Neither,
    custom: Custom::FirstIsClient,
    hints: &["Follow: t", "00000000  ", "!!binary |", "char peer"],
    evidence: |line| {
        line.starts_with(b"Follow: tcp,")
            || line.starts_with(b"Follow: tls,")
            || (line.trim_ascii() == b"data: !!binary |" && line.first() == Some(&b' '))
            || yaml_peer(line).is_some()
            || array_peer(line).is_some()
            || hex_row(line).is_some_and(|row| {
                row.offset == 0 && matches!(row.text.get(..8), Some(b"32 32 30" | b"35 35 34"))
            })
    },
    reader: || Box::new(Follow::default()),
};

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
enum Form {
    #[default]
    None,
    Head,
    Ascii,
    Hex,
    Raw,
    Yaml,
    Array,
}

#[derive(Debug, Default)]
#[expect(clippy::struct_excessive_bools, reason = "each tells another thing about the place")]
struct Follow {
    form: Form,
    /// The form that the header announced, until its rows begin.
    announced: Form,
    node: Option<(Vec<u8>, Option<u16>)>,
    mark: Option<Mark>,
    chunk: Chunk,
    wires: [Wire; 2],
    /// The next offset of each side in the hex form.
    offsets: [usize; 2],
    clear: Clear,
    /// The chunk is TLS.
    hidden: bool,
    /// Lines end with LF alone.
    bare: bool,
    /// The number of octets of a chunk stood behind a margin.
    indented: bool,
    /// A chunk begins that may be either side's: whoever copied the text lost the margins.
    doubtful: bool,
    /// The last line was blank.
    blank: bool,
    /// The last line, but for blank ones, was a dot.
    dot: bool,
    at: Option<Moment>,
}

impl Reader for Follow {
    fn read(&mut self, line: &[u8], say: Say<'_>) -> bool {
        if let Some(form) = line.strip_prefix(b"Follow: ") {
            self.end(line, say);
            *self = Self { form: Form::Head, announced: announced(form), ..Self::default() };
            say(Reading::tells(line, Fact::Opening));
            return true;
        }
        if is_rule(line)
            && self.form != Form::None
            && (self.form != Form::Ascii || self.chunk.may_be_over())
        {
            self.end(line, say);
            *self = Self::default();
            say(Reading::remark(line));
            return true;
        }
        if self.form == Form::Head {
            if let Some(taken) = self.head(line, say) {
                return taken;
            }
            self.form = self.announced;
        }
        match self.form {
            Form::Ascii => self.ascii(line, say),
            Form::Raw => self.raw(line, say),
            Form::Yaml => self.yaml(line, say),
            Form::Array => self.array(line, say),
            Form::Hex | Form::None | Form::Head => self.hex(line, say) || self.begins(line, say),
        }
    }

    fn finish(&mut self, say: Say<'_>) {
        self.end(b"", say);
    }
}

/// Whether a line is the rule around a stream. Behind the last one may stand the tag that ended the block it was
/// pasted into.
fn is_rule(line: &[u8]) -> bool {
    const SHORTEST: usize = 40;
    const TAG: usize = 32;
    let signs = line.iter().take_while(|octet| **octet == b'=').count();
    signs >= SHORTEST && line.len() - signs <= TAG
}

fn announced(form: &[u8]) -> Form {
    match form.rsplit(|octet| *octet == b',').next().unwrap_or_default() {
        b"hex" => Form::Hex,
        b"raw" => Form::Raw,
        b"yaml" => Form::Yaml,
        _ => Form::Ascii,
    }
}

const fn index(mark: Mark) -> usize {
    matches!(mark, Mark::Second) as usize
}

impl Follow {
    /// `Filter:`, `Node 0:`, `Node 1:`.
    fn head(&mut self, line: &[u8], say: Say<'_>) -> Option<bool> {
        if line.starts_with(b"Filter: ") {
            say(Reading::remark(line));
            return Some(true);
        }
        let node = line.strip_prefix(b"Node ")?;
        let address = node.get(3..).filter(|_| node.get(1..3) == Some(b": "))?;
        let colon = memchr::memrchr(b':', address)?;
        let (host, port) = address.split_at_checked(colon)?;
        let here = (host.to_vec(), port.get(1..).and_then(prompt::port_number));
        say(Reading::remark(line));
        if let Some(first) = self.node.take() {
            let (client, server) =
                if serves(first.1) > serves(here.1) { (here, first) } else { (first, here) };
            let (address, port) = client;
            say(Reading::tells(b"", Fact::ClientAddress { address, port }));
            let (address, port) = server;
            say(Reading::tells(b"", Fact::ServerAddress { address, port }));
        } else {
            self.node = Some(here);
        }
        Some(true)
    }

    /// Lines that begin a record without a header.
    fn begins(&mut self, line: &[u8], say: Say<'_>) -> bool {
        if line == b"peers:"
            || line.trim_ascii() == b"data: !!binary |"
            || yaml_peer(line).is_some()
        {
            self.form = Form::Yaml;
            return self.yaml(line, say);
        }
        if array_peer(line).is_some() {
            self.form = Form::Array;
            return self.array(line, say);
        }
        false
    }

    fn ascii(&mut self, line: &[u8], say: Say<'_>) -> bool {
        let header = length_line(line).filter(|(mark, _)| self.may_begin(*mark));
        if let Some((mark, octets)) = header {
            if let Some(bare) = self.chunk.proves_bare() {
                self.bare = bare;
            }
            self.speaks(mark, line, say);
            self.chunk = Chunk::new(octets);
            self.blank = false;
            self.indented |= mark == Mark::Second;
            self.doubtful = !self.indented;
            return true;
        }
        if line.is_empty()
            && (self.chunk.may_be_over() || self.dot || self.mark == Some(Mark::Second))
        {
            self.blank = true;
            self.chunk.blanks += 1;
            return true;
        }
        if std::mem::take(&mut self.doubtful) && begins_with_code(line) {
            self.speaks(Mark::Second, line.get(..0).unwrap_or_default(), say);
        }
        let Some(mark) = self.mark else { return false };
        // Blank lines that were the chunk's own after all.
        for _ in 0..std::mem::take(&mut self.chunk.blanks) {
            self.text(mark, b"", say);
        }
        self.text(mark, line, say);
        true
    }

    /// Whether a number here may begin a chunk: where the announced octets came; and where the text was
    /// shortened after it was saved, behind a blank line that cannot be in the middle of a message.
    fn may_begin(&self, mark: Mark) -> bool {
        self.chunk.may_be_over()
            || (self.blank && (mark == Mark::Second || self.dot || self.mark == Some(Mark::Second)))
    }

    /// One line of a chunk.
    fn text(&mut self, mark: Mark, line: &[u8], say: Say<'_>) {
        let begins = self.chunk.is_new();
        self.dot = line == b"." || (self.dot && line.is_empty());
        self.blank = line.is_empty();
        let before = self.clear;
        if begins {
            self.hidden = self.clear.printed(line) || is_proxy(line);
        }
        if self.hidden {
            self.chunk.count(line.len());
            self.encrypted(before, line, say);
            return;
        }
        self.answered(before, line, say);
        let Some(wire) = self.wires.get_mut(index(mark)) else { return };
        if let Some(reading) = self.chunk.line(line, mark, wire, self.bare) {
            self.clear.line(&reading.text);
            say(octets::with_tab(reading));
        }
    }

    /// A row of TLS; the first one tells that it began.
    fn encrypted(&mut self, before: Clear, row: &[u8], say: Say<'_>) {
        if self.clear == Clear::Tls && before != Clear::Tls {
            say(Reading::tells(row, Fact::TlsStarted { version: None, cipher: None }));
        } else {
            say(Reading::remark(row));
        }
    }

    /// A row in the clear: where TLS had been tried unasked, it failed.
    fn answered(&mut self, before: Clear, row: &[u8], say: Say<'_>) {
        if before == Clear::Unasked && self.clear == Clear::Text {
            let words = b"TLS was answered in the clear".to_vec();
            say(Reading::tells(row.get(..0).unwrap_or_default(), Fact::TlsFailed(words)));
        }
    }

    /// The other side begins to speak: what the first had begun ends here.
    fn speaks(&mut self, mark: Mark, line: &[u8], say: Say<'_>) {
        if let Some(before) = self.mark
            && before != mark
        {
            self.flush(before, line, say);
        }
        self.mark = Some(mark);
    }

    fn flush(&mut self, mark: Mark, line: &[u8], say: Say<'_>) {
        let within = line.get(..0).unwrap_or_default();
        if let Some(wire) = self.wires.get_mut(index(mark)) {
            wire.flush(mark, within, &|reading| reading, say);
        }
    }

    fn end(&mut self, line: &[u8], say: Say<'_>) {
        self.flush(Mark::First, line, say);
        self.flush(Mark::Second, line, say);
    }

    /// Octets that a row shows.
    fn octets(&mut self, mark: Mark, octets: &[u8], within: &[u8], say: Say<'_>) {
        let before = self.clear;
        if self.clear.packet(octets) {
            self.encrypted(before, within, say);
            return;
        }
        self.answered(before, within, say);
        let at = self.at;
        let Self { wires, clear, .. } = self;
        let Some(wire) = wires.get_mut(index(mark)) else { return };
        wire.feed(octets, mark, within, &|reading| reading.at(at), &mut |reading| {
            clear.line(&reading.text);
            say(reading);
        });
    }

    fn hex(&mut self, line: &[u8], say: Say<'_>) -> bool {
        let Some(row) = hex_row(line) else {
            return self.form == Form::Hex && line.is_empty();
        };
        let octets = octets::row(row.text);
        let Some(offset) = self.offsets.get_mut(index(row.mark)) else { return false };
        if octets.is_empty() || (row.offset != *offset && row.offset != 0) {
            return false;
        }
        if row.offset < *offset {
            // Offsets begin anew: another stream.
            self.end(line, say);
            *self = Self { form: self.form, ..Self::default() };
            say(Reading::tells(line.get(..0).unwrap_or_default(), Fact::Opening));
        }
        if let Some(offset) = self.offsets.get_mut(index(row.mark)) {
            *offset = row.offset + octets.len();
        }
        self.speaks(row.mark, line, say);
        self.octets(row.mark, &octets, row.text, say);
        true
    }

    fn raw(&mut self, line: &[u8], say: Say<'_>) -> bool {
        let (mark, text) = margin(line);
        let Some(octets) = octets::pairs(text) else { return line.is_empty() };
        self.speaks(mark, line, say);
        self.octets(mark, &octets, text, say);
        true
    }

    fn yaml(&mut self, line: &[u8], say: Say<'_>) -> bool {
        let text = line.trim_ascii();
        let text = text.strip_prefix(b"- ").unwrap_or(text);
        if let Some(mark) = yaml_peer(line) {
            self.speaks(mark, line, say);
        } else if let Some(peer) = text.strip_prefix(b"peer: ") {
            let mark = if peer == b"0" { Mark::First } else { Mark::Second };
            self.speaks(mark, line, say);
        } else if let Some(time) = text.strip_prefix(b"timestamp: ") {
            self.at = epoch(time);
        } else if let Some(host) = text.strip_prefix(b"host: ") {
            self.node = Some((host.to_vec(), None));
        } else if let Some(port) = text.strip_prefix(b"port: ") {
            if let Some((address, _)) = self.node.take() {
                let port = prompt::port_number(port);
                let server = serves(port) > 0;
                let fact = if server {
                    Fact::ServerAddress { address, port }
                } else {
                    Fact::ClientAddress { address, port }
                };
                say(Reading::tells(line, fact));
                return true;
            }
        } else if text == b"peers:" {
            self.end(line, say);
            *self = Self { form: Form::Yaml, ..Self::default() };
            say(Reading::tells(line, Fact::Opening));
            return true;
        } else if matches!(text, b"packets:" | b"data: !!binary |" | b"")
            || text.starts_with(b"packet: ")
            || text.starts_with(b"# Packet")
        {
        } else if let Some(mark) = self.mark
            && line.first() == Some(&b' ')
            && let Ok(octets) = base64::engine::general_purpose::STANDARD.decode(text)
        {
            self.octets(mark, &octets, text, say);
            return true;
        } else {
            return false;
        }
        say(Reading::remark(line));
        true
    }

    fn array(&mut self, line: &[u8], say: Say<'_>) -> bool {
        if let Some(mark) = array_peer(line) {
            self.speaks(mark, line, say);
            say(Reading::remark(line));
            return true;
        }
        let text = line.trim_ascii();
        let Some(mark) = self.mark.filter(|_| text.starts_with(b"0x")) else {
            return matches!(text, b"};" | b"");
        };
        let row = text.split(|octet| *octet == b',').filter_map(|word| {
            match word.trim_ascii().strip_prefix(b"0x")? {
                [high, low, ..] => octets::pair(*high, *low),
                _ => None,
            }
        });
        let octets: Vec<u8> = row.collect();
        self.octets(mark, &octets, text, say);
        true
    }
}

/// A tunnel through an HTTP proxy, asked for or granted before SMTP begins.
fn is_proxy(line: &[u8]) -> bool {
    (line.starts_with(b"CONNECT ") && memchr::memmem::find(line, b" HTTP/1.").is_some())
        || (line.starts_with(b"HTTP/1.") && line.get(8..12) == Some(b" 200"))
}

/// The tab or the four blanks before what Node 1 said.
fn margin(line: &[u8]) -> (Mark, &[u8]) {
    match line.strip_prefix(b"\t").or_else(|| line.strip_prefix(b"    ")) {
        Some(rest) => (Mark::Second, rest),
        None => (Mark::First, line),
    }
}

/// `<TAB>41`
fn length_line(line: &[u8]) -> Option<(Mark, usize)> {
    let (mark, digits) = match line.strip_prefix(b"\t").or_else(|| line.strip_prefix(b"    ")) {
        Some(digits) => (Mark::Second, digits),
        None => (Mark::First, line),
    };
    let short = (1..=9).contains(&digits.len()) && digits.iter().all(u8::is_ascii_digit);
    let octets = short.then(|| std::str::from_utf8(digits).ok()?.parse().ok()).flatten()?;
    Some((mark, octets))
}

/// `220 mx`, `250-SIZE`: what only a server says.
fn begins_with_code(line: &[u8]) -> bool {
    matches!(line, [b'2'..=b'5', second, third, b' ' | b'-', ..] if second.is_ascii_digit() && third.is_ascii_digit())
}

#[derive(Debug)]
struct HexRow<'l> {
    mark: Mark,
    offset: usize,
    text: &'l [u8],
}

/// `00000010  65 74 20 45 …`
fn hex_row(line: &[u8]) -> Option<HexRow<'_>> {
    let (mark, rest) = margin(line);
    let (offset, rest) = rest.split_at_checked(8)?;
    let text = rest.strip_prefix(b"  ")?;
    let digits = text.iter().take(2).all(u8::is_ascii_hexdigit) && text.len() >= 2;
    let offset = std::str::from_utf8(offset).ok().filter(|_| digits)?;
    Some(HexRow { mark, offset: usize::from_str_radix(offset, 16).ok()?, text })
}

/// `peer1_0: !!binary |`
fn yaml_peer(line: &[u8]) -> Option<Mark> {
    let rest = line.strip_prefix(b"peer")?;
    let (peer, rest) = rest.split_first()?;
    (rest.first() == Some(&b'_') && rest.ends_with(b": !!binary |")).then_some(())?;
    Some(if *peer == b'0' { Mark::First } else { Mark::Second })
}

/// `char peer1_0[] = { /* Packet 4 */`
fn array_peer(line: &[u8]) -> Option<Mark> {
    let rest = line.strip_prefix(b"char peer")?;
    let (peer, rest) = rest.split_first()?;
    (rest.first() == Some(&b'_') && memchr::memmem::find(rest, b"[] =").is_some()).then_some(())?;
    Some(if *peer == b'0' { Mark::First } else { Mark::Second })
}

/// Seconds since 1970 with a fraction.
pub(super) fn epoch(text: &[u8]) -> Option<Moment> {
    let text = std::str::from_utf8(text).ok()?;
    let (seconds, fraction) = text.split_once('.').unwrap_or((text, ""));
    let mut micros = seconds.parse::<i64>().ok()?.checked_mul(1_000_000)?;
    let mut unit = 100_000;
    for digit in fraction.bytes().take(6) {
        micros = micros.checked_add(i64::from(digit.checked_sub(b'0')?) * unit)?;
        unit /= 10;
    }
    Some(Moment { micros, dated: true, zoned: true })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dialect::spoken::spoken;

    #[test]
    fn the_rule_may_have_a_tag_behind_it() {
        let rule = "=".repeat(40);
        for (line, want) in [
            (rule.clone(), true),
            (format!("{rule}[/code][/quote]"), true),
            (format!("{rule} and so on, for more than a tag has"), false),
            ("====== 220 mx".to_owned(), false),
        ] {
            assert_eq!(is_rule(line.as_bytes()), want, "{line}");
        }
    }

    #[test]
    fn all_forms_say_the_same() {
        let want = "1:220 mx ready 0:EHLO me 1:250-mx 1:250 HELP 0:QUIT 1:221 bye";
        let head = "Follow: tcp,FORM\nFilter: tcp.stream eq 0\nNode 0: 192.0.2.1:40052\nNode 1: 192.0.2.2:25\n";
        for (form, rows) in [
            (
                "ascii",
                "\t14\n220 mx ready\n\n9\nEHLO me\n\n\t18\n250-mx\n250 HELP\n\n6\nQUIT\n\n\t9\n221 bye\n\n",
            ),
            // The margins were lost in copying, or blanks were put for the tabs.
            (
                "ascii",
                "14\n220 mx ready\n\n9\nEHLO me\n\n18\n250-mx\n250 HELP\n\n6\nQUIT\n\n9\n221 bye\n\n",
            ),
            (
                "ascii",
                "    14\n220 mx ready\n\n9\nEHLO me\n\n    18\n250-mx\n250 HELP\n\n6\nQUIT\n\n    9\n221 bye\n\n",
            ),
            // Chunks that end within a line.
            (
                "ascii",
                "\t14\n220 mx ready\n\n2\nEH\n7\nLO me\n\n\t12\n250-mx\n250 \n\t6\nHELP\n\n6\nQUIT\n\n\t9\n221 bye\n\n",
            ),
            // LF alone.
            (
                "ascii",
                "\t13\n220 mx ready\n\n8\nEHLO me\n\n\t16\n250-mx\n250 HELP\n\n5\nQUIT\n\n\t8\n221 bye\n\n",
            ),
            (
                "hex",
                "\t00000000  32 32 30 20 6d 78 20 72  65 61 64 79 0d 0a        220 mx r eady..\n\
                 00000000  45 48 4c 4f 20 6d 65 0d  0a                       EHLO me. .\n\
                 \t0000000E  32 35 30 2d 6d 78 0d 0a  32 35 30 20 48 45 4c 50  250-mx.. 250 HELP\n\
                 \t0000001E  0d 0a                                             ..\n\
                 00000009  51 55 49 54 0d 0a                                 QUIT..\n\
                 \t00000020  32 32 31 20 62 79 65 0d  0a                       221 bye. .\n",
            ),
            (
                "raw",
                "\t323230206d782072656164790d0a\n45484c4f206d650d0a\n\t3235302d6d780d0a3235302048454c500d0a\n515549540d0a\n\t323231206279650d0a\n",
            ),
        ] {
            let record = format!("{}{rows}{}\n", head.replace("FORM", form), "=".repeat(67));
            assert_eq!(spoken(&DIALECT, &record), want, "{record}");
        }
    }

    #[test]
    fn yaml_and_arrays_are_read() {
        let yaml = "peers:\n  - peer: 0\n    host: 192.0.2.1\n    port: 40052\n  - peer: 1\n    host: 192.0.2.2\n    port: 25\npackets:\n  - packet: 4\n    peer: 1\n    timestamp: 1795429004.842214108\n    data: !!binary |\n      MjIwIG14DQo=\n  - packet: 6\n    peer: 0\n    timestamp: 1795429004.842349052\n    data: !!binary |\n      UVVJVA0K\n";
        assert_eq!(spoken(&DIALECT, yaml), "1:220 mx 0:QUIT");
        let older =
            "peer1_0: !!binary |\n  MjIwIG14DQo=\n# Packet 6\npeer0_0: !!binary |\n  UVVJVA0K\n";
        assert_eq!(spoken(&DIALECT, older), "1:220 mx 0:QUIT");
        let array = "char peer1_0[] = { /* Packet 4 */\n0x32, 0x32, 0x30, 0x20, \n0x6d, 0x78, 0x0d, 0x0a };\nchar peer0_0[] = { /* Packet 6 */\n0x51, 0x55, 0x49, 0x54, 0x0d, 0x0a };\n";
        assert_eq!(spoken(&DIALECT, array), "1:220 mx 0:QUIT");
    }

    #[test]
    fn seconds_are_read() {
        let moment = epoch(b"1795429004.842214108").unwrap();
        assert_eq!(moment.micros, 1_795_429_004_842_214);
    }
}
