//! The server took mail from a stranger for a stranger.

use crate::{
    grammar::phrase,
    protocol::verbs::VerbId,
    rules::{
        Case, Confidence, Findings, Severity,
        local::{self, Local, domain_of},
        quoted, rule,
    },
    session::{Recipient, Session, Transaction},
    transcript::{Label, Method},
};

rule! {
    /// An unauthenticated client got a foreign recipient accepted for a foreign sender: an open relay.
    ///
    /// Spammers find such a server within hours, and soon nobody takes its mail any more. But a session
    /// alone seldom proves it: a server may know more domains than its name tells, or refuse later. The
    /// finding is certain only where the local domains are known (`--local-domain`) or the server says
    /// itself that it relays.
    ///
    /// ## What to do
    /// Settle it with `--local-domain`, naming the domains that the server is responsible for. If it does
    /// relay: allow that to authenticated clients and named networks only.
    ///
    /// ## Flags
    /// ```smtp local-domain=example.net
    ///   S: 220 mx.example.net ESMTP
    ///   C: EHLO client.example
    ///   S: 250 mx.example.net
    ///   C: MAIL FROM:<a@client.example>
    ///   S: 250 2.1.0 Ok
    /// ! C: RCPT TO:<b@elsewhere.example>
    ///   S: 250 2.1.5 Ok
    ///   C: DATA
    ///   S: 354 go ahead
    ///   C: From: a@client.example
    ///   C: Date: Mon, 23 Nov 2026 10:00:00 +0000
    ///   C: Subject: test
    ///   C:
    ///   C: hello
    ///   C: .
    ///   S: 250 2.0.0 Ok: queued as 4F1A2B
    ///   C: QUIT
    ///   S: 221 2.0.0 Bye
    /// ```
    /// ## Accepts
    /// ```smtp
    ///   S: 220 mx.example.net ESMTP
    ///   C: EHLO client.example
    ///   S: 250 mx.example.net
    ///   C: MAIL FROM:<a@client.example>
    ///   S: 250 2.1.0 Ok
    ///   C: RCPT TO:<b@example.net>
    ///   S: 250 2.1.5 Ok
    ///   C: DATA
    ///   S: 354 go ahead
    ///   C: From: a@client.example
    ///   C: Date: Mon, 23 Nov 2026 10:00:00 +0000
    ///   C: Subject: test
    ///   C:
    ///   C: hello
    ///   C: .
    ///   S: 250 2.0.0 Ok: queued as 4F1A2B
    ///   C: QUIT
    ///   S: 221 2.0.0 Bye
    /// ```
    "relay-accepted", Relay, Error, Server,
    ["RFC 5321 §7.9", "RFC 5321 §3.6.2", "RFC 2821 §7.7", "RFC 821 §3.6"], ALL_EDITIONS,
    check
}

/// Domains at which the public has its mailboxes.
const PUBLIC_MAILBOXES: &[&str] = &[
    "gmail.com",
    "googlemail.com",
    "hotmail.com",
    "outlook.com",
    "live.com",
    "msn.com",
    "yahoo.com",
    "ymail.com",
    "aol.com",
    "icloud.com",
    "me.com",
    "mac.com",
    "gmx.de",
    "gmx.net",
    "gmx.com",
    "web.de",
    "t-online.de",
    "mail.ru",
    "yandex.ru",
    "yandex.com",
    "qq.com",
    "163.com",
    "126.com",
    "protonmail.com",
    "proton.me",
    "free.fr",
    "orange.fr",
    "laposte.net",
    "libero.it",
    "comcast.net",
    "naver.com",
];

/// Hosts that take mail for many domains that their names do not tell, or for their own customers.
const MULTI_TENANT: &[&str] = &[
    "google.com",
    "gmail.com",
    "outlook.com",
    "office365.com",
    "microsoft.com",
    "yahoo.com",
    "yahoodns.net",
    "pphosted.com",
    "ppe-hosted.com",
    "mimecast.com",
    "messagelabs.com",
    "barracudanetworks.com",
    "mailcontrol.com",
    "secureserver.net",
    "emailsrvr.com",
    "amazonaws.com",
    "sendgrid.net",
    "mailgun.org",
    "mailgun.net",
    "sparkpostmail.com",
    "postmarkapp.com",
    "mandrillapp.com",
    "yandex.net",
    "yandex.ru",
    "mail.ru",
    "zoho.com",
    "fastmail.com",
    "messagingengine.com",
    "ovh.net",
    "ionos.com",
    "kundenserver.de",
    "1and1.com",
    "strato.de",
    "hostedemail.com",
    "mailspamprotection.com",
    "antispamcloud.com",
    "protection.outlook.com",
    "iphmx.com",
    "trendmicro.com",
    "mxlogic.net",
    "icloud.com",
    "qq.com",
];

