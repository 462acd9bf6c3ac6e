//! The server cannot check logins at the moment.

use crate::rules::{
    Case, Findings, Wakes,
    delivery::{self, Cause},
    rule,
};

rule! {
    /// The server cannot check logins at the moment.
    ///
    /// What it asks for passwords does not answer, or the account is held back for a while after too many
    /// tries. The password may well be right.
    ///
    /// ## What to do
    /// Try again later. Whoever runs the server looks at its authentication service.
    ///
    /// ## Flags
    /// ```smtp
    ///   S: 220 smtp.example.net ESMTP
    ///   C: EHLO client.example
    ///   S: 250-smtp.example.net
    ///   S: 250 STARTTLS
    ///   C: STARTTLS
    ///   S: 220 2.0.0 go ahead
    ///   C: EHLO client.example
    ///   S: 250-smtp.example.net
    ///   S: 250 AUTH PLAIN CRAM-MD5
    ///   C: AUTH CRAM-MD5
    ///   S: 334 PDEyMzQ1LjY3ODkwQHNtdHAuZXhhbXBsZS5uZXQ+
    ///   C: YSA3Njk1YTIzZjI4ZTk2ZDAyZGZhYjVhNTBlNTJmMDk0Zg==
    /// ! S: 454 4.7.0 Temporary authentication failure
    ///   C: QUIT
    ///   S: 221 2.0.0 Bye
    /// ```
    /// ## Accepts
    /// ```smtp
    ///   S: 220 smtp.example.net ESMTP
    ///   C: EHLO client.example
    ///   S: 250-smtp.example.net
    ///   S: 250 STARTTLS
    ///   C: STARTTLS
    ///   S: 220 2.0.0 go ahead
    ///   C: EHLO client.example
    ///   S: 250-smtp.example.net
    ///   S: 250 AUTH PLAIN CRAM-MD5
    ///   C: AUTH CRAM-MD5
    ///   S: 334 PDEyMzQ1LjY3ODkwQHNtdHAuZXhhbXBsZS5uZXQ+
    ///   C: YSA3Njk1YTIzZjI4ZTk2ZDAyZGZhYjVhNTBlNTJmMDk0Zg==
    ///   S: 535 5.7.8 Error: authentication failed
    ///   C: QUIT
    ///   S: 221 2.0.0 Bye
    /// ```
    "auth-unavailable", Delivery, Warning, Server,
    ["RFC 4954 §6"], ALL_EDITIONS,
    check, wakes: Wakes::REFUSAL
}

fn check(case: &Case<'_, '_>, findings: &mut Findings<'_, '_>) {
    delivery::raise(Cause::AuthUnavailable, case, findings);
}
