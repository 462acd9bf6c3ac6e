//! The message itself: spam, malware, forbidden content, broken header fields.

use super::super::{
    cause::Cause::{
        ContentRejected, IdleTimeout, PolicyRejected, ReputationPoor, SpamRejected, VirusRejected,
    },
    provider::Provider::{Barracuda, Google, Microsoft, Yahoo},
    row::{COMMON, Row, of, row},
    stage::{ANY, DATA, MAIL, MESSAGE, RCPT},
};
use crate::rules::Party;

#[rustfmt::skip]
pub(super) const ROWS: &[Row] = &[
    of(Google, ReputationPoor).at(MESSAGE | DATA).codes(&[550, 421]).enhanced(&[(7, 1), (7, 0)]).vague().phrases(&["suspicious due to the very low reputation", "very low reputation of the sending"])
        .says("Google finds the message suspicious: the address or domain it comes from has a very low reputation")
        .help("look at Google's Postmaster Tools, publish SPF, DKIM and DMARC, and send to people who want the mail"),
    of(Google, SpamRejected).at(MESSAGE | DATA).codes(&[550, 421]).enhanced(&[(7, 1)]).vague().sub_codes(&["?p=unsolicitedmessageerror"]).phrases(&["likely unsolicited mail", "likely suspicious", "our system has detected that this message is likely"])
        .help("look at content and links, and at Google's Postmaster Tools for the sending domain"),
    of(Google, ContentRejected).at(MESSAGE).codes(&[552]).enhanced(&[(7, 0)]).sub_codes(&["?p=blockedmessage"]).phrases(&["potential security issue", "presents a potential security issue"])
        .says("Google blocks the message for an attachment or link of a dangerous kind, also inside archives")
        .help("share the file by a link instead"),
    of(Google, ContentRejected).at(MESSAGE).codes(&[550]).enhanced(&[(7, 1)]).vague().sub_codes(&["?p=rfcmessagenoncompliant"]).phrases(&["not rfc 5322 compliant", "not compliant with rfc 5322", "messages missing a valid address in from", "multiple addresses in from", "duplicate headers", "missing a valid messageid header", "is not rfc 5322"])
        .says("the message's header fields break RFC 5322: one missing, doubled or malformed")
        .help("mend the program that writes the header: one From, one Date, one Message-ID"),
    of(Microsoft, ContentRejected).at(MESSAGE).codes(&[550, 554]).enhanced(&[(7, 512), (5, 6)]).phrases(&["message must be rfc 5322 compliant", "message must be rfc 5322 section 3.6.2 compliant", "must be rfc 5322", "message must contain a valid from address"])
        .says("the message has no valid From, or breaks RFC 5322 otherwise")
        .help("mend the program that writes the header"),
    of(Microsoft, ContentRejected).at(MESSAGE).codes(&[550, 554]).enhanced(&[(6, 0), (6, 11)]).phrases(&["invalidcharacters", "invalid message content", "invalid content", "message contains bare line feeds"])
        .says("the message holds characters that the server does not take, such as line feeds without carriage returns")
        .help("send every line with CR LF at its end"),
    row(ContentRejected, "Postfix").at(MESSAGE | DATA).codes(&[521, 550, 554, 501]).enhanced(&[(5, 2), (6, 11)]).phrases(&["bare lf received", "bare <lf> received", "bare newline", "bare line feed*", "barelinefeed*", "bare lf", "bare cr", "bare linefeed*", "bare carriage return", "stray newline", "stray linefeed*", "lone cr or lf", "see .. smtplf"])
        .says("the message has lines that end with a bare line feed, which servers refuse against smuggling")
        .help("send every line with CR LF at its end"),
    row(ContentRejected, "Yahoo").at(MESSAGE).codes(&[554]).phrases(&["headers are not rfc compliant", "headers not rfc compliant", "message not rfc compliant"]).sub_codes(&["[291]"])
        .says("the message's header fields break RFC 5322")
        .help("mend the program that writes the header"),
    row(ContentRejected, "AOL").at(MESSAGE).codes(&[554]).sub_codes(&["(hvu:b1)", "hvu:b1", "hvu:b2"])
        .says("a link in the message is one that its readers complained about"),
    row(VirusRejected, COMMON).at(MESSAGE).codes(&[550, 552, 554, 571]).enhanced(&[(7, 0), (7, 1), (6, 0)]).vague().phrases(&["virus", "virus found", "virus detected", "contains a virus", "contains virus", "message contains virus", "message contains a virus", "message contains malware", "contains malware", "malware detected", "malware found", "infected", "malware", "malicious", "trojan", "worm", "clamav", "eicar", "eicar-test-signature", "phishing .. detected", "found to contain .. virus"]),
    row(SpamRejected, COMMON).at(MESSAGE).codes(&[550, 551, 552, 553, 554, 571, 451]).enhanced(&[(7, 1), (7, 0)]).vague().phrases(&["spam", "spams", "phishing", "contains phishing", "spam message rejected", "rejected as spam", "identified as spam", "detected as spam", "considered spam", "looks like spam", "classified as spam", "spam score", "spamassassin", "rspamd", "spam content", "spam detected", "spammy", "unsolicited", "bulk mail", "junk mail", "junk", "gtube", "score exceeds", "high spam", "antispam checks", "anti-spam checks", "antispam", "anti-spam", "spam filter", "spam filters", "spam points", "message filtered", "filtered by outbound scanning", "recurrent pattern detection", "spam-like", "considered unsolicited bulk", "ube"]),
    row(SpamRejected, COMMON).at(RCPT | MAIL | DATA).codes(&[550, 554, 553]).enhanced(&[(7, 1)]).vague().phrases(&["spam", "spams", "too many spams", "rejected as spam", "spam source", "spammer*", "spam detected", "spam not accepted", "unsolicited"]),
    of(Barracuda, ContentRejected).at(MESSAGE).codes(&[550]).sub_codes(&[":blocked"]).phrases(&["rejecting banned content", "permanent failure for one or more recipients"])
        .says("the receiving side's Barracuda gateway blocks the message for content, a link, or the sender")
        .help("the recipient's administrator finds the reason in the gateway's log"),
    row(ContentRejected, "Barracuda").at(MESSAGE).codes(&[550]).phrases(&["rejecting banned content", "permanent failure for one or more recipients .. :blocked"]),
    row(ContentRejected, "Microsoft").at(MESSAGE).codes(&[550]).phrases(&["x-dg-ref header is too long", "header too long"])
        .says("a header field of the message is too long")
        .help("have the program or filter that writes the field shorten it"),
    row(ContentRejected, COMMON).at(MESSAGE).codes(&[550, 552, 553, 554, 571]).enhanced(&[(6, 0), (6, 1), (7, 1), (7, 0)]).vague().phrases(&[
        "message content rejected", "content rejected", "content not allowed", "content denied", "content is not acceptable", "content filter", "content blocked", "banned content", "prohibited content", "unacceptable content", "forbidden content", "inappropriate content", "blocked content", "message content", "content policy", "body content", "content examination policy", "attachment", "attachments", "file type", "illegal attachment", "banned attachment", "prohibited attachment", "attachment type", "attachment extension is forbidden", "executable", "dangerous header", "dangerous attachment", "forbidden extension", "forbidden file", "forbidden attachment", "forbidden url", "banned file", "content restriction*", "contains a file", "contains a banned", "contains forbidden", "body contains", "contains url", "url on", "bad header", "header error", "headers rejected", "header field", "invalid header", "malformed header", "missing header", "missing from header", "missing date", "missing message-id", "no from header", "line too long", "lines too long", "line is too long", "line size exceeded", "line length exceeded", "banned:", "fail syntax check", "headers fail", "message headers", "without a message-id", "no message-id", "no date header", "without a date", "header from invalid", "invalid from header", "header is missing", "header missing", "headers missing", "header _ is missing", "missing _ header", "message is malformed", "malformed message", "null byte", "invalid mime", "mime error",
    ]),
    row(ContentRejected, "registry").at(MESSAGE).enhanced(&[(6, 1), (6, 2), (6, 3), (6, 6)]).class(5)
        .says("the server cannot pass the content on in this form"),
    of(Yahoo, ContentRejected).at(MESSAGE).codes(&[554]).hints(&["message not allowed", "not accepted"]),
    row(PolicyRejected, COMMON).at(MESSAGE).codes(&[550, 554, 571]).enhanced(&[(7, 1)]).vague().hints(&["message rejected", "message refused", "transaction failed", "rejected", "mail rejected", "message not accepted"]).class(5).unsure()
        .says("the receiving side refused the message and says no more than {text}"),
    row(IdleTimeout, "Mimecast").at(MESSAGE).codes(&[451]).phrases(&["message ended early"]).party(Party::Middlebox)
        .says("the message broke off on its way to the server")
        .help("look for a firewall that inspects SMTP (fixup, MailGuard) or a scanner on the way, and switch that off"),
    row(SpamRejected, "NetEase").at(ANY).codes(&[550, 554]).sub_codes(&["dt:spm"]).unsure(),
    row(SpamRejected, "rspamd").at(MESSAGE).codes(&[451]).class(4).phrases(&["spam message deferred", "message greylisted as spam"]),
    row(PolicyRejected, COMMON).at(ANY).codes(&[550]).phrases(&["message bounced due to", "rejected by header-based"]),
];
