//! The last line of a reply has a space after its code.

use super::evidence;
use crate::{
    grammar::{ehlo_line, is_ellipsis},
    protocol::{extensions, verbs::VerbId},
    rules::{Case, Findings, rule},
    session::{Exchange, Kind, Reply},
};

rule! {
    /// The last line of a reply still has a hyphen after its code.
    ///
    /// The hyphen says that another line follows. A client waits for it until it gives up, and the session hangs.
    ///
    /// ## What to do
    /// Mend the server: a space follows the code on the last line of a reply.
    ///
    /// ## Flags
    /// ```smtp
    ///   S: 220 mx.example.net ESMTP
    ///   C: EHLO client.example
    /// ! S: 250-mx.example.net
    ///   S: 250-SIZE 10240000
    ///   C: MAIL FROM:<a@client.example>
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
    "reply-unterminated", Reply, Warning, Server,
    ["RFC 821 §4.2", "RFC 2821 §4.2.1", "RFC 5321 §4.2.1"], ALL_EDITIONS,
    check
}

fn check(case: &Case<'_, '_>, findings: &mut Findings<'_, '_>) {
    let exchanges = &case.session.exchanges;
    for (exchange, reply) in evidence::replies(case).filter(|(_, reply)| reply.unterminated) {
        // At its end the record may only be cut.
        // Where nobody asked, lines of the dialogue were left out.
        if exchange.kind == Kind::Unsolicited {
            continue;
        }
        let last = exchanges.last().is_some_and(|last| std::ptr::eq(last, exchange));
        let elided = case
            .session
            .transcript
            .facts()
            .any(|fact| matches!(fact, crate::transcript::Fact::Elision));
        if last || elided || !case.is_sure() || is_abridged(case, exchange, reply) {
            continue;
        }
        findings
            .on_reply(reply, "the reply announces a further line that never comes")
            .help("put a space after the code on the last line of a reply")
            .done();
    }
}

/// Whether somebody left out lines of the reply: he wrote dots for them, or what is left of the answer to EHLO does
/// not begin with the server's name.
fn is_abridged(case: &Case<'_, '_>, exchange: &Exchange<'_>, reply: &Reply<'_>) -> bool {
    let transcript = case.session.transcript;
    let rest = transcript.turns.get(reply.turns.start..).unwrap_or_default();
    let shown = rest.iter().map(|turn| transcript.text(turn).trim_ascii());
    let mut behind = shown.skip(reply.turns.len()).filter(|line| !line.is_empty());
    let hello = exchange.id().is_some_and(VerbId::is_hello);
    let named = || extensions::find(ehlo_line(reply.text.trim_ascii()).keyword).is_none();
    reply.text.trim_ascii_end().ends_with(b"...")
        || behind.next().is_some_and(is_ellipsis)
        || hello && reply.turns.len() == 1 && !named()
}
