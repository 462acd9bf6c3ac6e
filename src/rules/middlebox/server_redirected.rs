//! The server that answers is not the one that was dialled.

use crate::{
    grammar::{HostName, classify, greeting},
    rules::{Case, Confidence, Findings, local, quoted, rule},
    session::Kind,
    transcript::Fact,
};

rule! {
    /// The greeting, or the certificate, belongs to another organisation than the host that was dialled,
    /// in a way that looks like interception.
    ///
    /// Some access providers redirect port 25 to a server of their own, which refuses or relays what was
    /// meant for another. A mail domain hosted elsewhere is no case of this: that the names differ is
    /// not enough.
    ///
    /// ## What to do
    /// Try from another network, or the submission port 587; ask the access provider.
    ///
    /// ## Flags
    /// ```smtp also=greeting-refused,policy-rejected,refused
    ///   $ telnet gmail-smtp-in.l.google.com 25
    ///   Trying 192.0.2.1...
    ///   Connected to gmail-smtp-in.l.google.com.
    ///   Escape character is '^]'.
    /// ! 554 Please use smtp.provider.example for outgoing mail
    ///   Connection closed by foreign host.
    /// ```
    /// ## Accepts
    /// ```smtp
    ///   $ telnet mail.customer.example 25
    ///   Trying 192.0.2.1...
    ///   Connected to mail.customer.example.
    ///   Escape character is '^]'.
    ///   220 mx.hoster.test ESMTP
    ///   QUIT
    ///   221 Bye
    ///   Connection closed by foreign host.
    /// ```
    /// ```smtp
    ///   $ telnet smtp.gmail.com 25
    ///   Trying 192.0.2.1...
    ///   Connected to smtp.gmail.com.
    ///   Escape character is '^]'.
    ///   220 smtp.gmail.com ESMTP x-gsmtp
    ///   QUIT
    ///   221 Bye
    ///   Connection closed by foreign host.
    /// ```
    "server-redirected", Middlebox, Warning, Middlebox,
    ["RFC 5321 §4.2", "RFC 2821 §4.3.1", "RFC 821 §4.3"], ALL_EDITIONS,
    check
}

/// Hosts of providers whose servers greet with the provider's own name.
const PROVIDERS: &[(&str, &[&str])] = &[
    ("google.com", &["google.com"]),
    ("gmail.com", &["google.com"]),
    ("outlook.com", &["outlook.com", "microsoft.com", "hotmail.com"]),
    ("office365.com", &["outlook.com", "microsoft.com"]),
    ("yahoodns.net", &["yahoo.com", "yahoodns.net"]),
    ("yahoo.com", &["yahoo.com", "yahoodns.net"]),
    ("icloud.com", &["icloud.com", "apple.com"]),
    ("yandex.ru", &["yandex.net", "yandex.ru", "yandex.com"]),
];

fn check(case: &Case<'_, '_>, findings: &mut Findings<'_, '_>) {
    let session = case.session;
    let Some(exchange) = session.exchanges.iter().find(|exchange| exchange.kind == Kind::Greeting)
    else {
        return;
    };
    let Some(reply) = &exchange.reply else { return };
    let dialled = session.transcript.facts().find_map(|fact| match fact {
        Fact::Dialled { host, .. } if matches!(classify(host), HostName::Domain) => Some(host),
        _ => None,
    });
    let Some(dialled) = dialled.and_then(|host| local::organisation(host)) else { return };
    let named = greeting::host_line(reply.text).name;
    // `5.1.1` is no name: no top-level domain is a number.
    let numeric = named
        .rsplit(|octet| *octet == b'.')
        .next()
        .is_some_and(|label| label.iter().all(u8::is_ascii_digit));
    let own = local::organisation(named).filter(|_| named.contains(&b'.') && !numeric);
    let help = "try from another network or port 587, and ask the access provider whether it redirects port 25";
    let provider = PROVIDERS.iter().find(|(host, _)| dialled.eq_ignore_ascii_case(host));
    if let (Some((_, greets)), Some(own)) = (provider, &own)
        && !own.eq_ignore_ascii_case(&dialled)
        && !greets.iter().any(|name| own.eq_ignore_ascii_case(name))
        && matches!(classify(named), HostName::Domain)
    {
        findings
            .on_reply(reply, format!("{dialled} was dialled, and {} answers", quoted(named)))
            .help(help)
            .confidence(Confidence::Likely)
            .done();
        return;
    }
    if !reply.is_refusal() {
        return;
    }
    // A refusal that sends the client to somebody else's server.
    let other = reply
        .text
        .split(|octet| !(octet.is_ascii_alphanumeric() || matches!(octet, b'.' | b'-')))
        .map(|word| word.strip_suffix(b".").unwrap_or(word))
        .filter(|word| word.starts_with(b"smtp.") || word.starts_with(b"mail."))
        .find(|word| local::organisation(word).is_some_and(|name| name != dialled));
    if let Some(other) = other {
        findings
            .on_reply(
                reply,
                format!("{dialled} was dialled, and what answers speaks of {}", quoted(other)),
            )
            .help(help)
            .confidence(Confidence::Likely)
            .done();
    }
}
