//! Offered, and then not known.

use super::evidence::{Offered, commands, mechanisms, offered};
use crate::{
    protocol::{extensions, verbs::VerbId},
    rules::{Case, Findings, Wakes, quoted, rule},
    session::{Exchange, Offer, Reply},
};

rule! {
    /// The server refused what it had offered: an extension's command, parameter or mechanism.
    ///
    /// Its list and its abilities differ: a missing certificate or module, a proxy that writes the list for
    /// another server, a firewall that lets the list through but not the command.
    ///
    /// ## What to do
    /// Look into the server's log for the reason (STARTTLS: certificate and key; AUTH: the backend that
    /// checks passwords), and compare with a session that does not cross the firewall.
    ///
    /// ## Flags
    /// ```smtp also=starttls-stripped
    ///   S: 220 mx.example.net ESMTP
    ///   C: EHLO client.example
    ///   S: 250-mx.example.net
    ///   S: 250 STARTTLS
    ///   C: STARTTLS
    /// ! S: 502 5.5.1 command not implemented
    ///   C: QUIT
    ///   S: 221 2.0.0 Bye
    /// ```
    /// ## Accepts
    /// ```smtp also=auth-failed
    ///   S: 220 mx.example.net ESMTP
    ///   C: EHLO client.example
    ///   S: 250-mx.example.net
    ///   S: 250 SIZE 1000
    ///   C: MAIL FROM:<a@client.example> SIZE=2000
    ///   S: 552 5.3.4 message too large
    ///   C: QUIT
    ///   S: 221 2.0.0 Bye
    /// ```
    "extension-refused", Extension, Warning, Server,
    ["RFC 1869 §4.3", "RFC 2821 §4.2.4", "RFC 5321 §4.2.4"], SINCE_2821,
    check, wakes: Wakes::NEGATIVE
}

fn check(case: &Case<'_, '_>, findings: &mut Findings<'_, '_>) {
    for exchange in commands(case) {
        let Some(reply) = exchange.reply.as_ref().filter(|reply| reply.is_refusal()) else {
            continue;
        };
        let Some(Offered::List(offer)) = offered(case, exchange) else { continue };
        let Some(what) = refused(exchange, reply, offer) else { continue };
        let message = format!(
            "the server offered {what}, and answered {} {}",
            reply.code,
            quoted(reply.text)
        );
        findings
            .on_reply(reply, message)
            .help("look into the server's log for the reason, and compare with a session that crosses no firewall or proxy")
            .done();
    }
}

/// What was offered and is refused as if nobody knew it.
fn refused(exchange: &Exchange<'_>, reply: &Reply<'_>, offer: &Offer<'_>) -> Option<String> {
    let verb = exchange.verb?;
    if let Some(keyword) = verb.keyword {
        if !offer.has(keyword) || verb.id.starts_tls() && exchange.standing.flags.tls {
            return None;
        }
        // 454 is the one word that RFC 3207 §4 has for a server whose TLS is out of order.
        let unknown = match verb.id {
            VerbId::Starttls => matches!(reply.code, 454 | 500 | 502 | 504 | 550 | 554),
            id if id.is_auth() => {
                let mechanism = mechanism(exchange);
                let listed = mechanisms(offer, keyword)
                    .any(|listed| mechanism.is_some_and(|name| name.eq_ignore_ascii_case(listed)));
                matches!(reply.code, 500 | 502) || reply.code == 504 && listed
            }
            _ => matches!(reply.code, 500 | 502 | 504),
        };
        return unknown.then(|| keyword.to_owned());
    }
    if reply.code != 555 && reply.code != 504 {
        return None;
    }
    let path = exchange.command.as_ref()?.parsed.path()?;
    let known = |name: &[u8], value| {
        extensions::parameter(verb.id, name, value).filter(|(known, _)| offer.has(known.keyword))
    };
    // All of them were offered: then one of them is refused.
    let all = !path.params.is_empty()
        && path.params.iter().all(|param| known(param.name, param.value).is_some());
    let first = path.params.first()?;
    all.then(|| String::from_utf8_lossy(first.name).to_ascii_uppercase())
}

fn mechanism<'t>(exchange: &Exchange<'t>) -> Option<&'t [u8]> {
    match &exchange.command.as_ref()?.parsed.detail {
        crate::grammar::Argument::Auth(auth) => Some(auth.mechanism),
        _ => None,
    }
}
