//! The greeting was masked by a Cisco firewall.

use super::fixup;
use crate::rules::{Case, Findings, Wakes, rule};

rule! {
    /// The greeting is masked as a Cisco firewall does: asterisks, with `2`, `0` and blanks left standing.
    ///
    /// PIX `fixup protocol smtp`, ASA and FWSM `inspect esmtp` and IOS `ip inspect` overwrite the server's
    /// name and product. The same inspection turns commands that it does not know into `XXXX` and hides
    /// keywords: no STARTTLS, no AUTH, mail that hangs at its final dot. A person who hides a name leaves
    /// words standing; the firewall does not.
    ///
    /// ## What to do
    /// Whoever runs the firewall in front of the server turns the inspection off, or lets TLS and the
    /// banner pass.
    ///
    /// ## Flags
    /// ```smtp
    /// ! S: 220 ***********************************2*******0*******
    ///   C: HELO client.example
    ///   S: 250 mx.example.net
    ///   C: QUIT
    ///   S: 221 Bye
    /// ```
    /// ## Accepts
    /// ```smtp
    ///   S: 220 *** ESMTP (name removed)
    ///   C: HELO client.example
    ///   S: 250 mx.example.net
    ///   C: QUIT
    ///   S: 221 Bye
    /// ```
    "fixup-banner", Middlebox, Error, Middlebox,
    ["RFC 5321 §4.2", "RFC 2821 §4.3.1", "RFC 821 §4.3"], ALL_EDITIONS,
    check, wakes: Wakes::line(fixup::is_mark)
}

fn check(case: &Case<'_, '_>, findings: &mut Findings<'_, '_>) {
    let Some((_, text)) = fixup::masked_greeting(case.session) else { return };
    let inspection = fixup::inspection(case.session);
    let message = format!(
        "a Cisco firewall between client and server masks the greeting ({})",
        inspection.words()
    );
    findings.on(text, message).help(inspection.remedy()).done();
}
