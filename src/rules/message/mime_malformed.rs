//! Parts of a message that are not what their headers say (MIME).

use super::sent::{HeaderLine, Sent, header_line, messages};
use crate::{
    rules::{Case, Confidence, Findings, Severity, Wakes, rule},
    session::Session,
    transcript::{Fact, Turn},
};

rule! {
    /// A part of the message is not written as MIME has it: base64 or quoted-printable that does not decode, a
    /// multipart without its boundary or its end, parts within parts without end.
    ///
    /// Mail programs and scanners repair such a message each in its own way: what one shows another drops, and what a
    /// filter has seen is not what a person reads.
    ///
    /// ## What to do
    /// Let a library write the message. Where it was written by hand, end the multipart with `--boundary--`, and keep
    /// encoded lines within 76 octets.
    ///
    /// ## Flags
    /// ```smtp
    ///   S: 220 mx.example.net ESMTP
    ///   C: EHLO client.example
    ///   S: 250 mx.example.net
    ///   C: MAIL FROM:<a@client.example>
    ///   S: 250 2.1.0 Ok
    ///   C: RCPT TO:<b@example.net>
    ///   S: 250 2.1.5 Ok
    ///   C: DATA
    ///   S: 354 go ahead
    ///   C: From: a@client.example
    ///   C: Date: Mon, 23 Nov 2026 10:00:00 +0000
    ///   C: MIME-Version: 1.0
    ///   C: Content-Type: multipart/mixed; boundary="part"
    ///   C:
    ///   C: --part
    ///   C: Content-Transfer-Encoding: base64
    ///   C:
    /// ! C: aGVsbG8h!!
    ///   C: --part--
    ///   C: .
    ///   S: 250 2.0.0 Ok: queued as 4F1A2B
    ///   C: QUIT
    ///   S: 221 2.0.0 Bye
    /// ```
    /// ## Accepts
    /// ```smtp
    ///   S: 220 mx.example.net ESMTP
    ///   C: EHLO client.example
    ///   S: 250 mx.example.net
    ///   C: MAIL FROM:<a@client.example>
    ///   S: 250 2.1.0 Ok
    ///   C: RCPT TO:<b@example.net>
    ///   S: 250 2.1.5 Ok
    ///   C: DATA
    ///   S: 354 go ahead
    ///   C: From: a@client.example
    ///   C: Date: Mon, 23 Nov 2026 10:00:00 +0000
    ///   C: MIME-Version: 1.0
    ///   C: Content-Type: multipart/mixed; boundary="part"
    ///   C:
    ///   C: --part
    ///   C: Content-Transfer-Encoding: base64
    ///   C:
    ///   C: aGVsbG8h
    ///   C: --part
    ///   C: Content-Transfer-Encoding: quoted-printable
    ///   C:
    ///   C: caf=C3=A9 =
    ///   C: ends
    ///   C: --part--
    ///   C: .
    ///   S: 250 2.0.0 Ok: queued as 4F1A2B
    ///   C: QUIT
    ///   S: 221 2.0.0 Bye
    /// ```
    "mime-malformed", Message, Warning, Client,
    ["RFC 2045 §6.7", "RFC 2045 §6.8", "RFC 2046 §5.1.1"], ALL_EDITIONS,
    check, wakes: Wakes::MESSAGE
}

/// The longest line of base64 and quoted-printable (RFC 2045 §6.7 rule 5, §6.8).
const LONGEST_ENCODED: usize = 76;

/// The longest boundary (RFC 2046 §5.1.1).
const LONGEST_BOUNDARY: usize = 70;

/// How deep multiparts may lie in each other before scanners give up.
const DEEPEST: usize = 100;

