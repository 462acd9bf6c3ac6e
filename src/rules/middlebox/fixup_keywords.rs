//! EHLO keywords were overwritten by a Cisco firewall.

use super::fixup::{self, Inspection, Unmasked};
use crate::{
    rules::{Case, Confidence, Findings, Wakes, quoted, rule, spot_of},
    session::{Keyword, Offer},
};

rule! {
    /// A keyword of the EHLO reply is overwritten with X and a counting letter, as ASA `inspect esmtp` does.
    ///
    /// The firewall hides what it does not know, and the length of the X tells what it was: eight octets
    /// where the server prints STARTTLS are STARTTLS. Clients that need the extension give up, or go on
    /// without encryption.
    ///
    /// ## What to do
    /// Whoever runs the firewall turns the inspection off, or allows the extensions (`allow-tls`).
    ///
    /// ## Flags
    /// ```smtp also=fixup-banner,starttls-stripped,hello-name-invalid
    ///   S: 220 *****************************
    ///   C: EHLO client.example
    ///   S: 250-mx.example.net
    ///   S: 250-PIPELINING
    ///   S: 250-SIZE 10240000
    /// ! S: 250-XXXXXXXA
    ///   S: 250 8BITMIME
    ///   C: QUIT
    ///   S: 221 2.0.0 Bye
    /// ```
    /// ## Accepts
    /// ```smtp
    ///   S: 220 mx.example.net ESMTP
    ///   C: EHLO client.example
    ///   S: 250-mx.example.net
    ///   S: 250-XCLIENT NAME ADDR
    ///   S: 250-XFORWARD NAME ADDR
    ///   S: 250 X-EXPS GSSAPI
    ///   C: QUIT
    ///   S: 221 2.0.0 Bye
    /// ```
    "fixup-keywords", Middlebox, Error, Middlebox,
    ["RFC 5321 §4.1.1.1", "RFC 2821 §4.1.1.1"], SINCE_2821,
    check, wakes: Wakes::line(fixup::is_mark)
}

fn check(case: &Case<'_, '_>, findings: &mut Findings<'_, '_>) {
    let session = case.session;
    for (offer, keyword) in fixup::masked_keywords(session) {
        let shown = quoted(keyword.keyword);
        let (what, confidence) = match fixup::unmask(offer, keyword) {
            Unmasked::Certain(name) => {
                (format!("; by its length and place it was {name}"), Confidence::Certain)
            }
            Unmasked::Likely(name) => {
                (format!("; by its length it was probably {name}"), Confidence::Certain)
            }
            Unmasked::Unknown => (String::new(), Confidence::Likely),
        };
        let lost = if is_behind_a_gap(offer, keyword) {
            "; the lines are lettered, and one before it is missing from this record"
        } else {
            ""
        };
        let message = format!(
            "a Cisco firewall (`inspect esmtp`) overwrote a keyword with {shown}{what}{lost}"
        );
        let raised = findings
            .on(keyword.keyword, message)
            .help(Inspection::Esmtp.remedy())
            .confidence(confidence);
        match fixup::masked_greeting(session) {
            Some((_, text)) => raised
                .evidence(spot_of(session, text), "the greeting is masked too")
                .because_of("fixup-banner")
                .done(),
            None => raised.done(),
        }
    }
}

/// Whether the letter that counts the overwritten lines goes on by more than one.
fn is_behind_a_gap(offer: &Offer<'_>, keyword: &Keyword<'_>) -> bool {
    let letter = |keyword: &Keyword<'_>| keyword.keyword.last().copied().unwrap_or_default();
    let own = letter(keyword);
    let masked = offer.keywords.iter().filter(|other| fixup::is_masked_keyword(other.keyword));
    let before = masked.take_while(|other| other.turn != keyword.turn).last();
    own > before.map_or(b'A', |before| letter(before).saturating_add(1))
}
