//! A password or a token that others can read.

use super::{
    dialogue::{Shown, dialogues},
    encryption::{self, Encryption},
};
use crate::{
    protocol::{mechanisms, verbs::VerbId},
    rules::{Case, Confidence, Findings, Party, Wakes, quoted, rule},
    session::Exchange,
    transcript::Fact,
};

rule! {
    /// A password or token crossed without TLS, or stands readable in the record.
    ///
    /// PLAIN, LOGIN and the mechanisms of OAuth hand over the secret itself; base64 hides nothing. Without
    /// TLS everybody on the way reads it; in a record everybody reads it whom the record is sent to.
    ///
    /// ## What to do
    /// Change the password, or withdraw the token: it is known now. Let the client insist on TLS (port
    /// 465, or STARTTLS on 587) before AUTH, and the server offer AUTH only then. `smtplog redact` makes
    /// records that can be passed on.
    ///
    /// ## Flags
    /// ```smtp also=auth-offered-without-tls
    ///   S: 220 mail.example.net ESMTP
    ///   C: EHLO client.example
    ///   S: 250-mail.example.net
    ///   S: 250-STARTTLS
    ///   S: 250 AUTH PLAIN LOGIN
    /// ! C: AUTH PLAIN AGFubgBzM2NyZXQ=
    ///   S: 235 2.7.0 Authentication successful
    ///   C: QUIT
    ///   S: 221 2.0.0 Bye
    /// ```
    /// ```smtp also=auth-offered-without-tls
    ///   S: 220 mail.example.net ESMTP
    ///   C: EHLO client.example
    ///   S: 250-mail.example.net
    ///   S: 250-STARTTLS
    ///   S: 250 AUTH PLAIN LOGIN
    ///   C: AUTH LOGIN
    ///   S: 334 VXNlcm5hbWU6
    ///   C: ********
    ///   S: 334 UGFzc3dvcmQ6
    /// ! C: ********
    ///   S: 235 2.7.0 Authentication successful
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
    ///   S: 235 2.7.0 Authentication successful
    ///   C: QUIT
    ///   S: 221 2.0.0 Bye
    /// ```
    /// ```smtp
    ///   S: 220 mail.example.net ESMTP
    ///   C: EHLO client.example
    ///   S: 250-mail.example.net
    ///   S: 250 STARTTLS
    ///   C: STARTTLS
    ///   S: 220 2.0.0 Ready to start TLS
    ///   C: EHLO client.example
    ///   S: 250-mail.example.net
    ///   S: 250 AUTH PLAIN
    ///   C: AUTH PLAIN ********
    ///   S: 235 2.7.0 Authentication successful
    ///   C: QUIT
    ///   S: 221 2.0.0 Bye
    /// ```
    /// ```smtp also=auth-offered-without-tls,auth-failed,auth-response-malformed
    ///   S: 220 mail.example.net ESMTP
    ///   C: EHLO client.example
    ///   S: 250-mail.example.net
    ///   S: 250 AUTH PLAIN
    ///   C: AUTH PLAIN
    ///   S: 334
    ///   C: this is not base64
    ///   S: 535 5.7.8 authentication failed: Invalid base64 data in continued response
    ///   C: QUIT
    ///   S: 221 2.0.0 Bye
    /// ```
    "credentials-exposed", Security, Error, Client,
    ["RFC 4954 §9", "RFC 4616 §4", "RFC 8314 §3"], ALL_EDITIONS,
    check, wakes: Wakes::AUTH
}

fn check(case: &Case<'_, '_>, findings: &mut Findings<'_, '_>) {
    let session = case.session;
    let mut all: Vec<_> = dialogues(session)
        .into_iter()
        .filter_map(|dialogue| Some((dialogue.credentials()?, dialogue)))
        .collect();
    // What can be read says more than what is hidden.
    all.sort_by_key(|(found, _)| found.shown != Shown::Readable);
    for (found, dialogue) in all {
        let encryption = encryption::at(session, dialogue.auth);
        let readable = match found.shown {
            Shown::Readable => true,
            Shown::Hidden if encryption == Encryption::Absent => false,
            Shown::Hidden | Shown::Unsent => continue,
        };
        let what = if dialogue.known.is_some_and(|known| known.secret == mechanisms::Secret::Token)
        {
            "token"
        } else {
            "password"
        };
        let whose = found
            .user
            .as_deref()
            .map_or_else(String::new, |user| format!(" of {}", quoted(user.as_bytes())));
        let mechanism = quoted(dialogue.mechanism.to_ascii_uppercase().as_slice());
        let message = match (encryption, readable) {
            (Encryption::Absent, true) => format!(
                "the {what}{whose} crossed without TLS (AUTH {mechanism}) and stands readable in this record"
            ),
            (Encryption::Absent, false) => {
                format!(
                    "the {what}{whose} crossed without TLS (AUTH {mechanism}); this record hides it"
                )
            }
            (Encryption::InForce, _) => format!(
                "the {what}{whose} stands readable in this record (AUTH {mechanism}), although TLS protected it on the way"
            ),
            (Encryption::Unknown, _) => {
                format!("the {what}{whose} stands readable in this record (AUTH {mechanism})")
            }
        };
        let party = if encryption == Encryption::InForce { Party::Recorder } else { Party::Client };
        let confidence = if readable { Confidence::Certain } else { Confidence::Likely };
        let mut help = format!("change the {what}");
        if encryption != Encryption::InForce {
            help.push_str("; send AUTH only inside TLS");
        }
        if readable {
            help.push_str("; pass on only what `smtplog redact` has masked");
        }
        findings
            .on_exchange(found.exchange, message)
            .help(help)
            .party(party)
            .confidence(confidence)
            .done();
    }
    left_out(case, findings);
}

/// A login that the tool names and leaves out (`AUTH LOGIN command trace suppressed`), without TLS.
fn left_out(case: &Case<'_, '_>, findings: &mut Findings<'_, '_>) {
    let session = case.session;
    for (at, fact) in &session.transcript.facts {
        if *fact != Fact::AuthHidden {
            continue;
        }
        let Some(turn) = session.transcript.turns.get(*at) else { continue };
        let words = session.transcript.text(turn);
        let mut words = words.split(|octet| *octet == b' ').skip_while(|word| *word != b"AUTH");
        let Some(mechanism) = words.nth(1).and_then(mechanisms::find) else { continue };
        // Where the record has the AUTH itself, that was judged above.
        let shown =
            session.exchanges.iter().any(|exchange| exchange.id().is_some_and(VerbId::is_auth));
        let begins = |exchange: &&Exchange<'_>| {
            let said = exchange.command.as_ref().map(|said| said.turns.start);
            said.is_some_and(|start| start > *at)
        };
        let next = session.exchanges.iter().find(begins).or(session.exchanges.last());
        let absent = next.is_some_and(|it| encryption::at(session, it) == Encryption::Absent);
        if shown || !absent || !mechanism.is_plaintext() {
            continue;
        }
        findings
            .on_turn(
                turn,
                format!(
                    "the login crossed without TLS (AUTH {}); this record leaves it out",
                    quoted(mechanism.name.as_bytes())
                ),
            )
            .help("change the password; send AUTH only inside TLS")
            .confidence(Confidence::Likely)
            .done();
    }
}
