//! `C:` and `S:` before each line, as RFCs since 1997, test suites and people write sessions; and the
//! `S:` and `R:` of RFC 821, where S is the *sender*.
//!
//! ```text
//! S: 220 mx.example.net ESMTP
//! C: EHLO client.example
//! ```
//!
//! Traps: the same `S:` means the server in one and the client in the other; RFC pages indent the lines
//! and break them with page headers; the marks may be words (`Client:`, `Server>`, `Me:`) or stand in
//! brackets (`[C]`).

use super::{
    Custom, Dialect, Reader, Reading, Record, Say, Times, Unmarked, failure::has, libesmtp,
    telnet_unix,
};
use crate::transcript::{ClosedBy, Fact, Mark};

pub(super) static DIALECT: Dialect = Dialect {
    name: "rfc-cs",
    about: "C: and S: before each line, as RFCs and test suites print sessions",
    client: "C: ",
    server: "S: ",
    key: "",
    times: Times::Never,
    record: Record::DIALOGUE,
    unmarked: Unmarked::Server,
    custom: Custom::FirstIsClient,
    hints: &["C:", "c:", "C>", "[C]", "Client", "CLIENT", "client", "Me:", "S: "],
    evidence: |line| {
        split(line).is_some_and(|(mark, text)| match mark {
            b'C' => begins_with_verb(text),
            // A reply alone is what people quote of a log.
            b'S' => line.trim_ascii_start().starts_with(b"S: ") && is_refusal(text),
            _ => false,
        })
    },
    reader: || Box::new(ReadCs::default()),
};

pub(super) static RFC821: Dialect = Dialect {
    name: "rfc821-sr",
    about: "S: (sender) and R: (receiver) before each line, as RFC 821 prints sessions",
    client: "S: ",
    server: "R: ",
    key: "",
    times: Times::Never,
    record: Record::DIALOGUE,
    unmarked: Unmarked::Server,
    custom: Custom::FirstIsClient,
    hints: &["R:"],
    evidence: |line| split(line).is_some_and(|(mark, text)| mark == b'R' && begins_with_code(text)),
    reader: || Box::new(read_sr),
};

/// The wire's line ending, where somebody wrote it out.
const CRLF: &[u8] = br"\r\n";

/// The mark's first letter in upper case and the text behind it.
fn split(line: &[u8]) -> Option<(u8, &[u8])> {
    let line = line.trim_ascii_start();
    let opened = line.strip_prefix(b"[");
    let line = opened.unwrap_or(line);
    let sign = line.iter().take(8).position(|octet| !octet.is_ascii_alphabetic())?;
    let (word, rest) = line.split_at_checked(sign)?;
    let closed = match rest.first()? {
        b']' => opened.is_some(),
        b':' | b'>' => opened.is_none(),
        _ => false,
    };
    if !closed {
        return None;
    }
    let mark = match word {
        b"C" | b"c" | b"Client" | b"CLIENT" | b"client" | b"Me" => b'C',
        b"S" | b"s" | b"Server" | b"SERVER" | b"server" => b'S',
        b"R" | b"r" => b'R',
        _ => return None,
    };
    let text = rest.get(1..)?;
    match text.split_first() {
        None => Some((mark, text)),
        Some((b' ' | b'\t', tail)) => Some((mark, tail)),
        // `S:220 ready` and `C:QUIT` occur; `C:\temp` and `S:\share` are something else.
        Some((octet, _)) if octet.is_ascii_alphanumeric() || *octet == b'.' => Some((mark, text)),
        Some(_) if text == CRLF => Some((mark, text)),
        Some(_) => None,
    }
}

fn begins_with_verb(text: &[u8]) -> bool {
    let text = text.trim_ascii_start();
    text.len() >= 4 && text.iter().take(4).all(u8::is_ascii_alphabetic)
}

/// A refusal that hardly anything but a mail server writes: with an enhanced code, or of several lines.
fn is_refusal(text: &[u8]) -> bool {
    let [class @ (b'4' | b'5'), tens, ones, mark, rest @ ..] = text else { return false };
    let enhanced = matches!(rest, [own, b'.', b'0'..=b'9', b'.', ..] if own == class);
    tens.is_ascii_digit() && ones.is_ascii_digit() && (*mark == b'-' || *mark == b' ' && enhanced)
}

fn begins_with_code(text: &[u8]) -> bool {
    let text = text.trim_ascii_start();
    text.len() >= 3 && text.iter().take(3).all(u8::is_ascii_digit)
}

/// Reads `C:` and `S:`; leaves a reply whose next line is bare to libESMTP's reader.
#[derive(Debug, Default)]
struct ReadCs {
    next: Vec<u8>,
    /// What the client says next is no command: the message, or an answer to a challenge.
    asked: bool,
    /// The line before holds base64 that the page may have broken.
    encoded: Option<Mark>,
}

impl Reader for ReadCs {
    fn ahead(&mut self, next: &[u8]) {
        self.next.clear();
        let next = next.trim_ascii_start();
        self.next.extend_from_slice(next.get(..6.min(next.len())).unwrap_or_default());
    }

