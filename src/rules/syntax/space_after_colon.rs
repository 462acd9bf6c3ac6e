//! No space around the colon.

use super::evidence;
use crate::rules::{Case, Findings, Wakes, rule};

rule! {
    /// A space stands next to the colon of `MAIL FROM:` or `RCPT TO:`.
    ///
    /// The RFCs do not allow it, though older ones show it in their examples. Nearly every server accepts it; strict
    /// ones answer 501.
    ///
    /// ## What to do
    /// Write `MAIL FROM:<address>` without a space.
    ///
    /// ## Flags
    /// ```smtp
    ///   S: 220 mx.example.net ESMTP
    ///   C: EHLO client.example
    ///   S: 250-mx.example.net
    ///   S: 250 SIZE 10240000
    /// ! C: MAIL FROM: <a@client.example>
    ///   S: 250 2.1.0 Ok
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
    ///   C: QUIT
    ///   S: 221 2.0.0 Bye
    /// ```
    "space-after-colon", Syntax, Note, Client,
    ["RFC 2821 §3.3", "RFC 5321 §3.3"], SINCE_2821,
    check, wakes: Wakes::ODD_COMMAND
}

fn check(case: &Case<'_, '_>, findings: &mut Findings<'_, '_>) {
    for (_, said, argument) in evidence::paths(case) {
        let spaced =
            !argument.space_after_colon.is_empty() || !argument.space_before_colon.is_empty();
        if argument.colon.is_none() || !spaced || argument.path.is_empty() {
            continue;
        }
        findings
            .on_command(said, "a space stands next to the colon")
            .help("write the address right after the colon; strict servers refuse the space")
            .party(evidence::who(case))
            .done();
    }
}
