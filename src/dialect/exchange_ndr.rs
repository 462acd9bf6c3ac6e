//! Exchange's and Microsoft 365's non-delivery reports: `Remote Server returned '550 …'`.
//!
//! ```text
//! Diagnostic information for administrators:
//! Generating server: mail.example.com
//! bad@example.net
//! mx.example.net
//! Remote Server returned '550 5.1.1 User unknown'
//! ```
//!
//! Traps: the reply may be quoted once more inside (`< mx.example.net #5.1.1 smtp;550 5.1.1 …>`); the reports of
//! Exchange 2003 to 2010 write `#550 5.1.1 … ##` or `#SMTP#`; Exchange's own refusals look alike; tracking tells the
//! last error as `{LED=550 …};{MSG=…};{FQDN=…}`, wrapped or cut off by what shows it. From the test files of bounce
//! parsers and from what people published.

use super::{
    Custom, Dialect, Reader, Reading, Record, Say, Times, Unmarked,
    bounce::{self, Answered, Hosts},
    failure::has,
    reply_rows::code,
};
use crate::transcript::Mark;

pub(super) static DIALECT: Dialect = Dialect {
    name: "exchange-ndr",
    about: "the refusal in Exchange's non-delivery reports",
    client: "",
    server: "Remote Server returned '",
    key: "",
    times: Times::Never,
    record: Record::DIALOGUE,
    unmarked: Unmarked::Neither,
    custom: Custom::FirstIsServer,
    hints: &[
        "emote Server returned '",
        "emote server returned '",
        "#SMTP#",
        "##",
        "{LED=",
        "Reported error:",
    ],
    evidence: |line| {
        returned(line).is_some()
            || last_error(line).is_some()
            || reported(line).is_some()
            || older(line.trim_ascii()).is_some()
    },
    reader: || Box::new(Report::default()),
};

#[derive(Debug, Default)]
struct Report {
    hosts: Hosts,
    /// The last line that was a host's name.
    host: Vec<u8>,
    /// The quoted reply goes on in the next line, up to this.
    open: Option<u8>,
}

impl Reader for Report {
    fn read(&mut self, line: &[u8], say: Say<'_>) -> bool {
        let text = line.trim_ascii();
        if let Some(mark) = self.open {
            let end = memchr::memchr(mark, text);
            let rest = text.get(..end.unwrap_or(text.len())).unwrap_or_default();
            self.open = self.open.filter(|_| end.is_none() && !text.is_empty());
            if !rest.is_empty() {
                let further = [b" ", rest].concat();
                say(Reading::unescaped(Mark::First, further, rest).joining());
            }
            return !text.is_empty();
        }
        if let Some(quoted) = returned(text) {
            let end = memchr::memrchr(b'\'', quoted);
            self.open = Some(b'\'').filter(|_| end.is_none());
            return self.reply(
                quoted.get(..end.unwrap_or(quoted.len())).unwrap_or_default(),
                line,
                say,
            );
        }
        if let Some(quoted) = last_error(text) {
            let end = memchr::memchr(b'}', quoted);
            // With an ellipsis it is cut off rather than wrapped.
            self.open = Some(b'}').filter(|_| end.is_none() && !quoted.ends_with(b"..."));
            return self.reply(
                quoted.get(..end.unwrap_or(quoted.len())).unwrap_or_default(),
                line,
                say,
            );
        }
        if let Some(reply) = reported(text) {
            return self.reply(reply, line, say);
        }
        if let Some((host, reply)) = older(text) {
            if !host.is_empty() {
                self.host = host.to_vec();
            }
            return self.reply(reply, line, say);
        }
        if is_host(text) {
            self.host = text.to_vec();
        }
        false
    }
}

impl Report {
    fn reply(&mut self, quoted: &[u8], line: &[u8], say: Say<'_>) -> bool {
        let reply = innermost(quoted);
        if code(reply).is_none() {
            self.open = None;
            return false;
        }
        let host = std::mem::take(&mut self.host);
        self.hosts.ends();
        self.hosts.begins(&host, None, line, say);
        bounce::command(&Answered::Unknown, line, say);
        if has(reply, " during MAIL FROM") {
            say(Reading::unescaped(Mark::Second, b"MAIL FROM:<...>".to_vec(), line));
        }
        for line in super::reply_rows::joined(reply, b" ") {
            say(Reading::said(Mark::First, line));
        }
        true
    }
}

