//! The recipient: unknown, disabled, moved, in a domain that takes no mail.

use super::super::{
    cause::Cause::{
        Delayed, DnsFailure, DomainUnknown, InternationalizationRequired, MailboxDisabled,
        MailboxUnknown, NoMailService, PolicyRejected, RecipientMoved, Refused, SenderUnverified,
    },
    provider::Provider::{Apple, Barracuda, Google, Microsoft, Yahoo},
    row::{COMMON, Retry, Row, of, row},
    stage::{CONNECT, DATA, HELLO, MAIL, MESSAGE, RCPT},
};
use crate::rules::Party;

/// Where a recipient is judged: gateways without a directory do it after the message.
const TO: u16 = RCPT | DATA | MESSAGE;

#[rustfmt::skip]
pub(super) const ROWS: &[Row] = &[
    row(MailboxUnknown, "Postfix").at(RCPT).codes(&[550, 554]).enhanced(&[(1, 1)]).phrases(&["user unknown in .. table", "user unknown in"]),
    row(MailboxUnknown, COMMON).at(TO).codes(&[550, 551, 553, 554]).enhanced(&[(1, 1), (1, 0), (2, 1)]).phrases(&[
        "user unknown", "unknown user", "no such user", "no such user here", "user not found", "unknown local user",
        "user does not exist", "user doesn't exist", "username does not exist", "no such mailbox", "no mailbox here", "no such person",
        "no mailbox by that name", "mailbox not found", "mailbox unknown", "unknown mailbox",
        "mailbox does not exist", "mailbox doesn't exist", "invalid mailbox", "no such address", "no such recipient", "unknown recipient",
        "recipient unknown", "recipient not found", "recipient does not exist", "invalid recipient", "invalid user",
        "recipient is not exist", "recipient address does not exist", "not a valid recipient",
        "not a valid mailbox", "not a valid user", "not a known mailbox", "not a known recipient", "no such user, or sender not authenticated", "not our user", "utilisateur inconnu", "destinataire inconnu", "adresse destinataire invalide", "adresse inconnue", "benutzer unbekannt", "empfaenger unbekannt", "usuario desconocido", "usuario no existe", "no existe ese usuario", "no existe dicha persona", "destinatario inexistente", "usuario inexistente", "nessun utente", "casella inesistente", "usuario no encontrado", "destinatario invalido", "onbekende gebruiker", "destinatario desconocido", "utente sconosciuto", "utente inesistente", "destinatario sconosciuto", "not a local user", "does not live here", "doesn't live here",
        "no one by that name", "nobody by that name", "nobody here by that name", "email address could not be found", "address could not be found", "user could not be found", "recipient could not be found",
        "user _ unknown", "user _ not found", "user _ is unknown", "user _ does not exist", "user _ doesn't exist", "user _ not known", "mailbox _ unknown", "mailbox _ not found", "mailbox _ is unknown", "mailbox _ does not exist", "mailbox _ doesn't exist",
        "account _ not found", "account _ unknown", "account _ is unknown", "account _ does not exist", "account _ doesn't exist", "recipient _ unknown", "recipient _ not found", "recipient _ is unknown", "recipient _ does not exist", "recipient _ doesn't exist", "recipient _ is invalid",
        "address _ unknown", "address _ not found", "address _ is unknown", "address _ does not exist", "address _ doesn't exist", "address _ is invalid", "@ is invalid", "@ unknown", "@ not found", "@ does not exist", "@ doesn't exist", "address unknown", "unknown address", "unknown or illegal alias",
        "no such account", "account does not exist", "account not found", "unknown account", "no account by that name",
        "addressee unknown", "address does not exist", "email address does not exist", "mail address does not exist",
        "that address isn't known", "no mailbox", "unrouteable address", "unroutable address", "unrouteable user",
        "does not like recipient", "not our customer", "recipient .. not in list", "not in directory",
        "recipient rejected .. unknown", "is not a known user", "bad destination mailbox address",
        "doesn't have an account", "there is no one at this address", "there is no user", "this user doesn't have",
        "not listed in domino directory", "not found in directory", "destination address unknown", "unknown destination",
        "non-existent user", "nonexistent user", "no local mailbox", "no mail box", "no mailbox present", "mailbox not present", "missing home directory", "badrcptto", "badrecipientto", "validrcptto", "badrcptto list", "recipients was undeliverable", "recipients were undeliverable", "rcpt _ does not exist", "rcpt _ doesn't exist", "resolver.adr.recipient*", "recipient not ok", "recipient is not ok", "not listed in public", "in name directory", "unavailable or does not exist", "invalid or unknown", "unknown local part", "unknown local-part", "not an active address", "wrong or no longer valid", "is no longer valid", "no such person at this address", "recipient is not local", "not a local address", "mailbox invalid", "user not exist", "recipient not exist", "user not known", "user is unknown", "no local user", "unknown virtual mailbox",
    ]),
    row(MailboxUnknown, "RFC 5321's own words").at(RCPT).codes(&[550]).enhanced(&[(1, 1), (5, 0)]).hints(&[
        "mailbox unavailable", "mailbox not available", "recipient rejected", "recipient address rejected", "bad address",
        "address rejected", "no access to mailbox", "mailbox name not allowed", "no existe", "bestaat niet", "existiert nicht", "nicht bekannt",
    ]).class(5),
    row(Delayed, "RFC 5321's own words").at(RCPT).codes(&[450]).class(4).enhanced(&[(2, 0), (2, 1)]).phrases(&["mailbox unavailable", "mailbox busy", "mailbox temporarily unavailable", "mailbox is temporarily unavailable"])
        .says("the mailbox {recipient} is busy or blocked for now"),
    row(MailboxUnknown, "Postfix").at(RCPT).codes(&[550]).enhanced(&[(1, 1)]).class(5).phrases(&["undeliverable address"])
        .says("the host behind this server has no mailbox {recipient}")
        .help("correct the address; if it does exist, the receiving side checks its address verification and the host behind it"),
    row(SenderUnverified, "Postfix").at(RCPT | MAIL).codes(&[450, 451]).enhanced(&[(1, 1), (1, 7)]).class(4).phrases(&["unverified address", "address verification in progress"])
        .says("the server has not finished verifying {address}")
        .help("leave the mail in the queue: a mail server tries again by itself").retry(Retry::Helps),
    of(Google, MailboxUnknown).at(RCPT).codes(&[550]).enhanced(&[(1, 1)]).sub_codes(&["?p=nosuchuser"]).phrases(&["account that you tried to reach does not exist"])
        .says("Google knows no mailbox {recipient}"),
    of(Google, MailboxDisabled).at(RCPT).codes(&[550]).enhanced(&[(2, 1)]).sub_codes(&["?p=disableduser"]).phrases(&["account that you tried to reach is disabled", "account that you tried to reach is inactive"])
        .says("Google has switched the account {recipient} off"),
    of(Microsoft, MailboxUnknown).at(RCPT | MESSAGE).codes(&[550]).enhanced(&[(1, 10)]).phrases(&["recipientnotfound", "recipient not found by smtp address lookup"]).party(Party::Client)
        .says("the directory of this Exchange Online tenant has no mailbox {recipient}")
        .help("correct the address; if it exists, the receiving side checks the type of the domain (authoritative or internal relay) and its directory synchronisation"),
    of(Microsoft, MailboxUnknown).at(RCPT).codes(&[550]).enhanced(&[(4, 1)]).phrases(&["recipient address rejected: access denied"])
        .says("the directory of this Exchange Online tenant has no mailbox {recipient}: `Access denied` with 5.4.1 is how its edge puts that")
        .help("correct the address; if it exists, the receiving side checks the type of the domain (authoritative or internal relay) and its directory synchronisation"),
    of(Microsoft, MailboxUnknown).at(RCPT | MESSAGE).codes(&[550]).enhanced(&[(5, 0), (1, 1)]).phrases(&["requested action not taken: mailbox unavailable"])
        .says("Outlook.com has no open mailbox {recipient}"),
    row(MailboxUnknown, "mail gateways").at(RCPT).codes(&[550, 554]).enhanced(&[(1, 1), (1, 0)]).phrases(&["address rejected .. @ #5.1", "#5.1.0 address rejected", "#5.1.1"])
        .help("correct the address; if it exists, the receiving side checks the directory (LDAP) that its gateway asks"),
    of(Barracuda, MailboxUnknown).at(RCPT | MESSAGE).codes(&[550]).sub_codes(&["cuda_nsu"])
        .says("the receiving side's Barracuda gateway knows no mailbox {recipient}"),
    row(MailboxUnknown, "Yahoo").at(TO).codes(&[552, 554]).phrases(&["requested mail action aborted, mailbox not found", "delivery error: dd", "dd this user doesn't have a .. account", "this user doesn't have a .. account"])
        .says("Yahoo knows no account {recipient}"),
    of(Yahoo, MailboxDisabled).at(TO).codes(&[554]).sub_codes(&["(554.30)"]).phrases(&["this mailbox is disabled", "dd @ is no longer valid"])
        .says("Yahoo has switched the mailbox {recipient} off"),
    row(MailboxDisabled, COMMON).at(TO).codes(&[550, 554]).enhanced(&[(2, 1)]).phrases(&[
        "account is disabled", "account disabled", "account has been disabled", "mailbox disabled", "mailbox is disabled", "mailbox is inactive", "inactive user",
        "account is inactive", "account inactive", "inactive mailbox", "user is inactive", "user disabled", "user is disabled",
        "user account is disabled", "user account disabled", "account suspended", "account is suspended", "account has been suspended", "user suspended",
        "mailbox suspended", "mailbox is suspended", "mailbox is blocked", "mailbox blocked", "account terminated", "account is terminated", "account has been terminated", "recipient has been disabled", "mailbox has been disabled", "administratively disabled", "administrativley disabled", "has been deactivated", "account blocked", "account is blocked", "account closed", "account has been closed", "account is closed", "user account is expired", "account expired",
        "mailbox is frozen", "mailbox locked", "mailbox is locked", "account is locked", "account locked", "no longer active", "inactive email address", "deactivated",
        "mailbox temporarily disabled", "no longer accepts mail", "no longer accepts email", "no longer accepting mail", "is not accepting any mail", "temporary locked", "temporarily locked", "temporarily inactive", "discontinued", "expired account", "archived recipient", "destinataire archivee", "mailbox is currently unavailable", "not accepting messages", "recipient is not accepting", "is not accepting mail", "recipient is disabled", "account _ is disabled", "account _ disabled", "account _ is locked", "account _ suspended", "account _ is suspended", "mailbox _ is disabled", "mailbox _ disabled", "mailbox _ is inactive", "user _ is disabled", "user _ is inactive",
    ]),
    row(MailboxDisabled, COMMON).at(TO).codes(&[550, 554]).class(5).phrases(&["extended inactivity", "due to inactivity", "for inactivity", "long inactivity"]),
    of(Apple, RecipientMoved).at(RCPT).codes(&[550]).enhanced(&[(1, 6)]).phrases(&["recipient no longer on server"])
        .says("the mailbox {recipient} is no longer on this server")
        .help("ask the recipient for the new address"),
    row(RecipientMoved, COMMON).at(TO).codes(&[550, 551, 553]).enhanced(&[(1, 6)]).phrases(&["mailbox has moved", "user has moved", "has moved to", "recipient has moved", "address has changed", "user not local", "please try forward-path"])
        .says("the mailbox {recipient} has moved: {text}"),
    row(Refused, COMMON).at(RCPT).codes(&[553]).enhanced(&[(1, 3), (1, 7)]).class(5).phrases(&["malformed address", "bad recipient address syntax", "bad address syntax", "is not a valid rfc 5321 address", "is not a valid rfc-5321 address", "address contains", "invalid address", "malformed recipient", "syntax of the address"])
        .says("the server does not accept the form of the address {recipient}")
        .help("correct the address: blanks, brackets and letters outside ASCII are the usual faults").party(Party::Client).retry(Retry::Never),
    row(InternationalizationRequired, "Postfix").at(RCPT | MAIL | DATA | MESSAGE).codes(&[550, 553, 554]).enhanced(&[(6, 7), (6, 8), (6, 9)]).phrases(&["smtputf8 is required", "address needs smtputf8", "smtputf8 was not offered", "requires smtputf8", "internationalized address*", "internationalised address*", "non-ascii address*"]),
    row(NoMailService, "Postfix").at(RCPT).codes(&[550, 556]).enhanced(&[(1, 10)]).class(5).phrases(&["does not accept mail (nullmx)", "nullmx", "null mx", "domain does not accept mail", "domain does not accept email", "host or domain does not accept mail", "host/domain does not accept mail"])
        .says("the domain of {recipient} declares that it takes no mail (null MX)")
        .help("correct the address: nobody receives mail in that domain"),
    row(NoMailService, "RFC 7504").at(CONNECT | HELLO | RCPT).codes(&[521, 554, 550]).enhanced(&[(3, 2)]).class(5).phrases(&["host does not accept mail", "server does not accept mail", "does not accept incoming mail", "does not accept mail", "doesn't accept mail", "not a mail server", "this host does not receive mail"])
        .says("this host says that it takes no mail at all")
        .help("send to the host that the domain's MX names; whoever runs the domain takes this host out of its MX records"),
    row(DomainUnknown, "Postfix").at(RCPT).codes(&[550, 553]).enhanced(&[(1, 2), (4, 4)]).class(5).phrases(&["host or domain name not found", "recipient address rejected: domain not found", "recipient domain not found", "unknown domain", "domain does not exist", "no such domain", "domain not found", "unknown host", "bad destination system address", "domain of recipient .. does not exist", "unable to find .. domain", "host unknown", "invalid domain"]),
    row(DomainUnknown, "CommuniGate Pro").at(RCPT).codes(&[450, 472, 550, 572]).phrases(&["dns a-record is empty", "dns mx-record is empty", "no mx or a record*", "neither mx nor a record*", "no mx record*"]),
    row(DnsFailure, "Postfix").at(RCPT).codes(&[450, 451]).enhanced(&[(1, 2), (4, 3)]).class(4).phrases(&["recipient address rejected: domain not found", "host or domain name not found"])
        .says("the server could not look up the domain of {recipient}")
        .help("leave the mail in the queue, and check the DNS of the recipient's domain if it goes on"),
    of(Google, PolicyRejected).at(RCPT).codes(&[550]).enhanced(&[(7, 1)]).vague().phrases(&["has a policy that prohibited the mail that you sent", "has a policy that prohibited"])
        .says("a rule of the recipient's Google Workspace domain forbids this mail")
        .help("ask the recipient's administrator, who looks at routing, content and restricted-delivery rules"),
    of(Microsoft, PolicyRejected).at(RCPT | MESSAGE).codes(&[550]).enhanced(&[(7, 507), (7, 1)]).phrases(&["access denied, rejected by recipient", "rejected by recipient"])
        .says("the recipient has blocked this sender")
        .help("reach the recipient by other means: only they can lift the block").party(Party::Server),
    of(Microsoft, PolicyRejected).at(RCPT | MESSAGE).codes(&[550]).range(7, 124, 136).unsure()
        .says("the group {recipient} takes mail from its own senders only")
        .help("the owner of the group allows outside senders, or adds this one").party(Party::Server),
    row(PolicyRejected, COMMON).at(RCPT | MESSAGE).codes(&[550]).phrases(&["not permitted to send to", "not authorized to send to", "not allowed to send to this", "sender not authenticated for group", "resolver.rst.authrequired", "restricted to authenticated users", "only accepts mail from", "only accepting mail from", "accepts mail only from", "not authorized to post", "mailbox is restricted", "mailbox _ is restricted", "recipient is restricted", "sendernotauthenticatedforgroup", "resolver.rst.notauthorized", "sender was not authenticated when sending to this group", "delivery restriction check failed"])
        .says("the recipient {recipient} takes mail from certain senders only")
        .help("the recipient's administrator allows the sender").party(Party::Server),
    row(PolicyRejected, COMMON).at(RCPT | MAIL | DATA | MESSAGE).codes(&[550, 553, 554]).phrases(&["blocked by the recipient", "blocked by recipient", "blocked by this recipient", "blocked by the user", "blocked by this user", "blacklisted by recipient", "blacklisted by the recipient", "blacklisted by user", "recipient preferences", "recipient's preferences", "user preferences", "recipient has blocked", "recipient refuses to accept your mail", "recipient does not want", "refused by recipient", "refused by the recipient", "user reject", "blocked senders list of"])
        .says("the recipient {recipient} has blocked this sender")
        .help("reach the recipient by other means: only they can lift the block").party(Party::Server),
    row(PolicyRejected, "mailing lists").at(RCPT | MAIL | DATA | MESSAGE).codes(&[550, 553, 554]).phrases(&["non-member", "nonmember", "members-only", "members only", "member-only", "not a member of", "not subscribed to this", "is not subscribed", "not a subscriber", "closed mailing list", "closed list", "only subscribers", "subscribers only", "only members", "posting to this list", "post to this list"])
        .says("the list or group {recipient} takes mail from its members only")
        .help("join the list with this address, or ask its owner to let the sender in").party(Party::Client),
    row(PolicyRejected, COMMON).at(RCPT | MAIL | DATA | MESSAGE).codes(&[450, 550, 553, 554]).phrases(&["not pre-approved", "not preapproved", "not on .. whitelist", "not whitelisted", "not in .. whitelist", "not on .. allowlist", "not in .. allowlist", "boxtrapper", "challenge response", "challenge-response"])
        .says("the recipient {recipient} takes mail from senders that it knows only")
        .help("ask the recipient, by other means, to let the sender in").party(Party::Server),
];
