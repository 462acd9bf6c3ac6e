//! `CheckTLS`'s reports: seconds since the test began, then `-->` or `<--`; `~~>` and `<~~` under TLS.
//!
//! ```text
//! [000.112] Server answered
//! [000.123] <-- 220 mx.example.net ESMTP
//! [000.124] --> EHLO www6.CheckTLS.com
//! ```
//!
//! Traps: further lines of a reply come without time and mark; remarks stand among them. From public
//! reports.

use super::{
    Custom, Dialect, Reader, Reading, Record, Say, Times, Unmarked,
    failure::{connect_failed, has},
    reply_rows::Unfinished,
};
use crate::transcript::{Fact, Mark, Moment};

pub(super) static DIALECT: Dialect = Dialect {
    name: "checktls",
    about: "a report of checktls.com",
    client: "[seconds] --> ",
    server: "[seconds] <-- ",
    key: "",
    times: Times::Always,
    record: Record::DIALOGUE,
    unmarked: Unmarked::Server,
    custom: Custom::FirstIsClient,
    hints: &["] "],
    evidence: |line| stamp(line).is_some_and(|(_, text)| mark(text).is_some()),
    reader: || Box::new(CheckTls::default()),
};

#[derive(Debug, Default)]
struct CheckTls {
    reply: Unfinished,
    version: Option<Vec<u8>>,
}

impl Reader for CheckTls {
    fn read(&mut self, line: &[u8], say: Say<'_>) -> bool {
        let Some((at, text)) = stamp(line) else {
            let text = line.trim_ascii_start();
            let further = self.reply.takes(text);
            if further {
                say(Reading::said(Mark::Second, text));
            }
            return further;
        };
        if let Some((mark, text)) = mark(text) {
            self.reply.said(if mark == Mark::Second { text } else { b"" });
            say(Reading::said(mark, text).at(Some(at)));
            return true;
        }
        let value = |name: &[u8]| text.strip_prefix(name).map(<[u8]>::trim_ascii);
        let fact = if let Some(rest) = value(b"Trying TLS on ") {
            say(Reading::tells(line, Fact::Opening).at(Some(at)));
            let open = memchr::memchr(b'[', rest).unwrap_or(rest.len());
            let host = rest.get(..open).unwrap_or_default().to_vec();
            let end = rest.get(open + 1..).and_then(|rest| {
                super::flow::End::with_colon(rest.get(..memchr::memchr(b']', rest)?)?)
            });
            let empty = line.get(..0).unwrap_or_default();
            if let Some(end) = end {
                let address = end.address.to_vec();
                say(Reading::tells(empty, Fact::ServerAddress { address, port: end.port }));
            }
            let port = end.and_then(|end| end.port);
            say(Reading::tells(empty, Fact::Dialled { host, port }));
            return true;
        } else if value(b"Server answered").is_some() {
            Some(Fact::Opened)
        } else if let Some(version) = value(b"SSLVersion in use:") {
            let version = version.iter().map(|octet| if *octet == b'_' { b'.' } else { *octet });
            self.version = Some(version.collect());
            None
        } else if let Some(cipher) = value(b"Cipher in use:") {
            let (version, cipher) = (self.version.take(), Some(cipher.to_vec()));
            Some(Fact::TlsStarted { version, cipher })
        } else if has(text, "NOT VALIDATED") || has(text, "Cert Hostname DOES NOT VERIFY") {
            Some(Fact::CertificateProblem(text.to_vec()))
        } else if has(text, "Cannot connect") || has(text, "connect failed") {
            Some(connect_failed(text))
        } else if has(text, "Cannot convert to SSL") {
            Some(Fact::TlsFailed(text.to_vec()))
        } else {
            None
        };
        say(Reading { fact, ..Reading::remark(line).at(Some(at)) });
        true
    }
}

/// `[000.123]` and what follows it.
fn stamp(line: &[u8]) -> Option<(Moment, &[u8])> {
    let rest = line.trim_ascii_start().strip_prefix(b"[")?;
    let (time, text) = rest.split_at_checked(memchr::memchr(b']', rest)?)?;
    let (seconds, millis) = time.split_at_checked(time.len().checked_sub(4)?)?;
    let millis = millis.strip_prefix(b".")?;
    let number = |digits: &[u8]| std::str::from_utf8(digits).ok()?.parse::<u32>().ok();
    let micros = i64::from(number(seconds)?) * 1_000_000 + i64::from(number(millis)?) * 1_000;
    Some((Moment { micros, dated: false, zoned: false }, text.get(1..)?.trim_ascii_start()))
}

fn mark(text: &[u8]) -> Option<(Mark, &[u8])> {
    let (arrow, text) = text.split_at_checked(3)?;
    let mark = match arrow {
        b"-->" | b"~~>" => Mark::First,
        b"<--" | b"<~~" => Mark::Second,
        _ => return None,
    };
    Some((mark, text.strip_prefix(b" ").unwrap_or(text)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dialect::spoken::told;

    #[test]
    fn reports_are_read() {
        let record = "\
Trying TLS on nothing
[000.000] Trying TLS on mx.example.net[192.0.2.1:25] (10):
[000.112] Server answered
[000.123] <-- 220 mx.example.net ESMTP
[000.124] --> EHLO www6.CheckTLS.com
[000.235] <-- 250-mx.example.net
250-SIZE 1
250 STARTTLS
[000.400] SSLVersion in use: TLSv1_3
[000.401] Cipher in use: TLS_AES_256_GCM_SHA384
[000.402] ~~> QUIT
";
        assert_eq!(
            told(&DIALECT, record, true),
            "Opening ServerAddress Dialled Opened 1:220 mx.example.net ESMTP 0:EHLO www6.CheckTLS.com 1:250-mx.example.net 1:250-SIZE 1 1:250 STARTTLS TlsStarted 0:QUIT -Trying TLS on nothing"
        );
    }
}
