//! Mechanisms that hand over the password, offered where everybody can listen.

use super::encryption::{self, Encryption};
use crate::{
    grammar::phrase,
    protocol::mechanisms::{self, Mechanism},
    rules::{Case, Findings, Of, Told, Wakes, rule},
};

rule! {
    /// The server offers PLAIN, LOGIN or another mechanism that hands over the secret, before TLS.
    ///
    /// A client that takes the offer sends its password in the open. Servers offer such mechanisms only
    /// inside TLS (RFC 4954 §4).
    ///
    /// ## What to do
    /// Offer AUTH only inside TLS: `smtpd_tls_auth_only = yes` in Postfix, `auth_advertise_hosts` with
    /// `$tls_in_cipher` in Exim, `O AuthOptions=p` in Sendmail.
    ///
    /// ## Flags
    /// ```smtp
    ///   S: 220 mail.example.net ESMTP
    ///   C: EHLO client.example
    ///   S: 250-mail.example.net
    ///   S: 250-STARTTLS
    /// ! S: 250 AUTH PLAIN LOGIN
    ///   C: QUIT
    ///   S: 221 2.0.0 Bye
    /// ```
    /// ## Accepts
    /// ```smtp
    ///   S: 220 mail.example.net ESMTP
    ///   C: EHLO client.example
    ///   S: 250-mail.example.net
    ///   S: 250 STARTTLS
    ///   C: STARTTLS
    ///   S: 220 2.0.0 Ready to start TLS
    ///   C: EHLO client.example
    ///   S: 250-mail.example.net
    ///   S: 250 AUTH PLAIN LOGIN
    ///   C: QUIT
    ///   S: 221 2.0.0 Bye
    /// ```
    "auth-offered-without-tls", Security, Warning, Server,
    ["RFC 4954 §4", "RFC 4616 §4", "RFC 8314 §3.3"], SINCE_2821,
    check, wakes: Wakes::line(may_offer)
}

fn may_offer(told: &Told<'_>) -> bool {
    matches!(told.of, Of::Hello | Of::Keyword) && phrase::contains(told.text, b"AUTH")
}

fn check(case: &Case<'_, '_>, findings: &mut Findings<'_, '_>) {
    let session = case.session;
    for offer in session.offers.iter().filter(|offer| !offer.tls) {
        let hello = offer.exchange.and_then(|place| session.exchanges.get(place));
        let Some(hello) = hello else { continue };
        let plaintext = |name: &&[u8]| mechanisms::find(name).is_some_and(Mechanism::is_plaintext);
        let offered = offer.keywords.iter().find_map(|keyword| {
            if !keyword.keyword.eq_ignore_ascii_case(b"AUTH") {
                return None;
            }
            let words = keyword.params.split(u8::is_ascii_whitespace);
            let names: Vec<&[u8]> = words.filter(plaintext).collect();
            (!names.is_empty()).then_some((keyword, names))
        });
        let Some((keyword, names)) = offered else { continue };
        if encryption::at(session, hello) != Encryption::Absent {
            continue;
        }
        let Some(turn) = session.turn(keyword.turn) else { continue };
        let names = String::from_utf8_lossy(&names.join(&b", "[..])).to_ascii_uppercase();
        findings
            .on_turn(turn, format!("the server offers AUTH {names} before TLS"))
            .help("let the server offer these mechanisms only inside TLS")
            .done();
        return;
    }
}
