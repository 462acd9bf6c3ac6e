//! `JavaMail`, Jakarta Mail and Angus Mail with `mail.debug`: unmarked lines between `DEBUG` lines.
//!
//! ```text
//! DEBUG SMTP: trying to connect to host "mx.example.net", port 25, isSSL false
//! 220 mx.example.net ESMTP
//! DEBUG SMTP: connected to host "mx.example.net", port: 25
//! EHLO client.example
//! ```
//!
//! Traps: the AUTH dialogue is left out unless `mail.debug.auth` is set; an exception quotes the reply, whose
//! further lines then stand bare at the start of a line (`550 5.1.1 User unknown`) and are no reply; servers
//! prefix every line with their logger's words and mix the lines of several connections. From Angus Mail's
//! `SMTPTransport.java` and recordings of Jakarta Mail 1.6 and 2.0.

use super::{
    Custom, Dialect, Reader, Reading, Record, Say, Times, Unmarked,
    failure::{blames_certificate, connect_failed, has},
    prompt,
    reply_rows::{Unfinished, code},
};
use crate::transcript::{ClosedBy, Fact};

pub(super) static DIALECT: Dialect = Dialect {
    name: "javamail",
    about: "JavaMail, Jakarta Mail and Angus Mail with mail.debug",
    client: "",
    server: "",
    key: "",
    times: Times::Never,
    record: Record::DIALOGUE,
    unmarked: Unmarked::Both,
    custom: Custom::FirstIsClient,
    hints: &["DEBUG"],
    evidence: |line| {
        let rest = line.strip_prefix(b"DEBUG").unwrap_or_default();
        rest.starts_with(b" SMTP: ")
            || rest.starts_with(b" SMTPS: ")
            || rest.starts_with(b" SMTP TRANSPORT: ")
            || rest.starts_with(b": JavaMail version ")
            || rest.starts_with(b": Jakarta Mail version ")
            || rest.starts_with(b": setDebug: ")
    },
    reader: || Box::new(JavaMail::default()),
};

/// How far the connection came.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
enum Connection {
    #[default]
    Trying,
    Opened,
    Failed,
}

#[derive(Debug, Default)]
struct JavaMail {
    /// In the printout of an exception.
    exception: bool,
    /// The reply that the exception quotes.
    quoted: Unfinished,
    /// No line of that reply has gone on in the next one.
    whole: bool,
    connection: Connection,
    /// The record tells of more than a login that failed.
    begun: bool,
    /// The connection is to be encrypted from the start.
    implicit_tls: bool,
    user: Vec<u8>,
}

impl Reader for JavaMail {
    fn read(&mut self, line: &[u8], say: Say<'_>) -> bool {
        if let Some(words) = debug_words(line) {
            self.exception = false;
            self.debug(words, line, say);
            return true;
        }
        // Where only the end of the record was copied, the exception is all that tells the reply.
        if self.begun && is_exception(line) {
            self.exception = true;
            self.thrown(line, say);
            return true;
        }
        if !self.exception {
            return false;
        }
        let further = line.is_empty()
            || line.starts_with(b"\tat ")
            || line.starts_with(b"    at ")
            || line.starts_with(b"\t... ")
            || line.starts_with(b";")
            || line.trim_ascii().starts_with(b"nested exception is:")
            || self.quoted.takes(line)
            || self.is_tail(line);
        if further {
            say(Reading::remark(line));
        } else {
            self.exception = false;
        }
        further
    }
}

/// What stands behind `DEBUG SMTP: ` and its like.
fn debug_words(line: &[u8]) -> Option<&[u8]> {
    let rest = line.strip_prefix(b"DEBUG")?;
    let colon = rest.iter().take(24).position(|octet| *octet == b':')?;
    let (protocol, words) = rest.split_at_checked(colon)?;
    let plain = protocol
        .iter()
        .all(|octet| matches!(octet, b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b' '));
    words.get(1..).map(<[u8]>::trim_ascii).filter(|_| plain)
}

/// `javax.mail.SendFailedException: Invalid Addresses;`, with or without what prints it before it.
fn is_exception(line: &[u8]) -> bool {
    let text = line.trim_ascii_start();
    let text = text.strip_prefix(b"Caused by: ").unwrap_or(text);
    let text = text
        .strip_prefix(b"Exception in thread ")
        .and_then(|rest| rest.get(memchr::memmem::find(rest, b"\" ")? + 2..))
        .unwrap_or(text);
    text.split(|octet| *octet == b' ').take(3).any(|word| {
        let name = word.split(|octet| matches!(octet, b':' | b';')).next().unwrap_or(word);
        (name.ends_with(b"Exception") || name.ends_with(b"Error"))
            && name.contains(&b'.')
            && name
                .iter()
                .all(|octet| octet.is_ascii_alphanumeric() || matches!(octet, b'.' | b'$' | b'_'))
    })
}

impl JavaMail {
    /// Whether a line is the rest of one of the printout that somebody broke: of the reply's first line, whose
    /// further line is still to come, or of a place in the source.
    fn is_tail(&mut self, line: &[u8]) -> bool {
        let place = line.ends_with(b")") && !line.contains(&b' ');
        let whole = std::mem::take(&mut self.whole);
        place || whole && self.quoted != Unfinished::NONE && code(line).is_none()
    }

