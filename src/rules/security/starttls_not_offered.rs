//! A server without STARTTLS.

use super::encryption::{self, Encryption};
use crate::{
    protocol::verbs::VerbId,
    rules::{Case, Findings, masked::hides, rule},
    session::Offer,
};

rule! {
    /// The server answers EHLO and offers no STARTTLS.
    ///
    /// Mail to and from it crosses the network readable and changeable for everybody on the way. Where the
    /// server is known to offer STARTTLS elsewhere, something on the way took it out.
    ///
    /// ## What to do
    /// Give the server a certificate and switch STARTTLS on. Where it is on, compare with a session from
    /// another network.
    ///
    /// ## Flags
    /// ```smtp
    ///   S: 220 mx.example.net ESMTP
    ///   C: EHLO client.example
    /// ! S: 250-mx.example.net
    ///   S: 250 SIZE 10240000
    ///   C: QUIT
    ///   S: 221 2.0.0 Bye
    /// ```
    /// ## Accepts
    /// ```smtp
    ///   S: 220 mx.example.net ESMTP
    ///   C: EHLO client.example
    ///   S: 250-mx.example.net
    ///   S: 250 STARTTLS
    ///   C: STARTTLS
    ///   S: 220 2.0.0 Ready to start TLS
    ///   C: EHLO client.example
    ///   S: 250-mx.example.net
    ///   S: 250 SIZE 10240000
    ///   C: QUIT
    ///   S: 221 2.0.0 Bye
    /// ```
    "starttls-not-offered", Security, Note, Server,
    ["RFC 3207 §2", "RFC 8314 §3"], SINCE_2821,
    check
}

fn check(case: &Case<'_, '_>, findings: &mut Findings<'_, '_>) {
    let session = case.session;
    if session.offers.is_empty()
        || session.offers.iter().any(|offer| offer.tls || offer.has("STARTTLS"))
        || session.exchanges.iter().any(|exchange| exchange.id().is_some_and(VerbId::starts_tls))
        || case.is_at_home()
    {
        return;
    }
    let Some(offer) = session.offers.last() else { return };
    let Some(hello) = offer.exchange.and_then(|place| session.exchanges.get(place)) else { return };
    let Some(reply) = hello.reply.as_ref().filter(|reply| !reply.unterminated) else { return };
    // LMTP stays inside; a masked keyword may be STARTTLS; AUTH is offered inside TLS, too.
    if !hello.is(VerbId::Ehlo) || hides(offer) {
        return;
    }
    match encryption::at(session, hello) {
        Encryption::Absent => {}
        Encryption::Unknown if !hello.standing.midway && is_public(offer) => {}
        Encryption::Unknown | Encryption::InForce => return,
    }
    findings
        .on_reply(reply, "the server offers no STARTTLS")
        .help("give the server a certificate and switch STARTTLS on; where it is on, compare with a session from another network")
        .done();
}

/// Whether it is what a server offers to everybody: one that asks for passwords may be inside TLS.
fn is_public(offer: &Offer<'_>) -> bool {
    !offer.keywords.is_empty() && !offer.has("AUTH") && !offer.has("X-EXPS")
}
