//! A mechanism that was not offered.

use super::evidence::{Offered, commands, mechanisms, offered};
use crate::{
    grammar::Argument,
    rules::{Case, Findings, Wakes, quoted, rule},
};

rule! {
    /// The client chose a SASL mechanism which the server had not listed behind AUTH.
    ///
    /// The server answers 504 or 535; the client either ignores the list or was told by its configuration to
    /// use this mechanism. Servers list some mechanisms only inside TLS.
    ///
    /// ## What to do
    /// Let the client choose from the list, or configure the mechanism on the server. If the list is
    /// longer after STARTTLS, start TLS first.
    ///
    /// ## Flags
    /// ```smtp also=auth-unavailable,auth-failed,rejected,refused
    ///   S: 220 mx.example.net ESMTP
    ///   C: EHLO client.example
    ///   S: 250-mx.example.net
    ///   S: 250-STARTTLS
    ///   S: 250 AUTH CRAM-MD5
    /// ! C: AUTH SCRAM-SHA-256
    ///   S: 504 5.5.4 Unrecognized authentication type
    ///   C: QUIT
    ///   S: 221 2.0.0 Bye
    /// ```
    /// ## Accepts
    /// ```smtp
    ///   S: 220 mx.example.net ESMTP
    ///   C: EHLO client.example
    ///   S: 250-mx.example.net
    ///   S: 250 AUTH cram-md5 DIGEST-MD5
    ///   C: AUTH CRAM-MD5
    ///   S: 334 PDE4OTYuNjk3MTcwOTUyQG1haWwuZXhhbXBsZS5uZXQ+
    ///   C: YW5uIGI5MTNhNjAyYzdlZGE3YTQ5NWI0ZTZlNzMzNGQzODkw
    ///   S: 235 2.7.0 Authentication successful
    ///   C: QUIT
    ///   S: 221 2.0.0 Bye
    /// ```
    "auth-mechanism-unadvertised", Extension, Warning, Client,
    ["RFC 4954 §4"], SINCE_2821,
    check, wakes: Wakes::AUTH
}

fn check(case: &Case<'_, '_>, findings: &mut Findings<'_, '_>) {
    for exchange in
        commands(case).filter(|exchange| exchange.verb.is_some_and(|verb| verb.id.is_auth()))
    {
        let (Some(verb), Some(said)) = (exchange.verb, &exchange.command) else { continue };
        let Some(keyword) = verb.keyword else { continue };
        let Argument::Auth(auth) = &said.parsed.detail else { continue };
        let Some(Offered::List(offer)) = offered(case, exchange) else { continue };
        if !auth.names_mechanism() || !offer.has(keyword) {
            continue;
        }
        let mut listed = mechanisms(offer, keyword).peekable();
        // A list that names none leaves everything open; so does one that a person shortened.
        if listed.peek().is_none()
            || listed.any(|name| {
                name.eq_ignore_ascii_case(auth.mechanism)
                    || name.iter().any(|octet| {
                        !octet.is_ascii_alphanumeric() && *octet != b'-' && *octet != b'_'
                    })
            })
        {
            continue;
        }
        findings
            .on(
                auth.mechanism,
                format!("the client chose {}, which the server had not listed", quoted(auth.mechanism)),
            )
            .help("choose a mechanism from the list behind AUTH; after STARTTLS the list may be longer")
            .done();
    }
}
