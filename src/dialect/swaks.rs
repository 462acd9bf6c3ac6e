//! swaks: three characters of hint before each line.
//!
//! ```text
//! === Trying mx.example.net:25...
//! === Connected to mx.example.net.
//! <-  220 mx.example.net ESMTP
//!  -> EHLO client.example
//! <** 550 5.7.1 no relaying
//! ```
//!
//! `-` is plain and `~` encrypted, `*` marks a reply that swaks did not hope for, or a line that it could
//! not send. Traps: copies lose the space before ` -> `; with `--no-info-hints` and its like the hints are
//! missing; `  > 0000:` and `<   0000:` are dumps of lines that follow or went before; ` -> 11 lines sent`
//! stands for a message that was left out. From swaks itself and recordings of 20201014.

use super::{
    Custom, Dialect, Reader, Reading, Record, Say, Times, Unmarked,
    failure::{blames_certificate, connect_failed, has},
    prompt, reply_rows,
};
use crate::transcript::{ClosedBy, Fact, Mark, Moment};

pub(super) static DIALECT: Dialect = Dialect {
    name: "swaks",
    about: "swaks, the Swiss army knife of SMTP",
    client: " -> ",
    server: "<-  ",
    key: "",
    times: Times::Sometimes,
    record: Record::DIALOGUE,
    unmarked: Unmarked::Neither,
    custom: Custom::FirstIsClient,
    hints: &["=== ", "*** ", "->", "~>", "<-", "<~", "**>", "*~>", "<**", "...", "Connected to "],
    evidence: |line| {
        let text = line.trim_ascii_start();
        if let Some(info) = text.strip_prefix(b"=== ") {
            return info.starts_with(b"Trying ")
                || info.starts_with(b"Connected to ")
                || info.starts_with(b"TLS started ")
                || info.starts_with(b"response in ");
        }
        match hinted(line) {
            Some((Mark::Second, text)) => reply_rows::code(text).is_some(),
            Some((_, text)) => reply_rows::begins_with_verb(text),
            None => bare_target(line).is_some(),
        }
    },
    reader: || Box::new(Swaks::default()),
};

/// The mark of a line that was sent or received, and its text.
fn hinted(line: &[u8]) -> Option<(Mark, &[u8])> {
    let text = line.trim_ascii_start();
    let indent = line.len() - text.len();
    if indent > 1 {
        return None;
    }
    let (hint, rest) = text.split_at_checked(2)?;
    match (hint, rest) {
        (b"->" | b"~>", rest) | (b"**" | b"*~", [b'>', rest @ ..]) => {
            Some((Mark::First, after_space(rest)?))
        }
        (b"<*" | b"<~", [b'*', rest @ ..]) => Some((Mark::Second, after_space(rest)?)),
        (b"<-" | b"<~", rest) => {
            let rest = after_space(rest)?;
            Some((Mark::Second, rest.strip_prefix(b" ").unwrap_or(rest)))
        }
        _ => None,
    }
}

/// What stands behind a hint: an empty line may have lost the space.
fn after_space(rest: &[u8]) -> Option<&[u8]> {
    match rest.split_first() {
        None => Some(rest),
        Some((b' ', text)) => Some(text),
        Some(_) => None,
    }
}

/// `  > 0032: 70 6C …` and `<   0000: 32 35 …`, from `--show-raw-text`.
fn is_dump(line: &[u8]) -> bool {
    let text = line.trim_ascii_start();
    let Some(rest) = text.strip_prefix(b">").or_else(|| text.strip_prefix(b"<")) else {
        return false;
    };
    let rest = rest.trim_ascii_start();
    rest.get(4) == Some(&b':') && rest.iter().take(4).all(u8::is_ascii_digit)
}

/// `Trying mx.example.net:25...`, as it stands without hints. telnet prints no port there.
fn bare_target(line: &[u8]) -> Option<&[u8]> {
    let target = line.strip_prefix(b"Trying ")?.strip_suffix(b"...")?;
    let colon = memchr::memrchr(b':', target)?;
    let (host, port) = target.split_at_checked(colon)?;
    let named = !host.contains(&b':') && prompt::port_number(port.get(1..)?).is_some();
    named.then_some(target)
}

#[derive(Debug, Default)]
struct Swaks {
    /// The record comes without `===`, so that remarks are known by their words only.
    bare: bool,
    /// 354 was the last reply.
    message_due: bool,
    /// How long the server has taken so far, in microseconds, where swaks measures it: the only clock.
    waited: Option<i64>,
}

