//! `msmtp -d`: its configuration, then both sides with long arrows.
//!
//! ```text
//! host = mx.example.net
//! <-- 220 mx.example.net ESMTP
//! --> EHLO client.example
//! ```
//!
//! Traps: between STARTTLS and what follows stand blocks about the TLS session, in the user's language; the
//! errors, which repeat the reply (`msmtp: server message: 550-…`), go to another stream and may come
//! first. MDaemon's arrows stand behind a time. From `src/smtp.c` and recordings of 1.8.

use super::{
    Custom, Dialect, Reader, Reading, Record, Say, Times, Unmarked,
    bounce::{self, Answered},
    failure::{blames_certificate, connect_failed, has},
    prompt, reply_rows,
};
use crate::transcript::{ClosedBy, Fact, Mark};

pub(super) static DIALECT: Dialect = Dialect {
    name: "msmtp",
    about: "msmtp -d",
    client: "--> ",
    server: "<-- ",
    key: "",
    times: Times::Never,
    record: Record::DIALOGUE,
    unmarked: Unmarked::Neither,
    custom: Custom::FirstIsClient,
    hints: &["<-- ", "--> ", "msmtp: "],
    evidence: |line| match marked(line) {
        Some((Mark::Second, text)) => reply_rows::code(text).is_some(),
        // It writes its verbs in capitals.
        Some((_, text)) => {
            reply_rows::begins_with_verb(text) && text.iter().take(4).all(u8::is_ascii_uppercase)
        }
        None => line.starts_with(b"msmtp: "),
    },
    reader: || Box::new(Msmtp::default()),
};

fn marked(line: &[u8]) -> Option<(Mark, &[u8])> {
    let (mark, rest) = match line.split_at_checked(3)? {
        (b"-->", rest) => (Mark::First, rest),
        (b"<--", rest) => (Mark::Second, rest),
        _ => return None,
    };
    Some((mark, rest.strip_prefix(b" ").or_else(|| rest.is_empty().then_some(rest))?))
}

#[derive(Debug, Default)]
struct Msmtp {
    /// The dialogue is shown: what is said of a refusal behind it was told.
    dialogue: bool,
    /// What an error says was refused, and the reply's lines, until it is known that no dialogue follows.
    refused: Option<Answered>,
    replies: Vec<Vec<u8>>,
    /// The next line begins what `-d` shows: its dialogue tells the refusal itself.
    shows: bool,
    host: Vec<u8>,
    /// In the blocks about the TLS session.
    tls: bool,
    /// The certificate's owner was named; the next name is its issuer's.
    named: bool,
}

impl Reader for Msmtp {
    fn ahead(&mut self, next: &[u8]) {
        const BEGINS: [&[u8]; 4] = [b"using account", b"falling back to", b"ignoring ", b"loaded "];
        self.shows = BEGINS.iter().any(|words| next.starts_with(words));
    }

    fn finish(&mut self, say: Say<'_>) {
        self.tell(b"", say);
    }

    fn read(&mut self, line: &[u8], say: Say<'_>) -> bool {
        if let Some((mark, text)) = marked(line) {
            self.tls = false;
            self.dialogue = true;
            say(Reading::said(mark, text));
            return true;
        }
        if let Some(words) = line.strip_prefix(b"msmtp: ") {
            if self.quotes(words, line, say) {
                return true;
            }
            let fact =
                if words.starts_with(b"cannot connect to ") || has(words, "cannot locate host") {
                    connect_failed(words)
                } else if words.starts_with(b"TLS ") && blames_certificate(words) {
                    Fact::CertificateProblem(words.to_vec())
                } else if words.starts_with(b"TLS handshake failed") {
                    Fact::TlsFailed(words.to_vec())
                } else if words.starts_with(b"the server sent an empty reply") {
                    Fact::Closed(ClosedBy::Server)
                } else if words.starts_with(b"network read error: the operation timed out") {
                    Fact::TimedOut
                } else {
                    Fact::ToolError(words.to_vec())
                };
            say(Reading::tells(line, fact));
            return true;
        }
        self.setting(line, say) || self.tls(line, say)
    }
}

/// How many lines of a reply are kept.
const MOST: usize = 64;

/// What an error says was refused, and so which command the `server message` behind it answered.
fn refused(words: &[u8]) -> Option<Answered> {
    let address =
        |before: &[u8]| words.strip_prefix(before)?.strip_suffix(b" not accepted by the server");
    let path = |command, address| Answered::Command(bounce::recipient(command, address));
    if let Some(address) = address(b"recipient address ") {
        Some(path("RCPT TO:", address))
    } else if let Some(address) = address(b"envelope from address ") {
        Some(path("MAIL FROM:", address))
    } else if words.starts_with(b"authentication failed (method ") {
        Some(Answered::Command(b"AUTH ...".to_vec()))
    } else if words.starts_with(b"cannot get initial OK message from server") {
        Some(Answered::Nothing)
    } else {
        (words == b"the server did not accept the mail").then_some(Answered::Message)
    }
}

