//! Doors that were left open for debugging.

use crate::{
    protocol::verbs::Kind,
    rules::{Case, Findings, quoted, rule},
};

rule! {
    /// The server accepted a verb that once gave strangers control of it: WIZ, DEBUG, SHOWQ and their kind.
    ///
    /// Old Sendmails handed out a shell to WIZ and ran commands for DEBUG. A server that still answers 2xx
    /// is of that age, a honeypot, or takes anything for a command.
    ///
    /// ## What to do
    /// Take the server off the network and replace its software. If it is a test server that accepts every
    /// command, there is nothing to do.
    ///
    /// ## Flags
    /// ```smtp also=unknown-command,reply-code-unexpected
    ///   S: 220 mx.example.net ESMTP
    /// ! C: WIZ
    ///   S: 250 Please pass, oh mighty wizard
    ///   C: QUIT
    ///   S: 221 2.0.0 Bye
    /// ```
    /// ## Accepts
    /// ```smtp
    ///   S: 220 mx.example.net ESMTP
    ///   C: WIZ
    ///   S: 500 5.5.1 Command unrecognized: "WIZ"
    ///   C: QUIT
    ///   S: 221 2.0.0 Bye
    /// ```
    "debug-verb", Security, Error, Server,
    ["RFC 5321 §4.2.4", "Sendmail before 5.59"], ALL_EDITIONS,
    check
}

fn check(case: &Case<'_, '_>, findings: &mut Findings<'_, '_>) {
    for (_, exchange) in case.exchanges() {
        let hole = exchange.verb.is_some_and(|verb| verb.kind == Kind::Hole);
        if !hole || exchange.inferred || !exchange.accepted() || !case.is_sure() {
            continue;
        }
        let (Some(said), Some(reply)) = (&exchange.command, &exchange.reply) else { continue };
        let message = format!(
            "the server accepted {}: {} {}",
            quoted(said.parsed.line),
            reply.code,
            quoted(reply.text)
        );
        findings
            .on_command(said, message)
            .help(
                "replace the server's software, unless it is a test server that accepts everything",
            )
            .done();
    }
}