impl Reader for Swaks {
    fn read(&mut self, line: &[u8], say: Say<'_>) -> bool {
        if is_dump(line) {
            say(Reading::remark(line));
            return true;
        }
        if let Some((mark, text)) = hinted(line) {
            if mark == Mark::Second && text.starts_with(b"Timeout (") {
                say(Reading::tells(line, Fact::TimedOut));
                return true;
            }
            self.said(mark, text, line, say);
            return true;
        }
        let text = line.trim_ascii();
        if let Some(info) = text.strip_prefix(b"=== ") {
            if info.starts_with(b"Trying ") {
                self.waited = None;
            }
            if let Some(micros) = response_time(info) {
                self.waited = Some(self.waited.unwrap_or(0).saturating_add(micros));
            }
            info_tells(info, line, say);
            return true;
        }
        if let Some(error) = text.strip_prefix(b"*** ") {
            say(Reading::tells(line, error_fact(error)));
            return true;
        }
        if bare_target(text).is_some() {
            self.bare = true;
        }
        let known =
            [&b"Trying "[..], b"Connected to ", b"TLS started with", b"Connection closed with"]
                .iter()
                .any(|words| text.starts_with(words));
        if self.bare && known {
            info_tells(text, line, say);
            return true;
        }
        false
    }
}

impl Swaks {
    fn said(&mut self, mark: Mark, text: &[u8], line: &[u8], say: Say<'_>) {
        if mark == Mark::Second {
            self.message_due = text.starts_with(b"354");
        } else if self.message_due {
            self.message_due = false;
            if text.ends_with(b" lines sent") && text.first().is_some_and(u8::is_ascii_digit) {
                say(Reading::tells(line, Fact::BodyHidden(None)));
                return;
            }
        }
        let at = self.waited.map(|micros| Moment { micros, dated: false, zoned: false });
        say(Reading::said(mark, text).at(at));
    }
}

/// The microseconds of `response in 0.041s` (`--show-time-lapse`), which stands before the reply.
fn response_time(info: &[u8]) -> Option<i64> {
    let seconds = info.strip_prefix(b"response in ")?.strip_suffix(b"s")?;
    let point = seconds.iter().position(|octet| *octet == b'.').unwrap_or(seconds.len());
    let (whole, fraction) = seconds.split_at_checked(point)?;
    let whole: i64 = std::str::from_utf8(whole).ok()?.parse().ok()?;
    let digits = fraction.iter().skip(1).chain(std::iter::repeat(&b'0')).take(6);
    let mut values = digits.map(|digit| char::from(*digit).to_digit(10));
    let micros = values.try_fold(0, |sum, digit| Some(sum * 10 + i64::from(digit?)))?;
    whole.checked_mul(1_000_000)?.checked_add(micros)
}

/// What a `===` line tells.
fn info_tells(info: &[u8], line: &[u8], say: Say<'_>) {
    if let Some(target) = info.strip_prefix(b"Trying ") {
        say(Reading::tells(line, Fact::Opening));
        let target = target.strip_suffix(b"...").unwrap_or(target);
        if let Some(fact) = prompt::dialled(target, None) {
            say(Reading::tells(b"", fact));
        }
        return;
    }
    let fact = if info.starts_with(b"Connected to ") {
        Some(Fact::Opened)
    } else if let Some(suite) = info.strip_prefix(b"TLS started with cipher ") {
        let mut parts = suite.split(|octet| *octet == b':').map(<[u8]>::to_vec);
        Some(Fact::TlsStarted { version: parts.next(), cipher: parts.next() })
    } else if info.starts_with(b"TLS peer certificate ") {
        // `failed CA verification (unable to get local issuer certificate), passed host verification`
        let failed = has(info, "failed CA verif")
            || has(info, "failed host verif") && !has(info, "no host string available");
        failed.then(|| Fact::CertificateProblem(info.to_vec()))
    } else if info.starts_with(b"TLS peer") {
        common_name(info).map(|name| Fact::CertificateName(name.to_vec()))
    } else if info.starts_with(b"Connection closed with ")
        || info.starts_with(b"Dropping connection")
    {
        Some(Fact::Closed(ClosedBy::Client))
    } else {
        None
    };
    say(Reading { fact, ..Reading::remark(line) });
}

