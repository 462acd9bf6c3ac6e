//! What enhanced codes and reply codes say by themselves, where no text tells more.

use super::super::{
    cause::Cause::{
        AuthFailed, AuthRequired, AuthUnavailable, ContentRejected, Delayed, DkimFailed,
        DnsFailure, DomainUnknown, HelloRejected, IdleTimeout, InternationalizationRequired,
        LoopDetected, MailboxDisabled, MailboxFull, MailboxUnknown, MessageTooLarge, NoMailService,
        PolicyRejected, RecipientMoved, Refused, ReverseDnsMissing, SenderRejected, ServerError,
        ServiceUnavailable, SpfFailed, StorageFull, TlsRequired, TooManyRecipients,
    },
    row::{Retry, Row, row},
    stage::{
        ANY, AUTH, CONNECT, DATA, HELLO, MAIL, MESSAGE, OTHER, RCPT, TLS, TRANSACTION, UNASKED,
    },
};
use crate::rules::Party;

const REGISTRY: &str = "registry of enhanced codes";
const RFC_5321: &str = "RFC 5321 §4.2";
const RFC_4954: &str = "RFC 4954 §6";

#[rustfmt::skip]
pub(super) const ROWS: &[Row] = &[
    row(MailboxUnknown, REGISTRY).at(RCPT | DATA | MESSAGE).class(5).enhanced(&[(1, 1), (1, 0)]),
    row(Refused, REGISTRY).at(RCPT).class(5).enhanced(&[(1, 3)])
        .says("the server does not accept the form of the address {recipient}")
        .help("correct the address: blanks, brackets and letters outside ASCII are the usual faults").party(Party::Client).retry(Retry::Never),
    row(DomainUnknown, REGISTRY).at(RCPT).class(5).enhanced(&[(1, 2), (4, 4)]),
    row(DnsFailure, REGISTRY).at(RCPT).class(4).enhanced(&[(1, 2), (4, 4)]),
    row(RecipientMoved, REGISTRY).at(RCPT).enhanced(&[(1, 6)]),
    row(NoMailService, REGISTRY).at(RCPT).class(5).enhanced(&[(1, 10), (3, 2)]),
    row(NoMailService, REGISTRY).at(CONNECT | HELLO).class(5).enhanced(&[(3, 2)])
        .says("this host says that it takes no mail"),
    row(SenderRejected, REGISTRY).at(MAIL | RCPT | DATA | MESSAGE).class(5).enhanced(&[(1, 7), (1, 8)]),
    row(SenderRejected, REGISTRY).at(MAIL).class(5).enhanced(&[(1, 0), (1, 1), (7, 27)]),
    row(DnsFailure, REGISTRY).at(MAIL | RCPT).class(4).enhanced(&[(1, 8)])
        .says("the server could not look up the domain of the sender {sender}")
        .help("check the DNS of the sender's domain; the mail goes through once it answers"),
    row(MailboxDisabled, REGISTRY).at(RCPT | DATA | MESSAGE).class(5).enhanced(&[(2, 1)]),
    row(MailboxFull, REGISTRY).at(RCPT | DATA | MESSAGE).enhanced(&[(2, 2)]),
    row(MessageTooLarge, REGISTRY).at(MAIL | RCPT | DATA | MESSAGE).enhanced(&[(2, 3), (3, 4)]),
    row(StorageFull, REGISTRY).at(ANY).class(4).enhanced(&[(3, 1)]),
    row(ServiceUnavailable, REGISTRY).at(ANY).class(4).enhanced(&[(3, 2)]),
    row(ServerError, REGISTRY).at(ANY).enhanced(&[(3, 5), (3, 3)]),
    row(ServerError, REGISTRY).at(ANY).class(4).enhanced(&[(3, 0), (4, 1), (4, 0)]).vague(),
    row(IdleTimeout, REGISTRY).at(ANY).class(4).enhanced(&[(4, 2)]),
    row(DnsFailure, REGISTRY).at(ANY).enhanced(&[(4, 3)]),
    row(ServiceUnavailable, REGISTRY).at(ANY).class(4).enhanced(&[(4, 5)])
        .says("the server is too busy at the moment"),
    row(LoopDetected, REGISTRY).at(ANY).class(5).enhanced(&[(4, 6)]),
    row(TooManyRecipients, REGISTRY).at(RCPT | DATA | MESSAGE).enhanced(&[(5, 3)]),
    row(ContentRejected, REGISTRY).at(MESSAGE).class(5).enhanced(&[(6, 0), (6, 1), (6, 2), (6, 3), (6, 5)]),
    row(InternationalizationRequired, REGISTRY).at(TRANSACTION).class(5).enhanced(&[(6, 7), (6, 8), (6, 9), (6, 10)]),
    row(PolicyRejected, REGISTRY).at(CONNECT | TRANSACTION).class(5).enhanced(&[(7, 1), (7, 0), (7, 2)]).vague(),
    row(AuthFailed, REGISTRY).at(AUTH).enhanced(&[(7, 8), (7, 9), (7, 13), (7, 3)]),
    row(AuthRequired, REGISTRY).at(TRANSACTION).class(5).enhanced(&[(7, 3)]).vague(),
    row(TlsRequired, REGISTRY).at(ANY).class(5).enhanced(&[(7, 10), (7, 11)]),
    row(DkimFailed, REGISTRY).at(MESSAGE).enhanced(&[(7, 20), (7, 21), (7, 22)]),
    row(SpfFailed, REGISTRY).at(TRANSACTION).enhanced(&[(7, 23), (7, 24), (7, 26)]),
    row(ReverseDnsMissing, REGISTRY).at(ANY).enhanced(&[(7, 25)]),

    row(NoMailService, "RFC 7504 §3").at(CONNECT | HELLO).codes(&[521])
        .says("this host says that it takes no mail at all")
        .help("send to the host that the domain's MX names"),
    row(NoMailService, "RFC 7504 §4").at(RCPT).codes(&[556]),
    row(RecipientMoved, RFC_5321).at(RCPT).codes(&[551])
        .says("the mailbox {recipient} is elsewhere: {text}"),
    row(MailboxFull, RFC_5321).at(RCPT).codes(&[552, 522]),
    row(MessageTooLarge, "RFC 1870 §6.1").at(MAIL).codes(&[552]),
    row(MessageTooLarge, RFC_5321).at(DATA | MESSAGE).codes(&[552]),
    row(StorageFull, RFC_5321).at(MAIL | RCPT | DATA | MESSAGE).codes(&[452]),
    row(StorageFull, "Exchange").at(ANY).codes(&[431]),
    row(ServerError, RFC_5321).at(TRANSACTION | HELLO | CONNECT).codes(&[451])
        .says("the server gave the action up for a passing fault of its own"),
    row(Delayed, RFC_5321).at(TRANSACTION).codes(&[450]),
    row(ServiceUnavailable, RFC_5321).at(CONNECT | HELLO | AUTH | TRANSACTION | OTHER | UNASKED).codes(&[421])
        .says("the server closes the connection for now"),
    row(SenderRejected, RFC_5321).at(MAIL).codes(&[550, 551, 553, 557, 517]),
    row(HelloRejected, RFC_5321).at(HELLO).codes(&[550, 553, 554, 504]),
    row(AuthRequired, RFC_4954).at(TRANSACTION).codes(&[530]),
    row(AuthFailed, RFC_4954).at(AUTH).codes(&[535, 525, 534, 550, 554, 432, 422, 530]),
    row(AuthUnavailable, RFC_4954).at(AUTH).codes(&[454, 451, 435, 450]),
    row(TlsRequired, RFC_4954).at(AUTH).codes(&[538, 523, 524]),
    row(TlsRequired, "RFC 3207 §4").at(TRANSACTION).codes(&[523, 538]),
    row(ServerError, "RFC 3207 §4").at(TLS).codes(&[454, 451, 450])
        .says("the server offers TLS and cannot start it")
        .help("check the certificate and key that the server is configured with, and its log"),
    row(MailboxUnknown, "registry of reply codes").at(RCPT).codes(&[510, 511, 513, 515]),
    row(DomainUnknown, "registry of reply codes").at(RCPT).codes(&[512]),
];
