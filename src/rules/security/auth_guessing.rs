//! One failed AUTH after the other.

use super::dialogue::dialogues;
use crate::rules::{Case, Confidence, Findings, rule};

/// From how many failures on it is guessing; a program that tries each mechanism once fails as often as
/// there are mechanisms.
const FAILURES: usize = 3;

rule! {
    /// AUTH failed again and again in one session.
    ///
    /// Somebody guesses passwords, or a program keeps trying with one that was changed long ago.
    ///
    /// ## What to do
    /// If the client is yours, correct its password and let it stop after the first 535. Otherwise let the
    /// server close the connection after a few failures and block the address (fail2ban and its like).
    ///
    /// ## Flags
    /// ```smtp also=auth-failed,rejected,credentials-exposed,auth-offered-without-tls
    ///   S: 220 mail.example.net ESMTP
    ///   C: EHLO client.example
    ///   S: 250-mail.example.net
    ///   S: 250-STARTTLS
    ///   S: 250 AUTH CRAM-MD5
    /// ! C: AUTH CRAM-MD5
    ///   S: 334 PDE4OTYuNjk3MTcwOTUyQG1haWwuZXhhbXBsZS5uZXQ+
    ///   C: YW5uIGI5MTNhNjAyYzdlZGE3YTQ5NWI0ZTZlNzMzNGQzODkw
    ///   S: 535 5.7.8 Authentication credentials invalid
    /// ! C: AUTH CRAM-MD5
    ///   S: 334 PDE4OTYuNjk3MTcwOTUzQG1haWwuZXhhbXBsZS5uZXQ+
    ///   C: Ym9iIGI5MTNhNjAyYzdlZGE3YTQ5NWI0ZTZlNzMzNGQzODkx
    ///   S: 535 5.7.8 Authentication credentials invalid
    /// ! C: AUTH CRAM-MD5
    ///   S: 334 PDE4OTYuNjk3MTcwOTU0QG1haWwuZXhhbXBsZS5uZXQ+
    ///   C: ZXZlIGI5MTNhNjAyYzdlZGE3YTQ5NWI0ZTZlNzMzNGQzODky
    ///   S: 535 5.7.8 Authentication credentials invalid
    ///   C: QUIT
    ///   S: 221 2.0.0 Bye
    /// ```
    /// ## Accepts
    /// ```smtp
    ///   S: 220 mail.example.net ESMTP
    ///   C: EHLO client.example
    ///   S: 250-mail.example.net
    ///   S: 250 AUTH CRAM-MD5
    ///   C: AUTH CRAM-MD5
    ///   S: 334 PDE4OTYuNjk3MTcwOTUyQG1haWwuZXhhbXBsZS5uZXQ+
    ///   C: YW5uIGI5MTNhNjAyYzdlZGE3YTQ5NWI0ZTZlNzMzNGQzODkw
    ///   S: 535 5.7.8 Authentication credentials invalid
    ///   C: QUIT
    ///   S: 221 2.0.0 Bye
    /// ```
    "auth-guessing", Security, Warning, Client,
    ["RFC 4954 §9", "RFC 4954 §6"], SINCE_2821,
    check
}

fn check(case: &Case<'_, '_>, findings: &mut Findings<'_, '_>) {
    let session = case.session;
    if session.exchanges.iter().filter(|exchange| exchange.code() == 535).count() < FAILURES {
        return;
    }
    let failed: Vec<_> =
        dialogues(session).into_iter().filter(|dialogue| dialogue.code == 535).collect();
    let most = failed
        .iter()
        .map(|one| {
            failed
                .iter()
                .filter(|other| other.mechanism.eq_ignore_ascii_case(one.mechanism))
                .count()
        })
        .max()
        .unwrap_or(0);
    if most < FAILURES {
        return;
    }
    let count = failed.len();
    for dialogue in &failed {
        findings
            .on_exchange(dialogue.auth, format!("AUTH failed {count} times in this session"))
            .help("correct the client's password and let it stop after the first 535; let the server close the connection after a few failures")
            .confidence(Confidence::Likely)
            .done();
    }
}
