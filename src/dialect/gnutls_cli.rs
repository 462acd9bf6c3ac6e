//! `gnutls-cli`: a report on certificate and handshake, then unmarked lines.
//!
//! ```text
//! Connecting to '192.0.2.1:465'...
//! - Handshake was completed
//!
//! - Simple Client Mode:
//!
//! 220 mx.example.net ESMTP
//! ```
//!
//! Traps: with `--starttls-proto=smtp` the tool greets and asks for TLS by itself and shows none of it
//! (unless verbose); lines that begin with `- ` or `*** ` are the tool's, but may be a message's. From recordings
//! of gnutls-cli 3.7.

use super::{
    Custom, Dialect, Reader, Reading, Record, Say, Times, Unmarked,
    failure::{connect_failed, has},
    flow::End,
    prompt,
};
use crate::transcript::{ClosedBy, Fact, Mark};

pub(super) static DIALECT: Dialect = Dialect {
    name: "gnutls-cli",
    about: "gnutls-cli, copied from the terminal",
    client: "",
    server: "",
    key: "",
    times: Times::Never,
    record: Record::DIALOGUE,
    unmarked: Unmarked::Both,
    custom: Custom::FirstIsClient,
    hints: &[
        "- Simple Client Mode:",
        "gnutls-cli",
        "- Handshake was completed",
        "CA certificate(s).",
    ],
    evidence: |line| {
        matches!(line.trim_ascii(), b"- Simple Client Mode:" | b"- Handshake was completed")
            || (line.starts_with(b"Processed ") && line.ends_with(b" CA certificate(s)."))
            || prompt::shell_line(line, TOOLS).is_some_and(|shell| shell.words.len() > 1)
    },
    reader: || Box::new(GnutlsCli::default()),
};

const TOOLS: &[&str] = &["gnutls-cli", "gnutls-cli-debug"];
const VALUED: &[&str] = &[
    "-p",
    "--port",
    "-s",
    "--x509cafile",
    "--x509certfile",
    "--x509keyfile",
    "--priority",
    "--sni-hostname",
    "--verify-hostname",
    "--alpn",
    "-d",
    "--debug",
    "--starttls-proto",
];

#[derive(Debug, Default)]
struct GnutlsCli {
    /// The tool's report is being printed.
    report: bool,
    /// The dialogue lies before or between reports.
    begun: bool,
    version: Option<Vec<u8>>,
    cipher: Option<Vec<u8>>,
}

impl Reader for GnutlsCli {
    fn read(&mut self, line: &[u8], say: Say<'_>) -> bool {
        let text = line.trim_ascii();
        let empty = line.get(..0).unwrap_or_default();
        if let Some(shell) = prompt::shell_line(text, TOOLS) {
            self.report = true;
            say(Reading::tells(line, Fact::Opening));
            let named = shell.words.windows(2).find_map(|pair| match pair {
                [b"-p" | b"--port", port] => Some(*port),
                _ => None,
            });
            if let Some(Fact::Dialled { host, port }) = prompt::host_and_port(&shell.words, VALUED)
            {
                let port = named.and_then(prompt::port_number).or(port);
                say(Reading::tells(empty, Fact::Dialled { host, port }));
            }
            return true;
        }
        if let Some(sent) = text.strip_prefix(b"starttls: sending: ") {
            say(Reading::said(Mark::First, sent));
            return true;
        }
        if let Some(received) = text.strip_prefix(b"starttls: received: ") {
            say(Reading::said(Mark::Second, received));
            return true;
        }
        if let Some(taken) = self.told(text, line, say) {
            return taken;
        }
        if self.report {
            say(Reading::remark(line));
        }
        self.report
    }
}