/// What follows `Remote Server returned '`.
fn returned(line: &[u8]) -> Option<&[u8]> {
    let words = b"emote Server returned '";
    let at = memchr::memmem::find(line, words)
        .or_else(|| memchr::memmem::find(line, b"emote server returned '"))?;
    line.get(at + words.len()..)
}

/// What follows `{LED=`, which is a reply.
fn last_error(line: &[u8]) -> Option<&[u8]> {
    let words = b"{LED=";
    let text = line.get(memchr::memmem::find(line, words)? + words.len()..)?;
    code(text).is_some().then_some(text)
}

/// What follows `Reported error:` in the reports of Microsoft 365, up to what a page may have put behind it.
fn reported(line: &[u8]) -> Option<&[u8]> {
    let words = b"Reported error:";
    let text = line.get(memchr::memmem::find(line, words)? + words.len()..)?.trim_ascii();
    let end = memchr::memmem::find(text, b"DSN generated by:").unwrap_or(text.len());
    code(text)?;
    text.get(..end).map(<[u8]>::trim_ascii_end)
}

/// `mx.example.net #550 5.1.1 RESOLVER.ADR.RecipNotFound; not found ##`,
/// `mx.example.net #<mx.example.net #5.1.1 smtp; 550 5.1.1 User unknown> #SMTP#`: the host and the reply.
fn older(text: &[u8]) -> Option<(&[u8], &[u8])> {
    let body = text.strip_suffix(b"#SMTP#").or_else(|| text.strip_suffix(b"##"))?;
    let body = body.trim_ascii_end();
    let at = memchr::memchr(b'#', body)?;
    let (host, reply) = body.split_at_checked(at)?;
    let reply = innermost(reply.get(1..)?);
    code(reply).map(|_| (host.trim_ascii(), reply))
}

/// The reply behind the last `smtp;` in it, without the bracket that closes it.
fn innermost(text: &[u8]) -> &[u8] {
    let inner = memchr::memmem::rfind(text, b"smtp;").and_then(|at| text.get(at + 5..));
    match inner.map(<[u8]>::trim_ascii) {
        Some(inner) if code(inner).is_some() => inner.strip_suffix(b">").unwrap_or(inner),
        _ => text.trim_ascii(),
    }
}

fn is_host(text: &[u8]) -> bool {
    has(text, ".")
        && text.len() < 256
        && text.iter().all(|octet| octet.is_ascii_alphanumeric() || b"-._[]".contains(octet))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dialect::spoken::told;

    #[test]
    fn reports_of_all_ages_are_read() {
        for (record, want) in [
            (
                "bad@b.example\nmx.b.example\nRemote Server returned '550 5.1.1 User\nunknown'\n",
                "Opening Dialled Elision 0:550 5.1.1 User 0: unknown -bad@b.example -mx.b.example",
            ),
            (
                "[{LED=550 5.1.8 no, AS(1)\n  [b.example]};{MSG=};\n  {FQDN=192.0.2.1};{IP=192.0.2.1}]",
                "Opening Elision 0:550 5.1.8 no, AS(1) 0: [b.example] -  {FQDN=192.0.2.1};{IP=192.0.2.1}]",
            ),
            (
                "Reason: [{LED=550 5.1.8 cut...\nwords\n",
                "Opening Elision 0:550 5.1.8 cut... -words",
            ),
            ("Remote server returned '550 no'", "Opening Elision 0:550 no"),
            (
                "Reported error:\t550 5.1.10 no such mailbox\nDSN generated by:\ta.example",
                "Opening Elision 0:550 5.1.10 no such mailbox -DSN generated by:\ta.example",
            ),
            (
                "Reported error: 530 5.7.57 SMTP; not during MAIL FROM [x] DSN generated by: a",
                "Opening Elision 1:MAIL FROM:<...> 0:530 5.7.57 SMTP; not during MAIL FROM [x]",
            ),
            (
                "Remote Server returned '554 5.7.0 < #5.7.0 smtp;550 5.7.1 Blocked>'",
                "Opening Elision 0:550 5.7.1 Blocked",
            ),
            (
                "mx.b.example #550 5.1.1 RESOLVER.ADR.RecipNotFound; not found ##",
                "Opening Dialled Elision 0:550 5.1.1 RESOLVER.ADR.RecipNotFound; not found",
            ),
            (
                "mx.b.example #<mx.c.example #5.1.1 smtp; 550 5.1.1 User unknown> #SMTP#",
                "Opening Dialled Elision 0:550 5.1.1 User unknown",
            ),
        ] {
            assert_eq!(told(&DIALECT, record, true), want, "{record}");
        }
    }
}