fn check(case: &Case<'_, '_>, findings: &mut Findings<'_, '_>) {
    let cut = case.session.transcript.facts().any(|fact| {
        matches!(
            fact,
            Fact::Elision
                | Fact::LinesMissing(_)
                | Fact::BodyHidden(_)
                | Fact::MessageLeftOut { .. }
        )
    });
    for sent in messages(case.session) {
        if sent.is_placeholder() {
            continue;
        }
        let mut report = |turn: &Turn, message: String| {
            let severity = if sent.is_typed() { Severity::Note } else { Severity::Warning };
            findings
                .on_turn(turn, message)
                .help("let a library write the message's parts")
                .severity(severity)
                .confidence(Confidence::Likely)
                .done();
        };
        let mut parts = Parts::default();
        let mut last = None;
        for (turn, line) in sent.lines() {
            let line =
                line.strip_prefix(b".").filter(|rest| rest.starts_with(b".")).unwrap_or(line);
            if let Some(message) = parts.line(line) {
                report(turn, message);
            }
            last = Some(turn);
        }
        if is_ended(case.session, &sent)
            && !cut
            && let (Some(turn), Some(message)) = (last, parts.end())
        {
            report(turn, message);
        }
    }
}

/// Whether the dot was sent, so that nothing of the message is still to come.
fn is_ended(session: &Session<'_>, sent: &Sent<'_, '_>) -> bool {
    let turns = sent.message.turns.clone();
    session.turns(turns, crate::transcript::Label::EndOfData).next().is_some()
}

/// How the body of a part is encoded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
enum Encoding {
    #[default]
    Plain,
    Base64,
    QuotedPrintable,
}

/// A walk through the lines of a message.
#[derive(Debug)]
struct Parts {
    in_header: bool,
    /// The field that the header's last line belongs to, unfolded.
    field: Vec<u8>,
    encoding: Encoding,
    /// The boundary that the part's own header announces.
    announced: Option<Vec<u8>>,
    multipart: bool,
    /// The boundaries of the multiparts that are open, the outermost first.
    open: Vec<Vec<u8>>,
    /// Inside `begin 644 name` and `end`.
    uuencoded: bool,
}

impl Default for Parts {
    fn default() -> Self {
        Self {
            in_header: true,
            field: Vec::new(),
            encoding: Encoding::Plain,
            announced: None,
            multipart: false,
            open: Vec::new(),
            uuencoded: false,
        }
    }
}

impl Parts {
    /// Takes a line without its ending; says what is wrong with it.
    fn line(&mut self, line: &[u8]) -> Option<String> {
        if let Some((place, ends)) = self.delimits(line) {
            return self.delimiter(place, ends);
        }
        if self.in_header {
            return self.header(line);
        }
        if self.uuencoded {
            return self.uuencoded_line(line);
        }
        match self.encoding {
            Encoding::Base64 => base64_line(line),
            Encoding::QuotedPrintable => quoted_printable_line(line),
            Encoding::Plain => {
                self.uuencoded = is_uu_begin(line);
                None
            }
        }
    }

    /// What is missing where the message ends.
    fn end(&mut self) -> Option<String> {
        if self.uuencoded {
            return Some("the uuencoded file was never ended by a line with `end`".to_owned());
        }
        let boundary = self.open.pop()?;
        Some(format!(
            "the multipart was never ended by `--{}--`",
            String::from_utf8_lossy(&boundary).escape_debug()
        ))
    }

    /// Which of the open multiparts a line belongs to: `--boundary` begins its next part, and
    /// `--boundary--` (`true`) ends it.
    fn delimits(&self, line: &[u8]) -> Option<(usize, bool)> {
        let rest = line.strip_prefix(b"--")?.trim_ascii_end();
        self.open.iter().enumerate().rev().find_map(|(place, boundary)| {
            let behind = rest.strip_prefix(boundary.as_slice())?;
            matches!(behind, b"" | b"--").then_some((place, !behind.is_empty()))
        })
    }

    fn delimiter(&mut self, place: usize, ends: bool) -> Option<String> {
        let unended = place + 1 < self.open.len();
        self.open.truncate(if ends { place } else { place + 1 });
        self.uuencoded = false;
        self.encoding = Encoding::Plain;
        self.in_header = !ends;
        self.field.clear();
        unended.then(|| "a multipart inside this one was never ended".to_owned())
    }

