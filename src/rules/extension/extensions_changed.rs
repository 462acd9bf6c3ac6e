//! A second list that differs from the first.

use super::evidence::{is_whole, mechanisms};
use crate::{
    rules::{Case, Findings, Wakes, rule},
    session::Offer,
};

rule! {
    /// The list after TLS or AUTH differs from the first one in a way worth knowing.
    ///
    /// That STARTTLS goes and AUTH comes is as it should be. Where other extensions come or go, or the limit of
    /// SIZE changes, a client that uses the first list does the wrong thing; and often two different machines
    /// answer.
    ///
    /// ## What to do
    /// Use the list in force, never the one before TLS. If the change is not meant, look for a proxy that
    /// answers before TLS in the server's place.
    ///
    /// ## Flags
    /// ```smtp
    ///   S: 220 mx.example.net ESMTP
    ///   C: EHLO client.example
    ///   S: 250-mx.example.net
    ///   S: 250-SIZE 1000
    ///   S: 250 STARTTLS
    ///   C: STARTTLS
    ///   S: 220 2.0.0 Ready to start TLS
    ///   C: EHLO client.example
    /// ! S: 250-mx.example.net
    ///   S: 250 PIPELINING
    ///   C: QUIT
    ///   S: 221 2.0.0 Bye
    /// ```
    /// ## Accepts
    /// ```smtp
    ///   S: 220 mx.example.net ESMTP
    ///   C: EHLO client.example
    ///   S: 250-mx.example.net
    ///   S: 250-SIZE 1000
    ///   S: 250 STARTTLS
    ///   C: STARTTLS
    ///   S: 220 2.0.0 Ready to start TLS
    ///   C: EHLO client.example
    ///   S: 250-mx.example.net
    ///   S: 250-SIZE 1000
    ///   S: 250-REQUIRETLS
    ///   S: 250 AUTH PLAIN LOGIN
    ///   C: QUIT
    ///   S: 221 2.0.0 Bye
    /// ```
    "extensions-changed", Extension, Note, Server,
    ["RFC 3207 §4.2", "RFC 4954 §4"], SINCE_2821,
    check, wakes: Wakes::OFFER_AGAIN
}

/// What is expected to come or go with TLS and AUTH.
const EXPECTED: &[&str] = &[
    "STARTTLS",
    "AUTH",
    "X-EXPS",
    "X-ANONYMOUSTLS",
    "REQUIRETLS",
    "BURL",
    "XCLIENT",
    "XFORWARD",
    "HELP",
    "OK",
];

fn check(case: &Case<'_, '_>, findings: &mut Findings<'_, '_>) {
    let session = case.session;
    for pair in session.offers.windows(2) {
        let [before, now] = pair else { continue };
        if is_same(before, now) || !is_whole(case, before) || !is_whole(case, now) {
            continue;
        }
        let hello = now.exchange.and_then(|place| session.exchanges.get(place));
        let Some(reply) = hello.and_then(|exchange| exchange.reply.as_ref()) else { continue };
        let message = if now.tls && now.has("STARTTLS") {
            "the server offers STARTTLS inside TLS".to_owned()
        } else {
            let (gone, come) = (without(before, now), without(now, before));
            let size = |offer: &Offer<'_>| offer.get("SIZE").map(|size| size.params.to_vec());
            let mut changes = Vec::new();
            if !gone.is_empty() {
                changes.push(format!("{} went", gone.join(", ")));
            }
            if !come.is_empty() {
                changes.push(format!("{} came", come.join(", ")));
            }
            if let (Some(old), Some(new)) = (size(before), size(now))
                && old != new
            {
                changes.push(format!(
                    "SIZE changed from {} to {}",
                    String::from_utf8_lossy(&old),
                    String::from_utf8_lossy(&new)
                ));
            }
            let fewer = mechanisms(before, "AUTH").any(|one| {
                now.has("AUTH")
                    && !mechanisms(now, "AUTH").any(|other| other.eq_ignore_ascii_case(one))
            });
            if fewer {
                changes.push("AUTH lists fewer mechanisms".to_owned());
            }
            if changes.is_empty() {
                continue;
            }
            format!("the second list of extensions differs: {}", changes.join("; "))
        };
        findings
            .on_reply(reply, message)
            .help("use the list in force; look for a proxy if the change is not meant")
            .done();
    }
}

/// Whether two offers list the same in the same order, but for STARTTLS, which went: what is expected when
/// TLS begins.
fn is_same(before: &Offer<'_>, now: &Offer<'_>) -> bool {
    let is_starttls = |name: &[u8]| name.eq_ignore_ascii_case(b"STARTTLS");
    let told = now.keywords.iter().map(|it| (it.keyword, it.params));
    let rest = before.keywords.iter().filter(|it| !is_starttls(it.keyword));
    !now.has("STARTTLS") && rest.map(|it| (it.keyword, it.params)).eq(told)
}

/// The keywords of one offer that the other lacks, except for those that are expected to change.
fn without(one: &Offer<'_>, other: &Offer<'_>) -> Vec<String> {
    let names = one.keywords.iter().map(|keyword| keyword.keyword);
    let expected =
        |name: &[u8]| EXPECTED.iter().any(|known| name.eq_ignore_ascii_case(known.as_bytes()));
    names
        .filter(|name| !other.keywords.iter().any(|there| there.keyword.eq_ignore_ascii_case(name)))
        .filter(|name| !expected(name))
        .map(|name| String::from_utf8_lossy(name).to_ascii_uppercase())
        .collect()
}
