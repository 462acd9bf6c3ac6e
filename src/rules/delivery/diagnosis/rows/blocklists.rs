//! Blocklists and reputation: of the client's address, of a domain, of a network.

use super::super::{
    cause::Cause::{
        Blocklisted, NoMailService, PolicyRejected, ReputationPoor, ReverseDnsMissing, SpamRejected,
    },
    provider::Provider::{Apple, Barracuda, Cisco, Microsoft, Proofpoint, Yahoo},
    row::{COMMON, Row, of, row},
    stage::{ANY, CONNECT, HELLO, MAIL, MESSAGE, RCPT},
};
use crate::rules::Party;

#[rustfmt::skip]
pub(super) const ROWS: &[Row] = &[
    row(Blocklisted, "Postfix and others").at(ANY).codes(&[550, 553, 554, 450, 451, 421]).enhanced(&[(7, 1)]).vague().phrases(&[
        "blocked using", "blocked by", "blocked with", "is blocked by", "is listed in", "is listed at", "is listed on", "is listed by", "listed in", "listed at", "listed on", "listed by", "found in .. blacklist", "found on .. blacklist", "found on .. blocklist", "is on .. blacklist", "found on a block list", "found on one or more", "found on .. dnsbl*", "found on .. rbl", "is on a block list", "is on a dnsbl", "in a dnsbl",
        "is blacklisted", "blacklisted", "black listed", "blacklisted at", "blacklisted by", "blacklisted in", "blocklisted", "on our blacklist", "on our block list", "in our blacklist", "on a blacklist", "on a blocklist", "in a blacklist", "rejected by rbl", "by rbl", "by an rbl", "by dnsbl", "refused, see rbl", "rejected due to rbl", "rejected by dnsbl", "rbl reject", "rbl restriction", "dnsbl", "is in rbl", "in rbl", "rejected by blacklist", "block list", "blocklist", "black list", "real-time blackhole", "blackholed", "client host .. blocked", "service unavailable; client host", "your ip is blocked", "ip address is blocked", "ip is blocked", "host blocked", "your host is blocked", "refused due to blacklist", "domain is blacklisted", "spammer list", "is in .. blacklist", "is in .. black list", "listed by the lookup", "sbl-xbl", "spl-xbl", "in the sbl", "in the xbl", "in the pbl", "realtime block list", "not currently accepting mail from your ip", "identified as spammer", "looks suspiciously like spammer", "known spammer", "known spam source", "suspected spam ip", "spam ip", "banned ip", "ip banned", "banned sending ip", "your ip has been blocked", "ip has been blocked", "your server has been blocked", "your host has been blocked", "ip address has been blocked", "your ip has been banned", "mail server at .. is blocked", "client address .. blocked", "temporary blacklisted", "temporarily blacklisted",
    ]),
    row(Blocklisted, "Spamhaus").at(ANY).codes(&[550, 553, 554]).enhanced(&[(7, 1)]).vague().sub_codes(&["zen.spamhaus.org", "spamhaus.org/query/ip", "spamhaus.org/query/bl", "spamhaus.org/sbl", "sbl.spamhaus.org", "spamhaus sbl", "xbl.spamhaus.org", "spamhaus xbl", "spamhaus.org/xbl", "css.spamhaus.org", "spamhaus css", "check.spamhaus.org", "spamhaus's list", "spamhaus.org/lookup"])
        .says("the client's address is on a list of Spamhaus")
        .help("look the address up at check.spamhaus.org, which says on which list and why, before anything else is done"),
    row(Blocklisted, "Spamhaus").at(ANY).codes(&[550, 553, 554]).sub_codes(&["pbl.spamhaus.org", "spamhaus pbl", "spamhaus.org/pbl", "spamhaus.org/query/pbl", "policy block list"])
        .says("the client's address is on Spamhaus PBL: a range that should not send mail directly")
        .help("send through the provider's or your own mail server; a fixed server address can be taken off the PBL by its user"),
    row(SpamRejected, "Spamhaus, URIBL, SURBL").at(ANY).codes(&[550, 554, 552]).enhanced(&[(7, 1)]).vague().sub_codes(&["dbl.spamhaus.org", "spamhaus.org/dbl", "spamhaus dbl", "spamhaus.org/query/dbl", "uribl.com", "multi.uribl", "surbl.org", "multi.surbl", "url blacklist", "uribl", "surbl"]).phrases(&["blacklisted url", "blacklisted domain in", "url in message", "listed url", "url listed", "contains a url that has been blocked", "url that has been blocked", "blacklisted uri", "spam url"])
        .says("a domain in the message or envelope is on a list of domains seen in spam")
        .help("look the domains of sender and links up at the list, and remove or mend the one that is on it"),
    row(Blocklisted, "Outlook.com").at(ANY).codes(&[550, 554]).enhanced(&[(7, 1)]).vague().sub_codes(&["(s3150)", "(s3140)"]).phrases(&["part of their network is on our block list"])
        .says("Outlook.com blocks the client's address, or the network around it")
        .help("ask Microsoft to lift it (sender.office.com, or the sender support form), after ending the cause"),
    row(ReputationPoor, "Outlook.com").at(ANY).codes(&[550, 554, 421]).sub_codes(&["sc-001"])
        .says("Outlook.com takes this mail for spam, from its content or the address's reputation")
        .help("look at Microsoft's SNDS for the address, and ask sender support"),
    row(ReputationPoor, "Outlook.com").at(ANY).codes(&[550, 554]).sub_codes(&["sc-002"])
        .says("Outlook.com blocks the address: it tried many recipients that do not exist")
        .help("clean the list of recipients, then ask Microsoft's sender support"),
    row(Blocklisted, "Outlook.com").at(ANY).codes(&[550, 554]).sub_codes(&["sc-003"])
        .says("Outlook.com blocks the address as an open relay")
        .help("close the relay or proxy on that address, then ask Microsoft's sender support"),
    row(ReputationPoor, "Outlook.com").at(ANY).codes(&[550, 554]).sub_codes(&["sc-004"])
        .says("Outlook.com blocks the address after complaints of its users")
        .help("join Microsoft's complaint programme (JMRP), remove whoever complains, then ask sender support"),
    row(Blocklisted, "Outlook.com").at(ANY).codes(&[550, 554]).sub_codes(&["dy-001"])
        .says("Outlook.com takes no mail from dynamic addresses")
        .help("send through the provider's or your own mail server"),
    row(ReputationPoor, "Outlook.com").at(ANY).codes(&[550, 554]).sub_codes(&["dy-002"])
        .says("Outlook.com blocks the address: the machine behind it looks compromised")
        .help("clean the machine, then send through a mail server of good standing"),
    row(Blocklisted, "Outlook.com").at(ANY).codes(&[550, 554]).sub_codes(&["ou-001"])
        .says("Outlook.com blocks the client's address for a list that it asks")
        .help("look the address up at check.spamhaus.org, then ask Microsoft's sender support"),
    row(SpamRejected, "Outlook.com").at(ANY).codes(&[550, 554]).sub_codes(&["ou-002"])
        .says("Outlook.com takes this mail for spam, from its content or the address's reputation")
        .help("look at Microsoft's SNDS for the address, and ask sender support"),
    of(Microsoft, Blocklisted).at(ANY).codes(&[550]).class(5).range(7, 606, 649).phrases(&["access denied, banned sending ip"])
        .says("Exchange Online has banned the client's address")
        .help("end the cause, then take the address off at sender.office.com"),
    of(Microsoft, Blocklisted).at(ANY).codes(&[550]).class(5).enhanced(&[(7, 511)]).phrases(&["access denied, banned sender"])
        .says("Exchange Online has banned the sender")
        .help("write to the delisting address that the reply names, with the whole text of the reply"),
    of(Microsoft, PolicyRejected).at(ANY).codes(&[550]).enhanced(&[(7, 513)]).phrases(&["using customer block list"])
        .says("the recipient's organisation has put the client's address on its own list")
        .help("ask the recipient's administrator to take it off"),
    of(Yahoo, Blocklisted).at(ANY).codes(&[553, 554]).enhanced(&[(7, 1)]).vague().sub_codes(&["[bl21]", "[bl22]", "[bl23]", "[tss07]"]).phrases(&["because the ip is in spamhaus's list"])
        .says("the client's address is on a list of Spamhaus, which Yahoo asks")
        .help("look the address up at check.spamhaus.org and have it taken off there"),
    row(Blocklisted, "Proofpoint").at(ANY).codes(&[550, 554]).enhanced(&[(7, 0), (7, 1)]).vague().sub_codes(&["proofpoint.com/dnsbl-lookup", "ipcheck.proofpoint.com"]).phrases(&["blocked - see https://ipcheck.proofpoint", "blocked - see https://support.proofpoint"])
        .says("Proofpoint's dynamic reputation blocks the client's address")
        .help("look the address up at ipcheck.proofpoint.com and ask there for its removal"),
    of(Proofpoint, Blocklisted).at(ANY).codes(&[550, 554]).enhanced(&[(7, 0)]).vague().hints(&["blocked"])
        .says("Proofpoint's dynamic reputation blocks the client's address")
        .help("look the address up at ipcheck.proofpoint.com and ask there for its removal"),
    row(ReputationPoor, "Cisco").at(CONNECT | HELLO | MAIL | RCPT).codes(&[554, 550, 421]).phrases(&["your access to this mail system has been rejected", "poor reputation", "senderbase", "talosintelligence", "talos reputation", "your access to submit messages to this e-mail system has been rejected", "sending mta's poor reputation"])
        .says("the receiving gateway refuses the client's address because of its reputation")
        .help("look the address up at talosintelligence.com, and end what harms its reputation"),
    of(Cisco, ReputationPoor).at(CONNECT | HELLO | MAIL).codes(&[554]).hints(&["reputation", "rejected"]),
    row(Blocklisted, "Barracuda").at(ANY).codes(&[550, 554]).sub_codes(&["b.barracudacentral.org", "barracudacentral.org", "barracuda reputation"])
        .says("the client's address is on Barracuda's reputation list")
        .help("ask for its removal at barracudacentral.org"),
    of(Barracuda, Blocklisted).at(ANY).codes(&[550, 554]).hints(&["poor reputation", "barracuda reputation"]),
    row(ReputationPoor, "Trend Micro").at(ANY).codes(&[550, 554, 450]).sub_codes(&["block-send-er", "rbl+", "ers-rbl", "ers.trendmicro.com", "trend micro rbl", "trend micro email reputation"])
        .says("Trend Micro's reputation service blocks the client's address")
        .help("look the address up at ers.trendmicro.com and ask there for its removal"),
    row(Blocklisted, "AT&T").at(ANY).codes(&[521, 550, 553]).sub_codes(&["dnsbl:attrbl", "dnsbl:rbl", "attrbl"]).phrases(&["_is_blocked", "is_blocked"])
        .says("the client's address is on AT&T's own list, often for a missing or generic PTR name")
        .help("give the address a PTR record of its own, then write to the desk that the reply names"),
    row(Blocklisted, "GMX, web.de, 1&1").at(CONNECT | HELLO | MAIL | RCPT).codes(&[554, 550, 421]).phrases(&["no smtp service .. black listed", "ip address is black listed", "ip address is blacklisted", "bad dns ptr resource record", "nemesis esmtp"])
        .says("the provider's own list blocks the client's address")
        .help("look at postmaster.gmx.net for the reason, end it, and ask there"),
    row(ReputationPoor, "T-Online").at(CONNECT | HELLO | MAIL | RCPT).codes(&[554]).phrases(&["a problem occurred. (ask your postmaster", "ask your postmaster for help or to contact tosa", "(ask your postmaster for help"])
        .says("the provider does not know the client's address yet, or misses its PTR name or imprint")
        .help("write to the address that the reply names, with the host's name, its PTR record and the operator's imprint"),
    row(Blocklisted, "Cloudmark").at(ANY).codes(&[421, 550, 554]).sub_codes(&["csi.cloudmark.com", "cloudmark sender intelligence"])
        .says("Cloudmark's sender list blocks the client's address")
        .help("ask for a reset at csi.cloudmark.com"),
    row(Blocklisted, COMMON).at(ANY).codes(&[550, 553, 554]).sub_codes(&["dnsbl.invaluement", "invaluement", "bl.spamcop.net", "spamcop", "uceprotect*", "dnsbl-1.uceprotect.net", "psbl.surriel", "dnsbl.dronebl", "bl.mailspike", "hostkarma", "truncate.gbudb", "ix.dnsbl.manitu", "senderscore.com", "backscatterer", "spamrats", "nosolicitado", "abusix", "combined.mail.abusix.zone"]),
    row(Blocklisted, "SORBS").at(ANY).codes(&[550, 553, 554]).sub_codes(&["sorbs.net", "dnsbl.sorbs", "sorbs"]).party(Party::Server).unsure()
        .says("the receiving side still asks SORBS, a list that was closed in 2024")
        .help("the receiving side takes SORBS out of its configuration"),
    row(PolicyRejected, COMMON).at(ANY).codes(&[550, 554]).phrases(&["based on geographical location", "blocked by geoip", "geoip", "geographic", "country is blocked", "your country", "host network not allowed", "mail from your country", "geographical restriction"])
        .says("the receiving side takes no mail from the client's country")
        .help("ask the receiving side's administrator for an exception"),
    row(ReputationPoor, "AOL").at(ANY).codes(&[421, 554]).sub_codes(&["(rtr:bl)", "(rtr:ge)", "(rtr:sc)", "(con:b1)", "con:b1", "(hvu:b1)", "(hvu:b2)"])
        .says("AOL refuses the client's address, or a link in the message, because of complaints"),
    row(ReverseDnsMissing, "AOL").at(CONNECT).codes(&[554, 421]).sub_codes(&["(rtr:rd)", "rtr:rd"]),
    row(Blocklisted, "AOL").at(CONNECT).codes(&[554, 421]).sub_codes(&["(rtr:bb)", "(rtr:du)", "rtr:bb", "rtr:du"])
        .says("AOL takes no mail from dynamic or residential addresses")
        .help("send through the provider's or your own mail server"),
    row(Blocklisted, "Cox").at(CONNECT | MAIL | HELLO).codes(&[554, 421]).sub_codes(&["cxbl", "cdrbl"])
        .says("Cox blocks the client's address after spam from it")
        .help("end the spam; a CDRBL entry goes within a day, a CXBL entry when Cox is asked"),
    row(ReverseDnsMissing, "Cox").at(CONNECT | MAIL | HELLO).codes(&[554, 421]).sub_codes(&["cxdns"]),
    row(ReputationPoor, "Cox").at(ANY).codes(&[421, 452, 550, 554]).sub_codes(&["cxthrt", "cxmj"])
        .says("Cox holds the account's mail back because of suspicious activity")
        .help("change the account's password and look for what sends the mail"),
    row(Blocklisted, COMMON).at(CONNECT | HELLO | MAIL | RCPT).codes(&[501, 550, 553, 554, 571]).class(5).phrases(&["which is an open relay", "you are an open relay", "your server is an open relay", "is an open relay", "from open relays", "open relay blocked", "from an open relay", "open proxy", "rejecting open proxy", "open relays and proxies", "insecure mail relay", "possible open relay"])
        .says("the server takes the client for an open relay, and takes no mail from it")
        .help("close the relay on the client's address, then ask the receiving side to try again"),
    row(ReputationPoor, COMMON).at(ANY).codes(&[550, 554, 421, 451, 450]).phrases(&["very low reputation", "low reputation", "bad reputation", "poor sender reputation", "reputation too low", "reputation score", "sender reputation", "ip reputation", "domain reputation", "due to reputation", "because of reputation", "local ct ip reputation", "reputation of the sending"]),
    row(Blocklisted, COMMON).at(CONNECT | HELLO | MAIL | RCPT | MESSAGE).codes(&[550, 554]).class(5).enhanced(&[(7, 1)]).vague().hints(&["client host rejected", "connection refused", "connection denied", "access denied", "blocked", "due to abuse", "connection rejected", "not accepting connections", "dynamic ip", "dynamic address", "residential ip", "dul", "dialup"]).unsure()
        .says("the server refuses the client's address: {text}"),
    row(Blocklisted, COMMON).at(CONNECT).codes(&[550, 554]).class(5).hints(&["denied", "banned"]).unsure()
        .says("the server refuses the client's address: {text}"),
    row(Blocklisted, COMMON).at(ANY).codes(&[550, 554]).enhanced(&[(7, 1)]).vague().phrases(&["dynamic ip address", "dynamic ip range", "dynamic ip pool", "dynamic address range", "residential ip", "dial-up", "dialup", "dynamically assigned", "end-user ip", "mail from dynamic", "generic dns ptr*", "generic rdns", "generic reverse dns", "generic ptr", "dynamic ips", "dynamic host", "hosts with dynamic", "smtp server of your isp", "use your isp", "use the smtp relay of your", "use your provider", "relay at your service provider", "not authorized to send (email|mail) directly", "dynamic hosts"])
        .says("the server takes no mail from dynamic or residential addresses")
        .help("send through the provider's or your own mail server"),
    of(Apple, NoMailService).at(CONNECT).codes(&[554]).phrases(&["esmtp not accepting connections"])
        .says("iCloud takes no connection from this client")
        .help("look the address up at Spamhaus and Proofpoint, which Apple asks"),
];