/// What a `***` line tells.
fn error_fact(error: &[u8]) -> Fact {
    if has(error, "closed connection unexpectedly") {
        return Fact::Closed(ClosedBy::Server);
    }
    if error.starts_with(b"TLS startup failed") || error.starts_with(b"TLS connect failed") {
        return if blames_certificate(error) {
            Fact::CertificateProblem(error.to_vec())
        } else {
            Fact::TlsFailed(error.to_vec())
        };
    }
    let socket = has(error, "IO::Socket") && (has(error, "connect") || has(error, "Bad hostname"));
    // With a colon at its end, the reason stands on the next line.
    if socket || error.starts_with(b"Error connecting") && !error.ends_with(b":") {
        connect_failed(error)
    } else {
        Fact::ToolError(error.to_vec())
    }
}

/// The name in `TLS peer DN="/CN=mx.example.net"` or `TLS peer[0] subject=[/C=XX/CN=mx.example.net]`.
fn common_name(info: &[u8]) -> Option<&[u8]> {
    let subject = memchr::memmem::find(info, b"subject=").map_or(0, |at| at);
    let rest = info.get(subject..)?;
    let at = memchr::memmem::find(rest, b"CN=")?;
    let name = rest.get(at + 3..)?;
    let end = name.iter().position(|octet| matches!(octet, b'"' | b'/' | b']' | b','));
    name.get(..end.unwrap_or(name.len()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dialect::tests::{read, rows};

    #[test]
    fn hints_are_marks_and_the_rest_is_remarks() {
        let lines = [
            "=== Trying mx.example:25...",
            "=== Connected to mx.example.",
            "<-  220 mx.example",
            " -> STARTTLS",
            "<-  220 go",
            "=== TLS started with cipher TLSv1.3:TLS_AES_256_GCM_SHA384:256",
            "=== TLS peer DN=\"/CN=mx.example\"",
            "=== TLS peer certificate passed CA verification, passed host verification",
            "=== TLS peer certificate failed CA verification (self-signed certificate), passed host verification",
            "~> DATA",
            "<~* 354 go",
            " ~> 11 lines sent",
            "<~  250 ok",
            "**> QUIT",
            "<** Timeout (30 secs) waiting for server response",
            "  > 0000: 51 55 49 54                                QUIT",
            "*** Remote host closed connection unexpectedly.",
            "250 nobody",
        ];
        assert_eq!(
            rows(&read(&DIALECT, &lines)),
            [
                "T Opening",
                "T Dialled mx.example:25",
                "T Opened",
                "2 220 mx.example",
                "1 STARTTLS",
                "2 220 go",
                "T TlsStarted TLSv1.3 TLS_AES_256_GCM_SHA384",
                "T CertificateName mx.example",
                "T",
                "T CertificateProblem TLS peer certificate failed CA verification (self-signed certificate), passed host verification",
                "1 DATA",
                "2 354 go",
                "T BodyHidden(None)",
                "2 250 ok",
                "1 QUIT",
                "T TimedOut",
                "T",
                "T Closed(Server)",
                "-",
            ]
        );
    }

    #[test]
    fn empty_lines_of_the_message_are_said() {
        assert_eq!(
            rows(&read(&DIALECT, &[" -> ", " ->", " -> .", "->x"])),
            ["1 ", "1 ", "1 .", "-"]
        );
    }

    #[test]
    fn failures_are_told_apart() {
        let lines = [
            "*** Error connecting to mx.example:25:",
            "*** \tIO::Socket::INET: connect: Connection refused",
            "*** TLS startup failed (certificate verify failed)",
        ];
        assert_eq!(
            rows(&read(&DIALECT, &lines)),
            [
                "T ToolError",
                "T ConnectFailed(Refused)",
                "T CertificateProblem TLS startup failed (certificate verify failed)",
            ]
        );
    }

    #[test]
    fn measured_times_are_the_clock() {
        let lines = [
            "=== response in 2s",
            "<-  220 a",
            " -> EHLO me",
            "=== response in 0.041s",
            "<-  250 b",
        ];
        let said = read(&DIALECT, &lines);
        let micros: Vec<_> = said.iter().map(|said| said.at.map(|at| at.micros)).collect();
        assert_eq!(micros, [None, Some(2_000_000), Some(2_000_000), None, Some(2_041_000)]);
    }

    #[test]
    fn without_hints_the_port_gives_it_away() {
        assert!((DIALECT.evidence)(b"Trying 127.0.0.1:25..."));
        assert!(!(DIALECT.evidence)(b"Trying 127.0.0.1..."));
        assert!(!(DIALECT.evidence)(b"Trying ::1..."));
    }
}
