//! EHLO was refused where HELO was accepted.

use super::fixup;
use crate::{
    protocol::verbs::VerbId,
    rules::{Case, Confidence, Findings, Wakes, quoted, rule},
};

rule! {
    /// EHLO was refused and HELO accepted, by a server that calls itself an ESMTP server or behind a box
    /// that lets only HELO pass.
    ///
    /// Every server of the last twenty years knows EHLO. Where it answers 500 or 502, something between
    /// client and server overwrites the command, or an old inspection is at work. Without EHLO there is no
    /// TLS, no AUTH, no SIZE, no 8-bit text.
    ///
    /// ## What to do
    /// Look for a firewall or gateway in front of the server that inspects SMTP, and turn that off.
    ///
    /// ## Flags
    /// ```smtp also=required-command-refused
    ///   S: 220 mx.example.net ESMTP
    /// ! C: EHLO client.example
    ///   S: 502 5.5.1 Unrecognized command
    ///   C: HELO client.example
    ///   S: 250 mx.example.net
    ///   C: QUIT
    ///   S: 221 2.0.0 Bye
    /// ```
    /// ## Accepts
    /// ```smtp
    ///   S: 220 mx.example.net ESMTP
    ///   C: EHLO client.example
    ///   S: 250 mx.example.net
    ///   C: QUIT
    ///   S: 221 2.0.0 Bye
    /// ```
    "esmtp-blocked", Middlebox, Warning, Middlebox,
    ["RFC 5321 §4.1.1.1", "RFC 2821 §4.1.1.1"], SINCE_2821,
    check, wakes: Wakes::NEGATIVE
}

fn check(case: &Case<'_, '_>, findings: &mut Findings<'_, '_>) {
    let session = case.session;
    let Some((place, ehlo)) =
        session.of_verb(VerbId::Ehlo).find(|(_, exchange)| matches!(exchange.code(), 500 | 502))
    else {
        return;
    };
    let helo =
        session.of_verb(VerbId::Helo).any(|(later, exchange)| later > place && exchange.accepted());
    let ehlo_works = session.of_verb(VerbId::Ehlo).any(|(_, exchange)| exchange.accepted());
    let esmtp = session
        .greeting()
        .is_some_and(|greeting| memchr::memmem::find(greeting.text, b"ESMTP").is_some());
    let inspected = fixup::is_inspected(session) || fixup::quoted_mask(session).is_some();
    if ehlo_works || !(helo || inspected) || !(esmtp || inspected) {
        return;
    }
    let text = ehlo.reply.as_ref().map_or(&b""[..], |reply| reply.text);
    let raised = findings
        .on_exchange(ehlo, format!("EHLO was refused with {}, although the server speaks ESMTP", quoted(text)))
        .help("look for a firewall or gateway that inspects SMTP in front of the server, and turn that off");
    if fixup::masked_greeting(session).is_some() {
        raised.because_of("fixup-banner").done();
    } else if inspected {
        raised.because_of("fixup-command").done();
    } else {
        raised.confidence(Confidence::Likely).done();
    }
}