impl Msmtp {
    /// Takes the words of an error about a refusal; `false` where they are others.
    fn quotes(&mut self, words: &[u8], line: &[u8], say: Say<'_>) -> bool {
        let over = words.starts_with(b"could not send mail");
        if self.dialogue {
            self.dialogue = !over;
            return false;
        }
        if let Some(answered) = refused(words) {
            self.tell(line.get(..0).unwrap_or_default(), say);
            self.refused = Some(answered);
        } else if let Some(reply) = words.strip_prefix(b"server message: ")
            && self.refused.is_some()
        {
            if self.replies.len() < MOST {
                self.replies.push(reply.to_vec());
            }
        } else if over && self.refused.is_some() {
            if self.shows {
                (self.refused, self.replies) = (None, Vec::new());
            }
            self.tell(line.get(..0).unwrap_or_default(), say);
        } else {
            return false;
        }
        say(Reading::remark(line));
        true
    }

    /// Tells the refusal that an error was about.
    fn tell(&mut self, nowhere: &[u8], say: Say<'_>) {
        let (answered, replies) = (self.refused.take(), std::mem::take(&mut self.replies));
        let Some(answered) = answered.filter(|_| !replies.is_empty()) else { return };
        say(Reading::tells(nowhere, Fact::Opening));
        bounce::command(&answered, nowhere, say);
        for reply in replies {
            say(Reading::unescaped(Mark::Second, reply, nowhere));
        }
    }

    /// `host = mx.example.net`: the configuration before the dialogue.
    fn setting(&mut self, line: &[u8], say: Say<'_>) -> bool {
        let Some(at) = memchr::memmem::find(line, b" = ").filter(|at| *at <= 24) else {
            return false;
        };
        let (name, value) = line.split_at(at);
        let value = value.get(3..).unwrap_or_default();
        let plain =
            name.iter().all(|octet| octet.is_ascii_lowercase() || matches!(octet, b'_' | b' '));
        if !plain {
            return false;
        }
        if name == b"host" {
            self.host = value.to_vec();
            (self.tls, self.named, self.dialogue) = (false, false, false);
            say(Reading::tells(line, Fact::Opening));
        } else if name == b"port" && !self.host.is_empty() {
            let host = std::mem::take(&mut self.host);
            say(Reading::remark(line));
            say(Reading::tells(b"", Fact::Dialled { host, port: prompt::port_number(value) }));
        } else {
            say(Reading::remark(line));
        }
        true
    }

    /// What is said about TLS: a list of algorithms, then the certificate, all of it indented.
    fn tls(&mut self, line: &[u8], say: Say<'_>) -> bool {
        let Some(text) = line.strip_prefix(b"    ") else { return false };
        if let Some(suite) = text.strip_prefix(b"(TLS").and_then(|rest| rest.strip_suffix(b")")) {
            self.tls = true;
            let mut parts = suite.split(|octet| matches!(octet, b'(' | b')'));
            let version = parts.next().map(|number| [b"TLSv", number].concat());
            let cipher = parts.next_back().map(<[u8]>::to_vec);
            say(Reading::tells(line, Fact::TlsStarted { version, cipher }));
            return true;
        }
        if !self.tls {
            return false;
        }
        let name = memchr::memmem::find(text, b"CN=").and_then(|at| text.get(at + 3..));
        let name = name.or_else(|| text.trim_ascii_start().strip_prefix(b"Common Name: "));
        let name = name.filter(|_| !self.named);
        let fact = name.map(|name| {
            let end = name.iter().position(|octet| *octet == b',').unwrap_or(name.len());
            Fact::CertificateName(name.get(..end).unwrap_or(name).to_vec())
        });
        self.named |= fact.is_some();
        say(Reading { fact, ..Reading::remark(line) });
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dialect::tests::{read, rows};

    #[test]
    fn an_error_alone_tells_the_refusal() {
        let error = [
            "msmtp: recipient address b@mx.example not accepted by the server",
            "msmtp: server message: 550-5.1.1 no",
            "msmtp: server message: 550 5.1.1 nobody",
            "msmtp: could not send mail",
        ];
        let told = [
            "T",
            "T",
            "T",
            "T Opening",
            "T Elision",
            "1 RCPT TO:<b@mx.example>",
            "2 550-5.1.1 no",
            "2 550 5.1.1 nobody",
            "T",
        ];
        assert_eq!(rows(&read(&DIALECT, &error)), told);
        // Behind the dialogue, and before it where the two go to different streams, it says nothing new.
        let dialogue = [&["<-- 220 go", "--> QUIT"][..], &error].concat();
        let said = rows(&read(&DIALECT, &dialogue));
        assert_eq!(
            said.get(..3),
            Some(&["2 220 go", "1 QUIT", "T ToolError"].map(String::from)[..])
        );
        assert_eq!(said.len(), 6);
    }

    #[test]
    fn the_configuration_names_the_host() {
        let lines = [
            "host = mx.example",
            "port = 587",
            "timeout = off",
            "<-- 220 go",
            "TLS session parameters:",
            "    (TLS1.3)-(ECDHE-X25519)-(ECDSA-SECP256R1-SHA256)-(AES-256-GCM)",
            "    Subject:",
            "        CN=mx.example,O=x",
            "    Issuer:",
            "        CN=ca.example",
            "--> EHLO me",
            "-->",
            "msmtp: server message: 550-5.1.1 no",
            "a = b < c",
        ];
        assert_eq!(
            rows(&read(&DIALECT, &lines)),
            [
                "T Opening",
                "T",
                "T Dialled mx.example:587",
                "T",
                "2 220 go",
                "-",
                "T TlsStarted TLSv1.3 AES-256-GCM",
                "T",
                "T CertificateName mx.example",
                "T",
                "T",
                "1 EHLO me",
                "1 ",
                "T ToolError",
                "T"
            ]
        );
    }
}
