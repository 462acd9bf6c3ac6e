//! Too much at once, too much in an hour, and first contacts that are put off.

use super::super::{
    cause::Cause::{
        ConnectionLimited, Delayed, Greylisted, PolicyRejected, RateLimited, ReputationPoor,
        ServerError, ServiceUnavailable,
    },
    provider::Provider::{Apple, Google, Microsoft},
    row::{COMMON, Retry, Row, of, row},
    stage::{ANY, CONNECT, DATA, HELLO, MAIL, MESSAGE, RCPT, TRANSACTION},
};
use crate::rules::Party;

#[rustfmt::skip]
pub(super) const ROWS: &[Row] = &[
    row(ConnectionLimited, "Exim, Postfix").at(CONNECT | HELLO | MAIL | RCPT | DATA).codes(&[421, 432, 450, 451, 452, 550, 554]).enhanced(&[(7, 0), (3, 2)]).vague().phrases(&[
        "too many concurrent smtp connections", "too many concurrent connections", "too many connections", "too many simultaneous connections", "too many sessions", "connection limit exceeded", "connection limit reached", "maximum number of connections", "maximum connections", "exceeded the maximum number of connections", "number of connections exceeded", "too many open connections", "connections exceeded", "maximum number of concurrent", "concurrent server connections has exceeded", "concurrent connections has exceeded", "concurrent connections exceeded", "connection rate limit exceeded", "concurrent connection limit", "too many parallel", "too many smtp sessions", "connections from your", "thread limit",
    ]),
    row(ConnectionLimited, COMMON).at(TRANSACTION | CONNECT).codes(&[421, 450, 451]).class(4).phrases(&["(max|maximum) (message|messages|mails|number of messages) per (connection|session)"])
        .says("the server takes no more messages over this connection")
        .help("open a new connection for the next message"),
    row(ConnectionLimited, "Avast").at(ANY).codes(&[421]).phrases(&["concurrent connection limit in avast"]).party(Party::Middlebox)
        .says("the anti-virus on the client's own machine allows no more connections at once")
        .help("raise the limit of the mail scanner, or take SMTP out of its inspection"),
    row(ConnectionLimited, "MDaemon").at(CONNECT).codes(&[421]).phrases(&["smtp server too busy right now"]).party(Party::Server)
        .says("all sessions of the server are in use")
        .help("try again later; whoever runs the server allows it more sessions"),
    of(Microsoft, ConnectionLimited).at(CONNECT | HELLO | MAIL | RCPT | DATA).codes(&[432]).enhanced(&[(3, 2)]).phrases(&["concurrent connections limit exceeded", "storedrv.clientsubmit; sender thread limit exceeded"])
        .says("the account submits from more connections at once than Exchange Online allows"),

    of(Google, RateLimited).at(TRANSACTION).codes(&[421, 450, 550]).enhanced(&[(7, 28)]).sub_codes(&["?p=unsolicitedratelimiterror", "?p=unsolicitedipratelimit"]).phrases(&["unusual rate of unsolicited mail", "unusual rate of mail", "unusual rate"])
        .says("Google sees an unusual rate of mail from this source")
        .help("slow down, end what sends it, and look at Google's Postmaster Tools"),
    row(RateLimited, "Google").at(MAIL | MESSAGE | RCPT | DATA).codes(&[550, 452, 421]).enhanced(&[(4, 5)]).sub_codes(&["?p=dailyquota"]).phrases(&["daily user sending limit exceeded", "daily sending quota exceeded", "daily user sending quota exceeded", "daily sending limit", "sending limit exceeded", "daily message quota", "daily limit", "hourly limit", "messages per hour", "per hour limit", "sending rate exceeded", "received this hour", "sent this hour"])
        .says("the account has sent as much as it may in this time")
        .help("wait until the limit is renewed, or use a service made for bulk mail"),
    row(RateLimited, "Outlook.com").at(ANY).codes(&[421, 451, 550]).sub_codes(&["rp-001", "rp-002", "rp-003"])
        .says("the client has sent as much in this hour as its reputation at Outlook.com allows")
        .help("send more slowly, and look at Microsoft's SNDS for the address"),
    of(Microsoft, RateLimited).at(CONNECT | HELLO | MAIL | RCPT | DATA | MESSAGE).codes(&[451, 421]).class(4).range(7, 500, 699)
        .says("Exchange Online slows this address down: new to it, or suspicious")
        .help("send more slowly until the address is known; if it lasts, ask through the delist portal (sender.office.com)"),
    of(Microsoft, RateLimited).at(CONNECT | HELLO | MAIL | RCPT | DATA | MESSAGE).codes(&[451, 421]).class(4).range(7, 850, 899)
        .says("Exchange Online holds this address back while it examines suspicious activity")
        .help("make sure that nothing on the client sends spam, and send more slowly"),
    of(Microsoft, RateLimited).at(CONNECT | MAIL | RCPT).codes(&[451, 421]).class(4).enhanced(&[(7, 650)]).phrases(&["temporarily rate limited due to ip reputation"])
        .says("Outlook.com slows this address down because of its reputation")
        .help("send less and more slowly, and look at Microsoft's SNDS for the address"),
    row(ReputationPoor, "Yahoo").at(ANY).codes(&[421, 451]).class(4).sub_codes(&["[tss01]", "[tss02]", "[tss03]", "[tss04]", "[tss05]", "[tss06]", "[tss08]", "[ts01]", "[ts02]", "[ts03]", "[ts04]"]).phrases(&["temporarily deferred due to unexpected volume or user complaints", "temporarily deferred due to user complaints"]).retry(Retry::AfterChange)
        .says("Yahoo puts this address off: unexpected volume, or complaints of its users")
        .help("send less, take complaints seriously (feedback loop), and try again after some hours"),
    row(ReputationPoor, "Yahoo").at(ANY).codes(&[553, 554]).class(5).sub_codes(&["[tss09]", "[tss10]", "[tss11]", "[tss12]", "[ts03]"]).phrases(&["will be permanently deferred", "retrying will not succeed"]).retry(Retry::AfterChange)
        .says("Yahoo takes nothing more from this address")
        .help("stop sending to Yahoo, end the cause, then appeal at its postmaster site"),
    row(RateLimited, "Yahoo").at(MAIL | RCPT | DATA).codes(&[421, 451]).phrases(&["max message per connection", "max messages per connection", "maximum messages per connection", "too many messages in this connection", "too many messages per connection", "message threshold exceeded", "max number of messages per session", "too many transactions", "too many messages for this session", "too many messages in one connection"])
        .says("the server takes no more messages in this connection")
        .help("open a new connection for the next messages"),
    of(Apple, RateLimited).at(TRANSACTION).codes(&[421]).enhanced(&[(7, 1)]).phrases(&["deferred due to excessive volume"])
        .says("iCloud puts off mail to {recipient}: too much of it at once"),
    row(RateLimited, "Postfix").at(MAIL | RCPT | CONNECT | HELLO).codes(&[421, 450]).enhanced(&[(7, 1), (7, 0)]).vague().phrases(&["too much mail from", "too many auth commands", "too many recipients from", "too many messages from", "too many new recipients from", "connection rate limit", "too many connections in", "message rate limit", "recipient rate limit"]),
    row(RateLimited, COMMON).at(ANY).codes(&[421, 450, 451, 452, 550, 554]).phrases(&["rate limit exceeded", "rate limiting", "rate limited", "frequency limited", "relay limit exceeded", "messaging limits", "throttling failure", "ratelimited", "rate-limited", "rate limit", "rate limits", "throttled", "throttling", "sending too fast", "slow down", "too fast", "too much mail", "too many messages", "too many emails", "too many mails", "exceeded the rate", "sending rate", "rate exceeded", "rate is too high", "reached your limit", "you have exceeded", "excessive volume", "excessive rate", "mail rate", "quota for .. exceeded", "limit exceeded .. per", "messages per"]),
    row(RateLimited, "Cloudmark, AOL").at(ANY).codes(&[421, 554]).sub_codes(&["(rly:b1)", "rly:b1", "(rly:bd)", "(dyn:t1)", "dyn:t1", "(dyn:t2)"])
        .says("AOL's limits for this address are used up"),
    of(Microsoft, ServiceUnavailable).at(MAIL | RCPT).codes(&[450]).enhanced(&[(7, 3)]).phrases(&["organization queue quota exceeded"])
        .says("too much mail for this tenant waits in Exchange Online")
        .help("the receiving side mends the connector to its own servers"),
    row(RateLimited, COMMON).at(ANY).codes(&[421, 451, 550, 554]).enhanced(&[(7, 1), (7, 0)]).vague().phrases(&["blocked by our rate limit*", "due to rate limit*", "because of rate limit*"]),
    row(RateLimited, "NetEase").at(ANY).codes(&[421, 450, 451, 452, 550, 554]).sub_codes(&["mi:sfq", "mi:stc", "rp:qrc", "rp:qmc", "rp:cel"]).unsure()
        .says("the sender or the client has used up what NetEase takes in this time"),
    row(ConnectionLimited, "NetEase").at(ANY).codes(&[421, 450, 451, 550, 554]).sub_codes(&["hl:itc", "hl:ifc", "mi:cel"]).unsure(),
    row(ServiceUnavailable, "Exim").at(CONNECT | MAIL | HELLO | RCPT).codes(&[421, 450, 451, 452]).class(4).phrases(&["too much load", "load too high", "system load is too high", "server too busy", "server busy", "server is busy", "too busy", "heavy load", "high load", "overloaded", "load average", "server is overloaded"])
        .says("the server is too busy at the moment"),

    row(Greylisted, "greylisting servers").at(RCPT | DATA | MAIL | MESSAGE).codes(&[450, 451, 421, 452, 550]).enhanced(&[(7, 1), (2, 0), (7, 0)]).vague().phrases(&["greylist*", "postgrey", "graylist*", "grey-list*", "gray-list*", "grey list*", "gray list*", "grey.rbl", "greylisting in action", "greet pause", "greylst", "deferring to test"]),
    row(Greylisted, "greylisting servers").at(RCPT | DATA | MAIL).codes(&[450, 451]).class(4).phrases(&["triplet", "first attempt", "first time sender", "not yet authorized to deliver", "come back later", "come back in", "try again in .. seconds", "try again in .. minutes", "retry in .. seconds", "retry in .. minutes", "please retry in", "wait .. seconds", "unknown triplet", "new sender", "seen for the first time", "for the first time", "initial contact", "first contact", "unknown sender, please retry", "delayed delivery for"]),
    row(Greylisted, "Mimecast").at(RCPT | MAIL).codes(&[451]).class(4).phrases(&["internal resources are temporarily unavailable"])
        .says("Mimecast puts off first contacts with these words (greylisting); nothing is broken"),
    row(Greylisted, "Postfix postscreen").at(RCPT).codes(&[450]).enhanced(&[(3, 2)]).class(4).phrases(&["service currently unavailable", "service is currently unavailable"])
        .says("the server tests clients that it does not know (postscreen); the next attempt passes"),
    row(Greylisted, COMMON).at(RCPT).codes(&[450, 451]).class(4).enhanced(&[(7, 1)]).vague().phrases(&["temporarily deferred .. retry", "delayed for", "temporary delay", "deferred for policy reasons"]).unsure(),
    of(Google, PolicyRejected).at(ANY).codes(&[421]).enhanced(&[(7, 0)]).vague().phrases(&["ip not in whitelist for rcpt domain"])
        .says("the recipient's Workspace takes mail through its inbound gateway only, and this client is not it")
        .help("send to the host that the domain's MX names; the receiving side adds the address to its inbound gateway if it belongs there"),
    of(Microsoft, ServerError).at(RCPT | MESSAGE | MAIL | DATA).codes(&[451]).class(4).enhanced(&[(4, 3), (4, 22)]).phrases(&["temporary server error", "no healthy peers found"])
        .says("Exchange Online has a passing fault inside").party(Party::Server),
    of(Google, Delayed).at(ANY).codes(&[421]).enhanced(&[(7, 0)]).vague().phrases(&["try again later, closing connection"]).retry(Retry::Helps)
        .says("Google closed the connection for now: the client is too fast or its reputation too poor")
        .help("send more slowly; make sure that the client gives its own name in EHLO, and look at Google's Postmaster Tools"),
];
