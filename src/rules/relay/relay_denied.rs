//! The server refused to relay, as it should.

use std::sync::LazyLock;

use crate::{
    grammar::Phrases,
    protocol::verbs::VerbId,
    rules::{Case, Findings, Wakes, delivery::Cause, quoted, rule},
    session::{Exchange, Kind},
};

rule! {
    /// The server refused to pass mail on for a stranger, as every server should.
    ///
    /// The recipient is not the server's, and the client has not shown that it may send through it. For a
    /// relay test this is the right answer; for real mail, the client speaks to the wrong server or has not
    /// authenticated.
    ///
    /// ## What to do
    /// For real mail: authenticate (port 587 or 465), or send to the recipient domain's own MX. If the
    /// domain should be local, its administrator adds it to the server's local or relay domains.
    ///
    /// ## Flags
    /// ```smtp
    ///   S: 220 mx.example.net ESMTP
    ///   C: EHLO client.example
    ///   S: 250 mx.example.net
    ///   C: MAIL FROM:<a@client.example>
    ///   S: 250 2.1.0 Ok
    ///   C: RCPT TO:<b@elsewhere.example>
    /// ! S: 554 5.7.1 <b@elsewhere.example>: Relay access denied
    ///   C: QUIT
    ///   S: 221 2.0.0 Bye
    /// ```
    /// ## Accepts
    /// ```smtp also=mailbox-unknown
    ///   S: 220 mx.example.net ESMTP
    ///   C: EHLO client.example
    ///   S: 250 mx.example.net
    ///   C: MAIL FROM:<a@client.example>
    ///   S: 250 2.1.0 Ok
    ///   C: RCPT TO:<b@example.net>
    ///   S: 550 5.1.1 <b@example.net>: no such user
    ///   C: QUIT
    ///   S: 221 2.0.0 Bye
    /// ```
    "relay-denied", Relay, Note, Client,
    ["RFC 5321 §3.6.2", "RFC 5321 §7.9", "RFC 2821 §7.7", "RFC 821 §3.6"], ALL_EDITIONS,
    check, wakes: Wakes::REFUSAL
}

/// How servers say that they do not relay; matched in any case.
const PHRASES: &[&str] = &[
    "relay access denied",
    "relaying denied",
    "relay denied",
    "unable to relay",
    "relay not permitted",
    "relaying not permitted",
    "not permitted to relay",
    "not allowed to relay",
    "relaying not allowed",
    "relay not allowed",
    "relaying is not",
    "relaying prohibited",
    "relaying disabled",
    "relay is not",
    "relay prohibited",
    "relay rejected",
    "do not relay",
    "don't relay",
    "does not relay",
    "not an open relay",
    "not a relay",
    "no relay",
    "won't relay",
    "will not relay",
    "cannot relay",
    "can't relay",
    "we do not accept mail for",
    "list of allowed rcpthosts",
    "forwarding to remote hosts disabled",
    "not a local domain",
    "open relay not allowed",
    "relay mail to non-local",
    "relaying mail to",
    "not local and relaying",
    "not a gateway",
    "allowed to be relayed",
    "relaying of mail",
    "tenantattribution",
    "domain is not hosted here",
    "domain not hosted here",
    "not hosted on this server",
    "does not serve domain",
    "relay operation rejected",
    "remote mail not allowed",
    "remote mail to ",
    "only mail destined for",
    "only accept mail for",
    "only accepts mail for",
    "relay forbidden",
    "relaying forbidden",
    "no relaying",
    "relay is denied",
    "relay is prohibited",
    "mail relay denied",
    "relay recipient in non-accepted domain",
    "no third-party relay",
    "not configured to relay",
    "not been configured to relay",
    "use me as a relay",
    "to let you relay",
    "as a relay, but",
    "cannot be used as a relay",
];

static SAYS_SO: LazyLock<Phrases> = LazyLock::new(|| Phrases::new(PHRASES));

/// Whether a server that does not relay may say so here.
pub(in crate::rules) fn refuses_at(exchange: &Exchange<'_>) -> bool {
    let stage = exchange.kind == Kind::Message
        || exchange.id().is_some_and(|id| matches!(id, VerbId::Rcpt | VerbId::Mail | VerbId::Data));
    stage && exchange.refused()
}

/// Whether a text says that the server does not relay.
pub(in crate::rules) fn says_so(text: &[u8]) -> bool {
    SAYS_SO.any(text)
}

fn check(case: &Case<'_, '_>, findings: &mut Findings<'_, '_>) {
    for refusal in case.refusals().iter().filter(|refusal| refusal.cause == Cause::RelayDenied) {
        let Some(exchange) = case.session.exchanges.get(refusal.exchange) else { continue };
        let Some(reply) = &exchange.reply else { continue };
        let text = case.session.reply_text(reply);
        let to = exchange
            .command
            .as_ref()
            .and_then(|said| said.parsed.path())
            .map(|path| path.path.content);
        let message = match to.filter(|to| !to.is_empty() && exchange.is(VerbId::Rcpt)) {
            Some(to) => format!(
                "the server does not relay to {} for a client that has not authenticated",
                quoted(to)
            ),
            None => format!("the server does not relay: {}", quoted(&text)),
        };
        findings
            .on_reply(reply, message)
            .help("for real mail, authenticate on port 587 or 465, or send to the recipient domain's own MX; \
                   for a relay test this is the right answer")
            .done();
    }
}
