//! Who the client says it is: HELO name, reverse DNS, sender address.

use super::super::{
    cause::Cause::{
        DnsFailure, HelloRejected, ReverseDnsMissing, SenderRejected, SenderUnverified,
    },
    provider::Provider::{Google, Microsoft, Proofpoint},
    row::{COMMON, Retry, Row, of, row},
    stage::{ANY, CONNECT, DATA, HELLO, MAIL, MESSAGE, RCPT, TRANSACTION},
};

#[rustfmt::skip]
pub(super) const ROWS: &[Row] = &[
    row(ReverseDnsMissing, "Postfix").at(CONNECT | HELLO | MAIL | RCPT | DATA).codes(&[450, 550, 554]).enhanced(&[(7, 25), (7, 1)]).vague().phrases(&["cannot find your hostname", "cannot find your reverse hostname", "can't find your hostname", "cannot resolve your address", "cannot resolve your ip", "unresolvable relay host name", "unable to resolve your", "mismatches client ip", "does not match client ip", "cannot resolve the client", "cannot resolve your hostname"]),
    row(ReverseDnsMissing, COMMON).at(ANY).codes(&[421, 450, 451, 550, 554]).enhanced(&[(7, 25)]).phrases(&[
        "does not have a ptr record", "no ptr record", "no ptr", "ptr record .. missing", "missing ptr", "does not match ptr", "ptr does not match", "ptr record setup", "ptr record does not", "ptr lookup", "reverse dns", "reverse-dns", "rdns", "no reverse", "reverse lookup", "fix reverse", "reverse hostname", "invalid ptr", "must have a reverse dns record", "forward-confirmed", "fcrdns", "does not resolve to .. address", "dns check failure", "no rdns", "host lookup did not complete", "ip name lookup failed", "unresolvable .. ip",
    ]),
    of(Google, ReverseDnsMissing).at(ANY).codes(&[421, 550]).enhanced(&[(7, 23), (7, 25)]).sub_codes(&["?p=iprevptrfail", "?p=ipv6authenterror", "?p=ipv6_authentication_error"]).phrases(&["sending guidelines regarding ptr records and authentication"])
        .help("give the address a PTR record that resolves back to it, and publish SPF and DKIM; or send over IPv4"),

    row(HelloRejected, "Postfix").at(ANY).codes(&[450, 501, 504, 550, 554]).enhanced(&[(5, 2), (7, 1)]).vague().phrases(&["helo command rejected", "ehlo command rejected", "need fully-qualified hostname", "need fully qualified hostname", "helo rejected", "ehlo rejected", "helo name rejected", "ehlo name rejected", "helo name", "ehlo name", "invalid helo", "bad helo", "fake helo", "forged helo", "helo name invalid", "invalid name in helo", "invalid hostname in helo", "helo/ehlo rejected", "bad ehlo", "invalid ehlo", "helo host", "helo must", "helo should", "helo is not", "helo impersonation", "rejected helo", "your helo", "your ehlo", "helo hostname"]),
    row(HelloRejected, "Postfix").at(ANY).codes(&[450, 550]).enhanced(&[(7, 1)]).vague().phrases(&["helo command rejected: host not found", "helo command rejected: invalid name"])
        .says("{hello} in HELO or EHLO is not in DNS")
        .help("publish an address record for the name, or introduce the client with one that has it"),
    row(HelloRejected, "Exim, Sendmail, Google").at(HELLO).codes(&[501, 550, 553]).enhanced(&[(5, 4), (0, 0)]).phrases(&["syntactically invalid ehlo argument*", "syntactically invalid helo argument*", "requires domain address", "invalid domain name", "empty helo", "empty ehlo", "helo/ehlo argument", "helo/ehlo argument is invalid", "invalid argument to helo", "invalid argument to ehlo", "invalid host name", "ehlo argument"])
        .says("{hello} is no name that a client may give in HELO or EHLO"),
    of(Microsoft, HelloRejected).at(ANY).codes(&[550]).enhanced(&[(7, 506)]).phrases(&["access denied, bad helo"])
        .says("the client introduced itself with a name that is not its own")
        .help("let the client introduce itself with its own full host name, not the receiver's or an address"),

    row(SenderRejected, "Postfix").at(MAIL | RCPT | DATA | MESSAGE).codes(&[450, 501, 550, 553]).enhanced(&[(1, 8)]).phrases(&["sender has no a", "sender has no mx", "no a, aaaa, or mx", "domain in from: header", "domain in from header", "from domain does not exist", "sender address rejected: domain not found", "sender domain not found", "domain of sender address .. does not exist", "sender domain does not exist", "sender's domain does not exist", "sender domain must exist", "sender domain must resolve", "domain of sender", "cannot resolve sender domain", "sender domain .. not exist", "sender domain is invalid", "invalid sender domain", "sender domain invalid", "domain in sender address", "invalid domain", "unroutable sender"]).retry(Retry::AfterChange)
        .says("the domain of the sender {sender} does not exist in DNS, as the server sees it")
        .help("send from a domain that has an MX or address record"),
    row(SenderRejected, "Postfix").at(MAIL | RCPT).codes(&[550]).enhanced(&[(7, 27)]).class(5).phrases(&["sender address rejected .. nullmx", "sender domain .. nullmx", "sender domain .. null mx"]).retry(Retry::AfterChange)
        .says("the domain of the sender {sender} declares that it takes no mail (null MX), so bounces could not return")
        .help("send from a domain that takes mail"),
    row(SenderRejected, "CommuniGate Pro").at(MAIL).codes(&[450, 472, 550, 572]).phrases(&["dns a-record is empty", "dns mx-record is empty", "no mx or a record*", "neither mx nor a record*", "no mx record*", "sender domain has no mx"]).retry(Retry::AfterChange)
        .says("the domain of the sender {sender} has no mail host or address in DNS, as the server sees it")
        .help("send from a domain that has an MX or address record"),
    row(DnsFailure, "Yahoo, Sendmail").at(MAIL | RCPT | MESSAGE).codes(&[451, 450]).class(4).enhanced(&[(1, 8)]).phrases(&["could not resolve 5321.from domain", "unresolvable rfc.5321", "domain of sender .. does not resolve", "sender address rejected: .. temporary", "unable to resolve sender", "sender domain .. lookup failed", "could not resolve sender domain"])
        .says("the server could not look up the domain of the sender {sender}")
        .help("check the DNS of the sender's domain; the mail goes through once it answers"),
    row(SenderRejected, "Postfix").at(MAIL | RCPT | MESSAGE).codes(&[553, 550, 554, 501]).enhanced(&[(7, 1)]).vague().phrases(&["must be same as authorization user", "user is not authorized to use", "not authorized to use from", "allowed to send from this address", "user associated with the smtp auth", "must equal authorized user", "unauthorized sender", "not owned by user", "sender address rejected: not logged in", "not owned by auth user", "not logged in", "sender address does not match", "from address does not match", "mail from not owned", "sender must be", "not allowed to send as", "not permitted to send as", "cannot send as"]).retry(Retry::AfterChange)
        .says("the account that logged in may not send as {sender}")
        .help("send from the account's own address, or have the server allow this one for the account"),
    row(SenderRejected, "Amazon SES, SendGrid").at(MAIL | MESSAGE).codes(&[550, 554]).phrases(&["email address is not verified", "does not match a verified sender", "sender not verified", "sender is not verified", "sender address is not verified", "not a verified sender", "unverified sender address"]).retry(Retry::AfterChange)
        .says("the service sends only for addresses that it has verified, and {sender} or From is none of them")
        .help("verify the address or its domain with the service, in the region that is used"),
    of(Microsoft, SenderRejected).at(MESSAGE | MAIL).codes(&[550, 554]).enhanced(&[(7, 60), (2, 252)]).phrases(&["sendasdenied", "does not have permissions to send as this sender"]).retry(Retry::AfterChange)
        .says("the account that logged in may not send as {sender}")
        .help("send from the account's own address, or grant the account `Send As`"),
    of(Microsoft, SenderRejected).at(TRANSACTION).codes(&[550]).enhanced(&[(7, 501), (7, 502), (7, 503), (7, 705), (7, 708), (7, 750)]).phrases(&["access denied, bad outbound sender", "tenant has exceeded threshold", "access denied, traffic not accepted from this ip", "unregistered domain", "outboundspamexception", "sendermailboxrestricted"]).retry(Retry::AfterChange)
        .says("Exchange Online has stopped outgoing mail of this account or tenant")
        .help("the tenant's administrator secures the account and takes it off the restricted senders"),
    row(SenderUnverified, "Exim").at(MAIL | RCPT | MESSAGE | DATA).codes(&[550, 450, 451]).phrases(&["sender verify failed", "postmaster verification failed while checking", "callout verification failed", "sender verification failed", "could not verify sender", "unable to verify sender", "sender callout", "cannot route to sender", "callback setup failed", "callback verification failed", "sender address verification failed", "verification failed for", "sender address .. undeliverable", "unable to verify user", "sender unverified", "address verification failed"]),
    row(SenderUnverified, "Exim").at(MAIL | RCPT).codes(&[451, 450]).class(4).phrases(&["sender verify deferred", "could not complete sender verify", "sender verify callout", "temporarily unable to verify sender"]).retry(Retry::Helps)
        .says("the server could not reach the host that takes mail for {sender}, to verify the sender")
        .help("let port 25 of the sender domain's MX be reached from outside; the mail goes through once it answers"),
    of(Proofpoint, SenderUnverified).at(MAIL | RCPT).codes(&[421, 450]).class(4).enhanced(&[(1, 1)]).hints(&["unverified"]).retry(Retry::Helps)
        .says("Proofpoint has not finished verifying the addresses")
        .help("leave the mail in the queue: a mail server tries again by itself"),
    row(SenderRejected, COMMON).at(MAIL).codes(&[550, 553, 554, 501, 557, 517]).enhanced(&[(1, 7), (1, 8), (1, 0), (7, 1)]).vague().phrases(&["sender address rejected", "sender rejected", "invalid sender", "sender denied", "bad sender", "sender not allowed", "sender is not allowed", "sender not authorized", "sender unknown", "unknown sender", "sender invalid", "sender refused", "sender blocked", "sender address blocked", "envelope sender", "from address rejected", "bad sender's mailbox", "not a valid sender", "sender address has been blacklisted", "return path", "fully qualified email address required", "fully qualified address required", "bogus mail from", "mx records for"]),
    row(SenderRejected, COMMON).at(RCPT | DATA | MESSAGE).codes(&[550, 553, 554]).enhanced(&[(1, 7), (1, 8), (7, 1)]).vague().phrases(&["sender address rejected", "sender rejected", "invalid sender", "sender denied", "bad sender", "sender not allowed", "sender is not allowed", "sender blocked", "sender address blocked", "blocked senders", "manually blocked senders", "header-based (|manually )blocked senders", "your (email|email address|domain|e-mail address) has been (blocked|blacklisted)", "envelope blocked", "block policy", "envelope rejected - block policy"]),
    row(SenderRejected, COMMON).at(MAIL).codes(&[550, 553]).enhanced(&[(1, 7)]).class(5).hints(&["mailbox unavailable", "address rejected", "access denied", "user unknown", "mailbox name not allowed", "not allowed", "rejected", "refused", "invalid address", "bad address"]),
];
