//! STARTTLS was taken away between client and server.

use super::fixup::{self, Unmasked};
use crate::rules::{Case, Confidence, Findings, Wakes, quoted, rule};

rule! {
    /// STARTTLS was offered and then refused as unknown, or its keyword is masked.
    ///
    /// Something between client and server takes encryption away: an inspecting firewall, a proxy, or
    /// somebody who wants to read along. A client that insists on TLS fails; one that does not sends mail
    /// and passwords in the open.
    ///
    /// ## What to do
    /// Look at the box in front of the server. Compare with a session from another network. Let the client
    /// insist on TLS (MTA-STS, DANE), so that it rather fails than falls back.
    ///
    /// ## Flags
    /// ```smtp also=extension-refused
    ///   S: 220 mx.example.net ESMTP
    ///   C: EHLO client.example
    ///   S: 250-mx.example.net
    ///   S: 250 STARTTLS
    ///   C: STARTTLS
    /// ! S: 500 5.5.1 Command unrecognized
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
    ///   S: 250 mx.example.net
    ///   C: QUIT
    ///   S: 221 2.0.0 Bye
    /// ```
    "starttls-stripped", Middlebox, Error, Middlebox,
    ["RFC 3207 §4", "RFC 3207 §6"], SINCE_2821,
    check, wakes: Wakes::line(fixup::is_mark).or(Wakes::STARTTLS)
}

fn check(case: &Case<'_, '_>, findings: &mut Findings<'_, '_>) {
    let session = case.session;
    let help = "compare with a session from another network; look for a firewall or proxy that inspects \
                SMTP; let the client insist on TLS";
    for (_, exchange) in case.exchanges() {
        let Some(verb) = exchange.verb.filter(|verb| verb.id.starts_tls()) else { continue };
        let Some(reply) = &exchange.reply else { continue };
        let offered = session.offer(exchange).is_some_and(|offer| offer.has(verb.name));
        // 454 is the server's own word for a TLS that is out of order (RFC 3207 §4).
        if !offered || exchange.standing.flags.tls || !is_foreign(reply.code) {
            continue;
        }
        let message = format!(
            "{} was offered, and then answered {} {}",
            verb.name,
            reply.code,
            quoted(reply.text)
        );
        findings.on_reply(reply, message).help(help).confidence(Confidence::Likely).done();
    }
    for (offer, keyword) in fixup::masked_keywords(session) {
        let (Unmasked::Certain("STARTTLS") | Unmasked::Likely("STARTTLS")) =
            fixup::unmask(offer, keyword)
        else {
            continue;
        };
        if offer.has("STARTTLS") {
            continue;
        }
        findings
            .on(
                keyword.keyword,
                format!(
                    "{} hides STARTTLS: the dialogue stays unencrypted",
                    quoted(keyword.keyword)
                ),
            )
            .help(fixup::Inspection::Esmtp.remedy())
            .because_of("fixup-keywords")
            .done();
    }
}

/// Answers that a server which offers STARTTLS does not give: another code of success, or a lasting refusal
/// that is about neither syntax, order, nor policy.
const fn is_foreign(code: u16) -> bool {
    match code / 100 {
        2 | 3 => code != 220 && code != 221,
        5 => !matches!(code, 501 | 503 | 530 | 538),
        _ => false,
    }
}
