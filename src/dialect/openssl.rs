//! `openssl s_client`: a TLS preamble, then unmarked lines, with session tickets thrown in between.
//!
//! ```text
//! CONNECTED(00000003)
//! depth=0 CN = mx.example.net
//! verify error:num=18:self-signed certificate
//! ---
//! 250 HELP
//! EHLO client.example
//! ```
//!
//! Traps: with `-starttls smtp` the tool's own EHLO and STARTTLS are not shown, only the *last line* of
//! the reply to that EHLO, which answers nothing that is in the record; ticket blocks with hex dumps
//! interrupt the dialogue; a typed line that begins with `R` or `Q` is a command to the tool and never
//! reaches the server. From recordings of OpenSSL 3.0.

use super::{Custom, Dialect, Reader, Reading, Record, Say, Times, Unmarked, prompt};
use crate::transcript::{ClosedBy, ConnectFailure, Fact};

pub(super) static DIALECT: Dialect = Dialect {
    name: "openssl-s-client",
    about: "openssl s_client, copied from the terminal",
    client: "",
    server: "",
    key: "",
    times: Times::Never,
    record: Record::DIALOGUE,
    unmarked: Unmarked::Both,
    custom: Custom::FirstIsClient,
    hints: &[
        "s_client",
        "CONNECTED(",
        "CONNECTION ESTABLISHED",
        "erify return",
        "read R BLOCK",
        "connect:errno",
        ":SSL routines:",
    ],
    evidence: |line| {
        is_connected(line)
            || line == b"CONNECTION ESTABLISHED"
            || line.starts_with(b"verify error:num=")
            || line.starts_with(b"verify return:")
            || line.trim_ascii_start().starts_with(b"Verify return code: ")
            || line == b"read R BLOCK"
            || line.starts_with(b"connect:errno=")
            || memchr::memmem::find(line, b":SSL routines:").is_some()
            || is_shell_line(line)
    },
    reader: || Box::new(SClient::default()),
};

/// `CONNECTED(00000003)`
fn is_connected(line: &[u8]) -> bool {
    line.strip_prefix(b"CONNECTED(")
        .and_then(|rest| rest.strip_suffix(b")"))
        .is_some_and(|digits| digits.len() == 8 && digits.iter().all(u8::is_ascii_hexdigit))
}

fn is_shell_line(line: &[u8]) -> bool {
    prompt::shell_line(line, &["openssl"])
        .is_some_and(|shell| shell.words.get(1).is_some_and(|word| *word == b"s_client"))
}

/// Where in the tool's output a line stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
enum Part {
    /// The dialogue itself.
    #[default]
    Dialogue,
    /// Behind the command line: the tool's report may follow, or whatever somebody wrote about it.
    Asked,
    /// Before the dialogue: certificates, keys, the session.
    Preamble,
    /// In a PEM block.
    Certificate,
    /// In a session ticket that arrived during the dialogue.
    Ticket,
    /// Just after a rule: the dialogue may begin, or another block.
    AfterRule,
}

#[derive(Debug, Default)]
struct SClient {
    part: Part,
    /// A connection is known of: an error belongs to it.
    connected: bool,
    version: Option<Vec<u8>>,
    cipher: Option<Vec<u8>>,
    /// A line of the dialogue was seen.
    spoken: bool,
    /// The thread, as errors name it, whose connection failed last.
    failed: Option<Vec<u8>>,
    /// The command line is there, and nothing has told yet that TLS is up.
    asked: bool,
    /// What went over the wire is being dumped (`-msg`, `-debug`).
    dumped: bool,
}

