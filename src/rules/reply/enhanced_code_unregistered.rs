//! Enhanced status codes come from a registry.

use super::evidence;
use crate::{
    protocol::enhanced,
    rules::{Case, Findings, Told, Wakes, quoted, rule},
};

rule! {
    /// The enhanced status code is not in the registry.
    ///
    /// New codes are registered, so that everybody reads them alike. A vendor's own code says something to those
    /// who know its documentation only.
    ///
    /// ## What to do
    /// Go by the text, and by the vendor's documentation where the code is known to be its own.
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
    /// ! S: 550 5.9.77 not wanted here
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
    ///   S: 550 5.7.1 not wanted here
    ///   C: QUIT
    ///   S: 221 2.0.0 Bye
    /// ```
    "enhanced-code-unregistered", Reply, Note, Server,
    ["RFC 5248 §2", "RFC 3463 §3"], ALL_EDITIONS,
    check, wakes: Wakes::line(is_unregistered)
}

fn is_unregistered(told: &Told<'_>) -> bool {
    told.parsed.and_then(|line| line.enhanced).is_some_and(|code| {
        let (Some(subject), Some(detail)) = (code.subject, code.detail) else { return false };
        code.wellformed && enhanced::by_subject(subject, detail).is_none_or(|fact| !fact.registered)
    })
}

fn check(case: &Case<'_, '_>, findings: &mut Findings<'_, '_>) {
    for (_, reply) in evidence::replies(case) {
        let lines = case.session.reply_lines(reply);
        for code in lines.filter_map(|(_, line, _)| line?.enhanced) {
            let (Some(subject), Some(detail)) = (code.subject, code.detail) else { continue };
            let fact = enhanced::by_subject(subject, detail);
            if !code.wellformed || fact.is_some_and(|fact| fact.registered) {
                continue;
            }
            let known = fact.map_or_else(String::new, |fact| {
                format!("; {} uses it for: {}", fact.clause, fact.meaning)
            });
            findings
                .on(code.raw, format!("{} is not in the registry{known}", quoted(code.raw)))
                .help("go by the text of the reply, or by the vendor's documentation")
                .done();
            break;
        }
    }
}
