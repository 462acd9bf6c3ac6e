//! What a policy of the receiving side forbids, and mail that has to be authenticated first.

use super::super::{
    cause::Cause::{AuthRequired, PolicyRejected},
    provider::Provider::{Apple, Google, Microsoft, Proofpoint},
    row::{COMMON, Row, of, row},
    stage::{ANY, CONNECT, DATA, HELLO, MAIL, MESSAGE, RCPT, TRANSACTION},
};
use crate::rules::Party;

#[rustfmt::skip]
pub(super) const ROWS: &[Row] = &[
    of(Google, AuthRequired).at(TRANSACTION).codes(&[550, 530]).enhanced(&[(7, 1), (7, 0)]).vague().sub_codes(&["?p=wantauthenror", "?p=wantautherror", "?p=authenticationrequired"]).phrases(&["invalid credentials for relay"])
        .says("Google's relay does not know this client")
        .help("register the client's address in the Workspace relay settings, or authenticate"),
    of(Microsoft, AuthRequired).at(TRANSACTION).codes(&[530, 550]).enhanced(&[(7, 57)]).phrases(&["client not authenticated to send mail", "client was not authenticated to send anonymous mail", "client not authenticated to send anonymous mail"])
        .says("Exchange wants the client to authenticate before it submits mail")
        .help("authenticate as an account that may use SMTP AUTH, or have a connector set up for the client"),
    row(AuthRequired, COMMON).at(MAIL | RCPT | DATA | MESSAGE).codes(&[530, 550, 553, 554, 503, 505]).enhanced(&[(7, 0), (5, 1), (7, 1)]).vague().phrases(&[
        "authentication required", "authentication is required", "authentication needed", "authentication must be", "requires authentication", "must authenticate", "must be authenticated", "must first authenticate", "please authenticate", "authenticate first", "turn on smtp authentication", "enable smtp authentication", "authorize first", "auth first", "auth command must precede", "auth must precede", "auth required", "smtp authentication is required", "smtp auth is required", "smtp auth required", "need to authenticate", "need authentication", "not authenticated", "unauthenticated senders not allowed", "you must login", "log in first", "login first", "you are not authorized to send", "authentication credentials required", "authorization required", "sender not authenticated", "check your mail first", "pop before smtp", "smtp after pop", "without authentication", "unauthorized to send", "not authorized to use this server", "anonymous access .. not allowed", "use smtp auth*", "client was not authenticated",
    ]),
    of(Microsoft, PolicyRejected).at(MESSAGE | MAIL | RCPT).codes(&[550]).enhanced(&[(7, 520)]).phrases(&["does not allow external forwarding"])
        .says("the sender's organisation lets nobody forward mail to the outside")
        .help("the sender's own administrator allows forwarding in the outbound spam policy").party(Party::Client),
    row(PolicyRejected, "NetEase").at(ANY).codes(&[550, 554]).sub_codes(&["mi:spb", "dt:sum", "wm:blu", "wm:bli"]).unsure(),
    row(PolicyRejected, COMMON).at(TRANSACTION).codes(&[550, 554]).phrases(&["bounce attacks", "suspected bounce attack*"])
        .says("the server takes no bounces from this client: it sends too many, or for mail that was not sent")
        .help("find out what answers forged mail, and let it refuse during the session instead of bouncing").party(Party::Client),
    of(Microsoft, PolicyRejected).at(MAIL | RCPT).codes(&[550]).enhanced(&[(7, 51)]).phrases(&["restrictdomainstoipaddresses", "restrictdomainstocertificate"])
        .says("a partner connector of the receiving tenant takes this domain's mail from other addresses or certificates only")
        .help("send from the address or with the certificate that the connector names, or have it changed"),
    row(PolicyRejected, "Postfix").at(RCPT).codes(&[554]).enhanced(&[(7, 1)]).vague().phrases(&["recipient address rejected: access denied"])
        .says("an access rule of the server forbids the recipient {recipient}")
        .help("the receiving side looks into its access maps"),
    row(PolicyRejected, "Postfix").at(ANY).codes(&[554, 550]).enhanced(&[(7, 1)]).vague().phrases(&["client host rejected: access denied"])
        .says("an access rule of the server forbids the client's address")
        .help("the receiving side looks into its access maps"),
    row(PolicyRejected, "Postfix").at(ANY).codes(&[554, 550]).enhanced(&[(7, 1)]).vague().phrases(&["sender address rejected: access denied"])
        .says("an access rule of the server forbids {sender}")
        .help("the receiving side looks into its access maps"),
    row(PolicyRejected, "Postfix").at(CONNECT | HELLO | TRANSACTION).codes(&[450]).class(4).enhanced(&[(7, 1)]).vague().hints(&["client host rejected"])
        .says("an access rule of the server puts off the client's address: {text}")
        .help("the receiving side looks into its access maps; the text is its own"),
    row(PolicyRejected, "Postfix postscreen").at(RCPT).codes(&[521, 550]).class(5).enhanced(&[(5, 1)]).phrases(&["protocol error"]).party(Party::Client)
        .says("the server saw the client break the rules of the dialogue before (postscreen): it spoke too early, in groups, or with bare line feeds")
        .help("let the client wait for each reply and end its lines with CR LF"),
    row(PolicyRejected, "Palo Alto Networks").at(MESSAGE).codes(&[541]).enhanced(&[(4, 1)]).phrases(&["content blocked by palo alto", "blocked by palo alto"]).party(Party::Middlebox)
        .says("a Palo Alto firewall on the way blocks the message, not the mail server")
        .help("whoever runs the firewall looks at its mail and threat rules"),
    of(Apple, PolicyRejected).at(MESSAGE).codes(&[550, 554]).enhanced(&[(7, 1)]).vague().sub_codes(&["[cs01]"]).phrases(&["message rejected due to local policy"])
        .says("iCloud refuses the message for its content or the sender's reputation")
        .help("check content and links, publish SPF, DKIM and DMARC, then write to icloudadmin@apple.com"),
    of(Apple, PolicyRejected).at(ANY).codes(&[550, 554]).sub_codes(&["[hme1]"])
        .says("Apple's private relay (Hide My Email) does not know this sender")
        .help("register the sender's domain or address for Apple's private email relay, and let it pass SPF and DKIM"),
    of(Proofpoint, PolicyRejected).at(MESSAGE | RCPT).codes(&[550]).enhanced(&[(7, 0)]).vague().phrases(&["local policy violation"])
        .says("a Proofpoint rule of the receiving side forbids the message"),
    row(PolicyRejected, "Mimecast").at(ANY).codes(&[554, 550]).phrases(&["email rejected due to security policies"])
        .says("a policy of the receiving side forbids the message")
        .help("ask the receiving side's administrator, who finds the message by the reference in the reply"),
    row(PolicyRejected, "Exim, Mimecast").at(CONNECT | HELLO | TRANSACTION).codes(&[550, 554]).phrases(&["administrative prohibition"])
        .says("a rule that the receiving side has set up forbids {what}"),
    row(PolicyRejected, COMMON).at(CONNECT | HELLO | TRANSACTION).codes(&[550, 553, 554, 571]).enhanced(&[(7, 1), (7, 0)]).vague().phrases(&["local policy", "policy violation", "for policy reasons", "policy reasons", "against our policy", "violates policy", "violates our policy", "rejected by policy", "policy rejection", "due to policy", "security policy", "security policies", "site policy", "administrative policy", "company policy", "prohibited by policy", "administratively prohibited", "administratively denied", "restricted by administrator", "not permitted", "forbidden for your", "not welcome", "denied by policy", "delivery not authorized", "not authorized", "not accept mail from your", "not accept mail from this", "not accept email from your", "doesn't accept mail from your", "don't accept mail from your", "no longer accept mail from your", "configured to reject your mail"]),
    row(PolicyRejected, COMMON).at(ANY).codes(&[550, 554]).class(5).enhanced(&[(7, 1)]).vague().hints(&["access denied", "not allowed", "rejected for policy", "prohibited", "policy", "forbidden", "permission denied", "access rejected", "unauthorized"]),
    row(PolicyRejected, "Spectrum, Comcast").at(ANY).codes(&[550, 554]).phrases(&["does not accept email over ipv6", "doesn't process ipv6"])
        .says("the receiving side takes no mail over IPv6")
        .help("send over IPv4").party(Party::Client),
];