    fn header(&mut self, line: &[u8]) -> Option<String> {
        match header_line(line) {
            HeaderLine::Folded if !line.trim_ascii().is_empty() => {
                self.field.extend_from_slice(line);
                None
            }
            HeaderLine::Field => {
                let wrong = self.take_field();
                self.field.extend_from_slice(line);
                wrong
            }
            _ if line.trim_ascii().is_empty() => {
                let wrong = self.take_field();
                self.in_header = false;
                wrong.or(self.body())
            }
            _ => None,
        }
    }

    /// Reads the field that has ended.
    fn take_field(&mut self) -> Option<String> {
        let field = std::mem::take(&mut self.field);
        let colon = memchr::memchr(b':', &field)?;
        let (name, value) = field.split_at_checked(colon)?;
        let value = value.get(1..).unwrap_or_default().trim_ascii();
        if name.eq_ignore_ascii_case(b"Content-Transfer-Encoding") {
            self.encoding = match value.to_ascii_lowercase().as_slice() {
                b"base64" => Encoding::Base64,
                b"quoted-printable" => Encoding::QuotedPrintable,
                _ => Encoding::Plain,
            };
        } else if name.eq_ignore_ascii_case(b"Content-Type") {
            self.multipart =
                value.get(..10).is_some_and(|kind| kind.eq_ignore_ascii_case(b"multipart/"));
            self.announced = self.multipart.then(|| boundary(value)).flatten();
        }
        None
    }

    /// The header of a part is over.
    fn body(&mut self) -> Option<String> {
        if !std::mem::take(&mut self.multipart) {
            return None;
        }
        // A multipart is never encoded itself (RFC 2045 §6.4).
        self.encoding = Encoding::Plain;
        let Some(boundary) = self.announced.take() else {
            return Some("the header says multipart and names no boundary".to_owned());
        };
        let octets = boundary.len();
        self.open.push(boundary);
        if octets > LONGEST_BOUNDARY {
            return Some(format!("the boundary has {octets} octets; 70 are allowed"));
        }
        (self.open.len() == DEEPEST).then(|| format!("multiparts lie {DEEPEST} deep in each other"))
    }

    fn uuencoded_line(&mut self, line: &[u8]) -> Option<String> {
        if line.trim_ascii_end() == b"end" {
            self.uuencoded = false;
            return None;
        }
        let first = line.first()?;
        // Each line tells how many octets it holds (POSIX uuencode); blanks at its end may be lost.
        let octets = usize::from(first.wrapping_sub(b' ') & 0x3F);
        let letters = octets.div_ceil(3) * 4 + 1;
        let is_uu = line.iter().all(|octet| matches!(octet, b' '..=b'`'));
        if is_uu && line.len() <= letters + 1 {
            return None;
        }
        self.uuencoded = false;
        Some("this line of a uuencoded file is none".to_owned())
    }
}

/// The value of the parameter `boundary`.
fn boundary(value: &[u8]) -> Option<Vec<u8>> {
    value.split(|octet| *octet == b';').skip(1).find_map(|parameter| {
        let equals = memchr::memchr(b'=', parameter)?;
        let (name, value) = parameter.split_at_checked(equals)?;
        let value = value.get(1..)?.trim_ascii();
        let bare = value.strip_prefix(b"\"").map_or(value, |rest| {
            rest.get(..memchr::memchr(b'"', rest).unwrap_or(rest.len())).unwrap_or(rest)
        });
        let named = name.trim_ascii().eq_ignore_ascii_case(b"boundary");
        (named && !bare.is_empty()).then(|| bare.to_vec())
    })
}

/// `begin 644 name`
fn is_uu_begin(line: &[u8]) -> bool {
    let Some(rest) = line.strip_prefix(b"begin ") else { return false };
    let mode = rest.iter().take_while(|octet| matches!(octet, b'0'..=b'7')).count();
    matches!(mode, 3 | 4) && rest.get(mode) == Some(&b' ') && rest.len() > mode + 1
}

