//! `exim -bh` and `exim -bhc`: a session that the administrator types, as if from some other host.
//!
//! ```text
//! **** SMTP testing session as if from host 192.0.2.1
//! **** This is not for real!
//!
//! >>> host in hosts_connection_nolog? no (option unset)
//! 220 client.example.com ESMTP Exim 4.96
//! EHLO me
//! ```
//!
//! Traps: neither side carries a mark; `>>> ` is what Exim thinks aloud and never a command, `LOG: ` what
//! it would log. Fed from a file, the commands are not in the record. From recordings of Exim 4.96.

use super::{Custom, Dialect, Reading, Record, Say, Times, Unmarked};
use crate::transcript::Fact;

pub(super) static DIALECT: Dialect = Dialect {
    name: "exim-bh",
    about: "exim -bh, a session typed as if from another host",
    client: "",
    server: "",
    key: "",
    times: Times::Never,
    record: Record::DIALOGUE,
    unmarked: Unmarked::Both,
    custom: Custom::FirstIsClient,
    hints: &["**** SMTP testing session as if from host "],
    evidence: |line| line.starts_with(BEGINS),
    reader: || Box::new(read),
};

const BEGINS: &[u8] = b"**** SMTP testing session as if from host ";

fn read(line: &[u8], say: Say<'_>) -> bool {
    if let Some(host) = line.strip_prefix(BEGINS) {
        let host = host.trim_ascii();
        say(Reading::tells(line, Fact::Opening));
        let (address, port) = address(host);
        say(Reading::tells(b"", Fact::ClientAddress { address: address.to_vec(), port }));
        return true;
    }
    let remark =
        line.starts_with(b"**** ") || line == b">>>" || line.starts_with(b">>> ") || logs(line);
    if remark {
        say(Reading::remark(line));
    }
    remark
}

/// `192.0.2.1`, `192.0.2.1.4242`, `[2001:db8::1]:4242`: the port may stand behind a dot.
fn address(host: &[u8]) -> (&[u8], Option<u16>) {
    let number = |text: &[u8]| std::str::from_utf8(text).ok()?.parse().ok();
    if let Some(rest) = host.strip_prefix(b"[")
        && let Some(close) = memchr::memchr(b']', rest)
    {
        let port = rest.get(close + 2..).and_then(number);
        return (rest.get(..close).unwrap_or(rest), port);
    }
    let dots = host.iter().filter(|octet| **octet == b'.').count();
    if dots == 4
        && let Some(last) = memchr::memrchr(b'.', host)
    {
        return (host.get(..last).unwrap_or(host), host.get(last + 1..).and_then(number));
    }
    (host, None)
}

/// `LOG: 796 [8577] SMTP connection from [192.0.2.1]`, `LOG: MAIN`
fn logs(line: &[u8]) -> bool {
    line.strip_prefix(b"LOG: ").is_some_and(|rest| {
        rest.first().is_some_and(|octet| octet.is_ascii_digit() || octet.is_ascii_uppercase())
    })
}

#[cfg(test)]
mod tests {
    use super::{
        super::shown::{check, evident},
        *,
    };

    #[test]
    fn leaves_the_dialogue_to_attribution() {
        check(
            &DIALECT,
            "**** SMTP testing session as if from host 192.0.2.1.4242\n\
             **** This is not for real!\n\
             >>> host in host_lookup? no (option unset)\n\
             LOG: 796 [8577] SMTP connection from [192.0.2.1]\n\
             220 client.example.com\n\
             **** SMTP testing session as if from host 2001:db8::1",
            "* = Opening
             * = ClientAddress { address: '192.0.2.1', port: Some(4242) }
             ? 220 client.example.com
             * = Opening
             * = ClientAddress { address: '2001:db8::1', port: None }",
        );
        evident(&DIALECT, ">>> host in host_lookup? no (option unset)", false);
    }
}
