//! One failed AUTH after the other.

use super::dialogue::dialogues;
use crate::{
    rules::{Case, Confidence, Findings, Wakes, rule},
    session::{Exchange, Kind},
};

/// From how many failures on it is guessing; a program that tries each mechanism once fails as often as
/// there are mechanisms.
const FAILURES: usize = 3;

rule! {
    /// AUTH failed again and again in one session.
    ///
    /// Somebody guesses passwords, or a program keeps trying with one that was changed long ago. An AUTH that is
    /// broken off and begun anew again and again looks for a hole in the server's SASL library (CVE-2011-1720).
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
    check, wakes: Wakes::AUTH
}

fn check(case: &Case<'_, '_>, findings: &mut Findings<'_, '_>) {
    broken_off(case, findings);
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

/// AUTH dialogues that the client broke off with `*` (RFC 4954 §4), one after the other.
fn broken_off(case: &Case<'_, '_>, findings: &mut Findings<'_, '_>) {
    let cancels = |exchange: &&Exchange<'_>| {
        let line = exchange.command.as_ref().map(|said| said.parsed.line);
        exchange.kind == Kind::Auth && line.is_some_and(|line| line.trim_ascii() == b"*")
    };
    let session = case.session;
    let count = session.exchanges.iter().filter(cancels).count();
    if count < FAILURES {
        return;
    }
    for exchange in session.exchanges.iter().filter(cancels) {
        findings
            .on_exchange(exchange, format!("AUTH was broken off {count} times in this session"))
            .help("look for the client that does this; bring the server's SASL library up to date")
            .confidence(Confidence::Likely)
            .done();
    }
}
