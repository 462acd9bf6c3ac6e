//! An NTLM challenge: the server's inner names, for everybody who asks.

use super::{dialogue::decoded, ntlm};
use crate::rules::{Case, Findings, Wakes, quoted, rule};

rule! {
    /// The server answered NTLM with a challenge that names its host, its Windows domain and its version.
    ///
    /// Anybody gets it before logging in, and learns what the network inside is called and which Windows the
    /// server runs.
    ///
    /// ## What to do
    /// Do not offer NTLM to the outside: switch integrated Windows authentication off on the receive connector.
    ///
    /// ## Flags
    /// ```smtp
    ///   S: 220 mail.example.net ESMTP
    ///   C: EHLO client.example
    ///   S: 250-mail.example.net
    ///   S: 250 AUTH NTLM
    ///   C: AUTH NTLM TlRMTVNTUAABAAAAB4IIAAAAAAAAAAAAAAAAAAAAAAA=
    /// ! S: 334 TlRMTVNTUAACAAAADgAOADgAAAAFgoliASNFZ4mrze8AAAAAAAAAAHwAfABGAAAACgBjRQAAAA9FAFgAQQBNAFAATABFAAIADgBFAFgAQQBNAFAATABFAAEADABNAEEASQBMADAAMQAEACAAYwBvAHIAcAAuAGUAeABhAG0AcABsAGUALgBuAGUAdAADAC4AbQBhAGkAbAAwADEALgBjAG8AcgBwAC4AZQB4AGEAbQBwAGwAZQAuAG4AZQB0AAAAAAA=
    ///   C: *
    ///   S: 501 5.7.0 Authentication cancelled
    ///   C: QUIT
    ///   S: 221 2.0.0 Bye
    /// ```
    /// ## Accepts
    /// ```smtp
    ///   S: 220 mail.example.net ESMTP
    ///   C: EHLO client.example
    ///   S: 250-mail.example.net
    ///   S: 250 AUTH CRAM-MD5
    ///   C: AUTH CRAM-MD5
    ///   S: 334 PDE4OTYuNjk3MTcwOTUyQG1haWwuZXhhbXBsZS5uZXQ+
    ///   C: YW5uIGI5MTNhNjAyYzdlZGE3YTQ5NWI0ZTZlNzMzNGQzODkw
    ///   S: 235 2.7.0 Authentication successful
    ///   C: QUIT
    ///   S: 221 2.0.0 Bye
    /// ```
    "ntlm-disclosure", Security, Warning, Server,
    ["Microsoft MS-NLMP §2.2.1.2", "Microsoft MS-SMTPNTLM §2.2"], SINCE_2821,
    check, wakes: Wakes::AUTH
}

/// base64 of `NTLMSSP` and a zero.
const SIGNATURE: &[u8] = b"TlRMTVNTUA";

fn check(case: &Case<'_, '_>, findings: &mut Findings<'_, '_>) {
    for exchange in &case.session.exchanges {
        let Some(reply) = exchange.reply.as_ref().filter(|reply| reply.code == 334) else {
            continue;
        };
        let text = reply.text.trim_ascii();
        if !text.starts_with(SIGNATURE) {
            continue;
        }
        let Some(found) = decoded(text).and_then(|octets| ntlm::challenge(&octets)) else {
            continue;
        };
        if found.names.is_empty() && found.version.is_none() {
            continue;
        }
        let mut told: Vec<String> = found
            .names
            .iter()
            .map(|(what, name)| format!("{what} {}", quoted(name.as_bytes())))
            .collect();
        if let Some((major, minor, build)) = found.version {
            told.push(format!("Windows {major}.{minor} build {build}"));
        }
        findings
            .on_reply(reply, format!("the NTLM challenge tells {}", told.join(", ")))
            .help("do not offer NTLM to the outside")
            .done();
    }
}
