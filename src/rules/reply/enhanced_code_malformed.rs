//! An enhanced status code is class, subject and detail.

use super::evidence;
use crate::rules::{Case, Confidence, Findings, Severity, Wakes, quoted, rule};

rule! {
    /// The enhanced status code is not of the form class.subject.detail.
    ///
    /// It is three numbers parted by dots at the beginning of the text: 2, 4 or 5, then a subject and a detail of
    /// up to three digits each. Programs that sort bounces read nothing else.
    ///
    /// ## What to do
    /// Mend the server or filter that writes it: `5.7.1`, without brackets or signs around it.
    ///
    /// ## Flags
    /// ```smtp
    ///   S: 220 mx.example.net ESMTP
    ///   C: EHLO client.example
    ///   S: 250-mx.example.net
    ///   S: 250 SIZE 10240000
    ///   C: MAIL FROM:<a@client.example>
    ///   S: 250 2.1.0 Ok
    ///   C: RCPT TO:<b@example.net>
    /// ! S: 550 5.1 no such mailbox
    ///   C: QUIT
    ///   S: 221 2.0.0 Bye
    /// ```
    /// ## Accepts
    /// ```smtp
    ///   S: 220 mx.example.net ESMTP
    ///   C: EHLO client.example
    ///   S: 250-mx.example.net
    ///   S: 250 SIZE 10240000
    ///   C: MAIL FROM:<a@client.example>
    ///   S: 250 2.1.0 Ok
    ///   C: RCPT TO:<b@example.net>
    ///   S: 550 5.1.1 no such mailbox
    ///   C: QUIT
    ///   S: 221 2.0.0 Bye
    /// ```
    "enhanced-code-malformed", Reply, Warning, Server,
    ["RFC 2034 §4", "RFC 3463 §2"], ALL_EDITIONS,
    check, wakes: Wakes::line(|told| told.parsed.and_then(|line| line.enhanced).is_some_and(|code| !code.wellformed))
}

fn check(case: &Case<'_, '_>, findings: &mut Findings<'_, '_>) {
    for (exchange, reply) in evidence::replies(case).filter(|(_, reply)| reply.code > 0) {
        if !evidence::wants_enhanced(exchange, reply) {
            continue;
        }
        let offered =
            case.session.offer(exchange).is_some_and(|offer| offer.has("ENHANCEDSTATUSCODES"));
        let codes = case.session.reply_lines(reply).filter_map(|(_, line, _)| line?.enhanced);
        for code in codes.filter(|code| !code.wellformed) {
            // A number with four parts is an address or a version; a sign is the custom of some servers.
            let parts = code.raw.split(|octet| *octet == b'.').count();
            if parts > 3 || (!code.marker.is_empty() && !offered) {
                continue;
            }
            let severity = if code.marker.is_empty() { Severity::Warning } else { Severity::Note };
            let shown = [code.marker, code.raw].concat();
            findings
                .on(code.raw, format!("{} is no enhanced status code", quoted(&shown)))
                .help("write it as class.subject.detail, such as 5.7.1, and a space")
                .severity(severity)
                .confidence(Confidence::Likely)
                .done();
        }
    }
}