impl GnutlsCli {
    /// Lines that mean the same wherever they stand.
    fn told(&mut self, text: &[u8], line: &[u8], say: Say<'_>) -> Option<bool> {
        let empty = line.get(..0).unwrap_or_default();
        let quoted = |prefix: &[u8]| {
            let rest = text.strip_prefix(prefix)?;
            End::with_colon(rest.get(..memchr::memchr(b'\'', rest)?)?)
        };
        let fact = if let Some(end) = quoted(b"Resolving '") {
            self.report = true;
            say(Reading::tells(line, Fact::Opening));
            Some(Fact::Dialled { host: end.address.to_vec(), port: end.port })
        } else if let Some(end) = quoted(b"Connecting to '") {
            self.report = true;
            Some(Fact::ServerAddress { address: end.address.to_vec(), port: end.port })
        } else if text.starts_with(b"Processed ") && text.ends_with(b"CA certificate(s).") {
            self.report = true;
            None
        } else if text == b"- Simple Client Mode:" {
            self.report = false;
            self.begun = true;
            None
        } else if text == b"- Handshake was completed" {
            let (version, cipher) = (self.version.take(), self.cipher.take());
            Some(Fact::TlsStarted { version, cipher })
        } else if let Some(description) = text.strip_prefix(b"- Description: ") {
            self.describe(description);
            None
        } else if let Some(status) = text.strip_prefix(b"- Status: ") {
            has(status, "NOT trusted").then(|| Fact::CertificateProblem(status.to_vec()))
        } else if let Some(subject) = text.strip_prefix(b"- subject `") {
            let name = memchr::memmem::find(subject, b"CN=").and_then(|at| subject.get(at + 3..));
            let end = |name: &[u8]| name.iter().position(|octet| matches!(octet, b'\'' | b','));
            name.and_then(|name| name.get(..end(name)?))
                .map(|name| Fact::CertificateName(name.to_vec()))
        } else if text == b"*** Starting TLS handshake" {
            self.report = true;
            None
        } else if text.starts_with(b"*** Fatal error: ")
            || text.starts_with(b"*** Handshake has failed")
        {
            Some(if self.begun && !has(text, "andshake") {
                Fact::Closed(ClosedBy::Server)
            } else {
                Fact::TlsFailed(text.to_vec())
            })
        } else if text.starts_with(b"*** Server has terminated the connection")
            || text.starts_with(b"- Peer has closed the GnuTLS connection")
        {
            Some(Fact::Closed(ClosedBy::Server))
        } else if text.starts_with(b"Could not connect to ")
            || text.starts_with(b"Cannot connect to ")
            || text.starts_with(b"connecting to ")
            || text.starts_with(b"Cannot resolve ")
        {
            Some(connect_failed(text))
        } else if text.starts_with(b"*** PKI verification")
            || text.starts_with(b"*** Verifying server certificate")
            || (!self.begun && text.starts_with(b"- "))
        {
            None
        } else {
            return None;
        };
        if matches!(fact, Some(Fact::Dialled { .. })) {
            say(Reading { fact, ..Reading::remark(empty) });
        } else {
            say(Reading { fact, ..Reading::remark(line) });
        }
        Some(true)
    }

    /// `(TLS1.3-X.509)-(ECDHE-SECP256R1)-(RSA-PSS-RSAE-SHA256)-(AES-256-GCM)`
    fn describe(&mut self, description: &[u8]) {
        let mut parts =
            description.split(|octet| matches!(octet, b'(' | b')')).filter(|part| part.len() > 1);
        self.version = parts
            .next()
            .and_then(|part| part.split(|octet| *octet == b'-').next())
            .and_then(|part| part.strip_prefix(b"TLS"))
            .map(|number| [b"TLSv", number].concat());
        self.cipher = parts.next_back().map(<[u8]>::to_vec);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dialect::spoken::told;

    #[test]
    fn the_report_is_told_from_the_dialogue() {
        let record = "\
$ gnutls-cli -p 465 mx.example.net
Processed 0 CA certificate(s).
Resolving 'mx.example.net:465'...
Connecting to '192.0.2.1:465'...
- Certificate type: X.509
 - subject `CN=mx.example.net', issuer `CN=x'
\tPublic Key ID:
- Status: The certificate is NOT trusted. The name does not match.
- Description: (TLS1.3-X.509)-(ECDHE-SECP256R1)-(RSA)-(AES-256-GCM)
- Handshake was completed

- Simple Client Mode:

220 mx
QUIT
*** Fatal error: The TLS connection was non-properly terminated.
";
        assert_eq!(
            told(&DIALECT, record, true),
            "Opening Dialled Opening Dialled ServerAddress CertificateName CertificateProblem TlsStarted Closed -220 mx -QUIT"
        );
        let mut cli = GnutlsCli::default();
        cli.describe(b"(TLS1.3-X.509)-(ECDHE-SECP256R1)-(RSA)-(AES-256-GCM)");
        assert_eq!(cli.version.as_deref(), Some(&b"TLSv1.3"[..]));
        assert_eq!(cli.cipher.as_deref(), Some(&b"AES-256-GCM"[..]));
    }
}
