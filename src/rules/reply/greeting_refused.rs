//! The server turned the client away with its first words.

use crate::rules::{Case, Findings, Wakes, quoted, rule};

rule! {
    /// The greeting refused the session.
    ///
    /// 421 says: not now, try again later. 554 and 521 say that this host takes no mail, from this client or from
    /// anybody. Often the text names a list, a limit, or a page that tells more.
    ///
    /// ## What to do
    /// Read the text. After 4xx a mail server tries again by itself; after 5xx somebody has to mend what the text
    /// says: a blocklist entry, missing reverse DNS, or the wrong host dialled.
    ///
    /// ## Flags
    /// ```smtp
    /// ! S: 554 mx.example.net no mail service here
    ///   C: QUIT
    ///   S: 221 2.0.0 Bye
    /// ```
    /// ## Accepts
    /// ```smtp
    ///   S: 220 mx.example.net ESMTP
    ///   C: QUIT
    ///   S: 221 2.0.0 Bye
    /// ```
    "greeting-refused", Reply, Error, Server,
    ["RFC 2821 §3.1", "RFC 5321 §3.1", "RFC 7504 §3", "RFC 821 §4.3"], ALL_EDITIONS,
    check, wakes: Wakes::NEGATIVE
}

fn check(case: &Case<'_, '_>, findings: &mut Findings<'_, '_>) {
    let Some(greeting) = case.session.greeting().filter(|reply| reply.is_refusal()) else { return };
    let text = case.session.reply_text(greeting);
    let help = if greeting.class() == 4 {
        "try again later; if it lasts, ask whoever runs the server, with the text of the refusal"
    } else {
        "read the text for the reason; trying again does not help until it is mended"
    };
    findings
        .on_reply(
            greeting,
            format!("the server refused the session with {} {}", greeting.code, quoted(&text)),
        )
        .help(help)
        .done();
}
