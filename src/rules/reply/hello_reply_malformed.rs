//! The reply to EHLO is the server's name, then one keyword a line.

use super::evidence;
use crate::{
    grammar::{ehlo_line, host_line},
    protocol::{extensions, verbs::VerbId},
    rules::{Case, Findings, Of, Wakes, quoted, rule},
    session::Reply,
};

rule! {
    /// The reply to EHLO breaks its grammar.
    ///
    /// Its first line names the server, each further one holds one keyword with its parameters. A client reads the
    /// first line as a name whatever it says: a keyword there is lost, and an empty line offers nothing. A space
    /// behind its code ends the reply: clients take the keywords behind it for replies to what they send next.
    ///
    /// ## What to do
    /// Mend the server or the proxy that writes the list. Put the host name first.
    ///
    /// ## Flags
    /// ```smtp
    ///   S: 220 mx.example.net ESMTP
    ///   C: EHLO client.example
    /// ! S: 250-PIPELINING
    ///   S: 250-STARTTLS
    ///   S: 250 SIZE 10240000
    ///   C: QUIT
    ///   S: 221 2.0.0 Bye
    /// ```
    /// ```smtp
    ///   S: 220 mx.example.net ESMTP
    ///   C: EHLO client.example
    /// ! S: 250 mx.example.net
    ///   S: 250 SIZE 10240000
    ///   C: QUIT
    ///   S: 221 2.0.0 Bye
    /// ```
    /// ## Accepts
    /// ```smtp
    ///   S: 220 mx.example.net ESMTP
    ///   C: EHLO client.example
    ///   S: 250-mx.example.net
    ///   S: 250 SIZE 10240000
    ///   C: QUIT
    ///   S: 221 2.0.0 Bye
    /// ```
    "hello-reply-malformed", Reply, Warning, Server,
    ["RFC 1869 §4.3", "RFC 2821 §4.1.1.1", "RFC 5321 §4.1.1.1"], SINCE_2821,
    check, wakes: Wakes::line(|told| told.of == Of::Hello && (!host_line(told.text.trim_ascii()).name.contains(&b'.') || told.parsed.is_some_and(|line| !line.continues())))
}

fn check(case: &Case<'_, '_>, findings: &mut Findings<'_, '_>) {
    for (exchange, reply) in evidence::replies(case) {
        if !exchange.is(VerbId::Ehlo) || exchange.inferred || reply.code != 250 {
            continue;
        }
        let several = reply.turns.len() > 1;
        let first = host_line(reply.text.trim_ascii()).name;
        let keyword = several
            && !first.contains(&b'.')
            && extensions::find(ehlo_line(reply.text.trim_ascii()).keyword).is_some();
        let message = if keyword {
            format!(
                "the first line holds the keyword {} instead of the server's name",
                quoted(first)
            )
        } else if several && ends_early(case, reply) {
            "the first line ends the reply, and keywords come behind it".to_owned()
        } else if several && reply.text.trim_ascii().is_empty() && case.is_sure() {
            "the first line of the reply to EHLO names no server".to_owned()
        } else {
            continue;
        };
        findings
            .on_reply(reply, message)
            .help("the first line is the server's host name; keywords follow, one a line")
            .done();
    }
}

/// Whether the first line of a reply says that it is the last one.
fn ends_early(case: &Case<'_, '_>, reply: &Reply<'_>) -> bool {
    let first = case.session.reply_lines(reply).next();
    first.and_then(|(_, line, _)| line).is_some_and(|line| !line.continues())
}