impl Reader for SClient {
    fn read(&mut self, line: &[u8], say: Say<'_>) -> bool {
        if self.part == Part::Certificate {
            if line.starts_with(b"-----END ") {
                self.part = Part::Preamble;
            }
            say(Reading::remark(line));
            return true;
        }
        if line.starts_with(b"-----BEGIN ") {
            self.part = Part::Certificate;
            say(Reading::remark(line));
            return true;
        }
        if is_connected(line) || line == b"CONNECTION ESTABLISHED" {
            self.part = Part::Preamble;
            self.connected = true;
            say(Reading::tells(line, Fact::Opened));
            return true;
        }
        if line == b"---" {
            self.part = match self.part {
                Part::Ticket => Part::Ticket,
                Part::Dialogue => Part::Dialogue,
                _ => Part::AfterRule,
            };
            say(Reading::remark(line));
            return true;
        }
        if line == b"read R BLOCK" || line == b"read R BLOCK\r" {
            self.part = Part::Dialogue;
            say(Reading::remark(line));
            return true;
        }
        if line.starts_with(b"Post-Handshake New Session Ticket arrived") {
            self.part = Part::Ticket;
            say(Reading::remark(line));
            return true;
        }
        self.dumped = announces_dump(line) || self.dumped && is_of_dump(line);
        if self.dumped {
            say(Reading::remark(line));
            return true;
        }
        if let Some(taken) = self.anywhere(line, say) {
            return taken;
        }
        match self.part {
            Part::AfterRule if begins_block(line) => {
                self.part = Part::Preamble;
                say(Reading::remark(line));
                true
            }
            Part::AfterRule => {
                self.part = Part::Dialogue;
                // The tail of the reply to the EHLO that the tool sent itself before TLS.
                let hidden = line.starts_with(b"250 ");
                if hidden {
                    say(Reading::remark(line));
                }
                hidden
            }
            Part::Asked => {
                if begins_with_code(line) {
                    self.part = Part::Dialogue;
                    self.silently_started(say);
                    return false;
                }
                let block = !line.is_empty() && begins_block(line);
                let report = block || is_dump(line) || is_session_line(line);
                if report {
                    self.part = Part::Preamble;
                    say(Reading::remark(line));
                }
                report
            }
            Part::Preamble | Part::Ticket => {
                let dialogue = begins_with_code(line);
                if dialogue {
                    self.part = Part::Dialogue;
                    self.silently_started(say);
                } else {
                    say(Reading::remark(line));
                }
                !dialogue
            }
            Part::Dialogue if is_dump(line) || is_session_line(line) => {
                if !self.spoken {
                    self.part = Part::Preamble;
                }
                say(Reading::remark(line));
                true
            }
            Part::Dialogue | Part::Certificate => {
                self.spoken |= !line.is_empty();
                false
            }
        }
    }
}

