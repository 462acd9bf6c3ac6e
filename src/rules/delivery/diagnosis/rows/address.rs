//! The recipient: unknown, disabled, moved, in a domain that takes no mail.

use super::super::{
    cause::Cause::{
        Delayed, DnsFailure, DomainUnknown, InternationalizationRequired, MailboxDisabled,
        MailboxUnknown, NoMailService, PolicyRejected, RecipientMoved, Refused, SenderRejected,
        SenderUnverified,
    },
    provider::Provider::{Apple, Barracuda, Google, Microsoft, Yahoo},
    row::{COMMON, Retry, Row, of, row},
    stage::{CONNECT, DATA, HELLO, MAIL, MESSAGE, RCPT},
};
use crate::rules::Party;

/// Where a recipient is judged: gateways without a directory do it after the message.
const TO: u16 = RCPT | DATA | MESSAGE;

/// What a recipient is called, between other words.
macro_rules! who {
    ($before:literal, $behind:literal) => {
        concat!($before, "(user|username|userid|account|mailbox|address|email address|e-mail address|mail address|recipient|addressee|alias|local part|local-part|mailbox name|email account|email|alias user)", $behind)
    };
}

#[rustfmt::skip]
pub(super) const ROWS: &[Row] = &[
    row(MailboxUnknown, "Postfix").at(RCPT).codes(&[550, 554]).enhanced(&[(1, 1)]).phrases(&["user unknown in .. table", "user unknown in"]),
    row(MailboxUnknown, COMMON).at(TO).codes(&[550, 551, 553, 554]).enhanced(&[(1, 1), (1, 0), (2, 1)]).phrases(&[
        who!("no such ", "(| here)"), who!("(unknown|invalid|nonexistent|non-existent|not a valid|not a known|not a local|not our|no local|no valid|unknown or illegal|unknown or invalid|unknown local|unknown virtual|invalid or unknown virtual) ", ""),
        who!("", " (does not exist|doesn't exist|not exist|not exists|is not exist|may not exist|unknown|is unknown|not found|was not found|is not found|could not be found|cannot be found|can't be found|not known|is not known|invalid|is invalid|is not valid|not valid|not recognized|is not recognized|not listed)"),
        who!("", " _ (does not exist|doesn't exist|not exist|not exists|unknown|is unknown|not found|was not found|is not found|could not be found|not known|is not known|invalid|is invalid|is not valid|not listed)"),
        who!("(unable to find|cannot find|can't find|could not find|couldn't find|no) ", "(| _) by that name"), who!("(unable to find|cannot find|can't find|could not find) ", ""),
        "(|user |rcpt )@ (is invalid|unknown|not found|does not exist|doesn't exist|is unknown|is not known)", "rcpt _ (does not exist|doesn't exist)",
        "no such (person|people|name|addressee|mail drop|mailhost|account)", "no (one|body|mailbox|user|account|such user) by that name", "(nobody|no one|no mailbox|no account)(| here) (by|of|with) that (name|address|email address)", "does not live here", "doesn't live here",
        "not known (to|at|on) this (system|server|host|domain|site)", "no mailbox(| here| found| present)", "no mail box(| available| for this user)", "mailbox not present", "there is no (one at this address|user|mailbox|such user)", "(no|missing) home directory",
        "not found in (directory|the directory|ldap|the ldap|our directory|address book|the address book|database)", "not in (directory|the directory|our directory)", "not listed in (directory|domino directory|public)", "in name directory", "recipient .. not in list", "(badrcptto|badrecipientto|validrcptto)(| list)",
        "recipients (was|were) undeliverable", "recipient (not|is not) ok", "recipient rejected .. unknown", "resolver.adr.recipient*", "addressnotfound", "address_not_found", "unavailable or does not exist", "not an active (address|user|mailbox|account)", "wrong or no longer valid", "(is|address) no longer valid", "no such person at this address", "does not like recipient", "bad destination mailbox address",
        "(unrouteable|unroutable) (address|user|recipient)", "destination address unknown", "unknown destination", "unknown or illegal alias", "doesn't have an account", "this user doesn't have", "(doesn't|does not) handle mail for that user", "that address isn't known", "adress unknown", "user is unknown", "not our customer", "not in my (|local )list", "not a registered (|gateway )(user|recipient|address|mailbox)", "no such user, or sender not authenticated",
    ]),
    row(MailboxUnknown, "RFC 5321's own words").at(RCPT).codes(&[550]).enhanced(&[(1, 1), (5, 0)]).hints(&[
        "mailbox unavailable", "mailbox not available", "recipient rejected", "recipient address rejected", "bad address",
        "address rejected", "no access to mailbox", "mailbox name not allowed", "(account|user) (|is )(unavailable|not available)", "recipient mailbox is not allowed",
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
    of(Microsoft, MailboxUnknown).at(RCPT | MESSAGE).codes(&[550]).enhanced(&[(5, 0), (1, 1)]).hints(&["requested action not taken: mailbox unavailable"])
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
        "(user|account|user account|mailbox|recipient|recipient mailbox|address|email address) (|is |was |are |has been |currently |is currently |temporarily |is temporarily |temporary |administratively )(disabled|inactive|suspended|blocked|terminated|deactivated|closed|expired|locked|frozen|discontinued)", "(user|account|mailbox) _ (|is |was |has been )(disabled|inactive|suspended|locked|blocked|deactivated|closed)",
        "(inactive|disabled|deactivated|expired|suspended|frozen|locked) (user|account|mailbox|email address|address|recipient)", "(administratively|administrativley) disabled", "has been deactivated", "no longer active", "no longer (accepts|accepting) (mail|email|messages)", "not accepting any mail", "mailbox is currently unavailable", "not accepting messages", "recipient is not accepting", "is not accepting mail", "archived recipient", "deactivated", "temporary locked", "temporarily locked", "temporarily inactive", "discontinued",
    ]),
    row(SenderRejected, COMMON).at(MAIL).codes(&[450, 451, 525, 535, 550, 553, 554]).phrases(&["(user|account|user account|mailbox|sender) (|is |has been )(disabled|inactive|suspended|blocked|deactivated|closed|expired|locked)"])
        .says("the account that sends as {sender} is switched off")
        .help("whoever runs the sending account's server switches it on again"),
    row(PolicyRejected, "Mimecast").at(MAIL | RCPT).codes(&[451]).phrases(&["account (inbounds|outbounds) disabled"])
        .says("the Mimecast account of one side takes no mail at the moment")
        .help("the customer whose account it is asks Mimecast's support"),
    row(MailboxDisabled, COMMON).at(TO).codes(&[550, 554]).class(5).phrases(&["extended inactivity", "due to inactivity", "for inactivity", "long inactivity", "user (|is )not active"]),
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
    row(DomainUnknown, "Postfix").at(RCPT).codes(&[550, 553]).enhanced(&[(1, 2), (4, 4)]).class(5).phrases(&["host or domain name not found", "recipient address rejected: domain not found", "recipient domain not found", "unknown domain", "domain does not exist", "no such domain", "domain not found", "unknown host", "bad destination system address", "domain of recipient .. does not exist", "unable to find .. domain", "host unknown", "invalid domain", "host name is unknown", "hostname is unknown", "couldn't find any host", "unrouteable mail domain", "unroutable mail domain"]),
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
    row(PolicyRejected, COMMON).at(RCPT | MAIL | DATA | MESSAGE).codes(&[550, 553, 554]).enhanced(&[(7, 1), (7, 0)]).vague().phrases(&["blocked by the recipient", "blocked by recipient", "blocked by this recipient", "blocked by the user", "blocked by this user", "blacklisted by recipient", "blacklisted by the recipient", "blacklisted by user", "recipient preferences", "recipient's preferences", "user preferences", "recipient has blocked", "recipient refuses to accept your mail", "recipient does not want", "(rejected|refused) by (recipient|recipients|the recipient|this recipient)", "user reject", "privacy settings", "blocked senders list of"])
        .says("the recipient {recipient} has blocked this sender")
        .help("reach the recipient by other means: only they can lift the block").party(Party::Server),
    row(PolicyRejected, "mailing lists").at(RCPT | MAIL | DATA | MESSAGE).codes(&[550, 553, 554]).enhanced(&[(7, 1), (7, 0)]).vague().phrases(&["non-member", "nonmember", "members-only", "members only", "member-only", "not a member of", "not subscribed to this", "is not subscribed", "not a subscriber", "closed mailing list", "closed list", "only subscribers", "subscribers only", "only members", "posting to this list", "post to this list"])
        .says("the list or group {recipient} takes mail from its members only")
        .help("join the list with this address, or ask its owner to let the sender in").party(Party::Client),
    row(PolicyRejected, COMMON).at(RCPT | MAIL | DATA | MESSAGE).codes(&[450, 550, 553, 554]).enhanced(&[(7, 1), (7, 0)]).vague().phrases(&["requires that you verify", "not pre-approved", "not preapproved", "not on .. whitelist", "not whitelisted", "not in .. whitelist", "not on .. allowlist", "not in .. allowlist", "boxtrapper", "challenge response", "challenge-response"])
        .says("the recipient {recipient} takes mail from senders that it knows only")
        .help("ask the recipient, by other means, to let the sender in").party(Party::Server),
];