    fn debug(&mut self, words: &[u8], line: &[u8], say: Say<'_>) {
        if let Some(rest) = words.strip_prefix(b"trying to connect to host \"") {
            let implicit_tls = has(rest, "isSSL true");
            *self = Self { implicit_tls, begun: true, ..Self::default() };
            say(Reading::tells(line, Fact::Opening));
            if let Some(fact) = host_and_port(rest) {
                say(Reading::tells(b"", fact));
            }
            return;
        }
        self.begun |= !words.starts_with(b"AUTH ");
        let fact = if words.starts_with(b"connected to host ") {
            self.connection = Connection::Opened;
            self.implicit_tls.then_some(Fact::TlsStarted { version: None, cipher: None })
        } else if words.starts_with(b"AUTH ") {
            if words.ends_with(b" trace suppressed") {
                Some(Fact::AuthHidden)
            } else if words.ends_with(b" succeeded") && !self.user.is_empty() {
                Some(Fact::AuthenticatedAs(self.user.clone()))
            } else {
                words.ends_with(b" failed").then(|| Fact::ToolError(words.to_vec()))
            }
        } else if let Some(rest) = words.strip_prefix(b"protocolConnect login, ") {
            let user = memchr::memmem::find(rest, b"user=").and_then(|at| rest.get(at + 5..));
            let user = user.and_then(|user| user.split(|octet| *octet == b',').next());
            self.user = user.filter(|user| *user != b"<null>").unwrap_or_default().to_vec();
            None
        } else if has(words, "[EOF]") || words.starts_with(b"EOF") {
            Some(Fact::Closed(ClosedBy::Server))
        } else if words.starts_with(b"exception ") || words.starts_with(b"could not connect") {
            Some(Fact::ToolError(words.to_vec()))
        } else {
            None
        };
        say(Reading { fact, ..Reading::remark(line) });
    }

    /// The first line of an exception.
    fn thrown(&mut self, line: &[u8], say: Say<'_>) {
        self.whole = true;
        self.quoted.quoted(line);
        let nested = has(line, "java.net.") || has(line, "javax.net.");
        let fact = if blames_certificate(line) {
            Some(Fact::CertificateProblem(line.trim_ascii().to_vec()))
        } else if has(line, "SSLHandshakeException") || has(line, "SSLException") {
            Some(Fact::TlsFailed(line.trim_ascii().to_vec()))
        } else if nested && self.connection == Connection::Trying {
            self.connection = Connection::Failed;
            Some(connect_failed(line))
        } else if nested && has(line, "SocketTimeoutException") {
            Some(Fact::TimedOut)
        } else {
            Some(Fact::ToolError(line.trim_ascii().to_vec()))
        };
        say(Reading { fact, ..Reading::remark(line) });
    }
}

/// `mx.example.net", port 25, isSSL false`
fn host_and_port(rest: &[u8]) -> Option<Fact> {
    let (host, rest) = rest.split_at_checked(memchr::memchr(b'"', rest)?)?;
    let port = rest.strip_prefix(b"\", port ")?.split(|octet| *octet == b',').next()?;
    Some(Fact::Dialled { host: host.to_vec(), port: prompt::port_number(port) })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dialect::tests::{read, rows};

    #[test]
    fn only_debug_lines_are_remarks() {
        let lines = [
            "DEBUG SMTP: trying to connect to host \"mx.example\", port 465, isSSL true",
            "220 mx.example",
            "DEBUG SMTP: connected to host \"mx.example\", port: 465",
            "DEBUG SMTP: protocolConnect login, host=mx.example, user=me, password=<non-null>",
            "DEBUG SMTP: AUTH LOGIN command trace suppressed",
            "DEBUG SMTP: AUTH LOGIN succeeded",
            "Subject: Exception: none",
            "QUIT",
        ];
        assert_eq!(
            rows(&read(&DIALECT, &lines)),
            [
                "T Opening",
                "T Dialled mx.example:465",
                "-",
                "T TlsStarted ? ?",
                "T",
                "T AuthHidden",
                "T AuthenticatedAs me",
                "-",
                "-",
            ]
        );
    }

    #[test]
    fn replies_in_exceptions_are_no_replies() {
        let lines = [
            "DEBUG SMTP: MessagingException while sending, THROW: ",
            "javax.mail.SendFailedException: Invalid Addresses;",
            "  nested exception is:",
            "\tcom.sun.mail.smtp.SMTPAddressFailedException: 550-5.1.1 <b@x.example>:",
            "550 5.1.1 User unknown",
            "",
            "\tat com.sun.mail.smtp.SMTPTransport.rcptTo(SMTPTransport.java:2064)",
            "Caused by: com.sun.mail.smtp.SMTPAddressFailedException: 550-5.1.1 <b@x.example>:",
            "550 5.1.1 User unknown",
            "QUIT",
            "221 bye",
        ];
        assert_eq!(
            rows(&read(&DIALECT, &lines)),
            ["T", "T ToolError", "T", "T ToolError", "T", "T", "T", "T ToolError", "T", "-", "-"]
        );
    }

    #[test]
    fn the_nested_exception_says_why() {
        let lines = [
            "DEBUG SMTP: trying to connect to host \"mx.example\", port 25, isSSL false",
            "javax.mail.MessagingException: Unknown SMTP host: mx.example;",
            "  nested exception is:",
            "\tjava.net.UnknownHostException: mx.example",
        ];
        assert_eq!(
            rows(&read(&DIALECT, &lines)),
            [
                "T Opening",
                "T Dialled mx.example:25",
                "T ToolError",
                "T",
                "T ConnectFailed(NotFound)"
            ]
        );
    }
}
