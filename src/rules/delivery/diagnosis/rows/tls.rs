//! TLS: wanted, or not to be had.

use super::super::{
    cause::Cause::{ServerError, TlsRequired},
    provider::Provider::{Google, Microsoft},
    row::{COMMON, Row, of, row},
    stage::{ANY, AUTH, DATA, HELLO, MAIL, MESSAGE, OTHER, RCPT, TLS, TRANSACTION},
};
use crate::rules::Party;

#[rustfmt::skip]
pub(super) const ROWS: &[Row] = &[
    row(ServerError, "Postfix").at(TLS).codes(&[454, 421, 451, 554, 550]).enhanced(&[(7, 0), (3, 0)]).phrases(&["tls not available due to local problem", "tls not available", "tls is not available", "tls currently unavailable", "tls unavailable", "starttls not available", "tls temporarily"])
        .says("the server offers TLS and cannot start it")
        .help("check the certificate and key that the server is configured with, and its log").party(Party::Server),
    row(TlsRequired, "Postfix, Google").at(AUTH | MAIL | RCPT | DATA | HELLO).codes(&[530, 550, 554, 503, 451, 421]).enhanced(&[(7, 0), (7, 10)]).vague().phrases(&["must issue a starttls command first", "must issue a starttls", "must issue starttls", "issue starttls first", "starttls first", "starttls is required", "starttls required", "starttls command first", "need starttls", "use starttls", "must use starttls"]),
    row(TlsRequired, "Google").at(ANY).codes(&[421, 550]).enhanced(&[(7, 0)]).vague().phrases(&["tls required for rcpt domain"])
        .says("the domain of {recipient} takes mail over TLS only"),
    of(Google, TlsRequired).at(TRANSACTION).codes(&[421, 451, 550]).enhanced(&[(7, 29)]).phrases(&["senders to use tls", "senders to use tls/ssl for smtp", "wasn't sent over a tls connection"])
        .says("Google wants bulk mail over TLS"),
    row(TlsRequired, "Mimecast").at(MAIL | RCPT | DATA | MESSAGE).codes(&[553, 550]).phrases(&["this route requires encryption", "requires tls version", "requires high-strength ciphers"])
        .says("a policy of the receiving side takes this mail over (strong) TLS only"),
    row(TlsRequired, COMMON).at(AUTH | MAIL | RCPT | DATA | MESSAGE).codes(&[530, 523, 550, 553, 554, 538, 451]).enhanced(&[(7, 10), (7, 11), (7, 0)]).vague().phrases(&["tls is required", "tls required", "tls is mandatory", "tls mandatory", "must use tls", "requires tls", "require tls", "ssl required", "ssl is required", "encryption required", "encryption is required", "encrypted connection required", "secure connection required", "requires a secure connection", "session encryption is required", "encryption needed", "must be encrypted", "must use ssl", "unencrypted"]),
    row(TlsRequired, "RFC 8689").at(MAIL | MESSAGE | RCPT).codes(&[550]).enhanced(&[(7, 30)]).phrases(&["requiretls support required", "requiretls"])
        .says("the message asks for REQUIRETLS, and this path cannot grant it")
        .help("send over a path whose servers all have REQUIRETLS, or without it"),
    of(Microsoft, TlsRequired).at(ANY).enhanced(&[(7, 321)]).phrases(&["starttls-not-supported"])
        .says("Exchange Online wants TLS to the next server, and that offers no STARTTLS")
        .help("whoever runs the next server offers STARTTLS; a firewall that inspects SMTP often hides it"),
    of(Microsoft, ServerError).at(ANY).enhanced(&[(7, 322)]).phrases(&["certificate-expired"])
        .says("the certificate of the next server has expired")
        .help("whoever runs the next server renews its certificate").party(Party::Server),
    of(Microsoft, ServerError).at(ANY).enhanced(&[(7, 323), (7, 324)]).phrases(&["tlsa-invalid", "dnssec-invalid"])
        .says("the DANE records of the next server are not valid")
        .help("whoever runs the next server mends its TLSA records or DNSSEC").party(Party::Server),
    of(Microsoft, ServerError).at(ANY).enhanced(&[(7, 325)]).phrases(&["certificate-host-mismatch"])
        .says("the certificate of the next server is for another name")
        .help("whoever runs the next server gets a certificate with the MX's name").party(Party::Server),
    row(TlsRequired, "RFC 3207").at(MAIL | RCPT | DATA | MESSAGE | OTHER).codes(&[530]).enhanced(&[(7, 0)]).vague().hints(&["starttls", "tls"]),
];