impl SClient {
    /// Remarks that mean the same wherever they stand; `None` where the line is none of them.
    fn anywhere(&mut self, line: &[u8], say: Say<'_>) -> Option<bool> {
        let text = line.trim_ascii();
        let has = |words: &str| memchr::memmem::find(text, words.as_bytes()).is_some();
        let fact = if text.starts_with(b"verify error:num=") {
            Some(Fact::CertificateProblem(problem(text)?.to_vec()))
        } else if let Some(code) = text.strip_prefix(b"Verify return code: ") {
            if !self.spoken {
                self.part = Part::Preamble;
            }
            self.started(say);
            let trouble = code.first() != Some(&b'0');
            trouble.then(|| Fact::CertificateProblem(in_parentheses(code).to_vec()))
        } else if text.starts_with(b"connect:errno=") || text.starts_with(b"connect: ") {
            Some(Fact::ConnectFailed(if has("111") || has("refused") || has("61") {
                ConnectFailure::Refused
            } else if has("110") || has("timed out") || has("60") {
                ConnectFailure::TimedOut
            } else {
                ConnectFailure::Other
            }))
        } else if has(":error:") && has("routines") || has(":error:") && has("system library") {
            if has("BIO_lookup") {
                Some(Fact::ConnectFailed(ConnectFailure::NotFound))
            } else if has("Connection refused") {
                Some(Fact::ConnectFailed(ConnectFailure::Refused))
            } else if has("wrong version number") || has("handshake failure") || has("alert") {
                Some(Fact::TlsFailed(text.to_vec()))
            } else if has("unexpected eof") {
                Some(Fact::Closed(ClosedBy::Server))
            } else {
                Some(Fact::ToolError(text.to_vec()))
            }
        } else if matches!(text, b"closed" | b"read:errno=0" | b"read:errno=104") {
            Some(Fact::Closed(ClosedBy::Server))
        } else if text == b"DONE" {
            Some(Fact::Closed(ClosedBy::Client))
        } else if let Some(names) = text.strip_prefix(b"subject=") {
            let name = memchr::memmem::rfind(names, b"CN")
                .and_then(|at| names.get(at + 2..))
                .map(<[u8]>::trim_ascii_start)
                .and_then(|rest| rest.strip_prefix(b"="))
                .map(<[u8]>::trim_ascii);
            name.map(|name| Fact::CertificateName(name.to_vec()))
        } else if text.starts_with(b"New, TLS") || text.starts_with(b"New, SSL") {
            let mut words = text.split(|&octet| octet == b' ').skip(1);
            self.version = words
                .next()
                .map(<[u8]>::trim_ascii_end)
                .map(|word| word.strip_suffix(b",").unwrap_or(word).to_vec());
            self.cipher = words.nth(2).map(<[u8]>::to_vec);
            None
        } else if let Some(version) = text.strip_prefix(b"Protocol version: ") {
            self.version = Some(version.to_vec());
            None
        } else if let Some(cipher) = text.strip_prefix(b"Ciphersuite: ") {
            self.cipher = Some(cipher.to_vec());
            self.part = Part::Dialogue;
            self.started(say);
            None
        } else if matches!(text, b"RENEGOTIATING" | b"KEYUPDATE" | b"HEARTBEATING") {
            Some(Fact::ToolError(text.to_vec()))
        } else if let Some(shell) = prompt::shell_line(text, &["openssl"])
            && is_shell_line(text)
        {
            self.connected = true;
            (self.asked, self.spoken) = (true, false);
            say(Reading::tells(text, Fact::Opening));
            let target = shell.words.windows(2).find_map(|pair| match pair {
                [b"-connect" | b"-host", target] => prompt::dialled(target, None),
                _ => None,
            });
            if let Some(fact) = target {
                say(Reading::tells(b"", fact));
            }
            self.part = Part::Asked;
            return Some(true);
        } else if text.starts_with(b"depth=")
            || text.starts_with(b"verify return:")
            || text.starts_with(b"Can't use SSL_get_servername")
            || text.starts_with(b"Connecting to ")
            || text.starts_with(b"Peer certificate: ")
            || text.starts_with(b"Hash used: ")
            || text.starts_with(b"Signature type: ")
            || text.starts_with(b"Verification")
            || text.starts_with(b"Server Temp Key: ")
            || text.starts_with(b"Peer Temp Key: ")
            || text.starts_with(b"Didn't find STARTTLS in server response")
        {
            None
        } else {
            return None;
        };
        match fact {
            // Each run has a thread of its own; its errors follow one another.
            Some(fact @ Fact::ConnectFailed(_)) => {
                let thread = memchr::memmem::find(text, b":error:").and_then(|at| text.get(..at));
                if thread.is_some() && self.failed.as_deref() != thread {
                    self.failed = thread.map(<[u8]>::to_vec);
                    say(Reading::tells(line, Fact::Opening));
                    say(Reading::tells(b"", fact));
                } else {
                    say(Reading::tells(line, fact));
                }
            }
            // The error alone was kept, or its stream came first.
            Some(fact @ Fact::TlsFailed(_)) if !self.connected => {
                self.connected = true;
                say(Reading::tells(line, Fact::Opening));
                say(Reading::tells(b"", fact));
            }
            Some(fact) => say(Reading::tells(line, fact)),
            None => say(Reading::remark(line)),
        }
        Some(true)
    }

    /// Says once that TLS is up, where the preamble named version or cipher.
    fn started(&mut self, say: Say<'_>) {
        let (version, cipher) = (self.version.take(), self.cipher.take());
        let real = version.as_deref().is_some_and(|version| version.starts_with(b"TLS"));
        if real {
            self.asked = false;
            say(Reading::tells(b"", Fact::TlsStarted { version, cipher }));
        }
    }

