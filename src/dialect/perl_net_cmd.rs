//! Perl's `Net::SMTP` with `Debug => 1`, and so `git send-email --smtp-debug`.
//!
//! ```text
//! Net::SMTP>>> Net::SMTP(3.14)
//! Net::SMTP=GLOB(0x5608c8db9828)<<< 220 mx.example.net ESMTP
//! Net::SMTP=GLOB(0x5608c8db9828)>>> EHLO client.example
//! ```
//!
//! Traps: the tree of modules at the start carries the client's mark; the class changes with TLS
//! (`Net::SMTP::SSL`) while the address stays; an address may be used again by the next connection; copies out
//! of quoted-printable mail have `=3DGLOB`; credentials stand a second time behind `(decoded)`, before the
//! line that was sent. From `Net/Cmd.pm` and recordings.

use super::{Custom, Dialect, Reader, Reading, Record, Say, Times, Unmarked, failure::has};
use crate::transcript::{ClosedBy, Fact, Mark};

pub(super) static DIALECT: Dialect = Dialect {
    name: "perl-net-cmd",
    about: "Perl's Net::SMTP with Debug, as in git send-email --smtp-debug",
    client: ">>> ",
    server: "<<< ",
    key: "GLOB(0x…)",
    times: Times::Never,
    // `Net::Cmd` prints no blank lines.
    record: Record { blank_lines: false, ..Record::DIALOGUE },
    unmarked: Unmarked::Neither,
    custom: Custom::FirstIsClient,
    hints: &["GLOB(0x"],
    evidence: |line| split(line).is_some(),
    reader: || Box::new(NetCmd::default()),
};

/// What `Net::SMTPS` notes about the choice of a mechanism.
const NOTES: [&[u8]; 3] = [b"AUTH-my favorite: ", b"AUTH-server offerred: ", b"AUTH-negotiated: "];

/// The object's address, the mark, and the text.
fn split(line: &[u8]) -> Option<(&[u8], Mark, &[u8])> {
    let line = line.trim_ascii_start();
    let at = memchr::memmem::find(line.get(..80.min(line.len()))?, b"GLOB(0x")?;
    let (class, rest) = line.split_at_checked(at)?;
    let class = class.strip_suffix(b"=3D").or_else(|| class.strip_suffix(b"="))?;
    let named = !class.is_empty()
        && class.iter().all(|octet| octet.is_ascii_alphanumeric() || matches!(octet, b':' | b'_'));
    let digits = rest.get(b"GLOB(".len()..)?;
    let end = digits.iter().take(20).position(|octet| *octet == b')')?;
    let (address, rest) = digits.split_at_checked(end)?;
    let (mark, text) = match rest.get(1..)?.split_at_checked(3)? {
        (b">>>", text) => (Mark::First, text),
        (b"<<<", text) => (Mark::Second, text),
        _ => return None,
    };
    let text = text.strip_prefix(b" ").or_else(|| text.is_empty().then_some(text))?;
    named.then_some((address, mark, text))
}

#[derive(Debug, Default)]
struct NetCmd {
    /// The address of the object that spoke last.
    address: Vec<u8>,
}

impl Reader for NetCmd {
    fn read(&mut self, line: &[u8], say: Say<'_>) -> bool {
        if let Some((address, _, _)) = split(line) {
            if self.address != address {
                self.address = address.to_vec();
            }
        } else if let Some(fact) = ended(line).filter(|_| !self.address.is_empty()) {
            say(Reading::tells(line, fact).of(&self.address));
            self.address.clear();
            return true;
        }
        read(line, say)
    }
}

/// What `Net::Cmd` carps of a connection that gives no reply: `Net::SMTP: Net::Cmd::getline(): unexpected EOF on
/// command channel:  at send.pl line 9.`
fn ended(line: &[u8]) -> Option<Fact> {
    if !has(line, ": Net::Cmd::") {
        return None;
    }
    let fact = if has(line, "(): unexpected EOF on command channel") {
        Fact::Closed(ClosedBy::Server)
    } else if has(line, "(): timeout") {
        Fact::TimedOut
    } else {
        return None;
    };
    Some(fact)
}

fn read(line: &[u8], say: Say<'_>) -> bool {
    if let Some((address, mark, text)) = split(line) {
        let noted = mark == Mark::First && NOTES.iter().any(|note| text.starts_with(note))
            || text.starts_with(b"(decoded) ");
        let reading = if noted { Reading::remark(text) } else { Reading::said(mark, text) };
        say(reading.of(address));
        return true;
    }
    let versions = is_module(line.trim_ascii_start());
    if versions {
        say(Reading::remark(line));
    }
    versions
}

/// `Net::SMTP>>>   Net::Cmd(3.14)`
fn is_module(line: &[u8]) -> bool {
    let Some(at) = memchr::memmem::find(line, b">>> ") else { return false };
    let (class, module) = line.split_at(at);
    let module = module.get(4..).unwrap_or_default().trim_ascii();
    let name = |octet: &u8| octet.is_ascii_alphanumeric() || matches!(octet, b':' | b'_');
    let digits = module.iter().skip_while(|octet| name(octet));
    class.starts_with(b"Net::")
        && class.iter().all(name)
        && module.ends_with(b")")
        && digits.clone().next() == Some(&b'(')
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dialect::tests::{read, rows};

    #[test]
    fn the_address_is_the_key() {
        let lines = [
            "Net::SMTP>>> Net::SMTP(3.14)",
            "Net::SMTP>>>     IO::Socket(1.49)",
            "Net::SMTP=GLOB(0x5608)<<< 220 mx.example",
            "Net::SMTP::SSL=3DGLOB(0x5608)>>> QUIT",
            "Net::SMTP=GLOB(0x5608)>>>",
            "Net::SMTP=GLOB(0x5608)>>> (decoded) user",
            "Net::SMTPS=GLOB(0x5608)>>> AUTH-negotiated: PLAIN",
            "Net::SMTP: 554 mx.example",
            "Net::SMTP: Net::Cmd::getline(): unexpected EOF on command channel:  at -e line 1.",
            "Net::SMTP: Net::Cmd::_is_closed(): unexpected EOF on command channel:  at -e line 1.",
        ];
        let said = read(&DIALECT, &lines);
        assert_eq!(
            rows(&said),
            ["T", "T", "2 220 mx.example", "1 QUIT", "1 ", "T", "T", "-", "T Closed(Server)", "-"]
        );
        assert_eq!(said.get(3).and_then(|said| said.key.as_deref()), Some(&b"0x5608"[..]));
    }
}
