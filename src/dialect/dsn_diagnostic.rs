//! The fields of a delivery status notification (RFC 3464): `Diagnostic-Code: smtp; 550 …`.
//!
//! ```text
//! Final-Recipient: rfc822; bad@example.net
//! Action: failed
//! Status: 5.1.1
//! Remote-MTA: dns; mx.example.net
//! Diagnostic-Code: smtp; 550-5.1.1 <bad@example.net>: Recipient address rejected:
//!     550 5.1.1 User unknown
//! ```
//!
//! Traps: the field is folded; which command was refused is not told; the same reply stands in the text that
//! people read, so this is a source only where that text says nothing. From RFC 3464 and recordings of Postfix
//! and Exim.

use super::{
    Custom, Dialect, Reader, Reading, Record, Say, Telling, Times, Unmarked,
    bounce::{self, Answered, Hosts},
    failure::connect_failed,
    reply_rows::code,
};
use crate::transcript::Mark;

pub(super) static DIALECT: Dialect = Dialect {
    name: "dsn-diagnostic",
    about: "the Diagnostic-Code of a delivery status notification",
    client: "",
    server: "Diagnostic-Code: smtp; ",
    key: "",
    times: Times::Never,
    record: Record { telling: Telling::DeliveryStatus, ..Record::DIALOGUE },
    unmarked: Unmarked::Neither,
    custom: Custom::FirstIsClient,
    hints: &["iagnostic-", "(reason: "],
    evidence: |line| diagnostic(line).is_some(),
    reader: || Box::new(Status::default()),
};

#[derive(Debug, Default)]
struct Status {
    hosts: Hosts,
    host: Vec<u8>,
    inside: bool,
    /// The next line goes on with the field.
    folded: bool,
    /// The reply in the last line of Sendmail's list of the addresses that failed.
    reason: Vec<u8>,
}

impl Reader for Status {
    fn ahead(&mut self, next: &[u8]) {
        self.folded = matches!(next.first(), Some(b' ' | b'\t'));
    }

    fn read(&mut self, line: &[u8], say: Say<'_>) -> bool {
        if self.inside && matches!(line.first(), Some(b' ' | b'\t')) {
            let text = line.trim_ascii();
            if code(text).is_some() {
                self.reply(text, say);
            } else {
                // Unfolding keeps the blank (RFC 5322 §2.2.3).
                let unfolded = [b" ", text].concat();
                say(Reading::unescaped(Mark::Second, unfolded, text).joining());
            }
            return true;
        }
        self.inside = false;
        if let Some(value) = field(line, b"remote-mta") {
            let host = value.split(|octet| *octet == b';').nth(1).unwrap_or(value);
            self.host = host.trim_ascii().to_vec();
            return false;
        }
        if let Some(reply) = diagnostic(line) {
            let host = std::mem::take(&mut self.host);
            // Told in Sendmail's list already.
            let again = !reply.is_empty() && self.reason == reply && !line.ends_with(b")");
            self.reason =
                if line.trim_ascii_start().starts_with(b"(") { reply.to_vec() } else { Vec::new() };
            if again {
                say(Reading::remark(line));
                return true;
            }
            self.hosts.ends();
            if code(reply).is_some() {
                self.hosts.begins(&host, None, line, say);
                bounce::command(&Answered::Unknown, line, say);
                self.inside = self.reason.is_empty();
                self.reply(reply, say);
            } else {
                // `X-Postfix; connect to mx.example.net[192.0.2.1]:25: Connection refused`
                let target = reply.strip_prefix(b"connect to ").unwrap_or_default();
                let end = memchr::memmem::find(target, b": ").unwrap_or(target.len());
                self.hosts.begins(target.get(..end).unwrap_or_default(), None, line, say);
                say(Reading::tells(line, connect_failed(reply)));
            }
            return true;
        }
        false
    }
}

impl Status {
    /// The lines of a reply; at the field's end the last one is whole, though hosts cut it.
    fn reply(&self, reply: &[u8], say: Say<'_>) {
        if self.inside && self.folded {
            bounce::reply(reply, None, None, say);
        } else {
            bounce::whole_reply(reply, None, None, say);
        }
    }
}

/// The value of a field of this name.
fn field<'l>(line: &'l [u8], name: &[u8]) -> Option<&'l [u8]> {
    let (start, rest) = line.split_at_checked(name.len())?;
    let value = rest.strip_prefix(b":")?;
    start.eq_ignore_ascii_case(name).then(|| value.trim_ascii())
}

/// The text of a Diagnostic-Code that tells of SMTP: a reply, or why there is none.
fn diagnostic(line: &[u8]) -> Option<&[u8]> {
    // Sendmail's list of the addresses that failed says the same.
    if let Some(reason) = line.trim_ascii_start().strip_prefix(b"(reason: ") {
        let reason = reason.trim_ascii_end();
        return reason.strip_suffix(b")").or(Some(reason)).filter(|reason| code(reason).is_some());
    }
    let value = field(line, b"diagnostic-code")?;
    let at = memchr::memchr(b';', value)?;
    let (kind, text) = value.split_at_checked(at)?;
    let text = text.get(1..)?.trim_ascii();
    let smtp = kind.trim_ascii().eq_ignore_ascii_case(b"smtp");
    let connect = text.starts_with(b"connect to ");
    ((smtp && code(text).is_some()) || code(text).is_some() || connect).then_some(text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dialect::spoken::told;

    #[test]
    fn fields_are_read() {
        for (record, want) in [
            (
                "Final-Recipient: rfc822; bad@b\nRemote-MTA: dns; 192.0.2.1\nDiagnostic-Code: smtp; 550-5.1.1 <bad@b>: Recipient\n    address rejected:\n    550 5.1.1 User unknown\n\nSubject: 550 x",
                "Opening ServerAddress Elision 1:550-5.1.1 <bad@b>: Recipient 1: address rejected: 1:550 5.1.1 User unknown -Final-Recipient: rfc822; bad@b -Remote-MTA: dns; 192.0.2.1 -Subject: 550 x",
            ),
            ("Diagnostic-Code: smtp; 550-5.1.1 cut\n\n", "Opening Elision 1:550 5.1.1 cut"),
            ("diagnostic-code:SMTP;550 no", "Opening Elision 1:550 no"),
            (
                "Diagnostic-Code: X-Postfix; connect to mx[192.0.2.1]:25: Connection refused",
                "Opening Dialled ServerAddress ConnectFailed",
            ),
            ("<bad@b>\n    (reason: 550 5.1.1 no)\n\n", "Opening Elision 1:550 5.1.1 no -<bad@b>"),
            ("Diagnostic-Code: x-unix; user unknown", "-Diagnostic-Code: x-unix; user unknown"),
        ] {
            assert_eq!(told(&DIALECT, record, true), want, "{record}");
        }
    }
}
