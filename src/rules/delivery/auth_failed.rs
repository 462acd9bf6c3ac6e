//! The server did not accept the login.

use crate::rules::{
    Case, Findings, Wakes,
    delivery::{self, Cause},
    rule,
};

rule! {
    /// The server did not accept the login.
    ///
    /// User name or password is wrong, the account is switched off or may not log in over SMTP, or a second
    /// factor is wanted that a mail program does not have. Where a later login succeeded it is a warning.
    ///
    /// ## What to do
    /// Check user name (often the whole address) and password. With two-step verification make an app
    /// password or use OAuth; in Exchange Online see that SMTP AUTH is switched on.
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
    /// ! S: 535 5.7.8 Error: authentication failed
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
    ///   S: 235 2.7.0 Authentication successful
    ///   C: QUIT
    ///   S: 221 2.0.0 Bye
    /// ```
    "auth-failed", Delivery, Error, Client,
    ["RFC 4954 §6", "RFC 4954 §4"], ALL_EDITIONS,
    check, wakes: Wakes::REFUSAL
}

fn check(case: &Case<'_, '_>, findings: &mut Findings<'_, '_>) {
    delivery::raise(Cause::AuthFailed, case, findings);
}
