//! A run of probes for addresses.

use crate::{
    grammar::Argument,
    protocol::verbs::VerbId,
    rules::{Case, Confidence, Findings, Party, Severity, Wakes, delivery::Cause, rule},
    session::Exchange,
};

/// From how many VRFY and EXPN on they are a run.
const QUESTIONS: usize = 3;
/// From how many refused recipients on they are a run.
const GUESSES: usize = 5;

rule! {
    /// The client tries one address after the other: VRFY, EXPN, or RCPT without ever sending a message.
    ///
    /// Senders of spam collect addresses that way, and so do those who look for accounts to break into.
    ///
    /// ## What to do
    /// Answer VRFY with 252 and EXPN with 502 (RFC 5321 §3.5.3 and §7.3); limit how many recipients may be
    /// refused in a session (`smtpd_hard_error_limit` in Postfix), and slow such clients down.
    ///
    /// ## Flags
    /// ```smtp also=address-disclosed
    ///   S: 220 mx.example.net ESMTP
    ///   C: HELO client.example
    ///   S: 250 mx.example.net
    /// ! C: VRFY root
    ///   S: 252 2.0.0 root
    /// ! C: VRFY admin
    ///   S: 550 5.1.1 <admin>: Recipient address rejected: User unknown
    /// ! C: VRFY ann
    ///   S: 252 2.0.0 ann
    ///   C: QUIT
    ///   S: 221 2.0.0 Bye
    /// ```
    /// ## Accepts
    /// ```smtp
    ///   S: 220 mx.example.net ESMTP
    ///   C: HELO client.example
    ///   S: 250 mx.example.net
    ///   C: VRFY postmaster
    ///   S: 252 2.0.0 postmaster
    ///   C: QUIT
    ///   S: 221 2.0.0 Bye
    /// ```
    "user-enumeration", Security, Warning, Client,
    ["RFC 5321 §7.3", "RFC 5321 §3.5"], ALL_EDITIONS,
    check, wakes: Wakes::VERIFYING.or(Wakes::REFUSAL)
}

fn check(case: &Case<'_, '_>, findings: &mut Findings<'_, '_>) {
    let session = case.session;
    let questions = session.exchanges.iter().filter(|exchange| {
        (exchange.is(VerbId::Vrfy) || exchange.is(VerbId::Expn)) && names_somebody(exchange)
    });
    let count = questions.clone().count();
    // Two names that are answered differently were asked to compare the answers.
    let told_apart = count == 2
        && questions.clone().any(Exchange::accepted)
        && questions.clone().any(|exchange| matches!(exchange.code(), 550 | 551 | 553));
    if count >= QUESTIONS || told_apart {
        for exchange in questions {
            findings
                .on_exchange(
                    exchange,
                    format!("the client asked for {count} mailboxes, one after the other"),
                )
                .help("answer VRFY with 252 and EXPN with 502, so that nothing is to be learnt")
                .confidence(Confidence::Likely)
                .done();
        }
        return;
    }
    if session
        .transactions
        .iter()
        .any(|transaction| transaction.message.is_some() || transaction.data.is_some())
    {
        return;
    }
    let unknown = case
        .refusals()
        .iter()
        .filter(|refusal| matches!(refusal.cause, Cause::MailboxUnknown | Cause::MailboxDisabled));
    let refused = unknown
        .filter_map(|refusal| session.exchanges.get(refusal.exchange))
        .filter(|exchange| exchange.is(VerbId::Rcpt) && exchange.code() / 100 == 5);
    let accepted = session
        .exchanges
        .iter()
        .filter(|exchange| exchange.is(VerbId::Rcpt) && exchange.accepted());
    // Where most were refused for other reasons, nobody was looked for.
    let all = session.exchanges.iter();
    let all = all.filter(|exchange| exchange.is(VerbId::Rcpt) && exchange.refused()).count();
    let (count, accepted) = (refused.clone().count(), accepted.count());
    if count < GUESSES || accepted > count || count * 2 < all {
        return;
    }
    for exchange in refused {
        findings
            .on_exchange(exchange, format!(
                "the client tried {} recipients, {count} of which were refused, and sent no message",
                count + accepted
            ))
            .help("limit how many recipients may be refused in a session, and slow such clients down")
            .severity(Severity::Warning)
            .party(Party::Client)
            .confidence(Confidence::Likely)
            .done();
    }
}

/// Whether VRFY or EXPN names anybody but the postmaster, whom everybody may ask for.
fn names_somebody(exchange: &Exchange<'_>) -> bool {
    // Where the record shows only the reply, there was a name, too.
    exchange.command.as_ref().is_none_or(|said| match &said.parsed.detail {
        Argument::Text(name) => {
            !name.get(..10).is_some_and(|start| start.eq_ignore_ascii_case(b"postmaster"))
        }
        _ => exchange.inferred,
    })
}