    fn read(&mut self, line: &[u8], say: Say<'_>) -> bool {
        if let Some(mark) = self.encoded
            && let Some(rest) = further_base64(line)
        {
            say(Reading::said(mark, rest).joining());
            return true;
        }
        self.encoded = None;
        if self.is_remark(line) {
            say(Reading::remark(line));
            return true;
        }
        if split(line).is_some_and(|(_, text)| telnet_unix::marked(text, say)) {
            return true;
        }
        if libesmtp::proves(line, &self.next) || !read(line, b'C', b'S', say) {
            return false;
        }
        self.encoded = split(line).and_then(|(mark, text)| match mark {
            b'C' => holds_base64(text).then_some(Mark::First),
            _ => text.starts_with(b"334 ").then_some(Mark::Second),
        });
        true
    }
}

impl ReadCs {
    /// Whether a line tells what the program does, under the mark of what it says: `c: Trying to connect`,
    /// `c & s: <negotiate>`. What the server answers as a command it does not know was one.
    fn is_remark(&mut self, line: &[u8]) -> bool {
        let Some((mark, text)) = split(line) else {
            let both = line.trim_ascii_start();
            return matches!(both, [b'c' | b'C', b' ', b'&', b' ', b's' | b'S', b':', ..]);
        };
        if mark == b'S' {
            self.asked = text.starts_with(b"354") || text.starts_with(b"334");
            return false;
        }
        let refused = split(&self.next)
            .is_some_and(|(mark, text)| mark == b'S' && text.trim_ascii_start().starts_with(b"5"));
        // Some clients do not wait for the 354.
        let data = |verb: &[u8]| verb.eq_ignore_ascii_case(b"DATA") || verb == b"BDAT";
        self.asked |= mark == b'C' && text.trim_ascii().get(..4).is_some_and(data);
        mark == b'C' && !self.asked && !refused && tells(text.trim_ascii_end())
    }
}

/// Words before the colon of what a program tells.
const NOTES: &[&str] = &["Info", "Note", "Debug", "Warning", "Error"];

/// Whether a text is written as sentences are, and not as commands: `Connected!`, `Info: it offers TLS`. Words of
/// four letters in front of a space may be verbs (`Mail from:`).
fn tells(text: &[u8]) -> bool {
    let letters = text.iter().take_while(|octet| octet.is_ascii_alphabetic()).count();
    let capital = matches!(text.get(..letters), Some([b'A'..=b'Z', rest @ ..])
        if rest.len() >= 3 && rest.iter().all(u8::is_ascii_lowercase));
    let word = match text.get(letters) {
        Some(b' ') => letters > 4,
        // A header of the message has a colon there, too.
        Some(b':') => NOTES.iter().any(|note| text.get(..letters) == Some(note.as_bytes())),
        _ => false,
    };
    let noted = matches!(text, [b'<', .., b'>']);
    let exclaims = !matches!(letters, 0 | 4) && (text.ends_with(b"!") || text.ends_with(b"..."));
    noted || exclaims || capital && word
}

/// A command or line of an AUTH dialogue that may end in base64.
fn holds_base64(text: &[u8]) -> bool {
    has(text, "AUTH ") || is_base64(text)
}

/// The rest of a token that a page broke: an indented line of base64 without a mark.
fn further_base64(line: &[u8]) -> Option<&[u8]> {
    let rest = line.trim_ascii();
    (line.first().is_some_and(u8::is_ascii_whitespace) && is_base64(rest)).then_some(rest)
}

fn is_base64(text: &[u8]) -> bool {
    let body = text.trim_ascii_end();
    let padding = body.iter().rev().take_while(|octet| **octet == b'=').count();
    let letters = body.get(..body.len() - padding).unwrap_or_default();
    letters.len() >= 8
        && padding <= 2
        && letters.iter().all(|octet| octet.is_ascii_alphanumeric() || b"+/".contains(octet))
}

fn read_sr(line: &[u8], say: Say<'_>) -> bool {
    read(line, b'S', b'R', say)
}

fn read(line: &[u8], first: u8, second: u8, say: Say<'_>) -> bool {
    let Some((mark, text)) = split(line) else { return false };
    let mark = if mark == first {
        Mark::First
    } else if mark == second {
        Mark::Second
    } else {
        return false;
    };
    let text = text.strip_suffix(CRLF).unwrap_or(text);
    if is_stage_direction(text) {
        say(Reading::remark(line));
    } else if text.starts_with(b"Connection closed by foreign host") {
        say(Reading::tells(line, Fact::Closed(ClosedBy::Server)));
    } else {
        say(Reading::said(mark, text));
    }
    true
}

/// `C: <opens connection>`: what a side does, and not what it says.
fn is_stage_direction(text: &[u8]) -> bool {
    const DOES: [&[u8]; 7] =
        [b"opens ", b"waits ", b"connects ", b"closes ", b"starts ", b"drops ", b"disconnects"];
    let inner = text.trim_ascii().strip_prefix(b"<").and_then(|text| text.strip_suffix(b">"));
    inner.is_some_and(|inner| DOES.iter().any(|word| inner.starts_with(word)))
}
