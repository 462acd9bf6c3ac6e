//! More octets than the server takes.

use super::evidence::{Offered, commands, offered};
use crate::{
    protocol::verbs::VerbId,
    rules::{Case, Findings, quoted, rule},
    session::Offer,
};

rule! {
    /// The message is larger than the limit that the server offered with SIZE, as declared or as sent.
    ///
    /// The server refuses it with 552, at once or after all of it has crossed. A client that reads the
    /// limit need not try.
    ///
    /// ## What to do
    /// Send less, or a link instead of the attachment; or raise the limit (`message_size_limit` in Postfix,
    /// `message_size_limit` in Exim, `MaxMessageSize` in Exchange). base64 makes a file a third larger.
    ///
    /// ## Flags
    /// ```smtp also=message-too-large,refused
    ///   S: 220 mx.example.net ESMTP
    ///   C: EHLO client.example
    ///   S: 250-mx.example.net
    ///   S: 250 SIZE 1000000
    /// ! C: MAIL FROM:<a@client.example> SIZE=2000000
    ///   S: 552 5.3.4 Message size exceeds fixed limit
    ///   C: QUIT
    ///   S: 221 2.0.0 Bye
    /// ```
    /// ## Accepts
    /// ```smtp
    ///   S: 220 mx.example.net ESMTP
    ///   C: EHLO client.example
    ///   S: 250-mx.example.net
    ///   S: 250 SIZE 0
    ///   C: MAIL FROM:<a@client.example> SIZE=2000000
    ///   S: 250 2.1.0 Ok
    ///   C: RSET
    ///   S: 250 2.0.0 Ok
    ///   C: QUIT
    ///   S: 221 2.0.0 Bye
    /// ```
    "size-exceeds-limit", Extension, Warning, Client,
    ["RFC 1870 §6.1", "RFC 1870 §5"], SINCE_2821,
    check
}

fn check(case: &Case<'_, '_>, findings: &mut Findings<'_, '_>) {
    let help = "send less, or have the limit raised; base64 makes a file a third larger";
    let session = case.session;
    for exchange in commands(case).filter(|exchange| exchange.is(VerbId::Mail)) {
        let Some(Offered::List(offer)) = offered(case, exchange) else { continue };
        let Some(limit) = limit(offer) else { continue };
        let path = exchange.command.as_ref().and_then(|said| said.parsed.path());
        let declared = path.and_then(|path| path.params.iter().find(|param| param.is("SIZE")));
        let Some(declared) = declared else { continue };
        if declared.value.and_then(number).is_none_or(|size| size <= limit) {
            continue;
        }
        findings
            .on(
                declared.raw,
                format!(
                    "{} is more than the {limit} octets that the server offered",
                    quoted(declared.raw)
                ),
            )
            .help(help)
            .done();
    }
    for transaction in &session.transactions {
        let Some(message) = transaction.message.as_ref().filter(|message| !message.hidden) else {
            continue;
        };
        let mail = transaction.mail.and_then(|place| session.exchanges.get(place));
        let Some(Offered::List(offer)) = mail.and_then(|mail| offered(case, mail)) else {
            continue;
        };
        let Some(limit) = limit(offer).filter(|limit| message.octets > *limit) else { continue };
        let Some(exchange) = session.exchanges.get(message.exchange) else { continue };
        findings
            .on_exchange(
                exchange,
                format!(
                    "the message has {} octets, more than the {limit} that the server offered",
                    message.octets
                ),
            )
            .help(help)
            .done();
    }
}

/// The limit of SIZE; `None` for 0 and nothing, which mean that there is no fixed one (RFC 1870 §4).
fn limit(offer: &Offer<'_>) -> Option<u64> {
    number(offer.get("SIZE")?.params.trim_ascii()).filter(|limit| *limit > 0)
}

fn number(digits: &[u8]) -> Option<u64> {
    std::str::from_utf8(digits).ok()?.parse().ok()
}
