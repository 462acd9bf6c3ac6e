//! Faults on the server's side: DNS, routing, loops, configuration, load, and servers that are no mail hosts.

use super::super::{
    cause::Cause::{
        Delayed, DnsFailure, DomainUnknown, LoopDetected, NoMailService, ServerError,
        ServiceUnavailable,
    },
    provider::Provider::Microsoft,
    row::{COMMON, Retry, Row, of, row},
    stage::{ANY, CONNECT, DATA, HELLO, MAIL, MESSAGE, OTHER, RCPT, TRANSACTION, UNASKED},
};
use crate::rules::Party;

#[rustfmt::skip]
pub(super) const ROWS: &[Row] = &[
    row(LoopDetected, COMMON).at(TRANSACTION).codes(&[550, 552, 554, 553]).enhanced(&[(4, 6), (4, 14), (6, 0)]).phrases(&["too many hops", "hop count exceeded", "hop count", "mail loop", "possible mail loop", "mail loop detected", "routing loop", "loop detected", "message is looping", "loops back to myself", "loops back to me", "looping", "exceeded 50 hops", "too many received headers", "maximum hop count", "would loop", "local loop", "mx list for .. points back"]),
    row(LoopDetected, "Postfix, Sendmail").at(RCPT | MESSAGE).codes(&[550, 553, 554]).enhanced(&[(3, 5), (4, 6)]).phrases(&["mail for .. loops back to myself", "loops back to myself", "mx points to local host", "config error: mail loops back"])
        .says("DNS sends mail for this domain to the server itself, which does not know the domain as its own")
        .help("add the domain to the server's own domains (mydestination), or mend its MX"),
    of(Microsoft, DnsFailure).at(MAIL | RCPT).codes(&[450, 454, 451]).class(4).enhanced(&[(4, 312), (4, 4)]).phrases(&["dns query failed", "no mail-enabled subscriptions"])
        .says("Exchange Online cannot route mail for {recipient}: DNS, or no licence behind the domain")
        .help("the receiving tenant checks the domain's DNS and its subscriptions"),
    of(Microsoft, DomainUnknown).at(ANY).codes(&[550]).class(5).enhanced(&[(4, 310)]).phrases(&["dns domain does not exist"]),
    of(Microsoft, ServiceUnavailable).at(ANY).class(4).range(4, 316, 318).party(Party::Server)
        .says("Exchange Online cannot reach the next server")
        .help("whoever runs the next server lets Exchange Online's addresses reach its port 25"),
    row(DnsFailure, COMMON).at(ANY).codes(&[450, 451, 421]).class(4).enhanced(&[(4, 3), (4, 0)]).phrases(&["dns lookup failure", "failure in name resolution", "name resolution failed", "dns resolv*", "dns failure", "dns error", "dns timeout", "dns temporary failure", "temporary dns", "name server", "nameserver", "dns query", "dns lookup", "name service error", "domain name lookup", "resolver error", "could not resolve"]),
    row(ServerError, "Postfix").at(RCPT | MESSAGE | MAIL | DATA).codes(&[451]).class(4).enhanced(&[(3, 0)]).phrases(&["temporary lookup failure", "temporarily rejected message", "mail server temporarily rejected message"])
        .says("a lookup table or filter behind the server does not answer"),
    row(ServerError, COMMON).at(RCPT | DATA | MESSAGE).codes(&[450, 451]).class(4).enhanced(&[(4, 1), (4, 0)]).phrases(&["connection timed out", "host not reachable", "no route to host", "network is unreachable", "socket error code"])
        .says("the server could not reach the next server"),
    row(ServerError, "Postfix").at(ANY).codes(&[451, 450, 550, 554]).enhanced(&[(3, 5)]).phrases(&["server configuration error", "server configuration problem", "configuration error", "misconfigured", "system incorrectly configured", "local configuration error"])
        .says("the server is configured wrongly, as it says itself"),
    row(ServerError, COMMON).at(ANY).codes(&[421, 450, 451, 452, 550, 554]).enhanced(&[(3, 0)]).phrases(&["internal error", "internal server error", "internal software error", "software error", "internal system error", "local error", "error in processing", "local problem", "local delivery failed", "system error", "system problem", "server error", "unexpected error", "unable to process", "temporary failure", "temporary error", "temporary system problem", "temporary problem", "temporary local problem", "no mdb", "backend", "back-end", "database", "ldap", "lookup failure", "could not be processed", "processing error", "qq write error", "qq trouble", "unable to read controls", "unable to open", "cannot open", "out of memory", "fork failed", "exec failed", "milter", "unable to connect to", "could not connect to", "failed to connect"]),
    row(ServiceUnavailable, "Postfix milter, policy service").at(TRANSACTION | HELLO | CONNECT).codes(&[451, 450]).class(4).enhanced(&[(7, 1), (3, 0)]).vague().phrases(&["service unavailable - try again later", "service unavailable", "service is unavailable", "service temporarily unavailable", "temporarily unavailable", "service not available", "currently unavailable"])
        .says("the server, or a filter that it asks, is not available for now"),
    row(ServiceUnavailable, COMMON).at(CONNECT | HELLO | MAIL | RCPT | DATA | OTHER | UNASKED).codes(&[421, 450, 451]).class(4).enhanced(&[(3, 2), (3, 0)]).phrases(&["service not available", "service unavailable", "service temporarily unavailable", "system not accepting network messages", "not accepting network messages", "system shutdown", "shutting down", "server shutting down", "going down", "closing down", "server is down", "temporarily unavailable", "currently unavailable", "service currently unavailable", "not available", "unavailable", "maintenance", "under maintenance", "not accepting mail at this time", "not accepting messages at this time", "no available servers", "not ready", "server temporarily not available"]).hints(&["closing connection", "closing transmission channel"]),
    row(ServiceUnavailable, "Kerio, qmail").at(CONNECT | MAIL | HELLO | RCPT).codes(&[421, 422, 451, 550, 554]).phrases(&["license expired", "licence expired", "license has expired", "license is expired", "no valid license"])
        .says("the licence of the receiving side's mail software has expired")
        .help("whoever runs the server renews the licence"),
    row(ServiceUnavailable, "Avast").at(ANY).codes(&[421]).phrases(&["cannot connect to smtp server"]).party(Party::Middlebox)
        .says("the anti-virus on the client's own machine could not reach the server")
        .help("see whether port 25 is blocked, and take SMTP out of the scanner's inspection"),
    row(NoMailService, "RFC 5321 §3.1").at(CONNECT).codes(&[554, 521, 550]).phrases(&["no smtp service here", "no smtp service", "no mail service here", "no mail service", "not an smtp server", "smtp service is disabled", "not accepting messages", "not accepting mail"])
        .says("this host says that it has no mail service, at least not for this client")
        .help("check that the right host was dialled; a mail host that answers so has blocked the client"),
    row(Delayed, COMMON).at(TRANSACTION | HELLO).codes(&[450, 451]).class(4).hints(&["try again later", "try later", "please try again", "try again"]),
    row(ServerError, "DSN").at(ANY).enhanced(&[(4, 7)]).phrases(&["message expired", "queue expired"]).retry(Retry::AfterChange)
        .says("the mail waited until its time was up")
        .help("look for the first refusal of this mail: that is the cause"),
];
