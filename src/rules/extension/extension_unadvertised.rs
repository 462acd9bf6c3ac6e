//! A verb of an extension that was not offered.

use super::evidence::{Offered, commands, may_have, offered};
use crate::{
    rules::{Case, Findings, Wakes, quoted, rule},
    transcript::Method,
};

rule! {
    /// The client used a command that belongs to an extension which the server had not offered.
    ///
    /// A server that does not offer an extension need not know its commands, and may take what follows for
    /// something else. After HELO nothing is offered at all.
    ///
    /// ## What to do
    /// Send EHLO, read the list, and use only what it holds. If the list differs from what the server is
    /// known to offer, look for a firewall or proxy that filters it, or for an offer that comes only inside TLS.
    ///
    /// ## Flags
    /// ```smtp
    ///   S: 220 mx.example.net ESMTP
    ///   C: EHLO client.example
    ///   S: 250-mx.example.net
    ///   S: 250 SIZE 10240000
    /// ! C: STARTTLS
    ///   S: 502 5.5.1 command not implemented
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
    ///   S: 454 4.7.0 TLS not available due to local problem
    ///   C: QUIT
    ///   S: 221 2.0.0 Bye
    /// ```
    "extension-unadvertised", Extension, Warning, Client,
    ["RFC 1869 §4.3", "RFC 2821 §2.2.1", "RFC 5321 §2.2.1"], SINCE_2821,
    check, wakes: Wakes::EXTENSION
}

fn check(case: &Case<'_, '_>, findings: &mut Findings<'_, '_>) {
    for exchange in commands(case) {
        let Some(verb) = exchange.verb else { continue };
        let Some(keyword) = verb.keyword else { continue };
        // STARTTLS inside TLS and AUTH after AUTH have rules of their own.
        if verb.id.starts_tls() && exchange.standing.flags.tls
            || verb.id.is_auth() && exchange.standing.flags.authenticated
        {
            continue;
        }
        let name = || quoted(verb.name.as_bytes());
        let message = match offered(case, exchange) {
            Some(Offered::List(offer)) if !may_have(offer, keyword) => {
                format!("the client sent {}, but the server had not offered {keyword}", name())
            }
            Some(Offered::Nothing) => {
                format!("the client sent {} after HELO, where no extension is on offer", name())
            }
            Some(Offered::NotAsked) if typed_too_early(case) => {
                format!("the client sent {} without EHLO: nothing had been offered", name())
            }
            _ => continue,
        };
        findings
            .on_exchange(exchange, message)
            .help("send EHLO, read its reply, and use only what that lists")
            .done();
    }
}

/// A dialogue typed by hand shows every line; a tool may leave out its EHLO.
fn typed_too_early(case: &Case<'_, '_>) -> bool {
    case.session.transcript.method == Method::Inferred && case.session.greeting().is_some()
}