/// What somebody put where lines were left out.
fn is_left_out(line: &[u8]) -> bool {
    matches!(line.first(), Some(b'[' | b'<' | b'(' | b'.' | b'*'))
        || memchr::memmem::find(line, b"...").is_some()
        || memchr::memmem::find(line, "…".as_bytes()).is_some()
}

fn base64_line(line: &[u8]) -> Option<String> {
    let text = line.trim_ascii();
    if is_left_out(text) {
        return None;
    }
    let foreign = text.iter().find(|octet| {
        !octet.is_ascii_alphanumeric() && !matches!(octet, b'+' | b'/' | b'=' | b' ' | b'\t')
    });
    if let Some(octet) = foreign {
        return Some(format!("{:?} is no letter of base64", char::from(*octet)));
    }
    let padded = memchr::memchr(b'=', text).map_or(0, |at| text.len() - at);
    if padded > 2 {
        return Some("base64 goes on behind its padding".to_owned());
    }
    too_long(text, "base64")
}

fn quoted_printable_line(line: &[u8]) -> Option<String> {
    let text = line.trim_ascii_end();
    for at in memchr::memchr_iter(b'=', text) {
        match text.get(at + 1..).unwrap_or_default() {
            [] => {}
            [high, low, ..] if high.is_ascii_hexdigit() && low.is_ascii_hexdigit() => {}
            _ => return Some("`=` without two hexadecimal digits in quoted-printable".to_owned()),
        }
    }
    too_long(line, "quoted-printable")
}

fn too_long(line: &[u8], encoding: &str) -> Option<String> {
    let octets = line.len();
    (octets > LONGEST_ENCODED)
        .then(|| format!("a line of {encoding} has {octets} octets; {LONGEST_ENCODED} are allowed"))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What is said of each line that something is wrong with, and of the end.
    fn wrong(message: &str) -> Vec<String> {
        let mut parts = Parts::default();
        let mut said: Vec<String> =
            message.lines().filter_map(|line| parts.line(line.as_bytes())).collect();
        said.extend(parts.end());
        said
    }

    #[test]
    fn what_is_well_formed_is_silent() {
        for message in [
            "Content-Type: multipart/mixed;\n boundary=a\n\npreamble\n--a\nContent-Type: multipart/alternative; \
             boundary=\"b\"\n\n--b\n\nx\n--b--\n--a--\nepilogue",
            "Content-Transfer-Encoding: base64\n\naGVsbG8=\n\n",
            "Content-Transfer-Encoding: quoted-printable\n\na=3D=\nb",
            "Subject: x\n\nbegin 644 f\n#0V%T\n`\nend\n",
            "Subject: x\n\nbegin 644 of them",
        ] {
            let said = wrong(message);
            let only_prose = message.ends_with("them");
            assert!(said.is_empty() || only_prose, "{message}: {said:?}");
        }
    }

    #[test]
    fn what_is_not_is_told() {
        let long = "A".repeat(80);
        for (message, want) in [
            ("Content-Type: multipart/mixed\n\nx", "no boundary"),
            ("Content-Type: multipart/mixed; boundary=a\n\n--a\n\nx", "never ended by `--a--`"),
            (
                "Content-Type: multipart/mixed; boundary=a\n\n--a\nContent-Type: multipart/mixed; \
                 boundary=b\n\n--b\n\nx\n--a--\n",
                "inside this one",
            ),
            ("Content-Transfer-Encoding: quoted-printable\n\nx=ZZ", "hexadecimal"),
            ("Content-Transfer-Encoding: base64\n\nAA==AA==", "padding"),
            (&format!("Content-Transfer-Encoding: base64\n\n{long}"), "80 octets"),
            (&format!("Content-Type: multipart/x; boundary={long}\n\n--{long}--"), "80 octets"),
            ("Subject: x\n\nbegin 644 f\nhello\nend\n", "none"),
        ] {
            let said = wrong(message);
            assert!(said.first().is_some_and(|said| said.contains(want)), "{message}: {said:?}");
        }
    }
}