    /// Says that TLS is up where the preamble was left out: without TLS, the tool passes nothing on.
    fn silently_started(&mut self, say: Say<'_>) {
        if std::mem::take(&mut self.asked) {
            say(Reading::tells(b"", Fact::TlsStarted { version: None, cipher: None }));
        }
    }
}

/// The words of `verify error:num=18:self-signed certificate`.
fn problem(text: &[u8]) -> Option<&[u8]> {
    text.splitn(3, |&octet| octet == b':').nth(2)
}

/// The words of `18 (self-signed certificate)`.
fn in_parentheses(text: &[u8]) -> &[u8] {
    let start = memchr::memchr(b'(', text).map_or(0, |at| at + 1);
    let end = memchr::memrchr(b')', text).unwrap_or(text.len());
    text.get(start..end).unwrap_or(text)
}

fn begins_with_code(line: &[u8]) -> bool {
    let code = line.iter().take(3).all(u8::is_ascii_digit) && line.len() >= 3;
    code && matches!(line.get(3), None | Some(b' ' | b'-'))
}

/// The first words of the blocks between two rules.
fn begins_block(line: &[u8]) -> bool {
    const FIRST: &[&str] = &[
        "Certificate chain",
        "Server certificate",
        "No client certificate",
        "SSL handshake",
        "New, ",
        "Post-Handshake",
        "no peer certificate",
        "Acceptable client",
        "Reused, ",
        "Early data",
        "SSL-Session:",
        "Client Certificate Types",
        "Requested Signature",
        "Shared Requested",
        "No ALPN",
    ];
    line.is_empty() || FIRST.iter().any(|words| line.starts_with(words.as_bytes()))
}

/// `<<< TLS 1.3, RecordHeader [length 0005]`, `read from 0x55f7 [0x55f8] (5 bytes => 5 (0x5))`: what went over the wire
/// follows.
fn announces_dump(line: &[u8]) -> bool {
    let message = line.starts_with(b"<<< ") || line.starts_with(b">>> ");
    let call = line.starts_with(b"read from 0x") || line.starts_with(b"write to 0x");
    let has = |words: &str| memchr::memmem::find(line, words.as_bytes()).is_some();
    message && has("[length ") || call && has(" bytes => ")
}

/// `    17 03 03 00 24`, `0000 - 17 03 03 00 fa                                    .....`
fn is_of_dump(line: &[u8]) -> bool {
    let row = line.get(4..7) == Some(b" - ") && line.iter().take(4).all(u8::is_ascii_hexdigit);
    row || line.strip_prefix(b"    ").is_some_and(|rest| super::octets::pairs(rest).is_some())
}

/// `    0040 - 0d a7 1d 4b …`
fn is_dump(line: &[u8]) -> bool {
    let Some(rest) = line.strip_prefix(b"    ") else { return false };
    rest.get(4..7) == Some(b" - ") && rest.iter().take(4).all(u8::is_ascii_hexdigit)
}

/// `    Protocol  : TLSv1.3`, `    Start Time: 1795429993`
fn is_session_line(line: &[u8]) -> bool {
    const NAMES: &[&str] = &[
        "Protocol",
        "Cipher",
        "Session-ID",
        "Master-Key",
        "Resumption PSK",
        "PSK identity",
        "SRP username",
        "TLS session ticket",
        "Start Time",
        "Timeout",
        "Extended master secret",
        "Max Early Data",
        "Key-Arg",
        "Krb5 Principal",
    ];
    line.strip_prefix(b"    ").is_some_and(|rest| {
        NAMES.iter().any(|name| rest.starts_with(name.as_bytes())) && rest.contains(&b':')
    }) || line == b"SSL-Session:"
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dialect::tests::{read, rows};

    #[test]
    fn without_its_preamble_tls_is_up_all_the_same() {
        let lines = [
            "$ openssl s_client -connect mx.example:465",
            "(certificates left out)",
            "235 2.0.0 Authentication succeeded",
            "MAIL FROM:<a@client.example>",
        ];
        assert_eq!(
            rows(&read(&DIALECT, &lines)),
            ["T Opening", "T Dialled mx.example:465", "-", "T TlsStarted ? ?", "-", "-"]
        );
    }
}
