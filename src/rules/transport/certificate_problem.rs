//! The certificate does not verify.

use super::evidence;
use crate::{
    rules::{Case, Findings, quoted, rule},
    transcript::Fact,
};

rule! {
    /// The tool reports that the server's certificate does not verify.
    ///
    /// It is self-signed, expired, made out to another name, or its chain is incomplete. Mail servers among themselves
    /// mostly go on regardless; mail programs, and servers that follow DANE or MTA-STS, do not.
    ///
    /// ## What to do
    /// On the server, install a certificate for the name that clients dial, with the whole chain. In a test, give the
    /// tool the authority that signed it.
    ///
    /// ## Flags
    /// ```smtp
    ///   CONNECTED(00000003)
    ///   depth=0 CN = mail.example.net
    /// ! verify error:num=18:self-signed certificate
    ///   verify return:1
    ///   ---
    ///   Certificate chain
    ///    0 s:CN = mail.example.net
    ///      i:CN = mail.example.net
    ///   ---
    ///   SSL-Session:
    ///       Protocol  : TLSv1.3
    ///       Verify return code: 18 (self-signed certificate)
    ///   ---
    ///   220 mail.example.net ESMTP
    ///   quit
    ///   221 2.0.0 Bye
    ///   closed
    /// ```
    /// ## Accepts
    /// ```smtp
    ///   CONNECTED(00000003)
    ///   ---
    ///   SSL-Session:
    ///       Protocol  : TLSv1.3
    ///       Verify return code: 0 (ok)
    ///   ---
    ///   220 mail.example.net ESMTP
    ///   quit
    ///   221 2.0.0 Bye
    ///   closed
    /// ```
    "certificate-problem", Transport, Warning, Server,
    ["RFC 3207 §4.1", "RFC 7817 §3", "RFC 5280 §6"], ALL_EDITIONS,
    check
}

fn check(case: &Case<'_, '_>, findings: &mut Findings<'_, '_>) {
    let problem = case.session.transcript.facts.iter().find_map(|(at, fact)| match fact {
        Fact::CertificateProblem(words) => Some((*at, words.as_slice())),
        _ => None,
    });
    let Some((at, words)) = problem else { return };
    let has = |part: &[u8]| words.windows(part.len()).any(|piece| piece.eq_ignore_ascii_case(part));
    let help = if has(b"expired") {
        "renew the certificate on the server"
    } else if has(b"self") {
        "install a certificate that an authority signed, or give the tool this one to trust"
    } else if has(b"name") || has(b"mismatch") {
        "dial the name that the certificate carries, or install one for the name that is dialled"
    } else {
        "install the whole chain on the server, and give the tool the authority that signed it"
    };
    findings
        .at(
            evidence::spot_at(case, at),
            format!("the certificate does not verify: {}", quoted(words)),
        )
        .help(help)
        .done();
}