fn check(case: &Case<'_, '_>, findings: &mut Findings<'_, '_>) {
    let session = case.session;
    let lmtp = session.of_verb(VerbId::Lhlo).next().is_some();
    if session.transactions.is_empty() || lmtp || case.is_at_home() || is_trusted(case) {
        return;
    }
    let local = Local::of(case);
    for transaction in &session.transactions {
        for recipient in transaction.accepted() {
            judge(case, &local, transaction, recipient, findings);
        }
    }
}

/// Whether the client is in a network that may relay.
fn is_trusted(case: &Case<'_, '_>) -> bool {
    let networks = &case.judging.trusted_networks;
    !networks.is_empty()
        && case.session.transcript.facts().any(|fact| match fact {
            crate::transcript::Fact::ClientAddress { address, .. } => std::str::from_utf8(address)
                .ok()
                .and_then(|address| address.parse().ok())
                .is_some_and(|address| case.judging.trusts(address)),
            _ => false,
        })
}

/// Whether a person typed the transaction to test the server: unmarked lines, one command after the other,
/// and nothing that only programs send.
fn is_by_hand(session: &Session<'_>, transaction: &Transaction<'_>) -> bool {
    let exchanges = session.exchanges.get(transaction.exchanges.clone()).unwrap_or_default();
    let programs = exchanges.iter().any(|exchange| {
        exchange.pipelined
            || exchange.command.as_ref().and_then(|said| said.parsed.path()).is_some_and(|path| {
                path.params.iter().any(|param| param.is("SIZE") || param.is("BODY"))
            })
    });
    let identified = transaction.message.as_ref().is_some_and(|message| {
        session.turns(message.turns.clone(), Label::Message).any(|turn| {
            let line = session.transcript.text(turn);
            line.get(..11).is_some_and(|name| name.eq_ignore_ascii_case(b"Message-ID:"))
        })
    });
    session.transcript.method == Method::Inferred
        && session.transcript.confidence > 0.7
        && !programs
        && !identified
}

fn judge(
    case: &Case<'_, '_>,
    local: &Local,
    transaction: &Transaction<'_>,
    recipient: &Recipient<'_>,
    findings: &mut Findings<'_, '_>,
) {
    let session = case.session;
    let Some(exchange) = session.exchanges.get(recipient.exchange) else { return };
    let Some(domain) = domain_of(recipient.address) else { return };
    let data_refused = transaction.final_code >= 400
        || transaction
            .data
            .and_then(|place| session.exchanges.get(place))
            .is_some_and(crate::session::Exchange::refused);
    let user = recipient.address.split(|octet| *octet == b'@').next().unwrap_or_default();
    let said = exchange.command.as_ref();
    if exchange.standing.flags.authenticated
        || data_refused
        || user.eq_ignore_ascii_case(b"postmaster")
        || local.has(domain)
    {
        return;
    }
    let Some(organisation) = local::organisation(domain) else { return };
    let sender = transaction.sender.unwrap_or_default();
    let sender_domain = domain_of(sender);
    let sender_is_local = sender_domain.is_none_or(|domain| local.has(domain));
    let says_so = exchange.reply.as_ref().is_some_and(|reply| {
        ["will relay", "relaying to", "relay ok", "relay permitted"]
            .iter()
            .any(|words| phrase::contains(reply.text, words.as_bytes()))
    });
    let stage = if transaction.queued() {
        "and queued the message"
    } else if transaction.message.is_some() {
        "and let the message be sent"
    } else {
        "at RCPT"
    };
    let by_hand = is_by_hand(session, transaction);
    // Yahoo has a domain in each country.
    let mailbox = PUBLIC_MAILBOXES.contains(&organisation.as_ref())
        || organisation.starts_with("yahoo.")
        || organisation.starts_with("hotmail.");
    let tenants = local.is_one_of(MULTI_TENANT);
    let (severity, confidence) = if says_so || (local.told && !sender_is_local) {
        (Severity::Error, Confidence::Certain)
    } else if tenants || sender_is_local || !local.is_known() {
        // A public mailbox provider's domain at a server of another name needs no foreign sender.
        let named = local.is_known() || local.replaced;
        if !(mailbox && named && !tenants && transaction.queued() && by_hand) {
            return;
        }
        (Severity::Warning, Confidence::Likely)
    } else if mailbox || (transaction.queued() && by_hand) {
        (Severity::Warning, Confidence::Likely)
    } else {
        (Severity::Warning, Confidence::Hint)
    };
    let message = || {
        format!(
            "the server accepted {} {stage}, from {} and without authentication",
            quoted(recipient.address),
            if sender.is_empty() { "the null sender".to_owned() } else { quoted(sender) },
        )
    };
    let help = || {
        if confidence == Confidence::Certain {
            "allow relaying to authenticated clients and named networks only".to_owned()
        } else {
            format!(
                "if {organisation} is not the server's own, it is an open relay; settle it with `--local-domain`"
            )
        }
    };
    let path =
        said.and_then(|said| said.parsed.path()).map_or(recipient.address, |path| path.path.raw);
    findings.on(path, message).severity(severity).confidence(confidence).help(help).done();
}
