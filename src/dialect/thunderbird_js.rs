//! Thunderbird since 91: the console with `mailnews.smtp.loglevel` set to `All`.
//!
//! ```text
//! mailnews.smtp: Connecting to smtp://mx.example.net:587
//! mailnews.smtp: S: 220 mx.example.net ESMTP
//! mailnews.smtp: C: EHLO [192.0.2.1]
//! mailnews.smtp: Sending 1234 bytes of payload
//! ```
//!
//! Traps: a record holds what one packet brought, so further lines of a reply follow without a mark; the
//! console appends the source's file and line; a command with a password is replaced by a sentence (but not in
//! release builds). From Thunderbird's source.

use super::{
    Custom, Dialect, Reader, Reading, Record, Say, Times, Unmarked,
    failure::{connect_failed, has},
    prompt,
    reply_rows::{Unfinished, code},
    time,
};
use crate::transcript::{ClosedBy, Fact, Mark};

pub(super) static DIALECT: Dialect = Dialect {
    name: "thunderbird-js",
    about: "Thunderbird's console since version 91",
    client: "mailnews.smtp: C: ",
    server: "mailnews.smtp: S: ",
    key: "",
    times: Times::Sometimes,
    record: Record::DIALOGUE,
    unmarked: Unmarked::Server,
    custom: Custom::FirstIsClient,
    hints: &["mailnews.smtp"],
    evidence: |line| text(line).is_some(),
    reader: || Box::new(Thunderbird::default()),
};

#[derive(Debug, Default)]
struct Thunderbird {
    reply: Unfinished,
    /// The last reply asked for a line of the AUTH dialogue.
    challenged: bool,
}

impl Reader for Thunderbird {
    fn read(&mut self, line: &[u8], say: Say<'_>) -> bool {
        let at = time::iso(line.strip_prefix(b"[").unwrap_or(line)).map(|(at, _)| at);
        let Some(text) = text(line) else {
            let text = without_source(line);
            let further = self.reply.takes(text);
            if further {
                say(Reading::said(Mark::Second, text));
            }
            return further;
        };
        if let Some(reply) = text.strip_prefix(b"S: ") {
            self.reply.said(reply);
            self.challenged = code(reply) == Some(*b"334");
            say(Reading::said(Mark::Second, reply).at(at));
            return true;
        }
        self.reply = Unfinished::NONE;
        if let Some(command) = text.strip_prefix(b"C: ") {
            let suppressed = command.starts_with(b"Logging suppressed");
            if suppressed && !self.challenged {
                // The AUTH command itself, with what it carries.
                say(Reading::tells(line, Fact::AuthHidden).at(at));
            } else {
                say(Reading::said(Mark::First, command).at(at));
            }
            self.challenged = false;
            return true;
        }
        let empty = line.get(..0).unwrap_or_default();
        let fact = if let Some(target) = text.strip_prefix(b"Connecting to ") {
            say(Reading::tells(line, Fact::Opening).at(at));
            let target = target.split(|octet| *octet == b' ').next().unwrap_or_default();
            let host = memchr::memmem::find(target, b"://")
                .and_then(|at| target.get(at + 3..))
                .unwrap_or(target);
            if let Some(fact) = prompt::dialled(host, None) {
                say(Reading::tells(empty, fact).at(at));
            }
            return true;
        } else if text == b"Connected" || text.starts_with(b"Connected ") {
            Some(Fact::Opened)
        } else if let Some(rest) = text.strip_prefix(b"Sending ")
            && has(rest, " bytes of payload")
        {
            let octets = rest.split(|octet| *octet == b' ').next().unwrap_or_default();
            Some(Fact::BodyHidden(
                std::str::from_utf8(octets).ok().and_then(|text| text.parse().ok()),
            ))
        } else if text.starts_with(b"Socket closed") || text.starts_with(b"Closing connection") {
            Some(Fact::Closed(ClosedBy::Unknown))
        } else if has(text, "onnection refused") || has(text, "NS_ERROR_CONNECTION_REFUSED") {
            Some(connect_failed(text))
        } else if has(text, "SecurityError") || has(text, "SSL_ERROR") {
            Some(Fact::TlsFailed(text.to_vec()))
        } else {
            None
        };
        say(Reading { fact, ..Reading::remark(line).at(at) });
        true
    }
}

/// What follows the logger's name, which may carry the connection's own.
fn text(line: &[u8]) -> Option<&[u8]> {
    let at = memchr::memmem::find(line, b"mailnews.smtp")?;
    let rest = line.get(at + 13..)?;
    let name = rest
        .iter()
        .take_while(|octet| octet.is_ascii_alphanumeric() || b"._-{}".contains(octet))
        .count();
    let rest = rest.get(name..)?.strip_prefix(b":")?;
    Some(without_source(rest.strip_prefix(b" ").unwrap_or(rest)))
}

/// The text without ` SmtpClient.sys.mjs:416:19`, which the console puts behind it.
fn without_source(text: &[u8]) -> &[u8] {
    let Some(at) = memchr::memmem::rfind(text, b" SmtpClient.") else { return text };
    let source = text.get(at + 12..).unwrap_or_default();
    let plain = source.iter().all(|octet| octet.is_ascii_alphanumeric() || b".:".contains(octet));
    if plain { text.get(..at).unwrap_or(text).trim_ascii_end() } else { text }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dialect::spoken::told;

    #[test]
    fn the_console_is_read() {
        let record = "\
mailnews.smtp: Connecting to smtp://mx.example.net:587 SmtpClient.sys.mjs:148:17
mailnews.smtp: S: 220 mx SmtpClient.sys.mjs:416:19
mailnews.smtp: C: EHLO [192.0.2.1]
mailnews.smtp: S: 250-mx
250-SIZE 1
250 AUTH PLAIN LOGIN
mailnews.smtp: C: Logging suppressed (it probably contained auth information)
mailnews.smtp: S: 334 UGFzc3dvcmQ6
mailnews.smtp: C: Logging suppressed (it probably contained auth information)
mailnews.smtp.{1}: Sending 1234 bytes of payload
mailnews.smtp: Command failed: 550 no; currentAction=_actionRCPT
2023-01-01 10:00:00.1 mailnews.smtp: Socket closed.
";
        assert_eq!(
            told(&DIALECT, record, true),
            "Opening Dialled 1:220 mx 0:EHLO [192.0.2.1] 1:250-mx 1:250-SIZE 1 1:250 AUTH PLAIN LOGIN AuthHidden 1:334 UGFzc3dvcmQ6 0:Logging suppressed (it probably contained auth information) BodyHidden Closed"
        );
    }
}
