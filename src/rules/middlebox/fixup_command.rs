//! A command was overwritten by a Cisco firewall.

use super::fixup;
use crate::rules::{Case, Confidence, Findings, Wakes, quoted, rule};

rule! {
    /// The server refuses a command that a Cisco firewall overwrote with X, or one that it never lets pass.
    ///
    /// The firewall answers nothing itself: the 500 comes from the server, which received `XXXX` in the
    /// place of EHLO, STARTTLS or AUTH. A terminal that sends each letter in a packet of its own makes it
    /// overwrite even HELO.
    ///
    /// ## What to do
    /// Whoever runs the firewall turns the inspection off. Until then, plain HELO with whole lines passes.
    ///
    /// ## Flags
    /// ```smtp also=fixup-banner,esmtp-blocked,required-command-refused
    ///   S: 220 *****************************
    ///   C: EHLO client.example
    /// ! S: 500 5.5.1 Command unrecognized: "XXXX client.example"
    ///   C: HELO client.example
    ///   S: 250 mx.example.net
    ///   C: QUIT
    ///   S: 221 2.0.0 Bye
    /// ```
    /// ## Accepts
    /// ```smtp
    ///   S: 220 mx.example.net ESMTP
    ///   C: HELO client.example
    ///   S: 250 mx.example.net
    ///   C: XYZZY
    ///   S: 500 5.5.1 Command unrecognized: "XYZZY"
    ///   C: QUIT
    ///   S: 221 2.0.0 Bye
    /// ```
    "fixup-command", Middlebox, Error, Middlebox,
    ["RFC 5321 §2.4", "RFC 2821 §2.4", "RFC 821 §4.1.1"], ALL_EDITIONS,
    check, wakes: Wakes::line(fixup::is_mark).or(Wakes::ODD_COMMAND)
}

fn check(case: &Case<'_, '_>, findings: &mut Findings<'_, '_>) {
    let session = case.session;
    let remedy = fixup::inspection(session).remedy();
    if let Some((exchange, reply)) = fixup::quoted_mask(session) {
        let verb = exchange.verb.map_or("a command", |verb| verb.name);
        let message =
            format!("the server received X in the place of {verb}: {}", quoted(reply.text));
        let raised = findings.on_reply(reply, message).help(remedy);
        if fixup::masked_greeting(session).is_some() {
            raised.because_of("fixup-banner").done();
        } else if fixup::masked_keywords(session).next().is_some() {
            raised.because_of("fixup-keywords").done();
        } else {
            raised.done();
        }
        return;
    }
    if !fixup::is_inspected(session) {
        return;
    }
    let cause =
        if fixup::masked_greeting(session).is_some() { "fixup-banner" } else { "fixup-keywords" };
    for (_, exchange) in
        case.exchanges().filter(|(_, exchange)| fixup::refused_as_unknown(exchange))
    {
        let (Some(verb), Some(reply)) = (exchange.verb, &exchange.reply) else { continue };
        let message =
            format!("{} did not get through the firewall: {}", verb.name, quoted(reply.text));
        findings
            .on_reply(reply, message)
            .help(remedy)
            .confidence(Confidence::Likely)
            .because_of(cause)
            .done();
    }
}
